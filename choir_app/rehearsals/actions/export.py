"""Taking everything about a choir out, and taking a whole choir in that was taken out elsewhere."""

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    String,
    Table,
    Time,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from choir_app.choirs.models import Choir, Town
from choir_app.choirs.rules import RESERVED_SLUGS
from choir_app.foundation import audit, clock, text
from choir_app.foundation.database import Identifier, UtcDateTime, db
from choir_app.foundation.language import _
from choir_app.foundation.refusal import Refusal, require
from choir_app.foundation.text import FOLDED_LENGTH, folded, sort_key
from choir_app.rehearsals import rules
from choir_app.rehearsals.actions.roll import let_attendance_follow
from choir_app.rehearsals.models import Rehearsal, StudyAssociation
from choir_app.rehearsals.permissions import may_take_in_choir, may_take_out_choir
from choir_app.rehearsals.queries.export import (
    DERIVED,
    FORMAT,
    TABLES,
    VERSION,
    columns_of,
    everything_about,
    table_called,
)

FIELD = "file"
MOST_ROWS = 2_000_000
MAY_HOLD_NUMBERS = frozenset(
    {"phone", "email", "contact_phone", "contact_email", "content", "digest", "slug", "device_id"}
)
"""Columns of which some value may look like an identity number and be none."""
MOST_MINUTES = 24 * 60
"""Of a rehearsal; whoever ends later is no rehearsal."""
AT_ONCE = 100
"""Rehearsals whose attendance is worked out in one go."""

Row = dict[str, Any]


def take_out_choir(choir: Choir, *, by: Any) -> dict[str, Any]:
    """Everything about a choir; that it was taken out, and by whom, stands in the log."""
    require(may_take_out_choir(by, choir))
    audit.note("choir.taken_out", choir, by=by)
    return everything_about(choir)


