"""What may be typed about partners."""

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
    "StepForm",
    "receipt_of",
]
