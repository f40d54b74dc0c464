"""When a post comes out, who may read it before, and in which languages the network writes."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from choir_app.foundation import clock
from choir_app.foundation.forms import Buttons, Choices, Day, Hidden, Hour, HouseForm, TextLine
from choir_app.foundation.language import _, lazy_
from choir_app.news.rules import ALWAYS_ON, TEXT_LANGUAGES


class WhenForm(HouseForm):
    """The day and hour from which readers see a post."""

    day = Day(lazy_("Dag"), missing=lazy_("Välj en dag."))
    hour = Hour(lazy_("Klockslag"), missing=lazy_("Skriv ett klockslag, till exempel 8.00."))

    def __init__(self, moment: datetime | None) -> None:
        local = clock.local(moment) if moment else None
        super().__init__(data={"day": local.date(), "hour": local.time()} if local else None)

    @property
    def is_sent_and_sound(self) -> bool:
        """Whether it was posted with an hour that exists on that day: in March one is skipped."""
        sound = super().is_sent_and_sound
        if sound and clock.local(self.moment).time() != self.hour.data:
            self.hour.errors = [
                *self.hour.errors,
                _("Den timmen finns inte: klockorna ställs fram då. Välj ett annat klockslag."),
            ]
            return False
        return sound

    @property
    def moment(self) -> datetime:
        """The chosen moment; of an hour that comes twice, the first."""
        return clock.from_local(self.day.data, self.hour.data)


class PreviewForm(HouseForm):
    """A link for somebody without an account."""

    for_whom = TextLine(
        lazy_("Vem ska läsa?"), longest=80, description=lazy_("Till exempel: Berth på Bodenbo.")
    )
    days = Buttons(
        lazy_("Hur länge ska länken gälla?"),
        missing=lazy_("Välj hur länge länken gäller."),
        choices=[("2", lazy_("Två dagar")), ("7", lazy_("En vecka")), ("30", lazy_("En månad"))],
        default="7",
    )
    receipt = Hidden()

    def __init__(self) -> None:
        super().__init__(data={"receipt": str(uuid4()), "days": "7"})

    @property
    def receipt_id(self) -> UUID:
        """What makes the same form sent twice one link."""
        try:
            return UUID(self.receipt.data or "")
        except ValueError:
            return uuid4()


class LanguagesForm(HouseForm):
    """The languages that the network writes in."""

    languages = Choices(lazy_("Vi skriver också på"))

    def __init__(self, chosen: Iterable[str]) -> None:
        super().__init__(data={"languages": list(chosen)})
        self.languages.choices = [
            (code, f"{one.autonym} ({one.in_swedish})")
            for code, one in TEXT_LANGUAGES.items()
            if code not in ALWAYS_ON
        ]
