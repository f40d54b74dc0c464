"""Partners, the people there, what was said, and lists that were taken in."""

from choir_app.partners.models.imports import (
    ImportedPartnerThing,
    PartnerImport,
)
from choir_app.partners.models.partners import (
    Contact,
    NextStep,
    Partner,
    PartnerTown,
    Touchpoint,
)

__all__ = [
    "Contact",
    "ImportedPartnerThing",
    "NextStep",
    "Partner",
    "PartnerImport",
    "PartnerTown",
    "Touchpoint",
]
