"""What a friend would say of a text: long sentences, hard words, what is done by nobody; and how hard it is."""

from collections.abc import Mapping
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir
from choir_app.foundation.refusal import NotAllowed
from choir_app.news import actions, queries
from choir_app.news.rules import EASY, SOURCE, faults_in
from choir_app.news.rules.coach import (
    Advice,
    advise,
    lix_of,
    sentences_of,
    stem_of,
    without_marks,
    words_explained,
)
from tests import makers
from tests.news.made import a_post
from tests.visitor import Visitor

BIDRAG = {stem_of("bidrag"): "pengar som någon ger"}


def told(
    body: str, language: str = SOURCE, *, explained: Mapping[str, str] | None = None, **parts: str
) -> Advice:
    return advise({"body": body, **parts}, language, explained=explained or {})


def remarks(body: str, kind: str, language: str = SOURCE, **more: str) -> list[str]:
    explained = BIDRAG if kind == "hard_word" else {}
    return [
        one.words for one in told(body, language, explained=explained, **more).remarks if one.kind == kind
    ]


def lix(markdown: str) -> int:
    return lix_of(list(sentences_of(markdown, without_marks(markdown))))


class TestLix:
    def test_words_per_sentence_and_share_of_long_words(self) -> None:
        # 10 words, 2 sentences, 2 words of more than six letters: 10 / 2 + 100 * 2 / 10
        assert lix("Vi sjunger varje vecka i Boden. Alla får komma gratisfritt.") == 25

    def test_seven_letters_are_long_and_six_are_not(self) -> None:
        assert lix("Sjunga kyrkan visans.") == 3
        assert lix("Sjunger kyrkans visorna.") == 103

    def test_a_colon_a_heading_and_a_point_end_a_sentence(self) -> None:
        assert lix("Ta med: fika.") == 2
        assert lix("## Ta med\n\n- fika\n- en filt") == 2
        assert lix("## Ta med\nen filt") == 2

    def test_a_full_stop_within_an_hour_or_a_short_form_ends_none(self) -> None:
        assert lix("Vi ses kl. 18.00 med t.ex. fika.") == 7

    def test_of_a_short_text_there_is_no_number(self) -> None:
        assert told("Vi ses på tisdag.").lix is None
        assert told("Vi ses på tisdag i parken. " * 5).step == "very_easy"

    def test_the_headline_is_not_counted(self) -> None:
        assert told("Vi ses. " * 12, headline="Medfinansieringsöverenskommelse").lix == 2

    def test_of_another_language_there_is_no_number(self) -> None:
        assert told("We sing in the park on Tuesday. " * 8, "en").lix is None


class TestSentences:
    def test_more_than_twenty_words_are_remarked_on_with_their_number(self) -> None:
        long = " ".join(["ord"] * 21) + "."
        found = told(long).remarks
        assert [(one.kind, one.count) for one in found] == [("long_sentence", 21)]
        assert not told(" ".join(["ord"] * 20) + ".").remarks

    def test_easy_swedish_has_ten(self) -> None:
        eleven = " ".join(["ord"] * 11) + "."
        assert remarks(eleven, "long_sentence", EASY)
        assert not remarks(eleven, "long_sentence")

    def test_other_languages_are_told_of_long_sentences_only(self) -> None:
        text = " ".join(["medfinansieringsavtalet"] * 26) + "."
        assert {one.kind for one in told(text, "so", explained=BIDRAG).remarks} == {"long_sentence"}

    def test_arabic_sentences_end_as_arabic_does(self) -> None:
        assert not told(" ".join(["كلمة"] * 15) + "؟ " + " ".join(["كلمة"] * 15) + ".", "ar").remarks

    def test_a_place_is_where_it_stands_in_the_markdown(self) -> None:
        text = "## Rubrik\n\n- **Bidraget** betalas ut."
        found = told(text, explained=BIDRAG).remarks
        assert [text[one.start : one.end] for one in found] == ["Bidraget", "betalas"]

    def test_addresses_pictures_and_code_are_no_words(self) -> None:
        hidden = "![medfinansieringen](bild:abc) [här](https://example.org/medfinansieringsavtal)"
        assert not told(f"Läs {hidden} och `medfinansieringsavtal`.").remarks


