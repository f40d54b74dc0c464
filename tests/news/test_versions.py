"""One post in several languages: each has words and an address of its own, and is shown when somebody says so."""

from datetime import timedelta
from typing import Any

import pytest

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.foundation.refusal import NotAllowed, Refusal
from choir_app.news import actions, queries
from choir_app.news.rules import EASY, POST_STATES, TEXT_LANGUAGES, state_at
from tests.news.made import a_post, a_version, text, words
from tests.visitor import Visitor

SWEDISH = "/nyheter/2026/vi-sjunger-i-parken"
ENGLISH = "/en/nyheter/2026/singing-in-the-park"


def location(visitor: Visitor) -> str:
    assert visitor.answer is not None
    return visitor.answer.headers["Location"]


class TestAddresses:
    def test_each_language_has_its_own(self, editor: Account, visitor: Visitor) -> None:
        post = a_post(editor)
        a_version(post, editor)
        a_version(post, editor, EASY, headline="Sång i parken")
        visitor.opens(SWEDISH).sees("Vi sjunger i parken")
        visitor.opens("/latt/nyheter/2026/sang-i-parken").sees("Sång i parken")
        assert '<article class="article" lang="sv-simple"' in visitor.html
        visitor.opens(ENGLISH).sees("Singing in the park")

    def test_one_without_latin_letters_is_named_after_the_swedish_one(self, editor: Account) -> None:
        actions.turn_on_languages(["ar"], by=editor)
        version = a_version(a_post(editor), editor, "ar", headline="نغني في الحديقة")
        assert version.slug == "vi-sjunger-i-parken-ar"

    def test_two_languages_never_share_one(self, editor: Account) -> None:
        post = a_post(editor, "Pop")
        assert a_version(post, editor, headline="Pop").slug == "pop-2"

    def test_a_changed_one_leaves_a_redirect(self, editor: Account, visitor: Visitor) -> None:
        post = a_post(editor)
        a_version(post, editor)
        a_version(post, editor, headline="We sing in the park")
        visitor.opens(ENGLISH, 301)
        assert location(visitor) == "/en/nyheter/2026/we-sing-in-the-park"

    def test_easy_swedish_stands_under_its_own_place(self, editor: Account, visitor: Visitor) -> None:
        post = a_post(editor)
        a_version(post, editor, EASY, headline="Sång i parken")
        visitor.opens("/nyheter/2026/sang-i-parken", 301)
        assert location(visitor) == "/latt/nyheter/2026/sang-i-parken"
        visitor.opens("/latt/nyheter/2026/vi-sjunger-i-parken", 301)
        assert location(visitor) == SWEDISH

    def test_pages_in_english_lead_to_the_english_text_and_back(
        self, editor: Account, visitor: Visitor
    ) -> None:
        a_version(a_post(editor), editor)
        visitor.opens(f"/en{SWEDISH}", 302)
        assert location(visitor) == ENGLISH
        visitor.leaves().opens(ENGLISH.removeprefix("/en"), 302)
        assert location(visitor) == SWEDISH

    def test_a_right_to_left_text_says_so(self, editor: Account, visitor: Visitor) -> None:
        actions.turn_on_languages(["ar"], by=editor)
        a_version(a_post(editor), editor, "ar", headline="نغني في الحديقة")
        visitor.opens("/nyheter/2026/vi-sjunger-i-parken-ar")
        assert '<h1 lang="ar" dir="rtl">' in visitor.html
        assert '<article class="article" lang="ar" dir="rtl">' in visitor.html


