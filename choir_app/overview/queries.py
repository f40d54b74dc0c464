"""What the front pages show, gathered from the rooms below."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from choir_app.choirs import queries as choirs
from choir_app.choirs.models import Choir, Singer
from choir_app.choirs.queries import HeldOnSinger, Look, PublicChoir
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.foundation.figures import FEWEST_PEOPLE
from choir_app.funding import queries as funding
from choir_app.funding.queries import ChoirOutlook, Due, Forecast
from choir_app.news import queries as news
from choir_app.news.queries import Card
from choir_app.partners import queries as partners
from choir_app.partners.models import Partner
from choir_app.partners.queries import ThankedPartner
from choir_app.rehearsals import queries as rehearsals
from choir_app.rehearsals.models import Series
from choir_app.rehearsals.queries import ComingDate, Gathering, HeldReplies, NotLogged, SeenAt, WeekCount
from choir_app.rehearsals.rules import WeeklyAverage

GATHERINGS_AT_START = 6
POSTS_AT_START = 5
DATES_OF_A_CHOIR = 6
WEEKS_OF_TURNOUT = 12
DAYS_DUE = 30


@dataclass(frozen=True)
class StartPage:
    """What a visitor meets first: when we sing, what is new, how many we are and who makes it possible."""

    gatherings: Sequence[Gathering]
    is_this_week: bool
    weekly: WeeklyAverage | None
    cards: Sequence[Card]
    thanks: Sequence[ThankedPartner]


@dataclass(frozen=True)
class WeeklyHour:
    """When a choir sings as a rule; 0 is Monday."""

    weekday: int
    starts_at: time
    ends_at: time
    every_weeks: int


@dataclass(frozen=True)
class Rest:
    """Days on which a choir rests, such as «sommarpaus»; both ends included."""

    name: str
    first_on: date
    last_on: date


@dataclass(frozen=True)
class ChoirRow:
    """A choir in the list: when it sings as a rule, the next time, and the rest it has now."""

    choir: PublicChoir
    weekly: Sequence[WeeklyHour]
    next: Gathering | None
    rest: Rest | None


@dataclass(frozen=True)
class ChoirPage:
    """All that everybody may know of a choir; `later` holds the gatherings and rests that follow, in order."""

    choir: PublicChoir
    record: Choir
    weekly: Sequence[WeeklyHour]
    next: Gathering | None
    rest: Rest | None
    called_off_before: Gathering | None
    later: Sequence[Gathering | Rest]
    thanks: Sequence[ThankedPartner]
    cards: Sequence[Card]


@dataclass(frozen=True)
class OwnChoir:
    """A choir that somebody sings in or leads."""

    choir: Choir
    next: Gathering | None
    called_off_before: Gathering | None
    leads: bool
    sings: bool
    voice: str | None
    same_voice: int


@dataclass(frozen=True)
class HomePage:
    """What a member meets first: the next time, the own voice and what is new."""

    first_name: str
    own: Sequence[OwnChoir]
    cards: Sequence[Card]
    answer: ComingDate | None = None
    """What the member said of the next time; none for who does not sing there."""

    @property
    def soonest(self) -> OwnChoir | None:
        """The choir that sings next."""
        coming = [(one.next.starts_at, place) for place, one in enumerate(self.own) if one.next]
        return self.own[min(coming)[1]] if coming else None


@dataclass(frozen=True)
class OwnData:
    """All that is held on one singer, as the singer may read it and take it out."""

    singer: Singer
    held: HeldOnSinger
    seen: Sequence[SeenAt]
    said: HeldReplies
    looks: Sequence[Look]


@dataclass(frozen=True)
class ChoirTurnout:
    """A choir in the manager's list: until when it is paid for, and how many came week by week."""

    name: str
    slug: str
    outlook: ChoirOutlook | None
    weeks: Sequence[WeekCount]

    @property
    def average(self) -> int | None:
        """How many came a week, on average over the weeks that were written down; halves rounded up."""
        known = [week.headcount for week in self.weeks if week.headcount is not None]
        return (2 * sum(known) + len(known)) // (2 * len(known)) if known else None


