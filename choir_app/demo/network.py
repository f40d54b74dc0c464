"""The demo network: five choirs with a year behind them, told through the same actions that people use.

It was last Friday that the funding meeting was held: everything is moved to the present by whole weeks, and breaks
follow the real calendar. One seed decides everything, so the network is the same on every machine.
"""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid5

from flask import current_app
from sqlalchemy import exists, select

from choir_app.accounts import actions as accounts
from choir_app.accounts.models import Account, RoleGrant
from choir_app.choirs import actions as choirs
from choir_app.choirs import queries as singers_known
from choir_app.choirs.models import Choir, Singer, Town
from choir_app.demo import drawings, money, texts
from choir_app.foundation import clock, pictures
from choir_app.foundation.database import db, remember
from choir_app.foundation.pictures import PictureFile
from choir_app.foundation.tally import DayCount
from choir_app.news import actions as news
from choir_app.news.models import Post, Tip
from choir_app.partners import actions as partners
from choir_app.partners.models import Partner
from choir_app.rehearsals import actions as rehearsals
from choir_app.rehearsals.models import Attendance, Rehearsal, Series, StudyAssociation
from choir_app.rehearsals.rules import SentAct

SEED = 20191011
PASSWORD = "sjung-med-oss"  # noqa: S105 - the demo's, told to everybody who starts it # nosec B105
WEEKS_BEHIND = 50
WEEKS_ALL_LOGGED = 4
"""The weeks that make up the average on the start page; Boden's last evening alone is not written down."""
READ_FOR_DAYS = 60
"""Days after a post came out in which somebody still opens it."""

FACT = "demo_network"

STAFF: tuple[tuple[str, str, str | None, str], ...] = (
    ("Karin Lövgren", "karin@example.org", "manager", "projektledare"),
    ("Eva Lindmark", "eva@example.org", "editor", "redaktör"),
    ("Astrid Ek", "astrid@example.org", "administrator", "administratör"),
)


def is_empty() -> bool:
    """Whether nobody has used this database yet."""
    return not db.session.scalar(
        select(exists().where(Account.id.is_not(None)) | exists().where(Town.id.is_not(None)))
    )


def load() -> None:
    """Fill an empty database with the demo network, as it would stand today."""
    _Network(meeting_on=last_friday(clock.today())).build()


def last_friday(today: date) -> date:
    """The Friday before today, on which the funding meeting was held."""
    return today - timedelta(days=(today.weekday() - 4) % 7 or 7)


def who_can_sign_in() -> str:
    """The people of the demo, for whoever starts it."""
    lines = [f"  {email:<28}{role}" for _name, email, role in _people()]
    return "Demo: sign in by a button on /logga-in, or with the password «{}» as\n{}\n".format(
        PASSWORD, "\n".join(lines)
    )


def _people() -> Iterator[tuple[str, str, str]]:
    for choir in texts.CHOIRS:
        yield choir.leader, _address_of(choir.leader), f"körledare i {choir.name}"
    for name, email, _role, words in STAFF:
        yield name, email, words
    yield MEMBER.name, "hodan@example.org", "sångare i Boden"


def _address_of(name: str) -> str:
    return f"{name.split()[0].lower()}@example.org"


@dataclass(frozen=True)
class _Member:
    first_name: str
    surname: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.surname}"


MEMBER = _Member("Hodan", "Warsame")


