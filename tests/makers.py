"""Sound things for tests, each made by one plain function that takes only what the test is about."""

from datetime import date, datetime, time, timedelta
from functools import cache
from hashlib import sha256
from itertools import count
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from choir_app.accounts.actions import password_hash_of
from choir_app.accounts.models import Account, RoleGrant
from choir_app.choirs.actions import merge_singers
from choir_app.choirs.models import (
    DEFAULT_VOICES,
    Choir,
    ChoirState,
    Leadership,
    Membership,
    Singer,
    SingerMerge,
    Town,
    Venue,
    Voice,
)
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.foundation.text import folded, slug_of, sort_key
from choir_app.funding.models import (
    Agreement,
    AllocationChoir,
    AllocationTown,
    BankBalance,
    CostLine,
    Opportunity,
    OpportunityChoir,
    OpportunityTown,
    Programme,
    ProgrammeTown,
    StageMove,
)
from choir_app.news.models import (
    ExplainedWord,
    KeptPicture,
    PersonInPicture,
    Post,
    PostAuthor,
    PostCorrection,
    PostPreview,
    PostRevision,
    PostVersion,
    Tag,
    Tip,
)
from choir_app.news.rules import stem_of
from choir_app.partners.models import Contact, NextStep, Partner, PartnerTown
from choir_app.rehearsals.actions import keep_first_study_rules, make_reply_link
from choir_app.rehearsals.models import (
    Act,
    Arrival,
    Attendance,
    Away,
    Loan,
    RefusedAct,
    Rehearsal,
    Reply,
    Series,
    StudyAssociation,
    StudyList,
)
from choir_app.rehearsals.queries import shown_reply_secret

LONG_AGO = date(2020, 1, 7)
PLACES = {
    "Boden": (65.83, 21.69, "Norrbottens län"),
    "Östersund": (63.18, 14.64, "Jämtlands län"),
    "Norrköping": (58.59, 16.18, "Östergötlands län"),
    "Linköping": (58.41, 15.62, "Östergötlands län"),
    "Göteborg": (57.71, 11.97, "Västra Götalands län"),
}

_number = count(1)


# --- people who sign in ------------------------------------------------------------------------------------


def an_account(name: str = "Samira Khalaf", *roles: str, **more: Any) -> Account:
    """Somebody who can sign in; the roles are editor, manager, administrator."""
    email = more.pop("email", f"{slug_of(name)}.{next(_number)}@example.org")
    account = Account(id=uuid4(), name=name, email=email, **more)
    account.grants = {RoleGrant(role=role) for role in roles}
    return _kept(account)


PASSWORD = "tre glada grytor"


@cache
def _hash_of_password() -> str:
    return password_hash_of(PASSWORD)


def with_password(account: Account) -> Account:
    """The same person, who has chosen PASSWORD and can sign in with it."""
    account.password_hash = _hash_of_password()
    db.session.flush()
    return account


def a_manager(name: str = "Jonas Berg") -> Account:
    """Somebody who works with all choirs, partners and money."""
    return an_account(name, "manager")


def an_administrator(name: str = "Astrid Ek") -> Account:
    """Somebody who looks after accounts, roles and settings."""
    return an_account(name, "administrator")


def an_editor(name: str = "Karin Holm") -> Account:
    """Somebody who writes news for the whole network."""
    return an_account(name, "editor")


def a_leader(choir: Choir | None = None, name: str = "Elin Norberg") -> Account:
    """Somebody who leads a choir: the one given, else one of their own."""
    account = an_account(name)
    choir = choir or a_choir()
    choir.leaderships.append(Leadership(account=account, account_id=account.id, since=LONG_AGO))
    db.session.flush()
    Leadership.has_changed()
    return account


# --- where we sing and who sings -----------------------------------------------------------------------------