@dataclass(frozen=True)
class SituationPage:
    """What a project manager sees first: money, turnout, what is due, and the choirs one by one."""

    forecast: Forecast
    weeks: Sequence[WeekCount]
    weekly: WeeklyAverage | None
    due: Sequence[Due]
    left_to_log: Sequence[NotLogged]
    choirs: Sequence[ChoirTurnout]


def situation_page(viewer: Any) -> SituationPage:
    """The manager's front page, as of today."""
    today = clock.today()
    forecast = funding.forecast(today)
    outlooks = {one.id: one for one in forecast.choirs}
    by_choir = rehearsals.weekly_headcounts_by_choir(weeks=WEEKS_OF_TURNOUT)
    return SituationPage(
        forecast=forecast,
        weeks=rehearsals.weekly_headcounts(weeks=WEEKS_OF_TURNOUT),
        weekly=rehearsals.network_weekly_average(),
        due=funding.due_next(viewer=viewer, until=today + timedelta(days=DAYS_DUE)),
        left_to_log=rehearsals.not_logged(viewer, limit=5),
        choirs=[
            ChoirTurnout(one.name, one.slug, outlooks.get(one.id), by_choir.get(one.id, ()))
            for one in choirs.public_choirs(today)
        ],
    )


@news.partners_asked.connect
def _partners_to_name(_asker: Any) -> list[tuple[UUID, str]]:
    """What a news post may name: the partners that the public pages thank anyway."""
    thanked = select(Partner.id, Partner.name).where(Partner.is_thanked).order_by(Partner.sort_key)
    return [(partner_id, name) for partner_id, name in db.session.execute(thanked)]


def start_page() -> StartPage:
    """The front page of everybody; the week's gatherings that are not over, or else what comes next."""
    known = {one.id: one for one in choirs.public_choirs(clock.today())}
    planned = rehearsals.next_rehearsals(list(known), limit=2 * GATHERINGS_AT_START)
    coming = [one for one in planned if _goes_on(known[one.choir_id], one)][:GATHERINGS_AT_START]
    next_monday = clock.today() + timedelta(days=7 - clock.today().weekday())
    this_week = [one for one in coming if one.starts_at < clock.start_of(next_monday)]
    weekly = rehearsals.network_weekly_average()
    return StartPage(
        gatherings=this_week or coming,
        is_this_week=bool(this_week),
        weekly=weekly if weekly and weekly.people >= FEWEST_PEOPLE else None,
        cards=news.latest(POSTS_AT_START),
        thanks=partners.partners_thanked(),
    )


def choir_rows() -> list[ChoirRow]:
    """The choirs from north to south, each with the next time it sings; what is called off is passed over."""
    known = choirs.public_choirs(clock.today())
    planned = rehearsals.next_of_each_choir([one.id for one in known], limit=4)
    series: dict[UUID, list[Series]] = {}
    for each in rehearsals.series_that_go_on([one.id for one in known]):
        series.setdefault(each.choir_id, []).append(each)
    rows: list[ChoirRow] = []
    for one in known:
        following = _first_not_called_off(each for each in planned.get(one.id, ()) if _goes_on(one, each))
        own = series.get(one.id, ())
        rows.append(ChoirRow(one, _weekly(own), following, _rest_before(own, following)))
    return rows


def choir_page(slug: str) -> ChoirPage:
    """The public page of a choir; raises NoResultFound."""
    record = choirs.choir_by_slug(slug)
    choir = choirs.known_to_all(record, clock.today())
    planned = rehearsals.next_rehearsals([record.id], limit=DATES_OF_A_CHOIR + 1)
    coming = [one for one in planned if _goes_on(choir, one)]
    following = _first_not_called_off(coming)
    series = rehearsals.series_that_go_on([record.id])
    return ChoirPage(
        choir=choir,
        record=record,
        weekly=_weekly(series),
        next=following,
        rest=_rest_before(series, following),
        called_off_before=_called_off_before(coming),
        later=_in_order([one for one in coming if one is not following], series),
        thanks=partners.partners_thanked(record),
        cards=news.latest(3, choirs=[record.id]),
    )


