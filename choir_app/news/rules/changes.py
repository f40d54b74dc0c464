"""What changed between two texts, word by word, as somebody would mark it with a pencil."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

MOST_COMPARED = 20_000
"""Words and gaps; two longer texts are compared line by line, since the time grows with their product."""

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True)
class Piece:
    """Some of a text, and what happened to it: `same`, `added` or `removed`."""

    kind: str
    text: str


def changed_words(before: str, after: str) -> tuple[Piece, ...]:
    """The two texts as one: what stayed, what was taken out and what came in, in reading order.

    All that is not `added`, put together, is the text before; all that is not `removed`, the text after.
    """
    pattern = _WORDS
    old, new = pattern.findall(before), pattern.findall(after)
    if len(old) + len(new) > MOST_COMPARED:
        old, new = _LINES.findall(before), _LINES.findall(after)
    pieces: list[Piece] = []
    for what, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            pieces.append(Piece("same", "".join(old[first:last])))
            continue
        if last > first:
            pieces.append(Piece("removed", "".join(old[first:last])))
        if end > start:
            pieces.append(Piece("added", "".join(new[start:end])))
    return tuple(pieces)