def a_town(name: str = "Boden") -> Town:
    """The town of that name, made when it is not there."""
    known = db.session.scalar(select(Town).where(Town.name == name))
    if known:
        return known
    latitude, longitude, county = PLACES.get(name, (60.0, 15.0, "Dalarnas län"))
    return _kept(
        Town(id=uuid4(), name=name, slug=slug_of(name), county=county, latitude=latitude, longitude=longitude)
    )


def a_venue(town: str = "Boden", **more: Any) -> Venue:
    """A room where one can sing."""
    given = {"name": "Folkets hus", "street_address": "Exempelgatan 1", **more}
    return _kept(Venue(id=uuid4(), town=a_town(town), **given))


def a_choir(*singers: str, town: str = "Boden", **more: Any) -> Choir:
    """A choir that sings since long, with the usual four voices and regular singers of these first names.

    `state` and `since` say another state; `voices` another list.
    """
    name = more.pop("name", None) or _free_name(town)
    voices = more.pop("voices", DEFAULT_VOICES)
    state = ChoirState(state=more.pop("state", "active"), since=more.pop("since", LONG_AGO))
    choir = Choir(id=uuid4(), town=a_town(town), name=name, slug=slug_of(name), states=[state], **more)
    choir.voices = [Voice(id=uuid4(), name=each, position=place) for place, each in enumerate(voices)]
    choir.leaderships = []
    _kept(choir)
    for first_name in singers:
        a_singer(first_name, choir=choir)
    return choir


def _free_name(town: str) -> str:
    taken = set(db.session.scalars(select(Choir.name)))
    return town if town not in taken else f"{town} {next(_number)}"


def a_singer(
    first_name: str = "Hodan",
    surname: str | None = None,
    *,
    choir: Choir | None = None,
    state: str = "regular",
    since: date = LONG_AGO,
    voice: str | None = None,
    **more: Any,
) -> Singer:
    """A singer, in the choir when one is given."""
    whole = f"{first_name} {surname or ''}".strip()
    singer = Singer(
        id=uuid4(),
        first_name=first_name,
        surname=surname,
        folded_name=folded(whole),
        sort_key=sort_key(whole),
        **more,
    )
    _kept(singer)
    if choir:
        a_membership(singer, choir, state=state, since=since, voice=voice)
    return singer


def a_membership(
    singer: Singer,
    choir: Choir,
    *,
    state: str = "regular",
    since: date = LONG_AGO,
    until: date | None = None,
    voice: str | None = None,
) -> Membership:
    """One period of a singer in a choir."""
    sung = next((each for each in choir.voices if each.name == voice), None)
    row = Membership(id=uuid4(), choir=choir, voice=sung, state=state, since=since, until=until)
    singer.memberships.append(row)
    db.session.flush()
    return row


def a_merge(duplicate: Singer, into: Singer) -> SingerMerge:
    """That somebody who was written up twice is one person; a manager has said so."""
    return merge_singers(duplicate, into=into, by=a_manager())


# --- when we sing and who came -------------------------------------------------------------------------------


def a_rehearsal(choir: Choir | None = None, starts_at: datetime | None = None, **more: Any) -> Rehearsal:
    """A rehearsal of two hours, beginning now when nothing else is said."""
    choir = choir or a_choir("Amina", "Bo")
    given = {"minutes": 120, "venue": None, "cancellation": None, "move": None, **more}
    return _kept(
        Rehearsal(id=uuid4(), choir=choir, choir_id=choir.id, starts_at=starts_at or clock.now(), **given)
    )


def a_logged_rehearsal(choir: Choir, starts_at: datetime, *present: Singer, guests: int = 0) -> Rehearsal:
    """A rehearsal that was written down: these singers came, and so many guests."""
    rehearsal = a_rehearsal(choir, starts_at)
    moment = rehearsal.starts_at
    for singer in present:
        act = Act(
            id=uuid4(),
            kind="mark",
            rehearsal_id=rehearsal.id,
            singer_id=singer.id,
            status="present",
            device_at=moment,
            acted_at=moment,
            received_at=moment,
            body_hash=b"",
        )
        _kept(act)
        _kept(
            Attendance(
                rehearsal_id=rehearsal.id,
                singer_id=singer.id,
                is_present=True,
                act_id=act.id,
                acted_at=moment,
            )
        )
    rehearsal.present_count = rehearsal.mark_count = len(present)
    rehearsal.guest_count = guests
    rehearsal.done_at = rehearsal.ends_at
    db.session.flush()
    return rehearsal


