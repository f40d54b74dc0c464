"""News: written as drafts, published by editors, read by everybody, gone when withdrawn."""

import io
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4
from xml.etree import ElementTree as ET

import pytest
from PIL import Image
from sqlalchemy import func, select

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.foundation.pictures import PictureFile
from choir_app.foundation.refusal import NotAllowed, Refusal
from choir_app.news import actions, queries
from choir_app.news.models import FormerSlug, Post
from tests import makers
from tests.news.made import a_post, answered, words
from tests.statements import at_most
from tests.visitor import Visitor


def a_picture(width: int = 640, height: int = 400) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#f9ca4a").save(out, "PNG")
    return out.getvalue()


class TestWriting:
    def test_a_draft_is_seen_by_nobody_else(self, editor: Account, visitor: Visitor) -> None:
        post = a_post(editor, is_published=False)
        visitor.opens(f"/nyheter/2026/{post.slug}", 404)
        visitor.opens("/nyheter").misses(post.headline)
        assert not queries.in_feed()

    def test_a_leader_writes_drafts_about_the_own_choir(self, leader: tuple[Account, Choir]) -> None:
        account, choir = leader
        post = actions.write(words(choirs=[choir]), by=account)
        assert post.is_draft
        with pytest.raises(NotAllowed):
            actions.publish(post, by=account)

    def test_a_leader_says_which_choir(self, leader: tuple[Account, Choir]) -> None:
        with pytest.raises(Refusal) as no:
            actions.write(words(), by=leader[0])
        assert no.value.field == "choirs"

    def test_a_leader_does_not_write_about_another_choir(self, leader: tuple[Account, Choir]) -> None:
        other = makers.a_choir(town="Göteborg")
        with pytest.raises(NotAllowed):
            actions.write(words(choirs=[other]), by=leader[0])

    def test_a_leader_does_not_change_what_is_published(
        self, editor: Account, leader: tuple[Account, Choir]
    ) -> None:
        account, choir = leader
        post = actions.write(words(choirs=[choir]), by=account)
        actions.publish(post, by=editor)
        with pytest.raises(NotAllowed):
            actions.change(post, words(choirs=[choir]), seen_revision=1, by=account)

    def test_a_member_does_not_write(self, app: Any) -> None:
        with pytest.raises(NotAllowed):
            actions.write(words(), by=makers.an_account("Hodan"))

    def test_the_same_form_sent_twice_is_one_post(self, editor: Account) -> None:
        receipt = uuid4()
        post = actions.write(words(), by=editor, receipt=receipt)
        assert actions.write(words(), by=editor, receipt=receipt) is post
        assert (post.id, post.slug, len(post.revisions)) == (receipt, "vi-sjunger-i-parken", 1)
        somebody = makers.an_account("Eva", "editor")
        assert actions.write(words(), by=somebody, receipt=receipt).id != receipt

    def test_a_form_bears_its_receipt(self, editor: Account, visitor: Visitor) -> None:
        page = visitor.signs_in(editor).opens("/nyheter/skriv/ny")
        assert re.search(r'name="receipt"[^>]*value="[0-9a-f-]{36}"', page.html)

    def test_every_save_keeps_a_revision(self, editor: Account) -> None:
        post = a_post(editor)
        actions.change(post, words(body="Ta med fika."), seen_revision=1, by=editor)
        assert [one.body for one in post.revisions] == ["Ta med en **filt**.", "Ta med fika."]
        actions.bring_back(post, post.revisions[0], by=editor)
        assert (post.body, len(post.revisions)) == ("Ta med en **filt**.", 3)

    def test_an_earlier_version_brings_its_picture_back(self, editor: Account) -> None:
        first, second = PictureFile("a" * 32, 960, 600), PictureFile("b" * 32, 640, 400)
        post = a_post(editor, picture=first, picture_alt="En gryta")
        answered(second)
        actions.change(post, words(picture=second, picture_alt="En kastrull"), seen_revision=1, by=editor)
        actions.bring_back(post, post.revisions[0], by=editor)
        assert queries.picture_of(post.swedish) == queries.Picture("a" * 32, 960, 600, "En gryta", None)

    def test_what_another_saved_is_not_overwritten_unseen(self, editor: Account) -> None:
        post = a_post(editor)
        actions.change(post, words(body="En ny text."), seen_revision=1, by=editor)
        with pytest.raises(Refusal, match="Någon har sparat"):
            actions.change(post, words(body="En annan text."), seen_revision=1, by=editor)
        assert post.body == "En ny text."


