"""Pictures above and within a text: how they are drawn, who is in them, and what happens when somebody says no."""

import io
import json
import re
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir
from choir_app.foundation import clock, pictures
from choir_app.foundation.audit import AuditEntry, Reading
from choir_app.foundation.database import db
from choir_app.foundation.mail import Letter
from choir_app.foundation.pictures import PictureFile
from choir_app.foundation.refusal import NotAllowed, Refusal
from choir_app.news import actions, queries
from choir_app.news.actions import PersonWords
from choir_app.news.models import KeptPicture, PersonInPicture, Post
from tests import makers
from tests.news.made import a_post, a_version, from_before, words
from tests.visitor import Visitor

NAME = "e" * 32
TODAY = date(2026, 6, 16)


def a_file(width: int = 640, height: int = 400, colour: str = "yellow") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(file, "PNG")
    return file.getvalue()


def a_kept_picture(
    app: Flask, by: Account, colour: str = "yellow", *, is_answered: bool = True
) -> KeptPicture:
    """A picture that was really taken in, in which nobody can be recognised unless told otherwise."""
    file = pictures.take_in(a_file(colour=colour), data_folder=app.config["DATA_FOLDER"])
    kept = actions.keep_picture(file, by_id=by.id)
    if is_answered:
        actions.say_nobody(kept, by=by)
    db.session.commit()
    return kept


def hodan(**more: Any) -> PersonWords:
    return PersonWords(**{"called": "Hodan Ek", "agreed_how": "paper", "agreed_on": TODAY, **more})


def file_of(picture: KeptPicture) -> PictureFile:
    return PictureFile(picture.name, picture.width, picture.height, has_crops=picture.has_crops)


def named(picture: KeptPicture, by: Account, **more: Any) -> PersonInPicture:
    person = actions.name_person(picture, uuid4(), hodan(**more), by=by)
    db.session.commit()
    return person


@pytest.fixture
def picture(app: Flask, editor: Account) -> KeptPicture:
    return a_kept_picture(app, editor)


@pytest.fixture
def asked(app: Flask, editor: Account) -> KeptPicture:
    return a_kept_picture(app, editor, "green", is_answered=False)


class TestWithinAText:
    def test_it_is_a_figure_in_two_kinds_with_its_size_and_caption(
        self, editor: Account, picture: KeptPicture, visitor: Visitor
    ) -> None:
        body = f'Först ord.\n\n![En gul yta](bild:{picture.name} "Gult är fult")\n\nSen ord.'
        post = a_post(editor, body=body)
        visitor.opens(f"/nyheter/2026/{post.slug}")
        (figure,) = visitor.tree.iter("figure")
        (source,) = figure.iter("source")
        assert source.get("type") == "image/avif"
        assert f"/bilder/{picture.name}/480.avif 480w" in (source.get("srcset") or "")
        (image,) = figure.iter("img")
        assert (image.get("alt"), image.get("width"), image.get("height")) == ("En gul yta", "640", "400")
        assert image.get("loading") == "lazy"
        assert "".join(next(figure.iter("figcaption")).itertext()) == "Gult är fult"
        for copy in re.findall(r"/bilder/[^\s\"]+", visitor.html):
            with visitor.client.get(copy) as answer:
                assert answer.status_code == 200, copy

    def test_a_decorative_one_says_nothing(
        self, editor: Account, picture: KeptPicture, visitor: Visitor
    ) -> None:
        post = a_post(editor, body=f"Ord.\n\n![](bild:{picture.name}#dekorativ)")
        visitor.opens(f"/nyheter/2026/{post.slug}")
        (image,) = next(visitor.tree.iter("figure")).iter("img")
        assert image.get("alt") == ""

    def test_of_an_unknown_name_the_caption_stays(self, editor: Account, visitor: Visitor) -> None:
        body = f'Ord. ![Osynlig](bild:{"f" * 32} "Det som stod under") ![](bild:../../x#dekorativ)'
        post = from_before(editor, body=body)
        visitor.opens(f"/nyheter/2026/{post.slug}")
        visitor.sees("Det som stod under")
        assert "Osynlig" not in visitor.html
        assert not list(visitor.tree.iter("figure"))
        assert "bild:" not in visitor.html

    @pytest.mark.parametrize(
        "name",
        ['"><script>alert(1)</script>', "javascript:alert(1)", "x onerror=alert(1)", "<b>", "%22%3E", "a/b"],
    )
    def test_a_name_is_never_more_than_a_name(self, name: str, editor: Account, visitor: Visitor) -> None:
        post = from_before(editor, body=f'Ord. ![x](bild:{name} "y") [y](bild:{name})')
        visitor.opens(f"/nyheter/2026/{post.slug}")
        assert "<script>alert" not in visitor.html
        for element in visitor.tree.iter():
            assert element.get("onerror") is None
            assert "javascript" not in (element.get("href") or "")

    def test_feeds_show_it_at_its_whole_address(
        self, editor: Account, picture: KeptPicture, visitor: Visitor
    ) -> None:
        a_post(editor, body=f'Ord.\n\n![En gul yta](bild:{picture.name} "Gult")')
        item = json.loads(visitor.client.get("/nyheter.json").data)["items"][0]
        (address,) = re.findall(r'src="([^"]+)"', item["content_html"])
        assert address.endswith(f"/bilder/{picture.name}/640.webp")
        assert address.startswith("http")
        assert "srcset" not in item["content_html"]


