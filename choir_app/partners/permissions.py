"""Who may do what with partners."""

from typing import Any


def may_see_partners(who: Any) -> bool:
    """Whether this person may read about partners, the people there and what was said."""
    return who.manages


def may_change_partners(who: Any) -> bool:
    """Whether this person may add and change partners, contacts, the log and next steps."""
    return who.manages
