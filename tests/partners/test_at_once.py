"""Two who press in the same moment, or one who presses many times: nothing is done twice and nothing breaks."""

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from flask.globals import _cv_app
from sqlalchemy import func, select

from choir_app.accounts.models import Account
from choir_app.foundation.database import db
from choir_app.funding.models import Programme
from choir_app.partners.models import Contact, NextStep, Partner, PartnerImport, Touchpoint
from tests import makers
from tests.visitor import Visitor

TODAY = date(2026, 6, 16)


@pytest.fixture
def manager(visitor: Visitor) -> Account:
    account = makers.a_manager()
    visitor.signs_in(account)
    return account


def pressed_at_once(
    visitor: Visitor,
    page: str,
    presses: list[dict[str, Any]],
    *,
    to: Sequence[str] = (),
    by: Sequence[Account] = (),
) -> list[int]:
    """The forms of a page sent in the same moment, each to the page or to an address of its own, and the answers.

    All by whoever has signed in, or each by somebody else.
    """
    name = visitor.app.config["SESSION_COOKIE_NAME"]
    who = [_cookie_and_token(visitor.signs_in(one), page) for one in by] or [_cookie_and_token(visitor, page)]
    db.session.commit()

    def press(path: str, fields: dict[str, Any], cookie: str, token: str) -> int:
        _cv_app.set(None)  # type: ignore[arg-type]  # each press gets a database session of its own
        client = visitor.app.test_client()
        client.set_cookie(name, cookie)
        return client.post(path, data={**fields, "csrf_token": token}).status_code

    with ThreadPoolExecutor(4) as hands:
        found = [
            hands.submit(copy_context().run, press, path, fields, *who[number % len(who)])
            for number, (path, fields) in enumerate(zip(to or [page] * len(presses), presses, strict=True))
        ]
        return [one.result() for one in found]


def _cookie_and_token(visitor: Visitor, page: str) -> tuple[str, str]:
    cookie = visitor.opens(page).client.get_cookie(visitor.app.config["SESSION_COOKIE_NAME"])
    seen = re.search(r'name="csrf_token"[^>]*?value="([^"]+)"', visitor.html)
    assert cookie
    assert seen
    return cookie.value, seen[1]


def count(model: type[Any], *conditions: Any) -> int:
    """How many rows there are."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def test_one_entry_with_a_next_step_pressed_four_times(visitor: Visitor, manager: Account) -> None:
    makers.a_next_step(makers.a_partner(), TODAY)
    told = {"note": "Hej.", "kind": "call", "happened_on": TODAY, "next_what": "Ring", "receipt": uuid4()}
    assert pressed_at_once(visitor, "/partner/bodenbo", [told] * 4) == [303] * 4
    assert (count(Touchpoint), count(NextStep), count(NextStep, NextStep.done_at.is_(None))) == (1, 2, 1)


def test_four_people_who_write_at_once_leave_one_step_open(visitor: Visitor, manager: Account) -> None:
    makers.a_partner()
    told: dict[str, Any] = {"note": "Hej.", "kind": "call", "happened_on": TODAY}
    each = [{**told, "next_what": f"Steg {number}", "receipt": uuid4()} for number in range(4)]
    assert pressed_at_once(visitor, "/partner/bodenbo", each) == [303] * 4
    assert (count(Touchpoint), count(NextStep, NextStep.done_at.is_(None))) == (4, 1)


def test_done_pressed_four_times(visitor: Visitor, manager: Account) -> None:
    step = makers.a_next_step(makers.a_partner(), TODAY)
    told = {"note": "Ja.", "kind": "call", "step": step.id, "receipt": uuid4()}
    told |= {"next_what": "Skicka avtal", "next_due_on": "2026-06-20"}
    assert pressed_at_once(visitor, "/partner/bodenbo/klart", [told] * 4) == [303] * 4
    assert (count(Touchpoint), count(NextStep), count(NextStep, NextStep.done_at.is_(None))) == (1, 2, 1)


def test_a_contact_pressed_four_times(visitor: Visitor, manager: Account) -> None:
    makers.a_partner()
    told = {"person": "Anna Ek", "receipt": uuid4()}
    assert pressed_at_once(visitor, "/partner/bodenbo/kontakter/ny", [told] * 4) == [303] * 4
    assert count(Contact) == 1


def test_a_list_taken_in_by_four_presses(visitor: Visitor, manager: Account) -> None:
    told = {"kept": "Partner;Kontakt\nBodenbo;Bo Alm\nKvarnen;", "receipt": uuid4()}
    told |= {"column_0": "name", "column_1": "person", "kind_0": "business"}
    assert pressed_at_once(visitor, "/partner/hamta-in", [told] * 4) == [303] * 4
    assert (count(Partner), count(Contact), count(PartnerImport)) == (2, 1, 1)


def test_of_four_who_change_a_programme_at_once_one_is_heard(visitor: Visitor, manager: Account) -> None:
    programme = makers.a_programme()
    told = {"decision_lead_days": "60", "payout_lag_days": "0", "version": "1"}
    each = [{**told, "name": f"Namn {number}"} for number in range(4)]
    path = f"/finansiering/program/{programme.id}/andra"
    assert sorted(pressed_at_once(visitor, path, each)) == [303, 422, 422, 422]
    assert count(Programme, Programme.version == 2) == 1


def test_a_programme_added_by_four_presses(visitor: Visitor, manager: Account) -> None:
    told = {"partner": makers.a_partner().id, "name": "Projektstöd", "receipt": uuid4()}
    told |= {"decision_lead_days": "60", "payout_lag_days": "0"}
    assert pressed_at_once(visitor, "/finansiering/program/nytt", [told] * 4) == [303] * 4
    assert count(Programme) == 1