def own_choirs(viewer: Any) -> list[OwnChoir]:
    """The choirs that this person leads or sings in, from north to south."""
    return _own_choirs(viewer, choirs.singers_of_account(viewer))


def _own_choirs(viewer: Any, singers: Sequence[Singer]) -> list[OwnChoir]:
    led = {choir.id: choir for choir in choirs.choirs_led_by(viewer)}
    sung = _sung_in(singers)
    known = led | {choir_id: choir for choir_id, (choir, _voice, _others) in sung.items()}
    planned = rehearsals.next_of_each_choir(list(known), limit=4)
    coming = {
        choir.id: [
            one
            for one in planned.get(choir.id, ())
            if _goes_on(choirs.known_to_all(choir, clock.today()), one)
        ]
        for choir in known.values()
    }
    return [
        OwnChoir(
            choir=choir,
            next=_first_not_called_off(coming[choir.id]),
            called_off_before=_called_off_before(coming[choir.id]),
            leads=choir.id in led,
            sings=choir.id in sung,
            voice=sung[choir.id][1] if choir.id in sung else None,
            same_voice=sung[choir.id][2] if choir.id in sung else 0,
        )
        for choir in known.values()
    ]


def home_page(viewer: Any) -> HomePage:
    """A member's own page."""
    singers = choirs.singers_of_account(viewer)
    own = _own_choirs(viewer, singers)
    about = [one.choir.id for one in own]
    page = HomePage(
        first_name=singers[0].first_name if singers else viewer.name.split(" ")[0],
        own=own,
        cards=(news.latest(3, choirs=about) if about else ()) or news.latest(3),
    )
    return replace(page, answer=_answer_for(singers, page.soonest))


def _answer_for(singers: Sequence[Singer], soonest: OwnChoir | None) -> ComingDate | None:
    if not singers or soonest is None or soonest.next is None or not soonest.sings:
        return None
    return rehearsals.answer_about(soonest.next, singers[0])


def own_data(viewer: Any) -> OwnData | None:
    """All that is held on the singer behind this account; None when nobody sings behind it."""
    singers = choirs.singers_of_account(viewer)
    if not singers:
        return None
    seen = rehearsals.attendance_of(singers[0].id, since=date(2015, 1, 1), limit=10_000)
    said = rehearsals.held_replies(singers[0])
    held, looks = choirs.held_on(singers[0]), choirs.looks_at(singers[0])
    return OwnData(singer=singers[0], held=held, seen=seen, said=said, looks=looks)


def to_take_out(viewer: Any, data: OwnData) -> dict[str, Any]:
    """The same as plain values, for a file that any program can read."""
    held = data.held
    return {
        "account": {"name": viewer.name, "email": viewer.email},
        "singer": {
            "id": str(held.id),
            "first_name": held.first_name,
            "surname": held.surname,
            "phone": held.phone,
            "email": held.email,
            "reads": held.reads,
            "is_under_18": held.is_under_18,
            "note": held.note,
            "may_be_written_to": held.may_be_written_to,
            "buddy": held.buddy,
            "helps": list(held.helps),
            "noted_on": held.noted_on.isoformat(),
        },
        "also": [
            {
                "first_name": one.first_name,
                "surname": one.surname,
                "phone": one.phone,
                "email": one.email,
                "reads": one.reads,
                "note": one.note,
                "noted_on": one.noted_on.isoformat(),
            }
            for one in held.also
        ],
        "memberships": [
            {
                "choir": one.choir,
                "voice": one.voice,
                "state": one.state,
                "since": one.since.isoformat(),
                "until": one.until.isoformat() if one.until else None,
            }
            for one in held.memberships
        ],
        "attendance": [
            {"choir": one.choir, "starts_at": one.starts_at.isoformat(), "was_there": one.was_there}
            for one in data.seen
        ],
        "replies": [
            {
                "choir": one.choir,
                "starts_at": one.starts_at.isoformat(),
                "is_coming": one.is_coming,
                "said_at": one.said_at.isoformat(),
            }
            for one in data.said.replies
        ],
        "away": [
            {"first_on": first.isoformat(), "last_on": last.isoformat()} for first, last in data.said.away
        ],
        "looks": [
            {
                "by": one.by,
                "days": one.days,
                "own_page_days": one.own_page_days,
                "last_on": one.last_on.isoformat(),
            }
            for one in data.looks
        ],
    }


