"""Pictures that were brought in and that no text came to show are taken away; whatever anybody may need stays."""

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from choir_app.accounts.models import Account
from choir_app.foundation import caretaker, clock, pictures
from choir_app.foundation.audit import AuditEntry
from choir_app.foundation.database import db
from choir_app.foundation.pictures import PictureFile
from choir_app.news import actions, queries
from choir_app.news.models import KeptPicture, PersonInPicture
from choir_app.news.rules import UNUSED_IS_KEPT
from tests import makers
from tests.conftest import TheClock
from tests.news.made import a_post, a_version, words
from tests.visitor import Visitor

A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def no_files_are_left(app: Flask) -> Iterator[None]:
    """Other tests keep pictures in the same folder."""
    yield
    for sign in "0123456789abcdef":
        pictures.remove(sign * 32, data_folder=app.config["DATA_FOLDER"])


def a_picture(app: Flask, name: str) -> PictureFile:
    """A picture that was brought in now: a row, and a folder with a file."""
    folder = app.config["DATA_FOLDER"] / "pictures" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "640.webp").write_bytes(b"not looked at")
    file = PictureFile(name, 640, 400)
    actions.say_nobody(actions.bring_picture(file, by_id=None), by=makers.an_editor())
    db.session.commit()
    return file


def tidied(the_clock: TheClock, after: timedelta = UNUSED_IS_KEPT + A_DAY) -> None:
    the_clock.set_to(clock.now() + after)
    actions.tidy_pictures()


def is_there(app: Flask, file: PictureFile) -> tuple[bool, bool]:
    """Whether there is a row of a picture, and whether there are files."""
    row = db.session.scalar(select(KeptPicture.name).where(KeptPicture.name == file.name))
    return row is not None, (app.config["DATA_FOLDER"] / "pictures" / file.name).exists()


def test_one_that_nothing_shows_goes_after_ninety_days_with_its_files_and_names(
    app: Flask, the_clock: TheClock
) -> None:
    file = a_picture(app, "a" * 32)
    makers.a_person_in_picture(file.name)
    tidied(the_clock, UNUSED_IS_KEPT - A_DAY)
    assert is_there(app, file) == (True, True)
    tidied(the_clock, 2 * A_DAY)
    assert is_there(app, file) == (False, False)
    assert not list((app.config["DATA_FOLDER"] / "pictures").glob(".gone-*"))
    assert db.session.scalars(select(PersonInPicture)).all() == []
    verbs = select(AuditEntry.verb).where(AuditEntry.subject == "people_in_pictures")
    assert db.session.scalars(verbs).all() == ["person_in_picture.removed"]
    tidied(the_clock)


def test_it_is_a_chore_of_the_night() -> None:
    assert caretaker.CHORES["pictures that nobody used"] is actions.tidy_pictures


@pytest.mark.parametrize("shown", ["above", "in the text", "by its address", "in another language"])
def test_what_a_text_shows_stays_however_it_shows_it(
    shown: str, app: Flask, editor: Account, the_clock: TheClock
) -> None:
    file = a_picture(app, "b" * 32)
    match shown:
        case "above":
            a_post(editor, is_published=False, picture=file)
        case "in the text":
            a_post(editor, is_published=False, body=f'Se ![Vi](bild:{file.name} "Vi").')
        case "by its address":
            a_post(editor, is_published=False, body=f"Se ![Vi](/bilder/{file.name}/640.webp).")
        case _:
            a_version(a_post(editor), editor, is_shown=False, body=f"See ![Us](bild:{file.name}).")
    tidied(the_clock)
    assert is_there(app, file) == (True, True)


