"""One person who was written up twice becomes one again, and two again if that was wrong.

The other row stays as it is, with its own periods, number and marks, and points to the one that stands for both.
So nothing can be lost, and undoing means to point no more and to take back what the one who stays was given.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from blinker import Signal
from sqlalchemy import delete, func, select, update

from choir_app.choirs import queries, rules
from choir_app.choirs.actions.singers import singer_erased
from choir_app.choirs.actions.turns import wait_for_singer
from choir_app.choirs.models import Membership, NotTheSame, Singer, SingerMerge
from choir_app.choirs.permissions import may_merge_singers
from choir_app.foundation import audit, clock
from choir_app.foundation.database import db
from choir_app.foundation.language import _
from choir_app.foundation.refusal import Refusal, require
from choir_app.foundation.text import FOLDED_LENGTH, folded, sort_key

singers_merged = Signal(
    "Two singers became one: whatever is known of `other` is now known of the sender, the Singer who stays."
)
singers_parted = Signal(
    "A merge was undone: the sender, the Singer who stayed, and `other` are two people again."
)

FILLED_IN = ("surname", "phone", "email", "reads", "note", "buddy_id", "is_under_18", "may_be_written_to")
"""What the one who stays gets from the other, where there was nothing."""


def merge_singers(duplicate: Singer, *, into: Singer, by: Any) -> SingerMerge:
    """Say that `duplicate` is the same person as `into`, who stays and gets whatever was missing; no mark is lost.

    A row that stands for others already takes them along.
    """
    require(may_merge_singers(by, duplicate, into))
    for one in sorted((duplicate, into), key=lambda one: one.id):
        wait_for_singer(one)
        db.session.refresh(one)
    already = _holding(duplicate, into)
    if already:
        return already
    _refuse_merge(duplicate, into)
    moved = {
        "aliases": [str(each.id) for each in queries.aliases_of(duplicate)],
        "filled": _fill_in(duplicate, into),
        "has_account": _move_account(duplicate, into),
        "choirs": _join_periods(duplicate, into),
    }
    merge = SingerMerge(
        id=uuid4(),
        duplicate=duplicate,
        duplicate_id=duplicate.id,
        into=into,
        into_id=into.id,
        number=(
            db.session.scalar(select(func.max(SingerMerge.number)).where(SingerMerge.into_id == into.id)) or 0
        )
        + 1,
        by_id=by.id,
        moved=json.dumps(moved, sort_keys=True),
    )
    db.session.add(merge)
    rows = [duplicate.id, *(UUID(alias) for alias in moved["aliases"])]
    _point(rows, into.id)
    audit.note("singer.merged", into, by=by)
    db.session.flush()
    singers_merged.send(into, other=duplicate)
    return merge


def part_singers(merge: SingerMerge, *, by: Any) -> None:
    """Take a merge back: two people again, each as before.

    What the one who stayed was given goes away again, unless somebody has changed it since.
    """
    duplicate, into = merge.duplicate, merge.into
    require(may_merge_singers(by, duplicate, into))
    for one in sorted((duplicate, into), key=lambda one: one.id):
        wait_for_singer(one)
        db.session.refresh(one)
    db.session.refresh(merge)
    if merge.undone_at:
        return
    _refuse_parting(merge)
    moved = json.loads(merge.moved)
    _point([duplicate.id], None)
    _point([UUID(alias) for alias in moved["aliases"]], duplicate.id)
    _take_away(moved["filled"], duplicate, into)
    if moved["has_account"] and into.account_id is not None:
        _give_account(into, duplicate)
    for told in moved["choirs"]:
        _restore_periods(into, told)
    merge.undone_at, merge.undone_by_id = clock.now(), by.id
    audit.note("singer.parted", into, by=by)
    db.session.flush()
    for one in (duplicate, into):
        db.session.expire(one, ["memberships"])
    singers_parted.send(into, other=duplicate)


def say_not_the_same(one: Singer, other: Singer, *, by: Any) -> None:
    """Say that two singers are two people, so that nobody asks again."""
    require(may_merge_singers(by, one, other))
    first, second = sorted((one.id, other.id))
    if first == second:
        raise Refusal(_("Välj två olika personer."))
    known = select(NotTheSame.id).where(NotTheSame.one_id == first, NotTheSame.other_id == second)
    wait_for_singer(one)
    if db.session.scalar(known) is None:
        db.session.add(NotTheSame(one_id=first, other_id=second, by_id=by.id))
        audit.note("singer.not_the_same", one, by=by)
        db.session.flush()


@singer_erased.connect
def forget_pairs(singer: Singer) -> None:
    """Nobody asks about an erased singer any more, so that it need not be remembered who they were not."""
    about = (NotTheSame.one_id == singer.id) | (NotTheSame.other_id == singer.id)
    db.session.execute(delete(NotTheSame).where(about))


# --- refusals ------------------------------------------------------------------------------------------------------


def _holding(duplicate: Singer, into: Singer) -> SingerMerge | None:
    """The merge that says so already, when the button was pressed twice."""
    return db.session.scalar(
        select(SingerMerge).where(
            SingerMerge.duplicate_id == duplicate.id,
            SingerMerge.into_id == into.id,
            SingerMerge.undone_at.is_(None),
        )
    )


def _refuse_merge(duplicate: Singer, into: Singer) -> None:
    if duplicate.erased_at or into.erased_at:
        raise Refusal(_("Sångaren är raderad."))
    if duplicate.id == into.id or duplicate.merged_into_id == into.id or into.merged_into_id == duplicate.id:
        raise Refusal(_("Det är redan samma person."))
    if duplicate.merged_into_id or into.merged_into_id:
        raise Refusal(_("Någon har redan slagit ihop en av dem. Ladda om sidan."))
    if duplicate.account_id and into.account_id:
        raise Refusal(
            _(
                "%(one)s och %(other)s har var sitt konto."
                " Be projektledaren att ta bort kopplingen till det ena kontot.",
                one=duplicate.name,
                other=into.name,
            )
        )


def _refuse_parting(merge: SingerMerge) -> None:
    if merge.duplicate.erased_at or merge.into.erased_at:
        raise Refusal(_("Sångaren är raderad."))
    later = queries.merges_into(merge.into)
    if merge.into.merged_into_id or later[0].id != merge.id:
        raise Refusal(_("Någon har slagits ihop efter det. Ångra det senaste först."))


# --- what the one who stays is given ---------------------------------------------------------------------------------


def _fill_in(duplicate: Singer, into: Singer) -> list[str]:
    filled = [name for name in FILLED_IN if getattr(duplicate, name) and not getattr(into, name)]
    filled = [name for name in filled if not (name == "buddy_id" and duplicate.buddy_id == into.id)]
    for name in filled:
        setattr(into, name, getattr(duplicate, name))
    if "surname" in filled:
        _know_name(into)
    return filled


def _take_away(filled: Sequence[str], duplicate: Singer, into: Singer) -> None:
    """The other row has kept its own, so whatever is still the same was not changed since."""
    for name in filled:
        if name in FILLED_IN and getattr(into, name) == getattr(duplicate, name):
            setattr(into, name, False if name in ("is_under_18", "may_be_written_to") else None)
    if "surname" in filled:
        _know_name(into)


def _know_name(singer: Singer) -> None:
    singer.folded_name, singer.sort_key = folded(singer.name)[:FOLDED_LENGTH], sort_key(singer.name)


def _move_account(duplicate: Singer, into: Singer) -> bool:
    if duplicate.account_id is None:
        return False
    _give_account(duplicate, into)
    return True


def _give_account(giver: Singer, taker: Singer) -> None:
    account = giver.account
    giver.account = None
    db.session.flush()  # an account belongs to one row at a time
    taker.account = account
    db.session.flush()


def _point(singer_ids: Sequence[UUID], into_id: UUID | None) -> None:
    if not singer_ids:
        return
    db.session.flush()
    db.session.execute(
        update(Singer).where(Singer.id.in_(singer_ids)).values(merged_into_id=into_id),
        execution_options={"synchronize_session": "fetch"},
    )


# --- periods ----------------------------------------------------------------------------------------------------


def _join_periods(duplicate: Singer, into: Singer) -> list[dict[str, Any]]:
    """Let the one who stays belong to each choir of both; gives what stood there before, and what stands there now."""
    told: list[dict[str, Any]] = []
    theirs = _periods_by_choir(duplicate)
    own = _periods_by_choir(into)
    for choir_id, rows in theirs.items():
        before = own.get(choir_id, [])
        made = rules.joined([_period(row) for row in before], [_period(row) for row in rows])
        if made == [_period(row) for row in before]:
            continue
        after = _write(into, choir_id, [_as_told(uuid4(), period) for period in made])
        told.append({"choir": str(choir_id), "before": [_told(row) for row in before], "after": after})
    return told


def _restore_periods(into: Singer, told: Mapping[str, Any]) -> None:
    """Put back what stood there before, unless somebody has said something else since."""
    choir_id = UUID(told["choir"])
    now = [_told(row) for row in _periods_by_choir(into).get(choir_id, [])]
    if now == told["after"]:
        _write(into, choir_id, told["before"])


def _write(singer: Singer, choir_id: UUID, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    db.session.flush()
    db.session.execute(
        delete(Membership).where(Membership.singer_id == singer.id, Membership.choir_id == choir_id),
        execution_options={"synchronize_session": "fetch"},
    )
    for row in rows:
        db.session.add(
            Membership(
                id=UUID(row["id"]),
                singer_id=singer.id,
                choir_id=choir_id,
                voice_id=UUID(row["voice"]) if row["voice"] else None,
                state=row["state"],
                since=date.fromisoformat(row["since"]),
                until=date.fromisoformat(row["until"]) if row["until"] else None,
            )
        )
    db.session.flush()
    db.session.expire(singer, ["memberships"])
    return [dict(row) for row in rows]


def _periods_by_choir(singer: Singer) -> dict[UUID, list[Membership]]:
    rows: dict[UUID, list[Membership]] = {}
    for row in db.session.scalars(
        select(Membership)
        .where(Membership.singer_id == singer.id)
        .order_by(Membership.since)
        .execution_options(populate_existing=True)
    ):
        rows.setdefault(row.choir_id, []).append(row)
    return rows


def _period(row: Membership) -> rules.Period:
    return rules.Period(row.state, row.voice_id, row.since, row.until)


def _told(row: Membership) -> dict[str, Any]:
    return _as_told(row.id, _period(row))


def _as_told(row_id: UUID, period: rules.Period) -> dict[str, Any]:
    return {
        "id": str(row_id),
        "state": period.state,
        "voice": str(period.voice_id) if period.voice_id else None,
        "since": period.since.isoformat(),
        "until": period.until.isoformat() if period.until else None,
    }