class TestAboveAText:
    def test_cards_and_machines_get_crops_around_what_matters(
        self, editor: Account, picture: KeptPicture, visitor: Visitor, app: Flask
    ) -> None:
        moved = pictures.crop(picture.name, (2500, 7500), data_folder=app.config["DATA_FOLDER"])
        assert moved is not None
        actions.rest_the_eye(picture, moved, by=editor)
        post = a_post(editor, picture=file_of(picture), picture_alt="En gul yta")
        visitor.opens("/nyheter")
        (image,) = (
            one for one in visitor.tree.iter("img") if "news-card__picture" in (one.get("class") or "")
        )
        assert image.get("src") == f"/bilder/{picture.name}/16x9-2500-7500-640.webp"
        assert (image.get("width"), image.get("height")) == ("640", "360")
        visitor.opens(f"/nyheter/2026/{post.slug}")
        told = json.loads(
            next(
                one.text or ""
                for one in visitor.tree.iter("script")
                if one.get("type") == "application/ld+json"
            )
        )
        assert [one.rpartition("/")[2] for one in told["image"]] == [
            "1x1-2500-7500-400.webp",
            "4x3-2500-7500-533.webp",
            "16x9-2500-7500-640.webp",
        ]
        for address in told["image"]:
            with visitor.client.get(
                address.partition("/bilder/")[1] + address.partition("/bilder/")[2]
            ) as answer:
                assert (answer.status_code, answer.mimetype) == (200, "image/webp")

    def test_a_picture_from_before_there_were_crops_still_shows(
        self, editor: Account, visitor: Visitor
    ) -> None:
        post = a_post(
            editor, is_published=False, picture=PictureFile(NAME, 1600, 1000), picture_alt="En gryta"
        )
        db.session.delete(db.session.get_one(KeptPicture, NAME))
        post.published_at = clock.now()
        post.swedish.shown_at = clock.now()
        db.session.commit()
        visitor.opens("/nyheter")
        assert f"/bilder/{NAME}/960.webp" in visitor.html
        assert "avif" not in visitor.html

    def test_a_decorative_one(self, editor: Account, picture: KeptPicture, visitor: Visitor) -> None:
        post = a_post(editor, picture=file_of(picture), picture_is_decorative=True)
        visitor.opens(f"/nyheter/2026/{post.slug}")
        (image,) = next(visitor.tree.iter("figure")).iter("img")
        assert image.get("alt") == ""

    def test_described_and_decorative_is_one_too_many(self, editor: Account, picture: KeptPicture) -> None:
        with pytest.raises(Refusal) as no:
            actions.write(
                words(picture=file_of(picture), picture_alt="Gult", picture_is_decorative=True), by=editor
            )
        assert no.value.field == "picture_is_decorative"

    def test_an_earlier_version_brings_back_that_it_was_decorative(
        self, editor: Account, picture: KeptPicture
    ) -> None:
        post = a_post(editor, picture=file_of(picture), picture_is_decorative=True, is_published=False)
        actions.change(post, words(picture=file_of(picture), picture_alt="Gult"), seen_revision=1, by=editor)
        actions.bring_back(post, post.revisions[0], by=editor)
        assert (post.swedish.picture_is_decorative, post.swedish.picture_alt) == (True, None)


