"""How long the match takes, beside one plain pass over the same rows and a general solver on the same input.

Goals: 10 choirs, 36 months and 30 agreements within 30 ms; 1,000 choirs and 300 agreements within 3 s. The cost
should grow no faster than the rows times their logarithm. What is compared is ratios; the times are a note.

The last lines are what somebody waits for: the processor's time of the forecast's page and of a scenario that follows
the slider, in a house with 10 choirs, 30 agreements, 12 open asks and 36 months. Goal of the scenario: 100 ms.

The plain pass is the rule of thumb that every spreadsheet uses: the money that ends soonest first. It is wrong, and
its own gap is printed beside what nobody can help. The general solvers answer one question only, how much can be paid
in all, without order of date and without fairness: scipy in compiled code on every input, its graph made in Python as
our network is, and networkx in Python on the smallest, without the time for its graph. Their answer must be the same
sum; everything is in whole kronor, since scipy counts no further than two billion.
"""

import gc
import logging
import math
import random
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from statistics import median
from typing import TypeVar
from uuid import UUID

import networkx as nx
import numpy as np
from flask.testing import FlaskClient
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from benchmarks.phones import an_empty_house, cookie_of
from choir_app.foundation import clock
from choir_app.foundation.database import commit
from choir_app.foundation.settings import read_settings
from choir_app.funding.rules import Demand, Supply, extra_needed, financed_to, match, months_after, shortages
from tests import makers

START = date(2026, 7, 1)
MONTHS = 36
SIZES = ((10, 30, 9), (100, 100, 3), (1_000, 300, 2))
MONEY = (("plenty", 3.0), ("about enough", 1.0), ("half", 0.5), ("a tenth", 0.1))
GOALS = {10: 0.030, 1_000: 3.0}

Result = TypeVar("Result")


def main() -> None:
    """Measure and print."""
    print(f"\nfunding: {MONTHS} months, rehearsals every week and a rent every month")
    print(
        f"{'choirs':>6} {'agreements':>10} {'rows':>8}  {'money':<13}{'× plain pass':>12}{'× scipy':>9}{'unpaid':>8}"
        f"{'plain says':>11}{'per row·log':>12}   note"
    )
    for choirs, agreements, times in SIZES:
        for words, plenty in MONEY:
            supplies, rows = world(choirs, agreements, plenty)
            plain_seconds, plain_gap = measured(lambda s=supplies, r=rows: plain_pass(s, r), times)
            seconds, made = measured(lambda s=supplies, r=rows: match(s, r), times)
            whole = sum(row.ore for row in rows)
            gap = sum(made.unpaid.values())
            solver_seconds, most = measured(lambda s=supplies, r=rows: general_maximum(s, r), min(times, 3))
            same = (
                "scipy: same sum"
                if most == whole - gap
                else f"scipy: ANOTHER SUM {most} against {whole - gap}"
            )
            growth = seconds / (len(rows) * math.log2(len(rows))) * 1e9
            goal = GOALS.get(choirs)
            note = f"{seconds * 1000:,.1f} ms" + (f" (goal {goal * 1000:,.0f})" if goal else "") + f"; {same}"
            print(
                f"{choirs:>6} {agreements:>10} {len(rows):>8}  {words:<13}{seconds / plain_seconds:>12.1f}"
                f"{seconds / solver_seconds:>9.1f}{gap / whole:>8.1%}{plain_gap / whole:>11.1%}"
                f"{growth:>9.0f} ns   {note}"
            )
            if choirs == SIZES[0][0]:
                beside_general_solver(supplies, rows, whole - gap, seconds)
    the_whole_answer()
    the_pages()


