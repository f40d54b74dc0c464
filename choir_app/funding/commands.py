"""What the funding room can be told at the command line."""

import json
import sys
from datetime import date, datetime
from typing import Any

import click

from choir_app.foundation import clock
from choir_app.foundation.language import _
from choir_app.foundation.money import kronor_text
from choir_app.funding import queries


@click.command("financed-to")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day that is asked about; today when nothing is said.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the answer for machines.")
def financed_to(as_of: datetime | None, *, as_json: bool) -> None:
    """Print until when each choir and the whole network is financed.

    The JSON has one object: `as_of`, `counted_from`, `horizon` (days as YYYY-MM-DD), `balance` and `free_money`
    (öre, or null), `network` and `choirs` (a list, by name). The network and each choir have `state` (ends,
    not_next, ended, beyond, unknown), `missing` (balance, cost_line, rehearsals, or null), `financed_to` (the
    last day with a cost on which, as on all days before, everything is paid), `first_unpaid`, `beyond`,
    `rehearsals_left`, `last_rehearsal` and `lacking` (öre that are missing on the first unpaid day); each choir
    also has `slug`, `name`, `guaranteed` and `best`. The same data and day give the same bytes.
    """
    told = queries.forecast(as_of.date() if as_of else clock.today())
    if as_json:
        sys.stdout.write(json.dumps(_as_data(told), ensure_ascii=False, indent=2) + "\n")
    else:
        sys.stdout.write("\n".join(_as_lines(told)) + "\n")


COMMANDS: tuple[click.Command, ...] = (financed_to,)


def _as_data(told: queries.Forecast) -> dict[str, Any]:
    return {
        "as_of": _day(told.as_of),
        "counted_from": _day(told.since),
        "horizon": _day(told.horizon),
        "balance": None
        if told.balance_ore is None
        else {"as_of": _day(told.balance_on), "ore": told.balance_ore},
        "free_money": told.free_ore,
        "network": _outlook(told.network),
        "choirs": [
            {
                "slug": choir.slug,
                "name": choir.name,
                **_outlook(choir.financed),
                "guaranteed": _outlook(choir.guaranteed),
                "best": _outlook(choir.best),
            }
            for choir in told.choirs
        ],
    }


def _outlook(one: queries.Outlook) -> dict[str, Any]:
    return {
        "state": one.state,
        "missing": one.missing,
        "financed_to": _day(one.to),
        "first_unpaid": _day(one.first_unpaid_on),
        "beyond": _day(one.beyond),
        "rehearsals_left": None if one.missing else one.rehearsals_left,
        "last_rehearsal": _day(one.last_rehearsal_on),
        "lacking": None if one.missing else one.lacking_ore,
    }


def _as_lines(told: queries.Forecast) -> list[str]:
    lines = [queries.answer_sentence(told.network)]
    width = max((len(choir.name) for choir in told.choirs), default=4)
    lines += [""] if told.choirs else []
    for choir in told.choirs:
        one = choir.financed
        until = f"> {_day(one.beyond)}" if one.beyond else (_day(one.to) or "-")
        first = _day(one.first_unpaid_on) or "-"
        if one.missing:
            lines.append(f"{choir.name:<{width}}  {queries.missing_sentence(choir)}")
            continue
        lines.append(f"{choir.name:<{width}}  {until:>12}  {one.rehearsals_left:>4}  {first:>10}")
    if told.free_ore is not None:
        lines += ["", _("Fria pengar: %(sum)s", sum=kronor_text(told.free_ore))]
    return lines


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