class TestWhatIsStillUnsaid:
    def test_a_draft_may_lack_a_description_and_says_so(self, editor: Account, picture: KeptPicture) -> None:
        body = f"Ord ![](bild:{picture.name}) och ![Gult](bild:{picture.name}) ![](bild:{picture.name}#dekorativ)"
        post = a_post(editor, picture=file_of(picture), body=body, is_published=False)
        head, within = queries.pictures_not_described(post.swedish)
        assert head.start is None
        assert within.start is not None
        assert post.body[within.start : within.end] == f"![](bild:{picture.name})"

    def test_nobody_has_said_who_is_in_it(self, editor: Account, asked: KeptPicture) -> None:
        post = a_post(editor, picture=file_of(asked), picture_alt="Grönt", is_published=False)
        (one,) = queries.pictures_not_answered(post, clock.now())
        assert (one.name, one.why) == (asked.name, "not_asked")
        with pytest.raises(Refusal):
            actions.publish(post, by=editor)
        actions.say_nobody(asked, by=editor)
        assert queries.pictures_not_answered(post, clock.now()) == ()
        actions.publish(post, by=editor)

    def test_a_picture_in_a_language_that_is_shown_counts_too(
        self, editor: Account, asked: KeptPicture
    ) -> None:
        post = a_post(editor)
        version = a_version(post, editor, is_shown=False, body=f"Words ![Green](bild:{asked.name})")
        assert queries.pictures_not_answered(post, clock.now()) == ()
        (one,) = queries.pictures_not_answered(post, clock.now(), versions=[version])
        assert one.use.version is version

    def test_whoever_agreed_is_enough(self, editor: Account, asked: KeptPicture) -> None:
        post = a_post(editor, body=f"Ord ![Grönt](bild:{asked.name})", is_published=False)
        person = named(asked, editor)
        assert queries.pictures_not_answered(post, clock.now()) == ()
        actions.withdraw_consent(person, by=editor)
        (one,) = queries.pictures_not_answered(post, clock.now())
        assert one.why == "withdrawn"

    def test_a_name_of_no_picture_is_no_question(self, editor: Account) -> None:
        post = a_post(editor, body=f"Ord ![x](bild:{'f' * 32})", is_published=False)
        assert queries.pictures_not_answered(post, clock.now()) == ()


class TestWhoIsInAPicture:
    def test_a_child_needs_a_guardian(self, editor: Account, asked: KeptPicture) -> None:
        for more in ({"is_under_18": True}, {"guardian": "Amina Ek"}):
            with pytest.raises(Refusal) as no:
                named(asked, editor, **more)
            assert no.value.field == "guardian"
        assert named(asked, editor, is_under_18=True, guardian="Amina Ek").guardian == "Amina Ek"

    def test_nobody_agrees_in_days_to_come_or_in_unknown_ways(
        self, editor: Account, asked: KeptPicture
    ) -> None:
        for more, field in (
            ({"agreed_on": TODAY + timedelta(1)}, "agreed_on"),
            ({"agreed_how": "by pigeon"}, "agreed_how"),
        ):
            with pytest.raises(Refusal) as no:
                named(asked, editor, **more)
            assert no.value.field == field

    def test_the_same_form_twice_is_one_person(self, editor: Account, asked: KeptPicture) -> None:
        person_id = uuid4()
        first, second = (actions.name_person(asked, person_id, hodan(), by=editor) for _time in range(2))
        assert first is second
        assert len(asked.people) == 1

    def test_the_id_of_somebody_in_another_picture_is_refused(
        self, editor: Account, asked: KeptPicture, picture: KeptPicture
    ) -> None:
        person = named(asked, editor)
        with pytest.raises(NotAllowed):
            actions.name_person(picture, person.id, hodan(), by=editor)

    def test_nobody_and_somebody_do_not_go_together(self, editor: Account, picture: KeptPicture) -> None:
        named(picture, editor)
        assert picture.nobody_said_at is None
        with pytest.raises(Refusal):
            actions.say_nobody(picture, by=editor)

    def test_a_wrong_name_goes_as_long_as_no_reader_has_seen_the_picture(
        self, editor: Account, asked: KeptPicture
    ) -> None:
        actions.take_back_name(named(asked, editor), by=editor)
        db.session.commit()
        assert db.session.scalars(select(PersonInPicture)).all() == []
        person = named(asked, editor)
        post = a_post(editor, is_published=False, body=f"Ord ![Grönt](bild:{asked.name})")
        actions.publish(post, by=editor, at=clock.now() + timedelta(days=1))  # from then on readers see it
        with pytest.raises(Refusal):
            actions.take_back_name(person, by=editor)
        actions.publish(post, by=editor)
        with pytest.raises(Refusal):
            actions.take_back_name(person, by=editor)

    def test_a_leader_answers_for_the_own_pictures_only(
        self, app: Flask, editor: Account, leader: tuple[Account, Choir], asked: KeptPicture
    ) -> None:
        account, _choir = leader
        with pytest.raises(NotAllowed):
            actions.say_nobody(asked, by=account)
        own = a_kept_picture(app, account, "red", is_answered=False)
        person = named(own, account)
        with pytest.raises(NotAllowed):
            actions.withdraw_consent(person, by=account)

    def test_the_log_names_nobody_and_a_look_is_written_down(
        self, editor: Account, asked: KeptPicture, visitor: Visitor
    ) -> None:
        person = named(asked, editor)
        visitor.signs_in(editor).opens(f"/nyheter/skriv/bilder/{asked.name}")
        visitor.sees("Hodan Ek")
        assert [
            one.verb for one in db.session.scalars(select(AuditEntry)) if one.subject == "people_in_pictures"
        ] == ["person_in_picture.added"]
        assert db.session.scalars(select(Reading.subject_id)).all() == [person.id]
        visitor.signs_in(makers.an_administrator()).opens("/installningar/logg")
        assert "Hodan" not in visitor.html


