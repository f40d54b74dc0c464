"""What a phone gets: the roll, the evenings it keeps, and that the wire is as it is described."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import jsonschema_rs
import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, settings

from choir_app.accounts.models import Account
from choir_app.choirs import actions as choirs
from choir_app.choirs.models import Choir
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.rehearsals import actions, queries
from choir_app.rehearsals.models import Loan, Rehearsal
from choir_app.rehearsals.views.openapi import DESCRIPTION
from tests import makers
from tests.conftest import NOW, TheClock
from tests.rehearsals.test_wire import SENT, a_mark, singer_id
from tests.statements import counted
from tests.visitor import Visitor, outside

EVENINGS = "/api/v1/evenings"


@pytest.fixture
def choir(app: Flask) -> Choir:
    return makers.a_choir("Amina", "Bo")


@pytest.fixture
def tonight(choir: Choir) -> Rehearsal:
    return makers.a_rehearsal(choir, venue=makers.a_venue(room="Källaren"))


@pytest.fixture
def leader(choir: Choir) -> Account:
    return makers.a_leader(choir)


@pytest.fixture
def phone(visitor: Visitor, leader: Account) -> Visitor:
    return visitor.signs_in(leader)


def sends(phone: Visitor, *acts: Any, device_id: str = "telefon-1") -> Any:
    """Send acts as one of several phones, each signed in as its own person."""
    body = {"sent_at": SENT, "device_id": device_id, "acts": list(acts)}
    answer = outside(lambda: phone.client.post("/api/v1/acts", json=body))
    assert answer.status_code == 200, answer.get_data(as_text=True)[:2000]
    db.session.expire_all()
    return answer.get_json()


def path(rehearsal: Rehearsal) -> str:
    return f"/api/v1/roll/{rehearsal.id}"


def schema(name: str) -> dict[str, Any]:
    return {**DESCRIPTION["components"]["schemas"][name], "components": DESCRIPTION["components"]}


def is_as_described(name: str, told: Any, *, exactly: bool = True) -> None:
    """What was told fits its description; and none of its fields is missing there, if `exactly`."""
    described = json.loads(json.dumps(schema(name)))
    if exactly:
        for part in (described, *described["components"]["schemas"].values()):
            if "properties" in part:
                part["additionalProperties"] = False
    jsonschema_rs.validator_for(described, validate_formats=True).validate(told)


class TestTheSnapshot:
    def test_is_as_it_was_agreed(self, phone: Visitor, tonight: Rehearsal) -> None:
        mark, guests = a_mark(tonight), a_mark(tonight, kind="guests", number=4)
        outcome = a_mark(tonight, kind="outcome", outcome="job", may_be_told=False, singer_id=None)
        sends(phone, mark, guests, outcome)
        told = phone.opens(path(tonight)).json
        is_as_described("Snapshot", told)
        assert told["place"] == "Folkets hus, Källaren"
        assert (told["sung_on"], told["closes_at"]) == ("2026-06-16", "2026-06-30T18:00:00.000Z")
        assert (told["is_open"], told["handed_in_at"], told["elsewhere"]) == (True, None, 0)
        assert told["guests_act_id"] == guests["id"]
        assert told["outcomes"] == [{"act_id": outcome["id"], "outcome": "job"}]
        assert told["singers"][0] == {
            "id": mark["singer_id"],
            "first_name": "Amina",
            "surname": None,
            "voice_id": None,
            "is_new": False,
            "is_expected": True,
            "has_said": None,
            "status": "present",
            "act_id": mark["id"],
        }

    def test_tells_who_disagrees_and_who_else_marks(
        self, visitor: Visitor, phone: Visitor, tonight: Rehearsal, the_clock: TheClock
    ) -> None:
        sends(phone, a_mark(tonight, status="absent"))
        other = Visitor(visitor.app).signs_in(makers.a_leader(tonight.choir, "Bo Ek"))
        counts = a_mark(tonight, at="2026-06-16T15:59:30.000Z")
        truth = sends(other, counts, device_id="telefon-2")["rehearsals"][0]
        [conflict] = phone.opens(path(tonight)).json["conflicts"]
        assert truth["conflicts"] == [conflict]
        assert (conflict["counts"]["by"], conflict["other"]["by"]) == ("Bo Ek", "Elin Norberg")
        assert (conflict["counts"]["status"], conflict["other"]["status"]) == ("present", "absent")
        assert conflict["counts"]["at"] == "2026-06-16T15:59:30.000Z"
        assert phone.json["also_marking"] == ["Bo Ek"]
        settled = a_mark(
            tonight,
            status="absent",
            at="2026-06-16T15:59:50.000Z",
            seen=conflict["counts"]["act_id"],
            settles=conflict["other"]["act_id"],
        )
        assert sends(phone, settled)["rehearsals"][0]["conflicts"] == []
        the_clock.set_to(NOW + timedelta(minutes=6))
        phone.app.extensions["kept_pages"].forget()
        assert phone.opens(path(tonight)).json["also_marking"] == []

    def test_tells_what_was_said_and_never_ticks_anybody(
        self, phone: Visitor, tonight: Rehearsal, leader: Account
    ) -> None:
        amina = db.session.get_one(makers.Singer, UUID(singer_id(tonight)))
        tonight.starts_at = NOW + timedelta(hours=1)
        db.session.commit()
        actions.say(tonight, amina, is_coming=False, by=leader)
        [one, bo] = phone.opens(path(tonight)).json["singers"]
        assert (one["has_said"], one["is_expected"], one["status"]) == ("not_coming", False, None)
        assert (bo["has_said"], bo["is_expected"]) == (None, True)

    def test_tells_who_was_merged(self, phone: Visitor, tonight: Rehearsal, leader: Account) -> None:
        amina, bo = (
            db.session.get_one(makers.Singer, UUID(singer_id(tonight, one))) for one in ("Amina", "Bo")
        )
        db.session.commit()
        choirs.merge_singers(bo, into=amina, by=leader)
        told = phone.opens(path(tonight)).json
        assert told["merged"] == {str(bo.id): str(amina.id)}
        assert [one["first_name"] for one in told["singers"]] == ["Amina"]
        answer = sends(phone, a_mark(tonight, singer_id=str(bo.id)))
        assert answer["rehearsals"][0]["merged"] == {str(bo.id): str(amina.id)}
        assert list(answer["rehearsals"][0]["marks"]) == [str(amina.id)]
        is_as_described("Answer", answer)

    def test_changes_its_mark_with_everything_in_it(
        self, visitor: Visitor, phone: Visitor, tonight: Rehearsal, leader: Account
    ) -> None:
        """Whatever is in it: mark, guests, name, membership, reply, conflict, a result, a loan's name, the place."""
        amina = db.session.get_one(makers.Singer, UUID(singer_id(tonight)))
        tonight.starts_at = NOW + timedelta(hours=1)
        db.session.commit()
        bo = makers.a_leader(tonight.choir, "Bo Ek")
        other = Visitor(visitor.app).signs_in(bo)
        fresh = {"at": "2026-06-16T15:59:30.000Z"}
        changes = {
            "a mark": lambda: sends(phone, a_mark(tonight)),
            "guests": lambda: sends(phone, a_mark(tonight, kind="guests", number=3)),
            "a result": lambda: sends(
                phone, a_mark(tonight, kind="outcome", outcome="job", may_be_told=False, singer_id=None)
            ),
            "a membership": lambda: makers.a_singer("Carlos", choir=tonight.choir),
            "a reply": lambda: actions.say(tonight, amina, is_coming=False, by=leader),
            "a conflict": lambda: sends(other, a_mark(tonight, status="absent", **fresh), device_id="b"),
            "the place": lambda: setattr(tonight, "venue", makers.a_venue(name="Biblioteket")),
            "a name": lambda: choirs.change_singer(amina, first_name="Aminata", by=leader),
            "the end": lambda: sends(phone, a_mark(tonight, kind="done")),
            "how long it lasts": lambda: setattr(tonight, "minutes", 90),
        }
        seen = [phone.opens(path(tonight)).answer.headers["ETag"]]  # type: ignore[union-attr]
        for what, change in changes.items():
            change()
            db.session.commit()
            phone.opens(path(tonight), headers={"If-None-Match": seen[-1]})
            assert phone.answer is not None
            seen.append(phone.answer.headers["ETag"])
            assert seen[-1] not in seen[:-1], f"{what} changed nothing"
            phone.opens(path(tonight), 304, headers={"If-None-Match": seen[-1]})

    def test_is_not_sent_again_while_only_others_change(self, phone: Visitor, tonight: Rehearsal) -> None:
        phone.opens(path(tonight))
        assert phone.answer is not None
        mark = {"If-None-Match": phone.answer.headers["ETag"]}
        makers.a_singer("Doris", choir=makers.a_choir(town="Göteborg"))
        phone.opens(path(tonight), 304, headers=mark)
        phone.opens(path(tonight), 304, headers=mark)

    def test_asking_again_asks_nothing_but_the_version(self, phone: Visitor, tonight: Rehearsal) -> None:
        phone.opens(path(tonight))
        assert phone.answer is not None
        address, mark = path(tonight), {"If-None-Match": phone.answer.headers["ETag"]}
        with counted() as seen:
            phone.opens(address, 304, headers=mark)
        assert seen == [], "the look at the version goes past what is counted here"

    def test_stays_in_no_browsers_cache(self, phone: Visitor, tonight: Rehearsal) -> None:
        for address in (path(tonight), EVENINGS):
            for _time in range(2):
                phone.opens(address)
                assert phone.answer is not None
                assert phone.answer.headers["Cache-Control"] == "no-store"