class TestAddresses:
    def test_are_made_from_the_headline(self, editor: Account) -> None:
        assert a_post(editor, "Åsa på väg till Östersund!").slug == "asa-pa-vag-till-ostersund"

    def test_are_unique(self, editor: Account) -> None:
        assert [a_post(editor, "Vår").slug for _ in range(3)] == ["var", "var-2", "var-3"]

    def test_a_changed_one_leaves_a_redirect(self, editor: Account, visitor: Visitor) -> None:
        post = a_post(editor, "Gammalt namn")
        actions.change(post, words("Nytt namn"), seen_revision=1, by=editor)
        visitor.opens("/nyheter/2026/gammalt-namn", 301)
        assert visitor.answer is not None
        assert visitor.answer.headers["Location"].endswith("/nyheter/2026/nytt-namn")

    def test_a_former_one_is_never_given_to_another(self, editor: Account) -> None:
        post = a_post(editor, "Gammalt namn")
        actions.change(post, words("Nytt namn"), seen_revision=1, by=editor)
        db.session.flush()
        assert a_post(editor, "Gammalt namn").slug == "gammalt-namn-2"

    def test_going_back_to_the_first_headline_leaves_no_circle(
        self, editor: Account, visitor: Visitor
    ) -> None:
        post = a_post(editor, "Först")
        actions.change(post, words("Sedan"), seen_revision=1, by=editor)
        db.session.flush()
        actions.change(post, words("Först"), seen_revision=2, by=editor)
        visitor.opens("/nyheter/2026/forst")
        assert db.session.scalars(select(FormerSlug.slug)).all() == ["sedan"]

    def test_a_draft_leaves_none(self, editor: Account) -> None:
        post = a_post(editor, "Utkastet", is_published=False)
        actions.change(post, words("Ett annat"), seen_revision=1, by=editor)
        assert db.session.scalar(select(func.count()).select_from(FormerSlug)) == 0

    def test_another_year_leads_to_the_right_one(self, editor: Account, visitor: Visitor) -> None:
        post = a_post(editor)
        visitor.opens(f"/nyheter/2019/{post.slug}", 301)


class TestReading:
    def test_an_article_has_byline_with_role_and_cards_below(
        self, editor: Account, visitor: Visitor, the_clock: Any
    ) -> None:
        for number in range(6):
            the_clock.set_to(clock.now() + timedelta(minutes=1))
            a_post(editor, f"Nyhet {number}")
        visitor.opens("/nyheter/2026/nyhet-5").sees(
            "Karin Lövgren , projektledare", "Nyhet 4", "Nyhet 1", "16 juni 2026"
        )
        visitor.misses("Nyhet 0<")

    def test_markdown_is_drawn_and_nothing_runs(self, editor: Account, visitor: Visitor) -> None:
        a_post(editor, "Farlig", body="**fet** <script>alert(1)</script> [x](javascript:alert(1))")
        visitor.opens("/nyheter/2026/farlig")
        assert "<strong>fet</strong>" in visitor.html
        assert "<script>" not in visitor.html

    def test_a_withdrawn_one_is_gone(self, editor: Account, visitor: Visitor) -> None:
        post = a_post(editor)
        actions.withdraw(post, by=editor)
        visitor.opens(f"/nyheter/2026/{post.slug}", 410).sees("Sidan är borttagen")
        visitor.opens("/nyheter").misses(post.headline)

    def test_a_withdrawn_one_is_gone_at_its_former_address_too(
        self, editor: Account, visitor: Visitor
    ) -> None:
        post = a_post(editor, "Gammalt namn")
        actions.change(post, words("Nytt namn"), seen_revision=1, by=editor)
        actions.withdraw(post, by=editor)
        visitor.opens("/nyheter/2026/gammalt-namn", 410)
        for feed in ("/nyheter.xml", "/nyheter.atom"):
            visitor.opens(feed).misses("Nytt namn")

    def test_a_later_one_waits_for_its_time(self, editor: Account, visitor: Visitor, the_clock: Any) -> None:
        post = a_post(editor, is_published=False)
        actions.publish(post, by=editor, at=clock.now() + timedelta(hours=1))
        visitor.opens(f"/nyheter/2026/{post.slug}", 404)
        the_clock.set_to(clock.now() + timedelta(hours=1))
        visitor.opens(f"/nyheter/2026/{post.slug}")

    def test_the_list_has_pages(self, editor: Account, visitor: Visitor, the_clock: Any) -> None:
        for number in range(14):
            the_clock.set_to(clock.now() + timedelta(minutes=1))
            a_post(editor, f"Nyhet nummer {number}")
        visitor.opens("/nyheter").sees("Äldre nyheter").misses("Nyare nyheter")
        visitor.opens("/nyheter?sida=2").sees("Nyhet nummer 0", "Nyare nyheter")
        visitor.opens("/nyheter?sida=3", 404).opens("/nyheter?sida=0", 404).opens("/nyheter?sida=x")

    def test_the_list_asks_little(self, editor: Account, visitor: Visitor) -> None:
        for number in range(12):
            a_post(editor, f"Nyhet {number}")
        visitor.opens("/nyheter")
        with at_most(4, "statements"):
            visitor.opens("/nyheter")


