"""Lists of news: about something, of a month, found by words; and what one may read next."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.foundation.refusal import Refusal
from choir_app.news import actions, queries
from choir_app.news.actions import AuthorWords
from choir_app.news.models import PostWords, Tag
from choir_app.news.rules import EASY, query_groups, stems_of
from tests import makers
from tests.news.made import a_post, a_version, words
from tests.statements import at_most
from tests.visitor import Visitor


def headlines(question: str) -> list[str]:
    return [card.headline for card in queries.found(question).cards]


class TestSubjects:
    def test_a_town_gathers_its_own_news_and_those_of_its_choirs(
        self, editor: Account, visitor: Visitor
    ) -> None:
        choir = makers.a_choir(town="Boden")
        a_post(editor, "Om kören", choirs=[choir])
        a_post(editor, "Om orten", towns=[choir.town])
        a_post(editor, "Om något annat")
        visitor.opens(f"/nyheter/ort/{choir.town.slug}").sees("Om kören", "Om orten").misses("Om något annat")
        visitor.opens("/nyheter/ort/atlantis", 404)

    def test_a_town_without_news_has_a_page(self, visitor: Visitor) -> None:
        town = makers.a_choir(town="Boden").town
        visitor.opens(f"/nyheter/ort/{town.slug}").sees("Här kommer det nyheter snart.")

    def test_tags_are_one_however_they_are_written(self, editor: Account, visitor: Visitor) -> None:
        a_post(editor, "Ett", tags=["Pengar", "pengar", "Möten"])
        a_post(editor, "Två", tags=["PENGAR"])
        assert [tag.slug for tag in db.session.scalars(select(Tag).order_by(Tag.slug))] == ["moten", "pengar"]
        visitor.opens("/nyheter/amne/pengar").sees("Ett", "Två")
        visitor.opens("/nyheter/amne/moten").sees("Ett").misses("Två")

    def test_a_tag_of_drafts_alone_is_nobodys_business(self, editor: Account, visitor: Visitor) -> None:
        a_post(editor, is_published=False, tags=["hemligt"])
        visitor.opens("/nyheter/amne/hemligt", 404).opens("/nyheter/amne/hemligt/flode.xml", 404)
        visitor.opens("/nyheter/arkiv").misses("hemligt")

    def test_an_author_has_a_page_with_the_name_under_the_newest(
        self, editor: Account, visitor: Visitor
    ) -> None:
        a_post(editor, "Först", byline_name="Åsa Ek", byline_role="körledare")
        a_post(editor, "Sedan", byline_name="Nils", more_authors=[AuthorWords("Åsa Ek", "projektledare")])
        visitor.opens("/nyheter/2026/sedan").sees("Nils , projektledare · Åsa Ek , projektledare")
        visitor.opens("/nyheter/2026/forst").sees("Åsa Ek , körledare")
        visitor.opens("/nyheter/av/asa-ek").sees("Skrivet av Åsa Ek", "Först", "Sedan")
        visitor.opens("/nyheter/av/nils").misses("Först")
        visitor.opens("/nyheter/av/ingen", 404)

    def test_an_author_of_drafts_alone_has_none(self, editor: Account, visitor: Visitor) -> None:
        a_post(editor, is_published=False, byline_name="Åsa Ek")
        visitor.opens("/nyheter/av/asa-ek", 404)

    def test_a_language_gathers_what_can_be_read_in_it(self, editor: Account, visitor: Visitor) -> None:
        a_version(a_post(editor), editor, EASY, headline="Sång i parken")
        a_version(a_post(editor, "Bara vanlig svenska"), editor, EASY, headline="Inte visad", is_shown=False)
        visitor.opens("/nyheter/sprak/latt").sees("Nyheter på lätt svenska")
        assert "Sång i parken" in visitor.html
        visitor.misses("Vi sjunger i parken", "Bara vanlig svenska", "Inte visad")
        visitor.opens("/nyheter/sprak/xx", 404)
        a_version(a_post(editor), editor, "en", is_shown=False)
        assert queries.languages_read() == ("sv", EASY)

    def test_the_archive_goes_by_the_month_in_sweden(
        self, editor: Account, visitor: Visitor, the_clock: Any
    ) -> None:
        the_clock.set_to(datetime(2026, 5, 31, 21, 59, tzinfo=UTC))
        a_post(editor, "I maj")
        the_clock.set_to(datetime(2026, 5, 31, 22, 0, tzinfo=UTC))
        a_post(editor, "I juni")
        visitor.opens("/nyheter/arkiv").sees("Maj 2026 1 nyhet", "Juni 2026 1 nyhet")
        visitor.opens("/nyheter/arkiv/2026/5").sees("I maj").misses("I juni")
        visitor.opens("/nyheter/arkiv/2026/6").sees("I juni").misses("I maj")
        for none in ("2026/13", "2026/0", "2026/7", "99999/1"):
            visitor.opens(f"/nyheter/arkiv/{none}", 404)

    def test_december_ends_the_year(self, editor: Account, the_clock: Any) -> None:
        the_clock.set_to(datetime(2026, 12, 31, 22, 59, tzinfo=UTC))
        a_post(editor, "Gott slut")
        subject = queries.of_month(2026, 12)
        assert subject is not None
        assert [card.headline for card in queries.list_page(1, subject).cards] == ["Gott slut"]

    def test_a_list_has_pages_that_keep_their_subject(self, editor: Account, visitor: Visitor) -> None:
        for number in range(13):
            a_post(editor, f"Nyhet {number}", tags=["pengar"])
        visitor.opens("/nyheter/amne/pengar").sees("Äldre nyheter")
        assert 'href="/nyheter/amne/pengar?sida=2"' in visitor.html
        visitor.opens("/nyheter/amne/pengar?sida=2").sees("Nyare nyheter")
        visitor.opens("/nyheter/amne/pengar?sida=3", 404)


class TestWhatItIsAbout:
    def test_the_article_says_meeting_partners_and_subjects(self, editor: Account, visitor: Visitor) -> None:
        partner = makers.a_partner("Bodenbo")
        town = makers.a_choir(town="Boden").town
        a_post(
            editor,
            met_on=clock.today(),
            met_about="videomötet om pengar",
            partners=[(partner.id, "Bodenbo")],
            towns=[town],
            tags=["pengar"],
        )
        visitor.opens("/nyheter/2026/vi-sjunger-i-parken")
        visitor.sees("Mötet: videomötet om pengar , 16 juni 2026", "Läs mer om: ", "pengar")
        assert "Bodenbo" in visitor.html

    def test_a_meeting_needs_a_day(self, editor: Account) -> None:
        with pytest.raises(Refusal) as no:
            a_post(editor, met_about="videomötet")
        assert no.value.field == "met_on"

    def test_too_many_or_too_long_subjects_are_refused(self, editor: Account) -> None:
        for tags in ([str(number) for number in range(9)], ["x" * 41]):
            with pytest.raises(Refusal) as no:
                a_post(editor, tags=tags)
            assert no.value.field == "tags"

    def test_all_of_it_can_be_written_at_the_desk(self, editor: Account, visitor: Visitor) -> None:
        partner = makers.a_partner("Bodenbo", is_thanked=True)
        makers.a_partner("Hemlig AB")
        town = makers.a_choir(town="Boden").town
        visitor.signs_in(editor).opens("/nyheter/skriv/ny").sees("Bodenbo").misses("Hemlig AB")
        visitor.sends(
            "/nyheter/skriv/ny",
            headline="Rubrik",
            lead="Ingress.",
            body="Text.",
            byline_name="Eva",
            more_authors="Nils Ek, körledare i Boden\n\n Åsa \n",
            towns=[town.id],
            partners=[partner.id],
            tags="pengar, sommar,  , pengar",
            met_about="videomötet",
            met_on="2026-06-15",
        ).sees("Inlägget är sparat.", "Nils Ek , körledare i Boden · Åsa", "videomötet , 15 juni 2026")
        post = queries.one(queries.on_the_desk(editor)[0].id, viewer=editor)
        assert [tag.name for tag in post.tags] == ["pengar", "sommar"]
        assert [one.partner_id for one in post.partners] == [partner.id]
        visitor.opens(f"/nyheter/skriv/{post.id}")
        assert "Nils Ek, körledare i Boden\nÅsa" in visitor.html
        assert 'value="pengar, sommar"' in visitor.html

    def test_what_an_editor_chose_a_leader_leaves_as_it_is(
        self, editor: Account, leader: tuple[Account, Choir], visitor: Visitor
    ) -> None:
        account, choir = leader
        partner = makers.a_partner("Bodenbo")
        post = a_post(account, is_published=False, choirs=[choir])
        more = words(choirs=[choir], towns=[choir.town], partners=[(partner.id, "Bodenbo")])
        actions.change(post, more, seen_revision=1, by=editor)
        path = f"/nyheter/skriv/{post.id}"
        visitor.signs_in(account).opens(path).misses("Bodenbo")
        visitor.sends(
            path, headline="Ny", lead="I.", body="T.", byline_name="Eva", choirs=[choir.id], seen_revision="2"
        ).sees("Inlägget är sparat.")
        db.session.refresh(post)
        assert [town.name for town in post.towns] == ["Boden"]
        assert [one.name for one in post.partners] == ["Bodenbo"]


class TestReadNext:
    def test_first_what_has_most_in_common(self, editor: Account, the_clock: Any) -> None:
        choir = makers.a_choir(town="Boden")
        one_in_common = a_post(editor, "Ett gemensamt", tags=["pengar"])
        for name in ("Två gemensamma", "Inget", "Inget heller", "Inte det heller", "Inte"):
            the_clock.set_to(clock.now() + timedelta(minutes=1))
            shared = {"tags": ["pengar"], "choirs": [choir]} if name.startswith("Två") else {}
            a_post(editor, name, **shared)
        the_clock.set_to(clock.now() + timedelta(minutes=1))
        post = a_post(editor, "Den man läser", tags=["pengar", "sommar"], choirs=[choir])
        told = [card.headline for card in queries.read_on(post).below]
        assert told == ["Två gemensamma", one_in_common.headline, "Inte", "Inte det heller"]

    def test_a_draft_about_the_same_stands_below_nothing(self, editor: Account, visitor: Visitor) -> None:
        post = a_post(editor, "Den man läser", tags=["pengar"])
        a_post(editor, "Ett utkast", tags=["pengar"], is_published=False)
        visitor.opens(f"/nyheter/2026/{post.slug}").misses("Ett utkast")

    def test_the_ones_before_and_after(self, editor: Account, visitor: Visitor) -> None:
        posts = sorted((a_post(editor, f"Nyhet {number}") for number in range(3)), key=lambda post: post.id)
        newest, middle, oldest = posts  # all of the same second: then by id
        around = queries.read_on(middle)
        assert around.earlier is not None
        assert around.later is not None
        assert (around.earlier.headline, around.later.headline) == (oldest.headline, newest.headline)
        assert queries.read_on(newest).later is None
        assert queries.read_on(oldest).earlier is None
        visitor.opens(f"/nyheter/2026/{middle.slug}").sees("Nästa nyhet", "Förra nyheten")

    def test_an_article_asks_little(self, editor: Account, visitor: Visitor) -> None:
        for number in range(8):
            a_post(editor, f"Nyhet {number}", tags=["pengar"])
        visitor.opens("/nyheter/2026/nyhet-1")
        with at_most(16, "statements"):
            visitor.opens("/nyheter/2026/nyhet-2")


class TestStems:
    @pytest.mark.parametrize(
        ("said", "asked"),
        [
            ("Körerna sjunger", "kör"),
            ("Körerna sjunger", "kor"),
            ("Körerna sjunger", "SJUNGA"),
            ("en bostad", "bostäder"),
            ("en bostad", "bostader"),
            ("bostäderna", "bostad"),
            ("våra vänner", "vän"),
            ("Åsa och Örjan i Östersund", "ostersund asa"),
            ("ett café", "cafe"),
            ("på BIS, Boden Integration", "bis"),
            ("Vi ses 16 juni 2026", "2026"),
            ("Folkets hus-föreningarna", "förening"),
        ],
    )
    def test_a_text_is_found_as_people_type(self, said: str, asked: str) -> None:
        (group,) = query_groups(asked, ["sv"])
        assert set(group) <= set(stems_of(said, "sv"))

    def test_what_is_typed_with_dots_means_them(self) -> None:
        (group,) = query_groups("kör", ["sv"])
        assert not set(group) <= set(stems_of("kor på bete", "sv"))

    def test_little_words_do_not_hinder(self) -> None:
        assert query_groups("en kör i Boden", ["sv"]) == query_groups("kör Boden", ["sv"])
        assert query_groups("vi", ["sv"]) == (("svvi",),)

    def test_nothing_is_asked_by_signs_alone(self) -> None:
        assert query_groups("  !?* \"' ", ["sv"]) == ()

    def test_each_language_has_its_rules(self) -> None:
        assert "ensing" in stems_of("singing", "en")
        assert stems_of("ትግርኛ", "ti") == ("xxትግርኛ",)


class TestSearch:
    def test_finds_published_words_anywhere(self, editor: Account, visitor: Visitor) -> None:
        a_post(editor, "Rubriken", body="Vi letar efter **bostäder** i Örebro.", tags=["pengar"])
        a_post(editor, "Utkastet", body="Bostad.", is_published=False)
        gone = a_post(editor, "Borttaget", body="Bostad.")
        actions.withdraw(gone, by=editor)
        db.session.commit()
        for question in ("bostad", "BOSTÄDER orebro", "pengar", "karin lövgren", "rubrik"):
            assert headlines(question) == ["Rubriken"], question
        assert headlines("bostad stockholm") == []
        visitor.opens("/nyheter/sok?q=bostader").sees("Rubriken").misses("Utkastet", "Borttaget")
        visitor.opens("/nyheter/sok?q=zebra").sees("Ingen nyhet har de orden.")
        visitor.opens("/nyheter/sok").misses("Ingen nyhet")

    def test_a_headline_goes_before_what_is_newer(self, editor: Account, the_clock: Any) -> None:
        a_post(editor, "Pengar")
        the_clock.set_to(clock.now() + timedelta(days=1))
        a_post(editor, "Något annat", body="Om pengarna.")
        the_clock.set_to(clock.now() + timedelta(days=1))
        a_post(editor, "Något nytt", body="Mer om pengarna.")
        assert headlines("pengar") == ["Pengar", "Något nytt", "Något annat"]

    def test_what_was_changed_is_found_by_its_new_words_alone(self, editor: Account) -> None:
        post = a_post(editor, "Först", body="äpple")
        actions.change(post, words("Sedan", body="päron"), seen_revision=1, by=editor)
        db.session.commit()
        assert (headlines("äpple"), headlines("päron")) == ([], ["Sedan"])
        db.session.delete(post)
        db.session.commit()
        assert headlines("päron") == []
        assert db.session.scalar(select(PostWords.id)) is None

    def test_every_language_is_searched_and_shown_as_the_reader_reads(self, editor: Account) -> None:
        actions.turn_on_languages(["ar"], by=editor)
        post = a_post(editor)
        a_version(post, editor, body="We are singing loudly.")
        a_version(post, editor, "ar", headline="نغني في الحديقة")
        assert headlines("loud") == ["Singing in the park"]
        assert headlines("الحديقة") == ["نغني في الحديقة"]
        assert headlines("filt") == ["Vi sjunger i parken"]

    def test_it_is_shown_in_a_language_that_readers_see(self, editor: Account) -> None:
        actions.turn_on_languages(["ar"], by=editor)
        post = a_post(editor)
        a_version(post, editor, body="Zebra.")
        a_version(post, editor, "ar", body="Zebra.", is_shown=False)
        assert headlines("zebra") == ["Singing in the park"]

    def test_a_hidden_version_is_not_found(self, editor: Account) -> None:
        version = a_version(a_post(editor), editor, body="Zebra.")
        assert headlines("zebra")
        actions.hide_version(version, by=editor)
        db.session.commit()
        assert headlines("zebra") == []

    @pytest.mark.parametrize(
        "question",
        [
            "'", '"', "' OR 1=1 --", '") OR ("x', "a & b | !c", "kör*", "NEAR(a b)", "AND", "svkör NOT", "\\",
            "%", "_", "x" * 5000, "1e5", "www.example.org", "å" * 300, "\ud83d", "🎶", "{of_all}: x", "-kör",
        ],
    )  # fmt: skip
    def test_no_question_breaks_it(self, editor: Account, visitor: Visitor, question: str) -> None:
        from urllib.parse import quote_plus

        a_post(editor)
        visitor.opens(f"/nyheter/sok?q={quote_plus(question, errors='replace')}")

    def test_pages_keep_the_question(self, editor: Account, visitor: Visitor) -> None:
        for number in range(13):
            a_post(editor, f"Kör {number}")
        visitor.opens("/nyheter/sok?q=körer").sees("Äldre nyheter")
        assert (
            'href="/nyheter/sok?q=k%C3%B6rer&amp;sida=2"' in visitor.html or "sida=2&amp;q=k" in visitor.html
        )
        visitor.opens("/nyheter/sok?q=körer&sida=2")
        visitor.opens("/nyheter/sok?q=körer&sida=3", 404)

    def test_both_databases_find_the_same(self, editor: Account, engine_name: str) -> None:
        """Every question is answered as a plain reading of the stems would, so on each database alike."""
        bodies = [
            "Körerna i Östersund sjunger på onsdagar. Fikat är gratis.",
            "En bostad åt alla; bostäderna i Boden är 12 stycken, 1e5 kronor.",
            "Vänner från Härnösand och Åre sjöng för korna på gården.",
            "Läs mer på www.example.org/kor eller skriv till kor@example.org",
            "Möte 2026-06-16 klockan 18.00 om pengar & medfinansiering (50 %).",
        ]
        stems: dict[str, set[str]] = {}
        for number, body in enumerate(bodies):
            post = a_post(editor, f"Nummer {number}", body=body)
            kept = db.session.scalars(
                select(PostWords.of_all).where(PostWords.version_id == post.swedish.id)
            ).one()
            stems[post.headline] = set(kept.split())
        questions = [
            *("kör", "kor", "körer", "ko", "östersund", "ostersund", "bostad", "bostäder", "bostader", "vän"),
            *(
                "vänner are",
                "åre",
                "sjunger",
                "sjöng",
                "example",
                "example.org",
                "www",
                "2026",
                "06",
                "18.00",
            ),
            *("1e5", "12", "pengar", "medfinansiering", "50 %", "fika", "alla", "zebra", "kör östersund"),
        ]
        for question in questions:
            groups = query_groups(question, ["sv", "en", "ar", "es", "fr", "fi", "ti"])
            wanted = {
                headline for headline, held in stems.items() if any(set(group) <= held for group in groups)
            }
            assert set(headlines(question)) == wanted, (engine_name, question)


def test_beyond_the_last_page_there_is_nothing(editor: Account) -> None:
    a_post(editor)
    with pytest.raises(NoResultFound):
        queries.list_page(2)
