"""Singers who left are made anonymous after 24 months; nobody else is."""

from datetime import date

from flask import Flask
from sqlalchemy import select

from choir_app.choirs import actions
from choir_app.choirs.models import Choir, Membership, Singer
from choir_app.foundation import caretaker, clock
from choir_app.foundation.audit import AuditEntry
from choir_app.foundation.database import db
from tests import makers


def leaves(singer: Singer, choir: Choir, on: date) -> None:
    """The singer is no longer there from this day on."""
    actions.change_membership(singer, choir, "left", on, by=caretaker.THE_HOUSE)


def test_whoever_left_two_years_ago_is_forgotten(app: Flask) -> None:
    choir = makers.a_choir("Amina", "Bo", "Cilla")
    amina, bo, cilla = db.session.scalars(
        select(Singer).join(Membership).where(Membership.choir_id == choir.id).order_by(Singer.sort_key)
    )
    leaves(amina, choir, date(2024, 6, 15))
    leaves(bo, choir, date(2024, 6, 17))
    caretaker.do_chores()
    assert amina.erased_at == clock.now()
    assert (bo.erased_at, cilla.erased_at) == (None, None)
    entry = db.session.query(AuditEntry).filter_by(verb="singer.erased").one()
    assert entry.by_id is None, "the house itself"
    caretaker.do_chores()
    assert db.session.query(AuditEntry).filter_by(verb="singer.erased").count() == 1