class TestSomebodySaysNo:
    @pytest.fixture
    def shown(self, editor: Account, asked: KeptPicture) -> Post:
        self.person = named(asked, editor)
        return a_post(
            editor,
            picture=file_of(asked),
            picture_alt="Hodan sjunger",
            picture_caption="Hodan Ek längst fram",
            body=f'Ord.\n\n![Hodan igen](bild:{asked.name} "Hodan i parken")\n\nSlut.',
        )

    def test_the_picture_and_its_words_are_gone_at_once(
        self, shown: Post, editor: Account, asked: KeptPicture, visitor: Visitor
    ) -> None:
        pages = (
            f"/nyheter/2026/{shown.slug}",
            "/nyheter",
            "/nyheter.xml",
            "/nyheter.atom",
            "/nyheter.json",
            "/",
            "/nyheter/sok?q=parken",
            f"/nyheter/affisch/{shown.slug}",
        )
        for path in pages[:5]:
            assert asked.name in visitor.client.get(path).text, path
        actions.withdraw_consent(self.person, by=editor)
        db.session.commit()
        for path in pages:
            told = visitor.client.get(path).text
            assert asked.name not in told, path
            assert "Hodan" not in told, path
        for copy in ("480.webp", "640.avif", "16x9-5000-5000-480.webp"):
            answer = visitor.client.get(f"/bilder/{asked.name}/{copy}")
            assert answer.status_code == 410
            assert "immutable" not in answer.headers.get("Cache-Control", "")

    def test_its_words_find_nothing_until_it_is_shown_again(
        self, shown: Post, editor: Account, visitor: Visitor
    ) -> None:
        for word in ("igen", "längst"):
            visitor.opens(f"/nyheter/sok?q={word}").sees(shown.headline)
        actions.withdraw_consent(self.person, by=editor)
        db.session.commit()
        for word in ("igen", "längst"):
            visitor.opens(f"/nyheter/sok?q={word}").misses(shown.headline)
        visitor.opens("/nyheter/sok?q=slut").sees(shown.headline)
        actions.undo_withdrawal(self.person, by=editor)
        db.session.commit()
        for word in ("igen", "längst"):
            visitor.opens(f"/nyheter/sok?q={word}").sees(shown.headline)

    def test_a_letter_says_nothing_of_it(self, shown: Post, editor: Account) -> None:
        def told() -> str:
            letter = queries.letter_about(shown.id, wanted="sv", page_language="sv")
            assert letter
            return f"{letter.body} {letter.plain_body}"

        assert told().count("Hodan i parken") == 2
        actions.withdraw_consent(self.person, by=editor)
        db.session.commit()
        assert "Hodan" not in told()
        assert "Slut." in told()

    def test_an_editor_is_told_which_posts_it_was_in(
        self, shown: Post, editor: Account, asked: KeptPicture, visitor: Visitor
    ) -> None:
        editor.password_hash = "has joined"
        for _time in range(2):
            actions.withdraw_consent(self.person, by=editor)
        db.session.commit()
        (letter,) = db.session.scalars(select(Letter))
        assert letter.recipient == editor.email
        assert shown.headline in letter.body
        assert f"/nyheter/skriv/bilder/{asked.name}" in letter.body
        assert "Hodan" not in letter.body
        visitor.signs_in(editor).opens("/nyheter/skriv/bilder").sees("En bild är borta från alla sidor.")
        visitor.opens(f"/bilder/{asked.name}/480.webp")

    def test_it_was_a_mistake(
        self, shown: Post, editor: Account, asked: KeptPicture, visitor: Visitor
    ) -> None:
        actions.withdraw_consent(self.person, by=editor)
        actions.undo_withdrawal(self.person, by=editor)
        db.session.commit()
        visitor.opens(f"/nyheter/2026/{shown.slug}")
        assert asked.name in visitor.html

    def test_it_stays_away_as_long_as_anybody_else_says_no(self, editor: Account, asked: KeptPicture) -> None:
        first, second = named(asked, editor), named(asked, editor, called="Amal")
        for person in (first, second):
            actions.withdraw_consent(person, by=editor)
        actions.undo_withdrawal(first, by=editor)
        assert queries.is_withheld(asked.name)
        actions.undo_withdrawal(second, by=editor)
        db.session.flush()
        assert not queries.is_withheld(asked.name)

    def test_whoever_is_erased_leaves_no_name_and_no_way_back(
        self, shown: Post, editor: Account, asked: KeptPicture, visitor: Visitor
    ) -> None:
        actions.erase_person(self.person, by=editor)
        db.session.commit()
        assert (self.person.called, self.person.guardian) == (None, None)
        assert asked.withheld_at is not None
        with pytest.raises(Refusal):
            actions.undo_withdrawal(self.person, by=editor)
        visitor.signs_in(editor).opens(f"/nyheter/skriv/bilder/{asked.name}")
        assert "Hodan Ek" not in visitor.html


