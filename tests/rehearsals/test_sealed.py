"""Sealed acts: what a phone could not send before somebody signed out, brought by anybody, credited to its maker."""

import json
import os
import stat
import zlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Flask
from sqlalchemy import select, update

from choir_app.accounts import actions as accounts
from choir_app.accounts.models import Account, SignIn
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.foundation.seal import Seals, from_text, to_text
from choir_app.rehearsals import rules
from choir_app.rehearsals.models import Act, RefusedAct, Rehearsal
from tests import makers
from tests.conftest import TheClock
from tests.visitor import Visitor

AT = "2026-06-16T15:59:00.000Z"
SENT = "2026-06-16T16:00:00Z"
OAEP = padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)


@pytest.fixture
def tonight(app: Flask) -> Rehearsal:
    return makers.a_rehearsal(makers.a_choir("Amina", "Bo"))


@pytest.fixture
def leader(tonight: Rehearsal) -> Account:
    return makers.a_leader(tonight.choir)


@pytest.fixture
def kit(visitor: Visitor, leader: Account) -> dict[str, str]:
    """What the leader's phone got while it had contact; the phone is signed out again."""
    visitor.signs_in(leader).opens("/api/v1/seal?device=telefon-1")
    given = visitor.json
    visitor.leaves()
    return given


def a_mark(rehearsal: Rehearsal, first_name: str = "Amina", **more: Any) -> dict[str, Any]:
    singer_id = db.session.scalar(select(makers.Singer.id).where(makers.Singer.first_name == first_name))
    return {
        "id": str(uuid4()),
        "kind": "mark",
        "rehearsal_id": str(rehearsal.id),
        "singer_id": str(singer_id),
        "status": "present",
        "seen": None,
        "at": AT,
        **more,
    }


def sealed(kit: dict[str, str], *acts: Any, deflates: bool = True, **more: Any) -> dict[str, str]:
    """An envelope as static/js/seal.js makes it."""
    envelope_id, key, iv = str(uuid4()), os.urandom(32), os.urandom(12)
    public = serialization.load_der_public_key(from_text(kit["public_key"]))
    said = json.dumps({"ticket": kit["ticket"], "sealed_at": AT, "acts": list(acts), **more}).encode()
    packing = zlib.compressobj(9, zlib.DEFLATED, -15)
    plain = b"\1" + packing.compress(said) + packing.flush() if deflates else b"\0" + said
    about = f"{envelope_id}.{kit['key_id']}".encode()
    return {
        "id": envelope_id,
        "key_id": kit["key_id"],
        "key": to_text(public.encrypt(key, OAEP)),  # type: ignore[union-attr]  # ours are RSA keys
        "iv": to_text(iv),
        "data": to_text(AESGCM(key).encrypt(iv, plain, about)),
    }


def brings(visitor: Visitor, *envelopes: Any, status: int = 200, sent_at: str = SENT) -> list[dict[str, Any]]:
    """Bring envelopes to the house, signed in or not."""
    db.session.commit()
    body = json.dumps({"sent_at": sent_at, "envelopes": list(envelopes)})
    answer = visitor.client.post("/api/v1/sealed", data=body, content_type="application/json")
    assert answer.status_code == status, answer.get_data(as_text=True)[:1000]
    db.session.expire_all()
    return answer.get_json().get("results", [])


def acts_known() -> list[Act]:
    return list(db.session.scalars(select(Act)))


class TestBringing:
    @pytest.mark.parametrize("deflates", [True, False])
    def test_is_credited_to_whoever_made_them(
        self, visitor: Visitor, tonight: Rehearsal, leader: Account, kit: dict[str, str], *, deflates: bool
    ) -> None:
        """Nobody is signed in, and yet the marks are the leader's, from the leader's phone."""
        envelope = sealed(kit, a_mark(tonight), a_mark(tonight, "Bo"), deflates=deflates)
        (answer,) = brings(visitor, envelope)
        assert (answer["id"], answer["outcome"], answer["taken"]) == (envelope["id"], "taken", 2)
        assert {(act.by_id, act.device_id) for act in acts_known()} == {(leader.id, "telefon-1")}
        assert tonight.present_count == 2

    def test_twice_has_the_effect_of_once(
        self, visitor: Visitor, tonight: Rehearsal, kit: dict[str, str]
    ) -> None:
        envelope = sealed(kit, a_mark(tonight))
        first, again = brings(visitor, envelope), brings(visitor, envelope)
        assert first == again
        assert len(acts_known()) == 1

    def test_what_came_unsealed_before_changes_nothing(
        self, visitor: Visitor, tonight: Rehearsal, leader: Account, kit: dict[str, str]
    ) -> None:
        mark = a_mark(tonight)
        db.session.commit()
        visitor.signs_in(leader)
        batch = {"sent_at": SENT, "device_id": "telefon-1", "acts": [mark]}
        assert visitor.client.post("/api/v1/acts", json=batch).status_code == 200
        (answer,) = brings(visitor.leaves(), sealed(kit, mark))
        assert (answer["taken"], answer["refused"]) == (1, 0)
        assert len(acts_known()) == 1

    def test_answers_name_nobody(self, visitor: Visitor, tonight: Rehearsal, kit: dict[str, str]) -> None:
        told = json.dumps(brings(visitor, sealed(kit, a_mark(tonight))))
        for name in ("Amina", str(tonight.id), str(tonight.choir_id)):
            assert name not in told

    def test_one_bad_act_does_not_stop_the_others(
        self, visitor: Visitor, tonight: Rehearsal, leader: Account, kit: dict[str, str]
    ) -> None:
        (answer,) = brings(visitor, sealed(kit, a_mark(tonight), {"kind": "mark"}, a_mark(tonight, "Bo")))
        assert (answer["outcome"], answer["taken"], answer["refused"]) == ("taken", 2, 1)
        assert db.session.scalars(select(RefusedAct.by_id)).all() == [leader.id]


