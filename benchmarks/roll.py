"""How much the roll takes: acts that phones send at once, what a first visit weighs, and how soon a phone paints.

Acts: fifty phones send batches of thirty to one pair of server processes, on SQLite and on PostgreSQL, beside the bare
Flask «hello» in the same run; then a hundred leaders send forty acts each in the same moment. Goals: all are taken
in, 95 of 100 batches within 2 s, exactly 4,000 rows; a tap is painted in one frame and the roll opens without
contact within a second, with 200 names and a processor six times slower.
"""

import logging
import os
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import func, select

from benchmarks.crash import Server
from benchmarks.load import Job, run
from benchmarks.people import Walker
from benchmarks.phones import Evening, Line, a_mark, an_empty_house, batch_of, cookie_of, evenings
from benchmarks.servers import bare_flask, cpu_seconds_of, free_port
from benchmarks.size import chromium
from choir_app.foundation.database import db
from choir_app.foundation.settings import Settings, read_settings
from choir_app.rehearsals.models import Act
from tests.postgres import Cluster

SECONDS = float(os.environ.get("BENCH_SECONDS", "5"))
PHONES, BATCH = 50, 30
LEADERS, EACH = 100, 40
NAMES = 200
SLOWER = 6
BATCHES_PER_SECOND = 400
"""More than any machine of ours takes, so that no batch is sent twice."""


def main() -> None:
    """Measure and print."""
    logging.getLogger("choir").setLevel(logging.WARNING)
    print(
        f"{PHONES} phones, batches of {BATCH}, {SECONDS:.0f} s\n"
        f"{'database':<12}{'acts/s':>8}{'batches/s':>11}{'% hello':>9}{'median ms':>11}{'p99 ms':>8}{'work ms':>9}"
        f"{'wrong':>7}{'rows lacking':>14}"
    )
    for engine in ("sqlite", "postgresql"):
        with _a_house(engine, choirs=PHONES, singers=BATCH) as house, bare_flask() as hello:
            beside = run(_hello(hello.settings))
            _print_rate(engine, house, beside.per_second)
    print(
        f"\n{LEADERS} leaders send {EACH} acts each in the same moment\n"
        f"{'database':<12}{'answered':>9}{'median ms':>11}{'p95 ms':>8}{'slowest':>9}{'rows':>7}"
    )
    for engine in ("sqlite", "postgresql"):
        with _a_house(engine, choirs=LEADERS, singers=EACH) as house:
            _print_herd(engine, house)
    with _a_house("sqlite", choirs=1, singers=NAMES) as house, chromium() as browser:
        _print_phone(browser, house)


@dataclass(frozen=True)
class House:
    """A running house with choirs whose rehearsals have just begun."""

    app: Flask
    settings: Settings
    server: Server
    rolls: list[Evening]

    def cookies(self) -> list[dict[str, str]]:
        """What the phone of each choir's leader brings."""
        return [cookie_of(self.app, roll.leader_ids[0]) for roll in self.rolls]

    def acts(self) -> int:
        """How many acts the log holds."""
        with self.app.app_context():
            count = db.session.scalar(select(func.count()).select_from(Act)) or 0
            db.session.remove()
        return count


@contextmanager
def _a_house(engine: str, *, choirs: int, singers: int) -> Iterator[House]:
    with tempfile.TemporaryDirectory(prefix="choir-roll-") as folder:
        cluster = Cluster(waits_for_disk=True).start() if engine == "postgresql" else None
        given = {
            "CHOIR_DATA_DIR": folder,
            "CHOIR_DEMO": "0",
            "HOST": "127.0.0.1",
            "PORT": str(free_port()),
            "WORKERS": "2",
            "DATABASE_URL": cluster.database("roll") if cluster else "",
        }
        settings = read_settings(given)
        app = an_empty_house(settings)
        server = Server(settings, given)
        try:
            rolls = evenings(app, choirs, singers, rehearsals=4)
            server.start()
            yield House(app, settings, server, rolls)
        finally:
            server.kill()
            with app.app_context():
                db.session.remove()
                db.engine.dispose()
            if cluster:
                cluster.stop()


def _hello(settings: Settings) -> Job:
    request = Walker(settings).request("/")
    return Job("127.0.0.1", settings.port, [request], PHONES, SECONDS)


# --- acts --------------------------------------------------------------------------------------------------------


