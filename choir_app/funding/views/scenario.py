"""«Tänk om …»: changes tried beside today's plan, wholly in the address; nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from choir_app.accounts.permissions import for_managers
from choir_app.foundation import chart, clock
from choir_app.foundation.kept_pages import only_reads
from choir_app.foundation.language import _
from choir_app.funding import queries
from choir_app.funding.models import SavedScenario
from choir_app.funding.queries import plans as kept
from choir_app.funding.queries.scenario import (
    KIND,
    TOWN,
    Surroundings,
    Today,
    Tried,
    difference,
    today_as_of,
    told_changes,
    tried,
)
from choir_app.funding.rules import months_after
from choir_app.funding.rules.names import COST_NAMES
from choir_app.funding.rules.scenario import (
    EVERYONE,
    HIGHEST_PERCENT,
    LARGEST_ASK_ORE,
    LARGEST_ORE,
    LONGEST_DELAY,
    LOWEST_PERCENT,
    SUFFIXES,
    Fault,
    Read,
    query_of,
    read_query,
    read_scenario,
)
from choir_app.funding.rules.stages import STAGE_NAMES
from choir_app.funding.views import room
from choir_app.funding.views.beside import beside
from choir_app.funding.views.drawing import WIDE

SLIDER_STEP = 1_000
"""Kronor a month."""
LEAST_SLIDER, MOST_SLIDER = 40_000, 200_000
SLIDER_PERCENT = (-50, 100)
DELAYS = (30, 60, 90, 180)
"""Days that money can come later, as choices."""
SEEN = "sedd"
"""The version of the plan that somebody began to change, as it stands in the address."""
Option = tuple[str, str]


@dataclass(frozen=True)
class Choices:
    """What can be chosen in the form, and the days that it begins with."""

    whom: Sequence[Option]
    what: Sequence[Option]
    choirs: Sequence[Option]
    slider_max: int
    """Kronor a month."""
    first: Mapping[str, str]
    """What stands in a field before anybody has typed."""


@dataclass(frozen=True)
class Sheet:
    """The form as it was typed: what stands in each field and what is wrong with it."""

    typed: Mapping[str, str]
    faults: Mapping[str, str]
    choices: Choices

    def value(self, name: str) -> str:
        """What stands in a field."""
        return self.typed.get(name) or self.choices.first.get(name, "")

    def is_used(self, kind: str, suffix: str) -> bool:
        """Whether something of a kind has been typed in this place."""
        return f"{kind}{suffix}" in self.typed

    def is_shown(self, kind: str, suffix: str) -> bool:
        """Whether a place for one of a kind is shown: the first, and the one after each that is used."""
        return not suffix or self.is_used(kind, suffix) or self.is_used(kind, self._before(suffix))

    def is_more(self, kind: str, suffix: str) -> bool:
        """Whether a place is for one more than what has been typed."""
        return bool(suffix) and not self.is_used(kind, suffix)

    def _before(self, suffix: str) -> str:
        return SUFFIXES[SUFFIXES.index(suffix) - 1]


@room.get("/finansiering/tank-om")
@only_reads
@for_managers
def what_if() -> ResponseReturnValue:
    """The form, and the answer beside today's plan."""
    return page_of(typed_fields())


@room.get("/finansiering/tank-om/svar")
@only_reads
@for_managers
def what_if_answer() -> ResponseReturnValue:
    """The answer alone, for the page that follows the slider: its two parts."""
    read = read_scenario(typed_fields().items())
    today = todays_plan()
    told = answer_of(tried(read.scenario, today), today, plan=kept.plan_if_any(request.args.get("plan")))
    return render_template("funding/what_if_answer.html", **told, faults=faults_told(read))


def todays_plan() -> Today:
    """Today's plan, counted anew when anything has been written since: many ask for it while a slider moves."""
    version: str | None = request.environ.get("choir.version")  # as it was before anything was read
    if version is None:
        return today_as_of(clock.today())
    key = (version, clock.today())
    kept: dict[tuple[str, date], Today] = current_app.extensions.setdefault("todays_plan", {})
    if key not in kept:
        today = today_as_of(clock.today())
        kept.clear()
        kept[key] = today
        return today
    return kept[key]


def page_of(
    typed: Mapping[str, str], *, plan: SavedScenario | None = None, **more: Any
) -> ResponseReturnValue:
    """The whole page for what has been typed, or what a plan holds."""
    read = read_scenario(typed.items())
    today = todays_plan()
    known, around = today.known, today.around
    told = tried(read.scenario, today)
    faults = faults_told(read)
    sheet = Sheet({name: value for name, value in typed.items() if value}, faults, choices_of(told, around))
    return render_template(
        "funding/what_if.html",
        **answer_of(told, today, plan=plan),
        **more,
        sheet=sheet,
        faults=faults,
        known=known,
        stage_names=STAGE_NAMES,
        suffixes=SUFFIXES,
        delays=DELAYS,
        percent_range=SLIDER_PERCENT,
        has_errors=bool(faults),
    ), 422 if faults else 200


def answer_of(told: Tried, today: Today, *, plan: SavedScenario | None = None) -> dict[str, Any]:
    """What the answer is drawn from; `plan`: the one that is being looked at, and perhaps changed."""
    query = query_of(told.scenario)
    is_changed = plan is not None and query != query_of(read_query(plan.query).scenario)
    seen = request.args.get(SEEN) or (kept.version_of(plan) if plan else "")
    return {
        "plan": plan,
        "is_changed": is_changed,
        "seen": seen,
        "address": f"{query}&{SEEN}={seen}".lstrip("&") if is_changed else "" if plan else query,
        "beside": None if told.scenario.is_empty or told.now.forecast.network.missing else beside(told),
        "chance_told": queries.chance_told,
        "told": told,
        "changes": told_changes(told.scenario, today.known, today.around),
        "query": query,
        "difference": difference,
        "date_told": queries.date_told,
        "answer_sentence": queries.answer_sentence,
        "cash_sentence": queries.cash_sentence,
        "chance": chance_of(told),
        "fund": fund_of(told),
    }


