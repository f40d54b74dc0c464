"""How texts are found: every word becomes its stem, here and not in the database, so that each database finds the same.

Beside the stem of a word as it is written stands the stem of it without dots, rings and accents: «kör» is found by
«kör» and «kor», but «kor» is not found by «kör».
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from threading import Lock

import snowballstemmer

MOST_WORDS = 12
"""Words of a question that are looked for; the rest only repeat it."""
LONGEST_WORD = 60

_STEMMED_AS = {
    "sv": "swedish",
    "en": "english",
    "ar": "arabic",
    "es": "spanish",
    "fr": "french",
    "fi": "finnish",
}
_GROUP = {"sv": "sv", "sv-simple": "sv"}
_CHANGED_IN_PLURAL = (
    ("bostäder", "bostad"),
    ("bostader", "bostad"),
    ("vänner", "vän"),
    ("böcker", "bok"),
    ("städer", "stad"),
    ("nätter", "natt"),
)
"""Words whose plural the Swedish stemmer does not join to their singular."""
_LITTLE_WORDS = frozenset(
    (
        *("i", "på", "att", "och", "en", "ett", "den", "det", "de", "som", "för", "med", "till", "av", "är"),
        *("om", "vi", "du", "han", "hon", "vid", "från"),
        *("the", "a", "an", "of", "in", "and", "to", "is", "for", "on"),
    )
)
"""Words that a question does not need when it holds others."""
_WORD = re.compile(r"[^\W_]+")

_stemmers = {code: snowballstemmer.stemmer(name) for code, name in _STEMMED_AS.items()}
_one_at_a_time = Lock()  # a stemmer keeps the word it is at work on
_SAME_WORD = {
    _stemmers["sv"].stemWord(plural): _stemmers["sv"].stemWord(singular)
    for plural, singular in _CHANGED_IN_PLURAL
}


def stems_of(text: str, language: str) -> tuple[str, ...]:
    """The stems by which a text in a language is found, each once, marked with the language whose rules made them."""
    group = _group(language)
    found: dict[str, None] = {}
    for word in _words(text):
        found[group + _stem(word, group)] = None
        found[group + _bare(_stem(word, group))] = None
        found[group + _stem(_bare(word), group)] = None
    return tuple(found)


def query_groups(question: str, languages: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """What to look for: a text must hold every stem of one of the groups; a group for each way of stemming."""
    words = _words(question)
    words = ([word for word in words if word not in _LITTLE_WORDS] or words)[:MOST_WORDS]
    if not words:
        return ()
    groups = dict.fromkeys(_group(language) for language in languages)
    return tuple(tuple(dict.fromkeys(group + _stem(word, group) for word in words)) for group in groups)


def _group(language: str) -> str:
    code = _GROUP.get(language, language)
    return code if code in _STEMMED_AS else "xx"


def _words(text: str) -> list[str]:
    """The words of a text, small letters only; what stands under or over a letter and is no letter's own is dropped."""
    plain = unicodedata.normalize("NFKC", text.casefold())
    plain = "".join(letter for letter in plain if unicodedata.category(letter) not in ("Mn", "Cf"))
    return [word[:LONGEST_WORD] for word in _WORD.findall(plain)]


def _bare(word: str) -> str:
    apart = unicodedata.normalize("NFKD", word)
    return "".join(letter for letter in apart if unicodedata.category(letter) != "Mn")


@lru_cache(maxsize=50_000)
def _stem(word: str, group: str) -> str:
    stemmer = _stemmers.get(group)
    if stemmer is None:
        return word
    with _one_at_a_time:
        stem = stemmer.stemWord(word)
    return _SAME_WORD.get(stem, stem) if group == "sv" else stem
