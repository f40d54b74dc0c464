"""Substitutes, links, the door and sealed acts, as somebody would use them who wants more than is theirs."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from choir_app.accounts import actions as accounts
from choir_app.accounts.models import Account
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.rehearsals import actions, queries
from choir_app.rehearsals.models import Arrival, Loan, Rehearsal
from choir_app.rehearsals.rules import SentAct
from tests import makers
from tests.conftest import NOW, TheClock
from tests.rehearsals.test_sealed import brings, sealed
from tests.visitor import FAULTS, Visitor, outside

AT = "2026-06-16T15:59:00.000Z"


@pytest.fixture
def tonight(app: Flask) -> Rehearsal:
    return makers.a_rehearsal(makers.a_choir("Amina", "Bo"))


@pytest.fixture
def leader(tonight: Rehearsal) -> Account:
    return makers.a_leader(tonight.choir)


@pytest.fixture
def elsewhere(app: Flask) -> Rehearsal:
    """A rehearsal of a choir that has nothing to do with this one."""
    other = makers.a_rehearsal(makers.a_choir("Zara", town="Östersund"))
    makers.a_leader(other.choir, "Zoltan Zander")
    return other


def an_act(rehearsal: Rehearsal, kind: str, **more: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "kind": kind,
        "rehearsal_id": str(rehearsal.id),
        "seen": None,
        "at": AT,
        **more,
    }


def sends(visitor: Visitor, *acts: Any) -> list[dict[str, Any]]:
    db.session.commit()
    told = {"sent_at": "2026-06-16T16:00:00Z", "device_id": "t-1", "acts": list(acts)}
    answer = outside(lambda: visitor.client.post("/api/v1/acts", json=told))
    assert answer.status_code == 200, FAULTS.latest
    db.session.expire_all()
    return answer.get_json()["results"]


def leader_of(rehearsal: Rehearsal) -> Account:
    return db.session.get_one(Account, rehearsal.choir.leaderships[0].account_id)


def as_sent(moment: datetime) -> str:
    """A moment as a phone writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def stranger(rehearsal: Rehearsal) -> str:
    return str(queries.roll_of(rehearsal).singers[0].id)


class TestActsThatReachForAnotherChoir:
    def test_welcoming_somebody_elses_singer_makes_them_nobody_of_ours(
        self, visitor: Visitor, tonight: Rehearsal, elsewhere: Rehearsal, leader: Account
    ) -> None:
        visitor.signs_in(leader)
        (answer,) = sends(visitor, an_act(tonight, "newcomer", singer_id=stranger(elsewhere), name="Eva"))
        assert answer["outcome"] == "refused"
        assert "Zara" not in json.dumps(answer)
        assert visitor.client.get(f"/sangare/{stranger(elsewhere)}").status_code == 404

    def test_a_buddy_from_elsewhere_is_nobody(
        self, visitor: Visitor, tonight: Rehearsal, elsewhere: Rehearsal, leader: Account
    ) -> None:
        visitor.signs_in(leader)
        new = str(uuid4())
        sends(visitor, an_act(tonight, "newcomer", singer_id=new, name="Eva", buddy_id=stranger(elsewhere)))
        assert db.session.get_one(makers.Singer, UUID(new)).buddy_id is None

    def test_what_was_seen_or_settled_elsewhere_changes_nothing_there(
        self, visitor: Visitor, tonight: Rehearsal, elsewhere: Rehearsal, leader: Account
    ) -> None:
        theirs = SentAct(uuid4(), "outcome", elsewhere.id, clock.now(), outcome="job", may_be_told=False)
        guests = SentAct(uuid4(), "guests", elsewhere.id, clock.now(), number=7)
        actions.receive([theirs, guests], sent_at=clock.now(), by=leader_of(elsewhere))
        visitor.signs_in(leader)
        sends(
            visitor,
            an_act(tonight, "outcome", outcome=None, seen=str(theirs.id)),
            an_act(tonight, "guests", number=1, seen=str(guests.id), settles=str(guests.id)),
            {**an_act(elsewhere, "guests", number=99), "seen": str(guests.id)},
        )
        assert elsewhere.guest_count == 7
        assert len(queries.counting_outcomes({elsewhere.id})) == 1

    def test_a_refused_act_of_elsewhere_does_not_come_in_with_a_newcomer(
        self, visitor: Visitor, tonight: Rehearsal, elsewhere: Rehearsal, leader: Account
    ) -> None:
        """A leader of elsewhere marks an id that nobody has yet; later it is welcomed here."""
        new = str(uuid4())
        visitor.signs_in(leader_of(elsewhere))
        sends(visitor, an_act(elsewhere, "mark", singer_id=new, status="present"))
        visitor.signs_in(leader)
        sends(visitor, an_act(tonight, "newcomer", singer_id=new, name="Eva"))
        assert (elsewhere.present_count, tonight.present_count) == (0, 1)