def chance_of(told: Tried) -> tuple[str, str] | None:
    """The chance that what lacks comes in time, today and with the changes; nothing when no talk is open."""
    if told.now.forecast.network.missing or not told.now.facts.asks:
        return None
    said = [
        _("inget fattas") if bp is None else queries.chance_told(bp)
        for bp in (told.closes_now_bp, told.closes_then_bp)
    ]
    return said[0], said[1]


def fund_of(told: Tried) -> chart.FundChart | None:
    """The free money running down: today's plan, and with the changes."""
    both = [told.now.forecast, told.then.forecast]
    if any(not one.fund or one.fund[0][1] <= 0 for one in both):
        return None
    first = told.now.facts.as_of.replace(day=1)
    ends = [one.network.first_unpaid_on or first for one in both]
    months = min(max((max(ends).year - first.year) * 12 + max(ends).month - first.month + 4, 13), 36)
    last = months_after(first, months) - timedelta(days=1)
    curves = []
    for certainty, one in zip(("agreed", "change"), both, strict=True):
        if certainty == "change" and told.scenario.is_empty:
            continue
        points = [(max(day, told.now.facts.as_of), ore / 100) for day, ore in one.fund if day <= last]
        end = one.network.to if one.network.state == "ends" else None
        curves.append((certainty, _steps(points, last, end), end))
    scale = chart.month_scale(first, last, left=70, right=WIDE - 20)
    return chart.fund(curves, scale, width=WIDE, height=230, today=told.now.facts.as_of)


def faults_told(read: Read) -> dict[str, str]:
    """What to do about each field that cannot be read."""
    return {name: _FAULTS[fault]() for name, fault in read.faults.items()}


def choices_of(told: Tried, around: Surroundings) -> Choices:
    """What can be chosen, and the days that are likely to be meant: from when the money ends, for a year."""
    known, forecast = told.now.facts, told.now.forecast
    next_month = months_after(known.as_of.replace(day=1), 1)
    ends = max(forecast.network.first_unpaid_on or next_month, next_month).replace(day=1)
    by_id = {choir.id: choir for choir in known.choirs}
    places: list[Option] = []
    for slug, (town, choirs) in around.towns.items():
        places.append((f"{TOWN}{slug}", town))
        if len(choirs) > 1:
            within = sorted((by_id[choir] for choir in choirs), key=lambda choir: choir.name)
            places += [(choir.slug, choir.name) for choir in within]
    month_ore = sum(choir.usual_month_ore for choir in forecast.choirs)
    kinds = [kind for kind in COST_NAMES if kind in set(around.kind_of.values())]
    choirs = [(choir.slug, choir.name) for choir in known.choirs]
    first = {}
    for suffix in SUFFIXES:
        first |= {
            f"ny{suffix}_fran": ends.isoformat(),
            f"ny{suffix}_till": (months_after(ends, 12) - timedelta(days=1)).isoformat(),
            f"kostnad{suffix}_fran": next_month.isoformat(),
            f"paus{suffix}_fran": next_month.isoformat(),
            f"kor{suffix}_fran": next_month.isoformat(),
        }
    return Choices(
        whom=[(EVERYONE, _("Alla körer")), *places],
        what=[
            (EVERYONE, _("Alla kostnader")),
            *((f"{KIND}{kind}", str(COST_NAMES[kind])) for kind in kinds),
            *((slug, _("Allt för %(choir)s", choir=name)) for slug, name in choirs),
        ],
        choirs=choirs,
        slider_max=min(max(-(-month_ore // 500_000) * 5_000, LEAST_SLIDER), MOST_SLIDER),
        first=first,
    )


def typed_fields() -> dict[str, str]:
    """The fields of the address, the last one where a field stands twice."""
    return {name: values[-1].strip() for name, values in request.args.lists()}


def _steps(points: Sequence[tuple[date, float]], last: date, end: date | None) -> list[tuple[date, float]]:
    """A stair of what is left after each day, up to the end of the picture where it lasts so long."""
    stair: list[tuple[date, float]] = []
    for day, left in points:
        if stair:
            stair.append((day, stair[-1][1]))
        stair.append((day, left))
    if end is None and stair:
        stair.append((last, stair[-1][1]))
    return stair


_FAULTS: dict[Fault, Any] = {
    "sum": lambda: _("Skriv ett belopp mellan 0 och %(most)s.", most=queries.whole_kronor(LARGEST_ORE)),
    "ask_sum": lambda: _(
        "Skriv ett belopp mellan 1 krona och %(most)s.", most=queries.whole_kronor(LARGEST_ASK_ORE)
    ),
    "percent": lambda: _(
        "Skriv procent från %(least)s till %(most)s, utan decimaler.",
        least=LOWEST_PERCENT,
        most=HIGHEST_PERCENT,
    ),
    "days": lambda: _("Skriv antal dagar, högst %(most)s.", most=LONGEST_DELAY),
    "day": lambda: _("Skriv datumet så här: 2026-06-16."),
    "order": lambda: _("Sista dagen ligger före den första. Ändra en av dem."),
    "from": lambda: _("Skriv vilken dag."),
    "choice": lambda: _("Välj ja, nej eller som nu."),
}
