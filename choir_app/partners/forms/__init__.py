"""What may be typed about partners."""

from choir_app.partners.forms.import_list import (
    PartnerListForm,
    PartnerPreview,
    partner_preview,
)
from choir_app.partners.forms.partners import (
    ContactForm,
    DoneForm,
    LaterForm,
    PartnerForm,
    StepForm,
    receipt_of,
)

__all__ = [
    "ContactForm",
    "DoneForm",
    "LaterForm",
    "PartnerForm",
    "PartnerListForm",
    "PartnerPreview",
    "StepForm",
    "partner_preview",
    "receipt_of",
]
