"""What is pasted from Word, Google Docs, LibreOffice, a letter or a web page: each sample beside its Markdown."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from choir_app.foundation.text import to_html
from choir_app.news.rules import markdown_of

SAMPLES = sorted((Path(__file__).parent / "pasted").glob("*.html"))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_becomes_what_one_would_have_written(sample: Path) -> None:
    assert markdown_of(sample.read_text()) == sample.with_suffix(".md").read_text().strip()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_pasting_what_was_pasted_changes_nothing(sample: Path) -> None:
    once = markdown_of(sample.read_text())
    assert to_html(markdown_of(str(to_html(once)))) == to_html(once)


def test_what_looked_like_a_sign_is_shown_as_it_was() -> None:
    shown = str(to_html(markdown_of("<p>2 * 3 * 4 &lt;script&gt;alert(1)&lt;/script&gt; _a_</p><p># b</p>")))
    assert "<script" not in shown
    assert "<em>" not in shown
    assert "<h2" not in shown
    assert "2 * 3 * 4" in shown


@pytest.mark.parametrize(
    "html",
    [
        "<!--[if " * 100_000,
        "<b>" * 50_000,
        "<p>" + "<span style='font-weight:700'>" * 90 + "x",
        '<p style="mso-list:l0 level3">x' * 5_000,
        "<table><tr><td>" * 5_000,
        "<ul><li>" * 400,
        '<a href="http://a.b/' + "a" * 500_000,
        "<" * 500_000,
        "x" * 2_000_000,
        "<p class=MsoListParagraph>1. x</p>" * 19_000,
        "<span style='font-weight:700'>x</span>" * 19_000,
        "<p>x</p>" * 19_000,
        "<div>" * 39_000,
        "<!--[if x]>a<![endif]-->" * 50_000,
        "<p>" + " " * 1_400_000 + "x",
        '<a href="' + "https://www.google.com/url?q=" * 30_000 + '">x</a>',
        ('<a href="' + "https://www.google.com/url?q=" * 250 + '">x</a>') * 150,
        "<a " * 4000 + "x" * 1_000_000,
        "<a " * 40 + "x" * 1_000_000,
    ],
    ids=[
        "conditions",
        "bold",
        "spans",
        "levels",
        "tables",
        "lists",
        "address",
        "signs",
        "words",
        "points",
        "many_spans",
        "paragraphs",
        "depth",
        "closed_conditions",
        "blanks",
        "wrapped",
        "wrapped_often",
        "unended",
        "unended_a_few",
    ],
)
def test_a_flood_is_read_in_time(html: str) -> None:
    began = time.process_time()
    markdown_of(html)
    assert time.process_time() - began < 4


def test_of_too_much_the_words_stay_in_their_paragraphs() -> None:
    much = (
        "<h2>Rubrik</h2><style>p { color: red }</style><p>Ett <b>fett</b> ord &amp; mer</p>"
        + "<p>x</p>" * 6_000
    )
    assert markdown_of(much).startswith("Rubrik\n\nEtt fett ord & mer\n\nx\n\nx")


@given(some.text(alphabet="<>/abp \n\"'=!-[]&;ulio*_#`|\\", max_size=200))
def test_nothing_makes_it_fall(html: str) -> None:
    assert "<script" not in str(to_html(markdown_of(html)))
