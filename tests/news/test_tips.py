"""«Tipsa oss»: anybody tells, robots do not, and editors make news of it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from choir_app.accounts.models import Account
from choir_app.foundation import clock
from choir_app.foundation.audit import AuditEntry, Reading
from choir_app.foundation.database import commit, db
from choir_app.foundation.mail import Letter
from choir_app.foundation.refusal import NotAllowed
from choir_app.news import actions, queries
from choir_app.news.actions import TipWords
from choir_app.news.models import Tip, TipSender
from choir_app.news.rules import tips as rules
from tests import makers
from tests.conftest import TheClock
from tests.visitor import Visitor


def a_tip(what: str = "Grannarna sjunger på gården", **more: Any) -> Tip:
    tip = actions.take_in_tip(
        TipWords(what=what, **more), tip_id=uuid4(), network=f"10.0.0.{uuid4().int % 250}"
    )
    commit()
    return tip


def mark(visitor: Visitor, name: str) -> str:
    field = next(one for one in visitor.tree.iter("input") if one.get("name") == name)
    return field.get("value") or ""


def kept() -> list[Tip]:
    db.session.rollback()
    return list(db.session.scalars(select(Tip)))


class TestTelling:
    def fill_in(
        self, visitor: Visitor, the_clock: TheClock, status: int = 303, *, after: float = 30, **more: Any
    ) -> Visitor:
        """Open the form, take one's time, and send it."""
        visitor.opens("/tipsa-oss")
        travels = {name: mark(visitor, name) for name in ("receipt", "opened")}
        the_clock.set_to(the_clock.now + timedelta(seconds=after))
        told = {"what": "Grannarna sjunger på gården", **travels, **more}
        return visitor.sends("/tipsa-oss", status, **told)

    def test_one_sentence_is_enough(self, visitor: Visitor, the_clock: TheClock) -> None:
        self.fill_in(visitor, the_clock).sees("Tack för tipset!")
        (tip,) = kept()
        assert (tip.what, tip.where, tip.name, tip.email) == ("Grannarna sjunger på gården", None, None, None)

    def test_keeps_who_tells_if_they_want_to_say(self, visitor: Visitor, the_clock: TheClock) -> None:
        self.fill_in(visitor, the_clock, where="Boden", name="Rut", email="Rut@Example.org")
        (tip,) = kept()
        assert (tip.where, tip.name, (tip.email or "").lower()) == ("Boden", "Rut", "rut@example.org")

    def test_without_a_word_of_what_happened_says_so_and_loses_nothing(
        self, visitor: Visitor, the_clock: TheClock
    ) -> None:
        self.fill_in(visitor, the_clock, 422, what="", where="Boden").sees("Skriv vad som har hänt.")
        assert 'value="Boden"' in visitor.html
        assert kept() == []

    def test_the_same_form_sent_twice_is_one_tip(self, visitor: Visitor, the_clock: TheClock) -> None:
        visitor.opens("/tipsa-oss")
        told = {"what": "Hej", **{name: mark(visitor, name) for name in ("receipt", "opened")}}
        the_clock.set_to(the_clock.now + timedelta(seconds=30))
        for _time in range(2):
            visitor.sends("/tipsa-oss", **told)
        assert len(kept()) == 1
        assert db.session.scalars(select(TipSender.tip_count)).all() == [1]

    def test_a_form_filled_in_faster_than_anybody_reads_may_be_sent_again(
        self, visitor: Visitor, the_clock: TheClock
    ) -> None:
        self.fill_in(visitor, the_clock, 422, after=1).sees("Vänta tre sekunder och skicka igen.")
        travels = {name: mark(visitor, name) for name in ("receipt", "opened")}
        the_clock.set_to(the_clock.now + timedelta(seconds=4))
        visitor.sends("/tipsa-oss", what="Grannarna sjunger", **travels).sees("Tack för tipset!")

    def test_a_form_that_was_kept_for_days_is_opened_anew(
        self, visitor: Visitor, the_clock: TheClock
    ) -> None:
        visitor.opens("/tipsa-oss")
        old = queries.mark_of_form(the_clock.now - timedelta(hours=25))
        visitor.sends("/tipsa-oss", 422, what="Hej", opened=old, receipt=str(uuid4()))
        visitor.sees("Sidan var öppen för länge.")
        assert mark(visitor, "opened") != old
        assert kept() == []

    @pytest.mark.parametrize("opened", ["", "1781625600", "1781625600.x", "9" * 30 + ".x", "-1.x", "1.å"])
    def test_a_mark_that_is_not_ours_is_none(
        self, visitor: Visitor, the_clock: TheClock, opened: str
    ) -> None:
        self.fill_in(visitor, the_clock, 422, opened=opened)
        assert kept() == []

    def test_a_program_that_fills_in_every_field_is_stopped_and_a_person_whose_browser_did_is_not(
        self, visitor: Visitor, the_clock: TheClock
    ) -> None:
        self.fill_in(visitor, the_clock, 422, homepage="https://example.org/").sees("Vi har tömt det.")
        assert kept() == []
        assert mark(visitor, "homepage") == ""
        travels = {name: mark(visitor, name) for name in ("receipt", "opened")}
        visitor.sends("/tipsa-oss", what="Grannarna sjunger", **travels).sees("Tack för tipset!")

    def test_so_many_from_one_network_a_day(self, visitor: Visitor, the_clock: TheClock) -> None:
        for _number in range(rules.MOST_A_DAY):
            self.fill_in(visitor, the_clock)
        self.fill_in(visitor, the_clock, 422).sees("Skicka resten i morgon.")
        assert len(kept()) == rules.MOST_A_DAY
        the_clock.set_to(the_clock.now + timedelta(days=1))
        self.fill_in(visitor, the_clock).sees("Tack för tipset!")

    def test_from_where_it_came_cannot_be_told_the_day_after(self, app: Any, the_clock: TheClock) -> None:
        words = TipWords(what="Hej")

        def marks() -> set[bytes]:
            commit()
            return set(db.session.scalars(select(TipSender.mark)))

        actions.take_in_tip(words, tip_id=uuid4(), network="192.0.2.1")
        first = marks()
        actions.take_in_tip(words, tip_id=uuid4(), network="192.0.2.1")
        assert marks() == first
        the_clock.set_to(the_clock.now + timedelta(days=1))
        actions.take_in_tip(words, tip_id=uuid4(), network="192.0.2.1")
        assert len(marks()) == 1
        assert marks() != first

    def test_editors_get_a_letter_with_the_way_and_not_a_word_of_what_a_stranger_wrote(
        self, app: Any, editor: Account
    ) -> None:
        manager = makers.a_manager()
        editor.password_hash = manager.password_hash = "has joined"
        a_tip("Köp billiga klockor", where="klockor", name="klockor")
        letters = db.session.scalars(select(Letter)).all()
        assert [letter.recipient for letter in letters] == [editor.email]
        assert manager.email != editor.email
        outbox = app.config["DATA_FOLDER"] / "outbox"
        (letter,) = [path.read_text() for path in outbox.iterdir()]
        assert "/nyheter/skriv/tips" in letter
        assert "klockor" not in letter

    def test_a_flood_of_tips_is_no_flood_of_letters(self, app: Any, editor: Account) -> None:
        editor.password_hash = "has joined"
        for _number in range(rules.MOST_LETTERS_A_DAY + 3):
            a_tip()
        assert len(db.session.scalars(select(Letter)).all()) == rules.MOST_LETTERS_A_DAY