class TestWhoMayNotAnyMore:
    def test_a_closed_account_brings_nothing_in_and_loses_nothing(
        self, visitor: Visitor, tonight: Rehearsal, leader: Account, kit: dict[str, str]
    ) -> None:
        accounts.disable(leader, by=makers.an_account("Agnes", "administrator"))
        mark = a_mark(tonight)
        (answer,) = brings(visitor, sealed(kit, mark))
        assert (answer["outcome"], answer["taken"], answer["refused"]) == ("taken", 0, 1)
        assert db.session.scalars(select(RefusedAct.act_id)).all() == [mark["id"]]
        assert acts_known() == []

    @pytest.mark.parametrize(("days", "taken"), [(180, 1), (181, 0)])
    def test_after_half_a_year_a_person_looks_first(
        self,
        visitor: Visitor,
        tonight: Rehearsal,
        kit: dict[str, str],
        the_clock: TheClock,
        days: int,
        taken: int,
    ) -> None:
        """What was done that evening is in time, so it is the age of the ticket alone that decides."""
        envelope = sealed(kit, a_mark(tonight))
        the_clock.set_to(clock.now() + timedelta(days=days))
        (answer,) = brings(visitor, envelope, sent_at=clock.now().isoformat())
        assert (answer["taken"], answer["refused"]) == (taken, 1 - taken)
        assert len(acts_known()) == taken

    def test_a_leader_of_another_choir_marks_nobody_here(self, visitor: Visitor, tonight: Rehearsal) -> None:
        stranger = makers.a_leader(makers.a_choir(town="Göteborg"), "Somebody else")
        kit = visitor.signs_in(stranger).opens("/api/v1/seal?device=telefon-2").json
        (answer,) = brings(visitor.leaves(), sealed(kit, a_mark(tonight)))
        assert (answer["taken"], answer["refused"]) == (0, 1)


class TestASignInThatWasEnded:
    """A ticket vouches for what was done while its sign-in held, and for nothing that came after."""

    def made(self, moment: datetime) -> str:
        return moment.isoformat().replace("+00:00", "Z")

    def test_what_was_done_before_comes_in(
        self, visitor: Visitor, tonight: Rehearsal, kit: dict[str, str], the_clock: TheClock
    ) -> None:
        """Signing out ends it as well, and that is when phones seal."""
        the_clock.set_to(clock.now() + timedelta(days=2))
        (answer,) = brings(visitor, sealed(kit, a_mark(tonight)), sent_at=self.made(clock.now()))
        assert (answer["taken"], answer["refused"]) == (1, 0)

    def test_after_a_new_password_a_copied_ticket_marks_nobody(
        self, visitor: Visitor, tonight: Rehearsal, leader: Account, the_clock: TheClock
    ) -> None:
        copied = visitor.signs_in(leader).opens("/api/v1/seal?device=telefon-1").json
        before = a_mark(tonight, at=self.made(clock.now()))
        the_clock.set_to(clock.now() + timedelta(hours=1))
        accounts.end_sign_ins(leader)  # as a new password does, and whoever signs a lost phone out
        the_clock.set_to(clock.now() + timedelta(hours=1))
        after = a_mark(tonight, "Bo", at=self.made(clock.now()))
        (answer,) = brings(visitor.leaves(), sealed(copied, before, after), sent_at=self.made(clock.now()))
        assert (answer["taken"], answer["refused"]) == (1, 1)
        assert [str(act.id) for act in acts_known()] == [before["id"]]
        assert db.session.scalars(select(RefusedAct.reason)).all() == [
            "Telefonen var utloggad när det här markerades. Markera det igen."
        ]

    def test_a_sign_in_that_ran_out_by_age_loses_nothing(
        self, visitor: Visitor, tonight: Rehearsal, leader: Account, the_clock: TheClock
    ) -> None:
        kit = visitor.signs_in(leader).opens("/api/v1/seal?device=telefon-1").json
        db.session.execute(update(SignIn).values(expires_at=clock.now()))
        the_clock.set_to(clock.now() + timedelta(hours=1))
        mark = a_mark(tonight, at=self.made(clock.now()))
        (answer,) = brings(visitor, sealed(kit, mark), sent_at=self.made(clock.now()))
        assert (answer["taken"], answer["refused"]) == (1, 0)


