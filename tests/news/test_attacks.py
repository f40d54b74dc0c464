"""Texts that want to be more than text: a published corpus of attacks, and what Markdown could be misused for."""

import html as entities
import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import brs_kb
import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from choir_app.accounts.models import Account
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.foundation.text import clean, slug_of, to_html, to_plain
from tests.news.made import a_post
from tests.visitor import Visitor

CORPUS: tuple[str, ...] = tuple(sorted({str(one["payload"]) for one in brs_kb.get_all_payloads().values()}))
"""The payloads of the package brs-kb, which gathers what is published on how scripts get into pages."""

TAGS = set(
    "p br hr h2 h3 h4 h5 h6 strong em s ul ol li blockquote pre code a img table thead tbody tr th td"  # noqa: SIM905
    " figure figcaption picture source small".split()
)
ATTRIBUTES = {
    *("href", "title", "rel", "src", "alt", "loading", "decoding", "width", "height", "srcset", "sizes"),
    *("type", "class", "start"),
}
CLASSES = re.compile(r"(figure[a-z_-]*( |$))*")

_BARE_TAG = re.compile(r"</?([a-z0-9]+)>")

CONTEXTS = (
    "{0}",
    "# {0}",
    "[läs]({0})",
    "[läs](<{0}>)",
    '[läs](/korer "{0}")',
    "![{0}]({0})",
    "<{0}>",
    "[läs][1]\n\n[1]: {0}",
    "| a | b |\n|---|---|\n| {0} | [x]({0}) |",
    "`{0}`",
    "```{0}\n{0}\n```",
    "**[{0}](javascript:{0})**",
    "![x](bild:{0})",
)


def faults(html: str) -> Iterator[str]:
    """What is in a piece of HTML that may not be there, seen as a browser sees it."""
    rest = _BARE_TAG.sub("", html)
    if "<" not in rest:  # nothing but tags without attributes, which need no parser
        yield from (f"<{name}>" for name in set(_BARE_TAG.findall(html)) - TAGS)
        return
    for thing in html5lib.parseFragment(html, namespaceHTMLElements=False).iter():
        if not isinstance(thing.tag, str):
            yield "a comment"
        elif thing.tag != "DOCUMENT_FRAGMENT":
            yield from _faults_of(thing)


def _faults_of(thing: Element) -> Iterator[str]:
    if thing.tag not in TAGS:
        yield f"<{thing.tag}>"
    for name, value in thing.attrib.items():
        if name not in ATTRIBUTES:
            yield f"<{thing.tag} {name}>"
        if name == "class" and not CLASSES.fullmatch(value):
            yield f"class {value}"
    link = re.sub(r"[\x00-\x20]", "", entities.unescape(thing.get("href") or "")).lower()
    is_of_ours = link.startswith(("/", "#")) and not link.startswith(("//", "/\\"))
    if link and not is_of_ours and urlsplit(link).scheme not in ("http", "https", "mailto", "tel"):
        yield f"leads to {link}"
    for source in (
        thing.get("src"),
        *(one.split()[0] for one in (thing.get("srcset") or "").split(",") if one),
    ):
        if source and (not source.startswith("/") or source.startswith(("//", "/\\"))):
            yield f"fetches {source}"


@pytest.mark.parametrize("context", CONTEXTS)
def test_nothing_of_a_published_corpus_gets_through(context: str) -> None:
    assert len(CORPUS) > 4000
    through = {}
    for payload in CORPUS:
        wrong = list(faults(str(to_html(context.format(payload)))))
        if wrong:
            through[payload] = wrong
    assert not through


def test_the_look_would_notice() -> None:
    """What is asked above is asked of HTML that was not cleaned, and every kind of fault is seen."""
    for html, fault in (
        ("<script>x</script>", "<script>"),
        ("<p onclick=x>", "<p onclick>"),
        ("<p style=x>", "<p style>"),
        ("<!-- x -->", "a comment"),
        ("<a href='jav&#x09;ascript:x'>", "leads to javascript:x"),
        ("<a href='//example.org'>", "leads to //example.org"),
        ("<img src='data:image/png,x'>", "fetches data:image/png,x"),
        ("<img srcset='https://example.org/x 2x'>", "fetches https://example.org/x"),
        ("<p class='site-header'>", "class site-header"),
    ):
        assert fault in list(faults(html)), html


