"""Everything about a choir, as one value that a file can hold and another installation can take in.

The format is described in docs/export.md. Which tables belong to it stands here once; columns follow from the models.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Table, and_, or_, select

from choir_app.choirs.models import Choir, Membership, Singer
from choir_app.choirs.rules import MEMBERSHIP_STATE_NAMES, READING_LANGUAGES
from choir_app.foundation import clock
from choir_app.foundation.database import Model, db
from choir_app.foundation.language import _
from choir_app.foundation.sheets import Cell, Sheet
from choir_app.rehearsals.models import (
    Act,
    Attendance,
    HandedInList,
    HandedInName,
    Move,
    Rehearsal,
    Series,
    StudyList,
)

FORMAT = "choir"
VERSION = 1

TABLES: tuple[str, ...] = (
    "towns",
    "venues",
    "choirs",
    "choir_states",
    "voices",
    "singers",
    "memberships",
    "not_the_same",
    "series",
    "series_breaks",
    "rehearsals",
    "cancellations",
    "moves",
    "acts",
    "attendances",
    "replies",
    "away_spans",
    "study_associations",
    "study_lists",
    "study_gatherings",
    "handed_in_lists",
    "handed_in_names",
    "handed_in_rehearsals",
)
"""The tables of an export, each after those that its rows lead to."""

KEPT_BACK: dict[str, str] = {
    "leaderships": "who leads is said by accounts, which belong to this installation",
    "loans": "rights to a roll that end with its day, and their secrets",
    "reply_links": "secrets of links that lead here",
    "check_ins": "secrets of the code on the wall",
    "arrivals": "names that wait for a tap on one evening",
    "singer_merges": "how a merge is undone; that two rows are one person stands with the singers",
    "imports": "how a list is undone; what it made is there",
}
"""Tables of choirs and rehearsals whose rows lead to a choir, its singers or its evenings and stay here, and why.

What other rooms know, such as news and agreements, belongs to the whole network.
"""

DERIVED: dict[str, frozenset[str]] = {
    "singers": frozenset({"folded_name", "sort_key"}),
    "rehearsals": frozenset(
        {
            *("sung_on", "week_on", "ends_at", "present_count", "mark_count", "guest_count", "done_at"),
            "evening_note",
        }
    ),
}
"""Columns that follow from others: they are told, but whoever takes a file in works them out anew."""


def table_called(name: str) -> Table:
    """A table by its name."""
    return Model.metadata.tables[name]


def columns_of(table: Table) -> list[Column[Any]]:
    """The columns that an export tells: all but those that lead to what it does not hold, such as accounts."""
    return [
        column
        for column in table.columns
        if all(key.column.table.name in TABLES for key in column.foreign_keys)
    ]


def everything_about(choir: Choir) -> dict[str, Any]:
    """All that is held about a choir, table by table, as JSON has it; without accounts and without secrets."""
    wanted = _conditions(choir)
    return {
        "format": FORMAT,
        "version": VERSION,
        "made_at": _as_json(clock.now()),
        "choir": {"id": str(choir.id), "name": choir.name, "town": choir.town.name},
        "tables": {name: _rows(table_called(name), wanted[name]) for name in TABLES},
    }


def _rows(table: Table, condition: ColumnElement[bool]) -> list[dict[str, Any]]:
    columns = columns_of(table)
    found = db.session.execute(select(*columns).where(condition).order_by(*table.primary_key.columns))
    return [
        {column.name: _as_json(value) for column, value in zip(columns, row, strict=True)} for row in found
    ]


def _as_json(value: Any) -> Any:
    match value:
        case UUID():
            return str(value)
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date() | time():
            return value.isoformat()
        case bytes():
            return value.hex()
        case _:
            return value


def _conditions(choir: Choir) -> dict[str, ColumnElement[bool]]:
    """Which rows of each table are this choir's."""
    held = select(Rehearsal.id).where(Rehearsal.choir_id == choir.id)
    series = select(Series.id).where(Series.choir_id == choir.id)
    lists = select(StudyList.id).where(StudyList.choir_id == choir.id)
    versions = select(HandedInList.id).where(HandedInList.list_id.in_(lists))
    singers = _singers_of(choir)
    venues = _venues_of(choir)

    def of(table: str, **wanted: Any) -> ColumnElement[bool]:
        columns = table_called(table).columns
        return and_(*(columns[name].in_(ids) for name, ids in wanted.items()))

    towns = {
        choir.town_id,
        *db.session.scalars(select(table_called("venues").c.town_id).where(of("venues", id=venues))),
    }
    associations = select(StudyList.association_id).where(StudyList.choir_id == choir.id)
    return {
        "towns": of("towns", id=towns),
        "venues": of("venues", id=venues),
        "choirs": of("choirs", id=[choir.id]),
        "choir_states": of("choir_states", choir_id=[choir.id]),
        "voices": of("voices", choir_id=[choir.id]),
        "singers": of("singers", id=singers),
        "memberships": of("memberships", choir_id=[choir.id]),
        "not_the_same": of("not_the_same", one_id=singers, other_id=singers),
        "series": of("series", choir_id=[choir.id]),
        "series_breaks": of("series_breaks", series_id=series),
        "rehearsals": of("rehearsals", choir_id=[choir.id]),
        "cancellations": of("cancellations", rehearsal_id=held),
        "moves": of("moves", rehearsal_id=held),
        "acts": of("acts", rehearsal_id=held),
        "attendances": of("attendances", rehearsal_id=held),
        "replies": of("replies", rehearsal_id=held, singer_id=singers),
        "away_spans": of("away_spans", singer_id=singers),
        "study_associations": of("study_associations", id=associations),
        "study_lists": of("study_lists", choir_id=[choir.id]),
        "study_gatherings": of("study_gatherings", list_id=lists, rehearsal_id=held),
        "handed_in_lists": of("handed_in_lists", list_id=lists),
        "handed_in_names": of("handed_in_names", handed_in_id=versions, singer_id=singers),
        "handed_in_rehearsals": of("handed_in_rehearsals", handed_in_id=versions, rehearsal_id=held),
    }


