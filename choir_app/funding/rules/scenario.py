"""What if: changes that are tried on the plan without touching it, wholly written in a query string."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from choir_app.foundation.money import parse_kronor
from choir_app.funding.rules.cash import Flow
from choir_app.funding.rules.costs import months_after
from choir_app.funding.rules.values import Demand, Supply

EVERYONE = "alla"
"""All choirs, or all costs."""
MOST_OF_A_KIND = 3
"""How many new payers, other costs, pauses and new choirs can be tried at once: each."""
LARGEST_ORE = 1_000_000 * 100
"""Of a new payer in a month."""
LARGEST_ASK_ORE = 100_000_000 * 100
LOWEST_PERCENT, HIGHEST_PERCENT = -90, 300
LONGEST_DELAY = 730
SUFFIXES = ("", *(str(number) for number in range(2, MOST_OF_A_KIND + 1)))
FIRST_YEAR, LAST_YEAR = 1990, 2100

Fault = Literal["sum", "ask_sum", "percent", "days", "day", "order", "from", "choice"]
"""What is wrong with a field: a sum, share, number of days or day that cannot be read; a last day before the first;
a first day that is missing; a choice that there is not."""


@dataclass(frozen=True, slots=True)
class NewPayer:
    """Somebody who would pay the same sum each month, for some choirs, in a period."""

    ore_per_month: int
    whom: str
    """All choirs, a choir or a town, by what stands in the address."""
    first_on: date
    last_on: date

    @property
    def months(self) -> int:
        """How many sums there are: one on the first day, and one a month for as long as the period lasts."""
        whole = (self.last_on.year - self.first_on.year) * 12 + self.last_on.month - self.first_on.month
        return whole + (months_after(self.first_on, whole) <= self.last_on)

    @property
    def ore(self) -> int:
        """The whole sum."""
        return self.ore_per_month * self.months

    def supply(self, id_: Hashable, choirs: frozenset[Hashable]) -> Supply:
        """The money as the match counts with it: the whole sum, for any day of the period."""
        return Supply(id_, self.ore, self.first_on, self.last_on, choirs)

    def flows(self, id_: Hashable) -> list[Flow]:
        """The money as it comes into the bank, once a month."""
        return [
            Flow((id_, n), months_after(self.first_on, n), self.ore_per_month) for n in range(self.months)
        ]


@dataclass(frozen=True, slots=True)
class Answered:
    """An open ask that comes true, with the sum asked for or another, or does not."""

    is_yes: bool
    ore: int | None = None
    """None: the sum that is asked for."""


@dataclass(frozen=True, slots=True)
class OtherCosts:
    """Costs that are so many per cent higher, or lower, from a day on."""

    percent: int
    what: str
    """All costs, those of one kind, or those of one choir, by what stands in the address."""
    since: date

    def of(self, ore: int) -> int:
        """What a cost becomes, to the nearest öre, half rounded up."""
        return (ore * (100 + self.percent) * 2 + 100) // 200


@dataclass(frozen=True, slots=True)
class Pause:
    """A choir that does not sing in a period, or from a day on never again."""

    choir: str
    first_on: date
    last_on: date | None
    """None: it ends."""


@dataclass(frozen=True, slots=True)
class AnotherChoir:
    """One choir more, in a town of its own, that sings and costs as one that there is."""

    like: str
    since: date


@dataclass(frozen=True)
class Scenario:
    """Everything that is tried at once."""

    payers: tuple[NewPayer, ...] = ()
    answers: Mapping[UUID, Answered] = field(default_factory=dict)
    """By the ask's id."""
    delays: Mapping[UUID, int] = field(default_factory=dict)
    """Days later than is counted on, by the id of an ask or an instalment."""
    costs: tuple[OtherCosts, ...] = ()
    pauses: tuple[Pause, ...] = ()
    others: tuple[AnotherChoir, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is tried."""
        return not self.pairs()

    def pairs(self) -> list[tuple[str, str]]:
        """The scenario as it stands in an address; the same scenario always gives the same."""
        found: list[tuple[str, str]] = []
        for suffix, payer in zip(SUFFIXES, self.payers, strict=False):
            found += [
                (f"ny{suffix}", _kronor(payer.ore_per_month)),
                (f"ny{suffix}_for", payer.whom),
                (f"ny{suffix}_fran", payer.first_on.isoformat()),
                (f"ny{suffix}_till", payer.last_on.isoformat()),
            ]
        for suffix, costs in zip(SUFFIXES, self.costs, strict=False):
            found += [
                (f"kostnad{suffix}", str(costs.percent)),
                (f"kostnad{suffix}_for", costs.what),
                (f"kostnad{suffix}_fran", costs.since.isoformat()),
            ]
        for suffix, pause in zip(SUFFIXES, self.pauses, strict=False):
            found += [(f"paus{suffix}", pause.choir), (f"paus{suffix}_fran", pause.first_on.isoformat())]
            found += [(f"paus{suffix}_till", pause.last_on.isoformat())] if pause.last_on else []
        for suffix, other in zip(SUFFIXES, self.others, strict=False):
            found += [(f"kor{suffix}", other.like), (f"kor{suffix}_fran", other.since.isoformat())]
        for ask in sorted(self.answers, key=str):
            answer = self.answers[ask]
            found.append((f"svar.{ask}", "ja" if answer.is_yes else "nej"))
            found += [(f"kr.{ask}", _kronor(answer.ore))] if answer.is_yes and answer.ore else []
        found += [(f"sen.{one}", str(self.delays[one])) for one in sorted(self.delays, key=str)]
        return found


@dataclass(frozen=True)
class Read:
    """A scenario as somebody wrote it, and what could not be read, by field."""

    scenario: Scenario
    faults: Mapping[str, Fault]


def read_scenario(pairs: Iterable[tuple[str, str]]) -> Read:
    """Read a scenario out of the fields of an address. What is left empty or unknown is passed over; what cannot be
    read is told and left out, so that the rest still counts. Of a field that stands twice the last one counts."""
    typed = {name: value.strip() for name, value in pairs if value.strip()}
    reader = _Reader(typed)
    scenario = Scenario(
        payers=tuple(one for suffix in SUFFIXES if (one := reader.payer(suffix))),
        costs=tuple(one for suffix in SUFFIXES if (one := reader.costs(suffix))),
        pauses=tuple(one for suffix in SUFFIXES if (one := reader.pause(suffix))),
        others=tuple(one for suffix in SUFFIXES if (one := reader.other(suffix))),
        answers=reader.answers(),
        delays=reader.delays(),
    )
    return Read(scenario, reader.faults)


def query_of(scenario: Scenario) -> str:
    """The scenario as an address carries it, without the question mark; nothing when nothing is tried."""
    return urlencode(scenario.pairs())


def read_query(query: str) -> Read:
    """Read a scenario out of what an address carries."""
    return read_scenario(parse_qsl(query))


def with_other_costs(
    rows: Iterable[Demand], change: OtherCosts, *, is_meant: Callable[[Demand], bool]
) -> list[Demand]:
    """The rows with those that are meant, from its day on, at their new price."""
    return [
        replace(row, ore=change.of(row.ore)) if row.on >= change.since and is_meant(row) else row
        for row in rows
    ]


def paused_states(
    states: Sequence[tuple[date, str]], pause: Pause, *, until: date
) -> tuple[tuple[date, str], ...]:
    """The states of a choir, each from a day on, with a pause in them; without a last day it ends instead.

    What it was going to be after the pause it becomes then.
    """
    before = [one for one in states if one[0] < pause.first_on]
    if pause.last_on is None or pause.last_on >= until:
        return (*before, (pause.first_on, "paused" if pause.last_on else "ended"))
    again = pause.last_on + timedelta(days=1)
    past = [state for since, state in states if since <= again]
    after = [one for one in states if one[0] > again]
    return (*before, (pause.first_on, "paused"), (again, past[-1] if past else "planned"), *after)


def days_longer(before: date | None, after: date | None) -> int | None:
    """How many days later one answer is than another; None where there is no day to count from or to."""
    return (after - before).days if before and after else None


class _Reader:
    """The fields of an address, read one kind at a time; what is wrong is noted beside its field."""

    def __init__(self, typed: Mapping[str, str]) -> None:
        self.typed = typed
        self.faults: dict[str, Fault] = {}

    def payer(self, suffix: str) -> NewPayer | None:
        name = f"ny{suffix}"
        ore = self.sum(name, LARGEST_ORE, "sum")
        if not ore:
            return None
        first, last = self.day(f"{name}_fran"), self.day(f"{name}_till")
        self.needed(f"{name}_fran", f"{name}_till")
        if first is None or last is None or not self.in_order(first, last, f"{name}_till"):
            return None
        return NewPayer(ore, self.typed.get(f"{name}_for", EVERYONE), first, last)

    def costs(self, suffix: str) -> OtherCosts | None:
        name = f"kostnad{suffix}"
        percent = self.whole(name, LOWEST_PERCENT, HIGHEST_PERCENT, "percent")
        if not percent:
            return None
        since = self.day(f"{name}_fran")
        self.needed(f"{name}_fran")
        return OtherCosts(percent, self.typed.get(f"{name}_for", EVERYONE), since) if since else None

    def pause(self, suffix: str) -> Pause | None:
        name = f"paus{suffix}"
        if name not in self.typed:
            return None
        first, last = self.day(f"{name}_fran"), self.day(f"{name}_till")
        self.needed(f"{name}_fran")
        if first is None or f"{name}_till" in self.faults:
            return None
        if last is not None and not self.in_order(first, last, f"{name}_till"):
            return None
        return Pause(self.typed[name], first, last)

    def other(self, suffix: str) -> AnotherChoir | None:
        name = f"kor{suffix}"
        if name not in self.typed:
            return None
        since = self.day(f"{name}_fran")
        self.needed(f"{name}_fran")
        return AnotherChoir(self.typed[name], since) if since else None

    def answers(self) -> dict[UUID, Answered]:
        found = {}
        for name, ask in self.named("svar."):
            if self.typed[name] not in ("ja", "nej"):
                self.faults[name] = "choice"
            elif self.typed[name] == "nej":
                found[ask] = Answered(is_yes=False)
            else:
                ore = self.sum(f"kr.{ask}", LARGEST_ASK_ORE, "ask_sum")
                if f"kr.{ask}" not in self.faults:
                    found[ask] = Answered(is_yes=True, ore=ore or None)
        return found

    def delays(self) -> dict[UUID, int]:
        found = {one: self.whole(name, 0, LONGEST_DELAY, "days") for name, one in self.named("sen.")}
        return {one: days for one, days in found.items() if days}

    def named(self, kind: str) -> list[tuple[str, UUID]]:
        """The fields of a kind, each with the id that it is about; what is no id is nothing of ours."""
        found = []
        for name in self.typed:
            if name.startswith(kind):
                try:
                    found.append((name, UUID(name.removeprefix(kind))))
                except ValueError:
                    continue
        return found

    def sum(self, name: str, largest: int, fault: Fault) -> int:
        """Öre; 0 when it is left empty or wrong."""
        try:
            ore = parse_kronor(self.typed.get(name, "0"))
        except ValueError:
            ore = -1
        if not 0 <= ore <= largest:
            self.faults[name] = fault
            return 0
        return ore

    def whole(self, name: str, least: int, most: int, fault: Fault) -> int:
        text = self.typed.get(name, "0").replace("\u2212", "-").removesuffix("%").strip()
        if not (
            text.removeprefix("-").removeprefix("+").isdecimal()
            and len(text) < 6
            and least <= int(text) <= most
        ):
            self.faults[name] = fault
            return 0
        return int(text)

    def day(self, name: str) -> date | None:
        if name not in self.typed:
            return None
        try:
            day = date.fromisoformat(self.typed[name])
        except ValueError:
            day = date.min
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            self.faults[name] = "day"
            return None
        return day

    def needed(self, *names: str) -> None:
        for name in names:
            if name not in self.typed:
                self.faults[name] = "from"

    def in_order(self, first: date, last: date, name: str) -> bool:
        if last < first:
            self.faults[name] = "order"
        return first <= last


def _kronor(ore: int) -> str:
    whole, rest = divmod(ore, 100)
    return f"{whole},{rest:02d}" if rest else str(whole)