def _print_rate(engine: str, house: House, hellos: float) -> None:
    requests = _batches(house, int((SECONDS + 1) * BATCHES_PER_SECOND))
    group = house.server.process.pid if house.server.process else 0
    before = cpu_seconds_of(group)
    told = run(Job("127.0.0.1", house.settings.port, requests, PHONES, SECONDS))
    batches = max(1, house.acts() / BATCH)
    work = (cpu_seconds_of(group) - before) / batches * 1000
    lacking = max(0, told.answers * BATCH - house.acts())
    print(
        f"{engine:<12}{told.per_second * BATCH:>8.0f}{told.per_second:>11.1f}{told.per_second / hellos:>9.1%}"
        f"{told.median_ms:>11.0f}{told.p99_ms:>8.0f}{work:>9.1f}{told.wrong:>7}{lacking:>14}",
        flush=True,
    )


def _batches(house: House, number: int) -> list[str]:
    """So many batches as they go over the wire, from the leaders in turn, each about another evening than the last."""
    cookies = house.cookies()
    requests = []
    for turn in range(number):
        place = turn % len(house.rolls)
        roll = house.rolls[place]
        evening = roll.rehearsal_ids[turn // len(house.rolls) % len(roll.rehearsal_ids)]
        status = ("present", "unmarked", "absent")[turn // len(house.rolls) % 3]
        acts = [a_mark(evening, singer, status) for singer in roll.singer_ids]
        body = batch_of(acts, f"phone-{place}").decode()
        requests.append(_request(house.settings, cookies[place], body))
    return requests


def _request(settings: Settings, cookies: dict[str, str], body: str) -> str:
    said = {
        "Host": f"127.0.0.1:{settings.port}",
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "Origin": f"http://127.0.0.1:{settings.port}",
        "Content-Type": "application/json",
        "Content-Length": str(len(body.encode())),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    return f"POST /api/v1/acts HTTP/1.1\r\n{head}\r\n{body}"


def _print_herd(engine: str, house: House) -> None:
    bodies = [
        batch_of([a_mark(roll.rehearsal_ids[0], singer) for singer in roll.singer_ids], f"phone-{place}")
        for place, roll in enumerate(house.rolls)
    ]
    lines = [Line(house.settings.port, patience=90.0) for _roll in house.rolls]
    for line, cookies in zip(lines, house.cookies(), strict=True):
        line.cookies = cookies
    took: list[float] = []
    ready = threading.Barrier(len(lines))

    def send(line: Line, body: bytes) -> None:
        ready.wait()
        began = time.perf_counter()
        try:
            status, _answer = line.asks("POST", "/api/v1/acts", body, "application/json")
        except OSError:
            return  # «answered» tells
        if status == 200:
            took.append(time.perf_counter() - began)
        line.hangs_up()

    threads = [
        threading.Thread(target=send, args=pair, daemon=True) for pair in zip(lines, bodies, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took.sort()
    print(
        f"{engine:<12}{len(took):>9}{median(took) * 1000:>11.0f}{_share(took, 0.95) * 1000:>8.0f}"
        f"{took[-1] * 1000:>9.0f}{house.acts():>7}",
        flush=True,
    )


def _share(values: Sequence[float], share: float) -> float:
    return values[min(len(values) - 1, int(len(values) * share))]


# --- on the phone --------------------------------------------------------------------------------------------------

DRAWN = """(count) => {
  const look = () => {
    if (document.querySelectorAll("label.tile").length >= count) globalThis.drawnAfter = performance.now()
    else requestAnimationFrame(look)
  }
  look()
}"""
FROM_THE_BEGINNING = f"({DRAWN})({NAMES})"
"""Notes when all the names are there, in milliseconds since the page was asked for."""
PAINTED = """() => {
  globalThis.taken = []
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (one.name === "click") globalThis.taken.push(one.duration)
  }).observe({ type: "event", durationThreshold: 16 })
}"""


def _print_phone(browser: Browser, house: House) -> None:
    url = f"http://127.0.0.1:{house.settings.port}"
    path = f"/narvaro/{house.rolls[0].rehearsal_ids[0]}"
    context = browser.new_context(base_url=url, viewport={"width": 390, "height": 844}, has_touch=True)
    [cookies] = house.cookies()
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])
    page = context.new_page()
    page.goto("/ikvall")
    kept = _what_is_kept(page)
    evenings_json = _weight(house, cookies, "/api/v1/evenings")
    weights = {one: _weight(house, cookies, one) for one in kept}
    print(f"\nA phone with a roll of {NAMES} names, a processor {SLOWER} times slower")
    print(f"{'first visit, kept for later':<44}{sum(weights.values()):>9} bytes in {len(weights)} files")
    print(f"{'all rolls of 28 days (here 4, 800 names)':<44}{evenings_json:>9} bytes")
    ours = _print_taps(page, path, "from a tap to the painted row")
    page.close()
    _print_taps(_without_scripts(browser, url, cookies), path, "the same without a script of ours")
    floor = _print_taps(_nothing_but_boxes(browser, url), "/floor", "boxes alone: this browser, this machine")
    print(f"{'a tap costs so many times the boxes alone':<44}{ours / floor:>9.1f}")
    context.set_offline(True)
    for slower in (1, SLOWER):
        opened = [_opens(context, path, slower) for _turn in range(5)]
        name = f"opened cold without contact, {slower} x slower"
        print(f"{name:<44}{median(opened):>9.0f} ms (slowest {max(opened):.0f})")
    context.close()


def _what_is_kept(page: Page) -> list[str]:
    """The addresses in the worker's cache, once it has all."""
    kept: list[str] = []
    for _turn in range(300):
        page.wait_for_timeout(100)
        found = page.evaluate(
            """async () => {
              const all = []
              for (const name of await caches.keys()) {
                const cache = await caches.open(name)
                for (const request of await cache.keys()) all.push(new URL(request.url).pathname)
              }
              return navigator.serviceWorker.controller ? all.sort() : []
            }"""
        )
        if found and found == kept:
            return kept
        kept = found
    raise RuntimeError("the worker keeps nothing")


def _weight(house: House, cookies: dict[str, str], path: str) -> int:
    """The bytes of an answer's body as they go over the wire."""
    walker = Walker(house.settings, "; ".join(f"{name}={value}" for name, value in cookies.items()))
    line = Line(house.settings.port)
    line.cookies = cookies
    connection = line.says("GET", path, headers=walker.headers())
    answer = connection.getresponse()
    body = answer.read()
    line.hangs_up()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    return len(body)


def _without_scripts(browser: Browser, url: str, cookies: dict[str, str]) -> Page:
    """A page on which a tap only ticks a box, so that what is measured is the browser on this machine."""
    context = browser.new_context(base_url=url, viewport={"width": 390, "height": 844}, has_touch=True)
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])
    context.route("**/*.js", lambda route: route.abort())
    return context.new_page()


def _nothing_but_boxes(browser: Browser, url: str) -> Page:
    """As many boxes on a page without style or script: what measuring a tap costs here whatever stands on a page."""
    context = browser.new_context(base_url=url, viewport={"width": 390, "height": 844}, has_touch=True)
    box = '<p><label class="tile"><input type="checkbox">Name</label>'
    head = '<!doctype html><meta name="viewport" content="width=device-width">'
    context.route("**/floor", lambda route: route.fulfill(content_type="text/html", body=head + box * NAMES))
    return context.new_page()


def _print_taps(page: Page, path: str, name: str) -> float:
    page.goto(path)
    page.locator("label.tile").nth(NAMES - 1).wait_for()
    page.wait_for_timeout(500)
    wire = page.context.new_cdp_session(page)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.evaluate(PAINTED)
    taps = 20
    for place in range(taps):
        page.locator("label.tile").nth(place).tap()
        page.wait_for_timeout(120)
    page.wait_for_timeout(1000)
    longer: list[Any] = page.evaluate("globalThis.taken")
    wire.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    took = sorted([*longer, *[16.0] * max(0, taps - len(longer))])
    print(
        f"{name:<44}{median(took):>9.0f} ms at most in half of {taps} taps"
        f" (slowest {took[-1]:.0f}; the browser tells in steps of 8, less than 16 not at all)"
    )
    return float(median(took))


def _opens(context: BrowserContext, path: str, slower: int) -> float:
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.add_init_script(FROM_THE_BEGINNING)
    page.goto(path)
    drawn = None
    while drawn is None:
        page.wait_for_timeout(50)
        drawn = page.evaluate("globalThis.drawnAfter")
    page.close()
    return drawn
