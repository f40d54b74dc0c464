"""The news beside others: a bare Flask «hello», the server's static file and a Wagtail site with the same posts.

All stand at the same time and are asked in turn, several rounds, so that a busy machine disturbs all alike; the middle
round counts, and what is compared is ratios within a round. Then what an article weighs, how long a photograph takes,
and how long a question takes among many posts (benchmarks/search.py).

Goals: an article at 85 % of hello or more and at least ten times Wagtail's; HTML and style sheet of an article within
14 kB, their headers included.

BENCH_ONLY=pages, picture or search leaves the rest out.
"""

import logging
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask
from sqlalchemy import select

from benchmarks import search
from benchmarks.load import Job, Result, run
from benchmarks.people import Walker
from benchmarks.pictures import picture_time
from benchmarks.servers import Running, bare_flask, the_house
from benchmarks.wagtail import Site
from choir_app import create_app
from choir_app.foundation import clock, text
from choir_app.foundation.database import db
from choir_app.news.models import Post

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "4"))
CONNECTIONS = 16
FIRST_VIEW = 14 * 1024
PARTS = ("pages", "picture", "search")


def main() -> None:
    """Measure what is asked for, and print."""
    asked = os.environ.get("BENCH_ONLY", " ".join(PARTS)).split()
    if "pages" in asked:
        _pages()
    if "picture" in asked:
        took = picture_time()
        print(
            f"\na photograph of 12 megapixels ({took.upload_bytes / 1e6:.1f} MB): {took.seconds:.1f} s until "
            f"{took.copies} copies lie on the disk ({took.kept_bytes / 1000:.0f} kB); "
            f"{took.seconds_of_a_new_point:.1f} s for another point"
        )
    if "search" in asked:
        search.main()


@dataclass(frozen=True)
class Page:
    """What is asked for, of whom."""

    name: str
    server: Running
    path: str

    def measured(self) -> Result:
        """One round."""
        request = Walker(self.server.settings).request(self.path)
        job = Job("127.0.0.1", self.server.settings.port, [request], CONNECTIONS, SECONDS, warm_up=0.5)
        return run(job)


def _pages() -> None:
    logging.disable(logging.WARNING)
    with ExitStack() as stack:
        house, hello = stack.enter_context(the_house()), stack.enter_context(bare_flask())
        posts = _posts_of(create_app(house.settings))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="choir-wagtail-")))
        site = Site(folder, posts)
        plain = stack.enter_context(site.running(house.settings.workers))
        cached = stack.enter_context(site.running(house.settings.workers, with_cache=True))
        visitor = Walker(house.settings)
        article = visitor.finds("/nyheter", "/nyheter/20")
        theirs = f"/nyheter/{article.rpartition('/')[2]}/"
        sheet = _sheet_of(visitor, article)
        pages = [
            Page("Flask hello", hello, "/"),
            Page("static file", house, sheet),
            Page("news list", house, "/nyheter"),
            Page("an article", house, article),
            Page("Wagtail: list", plain, "/nyheter/"),
            Page("Wagtail: article", plain, theirs),
            Page("Wagtail, page cache: list", cached, "/nyheter/"),
            Page("Wagtail, page cache: article", cached, theirs),
        ]
        rounds = [{page.name: page.measured() for page in pages} for _round in range(ROUNDS)]
        print(
            f"{CONNECTIONS} connections, {house.settings.workers} processes, {len(posts)} posts, Wagtail "
            f"{site.version}; {ROUNDS} rounds of {SECONDS:.0f} s, the middle one"
        )
        print(f"{'':<30}{'per s':>8}{'% hello':>9}{'p99 ms':>8}  wrong")
        for page in pages:
            results = [one[page.name] for one in rounds]
            print(
                f"{page.name:<30}{median(one.per_second for one in results):>8.0f}"
                f"{_ratio(rounds, page.name, 'Flask hello'):>9.0%}"
                f"{median(one.p99_ms for one in results):>8.1f}  {sum(one.wrong for one in results)}"
            )
        for ours, other in (("an article", "article"), ("news list", "list")):
            plainly = _ratio(rounds, ours, f"Wagtail: {other}")
            at_best = _ratio(rounds, ours, f"Wagtail, page cache: {other}")
            print(f"{ours}: {plainly:.0f} times Wagtail's, {at_best:.1f} times with its page cache")
        _weigh(visitor, article, sheet)
        _weigh(visitor, "/nyheter", sheet)


def _ratio(rounds: list[dict[str, Result]], name: str, beside: str) -> float:
    return median(one[name].per_second / one[beside].per_second for one in rounds)


def _posts_of(app: Flask) -> list[dict[str, Any]]:
    """The published posts of the demo network in Swedish, as another house takes them in."""
    with app.app_context():
        public = select(Post).where(Post.published_at <= clock.now(), Post.withdrawn_at.is_(None))
        told = [
            {
                "headline": post.headline,
                "slug": post.slug,
                "date": clock.local(post.published_at or post.created_at).date().isoformat(),
                "lead": post.lead,
                "body": str(text.to_html(post.body)),
                "byline": ", ".join(one.name for one in post.authors),
            }
            for post in db.session.scalars(public)
        ]
        db.session.remove()
    return told


def _sheet_of(visitor: Walker, path: str) -> str:
    links = visitor.opens(path).iter("link")
    return next(str(one.get("href")) for one in links if one.get("rel") == "stylesheet")


def _weigh(visitor: Walker, path: str, sheet: str) -> None:
    """The bytes of a page and its style sheet over the wire, with and without their headers."""
    heads, bodies = zip(*(_answer(visitor, each) for each in (path, sheet)), strict=True)
    whole = sum(heads) + sum(bodies)
    print(
        f"{path}: HTML {bodies[0]} + CSS {bodies[1]} = {sum(bodies)} bytes, with headers {whole}"
        f" ({'within' if whole <= FIRST_VIEW else 'OVER'} 14 kB)"
    )


def _answer(visitor: Walker, path: str) -> tuple[int, int]:
    """The bytes of an answer: its head and its body."""
    whole = b"".join(_heard(visitor, path))
    head, _, body = whole.partition(b"\r\n\r\n")
    return len(head) + 4, len(body)


def _heard(visitor: Walker, path: str) -> Iterator[bytes]:
    question = visitor.request(path).replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")
    with socket.create_connection(("127.0.0.1", visitor.settings.port), timeout=30) as line:
        line.sendall(question.encode())
        while some := line.recv(65536):
            yield some