class TestTheEvenings:
    def test_are_those_of_own_choirs_fourteen_days_back_and_ahead(
        self, phone: Visitor, tonight: Rehearsal, choir: Choir, leader: Account
    ) -> None:
        kept = [tonight, *(makers.a_rehearsal(choir, NOW + timedelta(days=days)) for days in (-14, 14, 3))]
        for days in (-15, 15):
            makers.a_rehearsal(choir, NOW + timedelta(days=days))
        makers.a_rehearsal(makers.a_choir("Doris", town="Göteborg"))
        told = phone.opens(EVENINGS).json
        is_as_described("Evenings", told)
        assert told["account"] == {"id": str(leader.id), "name": "Elin Norberg"}
        assert told["fetched_at"] == "2026-06-16T16:00:00.000Z"
        assert {one["id"] for one in told["rehearsals"]} == {str(each.id) for each in kept}
        assert all("arrivals" not in one for one in told["rehearsals"])
        assert "Doris" not in phone.html

    def test_each_is_told_as_alone(self, phone: Visitor, tonight: Rehearsal, choir: Choir) -> None:
        later = makers.a_rehearsal(choir, NOW + timedelta(days=7))
        makers.a_membership(makers.a_singer("Eva"), choir, since=(NOW + timedelta(days=5)).date())
        sends(phone, a_mark(tonight), a_mark(tonight, kind="guests", number=2))
        together = {one["id"]: one for one in phone.opens(EVENINGS).json["rehearsals"]}
        for each in (tonight, later):
            alone = phone.opens(path(each)).json
            alone.pop("arrivals")
            assert together[str(each.id)] == alone
        assert len(together[str(later.id)]["singers"]) == len(together[str(tonight.id)]["singers"]) + 1

    def test_a_loan_brings_its_evening_and_no_other(
        self, visitor: Visitor, tonight: Rehearsal, choir: Choir
    ) -> None:
        makers.a_rehearsal(choir, NOW + timedelta(days=7))
        maja = makers.an_account("Maja")
        visitor.signs_in(maja)
        assert visitor.opens(EVENINGS).json["rehearsals"] == []
        loan = Loan(
            rehearsal_id=tonight.id, to_account_id=maja.id, lent_at=NOW, ends_at=clock.end_of(clock.today())
        )
        db.session.add(loan)
        db.session.commit()
        assert [one["id"] for one in visitor.opens(EVENINGS).json["rehearsals"]] == [str(tonight.id)]
        loan.revoked_at = NOW
        assert visitor.opens(EVENINGS).json["rehearsals"] == []

    def test_hold_no_numbers_and_no_notes(self, phone: Visitor, tonight: Rehearsal) -> None:
        makers.a_singer("Carlos", choir=tonight.choir, phone="070-174 06 05", note="behöver skjuts")
        sends(phone, a_mark(tonight, kind="note", words="Sofia grät."))
        phone.opens(EVENINGS).misses("174 06 05", "1740605", "skjuts", "Sofia")

    def test_the_mark_stays_while_only_the_clock_moves(
        self, phone: Visitor, tonight: Rehearsal, the_clock: TheClock
    ) -> None:
        phone.opens(EVENINGS)
        assert phone.answer is not None
        mark = {"If-None-Match": phone.answer.headers["ETag"]}
        the_clock.set_to(NOW + timedelta(seconds=30))
        phone.app.extensions["kept_pages"].forget()
        phone.opens(EVENINGS, 304, headers=mark)
        sends(phone, a_mark(tonight))
        phone.opens(EVENINGS, headers=mark)

    def test_as_many_statements_for_one_as_for_twenty(
        self, phone: Visitor, tonight: Rehearsal, choir: Choir, leader: Account
    ) -> None:
        with counted() as for_one:
            queries.snapshots_kept_by(leader)
        for days in range(-10, 10):
            each = makers.a_rehearsal(choir, NOW + timedelta(days=days, hours=1))
            makers.a_singer(f"Sara {days}", choir=choir)
            sends(phone, a_mark(each, status="present")) if days < 0 else None
        db.session.expire_all()
        db.session.refresh(leader)
        with counted() as for_twenty:
            assert len(queries.snapshots_kept_by(leader)) == 21
        assert len(for_twenty) <= len(for_one) + 1, "once more for the choir that was forgotten"

    def test_signed_out_is_told_to_sign_in(self, visitor: Visitor, tonight: Rehearsal) -> None:
        is_as_described("Error", visitor.opens(EVENINGS, 401).json)


