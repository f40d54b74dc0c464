"""The trace of a roll, and the page of what could not be taken in."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from choir_app.choirs import actions as choirs
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.rehearsals import actions, queries
from choir_app.rehearsals.actions.refused import forget_refused_acts
from choir_app.rehearsals.models import Act, RefusedAct, Rehearsal
from choir_app.rehearsals.rules import read_act
from tests import makers
from tests.conftest import NOW, TheClock
from tests.rehearsals.test_receiving import Evening, outcomes
from tests.statements import counted
from tests.visitor import Visitor


@pytest.fixture
def evening(app: Flask) -> Evening:
    return Evening("Amina", "Bo")


def trace(evening: Evening) -> str:
    return f"/narvaro/{evening.rehearsal.id}/spar"


class TestTheTrace:
    def test_tells_who_when_from_what_to_what_and_by_which_phone(
        self, evening: Evening, visitor: Visitor
    ) -> None:
        evening.sends(evening.mark("present", at=NOW - timedelta(minutes=4)))
        evening.sends(evening.mark("absent", why="Hon gick hem"))
        visitor.signs_in(evening.leader).opens(trace(evening))
        visitor.sees("Amina: inte här", "Förut: här.", "Orsak: Hon gick hem", "Elin Norberg", "telefon efon")
        visitor.sees("Amina: här", "Förut: inte markerad.", "Ersatt", "17.56")
        assert visitor.text.index("Amina: inte här") < visitor.text.index("Amina: här"), "the newest first"
        assert visitor.text.count("Ersatt") == 1

    def test_tells_of_guests_notes_newcomers_and_the_end(self, evening: Evening, visitor: Visitor) -> None:
        welcome = evening.act("newcomer", singer_id=uuid4(), words="Semhar", status="present")
        evening.sends(welcome, evening.act("guests", number=3), evening.act("note", words="Ny sång."))
        evening.sends(evening.act("guests", number=4), evening.act("done"))
        actions.tell_outcome(
            evening.rehearsal, outcome="job", words="På hotellet.", receipt=uuid4(), by=evening.leader
        )
        visitor.signs_in(evening.leader).opens(trace(evening))
        visitor.sees("Ny sångare: Semhar", "3 gäster", "4 gäster", "Anteckning: Ny sång.", "Kvällen är klar")
        visitor.sees("Jobb. På hotellet.", "på sidan")

    def test_names_nobody_who_was_erased(self, evening: Evening, visitor: Visitor) -> None:
        evening.sends(evening.mark("present"))
        choirs.erase_singer(evening.singers[0], by=evening.leader)
        visitor.signs_in(evening.leader).opens(trace(evening)).sees("En raderad sångare: här").misses("Amina")

    def test_names_the_one_who_stands_and_how_they_were_called(
        self, evening: Evening, visitor: Visitor
    ) -> None:
        evening.sends(evening.mark("present", singer=1))
        db.session.commit()
        choirs.merge_singers(evening.singers[1], into=evening.singers[0], by=evening.leader)
        visitor.signs_in(evening.leader).opens(trace(evening)).sees("Amina: här", "Då uppskriven som Bo.")

    def test_names_a_substitute_and_what_came_late(
        self, evening: Evening, visitor: Visitor, the_clock: TheClock
    ) -> None:
        loan = makers.a_loan(evening.rehearsal, "Nils")
        nils = loan.substitute
        act = evening.mark("present")
        the_clock.set_to(NOW + timedelta(hours=3))
        actions.receive([act], sent_at=clock.now(), by=nils, device_id="telefon")
        visitor.signs_in(evening.leader).opens(trace(evening)).sees("Nils (vikarie)", "kom in", "21.00")

    def test_says_when_a_disagreement_was_settled(self, evening: Evening, visitor: Visitor) -> None:
        for device, status, ago in (("en", "absent", 3), ("två", "present", 1)):
            act = evening.mark(status, at=NOW - timedelta(minutes=ago))
            actions.receive([act], sent_at=NOW, by=evening.leader, device_id=device)
        [one] = queries.disagreements([evening.rehearsal.id])[evening.rehearsal.id]
        evening.sends(evening.mark("absent", seen_id=one.counts.act_id, settles_id=one.other.act_id))
        visitor.signs_in(evening.leader).opens(trace(evening)).sees("Avgjorde när två sa olika.")

    def test_is_paged_and_takes_as_many_statements_for_many_acts(
        self, evening: Evening, visitor: Visitor
    ) -> None:
        evening.sends(*(evening.act("guests", number=number) for number in range(50)))
        visitor.signs_in(evening.leader).opens(trace(evening)).sees("Äldre")
        visitor.opens(trace(evening) + "?sida=2").sees("Nyare")
        visitor.opens(trace(evening) + "?sida=-3").opens(trace(evening) + "?sida=٣")
        db.session.refresh(evening.rehearsal)
        with counted() as seen:
            assert len(queries.trace_of(evening.rehearsal)) == 50
        assert len(seen) == 1

    def test_is_not_for_others(self, evening: Evening, visitor: Visitor) -> None:
        stranger = makers.a_leader(makers.a_choir(town="Göteborg"), "Sten")
        visitor.signs_in(stranger).opens(trace(evening), 404)
        visitor.signs_in(makers.an_account("Maja")).opens(trace(evening), 403)

    def test_leads_from_the_evening(self, evening: Evening, visitor: Visitor) -> None:
        evening.sends(evening.mark("present"))
        visitor.signs_in(evening.leader).opens(f"/narvaro/{evening.rehearsal.id}/klar")
        assert trace(evening) in visitor.html


class TestWhatWasRefused:
    PAGE = "/narvaro/nekade"

    def refuse(self, evening: Evening) -> RefusedAct:
        actions.cancel_rehearsal(evening.rehearsal, reason=None, by=evening.leader)
        assert outcomes(evening.sends(evening.mark("present"))) == ["refused"]
        return db.session.scalars(select(RefusedAct)).one()

    def test_is_told_with_its_reason_until_somebody_looks_after_it(
        self, evening: Evening, visitor: Visitor
    ) -> None:
        refused = self.refuse(evening)
        visitor.signs_in(evening.leader).opens("/ikvall").sees("1 markering gick inte in.", "Se den")
        visitor.opens(self.PAGE)
        visitor.sees("Amina: här", "Repetitionen är inställd.", "Elin Norberg", "Kopiera som text")
        visitor.sends(f"/narvaro/nekade/{refused.id}/klart").sees("Markeringen är åtgärdad.", "Åtgärdade")
        visitor.sees("av Elin Norberg")
        visitor.opens("/ikvall").misses("gick inte in")
        db.session.refresh(refused)
        assert (refused.dealt_with_at, refused.dealt_with_by_id) == (NOW, evening.leader.id)

    def test_of_a_rehearsal_that_is_gone_is_shown_to_managers(
        self, evening: Evening, visitor: Visitor
    ) -> None:
        evening.sends(evening.act("guests", number=4, rehearsal_id=uuid4()))
        visitor.signs_in(makers.a_manager()).opens(self.PAGE)
        visitor.sees("4 gäster", "En repetition som inte finns längre", "Repetitionen finns inte längre.")
        visitor.signs_in(evening.leader).opens(self.PAGE).sees("4 gäster")
        visitor.signs_in(makers.a_leader(makers.a_choir(town="Göteborg"), "Sten")).opens(self.PAGE)
        visitor.misses("4 gäster").sees("Allt har gått in.")

    def test_is_not_for_leaders_of_other_choirs(self, evening: Evening, visitor: Visitor) -> None:
        refused = self.refuse(evening)
        visitor.signs_in(makers.a_leader(makers.a_choir(town="Göteborg"), "Sten"))
        visitor.opens(self.PAGE).misses("Amina")
        visitor.sends(f"/narvaro/nekade/{refused.id}/klart", 404)

    def test_a_strangers_name_is_not_told(self, evening: Evening, visitor: Visitor) -> None:
        other = Evening("Doris")
        evening.sends(evening.act("mark", singer_id=other.singers[0].id, status="present"))
        visitor.signs_in(evening.leader).opens(self.PAGE).sees("En sångare: här").misses("Doris")

    def test_what_cannot_be_read_stands_with_its_evening(self, evening: Evening, visitor: Visitor) -> None:
        wrong: dict[str, Any] = {
            "id": str(uuid4()),
            "kind": "newcomer",
            "rehearsal_id": str(evening.rehearsal.id),
            "singer_id": str(evening.singers[0].id),
            "name": "Semhar",
            "phone": ["070"],
            "at": NOW.isoformat(),
        }
        bo = makers.a_leader(evening.choir, "Bo Ek")
        actions.receive([read_act(wrong), read_act(["x"])], sent_at=NOW, by=bo)
        visitor.signs_in(evening.leader).opens(self.PAGE).sees("Ny sångare", "Bo Ek")
        visitor.misses("Något som vi inte kunde läsa")
        visitor.signs_in(bo).opens(self.PAGE).sees("Något som vi inte kunde läsa", "ingen markering")
        choirs.erase_singer(evening.singers[0], by=evening.leader)
        db.session.commit()
        assert not any("Semhar" in body for body in db.session.scalars(select(RefusedAct.body)))

    def test_is_forgotten_two_years_after_it_was_looked_after(
        self, evening: Evening, the_clock: TheClock
    ) -> None:
        refused = self.refuse(evening)
        waiting = makers.a_refused_act(evening.rehearsal)
        actions.deal_with_refused(refused, by=evening.leader)
        db.session.commit()
        kept, gone = refused.id, NOW + timedelta(days=732)
        the_clock.set_to(NOW + timedelta(days=729))
        forget_refused_acts()
        assert db.session.scalar(select(RefusedAct.id).where(RefusedAct.id == kept))
        the_clock.set_to(gone)
        forget_refused_acts()
        assert list(db.session.scalars(select(RefusedAct.id))) == [waiting.id]


class TestMeanwhile:
    """What became of a rehearsal or a singer while the phone had no contact: a clear word, and an end."""

    def test_the_rehearsal_was_removed(self, evening: Evening) -> None:
        act = evening.mark()
        db.session.delete(evening.rehearsal)
        db.session.commit()
        for _time in range(2):
            [answer] = evening.sends(act)
            assert (answer.outcome, answer.reason) == ("refused", "Repetitionen finns inte längre.")
        assert db.session.scalars(select(RefusedAct.cause)).all() == ["no_rehearsal"]
        assert db.session.scalars(select(Act)).all() == []

    def test_the_singer_was_erased(self, evening: Evening) -> None:
        act = evening.mark()
        choirs.erase_singer(evening.singers[0], by=evening.leader)
        [answer] = evening.sends(act)
        assert (answer.outcome, answer.reason) == ("refused", "Sångaren är raderad.")

    def test_the_rehearsal_was_called_off(self, evening: Evening) -> None:
        actions.cancel_rehearsal(evening.rehearsal, reason=None, by=evening.leader)
        [answer] = evening.sends(evening.mark())
        assert (answer.outcome, answer.reason) == ("refused", "Repetitionen är inställd.")

    def test_the_leader_leads_no_longer(self, evening: Evening) -> None:
        choirs.dismiss_leader(evening.choir, evening.leader, by=makers.a_manager())
        db.session.commit()
        [answer] = evening.sends(evening.mark())
        assert answer.outcome == "refused"
        assert "projektledaren" in (answer.reason or "")
        assert db.session.get_one(Rehearsal, evening.rehearsal.id).mark_count == 0
