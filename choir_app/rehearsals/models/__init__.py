"""The tables of the rehearsals room."""

from choir_app.rehearsals.models.lending import Loan, Substitute
from choir_app.rehearsals.models.plan import Cancellation, Move, Rehearsal, Series, SeriesBreak
from choir_app.rehearsals.models.roll import Act, Attendance, RefusedAct

__all__ = [
    "Act",
    "Attendance",
    "Cancellation",
    "Loan",
    "Move",
    "RefusedAct",
    "Rehearsal",
    "Series",
    "SeriesBreak",
    "Substitute",
]
