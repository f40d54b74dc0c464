"""What machines read: feeds, the map, Open Graph and JSON-LD, each by a reader that is not ours."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import jsonschema_rs
import pytest
import schema_org
from lxml import etree, html  # type: ignore[attr-defined]  # compiled, and says nothing of its types

from choir_app.accounts.models import Account
from choir_app.foundation import clock
from choir_app.foundation.pictures import PictureFile
from choir_app.news import actions
from choir_app.news.actions import AuthorWords
from choir_app.news.rules import EASY
from tests import makers
from tests.news.made import a_post, a_version, words
from tests.visitor import Visitor

SITE = "http://127.0.0.1:8000"
XHTML = "{http://www.w3.org/1999/xhtml}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NASTY = "Å & <ö> \"'’ 🎶 نغني\u2028 ]]>"

JSON_FEED = {
    "type": "object",
    "required": ["version", "title", "items"],
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": {"type": "string"},
        "home_page_url": {"type": "string", "format": "uri"},
        "feed_url": {"type": "string", "format": "uri"},
        "description": {"type": "string"},
        "language": {"type": "string", "pattern": "^[a-z]{2,3}(-[A-Za-z0-9]+)*$"},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id"],
                "anyOf": [{"required": ["content_html"]}, {"required": ["content_text"]}],
                "properties": {
                    "id": {"type": "string"},
                    "url": {"type": "string", "format": "uri"},
                    "image": {"type": "string", "format": "uri"},
                    "title": {"type": "string"},
                    "summary": {"type": "string"},
                    "content_html": {"type": "string"},
                    "date_published": {"type": "string", "format": "date-time"},
                    "date_modified": {"type": "string", "format": "date-time"},
                    "authors": {"type": "array", "items": {"anyOf": [{"required": ["name"]}]}},
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "language": {"type": "string"},
                },
            },
        },
    },
}
"""What a JSON Feed must be. Source: jsonfeed.org, version 1.1."""


def read(visitor: Visitor, path: str) -> Any:
    """A feed as feedparser reads it; without a word of complaint."""
    answer = visitor.client.get(path)
    assert answer.status_code == 200, path
    feed = feedparser.parse(
        answer.get_data(), response_headers={"content-type": answer.headers["Content-Type"]}
    )
    assert not feed.bozo, feed.get("bozo_exception")
    return feed


def read_json(visitor: Visitor, path: str) -> dict[str, Any]:
    answer = visitor.client.get(path)
    assert answer.mimetype == "application/feed+json"
    told = json.loads(answer.get_data())
    jsonschema_rs.Draft202012Validator(JSON_FEED, validate_formats=True).validate(told)
    return told


@pytest.fixture
def full(editor: Account) -> Any:
    """A post with all that a machine may tell of it."""
    town = makers.a_choir(town="Boden").town
    post = a_post(
        editor,
        NASTY.replace("\u2028", ""),
        lead="Ingress & mer.",
        body="**fet** & [här](/korer) ![x](/bilder/a.webp) <script>alert(1)</script>",
        byline_name="Åsa Ek",
        more_authors=[AuthorWords("Nils & Co", None)],
        picture=PictureFile("a" * 32, 1600, 1000),
        picture_alt='En "gryta"',
        tags=["pengar & sånt"],
        towns=[town],
    )
    a_version(post, editor)
    return post


class TestFeeds:
    @pytest.mark.parametrize("path", ["/nyheter.xml", "/nyheter.atom"])
    def test_a_reader_finds_everything(self, full: Any, visitor: Visitor, path: str) -> None:
        feed = read(visitor, path)
        assert feed.version in ("rss20", "atom10")
        assert feed.feed.language == "sv"
        assert feed.feed.link == f"{SITE}/nyheter"
        assert any(link.rel == "self" and link.href == SITE + path for link in feed.feed.links)
        (entry,) = feed.entries
        assert entry.title in (full.headline, full.headline.replace("<ö>", "&lt;ö&gt;"))
        assert entry.id == f"urn:uuid:{full.id}"
        assert entry.link == f"{SITE}/nyheter/2026/{full.slug}"
        assert entry.published_parsed[:5] == (2026, 6, 16, 16, 0)
        assert {one.name for one in entry.authors} >= {"Åsa Ek"}
        assert {tag.term for tag in entry.tags} == {"pengar & sånt", "Boden"}
        assert entry.summary == "Ingress & mer."
        content = entry.content[0].value
        assert "<strong>fet</strong>" in content
        assert f'href="{SITE}/korer"' in content
        assert f'src="{SITE}/bilder/a.webp"' in content
        assert "<script" not in content

    def test_the_json_feed_too(self, full: Any, visitor: Visitor) -> None:
        told = read_json(visitor, "/nyheter.json")
        (item,) = told["items"]
        assert item["title"] == full.headline
        assert item["id"] == f"urn:uuid:{full.id}"
        assert [one["name"] for one in item["authors"]] == ["Åsa Ek", "Nils & Co"]
        assert item["image"] == f"{SITE}/bilder/{'a' * 32}/1600.webp"
        assert f'href="{SITE}/korer"' in item["content_html"]
        assert (told["language"], item["language"]) == ("sv", "sv")

    def test_all_authors_are_named_in_atom(self, full: Any, visitor: Visitor) -> None:
        tree = etree.fromstring(visitor.client.get("/nyheter.atom").get_data())
        names = tree.xpath(
            "//a:entry/a:author/a:name/text()", namespaces={"a": "http://www.w3.org/2005/Atom"}
        )
        assert names == ["Åsa Ek", "Nils & Co"]

    def test_in_english_they_speak_english_where_they_can(
        self, full: Any, editor: Account, visitor: Visitor
    ) -> None:
        a_post(editor, "Bara svenska")
        feed = read(visitor, "/en/nyheter.atom")
        assert feed.feed.language == "en"
        assert feed.feed.link == f"{SITE}/en/nyheter"
        links = {entry.link for entry in feed.entries}
        assert links == {f"{SITE}/en/nyheter/2026/singing-in-the-park", f"{SITE}/nyheter/2026/bara-svenska"}

    @pytest.mark.parametrize("kind", ["xml", "atom", "json"])
    def test_per_town_tag_and_language(self, full: Any, editor: Account, visitor: Visitor, kind: str) -> None:
        a_version(full, editor, EASY, headline="Lätt")
        a_post(editor, "Något annat")
        for about, slug, title in (
            ("ort", "boden", full.headline),
            ("amne", "pengar-sant", full.headline),
            ("sprak", "latt", "Lätt"),
        ):
            path = f"/nyheter/{about}/{slug}/flode.{kind}"
            if kind == "json":
                titles = [item["title"] for item in read_json(visitor, path)["items"]]
            else:
                feed = read(visitor, path)
                assert feed.feed.link == f"{SITE}/nyheter/{about}/{slug}"
                titles = [entry.title for entry in feed.entries]
            assert len(titles) == 1
            assert titles[0] in (title, title.replace("<ö>", "&lt;ö&gt;"))
        visitor.opens(f"/nyheter/ort/atlantis/flode.{kind}", 404)
        visitor.opens(f"/nyheter/sprak/xx/flode.{kind}", 404)

    def test_the_pages_lead_to_their_feeds(self, full: Any, visitor: Visitor) -> None:
        for page, feed in (
            ("/nyheter", "/nyheter.json"),
            ("/nyheter/ort/boden", "/nyheter/ort/boden/flode.atom"),
        ):
            visitor.opens(page)
            assert f'href="{feed}"' in visitor.html

    def test_an_empty_house_has_feeds(self, visitor: Visitor) -> None:
        for path in ("/nyheter.xml", "/nyheter.atom"):
            assert read(visitor, path).entries == []
        assert read_json(visitor, "/nyheter.json")["items"] == []

    def test_a_change_is_told_and_the_identity_stays(
        self, editor: Account, visitor: Visitor, the_clock: Any
    ) -> None:
        post = a_post(editor)
        the_clock.set_to(clock.now() + timedelta(days=2))
        actions.change(post, words("Ett nytt namn"), seen_revision=1, by=editor)
        visitor.opens("/nyheter")
        (entry,) = read(visitor, "/nyheter.atom").entries
        assert entry.id == f"urn:uuid:{post.id}"
        assert entry.updated_parsed[:3] == (2026, 6, 18)
        assert entry.published_parsed[:3] == (2026, 6, 16)


class TestSeenAgain:
    @pytest.mark.parametrize(
        "path",
        ["/nyheter", "/nyheter.xml", "/nyheter.atom", "/nyheter.json", "/nyheter/2026/var", "/sitemap.xml"],
    )
    def test_what_has_not_changed_is_not_sent_again(
        self, editor: Account, visitor: Visitor, the_clock: Any, path: str
    ) -> None:
        post = a_post(editor, "Vår")
        visitor.opens("/nyheter")
        mark = visitor.client.get(path).headers["ETag"]
        again = visitor.client.get(path, headers={"If-None-Match": mark})
        assert (again.status_code, again.get_data()) == (304, b"")
        the_clock.set_to(clock.now() + timedelta(minutes=1))
        actions.change(post, words("Vår", body="Ny text."), seen_revision=1, by=editor)
        visitor.opens("/korer")
        assert visitor.client.get(path, headers={"If-None-Match": mark}).status_code == (
            304 if path == "/nyheter" else 200
        )


class TestMap:
    def places(self, visitor: Visitor) -> dict[str, Any]:
        answer = visitor.client.get("/sitemap.xml")
        assert answer.mimetype == "application/xml"
        tree = etree.fromstring(answer.get_data())
        etree.XMLSchema(etree.parse(str(Path(__file__).parent / "sitemap.xsd"))).assertValid(tree)
        found = {one.findtext(f"{MAP}loc"): one for one in tree}
        assert len(found) == len(tree), "no address twice"
        return found

    def test_every_version_with_its_day_and_its_sisters(
        self, full: Any, editor: Account, visitor: Visitor, the_clock: Any
    ) -> None:
        a_version(full, editor, EASY, headline="Lätt")
        the_clock.set_to(datetime(2026, 6, 20, 10, 0, tzinfo=UTC))
        a_post(editor, "Ensam")
        a_post(editor, "Utkast", is_published=False)
        actions.withdraw(a_post(editor, "Borta"), by=editor)
        visitor.opens("/korer")
        found = self.places(visitor)
        swedish, english = f"{SITE}/nyheter/2026/{full.slug}", f"{SITE}/en/nyheter/2026/singing-in-the-park"
        easy = f"{SITE}/latt/nyheter/2026/latt"
        assert {swedish, english, easy} <= set(found)
        sisters = {one.get("hreflang"): one.get("href") for one in found[easy].iter(f"{XHTML}link")}
        assert sisters == {"sv": swedish, "sv-simple": easy, "en": english}
        alone = found[f"{SITE}/nyheter/2026/ensam"]
        assert alone.findtext(f"{MAP}lastmod") == "2026-06-20T10:00:00Z"
        assert not list(alone.iter(f"{XHTML}link"))
        assert not [url for url in found if "utkast" in url or "borta" in url]

    def test_every_address_answers_and_calls_itself_so(self, full: Any, visitor: Visitor) -> None:
        for url in self.places(visitor):
            visitor.leaves().opens(url.removeprefix(SITE))

    def test_it_is_found(self, visitor: Visitor) -> None:
        visitor.opens("/robots.txt")
        assert f"Sitemap: {SITE}/sitemap.xml" in visitor.html
        assert "Disallow: /nyheter/forhandsvisning/" in visitor.html


def against_the_vocabulary(told: dict[str, Any]) -> list[str]:
    """What schema.org's own vocabulary objects to: a property that the type does not have, a value it does not take."""
    kind = getattr(schema_org, told["@type"])
    known = {one.schema_name: set(one.ranges) for one in kind.SCHEMA_PROPERTIES}
    wrong: list[str] = []
    for name, values in told.items():
        if name in ("@context", "@type"):
            continue
        for value in values if isinstance(values, list) else [values]:
            if not _kinds_of(value) & known.get(name, set()):
                wrong.append(f"{told['@type']}.{name}: {value}")
            if isinstance(value, dict):
                wrong += against_the_vocabulary(value)
    return wrong