class TestWhatWasRefused:
    @pytest.mark.parametrize(
        "more",
        [
            {"status": "present"},
            {"status": "not a status"},
            {"kind": "newcomer", "name": "Eva"},
            {"kind": "outcome", "outcome": "job"},
        ],
        ids=["a mark", "unreadable", "a newcomer", "an outcome"],
    )
    @pytest.mark.parametrize("where", ["off", "early", "elsewhere", "nowhere", "tonight"])
    def test_tells_nobody_the_name_behind_an_id(
        self,
        visitor: Visitor,
        tonight: Rehearsal,
        elsewhere: Rehearsal,
        leader: Account,
        more: Any,
        where: str,
    ) -> None:
        """A stranger's id in an act that is refused for another reason first."""
        off = makers.a_rehearsal(tonight.choir, clock.now() - timedelta(days=1))
        early = makers.a_rehearsal(tonight.choir, clock.now() + timedelta(days=1))
        actions.cancel_rehearsal(off, reason="Lov", by=leader)
        places = {"off": off, "early": early, "elsewhere": elsewhere, "tonight": tonight}
        act = an_act(places.get(where, tonight), "mark", singer_id=stranger(elsewhere)) | more
        if where == "nowhere":
            act["rehearsal_id"] = str(uuid4())
        visitor.signs_in(leader)
        (answer,) = sends(visitor, act)
        assert answer["outcome"] == "refused"
        visitor.opens("/narvaro/nekade").misses("Zara")

    def test_still_names_a_singer_of_ones_own(
        self, visitor: Visitor, tonight: Rehearsal, leader: Account
    ) -> None:
        visitor.signs_in(leader)
        sends(visitor, an_act(tonight, "mark", singer_id=stranger(tonight), status="nothing"))
        visitor.opens("/narvaro/nekade").sees("Amina")

    @pytest.mark.parametrize("bad", ["\ud800", "\u0000", "\x08\ufffe"])
    def test_by_a_substitute_breaks_the_page_for_nobody(
        self, visitor: Visitor, tonight: Rehearsal, leader: Account, bad: str
    ) -> None:
        loan = actions.lend_roll(tonight, loan_id=uuid4(), to_name="Nils", by=leader)
        path = f"/lan/{queries.secret_of(loan.id)}"
        visitor.opens(path).sends(path)
        sends(
            visitor,
            an_act(tonight, "note", words=bad),
            an_act(tonight, "newcomer", singer_id=str(uuid4()), name=bad),
            an_act(tonight, "mark", singer_id=stranger(tonight), status=bad),
            an_act(tonight, bad, words=bad),
            an_act(tonight, "outcome", outcome=bad, words=bad),
        )
        visitor.signs_in(leader).opens("/narvaro/nekade").opens("/ikvall").opens(
            f"/narvaro/{tonight.id}/spar"
        )
        visitor.signs_in(makers.a_manager()).opens("/narvaro/nekade")


