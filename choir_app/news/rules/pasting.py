"""What somebody pastes from a word processor or a web page, as the Markdown that they would have written by hand.

Word writes its lists as paragraphs with a made-up bullet, Google Docs packs everything into a bold element that is not
bold, mail programs lay out with tables, and web pages bring links that pass through a counter.
"""

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit, urlunsplit

import nh3
from bs4 import BeautifulSoup, Comment, Tag
from bs4.element import NavigableString
from markdownify import MarkdownConverter

LARGEST = 1_500_000
"""Signs of HTML that are read; a long document from Word with its styles is a tenth of it."""

MOST_ELEMENTS = 4_000
LONGEST_ADDRESS = 8_000
"""Signs; of a link that leads further, only the words stay."""
DEEPEST = 100
"""Of what is larger or deeper, only the words are taken, in their paragraphs: a text that we save has fewer."""
MOST_UNENDED = 40
"""Elements that begin and never end: for the end of each the parser looks through all that is left."""

_KEPT = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "strong", "b", "em", "i", "s", "del"),
    *("ul", "ol", "li", "blockquote", "pre", "code", "a", "table", "thead", "tbody", "tr", "th", "td"),
}
_GONE = (
    "style",
    "script",
    "title",
    "meta",
    "link",
    "xml",
    "head",
    "noscript",
    "template",
    "svg",
    "math",
    "object",
)
_NOT_READ = ("button", "select", "input", "textarea", "nav", "iframe", "video", "audio", "canvas", "form")
_BLOCKS = {
    "p",
    "div",
    "ul",
    "ol",
    "table",
    "blockquote",
    "pre",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "section",
}
_BOLD = re.compile(r"(?<![\w-])font-weight:\s*(?:bold|bolder|[6-9]00)", re.IGNORECASE)
_NOT_BOLD = re.compile(r"(?<![\w-])font-weight:\s*(?:normal|lighter|[1-5]00)", re.IGNORECASE)
_SLANTED = re.compile(r"(?<![\w-])font-style:\s*(?:italic|oblique)", re.IGNORECASE)
_UPRIGHT = re.compile(r"(?<![\w-])font-style:\s*normal", re.IGNORECASE)
_UNSEEN = re.compile(
    r"mso-hide:\s*all|display:\s*none|visibility:\s*hidden|mso-element:\s*comment", re.IGNORECASE
)
_WORD_LIST = re.compile(r"mso-list:\s*l\d+\s+level(\d+)", re.IGNORECASE)
_MADE_UP = re.compile(r"mso-list:\s*ignore", re.IGNORECASE)
_NUMBERED = re.compile(r"^\s*\(?(?:\d{1,3}|[a-zåäö]|[ivx]{1,5})[.)]", re.IGNORECASE)
_TYPED_BULLET = re.compile(r"^[\s\xa0]*[·•▪◦‣○●§–-][\s\xa0]+")
_COUNTERS = re.compile(r"^(?:utm_\w+|fbclid|gclid|mc_[ce]id|_hs\w+|igshid|si)$", re.IGNORECASE)
_WRAPPERS = {"www.google.com": ("q", "url"), "l.facebook.com": ("u",), "lm.facebook.com": ("u",)}
_BEGINNINGS = {"p", "li", "div", "blockquote", "[document]"}
_AT_THE_BEGINNING = re.compile(r"^(\s*\d{0,9})(#(?=#{0,5}\s)|[-+>](?=\s)|[.)](?=\s))")
_SUPPORTS_LISTS = re.compile(r"<!--\[if\s[^\]>]{0,40}supportLists\]-->|<!--\[endif\]-->", re.IGNORECASE)
_BARE_CONDITION = re.compile(r"<!\[[^\]<>]{0,60}\]>")
_VOID = re.compile(r"\s{40,}")
"""More than indents a line; the parser would look at each of its signs again and again."""
_UNREAD = re.compile(r"<(script|style)\b[^<>]*>[^<]*(?:</\1[^<>]*>)?", re.IGNORECASE)
_END_OF_BLOCK = re.compile(r"</(?:p|h[1-6]|li|div|tr|blockquote)\s*>|<br\b[^<>]*>", re.IGNORECASE)
_ANY_ELEMENT = re.compile(r"<[^<>]*>")
_HEADING_CLASS = re.compile(r"^(?:MsoHeading|Heading|Rubrik)(\d)$", re.IGNORECASE)


