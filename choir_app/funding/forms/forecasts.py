"""What may be typed about plans."""

from choir_app.foundation.forms import HouseForm, TextLine
from choir_app.foundation.language import lazy_


class PlanForm(HouseForm):
    """The name that a scenario is kept under."""

    name = TextLine(
        lazy_("Vad heter planen?"),
        missing=lazy_("Skriv vad planen heter."),
        longest=120,
        description=lazy_("Till exempel: två finansiärer till."),
        render_kw={"autocomplete": "off"},
    )
