"""What a friend would say who reads a text before it is published: what is long, hard or said by nobody.

All of it is counted here, from word lists of our own; no text leaves the house for it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from choir_app.news.rules.languages import EASY, SOURCE
from choir_app.news.rules.searching import stems_of

SWEDISH = (SOURCE, EASY)
COACHED = ("headline", "lead", "body")
"""What is read through, in the order in which a reader meets it."""
MOST_REMARKS = 60
FEWEST_WORDS = 20
"""Words below which a readability number says nothing."""
LONGEST_SHORT_FORM = 40
"""Signs before a full stop that are looked at, to tell a short form from the end of a sentence."""
LONG_FOR_LIX = 6
"""Letters; a word of more is a long word of LIX."""
STEPS = ((30, "very_easy"), (40, "easy"), (50, "medium"), (60, "hard"))
"""Up to which LIX a text is how hard. Source: Björnsson, Läsbarhet (1968): stories for children, novels, newspapers,
what authorities write; above it, only they themselves."""


@dataclass(frozen=True)
class Limits:
    """From where on something is remarked on."""

    sentence: int
    """Words of a sentence."""
    word: int | None
    """Letters of a word; None where words are not counted."""


ORDINARY = Limits(sentence=20, word=15)
EASIER = Limits(sentence=10, word=11)
"""Source of ten words: DESIGN.md, tone of voice, rule 5."""
ELSEWHERE = Limits(sentence=25, word=None)


@dataclass(frozen=True)
class Remark:
    """Something at a place of a text that a reader may stumble over."""

    kind: str
    """long_sentence, long_word, passive, hard_word or short_form."""
    part: str
    """headline, lead or body."""
    start: int
    end: int
    words: str
    """What stands there."""
    count: int = 0
    """Words of the sentence, letters of the word."""
    plainly: str = ""
    """What a hard word means; what a short form is short for."""


@dataclass(frozen=True)
class Advice:
    """What there is to say of a text."""

    word_count: int
    sentence_count: int
    lix: int | None
    """None where the text is too short or not Swedish."""
    remarks: tuple[Remark, ...]
    is_cut: bool
    """Whether there are more remarks than are given."""

    @property
    def step(self) -> str:
        """How hard the text is, one of the words of `STEPS` or `very_hard`; empty without a number."""
        if self.lix is None:
            return ""
        return next((word for limit, word in STEPS if self.lix < limit), "very_hard")


@dataclass(frozen=True)
class Sentence:
    """A sentence at its place, and its words at theirs."""

    start: int
    end: int
    words: tuple[re.Match[str], ...]


def advise(parts: Mapping[str, str], language: str, *, explained: Mapping[str, str]) -> Advice:
    """Read a text through, as Markdown in its parts; `explained` says what hard words mean, by their stems.

    Places are counted in signs of the part as it was given.
    """
    limits = EASIER if language == EASY else ORDINARY if language in SWEDISH else ELSEWHERE
    found: list[Remark] = []
    read: list[Sentence] = []
    words_of_text = 0
    told = "\n".join(parts.get(part, "") for part in COACHED).casefold()
    known: set[str] = set()
    for part in COACHED:
        text = parts.get(part, "")
        bare = without_marks(text)
        sentences = tuple(sentences_of(text, bare))
        if part != "headline":
            read.extend(sentences)
            words_of_text += sum(len(one.words) for one in sentences)
        for one in sentences:
            found.extend(_of_sentence(one, part, text, limits))
            if language in SWEDISH:
                found.extend(_of_words(one, part, limits))
                found.extend(_passives(one, part, bare))
                if part != "headline":
                    found.extend(_hard_words(one, part, bare, explained, told, known))
        if language == EASY:
            found.extend(_short_forms(bare, part))
    found.sort(key=lambda one: (COACHED.index(one.part), one.start, one.end))
    lix = lix_of(read) if language in SWEDISH and words_of_text >= FEWEST_WORDS else None
    return Advice(words_of_text, len(read), lix, tuple(found[:MOST_REMARKS]), len(found) > MOST_REMARKS)


def lix_of(sentences: list[Sentence]) -> int:
    """How hard a text is to read: words per sentence and per cent of words with more than six letters, added.

    Source: C. H. Björnsson, Läsbarhet, Liber 1968: LIX = O / M + 100 L / O; a sentence ends at a full stop, a
    question or exclamation mark or a colon, or where the next heading, point or paragraph begins.
    """
    words = [found.group() for one in sentences for found in one.words]
    if not words:
        return 0
    long_words = sum(1 for word in words if len(word.replace("-", "")) > LONG_FOR_LIX)
    return round(len(words) / max(1, len(sentences)) + 100 * long_words / len(words))


# --- the text without its marks ------------------------------------------------------------------------------

_MARKS = (
    (re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.MULTILINE | re.DOTALL), ""),
    (re.compile(r"`[^`\n]*`"), ""),
    (re.compile(r"!\[[^\[\]]{0,500}\]\([^()\n]{0,1000}\)"), ""),
    (re.compile(r"\]\([^()\n]{0,1000}\)"), ""),
    (re.compile(r"<[^<>\s]{0,500}>|(?:https?://|www\.)\S+|(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{1,200}\.\w+"), ""),
    (re.compile(r"\{\{[^{}\n]*\}\}"), "0"),
    (re.compile(r"^[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]+", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*[>#]+[> #\t]*", re.MULTILINE), ""),
    (re.compile(r"[*_~|\[\]\\]"), ""),
)
_WORD = re.compile(r"[^\W_](?:[\w\u0300-\u036f\u064b-\u0652’'-]|[.:](?=\w))*")
_END = re.compile(r"[.!?…:؟۔።፧]+[\"”’»)\]]*(?=\s|$)")
_STARTS_ANEW = re.compile(r"[ \t]*(?:[-*+][ \t]|\d{1,3}[.)][ \t]|#|>|\|)")


def without_marks(markdown: str) -> str:
    """The text with a blank in place of every sign of Markdown, so that each word stays at its place."""
    bare = markdown
    for pattern, instead in _MARKS:
        bare = pattern.sub(lambda found, kept=instead: _blank(found.group(), kept), bare)
    return bare


def _blank(text: str, kept: str) -> str:
    return kept + re.sub(r"[^\n]", " ", text[len(kept) :])


def sentences_of(markdown: str, bare: str) -> Iterator[Sentence]:
    """The sentences of a text and of itself without marks; a paragraph, a heading and a point end one too."""
    for start, end in _blocks(markdown):
        begin = start
        for found in _END.finditer(bare, start, end):
            if _ends_here(bare, begin, found, end):
                yield from _sentence(bare, begin, found.end())
                begin = found.end()
        yield from _sentence(bare, begin, end)


def _blocks(markdown: str) -> Iterator[tuple[int, int]]:
    start = at = 0
    for line in markdown.split("\n"):
        if not line.strip() or _STARTS_ANEW.match(line):
            yield start, at
            start = at
        at += len(line) + 1
        if line.lstrip().startswith("#"):
            yield start, at - 1
            start = at
    yield start, len(markdown)


def _ends_here(bare: str, begin: int, found: re.Match[str], end: int) -> bool:
    if found.group()[0] != ".":
        return True
    before = max(begin, found.end() - LONGEST_SHORT_FORM)
    last = bare[before : found.end()].split()[-1].lstrip('("”').casefold()
    if last in abbreviations():
        follows = _NEXT_SIGN.search(bare, found.end(), end)
        return last in _MAY_END and follows is not None and follows.group().isupper()
    return re.fullmatch(r"[^\W\d_]\.", last) is None or last in ("i.", "å.", "ö.")


_NEXT_SIGN = re.compile(r"\S")
_MAY_END = frozenset(("m.m.", "mm.", "m.fl.", "osv.", "o.s.v.", "etc."))


def _sentence(bare: str, start: int, end: int) -> Iterator[Sentence]:
    words = tuple(_WORD.finditer(bare, start, end))
    if words:
        closes = start + len(bare[start:end].rstrip())
        yield Sentence(words[0].start(), max(words[-1].end(), closes), words)


# --- what there is to remark on ------------------------------------------------------------------------------


def _of_sentence(one: Sentence, part: str, text: str, limits: Limits) -> Iterator[Remark]:
    if len(one.words) > limits.sentence:
        shown = " ".join(text[one.start : one.end].split())
        yield Remark("long_sentence", part, one.start, one.end, shown, count=len(one.words))


def _of_words(one: Sentence, part: str, limits: Limits) -> Iterator[Remark]:
    for place, found in enumerate(one.words):
        word = found.group()
        if limits.word is None or (place and word[0].isupper()):  # a name is as long as it is
            continue
        length = max(len(piece) for piece in word.split("-"))
        if length >= limits.word:
            yield Remark("long_word", part, found.start(), found.end(), word, count=length)


def _passives(one: Sentence, part: str, bare: str) -> Iterator[Remark]:
    """Verbs by which nobody does anything: «betalades», «har skrivits», «blev vald»."""
    words = [found.group().casefold() for found in one.words]
    for place, (found, word) in enumerate(zip(one.words, words, strict=True)):
        before = words[max(0, place - 5) : place]
        is_name = place > 0 and found.group()[0].isupper()
        if not is_name and _is_passive(word, before):
            yield Remark("passive", part, found.start(), found.end(), found.group())
        elif word in ("blir", "blev", "bli", "blivit"):
            for later in range(place + 1, min(place + 4, len(words))):
                if _is_participle(words[later]):
                    end = one.words[later].end()
                    yield Remark(
                        "passive", part, found.start(), end, " ".join(bare[found.start() : end].split())
                    )
                    break


_PAST = re.compile(r"(?:ades|[^aeiouyåäö][td]es)$")
_SUPINE = re.compile(r"(?:ats|its|tts|[dgklnprsv]ts)$")
_OF_SOMEBODY = re.compile(r"(?:arnas|ernas|ornas|ndenas)$")


def _is_passive(word: str, before: list[str]) -> bool:
    lists = _lists()
    if len(word) < 3 or word in lists["not_passive"] or word in lists["no_verbs"]:
        return False
    if word in lists["passive"] or (len(word) > 5 and _PAST.search(word)):
        return True
    if _SUPINE.search(word):
        return any(helper in ("har", "hade", "ha") for helper in before) and not word.endswith("plats")
    return (
        len(word) > 4 and word.endswith("as") and not word.endswith("aas") and not _OF_SOMEBODY.search(word)
    )


def _is_participle(word: str) -> bool:
    lists = _lists()
    if word in lists["no_participles"] or any(word.endswith(one) for one in ("stad", "nad", "mat")):
        return False
    return word in lists["participles"] or (
        len(word) > 5 and (word.endswith(("ad", "ade")) or (word.endswith("at") and len(word) > 6))
    )


def _hard_words(
    one: Sentence, part: str, bare: str, explained: Mapping[str, str], told: str, known: set[str]
) -> Iterator[Remark]:
    """Words that need to be explained where they come first; not those that the text explains itself."""
    for found in one.words:
        stem = stem_of(found.group())
        meaning = explained.get(stem)
        if meaning is None or stem in known:
            continue
        known.add(stem)
        if meaning.casefold() in told or _EXPLAINS.match(bare, found.end()):
            continue
        yield Remark("hard_word", part, found.start(), found.end(), found.group(), plainly=meaning)


_EXPLAINS = re.compile(r"[ \t]*\(\s*[^\W\d]|,? (?:det vill säga|alltså|som betyder|som är) ")


def _short_forms(bare: str, part: str) -> Iterator[Remark]:
    for found in _short_form().finditer(bare):
        whole = abbreviations()[found.group().casefold()]
        yield Remark("short_form", part, found.start(), found.end(), found.group(), plainly=whole)


# --- the word lists ------------------------------------------------------------------------------------------


def stem_of(word: str) -> str:
    """What all forms of a Swedish word have in common: «bidraget» is explained as «bidrag» is."""
    stems = stems_of(word, SOURCE)
    return stems[0] if stems else ""


@cache
def _lists() -> dict[str, frozenset[str]]:
    known = _file()
    return {
        name: frozenset(" ".join(known[name]).split())
        for name in ("only_in_easy", "not_passive", "no_verbs", "passive", "participles", "no_participles")
    }


@cache
def abbreviations() -> dict[str, str]:
    """What is shortened, and what it is short for."""
    return _file()["abbreviations"]


def words_explained(language: str) -> dict[str, str]:
    """The words that the house explains in a text of this language, and what they mean in plain words."""
    if language not in SWEDISH:
        return {}
    also = language == EASY
    return {word: says for word, says in _file()["explained"].items() if also or not _is_only_in_easy(word)}


def _is_only_in_easy(word: str) -> bool:
    return word in _lists()["only_in_easy"]


@lru_cache(maxsize=1)
def _short_form() -> re.Pattern[str]:
    longest_first = sorted(abbreviations(), key=len, reverse=True)
    return re.compile(rf"(?<![\w.])(?:{'|'.join(map(re.escape, longest_first))})(?![\w])", re.IGNORECASE)


@cache
def _file() -> dict[str, dict[str, str]]:
    return json.loads((Path(__file__).parents[1] / "coach_words.json").read_text(encoding="utf-8"))