class TestWhatReadersSee:
    def test_the_switch_names_only_what_is_shown(self, editor: Account, visitor: Visitor) -> None:
        post = a_post(editor)
        visitor.opens(SWEDISH).misses("Läs på ett annat språk")
        a_version(post, editor, is_shown=False)
        visitor.opens(SWEDISH).misses("Läs på ett annat språk", "singing-in-the-park")
        visitor.opens(ENGLISH, 404).leaves()
        english = post.version_in("en")
        assert english is not None
        actions.show_version(english, by=editor)
        visitor.opens(SWEDISH)
        assert f'href="{ENGLISH}" lang="en" hreflang="en"' in visitor.html
        assert f'href="{SWEDISH}" lang="sv" hreflang="sv" dir="ltr" aria-current="page"' in visitor.html

    def test_a_hidden_one_is_gone_and_the_others_stay(self, editor: Account, visitor: Visitor) -> None:
        version = a_version(a_post(editor), editor)
        actions.hide_version(version, by=editor)
        visitor.opens(ENGLISH, 404).leaves().opens(SWEDISH)

    def test_a_version_waits_for_its_post(self, editor: Account, visitor: Visitor, the_clock: Any) -> None:
        post = a_post(editor, is_published=False)
        a_version(post, editor)
        visitor.opens(ENGLISH, 404)
        actions.publish(post, by=editor, at=clock.now() + timedelta(hours=1))
        visitor.opens(ENGLISH, 404)
        the_clock.set_to(clock.now() + timedelta(hours=1))
        visitor.opens(ENGLISH)

    def test_who_reads_english_pages_is_told_when_there_is_no_english_text(
        self, editor: Account, visitor: Visitor
    ) -> None:
        a_post(editor)
        visitor.opens(f"/en{SWEDISH}")
        assert "message--info" in visitor.html
        visitor.leaves().opens(SWEDISH)
        assert "message--info" not in visitor.html

    def test_an_older_version_says_since_when(
        self, editor: Account, visitor: Visitor, the_clock: Any
    ) -> None:
        post = a_post(editor)
        easy = a_version(post, editor, EASY, headline="Sång i parken")
        path = "/latt/nyheter/2026/sang-i-parken"
        visitor.opens(path).misses("äldre version")
        the_clock.set_to(clock.now() + timedelta(days=3))
        actions.change(post, words(body="Ta med en stol."), seen_revision=1, by=editor)
        visitor.opens(path).sees("Den svenska texten är ändrad 19 juni. Det här är en äldre version.")
        visitor.opens(SWEDISH).misses("äldre version")
        actions.confirm_version(easy, by=editor)
        visitor.opens(path).misses("äldre version")

    def test_lists_speak_the_language_of_the_page(self, editor: Account, visitor: Visitor) -> None:
        a_version(a_post(editor), editor)
        a_post(editor, "Bara på svenska")
        visitor.opens("/nyheter").misses("Singing in the park")
        visitor.opens("/en/nyheter").misses("Vi sjunger i parken")
        assert f'lang="en"><a class="card__link" href="{ENGLISH}"' in visitor.html
        assert 'lang="sv"><a class="card__link" href="/en/nyheter/2026/bara-pa-svenska"' in visitor.html


class TestWriting:
    def test_a_version_keeps_revisions_of_its_own(self, editor: Account) -> None:
        post = a_post(editor)
        version = a_version(post, editor)
        a_version(post, editor, body="Bring a chair.")
        assert [one.body for one in version.revisions] == ["Bring a rug.", "Bring a chair."]
        assert len(post.revisions) == 1
        actions.bring_back(post, version.revisions[0], by=editor)
        assert (version.body, version.revision_number) == ("Bring a rug.", 3)

    def test_it_remembers_the_swedish_revision_it_was_made_from(
        self, editor: Account, the_clock: Any
    ) -> None:
        post = a_post(editor)
        version = a_version(post, editor)
        assert version.made_from == 1
        the_clock.set_to(clock.now() + timedelta(days=3))
        actions.change(post, words(body="Ny."), seen_revision=1, by=editor)
        states = {one.language.code: one for one in queries.version_states(post)}
        assert states["en"].days_behind == 3
        assert states["sv"].days_behind is None
        assert states[EASY].version is None

    def test_what_the_writer_had_not_seen_makes_it_old_at_once(self, editor: Account) -> None:
        post = a_post(editor)
        actions.change(post, words(body="Ny."), seen_revision=1, by=editor)
        version = actions.write_version(post, "en", text(), seen_revision=0, made_from=1, by=editor)
        assert version.made_from == 1
        assert queries.reading_of(version).outdated_since is not None

    def test_what_another_saved_is_not_overwritten_unseen(self, editor: Account) -> None:
        post = a_post(editor)
        a_version(post, editor)
        with pytest.raises(Refusal, match="Någon har"):
            actions.write_version(post, "en", text(body="Other."), seen_revision=0, made_from=1, by=editor)

    def test_only_languages_that_are_turned_on(self, editor: Account) -> None:
        post = a_post(editor)
        with pytest.raises(Refusal, match="inte påslaget"):
            actions.write_version(post, "so", text(), seen_revision=0, made_from=1, by=editor)
        actions.turn_on_languages(["so"], by=editor)
        actions.write_version(post, "so", text(), seen_revision=0, made_from=1, by=editor)
        actions.turn_on_languages([], by=editor)
        assert "so" in {one.code for one in queries.languages_to_write_in(post)}, (
            "what is begun can be finished"
        )

    def test_a_picture_is_described_in_each_language(self, editor: Account) -> None:
        from choir_app.foundation.pictures import PictureFile

        post = a_post(editor)
        with pytest.raises(Refusal) as no:
            a_version(post, editor, picture=PictureFile("a" * 32, 960, 600))
        assert no.value.field == "picture_alt"

    def test_the_swedish_one_is_never_hidden(self, editor: Account) -> None:
        with pytest.raises(Refusal):
            actions.hide_version(a_post(editor).swedish, by=editor)

    def test_a_leader_writes_an_easy_version_of_the_own_draft_and_shows_nothing(
        self, editor: Account, leader: tuple[Account, Choir]
    ) -> None:
        account, choir = leader
        post = a_post(account, is_published=False, choirs=[choir])
        easy = a_version(post, account, EASY, is_shown=False)
        with pytest.raises(NotAllowed):
            actions.show_version(easy, by=account)
        with pytest.raises(NotAllowed):
            actions.turn_on_languages(["so"], by=account)
        actions.publish(post, by=editor)
        with pytest.raises(NotAllowed):
            a_version(post, account, EASY)

    def test_every_language_can_be_named(self, app: Any) -> None:
        addresses = [one.part_of_address for one in TEXT_LANGUAGES.values()]
        assert len(set(addresses)) == len(addresses)
        for one in TEXT_LANGUAGES.values():
            assert one.autonym
            assert str(one.in_swedish)


