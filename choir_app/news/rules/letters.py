"""What follows from a letter alone: who gets it, when it is tried again, what an answer of the mail server means."""

import re
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from html.parser import HTMLParser
from uuid import UUID

from choir_app.foundation.figures import FEWEST_PEOPLE
from choir_app.news.rules.languages import EASY, SOURCE

SUBSCRIPTION_STATES: tuple[str, ...] = ("asked", "active", "stopped", "resting")
DELIVERY_STATES: tuple[str, ...] = ("waiting", "claimed", "sent", "left_out", "given_up", "unsure")
"""`unsure`: the process or the line died while the letter was handed over; nobody knows whether it was taken."""

TIME_TO_TAKE_BACK = timedelta(minutes=5)
"""From when a post comes out until its letters leave: long enough to withdraw what was published by mistake."""
GOES_OUT_WITHIN = timedelta(days=7)
"""A post that came out longer ago is no news, and is not sent."""
UNCONFIRMED_KEPT = timedelta(days=7)
STOPPED_KEPT = timedelta(days=30)
"""So long may somebody who stopped by mistake begin again by the link in an old letter."""
RESTING_KEPT = timedelta(days=90)
READERS_KEPT = timedelta(days=180)
"""How long it is known who was sent which letter."""
MOST_TRIES = 8
UNDER_WAY_AT_MOST = timedelta(minutes=10)
"""Whoever took a letter upon itself longer ago died over it: each step of handing it over takes seconds."""
BOUNCES_TO_REST = 3
FEWEST = FEWEST_PEOPLE
"""A number about fewer people is not shown."""


def subscription_state(
    *, confirmed_at: datetime | None, stopped_at: datetime | None, rests_since: datetime | None
) -> str:
    """Where a subscription stands: one of `SUBSCRIPTION_STATES`."""
    if confirmed_at is None:
        return "asked"
    if stopped_at is not None:
        return "stopped"
    return "resting" if rests_since is not None else "active"


def pause_after(tries: int) -> timedelta:
    """How long to wait after so many tries that failed: 5, 10, 20 … minutes, eight tries in half a day."""
    return timedelta(minutes=5 * 2 ** (tries - 1))


def wants(*, is_about_all: bool, towns: Collection[UUID], post_towns: Collection[UUID]) -> bool:
    """Whether a subscriber gets a post: about all towns, or one of theirs, or about no town, that is all of us."""
    return is_about_all or not post_towns or bool(set(towns) & set(post_towns))


def best_language(wanted: str, shown: Iterable[str]) -> str:
    """The language in which a reader of `wanted` is sent a post: that one, else easy Swedish, else Swedish."""
    known = set(shown)
    if wanted in known:
        return wanted
    return EASY if wanted != SOURCE and EASY in known else SOURCE


_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")


def status_in(words: str, code: int) -> str:
    """The enhanced status code in a server's words (RFC 3463), such as 5.1.1; else its three digits."""
    found = _ENHANCED.search(words)
    return found.group(0) if found and found.group(1) == str(code)[:1] else str(code)


def is_for_good(status: str) -> bool:
    """Whether trying again is of no use."""
    return status.startswith("5")


def is_of_the_address(status: str) -> bool:
    """Whether a permanent no is about the address and not about us: unknown, moved, closed, full.

    Source: RFC 3463, classes X.1 and X.2; without an enhanced code RFC 5321's 550, 551, 552 and 553.
    """
    found = _ENHANCED.fullmatch(status)
    if found:
        return found.group(1) == "5" and found.group(2) in ("1", "2")
    return status in ("550", "551", "552", "553")


class _Plain(HTMLParser):
    """Reads our own HTML aloud: paragraphs apart, points with a dash, links with their address."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _BLOCKS:
            self.parts.append("\n\n")
        elif tag in ("li", "tr"):
            self.parts.append("\n– " if tag == "li" else "\n")
        elif tag == "br":
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append(" ")
        elif tag == "a":
            self.links.append(given.get("href") or "")
        elif tag == "hr":
            self.parts.append("\n\n* * *\n\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n\n")
        elif tag == "a" and self.links:
            where = self.links.pop()
            if where and not "".join(self.parts).endswith(where):
                self.parts.append(f" ({where})")

    def handle_data(self, data: str) -> None:
        self.parts.append(re.sub(r"\s+", " ", data))


_BLOCKS = frozenset({"p", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "table", "pre", "figure"})


def as_plain_text(html: str) -> str:
    """A text in our own HTML as somebody reads it in a letter without any."""
    reader = _Plain()
    reader.feed(html)
    reader.close()
    text = re.sub(r"[ \t]*\n[ \t]*", "\n", "".join(reader.parts))
    text = re.sub(r"\n–\s*\n+", "\n– ", text)
    text = re.sub(r"\n{2,}– ", "\n– ", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()