class TestForgedAndDamaged:
    def test_a_ticket_of_ones_own_making_is_refused(
        self, visitor: Visitor, tonight: Rehearsal, leader: Account, kit: dict[str, str]
    ) -> None:
        body = to_text(json.dumps({"account": str(leader.id), "at": 1}).encode())
        for ticket in (f"{body}.{to_text(b'x' * 32)}", body, "", None, 7, kit["ticket"] + "A"):
            (answer,) = brings(visitor, sealed({**kit, "ticket": ticket}, a_mark(tonight)))  # type: ignore[dict-item]
            assert answer["outcome"] == "refused"
        assert acts_known() == []

    @pytest.mark.parametrize("part", ["id", "key", "iv", "data"])
    def test_every_part_is_bound_to_the_others(
        self, visitor: Visitor, tonight: Rehearsal, kit: dict[str, str], part: str
    ) -> None:
        one, other = sealed(kit, a_mark(tonight)), sealed(kit, a_mark(tonight, "Bo"))
        (answer,) = brings(visitor, {**one, part: other[part]})
        assert answer["outcome"] == "refused"
        assert acts_known() == []

    def test_what_is_no_envelope_is_refused_one_by_one(
        self, visitor: Visitor, tonight: Rehearsal, kit: dict[str, str]
    ) -> None:
        good = sealed(kit, a_mark(tonight))
        bad = [None, 7, "kor1", [], {}, {**good, "iv": ""}, {**good, "key": "å"}, {**good, "key_id": "../1"}]
        answers = brings(visitor, *bad, good)
        assert [answer["outcome"] for answer in answers] == ["refused"] * len(bad) + ["taken"]

    def test_an_envelope_that_grows_without_end_is_not_unpacked(
        self, visitor: Visitor, kit: dict[str, str]
    ) -> None:
        (answer,) = brings(visitor, sealed(kit, " " * 40_000_000))
        assert answer["outcome"] == "refused"

    def test_a_key_that_is_not_here_keeps_the_envelope_on_the_phone(
        self, visitor: Visitor, tonight: Rehearsal, kit: dict[str, str]
    ) -> None:
        (answer,) = brings(visitor, {**sealed(kit, a_mark(tonight)), "key_id": "0123456789abcdef"})
        assert answer["outcome"] == "later"

    def test_too_much_at_once_is_refused(self, visitor: Visitor) -> None:
        brings(visitor, *([None] * (rules.MOST_ENVELOPES + 1)), status=413)

    @pytest.mark.parametrize("body", ["", "[]", "{}", '{"envelopes": 7}', "[" * 100_000, "\x00"])
    def test_anything_else_is_answered_plainly(self, visitor: Visitor, body: str) -> None:
        answer = visitor.client.post("/api/v1/sealed", data=body, content_type="application/json")
        assert answer.status_code in (400, 422)
        assert visitor.client.post("/api/v1/sealed", data={"envelopes": "x"}).status_code == 415


class TestTheKeys:
    def test_are_made_once_and_readable_to_nobody_else(self, tmp_path: Path) -> None:
        one, other = Seals(tmp_path / "keys"), Seals(tmp_path / "keys")
        assert one.newest.key_id == other.newest.key_id
        (file,) = (tmp_path / "keys").iterdir()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700

    def test_an_older_key_still_opens(self, tmp_path: Path) -> None:
        seals = Seals(tmp_path / "keys")
        old = seals.newest
        new = seals.make()
        assert new.key_id != old.key_id
        assert Seals(tmp_path / "keys").newest.key_id == new.key_id
        assert seals.with_id(old.key_id)
        assert not seals.with_id("0123456789abcdef")

    def test_another_process_finds_a_new_key(self, tmp_path: Path) -> None:
        seals = Seals(tmp_path / "keys")
        assert seals.newest
        made = Seals(tmp_path / "keys").make()
        assert seals.with_id(made.key_id)


