"""Text that is not saved yet: kept beside, never shown to anybody else, never published; and two in one text."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir
from choir_app.foundation import clock
from choir_app.foundation.caretaker import CHORES
from choir_app.foundation.database import Fact, db
from choir_app.foundation.refusal import NotAllowed, Refusal
from choir_app.news import actions, queries
from choir_app.news.models import Post, PostRevision, PostWriter, UnsavedText
from tests import makers
from tests.news.made import a_post, words
from tests.visitor import Visitor

KEEP = "/nyheter/skriv/osparat"


def typed(headline: str = "Ny rubrik", **more: str) -> dict[str, list[str]]:
    """What a form would send, by the names of its fields."""
    given = {"headline": headline, "lead": "Kort.", "body": "Mer text.", "seen_revision": "1", **more}
    return {name: [value] for name, value in given.items()}


def fields(headline: str = "Ny rubrik", **more: str) -> dict[str, str]:
    """The same as the visitor types it."""
    return {name: values[0] for name, values in typed(headline, **more).items()}


def told(visitor: Visitor) -> dict[str, Any]:
    """What the house answered a script."""
    assert visitor.answer is not None
    answer = visitor.answer.json
    assert isinstance(answer, dict)
    return answer


def kept_count() -> int:
    return db.session.scalar(select(func.count()).select_from(UnsavedText)) or 0


class TestKeeping:
    def test_says_when_in_words(self, editor: Account, visitor: Visitor) -> None:
        post = a_post(editor)
        visitor.signs_in(editor).sends(KEEP, 200, of_post=post.id, **fields())
        assert told(visitor)["said"] == "Sparat som utkast kl. 18.00"

    def test_neither_publishes_nor_makes_a_version(self, editor: Account, visitor: Visitor) -> None:
        post = a_post(editor)
        visitor.signs_in(editor).sends(KEEP, 200, of_post=post.id, **fields("Ingen ser det här"))
        assert db.session.scalar(select(func.count()).select_from(PostRevision)) == 1
        assert db.session.get_one(Post, post.id).headline == "Vi sjunger i parken"
        Visitor(visitor.app).opens(f"/nyheter/2026/{post.slug}").misses("Ingen ser det här")

    def test_forgets_no_kept_page(self, editor: Account, visitor: Visitor) -> None:
        post = a_post(editor)
        visitor.signs_in(editor).opens("/nyheter/skriv")
        version = select(Fact.value).where(Fact.name == "content_version")
        before = db.session.scalar(version)
        visitor.sends(KEEP, 200, of_post=post.id, **fields())
        assert db.session.scalar(version) == before
        assert kept_count() == 1

    def test_has_one_row_for_each_writer_post_and_language(self, editor: Account, app: Flask) -> None:
        post, other = a_post(editor), makers.an_editor("Olle Redaktör")
        for by in (editor, other):
            for language in ("sv", "en"):
                for headline in ("Först", "Sedan"):
                    actions.keep_unsaved(typed(headline), post=post, language=language, by=by)
        actions.keep_unsaved(typed("En ny"), post=None, language="sv", by=editor)
        assert kept_count() == 5
        kept = queries.unsaved_text(queries.place_of(post, "en"), viewer=other)
        assert kept is not None
        assert kept.headline == "Sedan"

    def test_is_seen_by_nobody_else(self, editor: Account, visitor: Visitor) -> None:
        post = a_post(editor)
        actions.keep_unsaved(typed("Min hemlighet"), post=post, language="sv", by=editor)
        other = makers.an_editor("Olle Redaktör")
        visitor.signs_in(other).opens(f"/nyheter/skriv/{post.id}?osparat=1").misses("Min hemlighet")

    def test_a_leader_keeps_nothing_in_the_post_of_another(
        self, editor: Account, leader: tuple[Account, Choir]
    ) -> None:
        with pytest.raises(NotAllowed):
            actions.keep_unsaved(typed(), post=a_post(editor), language="sv", by=leader[0])

    @pytest.mark.parametrize(
        ("body", "said"),
        [
            ("Hen har 811218-9876.", "personnummer"),
            ("x" * 90_000, "för lång"),
            ("\x00", "tecken som vi inte kan spara"),
        ],
        ids=["identity", "long", "nul"],
    )
    def test_refuses_what_is_never_kept(
        self, editor: Account, visitor: Visitor, body: str, said: str
    ) -> None:
        visitor.signs_in(editor).sends(KEEP, 422, **fields(body=body))
        assert visitor.answer is not None
        assert said in told(visitor)["reason"]
        assert kept_count() == 0

    def test_an_old_page_gets_a_new_token(self, editor: Account, visitor: Visitor) -> None:
        visitor.signs_in(editor).sends(KEEP, 409, csrf_token="old", **fields())
        visitor.sends(KEEP, 200, csrf_token=told(visitor)["token"], **fields())
        assert kept_count() == 1

    def test_a_language_that_is_off_is_not_there(self, editor: Account, visitor: Visitor) -> None:
        post = a_post(editor)
        visitor.signs_in(editor).sends(KEEP, 404, of_post=post.id, of_language="ar", **fields())
        visitor.sends(KEEP, 404, of_post="none", **fields())


class TestComingBack:
    def test_offers_it_with_its_time(self, editor: Account, visitor: Visitor) -> None:
        post = a_post(editor)
        actions.keep_unsaved(typed("Nästan klar"), post=post, language="sv", by=editor)
        visitor.signs_in(editor).opens(f"/nyheter/skriv/{post.id}")
        visitor.sees("Du har text som inte är sparad", "Från 16 juni kl. 18.00.", "Släng texten")
        assert "Nästan klar" in visitor.html
        assert 'value="Vi sjunger i parken"' in visitor.html

    def test_goes_on_with_all_that_was_typed(self, editor: Account, visitor: Visitor) -> None:
        choir = makers.a_choir(town="Boden")
        given = typed("Nästan klar", tags="pengar") | {"choirs": [str(choir.id)]}
        actions.keep_unsaved(given, post=None, language="sv", by=editor)
        visitor.signs_in(editor).opens("/nyheter/skriv").sees("Nästan klar", "Osparad")
        visitor.opens("/nyheter/skriv/ny?osparat=1").sees(
            "Du fortsätter på text som inte är sparad.", "Mer text."
        )
        assert 'value="Nästan klar"' in visitor.html
        assert f'value="{choir.id}" checked' in visitor.html

    def test_is_forgotten_when_it_is_saved(self, editor: Account, app: Flask) -> None:
        post = a_post(editor)
        for language in ("sv", "en"):
            actions.keep_unsaved(typed(), post=post, language=language, by=editor)
        actions.keep_unsaved(typed(), post=None, language="sv", by=editor)
        actions.change(post, words("Ny rubrik"), seen_revision=1, by=editor)
        assert queries.unsaved_text(queries.place_of(post, "sv"), viewer=editor) is None
        assert kept_count() == 2
        a_post(editor, "Ännu en")
        assert queries.unsaved_new(editor) is None

    def test_what_was_dropped_can_be_taken_back(
        self, editor: Account, visitor: Visitor, the_clock: Any
    ) -> None:
        actions.keep_unsaved(typed("Slängd"), post=None, language="sv", by=editor)
        visitor.signs_in(editor).opens("/nyheter/skriv/ny").sends("/nyheter/skriv/osparat/slang")
        visitor.sees("Texten är slängd.", "Ta tillbaka den").misses("Slängd")
        visitor.sends("/nyheter/skriv/osparat/ta-tillbaka")
        assert 'value="Slängd"' in visitor.html
        visitor.sends("/nyheter/skriv/osparat/slang")
        the_clock.set_to(clock.now() + timedelta(days=2))
        visitor.opens("/nyheter/skriv/ny").misses("Ta tillbaka den")

    def test_what_is_typed_after_one_was_dropped_is_kept(self, editor: Account, app: Flask) -> None:
        actions.keep_unsaved(typed("Slängd"), post=None, language="sv", by=editor)
        actions.drop_unsaved("new", by=editor)
        assert queries.unsaved_new(editor) is None
        actions.keep_unsaved(typed("Ny början"), post=None, language="sv", by=editor)
        db.session.expire_all()
        kept = queries.unsaved_new(editor)
        assert kept is not None
        assert kept.headline == "Ny början"

    def test_saving_and_leaving_take_nothing_from_anybody_else(self, editor: Account, app: Flask) -> None:
        other, post = makers.an_editor("Berth"), a_post(editor)
        place = queries.place_of(post, "sv")
        for one in (editor, other):
            actions.keep_unsaved(typed(f"Av {one.name}"), post=post, language="sv", by=one)
            actions.be_at_work(post, "sv", by=one)
        actions.change(post, words("Ny rubrik"), seen_revision=1, by=editor)
        actions.leave_work(post, "sv", by=editor)
        db.session.expire_all()
        assert queries.unsaved_text(place, viewer=editor) is None
        kept = queries.unsaved_text(place, viewer=other)
        assert kept is not None
        assert kept.headline == f"Av {other.name}"
        assert [one.name for one in queries.others_at_work(post, viewer=editor)] == [other.name]

    def test_nobody_keeps_it_for_ever(self, editor: Account, app: Flask, the_clock: Any) -> None:
        post = a_post(editor)
        actions.keep_unsaved(typed(), post=post, language="sv", by=editor)
        actions.be_at_work(post, "sv", by=editor)
        the_clock.set_to(clock.now() + timedelta(days=89))
        actions.keep_unsaved(typed(), post=None, language="sv", by=editor)
        CHORES["text that was never saved, and signs of who was at work"]()
        assert kept_count() == 2
        assert db.session.scalar(select(func.count()).select_from(PostWriter)) == 0
        the_clock.set_to(clock.now() + timedelta(days=2))
        CHORES["text that was never saved, and signs of who was at work"]()
        assert kept_count() == 1


class TestTwoInOneText:
    def test_each_is_told_of_the_other_until_time_has_passed(
        self, editor: Account, visitor: Visitor, the_clock: Any
    ) -> None:
        post, other = a_post(editor), makers.an_editor("Olle Redaktör")
        actions.be_at_work(post, "sv", by=other)
        the_clock.set_to(clock.now() + timedelta(minutes=1))
        visitor.signs_in(editor).sends("/nyheter/skriv/har", 200, of_post=post.id)
        assert told(visitor)["others"] == ["Olle Redaktör skriver också här, sedan kl. 18.00."]
        visitor.opens(f"/nyheter/skriv/{post.id}").sees("Olle Redaktör skriver också här, sedan kl. 18.00.")
        the_clock.set_to(clock.now() + timedelta(minutes=1))
        visitor.opens(f"/nyheter/skriv/{post.id}").misses("Olle Redaktör skriver")

    def test_who_leaves_is_gone_at_once(self, editor: Account, visitor: Visitor) -> None:
        post, other = a_post(editor), makers.an_editor("Olle Redaktör")
        visitor.signs_in(other).sends("/nyheter/skriv/har", 200, of_post=post.id, of_language="en")
        assert [one.language.code for one in queries.others_at_work(post, viewer=editor)] == ["en"]
        visitor.sends("/nyheter/skriv/har", 200, of_post=post.id, of_language="en", leaves="1")
        assert queries.others_at_work(post, viewer=editor) == ()

    def test_a_sign_renewed_keeps_its_beginning(self, editor: Account, app: Flask, the_clock: Any) -> None:
        post, other = a_post(editor), makers.an_editor("Olle Redaktör")
        began_at = clock.now()
        for _sign in range(4):
            actions.be_at_work(post, "sv", by=other)
            the_clock.set_to(clock.now() + timedelta(seconds=60))
        assert queries.others_at_work(post, viewer=editor)[0].since == began_at

    def test_an_old_save_is_refused_and_shows_both(self, editor: Account, visitor: Visitor) -> None:
        post, other = a_post(editor), makers.an_editor("Olle Redaktör")
        path = f"/nyheter/skriv/{post.id}"
        mine = {"byline_name": "Eva", **fields("Min rubrik", body="Ta med en filt och kaffe.")}
        visitor.signs_in(editor).opens(path)
        actions.change(post, words("Olles rubrik"), seen_revision=1, by=other)
        visitor.sends(path, 422, **mine)
        visitor.sees(
            "Olle Redaktör sparade texten 16 juni kl. 18.00", "Ingenting är borta.", "Olles", "och kaffe"
        )
        assert "<del>Olles</del>" in visitor.html
        assert "<ins>Min</ins>" in visitor.html
        assert 'value="Min rubrik"' in visitor.html
        kept = queries.unsaved_text(queries.place_of(post, "sv"), viewer=editor)
        assert kept is not None, "closing the window loses nothing"
        assert kept.headline == "Min rubrik"
        visitor.sends(path, 422, **mine)  # the same again is not enough
        visitor.sends(path, **mine, seen_over="2").sees("Inlägget är sparat.", "Min rubrik")
        revisions = [one.headline for one in db.session.get_one(Post, post.id).revisions]
        assert revisions == ["Vi sjunger i parken", "Olles rubrik", "Min rubrik"]

    def test_a_third_save_in_between_is_shown_too(self, editor: Account, visitor: Visitor) -> None:
        post, other = a_post(editor), makers.an_editor("Olle Redaktör")
        path = f"/nyheter/skriv/{post.id}"
        visitor.signs_in(editor).opens(path)
        for number, headline in enumerate(("Två", "Tre"), 1):
            actions.change(post, words(headline), seen_revision=number, by=other)
        visitor.sends(path, 422, byline_name="Eva", **fields("Min"), seen_over="2").sees("version 3")

    def test_one_s_own_other_window_is_called_so(self, editor: Account, visitor: Visitor) -> None:
        post = a_post(editor)
        actions.change(post, words("Från det andra fönstret"), seen_revision=1, by=editor)
        visitor.signs_in(editor).opens(f"/nyheter/skriv/{post.id}")
        visitor.sends(f"/nyheter/skriv/{post.id}", 422, byline_name="Eva", **fields())
        visitor.sees("Du sparade texten i ett annat fönster")

    def test_another_language_clashes_likewise(self, editor: Account, visitor: Visitor) -> None:
        post, other = a_post(editor), makers.an_editor("Olle Redaktör")
        path = f"/nyheter/skriv/{post.id}/sprak/en"
        visitor.signs_in(editor).opens(path)
        text = actions.Text(headline="Theirs", lead="Short.", body="Text.")
        actions.write_version(post, "en", text, seen_revision=0, made_from=1, by=other)
        visitor.sends(path, 422, **fields("Mine", seen_revision="0", seen_swedish="1"))
        assert "<ins>Mine</ins>" in visitor.html
        assert 'lang="en"' in visitor.html


class TestTheLook:
    def test_is_what_readers_will_meet_and_saves_nothing(self, editor: Account, visitor: Visitor) -> None:
        given = fields("Så blir det", body="## Program\n\n- **Filt**", byline_name="Eva", byline_role="kock")
        visitor.signs_in(editor).sends("/nyheter/skriv/utseende", 200, **given)
        visitor.sees("Så blir det", "Program", "Eva", "kock")
        assert "<strong>Filt</strong>" in visitor.html
        assert db.session.scalar(select(func.count()).select_from(Post)) == 0

    def test_an_empty_form_can_be_drawn(self, editor: Account, visitor: Visitor) -> None:
        visitor.signs_in(editor).sends("/nyheter/skriv/utseende", 200, headline="", lead="", body="")

    def test_speaks_the_language_of_the_text(self, editor: Account, visitor: Visitor) -> None:
        post = a_post(editor)
        actions.turn_on_languages(["ar"], by=editor)
        visitor.signs_in(editor)
        visitor.sends("/nyheter/skriv/utseende", 200, of_post=post.id, of_language="ar", **fields("مرحبا"))
        assert 'lang="ar" dir="rtl"' in visitor.html


def test_what_is_pasted_comes_back_as_markdown(editor: Account, visitor: Visitor) -> None:
    visitor.signs_in(editor).sends("/nyheter/skriv/inklistrat", 200, html="<h1>Hej</h1><p><b>du</b></p>")
    assert told(visitor) == {"markdown": "## Hej\n\n**du**"}


def test_a_refusal_names_what_to_do(editor: Account, app: Flask) -> None:
    post = a_post(editor)
    actions.change(post, words("Två"), seen_revision=1, by=editor)
    with pytest.raises(Refusal, match="Se vad som skiljer"):
        actions.change(post, words("Tre"), seen_revision=1, by=editor)


def test_of_too_long_a_text_only_what_could_be_saved_is_drawn(editor: Account, visitor: Visitor) -> None:
    visitor.signs_in(editor).opens("/nyheter/skriv/ny")
    visitor.sends("/nyheter/skriv/utseende", 200, headline="A" * 9_000, body="ord " * 50_000)
    assert 35_000 < len(visitor.html) < 60_000


def test_whoever_leads_one_choir_need_not_say_which(leader: tuple[Account, Choir], visitor: Visitor) -> None:
    account, choir = leader
    box = rf'<input[^>]*value="{choir.id}"[^>]*>'
    found = re.search(box, visitor.signs_in(account).opens("/nyheter/skriv/ny").html)
    assert found is not None
    assert " checked" in found.group()
