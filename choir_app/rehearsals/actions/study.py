"""Lists for the study association: begun, filled in, handed in; and the dated rules they are measured by."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, select, update

from choir_app.choirs import rules as choirs_rules
from choir_app.choirs.actions import singer_erased
from choir_app.choirs.actions.turns import wait_for_choir
from choir_app.choirs.actions.words import said, voluntary
from choir_app.choirs.models import Choir, Singer, Voice
from choir_app.foundation import audit, clock
from choir_app.foundation.database import db
from choir_app.foundation.language import _, ngettext, short_day
from choir_app.foundation.refusal import Refusal, require
from choir_app.rehearsals import queries, rules
from choir_app.rehearsals.models import (
    HandedInList,
    HandedInName,
    HandedInRehearsal,
    Rehearsal,
    StudyAssociation,
    StudyGathering,
    StudyList,
    StudyRule,
)
from choir_app.rehearsals.models.study import LONGEST_LOG, LONGEST_TITLE, MOST_AUDIENCE, MOST_BREAK_MINUTES
from choir_app.rehearsals.permissions import may_keep_study_lists, may_set_study_rules

FIRST_RULES = Path(__file__).parents[1] / "study_rules.json"
LONGEST_SOURCE = 300
MOST_OF_A_RULE = 100_000


# --- the rules -----------------------------------------------------------------------------------------------


def keep_first_study_rules() -> int:
    """Write down the associations and rules that the house comes with, where they are missing; says how many.

    Rows that are there stay as they are: somebody may have looked them up again since.
    """
    known = json.loads(FIRST_RULES.read_text())
    associations = {each.name: each for each in db.session.scalars(select(StudyAssociation))}
    added = 0
    for row in known["associations"]:
        if row["name"] not in associations:
            associations[row["name"]] = StudyAssociation(
                id=uuid4(),
                name=row["name"],
                first_on=date.fromisoformat(row["first_on"]),
                last_on=_day(row["last_on"]),
                source=row["source"],
            )
            db.session.add(associations[row["name"]])
            added += 1
    db.session.flush()
    there = {
        (each.form, each.key, each.valid_from, each.association_id)
        for each in db.session.scalars(select(StudyRule).where(StudyRule.added_by_id.is_(None)))
    }
    for row in known["rules"]:
        association = associations[row["association"]] if row["association"] else None
        since = date.fromisoformat(row["valid_from"])
        if (row["form"], row["key"], since, association and association.id) in there:
            continue
        db.session.add(
            StudyRule(
                id=uuid4(),
                form=row["form"],
                key=row["key"],
                value=row["value"],
                unit=row["unit"],
                valid_from=since,
                valid_to=_day(row["valid_to"]),
                association=association,
                source=row["source"],
                checked_on=date.fromisoformat(row["checked_on"]),
                added_at=clock.now(),
            )
        )
        added += 1
    db.session.flush()
    return added


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def add_study_rule(
    *,
    form: str,
    key: str,
    value: int,
    unit: str,
    valid_from: date,
    source: str,
    by: Any,
    valid_to: date | None = None,
    association: StudyAssociation | None = None,
) -> StudyRule:
    """Say what holds from a day on. The rows before stay, so that older lists are measured as they were."""
    require(may_set_study_rules(by))
    if form not in rules.RULE_FORMS:
        raise Refusal(_("Välj något i listan."), field="form")
    if key not in rules.RULE_KEYS:
        raise Refusal(_("Välj något i listan."), field="key")
    if unit not in rules.RULE_UNITS:
        raise Refusal(_("Välj något i listan."), field="unit")
    if not 0 <= value <= MOST_OF_A_RULE:
        raise Refusal(_("Skriv ett tal mellan 0 och %(most)s.", most=MOST_OF_A_RULE), field="value")
    if valid_to and valid_to < valid_from:
        raise Refusal(_("Skriv en sista dag efter den första."), field="valid_to")
    kept = said(
        source,
        field="source",
        longest=LONGEST_SOURCE,
        missing=_("Skriv var det står, till exempel en webbsida."),
    )
    told = {"form": form, "key": key, "value": value, "unit": unit, "source": kept}
    told |= {"valid_from": valid_from, "valid_to": valid_to}
    known = select(StudyRule).filter_by(association_id=association.id if association else None, **told)
    if already := db.session.scalars(known.limit(1)).first():
        return already
    row = StudyRule(
        id=uuid4(),
        association=association,
        **told,
        checked_on=clock.today(),
        added_at=clock.now(),
        added_by_id=by.id,
    )
    db.session.add(row)
    db.session.flush()
    audit.note("study_rule.added", row, by=by)
    return row


def check_study_rule(row: StudyRule, *, by: Any) -> None:
    """Say that somebody has looked it up today and that it still says so."""
    require(may_set_study_rules(by))
    if row.checked_on == clock.today():
        return
    row.checked_on = clock.today()
    audit.note("study_rule.checked", row, by=by)


# --- a list ---------------------------------------------------------------------------------------------------


def begin_study_list(
    choir: Choir,
    *,
    association: StudyAssociation,
    form: str,
    title: str,
    first_on: date,
    last_on: date,
    leader_name: str,
    by: Any,
    concert: Rehearsal | None = None,
    voice: Voice | None = None,
    leader: Singer | None = None,
    **more: Any,
) -> list[StudyList]:
    """Begin a list for a term, or for one concert; over New Year it becomes one list for each calendar year.

    `more` are number, substitute_name, material, break_minutes, audience_count, women_count, performer_count.
    """
    require(may_keep_study_lists(by, choir))
    if form not in rules.STUDY_FORMS:
        raise Refusal(_("Välj något i listan."), field="form")
    if form == "culture":
        first_on = last_on = _concert_day(choir, concert)
    concert, voice = (concert, None) if form == "culture" else (None, voice)
    _refuse_period(association, first_on, last_on)
    wait_for_choir(choir)
    if already := _begun_already(choir, association, form, title, first_on, voice, concert):
        return [already]
    _refuse_same(choir, None, first_on=first_on, last_on=last_on, voice=voice, concert=concert)
    made = []
    for first, last in _in_calendar_years(association, form, first_on, last_on):
        one = StudyList(id=uuid4(), choir=choir, gatherings=[], handed_in=[], created_by_id=by.id)
        one.form, one.association, one.first_on, one.last_on = form, association, first, last
        one.concert, one.voice, one.created_at = concert, voice, clock.now()
        _describe(one, title=title, leader_name=leader_name, leader=leader, **more)
        db.session.add(one)
        db.session.flush()
        audit.note("study_list.begun", one, by=by)
        made.append(one)
    return made


def _begun_already(
    choir: Choir,
    association: StudyAssociation,
    form: str,
    title: str,
    first_on: date,
    voice: Voice | None,
    concert: Rehearsal | None,
) -> StudyList | None:
    """The list that the same page made when it was sent a moment ago."""
    found = select(StudyList).filter_by(
        choir_id=choir.id,
        association_id=association.id,
        form=form,
        title=" ".join(title.split()),
        first_on=first_on,
        voice_id=voice.id if voice else None,
        concert_id=concert.id if concert else None,
    )
    return db.session.scalars(found.limit(1)).first()


def change_study_list(
    one: StudyList,
    *,
    association: StudyAssociation,
    form: str,
    title: str,
    first_on: date,
    last_on: date,
    leader_name: str,
    by: Any,
    concert: Rehearsal | None = None,
    voice: Voice | None = None,
    leader: Singer | None = None,
    **more: Any,
) -> None:
    """Change what is said of a list; a version that was handed in stays as it was."""
    require(may_keep_study_lists(by, one.choir))
    if form not in rules.STUDY_FORMS:
        raise Refusal(_("Välj något i listan."), field="form")
    if (form == "culture") != (one.form == "culture"):
        raise Refusal(_("En konsert är alltid ett kulturprogram. Gör en ny lista i stället."), field="form")
    if form == "culture":
        first_on = last_on = _concert_day(one.choir, concert)
    concert, voice = (concert, None) if form == "culture" else (None, voice)
    _refuse_period(association, first_on, last_on)
    if len(_in_calendar_years(association, form, first_on, last_on)) > 1:
        raise Refusal(
            _("Listan går över nyår. Sluta senast 31 december och gör en ny lista för nästa år."),
            field="last_on",
        )
    _refuse_same(one.choir, one, first_on=first_on, last_on=last_on, voice=voice, concert=concert)
    one.form, one.association, one.first_on, one.last_on = form, association, first_on, last_on
    one.concert, one.voice = concert, voice
    _describe(one, title=title, leader_name=leader_name, leader=leader, **more)
    audit.note("study_list.changed", one, by=by)
    db.session.flush()


def _describe(
    one: StudyList,
    *,
    title: str,
    leader_name: str,
    leader: Singer | None,
    number: str | None = None,
    substitute_name: str | None = None,
    material: str | None = None,
    break_minutes: int | None = None,
    audience_count: int | None = None,
    women_count: int | None = None,
    performer_count: int | None = None,
) -> None:
    name = said(title, field="title", longest=LONGEST_TITLE, missing=_("Skriv vad listan heter."))
    by_whom = said(leader_name, field="leader_name", longest=80, missing=_("Skriv ledarens namn."))
    own_number = voluntary(number, field="number", longest=40)
    substitute = voluntary(substitute_name, field="substitute_name", longest=80)
    used = voluntary(material, field="material", longest=200)
    rest = break_minutes or 0
    if not 0 <= rest <= MOST_BREAK_MINUTES:
        raise Refusal(
            _("Skriv minuterna mellan 0 och %(most)s.", most=MOST_BREAK_MINUTES), field="break_minutes"
        )
    for field, count in (
        ("audience_count", audience_count),
        ("women_count", women_count),
        ("performer_count", performer_count),
    ):
        if count is not None and not 0 <= count <= MOST_AUDIENCE:
            raise Refusal(_("Skriv ett tal mellan 0 och %(most)s.", most=MOST_AUDIENCE), field=field)
    if women_count is not None and women_count > (audience_count or 0):
        raise Refusal(_("Kvinnorna i publiken kan inte vara fler än hela publiken."), field="women_count")
    is_culture = one.form == "culture"
    one.title, one.leader_name, one.leader_singer_id = name, by_whom, leader.id if leader else None
    one.number, one.substitute_name, one.material, one.break_minutes = own_number, substitute, used, rest
    one.audience_count = audience_count if is_culture else None
    one.women_count = women_count if is_culture else None
    one.performer_count = performer_count if is_culture else None


def _concert_day(choir: Choir, concert: Rehearsal | None) -> date:
    if concert is None or concert.choir_id != choir.id or concert.kind != "concert":
        raise Refusal(_("Välj en konsert i listan."), field="concert")
    return concert.sung_on


def _refuse_period(association: StudyAssociation, first_on: date, last_on: date) -> None:
    if last_on < first_on:
        raise Refusal(_("Skriv en sista dag efter den första."), field="last_on")
    if (last_on - first_on).days > rules.LONGEST_LIST_DAYS:
        raise Refusal(_("Listan får vara högst ett år lång."), field="last_on")
    if not (association.is_there_on(first_on) and association.is_there_on(last_on)):
        raise Refusal(
            _("%(name)s tar inte emot listor för de dagarna. Välj ett annat förbund.", name=association.name),
            field="association",
        )


def _refuse_same(
    choir: Choir,
    own: StudyList | None,
    *,
    first_on: date,
    last_on: date,
    voice: Voice | None,
    concert: Rehearsal | None,
) -> None:
    same = queries.study_list_like(
        choir,
        first_on=first_on,
        last_on=last_on,
        voice_id=voice.id if voice else None,
        concert_id=concert.id if concert else None,
        besides=own,
    )
    if same:
        raise Refusal(
            _(
                "«%(title)s» har redan träffar de dagarna. En träff kan stå på en lista.",
                title=same.title,
            ),
            field="concert" if concert else "first_on",
        )


def _in_calendar_years(
    association: StudyAssociation, form: str, first_on: date, last_on: date
) -> list[tuple[date, date]]:
    book = rules.RuleBook(queries.dated_rules(), form, association.id)
    if book.value("same_calendar_year", first_on):
        return rules.split_at_new_year(first_on, last_on)
    return [(first_on, last_on)]


def remove_study_list(one: StudyList, *, by: Any) -> None:
    """Take a list away that was never handed in. The roll stays as it is."""
    require(may_keep_study_lists(by, one.choir))
    if one.handed_in:
        raise Refusal(_("Listan är inlämnad och finns kvar."))
    audit.note("study_list.removed", one, by=by)
    db.session.delete(one)
    db.session.flush()


# --- gathering by gathering ---------------------------------------------------------------------------------


def describe_study_gathering(
    one: StudyList,
    line: queries.StudyLine,
    *,
    hours: int | None,
    break_minutes: int | None,
    log: str | None,
    is_left_out: bool,
    by: Any,
) -> None:
    """Say how many study hours one gathering had, its break, what was done, or that it is not on the list."""
    require(may_keep_study_lists(by, one.choir))
    kept = voluntary(log, field="log", longest=LONGEST_LOG, lines=True)
    rest = one.break_minutes if break_minutes is None else break_minutes
    if not 0 <= rest <= MOST_BREAK_MINUTES:
        raise Refusal(
            _("Skriv minuterna mellan 0 och %(most)s.", most=MOST_BREAK_MINUTES), field="break_minutes"
        )
    if hours is not None and hours > (most := _most_hours(one, line, rest)):
        raise Refusal(
            ngettext(
                "Träffen räcker till %(num)s studietimme. Skriv högst det.",
                "Träffen räcker till %(num)s studietimmar. Skriv högst det.",
                most,
            ),
            field="hours",
        )
    if hours is not None and hours < 0:
        raise Refusal(_("Skriv studietimmarna som ett helt tal, minst 0."), field="hours")
    row = _said_of(one, line)
    row.confirmed_hours, row.log, row.is_left_out = hours, kept, is_left_out
    row.break_minutes = break_minutes
    audit.note("study_list.gathering", one, by=by)
    db.session.flush()


def _most_hours(one: StudyList, line: queries.StudyLine, rest: int) -> int:
    book = rules.RuleBook(queries.dated_rules(), one.form, one.association_id)
    return rules.study_hours(
        line.starts_at,
        line.ends_at,
        rest,
        most=book.value("max_hours_gathering", line.day),
        minutes_per_hour=book.value("minutes_per_hour", line.day) or rules.STUDY_MINUTES,
    )


def _said_of(one: StudyList, line: queries.StudyLine) -> StudyGathering:
    _wait_for_list(one)
    row = db.session.get(StudyGathering, (one.id, line.rehearsal_id), populate_existing=True)
    if row is None:
        row = StudyGathering(list_id=one.id, rehearsal_id=line.rehearsal_id, is_left_out=False)
        db.session.add(row)
    return row


def confirm_study_hours(one: StudyList, *, by: Any) -> int:
    """Confirm the proposed hours of every gathering that counts and waits for it; says how many."""
    require(may_keep_study_lists(by, one.choir))
    waiting = [line for line in queries.sheet_of(one).reported if not line.counted.is_confirmed]
    for line in waiting:
        _said_of(one, line).confirmed_hours = line.counted.proposed
    if waiting:
        audit.note("study_list.hours", one, by=by)
    db.session.flush()
    db.session.expire(one, ["gatherings"])
    return len(waiting)


# --- handing in -----------------------------------------------------------------------------------------------


def hand_in(one: StudyList, *, by: Any, reason: str | None = None) -> HandedInList:
    """Freeze the list as it is now as its next version. Every version after the first says why it is there."""
    require(may_keep_study_lists(by, one.choir))
    _wait_for_list(one)
    db.session.refresh(one, ["handed_in", "gatherings"])
    sheet = queries.sheet_of(one)
    newest = one.newest_handed_in
    text, digest = queries.frozen(queries.content_of(sheet))
    if newest and newest.digest == digest:
        return newest
    _refuse_unfinished(sheet)
    kept = voluntary(reason, field="reason", longest=200)
    if newest and not kept:
        raise Refusal(_("Skriv varför det blir en ny version."), field="reason")
    version = HandedInList(
        id=uuid4(),
        list_id=one.id,
        number=newest.number + 1 if newest else 1,
        content=text,
        digest=digest,
        leader_name=one.leader_name,
        leader_singer_id=one.leader_singer_id,
        substitute_name=one.substitute_name,
        reason=kept if newest else None,
        handed_in_at=clock.now(),
        by_id=by.id,
    )
    version.names = [
        HandedInName(singer_id=person.counted.id, name=person.name)
        for person in sheet.people
        if person.counted.gatherings
    ]
    db.session.add(version)
    db.session.flush()
    db.session.add_all(
        HandedInRehearsal(handed_in_id=version.id, rehearsal_id=line.rehearsal_id) for line in sheet.reported
    )
    audit.note("study_list.handed_in", one, by=by)
    db.session.flush()
    db.session.expire(one, ["handed_in"])
    return version


def _refuse_unfinished(sheet: queries.StudySheet) -> None:
    if not sheet.reported:
        raise Refusal(_("Ingen träff räknas än. Då finns inget att lämna in."))
    if sheet.study_list.form != "culture" and not sheet.verdict.is_all_confirmed:
        raise Refusal(_("Bekräfta studietimmarna först."))
    coming = [line for line in sheet.lines if line.counted.trouble == "planned"]
    if coming and sheet.study_list.newest_handed_in is None:
        raise Refusal(
            _(
                "Det är träffar kvar till %(day)s. Lämna in efter den sista, eller ändra listans sista dag.",
                day=short_day(coming[-1].day),
            )
        )


def _wait_for_list(one: StudyList) -> None:
    """Let whoever is at the same list finish first."""
    db.session.execute(select(StudyList.id).where(StudyList.id == one.id).with_for_update(key_share=True))


def note_list_taken_out(one: StudyList, *, by: Any) -> None:
    """Write down that somebody took a list with names out of the house."""
    require(may_keep_study_lists(by, one.choir))
    audit.note("study_list.taken_out", one, by=by)


def note_attendance_taken_out(choir: Choir, *, by: Any) -> None:
    """Write down that somebody took a choir's attendance out of the house."""
    require(may_keep_study_lists(by, choir))
    audit.note("attendance.taken_out", choir, by=by)


@singer_erased.connect
def _forget_on_study_lists(singer: Singer, **_more: Mapping[str, Any]) -> None:
    """Blank the name on every list; the frozen content names people by id only and stays as it is."""
    for model in (HandedInList, StudyList):
        db.session.execute(
            update(model)
            .where(model.leader_singer_id == singer.id)
            .values(leader_name=choirs_rules.ERASED_NAME, leader_singer_id=None)
        )
    db.session.execute(delete(HandedInName).where(HandedInName.singer_id == singer.id))