class TestALinksAddress:
    def test_is_kept_and_listed_by_nobody(
        self, visitor: Visitor, tonight: Rehearsal, leader: Account
    ) -> None:
        loan = actions.lend_roll(tonight, loan_id=uuid4(), to_name="Nils", by=leader)
        secret = queries.secret_of(loan.id)
        visitor.opens(f"/lan/{secret}")
        self._is_kept_by_nobody(visitor)
        visitor.opens("/lan/finns-inte", 410)
        self._is_kept_by_nobody(visitor)
        visitor.signs_in(leader).opens(f"/narvaro/{tonight.id}/lana-ut/{loan.id}")
        assert secret in visitor.html
        self._is_kept_by_nobody(visitor)

    def _is_kept_by_nobody(self, visitor: Visitor) -> None:
        assert visitor.answer is not None
        assert "no-store" in visitor.answer.headers["Cache-Control"]
        assert "noindex" in visitor.answer.headers["X-Robots-Tag"]
        assert visitor.answer.headers["Referrer-Policy"] in ("strict-origin", "same-origin", "no-referrer")

    @pytest.mark.parametrize("path", ["/lan/{}", "/svar/{}", "/har/{}", "/kalender/{}.ics"])
    @pytest.mark.parametrize(
        "guess",
        [
            "x",
            "x" * 3_000,
            "å" * 200,
            "%FF%FE",
            "..",
            "%2e%2e%2f",
            "%00",
            "=" * 54,
            "A" * 54,
            "\u202e",
            "' OR 1=1",
        ],
    )
    def test_guesses_are_answered_alike(
        self, visitor: Visitor, tonight: Rehearsal, path: str, guess: str
    ) -> None:
        answer = outside(lambda: visitor.client.get(path.format(guess)))
        assert answer.status_code in (404, 410), FAULTS.latest
        assert tonight.choir.name not in answer.get_data(as_text=True)


class TestTheDoor:
    def test_no_code_means_nothing_of_anybody(
        self, visitor: Visitor, tonight: Rehearsal, leader: Account, the_clock: TheClock
    ) -> None:
        opened = actions.open_check_in(tonight, by=leader)
        code = opened.code_at(clock.now())
        visitor.opens(f"/har/{code}", 302).opens("/har").misses("Amina")
        the_clock.set_to(clock.now() + timedelta(minutes=2))
        visitor.leaves().opens(f"/har/{code}", 410)

    def test_who_stood_there_before_it_was_closed_does_not_stand_there_when_it_opens_anew(
        self, visitor: Visitor, tonight: Rehearsal, leader: Account
    ) -> None:
        opened = actions.open_check_in(tonight, by=leader)
        visitor.opens(f"/har/{opened.code_at(clock.now())}", 302)
        actions.close_check_in(tonight, by=leader)
        actions.open_check_in(tonight, by=leader)
        visitor.opens("/har")
        outside(lambda: visitor.client.post("/har", data={"csrf_token": visitor._token, "first_name": "Eva"}))
        assert db.session.scalar(select(func.count()).select_from(Arrival)) == 0

    @pytest.mark.parametrize(
        "name", ["<b>Eva</b>", "\u202eEva", "Eva\r\nBo", "{{7*7}}", "' OR 1=1", "x" * 80, "</script>"]
    )
    def test_a_name_is_words_on_the_leaders_page(
        self, visitor: Visitor, tonight: Rehearsal, leader: Account, name: str
    ) -> None:
        makers.an_arrival(tonight, " ".join(name.split()))
        visitor.signs_in(leader).opens(f"/narvaro/{tonight.id}").opens(f"/narvaro/{tonight.id}/ankomster")
        visitor.misses("<b>Eva").opens(f"/api/v1/roll/{tonight.id}")
        assert visitor.json["arrivals"][0]["first_name"] == " ".join(name.split())

    def test_a_flood_of_names_ends(self, app: Flask, tonight: Rehearsal, leader: Account) -> None:
        opened = actions.open_check_in(tonight, by=leader)
        for number in range(40):
            other = Visitor(app).opens(f"/har/{opened.code_at(clock.now())}", 302).opens("/har")
            token = other._token
            outside(
                lambda one=other, sent=token, at=number: one.client.post(
                    "/har", data={"csrf_token": sent, "first_name": "Eva" + "a" * at}
                )
            )
        assert db.session.scalar(select(func.count()).select_from(Arrival)) == 30