class _Writer(MarkdownConverter):
    """Writes what stood at the beginning of a paragraph so that it makes no heading, list or quotation there."""

    def process_text(self, el: Any, parent_tags: Any = None) -> str:
        text: str = MarkdownConverter.process_text(  # pyright: ignore[reportAttributeAccessIssue]  # it has no types
            self, el, parent_tags=parent_tags
        )
        text = re.sub(r"(?<=\w)\\_(?=\w)", "_", text)
        is_first = el.previous_sibling is None and el.parent is not None and el.parent.name in _BEGINNINGS
        return _AT_THE_BEGINNING.sub(r"\1\\\2", text) if is_first else text


_WRITER = _Writer(heading_style="atx", bullets="-", strong_em_symbol="*", escape_misc=False)
"""Writes Markdown as our toolbar does."""


def markdown_of(html: str) -> str:
    """The pasted HTML as Markdown: headings from ## on, lists, bold, links; nothing of how it looked."""
    html = _without_conditions(_VOID.sub(_one_blank, html[:LARGEST]))
    begun = html.count("<")
    if begun <= MOST_ELEMENTS and begun - html.count(">") <= MOST_UNENDED:
        page = BeautifulSoup(html, "html.parser")
        if _depth(page) <= DEEPEST:
            return _tidy(_WRITER.convert(_clean(page)))
    return _words_alone(html)


def _one_blank(void: re.Match[str]) -> str:
    return "\n" if "\n" in void.group() else " "


def _words_alone(html: str) -> str:
    """Nothing but the words, in their paragraphs; takes no longer the stranger the HTML is."""
    bare = _ANY_ELEMENT.sub(" ", _END_OF_BLOCK.sub("\n", _UNREAD.sub(" ", html)))
    lines = (" ".join(line.split()) for line in unescape(bare).split("\n"))
    return "\n\n".join(line for line in lines if line)


def _depth(page: BeautifulSoup) -> int:
    deepest, level = 0, [child for child in page.children if isinstance(child, Tag)]
    while level and deepest <= DEEPEST:
        deepest += 1
        level = [child for thing in level for child in thing.children if isinstance(child, Tag)]
    return deepest


def _clean(page: BeautifulSoup) -> str:
    """The same as few plain elements."""
    for comment in page.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    for thing in page.find_all([*_GONE, *_NOT_READ]):
        thing.decompose()
    _drop_unseen(page)
    _unwrap_foreign(page)
    _join_word_lists(page)
    _read_styles(page)
    _nest_lists(page)
    _flatten_layout_tables(page)
    _mend_links(page)
    return nh3.clean(str(page), tags=_KEPT, attributes={"a": {"href"}, "ol": {"start"}}, link_rel=None)


def _without_conditions(html: str) -> str:
    """Word's conditional parts: what stands for old programs goes, what stands for browsers stays."""
    start, end = html.find("<!--StartFragment"), html.rfind("<!--EndFragment")
    if 0 <= start < end:
        html = html[html.find(">", start) + 1 : end]
    html = _SUPPORTS_LISTS.sub("", html)
    kept: list[str] = []
    at = 0
    while (start := html.find("<!--[if", at)) >= 0:
        kept.append(html[at:start])
        end = html.find("<![endif]-->", start)
        at = end + len("<![endif]-->") if end >= 0 else len(html)
    return _BARE_CONDITION.sub("", "".join(kept) + html[at:])


def _style(thing: Tag) -> str:
    return str(thing.get("style") or "")


