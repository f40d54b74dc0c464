"""Who is behind the pages, and how one reaches them: from settings, on every page."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from choir_app.foundation.database import Model, db
from tests.conftest import a_house
from tests.visitor import Visitor

pytestmark = pytest.mark.one_engine


@pytest.fixture
def another_house(engine_name: str, new_database: Callable[[str, str], str], tmp_path: Path) -> Flask:
    """The house of another network."""
    house = a_house(
        new_database(engine_name, "behind"),
        tmp_path,
        CHOIR_OWNER="Körer <i> väst",
        CHOIR_SUPPORTERS="Region Väst",
        CHOIR_CONTACT="hej@example.org",
    )
    with house.app_context():
        Model.metadata.create_all(db.engine)
    return house


class TestAnotherNetwork:
    def test_says_on_every_page_who_owns_it(self, another_house: Flask) -> None:
        with another_house.app_context():
            visitor = Visitor(another_house)
            for path in ("/", "/nyheter", "/om", "/kontakt", "/tipsa-oss"):
                visitor.opens(path).sees("Körer <i> väst äger projektet som startar körer i fler städer.")
                visitor.misses("Sveriges Körförbund")
            visitor.opens("/om").sees("Region Väst har gett pengar.").misses("Postkodstiftelsen")
            for path in ("/kontakt", "/tillganglighet", "/personuppgifter"):
                assert 'href="mailto:hej@example.org"' in visitor.opens(path).html


class TestOurOwn:
    def test_says_who_it_is_without_being_told(self, visitor: Visitor) -> None:
        visitor.opens("/om").sees(
            "Sveriges Körförbund äger projektet", "Svenska Postkodstiftelsen har gett pengar."
        )
        visitor.opens("/kontakt").misses("mailto:None")

    def test_names_keep_their_language_on_a_page_in_another(
        self, visitor: Visitor, another_house: Flask
    ) -> None:
        assert '<span lang="sv">' not in visitor.opens("/om").html
        for path in ("/en/om", "/en/kontakt", "/en/personuppgifter", "/en/nyheter"):
            assert '<span lang="sv">Sveriges Körförbund</span>' in visitor.opens(path).html
        assert '<span lang="sv">Svenska Postkodstiftelsen</span>' in visitor.opens("/en/om").html
        with another_house.app_context():
            assert (
                '<span lang="sv">Körer &lt;i&gt; väst</span>' in Visitor(another_house).opens("/en/om").html
            )

    def test_the_privacy_page_speaks_of_all_that_the_news_keeps(self, visitor: Visitor) -> None:
        visitor.opens("/personuppgifter").sees(
            "om du har bett om nyheter med mejl",
            "om du syns på en bild i nyheterna",
            "Det du skriver på sidan Tipsa oss",
            "Hur många gånger en nyhet öppnas varje dag.",
            "text som inte är skickad än",
            "Det är kakor som bara du har nytta av.",
        )

    def test_the_ways_to_tell_us_something_are_found(self, visitor: Visitor) -> None:
        for path in ("/nyheter", "/om", "/kontakt"):
            assert 'href="/tipsa-oss"' in visitor.opens(path).html
        assert 'href="/utseende"' in visitor.opens("/tillganglighet").html
