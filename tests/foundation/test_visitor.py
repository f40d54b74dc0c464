"""The visitor of the tests must see what is wrong with a page, else every other test is worth less."""

import pytest
from flask import Flask
from html5lib.html5parser import ParseError

from choir_app.foundation.database import Fact, db, fact, remember
from tests.statements import at_most, counted
from tests.visitor import Visitor, inspect, read

GOOD = """<!doctype html><html lang="sv" dir="ltr"><head><meta charset="utf-8"><title>Hej – Körerna</title></head>
<body><h1>Hej</h1><label for="a">Namn</label><input id="a"><h2>Mer</h2></body></html>"""


def test_a_good_page_passes() -> None:
    inspect(GOOD)


@pytest.mark.parametrize(
    ("part", "instead"),
    [
        ("<h1>Hej</h1>", "<h1>Hej</h1><h1>Hej</h1>"),
        ("<h1>Hej</h1>", "<h1>Tjena</h1>"),
        ("<h1>Hej</h1>", '<h1 style="color:red">Hej</h1>'),
        ("<h1>Hej</h1>", '<h1 onclick="x()">Hej</h1>'),
        ("<h2>Mer</h2>", "<script>x()</script>"),
        ("<h2>Mer</h2>", "<h3>Mer</h3>"),
        ("<h2>Mer</h2>", '<p id="a">Mer</p>'),
        ("<h2>Mer</h2>", "<p>Mer</b></p>"),
        ("<h2>Mer</h2>", '<button type="submit"></button>'),
        ("<h2>Mer</h2>", '<img src="/a.png">'),
        ("<h2>Mer</h2>", "<p>This field is required.</p>"),
        ("<h2>Mer</h2>", "<p>None</p>"),
        ("<h2>Mer</h2>", '<a href="#borta">Mer</a>'),
        ('<label for="a">Namn</label>', ""),
        (' lang="sv"', ""),
    ],
)
def test_a_bad_page_does_not(part: str, instead: str) -> None:
    with pytest.raises((AssertionError, ParseError)):
        inspect(GOOD.replace(part, instead, 1))


def test_words_of_another_language_may_stand_where_they_are_marked() -> None:
    inspect(GOOD.replace("<h2>Mer</h2>", '<p lang="en">None of this is Swedish</p>'))


ONE, OTHER = "0b6f3c1e-0000-4000-8000-00000000000a", "0b6f3c1e-0000-4000-8000-00000000000b"


def test_a_page_is_looked_at_again_when_more_than_its_tokens_and_identifiers_changed() -> None:
    token = '<input type="hidden" name="csrf_token" value="{}">'
    page = GOOD.replace(
        "<h2>Mer</h2>", f'<p id="p-{ONE}">Mer</p><p id="p-{OTHER}">Mer</p>{token.format("abc")}'
    )
    inspect(page)
    inspect(page.replace("abc", "def"))
    for changed in (
        page.replace(OTHER, ONE),
        page.replace(token.format("abc"), '<input name="csrf_token" value="abc">'),
        page.replace('value="abc"', 'value="abc" id="a"'),
    ):
        with pytest.raises(AssertionError):
            inspect(changed)


def test_what_was_read_once_is_not_read_again() -> None:
    assert read(GOOD) is read(GOOD)
    assert read(GOOD.replace("<h2>Mer</h2>", "<p>Mer</b></p>")).find(".//p") is not None, "as browsers do"


def test_every_test_begins_with_an_empty_house(app: Flask) -> None:
    for _turn in range(2):
        assert fact("a") is None
    remember("a", "1")
    db.session.commit()


def test_also_the_one_after_it(app: Flask) -> None:
    assert fact("a") is None


def test_a_budget_of_statements_is_exact(app: Flask) -> None:
    with at_most(1, "statements"):
        fact("a")
    with pytest.raises(AssertionError, match="the budget is 0"), at_most(0, "statements"):
        fact("a")
    with pytest.raises(AssertionError, match="only 1"), at_most(2, "statements"):
        fact("a")


def test_what_a_request_writes_is_seen_by_the_test(app: Flask, visitor: Visitor) -> None:
    db.session.add(Fact(name="a", value="1"))
    visitor.opens("/healthz")
    with counted() as seen:
        assert fact("a") == "1"
    assert seen
