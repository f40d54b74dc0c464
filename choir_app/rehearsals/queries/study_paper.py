"""A list as it leaves the house: the data of the page for ink, and the rows of a spreadsheet.

A list is made from the content that is frozen at hand-in, so that what was handed in can always be made again. Its
words are Swedish for everybody, since the association reads them.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from choir_app.choirs.rules import ERASED_NAME
from choir_app.foundation.language import _
from choir_app.foundation.sheets import Sheet
from choir_app.rehearsals.queries.attendance_table import AttendanceTable

HEADINGS = {
    "circle": "Närvarolista, studiecirkel",
    "other": "Närvarolista, annan folkbildningsverksamhet",
    "culture": "Rapport, kulturprogram",
}
FIRST_PART = 13
"""Gatherings that stand beside the boxes for personal numbers on a landscape page."""
NEXT_PART = 19
HERE = "×"


def paper_of(
    content: Mapping[str, Any],
    names: Mapping[str, str],
    *,
    leader: str,
    substitute: str | None,
    state: str,
) -> dict[str, Any]:
    """What the page for ink is filled with; whoever was erased since is «Raderad sångare»."""
    gatherings = content["gatherings"]
    data: dict[str, Any] = {
        "form": content["form"],
        "heading": HEADINGS[content["form"]],
        "title": content["title"],
        "association": content["association"],
        "number": content["number"],
        "choir": content["choir"],
        "town": content["town"],
        "leader": leader,
        "state": state,
    }
    if content["form"] == "culture":
        return data | _concert(content)
    days = [_day(each) for each in gatherings]
    return data | {
        "period": f"{content['first_on']} – {content['last_on']}",
        "substitute": substitute,
        "material": content["material"],
        "voice": content["voice"],
        "meetings": len(gatherings),
        "hours": content["hours"],
        "participants": content["participants"],
        "parts": _parts(days),
        "people": [
            {
                "name": names.get(person["singer_id"], ERASED_NAME),
                "marks": [HERE if person["singer_id"] in each["present"] else "" for each in gatherings],
                "gatherings": person["gatherings"],
                "hours": person["hours"],
            }
            for person in content["people"]
        ],
    }


def _concert(content: Mapping[str, Any]) -> dict[str, Any]:
    concert = next(iter(content["gatherings"]), None)
    return {
        "when": f"{concert['day']} {concert['starts']}–{concert['ends']}" if concert else content["first_on"],
        "place": concert["place"] if concert else None,
        "audience": content["audience_count"],
        "women": content["women_count"],
        "performers": content["performer_count"],
        "log": concert["log"] if concert else None,
    }


def _day(gathering: Mapping[str, Any]) -> dict[str, Any]:
    day = date.fromisoformat(gathering["day"])
    return {
        "short": f"{day.day}/{day.month}",
        "iso": gathering["day"],
        "time": f"{gathering['starts']}–{gathering['ends']}",
        "place": gathering["place"],
        "rest": gathering["break_minutes"],
        "hours": gathering["hours"],
        "people": gathering["people"],
        "log": gathering["log"],
    }


def _parts(days: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The gatherings cut into tables that fit the width of a page; the first has room for personal numbers."""
    bounds, at = [], 0
    while at < len(days) or not bounds:
        width = NEXT_PART if bounds else FIRST_PART
        bounds.append((at, min(at + width, len(days))))
        at += width
    return [
        {
            "days": days[first:last],
            "from-to": list(range(first, last)),
            "span": f"{days[first]['iso']} – {days[last - 1]['iso']}" if days else "",
            "is-last": last == len(days),
        }
        for first, last in bounds
    ]


def sheets_of_list(
    content: Mapping[str, Any], names: Mapping[str, str], *, leader: str
) -> tuple[Sheet, Sheet]:
    """Who was where, and gathering by gathering."""
    gatherings = content["gatherings"]
    people = Sheet(
        "Närvaro",
        ["Namn", *(each["day"] for each in gatherings), "Träffar", "Studietimmar", "Räknas"],
        [
            [
                names.get(person["singer_id"], ERASED_NAME),
                *(1 if person["singer_id"] in each["present"] else None for each in gatherings),
                person["gatherings"],
                person["hours"],
                "ja" if person["counts"] else "nej",
            ]
            for person in content["people"]
        ],
    )
    days = Sheet(
        "Träffar",
        ["Dag", "Börjar", "Slutar", "Plats", "Rast, minuter", "Studietimmar", "Personer", "Ledare", "Logg"],
        [
            [
                date.fromisoformat(each["day"]),
                each["starts"],
                each["ends"],
                each["place"],
                each["break_minutes"],
                each["hours"],
                each["people"],
                leader,
                each["log"],
            ]
            for each in gatherings
        ],
    )
    return people, days


def sheet_of_table(table: AttendanceTable) -> Sheet:
    """A term's attendance: 1 here, 0 away, empty not marked, «inte ifylld», and a dash for days outside the choir."""
    unknown = _("inte ifylld")
    cells = {"here": 1, "away": 0, "unseen": None, "unknown": unknown, "outside": "–"}

    def sums(name: str, counts: Sequence[int | None]) -> list[Any]:
        return [name, None, *(unknown if count is None else count for count in counts), None, None]

    rows: list[list[Any]] = [
        [row.name, row.voice, *(cells[cell] for cell in row.cells), row.here, row.of] for row in table.rows
    ]
    rows.append(sums(_("Sångare här"), table.sums))
    if table.voice is None:
        rows.append(sums(_("Gäster"), [day.guests for day in table.days]))
        rows.append(sums(_("Alla i rummet"), [day.headcount for day in table.days]))
    return Sheet(
        f"{table.term.code}",
        [
            _("Namn"),
            _("Stämma"),
            *(day.day.isoformat() for day in table.days),
            _("Här"),
            _("Ifyllda kvällar"),
        ],
        rows,
    )
