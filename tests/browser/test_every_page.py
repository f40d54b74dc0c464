"""Every page of the house in a real browser: nothing that axe-core objects to in light or in dark, no sideways scroll
at 320 pixels, and not a word of trouble in the console."""

import re
from typing import Literal

import pytest
from flask import Flask

from tests.browser.conftest import Browse, LiveHouse, axe, axe_problems, scrolls_sideways
from tests.house.walk import ROLES, ROWS, Things, address, cast_of_the_demo

NO_PAGES = (
    *("/static/", "/api/", "/bilder/", "/healthz", "/readyz", "/favicon", "/nyheter."),
    *("/sw.js", "/har/lage", "/narvaro/skal", "/narvaro/klar-skal"),
)
"""Addresses that a browser does not draw as a page; the shells are looked at with a roll in them, elsewhere."""
FILES = (".json", ".ics", ".atom", ".xml", ".txt", ".pdf", ".xlsx", ".csv", ".zip")
PAPER = re.compile(r"/handlingar/[0-9a-f-]{36}$")
"""A paper of an agreement, which is kept in a file."""

HIDDEN_YET_SEEN = """[...document.querySelectorAll("[hidden]")].filter((one) => one.checkVisibility())
  .map((one) => one.outerHTML.slice(0, 200))"""
"""What bears `hidden` although a rule of ours draws it: messages for later, which would be lies now."""


IS_AT_REST = """() => !document.querySelector("[aria-busy=true]")"""
"""Whether everything that a page asks the server for has come: what is looked at must not change meanwhile."""


def first_let_in(row: str) -> str | None:
    """The first role that a page opens for; it is looked at through their eyes."""
    return next((role for role, cell in zip(ROLES, row.split(), strict=True) if cell == "200"), None)


def pages_of(app: Flask, role: str, things: Things) -> list[str]:
    """The pages that open for this role and for none before it."""
    rules = [
        rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and first_let_in(ROWS[rule.endpoint]) == role
    ]
    paths = [address(app, rule, things.arguments(rule)) for rule in rules]
    return sorted(
        path
        for path in paths
        if not path.startswith(NO_PAGES) and not path.endswith(FILES) and not PAPER.search(path)
    )


@pytest.mark.long
@pytest.mark.parametrize(("theme", "width"), [("light", 390), ("dark", 1280)])
@pytest.mark.parametrize("role", sorted({role for row in ROWS.values() if (role := first_let_in(row))}))
def test_every_page(
    live: LiveHouse, browse: Browse, role: str, theme: Literal["light", "dark"], width: int
) -> None:
    cast = cast_of_the_demo()
    page = browse(cast.people.get(role), theme=theme, width=width)
    wrong: list[str] = []
    for path in pages_of(live.app, role, cast.things):
        answer = page.goto(path)
        if answer is None or answer.status != 200:
            wrong.append(f"{path} answers {answer.status if answer else 'nothing'}")
            continue
        page.wait_for_function(IS_AT_REST)
        wrong += [f"{path}: {problem}" for problem in axe_problems(page)]
        wrong += [f"{path} shows what it hides: {one}" for one in page.evaluate(HIDDEN_YET_SEEN)]
        if theme == "light":
            page.set_viewport_size({"width": 320, "height": 700})
            if scrolls_sideways(page):
                wrong.append(f"{path} scrolls sideways at 320 pixels")
            page.set_viewport_size({"width": width, "height": 844})
    assert not wrong, "\n".join(wrong)


def test_an_error_page(browse: Browse) -> None:
    for theme in ("light", "dark"):
        page = browse(theme=theme)
        page.watch.expected.append("404")  # type: ignore[attr-defined]
        answer = page.goto("/finns-inte")
        assert answer is not None
        assert answer.status == 404
        axe(page)
