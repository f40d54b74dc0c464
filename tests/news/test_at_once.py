"""The forms of the news pressed several times in one moment: nothing breaks, and nothing is there twice."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from choir_app.accounts.models import Account
from choir_app.foundation import clock, figures
from choir_app.foundation.database import Model, db
from choir_app.foundation.figures import Figure
from choir_app.news import actions
from choir_app.news.actions import TipWords
from choir_app.news.models import (
    ExplainedWord,
    FrozenFigure,
    KeptPicture,
    PersonInPicture,
    Post,
    PostCorrection,
    PostRevision,
    PostVersion,
    Subscriber,
    Tip,
    TipSender,
)
from tests import makers
from tests.at_once import pressed_at_once
from tests.conftest import TheClock
from tests.news.made import a_post
from tests.visitor import Visitor

EDITORS = "/nyheter/skriv"


def count(model: type[Model]) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def fields(visitor: Visitor) -> dict[str, str]:
    return {one.get("name") or "": one.get("value") or "" for one in visitor.tree.iter("input")}


@pytest.fixture
def editor(app: object) -> Account:
    return makers.with_password(makers.an_editor())


@pytest.fixture
def friends(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    now = [202]

    def measure() -> Figure:
        return Figure(value=now[0], n=now[0], on=clock.today(), people=now[0])

    monkeypatch.setitem(figures.OFFERED, "friends", figures.Offer("friends", "Vänner", measure))
    return now


def test_one_tip(visitor: Visitor, the_clock: TheClock) -> None:
    visitor.opens("/tipsa-oss")
    known = fields(visitor)
    the_clock.set_to(the_clock.now + timedelta(seconds=30))
    told = {"what": "Grannarna sjunger", "receipt": known["receipt"], "opened": known["opened"]}
    assert pressed_at_once(visitor, "/tipsa-oss", told) == [303] * 4
    assert (count(Tip), count(TipSender)) == (1, 1)


def test_one_draft_of_a_tip(visitor: Visitor, editor: Account) -> None:
    tip = actions.take_in_tip(TipWords(what="Sång"), tip_id=uuid4(), network=None)
    db.session.commit()
    visitor.signs_in(editor).opens(f"{EDITORS}/tips")
    assert set(pressed_at_once(visitor, f"{EDITORS}/tips/{tip.id}/utkast", {})) == {303}
    assert count(Post) == 1


def test_one_address(visitor: Visitor) -> None:
    visitor.opens("/nyheter/mejl")
    asked = {"email": "amal@example.org", "language": "sv"}
    assert set(pressed_at_once(visitor, "/nyheter/mejl", asked)) <= {303, 429}
    assert count(Subscriber) == 1


def test_one_note_of_a_figure(visitor: Visitor, editor: Account, friends: list[int]) -> None:
    post = a_post(editor, body="Vi är {{ friends }} vänner.")
    friends[0] = 210
    visitor.signs_in(editor).opens(f"{EDITORS}/{post.id}/visa")
    assert set(pressed_at_once(visitor, f"{EDITORS}/{post.id}/siffror", {})) == {303}
    assert count(PostCorrection) == 1


def test_one_save(visitor: Visitor, editor: Account) -> None:
    post = a_post(editor)
    visitor.signs_in(editor).opens(f"{EDITORS}/{post.id}")
    told = {
        "headline": "En ny rubrik",
        "lead": "Ingress",
        "body": "Text",
        "byline_name": "Karin",
        "seen_revision": "1",
    }
    assert set(pressed_at_once(visitor, f"{EDITORS}/{post.id}", told)) <= {303, 422}
    assert count(PostRevision) == 2


def test_one_word(visitor: Visitor, editor: Account) -> None:
    visitor.signs_in(editor).opens(f"{EDITORS}/ord")
    told = {"word": "styrgrupp", "meaning": "de som bestämmer"}
    assert set(pressed_at_once(visitor, f"{EDITORS}/ord", told)) == {303}
    assert count(ExplainedWord) == 1


def test_one_more_text(visitor: Visitor, editor: Account) -> None:
    post = a_post(editor)
    visitor.signs_in(editor).opens(f"{EDITORS}/{post.id}")
    told = {"headline": "Easy", "lead": "Ingress", "body": "Text", "seen_revision": "0", "seen_swedish": "1"}
    assert set(pressed_at_once(visitor, f"{EDITORS}/{post.id}/sprak/latt", told)) <= {303, 422}
    assert count(PostVersion) == 2


def test_published_once(visitor: Visitor, editor: Account, friends: list[int]) -> None:
    post = a_post(editor, is_published=False, body="Vi är {{ friends }} vänner.")
    visitor.signs_in(editor).opens(f"{EDITORS}/{post.id}/visa")
    assert set(pressed_at_once(visitor, f"{EDITORS}/{post.id}/publicera", {"seen": "sv.1"})) == {303}
    assert count(FrozenFigure) == 1


def test_a_new_post(visitor: Visitor, editor: Account) -> None:
    visitor.signs_in(editor).opens(f"{EDITORS}/ny")
    told = {"headline": "En ny rubrik", "lead": "Ingress", "body": "Text", "byline_name": "Karin"}
    assert set(pressed_at_once(visitor, f"{EDITORS}/ny", told)) <= {303}


def test_one_person_in_a_picture(visitor: Visitor, editor: Account) -> None:
    db.session.add(KeptPicture(name="a" * 32, width=480, height=320))
    db.session.commit()
    page = f"{EDITORS}/bilder/{'a' * 32}/person"
    visitor.signs_in(editor).opens(page)
    told = {"receipt": str(uuid4()), "called": "Hodan Ek", "agreed_how": "paper", "agreed_on": "2026-06-16"}
    assert set(pressed_at_once(visitor, page, told)) == {303}
    assert count(PersonInPicture) == 1
