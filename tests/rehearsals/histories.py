"""Histories of an evening: three phones, two leaders, and whatever can go wrong between them and the house.

A state machine draws them: presses, undone presses, no contact, answers that are lost, servers that die, clocks that
are ten years off, leaders who sign out, change places or lose their choir, singers who turn out to be one, are erased,
evenings that are called off. After every step the invariants I1 to I11 hold. The phones are a model of the phone's
store and queue (static/js/roll-store.js, roll-queue.js, seal.js); the house is the real one, database and all.
"""

import json
import random
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any, ClassVar
from uuid import UUID, uuid4

from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from choir_app.accounts.models import Account
from choir_app.choirs import actions as choirs
from choir_app.choirs.models import Leadership, Membership, Singer, SingerMerge
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.foundation.refusal import Refusal
from choir_app.rehearsals import actions, queries
from choir_app.rehearsals.models import Act, Attendance, RefusedAct, Rehearsal
from choir_app.rehearsals.rules import read_act
from tests import makers
from tests.conftest import NOW

PHONES = st.integers(0, 2)
SINGERS = st.integers(0, 3)
STATUSES = st.sampled_from(["present", "present", "absent", "unmarked"])
EVENINGS = st.sampled_from([0, 0, 0, 1])
DEEDS = st.sampled_from(["everybody", "undo", "guests", "newcomer", "outcome", "done", "settle"])
PHONE_FAULTS = st.sampled_from(["contact", "clock", "signs out", "signs in", "signs in"])
HOUSE_EVENTS = st.sampled_from(["starts again", "leader", "merge", "part", "erase", "cancel", "number"])
HOURS = st.sampled_from([-87600.0, -24.0, -0.01, 0.0, 3.0, 87600.0])
FATES = st.sampled_from(["answered", "answered", "answered", "lost", "never came", "died", "500"])
SAID = {"present": True, "absent": False, "unmarked": None}

_histories = count(1)


@dataclass
class Kept:
    """An act in a phone's store: whose it is, whether it waits or was refused."""

    act: dict[str, Any]
    account_id: UUID
    state: str = "waiting"


@dataclass
class Press:
    """What was really done, and when by a clock that is never wrong."""

    act: dict[str, Any]
    by_id: UUID
    device_id: str
    at: datetime
    clock_was_moved: bool = False


@dataclass
class Sealed:
    """An envelope that outlives a sign-out: whose acts, from which device."""

    account_id: UUID
    acts: list[dict[str, Any]]


@dataclass
class Phone:
    """A phone as its store holds it; whatever is not here does not survive the browser being killed."""

    device_id: str
    account_id: UUID | None
    ahead: timedelta = timedelta(0)
    has_contact: bool = True
    acts: dict[str, Kept] = field(default_factory=dict)
    sealed: list[Sealed] = field(default_factory=list)
    rolls: dict[UUID, dict[UUID, tuple[str, str]]] = field(default_factory=dict)
    received: set[str] = field(default_factory=set)
    """The acts of which it said that they were received."""

    def waiting(self, account_id: UUID | None) -> list[dict[str, Any]]:
        """What waits to be sent for this account, in the order of the presses."""
        return [
            kept.act
            for kept in self.acts.values()
            if kept.state == "waiting" and kept.account_id == account_id
        ]

    def last_known(self, rehearsal_id: UUID, what: UUID | str) -> str | None:
        """The act that the phone knows of last for a singer (or for the guests)."""
        for kept in reversed(self.acts.values()):
            if kept.state == "waiting" and _subject(kept.act) == (rehearsal_id, what):
                return kept.act["id"]
        known = self.rolls.get(rehearsal_id, {})
        return known[what][1] if isinstance(what, UUID) and what in known else None


def _subject(act: dict[str, Any]) -> tuple[UUID, UUID | str]:
    singer = act.get("singer_id")
    return UUID(act["rehearsal_id"]), UUID(singer) if singer else act["kind"]