class TestASubstitute:
    @pytest.fixture
    def substitute(self, visitor: Visitor, tonight: Rehearsal, leader: Account) -> Visitor:
        loan = actions.lend_roll(tonight, loan_id=uuid4(), to_name="Nils", by=leader)
        path = f"/lan/{queries.secret_of(loan.id)}"
        return visitor.opens(path).sends(path)

    def test_reaches_the_roll_and_nothing_else(
        self, app: Flask, substitute: Visitor, tonight: Rehearsal, elsewhere: Rehearsal
    ) -> None:
        """Every address of the house, filled with tonight's own things, with the answer's status and names."""
        open_to_all = {
            rule.endpoint for rule in app.url_map.iter_rules() if _is_open_to_strangers(app, rule, tonight)
        }
        reached = set()
        for rule in app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or rule.endpoint in open_to_all:
                continue
            path = _address(app, rule, tonight)
            answer = outside(lambda there=path: substitute.client.get(there))
            assert answer.status_code < 500, f"{path}: {FAULTS.latest}"
            if answer.status_code == 200:
                reached.add(rule.endpoint)
            answer.close()
        assert reached == {
            "rehearsals.roll",
            "rehearsals.newcomer",
            "rehearsals.summary",
            "rehearsals.arrivals",
            "rehearsals.roll_snapshot",
            "rehearsals.evenings",
            "rehearsals.seal",
        }

    def test_cannot_touch_the_roll_of_elsewhere(self, substitute: Visitor, elsewhere: Rehearsal) -> None:
        (answer,) = sends(
            substitute, an_act(elsewhere, "mark", singer_id=stranger(elsewhere), status="present")
        )
        assert answer["outcome"] == "refused"
        for path in ("", "/klar", "/ny-sangare", "/ankomster"):
            assert substitute.client.get(f"/narvaro/{elsewhere.id}{path}").status_code == 404, path
        assert substitute.client.get(f"/api/v1/roll/{elsewhere.id}").status_code == 404

    def test_sees_no_page_again_once_the_loan_is_ended(
        self, substitute: Visitor, tonight: Rehearsal, leader: Account
    ) -> None:
        pages = [f"/narvaro/{tonight.id}", f"/api/v1/roll/{tonight.id}", "/api/v1/evenings", "/api/v1/seal"]
        for page in pages:
            assert substitute.client.get(page).status_code == 200
        marks = {page: substitute.client.get(page).headers.get("ETag", '"x"') for page in pages}
        actions.end_loan(db.session.scalars(select(Loan)).one(), by=leader)
        db.session.commit()
        for page in pages:
            answer = outside(
                lambda there=page: substitute.client.get(there, headers={"If-None-Match": marks[there]})
            )
            assert answer.status_code in (401, 410), page
            assert "Amina" not in answer.get_data(as_text=True)

    def test_signing_out_ends_the_loan_of_the_browser(self, substitute: Visitor, tonight: Rehearsal) -> None:
        substitute.client.post("/api/v1/sign-out", json={})
        assert substitute.client.get(f"/narvaro/{tonight.id}").status_code == 303

    def test_who_signs_in_beside_a_loan_has_ones_own_rights_only(
        self, substitute: Visitor, tonight: Rehearsal
    ) -> None:
        token = substitute.client.get_cookie("kor")
        assert token is not None
        member = makers.an_account("Hodan Ali")
        substitute.signs_in(member)
        with substitute.client.session_transaction() as kept:
            kept["loan"] = queries.secret_of(db.session.scalars(select(Loan)).one().id)
        assert substitute.client.get(f"/narvaro/{tonight.id}").status_code == 403
        (answer,) = sends(substitute, an_act(tonight, "guests", number=3))
        assert answer["outcome"] == "refused"


