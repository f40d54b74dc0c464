"""How often the news is read, for those who write and manage: communication, never an effect."""

import re
from datetime import date

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from choir_app.accounts.permissions import for_editors
from choir_app.foundation import clock, sheets
from choir_app.foundation.language import _, month
from choir_app.news import queries
from choir_app.news.queries import Reach, Read
from choir_app.news.rules import FEWEST
from choir_app.news.views import room


@room.get("/nyheter/skriv/lasningar")
@for_editors
def reach() -> ResponseReturnValue:
    """How often each post was read in a month."""
    found = queries.reach_in(_month_asked_for())
    first_on, this_month = found.first_on, clock.today().replace(day=1)
    return render_template(
        "news/reach.html",
        reach=found,
        in_words=_in_words,
        by_mail=_by_mail,
        earlier=_in_address(_month_from(first_on, -1)) if found.has_earlier else None,
        later=_in_address(_month_from(first_on, 1)) if first_on < this_month else None,
        asked=_in_address(first_on),
    )


@room.get("/nyheter/skriv/lasningar.csv")
@for_editors
def reach_as_csv() -> ResponseReturnValue:
    """A month of it as a file for Excel."""
    found = queries.reach_in(_month_asked_for())
    response = Response(sheets.csv_file(_sheet(found)), mimetype=sheets.CSV_TYPE)
    name = f"lasningar-{_in_address(found.first_on)}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _sheet(reach: Reach) -> sheets.Sheet:
    rows = [(one.headline, one.language.autonym, _in_words(one.opened), _by_mail(one)) for one in reach.reads]
    feeds = (_("Flöden, hämtade av program"), "", _in_words(reach.fed), "")
    columns = (_("Inlägg"), _("Språk"), _("Läst, antal gånger"), _("Skickat med mejl"))
    return sheets.Sheet(month(reach.first_on), columns, [*rows, feeds])


def _in_words(count: int | None) -> int | str:
    return _("färre än %(fewest)s", fewest=FEWEST) if count is None else count


def _by_mail(one: Read) -> int | str:
    return _("%(fewest)s eller fler", fewest=FEWEST) if one.is_mail_kept_back else _in_words(one.by_mail)


def _month_asked_for() -> date:
    """The month in the address, else the present one; nobody has read anything later than that."""
    this_month = clock.today().replace(day=1)
    asked = re.fullmatch(r"(20[0-9]{2})-(0[1-9]|1[0-2])", request.args.get("manad", _in_address(this_month)))
    found = date(int(asked[1]), int(asked[2]), 1) if asked else abort(404)
    return found if found <= this_month else abort(404)


def _month_from(first_on: date, step: int) -> date:
    year, number = divmod(first_on.year * 12 + first_on.month - 1 + step, 12)
    return date(year, number + 1, 1)


def _in_address(first_on: date) -> str:
    return f"{first_on:%Y-%m}"
