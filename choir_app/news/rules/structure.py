"""How a text is built: whether its headings make a list of contents, and every link says where it leads."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

HIGHEST = 2
"""The level of the first heading within a text, since the page's title is the only one above it."""


@dataclass(frozen=True)
class Fault:
    """Something of a text that somebody who hears it read would be lost at; its place counted in signs."""

    kind: str
    """heading_too_high, heading_jump or empty_link."""
    words: str
    start: int
    end: int
    level: int = 0
    """Of the heading, as it was written."""
    above: int = 0
    """Of the heading before it; of the first, that of the page's title."""


def faults_in(markdown: str) -> tuple[Fault, ...]:
    """The faults of a text in Markdown, in reading order."""
    starts = _starts_of_lines(markdown)
    tokens = _MARKDOWN.parse(markdown)
    found = [*_heading_faults(tokens, markdown, starts), *_empty_links(tokens, markdown, starts)]
    return tuple(sorted(found, key=lambda one: one.start))


def _heading_faults(tokens: Sequence[Token], markdown: str, starts: list[int]) -> Iterator[Fault]:
    above = 1
    for place, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        level = int(token.tag[1])
        start, end = _place_of(token, markdown, starts)
        words = tokens[place + 1].content
        if level < HIGHEST:
            yield Fault("heading_too_high", words, start, end, level, above)
        elif level > above + 1:
            yield Fault("heading_jump", words, start, end, level, above)
        above = max(level, HIGHEST)


def _empty_links(tokens: Sequence[Token], markdown: str, starts: list[int]) -> Iterator[Fault]:
    for token in tokens:
        if token.type != "inline":
            continue
        start, end = _place_of(token, markdown, starts)
        at = start
        for address in _addresses_without_words(token.children or ()):
            here = _WITHOUT_WORDS.search(markdown, at, end)
            yield Fault("empty_link", address, here.start() if here else start, here.end() if here else end)
            at = here.end() if here else at


_WITHOUT_WORDS = re.compile(r"(?<!!)\[(?:\s|!\[\s*\]\([^)\n]*\))*\]\([^)\n]*\)")


def _addresses_without_words(tokens: Sequence[Token]) -> Iterator[str]:
    address, words = "", ""
    for token in tokens:
        if token.type == "link_open":
            address, words = str(token.attrs.get("href", "")), ""
        elif token.type == "link_close":
            if not words.strip():
                yield address
        else:
            words += token.content  # of a picture, its alternative text


def _starts_of_lines(markdown: str) -> list[int]:
    starts, at = [0], 0
    for line in markdown.split("\n"):
        at += len(line) + 1
        starts.append(at)
    return starts


def _place_of(token: Token, markdown: str, starts: list[int]) -> tuple[int, int]:
    first, after = token.map or [0, 1]
    start = starts[min(first, len(starts) - 1)]
    return start, max(start, min(starts[min(after, len(starts) - 1)] - 1, len(markdown)))


def _markdown() -> MarkdownIt:
    """Reads as `foundation.text` does, but takes every address: what it leads to is not asked here."""
    reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    reader.validateLink = _any_address
    return reader


def _any_address(url: str) -> bool:
    return bool(url)


_MARKDOWN = _markdown()