class TestTheDescription:
    def test_names_every_route_and_no_other(self, app: Flask) -> None:
        served = {
            (rule.rule.replace("<uuid:", "{").replace(">", "}"), method.lower())
            for rule in app.url_map.iter_rules()
            if rule.rule.startswith("/api/")
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        }
        described = {(where, method) for where, ways in DESCRIPTION["paths"].items() for method in ways}
        assert described == served

    def test_is_served_to_everybody(self, visitor: Visitor) -> None:
        assert visitor.opens("/api/v1/openapi.json").json == json.loads(json.dumps(DESCRIPTION))

    @pytest.mark.parametrize("kind", ["mark", "guests", "newcomer", "done", "note", "outcome"])
    def test_describes_the_acts_that_are_taken_in(
        self, phone: Visitor, tonight: Rehearsal, kind: str
    ) -> None:
        more: dict[str, Any] = {
            "mark": {},
            "guests": {"number": 3},
            "newcomer": {"name": "Semhar", "singer_id": str(uuid4()), "reads": "ti", "may_write": True},
            "done": {},
            "note": {"words": "Ny sång."},
            "outcome": {"outcome": "job", "may_be_told": True, "words": None},
        }[kind]
        act = a_mark(tonight, kind=kind, **more)
        is_as_described("Act", act, exactly=False)
        assert sends(phone, act)["results"][0]["outcome"] == "applied"

    @pytest.mark.parametrize(
        "wrong",
        [
            {"status": "late"},
            {"singer_id": None},
            {"at": None},
            {"kind": "late"},
            {"why": "x" * 201},
            {"id": 7},
        ],
    )
    def test_and_those_that_are_not(self, phone: Visitor, tonight: Rehearsal, wrong: dict[str, Any]) -> None:
        act = a_mark(tonight, **wrong)
        with pytest.raises(jsonschema_rs.ValidationError):
            is_as_described("Act", act, exactly=False)
        assert sends(phone, act)["results"][0]["outcome"] == "refused"


