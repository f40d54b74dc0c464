"""The chance that an ask comes true: the stage, the programme, somebody's own word, the network's own history.

Every chance is in basis points, 1 of 10,000. Nothing without a signature is certain, and nothing open is hopeless:
a chance is 1 to 9,900. Division happens once, at the end, and half a basis point is rounded up.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeVar

from choir_app.foundation.money import split_by_weight
from choir_app.funding.rules.values import order_of

Id = TypeVar("Id", bound=Hashable)

OPEN_STAGES = ("idea", "talking", "applied", "pledged")
ENOUGH = 5
"""How many outcomes the network's own history needs before it counts."""
OWN_CHANCE_LASTS = timedelta(days=60)
LEAST, MOST, WHOLE = 1, 9_900, 10_000

Source = Literal["own", "history", "programme", "stage"]
"""Somebody's own word; the network's own outcomes; the programme's own rate; the setting of the stage."""


@dataclass(frozen=True, slots=True)
class StageDefault:
    """How often an ask at a stage comes true, as set, in basis points."""

    new_bp: int
    known_bp: int
    """At a partner that pays already, or has paid."""


DEFAULTS: Mapping[str, StageDefault] = {
    "idea": StageDefault(300, 1_000),
    "talking": StageDefault(1_500, 4_500),
    "applied": StageDefault(1_500, 7_500),
    "pledged": StageDefault(8_000, 9_000),
}
"""Source: DOMAIN.md, "Stages"."""


@dataclass(frozen=True, slots=True)
class OwnChance:
    """A chance that somebody set by hand, when and why. It counts for 60 days.

    Raises ValueError when it has no reason, or is none or certain.
    """

    bp: int
    on: date
    reason: str

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ValueError("a chance of one's own has a reason")
        if not LEAST <= self.bp <= MOST:
            raise ValueError("no open ask is hopeless or certain")

    @property
    def last_day(self) -> date:
        """The last day on which it counts."""
        return self.on + OWN_CHANCE_LASTS


@dataclass(frozen=True, slots=True)
class History:
    """How asks that once stood at a stage ended: so many came true, of so many."""

    wins: int
    n: int


@dataclass(frozen=True, slots=True)
class Ended:
    """An ask that has been answered: where it had stood, and whether it became an agreement.

    One that sleeps has not been answered and is none of these.
    """

    stages: frozenset[tuple[str, bool]]
    """Each stage it stood at, and whether the partner paid already then."""
    is_won: bool


@dataclass(frozen=True, slots=True)
class Chance:
    """A chance, where it comes from, and how many own outcomes there are for it."""

    bp: int
    source: Source
    n: int
    """Outcomes of asks that stood here. Under 5 they are too few, and the default is shown."""
    own_expired_on: date | None = None
    """The first day on which a chance of one's own no longer counted; None: there is none, or it counts."""

    @property
    def too_few(self) -> bool:
        """Whether the default stands because there are too few outcomes."""
        return self.source in ("programme", "stage") and self.n < ENOUGH


def chance_bp(
    stage: str,
    *,
    is_known: bool,
    programme_bp: int | None = None,
    own: OwnChance | None = None,
    as_of: date,
    defaults: Mapping[str, StageDefault] = DEFAULTS,
    history: Mapping[tuple[str, bool], History] | None = None,
) -> Chance:
    """The chance of an ask at an open stage, as of a day. Raises ValueError for a stage that is not open.

    First counts what somebody set by hand in the last 60 days. Otherwise the programme's own rate for what has
    been applied for, else the stage's setting; and from 5 outcomes on the network's history smooths either.
    """
    if stage not in OPEN_STAGES:
        raise ValueError(f"no open stage: {stage!r}")
    past = (history or {}).get((stage, is_known), History(0, 0))
    expired_on = None
    if own and own.on <= as_of:
        if as_of <= own.last_day:
            return Chance(own.bp, "own", past.n)
        expired_on = own.last_day + timedelta(days=1)
    source: Source = "stage"
    bp = defaults[stage].known_bp if is_known else defaults[stage].new_bp
    if stage == "applied" and programme_bp is not None:
        source, bp = "programme", programme_bp
    if past.n >= ENOUGH:
        source, bp = "history", smoothed_bp(bp, past)
    return Chance(min(max(bp, LEAST), MOST), source, past.n, expired_on)


def smoothed_bp(default_bp: int, past: History) -> int:
    """p = (5 p0 + wins) / (5 + n) in basis points, rounded half up."""
    top, bottom = ENOUGH * default_bp + WHOLE * past.wins, ENOUGH + past.n
    return (2 * top + bottom) // (2 * bottom)


def history_of(ended: Iterable[Ended]) -> dict[tuple[str, bool], History]:
    """The network's own outcomes for each stage, and new and known partners. An ask counts once at each."""
    wins: dict[tuple[str, bool], int] = {}
    count: dict[tuple[str, bool], int] = {}
    for one in ended:
        for stage in one.stages:
            count[stage] = count.get(stage, 0) + 1
            wins[stage] = wins.get(stage, 0) + one.is_won
    return {stage: History(wins[stage], count[stage]) for stage in sorted(count)}


def of_which_one(chances: Mapping[Id, int]) -> dict[Id, int]:
    """The chances of asks of which at most one can come true, in basis points by id.

    Together they can be no more than 100 %, and like a single open ask they are never certain: above 99 % each is
    lessened in proportion, by largest remainder, to 99 % together, and none to nothing.
    """
    ids = sorted(chances, key=order_of)
    if sum(chances.values()) <= MOST:
        return {one: chances[one] for one in ids}
    parts = split_by_weight(MOST - len(ids), [chances[one] - 1 for one in ids])
    return {one: 1 + part for one, part in zip(ids, parts, strict=True)}
