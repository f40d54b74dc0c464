"""Every pair of colours that meets on a page can be read, in light and in dark; what is promised here is computed."""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "static" / "css" / "tokens.css"

PAIRS = """
ink canvas 7, ink surface 7, ink sunken 7, ink raised 7, ink-2 canvas 7, ink-2 surface 7, ink-2 sunken 7,
ink-2 raised 7, ink-3 surface 4.5, ink-3 canvas 4.5, ink-3 sunken 4.5,
primary surface 7, primary canvas 7, primary primary-soft 4.5,
primary raised 4.5, primary sunken 4.5, on-primary primary 7, on-primary primary-hover 7, ink primary-soft 7,
ink-2 primary-soft 7, on-voice voice-1 7, on-voice voice-2 7, on-voice voice-3 7, on-voice voice-4 7,
voice-1-ink surface 4.5, voice-2-ink surface 4.5, voice-3-ink surface 4.5, voice-4-ink surface 4.5,
voice-1-ink canvas 4.5, voice-2-ink canvas 4.5, voice-3-ink canvas 4.5, voice-4-ink canvas 4.5,
ok surface 4.5, ok canvas 4.5, ok ok-soft 4.5, ink ok-soft 7, warn surface 4.5, warn canvas 4.5, warn warn-soft 4.5,
ink warn-soft 7, ink-2 warn-soft 4.5, danger surface 7, danger canvas 4.5, danger danger-soft 4.5, ink danger-soft 7,
on-danger danger 7, canvas ink 7, surface ink 7, line-strong surface 3, line-strong canvas 3, line-strong sunken 3,
rim surface 3, rim canvas 3, focus surface 3, focus canvas 3, focus focus-under 3, primary-hover canvas 4.5,
danger sunken 3, ink line 3
"""


def colours_of(block: str) -> dict[str, str]:
    """The colour tokens of one block of the sheet, by their short name."""
    return dict(re.findall(r"--color-([\w-]+): (#[0-9a-f]{6});", block))


def blocks() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Light, dark by choice, dark by the phone."""
    text = TOKENS.read_text()
    light, rest = text.split("@media screen {", 1)
    chosen, by_phone = rest.split("@media screen and", 1)
    return colours_of(light), colours_of(chosen), colours_of(by_phone)


LIGHT, DARK, DARK_BY_PHONE = blocks()


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """How far two colours stand apart: 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("pair", [pair.split() for pair in PAIRS.replace("\n", " ").split(",")], ids="-".join)
def test_a_pair_can_be_read(pair: list[str], theme: str) -> None:
    front, ground, need = pair
    colours = LIGHT if theme == "light" else DARK
    found = contrast(colours[front], colours[ground])
    assert found >= float(need), f"{front} on {ground} in {theme}: {found:.2f}, needs {need}"


def test_the_two_dark_themes_are_one() -> None:
    assert DARK == DARK_BY_PHONE
    assert DARK.keys() == LIGHT.keys()


def test_black_on_white_is_as_far_as_it_gets() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_paper_is_printed_in_the_colours_of_the_screen() -> None:
    papers = list(Path(__file__).parents[2].glob("templates/**/*.typ"))
    used = {
        colour for paper in papers for colour in re.findall(r'rgb\("(#[0-9a-f]{6})"\)', paper.read_text())
    }
    assert used, "no paper has a colour of its own"
    assert used <= set(LIGHT.values())
