"""What a first visit costs: the bytes over the wire of each page, by kind, as Chromium counted them.

Goals: HTML and style sheet of a public page within 14 kB, everything within 100 kB; later visits fetch only the HTML.
"""

import os
import shutil
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from benchmarks.people import Walker, a_leader, a_manager
from benchmarks.servers import Running, the_house
from choir_app import create_app

KINDS = ("Document", "Stylesheet", "Script", "Font", "Image", "Other")
FIRST_VIEW = 14 * 1024
WHOLE_VISIT = 100 * 1024


def main() -> None:
    """Measure and print."""
    with the_house() as house, chromium() as browser:
        app = create_app(house.settings)
        visitor = Walker(house.settings)
        (leader, roll), manager = a_leader(app, house.settings), a_manager(app, house.settings)
        visits = [
            ("start page", visitor, "/"),
            ("list of choirs", visitor, "/korer"),
            ("a choir", visitor, visitor.finds("/korer", "/korer/")),
            ("news", visitor, "/nyheter"),
            ("an article", visitor, visitor.finds("/nyheter", "/nyheter/20")),
            ("sign in", visitor, "/logga-in"),
            ("tonight", leader, "/ikvall"),
            ("the roll", leader, roll),
            ("the manager's page", manager, "/laget"),
            ("financed to", manager, "/finansiering/prognos"),
        ]
        print(
            f"{'first visit, bytes over the wire':<34}{'all':>8}"
            + "".join(f"{kind.lower():>12}" for kind in KINDS)
        )
        too_large = []
        for name, walker, path in visits:
            sizes = _visit(browser, house, walker, path)
            whole = sum(sizes.values())
            print(f"{name:<34}{whole:>8}" + "".join(f"{sizes.get(kind, 0):>12}" for kind in KINDS))
            if walker is visitor and sizes["Document"] + sizes["Stylesheet"] > FIRST_VIEW:
                too_large.append(f"{name}: HTML and style sheet over 14 kB")
            if walker is visitor and whole > WHOLE_VISIT:
                too_large.append(f"{name}: over 100 kB in all")
        again = _visit(browser, house, visitor, "/nyheter", times=2)
        print(
            f"{'news again':<34}{sum(again.values()):>8}"
            + "".join(f"{again.get(kind, 0):>12}" for kind in KINDS)
        )
        print(
            "\n".join(too_large)
            or "Every public page stays within 14 kB for the first view and 100 kB in all."
        )


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    path = os.environ.get("CHOIR_CHROMIUM") or shutil.which("chromium")
    if not path:
        raise SystemExit("This benchmark needs Chromium: start it by bin/bench.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def _visit(browser: Browser, house: Running, walker: Walker, path: str, *, times: int = 1) -> dict[str, int]:
    """The bytes of a visit by kind; of the last one when there are several in the same browser."""
    url = f"http://127.0.0.1:{house.settings.port}"
    context = browser.new_context(viewport={"width": 390, "height": 844}, service_workers="block")
    if walker.cookie:
        name, _, value = walker.cookie.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": url}])
    sizes: dict[str, int] = {}
    for _turn in range(times):
        page = context.new_page()
        kinds: dict[str, str] = {}
        sizes = defaultdict(int)
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")

        def begun(event: dict[str, Any], kinds: dict[str, str] = kinds) -> None:
            kinds[event["requestId"]] = event.get("type", "Other")

        def ended(
            event: dict[str, Any], kinds: dict[str, str] = kinds, sizes: dict[str, int] = sizes
        ) -> None:
            kind = kinds.get(event["requestId"], "Other")
            sizes[kind if kind in KINDS else "Other"] += int(event["encodedDataLength"])

        wire.on("Network.requestWillBeSent", begun)
        wire.on("Network.loadingFinished", ended)
        page.goto(url + path, wait_until="networkidle")
        page.close()
    context.close()
    return sizes
