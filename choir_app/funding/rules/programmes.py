"""Who could pay next: whether a town may apply to a programme, and if not, why or from when."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

WHOLE = 10_000
OLD_RULES = timedelta(days=180)
"""When somebody last checked the rules of a programme longer ago than this, they may have changed."""


class Hindrance(StrEnum):
    """Why a town may not apply; each tells of a day, a sum or a share where it says so."""

    CLOSED = "closed"
    """Since the day after `on`; or it closes then, before anything else that hinders is over."""
    NOT_OPEN_YET = "not_open_yet"
    """It opens on `on`."""
    OTHER_TOWNS = "other_towns"
    """It is for other towns."""
    SUM_UNDER = "sum_under"
    """What is asked for is under the least sum, `ore`."""
    SUM_OVER = "sum_over"
    """What is asked for is over the largest sum, `ore`."""
    ONGOING_AGREEMENT = "ongoing_agreement"
    """An agreement with the same partner goes on until `on`; without a day it has no end."""
    WANTS_NEW = "wants_new"
    """It pays only for what has not begun, and the town sings already."""
    OWN_SHARE = "own_share"
    """Others must pay `share_bp` of the whole, for this sum `ore`, and pay less than that."""


class Caution(StrEnum):
    """What to know before one applies, though it does not hinder."""

    RULES_NOT_CHECKED = "rules_not_checked"
    """Nobody has checked the rules since `on`, more than 180 days ago."""
    OWN_SHARE_NEEDED = "own_share_needed"
    """Others must pay `share_bp` of the whole, for this sum `ore`; not known whether they do."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a programme demands of who applies."""

    opens_on: date | None
    """None: it is open already, or always."""
    closes_on: date | None
    """The last day to apply. None: it is open all the time."""
    towns: frozenset[Hashable]
    """None of them: it is for all."""
    min_ore: int | None
    max_ore: int | None
    own_share_bp: int
    """What others must pay of the whole."""
    wants_new: bool
    wants_no_other: bool
    """Not while an agreement with the same partner goes on."""
    checked_on: date
    """When somebody last looked whether all this is still so."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why not, or not yet, with the day, öre or share that belongs to it."""

    code: Hindrance
    on: date | None = None
    ore: int | None = None
    share_bp: int | None = None


@dataclass(frozen=True, slots=True)
class Warned:
    """What to know, with the day, öre or share that belongs to it."""

    code: Caution
    on: date | None = None
    ore: int | None = None
    share_bp: int | None = None


@dataclass(frozen=True)
class May:
    """Whether a town may apply to a programme."""

    from_on: date | None
    """The first day on which it may; as_of itself when it may now. None: it may not."""
    now: bool
    reasons: tuple[Reason, ...]
    """Everything that hinders now, in the order of Hindrance."""
    warnings: tuple[Warned, ...]

    @property
    def later(self) -> bool:
        """Whether it may not now, but from a day on."""
        return self.from_on is not None and not self.now


def may_apply(
    terms: Terms,
    *,
    town: Hashable,
    as_of: date,
    ore: int | None = None,
    others_ore: int | None = None,
    sings_already: bool,
    agreements_until: Iterable[date | None] = (),
) -> May:
    """Whether a town may apply to a programme as of a day, what hinders it, and from when it may.

    `ore` is what would be asked for, and `others_ore` what others pay for the same; None where it is not known,
    and then the sum hinders nothing. `agreements_until`: the last days of the signed agreements with the partner,
    None for one without an end.
    """
    lasting = _lasting(terms, town, ore, others_ore, sings_already=sings_already)
    passing, first = _passing(terms, as_of, agreements_until)
    if terms.closes_on and (first or as_of) > terms.closes_on:
        lasting.append(Reason(Hindrance.CLOSED, on=terms.closes_on))
    order = list(Hindrance)
    reasons = tuple(sorted([*lasting, *passing], key=lambda reason: order.index(reason.code)))
    may_come = not lasting and first is not None
    return May(
        from_on=first if may_come else None,
        now=not reasons,
        reasons=reasons,
        warnings=_warnings(terms, as_of, ore, others_ore),
    )


def own_share_ore(ore: int, share_bp: int) -> int | None:
    """What others must pay at least beside a sum, so that it is the wished share of the whole.

    Rounded up to whole öre. None: no sum can be applied for, since others must pay everything.
    """
    return None if share_bp >= WHOLE else -(-ore * share_bp // (WHOLE - share_bp))


def _lasting(
    terms: Terms, town: Hashable, ore: int | None, others_ore: int | None, *, sings_already: bool
) -> list[Reason]:
    """What no waiting changes."""
    found = []
    if terms.towns and town not in terms.towns:
        found.append(Reason(Hindrance.OTHER_TOWNS))
    if ore is not None and terms.min_ore is not None and ore < terms.min_ore:
        found.append(Reason(Hindrance.SUM_UNDER, ore=terms.min_ore))
    if ore is not None and terms.max_ore is not None and ore > terms.max_ore:
        found.append(Reason(Hindrance.SUM_OVER, ore=terms.max_ore))
    if terms.wants_new and sings_already:
        found.append(Reason(Hindrance.WANTS_NEW))
    if terms.own_share_bp and ore is not None and others_ore is not None:
        needed = own_share_ore(ore, terms.own_share_bp)
        if needed is None or others_ore < needed:
            found.append(Reason(Hindrance.OWN_SHARE, ore=needed, share_bp=terms.own_share_bp))
    return found


def _passing(
    terms: Terms, as_of: date, agreements_until: Iterable[date | None]
) -> tuple[list[Reason], date | None]:
    """What hinders for a while, and the first day on which none of it does. None: there is no such day known."""
    found, first = [], as_of
    if terms.opens_on and terms.opens_on > as_of:
        found.append(Reason(Hindrance.NOT_OPEN_YET, on=terms.opens_on))
        first = terms.opens_on
    going_on = [until for until in agreements_until if until is None or until >= as_of]
    if terms.wants_no_other and going_on:
        last = max((until or date.max for until in going_on), default=as_of)
        if last == date.max:
            return [*found, Reason(Hindrance.ONGOING_AGREEMENT)], None
        found.append(Reason(Hindrance.ONGOING_AGREEMENT, on=last))
        first = max(first, last + timedelta(days=1))
    return found, first


def _warnings(terms: Terms, as_of: date, ore: int | None, others_ore: int | None) -> tuple[Warned, ...]:
    found = []
    if as_of - terms.checked_on > OLD_RULES:
        found.append(Warned(Caution.RULES_NOT_CHECKED, on=terms.checked_on))
    if terms.own_share_bp and (ore is None or others_ore is None):
        needed = None if ore is None else own_share_ore(ore, terms.own_share_bp)
        found.append(Warned(Caution.OWN_SHARE_NEEDED, ore=needed, share_bp=terms.own_share_bp))
    return tuple(found)
