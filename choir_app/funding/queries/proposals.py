"""Proposals: what they say in words and figures, whom their links open to, and how each one stands."""

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Select, false, select
from sqlalchemy.orm import joinedload, lazyload

from choir_app.choirs.models import Choir
from choir_app.foundation import clock, keyed
from choir_app.foundation.database import db
from choir_app.foundation.language import _, full_day, in_swedish, kronor, listed, ngettext, number
from choir_app.foundation.qr import QrCode
from choir_app.funding import rules
from choir_app.funding.models import Opportunity, Package, Proposal, ProposalAnswer
from choir_app.funding.permissions import may_see_funding
from choir_app.funding.queries.facts import Facts, facts
from choir_app.funding.queries.forecast import ChoirOutlook, Forecast, counted
from choir_app.funding.queries.sentences import choir_sentence, whole_kronor
from choir_app.funding.queries.writings import seen_as
from choir_app.funding.rules.proposals import (
    PACKAGE_KINDS,
    SIZES,
    asked_ore,
    mean_told,
    people_told,
    rehearsals_paid,
)
from choir_app.partners.models import Partner
from choir_app.rehearsals import queries as rehearsals
from choir_app.rehearsals.models import Cancellation, Rehearsal

SUPPLY = "proposal"
"""The id of the money that is asked for, among the supplies."""
MOST_CHOIRS_TOLD = 3
MONTHS_OF_FIGURES = 12
HELPED = ("housing", "job", "internship")

State = Literal["draft", "waiting", "yes", "no", "over", "taken_back"]


# --- the letter: what a partner reads ---------------------------------------------------------------------------


@dataclass(frozen=True)
class LetterPart:
    """One thing to say yes to. The sum in öre; `pays` and `then` are empty where nothing is known."""

    number: int
    name: str
    ore: int
    what: str
    pays: str
    then: str


@dataclass(frozen=True)
class Figure:
    """One figure about the choirs, as words."""

    value: str
    label: str


@dataclass(frozen=True)
class Letter:
    """All that a proposal says, as it was on the day it was sent: nothing in it is ever reckoned again.

    To whom it was written is not in it, so that a person at a partner can be forgotten.
    """

    title: str
    partner: str
    intro: str
    choirs: tuple[str, ...]
    first_on: date
    last_on: date
    pick: str
    parts: tuple[LetterPart, ...]
    together: LetterPart | None
    """All parts at once, where more than one can be chosen; its number is 0."""
    on_yes: str | None
    on_no: tuple[str, ...]
    thanks: str | None
    figures: tuple[Figure, ...]
    figures_since: date
    written_on: date
    """The day of all its figures."""
    method: tuple[str, ...]
    sender: str
    sender_email: str | None
    sender_phone: str | None

    @property
    def asked_ore(self) -> int:
        """What is counted as asked for, in öre."""
        return asked_ore([part.ore for part in self.parts], self.pick)

    @property
    def paragraphs(self) -> list[str]:
        """The words at the beginning, one paragraph each."""
        return [line.strip() for line in self.intro.splitlines() if line.strip()]

    def chosen(self, numbers: Collection[int]) -> tuple[LetterPart, ...]:
        """The parts of these numbers."""
        return tuple(part for part in self.parts if part.number in numbers)


def letter_of(proposal: Proposal) -> Letter:
    """What the partner reads: as it was sent, or as it would be sent now."""
    return _letter_from(proposal.letter) if proposal.letter else drafted_letter(proposal, clock.today())


def drafted_letter(proposal: Proposal, as_of: date) -> Letter:
    """The proposal with all its figures as of a day, in Swedish, since partners read it."""
    with in_swedish():
        return _drafted(proposal, as_of)


def frozen(letter: Letter) -> dict[str, Any]:
    """The letter as it is kept for ever."""
    said = asdict(letter) | {name: getattr(letter, name).isoformat() for name in _DAYS}
    return dict(json.loads(json.dumps(said)))  # as it comes out of the database again


