"""What stops a text on its way to readers: what some of them could not follow, and what nobody has answered."""

from datetime import timedelta

import pytest

from choir_app.accounts.models import Account
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.foundation.pictures import PictureFile
from choir_app.foundation.refusal import Refusal
from choir_app.news import actions, queries
from choir_app.news.actions import NotReady
from choir_app.news.models import KeptPicture, Post
from choir_app.news.rules import faults_in
from tests.news.made import a_post, a_version, answered, from_before, words
from tests.visitor import Visitor

PICTURE = PictureFile("c" * 32, 960, 600)


def kinds(post: Post) -> list[str]:
    return [one.kind for one in queries.obstacles_of(post, clock.now())]


class TestHeadingsAndLinks:
    @pytest.mark.parametrize(
        ("markdown", "told"),
        [
            ("## Först\n\n### Sedan\n\n## Igen", []),
            ("Text.\n\n## Först\n\n#### För långt ner", ["heading_jump"]),
            ("# Samma som sidans", ["heading_too_high"]),
            ("Rubrik\n===\n\ntext", ["heading_too_high"]),
            ("### Börjar för långt ner", ["heading_jump"]),
            ("```\n# kod\n```\n\n    # kod", []),
            ("Läs [](https://example.org/a).", ["empty_link"]),
            ("[ ](/korer) och [![](/a.png)](/korer)", ["empty_link", "empty_link"]),
            ("[![En gryta](/a.png)](/korer) och [ord](/korer) och `[](x)`", []),
        ],
    )
    def test_faults(self, markdown: str, told: list[str]) -> None:
        assert [one.kind for one in faults_in(markdown)] == told

    def test_a_fault_says_where_it_is(self) -> None:
        text = "Hej\n\n## A\n\n#### B å\n\nSe [](/x) där."
        assert [text[one.start : one.end] for one in faults_in(text)] == ["#### B å", "[](/x)"]

    @pytest.mark.parametrize(
        "odd", ["", "#", "[", "](", "[[](", "# \n## \n####", "\n" * 50, "> # A\n> #### B", "- #### x"]
    )
    def test_odd_texts_are_read(self, odd: str) -> None:
        for one in faults_in(odd):
            assert 0 <= one.start <= one.end <= len(odd)


