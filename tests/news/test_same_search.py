"""The search by a plain reading of the stems: whatever is asked, either database gives the same posts in one order."""

import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from choir_app.accounts.models import Account
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.news import actions, queries
from choir_app.news.models import PostWords
from choir_app.news.queries import search
from choir_app.news.rules import TEXT_LANGUAGES, query_groups
from tests.news.made import a_post, a_version

WORDS = (
    *(
        "kör",
        "kör",
        "körer",
        "kor",
        "ko",
        "sång",
        "sjunger",
        "bostad",
        "bostäder",
        "vän",
        "vänner",
        "åre",
        "are",
    ),
    *(
        "Örebro",
        "orebro",
        "pengar",
        "pengarna",
        "2026",
        "1e5",
        "fika",
        "alla",
        "hus",
        "husen",
        "نغني",
        "och",
        "the",
    ),
    *("singing", "sings", "SÅNG", "naïve", "C++", "a&b", "x_y", "e-post", "å"),
)


def asked(question: str) -> list[str]:
    """The addresses of all that is found, page after page."""
    slugs: list[str] = []
    for number in range(1, 20):
        page = queries.found(question, number)
        slugs += [card.slug for card in page.cards]
        if not page.has_older:
            with pytest.raises(NoResultFound):
                queries.found(question, number + 1)
            return slugs if page.cards or number == 1 else []
    raise AssertionError("the search never ends")


@pytest.mark.parametrize("few", [0, 5, 500])
def test_every_question_is_answered_as_a_plain_reading_would(
    editor: Account, the_clock: Any, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """However many are called few: gathered or looked through from the newest on, it is the same."""
    monkeypatch.setattr(search, "FEW", few)
    chance = random.Random(11)
    posts = []
    for number in range(40):
        headline = f"N{number} {' '.join(chance.choices(WORDS, k=chance.randint(1, 3)))}"
        post = a_post(editor, headline, body=" ".join(chance.choices(WORDS, k=chance.randint(1, 9))))
        if number % 5 == 0:
            a_version(post, editor, headline=f"E{number}", body=" ".join(chance.choices(WORDS, k=4)))
        if number % 7 == 3:
            actions.withdraw(post, by=editor)
        else:
            posts.append(post)
        if number % 3:  # some come out at the very same moment
            the_clock.set_to(clock.now() + timedelta(minutes=chance.randint(1, 99)))
    db.session.commit()
    held = {
        row.version_id: (set(row.of_headline.split()), set(row.of_all.split()))
        for row in db.session.scalars(select(PostWords))
    }
    for _turn in range(60):
        question = " ".join(chance.choices(WORDS, k=chance.choice((1, 1, 1, 2, 2, 3))))
        groups = [set(group) for group in query_groups(question, list(TEXT_LANGUAGES))]

        def holds(post: Any, which: int, groups: list[set[str]] = groups) -> bool:
            return any(group <= held[one.id][which] for one in post.versions for group in groups)

        wanted = sorted(
            (post for post in posts if holds(post, 1)),
            key=lambda post: (-holds(post, 0), -post.published_at.timestamp(), post.id),
        )
        slugs = {one.slug: post for post in wanted for one in post.versions}
        assert [slugs[slug].headline for slug in asked(question)] == [post.headline for post in wanted], (
            question
        )
