"""The tables of the rehearsals room."""

from choir_app.rehearsals.models.calendar import (
    CalendarKey,
)
from choir_app.rehearsals.models.check_in import (
    Arrival,
    CheckIn,
)
from choir_app.rehearsals.models.import_list import Import, ImportedThing
from choir_app.rehearsals.models.lending import Loan, Substitute
from choir_app.rehearsals.models.plan import Cancellation, Move, Rehearsal, Series, SeriesBreak
from choir_app.rehearsals.models.replies import Away, LinkHolder, Reply, ReplyLink
from choir_app.rehearsals.models.roll import Act, Attendance, RefusedAct
from choir_app.rehearsals.models.study import (
    HandedInList,
    HandedInName,
    HandedInRehearsal,
    StudyAssociation,
    StudyGathering,
    StudyList,
    StudyRule,
)

__all__ = [
    "Act",
    "Arrival",
    "Attendance",
    "Away",
    "CalendarKey",
    "Cancellation",
    "CheckIn",
    "HandedInList",
    "HandedInName",
    "HandedInRehearsal",
    "Import",
    "ImportedThing",
    "LinkHolder",
    "Loan",
    "Move",
    "RefusedAct",
    "Rehearsal",
    "Reply",
    "ReplyLink",
    "Series",
    "SeriesBreak",
    "StudyAssociation",
    "StudyGathering",
    "StudyList",
    "StudyRule",
    "Substitute",
]
