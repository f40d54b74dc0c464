"""Partners, the people there, what was said, and lists that were taken in."""

from choir_app.partners.models.partners import (
    Contact,
    NextStep,
    Partner,
    PartnerTown,
    Touchpoint,
)

__all__ = [
    "Contact",
    "NextStep",
    "Partner",
    "PartnerTown",
    "Touchpoint",
]