class TestStopping:
    def test_all_reasons_are_said_at_once(self, editor: Account) -> None:
        post = a_post(
            editor, is_published=False, body="# För stor\n\n[](https://example.org)\n\n{{ no_such_thing }}"
        )
        with pytest.raises(NotReady) as no:
            actions.publish(post, by=editor)
        assert [one.kind for one in no.value.obstacles] == [
            "heading_too_high",
            "empty_link",
            "unknown_figure",
        ]
        assert all(one.message in no.value.message for one in no.value.obstacles)
        assert post.published_at is None

    def test_a_time_cannot_be_set_either(self, editor: Account) -> None:
        post = a_post(editor, is_published=False, body="# För stor")
        with pytest.raises(NotReady):
            actions.publish(post, by=editor, at=clock.now() + timedelta(days=1))

    def test_a_picture_needs_words_and_an_answer(self, editor: Account) -> None:
        answered(PICTURE)
        post = a_post(editor, is_published=False, picture=PICTURE)
        assert kinds(post) == ["picture_not_described"]
        kept = db.session.get(KeptPicture, PICTURE.name)
        assert kept is not None
        kept.nobody_said_at = None
        assert kinds(post) == ["picture_not_described", "picture_not_asked"]

    def test_a_picture_in_the_text_likewise(self, editor: Account) -> None:
        answered(PICTURE)
        text = f"Se:\n\n![](bild:{PICTURE.name})"
        post = a_post(editor, is_published=False, body=text)
        (one,) = queries.obstacles_of(post, clock.now())
        assert (one.kind, one.field, text[one.start : one.end]) == ("picture_not_described", "body", text[5:])
        actions.change(post, words(body=text.replace(")", "#dekorativ)")), seen_revision=1, by=editor)
        assert not kinds(post)

    def test_a_picture_that_we_do_not_have_is_one_thing_to_put_right(self, editor: Account) -> None:
        answered(PICTURE)
        text = f"Se:\n\n![](bild:{'0' * 32})\n\n![En gryta](bild:{PICTURE.name})"
        post = a_post(editor, is_published=False, body=text)
        (one,) = queries.obstacles_of(post, clock.now())
        assert (one.kind, one.field) == ("picture_missing", "body")
        assert text[one.start : one.end] == f"![](bild:{'0' * 32})"
        with pytest.raises(NotReady, match="finns inte"):
            actions.publish(post, by=editor)

    def test_one_that_was_missing_when_the_post_came_out_keeps_no_editor_from_saving(
        self, editor: Account
    ) -> None:
        post = from_before(editor, body="![En gryta](bild:borta)")
        actions.change(post, words(body="![En gryta](bild:borta)\n\nMer."), seen_revision=1, by=editor)
        with pytest.raises(NotReady):
            actions.change(post, words(body="![En gryta](bild:annan)"), seen_revision=2, by=editor)

    def test_it_is_said_which_picture_lacks_words(self, editor: Account) -> None:
        answered(PICTURE)
        post = a_post(editor, is_published=False, picture=PICTURE, body=f"Se ![](bild:{PICTURE.name})")
        above, within = queries.obstacles_of(post, clock.now())
        assert "bilden över texten" in above.message
        assert "bilden i texten" in within.message

    def test_another_language_is_stopped_by_its_own_faults_alone(self, editor: Account) -> None:
        post = a_post(editor)
        version = a_version(post, editor, body="# Too big", is_shown=False)
        assert not kinds(post)
        with pytest.raises(NotReady) as no:
            actions.show_version(version, by=editor)
        assert no.value.obstacles[0].version is version
        assert version.shown_at is None

    def test_a_shown_language_stops_the_whole_post(self, editor: Account) -> None:
        post = a_post(editor, is_published=False)
        version = a_version(post, editor)
        actions.write_version(
            post,
            "en",
            words("Too big", body="# Too big"),
            seen_revision=version.revision_number,
            made_from=1,
            by=editor,
        )
        assert kinds(post) == ["heading_too_high"]


class TestWhatReadersSeeAlready:
    def test_a_change_may_not_make_it_worse(self, editor: Account) -> None:
        post = a_post(editor)
        with pytest.raises(Refusal, match="ett # för lite"):
            actions.change(post, words(body="# För stor"), seen_revision=1, by=editor)

    def test_old_faults_may_stay(self, editor: Account) -> None:
        post = a_post(editor)
        post.swedish.body = "# För stor"  # from before there was a coach
        db.session.flush()
        actions.change(post, words(body="# För stor\n\nMer text."), seen_revision=1, by=editor)
        assert post.body.endswith("Mer text.")

    def test_a_draft_may_hold_what_it_likes(self, editor: Account) -> None:
        post = a_post(editor, is_published=False)
        actions.change(post, words(body="# För stor\n\n[](x)"), seen_revision=1, by=editor)

    def test_an_earlier_version_that_is_worse_does_not_come_back(
        self, editor: Account, visitor: Visitor
    ) -> None:
        post = a_post(editor, is_published=False, body="# För stor")
        actions.change(post, words(body="## Lagom"), seen_revision=1, by=editor)
        actions.publish(post, by=editor)
        db.session.commit()
        visitor.signs_in(editor).sends(f"/nyheter/skriv/{post.id}/version/1", 422).sees("ett # för lite")
        assert post.body == "## Lagom"