class _Network:
    """One building of the network; holds what the later steps need of the earlier ones."""

    def __init__(self, *, meeting_on: date) -> None:
        self.meeting_on = meeting_on
        self.first_on = meeting_on - timedelta(weeks=WEEKS_BEHIND)
        self.chance = Random(SEED)  # the same network on every machine, nothing secret # nosec B311
        self.phones = texts.phone_numbers()
        self.names = iter(texts.singer_names(320))
        self.password_hash = accounts.password_hash_of(PASSWORD)
        self.staff: dict[str, Account] = {}
        self.leaders: dict[str, Account] = {}
        self.towns: dict[str, Town] = {}
        self.choirs: dict[str, Choir] = {}
        self.partners: dict[str, Partner] = {}
        self.pictures: dict[str, Future[PictureFile]] = {}

    def build(self) -> None:
        """Everything, in the order in which it came about; the pictures are developed meanwhile."""
        with ThreadPoolExecutor(2) as darkroom:
            shelf: Path = current_app.config["DATA_FOLDER"]
            self.pictures = {
                told.key: darkroom.submit(pictures.take_in, drawings.drawing(told.drawing), data_folder=shelf)
                for told in texts.POSTS
            }
            self._tell()

    def _tell(self) -> None:
        with clock.set_to(self._evening(self.first_on)):
            self._people()
            self._places()
        self._evenings()
        self._member()
        self._tonight()
        self._said_beforehand()
        self._written_up_twice()
        self._good_things()
        self._study_list()
        self._partners()
        money.Money(
            meeting_on=self.meeting_on,
            first_on=self.first_on,
            choirs=self.choirs,
            towns=self.towns,
            partners=self.partners,
            manager=self.manager,
            evening=self._evening,
        ).tell()
        self._news()
        self._tip()
        self._readings()
        remember(FACT, self.meeting_on.isoformat())
        accounts.offer_in_demo(
            [
                (self.leaders["Boden"], "körledare i Boden"),
                (self.staff["manager"], "projektledare"),
                (self.staff["member"], "sångare i Boden"),
                (self.staff["editor"], "redaktör"),
                (self.leaders["Göteborg"], "körledare i Göteborg"),
                (self.staff["administrator"], "administratör"),
            ]
        )

    # --- people and places --------------------------------------------------------------------------------------

    def _people(self) -> None:
        for name, email, role, _words in STAFF:
            account = self._account(name, email)
            account.grants = {RoleGrant(role=role)}
            self.staff[role or ""] = account
        for choir in texts.CHOIRS:
            self.leaders[choir.name] = self._account(choir.leader, _address_of(choir.leader))
        self.staff["member"] = self._account(MEMBER.name, "hodan@example.org")
        db.session.flush()

    def _account(self, name: str, email: str) -> Account:
        account = Account(name=name, email=email, password_hash=self.password_hash)
        account.grants = set()
        db.session.add(account)
        return account

    def _places(self) -> None:
        for town in texts.TOWNS:
            self.towns[town.name] = choirs.found_town(
                town.name,
                county=town.county,
                latitude=town.latitude,
                longitude=town.longitude,
                by=self.manager,
            )
        for told in texts.CHOIRS:
            self._choir(told)

    def _choir(self, told: texts.ChoirText) -> None:
        choir = choirs.found_choir(
            told.name, town=self.towns[told.town], state="active", since=told.since, by=self.manager
        )
        db.session.flush()
        venue = choirs.open_venue(
            self.towns[told.town],
            name=told.venue.name,
            room=told.venue.room,
            street_address=told.venue.street_address,
            way_in=told.venue.way_in,
            has_coverage=told.venue.has_coverage,
            has_step_free_access=told.venue.has_step_free_access,
            by=self.manager,
        )
        db.session.flush()
        choirs.change_choir(
            choir,
            name=told.name,
            about=told.about,
            usual_venue=venue,
            contact_name=told.leader.split()[0],
            contact_phone=told.phone,
            contact_email=told.email,
            coffee_note=told.coffee_note,
            by=self.manager,
        )
        choirs.appoint_leader(choir, self.leaders[told.name], by=self.manager, since=told.since)
        db.session.flush()
        for place in range(told.regulars):
            self._singer(choir, place, since=told.since)
        self.choirs[told.name] = choir

    def _singer(self, choir: Choir, place: int, *, since: date) -> Singer:
        name = next(self.names)
        return choirs.add_singer(
            choir,
            first_name=name.first_name,
            surname=name.surname,
            phone=next(self.phones, None) if place % 5 == 0 else None,
            reads=name.reads,
            voice=choir.voices[(0, 1, 1, 0, 2, 3, 1, 0, 3, 2)[place % 10] % len(choir.voices)],
            state="regular",
            since=max(since, self.first_on),
            by=self.manager,
        )

    @property
    def manager(self) -> Account:
        """The project manager of the demo."""
        return self.staff["manager"]

    # --- when we sang, and who came -------------------------------------------------------------------------------

    def _evenings(self) -> None:
        for told in texts.CHOIRS:
            choir = self.choirs[told.name]
            series = self._series(choir, told)
            evenings = sorted(
                db.session.scalars(select(Rehearsal).where(Rehearsal.series_id == series.id)),
                key=lambda one: one.starts_at,
            )
            self._year(choir, [one for one in evenings if one.starts_at < clock.now()])
            self._coming(choir, [one for one in evenings if one.starts_at >= clock.now()])

    def _series(self, choir: Choir, told: texts.ChoirText) -> Series:
        began_on = max(self.first_on, choir.states[0].since)
        first_on = began_on + timedelta(days=(told.weekday - began_on.weekday()) % 7)
        with clock.set_to(self._evening(self.first_on)):
            series = rehearsals.begin_series(
                choir,
                weekday=told.weekday,
                hour=told.starts,
                minutes=told.minutes,
                first_on=first_on,
                venue=choir.usual_venue,
                by=self.manager,
            )
            db.session.flush()
            for name, began_on, ended_on in breaks_between(
                first_on, self.meeting_on + timedelta(days=3 * 366)
            ):
                rehearsals.add_break(series, first_on=began_on, last_on=ended_on, name=name, by=self.manager)
            db.session.flush()
        rehearsals.plan_ahead(series, until=clock.today() + timedelta(days=365), since=first_on)
        db.session.flush()
        return series

    def _year(self, choir: Choir, evenings: list[Rehearsal]) -> None:
        """Evening by evening: somebody is new, somebody stops, now and then the evening is called off or not logged."""
        leader = self.leaders[choir.name]
        singers = self._who_sings(choir)
        faithfulness = {singer.id: 0.7 + 0.29 * self.chance.random() for singer in singers}
        founders = list(singers)
        for number, evening in enumerate(evenings):
            is_recent = len(evenings) - number <= WEEKS_ALL_LOGGED
            fate = self.chance.random()
            with clock.set_to(evening.starts_at + timedelta(minutes=15)):
                if fate < 0.035 and not is_recent:
                    reason = texts.CANCELLATIONS[int(self.chance.random() * len(texts.CANCELLATIONS))]
                    with clock.set_to(evening.starts_at - timedelta(hours=5)):
                        rehearsals.cancel_rehearsal(evening, reason=reason, by=leader)
                    continue
                if (fate > 0.96 and not is_recent) or (choir.name == "Boden" and number == len(evenings) - 1):
                    continue
                if number % 7 == 3:
                    newcomer = self._singer_tonight(choir, evening)
                    singers.append(newcomer)
                    faithfulness[newcomer.id] = 0.55 + 0.4 * self.chance.random()
                if number % 9 == 5:
                    leaver = founders.pop(int(self.chance.random() * len(founders)))
                    singers.remove(leaver)
                    self._leaves(choir, leaver, evening)
                mood = 0.94 + 0.12 * self.chance.random()
                here = [
                    one.id for one in singers if self.chance.random() < faithfulness[one.id] * mood + 0.06
                ]
                self._roll(evening, here, by=leader)
            db.session.flush()

    def _roll(self, evening: Rehearsal, here: list[UUID], *, by: Account) -> None:
        """Who came, how many guests, and done: the acts of one phone, sent at once."""
        told: list[dict[str, Any]] = [
            {"kind": "mark", "singer_id": singer_id, "status": "present"} for singer_id in here
        ]
        told.append({"kind": "guests", "number": 3 + int(self.chance.random() * 7)})
        told.append({"kind": "done"})
        acts = [
            SentAct(
                id=uuid5(evening.id, f"{act['kind']} {act.get('singer_id', '')}"),
                rehearsal_id=evening.id,
                at=clock.now(),
                **act,
            )
            for act in told
        ]
        rehearsals.receive(acts, sent_at=clock.now(), by=by)

    def _who_sings(self, choir: Choir) -> list[Singer]:
        members = singers_known.members_on(choir, self.meeting_on)
        known = {singer.id: singer for singer in db.session.scalars(select(Singer))}
        return [known[member.singer_id] for member in members]

    def _singer_tonight(self, choir: Choir, evening: Rehearsal) -> Singer:
        name = next(self.names)
        leader = self.leaders[choir.name]
        singer = choirs.add_singer(
            choir,
            first_name=name.first_name,
            surname=name.surname,
            reads=name.reads,
            voice=choir.voices[int(self.chance.random() * len(choir.voices))],
            state="trying",
            since=evening.sung_on,
            by=leader,
        )
        db.session.flush()
        settled_on = evening.sung_on + timedelta(weeks=4)
        if settled_on < clock.local(self._evening(self.meeting_on)).date():
            choirs.change_membership(singer, choir, "regular", settled_on, by=leader)
        return singer

    def _leaves(self, choir: Choir, singer: Singer, evening: Rehearsal) -> None:
        state = "paused" if self.chance.random() < 0.3 else "left"
        choirs.change_membership(singer, choir, state, evening.sung_on, by=self.leaders[choir.name])

    def _coming(self, choir: Choir, evenings: list[Rehearsal]) -> None:
        """One of the coming evenings is called off and one is moved."""
        leader = self.leaders[choir.name]
        if choir.name == "Göteborg" and len(evenings) > 2:
            rehearsals.cancel_rehearsal(evenings[1], reason=texts.CANCELLATIONS[1], by=leader)
        if choir.name == "Norrköping" and len(evenings) > 3:
            park = choirs.open_venue(
                choir.town,
                name="Stadsdelsparken",
                street_address="Exempelstigen 2",
                way_in="Vi står vid scenen. Ta med en filt.",
                has_step_free_access=True,
                by=leader,
            )
            db.session.flush()
            rehearsals.move_rehearsal(
                evenings[2],
                starts_at=evenings[2].starts_at,
                minutes=evenings[2].minutes,
                venue=park,
                by=leader,
            )

    def _member(self) -> None:
        """Hodan in Boden has an account; she is the first of the altos."""
        boden = self.choirs["Boden"]
        singer = self._who_sings(boden)[4]
        choirs.change_singer(
            singer,
            first_name=MEMBER.first_name,
            surname=MEMBER.surname,
            reads="so",
            phone=singer.phone,
            by=self.leaders["Boden"],
        )
        choirs.link_account(singer, self.staff["member"], by=self.manager)

    def _tonight(self) -> None:
        """There is singing in Boden on the day the demo is made, so that a roll can be taken at once."""
        boden, today = self.choirs["Boden"], clock.today()
        sings = select(Rehearsal).where(Rehearsal.choir_id == boden.id, Rehearsal.sung_on == today)
        if db.session.scalars(sings).first() is None:
            rehearsals.add_rehearsal(
                boden,
                starts_at=clock.from_local(today, time(18)),
                minutes=120,
                venue=boden.usual_venue,
                note="Extra kväll",
                by=self.leaders["Boden"],
            )

    def _said_beforehand(self) -> None:
        """Most of Boden say nothing, some say that they come tonight, three that they cannot, and one is away."""
        boden, leader = self.choirs["Boden"], self.leaders["Boden"]
        tonight = db.session.scalars(
            select(Rehearsal)
            .where(Rehearsal.choir_id == boden.id, Rehearsal.sung_on == clock.today())
            .order_by(Rehearsal.starts_at)
        ).first()
        singers = [one for one in self._who_sings(boden) if one.account is None]
        if tonight is None or tonight.is_cancelled:
            return
        with clock.set_to(tonight.starts_at - timedelta(hours=6)):
            for place, singer in enumerate(singers[:17]):
                rehearsals.say(tonight, singer, is_coming=place % 6 != 2, by=leader)
            away_until = tonight.sung_on + timedelta(weeks=3)
            rehearsals.be_away(singers[17], first_on=tonight.sung_on, last_on=away_until, by=leader)

    def _written_up_twice(self) -> None:
        """Somebody in Boden was written up as a newcomer one evening although she sings there since long.

        It is somebody who was not marked that evening: so the two are one person who was there.
        """
        boden = self.choirs["Boden"]
        evening = self._last_logged(boden)
        here = set(
            db.session.scalars(
                select(Attendance.singer_id).where(
                    Attendance.rehearsal_id == evening.id, Attendance.is_present
                )
            )
        )
        known = next(one for one in self._who_sings(boden) if one.id not in here and one.account is None)
        with clock.set_to(evening.starts_at + timedelta(minutes=20)):
            rehearsals.welcome_newcomer(
                evening,
                first_name=known.first_name,
                receipt=uuid5(evening.id, "once more"),
                by=self.leaders["Boden"],
            )
        db.session.flush()

    def _good_things(self) -> None:
        """What happened because of a choir, told at the end of an evening."""
        for number, told in enumerate(texts.OUTCOMES):
            evening = self._last_logged(self.choirs[told.choir])
            with clock.set_to(evening.ends_at):
                rehearsals.tell_outcome(
                    evening,
                    outcome=told.outcome,
                    words=told.words,
                    may_be_told=told.may_be_told,
                    receipt=uuid5(evening.id, f"good {number}"),
                    by=self.leaders[told.choir],
                )

    def _last_logged(self, choir: Choir) -> Rehearsal:
        return db.session.scalars(
            select(Rehearsal)
            .where(Rehearsal.choir_id == choir.id, Rehearsal.done_at.is_not(None))
            .order_by(Rehearsal.starts_at.desc())
            .limit(1)
        ).one()

    def _study_list(self) -> None:
        """Boden's evenings of this half-year stand on a list for a study association."""
        rehearsals.keep_first_study_rules()
        today = clock.today()
        is_spring = today.month <= 6
        boden, leader = self.choirs["Boden"], self.leaders["Boden"]
        rehearsals.begin_study_list(
            boden,
            association=db.session.scalars(
                select(StudyAssociation).where(StudyAssociation.name == texts.STUDY_ASSOCIATION)
            ).one(),
            form="other",
            title="Sång i kör",
            first_on=date(today.year, 1, 1) if is_spring else date(today.year, 7, 1),
            last_on=date(today.year, 6, 30) if is_spring else date(today.year, 12, 31),
            leader_name=leader.name,
            material="Egna sångblad och noter",
            break_minutes=15,
            by=leader,
        )

    # --- partners and money ---------------------------------------------------------------------------------------

    def _partners(self) -> None:
        for told in texts.PARTNERS:
            with clock.set_to(self._evening(self.first_on)):
                partner = partners.add_partner(
                    told.name,
                    kind=told.kind,
                    towns=[self.towns[name] for name in told.towns],
                    about=told.about,
                    is_thanked=told.is_thanked,
                    by=self.manager,
                )
                db.session.flush()
                for person in told.contacts:
                    partners.add_contact(
                        partner,
                        person=person.person,
                        role=person.role,
                        phone=person.phone,
                        email=person.email,
                        by=self.manager,
                    )
            for touch in told.touches:
                happened_on = self.meeting_on + timedelta(days=touch.days)
                with clock.set_to(self._evening(happened_on)):
                    partners.log_touchpoint(
                        partner, kind=touch.kind, note=touch.note, happened_on=happened_on, by=self.manager
                    )
            if told.next_step:
                partners.plan_next_step(
                    partner,
                    what=told.next_step,
                    due_on=max(self.meeting_on + timedelta(days=told.next_step_days), clock.today()),
                    owner=self.manager,
                    by=self.manager,
                )
            db.session.flush()
            self.partners[told.name] = partner

    # --- news -------------------------------------------------------------------------------------------------------

    def _news(self) -> None:
        editor = self.staff["editor"]
        for told in texts.POSTS:
            written_on = self.meeting_on + timedelta(days=told.days if told.days is not None else 1)
            moment = min(clock.from_local(written_on, told.starts), clock.now())
            with clock.set_to(moment):
                picture = self.pictures[told.key].result()
                news.say_nobody(news.keep_picture(picture, by_id=editor.id), by=editor)
                post = news.write(
                    news.Words(
                        headline=told.headline,
                        lead=told.lead,
                        body=told.body,
                        byline_name=told.byline_name,
                        byline_role=told.byline_role,
                        choirs=[self.choirs[name] for name in told.choirs],
                        picture=picture,
                        picture_alt=told.picture_alt,
                        picture_caption=told.picture_caption,
                        towns=[self.towns[name] for name in told.towns],
                        tags=told.tags,
                        partners=[(self.partners[name].id, name) for name in told.partners],
                        met_on=written_on if told.meeting else None,
                        met_about=told.meeting,
                    ),
                    by=editor,
                )
                db.session.flush()
                for version in told.versions:
                    self._news_in(version, post)
                if told.days is not None:
                    news.publish(post, by=editor)
            db.session.flush()

    def _news_in(self, told: texts.VersionText, post: Post) -> None:
        """A post in another language, read through and shown."""
        editor, picture = self.staff["editor"], post.swedish
        if told.language == "ar":
            news.turn_on_languages(["ar"], by=editor)
        version = news.write_version(
            post,
            told.language,
            news.Text(
                headline=told.headline,
                lead=told.lead,
                body=told.body,
                picture=PictureFile(
                    picture.picture_name or "", picture.picture_width or 0, picture.picture_height or 0
                ),
                picture_alt=told.picture_alt,
                picture_caption=told.picture_caption,
            ),
            seen_revision=0,
            made_from=1,
            by=editor,
        )
        news.show_version(version, by=editor)

    def _tip(self) -> None:
        """A reader has seen something good yesterday; no editor has dealt with it."""
        came_at = clock.now() - timedelta(days=1)
        db.session.add(Tip(came_at=came_at, what=texts.TIP, where=texts.TIP_WHERE))

    def _readings(self) -> None:
        """Every version that readers see was opened now and then since it came out, most in its first days."""
        posts = db.session.scalars(
            select(Post).where(Post.published_at.is_not(None)).order_by(Post.published_at)
        )
        for post in posts:
            out_on = clock.local(post.published_at or clock.now()).date()
            for version in sorted(post.versions, key=lambda one: one.language):
                for day in range(min((clock.today() - out_on).days + 1, READ_FOR_DAYS)):
                    often = int(self.chance.random() * (4 + 40 // (day + 1)))
                    if often and version.shown_at:
                        row = {"kind": "article", "about": str(post.id), "language": version.language}
                        db.session.add(DayCount(day=out_on + timedelta(days=day), count=often, **row))

    def _evening(self, day: date) -> datetime:
        return clock.from_local(day, time(17))


def breaks_between(first: date, last: date) -> Iterator[tuple[str, date, date]]:
    """The breaks of every choir year by the calendar, in whole weeks: Christmas, and the summer from midsummer."""
    for year in range(first.year - 1, last.year + 1):
        for name, begins_about, ends_about in (
            ("Jullov", date(year, 12, 22), date(year + 1, 1, 8)),
            ("Sommarpaus", date(year, 6, 23), date(year, 8, 19)),
        ):
            began_on = begins_about - timedelta(days=begins_about.weekday())
            ended_on = ends_about + timedelta(days=6 - ends_about.weekday())
            if began_on <= last and ended_on >= first:
                yield name, max(began_on, first), ended_on
