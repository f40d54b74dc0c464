"""Text that people type: cleaned at the door, drawn safely, found and sorted as people expect."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

FOLDED_LENGTH = 200
MOST_FOLDED = 2000
"""Signs of a text that are looked at when it is folded or sorted; the rest could only be cut off again."""
SORT_KEY_LENGTH = 200
SLUG_LENGTH = 80

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
_CANNOT_BE_KEPT = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_AN_ADDRESS = r"@\s\x00-\x1f\x7f()\[\]<>\",;:\\"
_EMAIL = re.compile(f"[^{_NOT_IN_AN_ADDRESS}]+@[^{_NOT_IN_AN_ADDRESS}?=]+\\.[^.{_NOT_IN_AN_ADDRESS}?=]{{2,}}")
MOST_MARKS = 30
"""Marks on one letter; no language writes more. Source: Unicode's stream-safe text format (UAX 15, 13)."""


def clean(text: str) -> str:
    """The text as the house stores it: composed letters (NFC), lines ended by a newline.

    Raises ValueError for what a database or a feed cannot carry: NUL and its kind, lone surrogates; and for
    letters under a flood of marks, since composing them takes a time that grows with the square of their number.
    """
    text = _LINE_ENDS.sub("\n", text)
    if _CANNOT_BE_KEPT.search(text) or _is_flooded(text):
        raise ValueError("the text holds characters that cannot be kept")
    return unicodedata.normalize("NFC", text)


def is_email(typed: str) -> bool:
    """Whether this looks like an e-mail address, and could stand in a letter's head as it is.

    With «=?» begins a word in code (RFC 2047), in which a line of its own or another address may hide.
    """
    return len(typed) <= 254 and "=?" not in typed and _EMAIL.fullmatch(typed) is not None


def that_can_be_shown(text: str) -> str:
    """The text without what no page can carry, so that the rest of what was typed can be shown again."""
    return _CANNOT_BE_KEPT.sub("", text)


def _is_flooded(text: str) -> bool:
    if text.isascii():
        return False
    marks = 0
    for letter in text:
        marks = marks + 1 if unicodedata.combining(letter) else 0
        if marks > MOST_MARKS:
            return True
    return False


# --- drawn on a page ---------------------------------------------------------------------------------------

_TAGS = set(  # split, as thirty names in quotes are read by nobody
    "p br hr h2 h3 h4 h5 h6 strong em s ul ol li blockquote pre code a img table thead tbody tr th td"  # noqa: SIM905
    " figure figcaption picture source small".split()
)
QUIET, NO_LONGER_QUIET = "\ue000", "\ue001"
"""Around words of a text that are drawn small; signs of no alphabet, so that nothing a person writes holds them."""
_OF_PICTURES = {"width", "height", "srcset", "sizes"}
_ATTRIBUTES = {
    "a": {"href", "title", "rel"},
    "img": {"src", "alt", "title", "loading", "decoding", *_OF_PICTURES},
    "source": {"type", *_OF_PICTURES},
    "figure": {"class"},
    "ol": {"start"},
}
_SCHEMES = {"http", "https", "mailto", "tel"}


@dataclass(frozen=True)
class PictureInText:
    """A picture that a text in Markdown shows: `![alt](bild:<name> "caption")`, decorative with `#dekorativ`."""

    name: str
    alt: str
    caption: str
    is_decorative: bool
    start: int
    """Where it begins in the Markdown, counted in signs."""
    end: int

    @property
    def is_described(self) -> bool:
        """Whether somebody who does not see it misses nothing."""
        return bool(self.alt) or self.is_decorative


@dataclass(frozen=True)
class DrawnPicture:
    """A picture as HTML, empty when it is not shown, and the words below it, which may stand without it."""

    html: Markup
    caption: str


def _not_shown(picture: PictureInText) -> DrawnPicture:
    return DrawnPicture(Markup(), picture.caption)


