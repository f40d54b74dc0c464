"""Which partners may be the same, and the days that a word means."""

from datetime import date

import pytest

from choir_app.foundation.text import folded
from choir_app.partners.rules import NEXT_DAY_NAMES, are_alike, home_of, next_day


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bodenbo", "Bodenbo AB"),
        ("Bodenbo", "Boden Bo"),
        ("Bodenbo", "Bodebo"),
        ("Folkets hus", "Folkets hus Östersund"),
        ("Östersunds kommun", "Östersund kommun"),
        ("Stiftelsen Sparbanken Norr", "Sparbanken Norr"),
        ("ABF", "Föreningen ABF"),
        ("Stiftelsen", "Stiftelsen"),
    ],
)
def test_names_that_may_mean_the_same(one: str, other: str) -> None:
    assert are_alike(folded(one), folded(other))
    assert are_alike(folded(other), folded(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bodenbo", "Kirunabostäder"),
        ("Luleå kommun", "Piteå kommun"),
        ("Folkets hus Boden", "Folkets hus Östersund"),
        ("Studieförbundet Vuxenskolan Boden", "Studieförbundet Vuxenskolan Borås"),
        ("Umeå AB", "Luleå AB"),
        ("Stiftelsen", "Föreningen"),
    ],
)
def test_names_that_do_not(one: str, other: str) -> None:
    assert not are_alike(folded(one), folded(other))
    assert not are_alike(folded(other), folded(one))


@pytest.mark.parametrize(
    ("website", "home"),
    [
        ("https://www.exempel.se/om-oss", "exempel.se"),
        ("exempel.se", "exempel.se"),
        ("http://EXEMPEL.se:8080", "exempel.se"),
        ("https://www.facebook.com/Bodenbo/photos", "facebook.com/bodenbo"),
        ("https://facebook.com/", None),
        ("http://[1", None),
        ("", None),
        (None, None),
    ],
)
def test_where_a_website_lives(website: str | None, home: str | None) -> None:
    assert home_of(website) == home


def test_the_days_that_words_mean_lie_ahead_in_order() -> None:
    today = date(2026, 6, 16)
    days = [next_day(word, today) for word in NEXT_DAY_NAMES]
    assert days == [date(2026, 6, 17), date(2026, 6, 23), date(2026, 7, 14)]
