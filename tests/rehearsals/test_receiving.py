"""The roll call's rules in DOMAIN.md, one by one."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from choir_app.accounts.models import Account
from choir_app.choirs import actions as choirs
from choir_app.choirs.models import Choir, Singer
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.rehearsals import actions
from choir_app.rehearsals.models import Act, Attendance, RefusedAct, Rehearsal
from choir_app.rehearsals.rules import Answer, KnownAct, SentAct, UnreadableAct, act_that_counts, read_act
from tests import makers
from tests.conftest import NOW, TheClock
from tests.statements import counted


class Evening:
    """A rehearsal that has just begun, its singers and its leader."""

    def __init__(self, *names: str) -> None:
        self.choir: Choir = makers.a_choir()
        self.singers: list[Singer] = [
            makers.a_singer(name, choir=self.choir) for name in names or ("Amina", "Bo")
        ]
        self.leader: Account = makers.a_leader(self.choir)
        self.rehearsal: Rehearsal = makers.a_rehearsal(self.choir)

    def mark(self, status: str = "present", *, singer: int = 0, at: datetime = NOW, **more: Any) -> SentAct:
        given = {"id": uuid4(), "singer_id": self.singers[singer].id, **more}
        return SentAct(kind="mark", rehearsal_id=self.rehearsal.id, at=at, status=status, **given)

    def act(self, kind: str, *, at: datetime = NOW, **more: Any) -> SentAct:
        given = {"id": uuid4(), "rehearsal_id": self.rehearsal.id, **more}
        return SentAct(kind=kind, at=at, **given)

    def sends(
        self, *acts: SentAct | UnreadableAct, sent_at: datetime | None = None, by: Account | None = None
    ) -> list[Answer]:
        return actions.receive(
            acts, sent_at=sent_at or clock.now(), by=by or self.leader, device_id="telefon"
        )

    @property
    def here(self) -> dict[str, bool]:
        rows = db.session.execute(
            select(Singer.first_name, Attendance.is_present)
            .join(Attendance, Attendance.singer_id == Singer.id)
            .where(Attendance.rehearsal_id == self.rehearsal.id)
        )
        return dict(rows.all())

    @property
    def counts(self) -> tuple[int, int, int]:
        db.session.refresh(self.rehearsal)
        return self.rehearsal.present_count, self.rehearsal.mark_count, self.rehearsal.guest_count


@pytest.fixture
def evening(app: Flask) -> Evening:
    return Evening()


def outcomes(answers: list[Answer]) -> list[str]:
    return [answer.outcome for answer in answers]


def reasons() -> list[str]:
    return list(db.session.scalars(select(RefusedAct.cause)))


class TestMarks:
    def test_present_absent_and_not_seen(self, evening: Evening) -> None:
        evening.sends(evening.mark("present"), evening.mark("absent", singer=1))
        assert evening.here == {"Amina": True, "Bo": False}
        assert evening.counts == (1, 2, 0)
        evening.sends(evening.mark("unmarked", singer=1, at=NOW + timedelta(seconds=-1)))
        assert evening.here == {"Amina": True, "Bo": False}, "an earlier act changes nothing"

    def test_unmarked_leaves_no_row(self, evening: Evening, the_clock: TheClock) -> None:
        evening.sends(evening.mark("present"))
        the_clock.set_to(NOW + timedelta(minutes=1))
        assert outcomes(evening.sends(evening.mark("unmarked", at=clock.now()))) == ["applied"]
        assert evening.here == {}
        assert evening.counts == (0, 0, 0)
        assert not evening.rehearsal.is_logged

    def test_marks_are_kept_for_ever(self, evening: Evening) -> None:
        for minutes, status in ((9, "present"), (6, "unmarked"), (3, "present")):
            evening.sends(evening.mark(status, at=NOW - timedelta(minutes=minutes)))
        assert db.session.scalar(select(func.count()).select_from(Act)) == 3

    def test_guests_and_headcount(self, evening: Evening) -> None:
        evening.sends(evening.mark(), evening.act("guests", number=4))
        assert evening.counts == (1, 1, 4)
        assert evening.rehearsal.headcount == 5

    def test_the_evening_is_done_with_a_note(self, evening: Evening) -> None:
        evening.sends(evening.act("done"), evening.act("note", words="Vi fick låna pianot."))
        assert evening.rehearsal.done_at == NOW
        assert evening.rehearsal.evening_note == "Vi fick låna pianot."
        assert evening.rehearsal.headcount == 0, "somebody said that nobody came"

    def test_without_any_mark_it_is_unknown_and_not_zero(self, evening: Evening) -> None:
        assert evening.rehearsal.headcount is None


class TestTheSameActAgain:
    def test_has_the_effect_of_once(self, evening: Evening) -> None:
        act = evening.mark()
        for _time in range(10):
            assert evening.sends(act) == [Answer(str(act.id), "applied")]
        assert evening.counts == (1, 1, 0)
        assert db.session.scalar(select(func.count()).select_from(Act)) == 1

    def test_twice_in_one_batch(self, evening: Evening) -> None:
        act = evening.mark()
        assert outcomes(evening.sends(act, act)) == ["applied", "applied"]
        assert evening.counts == (1, 1, 0)

    def test_with_another_body_is_refused_and_both_are_kept(self, evening: Evening) -> None:
        act = evening.mark()
        evening.sends(act)
        other = evening.mark("absent", id=act.id)
        [answer] = evening.sends(other)
        assert (answer.outcome, answer.id) == ("refused", str(act.id))
        assert "redan kommit" in (answer.reason or "")
        assert evening.here == {"Amina": True}
        [kept] = db.session.scalars(select(RefusedAct))
        assert kept.body_hash == other.body_hash
        assert '"absent"' in kept.body
        evening.sends(other)
        assert len(reasons()) == 1, "the same refusal is kept once"

    def test_a_newcomer_again_without_the_number_that_no_phone_keeps(self) -> None:
        whole = SentAct(
            uuid4(), "newcomer", uuid4(), NOW, singer_id=uuid4(), words="Semhar", phone="070-174 06 10"
        )
        assert replace(whole, phone=None).body_hash == whole.body_hash
        assert replace(whole, words="Saba").body_hash != whole.body_hash

    def test_with_another_body_in_the_same_batch(self, evening: Evening) -> None:
        act = evening.mark()
        assert outcomes(evening.sends(act, evening.mark("absent", id=act.id))) == ["applied", "refused"]

    def test_an_overtaken_act_is_answered_superseded(self, evening: Evening) -> None:
        first, second = evening.mark(at=NOW - timedelta(minutes=2)), evening.mark("absent")
        assert outcomes(evening.sends(first, second)) == ["superseded", "applied"]
        assert outcomes(evening.sends(first)) == ["superseded"]


class TestTheLaterActWins:
    def test_whatever_the_order(self, evening: Evening) -> None:
        late, early = evening.mark("absent"), evening.mark(at=NOW - timedelta(minutes=5))
        evening.sends(late)
        evening.sends(early)
        assert evening.here == {"Amina": False}

    def test_by_corrected_time_when_a_clock_is_a_day_behind(self, evening: Evening) -> None:
        behind = timedelta(days=1)
        evening.sends(evening.mark("absent", at=NOW - timedelta(minutes=5)))
        act = evening.mark(at=NOW - behind - timedelta(minutes=1))
        evening.sends(act, sent_at=NOW - behind)
        assert evening.here == {"Amina": True}
        kept = db.session.get_one(Act, act.id)
        assert kept.acted_at == NOW - timedelta(minutes=1)
        assert kept.device_at == act.at, "the device's own time is kept as it came"

    def test_when_a_clock_is_three_hours_ahead(self, evening: Evening) -> None:
        ahead = timedelta(hours=3)
        evening.sends(evening.mark(at=NOW + ahead - timedelta(minutes=9)), sent_at=NOW + ahead)
        evening.sends(evening.mark("absent", at=NOW - timedelta(minutes=4)))
        assert evening.here == {"Amina": False}

    def test_a_time_to_come_is_cut_to_the_receipt(self, evening: Evening) -> None:
        act = evening.mark(at=NOW + timedelta(days=300))
        evening.sends(act)
        assert db.session.get_one(Act, act.id).acted_at == NOW

    def test_at_equal_times_the_greater_id_wins(self, evening: Evening) -> None:
        small, great = UUID(int=1 << 100), UUID(int=1 << 101)
        evening.sends(evening.mark("present", id=great))
        evening.sends(evening.mark("absent", id=small))
        assert evening.here == {"Amina": True}
        evening.sends(evening.mark("absent", id=UUID(int=1 << 102)))
        assert evening.here == {"Amina": False}

    def test_guests_too(self, evening: Evening) -> None:
        evening.sends(evening.act("guests", number=3))
        evening.sends(evening.act("guests", number=9, at=NOW - timedelta(minutes=1)))
        assert evening.counts == (0, 0, 3)


class TestWhatWasSeen:
    """Within one phone what was seen decides before the clock; between two only the clock."""

    IDS = tuple(UUID(int=number) for number in range(1, 5))

    def test_on_one_phone_the_act_that_saw_the_other_counts(self) -> None:
        press, undone = self.IDS[1], self.IDS[0]
        acts = [
            KnownAct(press, NOW, device_id="a"),
            KnownAct(undone, NOW - timedelta(seconds=30), press, "a"),
        ]
        assert act_that_counts(acts).id == act_that_counts(acts[::-1]).id == undone

    @pytest.mark.parametrize("device", ["b", None])
    def test_on_another_the_later_counts(self, device: str | None) -> None:
        acts = [
            KnownAct(self.IDS[0], NOW, device_id="a"),
            KnownAct(self.IDS[1], NOW - timedelta(seconds=1), self.IDS[0], device),
        ]
        assert act_that_counts(acts).id == act_that_counts(acts[::-1]).id == self.IDS[0]

    def test_an_earlier_act_of_another_phone_wins_nothing_when_one_overtakes_oneself(self) -> None:
        press, undone, between = self.IDS[:3]
        acts = [
            KnownAct(press, NOW, device_id="a"),
            KnownAct(undone, NOW - timedelta(seconds=30), press, "a"),
            KnownAct(between, NOW - timedelta(seconds=10), device_id="b"),
        ]
        assert {act_that_counts(order).id for order in permutations(acts)} == {undone}

    @given(
        drawn=st.lists(
            st.tuples(st.integers(0, 3), st.integers(0, 5), st.sampled_from(["a", "b", None])),
            min_size=1,
            max_size=4,
        ),
        chance=st.randoms(use_true_random=False),
    )
    def test_the_order_never_matters_not_even_in_circles(self, drawn: list[Any], chance: Any) -> None:
        acts = [
            KnownAct(self.IDS[place], NOW - timedelta(seconds=ago), self.IDS[seen], device)
            for place, (seen, ago, device) in enumerate(drawn)
        ]
        expected = act_that_counts(acts)
        chance.shuffle(acts)
        assert act_that_counts(acts) == expected
        if all(act.device_id is None or act.seen_id == act.id for act in acts):
            assert expected.acted_at == max(act.acted_at for act in acts)


class TestRefusals:
    def test_one_bad_act_never_stops_the_others(self, evening: Evening) -> None:
        good = evening.mark()
        nonsense = read_act({"id": 7, "kind": "mark"})
        answers = evening.sends(nonsense, evening.act("mark", singer_id=uuid4(), status="present"), good)
        assert outcomes(answers) == ["refused", "refused", "applied"]
        assert all(answer.reason for answer in answers[:2])
        assert evening.here == {"Amina": True}

    def test_no_right(self, evening: Evening) -> None:
        stranger = makers.a_leader(makers.a_choir(town="Göteborg"), "Sten")
        member = makers.an_account("Maja")
        for who in (stranger, member):
            [answer] = evening.sends(evening.mark(), by=who)
            assert answer.outcome == "refused"
            assert "leder inte" in (answer.reason or "")
        assert evening.counts == (0, 0, 0)
        assert outcomes(evening.sends(evening.mark(), by=makers.a_manager())) == ["applied"]

    def test_rehearsal_that_is_gone(self, evening: Evening) -> None:
        [answer] = evening.sends(evening.mark(), evening.act("done", rehearsal_id=uuid4()))[1:]
        assert answer == Answer(answer.id, "refused", "Repetitionen finns inte längre.")

    def test_cancelled_rehearsal(self, evening: Evening) -> None:
        actions.cancel_rehearsal(evening.rehearsal, reason=None, by=evening.leader)
        [answer] = evening.sends(evening.mark())
        assert answer.reason == "Repetitionen är inställd."
        assert reasons() == ["cancelled"]

    def test_before_its_day(self, evening: Evening) -> None:
        evening.rehearsal.starts_at = NOW + timedelta(days=1)
        assert outcomes(evening.sends(evening.mark())) == ["refused"]
        evening.rehearsal.starts_at = NOW + timedelta(hours=5)
        assert outcomes(evening.sends(evening.mark())) == ["applied"]

    def test_after_fourteen_days_only_a_manager(self, evening: Evening, the_clock: TheClock) -> None:
        the_clock.set_to(NOW + timedelta(days=15))
        [answer] = evening.sends(evening.mark(at=clock.now()))
        assert "14 dagar" in (answer.reason or "")
        kept_on_the_phone = evening.mark(at=NOW + timedelta(minutes=3))
        assert outcomes(evening.sends(kept_on_the_phone)) == ["applied"], "marked in time, sent late"
        assert outcomes(evening.sends(evening.mark("absent", at=clock.now()), by=makers.a_manager())) == [
            "applied"
        ]

    def test_erased_singer(self, evening: Evening) -> None:
        evening.sends(evening.mark())
        choirs.erase_singer(evening.singers[0], by=evening.leader)
        [answer] = evening.sends(evening.mark("unmarked"))
        assert answer.reason == "Sångaren är raderad."
        assert evening.counts == (1, 1, 0), "erasing keeps the count"

    def test_singer_of_another_choir(self, evening: Evening) -> None:
        other = makers.a_singer("Doris", choir=makers.a_choir(town="Göteborg"))
        [answer] = evening.sends(evening.act("mark", singer_id=other.id, status="present"))
        assert answer.reason == "Personen sjunger inte i den här kören."

    def test_a_singer_who_left_can_still_be_corrected(self, evening: Evening) -> None:
        left = makers.a_singer("Eva", choir=evening.choir, state="left")
        assert outcomes(evening.sends(evening.act("mark", singer_id=left.id, status="present"))) == [
            "applied"
        ]


class TestNewcomers:
    def test_needs_a_first_name_and_is_here(self, evening: Evening) -> None:
        singer_id = uuid4()
        welcome = evening.act("newcomer", singer_id=singer_id, words="Semhar", status="present")
        assert outcomes(evening.sends(welcome)) == ["applied"]
        assert evening.here == {"Semhar": True}
        assert db.session.get_one(Singer, singer_id).memberships[0].state == "trying"
        assert outcomes(evening.sends(welcome)) == ["applied"]
        assert evening.counts == (1, 1, 0)
        assert db.session.get_one(Act, welcome.id).words is None, "the log keeps no name"

    def test_in_its_own_voice(self, evening: Evening) -> None:
        voice = evening.choir.voices[1]
        singer_id = uuid4()
        evening.sends(evening.act("newcomer", singer_id=singer_id, words="Semhar", voice_id=voice.id))
        assert db.session.get_one(Singer, singer_id).memberships[0].voice is voice

    def test_a_mark_may_stand_before_the_newcomer_in_the_batch(self, evening: Evening) -> None:
        singer_id = uuid4()
        mark = evening.act("mark", singer_id=singer_id, status="absent")
        welcome = evening.act("newcomer", singer_id=singer_id, words="Semhar", at=NOW - timedelta(minutes=1))
        assert outcomes(evening.sends(mark, welcome)) == ["applied", "applied"]
        assert evening.here == {"Semhar": False}

    def test_a_mark_that_came_before_the_newcomer_is_taken_in_with_it(self, evening: Evening) -> None:
        singer_id = uuid4()
        mark = evening.act("mark", singer_id=singer_id, status="absent")
        assert outcomes(evening.sends(mark)) == ["refused"]
        evening.sends(
            evening.act(
                "newcomer",
                singer_id=singer_id,
                words="Semhar",
                status="present",
                at=NOW - timedelta(minutes=1),
            )
        )
        assert evening.here == {"Semhar": False}
        assert outcomes(evening.sends(mark)) == ["applied"]

    def test_no_name(self, evening: Evening) -> None:
        [answer] = evening.sends(evening.act("newcomer", singer_id=uuid4(), words=" "))
        assert (answer.outcome, answer.reason) == ("refused", "Skriv ett förnamn.")

    def test_an_identity_number_is_refused_and_not_kept(self, evening: Evening) -> None:
        raw = {
            "id": str(uuid4()),
            "kind": "newcomer",
            "rehearsal_id": str(evening.rehearsal.id),
            "singer_id": str(uuid4()),
            "name": "811218-9876",
            "at": NOW.isoformat(),
        }
        [answer] = evening.sends(read_act(raw))
        assert "personnummer" in (answer.reason or "")
        assert "811218" not in (db.session.scalar(select(RefusedAct.body)) or "")


class TestWhatABatchCosts:
    def test_thirty_marks_take_as_many_statements_as_three(self, app: Flask) -> None:
        evening = Evening(*(f"Sara {number}" for number in range(30)))
        spent = []
        for first, last in ((0, 3), (3, 30)):
            acts = [evening.mark(singer=number) for number in range(first, last)]
            db.session.flush()
            with counted() as seen:
                evening.sends(*acts)
            spent.append(len(seen))
        assert spent[0] == spent[1] <= 15


class TestANewcomersNumber:
    def newcomer(self, evening: Evening, phone: str) -> dict[str, str]:
        ids = {"id": str(uuid4()), "rehearsal_id": str(evening.rehearsal.id), "singer_id": str(uuid4())}
        return {**ids, "kind": "newcomer", "name": "Semhar", "phone": phone, "at": NOW.isoformat()}

    @pytest.mark.parametrize("phone", ["0406280404", "+46 70 174 06 05"])
    def test_may_look_like_anything_when_it_is_a_telephone_number(self, evening: Evening, phone: str) -> None:
        assert outcomes(evening.sends(read_act(self.newcomer(evening, phone)))) == ["applied"]

    def test_is_no_identity_number(self, evening: Evening) -> None:
        [answer] = evening.sends(read_act(self.newcomer(evening, "811218-9876")))
        assert "personnummer" in (answer.reason or "")


class TestASheetThatOneGoesBackTo:
    """The same receipt with other words is another act; nothing of it is dropped silently."""

    def test_another_number_of_guests(self, evening: Evening) -> None:
        receipt, sheet = uuid4(), {"was_here": [], "is_here": [], "by": evening.leader}
        for guests in (3, 5, 5):
            actions.take_roll(evening.rehearsal, guests=guests, receipt=receipt, **sheet)
        assert evening.counts == (0, 0, 5)

    def test_another_newcomer(self, evening: Evening) -> None:
        receipt = uuid4()
        for name in ("Semhar", "Yonas", "Semhar"):
            actions.welcome_newcomer(evening.rehearsal, first_name=name, receipt=receipt, by=evening.leader)
        assert evening.here == {"Semhar": True, "Yonas": True}

    def test_another_note(self, evening: Evening) -> None:
        receipt = uuid4()
        for note in ("Ny sång.", "Ny sång och fika."):
            actions.finish_evening(evening.rehearsal, note=note, receipt=receipt, by=evening.leader)
        assert evening.rehearsal.evening_note == "Ny sång och fika."


class TestErasing:
    def test_leaves_no_name_in_what_was_refused(self, evening: Evening) -> None:
        singer_id = uuid4()
        welcome = evening.act("newcomer", singer_id=singer_id, status="present", words="Semhar")
        other = replace(welcome, words="Zufan", phone="070-174 06 05")
        assert outcomes(evening.sends(welcome, other)) == ["applied", "refused"]
        assert "Zufan" in (db.session.scalar(select(RefusedAct.body)) or "")
        singer = db.session.get_one(Singer, singer_id)
        choirs.erase_singer(singer, by=evening.leader)
        evening.sends(replace(welcome, words="Zufan Haile"), evening.mark(singer=1))
        kept = " ".join(db.session.scalars(select(RefusedAct.body)))
        assert str(singer_id) in kept
        assert not any(word in kept for word in ("Semhar", "Zufan", "Haile", "070-"))
        assert not db.session.scalars(select(Act).where(Act.words.is_not(None))).all()


STATUSES = st.sampled_from(["present", "absent", "unmarked"])
SECONDS = st.integers(min_value=0, max_value=5)


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[int, str, int, int | None]]:
    """(singer, status, seconds ago, place of the act it had seen) of some acts; many at equal times."""
    drawn = draw(st.lists(st.tuples(st.integers(0, 2), STATUSES, SECONDS), min_size=1, max_size=10))
    seen = [
        draw(
            st.none()
            | st.sampled_from([other for other in range(place) if drawn[other][0] == each[0]] or [None])
        )
        for place, each in enumerate(drawn)
    ]
    return [(*each, place) for each, place in zip(drawn, seen, strict=True)]


class TestAnyOrderSplittingAndRepetition:
    @settings(
        max_examples=40,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
    )
    @given(history=histories(), data=st.data())
    def test_gives_the_same_attendance(self, app: Flask, history: list[Any], data: st.DataObject) -> None:
        evening = Evening("Amina", "Bo", "Carlos")
        acts: list[SentAct] = []
        for singer, status, ago, seen in history:
            seen_id = None if seen is None else acts[seen].id
            acts.append(evening.mark(status, singer=singer, at=NOW - timedelta(seconds=ago), seen_id=seen_id))
        expected: dict[str, bool] = {}
        for singer in evening.singers:
            own = {act.id: act for act in acts if act.singer_id == singer.id}
            if own:
                known = [KnownAct(act.id, act.at, act.seen_id, "telefon") for act in own.values()]
                status = own[act_that_counts(known).id].status
                expected |= {} if status == "unmarked" else {singer.first_name: status == "present"}
        arriving = data.draw(
            st.permutations([*acts, *data.draw(st.lists(st.sampled_from(acts), max_size=4))])
        )
        while arriving:
            size = data.draw(st.integers(1, len(arriving)))
            batch, arriving = arriving[:size], arriving[size:]
            assert "refused" not in outcomes(evening.sends(*batch))
        assert evening.here == expected
        assert evening.counts == (sum(expected.values()), len(expected), 0)
        db.session.rollback()
