"""The roll of nobody: what the roll's pages are drawn from when a phone fills them from its own store."""

from datetime import UTC, datetime
from uuid import UUID

from choir_app.choirs.models import Choir, Town
from choir_app.rehearsals.models import Rehearsal
from choir_app.rehearsals.queries.roll import Roll

LONG_AGO = datetime(2000, 1, 1, 17, tzinfo=UTC)


def empty_roll() -> Roll:
    """A roll without choir, day and names, the same for everybody and never in the database."""
    nobody = UUID(int=0)
    choir = Choir(id=nobody, name="", slug="-", town=Town(id=nobody, name=""))
    rehearsal = Rehearsal(
        id=nobody,
        choir=choir,
        choir_id=nobody,
        kind="rehearsal",
        starts_at=LONG_AGO,
        minutes=120,
        present_count=0,
        mark_count=0,
        guest_count=0,
    )
    return Roll(rehearsal=rehearsal, voices=(), groups=(), elsewhere=0)
