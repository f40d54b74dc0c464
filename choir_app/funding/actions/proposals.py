"""What can be done with proposals: written, sent, taken back and answered; and the packages that they begin from.

A proposal that is sent stays as it was sent: its words and figures are kept in `letter` and never made again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir
from choir_app.foundation import audit, clock, mail
from choir_app.foundation.caretaker import THE_HOUSE
from choir_app.foundation.database import db
from choir_app.foundation.language import _, full_day, in_swedish
from choir_app.foundation.refusal import Refusal, require
from choir_app.foundation.text import folded
from choir_app.funding.actions.asks import add_opportunity, change_opportunity, move
from choir_app.funding.actions.rows import one_at_a_time, sent_before
from choir_app.funding.models import (
    Opportunity,
    Package,
    Proposal,
    ProposalAnswer,
    ProposalChoir,
    ProposalPart,
)
from choir_app.funding.permissions import may_answer_proposal, may_change_funding
from choir_app.funding.queries import proposals
from choir_app.funding.rules.proposals import (
    ANSWER_KINDS,
    LONGEST_OPEN,
    MOST_CALLS,
    MOST_PARTS,
    PACKAGE_KINDS,
    PICKS,
    SIZES,
)
from choir_app.partners import actions as partners
from choir_app.partners.models import Contact, Partner
from choir_app.partners.queries import open_step_of, possible_owners

LONGEST_STEP = 200
LONGEST_REASON = 400
"""Signs of a next step and of a lost reason, which come from what a partner wrote."""
DAYS_TO_AN_AGREEMENT = timedelta(days=7)
"""After a yes, until the agreement should be on paper."""


# --- packages ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PackageWords:
    """What a package says. The sum in öre."""

    name: str
    ore: int
    months: int
    what: str
    thanks: str | None


def set_up_packages(
    kind: str, packages: Mapping[str, PackageWords | None], *, seen: str | None = None, by: Any
) -> dict[str, Package]:
    """Say what partners of a kind are offered, by size; a size with nothing is not offered any more.

    `seen` names what stood there when the form was opened; what somebody has set up since is not overwritten unseen.
    """
    require(may_change_funding(by))
    if kind not in PACKAGE_KINDS or not set(packages) <= set(SIZES):
        raise Refusal(_("Välj vilken sorts partner det är."))
    for size, said in packages.items():
        if said is not None and said.ore <= 0:
            raise Refusal(_("Skriv vad paketet kostar, i kronor."), field=f"{size}_sum")
    one_at_a_time(f"packages {kind}")
    known = proposals.packages_of(kind)
    if seen not in (None, proposals.packages_seen(kind)) and any(
        said != _words_of(known.get(size)) for size, said in packages.items()
    ):
        raise Refusal(
            _("Någon ändrade paketen medan du skrev. Titta på båda och spara en gång till."), field="seen"
        )
    for size, said in packages.items():
        one = known.get(size)
        if said is None:
            if one is not None:
                audit.note("package.removed", one, by=by, before=audit.state(one))
                db.session.delete(one)
            continue
        before = audit.state(one) if one else None
        one = one or Package(id=uuid4(), partner_kind=kind, size=size)
        if said == _words_of(one):
            continue
        one.name, one.ore, one.months, one.what, one.thanks = (
            said.name,
            said.ore,
            said.months,
            said.what,
            said.thanks,
        )
        one.changed_at = clock.now()
        db.session.add(one)
        db.session.flush()
        audit.note("package.changed", one, by=by, before=before, after=audit.state(one))
    db.session.flush()
    return proposals.packages_of(kind)


def _words_of(one: Package | None) -> PackageWords | None:
    return PackageWords(one.name, one.ore, one.months, one.what, one.thanks) if one else None


# --- drafts --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PartWords:
    """One thing to say yes to. The sum in öre."""

    name: str
    ore: int
    what: str


@dataclass(frozen=True)
class ProposalWords:
    """What a proposal is made of, as it is typed."""

    title: str
    intro: str
    first_on: date
    last_on: date
    choirs: Sequence[Choir]
    parts: Sequence[PartWords]
    pick: str = "one"
    owner: Account | None = None
    contact: Contact | None = None
    opportunity: Opportunity | None = None
    on_yes: str | None = None
    on_no: str | None = None
    thanks: str | None = None


def draft_proposal(
    partner: Partner, words: ProposalWords, *, by: Any, receipt: UUID | None = None
) -> Proposal:
    """Begin a proposal to a partner. The same receipt sent again is the same proposal."""
    require(may_change_funding(by))
    if already := sent_before(Proposal, receipt, by=by):
        return already
    _refuse_words(partner, words)
    one = Proposal(id=receipt or uuid4(), partner_id=partner.id, version=1)
    one.choirs, one.parts = [], []
    _write(one, words)
    db.session.add(one)
    db.session.flush()
    audit.note("proposal.added", one, by=by, after=_state(one))
    db.session.refresh(one)
    return one


def change_draft(one: Proposal, words: ProposalWords, *, seen_version: int, by: Any) -> Proposal:
    """Write a draft in other words, unless somebody else has changed it since it was opened."""
    require(may_change_funding(by))
    _wait_for(one)
    _refuse_sent(one)
    if seen_version != one.version:
        raise Refusal(
            _("Någon annan har ändrat förslaget sedan du öppnade det. Titta på det igen innan du sparar.")
        )
    _refuse_words(one.partner, words)
    before = _state(one)
    _write(one, words)
    one.version += 1
    db.session.flush()
    audit.note("proposal.changed", one, by=by, before=before, after=_state(one))
    db.session.refresh(one)
    return one


def remove_draft(one: Proposal, *, by: Any) -> Proposal:
    """Throw a draft away; what was sent stays."""
    require(may_change_funding(by))
    _wait_for(one)
    _refuse_sent(one)
    audit.note("proposal.removed", one, by=by, before=_state(one))
    db.session.delete(one)
    db.session.flush()
    return one


def copy_proposal(one: Proposal, *, by: Any, receipt: UUID | None = None) -> Proposal:
    """A new draft with the words of this one, since what is sent is not changed."""
    words = ProposalWords(
        title=one.title,
        intro=one.intro,
        first_on=one.first_on,
        last_on=one.last_on,
        choirs=[row.choir for row in one.choirs],
        parts=[PartWords(part.name, part.ore, part.what) for part in one.parts],
        pick=one.pick,
        owner=one.owner,
        contact=one.contact,
        opportunity=one.opportunity if one.opportunity and one.opportunity.is_open else None,
        on_yes=one.on_yes,
        on_no=one.on_no,
        thanks=one.thanks,
    )
    return draft_proposal(one.partner, words, by=by, receipt=receipt)


# --- sending -------------------------------------------------------------------------------------------------


def send_proposal(
    one: Proposal,
    *,
    answer_by: date,
    seen_version: int,
    by: Any,
    mail_to: str | None = None,
    call_on: date | None = None,
) -> Proposal:
    """Freeze a proposal as it reads today and open its link until a day; the ask on the board is then applied for.

    It is written down in the partner's log, with a call planned for `call_on` when that is said. With `mail_to` the
    link goes there by letter, else somebody hands it over. Sent twice it has the effect of once.
    """
    require(may_change_funding(by))
    _wait_for(one)
    if one.is_sent:
        return one
    if seen_version != one.version:
        raise Refusal(_("Någon har ändrat förslaget sedan du läste det. Läs det igen innan du skickar."))
    _refuse_day(answer_by)
    if one.last_on < clock.today():
        raise Refusal(_("Perioden har redan varit. Ändra den innan du skickar."))
    if call_on is not None and call_on < clock.today():
        raise Refusal(_("Välj en dag från och med i dag."), field="call_on")
    letter = proposals.drafted_letter(one, clock.today())
    one.sent_at, one.letter = clock.now(), proposals.frozen(letter)
    _open_link(one, answer_by, uuid4())
    one.version += 1
    db.session.flush()
    _ask_for(one, letter, by=by)
    with in_swedish():
        note = _(
            "Vi skickade förslaget «%(title)s». Svar senast %(day)s.",
            title=one.title,
            day=full_day(answer_by),
        )
        next_step = (_("Ring om förslaget"), call_on) if call_on else None
        _log(one, note, contact=one.contact, next_step=next_step, by=by)
        if mail_to:
            _post(one, letter, mail_to)
    audit.note("proposal.sent", one, by=by, after=_state(one))
    db.session.flush()
    return one


def take_back_proposal(one: Proposal, *, by: Any) -> Proposal:
    """Let the link open nothing any more. What was answered stays answered."""
    require(may_change_funding(by))
    _wait_for(one)
    if not one.is_sent:
        raise Refusal(_("Förslaget är inte skickat än."))
    if one.revoked_at is None:
        one.revoked_at = clock.now()
        audit.note("proposal.taken_back", one, by=by)
        db.session.flush()
    return one


def open_proposal_again(one: Proposal, *, answer_by: date, by: Any, link_id: UUID | None = None) -> Proposal:
    """Make a new link to what was sent, until another day; the one before opens nothing any more.

    A page that made `link_id` itself may send it again: it stays one link.
    """
    require(may_change_funding(by))
    _wait_for(one)
    if not one.is_sent:
        raise Refusal(_("Förslaget är inte skickat än."))
    if link_id is not None and one.link_id == link_id and one.revoked_at is None:
        return one
    _refuse_day(answer_by)
    _open_link(one, answer_by, link_id or uuid4())
    audit.note("proposal.opened_again", one, by=by)
    db.session.flush()
    return one


# --- answering -----------------------------------------------------------------------------------------------


def answer_proposal(
    one: Proposal,
    *,
    kind: str,
    person: str,
    by: Any,
    parts: Sequence[int] = (),
    phone: str | None = None,
    words: str | None = None,
    receipt: UUID | None = None,
) -> ProposalAnswer:
    """Take down what a partner answers: yes to some parts, no, or that we should call.

    Yes makes the ask on the board a pledge, no ends it, and a call becomes the next step at the partner. Whoever
    stands under the proposal is told by letter. The sum is that of the letter as it was sent, whatever is sent now.
    """
    require(may_answer_proposal(by, one))
    _wait_for(one)
    require(may_answer_proposal(by, one))  # it may have been taken back while we waited
    if receipt and (already := db.session.get(ProposalAnswer, receipt)) and already.proposal_id == one.id:
        return already
    if not one.is_sent:
        raise Refusal(_("Förslaget är inte skickat än."))
    letter = proposals.letter_of(one)
    _refuse_answer(one, kind, person)
    numbers = _chosen(letter, parts) if kind == "yes" else ()
    answer = ProposalAnswer(
        id=uuid4(),
        proposal_id=one.id,
        number=len(one.answers) + 1,
        kind=kind,
        parts=" ".join(str(number) for number in numbers),
        ore=sum(part.ore for part in letter.chosen(numbers)),
        person=person,
        phone=phone or None,
        words=words or None,
        answered_at=clock.now(),
        noted_by_id=by.id,
    )
    if receipt and db.session.get(ProposalAnswer, receipt) is None:
        answer.id = receipt
    db.session.add(answer)
    db.session.flush()
    db.session.refresh(one, ["answers"])
    audit.note("proposal.answered", one, by=by, after={"kind": kind, "ore": answer.ore})
    hand = by if by.id else THE_HOUSE
    with in_swedish():
        _log_answer(one, letter, answer, by=hand)
        _move_ask(one, letter, answer, by=hand)
        _tell_owner(one, letter, answer)
    return answer


# --- what a proposal may say ---------------------------------------------------------------------------------


def _refuse_words(partner: Partner, words: ProposalWords) -> None:
    if words.last_on < words.first_on:
        raise Refusal(_("Slutdatumet ligger före startdatumet. Ändra ett av dem."), field="last_on")
    if words.last_on < clock.today():
        raise Refusal(_("Välj en period som inte redan har varit."), field="last_on")
    if not words.choirs:
        raise Refusal(_("Välj minst en kör."), field="choirs")
    if not words.parts:
        raise Refusal(_("Skriv vad partnern kan säga ja till, och vad det kostar."), field="part1_name")
    if len(words.parts) > MOST_PARTS:
        raise Refusal(_("Ett förslag har högst %(number)s delar.", number=MOST_PARTS))
    for number, part in enumerate(words.parts, start=1):
        if part.ore <= 0:
            raise Refusal(_("Skriv hur mycket det kostar, i kronor."), field=f"part{number}_sum")
    if words.pick not in PICKS:
        raise Refusal(_("Välj vad partnern kan säga ja till."), field="pick")
    if words.contact is not None and words.contact.partner_id != partner.id:
        raise Refusal(_("Välj någon som arbetar hos %(partner)s.", partner=partner.name), field="contact")
    if words.opportunity is not None and words.opportunity.partner_id != partner.id:
        raise Refusal(_("Välj ett kort som gäller %(partner)s.", partner=partner.name), field="opportunity")


def _write(one: Proposal, words: ProposalWords) -> None:
    one.title, one.intro = words.title, words.intro
    one.first_on, one.last_on, one.pick = words.first_on, words.last_on, words.pick
    one.on_yes, one.on_no, one.thanks = words.on_yes or None, words.on_no or None, words.thanks or None
    one.owner_id = words.owner.id if words.owner else None
    one.contact_id = words.contact.id if words.contact else None
    one.opportunity_id = words.opportunity.id if words.opportunity else None
    wanted = {choir.id for choir in words.choirs}
    one.choirs = [row for row in one.choirs if row.choir_id in wanted]
    known = {row.choir_id for row in one.choirs}
    one.choirs += [ProposalChoir(choir_id=choir_id) for choir_id in sorted(wanted - known)]
    for number, part in enumerate(words.parts, start=1):
        row = next((row for row in one.parts if row.number == number), None)
        if row is None:
            row = ProposalPart(number=number)
            one.parts.append(row)
        row.name, row.ore, row.what = part.name, part.ore, part.what
    one.parts = one.parts[: len(words.parts)]


def _state(one: Proposal) -> dict[str, Any]:
    """What the log keeps of a proposal: the sums of its parts too."""
    return audit.state(one) | {"parts": [part.ore for part in one.parts]}


def _wait_for(one: Proposal) -> None:
    """Let everybody else finish with the proposal first; it is read anew."""
    db.session.flush()
    found = select(Proposal.id).where(Proposal.id == one.id).with_for_update(key_share=True)
    db.session.execute(found).one()  # a draft may be thrown away meanwhile
    db.session.refresh(one)


def _refuse_sent(one: Proposal) -> None:
    if one.is_sent:
        raise Refusal(_("Förslaget är skickat och ändras inte mer. Gör en kopia i stället."))


def _refuse_day(answer_by: date) -> None:
    if answer_by < clock.today():
        raise Refusal(_("Välj en dag från och med i dag."), field="answer_by")
    if answer_by > clock.today() + LONGEST_OPEN:
        raise Refusal(_("Välj en dag inom ett halvår."), field="answer_by")


# --- sending: pieces -----------------------------------------------------------------------------------------


def _open_link(one: Proposal, answer_by: date, link_id: UUID) -> None:
    one.link_id, one.answer_by, one.revoked_at = link_id, answer_by, None
    one.link_digest = proposals.digest_of_proposal_secret(proposals.proposal_secret_of(link_id))


def _post(one: Proposal, letter: proposals.Letter, mail_to: str) -> None:
    secret = proposals.shown_proposal_secret(one)
    mail.write(
        mail_to,
        subject=letter.title,
        body=_(
            "Hej!\n\n"
            "Här är ett förslag från oss till %(partner)s:\n\n%(url)s\n\n"
            "Ni kan läsa det och svara på sidan till och med %(day)s. Ni behöver inte logga in.\n\n"
            "Hälsningar\n%(sender)s",
            partner=letter.partner,
            url=mail.address_of(f"/forslag/{secret}"),
            day=full_day(one.answer_by or clock.today()),
            sender="\n".join(filter(None, (letter.sender, letter.sender_phone, letter.sender_email))),
        ),
    )


def _ask_for(one: Proposal, letter: proposals.Letter, *, by: Any) -> None:
    """See to it that the board says what is asked for: in an ask of its own, or in the one that it is about."""
    words = {
        "ask_ore": letter.asked_ore,
        "usable_from": letter.first_on,
        "usable_to": letter.last_on,
        "decision_on": one.answer_by,
        "allocation": "choirs",
        "choirs": [row.choir for row in one.choirs],
    }
    if one.opportunity is None:
        one.opportunity = add_opportunity(
            one.partner, name=one.title, contact=one.contact, owner=one.owner, by=by, **words
        )
        db.session.flush()
    else:
        _describe(one.opportunity, by=by, contact=one.contact or one.opportunity.contact, **words)
    if one.opportunity.stage in ("idea", "talking"):
        move(one.opportunity, "applied", by=by, note=_("Förslaget skickades."))


def _describe(ask: Opportunity, *, by: Any, **words: Any) -> None:
    """Write other sums, days and choirs on an ask; the rest stays as it was."""
    kept = {
        "name": ask.name,
        "why": ask.why,
        "programme": ask.programme,
        "payout_lag_days": ask.payout_lag_days,
        "contact": ask.contact,
        "owner": ask.owner,
    }
    if ask.stage != "agreed":
        change_opportunity(ask, version=ask.version, by=by, **{**kept, **words})


# --- answering: pieces ---------------------------------------------------------------------------------------


def _refuse_answer(one: Proposal, kind: str, person: str) -> None:
    if kind not in ANSWER_KINDS:
        raise Refusal(_("Välj ett svar."), field="kind")
    if not person.strip():
        raise Refusal(_("Skriv ditt namn, så vet vi vem som svarade."), field="person")
    if one.settled_by is not None:
        raise Refusal(_("Ni har redan svarat. Ring oss om något har ändrats."))
    if kind == "call" and sum(answer.kind == "call" for answer in one.answers) >= MOST_CALLS:
        raise Refusal(_("Vi vet att ni vill att vi ringer. Vi hör av oss."))


def _chosen(letter: proposals.Letter, parts: Sequence[int]) -> tuple[int, ...]:
    """The parts that were said yes to; of a proposal with one part that one."""
    known = {part.number for part in letter.parts}
    chosen = tuple(sorted(known if len(known) == 1 else set(parts)))
    if not chosen or not set(chosen) <= known:
        raise Refusal(_("Välj vad ni säger ja till."), field="parts")
    if letter.pick == "one" and len(chosen) > 1:
        raise Refusal(_("Välj en av delarna."), field="parts")
    return chosen


def _log_answer(one: Proposal, letter: proposals.Letter, answer: ProposalAnswer, *, by: Any) -> None:
    """Write the answer in the partner's log, and what comes next."""
    said = proposals.answer_sentence_of(answer, letter)
    note = _("Svar på förslaget «%(title)s»: %(said)s", title=letter.title, said=said)
    if answer.words:
        note = f"{note}\n«{answer.words}»"
    contact = one.contact if one.contact and folded(one.contact.person) == folded(answer.person) else None
    planned = open_step_of(one.partner)
    if answer.kind == "no" and planned is not None:
        rest = _besides_the_call(planned.what)
        if not rest:
            partners.finish_next_step(planned, kind="mail", note=note, contact=contact, by=by)
            return
        if rest != planned.what:
            partners.move_next_step(planned, what=rest, due_on=planned.due_on, owner=planned.owner, by=by)
    next_step = None
    if answer.kind == "yes":
        next_step = _("Skriv avtalet"), clock.today() + DAYS_TO_AN_AGREEMENT
    if answer.kind == "call":
        whom = ", ".join(filter(None, (answer.person, answer.phone)))
        next_step = _("Ring %(whom)s om förslaget", whom=whom), clock.today()
    _log(one, note, contact=contact, next_step=next_step, by=by)