class TestAtTheDesk:
    def fields(self, **more: Any) -> dict[str, Any]:
        return {"headline": "Sång i parken", "lead": "Kom och lyssna.", "body": "Det är fint.", **more}

    def test_a_text_goes_from_the_desk_to_the_reader(self, editor: Account, visitor: Visitor) -> None:
        post = a_post(editor)
        path = f"/nyheter/skriv/{post.id}/sprak/latt"
        visitor.signs_in(editor).opens(f"/nyheter/skriv/{post.id}/visa").sees("Lätt svenska", "Finns inte än")
        visitor.opens(path).sees("Den svenska texten", "Ta med en")
        visitor.sends(path, **self.fields(seen_revision="0", seen_swedish="1")).sees(
            "Texten är sparad.", "Visas inte"
        )
        visitor.sends(f"{path}/visa").sees("Texten visas för läsare.")
        visitor.leaves().opens("/latt/nyheter/2026/sang-i-parken")
        assert "Det är fint." in visitor.html
        visitor.signs_in(editor).sends(f"{path}/dolj").sees("Visas inte")
        visitor.leaves().opens("/latt/nyheter/2026/sang-i-parken", 404)

    def test_preview_saves_nothing(self, editor: Account, visitor: Visitor) -> None:
        post = a_post(editor)
        path = f"/nyheter/skriv/{post.id}/sprak/latt"
        visitor.signs_in(editor).opens(path)
        visitor.sends(path, 200, **self.fields(body="Så **här**."), preview="1")
        assert "<strong>här</strong>" in visitor.html
        assert [one.language for one in post.versions] == ["sv"]

    def test_the_desk_says_how_far_behind(self, editor: Account, visitor: Visitor, the_clock: Any) -> None:
        post = a_post(editor)
        easy = a_version(post, editor, EASY)
        the_clock.set_to(clock.now() + timedelta(days=3))
        actions.change(post, words(body="Ny."), seen_revision=1, by=editor)
        visitor.signs_in(editor).opens("/nyheter/skriv").sees("Något språk är äldre än svenskan")
        visitor.opens(f"/nyheter/skriv/{post.id}/visa").sees("Svenskan ändrades 3 dagar efter den här texten")
        visitor.sends(f"/nyheter/skriv/{post.id}/sprak/latt/stammer").misses("3 dagar efter")
        db.session.refresh(easy)
        assert easy.made_from == 2

    def test_languages_are_turned_on(self, editor: Account, visitor: Visitor) -> None:
        visitor.signs_in(editor).opens("/nyheter/skriv/sprak").sees("العربية (arabiska)")
        visitor.sends("/nyheter/skriv/sprak", languages=["ar", "so"]).sees("Språken är sparade.")
        assert queries.languages_in_use() == ("sv", EASY, "en", "ar", "so")
        visitor.sends("/nyheter/skriv/sprak", 422, languages=["xx"]).sees("Välj något i listan.")

    @pytest.mark.parametrize("slug", ["sv", "xx", "ar"])
    def test_there_is_no_page_for_a_language_that_is_not_in_use(
        self, editor: Account, visitor: Visitor, slug: str
    ) -> None:
        post = a_post(editor)
        visitor.signs_in(editor).opens(f"/nyheter/skriv/{post.id}/sprak/{slug}", 404)