def to_html(markdown: str, *, draw: Callable[[PictureInText], DrawnPicture] = _not_shown) -> Markup:
    """A text in Markdown as HTML that is safe on any page: no script, no style, nothing fetched elsewhere.

    Headings begin at h2, since the page's title is its only h1, and skip no level, whatever
    was typed. Pictures that the text names are drawn by `draw`; others are shown only from our own address, and
    of one from elsewhere its description remains.
    """
    tokens = _with_figures(_MARKDOWN.parse(markdown), draw)
    highest = min((int(token.tag[1]) for token in tokens if token.type == "heading_open"), default=1)
    level = 1
    for token in _every(tokens):
        match token.type:
            case "heading_open":
                level = min(int(token.tag[1]) - highest + 2, level + 1)
                token.tag = f"h{level}"
            case "heading_close":
                token.tag = f"h{level}"
            case "link_open" if _leads_away(str(token.attrs.get("href", ""))):
                token.attrSet("rel", "nofollow noopener")
            case "image" if _is_our_own(str(token.attrs.get("src", ""))):
                token.attrSet("loading", "lazy")
            case "image":
                token.type, token.tag, token.content = "text", "", _plain(token.children or [])
            case "th_open" | "td_open":
                token.attrs.pop("style", None)
    html = _without_quiet_marks(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))
    return Markup(  # noqa: S704 - cleaned by nh3, the one place for it # nosec B704
        nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None)
    )


def pictures_in(markdown: str) -> tuple[PictureInText, ...]:
    """The pictures that a text in Markdown shows, in reading order, whether they are known or not."""
    found: list[PictureInText] = []
    at = 0
    for token in _every(_MARKDOWN.parse(markdown)):
        picture = _as_picture(token)
        if picture is None:
            continue
        here = _WRITTEN.search(markdown, at)
        while here and here["name"] != picture.name:  # such as one that stands within a code block
            here = _WRITTEN.search(markdown, here.end())
        if here:
            picture, at = replace(picture, start=here.start(), end=here.end()), here.end()
        found.append(picture)
    return tuple(found)


def to_plain(markdown: str) -> str:
    """A text in Markdown as one line without any marks."""
    return " ".join(_plain(_MARKDOWN.parse(_without_quiet_marks(markdown))).split())


def first_words(markdown: str, length: int = 160) -> str:
    """The beginning of a text in Markdown, without marks: at most `length` characters, whole words."""
    plain = to_plain(markdown)
    if len(plain) <= length:
        return plain
    cut = plain[:length]
    whole_words = cut[: cut.rfind(" ")] if " " in cut else cut[:-1]
    return f"{whole_words.rstrip(' ,.;:–-')}…"


_NAMES = "bild:"
_DECORATIVE = "#dekorativ"
_WRITTEN = re.compile(
    r"!\[(?:[^\[\]\\]|\\.)*\]\(\s*<?bild:(?P<name>[^\s#<>()]*)(?:#dekorativ)?>?"
    r"(?:\s+(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\)))?\s*\)",
    re.DOTALL,
)


def _as_picture(token: Token) -> PictureInText | None:
    """The picture that a token names, without its place; None when it is something else."""
    address = str(token.attrs.get("src", ""))
    if token.type != "image" or not address.startswith(_NAMES):
        return None
    name, mark, _rest = address.removeprefix(_NAMES).partition(_DECORATIVE)
    alt = " ".join(_plain(token.children or []).split())
    caption = " ".join(str(token.attrs.get("title", "")).split())
    return PictureInText(name, alt, caption, bool(mark), 0, 0)


def _with_figures(tokens: list[Token], draw: Callable[[PictureInText], DrawnPicture]) -> list[Token]:
    """The tokens of a text with its pictures drawn: a figure of its own between paragraphs, or within a line."""
    done: list[Token] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        if token.type == "paragraph_open" and any(map(_as_picture, tokens[place + 1].children or ())):
            done.extend(_apart(tokens[place : place + 3], draw))
            place += 3
            continue
        done.append(token)
        place += 1
    for token in _every(done):
        picture = _as_picture(token)
        if picture is not None:
            drawn = draw(picture)
            token.type, token.tag = "html_inline", ""
            token.content = str(drawn.html or escape(drawn.caption))
    return done