def lead_of(letter: Letter) -> str:
    """What is asked for, in a sentence: the answer that the page begins with."""
    sums = sorted(part.ore for part in letter.parts)
    whom = ngettext(
        "kören i %(towns)s", "körerna i %(towns)s", len(letter.choirs), towns=listed(letter.choirs)
    )
    period = _("%(first)s till %(last)s", first=full_day(letter.first_on), last=full_day(letter.last_on))
    if letter.pick == "one" and len(sums) > 1:
        return _(
            "Vi frågar om stöd till %(choirs)s, från %(least)s till %(most)s. Det gäller %(period)s.",
            choirs=whom,
            least=kronor(sums[0]),
            most=kronor(sums[-1]),
            period=period,
        )
    return _(
        "Vi frågar om %(sum)s till %(choirs)s, för %(period)s.",
        sum=kronor(sum(sums)),
        choirs=whom,
        period=period,
    )


def yes_lines(letter: Letter) -> list[tuple[str, str]]:
    """How far the money reaches after a yes: for all together, for the only part, or for each one by name."""
    if letter.together:
        return [("", letter.together.then)] if letter.together.then else []
    if len(letter.parts) == 1:
        return [("", part.then) for part in letter.parts if part.then]
    told = [(part.name, part.then) for part in letter.parts if part.then]
    if len(told) == len(letter.parts) and len({then for _name, then in told}) == 1:
        return [("", told[0][1])]
    return told


def _letter_from(said: dict[str, Any]) -> Letter:
    days = {name: date.fromisoformat(said[name]) for name in _DAYS}
    lists = {name: tuple(said[name]) for name in ("choirs", "on_no", "method")}
    parts = tuple(LetterPart(**part) for part in said["parts"])
    together = LetterPart(**said["together"]) if said["together"] else None
    figures = tuple(Figure(**figure) for figure in said["figures"])
    more = {"parts": parts, "together": together, "figures": figures}
    return Letter(**{**said, **days, **lists, **more})


_DAYS = ("first_on", "last_on", "figures_since", "written_on")


