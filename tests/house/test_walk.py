"""Every route × every role: who is let in where. A route without a row fails, and so does a row without a route.

A no is tried by GET and by POST. After the walk the database is exactly as before: looking changes nothing, and
neither does what was refused. The rows stand in tests/house/walk.py.
"""

from collections.abc import Iterator
from hashlib import sha256

import pytest
from flask import Flask

from choir_app.foundation.database import Model, db
from choir_app.foundation.origin import WITH_OWN_PROTECTION
from tests.house.walk import EVERYONE, ROLES, ROWS, Things, address, cast_of_the_demo
from tests.visitor import Visitor

LEFT_BY_LOOKING = {"readings"}
"""The log of who looked at personal data is the one thing that a look leaves behind."""


def rows_of_everything() -> dict[str, str]:
    """A fingerprint of each table."""
    prints = {}
    db.session.commit()
    for table in Model.metadata.sorted_tables:
        if table.name in LEFT_BY_LOOKING:
            continue
        found = sorted(repr(tuple(row)) for row in db.session.execute(table.select()))
        prints[table.name] = f"{len(found)} {sha256(repr(found).encode()).hexdigest()[:12]}"
    db.session.commit()
    return prints


@pytest.fixture
def walkers(app: Flask, demo_network: None) -> tuple[Things, Iterator[tuple[str, Visitor]]]:
    """The demo network with one more person of each role, and what the addresses are made of."""
    cast = cast_of_the_demo()

    def visitors() -> Iterator[tuple[str, Visitor]]:
        yield ROLES[0], Visitor(app)
        for role, account in cast.people.items():
            yield role, Visitor(app).signs_in(account)

    return cast.things, visitors()


def test_every_route_has_a_row_and_every_row_a_route(app: Flask) -> None:
    routes = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert sorted(routes - set(ROWS)) == [], "routes without a row"
    assert sorted(set(ROWS) - routes) == [], "rows without a route"
    assert all(len(row.split()) == len(ROLES) for row in ROWS.values())


@pytest.mark.long
def test_the_walk(app: Flask, walkers: tuple[Things, Iterator[tuple[str, Visitor]]]) -> None:
    things, visitors = walkers
    wrong: list[str] = []
    for place, (role, visitor) in enumerate(visitors):
        before = rows_of_everything()
        for rule in app.url_map.iter_rules():
            if rule.endpoint not in ROWS:
                continue
            cell = ROWS[rule.endpoint].split()[place]
            path = address(app, rule, things.arguments(rule))
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                if method == "POST" and (
                    cell not in ("in", "401", "403", "404", "410") or rule.endpoint in WITH_OWN_PROTECTION
                ):
                    continue
                if trouble := tried(visitor, method, path, cell):
                    wrong.append(f"{role}, {method} {path} ({rule.endpoint}): {trouble}")
        after = rows_of_everything()
        wrong += [f"{role} changed {name}" for name in before if before[name] != after[name]]
    assert wrong == [], f"{len(wrong)}:\n" + "\n".join(wrong)


@pytest.mark.long
@pytest.mark.one_engine
def test_every_page_in_english(app: Flask, walkers: tuple[Things, Iterator[tuple[str, Visitor]]]) -> None:
    """Every page can be drawn in the other language too, for a visitor and for an administrator."""
    things, visitors = walkers
    wrong = []
    for place, (role, visitor) in enumerate(visitors):
        if role not in ("guest", "administrator"):
            continue
        for rule in app.url_map.iter_rules():
            is_page = (
                "GET" in (rule.methods or ()) and ROWS.get(rule.endpoint, EVERYONE).split()[place] == "200"
            )
            path = address(app, rule, things.arguments(rule))
            if not is_page or path.startswith(
                ("/static/", "/api/", "/bilder/", "/healthz", "/readyz", "/favicon")
            ):
                continue
            if trouble := tried(visitor, "GET", f"/en{path}", "200"):
                wrong.append(f"{role}, /en{path}: {trouble}")
            elif (
                visitor.answer and visitor.answer.mimetype == "text/html" and visitor.tree.get("lang") != "en"
            ):
                wrong.append(f"{role}, /en{path}: is not in English")
    assert wrong == [], f"{len(wrong)}:\n" + "\n".join(wrong)


def tried(visitor: Visitor, method: str, path: str, cell: str) -> str:
    """Try one door; says what was otherwise than the row has it. The page is inspected on the way."""
    status = 303 if cell == "in" else int(cell)
    try:
        if method == "GET":
            visitor.opens(path, status)
        else:
            visitor.sends(path, status)
    except Exception as fault:  # noqa: BLE001 - the walk goes on, and tells of all at the end
        return str(fault).split("\n")[0].removeprefix(f"{path}: ")[:400] or type(fault).__name__
    assert visitor.answer is not None
    where = visitor.answer.headers.get("Location", "") if method == "GET" else visitor.path
    return f"sent to {where}, not to sign in" if cell == "in" and "/logga-in" not in where else ""
