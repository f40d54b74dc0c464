"""Pictures while one writes: chosen, dragged and pasted, described where they stand, and where the eye shall rest."""

import base64
import io
import re
from typing import Any

from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import select

from choir_app.foundation.database import db
from choir_app.news.models import KeptPicture
from tests.browser.conftest import Browse, axe, scrolls_sideways

DEVELOPED = 30_000
"""Milliseconds in which a picture is sent and developed on a machine that is busy with other things."""


def a_file(colour: str = "#f9ca4a") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1200, 800), colour).save(out, "JPEG")
    return out.getvalue()


def as_chosen(name: str = "parken.jpg", content: bytes | None = None) -> Any:
    return {"name": name, "mimeType": "image/jpeg", "buffer": content or a_file()}


def hand_over(page: Page, event: str, colour: str) -> None:
    """Drop a picture on the text, or paste it there, as the browser tells of it."""
    page.get_by_role("textbox", name="Text", exact=True).evaluate(
        """(area, [event, content]) => {
          const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0))
          const transfer = new DataTransfer()
          transfer.items.add(new File([bytes], "bild.jpg", { type: "image/jpeg" }))
          const Kind = event === "paste" ? ClipboardEvent : DragEvent
          const key = event === "paste" ? "clipboardData" : "dataTransfer"
          area.dispatchEvent(new Kind(event, { [key]: transfer, bubbles: true, cancelable: true }))
        }""",
        [event, base64.b64encode(a_file(colour)).decode()],
    )


def test_pictures_come_into_the_text_and_are_described_there(browse: Browse) -> None:
    page = browse("eva@example.org", width=390)
    page.watch.expected.append("422")  # type: ignore[attr-defined]
    page.goto("/nyheter/skriv/ny")
    text = page.get_by_role("textbox", name="Text", exact=True)
    text.fill("Vi ses vid scenen.")

    with page.expect_file_chooser() as chosen:
        page.get_by_role("button", name="Lägg en bild i texten").click()
    chosen.value.set_files(as_chosen())
    asked = page.get_by_role("dialog", name="Beskriv bilden")
    described = asked.get_by_label("Bildbeskrivning")
    expect(described).to_be_focused(timeout=DEVELOPED)
    axe(page)
    described.fill("En [gul] scen")
    asked.get_by_label("Bildtext").fill('Vi sjunger "högt"')
    asked.get_by_label("Bildtext").press("Enter")
    expect(asked).to_be_hidden()
    told = r'!\[En \\\[gul\\\] scen\]\(bild:[0-9a-f]{32} "Vi sjunger \\"högt\\""\)'
    expect(text).to_have_value(re.compile(told))

    for event, colour in (("drop", "#123456"), ("paste", "#654321")):
        hand_over(page, event, colour)
        expect(described).to_be_focused(timeout=DEVELOPED)
        asked.get_by_label("Bilden är dekorativ").check()
        asked.get_by_role("button", name="Lägg i texten").click()
        expect(asked).to_be_hidden()
    expect(text).to_have_value(re.compile(r"(!\[\]\(bild:[0-9a-f]{32}#dekorativ\)\s+){2}"))

    # a file that is no picture says so beside the field, and nothing that was typed is lost
    before = text.input_value()
    page.locator("input[name=picture]").set_input_files(as_chosen(content=b"<svg/>"))
    expect(page.get_by_text("Filen är ingen bild som vi kan läsa.", exact=False)).to_be_visible(
        timeout=DEVELOPED
    )
    assert text.input_value() == before
    assert not scrolls_sideways(page)


def test_the_picture_above_the_text_is_kept_before_the_form_is_sent(browse: Browse) -> None:
    page = browse("eva@example.org", width=1280)
    page.goto("/nyheter/skriv/ny")
    page.locator("input[name=picture]").set_input_files(as_chosen())
    expect(page.get_by_text("Bilden är sparad.")).to_be_visible(timeout=DEVELOPED)
    expect(page.get_by_label("Bildbeskrivning").first).to_be_focused()
    shown = page.get_by_role("img", name="Bilden som är vald")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
    assert page.locator("input[name=kept_picture]").input_value()
    axe(page)


def test_where_the_eye_rests_by_keyboard_and_by_pointer(browse: Browse) -> None:
    page = browse("eva@example.org", width=390)
    page.goto("/nyheter/skriv/bilder")
    page.locator("input[name=picture]").set_input_files(as_chosen())
    page.get_by_role("button", name="Spara bilden").click()
    page.get_by_text("Innan bilden publiceras behöver vi veta vilka som syns på den.").wait_for()
    axe(page)
    across, down = page.get_by_label("Från vänster, i procent"), page.get_by_label("Uppifrån, i procent")
    point = page.get_by_role("button", name="Det som alltid ska synas.", exact=False)
    point.focus()
    expect(point).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    expect(across).to_have_value("51")
    expect(down).to_have_value("40")
    picture = page.locator(".rest__picture")
    box = picture.bounding_box()
    assert box
    picture.click(position={"x": box["width"] * 0.25, "y": box["height"] * 0.75})
    expect(across).to_have_value("25")
    expect(down).to_have_value("75")
    page.get_by_role("button", name="Spara", exact=True).click()
    page.get_by_text("Sparat: det som du valde syns alltid.").wait_for()
    name = page.url.rpartition("/")[2]
    found = db.session.scalars(select(KeptPicture).where(KeptPicture.name == name)).one()
    assert (found.focal_x_bp, found.focal_y_bp) == (2500, 7500)
    assert page.locator("img[src*='16x9-2500-7500']").count() == 1
    axe(page)
    assert not scrolls_sideways(page)


def test_the_pictures_of_the_list_stand_beside_each_other(browse: Browse) -> None:
    page = browse("eva@example.org", width=1280)
    page.goto("/nyheter/skriv/bilder")
    page.evaluate(
        """() => {
          const list = document.querySelector(".picture-wall")
          while (list.children.length < 9) list.append(list.firstElementChild.cloneNode(true))
        }"""
    )
    apart = page.locator(".picture-wall").evaluate(
        """(list) => [...list.children].slice(1).every((here, place) => {
          const drawn = [...list.children[place].querySelectorAll("img, .chip")]
          const before = drawn.map((one) => one.getBoundingClientRect().right)
          const at = here.querySelector("img").getBoundingClientRect().left
          return at < Math.min(...before) || at - Math.max(...before) >= 8
        })"""
    )
    assert apart, "neither pictures nor what is said of them touch"


def test_what_asks_first_leaves_no_half_seen_bar(browse: Browse) -> None:
    page = browse("eva@example.org", width=390)
    page.goto("/nyheter/skriv/ny")
    page.get_by_role("textbox", name="Rubrik").fill("Osparad")
    expect(page.locator("[data-part=kept-line]")).to_contain_text("Sparat som utkast", timeout=DEVELOPED)
    page.goto("/nyheter/skriv/ny")
    expect(page.get_by_role("heading", name="Du har text som inte är sparad")).to_be_visible()
    expect(page.locator(".editor__end")).to_be_hidden()
