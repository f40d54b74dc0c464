"""A leader's old sheet is in within five minutes: pasted, taken in, undone; and a choir is taken out."""

import time
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlalchemy import func, select

from choir_app.choirs.models import Singer
from choir_app.foundation.database import Model, db
from choir_app.rehearsals.models import Import
from tests.browser.conftest import Browse, axe, scrolls_sideways

FIRST = ("Åsa", "Björn", "Örjan", "Ängla", "Märta", "Göran", "Hodan", "Samir")
LAST = ("Åkerö", "Ängsby", "Öberg", "Söderåker", "Näslund")
EXCEL_DAYS = (45902, 45909, 45916)
"""2, 9 and 16 September 2025, as Excel numbers days."""


def forty_rows(separator: str, days: tuple[object, ...]) -> str:
    """A sheet of forty people, two of whom are called the same, with a cross for every evening but some."""
    names = [(first, last) for last in LAST for first in FIRST]
    names[-1] = names[0]
    lines = [("Förnamn", "Efternamn", "Stämma", "Mobil", "Personnr", *days)]
    for number, (first, last) in enumerate(names):
        crosses = ["x" if (number + place) % 3 else "" for place in range(len(days))]
        voice = ("Sopran", "Alt", "Tenor", "Bas", "Mezzo")[number % 5]
        lines.append((first, last, voice, "070-174 06 05", "850709-9805", *crosses))
    return "\r\n".join(separator.join(map(str, line)) for line in lines)


def count(model: type[Model]) -> int:
    """How many rows there are; nobody who writes waits for the answer."""
    found = db.session.scalar(select(func.count()).select_from(model)) or 0
    db.session.rollback()
    return found


def looks_right(page: Page) -> None:
    axe(page)
    assert not scrolls_sideways(page)


def answers(page: Page) -> None:
    """Answer what is asked, as a leader would: another person, a new voice."""
    page.get_by_label("Kören har ingen stämma som heter «Mezzo»").select_option(
        label="Gör en ny stämma: Mezzo"
    )
    page.get_by_label("Åsa Åkerö på rad 40").select_option(label="En annan person med samma namn")


@pytest.mark.parametrize("width", [390, 1280])
def test_forty_rows_from_excel_are_in_within_five_minutes_and_out_again(browse: Browse, width: int) -> None:
    page = browse("elin@example.org", width=width)
    page.watch.expected.append("422")  # type: ignore[attr-defined]
    singers = count(Singer)
    begun = time.monotonic()
    page.goto("/korer/boden/sangare")
    page.get_by_role("link", name="Hämta in lista").click()
    looks_right(page)
    page.get_by_label("Klistra in listan").fill(forty_rows("\t", EXCEL_DAYS))
    page.get_by_role("button", name="Titta på listan").click()

    page.get_by_text("Inget är sparat än.").wait_for()
    looks_right(page)
    assert page.get_by_text("Vi läste inte kolumnen «Personnr»").is_visible()
    assert not any(number in page.content() for number in ("0709-9805", "8507099805"))
    assert page.get_by_text("Den första är tisdag 2 september 2025").is_visible()
    page.get_by_role("button", name="Ta in 40 personer").click()
    page.get_by_role("link", name="Välj vem det är.").first.wait_for()
    looks_right(page)
    answers(page)
    page.get_by_role("button", name="Ta in 40 personer").click()

    page.get_by_text("40 rader är inhämtade.").wait_for()
    assert time.monotonic() - begun < 300
    looks_right(page)
    made = db.session.execute(select(Import.row_count, Import.singer_count, Import.mark_count)).one()
    db.session.rollback()
    assert tuple(made) == (40, 40, 80)
    assert count(Singer) == singers + 40

    page.get_by_role("button", name="Ångra hela listan").click()
    page.get_by_text("Listan är ångrad", exact=False).first.wait_for()
    looks_right(page)
    assert count(Singer) == singers


def test_a_semicolon_file_in_windows_letters_without_a_script(browse: Browse, tmp_path: Path) -> None:
    file = tmp_path / "kören.csv"
    file.write_bytes(forty_rows(";", ("2025-09-02", "9/9 2025")).encode("cp1252"))
    page = browse("elin@example.org", width=1280, javascript=False)
    page.goto("/korer/boden/hamta-in")
    page.get_by_label("Eller välj en fil").set_input_files(file)
    page.get_by_role("button", name="Titta på listan").click()
    answers(page)
    page.get_by_role("button", name="Ta in 40 personer").click()
    page.get_by_text("40 rader är inhämtade.").wait_for()
    page.goto("/korer/boden/sangare?q=%C3%85sa+%C3%85ker")
    assert page.get_by_role("link", name="Åsa Åkerö").count() == 2


def test_everything_about_a_choir_is_taken_out(browse: Browse) -> None:
    page = browse("elin@example.org", width=390)
    page.goto("/korer/boden/sangare")
    page.get_by_role("link", name="Ta ut allt").click()
    looks_right(page)
    page.get_by_role("radio", name="CSV").check()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Hämta filen").click()
    with zipfile.ZipFile(waiting.value.path()) as folder:
        assert "sangare.csv" in folder.namelist()
