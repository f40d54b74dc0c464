"""The trace of a roll: who said what of whom, when, from what to what, and by which phone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from choir_app.accounts.models import Account
from choir_app.choirs.models import Singer
from choir_app.foundation import clock
from choir_app.rehearsals.models import Act, Loan, Rehearsal
from choir_app.rehearsals.queries.log import MARKS, outcome_acts_that_count, rows_from
from choir_app.rehearsals.rules import KnownAct, act_of_person, act_that_counts

LATE = timedelta(minutes=10)
"""An act that came in so much later than it was made waited on a phone."""


@dataclass(frozen=True)
class Deed:
    """One act of a roll as the trace tells it. `singer` is none for an erased one; `before` is what held until then."""

    act_id: UUID
    kind: str
    singer_id: UUID | None
    singer: str | None
    was_called: str | None
    """Another name under which the singer was written up when this was said."""
    status: str | None
    before: str | None
    number: int | None
    number_before: int | None
    words: str | None
    outcome: str | None
    why: str | None
    settles: bool
    at: datetime
    received_at: datetime
    by: str | None
    is_substitute: bool
    lent_by: str | None
    """Who had lent the roll to the substitute."""
    device: str | None
    """The end of the phone's own number; none for what was done on a page."""
    counts: bool

    @property
    def came_late(self) -> bool:
        """Whether it waited on the phone before it came in."""
        return self.received_at - self.at > LATE

    @property
    def made_on(self) -> date:
        """The day in Sweden when it was made."""
        return clock.local(self.at).date()

    @property
    def received_on(self) -> date:
        """The day in Sweden when it came in."""
        return clock.local(self.received_at).date()


def trace_of(rehearsal: Rehearsal) -> list[Deed]:
    """All acts of a rehearsal, the newest first, each with whether it still counts. One statement."""
    row, stands = aliased(Singer), aliased(Singer)
    lender = aliased(Account)
    found = rows_from(
        select(
            Act,
            func.coalesce(row.merged_into_id, row.id).label("person"),
            row.first_name.label("row_first"),
            row.surname.label("row_last"),
            stands.first_name.label("first"),
            stands.surname.label("last"),
            stands.erased_at.label("erased_at"),
            func.coalesce(Account.name, Loan.to_name).label("by"),
            lender.name.label("lent_by"),
        )
        .outerjoin(row, Act.singer_id == row.id)
        .outerjoin(stands, stands.id == func.coalesce(row.merged_into_id, row.id))
        .outerjoin(Account, Act.by_id == Account.id)
        .outerjoin(Loan, Act.loan_id == Loan.id)
        .outerjoin(lender, Loan.lent_by_id == lender.id)
        .where(Act.rehearsal_id == rehearsal.id)
        .order_by(Act.acted_at, Act.id)
    )
    counting = _that_count(found)
    statuses: dict[UUID, str] = {}
    guests = 0
    deeds: list[Deed] = []
    for line in found:
        act: Act = line.Act
        before = statuses.get(line.person, "unmarked") if act.kind in MARKS else None
        deeds.append(
            Deed(
                act_id=act.id,
                kind=act.kind,
                singer_id=line.person,
                singer=_name(line.first, line.last) if line.first and not line.erased_at else None,
                was_called=_other_name(line, act),
                status=act.status,
                before=before,
                number=act.number,
                number_before=guests if act.kind == "guests" else None,
                words=act.words,
                outcome=act.outcome,
                why=act.why,
                settles=act.settles_id is not None,
                at=act.acted_at,
                received_at=act.received_at,
                by=line.by,
                is_substitute=act.loan_id is not None,
                lent_by=line.lent_by,
                device=act.device_id[-4:] if act.device_id else None,
                counts=act.id in counting,
            )
        )
        if act.kind in MARKS and act.status:
            statuses[line.person] = act.status
        if act.kind == "guests":
            guests = act.number or 0
    return deeds[::-1]


def _name(first: str, last: str | None) -> str:
    return f"{first} {last}" if last else first


def _other_name(line: object, act: Act) -> str | None:
    """The name of a row that was merged, where it is another one."""
    row_first, row_last = getattr(line, "row_first", None), getattr(line, "row_last", None)
    if (
        row_first is None
        or act.singer_id == getattr(line, "person", None)
        or getattr(line, "erased_at", None)
    ):
        return None
    own, stands = _name(row_first, row_last), _name(getattr(line, "first", ""), getattr(line, "last", None))
    return own if own != stands else None


def _that_count(found: Sequence[object]) -> set[UUID]:
    """Which acts of an evening count: of each person, of each thing about the evening, and every outcome."""
    people: dict[UUID, dict[UUID | None, list[KnownAct]]] = {}
    things: dict[str, list[KnownAct]] = {}
    outcomes: list[tuple[UUID, UUID, UUID | None]] = []
    for line in found:
        act: Act = getattr(line, "Act")  # noqa: B009 - a row has it by that name
        known = KnownAct(act.id, act.acted_at, act.seen_id, act.device_id, act.status, act.settles_id)
        if act.kind in MARKS:
            rows = people.setdefault(getattr(line, "person"), {})  # noqa: B009 - likewise
            rows.setdefault(act.singer_id, []).append(known)
        elif act.kind == "outcome":
            outcomes.append((act.rehearsal_id, act.id, act.seen_id))
        else:
            things.setdefault(act.kind, []).append(known)
    return {
        *(act_of_person(rows.values()).id for rows in people.values()),
        *(act_that_counts(acts).id for acts in things.values()),
        *outcome_acts_that_count(outcomes),
    }