def read_choir_file(content: bytes) -> object:
    """The value that a file holds; raises Refusal for what is no JSON."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise _unfit(_("Den är inte uttagen härifrån. Välj filen som slutar på .json.")) from None


def take_in_choir(told: object, *, by: Any) -> Choir:
    """Found a choir as another installation told it, with all ids as they were; attendance follows from its acts.

    Refuses a choir that is here already, and whatever is no export of ours. Towns and study associations of the same
    name are taken as the ones that are here; a singer who is here already stays as they are.
    """
    require(may_take_in_choir(by))
    tables = _read(told)
    _refuse_known_choir(tables["choirs"][0])
    tables = _meeting_what_is_here(tables)
    try:
        with db.session.begin_nested():
            for name in TABLES:
                _write(table_called(name), tables[name])
    except IntegrityError:
        raise _unfit(_("Uppgifterna i filen går inte ihop med varandra.")) from None
    db.session.expire_all()
    choir = db.session.get_one(Choir, tables["choirs"][0]["id"])
    _let_all_attendance_follow(choir)
    audit.note("choir.taken_in", choir, by=by)
    db.session.flush()
    return choir


def _unfit(why: str) -> Refusal:
    return Refusal(_("Vi kan inte hämta in filen. %(why)s", why=why), field=FIELD)


# --- read -----------------------------------------------------------------------------------------------------


def _read(told: object) -> dict[str, list[Row]]:
    """The rows of every table, each value of the type that its column has; raises Refusal for anything else."""
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise _unfit(_("Den är inte uttagen härifrån. Välj filen som slutar på .json."))
    if told.get("version") != VERSION:
        raise _unfit(_("Den är gjord av en annan version. Uppdatera och försök igen."))
    given = told.get("tables")
    if not isinstance(given, dict) or not all(isinstance(given.get(name, []), list) for name in TABLES):
        raise _unfit(_("Det saknas tabeller i den."))
    if sum(len(given.get(name, [])) for name in TABLES) > MOST_ROWS:
        raise _unfit(_("Den är för stor."))
    tables = {name: [_row(table_called(name), row) for row in given.get(name, [])] for name in TABLES}
    if len(tables["choirs"]) != 1:
        raise _unfit(_("Den får bara ha en kör."))
    _refuse_loose_ends(tables)
    _refuse_winding_ways(tables["singers"])
    return tables


def _row(table: Table, given: object) -> Row:
    if not isinstance(given, dict):
        raise _unfit(_("Tabellen %(name)s går inte att läsa.", name=table.name))
    told = columns_of(table)
    if set(given) - {column.name for column in told}:
        raise _unfit(_("Tabellen %(name)s har kolumner som inte finns här.", name=table.name))
    derived = DERIVED.get(table.name, frozenset())
    row = {
        column.name: _value(column, given[column.name])
        for column in told
        if column.name in given and column.name not in derived
    }
    missing = [
        column.name
        for column in told
        if column.name not in row and column.name not in derived and not _may_be_missing(column)
    ]
    if missing:
        raise _unfit(_("Tabellen %(name)s saknar %(column)s.", name=table.name, column=", ".join(missing)))
    return _with_derived(table.name, row)


def _may_be_missing(column: Column[Any]) -> bool:
    return bool(column.nullable) or column.default is not None


def _value(column: Column[Any], given: Any) -> Any:
    where = f"{column.table.name}.{column.name}"
    if given is None:
        if not column.nullable:
            raise _unfit(_("Ett värde i %(where)s saknas.", where=where))
        return None
    try:
        return _of_type(column, given)
    except (ValueError, TypeError, OverflowError, AttributeError):
        raise _unfit(_("Ett värde i %(where)s går inte att läsa.", where=where)) from None


def _of_type(column: Column[Any], given: Any) -> Any:
    kind = column.type
    match given:
        case bool() if isinstance(kind, Boolean):
            return given
        case int() if isinstance(kind, Integer) and not isinstance(given, bool) and abs(given) < 2**31:
            return given
        case int() | float() if isinstance(kind, Float) and math.isfinite(given):
            return float(given)
        case str() if isinstance(kind, Identifier):
            return UUID(given)
        case str() if isinstance(kind, UtcDateTime | DateTime):
            return _between(datetime.fromisoformat(given).astimezone(UTC))
        case str() if isinstance(kind, Date):
            return _between(date.fromisoformat(given))
        case str() if isinstance(kind, Time) and re.fullmatch(r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?", given):
            return time.fromisoformat(given)
        case str() if isinstance(kind, LargeBinary) and len(given) == 64:
            return bytes.fromhex(given)
        case str() if isinstance(kind, String):
            return _words(column, given, kind.length)
        case _:
            raise ValueError


def _between(moment: date) -> date:
    if not 1990 <= moment.year <= 2110:
        raise ValueError
    return moment


def _words(column: Column[Any], given: str, longest: int | None) -> str:
    words = text.clean(given)
    if longest is not None and len(words) > longest:
        raise ValueError
    if column.name not in MAY_HOLD_NUMBERS and text.has_identity_number(words):
        raise _unfit(
            _("Det står något som ser ut som ett personnummer i den. Vi sparar aldrig personnummer.")
        )
    if column.name == "slug" and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", words):
        raise ValueError
    return words


def _with_derived(table: str, row: Row) -> Row:
    if table == "singers":
        whole = " ".join(part for part in (row["first_name"], row.get("surname")) if part)
        is_erased = row.get("erased_at") is not None
        row["folded_name"] = "" if is_erased else folded(whole)[:FOLDED_LENGTH]
        row["sort_key"] = sort_key(whole)
    elif table == "acts" and not 0 <= (row.get("number") or 0) <= rules.MOST_GUESTS:
        raise _unfit(_("Ett värde i %(where)s går inte att läsa.", where="acts.number"))
    elif table == "rehearsals":
        if not 1 <= row["minutes"] <= MOST_MINUTES:
            raise _unfit(_("Ett värde i %(where)s går inte att läsa.", where="rehearsals.minutes"))
        row["sung_on"] = clock.local(row["starts_at"]).date()
        row["week_on"] = rules.week_of(row["sung_on"])
        row["ends_at"] = row["starts_at"] + timedelta(minutes=row["minutes"])
    return row


def _refuse_loose_ends(tables: Mapping[str, list[Row]]) -> None:
    """Refuse a file with a row that leads to one that is not in it."""
    there = {name: {row["id"] for row in rows if "id" in row} for name, rows in tables.items()}
    there["rehearsals"] = {row["id"] for row in tables["rehearsals"]}
    for name, rows in tables.items():
        for column in columns_of(table_called(name)):
            for key in column.foreign_keys:
                known = there[key.column.table.name]
                for row in rows:
                    if row.get(column.name) is not None and row[column.name] not in known:
                        if column.name == "buddy_id":  # a helper from another choir
                            row[column.name] = None
                            continue
                        raise _unfit(_("Uppgifterna i filen går inte ihop med varandra."))


def _refuse_winding_ways(singers: list[Row]) -> None:
    """Refuse rows that were merged into one that was merged itself: nobody would stand for them."""
    into = {row["id"]: row.get("merged_into_id") for row in singers}
    if any(into.get(other) for other in into.values() if other):
        raise _unfit(_("Uppgifterna i filen går inte ihop med varandra."))


# --- met with what is here ------------------------------------------------------------------------------------


def _refuse_known_choir(choir: Row) -> None:
    for known in db.session.execute(select(Choir.id, Choir.name, Choir.slug)):
        if (
            known.id == choir["id"]
            or known.slug == choir["slug"]
            or known.name.casefold() == choir["name"].casefold()
        ):
            raise Refusal(_("Kören %(name)s finns redan här. Inget är ändrat.", name=known.name), field=FIELD)
    if choir["slug"] in RESERVED_SLUGS:
        raise _unfit(_("Körens adress är upptagen."))


def _meeting_what_is_here(tables: Mapping[str, list[Row]]) -> dict[str, list[Row]]:
    """The same rows without those that are here already, and leading to them instead."""
    met = {name: list(rows) for name, rows in tables.items()}
    same: dict[str, dict[UUID, UUID]] = {
        "towns": _same_names(
            met["towns"], {slug: key for key, slug in db.session.execute(select(Town.id, Town.slug))}, "slug"
        ),
        "study_associations": _same_names(
            met["study_associations"],
            {
                name: key
                for key, name in db.session.execute(select(StudyAssociation.id, StudyAssociation.name))
            },
            "name",
        ),
    }
    for name in ("venues", "singers", "away_spans", "not_the_same"):
        table = table_called(name)
        ids = [row["id"] for row in met[name]]
        known = set(db.session.scalars(select(table.c.id).where(table.c.id.in_(ids))))
        same[name] = {key: key for key in known}
    for name, known in same.items():
        met[name] = [row for row in met[name] if row["id"] not in known]
    for name, rows in met.items():
        for column in columns_of(table_called(name)):
            for key in column.foreign_keys:
                there = same.get(key.column.table.name, {})
                for row in rows:
                    row[column.name] = there.get(row.get(column.name), row.get(column.name))  # type: ignore[arg-type]  # None stays None
    return met


def _same_names(rows: list[Row], here: Mapping[str, UUID], by: str) -> dict[UUID, UUID]:
    """The rows that are here already, by what they are called, or else by their id."""
    known = set(here.values())
    found = {row["id"]: here.get(row[by], row["id"] if row["id"] in known else None) for row in rows}
    return {told: there for told, there in found.items() if there}


# --- written --------------------------------------------------------------------------------------------------


def _write(table: Table, rows: list[Row]) -> None:
    """Put the rows into their table; those that lead to a row of the same table are tied afterwards."""
    if not rows:
        return
    if table.name == "attendances":
        return  # it follows from the acts
    within = [
        column.name
        for column in columns_of(table)
        if any(key.column.table is table for key in column.foreign_keys)
    ]
    names = {name for row in rows for name in row}
    plain = [
        {name: None if name in within else row.get(name, _default_of(table.columns[name])) for name in names}
        for row in rows
    ]
    db.session.execute(insert(table), plain)
    for row in rows:
        tied = {name: row[name] for name in within if row.get(name)}
        if tied:
            db.session.execute(update(table).where(table.c.id == row["id"]).values(**tied))


def _default_of(column: Column[Any]) -> Any:
    """What stands in a column of which a file says nothing."""
    default = cast("Any", column.default)
    if default is None:
        return None
    return default.arg(None) if default.is_callable else default.arg


def _let_all_attendance_follow(choir: Choir) -> None:
    rehearsals = list(
        db.session.scalars(
            select(Rehearsal).where(Rehearsal.choir_id == choir.id).order_by(Rehearsal.starts_at)
        )
    )
    for begin in range(0, len(rehearsals), AT_ONCE):
        let_attendance_follow(rehearsals[begin : begin + AT_ONCE])