def a_loan(rehearsal: Rehearsal, to_name: str = "Nils") -> Loan:
    """The roll of the rehearsal, lent by a link until the next morning."""
    ends_at = clock.end_of(rehearsal.sung_on) + timedelta(hours=4)
    link = sha256(f"{next(_number)}".encode()).digest()
    return _kept(
        Loan(
            id=uuid4(),
            rehearsal=rehearsal,
            to_account=None,
            to_name=to_name,
            link_digest=link,
            ends_at=ends_at,
        )
    )


def a_refused_act(rehearsal: Rehearsal, **more: Any) -> RefusedAct:
    """An act that could not be taken in: guests of a rehearsal that was called off."""
    given = {
        "act_id": str(uuid4()),
        "body": '{"kind": "guests", "number": 4}',
        "body_hash": b"",
        "cause": "cancelled",
        "reason": "Repetitionen är inställd.",
        "rehearsal_id": rehearsal.id,
        "received_at": clock.now(),
        **more,
    }
    return _kept(RefusedAct(id=uuid4(), **given))


def an_arrival(rehearsal: Rehearsal, first_name: str = "Olena") -> Arrival:
    """Somebody without account who waits at the door of the rehearsal."""
    return _kept(Arrival(id=uuid4(), rehearsal=rehearsal, rehearsal_id=rehearsal.id, first_name=first_name))


def a_reply(rehearsal: Rehearsal, singer: Singer, *, is_coming: bool = False) -> Reply:
    """What a singer said beforehand of one gathering."""
    return _kept(Reply(rehearsal_id=rehearsal.id, singer_id=singer.id, is_coming=is_coming))


def days_away(singer: Singer, first_on: date, last_on: date) -> Away:
    """Days on which a singer said that they are away."""
    return _kept(Away(id=uuid4(), singer_id=singer.id, first_on=first_on, last_on=last_on))


def a_reply_link(singer: Singer) -> str:
    """The secret of a link by which a singer replies without signing in."""
    link = make_reply_link(singer, by=a_manager())
    return shown_reply_secret(link) or ""


def a_series(choir: Choir, first_on: date, **more: Any) -> Series:
    """A series on the weekday of its first day, two hours from six in the evening; nothing is planned from it."""
    given = {
        "weekday": first_on.weekday(),
        "starts_at_hour": time(18),
        "minutes": 120,
        "every_weeks": 1,
        **more,
    }
    return _kept(
        Series(id=uuid4(), choir=choir, choir_id=choir.id, first_on=first_on, venue=None, breaks=[], **given)
    )


def the_association(name: str = "ABF") -> StudyAssociation:
    """A study association of that name, with every rule that the house comes with."""
    keep_first_study_rules()
    return db.session.scalars(select(StudyAssociation).where(StudyAssociation.name == name)).one()


def a_study_list(choir: Choir, **more: Any) -> StudyList:
    """A circle of this spring with ABF."""
    given = {
        "form": "circle",
        "title": "Sång i kör",
        "first_on": date(2026, 1, 7),
        "last_on": date(2026, 6, 30),
        "leader_name": "Elin Norberg",
        "material": "Egna noter",
        "break_minutes": 0,
        **more,
    }
    given.setdefault("association", the_association())
    return _kept(StudyList(id=uuid4(), choir=choir, gatherings=[], handed_in=[], **given))


def _kept(thing: Any) -> Any:
    db.session.add(thing)
    db.session.flush()
    return thing