def world(choirs: int, agreements: int, plenty: float) -> tuple[list[Supply], list[Demand]]:
    """A network made from a fixed seed, with so many times the money that it needs, in agreements of all kinds."""
    chance = random.Random(choirs * 1_000 + agreements)
    days = (months_after(START, MONTHS) - START).days
    rows: list[Demand] = []
    for choir in range(choirs):
        weekly, monthly = chance.randint(2_500, 4_500) * 100, chance.randint(1_000, 4_000) * 100
        weekday = chance.randrange(7)
        rows += [Demand((choir, n), choir, START + timedelta(n), weekly) for n in range(weekday, days, 7)]
        rents = [months_after(START, month) for month in range(MONTHS)]
        rows += [Demand((choir, on), choir, on, monthly) for on in rents]
    whole = int(sum(row.ore for row in rows) * plenty)
    supplies = [Supply("free", whole // 1_000 * 100, START, None, frozenset(range(choirs)))]
    for number in range(agreements - 1):
        since = months_after(START, chance.randrange(-6, MONTHS - 6))
        until = months_after(since, chance.choice([6, 12, 24, 36])) - timedelta(1)
        ore = int(whole * 0.009 / agreements * chance.uniform(0.5, 1.5)) * 100
        supplies.append(Supply(number, ore, since, until, some_choirs(chance, choirs)))
    return supplies, rows


def some_choirs(chance: random.Random, choirs: int) -> frozenset[int]:
    """All choirs, a region's, or a few."""
    kind = chance.random()
    if kind < 0.15:
        return frozenset(range(choirs))
    if kind < 0.45:
        first = chance.randrange(choirs)
        return frozenset((first + place) % choirs for place in range(max(2, choirs // 10)))
    return frozenset(chance.sample(range(choirs), chance.randint(1, 5)))


def plain_pass(supplies: list[Supply], rows: list[Demand]) -> int:
    """What a rule of thumb leaves unpaid: row by row, the money that ends soonest first."""
    left = {supply.id: supply.ore for supply in supplies}
    of_choir: dict[object, list[Supply]] = {}
    for supply in sorted(supplies, key=lambda supply: supply.usable_to or date.max):
        for choir in supply.choirs:
            of_choir.setdefault(choir, []).append(supply)
    gap = 0
    for row in sorted(rows, key=lambda row: row.on):
        lacks = row.ore
        for supply in of_choir.get(row.choir, ()):
            if (
                lacks
                and supply.usable_from <= row.on
                and (not supply.usable_to or row.on <= supply.usable_to)
            ):
                part = min(lacks, left[supply.id])
                left[supply.id] -= part
                lacks -= part
        gap += lacks
    return gap


def general_maximum(supplies: list[Supply], rows: list[Demand]) -> int:
    """The öre that can be paid in all, by scipy on a graph of the same input."""
    of_choir: dict[object, list[tuple[int, date, date]]] = {}
    for place, supply in enumerate(supplies, 1):
        for choir in supply.choirs:
            span = (place, supply.usable_from, supply.usable_to or date.max)
            of_choir.setdefault(choir, []).append(span)
    end = 1 + len(supplies) + len(rows)
    edges = [(0, place, supply.ore // 100) for place, supply in enumerate(supplies, 1)]
    for place, row in enumerate(rows, 1 + len(supplies)):
        kronor = row.ore // 100
        edges.append((place, end, kronor))
        spans = of_choir.get(row.choir, ())
        edges += [(source, place, kronor) for source, first, last in spans if first <= row.on <= last]
    heads, tails, sums = (np.array(column, dtype=np.int32) for column in zip(*edges, strict=True))
    graph = csr_array((sums, (heads, tails)), shape=(end + 1, end + 1))
    return int(maximum_flow(graph, 0, end).flow_value) * 100


def beside_general_solver(supplies: list[Supply], rows: list[Demand], covered: int, seconds: float) -> None:
    """The same input in networkx, asked once for the sum that can be paid in all."""
    graph = nx.DiGraph()
    for supply in supplies:
        graph.add_edge("money", ("supply", supply.id), capacity=supply.ore)
    for row in rows:
        graph.add_edge(("row", row.id), "needs", capacity=row.ore)
        for supply in supplies:
            is_usable = supply.usable_from <= row.on and (not supply.usable_to or row.on <= supply.usable_to)
            if is_usable and row.choir in supply.choirs:
                graph.add_edge(("supply", supply.id), ("row", row.id))
    general, most = measured(lambda: nx.maximum_flow_value(graph, "money", "needs"), 1)
    same = "the same sum" if most == covered else f"ANOTHER SUM: {most} against {covered}"
    print(f"{'':>28}networkx, once, only the sum in all: {general / seconds:,.0f} × our time; {same}")


def the_whole_answer() -> None:
    """What the page asks for: the dates of ten choirs with their ranges, the reasons, and what it takes."""
    supplies, rows = world(10, 30, 0.5)
    seconds, made = measured(lambda: match(supplies, rows), 9)
    ends = months_after(START, MONTHS)
    whole, answer = measured(
        lambda: financed_to(
            supplies, rows, choirs=range(10), rehearsals={}, as_of=START, horizon=ends, balance_on=START
        ),
        5,
    )
    reasons, _ = measured(lambda: shortages(supplies, rows, answer.match), 5)
    until = months_after(START, 18)
    takes, _ = measured(lambda: extra_needed(supplies, rows, choir=3, until=until), 3)
    print(
        f"ten choirs, half the money: all dates with ranges {whole / seconds:.1f} × one match, "
        f"reasons {reasons / seconds:.1f} ×, what it takes for one choir {takes / seconds:.1f} × "
        f"({whole * 1000:.0f}, {reasons * 1000:.0f} and {takes * 1000:.0f} ms)"
    )
    assert made == answer.match


def the_pages() -> None:
    """What the server does for the forecast's page and for one move of the slider, in a house of this size."""
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        app = an_empty_house(read_settings({"CHOIR_DATA_DIR": folder, "CHOIR_DEMO": "0"}))
        with app.app_context():
            manager = a_network_with_money()
            commit()
        client = app.test_client()
        for name, value in cookie_of(app, manager).items():
            client.set_cookie(name, value)
        first = months_after(clock.today().replace(day=1), 2)
        tries = (
            f"/finansiering/tank-om/svar?ny_for=alla&ny_fran={first}&ny_till={months_after(first, 12)}&ny="
        )
        asked(client, f"{tries}1")
        pages = {
            "the forecast's page": [f"/finansiering/prognos?per={clock.today()}&n={n}" for n in range(9)],
            "«Tänk om …», opened": [f"/finansiering/tank-om?n={n}" for n in range(9)],
            "one move of the slider": [f"{tries}{20_000 + 1_000 * n}" for n in range(9)],
        }
        print(
            "\n10 choirs, 30 agreements, 12 open asks, 36 months: the processor's time of an answer, middle one"
        )
        for name, addresses in pages.items():
            times = sorted(asked(client, address) for address in addresses)
            goal = "(goal 100)" if "slider" in name else ""
            print(f"  {name:<26}{median(times) * 1000:>7.0f} ms, longest {times[-1] * 1000:.0f} {goal}")


def asked(client: FlaskClient, address: str) -> float:
    """Seconds of the processor for one answer that nobody has been given before."""
    gc.collect()
    began = time.process_time()
    answer = client.get(address)
    took = time.process_time() - began
    assert answer.status_code == 200, (address, answer.status)
    return took


def a_network_with_money() -> UUID:
    """Ten choirs that sing every week, what they cost, who pays and who has been asked; and somebody who manages."""
    chance = random.Random(10)
    today = clock.today()
    towns = [*makers.PLACES][:5]
    choirs = [makers.a_choir(town=towns[number % len(towns)]) for number in range(10)]
    for choir in choirs:
        makers.a_series(choir, today + timedelta(days=chance.randint(1, 7)))
        makers.a_cost_line(choir, chance.randint(2_500, 4_500) * 100)
        makers.a_cost_line(choir, chance.randint(1_000, 4_000) * 100, "monthly", day_of_month=25)
    makers.a_cost_line(None, 20_000 * 100, "monthly", day_of_month=1)
    makers.a_balance(400_000 * 100, today)
    for number in range(30):
        since = months_after(today, chance.randrange(-6, 24))
        some = () if number % 7 == 0 else tuple(chance.sample(choirs, chance.randint(1, 4)))
        ends = months_after(since, chance.choice([12, 24, 36]))
        makers.an_agreement(
            chance.randint(50, 300) * 100_000, *some, usable_from=since, usable_to=ends, signed_on=today
        )
    for number in range(12):
        since = months_after(today, chance.randrange(0, 12))
        some = () if number % 3 == 0 else tuple(chance.sample(choirs, 3))
        makers.an_opportunity(
            chance.randint(50, 400) * 100_000,
            *some,
            usable_from=since,
            usable_to=months_after(since, 18),
            decision_on=since,
        )
    return makers.a_manager().id


def measured(work: Callable[[], Result], times: int) -> tuple[float, Result]:
    """The shortest of so many runs, in seconds of the processor, and what came of it."""
    best, came = math.inf, None
    for _ in range(times):
        gc.collect()
        began = time.process_time()
        came = work()
        best = min(best, time.process_time() - began)
    assert came is not None
    return best, came
