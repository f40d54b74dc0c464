"""What of the money leaves as sheets: agreements, what comes and came, what is asked for, costs and the forecast.

Sums are in kronor, as numbers. Nobody is named but organisations: owners and contacts stay in the house, and so
does what somebody has written freely about them.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from sqlalchemy.orm import joinedload, lazyload

from choir_app.foundation.database import db
from choir_app.foundation.language import _, lazy_
from choir_app.foundation.sheets import Cell, Sheet
from choir_app.funding.models import Agreement, Instalment, Payment
from choir_app.funding.permissions import may_see_funding
from choir_app.funding.queries.answers import Answers, answers
from choir_app.funding.queries.board import cards
from choir_app.funding.queries.books import agreement_rows, cost_rows, standing
from choir_app.funding.queries.facts import facts
from choir_app.funding.queries.forecast import Outlook
from choir_app.funding.queries.instalments import paid_of_instalments
from choir_app.funding.queries.months import MonthRow, months_of
from choir_app.funding.queries.sentences import missing_sentence
from choir_app.funding.rules.names import COST_NAMES, DRIVER_NAMES
from choir_app.funding.rules.stages import STAGE_NAMES
from choir_app.partners.models import Partner

Row = list[Cell]

SHEET_NAMES = {
    "avtal": lazy_("Avtal"),
    "utbetalningar": lazy_("Väntade utbetalningar"),
    "inbetalningar": lazy_("Inbetalningar"),
    "mojligheter": lazy_("Möjligheter"),
    "kostnader": lazy_("Kostnader"),
    "prognos": lazy_("Prognos per månad"),
    "finansierad": lazy_("Finansierad till"),
}
"""Every sheet by how it stands in an address, in the order in which they lie in one book."""


def money_sheet(which: str, *, viewer: Any, as_of: date) -> Sheet:
    """One sheet, as of a day; without rows for whoever may not see the money. KeyError when there is no such."""
    return money_sheets(viewer=viewer, as_of=as_of, only=(which,))[0]


def money_sheets(*, viewer: Any, as_of: date, only: tuple[str, ...] = tuple(SHEET_NAMES)) -> list[Sheet]:
    """The sheets, as of a day; without rows for whoever may not see the money."""
    may = may_see_funding(viewer)
    found = answers(facts(as_of)) if may and {"prognos", "finansierad"} & set(only) else None
    made: dict[str, Callable[[], Iterator[Row]]] = {
        "avtal": lambda: _agreements(viewer, as_of),
        "utbetalningar": lambda: _instalments(as_of),
        "inbetalningar": lambda: _payments(as_of),
        "mojligheter": lambda: _opportunities(viewer, as_of),
        "kostnader": lambda: _costs(viewer, as_of),
        "prognos": lambda: _months(found) if found else iter(()),
        "finansierad": lambda: _financed(found) if found else iter(()),
    }
    return [Sheet(str(SHEET_NAMES[one]), _columns()[one], list(made[one]()) if may else []) for one in only]


def _columns() -> dict[str, list[str]]:
    return {
        "avtal": [
            _("Partner"),
            _("Avtal"),
            _("Mottagare"),
            _("Påskrivet"),
            _("Gäller från"),
            _("Gäller till"),
            _("För"),
            _("Enligt avtalet, kronor"),
            _("Efter ändringar, kronor"),
            _("Inbetalt, kronor"),
            _("Använt, kronor"),
            _("Använt till och med"),
            _("Kvar, kronor"),
            _("Det som blir över betalas tillbaka"),
        ],
        "utbetalningar": [
            _("Partner"),
            _("Avtal"),
            _("Ska komma"),
            _("Belopp, kronor"),
            _("Betalt, kronor"),
            _("Kvar, kronor"),
        ],
        "inbetalningar": [_("Dag"), _("Partner"), _("Avtal"), _("Belopp, kronor")],
        "mojligheter": [
            _("Partner"),
            _("Möjlighet"),
            _("Steg"),
            _("I steget sedan"),
            _("Belopp, kronor"),
            _("Chans, procent"),
            _("Besked väntas"),
            _("Gäller från"),
            _("Gäller till"),
            _("För"),
            _("Fråga igen"),
        ],
        "kostnader": [
            _("Kör"),
            _("Vad"),
            _("Med egna ord"),
            _("Hur ofta"),
            _("Dag i månaden"),
            _("Belopp varje gång, kronor"),
            _("Från"),
            _("Till"),
        ],
        "prognos": [
            _("Kör"),
            _("Månad"),
            _("Planerad kostnad, kronor"),
            _("Betalas av det som har kommit, kronor"),
            _("Betalas av avtal, kronor"),
            _("Fattas, kronor"),
            _("Kan betalas av möjligheter, kronor"),
        ],
        "finansierad": [
            _("Kör"),
            _("Finansierad till"),
            _("Första obetalda dag"),
            _("Repetitioner kvar"),
            _("Fattas då, kronor"),
            _("Säkert till"),
            _("I bästa fall till"),
            _("Det som saknas"),
        ],
    }


def kronor_number(ore: int | None) -> int | float | None:
    """A sum as a number of kronor for a sheet: whole where it is whole. Up to ten billion it is exact to the öre."""
    if ore is None:
        return None
    return ore // 100 if ore % 100 == 0 else ore / 100


def _agreements(viewer: Any, as_of: date) -> Iterator[Row]:
    for row in agreement_rows(viewer=viewer, as_of=as_of):
        yield [
            row.partner,
            row.name,
            row.grantee,
            row.signed_on,
            row.usable_from,
            row.usable_to,
            _whom(row.for_whom),
            kronor_number(row.signed_ore),
            kronor_number(row.effective_ore),
            kronor_number(row.received_ore),
            kronor_number(row.spent_ore),
            row.spent_as_of,
            kronor_number(row.left_ore),
            _("ja") if row.repay_unspent else None,
        ]


def _instalments(as_of: date) -> Iterator[Row]:
    paid = paid_of_instalments(as_of=as_of)
    wanted = _of_agreements(Instalment, as_of).order_by(Instalment.due_on, Instalment.noted_at, Instalment.id)
    for row in db.session.scalars(wanted):
        came = paid.get(row.id, 0)
        yield [
            row.agreement.partner.name,
            row.agreement.name,
            row.due_on,
            kronor_number(row.ore),
            kronor_number(came),
            kronor_number(row.ore - came),
        ]


def _payments(as_of: date) -> Iterator[Row]:
    wanted = (
        _of_agreements(Payment, as_of)
        .where(Payment.on <= as_of)
        .order_by(Payment.on, Payment.noted_at, Payment.id)
    )
    for row in db.session.scalars(wanted):
        yield [row.on, row.agreement.partner.name, row.agreement.name, kronor_number(row.ore)]


def _of_agreements(model: type[Instalment] | type[Payment], as_of: date) -> Any:
    """The rows of agreements that stood on a day, with the agreement and its partner."""
    stands = standing(Agreement).where(Agreement.signed_on <= as_of).with_only_columns(Agreement.id)
    whole = joinedload(model.agreement).options(
        lazyload(Agreement.choirs),
        lazyload(Agreement.towns),
        joinedload(Agreement.partner).options(lazyload(Partner.in_towns)),
    )
    return standing(model).where(model.agreement_id.in_(stands)).options(whole)


def _opportunities(viewer: Any, as_of: date) -> Iterator[Row]:
    for card in cards(viewer=viewer, today=as_of):
        yield [
            card.partner,
            card.name,
            str(STAGE_NAMES[card.stage]),
            card.since,
            kronor_number(card.ore),
            card.chance.bp / 100 if card.chance else None,
            card.decision_on,
            card.usable_from,
            card.usable_to,
            _whom(card.for_whom),
            card.ask_again_on,
        ]


def _costs(viewer: Any, as_of: date) -> Iterator[Row]:
    for row in cost_rows(viewer=viewer, as_of=as_of):
        yield [
            row.choir or _("Gemensamt"),
            str(COST_NAMES[row.category]),
            row.what,
            str(DRIVER_NAMES[row.driver]),
            row.day_of_month,
            kronor_number(row.ore),
            row.valid_from,
            row.valid_to,
        ]


def _months(found: Answers) -> Iterator[Row]:
    until = found.facts.horizon
    for choir in found.forecast.choirs:
        for row in months_of(found, until=until, choir=choir.id):
            yield _month(choir.name, row)
    for row in months_of(found, until=until):
        yield _month(_("Alla körer"), row)


def _month(choir: str, row: MonthRow) -> Row:
    sums = (row.cost_ore, row.received_ore, row.committed_ore, row.gap_ore, row.open_ore)
    return [choir, f"{row.month:%Y-%m}", *(kronor_number(ore) for ore in sums)]


def _financed(found: Answers) -> Iterator[Row]:
    for choir in found.forecast.choirs:
        missing = missing_sentence(choir) if choir.financed.missing else None
        yield _outlook(choir.name, choir.financed, choir.guaranteed, choir.best, missing)
    network = found.forecast.network
    yield _outlook(_("Alla körer"), network, network, network, None)


def _outlook(name: str, told: Outlook, guaranteed: Outlook, best: Outlook, missing: str | None) -> Row:
    return [
        name,
        _until(told),
        told.first_unpaid_on,
        None if told.missing else told.rehearsals_left,
        None if told.missing else kronor_number(told.lacking_ore),
        _until(guaranteed),
        _until(best),
        missing,
    ]


def _until(told: Outlook) -> Cell:
    if told.beyond:
        return _("längre än %(day)s", day=told.beyond.isoformat())
    return told.to


def _whom(names: tuple[str, ...]) -> str:
    return ", ".join(names) or _("Alla körer")
