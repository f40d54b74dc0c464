"""Programmes, and who could pay next: for each town what it may apply to, from when, and whom to ask directly."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Select, false, select
from sqlalchemy.orm import joinedload, lazyload

from choir_app.choirs.models import Choir, Town
from choir_app.choirs.queries import all_choirs
from choir_app.foundation.database import db
from choir_app.foundation.language import _, full_day, kronor, listed, number
from choir_app.funding import rules
from choir_app.funding.models import Opportunity, Programme
from choir_app.funding.permissions import may_see_funding
from choir_app.funding.queries.books import AgreementRow, agreement_rows
from choir_app.funding.queries.forecast import Forecast
from choir_app.funding.rules.programmes import OLD_RULES
from choir_app.partners.models import Partner


def _visible_to(viewer: Any) -> Select[Programme]:
    everything = select(Programme).options(lazyload(Programme.partner, Partner.in_towns))
    return everything if may_see_funding(viewer) else everything.where(false())


def programme(programme_id: UUID, *, viewer: Any) -> Programme:
    """One programme; raises NoResultFound."""
    wanted = _visible_to(viewer).options(joinedload(Programme.checked_by))
    return db.session.scalars(wanted.where(Programme.id == programme_id)).one()


def programmes(*, viewer: Any, partner: Partner | None = None) -> Sequence[Programme]:
    """Every programme, those that close first at the top and those that are no more at the end; of one when asked."""
    wanted = _visible_to(viewer)
    if partner is not None:
        wanted = wanted.where(Programme.partner_id == partner.id)
    found = db.session.scalars(wanted).all()
    return sorted(
        found,
        key=lambda one: (
            one.closed_at is not None,
            one.closes_on or date.max,
            one.partner.sort_key,
            one.name,
            str(one.id),
        ),
    )


def terms_of(programme: Programme) -> rules.Terms:
    """What a programme demands, as it is counted with."""
    return rules.Terms(
        opens_on=programme.opens_on,
        closes_on=programme.closes_on,
        towns=frozenset(row.town_id for row in programme.in_towns),
        min_ore=programme.min_ore,
        max_ore=programme.max_ore,
        own_share_bp=programme.own_share_bp,
        wants_new=programme.wants_new,
        wants_no_other=programme.wants_no_other,
        checked_on=programme.checked_on,
    )


def is_long_unchecked(programme: Programme, day: date) -> bool:
    """Whether nobody has looked at the rules of a programme for more than 180 days."""
    return programme.closed_at is None and day - programme.checked_on > OLD_RULES


# --- what is asked for already -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """An opportunity as it matters here: of whom, at which stage, and for which towns (none means all)."""

    id: UUID
    name: str
    stage: str
    partner_id: UUID
    programme_id: UUID | None
    towns: frozenset[UUID]
    is_for_all: bool
    ask_again_on: date | None
    agreement_id: UUID | None

    @property
    def is_open(self) -> bool:
        """Whether it can still come true."""
        return self.stage in rules.OPEN_STAGES

    def is_about(self, town_id: UUID) -> bool:
        """Whether choirs of the town are asked for."""
        return self.is_for_all or town_id in self.towns


def _asked(choirs: Iterable[Choir], *, viewer: Any) -> list[Asked]:
    if not may_see_funding(viewer):
        return []
    town_of = {choir.id: choir.town_id for choir in choirs}
    rows = db.session.scalars(
        select(Opportunity)
        .options(lazyload(Opportunity.partner), lazyload(Opportunity.programme))
        .order_by(Opportunity.stage_since.desc(), Opportunity.id)
    )
    return [
        Asked(
            id=row.id,
            name=row.name,
            stage=row.stage,
            partner_id=row.partner_id,
            programme_id=row.programme_id,
            towns=frozenset(
                {one.town_id for one in row.towns}
                | {town_of[one.choir_id] for one in row.choirs if one.choir_id in town_of}
            ),
            is_for_all=row.allocation == "all",
            ask_again_on=row.ask_again_on,
            agreement_id=row.agreement_id,
        )
        for row in rows
    ]


# --- who could pay next --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Way:
    """A programme as it looks from a town: whether it may apply, until when, and when the money would come."""

    programme: Programme
    may: rules.May
    town: Town
    apply_by: date | None
    """The last day on which it helps to apply; none when it is too late already or never closes."""
    money_on: date | None
    """When the money would come; none when the town may not apply."""
    is_too_late: bool
    """Whether the money comes after the town's first unpaid day, however soon one applies."""
    asked: Asked | None
    """What is on the board already for this programme and town."""