def _address(app: Flask, rule: Any, rehearsal: Rehearsal) -> str:
    singer = queries.roll_of(rehearsal).singers[0].id
    known = {"rehearsal_id": rehearsal.id, "singer_id": singer, "slug": rehearsal.choir.slug}
    values = {
        name: known.get(
            name, uuid4() if name.endswith("_id") else 2026 if name in ("year", "number") else "x"
        )
        for name in rule.arguments
    }
    values |= dict(rule.defaults or {})
    if "kind" in rule.arguments:
        values["kind"] = "pdf"
    try:
        with app.test_request_context("/"):
            return app.url_for(rule.endpoint, **values)
    except Exception:  # noqa: BLE001 - an address that takes other words leads nowhere here
        return "/finns-inte"


def _is_open_to_strangers(app: Flask, rule: Any, rehearsal: Rehearsal) -> bool:
    if "GET" not in (rule.methods or ()):
        return False
    path = _address(app, rule, rehearsal)
    answer = outside(lambda: app.test_client().get(path))
    answer.close()
    return answer.status_code == 200


class TestSealedActs:
    @pytest.fixture
    def kit(self, visitor: Visitor, leader: Account) -> dict[str, str]:
        visitor.signs_in(leader).opens("/api/v1/seal?device=telefon-1")
        given = visitor.json
        visitor.leaves()
        return given

    @pytest.mark.parametrize("number", [float("nan"), float("inf"), 10**400, -0.0, True, "7"])
    def test_numbers_that_are_none_stop_nothing(
        self, visitor: Visitor, tonight: Rehearsal, kit: dict[str, str], leader: Account, number: Any
    ) -> None:
        bad = an_act(tonight, "guests", number=number)
        good = an_act(tonight, "mark", singer_id=stranger(tonight), status="present")
        (answer,) = brings(visitor, sealed(kit, bad, good))
        assert (answer["outcome"], answer["taken"], answer["refused"]) == ("taken", 1, 1)
        visitor.signs_in(leader).opens("/narvaro/nekade")

    @pytest.mark.parametrize("bad", ["\u0000", "\ud800", "x" * 5_000, {"a": {"b": []}}, None, [[[]]]])
    def test_words_that_cannot_be_kept_stop_nothing(
        self, visitor: Visitor, tonight: Rehearsal, kit: dict[str, str], leader: Account, bad: Any
    ) -> None:
        acts = [an_act(tonight, "note", words=bad), {"id": bad, "kind": bad, "rehearsal_id": bad}, bad]
        good = an_act(tonight, "mark", singer_id=stranger(tonight), status="present")
        (answer,) = brings(visitor, sealed(kit, *acts, good))
        assert answer["taken"] >= 1
        visitor.signs_in(leader).opens("/narvaro/nekade")

    def test_of_one_phone_are_nobody_elses(
        self, visitor: Visitor, tonight: Rehearsal, elsewhere: Rehearsal, kit: dict[str, str]
    ) -> None:
        """An account named beside the ticket is not looked at."""
        other = str(leader_of(elsewhere).id)
        act = an_act(elsewhere, "guests", number=9)
        (answer,) = brings(visitor, sealed(kit, act, account=other, by=other, loan=str(uuid4())))
        assert answer["refused"] == 1
        assert elsewhere.guest_count == 0

    def test_do_not_come_in_from_whoever_leads_the_choir_no_more(
        self, visitor: Visitor, tonight: Rehearsal, kit: dict[str, str]
    ) -> None:
        db.session.delete(tonight.choir.leaderships[0])
        db.session.commit()
        (answer,) = brings(visitor, sealed(kit, an_act(tonight, "guests", number=9)))
        assert (answer["taken"], answer["refused"]) == (0, 1)

    @pytest.mark.parametrize("how", ["taken back", "half a year later"])
    def test_of_a_substitute_do_not_come_in_once_the_loan_is(
        self, visitor: Visitor, tonight: Rehearsal, leader: Account, the_clock: TheClock, how: str
    ) -> None:
        loan = actions.lend_roll(tonight, loan_id=uuid4(), to_name="Nils", by=leader)
        path = f"/lan/{queries.secret_of(loan.id)}"
        visitor.opens(path).sends(path).opens("/api/v1/seal")
        kit = visitor.json
        visitor.leaves()
        if how == "taken back":
            actions.end_loan(loan, by=leader)
        else:
            the_clock.set_to(clock.now() + timedelta(days=181))
        envelope = sealed(kit, an_act(tonight, "guests", number=9, at=as_sent(NOW)))
        sent = {"sent_at": as_sent(the_clock.now), "envelopes": [envelope]}
        answer = outside(lambda: visitor.client.post("/api/v1/sealed", json=sent))
        assert [each["refused"] for each in answer.get_json()["results"]] == [1]

    def test_of_a_closed_account_do_not_come_in_by_a_loan(
        self, visitor: Visitor, tonight: Rehearsal, leader: Account
    ) -> None:
        member = makers.an_account("Hodan Ali")
        makers.a_singer("Hodan", choir=tonight.choir).account_id = member.id
        db.session.flush()
        actions.lend_roll(tonight, loan_id=uuid4(), to_account=member, by=leader)
        visitor.signs_in(member).opens("/api/v1/seal")
        kit = visitor.json
        visitor.leaves()
        accounts.disable(member, by=makers.an_administrator())
        (answer,) = brings(visitor, sealed(kit, an_act(tonight, "guests", number=9)))
        assert answer["refused"] == 1

    def test_of_a_substitute_come_in_only_if_they_were_made_in_time(
        self, app: Flask, visitor: Visitor, tonight: Rehearsal, leader: Account, the_clock: TheClock
    ) -> None:
        loan = actions.lend_roll(tonight, loan_id=uuid4(), to_name="Nils", by=leader)
        path = f"/lan/{queries.secret_of(loan.id)}"
        visitor.opens(path).sends(path).opens("/api/v1/seal")
        kit = visitor.json
        visitor.leaves()
        the_clock.set_to(clock.now() + timedelta(days=3))
        late = an_act(tonight, "guests", number=9, at="2026-06-19T15:59:00Z")
        early = an_act(tonight, "guests", number=4)
        envelopes = [sealed(kit, late), sealed(kit, early)]
        sent = {"sent_at": as_sent(the_clock.now), "envelopes": envelopes}
        answer = outside(lambda: visitor.client.post("/api/v1/sealed", json=sent))
        assert [each["refused"] for each in answer.get_json()["results"]] == [1, 0]