def _apart(paragraph: list[Token], draw: Callable[[PictureInText], DrawnPicture]) -> list[Token]:
    """A paragraph with pictures as paragraphs and figures, one after the other."""
    begins, inline, ends = paragraph
    done: list[Token] = []
    words: list[Token] = []

    def end_the_words() -> None:
        while words and words[0].type in ("softbreak", "hardbreak"):
            words.pop(0)
        while words and words[-1].type in ("softbreak", "hardbreak"):
            words.pop()
        if any(one.type != "text" or one.content.strip() for one in words):
            done.extend((begins, replace(inline, children=[*words]), ends))
        words.clear()

    depth = 0
    for child in inline.children or ():
        depth += child.nesting
        picture = _as_picture(child) if depth == 0 else None
        if picture is None:
            words.append(child)
            continue
        end_the_words()
        figure = _figure(draw(picture))
        if figure:
            done.append(Token("html_block", "", 0, content=figure, block=True))
    end_the_words()
    return done


def _figure(drawn: DrawnPicture) -> str:
    caption = escape(drawn.caption)
    if not drawn.html:
        return f"<p>{caption}</p>\n" if caption else ""
    below = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f'<figure class="figure">{drawn.html}{below}</figure>\n'


def _may_be_linked(url: str) -> bool:
    """Whether a link may lead there: the web, mail, telephone, or a page of ours (one slash)."""
    if re.search(r"[\s\\\x00-\x20]", url):  # browsers read a backslash as a slash, and skip tabs
        return False
    if url.startswith(("#", _NAMES)) or _is_our_own(url):
        return True
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme.lower() in _SCHEMES and bool(
        parts.netloc or parts.scheme.lower() in ("mailto", "tel")
    )


def _is_our_own(address: str) -> bool:
    return re.match(r"/(?!/|\\|%5c)", address, re.IGNORECASE) is not None


def _leads_away(address: str) -> bool:
    return address.lower().startswith(("http:", "https:"))


def _markdown() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    reader.validateLink = _may_be_linked
    reader.add_render_rule("text", _words)
    return reader


def _words(_renderer: Any, tokens: Sequence[Token], place: int, _options: Any, _env: Any) -> str:
    told = str(escape(tokens[place].content))
    return told.replace(QUIET, "<small>").replace(NO_LONGER_QUIET, "</small>")


def _without_quiet_marks(text: str) -> str:
    return text.replace(QUIET, "").replace(NO_LONGER_QUIET, "")


_MARKDOWN = _markdown()


def _every(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _every(token.children or ())


def _plain(tokens: Sequence[Token]) -> str:
    parts: list[str] = []
    for token in tokens:
        if token.type in ("softbreak", "hardbreak") or token.block:
            parts.append(" ")
        if token.children:
            parts.append(_plain(token.children))
        elif token.type in ("text", "code_inline", "fence", "code_block"):
            parts.append(token.content)
    return "".join(parts)


# --- found, sorted, addressed ------------------------------------------------------------------------------

_LETTERS_WITHOUT_MARKS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th"}
    | {"ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ـ": ""}  # Arabic and Persian spellings of one name
)
_DASHES = re.compile(r"[-‐‑‒–—−_/]")
_NEITHER_LETTER_NOR_SPACE = re.compile(r"[^\w\s]")


def folded(text: str) -> str:
    """The text as it is searched: small letters and digits without accents; å and ä are a, ö is o.

    At most 200 characters.
    """
    text = _DASHES.sub(" ", _without_marks(text[:MOST_FOLDED]).translate(_LETTERS_WITHOUT_MARKS))
    return " ".join(_NEITHER_LETTER_NOR_SPACE.sub("", text).split())[:FOLDED_LENGTH].rstrip()