DirectState = Literal["asked", "again", "wait", "pays", "never", "no"]
"""On the board; may be asked again; not before a day; pays, so ask for more; never asked; has said no."""


@dataclass(frozen=True)
class Direct:
    """A partner without a programme that one asks directly, and how it stands with them."""

    partner: Partner
    state: DirectState
    on: date | None = None
    """The last day of what it pays, or from when it may be asked again."""
    asked: Asked | None = None


@dataclass(frozen=True)
class TownWays:
    """Who could pay next for a town."""

    town: Town
    needed_on: date | None
    """The first day on which a choir of the town is not paid for; none when there is no such day, or not known."""
    now: tuple[Way, ...]
    later: tuple[Way, ...]
    never: tuple[Way, ...]
    direct: tuple[Direct, ...]


def who_could_pay(
    told: Forecast,
    *,
    viewer: Any,
    town: Town | None = None,
    ore: int | None = None,
    others_ore: int | None = None,
) -> list[TownWays]:
    """For each town with a choir, or for one, what it may apply to as of the day of the forecast, and whom to ask.

    `ore` is what would be asked for, `others_ore` what others pay for the same; None where nobody has said.
    """
    day = told.as_of
    choirs = [choir for choir in all_choirs() if choir.state_on(day) != "ended"]
    by_town: dict[UUID, list[Choir]] = defaultdict(list)
    for choir in choirs:
        by_town[choir.town_id].append(choir)
    calls = [one for one in programmes(viewer=viewer) if one.closed_at is None]
    asked = _asked(choirs, viewer=viewer)
    agreements: dict[UUID, list[AgreementRow]] = defaultdict(list)
    for row in agreement_rows(viewer=viewer):
        agreements[row.partner_id].append(row)
    unpaid_on = {one.id: one.financed.first_unpaid_on for one in told.choirs}
    partners = _without_programme(calls, viewer=viewer)
    found = []
    for own in by_town.values():
        place = own[0].town
        if town is not None and place.id != town.id:
            continue
        needed = min((unpaid for one in own if (unpaid := unpaid_on.get(one.id))), default=None)
        begun = any(one.state_on(day) in ("active", "paused") for one in own)
        ways = []
        for call in calls:
            may = rules.may_apply(
                terms_of(call),
                town=place.id,
                as_of=day,
                ore=ore,
                others_ore=others_ore,
                sings_already=begun,
                agreements_until=[row.usable_to for row in agreements[call.partner_id]],
            )
            ways.append(_way(call, place, may, needed, day, asked))
        found.append(
            TownWays(
                town=place,
                needed_on=needed,
                now=tuple(sorted((one for one in ways if one.may.now), key=_soonest)),
                later=tuple(
                    sorted(
                        (one for one in ways if one.may.later), key=lambda one: one.may.from_on or date.max
                    )
                ),
                never=tuple(one for one in ways if one.may.from_on is None),
                direct=tuple(_directly(partners, place, agreements, asked, day)),
            )
        )
    return sorted(found, key=lambda one: one.town.name)


def ways_of(programme: Programme, told: Forecast, *, viewer: Any) -> list[Way]:
    """How a programme looks from each town with a choir; none when it is no more."""
    towns = who_could_pay(told, viewer=viewer)
    ways = [way for one in towns for way in (*one.now, *one.later, *one.never)]
    return [way for way in ways if way.programme.id == programme.id]


def _soonest(way: Way) -> tuple[bool, date]:
    return (way.is_too_late, way.apply_by or way.programme.closes_on or date.max)


def _way(
    call: Programme, town: Town, may: rules.May, needed: date | None, day: date, asked: Sequence[Asked]
) -> Way:
    known = next(
        (one for one in asked if one.is_open and one.programme_id == call.id and one.is_about(town.id)), None
    )
    if may.from_on is None:
        return Way(call, may, town, None, None, is_too_late=False, asked=known)
    last = rules.last_day_to_apply(
        opens_on=call.opens_on,
        closes_on=call.closes_on,
        decision_lead_days=call.decision_lead_days,
        payout_lag_days=call.payout_lag_days,
        money_needed_on=needed or day,
        as_of=may.from_on,
    )
    if needed is None:
        return Way(call, may, town, call.closes_on, last.money_on, is_too_late=False, asked=known)
    return Way(call, may, town, last.on, last.money_on, is_too_late=last.on is None, asked=known)


