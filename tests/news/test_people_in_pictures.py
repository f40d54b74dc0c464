"""Whoever is in a picture is found, and two who answer for it in the same moment do not answer over each other."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import insert, update

from choir_app.accounts.models import Account
from choir_app.foundation import clock, pictures
from choir_app.foundation.database import db
from choir_app.foundation.refusal import Refusal
from choir_app.news import actions, queries
from choir_app.news.actions import PersonWords
from choir_app.news.models import KeptPicture, PersonInPicture
from tests.visitor import Visitor


@pytest.fixture
def picture(app: Any) -> KeptPicture:
    kept = KeptPicture(name="a" * 32, width=480, height=320)
    db.session.add(kept)
    db.session.commit()
    return kept


def a_person(picture: KeptPicture, by: Account, called: str) -> PersonInPicture:
    told = PersonWords(called=called, agreed_how="paper", agreed_on=clock.today())
    return actions.name_person(picture, uuid4(), told, by=by)


def elsewhere(person: PersonInPicture, **facts: Any) -> None:
    """What somebody else writes while one looks at the page: this session does not know of it."""
    rows = update(PersonInPicture).where(PersonInPicture.id == person.id).values(**facts)
    db.session.execute(rows, execution_options={"synchronize_session": False})


@pytest.mark.parametrize("asked", ["åsa", "ÅSA", "Åsa Ek", "a ek"])
def test_a_name_is_found_whatever_letters_are_capitals(
    editor: Account, picture: KeptPicture, asked: str
) -> None:
    a_person(picture, editor, "Åsa Ek")
    assert [one.name for one in queries.picture_page(1, viewer=editor, person=asked).pictures] == ["a" * 32]


@pytest.mark.parametrize("asked", ["%", "_", "asa", "Ö"])
def test_and_no_other(editor: Account, picture: KeptPicture, asked: str) -> None:
    a_person(picture, editor, "Åsa Ek")
    assert not queries.picture_page(1, viewer=editor, person=asked).pictures


def test_one_who_says_no_while_another_agrees_again_is_not_shown(
    editor: Account, picture: KeptPicture
) -> None:
    hodan, amal = (a_person(picture, editor, name) for name in ("Hodan", "Amal"))
    actions.withdraw_consent(hodan, by=editor)
    db.session.flush()
    assert [one.withdrawn_at is None for one in picture.people] == [False, True]
    elsewhere(amal, withdrawn_at=clock.now())
    actions.undo_withdrawal(hodan, by=editor)
    assert picture.withheld_at is not None


def test_whoever_was_erased_meanwhile_does_not_agree_again(editor: Account, picture: KeptPicture) -> None:
    hodan = a_person(picture, editor, "Hodan")
    actions.withdraw_consent(hodan, by=editor)
    db.session.flush()
    elsewhere(hodan, called=None)
    with pytest.raises(Refusal, match="borttagen"):
        actions.undo_withdrawal(hodan, by=editor)


@pytest.mark.parametrize("deed", [actions.withdraw_consent, actions.erase_person])
def test_what_was_done_meanwhile_is_not_done_again(
    editor: Account, picture: KeptPicture, deed: Callable[..., None]
) -> None:
    hodan = a_person(picture, editor, "Hodan")
    db.session.flush()
    before = clock.now().replace(year=2025)
    elsewhere(hodan, withdrawn_at=before)
    deed(hodan, by=editor)
    assert hodan.withdrawn_at == before


def test_what_is_withheld_stays_in_no_cache(
    editor: Account, picture: KeptPicture, visitor: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "480.webp"
    copy.write_bytes(b"RIFF")
    monkeypatch.setattr(pictures, "path_of_copy", lambda *_asked, **_more: copy)
    actions.withdraw_consent(a_person(picture, editor, "Hodan"), by=editor)
    db.session.commit()
    for shape in ("480.webp", "480.avif", "16x9-5000-5000-480.webp"):
        answer = visitor.client.get(f"/bilder/{picture.name}/{shape}")
        assert (answer.status_code, "immutable" in answer.headers["Cache-Control"]) == (410, False)
    answer = visitor.signs_in(editor).opens(f"/bilder/{picture.name}/480.webp").answer
    assert answer is not None
    assert answer.headers["Cache-Control"] == "no-store"


def test_nobody_is_not_said_of_a_picture_with_somebody(editor: Account, picture: KeptPicture) -> None:
    assert picture.people == []
    row = {"id": uuid4(), "picture_name": picture.name, "called": "Hodan", "agreed_how": "paper"}
    told = row | {"agreed_on": clock.today(), "noted_at": clock.now(), "is_under_18": False}
    db.session.execute(insert(PersonInPicture).values(**told))
    with pytest.raises(Refusal, match="redan namn"):
        actions.say_nobody(picture, by=editor)
