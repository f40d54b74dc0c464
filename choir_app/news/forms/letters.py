"""What one writes to get new posts by mail: where to, about what, in which language."""

from collections.abc import Sequence
from typing import Any

from choir_app.choirs.models import Town
from choir_app.foundation.forms import Choice as ChoiceField
from choir_app.foundation.forms import Choices, EmailLine, HouseForm
from choir_app.foundation.language import lazy_
from choir_app.news.actions import Choice
from choir_app.news.models import Subscriber
from choir_app.news.rules import TEXT_LANGUAGES

CONSENT = lazy_(
    "När du trycker på knappen sparar vi din mejladress, för att skicka nyheter till dig. "
    "Du kan sluta när du vill. Då tar vi bort adressen efter en månad."
)
"""What somebody says yes to; kept with the address as it stood there."""


class LettersForm(HouseForm):
    """What the letters are about, and their language."""

    towns = Choices(
        lazy_("Vilka orter vill du läsa om?"),
        description=lazy_("Välj en eller flera. Väljer du ingen får du nyheter från alla."),
    )
    language = ChoiceField(lazy_("Språk"), missing=lazy_("Välj ett språk."))

    HAS_TOKEN = True

    def __init__(self, *, towns: Sequence[Town], languages: Sequence[str], data: dict[str, Any]) -> None:
        self.known_towns = {town.slug: town for town in towns}
        super().__init__(data=data, meta={"csrf": self.HAS_TOKEN})
        self.towns.choices = [(key, town.name) for key, town in self.known_towns.items()]
        self.language.choices = [(code, TEXT_LANGUAGES[code].autonym) for code in languages]

    @property
    def choice(self) -> Choice:
        """What was chosen."""
        return Choice(
            language=self.language.data or "",
            towns=[self.known_towns[key] for key in self.towns.data or ()],
        )


class SubscribeForm(LettersForm):
    """Somebody asks for letters, from pages that are the same for all: it has no token, and needs none."""

    HAS_TOKEN = False

    email = EmailLine(
        lazy_("Din mejladress"),
        missing=lazy_("Skriv din mejladress."),
        render_kw={"autocomplete": "email", "inputmode": "email"},
    )


def chosen_by(subscriber: Subscriber) -> dict[str, Any]:
    """A subscription as its form shows it."""
    chosen = [] if subscriber.is_about_all else [town.slug for town in subscriber.towns]
    return {"language": subscriber.language, "towns": chosen}