def test_what_an_earlier_version_showed_stays_since_it_can_be_brought_back(
    app: Flask, editor: Account, the_clock: TheClock
) -> None:
    above, within = a_picture(app, "c" * 32), a_picture(app, "d" * 32)
    post = a_post(editor, is_published=False, picture=above, body=f"Se ![Vi](bild:{within.name}).")
    actions.change(post, words(body="Inga bilder."), seen_revision=1, by=editor)
    tidied(the_clock)
    assert is_there(app, above) == is_there(app, within) == (True, True)
    actions.bring_back(post, post.revisions[0], by=editor)
    assert queries.pictures_not_there(post.swedish) == ()


def test_what_comes_out_later_or_was_withdrawn_stays(
    app: Flask, editor: Account, the_clock: TheClock
) -> None:
    later, gone = a_picture(app, "e" * 32), a_picture(app, "f" * 32)
    scheduled = a_post(editor, is_published=False, picture=later, picture_alt="Vi")
    actions.publish(scheduled, by=editor, at=clock.now() + timedelta(days=200))
    actions.withdraw(a_post(editor, body=f"Se ![Vi](bild:{gone.name})."), by=editor)
    db.session.commit()
    tidied(the_clock)
    assert is_there(app, later) == is_there(app, gone) == (True, True)


def test_what_somebody_has_typed_and_not_saved_stays(
    app: Flask, editor: Account, the_clock: TheClock
) -> None:
    chosen, within, unused = (a_picture(app, sign * 32) for sign in "123")
    the_clock.set_to(clock.now() + UNUSED_IS_KEPT)
    typed = {"kept_picture": [chosen.name], "body": [f"Å ![](bild:{within.name})"]}
    actions.keep_unsaved(typed, post=None, language="sv", by=editor)
    db.session.commit()
    tidied(the_clock, A_DAY)
    assert is_there(app, chosen) == is_there(app, within) == (True, True)
    assert is_there(app, unused) == (False, False)


def test_one_that_is_brought_again_is_new_again(app: Flask, the_clock: TheClock) -> None:
    file = a_picture(app, "9" * 32)
    the_clock.set_to(clock.now() + UNUSED_IS_KEPT)
    actions.bring_picture(file, by_id=None)
    db.session.commit()
    tidied(the_clock, A_DAY)
    assert is_there(app, file) == (True, True)


def test_one_that_is_brought_again_as_it_goes_is_kept_whole(
    app: Flask, editor: Account, visitor: Visitor, the_clock: TheClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "purple").save(content, "PNG")
    file = pictures.take_in(content.getvalue(), data_folder=app.config["DATA_FOLDER"])
    actions.bring_picture(file, by_id=None)
    db.session.commit()
    the_clock.set_to(clock.now() + UNUSED_IS_KEPT + A_DAY)
    take_in, gone = pictures.take_in, list[str]()

    def in_between(*given: Any, **more: Any) -> PictureFile:
        found = take_in(*given, **more)
        if not gone:
            gone.append(found.name)
            actions.tidy_pictures()
            assert is_there(app, found) == (False, False)
        return found

    monkeypatch.setattr(pictures, "take_in", in_between)
    visitor.signs_in(editor).opens("/nyheter/skriv/bilder")
    content.seek(0)
    visitor.sends("/nyheter/skriv/bilder", picture=(content, "a.png"))
    assert gone == [file.name]
    assert is_there(app, file) == (True, True)
    pictures.remove(file.name, data_folder=app.config["DATA_FOLDER"])


def test_one_used_since_it_was_looked_at_stays(
    app: Flask, editor: Account, the_clock: TheClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = a_picture(app, "8" * 32)
    a_post(editor, is_published=False, picture=file)
    monkeypatch.setattr(queries, "pictures_unused", lambda _before: [file.name])
    tidied(the_clock)
    assert is_there(app, file) == (True, True)


def test_no_other_folder_is_taken_away(app: Flask) -> None:
    folder = app.config["DATA_FOLDER"]
    (folder / "documents").mkdir(exist_ok=True)
    for name in ("../documents", "..", "", "." * 32, "A" * 32):
        pictures.remove(name, data_folder=folder)
    assert (folder / "documents").is_dir()