class TestStates:
    def test_each_is_a_question_of_time_alone(self) -> None:
        now = clock.now()
        hour = timedelta(hours=1)

        def state(*, asked: Any = None, out: Any = None, gone: Any = None) -> str:
            return state_at(now, review_asked_at=asked, published_at=out, withdrawn_at=gone)

        assert state() == "draft"
        assert state(asked=now) == "in_review"
        assert state(asked=now, out=now + hour) == "scheduled"
        assert state(out=now) == "published", "at that very second"
        assert state(out=now - hour, gone=now) == "withdrawn"
        assert len(POST_STATES) == 5

    def test_a_leader_asks_for_review_and_may_go_on_writing(
        self, leader: tuple[Account, Choir], editor: Account, visitor: Visitor
    ) -> None:
        account, choir = leader
        post = a_post(account, is_published=False, choirs=[choir])
        path = f"/nyheter/skriv/{post.id}"
        visitor.signs_in(account).opens(f"{path}/visa").sees("Utkast", "Be om granskning")
        visitor.sends(f"{path}/granska").sees("Väntar på redaktör")
        visitor.signs_in(editor).opens("/nyheter/skriv").sees("Väntar på redaktör")
        visitor.signs_in(account).sends(f"{path}/granska/angra").sees("Inlägget är ett utkast igen.")
        actions.publish(post, by=editor)
        with pytest.raises(Refusal):
            actions.ask_for_review(post, by=editor)

    def test_a_time_is_chosen(self, editor: Account, visitor: Visitor, the_clock: Any) -> None:
        post = a_post(editor, is_published=False)
        path = f"/nyheter/skriv/{post.id}/nar?seen=sv.1"
        visitor.signs_in(editor).opens(path)
        visitor.sends(path, day="2026-06-17", hour="8.00").sees("Syns 17 juni kl. 08.00")
        visitor.leaves().opens(SWEDISH, 404)
        the_clock.set_to(clock.now() + timedelta(hours=13, minutes=59, seconds=59))
        visitor.opens(SWEDISH, 404)
        the_clock.set_to(clock.now() + timedelta(seconds=1))
        visitor.opens(SWEDISH)

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"day": "", "hour": "8.00"}, "Välj en dag."),
            ({"day": "2027-03-28", "hour": ""}, "Skriv ett klockslag"),
            ({"day": "2027-03-28", "hour": "02.30"}, "Den timmen finns inte"),
            ({"day": "imorgon", "hour": "8.00"}, "Skriv datumet så här"),
        ],
    )
    def test_a_time_that_cannot_be_is_refused(
        self, editor: Account, visitor: Visitor, fields: dict[str, str], said: str
    ) -> None:
        post = a_post(editor, is_published=False)
        visitor.signs_in(editor).opens(f"/nyheter/skriv/{post.id}/nar")
        visitor.sends(f"/nyheter/skriv/{post.id}/nar", 422, **fields).sees(said)

    @pytest.mark.parametrize(
        ("day", "hour", "utc"),
        [
            ("2026-10-25", "01.30", "2026-10-24T23:30"),
            ("2026-10-25", "02.30", "2026-10-25T00:30"),
            ("2026-10-25", "03.30", "2026-10-25T02:30"),
            ("2027-03-28", "01.30", "2027-03-28T00:30"),
            ("2027-03-28", "03.00", "2027-03-28T01:00"),
        ],
    )
    def test_across_both_clock_changes(
        self, editor: Account, visitor: Visitor, day: str, hour: str, utc: str
    ) -> None:
        post = a_post(editor, is_published=False)
        visitor.signs_in(editor).sends(f"/nyheter/skriv/{post.id}/nar?seen=sv.1", day=day, hour=hour)
        db.session.refresh(post)
        assert post.published_at is not None
        assert post.published_at.isoformat()[:16] == utc
