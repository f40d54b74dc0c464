"""How long a question to the news takes with so many posts, on either database: part of `bin/bench news`.

The posts are made of invented words that come as often as words do in a language (the n-th as 1/n, Zipf's law) and a
few that stand in many posts. What is timed is the query that the page calls, with its cards. Each figure is the
median of several turns after one that is not counted, by the clock.
"""

import os
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import accumulate
from statistics import median
from typing import Any
from uuid import uuid4

from flask import Flask
from sqlalchemy import insert, text

from benchmarks.phones import an_empty_house
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.foundation.settings import read_settings
from choir_app.news import queries
from choir_app.news.models import Post, PostAuthor, PostVersion, PostWords
from choir_app.news.rules import SOURCE, stems_of
from tests.postgres import Cluster

SIZES = tuple(int(size) for size in os.environ.get("BENCH_POSTS", "100,10000,100000").split(","))
TURNS = 7
IN_A_TEXT = 200
"""Words of a post's text beside headline and lead."""

_SYLLABLES = (
    *("ka", "lo", "mi", "ren", "sta", "vik", "bo", "da", "gru", "hem"),
    *("ljus", "sol", "nat", "var", "tra", "fol", "ska", "ber", "gla", "rik"),
)
_FREQUENT = (
    *("kör", "sång", "musik", "vecka", "kväll", "hus", "barn", "repetition", "konsert", "pengar"),
    *("möte", "alla", "sjunger", "staden"),
)


def main() -> None:
    """Fill, ask, print."""
    words = _vocabulary()
    questions = {
        "a word of every second post": "kör",
        "two of them": "kör pengar",
        "a word of some": words[300],
        "a rare word": words[15_000],
        "a frequent and a rare word": f"sång {words[9_000]}",
        "a word of no post": "zzzqqq",
    }
    rows: dict[tuple[str, str, int], float] = {}
    for engine in ("sqlite", "postgresql"):
        for size in SIZES:
            with _a_house(engine) as app, app.test_request_context():
                _fill(size, words)
                for name, question in questions.items():
                    rows[name, engine, size] = _timed(question)
                rows["page 50 of the first", engine, size] = _timed("kör", 50 if size >= 2_000 else 2)
                db.session.remove()
    print("\nsearch, milliseconds at so many posts (median)", flush=True)
    columns = [(engine, size) for engine in ("sqlite", "postgresql") for size in SIZES]
    print(f"{'':<30}" + "".join(f"{engine[:6] + f' {size:,}':>17}" for engine, size in columns))
    for name in dict.fromkeys(name for name, _engine, _size in rows):
        print(f"{name:<30}" + "".join(f"{rows[name, engine, size]:>17.1f}" for engine, size in columns))


@contextmanager
def _a_house(engine: str) -> Iterator[Flask]:
    with tempfile.TemporaryDirectory(prefix="choir-search-") as folder:
        cluster = Cluster().start() if engine == "postgresql" else None
        url = cluster.database("search") if cluster else ""
        app = an_empty_house(
            read_settings({"CHOIR_DATA_DIR": folder, "CHOIR_DEMO": "0", "DATABASE_URL": url})
        )
        try:
            yield app
        finally:
            with app.app_context():
                db.session.remove()
                db.engine.dispose()
            if cluster:
                cluster.stop()


def _vocabulary() -> list[str]:
    chance = random.Random(5)
    words: dict[str, None] = {}
    while len(words) < 20_000:
        words["".join(chance.choices(_SYLLABLES, k=chance.randint(2, 5)))] = None
    return list(words)


def _fill(size: int, words: list[str]) -> None:
    """So many published posts, one an hour back in time, with their stems as the desk writes them."""
    chance, now = random.Random(size), clock.now()
    often = list(accumulate(1 / (place + 10) for place in range(len(words))))
    stems = {word: stems_of(word, SOURCE) for word in (*words, *_FREQUENT)}

    def some(count: int) -> list[str]:
        rare = chance.choices(words, cum_weights=often, k=count - count // 8)
        return rare + chance.choices(_FREQUENT, k=count // 8)

    def kept(of: list[str]) -> str:
        return f" {' '.join(dict.fromkeys(stem for word in of for stem in stems[word]))} "

    for first in range(0, size, 2_000):
        posts: list[dict[str, Any]] = []
        authors, versions, index = [], [], []
        for number in range(first, min(size, first + 2_000)):
            post_id, version_id, at = uuid4(), uuid4(), now - timedelta(hours=number + 1)
            headline, lead, body = some(5 + number % 5), some(20), some(IN_A_TEXT)
            posts.append({"id": post_id, "created_at": at, "published_at": at})
            authors.append({"post_id": post_id, "place": 0, "name": "Karin", "slug": "karin"})
            versions.append(
                {
                    "id": version_id, "post_id": post_id, "language": SOURCE, "slug": f"nyhet-{number}",
                    "headline": " ".join(headline)[:150], "lead": " ".join(lead)[:600], "body": " ".join(body),
                    "saved_at": at, "shown_at": at, "revision_number": 1,
                }
            )  # fmt: skip
            index.append(
                {
                    "version_id": version_id,
                    "of_headline": kept(headline),
                    "of_all": kept(headline + lead + body),
                }
            )
        for model, rows in (
            (Post, posts),
            (PostAuthor, authors),
            (PostVersion, versions),
            (PostWords, index),
        ):
            db.session.execute(insert(model), rows)
        db.session.commit()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _timed(question: str, page: int = 1) -> float:
    took: list[float] = []
    for _turn in range(TURNS + 1):
        db.session.remove()
        began = time.perf_counter()
        queries.found(question, page)
        took.append((time.perf_counter() - began) * 1000)
    return median(took[1:])


if __name__ == "__main__":
    main()