def _classes(thing: Tag) -> list[str]:
    given = thing.get("class") or []
    return [given] if isinstance(given, str) else list(given)


def _drop_unseen(page: BeautifulSoup) -> None:
    for thing in page.find_all(True):
        if thing.decomposed:
            continue
        is_reader_only = thing.name != "br" and thing.get("aria-hidden") == "true"
        if _UNSEEN.search(_style(thing)) or thing.get("hidden") is not None or is_reader_only:
            thing.decompose()


def _unwrap_foreign(page: BeautifulSoup) -> None:
    """Word's own elements: empty paragraphs go, smart tags (a place, a date, a name) leave their words."""
    for thing in page.find_all(re.compile(":")):
        if thing.name.lower() == "o:p" and not thing.get_text(strip=True):
            thing.decompose()
        else:
            thing.unwrap()


def _read_styles(page: BeautifulSoup) -> None:
    """What a style says and an element should: bold, italic, a heading; and bold that its style says is none."""
    for thing in page.find_all(["b", "strong", "i", "em"]):
        style = _style(thing)
        is_bold = thing.name in ("b", "strong")
        if (_NOT_BOLD if is_bold else _UPRIGHT).search(style) or _holds_blocks(thing):
            thing.unwrap()
    for thing in page.find_all(["span", "font"]):
        style = _style(thing)
        is_heading = thing.find_parent(re.compile(r"^h[1-6]$")) is not None
        inner = thing
        if not is_heading and _BOLD.search(style) and not _holds_blocks(thing):
            inner = inner.wrap(page.new_tag("strong"))
        if not is_heading and _SLANTED.search(style) and not _holds_blocks(thing):
            inner.wrap(page.new_tag("em"))
        thing.unwrap()
    for thing in page.find_all(["b", "strong"]):
        if thing.find_parent(re.compile(r"^h[1-6]$")):
            thing.unwrap()
    for thing in page.find_all("p"):
        level = next((found[1] for name in _classes(thing) if (found := _HEADING_CLASS.match(name))), None)
        if level or "MsoTitle" in _classes(thing):
            thing.name = f"h{level or 1}"
        elif "MsoQuote" in _classes(thing):
            thing.wrap(page.new_tag("blockquote"))


def _holds_blocks(thing: Tag) -> bool:
    return any(isinstance(inner, Tag) and inner.name in _BLOCKS for inner in thing.descendants)


def _join_word_lists(page: BeautifulSoup) -> None:
    """Paragraphs that are Word's lists become lists, level under level."""
    open_lists: list[tuple[int, Tag]] = []
    last: Tag | None = None
    for thing in page.find_all("p"):
        found = _WORD_LIST.search(_style(thing))
        if not found and not any(name.startswith("MsoListParagraph") for name in _classes(thing)):
            continue
        level = int(found[1]) if found else 1
        marker = _take_marker(thing)
        kind = "ol" if _NUMBERED.match(marker) else "ul"
        if last is None or _next_thing(last) is not thing:
            open_lists = []
        while open_lists and open_lists[-1][0] > level:
            open_lists.pop()
        if open_lists and open_lists[-1][0] == level and open_lists[-1][1].name != kind:
            open_lists.pop()
        if not open_lists or open_lists[-1][0] < level:
            made = page.new_tag(kind)
            if open_lists:
                items = open_lists[-1][1].find_all("li", recursive=False)
                (items[-1] if items else open_lists[-1][1]).append(made)
            else:
                thing.insert_before(made)
            open_lists.append((level, made))
        top = open_lists[0][1]
        thing.extract()
        thing.name, thing.attrs = "li", {}
        open_lists[-1][1].append(thing)
        last = top


