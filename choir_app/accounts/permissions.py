"""Who may do what with accounts; the signs for doors that need a role of the whole network."""

from typing import Any

from choir_app.foundation.audience import door

for_editors = door("editors", lambda who: who.edits)
for_managers = door("managers", lambda who: who.manages)
for_administrators = door("administrators", lambda who: who.administers)


def may_manage_network(who: Any) -> bool:
    """Whether this person works with all choirs, partners and money."""
    return who.manages