def _without_programme(calls: Iterable[Programme], *, viewer: Any) -> list[Partner]:
    if not may_see_funding(viewer):
        return []
    with_one = {call.partner_id for call in calls}
    everybody = db.session.scalars(select(Partner).order_by(Partner.sort_key, Partner.name))
    return [one for one in everybody if one.id not in with_one]


_ORDER: tuple[DirectState, ...] = ("again", "pays", "never", "asked", "wait", "no")


def _directly(
    partners: Iterable[Partner],
    town: Town,
    agreements: dict[UUID, list[AgreementRow]],
    asked: Sequence[Asked],
    day: date,
) -> list[Direct]:
    """Partners of the town and of all Sweden, those of whom something can be asked now first."""
    found = []
    for partner in partners:
        if partner.in_towns and town.id not in {row.town_id for row in partner.in_towns}:
            continue
        own = [one for one in asked if one.partner_id == partner.id and one.is_about(town.id)]
        found.append(_direct(partner, agreements[partner.id], own, day))
    return sorted(found, key=lambda one: (_ORDER.index(one.state), one.on or date.max))


def _direct(partner: Partner, agreements: list[AgreementRow], asked: list[Asked], day: date) -> Direct:
    on_board = next((one for one in asked if one.is_open), None)
    if on_board:
        return Direct(partner, "asked", asked=on_board)
    running = [row for row in agreements if not row.is_over_on(day)]
    if running:
        last = max(row.usable_to or date.max for row in running)
        return Direct(partner, "pays", None if last == date.max else last)
    latest = next((one for one in asked if one.stage != "agreed"), None)
    if latest is None:
        return Direct(partner, "never")
    if latest.ask_again_on is None:
        return Direct(partner, "no", asked=latest)
    return Direct(partner, "again" if latest.ask_again_on <= day else "wait", latest.ask_again_on, latest)


# --- in words ------------------------------------------------------------------------------------------------


def percent(share_bp: int) -> str:
    """Basis points as a share in words: «25 %» or «12,5 %»."""
    return f"{number(share_bp / 100)}\u00a0%"


def sums_of(programme: Programme) -> str:
    """What the programme gives, such as «50 000 kr till 300 000 kr»; nothing when nobody has said."""
    least, most = programme.min_ore, programme.max_ore
    if least is not None and most is not None:
        if least == most:
            return kronor(most)
        return _("%(least)s till %(most)s", least=kronor(least), most=kronor(most))
    if most is not None:
        return _("högst %(sum)s", sum=kronor(most))
    return _("minst %(sum)s", sum=kronor(least)) if least is not None else ""


def open_sentence(programme: Programme, day: date) -> str:
    """When one can apply, seen from a day: «Öppet till 31 augusti 2026.»"""
    opens, closes = programme.opens_on, programme.closes_on
    if programme.closed_at is not None:
        return _("Finns inte längre.")
    if closes and closes < day:
        return _("Stängde %(day)s.", day=full_day(closes))
    if opens and opens > day and closes:
        return _("Öppnar %(first)s, stänger %(last)s.", first=full_day(opens), last=full_day(closes))
    if opens and opens > day:
        return _("Öppnar %(day)s.", day=full_day(opens))
    return _("Öppet till %(day)s.", day=full_day(closes)) if closes else _("Alltid öppet.")