SCHEMA = schemathesis.openapi.from_dict(DESCRIPTION)


class TestAnythingThatIsSent:
    """A machine makes up requests from the description, sound ones and not: no fault, and answers as described."""

    @pytest.fixture
    def signed_in(self, app: Flask, tonight: Rehearsal, leader: Account) -> Visitor:
        return Visitor(app).signs_in(leader)

    @SCHEMA.include(path_regex="^/api/v1/(acts|roll|evenings|openapi|sealed|seal|arrivals)").parametrize()
    @settings(
        max_examples=15,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.differing_executors,
            HealthCheck.too_slow,
            HealthCheck.filter_too_much,
        ],
    )
    def test_meets_no_fault(self, signed_in: Visitor, case: Any) -> None:
        arguments = case.as_transport_kwargs(base_url="http://localhost")
        answer = signed_in.client.open(
            case.formatted_path,
            method=case.method,
            query_string=case.query or {},
            headers={key: str(value) for key, value in (case.headers or {}).items() if _can_be_sent(value)},
            json=case.body if isinstance(case.body, dict | list) else None,
            data=arguments.get("data"),
        )
        assert answer.status_code < 500, answer.get_data(as_text=True)[:500]
        responses = case.operation.definition.raw["responses"]
        if case.method.lower() != case.operation.method.lower() or answer.status_code in (308, 405):
            return  # another way of asking, or an address that leads elsewhere since its parts were made up
        assert str(answer.status_code) in responses, f"{answer.status_code} is not described"
        if answer.status_code != 304 and "content" in responses[str(answer.status_code)]:
            described = responses[str(answer.status_code)]["content"]["application/json"]["schema"]
            whole = {**described, "components": DESCRIPTION["components"]}
            jsonschema_rs.validator_for(whole).validate(answer.get_json())