class Histories(RuleBasedStateMachine):
    """Draws one history after the other in a house that is given by `in_house`."""

    house: ClassVar[Flask]
    DROPS_ON_500: ClassVar[bool] = False
    """A planted fault: the phone takes an error of the server for an answer."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = ExitStack()
        self.now = NOW
        self._set_clock()
        self.number = next(_histories)
        self.presses: dict[str, Press] = {}
        self.refused: set[str] = set()
        self.erased_names: list[str] = []
        self.seen_rows: dict[UUID, tuple[Any, ...]] = {}
        self.newcomers: dict[str, UUID] = {}
        self.is_looked_at = False
        """Whether the invariants were looked at since something last reached the house."""

    # --- the evening ---------------------------------------------------------------------------------------------

    @initialize()
    def begin(self) -> None:
        db.session.rollback()
        db.session.expire_all()
        choir = makers.a_choir("Amina", "Bo", "Carlos", "Dina")
        self.choir_id = choir.id
        self.manager_id = makers.a_manager().id
        self.leaders = [makers.a_leader(choir, name).id for name in ("Elin Norberg", "Sonja Nyberg")]
        self.evenings = [
            makers.a_rehearsal(choir, NOW).id,
            makers.a_rehearsal(choir, NOW - timedelta(days=2)).id,
        ]
        self.singers = [
            row.id
            for row in db.session.scalars(
                select(Singer).join(Membership).where(Membership.choir_id == choir.id).order_by(Singer.id)
            )
        ]
        db.session.commit()
        self.phones = [
            Phone(f"phone-{self.number}-{number}", self.leaders[min(number, 1)], timedelta(hours=ahead))
            for number, ahead in enumerate((0, 3, -24))
        ]

    def _set_clock(self) -> None:
        self.clock.close()
        self.clock.enter_context(clock.set_to(self.now))

    def _time_passes(self, seconds: float = 1) -> None:
        self.now += timedelta(seconds=seconds)
        self._set_clock()

    def _account(self, account_id: UUID) -> Account:
        return db.session.get_one(Account, account_id)

    # --- what a leader does ----------------------------------------------------------------------------------------

    def _press(self, phone: Phone, evening: int, **what: Any) -> dict[str, Any] | None:
        if phone.account_id is None:
            return None
        self._time_passes()
        act = {
            "id": str(uuid4()),
            "rehearsal_id": str(self.evenings[evening]),
            "at": (self.now + phone.ahead).isoformat(),
            **what,
        }
        phone.acts[act["id"]] = Kept(act, phone.account_id)
        self.presses[act["id"]] = Press(act, phone.account_id, phone.device_id, self.now)
        return act

    @rule(number=PHONES, singer=SINGERS, status=STATUSES, evening=EVENINGS)
    def marks(self, number: int, singer: int, status: str, evening: int) -> None:
        phone, singer_id = self.phones[number], self.singers[singer % len(self.singers)]
        seen = phone.last_known(self.evenings[evening], singer_id)
        self._press(phone, evening, kind="mark", singer_id=str(singer_id), status=status, seen=seen)

    @rule(number=PHONES, deed=DEEDS)
    def does_something_else(self, number: int, deed: str) -> None:
        phone = self.phones[number]
        match deed:
            case "everybody":
                self.marks_everybody(phone)
            case "undo":
                self.undoes(phone)
            case "guests":
                seen = phone.last_known(self.evenings[0], "guests")
                self._press(phone, 0, kind="guests", number=len(self.presses), seen=seen)
            case "newcomer":
                self.welcomes(phone)
            case "outcome":
                self._press(phone, 0, kind="outcome", outcome="housing", may_be_told=True)
            case "done":
                self._press(phone, 0, kind="done")
                self._press(phone, 0, kind="note", words="Ny sång.")
            case "settle":
                self.settles(phone)

    def marks_everybody(self, phone: Phone) -> None:
        known = phone.rolls.get(self.evenings[0], {})
        for singer_id in self.singers:
            if singer_id not in known:
                seen = phone.last_known(self.evenings[0], singer_id)
                self._press(phone, 0, kind="mark", singer_id=str(singer_id), status="present", seen=seen)

    def undoes(self, phone: Phone) -> None:
        waiting = [act for act in phone.waiting(phone.account_id) if act["kind"] == "mark"]
        if waiting:
            last = waiting[-1]
            evening = self.evenings.index(UUID(last["rehearsal_id"]))
            self._press(
                phone, evening, kind="mark", singer_id=last["singer_id"], status="unmarked", seen=last["id"]
            )

    def welcomes(self, phone: Phone) -> None:
        singer_id, name = uuid4(), f"Semhar {_letters(self.number)} {_letters(len(self.newcomers))}"
        act = self._press(phone, 0, kind="newcomer", singer_id=str(singer_id), name=name)
        if act:
            self.newcomers[name] = singer_id

    def settles(self, phone: Phone) -> None:
        told = queries.disagreements([self.evenings[0]]).get(self.evenings[0], [])
        db.session.rollback()
        for one in told[:1]:
            self._press(
                phone,
                0,
                kind="mark",
                singer_id=str(one.singer_id),
                status=one.other.status,
                seen=str(one.counts.act_id),
                settles=str(one.other.act_id),
            )

    # --- what goes wrong -------------------------------------------------------------------------------------------

    @rule(number=PHONES, what=PHONE_FAULTS, ahead=HOURS, leader=st.integers(0, 1))
    def happens_to_a_phone(self, number: int, what: str, ahead: float, leader: int) -> None:
        phone = self.phones[number]
        match what:
            case "contact":
                phone.has_contact = not phone.has_contact
            case "clock":
                self.clock_jumps(phone, timedelta(hours=ahead))
            case "signs out":
                self.signs_out(phone)
            case "signs in":
                phone.account_id = self.leaders[leader]

    @rule(what=HOUSE_EVENTS, one=SINGERS, other=SINGERS, number=PHONES)
    def happens_in_the_house(self, what: str, one: int, other: int, number: int) -> None:
        self.is_looked_at = False
        match what:
            case "starts again":
                db.session.remove()
                db.engine.dispose()
            case "leader":
                self.second_leader_is_dismissed_or_appointed()
            case "merge":
                self.two_become_one(one, other)
            case "part":
                self.and_two_again()
            case "erase":
                self.a_newcomer_wants_to_be_forgotten()
            case "cancel":
                self.second_evening_is_called_off_or_on()
            case "number":
                self.a_number_is_used_twice(self.phones[number], one)

    def clock_jumps(self, phone: Phone, ahead: timedelta) -> None:
        phone.ahead = ahead
        on_the_phone = {*phone.acts, *(act["id"] for each in phone.sealed for act in each.acts)}
        for act_id in on_the_phone:
            self.presses[act_id].clock_was_moved = True

    def signs_out(self, phone: Phone) -> None:
        """The names go; what was not sent is sealed."""
        for account_id in {kept.account_id for kept in phone.acts.values()}:
            phone.sealed.append(Sealed(account_id, phone.waiting(account_id)))
        phone.acts.clear()
        phone.rolls.clear()
        phone.account_id = None

    def second_leader_is_dismissed_or_appointed(self) -> None:
        manager, choir = self._account(self.manager_id), db.session.get_one(Rehearsal, self.evenings[0]).choir
        account = self._account(self.leaders[1])
        leads = db.session.scalar(
            select(Leadership).where(Leadership.choir_id == choir.id, Leadership.account_id == account.id)
        )
        if leads:
            choirs.dismiss_leader(choir, account, by=manager)
        else:
            choirs.appoint_leader(choir, account, by=manager)
        db.session.commit()

    def two_become_one(self, one: int, other: int) -> None:
        rows = [db.session.get_one(Singer, self.singers[each % len(self.singers)]) for each in (one, other)]
        try:
            choirs.merge_singers(rows[0], into=rows[1], by=self._account(self.manager_id))
            db.session.commit()
        except Refusal:
            db.session.rollback()

    def and_two_again(self) -> None:
        merge = db.session.scalar(
            select(SingerMerge)
            .where(SingerMerge.undone_at.is_(None), SingerMerge.into_id.in_(self.singers))
            .order_by(SingerMerge.number.desc())
        )
        try:
            if merge:
                choirs.part_singers(merge, by=self._account(self.manager_id))
                db.session.commit()
        except Refusal:
            db.session.rollback()

    def a_newcomer_wants_to_be_forgotten(self) -> None:
        if not self.newcomers or self.erased_names:
            return
        name, singer_id = next(iter(self.newcomers.items()))
        singer = db.session.get(Singer, singer_id)
        if singer is None or singer.merged_into_id:
            db.session.rollback()
            return
        choirs.erase_singer(singer, by=self._account(self.manager_id))
        db.session.commit()
        self.erased_names.append(name)

    def second_evening_is_called_off_or_on(self) -> None:
        rehearsal, manager = (
            db.session.get_one(Rehearsal, self.evenings[1]),
            self._account(self.manager_id),
        )
        try:
            if rehearsal.cancellation:
                actions.restore_rehearsal(rehearsal, by=manager)
            else:
                actions.cancel_rehearsal(rehearsal, reason=None, by=manager)
            db.session.commit()
        except Refusal:
            db.session.rollback()

    def a_number_is_used_twice(self, phone: Phone, chance: int) -> None:
        """Never by our phones; I4: the second is refused and both are kept."""
        known = sorted(self.seen_rows, key=str)
        if phone.account_id is None or not known:
            return
        kept = db.session.get_one(Act, known[chance % len(known)])
        if kept.kind != "mark":
            db.session.rollback()
            return
        before = self._attendance()
        other = {
            "id": str(kept.id),
            "kind": "mark",
            "rehearsal_id": str(kept.rehearsal_id),
            "singer_id": str(kept.singer_id),
            "status": "absent" if kept.status == "present" else "present",
            "at": (kept.device_at + timedelta(seconds=1)).isoformat(),
        }
        [answer] = self._receive([other], phone.account_id, phone)
        assert answer.outcome == "refused", "I4"
        hashed = read_act(other).body_hash
        kept_too = select(RefusedAct).where(RefusedAct.act_id == str(kept.id), RefusedAct.body_hash == hashed)
        assert db.session.scalar(kept_too), "I4: the second is kept where people see it"
        assert self._attendance() == before, "I4"
        db.session.commit()

    # --- sending -----------------------------------------------------------------------------------------------------

    @rule(size=st.integers(1, 30), shuffled=st.booleans(), fate=FATES)
    def all_send(self, size: int, shuffled: bool, fate: str) -> None:
        for number in range(len(self.phones)):
            self.sends(number, size, shuffled, fate)

    @rule(number=PHONES, size=st.integers(1, 30), shuffled=st.booleans(), fate=FATES)
    def sends(self, number: int, size: int, shuffled: bool, fate: str) -> None:
        phone = self.phones[number]
        if phone.account_id is None or not phone.has_contact:
            return
        self._time_passes(0.5)
        self.is_looked_at = False
        self._bring_sealed(phone, fate)
        acts = phone.waiting(phone.account_id)[:size]
        if shuffled:
            random.Random(size).shuffle(acts)
        if fate == "500" and self.DROPS_ON_500:
            for act in acts:
                del phone.acts[act["id"]]
        answers = self._carry(acts, phone.account_id, phone, fate)
        if answers is not None:
            self._hear(phone, answers)
            self._look(phone)

    def _bring_sealed(self, phone: Phone, fate: str) -> None:
        for envelope in list(phone.sealed):
            answers = self._carry(envelope.acts, envelope.account_id, phone, fate)
            if answers is not None:
                phone.sealed.remove(envelope)
                self.refused |= {str(one.id) for one in answers if one.outcome == "refused"}

    def _carry(
        self, acts: Sequence[dict[str, Any]], account_id: UUID, phone: Phone, fate: str
    ) -> list[Any] | None:
        """What the phone hears, None when it hears nothing."""
        if fate in ("never came", "500") or not acts:
            return None if fate in ("never came", "500") else []
        answers = self._receive(acts, account_id, phone)
        if fate == "died":
            db.session.rollback()
            db.session.remove()
            return None
        db.session.commit()
        return None if fate == "lost" else answers

    def _receive(self, acts: Sequence[dict[str, Any]], account_id: UUID, phone: Phone) -> list[Any]:
        read = [read_act(json.loads(json.dumps(act))) for act in acts]
        return actions.receive(
            read, sent_at=self.now + phone.ahead, by=self._account(account_id), device_id=phone.device_id
        )

    def _hear(self, phone: Phone, answers: Sequence[Any]) -> None:
        for one in answers:
            if one.outcome == "refused":
                assert one.reason, "I9: a refusal says why"
                phone.acts[str(one.id)].state = "refused"
                self.refused.add(str(one.id))
            else:
                del phone.acts[str(one.id)]
                phone.received.add(str(one.id))

    def _look(self, phone: Phone) -> None:
        assert phone.account_id
        for truth in queries.truth_of(set(self.evenings), viewer=self._account(phone.account_id)):
            phone.rolls[truth.rehearsal.id] = {
                singer_id: (status, str(act_id)) for singer_id, (status, act_id) in truth.marks.items()
            }
        db.session.rollback()

    # --- the invariants ---------------------------------------------------------------------------------------

    def _log(self) -> dict[str, Act]:
        rows = db.session.scalars(select(Act).where(Act.rehearsal_id.in_(self.evenings)))
        return {str(act.id): act for act in rows}

    def _attendance(self) -> dict[tuple[UUID, UUID], bool]:
        rows = db.session.execute(
            select(Attendance.rehearsal_id, Attendance.singer_id, Attendance.is_present).where(
                Attendance.rehearsal_id.in_(self.evenings)
            )
        )
        return {(evening, singer): is_present for evening, singer, is_present in rows}

    @invariant()
    def holds(self) -> None:
        if not hasattr(self, "phones") or self.is_looked_at:
            return
        self.is_looked_at = True
        log = self._log()
        refused = list(
            db.session.scalars(select(RefusedAct).where(RefusedAct.rehearsal_id.in_(self.evenings)))
        )
        self._nothing_is_lost(log, refused)
        self._nothing_counts_twice(log)
        self._nothing_is_overwritten(log)
        self._who_disagrees_is_told(log)
        self._the_latest_counts(log)
        self._nobody_comes_back(log, refused)
        db.session.rollback()

    def _nothing_is_lost(self, log: dict[str, Act], refused: list[RefusedAct]) -> None:
        kept_aside = {row.act_id for row in refused}
        assert all(row.dealt_with_at is None for row in refused), "I9: nobody has dealt with it"
        for phone in self.phones:
            assert phone.received <= {*log, *kept_aside}, "I1: «mottaget», and not there"
        assert self.refused <= {*log, *kept_aside}, "I9: a refused act is kept where people see it"
        on_phones = {act_id for phone in self.phones for act_id in phone.acts}
        sealed = {act["id"] for phone in self.phones for each in phone.sealed for act in each.acts}
        gone = set(self.presses) - on_phones - sealed - set(log) - kept_aside
        assert not gone, f"I2: neither on a phone nor in the house: {[self.presses[each] for each in gone]}"

    def _nothing_counts_twice(self, log: dict[str, Act]) -> None:
        assert set(log) <= set(self.presses), "I3: acts that nobody made"
        for act_id, row in log.items():
            sent = self.presses[act_id]
            said = str(row.singer_id) if row.singer_id else None
            assert said == sent.act.get("singer_id"), "I3"
            assert row.status == ("present" if row.kind == "newcomer" else sent.act.get("status")), "I3"
            assert (row.by_id, row.device_id) == (sent.by_id, sent.device_id), "I5: who and from where"
        names = list(
            db.session.scalars(select(Singer.first_name).where(Singer.id.in_(self.newcomers.values())))
        )
        assert len(names) == len(set(names)) or self.erased_names, "I3: a newcomer came twice"

    def _nothing_is_overwritten(self, log: dict[str, Act]) -> None:
        for act_id, row in list(self.seen_rows.items()):
            assert str(act_id) in log, "I5: an act is gone from the log"
            assert _as_kept(log[str(act_id)]) == row, "I5: an act was changed in the log"
        self.seen_rows |= {row.id: _as_kept(row) for row in log.values()}

    def _the_latest_counts(self, log: dict[str, Act]) -> None:
        attendance = self._attendance()
        rows = {
            row.id: row for row in db.session.scalars(select(Singer).where(Singer.id.in_(self._everybody)))
        }
        persons = {row.merged_into_id or row.id for row in rows.values()}
        several = {row.merged_into_id for row in rows.values()}
        about: dict[tuple[UUID, UUID], list[Act]] = {}
        for act in log.values():
            if act.singer_id and act.kind != "outcome":
                about.setdefault((act.rehearsal_id, act.singer_id), []).append(act)
        assert {singer for _evening, singer in attendance} <= persons, "I3: a merged row counts of its own"
        for (evening, singer), acts in about.items():
            presses = [self.presses[str(act.id)] for act in acts]
            is_alone = singer not in several and rows[singer].merged_into_id is None
            if is_alone and not any(press.clock_was_moved for press in presses):
                last = max(presses, key=lambda press: press.at)
                expected = SAID[last.act.get("status", "present")]
                assert attendance.get((evening, singer)) == expected, "I8: not the latest by the true clock"
        for rehearsal in db.session.scalars(select(Rehearsal).where(Rehearsal.id.in_(self.evenings))):
            here = [is_present for (evening, _), is_present in attendance.items() if evening == rehearsal.id]
            assert (rehearsal.present_count, rehearsal.mark_count) == (sum(here), len(here)), "I7"
            guests = [
                self.presses[str(act.id)]
                for act in log.values()
                if act.kind == "guests" and act.rehearsal_id == rehearsal.id
            ]
            if not guests:
                assert rehearsal.guest_count == 0, "I7"
            elif not any(press.clock_was_moved for press in guests):
                last = max(guests, key=lambda press: press.at)
                assert rehearsal.guest_count == last.act["number"], "I7, I8"

    @property
    def _everybody(self) -> set[UUID]:
        return {*self.singers, *self.newcomers.values()}

    def _who_disagrees_is_told(self, log: dict[str, Act]) -> None:
        told = {
            (evening, one.singer_id, one.other.act_id)
            for evening, ones in queries.disagreements(self.evenings).items()
            for one in ones
        }
        seen = {each for act in log.values() for each in (act.seen_id, act.settles_id) if each}
        erased = set(
            db.session.scalars(
                select(Singer.id).where(Singer.id.in_(self._everybody), Singer.erased_at.is_not(None))
            )
        )
        merged = dict(
            db.session.execute(
                select(Singer.id, Singer.merged_into_id).where(
                    Singer.id.in_(self._everybody), Singer.merged_into_id.is_not(None)
                )
            ).all()
        )
        counting = {
            (evening, singer): act_id
            for evening, singer, act_id in db.session.execute(
                select(Attendance.rehearsal_id, Attendance.singer_id, Attendance.act_id).where(
                    Attendance.rehearsal_id.in_(self.evenings)
                )
            )
        }
        last_of_device: dict[tuple[UUID, UUID, str | None], Act] = {}
        for act in sorted(log.values(), key=lambda act: self.presses[str(act.id)].at):
            if act.singer_id and act.kind != "outcome" and act.singer_id not in {*merged, *merged.values()}:
                last_of_device[act.rehearsal_id, act.singer_id, act.device_id] = act
        for (evening, singer, device), act in last_of_device.items():
            winner = counting.get((evening, singer))
            if winner is None or singer in erased or act.id in seen or act.status == "unmarked":
                continue
            other = log[str(winner)]
            clocks = [self.presses[str(each.id)].clock_was_moved for each in (act, other)]
            if any(clocks) or other.device_id == device or other.status == act.status:
                continue
            assert (evening, singer, act.id) in told, "I6: two disagree and nobody is told"

    def _nobody_comes_back(self, log: dict[str, Act], refused: list[RefusedAct]) -> None:
        kept = [
            *db.session.scalars(select(Singer.first_name).where(Singer.id.in_(self._everybody))),
            *(act.words or "" for act in log.values()),
            *(row.body for row in refused),
        ]
        for name in self.erased_names:
            assert not any(name in each for each in kept), "I11: somebody erased is back"

    # --- the end ----------------------------------------------------------------------------------------------

    def teardown(self) -> None:
        """With contact again everywhere, all that waits goes up, and all phones show what the house holds."""
        try:
            if hasattr(self, "phones"):
                self._all_meet()
        finally:
            db.session.rollback()
            self.clock.close()

    def _all_meet(self) -> None:
        for phone in self.phones:
            phone.has_contact = True
            for leader in self.leaders:
                phone.account_id = leader
                self._time_passes()
                self._bring_sealed(phone, "answered")
                answers = self._carry(phone.waiting(leader), leader, phone, "answered")
                self._hear(phone, answers or [])
            assert not phone.sealed
            assert all(kept.state == "refused" for kept in phone.acts.values()), "I2"
        self.is_looked_at = False
        self.holds()
        for phone in self.phones:
            phone.account_id = self.leaders[0]
            phone.rolls.clear()
            self._look(phone)
        expected = self._attendance()
        for phone in self.phones:
            shown = {
                (evening, singer): status == "present"
                for evening, marks in phone.rolls.items()
                for singer, (status, _act) in marks.items()
            }
            assert shown == expected, "phones and house are not equal"


def _as_kept(act: Act) -> tuple[Any, ...]:
    return (
        act.kind, act.rehearsal_id, act.singer_id, act.status, act.number, act.outcome, act.device_at,
        act.acted_at, act.received_at, act.by_id, act.device_id, act.seen_id, act.settles_id, act.body_hash,
    )  # fmt: skip


def _letters(number: int) -> str:
    """A number in letters, since a row of digits in a name could look like an identity number."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


def in_house(app: Flask, **more: Any) -> type[Histories]:
    """The machine for this house; `more` plants a fault in the phones."""
    return type("HistoriesHere", (Histories,), {"house": app, **more})
