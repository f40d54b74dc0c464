"""What is asked when marks are handed over from another phone."""

from choir_app.foundation.forms import HouseForm, TextArea
from choir_app.foundation.language import lazy_


class HandedOverForm(HouseForm):
    """The text that another phone shows: sealed acts, which only the house can read."""

    text = TextArea(
        lazy_("Texten från den andra telefonen"),
        longest=1_000_000,
        missing=lazy_("Klistra in texten från den andra telefonen. Den börjar med kor1."),
        render_kw={"spellcheck": "false", "autocapitalize": "none", "autocomplete": "off"},
    )
