"""What may be typed about plans."""

from choir_app.foundation.forms import HouseForm, TextLine
from choir_app.foundation.language import lazy_
from choir_app.funding.forms.books import SettingsForm


class PlanForm(HouseForm):
    """The name that a scenario is kept under."""

    name = TextLine(
        lazy_("Vad heter planen?"),
        missing=lazy_("Skriv vad planen heter."),
        longest=120,
        description=lazy_("Till exempel: två finansiärer till."),
        render_kw={"autocomplete": "off"},
    )


class PlanNameForm(SettingsForm):
    """Another name for a plan; of two who give it one at once the second sees what the first wrote."""

    name = TextLine(
        lazy_("Vad heter planen?"),
        missing=lazy_("Skriv vad planen heter."),
        longest=120,
        render_kw={"autocomplete": "off"},
    )