class TestTheDesk:
    def test_an_editor_makes_a_draft_of_it_once(self, visitor: Visitor, editor: Account) -> None:
        tip = a_tip("Grannarna sjunger på gården varje lördag.", where="Boden", name="Rut")
        visitor.signs_in(editor).opens("/nyheter/skriv").sees("1 tips väntar")
        visitor.opens("/nyheter/skriv/tips").sees("1 tips väntar på dig.")
        assert "Rut" in visitor.html
        visitor.sends(f"/nyheter/skriv/tips/{tip.id}/utkast").sees("Ändra nyheten")
        assert "Grannarna sjunger på gården varje lördag." in visitor.html
        visitor.sends(f"/nyheter/skriv/tips/{tip.id}/utkast")
        (tip,) = kept()
        assert tip.post is not None
        assert tip.post.is_draft
        assert tip.post.headline == "Tips: Boden"
        assert "Rut" not in tip.post.body
        visitor.opens("/nyheter/skriv/tips").sees("Inget tips väntar.", "Det blev inlägg")

    def test_puts_it_aside_and_takes_it_up_again(self, visitor: Visitor, editor: Account) -> None:
        tip = a_tip()
        visitor.signs_in(editor).sends(f"/nyheter/skriv/tips/{tip.id}/undan")
        visitor.sees("Tipset ligger åt sidan.", "Inget tips väntar.", "Åt sidan (1)")
        visitor.sends(f"/nyheter/skriv/tips/{tip.id}/undan/angra").sees("1 tips väntar på dig.")
        assert "Åt sidan" not in visitor.text

    def test_forgets_it_for_good(self, visitor: Visitor, editor: Account) -> None:
        tip = a_tip(name="Rut")
        visitor.signs_in(editor).sends(f"/nyheter/skriv/tips/{tip.id}/ta-bort").sees("Tipset är borttaget.")
        assert kept() == []
        assert "tip.removed" in db.session.scalars(select(AuditEntry.verb)).all()

    def test_who_looked_at_names_is_written_down(self, visitor: Visitor, editor: Account) -> None:
        named, unnamed = a_tip(name="Rut"), a_tip()
        visitor.signs_in(editor).opens("/nyheter/skriv/tips")
        looked_at = set(db.session.scalars(select(Reading.subject_id)))
        assert named.id in looked_at
        assert unnamed.id not in looked_at

    def test_nobody_but_editors_does_anything_with_it(self, leader: tuple[Account, Any]) -> None:
        tip = a_tip()
        for deed in (
            actions.begin_post_from,
            actions.put_tip_aside,
            actions.take_tip_up_again,
            actions.remove_tip,
        ):
            with pytest.raises(NotAllowed):
                deed(tip, by=leader[0])
        assert queries.waiting_tip_count(leader[0]) == 0

    def test_is_forgotten_in_time(self, app: Any, editor: Account, the_clock: TheClock) -> None:
        aside, waits = a_tip(name="Rut"), a_tip("Detta väntar", name="Bo")
        actions.put_tip_aside(aside, by=editor)
        commit()
        the_clock.set_to(the_clock.now + timedelta(days=91))
        actions.forget_old_tips()
        commit()
        assert [one.what for one in kept()] == ["Detta väntar"]
        assert db.session.scalars(select(TipSender)).all() == []
        the_clock.set_to(the_clock.now + timedelta(days=300))
        actions.forget_old_tips()
        commit()
        assert kept() == []
        del waits


def test_what_a_program_puts_into_the_hidden_field_may_be_anything(
    visitor: Visitor, the_clock: TheClock
) -> None:
    for typed in ("x" * 5000, "\x07", "Z" + "\u0300" * 60):
        visitor.opens("/tipsa-oss").sends("/tipsa-oss", 422, what="Hej", homepage=typed)
    assert kept() == []


@pytest.mark.parametrize(
    ("took", "is_a_person"),
    [
        (timedelta(seconds=2.999), False),
        (timedelta(seconds=3), True),
        (timedelta(hours=24), True),
        (timedelta(hours=24, seconds=1), None),
    ],
    ids=["just too fast", "three seconds", "a day", "over a day"],
)
def test_how_long_a_person_takes(took: timedelta, is_a_person: bool | None) -> None:
    assert rules.was_filled_in_by_hand(clock.now() - took, clock.now()) is is_a_person


def test_a_form_without_a_beginning_is_too_old() -> None:
    assert rules.was_filled_in_by_hand(None, clock.now()) is None
