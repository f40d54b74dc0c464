"""How a list for the study association stands, in words: preliminarily met, what lacks and by when, or ask."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from choir_app.foundation.language import _, lazy_, ngettext, short_day
from choir_app.rehearsals import rules
from choir_app.rehearsals.queries.study import Change, StudySheet

FORM_NAMES = {
    "circle": lazy_("Studiecirkel"),
    "other": lazy_("Annan folkbildningsverksamhet"),
    "culture": lazy_("Kulturprogram"),
    "any": lazy_("Alla former"),
}
STATUS_NAMES = {
    "met": lazy_("Preliminärt uppfyllt"),
    "missing": lazy_("Saknas"),
    "ask": lazy_("Fråga förbundet"),
}
KEY_NAMES = {
    "min_people": lazy_("Minst antal personer, med ledaren"),
    "max_people": lazy_("Högst antal personer, med ledaren"),
    "min_age": lazy_("Lägsta ålder under året"),
    "min_gatherings": lazy_("Minst antal träffar"),
    "min_hours": lazy_("Minst antal studietimmar"),
    "max_hours_gathering": lazy_("Högst antal studietimmar på en träff"),
    "max_gatherings_week": lazy_("Högst antal träffar i veckan"),
    "max_hours_week": lazy_("Högst antal studietimmar i veckan"),
    "participant_min_gatherings": lazy_("En deltagare är med på minst"),
    "participant_within_first": lazy_("En deltagare är med på en av de första"),
    "participant_min_hours": lazy_("En deltagare har minst antal studietimmar"),
    "minutes_per_hour": lazy_("En studietimme är"),
    "max_hours_person_year": lazy_("Högst antal studietimmar per person och år"),
    "warn_hours_person_year": lazy_("Vi varnar från så här många studietimmar per person och år"),
    "same_calendar_year": lazy_("Listan håller sig inom ett kalenderår"),
    "min_audience": lazy_("Minst antal i publiken"),
    "min_minutes": lazy_("Minst antal minuter"),
    "register_within_days": lazy_("Anmäls inom antal dagar efter starten"),
}
UNIT_NAMES = {
    "people": lazy_("personer"),
    "years": lazy_("år"),
    "gatherings": lazy_("träffar"),
    "hours": lazy_("studietimmar"),
    "minutes": lazy_("minuter"),
    "days": lazy_("dagar"),
    "yes": lazy_("ja (1) eller nej (0)"),
}
TROUBLE_NAMES = {
    "too_few": lazy_("För få personer"),
    "too_short": lazy_("För kort"),
    "week_full": lazy_("Veckan är full"),
    "not_logged": lazy_("Inte ifylld"),
    "planned": lazy_("Planerad"),
    "left_out": lazy_("Inte med"),
}
_FIELD_NAMES = {
    "association": lazy_("Studieförbund"),
    "form": lazy_("Form"),
    "title": lazy_("Namn"),
    "number": lazy_("Arrangemangsnummer"),
    "first_on": lazy_("Första dag"),
    "last_on": lazy_("Sista dag"),
    "voice": lazy_("Stämma"),
    "material": lazy_("Material"),
    "audience_count": lazy_("Publik"),
    "women_count": lazy_("Kvinnor i publiken"),
    "performer_count": lazy_("Medverkande"),
    "day": lazy_("Dag"),
    "starts": lazy_("Börjar"),
    "ends": lazy_("Slutar"),
    "place": lazy_("Plats"),
    "break_minutes": lazy_("Rast, minuter"),
    "hours": lazy_("Studietimmar"),
    "log": lazy_("Logg"),
}


def status_said(sheet: StudySheet) -> str:
    """The whole answer in one line: «Saknas: 2 träffar till, senast 8 december»."""
    verdict = sheet.verdict
    name = str(STATUS_NAMES[verdict.status])
    parts = {"missing": needs_said(sheet), "ask": questions_said(sheet)}.get(verdict.status, [])
    return _("%(status)s: %(what)s", status=name, what=" · ".join(parts)) if parts else name


def needs_said(sheet: StudySheet) -> list[str]:
    """Each thing that lacks, with its last day."""
    return [_need_said(need, sheet.study_list.last_on) for need in sheet.verdict.needs]


def questions_said(sheet: StudySheet) -> list[str]:
    """Each thing that only the association can answer."""
    return [_question_said(each, sheet.study_list.first_on.year) for each in sheet.verdict.questions]


def _need_said(need: rules.Need, last_on: date) -> str:
    day = short_day(need.by or last_on)
    match need.what:
        case "gatherings" if need.is_within_reach:
            return ngettext(
                "%(num)s träff till, senast %(day)s",
                "%(num)s träffar till, senast %(day)s",
                need.number,
                day=day,
            )
        case "gatherings":
            return ngettext(
                "%(num)s träff till. %(planned)s är planerade. Planera fler, senast %(day)s",
                "%(num)s träffar till. %(planned)s är planerade. Planera fler, senast %(day)s",
                need.number,
                planned=need.planned,
                day=short_day(last_on),
            )
        case "hours" if need.is_within_reach:
            return ngettext(
                "%(num)s studietimme till, senast %(day)s",
                "%(num)s studietimmar till, senast %(day)s",
                need.number,
                day=day,
            )
        case "hours":
            return ngettext(
                "%(num)s studietimme till. Planen ger %(planned)s. Planera fler träffar, senast %(day)s",
                "%(num)s studietimmar till. Planen ger %(planned)s. Planera fler träffar, senast %(day)s",
                need.number,
                planned=need.planned,
                day=short_day(last_on),
            )
        case "people" if need.is_within_reach:
            return ngettext(
                "%(num)s deltagare till, senast %(day)s",
                "%(num)s deltagare till, senast %(day)s",
                need.number,
                day=day,
            )
        case "people":
            return ngettext(
                "%(num)s deltagare till. Ingen mer hinner räknas. Fråga förbundet",
                "%(num)s deltagare till. Ingen mer hinner räknas. Fråga förbundet",
                need.number,
            )
        case "roll":
            return _("närvaron %(day)s är inte ifylld", day=day)
        case "material":
            return _("material, senast %(day)s", day=day)
        case "concert":
            return _("konserten är inställd")
        case "minutes":
            return ngettext(
                "konserten är %(num)s minut för kort",
                "konserten är %(num)s minuter för kort",
                need.number,
            )
        case "held":
            return _("konserten är %(day)s", day=day)
        case "audience_count":
            return _("hur många som lyssnade")
        case _:
            return ngettext(
                "%(num)s person till i publiken. Fråga förbundet",
                "%(num)s personer till i publiken. Fråga förbundet",
                need.number,
            )


def _question_said(question: rules.Question, year: int) -> str:
    match question.what:
        case "too_many":
            return _(
                "ni är %(number)s, och en studiecirkel har högst %(limit)s",
                number=question.number,
                limit=question.limit,
            )
        case "age":
            return ngettext(
                "%(num)s sångare är under 18. Den som fyller %(age)s under %(year)s räknas",
                "%(num)s sångare är under 18. Den som fyller %(age)s under %(year)s räknas",
                question.number,
                age=question.limit,
                year=year,
            )
        case _:
            return ngettext(
                "%(num)s sångare har mer än %(limit)s studietimmar i år, i alla körer",
                "%(num)s sångare har mer än %(limit)s studietimmar i år, i alla körer",
                question.number,
                limit=question.limit,
            )


def person_said(person: rules.CountedPerson) -> str:
    """Whether somebody counts, else what lacks."""
    match person.lacks:
        case None:
            return _("Räknas")
        case "first":
            return _("Räknas inte: var inte med på någon av de %(number)s första", number=person.number)
        case "gatherings":
            return ngettext("%(num)s träff till", "%(num)s träffar till", person.number)
        case _:
            return ngettext("%(num)s studietimme till", "%(num)s studietimmar till", person.number)


def change_said(change: Change, names: Mapping[UUID, str]) -> str:
    """One difference from what was handed in, from what to what."""
    match change.what:
        case "came" | "left":
            name = names.get(change.who, "") if change.who else ""
            was, is_ = (_("inte här"), _("här"))[:: 1 if change.what == "came" else -1]
            return _("%(name)s: %(old)s → %(new)s", name=name, old=was, new=is_)
        case "new":
            return _("Träffen är ny på listan")
        case "gone":
            return _("Träffen räknas inte längre")
        case name:
            return _(
                "%(name)s: %(old)s → %(new)s",
                name=str(_FIELD_NAMES[name]),
                old=_value_said(name, change.old),
                new=_value_said(name, change.new),
            )


def _value_said(name: str, value: Any) -> str:
    if value in (None, ""):
        return _("tomt")
    return str(FORM_NAMES[value]) if name == "form" else str(value)
