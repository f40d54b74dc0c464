"""A touchpoint is written down in a few presses on a phone, with what comes next."""

from typing import Literal

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Browse, axe, scrolls_sideways

MANAGER = "karin@example.org"
MOST_TAPS = 4


def test_a_touchpoint_with_a_next_step_takes_four_taps(browse: Browse) -> None:
    page = browse(MANAGER, width=390)
    page.goto("/partner/bodenbo")
    taps = 0

    def tap(what: Locator) -> None:
        nonlocal taps
        what.click()
        taps += 1

    log = page.get_by_role("region", name="Logg")
    tap(log.get_by_label("Vad hände?"))
    page.keyboard.type("Anna vill höra mer.")
    tap(log.get_by_text("Möte", exact=True))
    tap(log.get_by_label("Vad är nästa steg?"))
    page.keyboard.type("Skicka siffrorna")
    tap(log.get_by_text("I morgon", exact=True))
    log.get_by_label("Vad är nästa steg?").press(
        "Enter"
    )  # the phone's own «klar», under the thumb that types
    expect(page.locator("main [role=status]")).to_contain_text("Sparat i loggen")
    assert taps <= MOST_TAPS
    expect(page.locator(".step__what")).to_have_text("Skicka siffrorna")
    expect(page.locator(".log__entry").first).to_contain_text("Anna vill höra mer.")
    expect(page.locator(".log__entry").first).to_contain_text("Möte")


def test_a_call_of_today_takes_three_taps_without_javascript(browse: Browse) -> None:
    page = browse(MANAGER, width=390, javascript=False)
    page.goto("/partner/bodenbo")
    log = page.get_by_role("region", name="Logg")
    log.get_by_label("Vad hände?").fill("Ringde.")
    log.get_by_label("Vad är nästa steg?").fill("Ring igen")
    log.get_by_role("button", name="Spara i loggen").click()
    expect(page.locator(".step__what")).to_have_text("Ring igen")
    assert not scrolls_sideways(page)


def test_what_was_wrong_in_the_fold_is_seen(browse: Browse) -> None:
    page = browse(MANAGER, width=390)
    page.watch.expected.append("422")  # type: ignore[attr-defined]
    page.goto("/partner/bodenbo")
    log = page.get_by_role("region", name="Logg")
    log.get_by_label("Vad hände?").fill("Ringde.")
    log.get_by_text("Annan dag eller någon annan").click()
    log.get_by_label("Dagen ni pratade").fill("2030-01-01")
    log.get_by_role("button", name="Spara i loggen").click()
    expect(log.get_by_label("Dagen ni pratade")).to_be_visible()
    axe(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_to_be_done_is_for_all_eyes_and_hands(
    browse: Browse, theme: Literal["light", "dark"]
) -> None:
    for width in (390, 1280):
        page = browse(MANAGER, width=width, theme=theme)
        for path in (
            "/partner/att-gora",
            "/partner/bodenbo",
            "/partner/bodenbo/klart",
            "/partner/bodenbo/andra",
        ):
            page.goto(path)
            assert not scrolls_sideways(page), f"{path} at {width}"
            axe(page)


def test_a_step_is_put_off_without_javascript(browse: Browse) -> None:
    page = browse(MANAGER, width=390, javascript=False)
    page.goto("/partner/bodenbo")
    log = page.get_by_role("region", name="Logg")
    log.get_by_label("Vad hände?").fill("Ringde.")
    log.get_by_label("Vad är nästa steg?").fill("Ring igen")
    log.get_by_text("Annan dag eller någon annan").click()
    log.get_by_label("En annan dag för nästa steg").fill("2026-06-16")
    log.get_by_role("button", name="Spara i loggen").click()
    page.goto("/partner/att-gora")
    mine = page.get_by_role("region", name="Mina")
    step = mine.get_by_role("listitem").filter(has_text="Ring igen")
    step.get_by_role("button", name="Om en vecka").click()
    expect(page.locator("main [role=status]")).to_contain_text("flyttat till 23 juni 2026")
    expect(step).to_have_count(0)