# --- partners and money ----------------------------------------------------------------------------------------


def a_partner(name: str = "Bodenbo", *towns: str, kind: str = "housing_company", **more: Any) -> Partner:
    """A partner; the towns by name, none for all of Sweden."""
    partner = Partner(
        id=uuid4(),
        name=name,
        slug=slug_of(name),
        folded_name=folded(name),
        sort_key=sort_key(name),
        kind=kind,
        **more,
    )
    partner.in_towns = [PartnerTown(town=a_town(town), town_id=a_town(town).id) for town in towns]
    return _kept(partner)


def a_programme(partner: Partner | None = None, name: str = "Projektstöd", **more: Any) -> Programme:
    """Something that a partner gives and that can be applied to, checked today; `towns` by name, none for all."""
    towns = [a_town(town) for town in more.pop("towns", ())]
    given = {"decision_lead_days": 60, "checked_on": clock.today(), **more}
    programme = Programme(
        id=uuid4(), partner=partner or a_partner(f"Partner {next(_number)}"), name=name, **given
    )
    programme.in_towns = [ProgrammeTown(town=town, town_id=town.id) for town in towns]
    return _kept(programme)


def a_contact(partner: Partner, person: str = "Anna Ek", **more: Any) -> Contact:
    """Somebody at a partner."""
    given = {"role": "hyreschef", "phone": "070-174 06 20", "email": "anna.ek@example.org", **more}
    return _kept(Contact(id=uuid4(), partner_id=partner.id, person=person, **given))


def a_next_step(partner: Partner, due_on: date, what: str = "Ring om avtalet", **more: Any) -> NextStep:
    """What is to be done next with a partner."""
    return _kept(NextStep(id=uuid4(), partner_id=partner.id, what=what, due_on=due_on, **more))


def an_agreement(
    ore: int,
    *choirs: Choir,
    partner: Partner | None = None,
    usable_from: date = LONG_AGO,
    usable_to: date | None = None,
    **more: Any,
) -> Agreement:
    """A signed agreement of so many öre, for these choirs or, without any, for all; `towns` for towns."""
    towns = more.pop("towns", ())
    allocation = "choirs" if choirs else "town" if towns else "all"
    given = {"name": "Stöd till kören", "signed_on": usable_from, **more}
    agreement = Agreement(
        id=uuid4(),
        partner=partner or a_partner(f"Partner {next(_number)}"),
        amount_ore=ore,
        usable_from=usable_from,
        usable_to=usable_to,
        allocation=allocation,
        **given,
    )
    agreement.choirs = [AllocationChoir(choir_id=choir.id) for choir in choirs]
    agreement.towns = [AllocationTown(town_id=town.id) for town in towns]
    return _kept(agreement)


def a_cost_line(choir: Choir | None, ore: int, driver: str = "per_rehearsal", **more: Any) -> CostLine:
    """What something costs each time, in öre; no choir for a shared cost."""
    given = {"category": "leader", "valid_from": LONG_AGO, **more}
    return _kept(CostLine(id=uuid4(), choir_id=choir.id if choir else None, driver=driver, ore=ore, **given))


def a_balance(ore: int, as_of: date) -> BankBalance:
    """What was in the bank when a day was over."""
    return _kept(BankBalance(id=uuid4(), as_of=as_of, ore=ore))