def _singers_of(choir: Choir) -> set[UUID]:
    """Everybody who sings or sang there or was marked there, with all rows that are the same person."""
    held = select(Rehearsal.id).where(Rehearsal.choir_id == choir.id)
    lists = select(StudyList.id).where(StudyList.choir_id == choir.id)
    versions = select(HandedInList.id).where(HandedInList.list_id.in_(lists))
    found = {
        *db.session.scalars(select(Membership.singer_id).where(Membership.choir_id == choir.id)),
        *db.session.scalars(select(Act.singer_id).where(Act.rehearsal_id.in_(held)).distinct()),
        *db.session.scalars(select(Attendance.singer_id).where(Attendance.rehearsal_id.in_(held)).distinct()),
        *db.session.scalars(select(HandedInName.singer_id).where(HandedInName.handed_in_id.in_(versions))),
    } - {None}
    known: set[UUID] = set()
    while more := {each for each in found if each} - known:
        known |= more
        rows = db.session.execute(
            select(Singer.id, Singer.merged_into_id).where(
                or_(Singer.id.in_(more), Singer.merged_into_id.in_(more))
            )
        )
        found = {each for row in rows for each in row}
    return known


def _venues_of(choir: Choir) -> set[UUID]:
    used = [
        select(Series.venue_id).where(Series.choir_id == choir.id),
        select(Rehearsal.venue_id).where(Rehearsal.choir_id == choir.id),
        select(Move.from_venue_id).join(Move.rehearsal).where(Rehearsal.choir_id == choir.id),
    ]
    found = {choir.usual_venue_id, *(each for statement in used for each in db.session.scalars(statement))}
    return {each for each in found if each}


# --- the same, for people to read in a spreadsheet ----------------------------------------------------------------