def _can_be_sent(value: object) -> bool:
    text = str(value)
    return text.isascii() and text.isprintable()


class TestTheRollPage:
    """It may be drawn often, so it is given again to the same sign-in until something is written."""

    def test_is_drawn_once_while_nothing_is_written(self, phone: Visitor, tonight: Rehearsal) -> None:
        address = f"/narvaro/{tonight.id}"
        phone.opens(address).opens(address)
        before = phone.html
        with counted() as seen:
            phone.opens(address)
        assert seen == [], "it is only asked whether anything was written, of the driver itself"
        assert phone.html == before
        sends(phone, a_mark(tonight))
        assert phone.opens(address).html != before

    def test_two_sheets_of_one_drawing_are_both_taken(self, phone: Visitor, tonight: Rehearsal) -> None:
        address, amina, bo = f"/narvaro/{tonight.id}", singer_id(tonight), singer_id(tonight, "Bo")
        phone.opens(address).opens(address)
        receipt = phone.html.split('name="receipt"')[1].split('value="')[1].split('"')[0]
        for name in (amina, bo):
            phone.sends(address, guests_were=0, here=name, receipt=receipt, go="save")
        db.session.refresh(tonight)
        assert (tonight.present_count, tonight.mark_count) == (2, 2)

    def test_is_never_given_to_another(self, phone: Visitor, tonight: Rehearsal) -> None:
        address = f"/narvaro/{tonight.id}"
        phone.opens(address).opens(address)
        Visitor(phone.app).signs_in(makers.a_leader(makers.a_choir(town="Göteborg"), "Sten")).opens(
            address, 404
        )