class TestFeeds:
    @pytest.mark.parametrize(
        ("path", "kind"), [("/nyheter.xml", "application/rss+xml"), ("/nyheter.atom", "application/atom+xml")]
    )
    def test_are_well_formed_and_hold_what_is_public(
        self, editor: Account, visitor: Visitor, path: str, kind: str
    ) -> None:
        post = a_post(editor, "Å & <ö>", body="**fet** & ]]>")
        a_post(editor, "Hemligt utkast", is_published=False)
        answer = visitor.client.get(path)
        assert answer.mimetype == kind
        tree = ET.fromstring(answer.get_data(as_text=True))  # noqa: S314 - our own
        said = " ".join(tree.itertext())
        assert "Å & <ö>" in said
        assert str(post.id) in said
        assert "<strong>fet</strong>" in said
        assert "Hemligt" not in said

    def test_the_identity_stays_when_the_address_changes(self, editor: Account, visitor: Visitor) -> None:
        post = a_post(editor)
        actions.change(post, words("Ett nytt namn"), seen_revision=1, by=editor)
        assert f"urn:uuid:{post.id}" in visitor.opens("/nyheter.atom").html


class TestTheDesk:
    def fields(self, **more: Any) -> dict[str, Any]:
        given = {"headline": "Rubrik", "lead": "Ingress.", "body": "Text.", "byline_name": "Eva"}
        return {**given, **more}

    def test_a_post_goes_from_draft_to_reader(self, editor: Account, visitor: Visitor) -> None:
        visitor.signs_in(editor).opens("/nyheter/skriv/ny")
        visitor.sends("/nyheter/skriv/ny", **self.fields()).sees("Inlägget är sparat.", "Utkast")
        post = db.session.scalars(select(Post)).one()
        visitor.sends(f"/nyheter/skriv/{post.id}/publicera", seen="sv.1").sees(
            "Inlägget är publicerat.", "Rubrik"
        )
        visitor.leaves().opens("/nyheter/2026/rubrik").sees("Text.")
        visitor.signs_in(editor).opens(f"/nyheter/skriv/{post.id}/visa")
        visitor.sends(f"/nyheter/skriv/{post.id}/dra-tillbaka").sees("Borttagen")
        visitor.leaves().opens("/nyheter/2026/rubrik", 410)

    def test_a_reader_who_looked_before_sees_at_once_what_is_published_and_withdrawn(
        self, editor: Account, visitor: Visitor
    ) -> None:
        post = a_post(editor, is_published=False)
        reader = Visitor(visitor.app)
        reader.opens("/nyheter").misses(post.headline)
        visitor.signs_in(editor).opens(f"/nyheter/skriv/{post.id}/visa")
        reader.opens("/nyheter")  # kept again, now that the sign-in is written
        visitor.sends(f"/nyheter/skriv/{post.id}/publicera", seen="sv.1")
        reader.opens("/nyheter").sees("Vi sjunger i parken")
        visitor.sends(f"/nyheter/skriv/{post.id}/dra-tillbaka")
        reader.opens("/nyheter").misses("Vi sjunger i parken")

    def test_preview_saves_nothing(self, editor: Account, visitor: Visitor) -> None:
        visitor.signs_in(editor).opens("/nyheter/skriv/ny")
        visitor.sends("/nyheter/skriv/ny", 200, **self.fields(body="Så **här**."), preview="1")
        assert "<strong>här</strong>" in visitor.html
        assert db.session.scalar(select(func.count()).select_from(Post)) == 0

    @pytest.mark.parametrize(
        ("name", "value", "said"),
        [
            ("headline", "", "Skriv en rubrik."),
            ("headline", "x" * 151, "Skriv högst 150 tecken"),
            ("lead", "", "Skriv en ingress."),
            ("body", "", "Skriv texten."),
            ("body", "Ring 19850709-9805", "personnummer"),
            ("headline", "a\x00b", "tecken som vi inte kan spara"),
            ("byline_name", "", "Skriv vem som har skrivit texten."),
            ("choirs", "12345678-1234-1234-1234-123456789012", "Välj något i listan."),
        ],
    )
    def test_bad_input_is_told_beside_its_field_and_nothing_is_lost(
        self, editor: Account, visitor: Visitor, name: str, value: str, said: str
    ) -> None:
        makers.a_choir(town="Boden")
        visitor.signs_in(editor).opens("/nyheter/skriv/ny")
        visitor.sends("/nyheter/skriv/ny", 422, **self.fields(**{"lead": "Kvar att läsa.", name: value}))
        visitor.sees(said)
        if name != "lead":
            assert "Kvar att läsa." in visitor.html
        assert db.session.scalar(select(func.count()).select_from(Post)) == 0

    def test_an_old_page_keeps_what_was_typed(self, editor: Account, visitor: Visitor) -> None:
        visitor.signs_in(editor)
        visitor.sends("/nyheter/skriv/ny", 422, **self.fields(csrf_token="old"))
        visitor.sees("Sidan var öppen för länge. Tryck på knappen igen.")
        assert "Ingress." in visitor.html

    def test_a_picture_is_not_lost_when_the_form_is_refused(self, editor: Account, visitor: Visitor) -> None:
        visitor.signs_in(editor).opens("/nyheter/skriv/ny")
        both = {"picture_alt": "En gul yta", "picture_is_decorative": "y"}
        visitor.sends(
            "/nyheter/skriv/ny", 422, **self.fields(picture=(io.BytesIO(a_picture()), "a.png"), **both)
        )
        visitor.sees("Välj ett av dem.")
        kept = next(
            one.get("value") for one in visitor.tree.iter("input") if one.get("name") == "kept_picture"
        )
        visitor.sends("/nyheter/skriv/ny", **self.fields(kept_picture=kept, picture_alt="En gul yta"))
        post = db.session.scalars(select(Post)).one()
        assert (post.swedish.picture_name, post.swedish.picture_alt, post.swedish.picture_width) == (
            kept,
            "En gul yta",
            640,
        )
        with visitor.client.get(f"/bilder/{kept}/640.webp") as answer:
            assert (answer.status_code, answer.mimetype) == (200, "image/webp")

    @pytest.mark.parametrize("content", [b"", b"not a picture", b"<svg xmlns='http://www.w3.org/2000/svg'/>"])
    def test_a_file_that_is_no_picture_is_refused(
        self, editor: Account, visitor: Visitor, content: bytes
    ) -> None:
        visitor.signs_in(editor).opens("/nyheter/skriv/ny")
        fields = self.fields(picture=(io.BytesIO(content), "a.png"), picture_alt="x")
        visitor.sends("/nyheter/skriv/ny", 422, **fields)
        assert "Ingress." in visitor.html

    @pytest.mark.parametrize("path", ["/bilder/..%2f..%2fsecret_key/480.webp", "/bilder/0000/480.webp"])
    def test_no_path_leads_out_of_the_pictures(self, visitor: Visitor, path: str) -> None:
        visitor.opens(path, 404)

    def test_another_leaders_draft_does_not_exist(
        self, leader: tuple[Account, Choir], visitor: Visitor
    ) -> None:
        account, choir = leader
        post = actions.write(words(choirs=[choir]), by=account)
        other = makers.a_leader(makers.a_choir(town="Göteborg"))
        db.session.commit()
        visitor.signs_in(other).opens(f"/nyheter/skriv/{post.id}/visa", 404)
        visitor.signs_in(account).opens(f"/nyheter/skriv/{post.id}/visa")
        visitor.sends(f"/nyheter/skriv/{post.id}/publicera", 403)