def _besides_the_call(planned: str) -> str:
    """What is planned with the partner apart from the call about the proposal, which an answer makes needless."""
    call = _("Ring om förslaget")
    if planned == call:
        return ""
    return planned.removeprefix(_("%(first)s. Sedan: %(then)s", first=call, then=""))


def _log(
    one: Proposal, note: str, *, contact: Contact | None, next_step: tuple[str, date] | None, by: Any
) -> None:
    """Write in the partner's log. What was planned with them for another reason is kept, after what comes now."""
    what, due_on = next_step or (None, None)
    planned = open_step_of(one.partner)
    if planned is not None and what and due_on and (then := _besides_the_call(planned.what)):
        both = _("%(first)s. Sedan: %(then)s", first=what, then=then)
        partners.move_next_step(
            planned,
            what=both[:LONGEST_STEP],
            due_on=min(due_on, planned.due_on),
            owner=planned.owner or one.owner,
            by=by,
        )
        what, due_on = None, None
    partners.log_touchpoint(
        one.partner,
        kind="mail",
        note=note,
        contact=contact,
        next_what=what[:LONGEST_STEP] if what else None,
        next_due_on=due_on,
        next_owner=one.owner,
        by=by,
    )


def _move_ask(one: Proposal, letter: proposals.Letter, answer: ProposalAnswer, *, by: Any) -> None:
    """A yes is a pledge of just that sum, a no ends the ask; an agreement that is signed already stays."""
    ask = one.opportunity
    if ask is None or ask.stage == "agreed" or answer.kind == "call":
        return
    if answer.kind == "no":
        if ask.is_open:
            reason = answer.words or _("De svarade nej på förslaget.")
            move(ask, "declined", lost_reason=reason[:LONGEST_REASON], by=by)
        return
    said_yes = _(
        "%(person)s svarade ja på förslaget %(day)s.", person=answer.person, day=full_day(answer.answered_at)
    )
    if ask.stage == "pledged":
        _describe(
            ask,
            by=by,
            ask_ore=answer.ore,
            usable_from=letter.first_on,
            usable_to=letter.last_on,
            decision_on=ask.decision_on,
            allocation="choirs",
            choirs=[row.choir for row in one.choirs],
        )
        return
    move(
        ask,
        "pledged",
        ask_ore=answer.ore,
        usable_from=letter.first_on,
        usable_to=letter.last_on,
        said_yes=said_yes,
        by=by,
    )


def _tell_owner(one: Proposal, letter: proposals.Letter, answer: ProposalAnswer) -> None:
    """Let whoever stands under the proposal know by letter; when that person is gone, all who could."""
    told = [one.owner] if one.owner and one.owner.is_active else list(possible_owners())
    subjects = {
        "yes": _("%(partner)s har svarat ja", partner=letter.partner),
        "no": _("%(partner)s har svarat nej", partner=letter.partner),
        "call": _("%(partner)s vill att du ringer", partner=letter.partner),
    }
    for account in told:
        if account.id != answer.noted_by_id:
            mail.write(
                account.email,
                subject=subjects[answer.kind],
                body=_(
                    "Hej!\n\n%(said)s\n%(words)s\nSe hela svaret: %(url)s",
                    said=proposals.answer_sentence_of(answer, letter),
                    words="".join(
                        f"{line}\n" for line in (answer.phone, answer.words and f"«{answer.words}»") if line
                    ),
                    url=mail.address_of(f"/finansiering/forslag/{one.id}"),
                ),
            )