class TestWords:
    def test_a_long_word_is_remarked_on_and_a_name_is_not(self) -> None:
        assert remarks("Det är samarbetsprojektet.", "long_word") == ["samarbetsprojektet"]
        assert not remarks("Vi är i Skellefteåtrakterna.", "long_word")

    def test_easy_swedish_has_shorter_words(self) -> None:
        assert remarks("Vi har musikgrupper.", "long_word", EASY) == ["musikgrupper"]
        assert not remarks("Vi har musikgrupper.", "long_word")

    @pytest.mark.parametrize("form", ["bidrag", "Bidraget", "bidragen", "bidragets"])
    def test_a_word_is_explained_in_all_its_forms(self, form: str) -> None:
        assert remarks(f"Här är {form} nu.", "hard_word") == [form]

    def test_only_the_first_time(self) -> None:
        assert len(remarks("Ett bidrag. Två bidrag.", "hard_word")) == 1
        assert not [
            one
            for one in told("Ett bidrag.", lead="Vårt bidrag.", explained=BIDRAG).remarks
            if one.part == "body"
        ]

    @pytest.mark.parametrize(
        "text",
        [
            "Ett bidrag (det är pengar) kom.",
            "Ett bidrag, det vill säga pengar, kom.",
            "Pengar som någon ger är ett bidrag.",
        ],
    )
    def test_not_when_the_text_explains_it(self, text: str) -> None:
        assert not remarks(text, "hard_word")

    def test_a_headline_is_not_asked_to_explain(self) -> None:
        assert not remarks("", "hard_word", headline="Bidraget kom")

    def test_easy_swedish_explains_more_words(self) -> None:
        assert set(words_explained(SOURCE)) < set(words_explained(EASY))
        assert words_explained("ar") == {}
        assert {"bidrag", "medfinansiering"} <= set(words_explained(SOURCE))

    def test_easy_swedish_writes_short_forms_out(self) -> None:
        found = [one for one in told("Ta med t.ex. fika kl. 18.", EASY).remarks if one.kind == "short_form"]
        assert [(one.words, one.plainly) for one in found] == [("t.ex.", "till exempel"), ("kl.", "klockan")]
        assert not told("Ta med t.ex. fika kl. 18.").remarks


class TestPassive:
    @pytest.mark.parametrize(
        "text",
        [
            *("Pengarna betalas ut.", "Mötet hölls på video.", "Kören startades 2019.", "Huset byggdes då."),
            *(
                "Listan skickas i dag.",
                "Beslutet togs i går.",
                "Den har skrivits om.",
                "Den hade inte betalats än.",
            ),
            *("Karin blev vald.", "Festen blev inställd.", "Vi blev inbjudna.", "Det blir betalt."),
        ],
    )
    def test_what_is_done_by_nobody_is_remarked_on(self, text: str) -> None:
        assert remarks(text, "passive")

    @pytest.mark.parametrize(
        "text",
        [
            *(
                "Det finns plats.",
                "Vi hoppas på sol.",
                "Jag minns dig.",
                "Hon andas lugnt.",
                "Vi lyckas ofta.",
            ),
            *(
                "Vi träffas och umgås.",
                "Alla trivs.",
                "Det behövs kaffe.",
                "Sångarna kändes glada.",
                "Vi sågs i går.",
            ),
            *(
                "Körens fest.",
                "Kyrkornas vänner.",
                "Allas röst.",
                "Deras bostads dörr.",
                "En körs namn.",
                "Årets plats.",
            ),
            *(
                "Jonas kom.",
                "Det är Tomas.",
                "Vi har en mötesplats.",
                "Det blev varmt.",
                "Det blir bättre.",
                "Vi blev glada.",
            ),
            *("Hon blev pratsam i staden.", "En insats.", "Trots regn.", "Vi har plats."),
        ],
    )
    def test_verbs_that_only_look_so_are_not(self, text: str) -> None:
        assert not remarks(text, "passive")


class TestAnything:
    @given(st.text(alphabet=st.sampled_from(list("aå .!?:#-*>|`~[]()\n\r\u2028{}_1<😀ع")), max_size=200))
    def test_marks_are_blanked_and_nothing_moves(self, text: str) -> None:
        bare = without_marks(text)
        assert len(bare) == len(text)
        for one in told(text, EASY, explained=BIDRAG).remarks:
            assert 0 <= one.start < one.end <= len(text)

    def test_a_long_text_is_read_in_a_moment_and_the_remarks_have_an_end(self) -> None:
        advice = told("Pengarna betalas ut av medfinansieringsavtalet. " * 800, explained=BIDRAG)
        assert len(advice.remarks) == 60
        assert advice.is_cut

    @pytest.mark.parametrize(
        "odd",
        [
            "a.",
            "a. ",
            "a.\n",
            "m.m. ",
            "[",
            "{{",
            "*",
            "<",
            ">",
            "`",
            "![",
            "](",
            "t.ex. ",
            "a@",
            "- ",
            "~~~\n",
        ],
    )
    def test_whatever_is_typed_nobody_waits(self, odd: str) -> None:
        text = (odd * 40_000)[:40_000]
        begun = process_time()
        told(text, EASY, explained=BIDRAG)
        faults_in(text)
        assert (
            process_time() - begun < 1.5
        )  # what grows with the square of the length takes many times as long


