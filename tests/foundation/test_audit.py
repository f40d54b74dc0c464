"""Who looked at personal data: once a day and person, without the page or its version knowing."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from choir_app.foundation import audit, caretaker, kept_pages
from choir_app.foundation.audit import AuditEntry, Reading
from choir_app.foundation.database import db, fact
from tests import makers
from tests.conftest import TheClock
from tests.visitor import Visitor


def readings() -> list[tuple[str, object]]:
    """What was looked at, and by whom."""
    db.session.rollback()
    return [(row.subject, row.by_id) for row in db.session.scalars(select(Reading).order_by(Reading.subject))]


class TestALook:
    def test_is_written_down_once_a_day(self, visitor: Visitor, the_clock: TheClock) -> None:
        choir = makers.a_choir("Amina")
        leader = makers.a_leader(choir)
        visitor.signs_in(leader)
        assert readings() == []
        for _ in range(2):
            visitor.opens(f"/korer/{choir.slug}/sangare")
        assert readings() == [("choirs", leader.id)]
        the_clock.set_to(datetime(2026, 6, 17, 16, 0, tzinfo=UTC))
        visitor.opens(f"/korer/{choir.slug}/sangare?visa=slutat")
        assert readings() == [("choirs", leader.id)] * 2

    def test_at_one_singer_names_the_singer(self, visitor: Visitor) -> None:
        choir = makers.a_choir()
        hodan = makers.a_singer("Hodan", choir=choir)
        visitor.signs_in(makers.a_leader(choir)).opens(f"/sangare/{hodan.id}")
        assert [subject for subject, _by in readings()] == ["singers"]

    @pytest.mark.parametrize(
        "path",
        [
            "/narvaro/{evening.id}",
            "/narvaro/{evening.id}/spar",
            "/api/v1/roll/{evening.id}",
            "/api/v1/evenings",
            "/korer/{choir.slug}/narvaro-tabell",
            "/korer/{choir.slug}/dubbletter",
            "/studielistor/{study_list.id}",
            "/studielistor/{study_list.id}/kopiera",
        ],
    )
    def test_at_whatever_names_a_whole_choir_names_the_choir(self, visitor: Visitor, path: str) -> None:
        choir = makers.a_choir("Amina")
        evening, study_list = makers.a_rehearsal(choir), makers.a_study_list(choir)
        leader = makers.a_leader(choir)
        visitor.signs_in(leader).opens(path.format(choir=choir, evening=evening, study_list=study_list))
        assert readings() == [("choirs", leader.id)]

    def test_at_a_list_that_is_taken_in_and_a_choir_that_is_taken_out(self, visitor: Visitor) -> None:
        choir = makers.a_choir("Amina")
        leader = makers.a_leader(choir)
        visitor.signs_in(leader).opens(f"/korer/{choir.slug}/ta-ut")
        assert readings() == [], "the page names nobody"
        visitor.sends(f"/korer/{choir.slug}/ta-ut", 200, kind="json")
        assert readings() == [("choirs", leader.id)]

    def test_that_was_refused_leaves_nothing(self, visitor: Visitor) -> None:
        choir = makers.a_choir("Amina")
        stranger = makers.a_leader(makers.a_choir(town="Linköping"))
        visitor.signs_in(stranger).opens(f"/korer/{choir.slug}/sangare", 404)
        assert readings() == []

    def test_leaves_the_kept_pages_alone(self, visitor: Visitor) -> None:
        choir = makers.a_choir("Amina")
        visitor.signs_in(makers.a_leader(choir))
        before = fact(kept_pages.VERSION)
        visitor.opens(f"/korer/{choir.slug}/sangare")
        assert fact(kept_pages.VERSION) == before


def test_looks_are_forgotten_after_two_years(app: Flask, the_clock: TheClock) -> None:
    choir, leader = makers.a_choir(), makers.an_account("Elin")
    with app.test_request_context("/"):
        audit.looked_at(choir, by=leader)
        audit._write_readings()
    the_clock.set_to(datetime(2028, 6, 16, 16, 0, tzinfo=UTC))
    caretaker.do_chores()
    assert db.session.scalar(select(func.count()).select_from(Reading)) == 1
    the_clock.set_to(datetime(2028, 6, 17, 16, 0, tzinfo=UTC))
    caretaker.do_chores()
    assert db.session.scalar(select(func.count()).select_from(Reading)) == 0


class TestBeforeAndAfter:
    def test_a_state_holds_sums_days_codes_and_ids_and_no_free_text(self, app: Flask) -> None:
        choir = makers.a_choir()
        signed = date(2026, 1, 7)
        agreement = makers.an_agreement(100, choir, name="Annas avtal", grantee="Anna Ek", usable_from=signed)
        kept = audit.state(agreement)
        assert {name: kept[name] for name in ("amount_ore", "usable_from", "usable_to", "allocation")} == {
            "amount_ore": 100,
            "usable_from": "2026-01-07",
            "usable_to": None,
            "allocation": "choirs",
        }
        assert (kept["partner_id"], kept["choirs"]) == (str(agreement.partner_id), [str(choir.id)])
        assert kept["repay_unspent"] is False
        assert "Anna" not in str(kept)
        assert not {"id", "noted_by_id", "reverses_id"} & kept.keys()

    def test_of_a_change_only_what_differs_is_kept(self, app: Flask) -> None:
        line, manager = makers.a_cost_line(makers.a_choir(), 100), makers.a_manager()
        with audit.change("cost_line.changed", line, by=manager):
            line.ore = 250
        entry = db.session.query(AuditEntry).one()
        assert (entry.before, entry.after) == ({"ore": 100}, {"ore": 250})
        assert (entry.by_id, entry.subject_id) == (manager.id, line.id)

    def test_what_is_noted_without_them_has_none(self, app: Flask) -> None:
        choir = makers.a_choir()
        audit.note("choir.changed", choir, by=makers.a_manager())
        entry = db.session.query(AuditEntry).one()
        db.session.expire(entry)
        assert (entry.before, entry.after) == (None, None)

    def test_a_change_that_is_refused_leaves_nothing(self, app: Flask) -> None:
        line = makers.a_cost_line(makers.a_choir(), 100)
        with pytest.raises(ValueError), audit.change("cost_line.changed", line, by=makers.a_manager()):
            raise ValueError
        assert db.session.query(AuditEntry).count() == 0
