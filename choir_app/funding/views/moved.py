"""Telling what a change did to the dates."""

from choir_app.foundation import clock
from choir_app.foundation.notices import tell
from choir_app.funding import queries


def tell_what_moved(core: str, before: queries.Forecast) -> None:
    """Say what was done, and which choirs' dates it moved."""
    tell(" ".join([core, *queries.what_moved(before, queries.forecast(clock.today()))]))