class _Told:
    """An export by its ids, to put names where the tables have numbers."""

    def __init__(self, tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        self.tables = tables
        self.by_id = {
            name: {row["id"]: row for row in tables[name]}
            for name in ("singers", "voices", "venues", "rehearsals", "study_lists")
        }

    def singer(self, key: str) -> str:
        row = self.by_id["singers"].get(key, {})
        return " ".join(part for part in (row.get("first_name"), row.get("surname")) if part)

    def name(self, table: str, key: str | None) -> str:
        return str(self.by_id[table].get(key, {}).get("name", "")) if key else ""

    def evening(self, key: str) -> datetime:
        return _moment(self.by_id["rehearsals"][key]["starts_at"])

    def sorted_by_day(self, table: str) -> list[Mapping[str, Any]]:
        rows = self.tables[table]
        return sorted(
            rows, key=lambda row: (self.evening(row["rehearsal_id"]), self.singer(row["singer_id"]))
        )


def _moment(written: str) -> datetime:
    return datetime.fromisoformat(written)


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def _yes(value: object) -> str:
    return _("ja") if value else _("nej")


def sheets_about(told: Mapping[str, Any]) -> list[Sheet]:
    """What `everything_about` tells, as sheets with names instead of numbers; the log of single marks is left out."""
    one = _Told(told["tables"])
    return [
        Sheet(
            _("Sångare"),
            [
                *(
                    _("Förnamn"),
                    _("Efternamn"),
                    _("Telefon"),
                    _("Mejl"),
                    _("Läser helst på"),
                    _("Under 18 år"),
                ),
                *(_("Vill få meddelanden"), _("Anteckning"), _("Raderad")),
            ],
            [_singer(row) for row in one.tables["singers"] if not row["merged_into_id"]],
        ),
        Sheet(
            _("Medlemskap"),
            [_("Namn"), _("Stämma"), _("Läge"), _("Från"), _("Till")],
            [
                (
                    one.singer(row["singer_id"]),
                    one.name("voices", row["voice_id"]),
                    str(MEMBERSHIP_STATE_NAMES[row["state"]]),
                    _day(row["since"]),
                    _day(row["until"]),
                )
                for row in one.tables["memberships"]
            ],
        ),
        Sheet(
            _("Repetitioner"),
            [
                *(
                    _("Börjar"),
                    _("Minuter"),
                    _("Sort"),
                    _("Lokal"),
                    _("Inställd"),
                    _("Sångare här"),
                    _("Gäster"),
                ),
                *(_("Markerade"), _("Att veta"), _("Kvällens anteckning")),
            ],
            list(_rehearsals(one)),
        ),
        Sheet(
            _("Närvaro"),
            [_("Dag"), _("Namn"), _("Var här")],
            [
                (one.evening(row["rehearsal_id"]), one.singer(row["singer_id"]), _yes(row["is_present"]))
                for row in one.sorted_by_day("attendances")
            ],
        ),
        Sheet(
            _("Lokaler"),
            [_("Namn"), _("Rum"), _("Gata och nummer"), _("Så hittar man in")],
            [
                (row["name"], row["room"], row["street_address"], row["way_in"])
                for row in one.tables["venues"]
            ],
        ),
        Sheet(
            _("Serier"),
            [
                _("Från"),
                _("Till"),
                _("Klockan"),
                _("Minuter"),
                _("Varje så många veckor"),
                _("Lokal"),
                _("Lov"),
            ],
            [
                (
                    _day(row["first_on"]),
                    _day(row["last_on"]),
                    time.fromisoformat(row["starts_at_hour"]),
                    row["minutes"],
                    row["every_weeks"],
                    one.name("venues", row["venue_id"]),
                    _breaks(one, row["id"]),
                )
                for row in one.tables["series"]
            ],
        ),
        Sheet(
            _("Svar"),
            [_("Dag"), _("Namn"), _("Kommer")],
            [
                (one.evening(row["rehearsal_id"]), one.singer(row["singer_id"]), _yes(row["is_coming"]))
                for row in one.sorted_by_day("replies")
            ],
        ),
        Sheet(
            _("Borta"),
            [_("Namn"), _("Från"), _("Till")],
            [
                (one.singer(row["singer_id"]), _day(row["first_on"]), _day(row["last_on"]))
                for row in one.tables["away_spans"]
            ],
        ),
        Sheet(
            _("Studielistor"),
            [_("Namn"), _("Nummer"), _("Från"), _("Till"), _("Ledare"), _("Inlämnad")],
            list(_study_lists(one)),
        ),
    ]


def _singer(row: Mapping[str, Any]) -> tuple[Cell, ...]:
    return (
        row["first_name"],
        row["surname"],
        row["phone"],
        row["email"],
        READING_LANGUAGES.get(row["reads"] or "", ""),
        _yes(row["is_under_18"]),
        _yes(row["may_be_written_to"]),
        row["note"],
        _moment(row["erased_at"]) if row["erased_at"] else None,
    )


def _rehearsals(one: _Told) -> Iterable[tuple[Cell, ...]]:
    cancelled: Collection[str] = {row["rehearsal_id"] for row in one.tables["cancellations"]}
    kinds = {"rehearsal": _("Repetition"), "concert": _("Konsert"), "social": _("Fest eller utflykt")}
    for row in sorted(one.tables["rehearsals"], key=lambda row: row["starts_at"]):
        yield (
            _moment(row["starts_at"]),
            row["minutes"],
            kinds[row["kind"]],
            one.name("venues", row["venue_id"]),
            _yes(row["id"] in cancelled),
            row["present_count"],
            row["guest_count"],
            row["mark_count"],
            row["note"],
            row["evening_note"],
        )


def _breaks(one: _Told, series_id: str) -> str:
    rests = (row for row in one.tables["series_breaks"] if row["series_id"] == series_id)
    return ", ".join(f"{row['name']} {row['first_on']} – {row['last_on']}" for row in rests)


def _study_lists(one: _Told) -> Iterable[tuple[Cell, ...]]:
    handed_in = {row["list_id"]: row["handed_in_at"] for row in one.tables["handed_in_lists"]}
    for row in one.tables["study_lists"]:
        moment = handed_in.get(row["id"])
        yield (
            row["title"],
            row["number"],
            _day(row["first_on"]),
            _day(row["last_on"]),
            row["leader_name"],
            _moment(moment) if moment else None,
        )