class TestPages:
    def test_the_coach_says_what_it_thinks_and_keeps_nothing(self, editor: Account, visitor: Visitor) -> None:
        visitor.signs_in(editor).sends(
            "/nyheter/skriv/sprakhjalp",
            200,
            headline="Hej",
            lead="Ett bidrag kom.",
            body="😀 Pengarna betalas ut.",
            language="sv",
        )
        assert "2 saker att titta på." in visitor.html
        assert 'data-part-of="lead" data-start="4" data-end="10" data-words="bidrag"' in visitor.html
        assert (
            'data-part-of="body" data-start="12" data-end="19" data-words="betalas"' in visitor.html
        )  # as JS counts

    def test_what_is_typed_is_only_words(self, editor: Account, visitor: Visitor) -> None:
        visitor.signs_in(editor).sends(
            "/nyheter/skriv/sprakhjalp", 200, body='<script>betalas</script> "><img src=x> tas', language="sv"
        )
        assert "<script>betalas" not in visitor.html
        assert "<img" not in visitor.html

    def test_a_language_that_there_is_none_of(self, editor: Account, visitor: Visitor) -> None:
        visitor.signs_in(editor).sends("/nyheter/skriv/sprakhjalp", 404, body="Hej", language="xx")

    def test_the_form_and_the_preview_show_it_without_a_script(
        self, editor: Account, visitor: Visitor
    ) -> None:
        post = a_post(editor, is_published=False, body="Bidraget betalas ut.")
        for path in (f"/nyheter/skriv/{post.id}", f"/nyheter/skriv/{post.id}/visa"):
            visitor.signs_in(editor).opens(path).sees(
                "Förklara ordet:", "Vem gör det? Skriv vem:", "2 saker att titta på"
            )

    def test_the_form_names_the_figures_and_what_they_are_now(
        self, editor: Account, visitor: Visitor
    ) -> None:
        makers.a_choir("Ida", "Ali", "Bo", "Eva", "Mona")
        visitor.signs_in(editor).opens("/nyheter/skriv/ny").sees("Just nu: 5", "Går inte att visa nu")
        assert "<code>{{ singers }}</code>" in visitor.html

    def test_a_leader_is_coached_and_does_not_change_the_list(
        self, leader: tuple[Account, Choir], visitor: Visitor
    ) -> None:
        visitor.signs_in(leader[0]).sends("/nyheter/skriv/sprakhjalp", 200, body="Hej.", language="sv")
        visitor.opens("/nyheter/skriv/ord", 403)


class TestOwnWords:
    def test_an_editor_adds_a_word_and_the_coach_knows_it(self, editor: Account, visitor: Visitor) -> None:
        visitor.signs_in(editor)
        visitor.sends("/nyheter/skriv/ord", word="körallians", meaning="körer som hjälps åt")
        visitor.opens("/nyheter/skriv/ord").sees("körallians", "körer som hjälps åt")
        advice = queries.advice_on({"body": "Vår körallians sjunger."}, SOURCE)
        assert [(one.words, one.plainly) for one in advice.remarks] == [("körallians", "körer som hjälps åt")]

    def test_it_has_the_last_word_over_the_house(self, editor: Account) -> None:
        actions.explain_word("Bidrag", "stöd i pengar", by=editor)
        advice = queries.advice_on({"body": "Bidraget kom."}, SOURCE)
        assert [one.plainly for one in advice.remarks] == ["stöd i pengar"]

    def test_the_same_word_again_gets_the_new_meaning(self, editor: Account) -> None:
        first = actions.explain_word("stämma", "en del av sången", by=editor)
        assert actions.explain_word("Stämmor", "delar av sången", by=editor) is first
        assert [one.meaning for one in queries.own_words()] == ["delar av sången"]

    def test_taken_away_it_is_what_the_house_says_again(self, editor: Account, visitor: Visitor) -> None:
        word = actions.explain_word("bidrag", "stöd", by=editor)
        visitor.signs_in(editor).sends(f"/nyheter/skriv/ord/{word.id}/ta-bort")
        advice = queries.advice_on({"body": "Bidraget kom."}, SOURCE)
        assert [one.plainly for one in advice.remarks] == [words_explained(SOURCE)["bidrag"]]

    @pytest.mark.parametrize(
        ("word", "told"), [("två ord", "ett ord i taget"), ("–!", "med bokstäver"), ("", "Skriv ordet")]
    )
    def test_what_is_no_word(self, editor: Account, visitor: Visitor, word: str, told: str) -> None:
        visitor.signs_in(editor).sends("/nyheter/skriv/ord", 422, word=word, meaning="något").sees(told)

    def test_a_leader_adds_none(self, leader: tuple[Account, Choir]) -> None:
        with pytest.raises(NotAllowed):
            actions.explain_word("bidrag", "stöd", by=leader[0])


def test_lix_is_rounded_and_not_cut_off() -> None:
    text = "Katten sjunger jättehögt."  # 3 + 100 × 2 / 3
    assert lix_of(list(sentences_of(text, without_marks(text)))) == 70
