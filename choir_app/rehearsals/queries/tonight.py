"""The leader's evening: what there is tonight, what was left from last night, what is still to be written down."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from choir_app.foundation import clock
from choir_app.rehearsals.models import Rehearsal
from choir_app.rehearsals.queries.gatherings import (
    Gathering,
    NotLogged,
    next_rehearsals,
    not_logged,
    on_day,
    own_choir_ids,
)
from choir_app.rehearsals.queries.lending import rolls_lent_to
from choir_app.rehearsals.queries.replies import said_of_evenings
from choir_app.rehearsals.queries.roll import new_last_time

MORNING_ENDS_AT = 12
"""Until this hour the roll of last night is asked for before anything else."""

EVENING_BEGINS_AT = 16


@dataclass(frozen=True)
class EveningCard:
    """One gathering of today. `state` is coming, under_way, over, done or cancelled."""

    id: UUID
    choir: str
    choir_slug: str
    kind: str
    starts_at: datetime
    ends_at: datetime
    place: str
    note: str | None
    usual_venue: str | None
    state: str
    is_begun: bool
    """Whether somebody has begun to take its roll."""
    minutes_left: int
    """Until it begins; 0 when it has."""
    present_count: int
    in_room: int
    new_last_time: tuple[str, ...]
    cancelled_because: str | None
    is_lent: bool = False
    """Whether its roll is lent to the viewer for the day, who does not lead the choir."""
    coming_count: int = 0
    """How many singers said beforehand that they come."""
    not_coming_names: tuple[str, ...] = ()
    """First names of those who said beforehand that they cannot."""

    @property
    def is_evening(self) -> bool:
        """Whether it begins in the afternoon's last hours or later, so that one says «i kväll»."""
        return clock.local(self.starts_at).hour >= EVENING_BEGINS_AT


@dataclass(frozen=True)
class Tonight:
    """What a leader sees first."""

    cards: tuple[EveningCard, ...]
    last_night: tuple[EveningCard, ...]
    next: Gathering | None
    left_to_do: tuple[NotLogged, ...]


def tonight(viewer: Any) -> Tonight:
    """Today's gatherings of one's own choirs, and what one should know and do about them."""
    choir_ids = own_choir_ids(viewer)
    today = clock.today()
    knows_choirs = choir_ids is not None
    cards = tuple(_card(each, with_new=knows_choirs) for each in on_day(choir_ids, today))
    last_night: tuple[EveningCard, ...] = ()
    if knows_choirs:
        cards = _with_what_was_said(cards)
        lent = [each for each in rolls_lent_to(viewer) if each.choir_id not in (choir_ids or ())]
        cards += tuple(_lent(each) for each in lent if each.sung_on == today)
        last_night += tuple(_lent(each) for each in lent if each.sung_on < today and _is_left_open(each))
    if clock.local(clock.now()).hour < MORNING_ENDS_AT:
        yesterday = on_day(choir_ids, today - timedelta(days=1))
        last_night += tuple(_card(each, with_new=False) for each in yesterday if _is_left_open(each))
    asked_for = {card.id for card in (*cards, *last_night)}
    coming = next_rehearsals(choir_ids, since=clock.end_of(today), limit=3)
    return Tonight(
        cards=cards,
        last_night=last_night,
        next=next((each for each in coming if not each.is_cancelled), None),
        left_to_do=tuple(each for each in not_logged(viewer) if each.id not in asked_for),
    )


def _is_left_open(rehearsal: Rehearsal) -> bool:
    return not rehearsal.is_cancelled and rehearsal.done_at is None


def _with_what_was_said(cards: tuple[EveningCard, ...]) -> tuple[EveningCard, ...]:
    """The cards with what the singers said beforehand, as long as that is news."""
    said = said_of_evenings([card.id for card in cards if card.state in ("coming", "under_way")])
    return tuple(
        replace(card, coming_count=words.coming_count, not_coming_names=words.not_coming_names)
        if (words := said.get(card.id))
        else card
        for card in cards
    )


def _lent(rehearsal: Rehearsal) -> EveningCard:
    return replace(_card(rehearsal, with_new=False), is_lent=True)


def _card(rehearsal: Rehearsal, *, with_new: bool) -> EveningCard:
    venue = rehearsal.venue
    until = rehearsal.starts_at - clock.now()
    move = rehearsal.move if rehearsal.has_new_place else None
    is_open = rehearsal.done_at is None and not rehearsal.is_cancelled
    return EveningCard(
        id=rehearsal.id,
        choir=rehearsal.choir.name,
        choir_slug=rehearsal.choir.slug,
        kind=rehearsal.kind,
        starts_at=rehearsal.starts_at,
        ends_at=rehearsal.ends_at,
        place=", ".join(part for part in (venue.name, venue.room) if part) if venue else "",
        note=rehearsal.note,
        usual_venue=move.from_venue.name if move and move.from_venue else None,
        state=_state(rehearsal),
        is_begun=rehearsal.is_logged,
        minutes_left=max(0, -(-int(until.total_seconds()) // 60)),
        present_count=rehearsal.present_count,
        in_room=rehearsal.present_count + rehearsal.guest_count,
        new_last_time=tuple(new_last_time(rehearsal)) if with_new and is_open else (),
        cancelled_because=rehearsal.cancellation.reason if rehearsal.cancellation else None,
    )


def _state(rehearsal: Rehearsal) -> str:
    if rehearsal.is_cancelled:
        return "cancelled"
    if rehearsal.done_at is not None:
        return "done"
    if rehearsal.starts_at > clock.now():
        return "coming"
    return "under_way" if rehearsal.is_under_way else "over"
