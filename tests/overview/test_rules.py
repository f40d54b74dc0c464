"""Which bar a person has and where they land, by what they do."""

from itertools import product

import pytest

from choir_app.overview import rules
from choir_app.overview.rules import bar_of, landing_for, places_for


def words(places: tuple[rules.Place, ...]) -> list[str]:
    return [place.endpoint for place in places]


class TestPlaces:
    @pytest.mark.parametrize(("manages", "leads", "edits"), list(product((True, False), repeat=3)))
    def test_nothing_stands_twice_and_the_bar_ends_with_more(
        self, manages: bool, leads: bool, edits: bool
    ) -> None:
        places = places_for(manages=manages, leads=leads, edits=edits)
        assert len(set(words(places))) == len(places)
        bar = bar_of(places)
        assert len(bar) <= rules.MOST_IN_BAR
        assert bar[-1] is rules.MORE
        assert bar[:-1] == places[: len(bar) - 1]

    def test_a_singer(self) -> None:
        assert places_for(manages=False, leads=False, edits=False) == (
            rules.HOME,
            rules.NEWS,
            rules.OWN_CHOIR,
        )

    def test_a_leader(self) -> None:
        assert places_for(manages=False, leads=True, edits=False) == (
            rules.TONIGHT,
            rules.SINGERS,
            rules.NEWS,
        )

    def test_a_manager_who_leads_has_tonight_first(self) -> None:
        assert bar_of(places_for(manages=True, leads=True, edits=True)) == (
            rules.TONIGHT,
            rules.SITUATION,
            rules.FUNDING,
            rules.MORE,
        )


class TestLanding:
    @pytest.mark.parametrize(
        ("manages", "leads", "edits", "sings_today", "there"),
        [
            (False, False, False, False, rules.HOME),
            (False, False, True, False, rules.EDITING),
            (False, True, False, False, rules.TONIGHT),
            (False, True, True, True, rules.TONIGHT),
            (True, False, True, False, rules.SITUATION),
            (True, True, True, False, rules.SITUATION),
            (True, True, True, True, rules.TONIGHT),
        ],
    )
    def test_is_what_one_does_first(
        self, manages: bool, leads: bool, edits: bool, sings_today: bool, there: rules.Place
    ) -> None:
        assert landing_for(manages=manages, leads=leads, edits=edits, sings_today=sings_today) is there
