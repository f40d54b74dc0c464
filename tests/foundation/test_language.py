"""Languages: the address names them, the switch remembers, and days and sums are written as people write them."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from choir_app.foundation import language
from tests.visitor import Visitor


class TestTheAddress:
    def test_names_the_language(self, visitor: Visitor) -> None:
        assert '<html lang="en"' in visitor.opens("/en/nyheter").html

    def test_without_a_language_is_swedish(self, visitor: Visitor) -> None:
        assert '<html lang="sv"' in visitor.opens("/nyheter").html

    def test_is_remembered_and_links_keep_it(self, visitor: Visitor) -> None:
        visitor.opens("/en/nyheter")
        assert 'href="/en/nyheter' in visitor.html
        visitor.opens("/nyheter?sida=1", 302)
        assert visitor.answer is not None
        assert visitor.answer.headers["Location"] == "/en/nyheter?sida=1"

    def test_the_way_back_to_swedish_is_remembered_too(self, visitor: Visitor) -> None:
        visitor.opens("/en/nyheter").opens("/sv/nyheter", 302)
        assert '<html lang="sv"' in visitor.opens("/nyheter").html

    @pytest.mark.parametrize(
        "path",
        ["/sv//elsewhere.example.org/x", "/sv/\\elsewhere.example.org", "/sv/%2Felsewhere.example.org"],
    )
    def test_never_leads_out_of_the_house(self, visitor: Visitor, path: str) -> None:
        visitor.opens(path, 302)
        assert visitor.answer is not None
        location = visitor.answer.headers["Location"]
        assert location.startswith("/")
        assert not location.startswith(("//", "/\\"))

    def test_a_language_that_is_not_offered_is_no_page(self, visitor: Visitor) -> None:
        visitor.opens("/de/nyheter", 404)

    def test_a_spoilt_cookie_is_no_cookie(self, visitor: Visitor) -> None:
        visitor.client.set_cookie(language.COOKIE, "../../etc")
        assert '<html lang="sv"' in visitor.opens("/nyheter").html


class TestWriting:
    @pytest.mark.parametrize(
        ("lang", "said"),
        [
            ("/", ["tisdag 16 juni", "18.00", "16 juni", "juni 2026"]),
            ("/en/", ["Tuesday 16 June", "18:00", "16 June", "June 2026"]),
        ],
    )
    def test_days_and_hours(self, app: Flask, lang: str, said: list[str]) -> None:
        moment = datetime(2026, 6, 16, 16, 0, tzinfo=UTC)
        with app.test_request_context(
            "/", environ_overrides={"choir.language": "en" if "en" in lang else "sv"}
        ):
            shown = [
                language.day(moment),
                language.hour(moment),
                language.short_day(moment),
                language.month(moment),
            ]
        assert shown == said

    def test_a_day_of_another_year_says_which(self, app: Flask) -> None:
        with app.test_request_context("/"):
            assert language.day(date(2027, 1, 5)) == "tisdag 5 januari 2027"
            assert language.short_day(date(2025, 1, 5)) == "5 januari 2025"

    def test_sums_and_lists(self, app: Flask) -> None:
        with app.test_request_context("/"):
            assert language.kronor(6_800_000) == "68\u00a0000\u00a0kr"
            assert language.number(68_000) == "68\u00a0000"
            assert language.listed(["Boden", "Göteborg", "Östersund"]) == "Boden, Göteborg och Östersund"
            assert language.sentence("tisdag") == "Tisdag"

    def test_what_leaves_the_house_is_in_swedish(self, app: Flask) -> None:
        with app.test_request_context("/", environ_overrides={"choir.language": "en"}):
            with language.in_swedish():
                assert language.long_day(date(2026, 6, 16)) == "tisdag 16 juni 2026"
                assert language.current_language() == "sv"
            assert language.long_day(date(2026, 6, 16)) == "Tuesday 16 June 2026"
        with language.in_swedish():
            assert language.full_day(date(2026, 6, 16)) == "16 juni 2026"
