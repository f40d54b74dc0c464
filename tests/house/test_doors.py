"""Every door has a sign, and looking at something never changes it."""

import pytest
from flask import Flask

from choir_app.foundation.audience import SIGNS, guard
from choir_app.foundation.database import Fact, db


def test_every_view_carries_a_sign(app: Flask) -> None:
    unsigned = [name for name, view in app.view_functions.items() if view not in SIGNS]
    assert unsigned == []


def test_a_house_with_an_unsigned_door_does_not_open() -> None:
    bare = Flask(__name__, static_folder=None)
    bare.add_url_rule("/", "hello", lambda: "hello")
    with pytest.raises(RuntimeError, match="hello"):
        guard(bare)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_reading_never_writes(app: Flask, method: str) -> None:
    with app.test_request_context("/", method=method):
        db.session.add(Fact(name="a", value="1"))
        with pytest.raises(RuntimeError, match="while reading"):
            db.session.flush()
        db.session.rollback()


def test_sending_may_write(app: Flask) -> None:
    with app.test_request_context("/", method="POST"):
        db.session.add(Fact(name="a", value="1"))
        db.session.flush()
        db.session.rollback()


@pytest.mark.parametrize("token", ["", "a token of somebody else"])
def test_every_change_asks_for_a_token(app: Flask, token: str) -> None:
    """A POST without the page's token changes nothing, wherever it goes; the routes that protect themselves say so."""
    from choir_app.foundation.origin import WITH_OWN_PROTECTION

    client = app.test_client()
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()) or rule.endpoint in WITH_OWN_PROTECTION or rule.arguments:
            continue
        answer = client.post(rule.rule, data={"csrf_token": token})
        assert answer.status_code in (303, 400, 403, 404, 422, 429), f"{rule.rule}: {answer.status}"
        if answer.status_code == 303:
            assert "/logga-in" in answer.headers["Location"], f"{rule.rule} acted without a token"


def test_a_page_of_another_site_changes_nothing(app: Flask) -> None:
    client = app.test_client()
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://annan.example"}):
        assert client.post("/logga-in", headers=headers).status_code == 403
