"""Proposals: what they say in figures, what is frozen when they are sent, and what an answer does."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from choir_app.choirs.models import Choir
from choir_app.foundation import clock, mail
from choir_app.foundation.database import db
from choir_app.foundation.refusal import NotAllowed, Refusal
from choir_app.funding import actions
from choir_app.funding import queries as money
from choir_app.funding.actions.proposals import PackageWords, PartWords
from choir_app.funding.models import Opportunity, Proposal, ProposalAnswer, ProposalReader, StageMove
from choir_app.funding.queries import proposals as queries
from choir_app.funding.rules.proposals import asked_ore, mean_told, people_told, rehearsals_paid
from choir_app.partners.models import NextStep, Touchpoint
from choir_app.partners.queries import open_step_of
from choir_app.rehearsals.models import Act, Rehearsal
from tests import makers
from tests.funding.proposed import CHRISTMAS, IN_A_MONTH, a_draft, a_sent_one, some_words
from tests.funding.test_queries_forecast import KR, TODAY, a_singing_choir


def reader(one: Proposal) -> ProposalReader:
    """Somebody who holds its link."""
    return ProposalReader(one)


def a_year_of_singing(choir: Choir, *, heads: int, weeks: int = 10, of: int = 60) -> None:
    """So many evenings with so many heads each, of whom some are singers by name."""
    singers = [makers.a_singer(f"Sångare {number}", choir=choir) for number in range(min(of, heads))]
    for week in range(1, weeks + 1):
        start = clock.now() - timedelta(weeks=week)
        makers.a_logged_rehearsal(choir, start, *singers, guests=heads - len(singers))


class TestRules:
    @pytest.mark.parametrize(
        ("sums", "pick", "ore"),
        [
            ([5], "one", 5),
            ([1, 9, 5], "one", 5),
            ([1, 9], "one", 1),
            ([1, 3, 5, 9], "one", 3),
            ([1, 9, 5], "several", 15),
            ([], "one", 0),
        ],
    )
    def test_what_is_counted_as_asked_for(self, sums: list[int], pick: str, ore: int) -> None:
        assert asked_ore(sums, pick) == ore

    def test_only_whole_rehearsals_and_no_more_than_there_are(self) -> None:
        assert rehearsals_paid(6_999, cost_ore=35_000, rehearsals=10) == 1
        assert rehearsals_paid(7_000, cost_ore=35_000, rehearsals=10) == 2
        assert rehearsals_paid(99_000, cost_ore=35_000, rehearsals=10) == 10
        assert (
            rehearsals_paid(1, cost_ore=0, rehearsals=10) == rehearsals_paid(1, cost_ore=1, rehearsals=0) == 0
        )

    def test_never_about_fewer_than_five(self) -> None:
        assert [people_told(count) for count in (0, 4, 5, 9, 10, 14)] == [None, None, 5, 5, 10, 10]
        assert [mean_told(heads, 2) for heads in (8, 9, 10, 11)] == [None, 5, 5, 6]
        assert mean_told(9, 0) is None

    def test_two_proposals_tell_nothing_about_fewer_than_five(self) -> None:
        told = [people_told(count) or 0 for count in range(5, 60)]
        assert {later - earlier for earlier, later in pairwise(told)} <= {0, 5}


class TestTheLetter:
    def test_what_a_sum_pays_for_and_how_far_it_reaches(self, app: Flask) -> None:
        choir = a_singing_choir(cost=3_500)  # each Thursday
        makers.a_balance(3_500 * KR, TODAY)
        a_year_of_singing(choir, heads=20)
        letter = queries.letter_of(a_draft(choir))
        small, middle, _large = letter.parts
        assert small.pays == "Motsvarar 1 hel repetition, cirka 20 personkvällar"
        assert middle.pays == "Motsvarar 10 hela repetitioner, cirka 200 personkvällar"
        known = money.forecast(TODAY).choirs[0].financed
        assert letter.on_no[0] == money.choir_sentence(money.forecast(TODAY).choirs[0])
        assert "repetitioner till och med 24 december 2026 utan pengar" in letter.on_no[1]
        assert "är finansierad till" in middle.then
        assert middle.then != letter.on_no[0], known
        assert any("3 500 kr" in line.replace("\u00a0", " ") for line in letter.method)

    def test_the_figures_of_a_year(self, app: Flask) -> None:
        choir = makers.a_choir()
        a_year_of_singing(choir, heads=23, of=13)
        letter = queries.letter_of(a_draft(choir))
        assert [(one.value, one.label) for one in letter.figures] == [
            ("23", "personer på en repetition i snitt"),
            ("10", "repetitioner"),
            ("minst 10", "olika sångare"),
        ]
        assert letter.written_on == TODAY

    def test_a_choir_of_fewer_than_five_is_in_no_figure(self, app: Flask) -> None:
        large, small = makers.a_choir(), makers.a_choir(town="Göteborg")
        a_year_of_singing(large, heads=20)
        a_year_of_singing(small, heads=4)
        alone = queries.letter_of(a_draft(small))
        assert alone.figures == ()
        both = queries.letter_of(a_draft(large, choirs=[large, small], partner=makers.a_partner("BIS")))
        by_itself = queries.letter_of(a_draft(large, partner=makers.a_partner("Folkets hus")))
        assert [one.value for one in both.figures] == [one.value for one in by_itself.figures]

    @pytest.mark.parametrize(
        ("count", "agreed", "told"),
        [(4, True, None), (5, True, "minst 5"), (9, True, "minst 5"), (9, False, None)],
    )
    def test_good_things_that_may_be_told_are_told_from_five(
        self, app: Flask, count: int, agreed: bool, told: str | None
    ) -> None:
        choir = makers.a_choir()
        a_year_of_singing(choir, heads=20)
        evening = db.session.query(Rehearsal).first()
        assert evening is not None
        kinds = ["housing", "job", "internship"] * 3
        for kind in [*kinds[:count], "health"]:
            db.session.add(
                Act(
                    id=uuid4(),
                    kind="outcome",
                    outcome=kind,
                    may_be_told=agreed,
                    rehearsal_id=evening.id,
                    device_at=evening.starts_at,
                    acted_at=evening.starts_at,
                    received_at=evening.starts_at,
                    body_hash=b"",
                )
            )
        db.session.flush()
        figures = {one.label: one.value for one in queries.letter_of(a_draft(choir)).figures}
        assert figures.get("bostäder, jobb och praktikplatser") == told

    def test_a_choir_without_costs_tells_no_date(self, app: Flask) -> None:
        letter = queries.letter_of(a_draft(makers.a_choir()))
        assert letter.on_no == ()
        assert {(part.pays, part.then) for part in letter.parts} == {("", "")}

    def test_it_is_in_swedish_whoever_writes_it(self, app: Flask) -> None:
        choir = a_singing_choir()
        makers.a_balance(3_500 * KR, TODAY)
        one = a_draft(choir)
        with app.test_request_context("/", environ_overrides={"choir.language": "en"}):
            letter = queries.letter_of(one)
        assert "finansierad till 2 juli 2026" in letter.on_no[0]

    def test_several_parts_are_told_together(self, app: Flask) -> None:
        choir = a_singing_choir()
        makers.a_balance(0, TODAY)
        letter = queries.letter_of(a_draft(choir, pick="several"))
        assert letter.together is not None
        assert letter.together.ore == letter.asked_ore == 108_500 * KR
        assert queries.letter_of(a_draft(choir, partner=makers.a_partner("BIS"))).together is None


class TestDrafts:
    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"last_on": TODAY - timedelta(days=1), "first_on": TODAY}, "last_on"),
            ({"first_on": date(2025, 1, 1), "last_on": date(2025, 12, 31)}, "last_on"),
            ({"choirs": []}, "choirs"),
            ({"parts": []}, "part1_name"),
            ({"parts": [PartWords("x", 1, "x"), PartWords("y", 0, "y")]}, "part2_sum"),
            ({"pick": "all"}, "pick"),
        ],
    )
    def test_what_is_refused(self, app: Flask, wrong: dict[str, Any], field: str) -> None:
        with pytest.raises(Refusal) as no:
            a_draft(**wrong)
        assert no.value.field == field
        assert db.session.query(Proposal).count() == 0

    def test_people_and_asks_of_somebody_else(self, app: Flask) -> None:
        stranger = makers.a_contact(makers.a_partner("BIS"))
        with pytest.raises(Refusal):
            a_draft(contact=stranger)
        manager = makers.a_manager()
        ask = actions.add_opportunity(makers.a_partner("Kommunen"), name="x", by=manager)
        with pytest.raises(Refusal):
            a_draft(opportunity=ask, partner=makers.a_partner("Bodenbo AB"))

    def test_the_second_of_two_who_change_it_sees_that(self, app: Flask) -> None:
        manager = makers.a_manager()
        one = a_draft(by=manager)
        seen = one.version
        choir = one.choirs[0].choir
        actions.change_draft(one, some_words(choir, title="Först"), seen_version=seen, by=manager)
        with pytest.raises(Refusal):
            actions.change_draft(one, some_words(choir, title="Sedan"), seen_version=seen, by=manager)
        assert one.title == "Först"

    def test_parts_come_and_go(self, app: Flask) -> None:
        manager = makers.a_manager()
        one = a_draft(by=manager)
        other = makers.a_choir(town="Göteborg")
        words = some_words(other, parts=[PartWords("Allt", 5, "Allt.")])
        actions.change_draft(one, words, seen_version=one.version, by=manager)
        assert [(part.number, part.name, part.ore) for part in one.parts] == [(1, "Allt", 5)]
        assert [row.choir_id for row in one.choirs] == [other.id]

    def test_the_same_receipt_twice_is_one_draft(self, app: Flask) -> None:
        manager, partner, words, receipt = (
            makers.a_manager(),
            makers.a_partner(),
            some_words(makers.a_choir()),
            uuid4(),
        )
        first = actions.draft_proposal(partner, words, by=manager, receipt=receipt)
        assert actions.draft_proposal(partner, words, by=manager, receipt=receipt) is first

    def test_a_draft_is_thrown_away_and_what_was_sent_is_not(self, app: Flask) -> None:
        manager = makers.a_manager()
        actions.remove_draft(a_draft(by=manager), by=manager)
        assert db.session.query(Proposal).count() == 0
        sent = a_sent_one(partner=makers.a_partner("BIS"), by=manager)
        with pytest.raises(Refusal):
            actions.remove_draft(sent, by=manager)

    def test_packages_are_set_up_changed_and_taken_away(self, app: Flask) -> None:
        manager = makers.a_manager()
        small = PackageWords("Fikat", 5_000 * KR, 6, "Kaffe och bröd i ett halvår.", None)
        made = actions.set_up_packages("business", {"small": small, "middle": None}, by=manager)
        assert list(made) == ["small"]
        dearer = PackageWords("Fikat", 6_000 * KR, 6, "Kaffe och bröd i ett halvår.", "Ett tack på webben.")
        assert actions.set_up_packages("business", {"small": dearer}, by=manager)["small"].ore == 6_000 * KR
        assert actions.set_up_packages("business", {"small": None}, by=manager) == {}
        with pytest.raises(Refusal):
            actions.set_up_packages("foundation", {"small": small}, by=manager)


class TestSending:
    def test_what_was_sent_stays_whatever_happens_after(self, app: Flask) -> None:
        choir = a_singing_choir()
        makers.a_balance(3_500 * KR, TODAY)
        a_year_of_singing(choir, heads=20)
        one = a_sent_one(choir)
        sent = queries.letter_of(one)
        assert sent == queries.drafted_letter(one, TODAY)
        makers.an_agreement(1_000_000 * KR, choir)
        choir.name, one.partner.name, one.owner.name = "Ny kör", "Nytt namn", "Någon"  # type: ignore[union-attr]
        db.session.flush()
        db.session.expire(one)
        assert queries.letter_of(one) == sent
        assert queries.drafted_letter(one, TODAY) != sent
        manager = makers.a_manager()
        with pytest.raises(Refusal):
            actions.change_draft(one, some_words(choir), seen_version=one.version, by=manager)

    def test_it_stands_in_the_log_and_on_the_board(self, app: Flask) -> None:
        manager = makers.a_manager()
        one = a_draft(by=manager)
        actions.send_proposal(
            one,
            answer_by=IN_A_MONTH,
            seen_version=one.version,
            call_on=TODAY + timedelta(days=14),
            by=manager,
        )
        ask = db.session.query(Opportunity).one()
        assert (ask.id, ask.stage, ask.ask_ore) == (one.opportunity_id, "applied", 35_000 * KR)
        assert (ask.usable_from, ask.usable_to, ask.decision_on) == (TODAY, CHRISTMAS, IN_A_MONTH)
        assert [row.choir_id for row in ask.choirs] == [one.choirs[0].choir_id]
        assert "Sjung med oss i Boden" in db.session.query(Touchpoint).one().note
        step = open_step_of(one.partner)
        assert step is not None
        assert (step.what, step.due_on, step.owner_id) == (
            "Ring om förslaget",
            TODAY + timedelta(days=14),
            manager.id,
        )

    def test_an_ask_that_is_there_is_taken_along(self, app: Flask) -> None:
        manager, partner = makers.a_manager(), makers.a_partner()
        ask = actions.add_opportunity(partner, name="Hyresvärdarna", why="De vill", ask_ore=1, by=manager)
        one = a_sent_one(partner=partner, opportunity=ask, by=manager)
        assert one.opportunity is ask
        assert (ask.name, ask.why, ask.stage, ask.ask_ore) == (
            "Hyresvärdarna",
            "De vill",
            "applied",
            35_000 * KR,
        )

    def test_sent_twice_is_sent_once(self, app: Flask) -> None:
        manager = makers.a_manager()
        one = a_sent_one(by=manager)
        again = actions.send_proposal(one, answer_by=IN_A_MONTH, seen_version=1, by=manager)
        assert again is one
        assert db.session.query(Touchpoint).count() == 1

    def test_what_was_changed_since_it_was_read_is_not_sent(self, app: Flask) -> None:
        manager = makers.a_manager()
        one = a_draft(by=manager)
        seen = one.version
        actions.change_draft(
            one, some_words(one.choirs[0].choir, title="Nytt"), seen_version=seen, by=manager
        )
        with pytest.raises(Refusal):
            actions.send_proposal(one, answer_by=IN_A_MONTH, seen_version=seen, by=manager)
        assert not one.is_sent

    @pytest.mark.parametrize("days", [-1, 181])
    def test_for_how_long_it_may_be_open(self, app: Flask, days: int) -> None:
        manager = makers.a_manager()
        one = a_draft(by=manager)
        with pytest.raises(Refusal) as no:
            actions.send_proposal(
                one, answer_by=TODAY + timedelta(days=days), seen_version=one.version, by=manager
            )
        assert no.value.field == "answer_by"

    def test_the_letter_by_mail_holds_the_link(self, app: Flask) -> None:
        manager = makers.a_manager()
        one = a_draft(by=manager)
        actions.send_proposal(
            one, answer_by=IN_A_MONTH, seen_version=one.version, mail_to="anna.ek@example.org", by=manager
        )
        secret = queries.shown_proposal_secret(one)
        letter = db.session.query(mail.Letter).one()
        assert letter.recipient == "anna.ek@example.org"
        assert f"/forslag/{secret}\n" in letter.body

    def test_what_is_planned_already_is_not_lost(self, app: Flask) -> None:
        manager, partner = makers.a_manager(), makers.a_partner()
        makers.a_next_step(partner, TODAY + timedelta(days=3), "Bjud in till konserten", owner_id=manager.id)
        one = a_draft(partner=partner, by=manager)
        actions.send_proposal(
            one,
            answer_by=IN_A_MONTH,
            seen_version=one.version,
            call_on=TODAY + timedelta(days=14),
            by=manager,
        )
        step = db.session.query(NextStep).one()
        assert step.what == "Ring om förslaget. Sedan: Bjud in till konserten"
        assert step.due_on == TODAY + timedelta(days=3)


class TestTheLink:
    def test_is_kept_as_a_digest_and_made_again_from_the_houses_key(self, app: Flask) -> None:
        one = a_sent_one()
        secret = queries.shown_proposal_secret(one)
        assert secret is not None
        assert len(secret) == 32
        columns = [str(getattr(one, column.key)) for column in Proposal.__table__.columns]
        assert not any(secret in value for value in columns)
        assert queries.proposal_behind(secret) is one

    def test_ends_with_its_last_day(self, app: Flask, the_clock: Any) -> None:
        one = a_sent_one()
        secret = queries.shown_proposal_secret(one) or ""
        the_clock.set_to(clock.end_of(IN_A_MONTH) - timedelta(minutes=1))
        assert queries.proposal_behind(secret) is one
        the_clock.set_to(clock.end_of(IN_A_MONTH))
        assert queries.proposal_behind(secret) is None
        assert queries.shown_proposal_secret(one) is None
        assert queries.state_of(one) == "over"

    def test_is_taken_back_and_a_new_one_ends_the_old(self, app: Flask) -> None:
        manager = makers.a_manager()
        one = a_sent_one(by=manager)
        first = queries.shown_proposal_secret(one) or ""
        actions.take_back_proposal(one, by=manager)
        assert queries.proposal_behind(first) is None
        assert queries.state_of(one) == "taken_back"
        letter = one.letter
        actions.open_proposal_again(one, answer_by=IN_A_MONTH, by=manager)
        second = queries.shown_proposal_secret(one) or ""
        assert second != first
        assert queries.proposal_behind(first) is None
        assert queries.proposal_behind(second) is one
        assert one.letter == letter

    def test_a_page_that_makes_it_twice_makes_one(self, app: Flask) -> None:
        manager, link_id = makers.a_manager(), uuid4()
        one = a_sent_one(by=manager)
        actions.open_proposal_again(one, answer_by=IN_A_MONTH, link_id=link_id, by=manager)
        digest = one.link_digest
        actions.open_proposal_again(one, answer_by=IN_A_MONTH, link_id=link_id, by=manager)
        assert one.link_digest == digest

    @pytest.mark.parametrize("guess", ["", "x" * 32, "x" * 2000, "å", "\udcff", "../../etc/passwd"])
    def test_what_is_guessed_opens_nothing(self, app: Flask, guess: str) -> None:
        a_sent_one()
        assert queries.proposal_behind(guess) is None

    def test_who_reads_the_database_cannot_make_it(self, app: Flask) -> None:
        one = a_sent_one()
        assert one.link_id is not None
        assert queries.proposal_behind(str(one.link_id)) is None
        assert queries.proposal_behind((one.link_digest or b"").hex()) is None


def answer(one: Proposal, kind: str = "yes", **more: Any) -> ProposalAnswer:
    """What somebody with the link answers."""
    given: dict[str, Any] = {"parts": [2] if kind == "yes" else [], "person": "Anna Ek", "by": reader(one)}
    return actions.answer_proposal(one, kind=kind, **{**given, **more})


class TestAnswers:
    def test_yes_is_a_pledge_of_just_that_part(self, app: Flask) -> None:
        manager = makers.a_manager()
        one = a_sent_one(by=manager)
        given = answer(one, words="Bra jobbat")
        ask = one.opportunity
        assert ask is not None
        assert (given.ore, given.part_numbers, ask.stage, ask.ask_ore) == (
            35_000 * KR,
            (2,),
            "pledged",
            35_000 * KR,
        )
        assert ask.said_yes == "Anna Ek svarade ja på förslaget 16 juni 2026."
        assert ask.agreement_id is None, "only a signature makes an agreement"
        last = db.session.query(StageMove).order_by(StageMove.number.desc()).first()
        assert last is not None
        assert (last.to_stage, last.by_id) == ("pledged", None)
        note = db.session.query(Touchpoint).order_by(Touchpoint.noted_at.desc(), Touchpoint.note).first()
        assert note is not None
        assert "Anna Ek sa ja till Mellan, 35 000 kr." in note.note.replace("\u00a0", " ")
        assert "«Bra jobbat»" in note.note
        step = open_step_of(one.partner)
        assert step is not None
        assert (step.what, step.due_on) == ("Skriv avtalet", TODAY + timedelta(days=7))
        assert queries.state_of(one) == "yes"

    def test_yes_to_several_is_their_sum(self, app: Flask) -> None:
        one = a_sent_one(pick="several")
        assert answer(one, parts=[1, 3, 3]).ore == 73_500 * KR
        assert one.opportunity is not None
        assert one.opportunity.ask_ore == 73_500 * KR

    def test_no_ends_the_ask_and_the_call_that_was_planned(self, app: Flask) -> None:
        manager = makers.a_manager()
        one = a_draft(by=manager)
        actions.send_proposal(
            one,
            answer_by=IN_A_MONTH,
            seen_version=one.version,
            call_on=TODAY + timedelta(days=14),
            by=manager,
        )
        answer(one, "no", words="Inga pengar i år. " * 40)
        assert one.opportunity is not None
        assert one.opportunity.stage == "declined"
        assert (one.opportunity.lost_reason or "").startswith("Inga pengar i år.")
        assert open_step_of(one.partner) is None
        assert queries.state_of(one) == "no"

    @pytest.mark.parametrize(
        ("kind", "what"),
        [
            ("yes", "Skriv avtalet. Sedan: Bjud in till konserten"),
            ("no", "Bjud in till konserten"),
        ],
    )
    def test_an_answer_ends_the_call_and_keeps_what_else_was_planned(
        self, app: Flask, kind: str, what: str
    ) -> None:
        manager, partner = makers.a_manager(), makers.a_partner()
        makers.a_next_step(partner, TODAY + timedelta(days=3), "Bjud in till konserten", owner_id=manager.id)
        one = a_draft(partner=partner, by=manager)
        actions.send_proposal(
            one,
            answer_by=IN_A_MONTH,
            seen_version=one.version,
            call_on=TODAY + timedelta(days=14),
            by=manager,
        )
        answer(one, kind)
        step = open_step_of(partner)
        assert step is not None
        assert (step.what, step.due_on) == (what, TODAY + timedelta(days=3))

    def test_call_me_is_the_next_step_today_and_settles_nothing(self, app: Flask) -> None:
        one = a_sent_one()
        answer(one, "call", phone="070-174 06 20")
        step = open_step_of(one.partner)
        assert step is not None
        assert (step.what, step.due_on) == ("Ring Anna Ek, 070-174 06 20 om förslaget", TODAY)
        assert one.opportunity is not None
        assert one.opportunity.stage == "applied"
        assert queries.state_of(one) == "waiting"
        assert answer(one).kind == "yes"

    def test_the_owner_gets_a_letter(self, app: Flask) -> None:
        manager = makers.a_manager()
        one = a_sent_one(by=manager)
        answer(one, words="Hälsningar")
        letter = db.session.query(mail.Letter).one()
        assert (letter.recipient, letter.subject) == (manager.email, "Bodenbo har svarat ja")
        assert f"/finansiering/forslag/{one.id}" in letter.body
        assert "«Hälsningar»" in letter.body

    def test_when_the_owner_is_gone_the_others_get_it(self, app: Flask) -> None:
        manager, other = makers.a_manager(), makers.a_manager("Karin Ek")
        one = a_sent_one(by=manager)
        manager.disabled_at = clock.now()
        db.session.flush()
        answer(one)
        assert {letter.recipient for letter in db.session.query(mail.Letter)} == {other.email}

    def test_a_manager_writes_down_what_was_said_on_the_phone(self, app: Flask) -> None:
        manager = makers.a_manager()
        one = a_sent_one(by=manager)
        actions.take_back_proposal(one, by=manager)
        given = answer(one, by=manager)
        assert given.noted_by_id == manager.id
        assert db.session.query(mail.Letter).count() == 0, "nobody is told what they wrote themselves"

    def test_an_agreement_that_is_signed_already_stays(self, app: Flask) -> None:
        manager = makers.a_manager()
        one = a_sent_one(by=manager)
        assert one.opportunity is not None
        actions.win(
            one.opportunity,
            name="x",
            signed_on=TODAY,
            amount_ore=1 * KR,
            usable_from=TODAY,
            by=manager,
        )
        answer(one, "no")
        assert one.opportunity.stage == "agreed"

    def test_a_yes_after_a_pledge_says_the_sum_anew(self, app: Flask) -> None:
        manager = makers.a_manager()
        one = a_sent_one(by=manager)
        assert one.opportunity is not None
        actions.move(one.opportunity, "pledged", said_yes="Anna, muntligt", by=manager)
        answer(one, parts=[1])
        assert (one.opportunity.stage, one.opportunity.ask_ore) == ("pledged", 3_500 * KR)


class TestAttacksOnAnswers:
    def test_the_same_answer_twice_is_one(self, app: Flask) -> None:
        one, receipt = a_sent_one(), uuid4()
        first = answer(one, receipt=receipt)
        assert answer(one, receipt=receipt) is first
        assert db.session.query(ProposalAnswer).count() == 1
        assert db.session.query(Touchpoint).count() == 2

    def test_who_answered_cannot_answer_otherwise(self, app: Flask) -> None:
        one = a_sent_one()
        answer(one)
        for kind in ("no", "yes", "call"):
            with pytest.raises(Refusal):
                answer(one, kind)
        assert one.opportunity is not None
        assert one.opportunity.stage == "pledged"

    def test_a_receipt_of_another_proposal_answers_nothing_there(self, app: Flask) -> None:
        one, other, receipt = a_sent_one(), a_sent_one(partner=makers.a_partner("BIS")), uuid4()
        answer(one, receipt=receipt)
        given = answer(other, "no", receipt=receipt)
        assert (given.proposal_id, given.kind) == (other.id, "no")

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"kind": "maybe"}, "kind"),
            ({"person": "  "}, "person"),
            ({"parts": []}, "parts"),
            ({"parts": [9]}, "parts"),
            ({"parts": [0]}, "parts"),
            ({"parts": [1, 2]}, "parts"),
        ],
    )
    def test_what_is_no_answer(self, app: Flask, wrong: dict[str, Any], field: str) -> None:
        one = a_sent_one()
        with pytest.raises(Refusal) as no:
            answer(one, **{"kind": "yes", **wrong})
        assert no.value.field == field
        assert db.session.query(ProposalAnswer).count() == 0

    def test_we_are_asked_to_call_three_times_at_most(self, app: Flask) -> None:
        one = a_sent_one()
        for _time in range(3):
            answer(one, "call")
        with pytest.raises(Refusal):
            answer(one, "call")
        assert answer(one, "no").kind == "no"

    def test_a_link_answers_its_own_proposal_while_it_opens(self, app: Flask, the_clock: Any) -> None:
        manager = makers.a_manager()
        one, other = a_sent_one(by=manager), a_sent_one(partner=makers.a_partner("BIS"), by=manager)
        with pytest.raises(NotAllowed):
            answer(one, by=reader(other))
        actions.take_back_proposal(other, by=manager)
        with pytest.raises(NotAllowed):
            answer(other)
        the_clock.set_to(clock.end_of(IN_A_MONTH))
        with pytest.raises(NotAllowed):
            answer(one)

    def test_a_link_that_is_taken_back_while_the_answer_waits(
        self, app: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from choir_app.funding.actions import proposals

        one = a_sent_one()
        monkeypatch.setattr(proposals, "_wait_for", lambda it: setattr(it, "revoked_at", clock.now()))
        with pytest.raises(NotAllowed):
            answer(one)

    def test_a_draft_is_not_answered(self, app: Flask) -> None:
        one = a_draft()
        with pytest.raises(NotAllowed):
            answer(one)
        with pytest.raises(Refusal):
            answer(one, by=makers.a_manager())

    def test_a_link_does_nothing_else(self, app: Flask) -> None:
        one = a_sent_one()
        holder = reader(one)
        for deed in (
            lambda: actions.take_back_proposal(one, by=holder),
            lambda: actions.open_proposal_again(one, answer_by=IN_A_MONTH, by=holder),
            lambda: actions.copy_proposal(one, by=holder),
            lambda: actions.change_draft(one, some_words(makers.a_choir()), seen_version=1, by=holder),
        ):
            with pytest.raises(NotAllowed):
                deed()
