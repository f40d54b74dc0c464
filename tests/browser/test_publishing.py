"""An editor publishes a post with a picture on a phone, and a visitor reads it."""

import io

from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browse, axe, scrolls_sideways


def a_picture() -> dict[str, object]:
    """A file as the phone hands it over."""
    out = io.BytesIO()
    Image.new("RGB", (1200, 800), "#f9ca4a").save(out, "JPEG")
    return {"name": "parken.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def looks_right(page: Page) -> None:
    axe(page)
    assert not scrolls_sideways(page)


def test_an_editor_publishes_a_post_with_a_picture_that_a_visitor_reads(browse: Browse) -> None:
    page = browse("eva@example.org", width=390)
    page.goto("/nyheter/skriv")
    looks_right(page)
    page.get_by_role("main").get_by_role("link", name="Skriv en nyhet").click()
    looks_right(page)

    page.get_by_label("Rubrik", exact=True).fill("Vi sjunger ute i parken")
    page.get_by_label("Ingress").fill("Alla får komma och lyssna. Ta med en filt.")
    text = page.get_by_role("textbox", name="Text", exact=True)
    text.fill("Vi ses vid scenen.")
    text.select_text()
    page.get_by_role("button", name="Fet stil").click()
    assert text.input_value() == "**Vi ses vid scenen.**"
    page.locator("input[name=picture]").set_input_files(a_picture())  # type: ignore[arg-type]
    described = page.get_by_label("Bildbeskrivning").first
    expect(described).to_be_focused(timeout=30_000)  # the picture is kept by now
    expect(page.get_by_role("img", name="Bilden som är vald")).to_be_visible()
    described.fill("En gul scen mellan höga träd")
    page.get_by_label("Bildtext").first.fill("Scenen i parken.")
    page.get_by_role("group", name="Vilka körer").get_by_label("Boden").check()
    page.get_by_role("button", name="Förhandsgranska").click()
    page.get_by_role("heading", name="Så här ser läsarna det").wait_for()
    looks_right(page)
    page.get_by_role("button", name="Spara").click()

    page.get_by_text("Inlägget är sparat.").wait_for()
    looks_right(page)
    visitor = browse(width=390)
    visitor.goto("/nyheter")
    assert visitor.get_by_text("Vi sjunger ute i parken").count() == 0

    # nobody is shown to readers without having been asked: the way to the question leads from here
    page.get_by_role("link", name="Säg vilka som syns på bilden", exact=False).first.click()
    page.get_by_role("button", name="Ingen går att känna igen").click()
    page.get_by_text("Sparat: ingen går att känna igen.").wait_for()
    looks_right(page)
    page.get_by_role("link", name="Vi sjunger ute i parken").click()
    page.get_by_role("button", name="Publicera").click()
    page.get_by_text("Inlägget är publicerat.").wait_for()
    looks_right(page)

    visitor.goto("/nyheter")
    looks_right(visitor)
    visitor.get_by_role("link", name="Vi sjunger ute i parken").click()
    visitor.get_by_role("heading", name="Vi sjunger ute i parken", level=1).wait_for()
    picture = visitor.get_by_role("img", name="En gul scen mellan höga träd")
    picture.scroll_into_view_if_needed()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
    assert visitor.locator("strong", has_text="Vi ses vid scenen.").is_visible()
    assert visitor.get_by_text("Scenen i parken.").is_visible()
    assert visitor.get_by_text("Eva Lindmark").is_visible()
    looks_right(visitor)


def test_a_post_can_be_written_without_a_script(browse: Browse) -> None:
    page = browse("eva@example.org", width=320, javascript=False)
    page.goto("/nyheter/skriv/ny")
    page.get_by_label("Rubrik", exact=True).fill("Kort nytt")
    page.get_by_label("Ingress").fill("Två meningar räcker.")
    page.get_by_label("Text", exact=True).fill("Så här är det.")
    page.get_by_role("button", name="Spara").click()
    page.get_by_text("Inlägget är sparat.").wait_for()
    page.get_by_role("button", name="Publicera").click()
    page.get_by_text("Inlägget är publicerat.").wait_for()


def test_the_pot_and_the_card_of_a_choir_light_up_together(browse: Browse) -> None:
    page = browse(width=1280)
    page.goto("/korer")
    looks_right(page)
    pin = page.locator(".map__pin").nth(1).locator(".map__reach")
    before = pin.evaluate("reach => getComputedStyle(reach).stroke")
    page.locator(".choir-card").nth(1).hover()
    assert pin.evaluate("reach => getComputedStyle(reach).stroke") != before
    page.mouse.move(0, 0)
    assert pin.evaluate("reach => getComputedStyle(reach).stroke") == before
    page.locator(".choir-card a").nth(1).focus()
    assert pin.evaluate("reach => getComputedStyle(reach).stroke") != before
    names = page.locator(".map__pin .map__name").all_text_contents()
    assert [name.strip() for name in names] == page.locator(".choir-card h2").all_inner_texts()