def an_opportunity(
    ore: int | None = 5_000_000,
    *choirs: Choir,
    partner: Partner | None = None,
    stages: tuple[str, ...] = ("applied",),
    moved_at: tuple[datetime, ...] = (),
    **more: Any,
) -> Opportunity:
    """An ask of so many öre, for these choirs or, without any, for all (`towns` for towns).

    It went through the stages a day apart, the last one now, or at these moments. One that ends as «agreed» needs
    its agreement.
    """
    towns = more.pop("towns", ())
    was_known = more.pop("was_known", False)
    moments = moved_at or tuple(
        clock.now() - timedelta(days=len(stages) - 1 - place) for place in range(len(stages))
    )
    given = {
        "name": "Kören i höst",
        "why": "De bor nära.",
        "decision_on": date(2026, 8, 1),
        "usable_from": date(2026, 9, 1),
        "usable_to": date(2026, 12, 31),
        **more,
    }
    one = Opportunity(
        id=uuid4(),
        partner=partner or a_partner(f"Partner {next(_number)}"),
        ask_ore=ore,
        stage=stages[-1],
        stage_since=moments[-1],
        created_at=moments[0],
        allocation="choirs" if choirs else "town" if towns else "all",
        **given,
    )
    one.choirs = [OpportunityChoir(choir_id=choir.id) for choir in choirs]
    one.towns = [OpportunityTown(town_id=town.id) for town in towns]
    _kept(one)
    for number, (stage, at) in enumerate(zip(stages, moments, strict=True), 1):
        before = stages[number - 2] if number > 1 else None
        _kept(
            StageMove(
                opportunity_id=one.id,
                number=number,
                at=at,
                from_stage=before,
                to_stage=stage,
                was_known_partner=was_known,
            )
        )
    return one


def a_post(headline: str = "En fest", **more: Any) -> Post:
    """A draft about nothing in particular, in Swedish, with a tag and an author."""
    post = Post(created_by_id=None, **more)
    tag = db.session.scalar(select(Tag).where(Tag.slug == "sommar")) or Tag(name="sommar", slug="sommar")
    post.tags = [tag]
    post.authors = [PostAuthor(place=0, name="Redaktör Ek", role=None, slug="redaktor-ek")]
    said = {"headline": headline, "lead": "Vi åt.", "body": "Gott."}
    version = PostVersion(language="sv", slug=slug_of(headline), revision_number=1, **said)
    version.revisions = [PostRevision(number=1, **said)]
    post.versions = [version]
    return _kept(post)


def an_easy_version(post: Post, headline: str = "Fest i kören") -> PostVersion:
    """The post in easy Swedish, shown."""
    said = {"headline": headline, "lead": "Vi åt mat.", "body": "Det var gott."}
    version = PostVersion(
        language="sv-simple",
        slug=slug_of(headline),
        revision_number=1,
        made_from=post.swedish.revision_number,
        shown_at=clock.now(),
        **said,
    )
    version.revisions = [PostRevision(number=1, **said)]
    post.versions.append(version)
    db.session.flush()
    return version


def a_kept_picture(name: str = "0" * 32) -> KeptPicture:
    """A picture that was taken in, without its files."""
    return _kept(KeptPicture(name=name, width=640, height=400))


def a_person_in_picture(picture_name: str, called: str = "Hodan Ek") -> PersonInPicture:
    """Somebody who agreed on paper to be shown in a picture that was taken in."""
    row = PersonInPicture(
        picture_name=picture_name, called=called, agreed_how="paper", agreed_on=clock.today()
    )
    return _kept(row)


def a_tip(what: str = "Grannarna sjunger på gården", **more: Any) -> Tip:
    """Something good that somebody outside told of."""
    return _kept(Tip(what=what, **more))


def an_explained_word(word: str = "körallians", meaning: str = "körer som hjälps åt") -> ExplainedWord:
    """A word that editors ask writers to explain."""
    return _kept(ExplainedWord(id=uuid4(), word=word, stem=stem_of(word), meaning=meaning))


def a_correction(post: Post, words: str = "Konserten är den 4 juni.") -> PostCorrection:
    """What readers of the Swedish text are told was put right."""
    return _kept(PostCorrection(id=uuid4(), post_id=post.id, language="sv", words=words))


def a_preview(post: Post) -> PostPreview:
    """A link to a post for somebody without an account."""
    return _kept(
        PostPreview(post_id=post.id, digest=uuid4().bytes * 2, ends_at=clock.now() + timedelta(days=7))
    )
