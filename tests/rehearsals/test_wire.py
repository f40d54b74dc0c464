"""The wire: what a phone sends and gets, and that nothing it sends can break the house."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.globals import _cv_app
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from choir_app.accounts.models import Account
from choir_app.foundation.database import db
from choir_app.rehearsals import rules
from choir_app.rehearsals.models import Act, RefusedAct, Rehearsal
from tests import makers
from tests.conftest import NOW
from tests.visitor import Visitor

AT = "2026-06-16T15:59:00.000Z"
SENT = "2026-06-16T16:00:00Z"


@pytest.fixture
def tonight(app: Flask) -> Rehearsal:
    return makers.a_rehearsal(makers.a_choir("Amina", "Bo"))


@pytest.fixture
def leader(tonight: Rehearsal) -> Account:
    return makers.a_leader(tonight.choir)


@pytest.fixture
def phone(visitor: Visitor, leader: Account) -> Visitor:
    return visitor.signs_in(leader)


def singer_id(rehearsal: Rehearsal, first_name: str = "Amina") -> str:
    statement = select(makers.Singer.id).where(makers.Singer.first_name == first_name)
    return str(db.session.scalar(statement))


def a_mark(rehearsal: Rehearsal, **more: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "kind": "mark",
        "rehearsal_id": str(rehearsal.id),
        "singer_id": singer_id(rehearsal),
        "status": "present",
        "seen": None,
        "at": AT,
        **more,
    }


def posts(phone: Visitor, body: Any, status: int = 200, **headers: str) -> Any:
    """Send a body as it is, or as JSON when it is no text."""
    db.session.commit()
    data = body if isinstance(body, str | bytes) else json.dumps(body)
    kind = headers.pop("content_type", "application/json")
    answer = phone.client.post("/api/v1/acts", data=data, content_type=kind, headers=headers)
    assert answer.status_code == status, answer.get_data(as_text=True)[:2000]
    db.session.expire_all()
    return answer.get_json()


def sends(phone: Visitor, *acts: Any, status: int = 200, **more: Any) -> Any:
    return posts(phone, {"sent_at": SENT, "device_id": "telefon-1", "acts": list(acts), **more}, status)


class TestABatch:
    def test_answers_each_act_and_tells_how_it_stands(self, phone: Visitor, tonight: Rehearsal) -> None:
        mark = a_mark(tonight)
        welcome = {**a_mark(tonight, kind="newcomer", name="Semhar"), "singer_id": str(uuid4())}
        guests = a_mark(tonight, kind="guests", number=4)
        answer = sends(phone, mark, welcome, guests, {"id": "x"})
        assert [result["outcome"] for result in answer["results"]] == [
            "applied",
            "applied",
            "applied",
            "refused",
        ]
        assert [result["id"] for result in answer["results"]] == [
            mark["id"],
            welcome["id"],
            guests["id"],
            "x",
        ]
        assert answer["results"][0]["reason"] is None
        assert answer["results"][3]["reason"]
        assert answer["received_at"] == "2026-06-16T16:00:00.000Z"
        [truth] = answer["rehearsals"]
        assert (truth["id"], truth["headcount"], truth["guests_act_id"]) == (str(tonight.id), 6, guests["id"])
        assert truth["marks"][mark["singer_id"]] == {"status": "present", "act_id": mark["id"]}

    def test_an_answer_that_was_lost_is_given_again(self, phone: Visitor, tonight: Rehearsal) -> None:
        mark = a_mark(tonight)
        assert sends(phone, mark)["results"] == sends(phone, mark)["results"]
        assert tonight.present_count == 1

    def test_capitals_in_an_id_are_the_same_id(self, phone: Visitor, tonight: Rehearsal) -> None:
        mark = a_mark(tonight)
        sends(phone, mark)
        again = sends(phone, {**mark, "id": mark["id"].upper()})
        assert again["results"][0]["outcome"] == "applied"

    def test_an_undone_press_stays_undone_however_slow_the_net_was(
        self, phone: Visitor, tonight: Rehearsal
    ) -> None:
        """The first batch took a minute on its way, the second none: by the clocks alone the first would win."""
        press = a_mark(tonight, at="2026-06-16T15:59:00Z")
        undone = a_mark(tonight, at="2026-06-16T15:59:02Z", status="unmarked", seen=press["id"])
        sends(phone, press, sent_at="2026-06-16T15:59:00Z")
        answer = sends(phone, undone, sent_at="2026-06-16T16:00:00Z")
        assert answer["results"][0]["outcome"] == "applied"
        assert tonight.present_count == 0

    def test_another_phone_wins_by_its_time_whatever_it_had_seen(
        self, phone: Visitor, tonight: Rehearsal
    ) -> None:
        """Two phones have two clocks: what the one had seen of the other does not make its earlier act later."""
        later = a_mark(tonight, at="2026-06-16T15:59:30Z")
        earlier = a_mark(tonight, at="2026-06-16T15:59:00Z", status="absent", seen=later["id"])
        sends(phone, later, device_id="telefon-1")
        answer = sends(phone, earlier, device_id="telefon-2")
        assert answer["results"][0]["outcome"] == "superseded"
        assert tonight.present_count == 1
        without_number = {**earlier, "id": str(uuid4())}
        assert sends(phone, without_number, device_id=None)["results"][0]["outcome"] == "superseded"

    def test_of_five_hundred_is_taken_and_more_is_not(self, phone: Visitor, tonight: Rehearsal) -> None:
        answer = sends(phone, *[a_mark(tonight, seen=str(uuid4())) for _number in range(500)])
        assert len(answer["results"]) == 500
        assert sends(phone, *[a_mark(tonight)] * 501, status=413)["reason"]
        assert db.session.scalar(select(func.count()).select_from(Act)) == 500
        assert tonight.present_count == 1

    def test_tells_nothing_of_rehearsals_of_others(self, phone: Visitor, tonight: Rehearsal) -> None:
        elsewhere = makers.a_rehearsal(makers.a_choir("Doris", town="Göteborg"))
        answer = sends(phone, a_mark(elsewhere, singer_id=singer_id(elsewhere, "Doris")))
        assert answer["results"][0]["outcome"] == "refused"
        assert answer["rehearsals"] == []


class TestAllAtOnce:
    def test_the_same_batch_from_four_sides_counts_once(
        self, app: Flask, visitor: Visitor, tonight: Rehearsal, leader: Account
    ) -> None:
        names = [makers.a_singer(f"Sara {number}", choir=tonight.choir).id for number in range(20)]
        acts = [a_mark(tonight, singer_id=str(name)) for name in names]
        body = json.dumps({"sent_at": SENT, "acts": acts})
        phones = [Visitor(app).signs_in(leader).client for _number in range(4)]
        db.session.commit()

        def send(phone: Any) -> Any:
            _cv_app.set(None)  # type: ignore[arg-type]  # in this thread's copy of the context only
            return phone.post("/api/v1/acts", data=body, content_type="application/json")

        with ThreadPoolExecutor(4) as threads:
            answers = [
                one.result() for one in [threads.submit(copy_context().run, send, phone) for phone in phones]
            ]
        assert [answer.status_code for answer in answers] == [200] * 4
        told = [answer.get_json()["results"] for answer in answers]
        assert {one["outcome"] for results in told for one in results} == {"applied"}
        assert db.session.scalar(select(func.count()).select_from(Act)) == 20
        db.session.expire_all()
        assert tonight.present_count == 20


class TestTheDoor:
    def test_signed_out_is_told_to_sign_in(self, visitor: Visitor, tonight: Rehearsal) -> None:
        assert "Logga in" in sends(visitor, a_mark(tonight), status=401)["reason"]
        visitor.opens(f"/api/v1/roll/{tonight.id}", 401)

    def test_a_member_is_refused_act_by_act(self, visitor: Visitor, tonight: Rehearsal) -> None:
        answer = sends(visitor.signs_in(makers.an_account("Maja")), a_mark(tonight))
        assert answer["results"][0]["outcome"] == "refused"
        assert answer["rehearsals"] == []

    @pytest.mark.parametrize(
        "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
    )
    def test_what_other_sites_could_send_is_not_heard(
        self, phone: Visitor, tonight: Rehearsal, kind: str
    ) -> None:
        body = json.dumps({"sent_at": SENT, "acts": [a_mark(tonight)]})
        posts(phone, body, 415, content_type=kind)
        assert tonight.present_count == 0

    @pytest.mark.parametrize(
        "header",
        [{"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}],
    )
    def test_other_origins_are_stopped(
        self, phone: Visitor, tonight: Rehearsal, header: dict[str, str]
    ) -> None:
        posts(phone, {"sent_at": SENT, "acts": [a_mark(tonight)]}, 403, **header)
        assert tonight.present_count == 0


BAD_BATCHES = [
    ("", 400),
    ("{", 400),
    ("\x00", 400),
    ('{"sent_at": NaN}', 400),
    ("[" * 100_000, 400),
    (b"\xff\xfe", 400),
    ("9" * 5_000, 400),
    ("null", 422),
    ("[]", 422),
    ('"acts"', 422),
    ("{}", 422),
    ('{"acts": null, "sent_at": "2026-06-16T16:00:00Z"}', 422),
    ('{"acts": {}, "sent_at": "2026-06-16T16:00:00Z"}', 422),
    ('{"acts": []}', 422),
    ('{"acts": [], "sent_at": 7}', 422),
    ('{"acts": [], "sent_at": "2026-06-16T16:00:00"}', 422),
    ('{"acts": [], "sent_at": "0001-01-01T00:00:00+14:00"}', 422),
    ('{"acts": [], "sent_at": "2026-06-16T16:00:00Z", "device_id": 7}', 422),
    ('{"acts": [], "sent_at": "2026-06-16T16:00:00Z", "device_id": ""}', 422),
    ('{"acts": [], "sent_at": "2026-06-16T16:00:00Z", "device_id": "' + "x" * 65 + '"}', 422),
]


@pytest.mark.parametrize(("body", "status"), BAD_BATCHES)
def test_what_is_no_batch(phone: Visitor, body: str | bytes, status: int) -> None:
    assert posts(phone, body, status)["reason"]


WRONG_VALUES: list[Any] = [
    None, True, 7, -1, 1.5, 10**30, "", "x", "ä" * 3000, "\x00", "\ud800", "{" + str(uuid4()) + "}", [], [1], {},
    {"id": 1}, "2026-06-16", "9999-12-31T23:59:59-14:00", "present ", "PRESENT", "811218-9876",
]  # fmt: skip


@pytest.mark.parametrize(
    "name", ["id", "kind", "rehearsal_id", "singer_id", "status", "seen", "at", "number", "name"]
)
def test_wrong_types_are_refused_and_stop_nobody(phone: Visitor, tonight: Rehearsal, name: str) -> None:
    kind = {"number": "guests", "name": "newcomer"}.get(name, "mark")
    more = {"singer_id": str(uuid4())} if kind == "newcomer" else {}
    wrong = [
        {**a_mark(tonight, kind=kind, number=1, name="Semhar", **more), name: value} for value in WRONG_VALUES
    ]
    good = a_mark(tonight, singer_id=singer_id(tonight, "Bo"))
    answer = sends(phone, *wrong, None, "x", [], 7, good)
    assert len(answer["results"]) == len(wrong) + 5
    assert answer["results"][-1] == {"id": good["id"], "outcome": "applied", "reason": None}
    allowed = {"seen": 1, "number": 1, "name": 17}.get(
        name, 0
    )  # no seen act is fine, and many texts are names
    applied = [one for one in answer["results"][: len(wrong)] if one["outcome"] != "refused"]
    assert len(applied) <= allowed
    for result in answer["results"]:
        if result["outcome"] == "refused":
            assert result["reason"], "a reason that a person can read"
    assert not db.session.scalar(select(func.count()).where(RefusedAct.body.contains("811218")))


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)
FIELDS = (
    "id",
    "kind",
    "rehearsal_id",
    "singer_id",
    "status",
    "seen",
    "at",
    "number",
    "words",
    "name",
    "phone",
    "voice_id",
)


REPEATED = [HealthCheck.function_scoped_fixture, HealthCheck.differing_executors]
"""The application may stay the same for all examples: reading an act keeps nothing."""


class TestReading:
    @settings(max_examples=300, suppress_health_check=REPEATED)
    @given(raw=ANYTHING | st.dictionaries(st.sampled_from(FIELDS), ANYTHING))
    def test_anything_is_read_or_refused_with_a_reason(self, app_words: None, raw: Any) -> None:
        read = rules.read_act(raw)
        assert isinstance(read, rules.SentAct) or read.reason

    @settings(max_examples=200, suppress_health_check=REPEATED)
    @given(
        changes=st.dictionaries(st.sampled_from(FIELDS), ANYTHING, max_size=4),
        kind=st.sampled_from(rules.ACT_KINDS),
    )
    def test_an_act_with_odd_parts(self, app_words: None, changes: dict[str, Any], kind: str) -> None:
        raw = {
            "id": str(UUID(int=1)),
            "kind": kind,
            "rehearsal_id": str(UUID(int=2)),
            "singer_id": str(UUID(int=3)),
            "status": "present",
            "number": 3,
            "name": "Semhar",
            "at": AT,
            **changes,
        }
        read = rules.read_act(raw)
        if isinstance(read, rules.SentAct):
            assert (
                rules.read_act(json.loads(read.as_json() if kind != "newcomer" else json.dumps(raw))) == read
            )
        else:
            assert read.reason

    @pytest.fixture
    def app_words(self, app: Flask) -> Any:
        with app.test_request_context():
            yield

    @pytest.mark.parametrize(
        "moment", ["2026-06-16T18:00:00+02:00", "2026-06-16T16:00Z", "2026-06-16T16:00:00.0000Z"]
    )
    def test_moments(self, moment: str) -> None:
        assert rules.read_moment(moment) == NOW


class TestTheSnapshot:
    def test_holds_what_a_phone_needs_and_no_more(self, phone: Visitor, tonight: Rehearsal) -> None:
        makers.a_singer(
            "Carlos", choir=tonight.choir, phone="070-174 06 05", note="behöver skjuts", voice="Bas"
        )
        sends(phone, a_mark(tonight))
        phone.opens(f"/api/v1/roll/{tonight.id}")
        roll = phone.json
        assert [singer["first_name"] for singer in roll["singers"]] == ["Amina", "Bo", "Carlos"]
        assert [singer["status"] for singer in roll["singers"]] == ["present", None, None]
        assert [voice["pot"] for voice in roll["voices"]] == [1, 2, 3, 4]
        assert "06 05" not in phone.html
        assert "skjuts" not in phone.html

    def test_is_not_sent_again_while_nothing_changed(self, phone: Visitor, tonight: Rehearsal) -> None:
        path = f"/api/v1/roll/{tonight.id}"
        assert phone.opens(path).answer is not None
        mark = phone.answer.headers["ETag"]  # type: ignore[union-attr]
        phone.opens(path, 304, headers={"If-None-Match": mark})
        sends(phone, a_mark(tonight))
        phone.opens(path, headers={"If-None-Match": mark})

    def test_is_not_for_others(self, visitor: Visitor, tonight: Rehearsal) -> None:
        stranger = makers.a_leader(makers.a_choir(town="Göteborg"), "Sten")
        visitor.signs_in(stranger).opens(f"/api/v1/roll/{tonight.id}", 404)
        visitor.signs_in(makers.an_account("Maja")).opens(f"/api/v1/roll/{tonight.id}", 404)
