"""Who may do what with accounts; the signs for doors that need a role of the whole network."""

from collections.abc import Callable
from typing import Any

from choir_app.accounts.models import Account
from choir_app.foundation.audience import door

for_editors = door("editors", lambda who: who.edits)
for_managers = door("managers", lambda who: who.manages)
for_administrators = door("administrators", lambda who: who.administers)

_TRUSTED: list[Callable[[Account], bool]] = [lambda who: bool(who.roles)]


def trusted_when(test: Callable[[Account], bool]) -> None:
    """Let a room above say who else is trusted with more than their own things, such as those who lead a choir."""
    if test not in _TRUSTED:
        _TRUSTED.append(test)


def is_trusted(who: Account) -> bool:
    """Whether this person sees more than a member does; their devices are signed in for a shorter time."""
    return any(test(who) for test in _TRUSTED)


def may_manage_network(who: Any) -> bool:
    """Whether this person works with all choirs, partners and money."""
    return who.manages


def may_see_people(who: Any) -> bool:
    """Whether this person may see who has an account and what they do."""
    return who.manages


def may_invite(who: Any, task: str) -> bool:
    """Whether this person may invite somebody to do a task: managers to sing or lead, administrators to anything."""
    return who.administers or (who.manages and task in ("member", "leader"))


def may_invite_again(who: Any, account: Account) -> bool:
    """Whether this person may send the invitation of an account once more."""
    return who.administers or (who.manages and not account.roles)


def may_change_roles(who: Any) -> bool:
    """Whether this person may give roles of the whole network and take them back."""
    return who.administers


def may_disable(who: Any) -> bool:
    """Whether this person may shut accounts and open them again."""
    return who.administers


def may_end_sign_ins_of(who: Any, account: Account) -> bool:
    """Whether this person may sign an account out from its devices."""
    return who.is_authenticated and (who.administers or who.id == account.id)


def may_read_log(who: Any) -> bool:
    """Whether this person may read who did what with people and rights."""
    return who.administers
