"""Tonight, the roll as a plain form, newcomers and the end of the evening, as a leader without script meets them."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir, Leadership, Singer
from choir_app.foundation.database import db
from choir_app.rehearsals import actions, queries, rules
from choir_app.rehearsals.models import Act, Attendance, HandedInList, HandedInRehearsal, Rehearsal
from tests import makers
from tests.conftest import NOW, TheClock
from tests.statements import at_most
from tests.visitor import Visitor


@pytest.fixture
def choir(app: Flask) -> Choir:
    return makers.a_choir()


@pytest.fixture
def amina(choir: Choir) -> Singer:
    return makers.a_singer("Amina", "Hassan", choir=choir, voice="Sopran")


@pytest.fixture
def bo(choir: Choir) -> Singer:
    return makers.a_singer("Bo", "Ek", choir=choir, voice="Bas")


@pytest.fixture
def leader(choir: Choir) -> Account:
    return makers.a_leader(choir)


@pytest.fixture
def tonight(choir: Choir, amina: Singer, bo: Singer) -> Rehearsal:
    return makers.a_rehearsal(choir, venue=makers.a_venue("Boden", room="källaren"))


def receipt_on(visitor: Visitor) -> str:
    found = re.search(r'name="receipt"[^>]*value="([^"]+)"', visitor.html)
    assert found
    return found.group(1)


def here(rehearsal: Rehearsal) -> set[str]:
    db.session.expire_all()
    return set(
        db.session.scalars(
            select(Singer.first_name)
            .join(Attendance, Attendance.singer_id == Singer.id)
            .where(Attendance.rehearsal_id == rehearsal.id, Attendance.is_present)
        )
    )


def time_passes(visitor: Visitor, the_clock: TheClock, hours: float) -> None:
    """So long after six in the evening; pages that were kept a moment ago are forgotten by then."""
    the_clock.set_to(NOW + timedelta(hours=hours))
    visitor.app.extensions["kept_pages"].forget()


class TestTonight:
    def test_one_press_from_the_roll(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal, the_clock: TheClock
    ) -> None:
        the_clock.set_to(NOW - timedelta(minutes=40))
        visitor.signs_in(leader).opens("/ikvall").sees(
            "I kväll klockan 18.00", "Om 40 minuter", "Starta närvaro"
        )
        assert f'href="/narvaro/{tonight.id}"' in visitor.html

    def test_under_way_over_and_done(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal, amina: Singer, the_clock: TheClock
    ) -> None:
        visitor.signs_in(leader).opens("/ikvall").sees("Pågår nu.")
        actions.take_roll(tonight, was_here=[], is_here=[amina.id], guests=2, receipt=uuid4(), by=leader)
        visitor.opens("/ikvall").sees("Pågår nu. 1 här.", "Fortsätt närvaro · 1 här")
        time_passes(visitor, the_clock, 3)
        visitor.opens("/ikvall").sees("Slutade 20.00. 1 här.")
        actions.finish_evening(tonight, note=None, receipt=uuid4(), by=leader)
        visitor.opens("/ikvall").sees("Klar. 3 i rummet.", "Se kvällen")

    def test_after_midnight(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal, the_clock: TheClock
    ) -> None:
        time_passes(visitor, the_clock, 7)
        visitor.signs_in(leader).opens("/ikvall").sees("Närvaron från i går kväll är inte klar.")
        time_passes(visitor, the_clock, 20)
        visitor.opens("/ikvall").sees("Kvar att göra", "Närvaron 16 juni är inte ifylld.")

    def test_nothing_today(self, visitor: Visitor, leader: Account, choir: Choir) -> None:
        visitor.signs_in(leader).opens("/ikvall").sees("Ingen repetition i kväll", "Gör en plan")
        makers.a_rehearsal(choir, NOW + timedelta(days=7))
        visitor.opens("/ikvall").sees("Nästa är tisdag 23 juni i Boden.", "Ta närvaro ändå")

    def test_two_choirs(self, visitor: Visitor, leader: Account, tonight: Rehearsal) -> None:
        other = makers.a_choir(town="Göteborg")
        makers.a_rehearsal(other, NOW + timedelta(hours=1))
        makers.a_rehearsal(makers.a_choir(town="Linköping"), NOW)
        other.leaderships.append(Leadership(account=leader, account_id=leader.id))
        visitor.signs_in(leader).opens("/ikvall").sees("I kväll i 2 körer", "Göteborg klockan 19.00")
        visitor.misses("Linköping")

    def test_cancelled_and_taken_back(self, visitor: Visitor, leader: Account, tonight: Rehearsal) -> None:
        path = f"/repetitioner/{tonight.id}/installning"
        visitor.signs_in(leader).opens(path).sees("Ställ in tisdag 16 juni?", "Så här kommer det att stå")
        visitor.sends(path, reason="Lokalen är stängd.").sees("I kväll är det inställt", "Lokalen är stängd.")
        visitor.opens(f"/narvaro/{tonight.id}").sees("Repetitionen är inställd.")
        visitor.sends(f"{path}/angra").sees("16 juni är inte längre inställt.", "I kväll klockan 18.00")

    def test_another_place_with_a_look_before(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal
    ) -> None:
        church = makers.a_venue("Boden", name="Kyrkan")
        path = f"/repetitioner/{tonight.id}/flytt"
        typed = {
            "venue": church.id,
            "day": "2026-06-16",
            "hour": "18.30",
            "ends": "20.00",
            "note": "Ta med fika",
        }
        visitor.signs_in(leader).opens(path)
        visitor.sends(path, 200, **typed, go="preview").sees("Så här kommer det att stå", "Ny plats")
        visitor.sends(path, **typed).sees(
            "I kväll klockan 18.30", "Annars är ni i Folkets hus.", "Ta med fika"
        )

    def test_new_last_time(self, visitor: Visitor, leader: Account, choir: Choir, tonight: Rehearsal) -> None:
        before = makers.a_rehearsal(choir, NOW - timedelta(weeks=1))
        olena = makers.a_singer("Olena", choir=choir, since=before.sung_on)
        actions.take_roll(before, was_here=[], is_here=[olena.id], guests=None, receipt=uuid4(), by=leader)
        visitor.signs_in(leader).opens("/ikvall").sees("Bra att veta", "Nya förra gången: Olena.")

    def test_its_statements(self, visitor: Visitor, leader: Account, tonight: Rehearsal) -> None:
        visitor.signs_in(leader).opens("/ikvall")
        with at_most(14, "statements"):
            visitor.opens("/ikvall")


class TestTheRollAsAForm:
    def test_ticks_become_marks(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal, amina: Singer, bo: Singer
    ) -> None:
        path = f"/narvaro/{tonight.id}"
        visitor.signs_in(leader).opens(path).sees("Närvaro i Boden", "0 här av 2", "Folkets hus, källaren")
        assert "Hassan" in visitor.html
        visitor.sends(path, receipt=receipt_on(visitor), here=[amina.id, bo.id], go="save")
        visitor.sees("2 här av 2")
        visitor.sends(path, receipt=receipt_on(visitor), was=[amina.id, bo.id], here=[bo.id], go="save")
        assert here(tonight) == {"Bo"}

    def test_sent_twice_it_has_the_effect_of_once(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal, amina: Singer, the_clock: TheClock
    ) -> None:
        path = f"/narvaro/{tonight.id}"
        receipt = receipt_on(visitor.signs_in(leader).opens(path))
        for minutes in (0, 1, 2):
            the_clock.set_to(NOW + timedelta(minutes=minutes))
            visitor.sends(path, receipt=receipt, here=[amina.id], guests=1, guests_were=0)
            visitor.misses("redan kommit")
        db.session.expire_all()
        assert (tonight.present_count, tonight.guest_count) == (1, 1)
        assert db.session.scalar(select(func.count()).select_from(Act)) == 2

    def test_an_old_page_does_not_undo_another_leaders_marks(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal, amina: Singer, bo: Singer
    ) -> None:
        path = f"/narvaro/{tonight.id}"
        receipt = receipt_on(visitor.signs_in(leader).opens(path))
        actions.take_roll(
            tonight, was_here=[], is_here=[bo.id], guests=None, receipt=uuid4(), by=makers.a_manager()
        )
        visitor.sends(path, receipt=receipt, here=[amina.id])
        assert here(tonight) == {"Amina", "Bo"}

    def test_guests_go_up_and_down_and_never_below_nought(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal
    ) -> None:
        path = f"/narvaro/{tonight.id}"
        visitor.signs_in(leader).opens(path)
        for step, number in ((1, 1), (1, 2), (-1, 1), (-1, 0), (-1, 0)):
            db.session.expire_all()
            visitor.sends(path, receipt=receipt_on(visitor), guests=step, guests_were=tonight.guest_count)
            db.session.expire_all()
            assert tonight.guest_count == number

    @pytest.mark.parametrize(
        "typed",
        [
            {"here": "nonsense"},
            {"here": "\ud7ff" * 500},
            {"guests": "7"},
            {"guests": "många"},
            {"guests_were": "-4"},
            {"guests_were": "999999999999999999"},
        ],
    )
    def test_bad_input_is_said_and_nothing_is_saved(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal, typed: dict[str, str]
    ) -> None:
        path = f"/narvaro/{tonight.id}"
        visitor.signs_in(leader).opens(path)
        visitor.sends(path, 422, receipt=receipt_on(visitor), **typed)
        assert here(tonight) == set()

    def test_a_broken_receipt_and_an_unknown_singer(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal, amina: Singer
    ) -> None:
        path = f"/narvaro/{tonight.id}"
        visitor.signs_in(leader).opens(path)
        visitor.sends(path, receipt="x", here=[amina.id, uuid4()]).sees("Sångaren finns inte i listan.")
        assert here(tonight) == {"Amina"}

    def test_an_old_token_keeps_the_page(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal, bo: Singer
    ) -> None:
        path = f"/narvaro/{tonight.id}"
        visitor.signs_in(leader).opens(path)
        visitor.sends(path, 422, csrf_token="old", here=[bo.id]).sees("Sidan var öppen för länge.")
        assert here(tonight) == set()

    def test_before_its_day_and_after_fourteen_days(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal, amina: Singer, the_clock: TheClock
    ) -> None:
        path = f"/narvaro/{tonight.id}"
        the_clock.set_to(NOW - timedelta(days=1))
        visitor.signs_in(leader).opens(path).sees("Listan öppnar tisdag 16 juni.")
        the_clock.set_to(NOW + timedelta(days=15))
        visitor.opens(path).sees("Listan är stängd.")
        visitor.sends(path, here=[amina.id]).sees("Listan kan ändras i 14 dagar.")
        assert here(tonight) == set()
        visitor.signs_in(makers.a_manager()).opens(path)
        visitor.sends(path, receipt=receipt_on(visitor), here=[amina.id])
        assert here(tonight) == {"Amina"}

    def test_a_choir_in_one_group(self, visitor: Visitor) -> None:
        choir = makers.a_choir("Amina", voices=(), town="Göteborg")
        rehearsal = makers.a_rehearsal(choir)
        visitor.signs_in(makers.a_leader(choir, "Sten")).opens(f"/narvaro/{rehearsal.id}")
        assert "Amina" in visitor.html
        assert '<fieldset class="voice voice-0"' in visitor.html
        assert '<span>Vet inte än</span><span class="voice__count"' not in visitor.html

    def test_nobody_in_the_list(self, visitor: Visitor) -> None:
        choir = makers.a_choir(town="Göteborg")
        rehearsal = makers.a_rehearsal(choir)
        visitor.signs_in(makers.a_leader(choir, "Sten")).opens(f"/narvaro/{rehearsal.id}")
        visitor.sees("Inga namn än. Tryck på Ny sångare.")

    def test_its_statements(self, visitor: Visitor, leader: Account, tonight: Rehearsal) -> None:
        path = f"/narvaro/{tonight.id}"
        visitor.signs_in(leader).opens(path)
        with at_most(11, "statements"):
            visitor.opens(path)
        for number in range(20):
            makers.a_singer(f"Sara {number}", choir=tonight.choir)
        db.session.commit()
        with at_most(11, "statements"):
            visitor.opens(path)


class TestNewcomers:
    def test_a_first_name_is_enough(self, visitor: Visitor, leader: Account, tonight: Rehearsal) -> None:
        path = f"/narvaro/{tonight.id}/ny-sangare"
        visitor.signs_in(leader).opens(path)
        receipt = receipt_on(visitor)
        visitor.sends(path, receipt=receipt, first_name="Semhar").sees("1 här av 3", "Ny", "Vet inte än")
        visitor.sends(path, receipt=receipt, first_name="Semhar", which="new").sees("1 här av 3")

    def test_the_button_leads_there_and_saves_the_ticks(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal, amina: Singer
    ) -> None:
        path = f"/narvaro/{tonight.id}"
        visitor.signs_in(leader).opens(path)
        visitor.sends(path, receipt=receipt_on(visitor), here=[amina.id], go="newcomer").sees(
            "Ny sångare", "Förnamn"
        )
        assert here(tonight) == {"Amina"}

    def test_somebody_of_that_name(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal, amina: Singer
    ) -> None:
        path = f"/narvaro/{tonight.id}/ny-sangare"
        visitor.signs_in(leader).opens(path)
        visitor.sends(path, 200, receipt=receipt_on(visitor), first_name="amína")
        visitor.sees("Är det samma person?", "Amina Hassan i Sopran", "En annan person")
        visitor.sends(path, receipt=receipt_on(visitor), first_name="amína", which=amina.id).sees(
            "1 här av 2"
        )
        assert here(tonight) == {"Amina"}

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"first_name": ""}, "Skriv ett förnamn."),
            ({"first_name": "x" * 81}, "Texten är för lång."),
            ({"first_name": "Semhar", "phone": "ring mig"}, "Skriv telefonnumret med siffror."),
            ({"first_name": "811218-9876"}, "Det ser ut som ett personnummer."),
            ({"first_name": "Semhar", "voice": "nonsense"}, "Välj något i listan."),
            ({"first_name": "Semhar\x00"}, "tecken som vi inte kan spara"),
        ],
    )
    def test_mistakes(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal, typed: dict[str, str], said: str
    ) -> None:
        path = f"/narvaro/{tonight.id}/ny-sangare"
        visitor.signs_in(leader).opens(path)
        visitor.sends(path, 422, receipt=receipt_on(visitor), **typed).sees(said)
        assert here(tonight) == set()


class TestTheEndOfTheEvening:
    def test_says_how_many_and_keeps_a_note(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal, amina: Singer
    ) -> None:
        path = f"/narvaro/{tonight.id}"
        visitor.signs_in(leader).opens(path)
        visitor.sends(path, receipt=receipt_on(visitor), here=[amina.id], guests=1, guests_were=3, go="done")
        visitor.sees("5 i rummet", "1 sångare och 4 gäster.", "Sopran 1")
        visitor.sends(f"{path}/klar", receipt=receipt_on(visitor), note="Vi lärde oss en ny sång.")
        visitor.sees("Tack! Kvällen är klar.", "Vi lärde oss en ny sång.")
        visitor.opens("/ikvall").sees("Klar. 5 i rummet.")

    def test_nobody_marked_is_asked_about(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal
    ) -> None:
        path = f"/narvaro/{tonight.id}/klar"
        visitor.signs_in(leader).opens(path).sees(
            "Ingen är markerad. Var det ingen här?", "Tillbaka till listan"
        )
        visitor.sends(path, receipt=receipt_on(visitor)).sees("0 i rummet")
        db.session.expire_all()
        assert tonight.headcount == 0

    def test_a_note_with_an_identity_number(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal, amina: Singer
    ) -> None:
        actions.take_roll(tonight, was_here=[], is_here=[amina.id], guests=None, receipt=uuid4(), by=leader)
        path = f"/narvaro/{tonight.id}/klar"
        visitor.signs_in(leader).opens(path)
        visitor.sends(path, 422, receipt=receipt_on(visitor), note="Ring 811218-9876").sees("personnummer")


class TestWhoMayEnter:
    @pytest.mark.parametrize("page", ["", "/klar", "/ny-sangare"])
    def test_own_leader_and_manager_only(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal, page: str
    ) -> None:
        path = f"/narvaro/{tonight.id}{page}"
        stranger = makers.a_leader(makers.a_choir(town="Göteborg"), "Sten")
        visitor.opens(path, 303)
        visitor.signs_in(makers.an_account("Maja")).opens(path, 403)
        visitor.signs_in(stranger).opens(path, 404).sends(path, 404)
        visitor.signs_in(leader).opens(path)
        visitor.signs_in(makers.a_manager()).opens(path)


class TestWhatGoodHappened:
    def test_a_chip_is_enough_and_can_be_taken_back(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal, amina: Singer
    ) -> None:
        actions.take_roll(tonight, was_here=[], is_here=[amina.id], guests=None, receipt=uuid4(), by=leader)
        path = f"/narvaro/{tonight.id}/klar"
        visitor.signs_in(leader).opens(path).sees("Hände något bra?", "Praktik")
        visitor.sends(path, receipt=receipt_on(visitor), outcome="internship", go="more")
        db.session.expire_all()
        assert tonight.done_at is None, "the evening goes on"
        [told] = queries.outcomes_of(tonight)
        assert (told.outcome, told.singer, told.may_be_told) == ("internship", None, False)
        visitor.sends(path, receipt=receipt_on(visitor), take_back=told.act_id)
        assert queries.outcomes_of(tonight) == []

    def test_with_a_person_a_sentence_and_a_yes(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal, amina: Singer
    ) -> None:
        actions.take_roll(tonight, was_here=[], is_here=[amina.id], guests=None, receipt=uuid4(), by=leader)
        path = f"/narvaro/{tonight.id}/klar"
        visitor.signs_in(leader).opens(path)
        visitor.sends(
            path,
            receipt=receipt_on(visitor),
            outcome="job",
            singer=amina.id,
            words="Fick jobb på äldreboendet.",
            may_be_told="y",
            note="",
            go="done",
        ).sees("Tack! Kvällen är klar.", "Jobb: Amina Hassan")
        [told] = queries.outcomes_of(tonight)
        assert (told.words, told.may_be_told, told.singer_id) == (
            "Fick jobb på äldreboendet.",
            True,
            amina.id,
        )

    def test_of_health_no_name_is_taken_in(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal, amina: Singer
    ) -> None:
        actions.take_roll(tonight, was_here=[], is_here=[amina.id], guests=None, receipt=uuid4(), by=leader)
        path = f"/narvaro/{tonight.id}/klar"
        visitor.signs_in(leader).opens(path)
        visitor.sends(path, receipt=receipt_on(visitor), outcome="health", singer=amina.id, go="done")
        [told] = queries.outcomes_of(tonight)
        assert (told.outcome, told.singer_id) == ("health", None)

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"outcome": "lottery"}, "Välj något i listan."),
            ({"outcome": "job", "words": "x" * 301}, "Texten är för lång."),
            ({"outcome": "job", "words": "811218-9876"}, "personnummer"),
            ({"outcome": "job", "singer": "nonsense"}, "Välj något i listan."),
        ],
    )
    def test_mistakes(
        self,
        visitor: Visitor,
        leader: Account,
        tonight: Rehearsal,
        amina: Singer,
        typed: dict[str, str],
        said: str,
    ) -> None:
        actions.take_roll(tonight, was_here=[], is_here=[amina.id], guests=None, receipt=uuid4(), by=leader)
        path = f"/narvaro/{tonight.id}/klar"
        visitor.signs_in(leader).opens(path)
        visitor.sends(path, 422, receipt=receipt_on(visitor), **typed).sees(said)
        assert queries.outcomes_of(tonight) == []


class TestAllAtOnceAndAfterHandingIn:
    def test_everybody_of_whom_nothing_was_said(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal, amina: Singer, bo: Singer
    ) -> None:
        away = makers.a_singer("Clara", choir=tonight.choir)
        db.session.commit()
        absent = {
            "id": str(uuid4()),
            "kind": "mark",
            "rehearsal_id": str(tonight.id),
            "singer_id": str(away.id),
            "status": "absent",
            "at": NOW.isoformat(),
        }
        actions.receive([rules.read_act(absent)], sent_at=NOW, by=leader, device_id="phone")
        path = f"/narvaro/{tonight.id}"
        visitor.signs_in(leader).opens(path)
        visitor.sends(path, receipt=receipt_on(visitor), here=[amina.id], go="all")
        assert here(tonight) == {"Amina", "Bo"}, "Clara was said to be away"

    def test_a_reason_is_asked_for(
        self, visitor: Visitor, leader: Account, tonight: Rehearsal, amina: Singer
    ) -> None:
        circle = makers.a_study_list(tonight.choir)
        version = HandedInList(
            id=uuid4(), list_id=circle.id, number=1, content="{}", digest="0" * 64, leader_name="Elin"
        )
        db.session.add(version)
        db.session.flush()
        db.session.add(HandedInRehearsal(handed_in_id=version.id, rehearsal_id=tonight.id))
        db.session.commit()
        path = f"/narvaro/{tonight.id}"
        visitor.signs_in(leader).opens(path).sees("Listan är inlämnad.", "Varför ändrar du?")
        visitor.sends(path, 422, receipt=receipt_on(visitor), here=[amina.id], go="save").sees(
            "Skriv varför, med några ord."
        )
        assert here(tonight) == set()
        visitor.sends(path, receipt=receipt_on(visitor), here=[amina.id], go="save", why="Amina kom sent")
        assert here(tonight) == {"Amina"}
        assert db.session.scalars(select(Act.why)).all() == ["Amina kom sent"]
