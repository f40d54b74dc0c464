"""Names: files say what they hold, addresses are Swedish, kebab-case and typed, and nothing tells of one machine."""

import re
import subprocess

import pytest
from flask import Flask

from choir_app.foundation.settings import PROJECT

SAYS_NOTHING = {
    "util",
    "utils",
    "helper",
    "helpers",
    "common",
    "misc",
    "manager",
    "service",
    "base",
    "core",
    "stuff",
}
MAY_BE_CALLED_SO = {"static/css/helpers.css"}
"""The cascade layer of single-purpose classes has this name in every sheet."""

PATH_PART = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*")
TYPED = re.compile(r"<(uuid|int|date|path|[a-z_]+):[a-z_]+>")
MAY_BE_UNTYPED = {"slug", "name", "version", "token", "code"}
"""Parameters that are texts: slugs, file names, and one-time secrets."""


def tracked() -> list[str]:
    """Every file that is or would be committed."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    told = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    if told.returncode:
        pytest.skip("not a git checkout")
    return [name for name in told.stdout.split("\n") if name and (PROJECT / name).is_file()]


def test_no_file_has_a_name_that_says_nothing() -> None:
    bad = {name for name in tracked() if name.rpartition("/")[2].partition(".")[0] in SAYS_NOTHING}
    assert bad == MAY_BE_CALLED_SO


def test_addresses_are_plain_words_and_typed(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        for part in rule.rule.strip("/").split("/"):
            for name in re.findall(r"<([a-z_]+)>", part):
                assert name in MAY_BE_UNTYPED, f"{rule.rule}: say what kind of thing {name} is"
            words = re.sub(r"<[^>]+>", "x", part)
            assert not part or PATH_PART.fullmatch(words), f"{rule.rule}: «{part}» is not kebab-case"


def test_no_parameter_is_allowed_untyped_in_vain(app: Flask) -> None:
    untyped = {name for rule in app.url_map.iter_rules() for name in re.findall(r"<([a-z_]+)>", rule.rule)}
    assert untyped <= MAY_BE_UNTYPED


def test_nothing_tells_of_one_machine_or_one_registry() -> None:
    told = re.compile(
        r"(?<![\w.])/(work|root|home/[a-z]+)/|--(extra-)?index-url|files\.pythonhosted|pypi\.org/simple"
    )
    for name in tracked():
        if name == "tests/house/test_names.py":
            continue
        try:
            text = (PROJECT / name).read_text()
        except UnicodeDecodeError:
            continue
        found = told.search(text)
        assert not found, f"{name}: «{found.group(0)}»"  # type: ignore[union-attr]


def test_nobody_can_be_reached_by_mistake() -> None:
    """Telephone numbers are those that the authority keeps free for fiction, addresses those of example domains."""
    phones = re.compile(r"(?<!\d)07[02369][-  ]?\d{2,3}[  ]?\d{2}[  ]?\d{2}(?!\d)")
    for name in tracked():
        if not name.endswith((".py", ".html", ".md", ".po", ".js")):
            continue
        text = (PROJECT / name).read_text()
        for number in phones.findall(text):
            digits = re.sub(r"\D", "", number)
            assert "0701740605" <= digits <= "0701740699", f"{name}: {number}"
        for address in re.findall(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.(?:se|org|com|net)\b", text):
            host = address.partition("@")[2]
            kept_free = host.endswith(("example.org", "example.com", "example.net", "exempel.se"))
            assert kept_free or name.startswith("tests/"), f"{name}: {address}"
