"""What news may tell of the singing in figures."""

from choir_app.foundation import clock
from choir_app.foundation.figures import Figure, offers
from choir_app.foundation.language import lazy_
from choir_app.rehearsals.queries.turnout import network_weekly_average


@offers("singers_per_week", lazy_("Sångare i veckan"))
def singers_per_week() -> Figure | None:
    """How many sing in a week, as the public pages tell it. Source: DOMAIN.md, "Counting people"."""
    average = network_weekly_average()
    if average is None:
        return None
    return Figure(
        value=average.people, n=average.weeks, on=clock.today(), people=average.people, is_about=True
    )
