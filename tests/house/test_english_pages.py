"""No Swedish of ours on the English pages: a walk through every page as each role, looking for Swedish words.

What people have written may be Swedish: it carries its own language, stands in <bdi>, or is found in the database.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from flask import Flask

from choir_app.choirs.forms import COUNTIES
from choir_app.choirs.rules import READING_LANGUAGES
from choir_app.foundation.database import Model, db
from tests.house.walk import EVERYONE, ROLES, ROWS, address, cast_of_the_demo
from tests.visitor import Visitor

SWEDISH = re.compile(
    r"\w*[åäöÅÄÖ]\w*"
    r"|\b(och|av|med|ett|det|som|ska|kan|vi|du|din|ditt|dina|alla|ingen|inget|inga|kl|kr per"
    r"|repetition(er|en)?|avtal(et)?|sjunger|lokal(en)?|kostnad(en|er)?|betalar|spara|skriv|visa|ny|nytt|nya"
    r"|namn|dag|dagar|stad|ort|orter|plats|tid|klockan|nyheter|finansiering|partnern|konto|kontot)\b",
    re.IGNORECASE,
)
"""Letters that English lacks, and small words that stand in almost every Swedish text and in no English one."""
NAMES_OF_OURS = ("Östersund", "Hagström", "Jämtland’s", "Gryta", "Grytan", "Svenska")
"""Names that the English texts themselves mention."""
CUT_SHORT = re.compile(r"(\w+ ){0,2}\w+…")
"""A partner's name that had no room in a chart."""
ADDRESS = re.compile(r"https?://\S+")
"""An address that is shown to be copied: it is the same words in every language."""
IN_A_WORD = re.compile(r"\w")
FEW = 4
"""By how many letters of its beginning a text is looked up."""
WALKERS = ("guest", "member", "leader", "manager", "administrator")
NO_PAGES = ("/static/", "/api/", "/bilder/", "/healthz", "/readyz", "/favicon")


def strings_in(value: Any) -> Iterator[str]:
    """Every text in a value of the database, also inside JSON."""
    if isinstance(value, str):
        yield value
        if value[:1] in ("[", "{"):
            yield from strings_in(json.loads(value))
    elif isinstance(value, dict | list | tuple):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings_in(inner)


class People:
    """What people have written, to be taken out of a page's text."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.by_beginning: dict[str, list[str]] = {}
        for text in sorted(map(_lower, texts), key=len, reverse=True):
            self.by_beginning.setdefault(text[:FEW], []).append(text)

    def taken_out(self, text: str) -> str:
        """The text with a dot for each thing that people have written: whole words only, the longest that fits."""
        low, parts, done = _lower(text), [], 0
        for start in re.finditer(r"(?<!\w)\S", low):
            if start.start() >= done and (length := self._fits(low, start.start())):
                parts += [text[done : start.start()], "·"]
                done = start.start() + length
        return "".join([*parts, text[done:]])

    def _fits(self, low: str, at: int) -> int:
        for few in range(FEW, 0, -1):
            for known in self.by_beginning.get(low[at : at + few], ()):
                if low.startswith(known, at) and not IN_A_WORD.match(low, at + len(known)):
                    return len(known)
        return 0


def _lower(text: str) -> str:
    return text.replace("İ", "I").lower()  # the one letter that would become two


def written_by_people() -> People:
    """Everything Swedish that the database holds."""
    found = set(NAMES_OF_OURS) | set(COUNTIES) | set(READING_LANGUAGES.values())
    for table in Model.metadata.sorted_tables:
        for row in db.session.execute(table.select()):
            found |= {" ".join(text.split()) for value in row for text in strings_in(value)}
    return People(text for text in found if SWEDISH.search(text))


def swedish_in(text: str, people: People) -> list[str]:
    """The Swedish words of a page that nobody but the house can have said, each with what stands around it."""
    left = CUT_SHORT.sub("·", people.taken_out(ADDRESS.sub("·", text)))
    return [left[max(0, hit.start() - 30) : hit.end() + 30] for hit in SWEDISH.finditer(left)]


def test_the_walk_finds_what_it_looks_for() -> None:
    people = People(["Kören på torget", "Kören"])
    assert swedish_in("Choirs sing. Kören på torget sings. Sing with us.", people) == []
    assert len(swedish_in("Choirs och singers. Nästa gång.", people)) == 3
    assert swedish_in("Copy the link: https://example.org/nyheter/2026/ny-lokal Read it.", people) == []


@pytest.mark.long
@pytest.mark.one_engine  # the pages are the same on either database, and the walk takes a while
def test_no_swedish_of_ours_on_english_pages(app: Flask, demo_network: None) -> None:
    cast = cast_of_the_demo()
    wrong = []
    for role in WALKERS:
        visitor = Visitor(app) if role == "guest" else Visitor(app).signs_in(cast.people[role])
        people = written_by_people()
        for rule in app.url_map.iter_rules():
            cell = ROWS.get(rule.endpoint, EVERYONE).split()[ROLES.index(role)]
            path = address(app, rule, cast.things.arguments(rule))
            if "GET" not in (rule.methods or ()) or cell != "200" or path.startswith(NO_PAGES):
                continue
            visitor.opens(f"/en{path}")
            if visitor.answer and visitor.answer.mimetype == "text/html":
                wrong += [f"{role}, /en{path}: …{said}…" for said in swedish_in(visitor.text, people)]
    assert wrong == [], f"{len(wrong)}:\n" + "\n".join(wrong)


@pytest.mark.one_engine
@pytest.mark.parametrize("path", ["/en/finns-inte", "/en/laget", "/en/logga-in"])
def test_nor_where_something_is_wrong(visitor: Visitor, path: str) -> None:
    """The error page, the door and a form with mistakes speak English too."""
    people = written_by_people()
    if path.endswith("logga-in"):
        visitor.opens(path).sends(path, 422, email="", password="")
    else:
        visitor.opens(path, 404 if path.endswith("inte") else 303)
    if visitor.answer and visitor.answer.status_code != 303:
        assert swedish_in(visitor.text, people) == []
