"""What news may tell of choirs in figures."""

from sqlalchemy import func, select

from choir_app.choirs.models import Membership, Singer
from choir_app.choirs.queries.places import active_choirs, belongs_on
from choir_app.choirs.queries.singers import is_a_person
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.foundation.figures import Figure, offers
from choir_app.foundation.language import lazy_


@offers("choirs", lazy_("Körer som sjunger nu"))
def choirs_now() -> Figure | None:
    """How many choirs are active today."""
    count = len(active_choirs(clock.today()))
    return Figure(value=count, n=count, on=clock.today(), people=None)


@offers("towns", lazy_("Orter med en kör"))
def towns_now() -> Figure | None:
    """In how many towns a choir is active today."""
    count = len({each.town_id for each in active_choirs(clock.today())})
    return Figure(value=count, n=count, on=clock.today(), people=None)


@offers("singers", lazy_("Sångare i körerna"))
def singers_now() -> Figure | None:
    """How many people belong to a choir today, each counted once."""
    belonging = select(Membership.singer_id).where(belongs_on(clock.today()))
    count = db.session.scalar(
        select(func.count()).select_from(Singer).where(is_a_person(), Singer.id.in_(belonging))
    )
    return Figure(value=count or 0, n=count or 0, on=clock.today(), people=count or 0)
