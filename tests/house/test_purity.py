"""Who knows what: the web stays in the views, the commit in one file, the time of day in the clock."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.house import MODULES, place_of, said

DOMAIN = ("rules", "models", "permissions", "queries", "actions")
OF_THE_WEB = {
    "request",
    "session",
    "g",
    "current_user",
    "flash",
    "redirect",
    "render_template",
    "url_for",
    "abort",
}
PURE = {"flask", "flask_login", "flask_wtf", "wtforms", "sqlalchemy", "flask_sqlalchemy"}
COMMITS = {"choir_app/foundation/database.py", "choir_app/foundation/mail.py"}
"""database.py commits a request; mail.py claims a letter before it tries to send it, beside every request."""

DOMAIN_MODULES = [
    path for path in MODULES if place_of(path)[0] not in ("", "foundation") and place_of(path)[1] in DOMAIN
]
RULES = [path for path in MODULES if place_of(path)[1] == "rules"]


def imported(path: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)


def called(path: Path) -> Iterator[tuple[ast.expr, str]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.value, node.func.attr


@pytest.mark.parametrize("path", DOMAIN_MODULES, ids=said)
def test_the_domain_does_not_know_the_web(path: Path) -> None:
    for module, name in imported(path):
        of_flask = module.split(".")[0] in ("flask", "flask_login", "flask_wtf", "werkzeug", "wtforms")
        assert not (of_flask and (name in OF_THE_WEB or module.startswith(("flask_wtf", "wtforms")))), (
            module,
            name,
        )


@pytest.mark.parametrize("path", RULES, ids=said)
def test_rules_are_pure(path: Path) -> None:
    for module, name in imported(path):
        assert module.split(".")[0] not in PURE, f"{module} in rules"
        last = module.split(".")[-1]
        assert last not in ("database", "models") or not module.startswith("choir_app"), f"{module} in rules"
        assert (last, name) != ("foundation", "clock") or not _asks_the_time(path), "rules are told the time"


def _asks_the_time(path: Path) -> bool:
    return any(
        isinstance(of, ast.Name) and of.id == "clock" and what in ("now", "today")
        for of, what in called(path)
    )


@pytest.mark.parametrize("path", MODULES, ids=said)
def test_only_the_database_commits(path: Path) -> None:
    commits = [what for _of, what in called(path) if what == "commit"]
    assert not commits or said(path) in COMMITS


def test_every_exception_for_committing_is_still_needed() -> None:
    for path in MODULES:
        if said(path) in COMMITS:
            assert any(what == "commit" for _of, what in called(path))


@pytest.mark.parametrize("path", MODULES, ids=said)
def test_only_the_clock_asks_what_time_it_is(path: Path) -> None:
    if said(path) == "choir_app/foundation/clock.py":
        return
    for of, what in called(path):
        asks = isinstance(of, ast.Name) and (of.id, what) in {
            ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"),
        }  # fmt: skip
        assert not asks, f"use clock.now() or clock.today(), not {ast.unparse(of)}.{what}()"


@pytest.mark.parametrize("path", MODULES, ids=said)
def test_no_f_string_is_translated(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("_", "lazy_", "ngettext")
        ):
            for argument in node.args[: 2 if node.func.id == "ngettext" else 1]:
                is_text = isinstance(argument, ast.Constant) and isinstance(argument.value, str)
                assert is_text or isinstance(argument, ast.Attribute | ast.Name | ast.Subscript), ast.unparse(
                    node
                )
                assert not isinstance(argument, ast.JoinedStr | ast.BinOp), ast.unparse(node)