def slug_of(text: str, *, otherwise: str = "text", longest: int = SLUG_LENGTH) -> str:
    """The part of an address made from a headline: a to z, digits, hyphens; else `otherwise`."""
    words = re.findall(r"[a-z0-9]+", folded(text))
    slug = "-".join(words)
    if len(slug) > longest:
        slug = (
            slug[:longest]
            if slug[longest] == "-"
            else slug[: longest + 1].rpartition("-")[0] or slug[:longest]
        )
    return slug or otherwise


def sort_key(text: str) -> str:
    """A key that sorts as the Swedish alphabet does: å, ä and ö last, capitals and other accents ignored.

    It holds digits only, so that every database sorts it alike whatever language it was set up for. At most
    200 characters, that is the first hundred letters.
    """
    swedish = unicodedata.normalize("NFC", text[:MOST_FOLDED]).casefold().translate(_AS_IN_SWEDISH)
    places = (_place(letter) for letter in swedish)
    key = ""
    for place in places:
        if len(key) + len(place) > SORT_KEY_LENGTH:
            break
        key += place
    return key


_AS_IN_SWEDISH = str.maketrans({"æ": "ä", "ø": "ö", "ü": "y", "ű": "y", "ő": "ö", "œ": "ö"})
_ALPHABET = {letter: f"{20 + number}" for number, letter in enumerate("abcdefghijklmnopqrstuvwxyzåäö")}


def _place(letter: str) -> str:
    """Where a letter stands, in two digits; one of another script, in eight, after the whole alphabet."""
    if letter in _ALPHABET:
        return _ALPHABET[letter]
    if letter.isspace() or _DASHES.match(letter):
        return "01"
    plain = _without_marks(letter).translate(_LETTERS_WITHOUT_MARKS)
    return "".join(
        _ALPHABET.get(part) or (f"1{part}" if part in "0123456789" else f"9{ord(part):07}")
        for part in plain
        if part.isalnum()
    )


def _without_marks(text: str) -> str:
    """Small letters without accents, in whatever script; doing it again changes nothing."""
    for _round in range(2):  # folding capitals can bring out new accents
        apart = unicodedata.normalize("NFKD", text)
        text = "".join(
            letter for letter in apart if unicodedata.category(letter) not in ("Mn", "Cf")
        ).casefold()
    return text


# --- what must never be stored -----------------------------------------------------------------------------

_IDENTITY_NUMBER = re.compile(
    r"(?<![0-9])"
    r"(?P<century>18|19|20)?(?P<year>[0-9]{2})(?P<gap>[-. /]?)(?P<month>[0-9]{2})(?P=gap)(?P<day>[0-9]{2})"
    r"(?: ?[-+] ?| )?(?P<last>[0-9]{4})"
    r"(?![0-9])"
)


def has_identity_number(text: str) -> bool:
    """Whether the text holds what looks like a personnummer or samordningsnummer, however it is written.

    The number must have a day that exists (plus 60 in a samordningsnummer) and the right check digit (SKV
    704), so that telephone numbers, sums and dates pass.
    """
    return any(_is_identity_number(found) for found in _identity_number_candidates(text))


def _identity_number_candidates(text: str) -> Iterator[re.Match[str]]:
    if sum(letter.isdecimal() for letter in text) < 10:
        return
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKC", text) if unicodedata.category(letter) != "Cf"
    )
    plain = "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in plain)
    plain = re.sub(r"[^\S\n]+", " ", re.sub(r"[‐‑‒–—−]", "-", plain))
    at = 0
    while found := _IDENTITY_NUMBER.search(plain, at):
        yield found
        at = found.start() + 1


def _is_identity_number(found: re.Match[str]) -> bool:
    year, month, day = int(found["year"]), int(found["month"]), int(found["day"])
    day = day - 60 if day > 60 else day
    centuries = [found["century"]] if found["century"] else ["19", "20"]
    if not any(_is_day(int(century) * 100 + year, month, day) for century in centuries):
        return False
    digits = found["year"] + found["month"] + found["day"] + found["last"]
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(digits))
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
