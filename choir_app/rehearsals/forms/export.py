"""What is asked when a choir is taken out, or taken in."""

from choir_app.foundation.forms import Buttons, HouseForm, Upload
from choir_app.foundation.language import lazy_


class TakeOutForm(HouseForm):
    """As which kind of file everything about a choir is taken out."""

    kind = Buttons(
        lazy_("Vilken sorts fil?"),
        missing=lazy_("Välj en sorts fil."),
        default="xlsx",
        choices=[
            (
                "xlsx",
                lazy_("Excel"),
                {"hint": lazy_("Ett blad för varje sak: sångare, repetitioner, närvaro.")},
            ),
            ("csv", lazy_("CSV"), {"hint": lazy_("Samma blad som textfiler, packade i en zip.")}),
            (
                "json",
                lazy_("Hela kören"),
                {"hint": lazy_("Allt, så att kören kan flytta till en annan installation.")},
            ),
        ],
    )


class TakeInChoirForm(HouseForm):
    """A choir that was taken out elsewhere."""

    file = Upload(
        lazy_("Fil"),
        missing=lazy_("Välj en fil."),
        description=lazy_("Filen som slutar på .json, från «Ta ut allt» i den andra installationen."),
        render_kw={"accept": ".json,application/json"},
    )