def leads_today(viewer: Any) -> bool:
    """Whether a choir that this person leads sings today."""
    led = [choir.id for choir in choirs.choirs_led_by(viewer)]
    return bool(led) and bool(rehearsals.on_day(led, clock.today()))


def _first_not_called_off(coming: Iterable[Gathering]) -> Gathering | None:
    return next((one for one in coming if not one.is_cancelled), None)


def _called_off_before(coming: Sequence[Gathering]) -> Gathering | None:
    """What people may expect to be next, when it has been called off."""
    return coming[0] if coming and coming[0].is_cancelled else None


def _goes_on(choir: PublicChoir, gathering: Gathering) -> bool:
    """Whether a planned gathering can take place: a choir that pauses or has ended does not sing what was planned."""
    if choir.state == "active":
        return True
    return choir.resumes_on is not None and clock.local(gathering.starts_at).date() >= choir.resumes_on


def _weekly(series: Iterable[Series]) -> list[WeeklyHour]:
    """When a choir rehearses as a rule, the earliest in the week first."""
    return sorted(
        (
            WeeklyHour(
                one.weekday,
                one.starts_at_hour,
                (datetime.combine(one.first_on, one.starts_at_hour) + timedelta(minutes=one.minutes)).time(),
                one.every_weeks,
            )
            for one in series
            if one.kind == "rehearsal"
        ),
        key=lambda hour: (hour.weekday, hour.starts_at),
    )


def _rests(series: Iterable[Series]) -> list[Rest]:
    """The rests that are not over, the earliest first."""
    found = {Rest(one.name, one.first_on, one.last_on) for each in series for one in each.breaks}
    return sorted(
        (one for one in found if one.last_on >= clock.today()), key=lambda one: (one.first_on, one.name)
    )


def _rest_before(series: Iterable[Series], following: Gathering | None) -> Rest | None:
    """The rest of this very day, unless there is singing in the middle of it."""
    now = next((one for one in _rests(series) if one.first_on <= clock.today()), None)
    if now and following and clock.local(following.starts_at).date() <= now.last_on:
        return None
    return now


def _in_order(coming: Sequence[Gathering], series: Iterable[Series]) -> list[Gathering | Rest]:
    """The gatherings with the rests that begin among them."""
    if not coming:
        return []
    last_on = clock.local(coming[-1].starts_at).date()
    dated: list[tuple[date, int, Gathering | Rest]] = [
        (clock.local(one.starts_at).date(), 1, one) for one in coming
    ]
    dated += [(one.first_on, 0, one) for one in _rests(series) if clock.today() < one.first_on <= last_on]
    return [one for _day, _kind, one in sorted(dated, key=lambda entry: entry[:2])]


def _sung_in(singers: Sequence[Singer]) -> dict[UUID, tuple[Choir, str | None, int]]:
    """The choirs that somebody sings in, with the own voice and how many others sing it."""
    today = clock.today()
    found: dict[UUID, tuple[Choir, str | None, int]] = {}
    for singer in singers:
        for choir in choirs.choirs_of_singer(singer, today):
            members = choirs.members_on(choir, today)
            own = next(one for one in members if one.singer_id == singer.id)
            others = sum(1 for one in members if own.voice_id and one.voice_id == own.voice_id) - 1
            found[choir.id] = (choir, own.voice, max(others, 0))
    return found
