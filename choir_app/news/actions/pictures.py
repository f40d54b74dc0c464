"""Pictures: keeping them, where the eye shall rest, and who in them can be recognised and agreed to be shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import false

from choir_app.foundation import audit, clock, mail
from choir_app.foundation.database import db, upsert
from choir_app.foundation.language import _, in_swedish
from choir_app.foundation.pictures import PictureFile
from choir_app.foundation.refusal import Refusal, require
from choir_app.news import queries
from choir_app.news.actions.erased import settle
from choir_app.news.actions.finding import index
from choir_app.news.actions.turns import hold_pictures, wait_for_picture
from choir_app.news.models import KeptPicture, PersonInPicture, Post
from choir_app.news.permissions import may_say_who_is_in, may_see_people_in_pictures, may_write_news
from choir_app.news.rules import WAYS_TO_AGREE

MOST_PEOPLE = 40


@dataclass(frozen=True, kw_only=True)
class PersonWords:
    """Somebody in a picture, how and when they agreed, and who agreed for them when they are under 18."""

    called: str
    agreed_how: str
    agreed_on: date
    is_under_18: bool = False
    guardian: str | None = None


def keep_picture(file: PictureFile, *, by_id: UUID | None) -> KeptPicture:
    """Note that a picture has been taken in, and by whom the first time. Known already, nothing is changed."""
    known = db.session.get(KeptPicture, file.name)
    if known is not None:
        return known
    x_bp, y_bp = file.rests_at
    row = {
        "name": file.name,
        "width": file.width,
        "height": file.height,
        "has_crops": file.has_crops,
        "focal_x_bp": x_bp,
        "focal_y_bp": y_bp,
        "taken_in_by_id": by_id,
    }
    upsert(KeptPicture, row, key=("name",), only_if=lambda _given: false())
    return db.session.get_one(KeptPicture, file.name)


def bring_picture(file: PictureFile, *, by_id: UUID | None) -> KeptPicture:
    """The same for somebody who brings a picture now: one that was known is new again, and is not soon tidied away."""
    hold_pictures([file.name])
    kept = keep_picture(file, by_id=by_id)
    kept.taken_in_at = clock.now()
    return kept


def rest_the_eye(picture: KeptPicture, file: PictureFile, *, by: Any) -> None:
    """Show the picture cropped around another point; `file` has the crops, made already."""
    require(may_write_news(by))
    picture.focal_x_bp, picture.focal_y_bp = file.rests_at
    picture.has_crops = file.has_crops


def say_nobody(picture: KeptPicture, *, by: Any) -> None:
    """Answer for that nobody in the picture can be recognised."""
    require(may_say_who_is_in(by, picture))
    wait_for_picture(picture)
    if picture.people:
        raise Refusal(_("Det står redan namn på bilden. Ta bort dem först."), field="who")
    if picture.nobody_said_at is None:
        picture.nobody_said_at, picture.nobody_said_by_id = clock.now(), by.id


def name_person(picture: KeptPicture, person_id: UUID, words: PersonWords, *, by: Any) -> PersonInPicture:
    """Note that somebody in the picture agreed to be shown. The same id again is the same person."""
    require(may_say_who_is_in(by, picture))
    wait_for_picture(picture)
    if known := db.session.get(PersonInPicture, person_id):
        require(known.picture_name == picture.name)
        return known
    if words.agreed_how not in WAYS_TO_AGREE:
        raise Refusal(_("Välj hur personen sa ja."), field="agreed_how")
    if words.agreed_on > clock.today():
        raise Refusal(_("Dagen har inte varit än. Skriv den dag då personen sa ja."), field="agreed_on")
    if words.is_under_18 and not words.guardian:
        raise Refusal(_("Skriv vilken vårdnadshavare som sa ja."), field="guardian")
    if words.guardian and not words.is_under_18:
        raise Refusal(
            _("Kryssa i att personen är under 18 år, eller ta bort vårdnadshavaren."), field="guardian"
        )
    if len(picture.people) >= MOST_PEOPLE:
        raise Refusal(_("Det står redan %(number)s namn på bilden.", number=MOST_PEOPLE), field="called")
    person = PersonInPicture(
        id=person_id,
        called=words.called,
        is_under_18=words.is_under_18,
        guardian=words.guardian,
        agreed_how=words.agreed_how,
        agreed_on=words.agreed_on,
        noted_by_id=by.id,
    )
    picture.people.append(person)
    picture.nobody_said_at = picture.nobody_said_by_id = None
    db.session.flush()
    audit.note("person_in_picture.added", person, by=by)
    return person


def withdraw_consent(person: PersonInPicture, *, by: Any) -> None:
    """Take a picture from every page, feed and card, since somebody in it does not agree any more; tell editors."""
    require(may_see_people_in_pictures(by))
    wait_for_picture(person.picture)
    if person.withdrawn_at is not None:
        return
    person.withdrawn_at = clock.now()
    audit.note("person_in_picture.withdrew", person, by=by)
    _withhold(person.picture)


def undo_withdrawal(person: PersonInPicture, *, by: Any) -> None:
    """Show the picture again: it was somebody else, or a mistake."""
    require(may_see_people_in_pictures(by))
    wait_for_picture(person.picture)
    if person.called is None:
        raise Refusal(_("Personen är borttagen. Bilden kan inte visas igen."))
    if person.withdrawn_at is None:
        return
    person.withdrawn_at = None
    audit.note("person_in_picture.agreed_again", person, by=by)
    if all(one.withdrawn_at is None for one in person.picture.people):
        person.picture.withheld_at = None
        _find_anew(queries.posts_that_show(person.picture))


def erase_person(person: PersonInPicture, *, by: Any) -> None:
    """Remove a name for ever. What is left says only that the picture may not be shown."""
    require(may_see_people_in_pictures(by))
    wait_for_picture(person.picture)
    if person.called is None:
        return
    person.called = person.guardian = None
    person.withdrawn_at = person.withdrawn_at or clock.now()
    settle(person)
    audit.note("person_in_picture.erased", person, by=by)
    _withhold(person.picture)


def take_back_name(person: PersonInPicture, *, by: Any) -> None:
    """Remove a name that was written by mistake, before any reader could see the picture."""
    picture = person.picture
    require(may_say_who_is_in(by, picture))
    if person.withdrawn_at is not None or queries.is_seen_by_readers(picture):
        raise Refusal(_("Bilden är publicerad. Säg att personen inte vill vara med, så tas den bort."))
    settle(person)
    audit.note("person_in_picture.removed", person, by=by)
    picture.people.remove(person)


def _withhold(picture: KeptPicture) -> None:
    if picture.withheld_at is not None:
        return
    picture.withheld_at = clock.now()
    posts = queries.posts_that_show(picture)
    _find_anew(posts)
    with in_swedish():
        for editor in queries.told_of_tips():
            mail.write(
                editor.email,
                subject=_("En bild är borttagen från sidan"),
                body=_letter(picture, [post.headline for post in posts]),
            )


def _find_anew(posts: Sequence[Post]) -> None:
    """Have the words of a picture find the posts that show it, or not any more."""
    for post in posts:
        for version in post.versions:
            index(version)


def _letter(picture: KeptPicture, headlines: list[str]) -> str:
    lines = [
        _("Någon på en bild vill inte vara med längre. Bilden är borta från alla sidor, flöden och kort.")
    ]
    if headlines:
        lines += ["", _("Den fanns i:"), *(f"- {headline}" for headline in headlines)]
    lines += [
        "",
        _("Byt bilden eller ta bort den ur texten:"),
        mail.address_of(queries.path_of_picture(picture)),
    ]
    return "\n".join(lines) + "\n"