class TestPages:
    def test_the_preview_lists_them_with_their_places_before_anybody_presses(
        self, editor: Account, visitor: Visitor
    ) -> None:
        post = a_post(editor, is_published=False, lead="Hej {{ nobody_knows }}.", body="😀 A\n\n# För stor")
        visitor.signs_in(editor).opens(f"/nyheter/skriv/{post.id}/visa")
        visitor.sees("2 saker är kvar innan läsarna kan se texten", "Rubriken «För stor» har ett # för lite.")
        assert f'href="/nyheter/skriv/{post.id}?plats=body-6-16#body"' in visitor.html
        assert f'href="/nyheter/skriv/{post.id}?plats=lead-4-22#lead"' in visitor.html

    def test_whoever_writes_sees_where_a_picture_is_missing_and_no_reader_does(
        self, editor: Account, visitor: Visitor
    ) -> None:
        post = from_before(editor, body='Före.\n\n![En gryta](bild:borta "Vår gryta")')
        visitor.opens(f"/nyheter/2026/{post.slug}").sees("Vår gryta").misses("Här saknas en bild.")
        visitor.signs_in(editor).opens(f"/nyheter/skriv/{post.id}/visa")
        visitor.sees("Här saknas en bild.", "Vår gryta", "Bilden i texten finns inte.")
        assert f'href="/nyheter/skriv/{post.id}?plats=body-7-42#body"' in visitor.html
        fields = {
            "headline": "Sång",
            "lead": "Ingress",
            "body": "![En gryta](bild:borta)",
            "of_language": "sv",
        }
        visitor.sends("/nyheter/skriv/utseende", 200, **fields).sees("Här saknas en bild.")

    def test_pressing_says_it_again_and_changes_nothing(self, editor: Account, visitor: Visitor) -> None:
        post = a_post(editor, is_published=False, body="# För stor")
        visitor.signs_in(editor).sends(f"/nyheter/skriv/{post.id}/publicera", 422, seen="sv.1")
        visitor.sees("En sak är kvar innan läsarna kan se texten")
        assert 'role="alert"' in visitor.html
        assert post.published_at is None

    def test_setting_a_time_and_showing_a_language_say_it_too(
        self, editor: Account, visitor: Visitor
    ) -> None:
        post = a_post(editor, is_published=False, body="# För stor")
        version = a_version(post, editor, body="# Too big", is_shown=False)
        visitor.signs_in(editor)
        visitor.sends(f"/nyheter/skriv/{post.id}/nar?seen=sv.1", 422, day="2026-06-20", hour="08.00")
        visitor.sees("För stor")
        visitor.sends(f"/nyheter/skriv/{post.id}/sprak/en/visa", 422).sees("Too big", "engelska")
        assert version.shown_at is None

    def test_when_nothing_is_left_nothing_is_said(self, editor: Account, visitor: Visitor) -> None:
        post = a_post(editor, is_published=False)
        visitor.signs_in(editor).opens(f"/nyheter/skriv/{post.id}/visa").misses("innan läsarna")

    def test_a_picture_that_nobody_answered_for_leads_to_the_pictures_own_page(
        self, editor: Account, visitor: Visitor
    ) -> None:
        answered(PICTURE)
        kept = db.session.get(KeptPicture, PICTURE.name)
        assert kept is not None
        kept.nobody_said_at = None
        post = a_post(editor, is_published=False, picture=PICTURE, picture_alt="En gryta")
        visitor.signs_in(editor).opens(f"/nyheter/skriv/{post.id}/visa").sees("En sak är kvar")
        assert f'href="/nyheter/skriv/bilder/{PICTURE.name}"' in visitor.html
        visitor.opens(f"/nyheter/skriv/bilder/{PICTURE.name}")


def test_a_heading_below_one_that_is_too_high_is_measured_from_where_that_should_stand() -> None:
    assert [one.kind for one in faults_in("# Sång\n\n### Vi")] == ["heading_too_high"]


def test_an_old_fault_of_a_published_text_excuses_no_other_of_its_kind(editor: Account) -> None:
    post = a_post(editor)
    post.swedish.body = "[](https://a.example)"
    db.session.commit()
    actions.change(post, words(body="Ny. [](https://a.example)"), seen_revision=1, by=editor)
    db.session.commit()
    with pytest.raises(NotReady):
        actions.change(
            post, words(body="[](https://a.example) [](https://b.example)"), seen_revision=2, by=editor
        )