def _take_marker(item: Tag) -> str:
    """Take away the bullet or number that Word wrote as text, and give it."""
    for made_up in item.find_all(True):
        if _MADE_UP.search(_style(made_up)):
            marker = made_up.get_text()
            made_up.decompose()
            return marker
    text = item.find(string=True)
    if isinstance(text, NavigableString):
        for pattern in (_TYPED_BULLET, re.compile(r"^[\s\xa0]*\d{1,3}[.)][\s\xa0]+")):
            if found := pattern.match(text):
                text.replace_with(text[found.end() :])
                return found[0]
    return ""


def _next_thing(thing: Tag) -> Tag | None:
    following = thing.next_sibling
    while isinstance(following, NavigableString) and not following.strip():
        following = following.next_sibling
    return following if isinstance(following, Tag) else None


def _nest_lists(page: BeautifulSoup) -> None:
    """A list that stands beside the points of another belongs to the point before it; Google Docs writes it so."""
    for thing in page.find_all(["ul", "ol"]):
        if isinstance(thing.parent, Tag) and thing.parent.name in ("ul", "ol"):
            before = thing.find_previous_sibling("li")
            if before is not None:
                before.append(thing.extract())
            else:
                thing.unwrap()
    for item in page.find_all("li"):
        for paragraph in item.find_all("p", recursive=False):
            following = _next_thing(paragraph)
            if following is not None and following.name == "p":
                paragraph.insert_after(page.new_tag("br"))
            paragraph.unwrap()


def _flatten_layout_tables(page: BeautifulSoup) -> None:
    """A table with one column, or with tables in it, was there for the looks of a letter."""
    for table in reversed(page.find_all("table")):
        rows = list(table.find_all("tr"))
        is_layout = table.find("table") is not None or all(
            len(row.find_all(["td", "th"])) < 2 for row in rows
        )
        holds = table.find(["h1", "h2", "h3", "ul", "ol", "blockquote"]) is not None
        if not (is_layout or holds):
            continue
        for part in table.find_all(["td", "th", "caption"]):
            part.name, part.attrs = "div", {}
        for part in table.find_all(["tr", "tbody", "thead", "tfoot", "colgroup"]):
            part.unwrap()
        table.unwrap()


def _mend_links(page: BeautifulSoup) -> None:
    for link in page.find_all("a"):
        address = _plain_address(str(link.get("href") or "").strip())
        text = link.get_text(strip=True)
        if not address or not text:
            link.unwrap()
            continue
        link.attrs = {"href": address}
        for inner in link.find_all(_BLOCKS):
            inner.unwrap()


def _plain_address(address: str, *, wrappers: int = 3) -> str:
    """The address without what counts readers; none for one that leads nowhere from our pages."""
    if len(address) > LONGEST_ADDRESS:
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.scheme in ("mailto", "tel"):
        return address
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return ""
    host = parts.netloc.lower()
    names = _WRAPPERS.get(host) or (("url",) if host.endswith(".safelinks.protection.outlook.com") else ())
    asked = parse_qs(parts.query)
    for name in names:
        if wrappers and (inner := asked.get(name)):
            return _plain_address(inner[0], wrappers=wrappers - 1)
    kept = [one for one in parts.query.split("&") if one and not _COUNTERS.match(one.partition("=")[0])]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "&".join(kept), parts.fragment))


def _tidy(markdown: str) -> str:
    """Headings from ## on without gaps in their order, at most one empty line, no spaces at ends."""
    markdown = re.sub("[\xad\u200b\u2060\ufeff]", "", markdown).replace("\xa0", " ")
    lines = [
        line.rstrip() + ("  " if line.strip() and line.endswith("  ") else "")
        for line in markdown.split("\n")
    ]
    levels = sorted({len(found[1]) for line in lines if (found := re.match(r"(#{1,6}) ", line))})
    ranks = {level: "#" * min(6, place + 2) for place, level in enumerate(levels)}
    lines = [re.sub(r"^(#{1,6}) +", lambda found: ranks[len(found[1])] + " ", line) for line in lines]
    text = "\n".join(lines)
    text = re.sub(r"\*\*\s*\*\*", "", text)
    text = re.sub(r"  \n(?=\n|$)", "\n", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()
