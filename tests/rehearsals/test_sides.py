"""Where two phones disagree, people who were written up twice, and what good came of an evening."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from choir_app.choirs import actions as choirs
from choir_app.choirs.models import Singer
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.foundation.refusal import Refusal
from choir_app.rehearsals import actions, queries, rules
from choir_app.rehearsals.models import Act, Attendance, RefusedAct
from choir_app.rehearsals.rules import KnownAct, SentAct, act_of_person, other_sides
from tests import makers
from tests.conftest import NOW
from tests.rehearsals.test_receiving import Evening, outcomes
from tests.statements import counted

ONE, TWO, THREE, FOUR = (UUID(int=number) for number in range(1, 5))


def known(
    act_id: UUID,
    status: str,
    device: str | None = "a",
    *,
    ago: int = 0,
    seen: UUID | None = None,
    settles: UUID | None = None,
) -> KnownAct:
    return KnownAct(act_id, NOW - timedelta(seconds=ago), seen, device, status, settles)


def sides(*acts: KnownAct) -> list[UUID]:
    """The other sides, the same in every order."""
    found = {
        tuple(side.id for side in other_sides(act_of_person([order]), order)) for order in permutations(acts)
    }
    assert len(found) == 1, f"it depends on the order: {found}"
    return list(found.pop())


def counts(*acts: KnownAct) -> UUID:
    """The act that counts, the same in every order."""
    found = {act_of_person([order]).id for order in permutations(acts)}
    assert len(found) == 1, f"it depends on the order: {found}"
    return found.pop()


class TestTheRuleOfTwoSides:
    def test_two_phones_that_had_not_seen_each_other(self) -> None:
        assert sides(known(ONE, "present", "a"), known(TWO, "absent", "b", ago=9)) == [TWO]

    def test_nobody_when_both_say_the_same(self) -> None:
        assert sides(known(ONE, "present", "a"), known(TWO, "present", "b", ago=9)) == []

    def test_nobody_when_the_one_had_seen_the_other(self) -> None:
        assert sides(known(ONE, "present", "a", ago=9), known(TWO, "absent", "b", seen=ONE)) == []

    def test_one_phone_never_contradicts_itself(self) -> None:
        assert sides(known(ONE, "present", "a", ago=9), known(TWO, "absent", "a")) == []

    def test_taking_back_what_does_not_count_is_no_side(self) -> None:
        assert sides(known(ONE, "present", "a"), known(TWO, "unmarked", "b", ago=9)) == []

    def test_taking_back_that_counts_has_another_side(self) -> None:
        assert sides(known(ONE, "present", "a", ago=9), known(TWO, "unmarked", "b")) == [ONE]

    def test_an_act_that_settles_ends_it(self) -> None:
        both = known(ONE, "present", "a"), known(TWO, "absent", "b", ago=9)
        assert sides(*both, known(THREE, "absent", "a", ago=-5, seen=ONE, settles=TWO)) == []
        assert sides(*both, known(THREE, "present", "c", ago=-5, seen=ONE, settles=TWO)) == []

    def test_whoever_had_seen_and_is_overtaken_by_a_clock_is_a_side_too(self) -> None:
        assert sides(known(ONE, "present", "a"), known(TWO, "absent", "b", ago=9, seen=ONE)) == [TWO]

    def test_an_act_that_settles_counts_whatever_the_clocks_say(self) -> None:
        here, away = known(ONE, "present", "a"), known(TWO, "absent", "b", ago=3)
        late = known(THREE, "absent", "a", ago=9, seen=ONE, settles=TWO)
        assert counts(here, away, late) == THREE
        assert counts(here, away, known(THREE, "absent", "c", ago=9, seen=ONE, settles=TWO)) == THREE
        assert counts(here, away, known(THREE, "present", None, ago=9, seen=TWO, settles=ONE)) == THREE
        assert counts(here, away, late, known(FOUR, "present", "a", ago=20, seen=THREE)) == FOUR
        assert counts(here, away, late, known(FOUR, "present", "b", ago=-1)) == FOUR, (
            "done later by the clock"
        )

    def test_what_was_seen_on_another_phone_gives_way_to_the_clock_unless_it_is_settled(self) -> None:
        assert counts(known(ONE, "present", "a"), known(TWO, "absent", "b", ago=9, seen=ONE)) == ONE

    def test_a_later_act_of_a_phone_stands_for_its_earlier_ones(self) -> None:
        acts = (
            known(ONE, "present", "a", ago=20),
            known(TWO, "absent", "a", ago=10),
            known(THREE, "absent", "b"),
        )
        assert sides(*acts) == []

    def test_an_undone_press_is_the_newer_one_whatever_the_clock_says(self) -> None:
        pressed, undone = known(ONE, "present", "a"), known(TWO, "absent", "a", ago=3, seen=ONE)
        assert sides(pressed, undone, known(THREE, "present", "b", ago=-9)) == [TWO]

    def test_three_phones_give_two_sides(self) -> None:
        acts = (
            known(ONE, "present", "a"),
            known(TWO, "absent", "b", ago=3),
            known(THREE, "absent", "c", ago=9),
        )
        assert sides(*acts) == [TWO, THREE]

    @given(
        drawn=st.lists(
            st.tuples(
                st.integers(0, 3),
                st.integers(0, 3),
                st.integers(0, 5),
                st.sampled_from(["a", "b", None]),
                st.sampled_from(rules.STATUSES),
            ),
            min_size=1,
            max_size=4,
        ),
        chance=st.randoms(use_true_random=False),
    )
    def test_the_order_never_matters_not_even_in_circles(self, drawn: list[Any], chance: Any) -> None:
        ids = (ONE, TWO, THREE, FOUR)
        acts = [
            known(ids[place], status, device, ago=ago, seen=ids[seen], settles=ids[settles])
            for place, (seen, settles, ago, device, status) in enumerate(drawn)
        ]
        counts, found = act_of_person([acts]), other_sides(act_of_person([acts]), acts)
        chance.shuffle(acts)
        assert act_of_person([acts]) == counts
        assert other_sides(counts, acts) == found
        assert counts not in found


class TestTheRuleOfOnePerson:
    def test_not_seen_never_beats_what_was_said_of_the_other_row(self) -> None:
        rows = [[known(ONE, "present", ago=9)], [known(TWO, "unmarked", "b")]]
        assert act_of_person(rows).id == act_of_person(rows[::-1]).id == ONE

    def test_of_two_that_say_something_the_later_counts(self) -> None:
        rows = [[known(ONE, "present", ago=9)], [known(TWO, "absent", "b")]]
        assert act_of_person(rows).id == act_of_person(rows[::-1]).id == TWO

    def test_whoever_had_seen_the_other_row_takes_it_back(self) -> None:
        rows = [[known(ONE, "present", ago=9)], [known(TWO, "unmarked", "b", seen=ONE)]]
        assert act_of_person(rows).id == act_of_person(rows[::-1]).id == TWO


def first_of_two(told: Any) -> tuple[str, str, str, str]:
    return told.counts.by, told.counts.status, told.other.by, told.other.status


class TestADisagreement:
    @pytest.fixture
    def evening(self, app: Flask) -> Evening:
        return Evening("Amina", "Bo")

    def told(self, evening: Evening) -> list[Any]:
        return queries.disagreements([evening.rehearsal.id]).get(evening.rehearsal.id, [])

    def send(self, evening: Evening, act: SentAct, device: str | None, by: Any) -> None:
        actions.receive([act], sent_at=clock.now(), by=by, device_id=device)

    def test_is_told_with_both_names_and_times(self, evening: Evening) -> None:
        bo = makers.a_leader(evening.choir, "Bo Ek")
        self.send(evening, evening.mark("absent", at=NOW - timedelta(minutes=3)), "en", evening.leader)
        self.send(evening, evening.mark("present", at=NOW - timedelta(minutes=1)), "två", bo)
        [one] = self.told(evening)
        assert first_of_two(one) == ("Bo Ek", "present", "Elin Norberg", "absent")
        assert (one.counts.at, one.other.at) == (NOW - timedelta(minutes=1), NOW - timedelta(minutes=3))
        assert one.singer_id == evening.singers[0].id

    def test_is_settled_by_one_act(self, evening: Evening) -> None:
        for device, status, ago in (("en", "absent", 3), ("två", "present", 1)):
            self.send(evening, evening.mark(status, at=NOW - timedelta(minutes=ago)), device, evening.leader)
        [one] = self.told(evening)
        act = evening.mark("absent", seen_id=one.counts.act_id, settles_id=one.other.act_id)
        self.send(evening, act, "en", evening.leader)
        assert self.told(evening) == []
        assert evening.here == {"Amina": False}

    def test_is_not_made_by_a_page_which_has_seen_what_counted(self, evening: Evening) -> None:
        self.send(evening, evening.mark("present", at=NOW - timedelta(minutes=3)), "en", evening.leader)
        ids = [evening.singers[0].id]
        actions.take_roll(
            evening.rehearsal, was_here=ids, is_here=[], guests=None, receipt=uuid4(), by=evening.leader
        )
        assert evening.here == {}
        assert self.told(evening) == []

    def test_names_a_substitute(self, evening: Evening) -> None:
        loan = makers.a_loan(evening.rehearsal, "Nils")
        nils = loan.substitute
        self.send(evening, evening.mark("present", at=NOW - timedelta(minutes=3)), "hans", nils)
        self.send(evening, evening.mark("absent", at=NOW - timedelta(minutes=1)), "en", evening.leader)
        [one] = self.told(evening)
        assert first_of_two(one) == ("Elin Norberg", "absent", "Nils", "present")
        act = db.session.get_one(Act, one.other.act_id)
        assert (act.by_id, act.loan_id) == (None, loan.id)

    def test_is_none_of_an_erased_singer(self, evening: Evening) -> None:
        for device, status in (("en", "absent"), ("två", "present")):
            self.send(evening, evening.mark(status), device, evening.leader)
        choirs.erase_singer(evening.singers[0], by=evening.leader)
        assert self.told(evening) == []

    def test_of_many_evenings_is_one_statement(self, evening: Evening) -> None:
        ids = [evening.rehearsal.id, *(makers.a_rehearsal(evening.choir).id for _number in range(5))]
        db.session.flush()
        with counted() as seen:
            queries.disagreements(ids)
        assert len(seen) == 1


class TestASubstitute:
    def test_takes_one_roll_and_welcomes_newcomers(self, app: Flask) -> None:
        evening = Evening()
        loan = makers.a_loan(evening.rehearsal, "Nils")
        nils = loan.substitute
        welcome = evening.act("newcomer", singer_id=uuid4(), words="Semhar", status="present")
        answers = actions.receive([evening.mark(), welcome], sent_at=NOW, by=nils, device_id="x")
        assert outcomes(answers) == ["applied", "applied"]
        assert evening.counts == (2, 2, 0)
        other = Evening("Carlos")
        [answer] = actions.receive([other.mark()], sent_at=NOW, by=nils)
        assert answer.outcome == "refused"
        assert "lånat en annan lista" in (answer.reason or "")
        kept = db.session.scalars(select(RefusedAct)).one()
        assert (kept.by_id, kept.loan_id, kept.cause) == (None, loan.id, "no_right")

    def test_the_right_may_be_another_one(self, evening: Evening) -> None:
        member = makers.an_account("Maja")
        assert outcomes(actions.receive([evening.mark()], sent_at=NOW, by=member)) == ["refused"]
        answers = actions.receive([evening.mark()], sent_at=NOW, by=member, may=lambda _by, _which: True)
        assert outcomes(answers) == ["applied"]

    @pytest.fixture
    def evening(self, app: Flask) -> Evening:
        return Evening()


class TestOnePersonWrittenUpTwice:
    @pytest.fixture
    def evening(self, app: Flask) -> Evening:
        return Evening("Amina", "Aminah", "Bo")

    def merge(self, evening: Evening, *, into: int = 0, other: int = 1) -> Any:
        db.session.commit()
        return choirs.merge_singers(evening.singers[other], into=evening.singers[into], by=evening.leader)

    def test_is_counted_once_and_no_mark_is_lost(self, evening: Evening) -> None:
        evening.sends(evening.mark("present", singer=1), evening.mark("present", singer=2))
        assert evening.counts == (2, 2, 0)
        self.merge(evening)
        assert evening.here == {"Amina": True, "Bo": True}
        assert evening.counts == (2, 2, 0)
        evening.sends(evening.mark("present"))
        assert evening.counts == (2, 2, 0)

    def test_both_rows_marked_are_one_head(self, evening: Evening) -> None:
        evening.sends(evening.mark("present"), evening.mark("present", singer=1))
        assert evening.counts == (2, 2, 0)
        merge = self.merge(evening)
        assert evening.counts == (1, 1, 0)
        choirs.part_singers(merge, by=evening.leader)
        assert evening.counts == (2, 2, 0)

    def test_a_phone_that_still_shows_the_other_row_is_understood(self, evening: Evening) -> None:
        self.merge(evening)
        late = evening.mark("present", singer=1)
        assert outcomes(evening.sends(late)) == ["applied"]
        assert evening.here == {"Amina": True}
        assert db.session.get_one(Act, late.id).singer_id == evening.singers[1].id, (
            "acts stay as they were sent"
        )
        assert queries.rows_merged_at([evening.rehearsal.id]) == {
            evening.rehearsal.id: {evening.singers[1].id: evening.singers[0].id}
        }
        undone = evening.mark("unmarked", seen_id=late.id)
        assert outcomes(evening.sends(undone)) == ["applied"]
        assert evening.here == {}

    def test_the_roll_names_them_once(self, evening: Evening) -> None:
        evening.sends(evening.mark("present", singer=1))
        self.merge(evening)
        roll = queries.roll_of(evening.rehearsal)
        assert [(one.name, one.status) for one in roll.singers] == [("Amina", "present"), ("Bo", None)]
        assert roll.elsewhere == 0

    def test_two_phones_that_disagree_on_the_two_rows_are_told(self, evening: Evening) -> None:
        actions.receive([evening.mark("present", singer=1)], sent_at=NOW, by=evening.leader, device_id="a")
        actions.receive([evening.mark("absent")], sent_at=NOW, by=evening.leader, device_id="b")
        assert queries.disagreements([evening.rehearsal.id]) == {}
        self.merge(evening)
        [one] = queries.disagreements([evening.rehearsal.id])[evening.rehearsal.id]
        assert one.singer_id == evening.singers[0].id

    def test_erasing_forgets_what_was_said_of_both_rows(self, evening: Evening) -> None:
        evening.sends(evening.mark(singer=1, why="Aminah ringde"))
        self.merge(evening)
        choirs.erase_singer(evening.singers[0], by=evening.leader)
        assert db.session.scalars(select(Act.why).where(Act.why.is_not(None))).all() == []
        assert evening.counts == (1, 1, 0)

    @settings(
        max_examples=25,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
    )
    @given(
        history=st.lists(
            st.tuples(
                st.integers(0, 2),
                st.sampled_from(rules.STATUSES),
                st.integers(0, 9),
                st.sampled_from(["a", "b"]),
                st.booleans(),
            ),
            max_size=8,
        ),
        after=st.lists(st.tuples(st.integers(0, 2), st.sampled_from(rules.STATUSES)), max_size=2),
    )
    def test_merging_loses_no_mark_and_parting_brings_back_what_was(
        self, app: Flask, history: list[Any], after: list[Any]
    ) -> None:
        evening = Evening("Amina", "Aminah", "Bo")
        other = makers.a_rehearsal(evening.choir)
        for singer, status, ago, device, is_other in history:
            act = evening.mark(status, singer=singer, at=NOW - timedelta(seconds=ago))
            if is_other:
                act = evening.act(
                    "mark", singer_id=act.singer_id, status=status, rehearsal_id=other.id, at=act.at
                )
            actions.receive([act], sent_at=NOW, by=evening.leader, device_id=device)
        before = standing()
        merge = self.merge(evening)
        once = standing()
        for (rehearsal_id, singer_id), was_here in before.items():
            if singer_id != evening.singers[1].id:
                assert once.get((rehearsal_id, singer_id)) is not None, "who was told of stays told of"
            assert (rehearsal_id, merged(evening, singer_id)) in once
            assert was_here in (True, False)
        counted_right(evening.rehearsal, other)
        for singer, status in after:
            evening.sends(evening.mark(status, singer=singer, at=NOW - timedelta(days=1)))
        choirs.part_singers(merge, by=evening.leader)
        counted_right(evening.rehearsal, other)
        again = standing()
        assert {key: one for key, one in again.items() if key in before} == before
        told_of_late = {evening.singers[singer].id for singer, _status in after}
        assert {singer_id for _which, singer_id in set(again) - set(before)} <= told_of_late
        db.session.rollback()


def merged(evening: Evening, singer_id: UUID) -> UUID:
    return evening.singers[0].id if singer_id == evening.singers[1].id else singer_id


def standing() -> dict[tuple[UUID, UUID], bool]:
    rows = db.session.execute(select(Attendance.rehearsal_id, Attendance.singer_id, Attendance.is_present))
    return {(rehearsal_id, singer_id): is_present for rehearsal_id, singer_id, is_present in rows}


def counted_right(*rehearsals: Any) -> None:
    rows = standing()
    for each in rehearsals:
        own = [is_present for (rehearsal_id, _singer), is_present in rows.items() if rehearsal_id == each.id]
        assert (each.mark_count, each.present_count) == (len(own), sum(own))


class TestWhatGoodCameOfIt:
    @pytest.fixture
    def evening(self, app: Flask) -> Evening:
        return Evening()

    def told(self, evening: Evening) -> list[tuple[str, str | None, str | None, bool]]:
        return [
            (one.outcome, one.singer, one.words, one.may_be_told)
            for one in queries.outcomes_of(evening.rehearsal)
        ]

    def raw(self, evening: Evening, **more: Any) -> dict[str, Any]:
        return {
            "id": str(uuid4()),
            "kind": "outcome",
            "rehearsal_id": str(evening.rehearsal.id),
            "at": NOW.isoformat(),
            "outcome": "job",
            "may_be_told": True,
            **more,
        }

    def test_is_kept_with_a_sentence(self, evening: Evening) -> None:
        singer_id = str(evening.singers[0].id)
        act = rules.read_act(self.raw(evening, singer_id=singer_id, words="Hon städar på hotellet."))
        assert outcomes(evening.sends(act)) == ["applied"]
        assert outcomes(evening.sends(act)) == ["applied"]
        assert self.told(evening) == [("job", "Amina", "Hon städar på hotellet.", True)]
        assert evening.counts == (0, 0, 0), "a result marks nobody"

    def test_another_takes_its_place_and_none_takes_it_back(self, evening: Evening) -> None:
        first, second, none = self.raw(evening), self.raw(evening, outcome="housing"), self.raw(evening)
        second["seen"], none["seen"], none["outcome"] = first["id"], second["id"], None
        for order in permutations((first, second, none)):
            evening.sends(*(rules.read_act(one) for one in order))
            assert self.told(evening) == []
        [again] = evening.sends(rules.read_act(first))
        assert again.outcome == "superseded"

    def test_takes_back_nothing_at_another_evening(self, evening: Evening) -> None:
        first = self.raw(evening)
        other = makers.a_rehearsal(evening.choir)
        none = self.raw(evening, outcome=None, seen=first["id"], rehearsal_id=str(other.id))
        evening.sends(rules.read_act(first), rules.read_act(none))
        assert len(queries.outcomes_at([evening.rehearsal.id, other.id])[evening.rehearsal.id]) == 1

    def test_health_never_has_a_name(self, evening: Evening) -> None:
        singer_id = str(evening.singers[0].id)
        [answer] = evening.sends(rules.read_act(self.raw(evening, outcome="health", singer_id=singer_id)))
        assert answer.outcome == "refused"
        assert "inget namn" in (answer.reason or "")
        kept = db.session.scalars(select(RefusedAct)).one()
        assert kept.singer_id is None
        assert singer_id not in kept.body, "nor is it kept among what was refused"
        assert "health" not in kept.body
        assert outcomes(evening.sends(rules.read_act(self.raw(evening, outcome="health")))) == ["applied"]

    @pytest.mark.parametrize(
        "wrong",
        [
            {"outcome": "riches"},
            {"outcome": 7},
            {"outcome": None},
            {"may_be_told": "yes"},
            {"words": ["x"]},
            {"words": "x" * 301},
            {"words": "811218-9876"},
            {"singer_id": "x"},
            {"why": 3},
            {"settles": "x"},
        ],
    )
    def test_what_cannot_be_read_is_refused(self, evening: Evening, wrong: dict[str, Any]) -> None:
        [answer] = evening.sends(rules.read_act(self.raw(evening, **wrong)))
        assert answer.outcome == "refused"
        assert answer.reason

    def test_of_a_singer_of_another_choir_is_refused(self, evening: Evening) -> None:
        other = Evening("Doris")
        act = rules.read_act(self.raw(evening, singer_id=str(other.singers[0].id)))
        assert outcomes(evening.sends(act)) == ["refused"]

    def test_of_an_erased_singer_still_counts_without_the_sentence(self, evening: Evening) -> None:
        singer_id = str(evening.singers[0].id)
        act = rules.read_act(self.raw(evening, singer_id=singer_id, words="Amina fick jobb."))
        evening.sends(act)
        choirs.erase_singer(evening.singers[0], by=evening.leader)
        assert self.told(evening) == [("job", None, None, True)]
        assert outcomes(evening.sends(act)) == ["applied"], "the same act again brings no words back"
        assert self.told(evening) == [("job", None, None, True)]
        late = rules.read_act(self.raw(evening, singer_id=singer_id, words="Amina fick jobb."))
        assert outcomes(evening.sends(late)) == ["refused"]
        assert not any("fick jobb" in body for body in db.session.scalars(select(RefusedAct.body)))

    def test_by_a_page_without_script(self, evening: Evening) -> None:
        receipt, more = uuid4(), {"by": evening.leader, "may_be_told": True}
        for _time in range(2):
            actions.tell_outcome(
                evening.rehearsal, outcome="friendship", words="De fikar ihop.", receipt=receipt, **more
            )
        [one] = queries.outcomes_of(evening.rehearsal)
        actions.tell_outcome(
            evening.rehearsal, outcome="job", receipt=receipt, replaces=one.act_id, by=evening.leader
        )
        assert self.told(evening) == [("job", None, None, False)]
        [one] = queries.outcomes_of(evening.rehearsal)
        actions.take_back_outcome(evening.rehearsal, one.act_id, receipt=receipt, by=evening.leader)
        assert self.told(evening) == []
        with pytest.raises(Refusal):
            actions.tell_outcome(
                evening.rehearsal,
                outcome="health",
                singer_id=evening.singers[0].id,
                receipt=receipt,
                by=evening.leader,
            )


class TestANewcomerAtTheDoor:
    def welcome(self, evening: Evening, **more: Any) -> Singer:
        singer_id = uuid4()
        raw = {
            "id": str(uuid4()),
            "kind": "newcomer",
            "rehearsal_id": str(evening.rehearsal.id),
            "singer_id": str(singer_id),
            "name": "Semhar",
            "at": NOW.isoformat(),
            **more,
        }
        assert outcomes(evening.sends(rules.read_act(raw))) == ["applied"]
        return db.session.get_one(Singer, singer_id)

    def test_brings_language_leave_to_write_and_a_buddy(self, app: Flask) -> None:
        evening = Evening()
        singer = self.welcome(evening, reads="ti", may_write=True, buddy_id=str(evening.singers[1].id))
        assert (singer.reads, singer.may_be_written_to) == ("ti", True)
        assert singer.buddy_id == evening.singers[1].id

    @pytest.mark.parametrize("odd", [{"reads": "tlh"}, {"buddy_id": str(FOUR)}, {"may_write": None}])
    def test_what_cannot_be_used_stops_nobody(self, app: Flask, odd: dict[str, Any]) -> None:
        singer = self.welcome(Evening(), **odd)
        assert (singer.reads, singer.may_be_written_to, singer.buddy_id) == (None, False, None)

    def test_a_buddy_of_another_choir_is_nobody(self, app: Flask) -> None:
        other = Evening("Doris")
        assert self.welcome(Evening(), buddy_id=str(other.singers[0].id)).buddy_id is None


RECORDED = {
    "id": "5c0f0c8e-6f6f-4f0d-9d5e-1c2b3a4d5e6f",
    "kind": "mark",
    "rehearsal_id": "0b9a8c7d-1111-4222-8333-944445555666",
    "singer_id": "7f6e5d4c-aaaa-4bbb-8ccc-9dddeeeefff0",
    "status": "present",
    "seen": None,
    "at": "2026-03-03T17:01:02.345Z",
}
"""As a phone of the first version sent it."""


@pytest.mark.parametrize(
    ("more", "digest"),
    [
        ({}, "92a640e98a4dfa22ee6c54763d8069a22a7e50e2ea2eea6272c2bce763fab1fc"),
        (
            {"seen": "7f6e5d4c-aaaa-4bbb-8ccc-9dddeeeefff1"},
            "96d121fcc8b495ac65a3474d33cb957b6dbfd49d0e864ae2f9df9ce59e27445e",
        ),
        (
            {"kind": "guests", "number": 4},
            "b9887020c2493fda66168c35cc43254623009db2bf1359ff706eb6e688d3936d",
        ),
        (
            {"kind": "newcomer", "name": "Semhar", "phone": "070-174 06 05"},
            "37e6643c7ead17d06f7654f3e085efb34569ed93f27931b9f16087ebd8a03756",
        ),
        ({"kind": "done"}, "1f357d692425a7df5a02a4b189d73916a0c38fe6ca8af34ce13e402e722b5e99"),
        (
            {"kind": "note", "words": "Fika"},
            "d584f894854d9c2e716faa3d0b89d6fb838e7c00e34f3b4d78797bf2ca986d27",
        ),
    ],
    ids=lambda value: value.get("kind", "mark") if isinstance(value, dict) else "",
)
def test_acts_of_old_phones_stay_the_same_acts(app: Flask, more: dict[str, Any], digest: str) -> None:
    """The hashes are those that the house of the first phones kept with these acts."""
    act = rules.read_act({**RECORDED, **more})
    assert isinstance(act, SentAct)
    assert act.is_what_came(bytes.fromhex(digest))
    assert not replace(act, at=NOW).is_what_came(bytes.fromhex(digest))
    if "phone" not in more:
        assert act.body_hash.hex() == digest, "kept the same from now on too"