class TestThePages:
    def test_an_editor_takes_in_a_picture_and_says_all_about_it(
        self, editor: Account, visitor: Visitor
    ) -> None:
        visitor.signs_in(editor).opens("/nyheter/skriv/bilder")
        visitor.sends("/nyheter/skriv/bilder", picture=(io.BytesIO(a_file(colour="blue")), "a.png"))
        kept = db.session.scalars(select(KeptPicture)).one()
        at = f"/nyheter/skriv/bilder/{kept.name}"
        visitor.opens(at).sees("Innan bilden publiceras behöver vi veta vilka som syns på den.")
        visitor.sends(at, across="20", down="80")
        db.session.refresh(kept)
        assert (kept.focal_x_bp, kept.focal_y_bp) == (2000, 8000)
        visitor.opens(f"{at}/person")
        visitor.sends(f"{at}/person", 422, called="", agreed_how="paper", agreed_on="2026-06-16")
        visitor.sends(f"{at}/person", called="Hodan Ek", agreed_how="paper", agreed_on="2026-06-16")
        visitor.opens(at).sees("1 person på bilden har sagt ja.")
        visitor.opens("/nyheter/skriv/bilder?person=hodan")
        assert kept.name in visitor.html
        visitor.opens("/nyheter/skriv/bilder?person=ahmad").sees("Ingen bild har det namnet.")

    @pytest.mark.parametrize("typed", ["-1", "101", "mitten", ""])
    def test_a_point_outside_the_picture(
        self, typed: str, editor: Account, picture: KeptPicture, visitor: Visitor
    ) -> None:
        visitor.signs_in(editor).opens(f"/nyheter/skriv/bilder/{picture.name}")
        visitor.sends(f"/nyheter/skriv/bilder/{picture.name}", 422, across=typed, down="50")

    def test_a_script_is_told_of_the_picture_or_of_the_reason(
        self, editor: Account, visitor: Visitor
    ) -> None:
        visitor.signs_in(editor).opens("/nyheter/skriv/ny")
        sent = {"picture": (io.BytesIO(a_file()), "a.png"), "csrf_token": visitor._token}
        answer = visitor.client.post(
            "/nyheter/skriv/bilder", data=sent, headers={"Accept": "application/json"}
        )
        assert answer.status_code == 200
        told = answer.get_json()
        assert db.session.get_one(KeptPicture, told["name"]).taken_in_by_id == editor.id
        sent = {"picture": (io.BytesIO(b"<svg/>"), "a.png"), "csrf_token": visitor._token}
        answer = visitor.client.post(
            "/nyheter/skriv/bilder", data=sent, headers={"Accept": "application/json"}
        )
        assert answer.status_code == 422
        assert "ingen bild" in answer.get_json()["reason"]

    def test_a_leader_sees_the_own_pictures_only(
        self, app: Flask, leader: tuple[Account, Choir], asked: KeptPicture, visitor: Visitor
    ) -> None:
        account, _choir = leader
        own = a_kept_picture(app, account, "red", is_answered=False)
        visitor.signs_in(account).opens("/nyheter/skriv/bilder")
        assert own.name in visitor.html
        assert asked.name not in visitor.html
        visitor.opens(f"/nyheter/skriv/bilder/{asked.name}", 404)
        visitor.opens(f"/nyheter/skriv/bilder/{own.name}")