def _drafted(proposal: Proposal, as_of: date) -> Letter:
    choirs = sorted((row.choir for row in proposal.choirs), key=lambda choir: choir.name)
    known = facts(as_of)
    now = counted(known)
    ids = [choir.id for choir in choirs]
    since = rules.months_after(as_of, -MONTHS_OF_FIGURES) + timedelta(days=1)
    figures, mean = _figures(choirs, since, as_of)
    price = _price(known, ids, proposal.first_on, proposal.last_on)
    on_no = _on_no(now, ids, known, proposal.last_on)
    method = [_("Pengarna räknas dag för dag, med de avtal som är påskrivna i dag.")] if on_no else []
    if price:
        each = whole_kronor(price[0] // price[1])
        method.append(_("En repetition kostar %(sum)s i allt, med det som körerna delar på.", sum=each))
        if mean:
            method.append(_("En personkväll är en person som sjunger en kväll."))

    def part(number: int, name: str, ore: int, what: str) -> LetterPart:
        then = _then(known, now, ids, proposal, ore)
        return LetterPart(number, name, ore, what, _pays(ore, price, mean), then)

    parts = tuple(part(one.number, one.name, one.ore, one.what) for one in proposal.parts)
    is_more = proposal.pick == "several" and len(parts) > 1
    return Letter(
        title=proposal.title,
        partner=proposal.partner.name,
        intro=proposal.intro,
        choirs=tuple(choir.name for choir in choirs),
        first_on=proposal.first_on,
        last_on=proposal.last_on,
        pick=proposal.pick,
        parts=parts,
        together=part(0, _("Allt"), sum(one.ore for one in parts), "") if is_more else None,
        on_yes=proposal.on_yes,
        on_no=(*on_no, *([proposal.on_no] if proposal.on_no else [])),
        thanks=proposal.thanks,
        figures=figures,
        figures_since=since,
        written_on=as_of,
        method=tuple(method),
        sender=proposal.owner.name if proposal.owner else "",
        sender_email=proposal.owner.email if proposal.owner else None,
        sender_phone=proposal.owner.phone if proposal.owner else None,
    )


def _price(known: Facts, choirs: Collection[UUID], first: date, last: date) -> tuple[int, int] | None:
    """What the choirs cost in the period in öre, and in how many rehearsals; None where either is not known."""
    if any(choir in known.without_cost or choir in known.without_dates for choir in choirs):
        return None
    cost = sum(row.ore for row in known.demands if row.choir in choirs and first <= row.on <= last)
    evenings = sum(first <= day <= last for choir in choirs for day in known.rehearsals.get(choir, ()))
    return (cost, evenings) if cost and evenings else None


def _pays(ore: int, price: tuple[int, int] | None, mean: int | None) -> str:
    if price is None:
        return ""
    evenings = rehearsals_paid(ore, cost_ore=price[0], rehearsals=price[1])
    if not evenings:
        return ""
    told = ngettext("Motsvarar %(num)s hel repetition", "Motsvarar %(num)s hela repetitioner", evenings)
    if mean is None:
        return told
    return _("%(rehearsals)s, cirka %(count)s personkvällar", rehearsals=told, count=number(evenings * mean))


def _then(known: Facts, now: Forecast, choirs: Collection[UUID], proposal: Proposal, ore: int) -> str:
    """How far the money reaches when this sum comes; empty where no date moves."""
    money = rules.Supply(SUPPLY, ore, proposal.first_on, proposal.last_on, frozenset(choirs))
    then = counted(replace(known, supplies=(*known.supplies, money)))
    before = {choir.id: choir for choir in now.choirs}
    moved = [
        choir
        for choir in then.choirs
        if choir.id in choirs and not choir.financed.missing and _date(choir) != _date(before[choir.id])
    ]
    return " ".join(choir_sentence(choir) for choir in moved[:MOST_CHOIRS_TOLD])


def _date(choir: ChoirOutlook) -> tuple[object, ...]:
    return choir.financed.first_unpaid_on, choir.financed.beyond


def _on_no(now: Forecast, choirs: Collection[UUID], known: Facts, last: date) -> list[str]:
    """Until when each choir is paid without this money, and how many rehearsals of the period are not."""
    asked = [choir for choir in now.choirs if choir.id in choirs and not choir.financed.missing]
    told = [choir_sentence(choir) for choir in asked[:MOST_CHOIRS_TOLD]]
    unpaid = sum(
        choir.financed.first_unpaid_on <= day <= last
        for choir in asked
        if choir.financed.first_unpaid_on
        for day in known.rehearsals.get(choir.id, ())
    )
    if unpaid:
        told.append(
            ngettext(
                "Sedan är %(num)s repetition till och med %(day)s utan pengar.",
                "Sedan är %(num)s repetitioner till och med %(day)s utan pengar.",
                unpaid,
                day=full_day(last),
            )
        )
    return told


# --- figures about the choirs ---------------------------------------------------------------------------


def _figures(choirs: Sequence[Choir], since: date, to: date) -> tuple[tuple[Figure, ...], int | None]:
    """What the year came to, and how many come on average to one rehearsal.

    A choir to whose rehearsals fewer than five come is left out altogether, so that it cannot be reckoned from the
    sums of the others. People are told in fives, downwards.
    """
    by_choir = {
        choir.id: rehearsals.turnout([choir.id], first_on=since, last_on=to, kinds=("rehearsal",))
        for choir in choirs
    }
    means = {
        choir_id: mean
        for choir_id, one in by_choir.items()
        if (mean := mean_told(one.heads, one.logged)) is not None
    }
    told = list(means)
    if not told:
        return (), None
    held = sum(by_choir[choir_id].held for choir_id in told)
    heads = sum(by_choir[choir_id].heads for choir_id in told)
    logged = sum(by_choir[choir_id].logged for choir_id in told)
    label = _("personer på en repetition i snitt") if len(told) == 1 else _("personer i veckan i snitt")
    figures = [Figure(number(sum(means.values())), label)]
    figures.append(Figure(number(held), ngettext("repetition", "repetitioner", held)))
    people = rehearsals.turnout(told, first_on=since, last_on=to, kinds=("rehearsal",)).different_people
    if (count := people_told(people)) is not None:
        figures.append(Figure(_("minst %(count)s", count=number(count)), _("olika sångare")))
    if (count := people_told(_helped(told, since, to))) is not None:
        figures.append(
            Figure(_("minst %(count)s", count=number(count)), _("bostäder, jobb och praktikplatser"))
        )
    return tuple(figures), mean_told(heads, logged)


def _helped(choirs: Collection[UUID], since: date, to: date) -> int:
    """How often a home, a job or a traineeship came of it, of what those it is about agreed to have told."""
    evenings = db.session.scalars(
        select(Rehearsal.id)
        .outerjoin(Cancellation, Cancellation.rehearsal_id == Rehearsal.id)
        .where(
            Rehearsal.choir_id.in_(choirs),
            Rehearsal.sung_on.between(since, to),
            Cancellation.rehearsal_id.is_(None),
        )
    ).all()
    told = rehearsals.outcomes_at(evenings).values()
    return sum(one.may_be_told and one.outcome in HELPED for happened in told for one in happened)


# --- what there is ---------------------------------------------------------------------------


def visible_proposals(viewer: Any) -> Select[Proposal]:
    """The proposals that this person may read about from the inside."""
    everyone = select(Proposal)
    return everyone if may_see_funding(viewer) else everyone.where(false())


def proposal(proposal_id: UUID, *, viewer: Any) -> Proposal:
    """One proposal; raises NoResultFound."""
    return db.session.scalars(visible_proposals(viewer).where(Proposal.id == proposal_id)).one()


@dataclass(frozen=True)
class ProposalRow:
    """One line in the list of proposals. The sum in öre: what was said yes to, else what is asked for."""

    id: UUID
    title: str
    partner: str
    partner_slug: str
    state: State
    ore: int
    sent_at: datetime | None
    answer_by: date | None
    answered_at: datetime | None
    wants_a_call: bool


def proposal_rows(*, viewer: Any) -> list[ProposalRow]:
    """Every proposal, the newest first."""
    found = db.session.scalars(
        visible_proposals(viewer)
        .options(lazyload(Proposal.choirs), lazyload(Proposal.partner, Partner.in_towns))
        .order_by(Proposal.created_at.desc(), Proposal.id)
    )
    return [_row(one) for one in found]


def _row(one: Proposal) -> ProposalRow:
    answer = one.settled_by
    sums = [part.ore for part in one.parts]
    return ProposalRow(
        id=one.id,
        title=one.title,
        partner=one.partner.name,
        partner_slug=one.partner.slug,
        state=state_of(one),
        ore=answer.ore if answer and answer.kind == "yes" else asked_ore(sums, one.pick),
        sent_at=one.sent_at,
        answer_by=one.answer_by,
        answered_at=answer.answered_at if answer else None,
        wants_a_call=answer is None and bool(one.answers),
    )


def state_of(one: Proposal) -> State:
    """How a proposal stands."""
    if not one.is_sent:
        return "draft"
    if (answer := one.settled_by) is not None:
        return "yes" if answer.kind == "yes" else "no"
    if one.revoked_at is not None:
        return "taken_back"
    return "waiting" if one.is_open_to_read else "over"


def answers_with_words(one: Proposal) -> list[tuple[ProposalAnswer, str]]:
    """The answers to a proposal, the newest first, each with its sentence."""
    letter = letter_of(one)
    return [(answer, answer_sentence_of(answer, letter)) for answer in reversed(one.answers)]


def answer_sentence_of(answer: ProposalAnswer, letter: Letter) -> str:
    """What was answered, in a sentence."""
    match answer.kind:
        case "yes":
            names = listed(part.name for part in letter.chosen(answer.part_numbers))
            return _(
                "%(person)s sa ja till %(parts)s, %(sum)s.",
                person=answer.person,
                parts=names,
                sum=kronor(answer.ore),
            )
        case "no":
            return _("%(person)s sa nej.", person=answer.person)
        case _:
            return _("%(person)s vill att ni ringer.", person=answer.person)


def asks_of(partner: Partner) -> Sequence[Opportunity]:
    """The open asks to a partner, which a proposal can be about; the newest first."""
    return db.session.scalars(
        select(Opportunity)
        .options(lazyload(Opportunity.partner))
        .where(Opportunity.partner_id == partner.id, Opportunity.stage.in_(rules.OPEN_STAGES))
        .order_by(Opportunity.created_at.desc(), Opportunity.id)
    ).all()


def ask_with_id(opportunity_id: UUID) -> Opportunity | None:
    """The ask that a proposal is begun from, if it is still open."""
    return db.session.scalar(
        select(Opportunity)
        .options(joinedload(Opportunity.contact))
        .where(Opportunity.id == opportunity_id, Opportunity.stage.in_(rules.OPEN_STAGES))
    )


# --- packages ---------------------------------------------------------------------------


def packages_of(kind: str) -> dict[str, Package]:
    """The packages for partners of a kind by size, the smallest first; those that are not set up are not in it."""
    found = {one.size: one for one in db.session.scalars(select(Package).where(Package.partner_kind == kind))}
    return {size: found[size] for size in SIZES if size in found}


def packages_seen(kind: str) -> str:
    """A short name of the packages as they stand, to know whether somebody has changed them since."""
    return seen_as(
        *(
            (one.size, one.name, one.ore, one.months, one.what, one.thanks)
            for one in packages_of(kind).values()
        )
    )


def all_packages() -> dict[str, dict[str, Package]]:
    """The packages of every kind of partner that has any use for them. One statement."""
    found = {(one.partner_kind, one.size): one for one in db.session.scalars(select(Package))}
    return {
        kind: {size: found[kind, size] for size in SIZES if (kind, size) in found} for kind in PACKAGE_KINDS
    }


# --- links ---------------------------------------------------------------------------


def proposal_secret_of(link_id: UUID) -> str:
    """The secret of a link, made from the house's key: whoever reads the database cannot make it."""
    return keyed.secret("proposal link", link_id.bytes)


def digest_of_proposal_secret(secret: str) -> bytes:
    """What is kept of a secret."""
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()


def shown_proposal_secret(one: Proposal) -> str | None:
    """The secret of a proposal's link, to show to those who sent it; none when it opens nothing any more."""
    if not one.is_open_to_read or one.link_id is None or one.link_digest is None:
        return None
    secret = proposal_secret_of(one.link_id)
    return secret if compare_digest(digest_of_proposal_secret(secret), one.link_digest) else None


def proposal_behind(secret: str) -> Proposal | None:
    """The proposal that a link opens now; none for one that is unknown, over or taken back, which all look alike."""
    found = db.session.scalar(
        select(Proposal).where(Proposal.link_digest == digest_of_proposal_secret(secret))
    )
    return found if found is not None and found.is_open_to_read else None


# --- on paper ---------------------------------------------------------------------------


def paper_of_proposal(
    letter: Letter,
    *,
    contact: str | None,
    network: str,
    answer_by: date | None,
    url: str | None,
    code: QrCode | None,
) -> dict[str, Any]:
    """What the page for paper is filled with, in Swedish like the letter itself."""
    with in_swedish():
        return {
            "network": network,
            "title": letter.title,
            "partner": letter.partner,
            "contact": contact,
            "written": full_day(letter.written_on),
            "paragraphs": letter.paragraphs,
            "figures": [asdict(figure) for figure in letter.figures],
            "figures-heading": ngettext("Kören i siffror", "Körerna i siffror", len(letter.choirs)),
            "figures-since": full_day(letter.figures_since),
            "pick-one": letter.pick == "one" and len(letter.parts) > 1,
            "parts": [
                {
                    "name": part.name,
                    "sum": kronor(part.ore),
                    "what": part.what,
                    "pays": part.pays,
                    "then": part.then,
                }
                for part in (*letter.parts, *([letter.together] if letter.together else []))
            ],
            "lead": lead_of(letter),
            "on-yes": letter.on_yes,
            "yes": [{"name": name, "line": line} for name, line in yes_lines(letter)],
            "on-no": list(letter.on_no),
            "thanks": letter.thanks,
            "method": list(letter.method),
            "sender": letter.sender,
            "reach": list(filter(None, (letter.sender_phone, letter.sender_email))),
            "answer-by": full_day(answer_by) if answer_by and url else None,
            "url": url,
            "code": {"size": code.size, "path": code.path} if code else None,
        }