def why_not(reason: rules.Reason, way: Way, day: date) -> str:
    """One thing that hinders a town from applying, seen from a day."""
    match reason.code:
        case rules.Hindrance.CLOSED if reason.on and reason.on < day:
            return _("Stängde %(day)s.", day=full_day(reason.on))
        case rules.Hindrance.CLOSED:
            return _("Stänger %(day)s, innan det andra är över.", day=_day(reason.on))
        case rules.Hindrance.NOT_OPEN_YET:
            return _("Öppnar %(day)s.", day=_day(reason.on))
        case rules.Hindrance.OTHER_TOWNS:
            return _("Gäller bara %(towns)s.", towns=listed(town.name for town in way.programme.towns))
        case rules.Hindrance.SUM_UNDER:
            return _("De ger minst %(sum)s.", sum=kronor(reason.ore or 0))
        case rules.Hindrance.SUM_OVER:
            return _("De ger högst %(sum)s.", sum=kronor(reason.ore or 0))
        case rules.Hindrance.ONGOING_AGREEMENT if reason.on:
            return _("Ni har ett avtal med dem till %(day)s. De ger inte två.", day=_day(reason.on))
        case rules.Hindrance.ONGOING_AGREEMENT:
            return _("Ni har ett avtal med dem utan slut. De ger inte två.")
        case rules.Hindrance.WANTS_NEW:
            return _("De betalar bara för det som är nytt, och %(town)s sjunger redan.", town=way.town.name)
        case rules.Hindrance.OWN_SHARE:
            return _own_share(reason.share_bp or 0, reason.ore)


def caution(warned: rules.Warned) -> str:
    """One thing to know before one applies."""
    if warned.code is rules.Caution.RULES_NOT_CHECKED:
        return _("Ingen har kollat reglerna sedan %(day)s.", day=_day(warned.on))
    return _own_share(warned.share_bp or 0, warned.ore)


def _own_share(share_bp: int, ore: int | None) -> str:
    share = percent(share_bp)
    if ore is None:
        return _("Andra måste betala minst %(share)s av allt.", share=share)
    return _("Andra måste betala minst %(share)s av allt: %(sum)s.", share=share, sum=kronor(ore))


def _day(day: date | None) -> str:
    return full_day(day) if day else ""


def when_sentence(way: Way, needed_on: date | None, day: date) -> str:
    """When a town may apply and when the money comes, seen against the first day that nobody pays."""
    return " ".join(part for part in (_apply(way, needed_on, day), _money(way, needed_on)) if part)


def _apply(way: Way, needed_on: date | None, day: date) -> str:
    closes = way.programme.closes_on
    if way.may.from_on and way.may.from_on > day:
        if closes:
            return _(
                "Kan sökas från %(first)s till %(last)s.",
                first=full_day(way.may.from_on),
                last=full_day(closes),
            )
        return _("Kan sökas från %(day)s.", day=full_day(way.may.from_on))
    if closes:
        return _("Sök senast %(day)s.", day=full_day(closes))
    if needed_on and way.apply_by:
        return _("Alltid öppet. Sök senast %(day)s, så kommer pengarna i tid.", day=full_day(way.apply_by))
    return _("Alltid öppet.")


def _money(way: Way, needed_on: date | None) -> str:
    if way.money_on is None or (way.programme.closes_on is None and way.apply_by):
        return ""
    if way.is_too_late and needed_on:
        return _(
            "Pengarna kommer omkring %(day)s. Det är för sent till %(needed)s.",
            day=full_day(way.money_on),
            needed=full_day(needed_on),
        )
    return _("Pengarna kommer omkring %(day)s.", day=full_day(way.money_on))


def direct_sentence(direct: Direct) -> str:
    """How it stands with a partner that one asks directly."""
    match direct.state:
        case "asked":
            return _("Finns redan på tavlan.")
        case "again":
            return _("Sa nej, men får frågas igen sedan %(day)s.", day=_day(direct.on))
        case "wait":
            return _("Får frågas igen från %(day)s.", day=_day(direct.on))
        case "pays" if direct.on:
            return _("Betalar till %(day)s. Fråga om en förlängning.", day=_day(direct.on))
        case "pays":
            return _("Betalar redan.")
        case "never":
            return _("Har aldrig fått frågan.")
        case _:
            return _("Har sagt nej.")


def town_sentence(ways: TownWays) -> str:
    """The answer for a town: what it may apply to now, or from when."""
    closing = [one for one in ways.now if one.programme.closes_on]
    if closing:
        first = min(closing, key=lambda one: one.programme.closes_on or date.max)
        return _(
            "%(partner)s stänger först, %(day)s.",
            partner=first.programme.partner.name,
            day=_day(first.programme.closes_on),
        )
    if ways.now:
        return _("Det som går att söka nu är alltid öppet.")
    if ways.later:
        first = ways.later[0]
        return _(
            "Inget går att söka nu. %(partner)s går att söka från %(day)s.",
            partner=first.programme.partner.name,
            day=_day(first.may.from_on),
        )
    return _("Inget program går att söka.")