@pytest.mark.one_engine
def test_an_article_and_its_feeds_carry_the_corpus_as_words(
    editor: Account, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The visitor looks at every page for inline scripts and more; here headline, lead, byline and text are attacks."""
    monkeypatch.setattr("tests.visitor.ENGLISH", re.compile("(?!)"))  # attacks are written in English
    kept = []
    for payload in CORPUS:
        try:
            kept.append(clean(payload))
        except ValueError:
            continue
    nasty = [one for one in kept if "\n" not in one and "script" in one.lower() and 10 < len(one) < 110][:30]
    for number, payload in enumerate(nasty):
        post = a_post(
            editor, f"{number} {payload}", lead=payload, body="\n\n".join(kept[number::30][:150]),
            byline_name=payload[:60], byline_role=payload[:60], tags=[payload[:30]], is_published=False,
        )  # fmt: skip
        post.published_at = post.swedish.shown_at = (
            clock.now()
        )  # past what would keep an editor from publishing it
        db.session.commit()
        visitor.opens(f"/nyheter/2026/{post.slug}")
    visitor.opens("/nyheter").opens("/nyheter/arkiv")
    for kind in ("xml", "atom", "json"):
        visitor.opens(f"/nyheter.{kind}")


class TestHeavyTexts:
    """Each takes a time that grows with its length, not with the square of it: so twice the length is compared."""

    @pytest.mark.parametrize(
        "piece",
        [
            "[", "![", "*", "_a", "**a ", "`", "~~a", "<", "&#x0;", "&amp;", "> ", "- ", "1. ", "# ", "|", "[a](",
            "[a]: /x\n", "\\", "[x][", "a*", "<a ", "<!--", "|a|b|\n|-|-|\n", "\u0301", "\u202e", "![](bild:",
        ],
    )  # fmt: skip
    def test_repeated_signs_take_no_square_of_time(self, piece: str) -> None:
        def work(length: int) -> float:
            text = piece * (length // len(piece))
            best = 9.0
            for _turn in range(3):
                began = time.process_time()
                to_html(text)
                to_plain(text)
                best = min(best, time.process_time() - began)
            return best

        short, long = work(10_000), work(40_000)
        assert long < max(12 * short, 1.0), (short, long)

    def test_a_giant_table(self) -> None:
        wide = "|" + "a|" * 500 + "\n|" + "-|" * 500 + "\n" + ("|" + "b|" * 500 + "\n") * 30
        html = str(to_html(wide))
        assert html.count("<td>") <= 500 * 30
        assert not list(faults(html))

    def test_ten_megabytes_are_refused_with_a_sentence(self, editor: Account, visitor: Visitor) -> None:
        visitor.signs_in(editor).opens("/nyheter/skriv/ny")
        fields = {"headline": "Rubrik", "lead": "Ingress", "body": "å" * 5_000_000, "byline_name": "Karin"}
        answer = visitor.client.post("/nyheter/skriv/ny", data=fields)
        assert answer.status_code in (413, 422)
        assert "Traceback" not in answer.text

    @pytest.mark.parametrize(
        "body",
        ["<style>*{display:none}</style>", '<p style="position:fixed">x</p>', "&lt;script&gt;alert(1)&lt;/script&gt;",
         "&#60;script&#62;alert(1)&#60;/script&#62;", "<svg/onload=alert(1)>", "<https://example.org/<script>>"],
    )  # fmt: skip
    def test_html_stays_the_words_that_were_typed(self, body: str) -> None:
        html = str(to_html(body))
        assert not list(faults(html))
        seen = "".join(html5lib.parseFragment(html).itertext())
        assert entities.unescape(body).replace("<https://example.org/", "")[:8] in seen


class TestAddressesOfHeadlines:
    @given(st.text(max_size=150))
    def test_whatever_is_written_an_address_can_be_typed(self, headline: str) -> None:
        slug = slug_of(headline, otherwise="nyhet")
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug), slug
        assert len(slug) <= 100

    @pytest.mark.parametrize(
        "headline", ["نغني معا", "Ми співаємо", "我们唱歌", "🎶🎶", "ß ﬁ ½", "../../etc", "İstanbul"]
    )
    def test_in_any_script_and_twice(self, editor: Account, visitor: Visitor, headline: str) -> None:
        first, second = a_post(editor, headline), a_post(editor, headline)
        assert first.slug != second.slug
        for post in (first, second):
            visitor.opens(f"/nyheter/2026/{post.slug}").sees(headline)


def test_what_cannot_be_kept_is_said(editor: Account, visitor: Visitor) -> None:
    visitor.signs_in(editor).opens("/nyheter/skriv/ny")
    for sign in ("\x00", "\x0b\x08", "\ufffe"):
        sent: dict[str, Any] = {"headline": f"Rubrik{sign}", "lead": "x", "body": "y", "byline_name": "Karin"}
        answer = visitor.client.post("/nyheter/skriv/ny", data=sent)
        assert answer.status_code == 422