class TestTheEndOfTheEvening:
    @pytest.mark.parametrize(
        "more", [{"go": "more"}, {"go": "done"}, {"go": "x"}], ids=["more", "done", "other"]
    )
    def test_what_was_typed_is_kept_whichever_button_is_pressed(
        self, visitor: Visitor, tonight: Rehearsal, leader: Account, more: dict[str, str]
    ) -> None:
        page = f"/narvaro/{tonight.id}/klar"
        actions.receive(
            [SentAct(uuid4(), "guests", tonight.id, clock.now(), number=3)], sent_at=clock.now(), by=leader
        )
        visitor.signs_in(leader).opens(page)
        visitor.sends(page, receipt=str(uuid4()), outcome="job", note="Ta med noter.", **more)
        assert (tonight.evening_note, tonight.done_at is None) == ("Ta med noter.", more["go"] == "more")

    def test_taking_back_what_was_told_loses_no_note(
        self, visitor: Visitor, tonight: Rehearsal, leader: Account
    ) -> None:
        page = f"/narvaro/{tonight.id}/klar"
        told = SentAct(uuid4(), "outcome", tonight.id, clock.now(), outcome="job")
        acts = [told, SentAct(uuid4(), "guests", tonight.id, clock.now(), number=3)]
        actions.receive(acts, sent_at=clock.now(), by=leader)
        visitor.signs_in(leader).opens(page)
        visitor.sends(page, receipt=str(uuid4()), take_back=str(told.id), note="Ta med noter.")
        assert tonight.evening_note == "Ta med noter."
        visitor.sends(page, receipt=str(uuid4()), take_back=str(told.id))
        assert (tonight.evening_note, tonight.done_at) == ("Ta med noter.", None)
