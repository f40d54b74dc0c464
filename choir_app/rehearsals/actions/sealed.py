"""Taking in what phones sealed: acts that could not be sent before somebody signed out, credited to who made them.

Nobody has to be signed in to bring them: the ticket inside says whose they are. The rules of docs/decisions/0011 hold.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from choir_app.accounts import queries as accounts
from choir_app.accounts.models import Account
from choir_app.foundation import clock
from choir_app.foundation.language import _
from choir_app.foundation.refusal import Refusal
from choir_app.foundation.seal import CannotOpen, Ticket, seals
from choir_app.rehearsals import queries
from choir_app.rehearsals.actions.roll import receive
from choir_app.rehearsals.models import Rehearsal
from choir_app.rehearsals.permissions import may_have_taken_roll, may_take_roll
from choir_app.rehearsals.rules import (
    MOST_ACTS,
    MOST_HANDED_OVER,
    Answer,
    envelope_id,
    envelopes_in,
    read_act,
    read_envelope,
)

SLOWEST_WAY = timedelta(minutes=10)
"""What was done so shortly after a sign-in was ended still counts as done before it: clocks and networks differ."""
MOST_AHEAD = timedelta(days=3660)
"""How far from ours a phone's clock is believed to be."""


@dataclass(frozen=True)
class Delivery:
    """What became of one envelope: taken, refused for good, or to be brought again later.

    `taken` and `refused` count the acts in it; a refused act is kept where the leader sees it.
    """

    id: str | None
    outcome: str
    reason: str | None = None
    taken: int = 0
    refused: int = 0


def take_in_sealed(raw: Sequence[object], *, sent_at: datetime | None) -> list[Delivery]:
    """Open envelopes and take in the acts of each, in the name of whoever made them.

    `sent_at` is the clock of the device that made them when it brings them itself; None when another one does, and
    what the envelope says of its maker's clock is all that is known. The same envelope any number of times has the
    effect of once.
    """
    return [_take_in(one, sent_at=sent_at) for one in raw]


def take_in_text(pasted: str) -> list[Delivery]:
    """Take in the envelopes of a text that another phone showed; raises Refusal when it holds none."""
    envelopes = envelopes_in(pasted)
    if not envelopes:
        raise Refusal(
            _("Det finns inga markeringar i texten. Kopiera hela texten, från kor1 till slutet."),
            field="text",
        )
    if len(envelopes) > MOST_HANDED_OVER:
        raise Refusal(_("Det är för mycket på en gång. Klistra in hälften först."), field="text")
    return take_in_sealed(envelopes, sent_at=None)


def _take_in(raw: object, *, sent_at: datetime | None) -> Delivery:
    claimed = envelope_id(raw)
    envelope = read_envelope(raw)
    if envelope is None:
        return _damaged(claimed)
    seal = seals().with_id(envelope.key_id)
    if seal is None:
        return Delivery(claimed, "later", _("Vi kan inte öppna det än. Det ligger kvar i telefonen."))
    try:
        said = seal.open(key=envelope.key, iv=envelope.iv, data=envelope.data, about=envelope.about)
        acts = _acts_in(said)
    except CannotOpen:
        return _damaged(claimed)
    ticket = seal.read_ticket(said.get("ticket"))
    maker = _maker(ticket) if ticket else None
    if ticket is None or maker is None:
        return Delivery(claimed, "refused", _("Vi kan inte se vem som gjorde markeringarna."))
    answers = _received(acts, ticket, maker, sent_at=sent_at or _clock_of_maker(said))
    refused = sum(answer.outcome == "refused" for answer in answers)
    return Delivery(claimed, "taken", taken=len(answers) - refused, refused=refused)


def _clock_of_maker(said: dict[str, Any]) -> datetime:
    """What the clock of the phone that sealed these acts shows now, as far as it told how much it is ahead of ours.

    It knew from the day's ticket, which says our time. A phone whose clock is right, or an old one, tells nothing.
    """
    ahead = said.get("clock_ahead")
    if type(ahead) is not int or abs(ahead) > MOST_AHEAD.total_seconds():
        ahead = 0
    return clock.now() + timedelta(seconds=ahead)


def _damaged(claimed: str | None) -> Delivery:
    return Delivery(claimed, "refused", _("Det är skadat på vägen och går inte att öppna."))


def _acts_in(said: dict[str, Any]) -> list[object]:
    acts = said.get("acts")
    if not isinstance(acts, list) or len(acts) > MOST_ACTS:
        raise CannotOpen
    return acts


@dataclass(frozen=True)
class _Maker:
    """Who made the acts, as `receive` takes it: an account, or a substitute by link whose loan may have ended."""

    by: Any
    is_shut_out: bool
    """Whether the account is closed, or the loan was taken back."""


def _maker(ticket: Ticket) -> _Maker | None:
    if ticket.loan_id:
        loan = queries.loan_with_id(ticket.loan_id)
        return _Maker(loan.substitute, is_shut_out=loan.revoked_at is not None) if loan else None
    account = accounts.account_if_any(ticket.account_id) if ticket.account_id else None
    return _Maker(account, is_shut_out=not account.is_active) if account else None


def _received(acts: Iterable[object], ticket: Ticket, maker: _Maker, *, sent_at: datetime) -> list[Answer]:
    """The answers to the acts. Of somebody who is shut out, or after half a year, all are kept as refused.

    What a substitute marked while the loan held comes in when its evening is over, like what was not sealed. A
    ticket vouches for what was done while its sign-in held: whoever took a phone, or a ticket from one, marks
    nothing with it once the password is new or that device was signed out.
    """
    ended_at = accounts.ended_at(ticket.sign_in_id) if ticket.sign_in_id else None
    may, might, no_right = may_take_roll, may_have_taken_roll, None
    if maker.is_shut_out or ticket.is_old:
        may, might = _nobody, _never
    elif ended_at is not None:
        may, might = _nobody, _until(ended_at + SLOWEST_WAY)
        no_right = _("Telefonen var utloggad när det här markerades. Markera det igen.")
    return receive(
        [read_act(one) for one in acts],
        sent_at=sent_at,
        by=maker.by,
        device_id=ticket.device_id,
        may=may,
        might=might,
        no_right=no_right,
    )


def _until(last: datetime) -> Callable[[Any, Rehearsal, datetime], bool]:
    def might(by: Any, rehearsal: Rehearsal, moment: datetime) -> bool:
        had_right = may_take_roll(by, rehearsal) or may_have_taken_roll(by, rehearsal, moment)
        return moment <= last and had_right

    return might


def _nobody(_by: Any, _rehearsal: Rehearsal) -> bool:
    return False


def _never(_by: Any, _rehearsal: Rehearsal, _moment: datetime) -> bool:
    return False


def ticket_for(taker: Any, *, device_id: str | None) -> dict[str, str]:
    """What a phone needs to seal what it cannot send: the house's public key, and a ticket for whoever uses it."""
    seal = seals().newest
    sign_in = accounts.present_sign_in(taker) if isinstance(taker, Account) else None
    ticket = seal.ticket(
        account_id=taker.id,
        loan_id=getattr(taker, "loan_id", None),
        device_id=device_id,
        sign_in_id=sign_in.id if sign_in else None,
    )
    return {
        "key_id": seal.key_id,
        "public_key": seal.public_key,
        "ticket": ticket,
        "given_at": clock.now().isoformat(),
    }