class TestTheTicket:
    def test_is_for_whoever_takes_rolls(self, visitor: Visitor, leader: Account) -> None:
        visitor.opens("/api/v1/seal", 401)
        visitor.signs_in(leader).opens("/api/v1/seal?device=" + "x" * 65, 422)
        visitor.opens("/api/v1/seal")
        assert visitor.answer
        assert visitor.answer.headers["Cache-Control"] == "no-store, private"
        assert set(visitor.json) == {"key_id", "public_key", "ticket", "given_at"}


def as_text(envelope: dict[str, str]) -> str:
    return ".".join(["kor1", *(envelope[name] for name in ("id", "key_id", "key", "iv", "data"))])


class TestHandingOver:
    def test_a_pasted_text_is_taken_in_with_a_count(
        self, visitor: Visitor, tonight: Rehearsal, leader: Account, kit: dict[str, str]
    ) -> None:
        """Whatever a letter did to its lines. The one who brings it need not be the one who made it."""
        one, other = sealed(kit, a_mark(tonight)), sealed(kit, a_mark(tonight, "Bo"))
        letter = as_text(one)
        broken = "\n".join(letter[at : at + 76] for at in range(0, len(letter), 76))
        visitor.signs_in(makers.a_leader(makers.a_choir(town="Göteborg"), "Somebody else"))
        visitor.opens("/narvaro/ta-emot")
        visitor.sends("/narvaro/ta-emot", text=f"Hej! Här kommer de:\n{broken}\n{as_text(other)}\n")
        visitor.sees("2 markeringar är mottagna.")
        assert {act.by_id for act in acts_known()} == {leader.id}

    @pytest.mark.parametrize("told", [{"clock_ahead": -86_400}, {}])
    def test_goes_by_the_clock_of_the_phone_that_made_it(
        self, visitor: Visitor, tonight: Rehearsal, leader: Account, kit: dict[str, str], told: dict[str, Any]
    ) -> None:
        """A phone a day behind marked a minute ago. A code of an older phone says nothing of its clock."""
        made_at = clock.now() - timedelta(minutes=1)
        by_phone = made_at + timedelta(seconds=told.get("clock_ahead", 0))
        envelope = sealed(kit, a_mark(tonight, at=by_phone.isoformat()), **told)
        visitor.signs_in(leader).opens("/narvaro/ta-emot").sends("/narvaro/ta-emot", text=as_text(envelope))
        visitor.sees("1 markering är mottagen.")
        assert [act.acted_at for act in acts_known()] == [made_at]

    @pytest.mark.parametrize("ahead", ["1", 1.5, True, None, 10**12, -(10**30), [], {}])
    def test_a_clock_that_cannot_be_is_not_believed(
        self, visitor: Visitor, tonight: Rehearsal, leader: Account, kit: dict[str, str], ahead: Any
    ) -> None:
        envelope = sealed(kit, a_mark(tonight), clock_ahead=ahead)
        visitor.signs_in(leader).opens("/narvaro/ta-emot").sends("/narvaro/ta-emot", text=as_text(envelope))
        assert [act.acted_at for act in acts_known()] == [datetime.fromisoformat(AT)]

    def test_what_could_not_be_counted_is_said(
        self, visitor: Visitor, tonight: Rehearsal, leader: Account, kit: dict[str, str]
    ) -> None:
        accounts.disable(leader, by=makers.an_account("Agnes", "administrator"))
        envelope = sealed(kit, a_mark(tonight))
        visitor.signs_in(makers.a_leader(makers.a_choir(town="Göteborg"), "Somebody else"))
        visitor.opens("/narvaro/ta-emot").sends("/narvaro/ta-emot", text=as_text(envelope))
        visitor.sees("1 markering kunde inte räknas.")

    def test_an_empty_or_foreign_text_is_answered_with_what_to_do(
        self, visitor: Visitor, leader: Account
    ) -> None:
        visitor.signs_in(leader).opens("/narvaro/ta-emot")
        visitor.sends("/narvaro/ta-emot", 422, text="").sees("Den börjar med kor1.")
        visitor.sends("/narvaro/ta-emot", 422, text="hej").sees("Det finns inga markeringar i texten.")

    def test_half_a_text_is_said_to_be_damaged(
        self, visitor: Visitor, tonight: Rehearsal, leader: Account, kit: dict[str, str]
    ) -> None:
        text = as_text(sealed(kit, a_mark(tonight)))[:-8]
        visitor.signs_in(leader).opens("/narvaro/ta-emot").sends("/narvaro/ta-emot", text=text)
        visitor.sees("Det är skadat på vägen och går inte att öppna.")
