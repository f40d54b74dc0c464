"""What is asked about gatherings and series."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from choir_app.choirs.models import Choir, Venue
from choir_app.foundation import clock
from choir_app.foundation.forms import (
    Buttons,
    Choice,
    Day,
    Hidden,
    Hour,
    HouseForm,
    TextLine,
)
from choir_app.foundation.language import _, lazy_
from choir_app.rehearsals.models import Rehearsal, Series

WEEKDAYS = (
    lazy_("Måndag"),
    lazy_("Tisdag"),
    lazy_("Onsdag"),
    lazy_("Torsdag"),
    lazy_("Fredag"),
    lazy_("Lördag"),
    lazy_("Söndag"),
)
KIND_NAMES = {
    "rehearsal": lazy_("Repetition"),
    "concert": lazy_("Konsert"),
    "social": lazy_("Fest eller utflykt"),
}
HOW_OFTEN = (("1", lazy_("Varje vecka")), ("2", lazy_("Varannan vecka")), ("4", lazy_("Var fjärde vecka")))


def _begins() -> Hour:
    return Hour(lazy_("Börjar"), missing=lazy_("Skriv när ni börjar, till exempel 18.00."))


def _ends() -> Hour:
    return Hour(lazy_("Slutar"), missing=lazy_("Skriv när ni slutar, till exempel 20.00."))


class _WithVenue(HouseForm):
    """A form with a place and an hour at which it begins and ends, each where its page asks for it."""

    hour: Hour
    ends: Hour
    venue: Choice

    def _offer(self, venues: Sequence[Venue]) -> None:
        self.venues = venues
        told = [(str(each.id), ", ".join(part for part in (each.name, each.room) if part)) for each in venues]
        self.venue.choices = [("", _("Ingen plats än")), *told]

    @property
    def chosen_venue(self) -> Venue | None:
        """The venue that was picked."""
        return next((each for each in self.venues if str(each.id) == self.venue.data), None)

    @property
    def minutes(self) -> int:
        """How long it lasts."""
        begins, ends = self.hour.data, self.ends.data
        return (ends.hour * 60 + ends.minute) - (begins.hour * 60 + begins.minute)

    def validate(self, extra_validators: Any = None) -> bool:
        """Read the fields; the end comes after the beginning."""
        sound = super().validate(extra_validators)
        if isinstance(self.hour.data, time) and isinstance(self.ends.data, time) and self.minutes <= 0:
            self.ends.errors = [_("Skriv en sluttid som är senare än starttiden.")]
            sound = False
        return sound


class SeriesForm(_WithVenue):
    """When a choir sings, week after week."""

    weekday = Choice(
        lazy_("Veckodag"),
        missing=lazy_("Välj en veckodag."),
        choices=[("", lazy_("Välj dag")), *((str(number), name) for number, name in enumerate(WEEKDAYS))],
    )
    hour = _begins()
    ends = _ends()
    venue = Choice(lazy_("Plats"))
    every_weeks = Choice(lazy_("Hur ofta"), missing=lazy_("Välj hur ofta."), choices=list(HOW_OFTEN))
    first_on = Day(lazy_("Första gången"), missing=lazy_("Skriv den första dagen."))
    last_on = Day(lazy_("Sista gången"), description=lazy_("Lämna tomt om ni fortsätter."))

    def __init__(self, choir: Choir, venues: Sequence[Venue], series: Series | None = None) -> None:
        super().__init__(data=_of_series(series) if series else _of_choir(choir))
        self._offer(venues)

    @property
    def said(self) -> dict[str, Any]:
        """What was said, as the action takes it."""
        return {
            "weekday": int(self.weekday.data),
            "hour": self.hour.data,
            "minutes": self.minutes,
            "first_on": self.first_on.data,
            "last_on": self.last_on.data,
            "every_weeks": int(self.every_weeks.data),
            "venue": self.chosen_venue,
        }


def _of_series(series: Series) -> dict[str, Any]:
    return {
        "weekday": str(series.weekday),
        "every_weeks": str(series.every_weeks),
        "hour": series.starts_at_hour,
        "ends": _later(series.starts_at_hour, series.minutes),
        "first_on": series.first_on,
        "last_on": series.last_on,
        "venue": str(series.venue_id or ""),
    }


def _of_choir(choir: Choir) -> dict[str, Any]:
    return {"venue": str(choir.usual_venue_id or ""), "every_weeks": "1", "hour": time(18), "ends": time(20)}


def _later(hour: time, minutes: int) -> time:
    return (datetime.combine(date(2000, 1, 1), hour) + timedelta(minutes=minutes)).time()


class BreakForm(HouseForm):
    """Days when a series rests."""

    name = TextLine(
        lazy_("Vad heter lovet?"), missing=lazy_("Skriv vad lovet heter, till exempel sportlov."), longest=80
    )
    first_on = Day(lazy_("Första dagen"), missing=lazy_("Skriv den första dagen."))
    last_on = Day(lazy_("Sista dagen"), missing=lazy_("Skriv den sista dagen."))


class GatheringForm(_WithVenue):
    """A single gathering: a concert, an extra rehearsal, an outing."""

    kind = Buttons(lazy_("Vad är det?"), missing=lazy_("Välj vad det är."), choices=list(KIND_NAMES.items()))
    day = Day(lazy_("Dag"), missing=lazy_("Skriv vilken dag."))
    hour = _begins()
    ends = _ends()
    venue = Choice(lazy_("Plats"))
    note = TextLine(
        lazy_("Något alla ska veta"),
        longest=200,
        description=lazy_("Det står på körens sida, till exempel «Konsert i parken»."),
    )

    def __init__(
        self, choir: Choir, venues: Sequence[Venue], rehearsal: Rehearsal | None = None, **given: Any
    ) -> None:
        super().__init__(data=_of_rehearsal(rehearsal) if rehearsal else {**_of_choir(choir), **given})
        self._offer(venues)

    @property
    def starts_at(self) -> datetime:
        """When it begins, in UTC."""
        return clock.from_local(self.day.data, self.hour.data)

    @property
    def said(self) -> dict[str, Any]:
        """What was said, as the action takes it."""
        return {
            "starts_at": self.starts_at,
            "minutes": self.minutes,
            "venue": self.chosen_venue,
            "note": self.note.data,
        }


def _of_rehearsal(rehearsal: Rehearsal) -> dict[str, Any]:
    begins, ends = clock.local(rehearsal.starts_at), clock.local(rehearsal.ends_at)
    return {
        "kind": rehearsal.kind,
        "day": begins.date(),
        "hour": begins.time(),
        "ends": ends.time(),
        "venue": str(rehearsal.venue_id or ""),
        "note": rehearsal.note,
    }


class MoveForm(GatheringForm):
    """Another place or time, this time only."""

    kind = None
    go = Hidden()


class CancelForm(HouseForm):
    """Why a gathering is called off."""

    reason = TextLine(
        lazy_("Varför?"),
        longest=200,
        description=lazy_("Alla kan läsa det. Skriv inte vem som är sjuk."),
    )
