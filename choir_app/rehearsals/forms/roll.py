"""What is asked on the roll, of a newcomer, and at the end of the evening."""

from typing import Any
from uuid import UUID, uuid4

from wtforms import Field
from wtforms.widgets import HiddenInput

from choir_app.foundation.forms import (
    Buttons,
    Choice,
    Hidden,
    HouseForm,
    PhoneLine,
    TextArea,
    TextLine,
    Tick,
    WholeNumber,
)
from choir_app.foundation.language import _, lazy_
from choir_app.rehearsals import rules
from choir_app.rehearsals.queries import Roll, RollSinger


class Ids(Field):
    """Any number of ids, as boxes or hidden values carry them."""

    widget = HiddenInput()
    data: list[UUID]

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the ids that were sent; anything else means that the page is not ours or is old."""
        self.data = []
        for value in valuelist:
            try:
                self.data.append(UUID(str(value)))
            except ValueError:
                raise ValueError(_("Ladda om sidan och försök igen.")) from None


class WithReceipt(HouseForm):
    """A form whose receipt is made when it is drawn, so that sending it twice has the effect of once."""

    receipt = Hidden(default=lambda: str(uuid4()))

    @property
    def receipt_id(self) -> UUID:
        """The receipt; a broken one is replaced, since then nothing was sent before."""
        try:
            return UUID(str(self.receipt.data))
        except ValueError:
            return uuid4()


class RollForm(WithReceipt):
    """The roll as a plain form: a box for each singer, how the boxes were when drawn, and steps for guests."""

    here = Ids("")
    was = Ids("")
    guests_were = WholeNumber("", least=0, most=rules.MOST_GUESTS, widget=HiddenInput())
    guests = WholeNumber("", least=-1, most=1, widget=HiddenInput())
    why = TextLine(
        lazy_("Varför ändrar du?"),
        longest=rules.LONGEST_REASON,
        description=lazy_("Listan är inlämnad. Det du ändrar sparas med tid, ditt namn och orsaken."),
        render_kw={"autocomplete": "off"},
    )
    go = Hidden()

    @property
    def guests_now(self) -> int | None:
        """How many guests there are after the step; None when no step was taken."""
        if not self.guests.data:
            return None
        return min(rules.MOST_GUESTS, max(0, (self.guests_were.data or 0) + self.guests.data))

    @property
    def changes_something(self) -> bool:
        """Whether a box or the number of guests is otherwise than it was drawn, or all are to be marked."""
        boxes_differ = set(self.was.data or ()) != set(self.here.data or ())
        return boxes_differ or self.guests_now is not None or self.marks_all

    @property
    def marks_all(self) -> bool:
        """Whether «Alla är här» was pressed."""
        return self.go.data == "all"

    def here_on(self, roll: Roll) -> set[UUID]:
        """Who is here by this sheet: the boxes, and everybody of whom nothing was said when all are to be marked."""
        ticked = set(self.here.data or ())
        if not self.marks_all:
            return ticked
        return ticked | {singer.id for singer in roll.singers if singer.status is None}


class NewcomerForm(WithReceipt):
    """A newcomer: a first name and nothing else is needed."""

    first_name = TextLine(
        lazy_("Förnamn"),
        missing=lazy_("Skriv ett förnamn."),
        longest=rules.LONGEST_NAME,
        render_kw={"autocomplete": "off", "enterkeyhint": "done", "spellcheck": "false", "autofocus": True},
    )
    which = Buttons(lazy_("Är det samma person?"))
    voice = Buttons(lazy_("Stämma"), default="")
    phone = PhoneLine(lazy_("Mobilnummer"), render_kw={"autocomplete": "off"})

    def __init__(self, roll: Roll, **more: Any) -> None:
        self.roll = roll
        super().__init__(**more)
        self.voice.choices = [("", _("Vet inte än")), *((str(v.id), v.name) for v in roll.voices)]
        self.which.choices = [
            *((str(singer.id), self._told(singer)) for singer in self.namesakes),
            ("new", _("En annan person")),
        ]

    def _told(self, singer: RollSinger) -> str:
        voice = next((each.name for each in self.roll.voices if each.id == singer.voice_id), "")
        return _("%(name)s i %(voice)s", name=singer.name, voice=voice) if voice else singer.name

    @property
    def namesakes(self) -> list[RollSinger]:
        """Those on the roll who have the same first name."""
        typed = rules.folded_name(self.first_name.data or "")
        return [each for each in self.roll.singers if typed and rules.folded_name(each.first_name) == typed]

    @property
    def asks_which(self) -> bool:
        """Whether somebody of that name is on the roll and nobody has said who it is."""
        return bool(self.namesakes) and not self.which.data

    @property
    def known_singer(self) -> UUID | None:
        """The singer on the roll who was meant."""
        return next((each.id for each in self.namesakes if str(each.id) == self.which.data), None)

    @property
    def voice_id(self) -> UUID | None:
        """The chosen voice, if any."""
        return UUID(self.voice.data) if self.voice.data else None


OUTCOME_NAMES = {
    "housing": lazy_("Bostad"),
    "internship": lazy_("Praktik"),
    "job": lazy_("Jobb"),
    "friendship": lazy_("Vän"),
    "language": lazy_("Språk"),
    "health": lazy_("Hälsa"),
    "other": lazy_("Något annat"),
}
"""What good may have happened because of the choir, as the leader is asked."""


class EveningForm(WithReceipt):
    """The end of the evening: something good that happened, something to remember, or neither."""

    outcome = Buttons(lazy_("Hände något bra?"))
    singer = Choice(lazy_("Vem?"))
    words = TextLine(
        lazy_("Skriv en mening."), longest=rules.LONGEST_HAPPENING, render_kw={"autocomplete": "off"}
    )
    may_be_told = Tick(lazy_("Personen säger ja till att vi berättar det, utan namn."))
    note = TextArea(
        lazy_("Något att minnas?"),
        longest=rules.LONGEST_NOTE,
        description=lazy_("Bara du och projektledaren ser det."),
        render_kw={"rows": 3},
    )
    go = Hidden()
    take_back = Hidden()

    def __init__(self, roll: Roll | None = None, **more: Any) -> None:
        super().__init__(**more)
        self.outcome.choices = [("", _("Inget av det här")), *OUTCOME_NAMES.items()]
        here = [each for each in roll.singers if each.is_here] if roll else []
        self.singer.choices = [("", _("Ingen särskild")), *((str(each.id), each.name) for each in here)]

    @property
    def is_only_telling(self) -> bool:
        """Whether one thing more was told and the evening goes on."""
        return self.go.data == "more"

    @property
    def about(self) -> UUID | None:
        """Whom it happened to. Of somebody's health no name is taken in, even if one was chosen before."""
        return UUID(self.singer.data) if self.singer.data and self.outcome.data != "health" else None

    @property
    def taken_back(self) -> UUID | None:
        """The act of what was told and did not happen."""
        try:
            return UUID(self.take_back.data or "")
        except ValueError:
            return None
