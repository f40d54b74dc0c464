"""How often the news is read is counted without a trace of who reads, and told so that nobody can be found by it."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import insert, select

from choir_app.accounts.models import Account
from choir_app.foundation import clock, tally
from choir_app.foundation.database import commit, db
from choir_app.foundation.tally import DayCount
from choir_app.news import queries
from choir_app.news.models import Delivery, Post
from tests import makers
from tests.conftest import TheClock
from tests.news.made import a_post, a_version
from tests.visitor import Visitor

FIREFOX = "Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
JUNE = date(2026, 6, 1)


@pytest.fixture(autouse=True)
def nothing_counted(app: Flask) -> None:
    app.extensions["tally"].taken()


def written_down() -> dict[tuple[str, str, str], int]:
    """What was counted until now, by kind, what and language."""
    tally.write_down()
    rows = db.session.scalars(select(DayCount)).all()
    return {(one.kind, one.about, one.language): one.count for one in rows}


def was_read(post: Post, count: int, language: str = "sv", on: date = date(2026, 6, 9)) -> None:
    row = {"day": on, "kind": "article", "about": str(post.id), "language": language, "count": count}
    db.session.execute(insert(DayCount).values(**row))
    commit()


def path_of(post: Post) -> str:
    return f"/nyheter/{clock.local(post.published_at or clock.now()).year}/{post.slug}"


class TestWhatIsCounted:
    def reads(self, visitor: Visitor, path: str, status: int = 200, **headers: str) -> None:
        visitor.opens(path, status, headers={"User-Agent": FIREFOX} | headers)

    def test_each_opening_by_a_person_in_each_language(self, visitor: Visitor, editor: Account) -> None:
        post = a_post(editor)
        english = a_version(post, editor)
        for _time in range(3):
            self.reads(visitor, path_of(post))
        self.reads(visitor, f"/en/nyheter/2026/{english.slug}")
        assert written_down() == {("article", str(post.id), "sv"): 3, ("article", str(post.id), "en"): 1}

    def test_no_robot_and_nothing_fetched_ahead(self, visitor: Visitor, editor: Account) -> None:
        path = path_of(a_post(editor))
        visitor.opens(path, headers={"User-Agent": "Mozilla/5.0 (compatible; bingbot/2.0)"})
        visitor.opens(path, headers={"User-Agent": FIREFOX, "Sec-Purpose": "prefetch"})
        visitor.opens(path, headers={"User-Agent": FIREFOX, "Sec-Fetch-Dest": "empty"})
        assert written_down() == {}

    def test_members_who_have_signed_in_and_not_those_who_write(
        self, visitor: Visitor, editor: Account, leader: tuple[Account, Any]
    ) -> None:
        post = a_post(editor)
        for person in (editor, leader[0], makers.a_manager()):
            visitor.signs_in(person)
            self.reads(visitor, path_of(post))
            self.reads(visitor, path_of(post))
        visitor.signs_in(makers.an_account("Hodan"))
        self.reads(visitor, path_of(post))
        assert written_down() == {("article", str(post.id), "sv"): 1}

    def test_no_page_that_is_not_there_and_no_draft(self, visitor: Visitor, editor: Account) -> None:
        draft = a_post(editor, "Ett utkast", is_published=False)
        self.reads(visitor, path_of(draft), 404)
        self.reads(visitor, "/nyheter/2026/finns-inte", 404)
        self.reads(visitor, "/nyheter")
        assert written_down() == {}

    def test_larger_text_is_the_same_reader(self, visitor: Visitor, editor: Account) -> None:
        post = a_post(editor)
        self.reads(visitor, path_of(post))
        self.reads(visitor, f"{path_of(post)}?text=stor")
        assert written_down() == {("article", str(post.id), "sv"): 1}

    def test_a_feed_is_counted_as_a_feed(self, visitor: Visitor, editor: Account) -> None:
        a_post(editor)
        for _time in range(2):
            visitor.opens("/nyheter.atom", headers={"User-Agent": "Feedbin"})
        visitor.opens("/nyheter/sprak/latt/flode.xml")
        assert written_down() == {("feed", "atom", "sv"): 2, ("feed", "xml language latt", "sv"): 1}

    def test_looking_writes_nothing_and_leaves_no_cookie(self, visitor: Visitor, editor: Account) -> None:
        post = a_post(editor)
        self.reads(visitor, path_of(post))
        assert visitor.answer is not None
        assert "Set-Cookie" not in visitor.answer.headers
        assert db.session.scalars(select(DayCount)).all() == []

    def test_what_is_kept_names_a_page_and_a_day_and_nothing_else(self) -> None:
        assert [column.name for column in DayCount.__table__.columns] == [
            *("day", "kind", "about", "language", "count")
        ]


class TestTheMonth:
    def test_says_how_often_and_in_which_language(self, visitor: Visitor, editor: Account) -> None:
        post = a_post(editor)
        a_version(post, editor)
        was_read(post, 1200)
        was_read(post, 40, on=date(2026, 6, 30))
        was_read(post, 7, "en")
        was_read(post, 99, on=date(2026, 5, 31))
        visitor.signs_in(editor).opens("/nyheter/skriv/lasningar")
        visitor.sees("I juni 2026 lästes nyheterna 1 247 gånger.", "1 240", "Månaden före")
        assert "English" in visitor.html
        visitor.opens("/nyheter/skriv/lasningar?manad=2026-05").sees("99")
        assert "Månaden före" not in visitor.text

    def test_a_number_below_five_is_in_no_cell_and_in_no_sum(self, visitor: Visitor, editor: Account) -> None:
        post, other = a_post(editor), a_post(editor, "En annan nyhet")
        was_read(post, 20)
        was_read(other, 4)
        visitor.signs_in(editor).opens("/nyheter/skriv/lasningar")
        visitor.sees("I juni 2026 lästes nyheterna minst 20 gånger.", "färre än 5")
        visitor.misses(">4<", ">24<", " 24 ")
        visitor.opens("/nyheter/skriv/lasningar.csv?manad=2026-06")
        rows = [line.split(";") for line in visitor.html.splitlines()]
        assert ['"En annan nyhet"', '"Svenska"', '"färre än 5"', '"0"'] in rows
        assert ['"Vi sjunger i parken"', '"Svenska"', '"20"', '"0"'] in rows

    def test_letters_stand_beside(self, app: Flask, editor: Account) -> None:
        post = a_post(editor)
        for number in range(9):
            db.session.add(
                Delivery(
                    post_id=post.id,
                    state="sent",
                    language="sv" if number < 6 else "en",
                    try_at=clock.now(),
                    sent_at=clock.now() - timedelta(days=number),
                )
            )
        db.session.add(Delivery(post_id=post.id, state="waiting", try_at=clock.now()))
        commit()
        (swedish,) = queries.reach_in(JUNE).reads
        assert (swedish.opened, swedish.by_mail) == (0, 6)

    def test_what_is_left_tells_of_no_few(self, visitor: Visitor, editor: Account) -> None:
        posts = {a_post(editor): (12, 3), a_post(editor, "En annan"): (14, 6), a_post(editor, "Få"): (3, 2)}
        for post, counts in posts.items():
            a_version(post, editor, headline=f"Also {post.headline}")
            for language, count in zip(("sv", "en"), counts, strict=True):
                moments = {"try_at": clock.now(), "sent_at": clock.now()}
                row = {"post_id": post.id, "state": "sent", "language": language} | moments
                db.session.add_all(Delivery(**row) for _letter in range(count))
        commit()
        visitor.signs_in(editor).opens("/nyheter/skriv/lasningar.csv?manad=2026-06")
        told = {line.split(";")[0]: line.split(";")[3] for line in visitor.html.splitlines()[1:]}
        assert told['"Vi sjunger i parken"'] == '"5 eller fler"'
        assert told['"Also Vi sjunger i parken"'] == told['"Få"'] == told['"Also Få"'] == '"färre än 5"'
        assert (told['"En annan"'], told['"Also En annan"']) == ('"14"', '"6"')
        visitor.opens("/nyheter/skriv/lasningar").sees("5 eller fler", "14").misses(">12<")

    def test_a_post_that_is_only_counted_elsewhere_is_left_out(self, app: Flask, editor: Account) -> None:
        row = {"day": JUNE, "kind": "article", "about": str(uuid4()), "language": "sv", "count": 9}
        db.session.execute(insert(DayCount).values(**row))
        commit()
        assert queries.reach_in(JUNE).reads == []

    def test_a_span_for_those_who_sum(self, app: Flask, editor: Account) -> None:
        post = a_post(editor)
        was_read(post, 3, on=date(2026, 1, 31))
        was_read(post, 4, on=date(2026, 2, 1))
        was_read(post, 5, on=date(2026, 3, 1))
        counted: dict[tuple[UUID, str], int] = dict(
            queries.readings_between(date(2026, 1, 31), date(2026, 3, 1))
        )
        assert counted == {(post.id, "sv"): 7}

    @pytest.mark.parametrize("asked", ["2026-13", "2026-07", "juni", "2026-6", "1999-01", "٢٠٢٦-٠١", ""])
    def test_a_month_that_is_none_is_not_found(self, visitor: Visitor, editor: Account, asked: str) -> None:
        visitor.signs_in(editor).opens(f"/nyheter/skriv/lasningar?manad={asked}", 404)
        visitor.opens(f"/nyheter/skriv/lasningar.csv?manad={asked}", 404)

    def test_in_december_the_month_after_is_in_the_next_year(
        self, app: Flask, editor: Account, the_clock: TheClock
    ) -> None:
        post = a_post(editor)
        was_read(post, 8, on=date(2026, 12, 31))
        was_read(post, 9, on=date(2027, 1, 1))
        assert queries.reach_in(date(2026, 12, 1)).opened == 8

    def test_with_nothing_read_it_says_so(self, visitor: Visitor, editor: Account) -> None:
        visitor.signs_in(editor).opens("/nyheter/skriv/lasningar").sees("har ingen läst nyheterna än.")
