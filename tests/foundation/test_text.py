"""Cleaning, drawing, finding, sorting, and numbers that are never stored."""

import html.parser
import re
import unicodedata
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from choir_app.foundation.text import (
    clean,
    first_words,
    folded,
    has_identity_number,
    slug_of,
    sort_key,
    to_html,
    to_plain,
)


class TestCleaning:
    def test_letters_are_composed_and_lines_end_alike(self) -> None:
        assert clean("A\u030angstro\u0308m\r\nrad två\rrad tre\u2028rad fyra\vfem") == (
            "Ångström\nrad två\nrad tre\nrad fyra\nfem"
        )

    @pytest.mark.parametrize("text", ["a\0b", "\ud800", "x\udfff", "\x07", "\x1b[31m", "\x7f", "\uffff"])
    def test_what_cannot_be_kept_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match="cannot be kept"):
            clean(text)

    @given(st.text())
    def test_what_is_kept_stays_as_it_is(self, text: str) -> None:
        try:
            kept = clean(text)
        except ValueError:
            return
        assert clean(kept) == kept
        assert kept.encode().decode() == kept
        assert unicodedata.is_normalized("NFC", kept)


class Page(html.parser.HTMLParser):
    """Every tag and address that a browser would find."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.attributes: set[str] = set()
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _value in attrs}
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]


HOSTILE = (
    "<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "[x](//host)",
    "[x](/\\host)",
    "[x](\\\\host)",
    "[x](/\t/host)",
    "[x](http:host)",
    "[x](file:///etc/passwd)",
    "![x](http://host/p.gif)",
    "![x](//host/p.gif)",
    "![x](data:image/svg+xml,x)",
    '![x"onerror="alert(1)](/p.webp)',
    "<img src=x onerror=alert(1)>",
    "<javascript:alert(1)>",
    '[x](/a "\\"onmouseover=alert(1)")',
    "<a href='//host'>x</a>",
    "```<script>\n</script>",
    "[a]: //host\n\n[a]",
)


class TestDrawing:
    @given(st.lists(st.sampled_from(HOSTILE) | st.text(max_size=12), max_size=6).map("".join))
    @example("".join(HOSTILE))
    def test_nothing_runs_and_nothing_is_fetched(self, markdown: str) -> None:
        page = Page(to_html(markdown))
        assert not {"script", "style", "iframe", "h1", "form", "input", "svg"} & set(page.tags)
        assert page.attributes <= {"href", "src", "alt", "title", "rel", "loading", "start"}
        for address in page.addresses:
            assert re.match(r"https?://|mailto:|tel:|#|/(?![/\\])", address, re.IGNORECASE), address

    @pytest.mark.parametrize("hostile", HOSTILE)
    def test_each_trick_leads_nowhere(self, hostile: str) -> None:
        assert not [
            address for address in Page(to_html(hostile)).addresses if "host" in address or ":" in address
        ]

    def test_headings_begin_below_the_page_title(self) -> None:
        assert (
            to_html("# A\n\n## B\n\n###### C\n\nD\n=") == "<h2>A</h2>\n<h3>B</h3>\n<h4>C</h4>\n<h2>D</h2>\n"
        )

    def test_links(self) -> None:
        assert to_html("[a](/korer) [b](https://example.org/) [c](mailto:a@example.org)") == (
            '<p><a href="/korer">a</a> <a href="https://example.org/" rel="nofollow noopener">b</a> '
            '<a href="mailto:a@example.org">c</a></p>\n'
        )

    def test_our_own_picture_stays_and_of_another_its_description(self) -> None:
        assert to_html("![En *röd* gryta](/bilder/a/480.webp)") == (
            '<p><img src="/bilder/a/480.webp" alt="En röd gryta" loading="lazy"></p>\n'
        )
        assert to_html("![En *röd* gryta](https://example.org/a.gif)") == "<p>En röd gryta</p>\n"

    def test_tables_lists_and_what_is_struck_out(self) -> None:
        drawn = to_html("| a | b |\n|---|--:|\n| 1 | ~~2~~ |\n\n3. x\n")
        assert "<td><s>2</s></td>" in drawn
        assert '<ol start="3">' in drawn
        assert "style" not in drawn

    def test_what_looks_like_a_tag_is_text(self) -> None:
        assert to_html("a <b>c</b> & d") == "<p>a &lt;b&gt;c&lt;/b&gt; &amp; d</p>\n"


class TestFirstWords:
    def test_marks_are_gone(self) -> None:
        assert to_plain("# Hej\n\n- **du** och [jag](/x)\n- `vi`\n\nRad\nrad") == "Hej du och jag vi Rad rad"

    def test_a_whole_word_ends_it(self) -> None:
        assert first_words("Vi sjunger, tillsammans varje vecka", 12) == "Vi sjunger…"
        assert first_words("Kort text", 12) == "Kort text"

    @given(st.text(), st.integers(min_value=2, max_value=80))
    def test_never_longer_than_asked(self, text: str, length: int) -> None:
        assert len(first_words(text, length)) <= length


class TestFolding:
    @pytest.mark.parametrize(
        ("typed", "name"),
        [
            ("angstrom", "Ångström"),
            ("jose", "José"),
            ("lodz", "Łódź"),
            ("oneil", "O’Neil"),
            ("anna karin", "Anna-Karin"),
            ("soren", "Søren"),
            ("ayse", "Ayşe"),
            ("istanbul", "İstanbul"),
            ("احمد", "أحمد"),
            ("علی", "علي"),
            ("nguyen", "Nguyễn"),
            ("STRASSE", "Straße"),
        ],
    )
    def test_a_name_is_found_as_it_is_typed(self, typed: str, name: str) -> None:
        assert folded(typed) == folded(name)

    @given(st.text())
    def test_folding_twice_changes_nothing(self, text: str) -> None:
        once = folded(text)
        assert folded(once) == once
        assert len(once) <= 200


class TestSlugs:
    @pytest.mark.parametrize(
        ("headline", "slug"),
        [
            ("Så gick mötet om pengar!", "sa-gick-motet-om-pengar"),
            ("  Åäö – ÅÄÖ  ", "aao-aao"),
            ("50 000 kr", "50-000-kr"),
            ("العربية", "text"),
            ("", "text"),
            ("...", "text"),
        ],
    )
    def test_are_made_from_the_headline(self, headline: str, slug: str) -> None:
        assert slug_of(headline) == slug

    def test_a_long_one_ends_at_a_word(self) -> None:
        assert slug_of("ett två tre fyra", longest=9) == "ett-tva"
        assert slug_of("ett två tre fyra", longest=7) == "ett-tva"
        assert slug_of("x" * 99, longest=10) == "x" * 10

    @given(st.text())
    def test_always_fit_an_address(self, text: str) -> None:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug_of(text))
        assert len(slug_of(text)) <= 80


class TestSorting:
    def test_in_swedish_order(self) -> None:
        names = [
            "Abdi",
            "Ali",
            "Åsa",
            "Zahra",
            "Östen",
            "Ärla",
            "Eva",
            "Éva B",
            "Evert",
            "Wilma",
            "Vera",
            "Müller",
            "Myra",
        ]
        assert sorted(names, key=sort_key) == (
            [
                "Abdi",
                "Ali",
                "Eva",
                "Éva B",
                "Evert",
                "Müller",
                "Myra",
                "Vera",
                "Wilma",
                "Zahra",
                "Åsa",
                "Ärla",
                "Östen",
            ]
        )

    def test_capitals_and_accents_do_not_matter(self) -> None:
        assert sort_key("ÅSA") == sort_key("åsa") == sort_key("A\u030asa")
        assert sort_key("José") == sort_key("jose")

    def test_a_short_name_comes_before_a_longer_one(self) -> None:
        assert sorted(["Anna-Karin", "Annalena", "Anna", "Anna Bo"], key=sort_key) == (
            ["Anna", "Anna Bo", "Anna-Karin", "Annalena"]
        )

    def test_other_scripts_come_after_the_alphabet(self) -> None:
        assert sorted(["Олена", "Öst", "أحمد"], key=sort_key) == ["Öst", "Олена", "أحمد"]

    @given(st.text())
    def test_the_key_is_the_same_in_every_database(self, text: str) -> None:
        assert re.fullmatch(r"[0-9]{0,200}", sort_key(text), re.ASCII)


def with_check_digit(nine: str) -> str:
    """The ten digits of a number whose last one is right (SKV 704)."""
    total = sum(sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(nine))
    return f"{nine}{-total % 10}"


class TestIdentityNumbers:
    @pytest.mark.parametrize(
        "text",
        [
            "850709-9805",
            "8507099805",
            "19850709-9805",
            "198507099805",
            "850709+9805",
            "850709 9805",
            "850709 - 9805",
            "1985-07-09-9805",
            "1985 07 09 9805",
            "Hon heter Eva (850709–9805).",
            "850769-9802",
            "٨٥٠٧٠٩-٩٨٠٥",
            "850709\u200b-9805",
            "850709\u00a09805",
            "１９８５０７０９９８０５",
            "19850709\u00ad9805",
        ],
    )
    def test_are_seen_however_they_are_written(self, text: str) -> None:
        assert has_identity_number(text)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "Ring 070-174 06 05 till 070-174 06 99",
            "850709-9804",
            "851309-9805",
            "850732-9809",
            "org.nr 556677-8899",
            "2 430 000 kr av 1 700 000 kr",
            "11 oktober 2019 klockan 18.00–20.00",
            "123456789012345678",
            "bankgiro 123-4567",
            "SE35 5000 0000 0549 1000 0003",
        ],
    )
    def test_other_numbers_pass(self, text: str) -> None:
        assert not has_identity_number(text)

    def test_telephone_numbers_of_the_demo_pass(self) -> None:
        assert not [n for n in range(5, 100) if has_identity_number(f"070-174 06 {n:02}")]

    @given(
        st.dates(min_value=date(1900, 1, 1), max_value=date(2030, 1, 1)),
        st.integers(min_value=0, max_value=999),
        st.booleans(),
        st.sampled_from(["", "-", "+", " ", " - "]),
        st.booleans(),
    )
    def test_every_one_is_seen(
        self, born: date, serial: int, coordination: bool, between: str, long: bool
    ) -> None:
        year, month, day = born.isoformat().split("-")
        day = f"{int(day) + 60 * coordination:02}"
        ten = with_check_digit(f"{year[2:]}{month}{day}{serial:03}")
        written = f"{year[:2] if long else ''}{ten[:6]}{between}{ten[6:]}"
        assert has_identity_number(f"Namn {written}.")
        wrong = str((int(ten[-1]) + 1) % 10)
        assert not has_identity_number(f"Namn {written[:-1]}{wrong}.")
