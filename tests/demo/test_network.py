"""The demo network as it stands in a database: who is there, what happened, and what never may be in it."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir, Leadership, Membership, Singer
from choir_app.demo import money, network, texts
from choir_app.foundation import clock, pictures
from choir_app.foundation.database import Model, commit, db
from choir_app.funding import queries as funding
from choir_app.funding.models import SavedScenario
from choir_app.funding.queries.score import score
from choir_app.news.models import Post, PostVersion
from choir_app.partners.models import Partner
from choir_app.rehearsals import queries as rehearsals
from choir_app.rehearsals.models import Attendance, Cancellation, Move, Rehearsal
from tests import makers
from tests.conftest import NOW, a_house
from tests.kept_demo import put_in_demo_network, tell_demo_network
from tests.visitor import Visitor

NewDatabase = Callable[[str, str], str]


def loaded(database_url: str, folder: Path, run: Path, *, at: datetime = NOW) -> Flask:
    """A house of its own with the demo network as it would be made at that moment."""
    app = a_house(database_url, folder, CHOIR_DEMO="1")
    with app.app_context(), clock.set_to(at):
        Model.metadata.create_all(db.engine)
        tell_demo_network(run)
        commit()
        db.session.remove()
    return app


@pytest.fixture(scope="module")
def made(
    engine_name: str, new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory, shared: Path
) -> Iterator[Flask]:
    """The demo network, loaded once for each database."""
    app = loaded(new_database(engine_name, "demo"), tmp_path_factory.mktemp("demo"), shared)
    with app.app_context():
        SHAPES[engine_name] = shape()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def demo(made: Flask) -> Iterator[Flask]:
    """The test stands inside the application context of the house with the demo network."""
    with made.app_context():
        yield made
        db.session.rollback()


def number_of(model: type[Model]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def boden() -> Choir:
    return db.session.scalars(select(Choir).where(Choir.name == "Boden")).one()


SHAPES: dict[str, dict[str, Any]] = {}
"""What was made in each database, for comparing."""


def shape() -> dict[str, Any]:
    """Everything about the network that must be the same on every machine."""
    names = select(Singer.first_name, Singer.surname, Singer.phone)
    evenings = select(
        Choir.name, Rehearsal.starts_at, Rehearsal.present_count, Rehearsal.guest_count, Rehearsal.note
    ).join(Choir, Rehearsal.choir_id == Choir.id)
    posts = select(PostVersion.slug, Post.published_at, PostVersion.picture_name).join(PostVersion)
    rows = {
        name: sorted(tuple(map(str, row)) for row in db.session.execute(asked))
        for name, asked in (("singers", names), ("evenings", evenings), ("posts", posts))
    }
    counts = {
        table.name: db.session.scalar(select(func.count()).select_from(table))
        for table in Model.metadata.sorted_tables
    }
    return {**rows, "counts": counts}


class TestLoading:
    def test_an_empty_house_is_known_as_such(self, app: Flask) -> None:
        assert network.is_empty()
        makers.an_account("Karin Ek")
        assert not network.is_empty()

    def test_a_town_is_data_too(self, app: Flask) -> None:
        makers.a_town("Boden")
        assert not network.is_empty()

    def test_the_loaded_house_is_not_empty(self, demo: Flask) -> None:
        assert not network.is_empty()

    def test_the_meeting_was_last_friday(self) -> None:
        assert network.last_friday(date(2026, 6, 16)) == date(2026, 6, 12)
        assert network.last_friday(date(2026, 6, 12)) == date(2026, 6, 5)
        assert network.last_friday(date(2026, 6, 13)) == date(2026, 6, 12)


class TestPeople:
    def test_five_choirs_with_a_leader_each(self, demo: Flask) -> None:
        names = db.session.scalars(select(Choir.name).order_by(Choir.name)).all()
        assert sorted(names) == ["Boden", "Göteborg", "Linköping", "Norrköping", "Östersund"]
        led = db.session.scalars(select(Leadership.choir_id)).all()
        assert len(led) == len(set(led)) == 5

    def test_the_years_that_the_texts_name_stand(self, demo: Flask) -> None:
        began = {
            choir.name: min(state.since for state in choir.states)
            for choir in db.session.scalars(select(Choir))
        }
        assert began == {told.name: told.since for told in texts.CHOIRS}

    def test_everybody_in_the_list_can_sign_in(self, demo: Flask) -> None:
        listed = re.findall(r"\S+@example\.org", network.who_can_sign_in())
        assert len(listed) == len(set(listed)) == 9
        known = set(db.session.scalars(select(Account.email)))
        assert known == set(listed)
        for email in ("karin@example.org", "hodan@example.org"):
            Visitor(demo).opens("/logga-in").sends("/logga-in", email=email, password=network.PASSWORD)
        hashes = db.session.scalars(select(Account.password_hash)).all()
        assert set(hashes) == {hashes[0]}, "the same password for all"

    def test_each_lands_where_they_work(self, demo: Flask) -> None:
        for email, there in (
            ("karin@example.org", "/laget"),
            ("elin@example.org", "/ikvall"),
            ("hodan@example.org", "/hem"),
            ("eva@example.org", "/nyheter/skriv"),
        ):
            visitor = Visitor(demo)
            visitor.opens("/logga-in").sends("/logga-in", email=email, password=network.PASSWORD)
            assert visitor.path == there

    def test_the_member_sings_in_boden_and_is_found_there(self, demo: Flask) -> None:
        hodan = db.session.scalars(select(Account).where(Account.email == "hodan@example.org")).one()
        singer = db.session.scalars(select(Singer).where(Singer.account_id == hodan.id)).one()
        assert {row.choir.name for row in singer.memberships} == {"Boden"}

    def test_some_came_and_some_left(self, demo: Flask) -> None:
        states = set(db.session.scalars(select(Membership.state)))
        assert {"trying", "regular", "left"} <= states

    def test_addresses_and_numbers_are_made_up(self, demo: Flask) -> None:
        for table in Model.metadata.sorted_tables:
            for row in db.session.execute(table.select()):
                for value in row:
                    if not isinstance(value, str):
                        continue
                    for address in re.findall(r"[\w.+-]+@[\w.-]+\w", value):
                        assert address.endswith("@example.org"), (table.name, value)
                    for phone in re.findall(r"(?<![\w-])0\d\d?[\d -]{6,}\d(?![\w-])", value):
                        assert re.fullmatch(r"070-174 06 (0[5-9]|[1-9]\d)", phone), (table.name, value)


class TestSinging:
    def test_about_two_hundred_a_week(self, demo: Flask) -> None:
        with clock.set_to(NOW):
            weekly = rehearsals.network_weekly_average()
        assert weekly is not None
        assert 180 <= weekly.people <= 220

    def test_each_choir_is_about_as_large_as_told(self, demo: Flask) -> None:
        with clock.set_to(NOW):
            by_choir = rehearsals.weekly_headcounts_by_choir(weeks=12)
        for told in texts.CHOIRS:
            choir = db.session.scalars(select(Choir).where(Choir.name == told.name)).one()
            heads = [week.headcount for week in by_choir[choir.id] if week.headcount]
            assert len(heads) >= 8
            assert abs(sum(heads) / len(heads) - told.regulars) <= 0.15 * told.regulars
            assert len(set(heads)) > 3, "no two evenings are alike"

    def test_some_evenings_were_called_off_and_some_were_not_written_down(self, demo: Flask) -> None:
        with clock.set_to(NOW):
            assert number_of(Cancellation) >= 3
            assert number_of(Move) == 1
            left = rehearsals.not_logged(makers_manager(), limit=20)
        assert "Boden" in {one.choir for one in left}

    def test_there_is_singing_in_boden_tonight_and_a_roll_to_take(self, demo: Flask) -> None:
        with clock.set_to(NOW):
            tonight = rehearsals.on_day([boden().id], clock.today())
            assert len(tonight) == 1
            roll = rehearsals.roll_of(tonight[0])
            assert roll.total > 30
            assert roll.here == 0

    def test_every_head_is_counted_from_its_marks(self, demo: Flask) -> None:
        present = db.session.execute(
            select(Attendance.rehearsal_id, func.count())
            .where(Attendance.is_present)
            .group_by(Attendance.rehearsal_id)
        )
        counted = {row[0]: row[1] for row in present}
        for rehearsal in db.session.scalars(select(Rehearsal)):
            assert rehearsal.present_count == counted.get(rehearsal.id, 0)

    def test_nobody_sings_in_a_break(self, demo: Flask) -> None:
        days = db.session.scalars(select(Rehearsal.sung_on)).all()
        assert not [day for day in days if day.month == 7 or (day.month, day.day) in ((12, 24), (12, 31))]


def makers_manager() -> Account:
    return db.session.scalars(select(Account).where(Account.email == "karin@example.org")).one()


class TestMoney:
    def test_the_towns_end_on_different_days_after_the_summer(self, demo: Flask) -> None:
        with clock.set_to(NOW):
            forecast = funding.forecast(clock.today())
        ends = {choir.name: choir.financed.to for choir in forecast.choirs}
        assert len(set(ends.values())) == 5, ends
        summer = money.end_of_coming_summer(network.last_friday(NOW.date()))
        assert all(end is not None and end > summer for end in ends.values()), ends
        assert forecast.first_to_end is not None

    def test_every_screen_shows_what_it_is_for(self, demo: Flask) -> None:
        with clock.set_to(NOW):
            told = score(clock.today())
            known = funding.facts(clock.today())
        assert len(told.months) == 4
        assert all(told.miss(months)[1] for months in (1, 3))
        assert told.chances, "an ask that a snapshot knew of has been answered"
        assert known.instalments
        assert number_of(SavedScenario) == 1

    def test_the_partners_of_the_texts_are_there(self, demo: Flask) -> None:
        assert number_of(Partner) == len(texts.PARTNERS)


class TestNews:
    def test_every_post_is_there_with_its_picture(self, demo: Flask) -> None:
        posts = db.session.scalars(select(Post)).all()
        assert {post.headline for post in posts} == {told.headline for told in texts.POSTS}
        assert all(post.swedish.picture_name and post.swedish.picture_alt for post in posts)
        assert sum(post.is_draft for post in posts) == sum(told.days is None for told in texts.POSTS)

    def test_the_pages_can_be_read(self, demo: Flask) -> None:
        visitor = Visitor(demo)
        with clock.set_to(NOW):
            visitor.opens("/").sees("Cirka", "sjunger varje vecka.", "Det här är en demo.")
            for path in ("/korer", "/nyheter", *(f"/korer/{slug}" for slug in ("boden", "ostersund"))):
                visitor.opens(path)


def test_the_same_network_on_every_machine(
    demo: Flask,
    engine_name: str,
    new_database: NewDatabase,
    tmp_path_factory: pytest.TempPathFactory,
    shared: Path,
) -> None:
    if len(SHAPES) == 1:  # nothing to compare with yet
        again = f"{engine_name}_again"
        other = loaded(new_database(engine_name, "demo_again"), tmp_path_factory.mktemp("again"), shared)
        with other.app_context():
            SHAPES[again] = shape()
            db.session.remove()
            db.engine.dispose()
    first, *others = SHAPES.values()
    assert all(one == first for one in others)


@pytest.mark.one_engine
def test_the_copy_that_other_tests_get_is_the_network(
    made: Flask, app: Flask, demo_network: None, shared: Path
) -> None:
    put_in_demo_network(shared)  # the second time it is a copy for sure
    assert shape() == SHAPES["sqlite"]
    for name in db.session.scalars(
        select(PostVersion.picture_name).where(PostVersion.picture_name.is_not(None))
    ):
        assert pictures.find(name or "", data_folder=app.config["DATA_FOLDER"])


@pytest.mark.parametrize("at", ["2026-01-07T12:00:00+00:00", "2026-08-30T12:00:00+00:00"])
def test_it_can_be_made_on_any_day(
    at: str, new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory, shared: Path
) -> None:
    moment = datetime.fromisoformat(at)
    folder = tmp_path_factory.mktemp("any")
    app = loaded(new_database("sqlite", "demo_any_day"), folder, shared, at=moment)
    with app.app_context(), clock.set_to(moment):
        weekly = rehearsals.network_weekly_average()
        assert weekly is not None
        assert 180 <= weekly.people <= 220
        assert rehearsals.on_day([boden().id], clock.today())
        ends = {choir.financed.to for choir in funding.forecast(clock.today()).choirs}
        assert len(ends) >= 4
        assert all(end is not None and end > clock.today() + timedelta(days=30) for end in ends)
        db.session.remove()
        db.engine.dispose()
