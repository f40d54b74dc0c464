"""What is asked about lists for the study association, their gatherings, and the dated rules."""

from collections.abc import Sequence
from typing import Any

from choir_app.choirs.models import Choir
from choir_app.choirs.queries import Member
from choir_app.foundation import clock
from choir_app.foundation.forms import Buttons, Choice, Day, HouseForm, TextArea, TextLine, Tick, WholeNumber
from choir_app.foundation.language import _, day, lazy_
from choir_app.rehearsals import rules
from choir_app.rehearsals.models import Rehearsal, StudyAssociation, StudyList
from choir_app.rehearsals.models.study import LONGEST_LOG, LONGEST_TITLE, MOST_AUDIENCE, MOST_BREAK_MINUTES
from choir_app.rehearsals.queries import FORM_NAMES, KEY_NAMES, UNIT_NAMES, StudyLine, StudyProposal

USUAL_TITLE = lazy_("Sång i kör")
USUAL_MATERIAL = lazy_("Egna sångtexter och noter")


def _association() -> Choice:
    return Choice(lazy_("Studieförbund"), missing=lazy_("Välj ett studieförbund."))


def _number() -> TextLine:
    return TextLine(
        lazy_("Arrangemangsnummer"),
        longest=40,
        may_hold_numbers=True,
        description=lazy_("Förbundets eget nummer. Du kan skriva det senare."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


def _count(label: Any, description: Any = "") -> WholeNumber:
    return WholeNumber(label, least=0, most=MOST_AUDIENCE, description=description)


class _ListForm(HouseForm):
    """What both kinds of lists ask."""

    association: Choice

    def _offer(self, associations: Sequence[StudyAssociation], present: StudyList | None) -> None:
        today = clock.today()
        self.associations = [
            each
            for each in associations
            if each.is_there_on(today) or (present and present.association_id == each.id)
        ]
        told = [(str(each.id), each.name) for each in self.associations]
        self.association.choices = [("", _("Välj förbund")), *told]

    @property
    def chosen_association(self) -> Any:
        """The association that was picked."""
        return next(each for each in self.associations if str(each.id) == self.association.data)


class StudyListForm(_ListForm):
    """A list of a term."""

    association = _association()
    form = Buttons(
        lazy_("Form"),
        missing=lazy_("Välj en form."),
        choices=[
            (
                "circle",
                FORM_NAMES["circle"],
                {"hint": lazy_("3 till 20 personer, minst 3 träffar och 9 studietimmar.")},
            ),
            ("other", FORM_NAMES["other"], {"hint": lazy_("För en kör med fler än 20.")}),
        ],
    )
    title = TextLine(lazy_("Namn på listan"), missing=lazy_("Skriv vad listan heter."), longest=LONGEST_TITLE)
    first_on = Day(lazy_("Första dag"), missing=lazy_("Skriv den första dagen."))
    last_on = Day(lazy_("Sista dag"), missing=lazy_("Skriv den sista dagen."))
    leader_name = TextLine(lazy_("Ledare"), missing=lazy_("Skriv ledarens namn."), longest=80)
    leader = Choice(
        lazy_("Ledaren i närvaron"),
        description=lazy_("Står ledaren bland sångarna räknas ledaren där, annars en till varje gång."),
    )
    material = TextLine(
        lazy_("Material"), longest=200, description=lazy_("Egna sångtexter och noter räknas som material.")
    )
    break_minutes = WholeNumber(
        lazy_("Rast varje gång, minuter"),
        least=0,
        most=MOST_BREAK_MINUTES,
        description=lazy_("Rasten räknas inte som studietid."),
    )
    voice = Choice(lazy_("Vilka"))
    substitute_name = TextLine(lazy_("Vikarie för ledaren"), longest=80)
    number = _number()

    def __init__(
        self,
        choir: Choir,
        associations: Sequence[StudyAssociation],
        singers: Sequence[Member],
        given: StudyList | StudyProposal,
        *,
        voice: str = "",
    ) -> None:
        super().__init__(data=_of_list(given) | ({"voice": voice} if voice else {}))
        self._offer(associations, given if isinstance(given, StudyList) else None)
        self.voices = choir.voices
        self.voice.choices = [("", _("Hela kören")), *((str(each.id), each.name) for each in choir.voices)]
        self.singers = [each.singer_id for each in singers]
        self.leader.choices = [
            ("", _("Står inte bland sångarna")),
            *((str(each.singer_id), each.name) for each in singers),
        ]

    @property
    def said(self) -> dict[str, Any]:
        """What was said, as the action takes it, but for the leader's own row."""
        return {
            "association": self.chosen_association,
            "form": self.form.data,
            "title": self.title.data,
            "first_on": self.first_on.data,
            "last_on": self.last_on.data,
            "leader_name": self.leader_name.data,
            "substitute_name": self.substitute_name.data,
            "material": self.material.data,
            "break_minutes": self.break_minutes.data,
            "number": self.number.data,
            "voice": next((each for each in self.voices if str(each.id) == self.voice.data), None),
        }

    @property
    def leader_singer_id(self) -> Any:
        """The leader's own row on the roll, if any."""
        return next((each for each in self.singers if str(each) == self.leader.data), None)


def _of_list(given: StudyList | StudyProposal) -> dict[str, Any]:
    known = {
        "association": str(given.association_id or ""),
        "form": given.form,
        "first_on": given.first_on,
        "last_on": given.last_on,
        "leader_name": given.leader_name,
        "leader": str(given.leader_singer_id or ""),
        "break_minutes": given.break_minutes,
    }
    if isinstance(given, StudyProposal):
        return known | {"title": str(USUAL_TITLE), "material": given.material or str(USUAL_MATERIAL)}
    return known | {
        "title": given.title,
        "material": given.material,
        "voice": str(given.voice_id or ""),
        "substitute_name": given.substitute_name,
        "number": given.number,
    }


class ConcertListForm(_ListForm):
    """A cultural programme: one concert with its audience."""

    concert = Choice(lazy_("Konsert"), missing=lazy_("Välj en konsert."))
    association = _association()
    title = TextLine(
        lazy_("Namn på programmet"), missing=lazy_("Skriv vad programmet heter."), longest=LONGEST_TITLE
    )
    leader_name = TextLine(
        lazy_("Ansvarig på plats"), missing=lazy_("Skriv vem som är ansvarig."), longest=80
    )
    number = _number()
    audience_count = _count(lazy_("Publik"), lazy_("Alla som lyssnade. Skriv det efter konserten."))
    women_count = _count(lazy_("Kvinnor i publiken"), lazy_("Förbundet frågar efter det."))
    performer_count = _count(lazy_("Medverkande"))

    def __init__(
        self,
        concerts: Sequence[Rehearsal],
        associations: Sequence[StudyAssociation],
        given: StudyList | StudyProposal,
    ) -> None:
        super().__init__(data=_of_concert(given))
        self._offer(associations, given if isinstance(given, StudyList) else None)
        self.concerts = concerts
        told = [
            (str(each.id), ", ".join(filter(None, (day(each.starts_at), each.note)))) for each in concerts
        ]
        self.concert.choices = [("", _("Välj konsert")), *told]
        if len(concerts) == 1 and not self.concert.data:
            self.concert.data = str(concerts[0].id)

    @property
    def said(self) -> dict[str, Any]:
        """What was said, as the action takes it; the days follow from the concert."""
        concert = next(each for each in self.concerts if str(each.id) == self.concert.data)
        return {
            "association": self.chosen_association,
            "form": "culture",
            "concert": concert,
            "first_on": concert.sung_on,
            "last_on": concert.sung_on,
            "title": self.title.data,
            "leader_name": self.leader_name.data,
            "number": self.number.data,
            "audience_count": self.audience_count.data,
            "women_count": self.women_count.data,
            "performer_count": self.performer_count.data,
        }


def _of_concert(given: StudyList | StudyProposal) -> dict[str, Any]:
    known = {"association": str(given.association_id or ""), "leader_name": given.leader_name}
    if isinstance(given, StudyProposal):
        return known | {"title": _("Körkonsert")}
    return known | {
        "concert": str(given.concert_id),
        "title": given.title,
        "number": given.number,
        "audience_count": given.audience_count,
        "women_count": given.women_count,
        "performer_count": given.performer_count,
    }


class StudyGatheringForm(HouseForm):
    """What is said of one gathering on a list."""

    hours = WholeNumber(
        lazy_("Studietimmar"), least=0, most=24, description=lazy_("Lämna tomt om du vill bekräfta senare.")
    )
    break_minutes = WholeNumber(
        lazy_("Rast, minuter"),
        least=0,
        most=MOST_BREAK_MINUTES,
        description=lazy_("Lämna tomt om rasten var som vanligt."),
    )
    log = TextArea(
        lazy_("Vad ni gjorde"),
        longest=LONGEST_LOG,
        description=lazy_("En eller två meningar. Skriv inga namn."),
        render_kw={"rows": 3},
    )
    is_left_out = Tick(
        lazy_("Träffen ska inte vara med på listan"),
        description=lazy_("Till exempel ett möte om annat än sång."),
    )

    def __init__(self, line: StudyLine, study_list: StudyList) -> None:
        said = next((each for each in study_list.gatherings if each.rehearsal_id == line.rehearsal_id), None)
        super().__init__(
            data={
                "hours": said.confirmed_hours
                if said and said.confirmed_hours is not None
                else line.counted.proposed
                if study_list.form != "culture" and line.counted.trouble != "planned"
                else None,
                "break_minutes": said.break_minutes if said else None,
                "log": said.log if said else None,
                "is_left_out": bool(said and said.is_left_out),
            }
        )
        if study_list.form == "culture":
            del self.hours
            del self.break_minutes

    @property
    def said(self) -> dict[str, Any]:
        """What was said, as the action takes it."""
        return {
            "hours": self.hours.data if self.hours else None,
            "break_minutes": self.break_minutes.data if self.break_minutes else None,
            "log": self.log.data,
            "is_left_out": self.is_left_out.data,
        }


class HandInForm(HouseForm):
    """That the list is handed in as it stands; from the second time on, why."""

    reason = TextLine(
        lazy_("Varför en ny version?"),
        longest=200,
        description=lazy_("Till exempel: en sångare var med men blev inte markerad."),
    )

    def __init__(self, *, is_first: bool) -> None:
        super().__init__()
        if is_first:
            del self.reason

    @property
    def said(self) -> str | None:
        """The reason, if one was asked for."""
        return self.reason.data if self.reason else None


class StudyRuleForm(HouseForm):
    """A threshold that holds from a day on."""

    key = Choice(lazy_("Vad"), missing=lazy_("Välj vad regeln gäller."))
    form = Choice(lazy_("Form"), missing=lazy_("Välj en form."))
    value = WholeNumber(lazy_("Värde"), least=0, most=100_000, missing=lazy_("Skriv ett tal."))
    unit = Choice(lazy_("Enhet"), missing=lazy_("Välj en enhet."))
    association = Choice(lazy_("Studieförbund"))
    valid_from = Day(lazy_("Gäller från"), missing=lazy_("Skriv från vilken dag den gäller."))
    valid_to = Day(lazy_("Gäller till"), description=lazy_("Lämna tomt om den gäller tills vidare."))
    source = TextLine(
        lazy_("Var det står"),
        longest=300,
        missing=lazy_("Skriv var det står, till exempel en webbsida."),
        description=lazy_("En webbsida, eller vem du frågade och när."),
    )

    def __init__(self, associations: Sequence[StudyAssociation]) -> None:
        super().__init__(data={"valid_from": clock.today()})
        self.associations = associations
        self.key.choices = [("", _("Välj regel")), *((key, KEY_NAMES[key]) for key in rules.RULE_KEYS)]
        self.form.choices = [("", _("Välj form")), *((form, FORM_NAMES[form]) for form in rules.RULE_FORMS)]
        self.unit.choices = [("", _("Välj enhet")), *((unit, UNIT_NAMES[unit]) for unit in rules.RULE_UNITS)]
        self.association.choices = [
            ("", _("Alla förbund")),
            *((str(each.id), each.name) for each in associations),
        ]

    @property
    def said(self) -> dict[str, Any]:
        """What was said, as the action takes it."""
        return {
            "key": self.key.data,
            "form": self.form.data,
            "value": self.value.data,
            "unit": self.unit.data,
            "association": next(
                (each for each in self.associations if str(each.id) == self.association.data), None
            ),
            "valid_from": self.valid_from.data,
            "valid_to": self.valid_to.data,
            "source": self.source.data,
        }