def _kinds_of(value: Any) -> set[str]:
    """The types of the vocabulary that a value is of."""
    if isinstance(value, dict):
        return set(getattr(schema_org, value["@type"]).SCHEMA_TYPES)
    if isinstance(value, bool):
        return {"Boolean"}
    if value.startswith(f"{SITE}/"):
        return {"URL"}
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return {"Text"}
    return {"DateTime"}


class TestAnArticle:
    def told(self, visitor: Visitor, path: str) -> dict[str, Any]:
        """What a search engine reads out of the page: its JSON-LD and its Open Graph."""
        page = html.fromstring(visitor.opens(path).html)
        scripts = page.xpath("//script[@type='application/ld+json']/text()")
        names = [(one.get("property"), one.get("content")) for one in page.xpath("//meta[@property]")]
        return {"json-ld": [json.loads(one) for one in scripts], "opengraph": dict(names)}

    def test_json_ld_says_what_and_who(self, full: Any, visitor: Visitor) -> None:
        path = f"/nyheter/2026/{full.slug}"
        (article,) = self.told(visitor, path)["json-ld"]
        assert article["@type"] == "NewsArticle"
        assert article["headline"] == full.headline
        assert article["url"] == SITE + path
        assert article["inLanguage"] == "sv"
        assert article["datePublished"] == "2026-06-16T16:00:00Z"
        assert article["image"] == [f"{SITE}/bilder/{'a' * 32}/1600.webp"]
        assert article["author"] == [
            {
                "@type": "Person",
                "name": "Åsa Ek",
                "url": f"{SITE}/nyheter/av/asa-ek",
                "jobTitle": "projektledare",
            },
            {"@type": "Person", "name": "Nils & Co", "url": f"{SITE}/nyheter/av/nils-co"},
        ]

    @pytest.mark.one_engine
    def test_json_ld_is_of_the_vocabulary_of_schema_org(
        self, full: Any, editor: Account, visitor: Visitor
    ) -> None:
        a_version(full, editor, EASY, headline="Lätt")
        plain = a_post(editor, "Utan bild")
        for path in (f"/nyheter/2026/{full.slug}", "/latt/nyheter/2026/latt", f"/nyheter/2026/{plain.slug}"):
            (article,) = self.told(visitor, path)["json-ld"]
            assert article["@context"] == "https://schema.org"
            assert against_the_vocabulary(article) == []
        for wrong in (
            {"headlin": "x"},
            {"author": {"@type": "Place", "name": "x"}},
            {"isAccessibleForFree": "ja"},
        ):
            assert against_the_vocabulary({"@type": "NewsArticle", "headline": "x", **wrong})

    def test_open_graph_too(self, full: Any, visitor: Visitor) -> None:
        path = f"/nyheter/2026/{full.slug}"
        told = self.told(visitor, path)["opengraph"]
        assert told["og:type"] == "article"
        assert told["og:title"] == full.headline
        assert told["og:url"] == SITE + path
        assert told["og:image"] == f"{SITE}/bilder/{'a' * 32}/1600.webp"
        assert told["og:image:alt"] == 'En "gryta"'
        assert told["article:tag"] == "pengar & sånt"

    def test_each_version_calls_itself_by_one_address_and_knows_its_sisters(
        self, full: Any, editor: Account, visitor: Visitor
    ) -> None:
        easy = a_version(full, editor, EASY, headline="Lätt")
        swedish = f"/nyheter/2026/{full.slug}"
        for path in ("/latt/nyheter/2026/latt", "/en/latt/nyheter/2026/latt", swedish):
            visitor.leaves().opens(path)
            own = [one.get("href") for one in visitor.tree.iter("link") if one.get("rel") == "canonical"]
            assert own == [SITE + path.removeprefix("/en")]
            sisters = {
                one.get("hreflang"): one.get("href")
                for one in visitor.tree.iter("link")
                if one.get("rel") == "alternate" and one.get("hreflang")
            }
            assert sisters == {
                "sv": SITE + swedish,
                easy.language: f"{SITE}/latt/nyheter/2026/latt",
                "en": f"{SITE}/en/nyheter/2026/singing-in-the-park",
            }

    def test_nothing_that_is_written_ends_the_script(self, editor: Account, visitor: Visitor) -> None:
        headline = "</script><script>alert(1)</script><!--"
        post = a_post(editor, headline)
        (article,) = self.told(visitor, f"/nyheter/2026/{post.slug}")["json-ld"]
        assert article["headline"] == headline
        assert "<script>alert" not in visitor.html
