"""How acts of the roll are read and ordered: pure values, no clock, no database."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from choir_app.foundation import text
from choir_app.foundation.language import _, lazy_

ACT_KINDS = ("mark", "guests", "newcomer", "done", "note", "outcome")
OUTCOMES = ("housing", "job", "internship", "language", "friendship", "health", "other")
OUTCOME_NAMES: Mapping[str, object] = {
    "housing": lazy_("Bostad"),
    "job": lazy_("Jobb"),
    "internship": lazy_("Praktik"),
    "language": lazy_("Språk"),
    "friendship": lazy_("Vänskap"),
    "health": lazy_("Hälsa"),
    "other": lazy_("Annat"),
}
STATUSES = ("present", "absent", "unmarked")

MOST_ACTS = 500
"""Acts in one batch; a phone with more splits them."""
MOST_GUESTS = 2000
LONGEST_NAME = 80
LONGEST_NOTE = 2000
LONGEST_DEVICE = 64
LONGEST_REASON = 200
LONGEST_HAPPENING = 300
"""Signs of what happened, in a sentence, with an outcome."""
LONGEST_LANGUAGE = 10
DAYS_TO_CORRECT = 14
"""Days after a rehearsal during which its leader may still change who came; later only a manager."""

# --- acts as they are sent -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class SentAct:
    """One act of the roll as a device sent it: somebody was marked, guests were counted, a newcomer came.

    `at` is the device's own clock. `words` is a newcomer's first name, the note of the evening or what happened;
    `number` is how many guests there are in all; `settles_id` is the other side of a disagreement that it ends.
    """

    id: UUID
    kind: str
    rehearsal_id: UUID
    at: datetime
    singer_id: UUID | None = None
    status: str | None = None
    number: int | None = None
    words: str | None = None
    voice_id: UUID | None = None
    phone: str | None = None
    seen_id: UUID | None = None
    settles_id: UUID | None = None
    why: str | None = None
    outcome: str | None = None
    may_be_told: bool | None = None
    reads: str | None = None
    may_write: bool | None = None
    buddy_id: UUID | None = None

    @cached_property
    def body_hash(self) -> bytes:
        """What tells whether an act that comes again is the same one.

        Only what was given is in it, so that a field which the wire learns later changes no act of an old phone.
        A telephone number is left out: no phone keeps one, so an act whose answer was lost may come again without.
        """
        return hashlib.sha256(replace(self, phone=None).as_json().encode()).digest()

    def is_what_came(self, body_hash: bytes) -> bool:
        """Whether an act with this hash was the same one. The first phones' newcomers were kept with their number."""
        return body_hash in (self.body_hash, hashlib.sha256(self.as_json().encode()).digest())

    def as_json(self) -> str:
        """The act as it is kept when it is refused."""
        fields = {
            "id": self.id,
            "kind": self.kind,
            "rehearsal_id": self.rehearsal_id,
            "singer_id": self.singer_id,
            "status": self.status,
            "number": self.number,
            "words": self.words,
            "voice_id": self.voice_id,
            "phone": self.phone,
            "seen": self.seen_id,
            "settles": self.settles_id,
            "why": self.why,
            "outcome": self.outcome,
            "may_be_told": self.may_be_told,
            "reads": self.reads,
            "may_write": self.may_write,
            "buddy_id": self.buddy_id,
            "at": self.at.astimezone(UTC).isoformat(),
        }
        given = {name: value for name, value in fields.items() if value is not None}
        return json.dumps(given, default=str, ensure_ascii=False, sort_keys=True)


@dataclass(frozen=True)
class Answer:
    """What became of one act: applied, superseded by a later one, or refused for a reason that people can read."""

    id: str | None
    outcome: str
    reason: str | None = None


@dataclass(frozen=True)
class UnreadableAct:
    """Something in a batch that is no act. It is refused and never stops those that came with it."""

    id: str | None
    reason: str
    body: str
    rehearsal_id: UUID | None = None
    singer_id: UUID | None = None
    """Whatever of it could be read, so that it is shown to those who lead that choir and forgotten with the singer."""

    @property
    def body_hash(self) -> bytes:
        """What tells whether the same thing was sent again."""
        return hashlib.sha256(self.body.encode()).digest()


def corrected(at: datetime, *, sent_at: datetime, received_at: datetime) -> datetime:
    """When an act was done by the server's clock, whatever the device believed the time was; never after receipt."""
    return min(at + (received_at - sent_at), received_at)


@dataclass(frozen=True)
class KnownAct:
    """What decides which of several acts about one thing counts."""

    id: UUID
    acted_at: datetime
    seen_id: UUID | None = None
    device_id: str | None = None
    status: str | None = None
    settles_id: UUID | None = None

    @property
    def has_seen(self) -> tuple[UUID, ...]:
        """The acts that whoever made it knew of: the one before it, and the other side if it ends a disagreement."""
        return tuple(each for each in (self.seen_id, self.settles_id) if each and each != self.id)

    def follows(self, seen: "KnownAct") -> bool:
        """Whether it was surely done after the act that its maker had seen.

        So it is on one phone, which has one clock: between two of its batches the network's delay differs by
        seconds, and an undone press must stay undone. Between two phones only the corrected times decide. What a
        page without a phone's number did was done at the server, after all that had arrived. Whoever settles a
        disagreement was shown both sides by the server: no clock can put that before them.
        """
        if self.settles_id is not None:
            return True
        if self.device_id is None:
            return self.acted_at >= seen.acted_at
        return self.device_id == seen.device_id


def act_that_counts(acts: Iterable[KnownAct]) -> KnownAct:
    """Of acts about the same thing the one that counts: the latest, at equal times the one with the greater id.

    An act that follows another stands right after it, even if it seems to be earlier. The answer is a function of
    the set of acts, so it does not depend on how they arrived. Source: DOMAIN.md, "Roll call", rule 3.
    """
    known = {act.id: act for act in acts}
    return max(known.values(), key=lambda act: (*_place_in_time(act, known), act.acted_at, act.id))


def _place_in_time(act: KnownAct, known: Mapping[UUID, KnownAct]) -> tuple[datetime, UUID, int]:
    """When an act counts as done: by its own time, or so many steps after the latest of those that it follows."""
    behind = {act.id: act}
    to_look_at = [act]
    while to_look_at:
        one = to_look_at.pop()
        for seen in (known[each] for each in one.has_seen if each in known and each not in behind):
            if one.follows(seen):
                behind[seen.id] = seen
                to_look_at.append(seen)
    latest, latest_id = max((one.acted_at, one.id) for one in behind.values())
    return latest, latest_id, len(behind)


def act_of_person(rows: Iterable[Iterable[KnownAct]]) -> KnownAct:
    """Of the acts about one person who was written up more than once, the one that counts. `rows`: those of each row.

    Merging loses no mark: each row keeps the act that counts for it; of these one that the others have seen steps
    back, and «not seen» never beats what somebody said without having seen it. Then the latest counts.
    """
    each_row = [list(acts) for acts in rows]
    heads = [act_that_counts(acts) for acts in each_row if acts]
    if len(heads) == 1:
        return heads[0]
    known = {act.id: act for acts in each_row for act in acts}
    of_row = {act.id: place for place, acts in enumerate(each_row) for act in acts}
    overtaken = {
        seen for act in known.values() for seen in _all_seen_by(act, known) if of_row[seen] != of_row[act.id]
    }
    standing = [act for act in heads if act.id not in overtaken] or heads
    said = [act for act in standing if act.status != "unmarked"] or standing
    return max(said, key=lambda act: (act.acted_at, act.id))


def _all_seen_by(act: KnownAct, known: Mapping[UUID, KnownAct]) -> set[UUID]:
    """The acts that it had seen, and those that they had."""
    seen: set[UUID] = set()
    to_look_at = [act]
    while to_look_at:
        for each in to_look_at.pop().has_seen:
            if each in known and each not in seen and each != act.id:
                seen.add(each)
                to_look_at.append(known[each])
    return seen


def other_sides(counts: KnownAct, acts: Iterable[KnownAct]) -> list[KnownAct]:
    """The acts of other devices that say something else than the one that counts and that nobody has seen since.

    `acts` are all about one person at one rehearsal; the newest side comes first. Who takes a singer back («not
    seen») and is overtaken contradicts nobody. A later act of the same phone stands for its earlier ones. It is a
    function of the set of acts, so it does not depend on how they arrived.
    """
    known = {act.id: act for act in acts}
    seen_by = {act.id: _all_seen_by(act, known) for act in known.values()}
    seen = {each for act in known.values() for each in act.has_seen}
    later = {
        (act.device_id, each.id)
        for act in known.values()
        for each in known.values()
        if act.device_id is not None
        and act.device_id == each.device_id
        and (act.acted_at, act.id) > (each.acted_at, each.id)
        and act.id not in seen_by[each.id]
    }
    sides = [
        act
        for act in known.values()
        if act.id not in seen
        and act.id != counts.id
        and act.device_id != counts.device_id
        and act.status not in (counts.status, "unmarked")
        and (act.device_id, act.id) not in later
    ]
    return sorted(sides, key=lambda act: (act.acted_at, act.id), reverse=True)


def outcomes_that_count(acts: Iterable[tuple[UUID, UUID | None]]) -> set[UUID]:
    """Which acts of the kind outcome count, given as (id, the one it had seen): those that no other has seen."""
    pairs = list(acts)
    replaced = {seen for own, seen in pairs if seen and seen != own}
    return {own for own, _seen in pairs if own not in replaced}


def read_act(raw: object) -> SentAct | UnreadableAct:
    """Read one act from JSON. Every type is looked at; nothing is guessed."""
    if not isinstance(raw, dict):
        return UnreadableAct(None, _("Det här är ingen markering."), _kept(raw))
    given = {str(key): value for key, value in raw.items()}
    try:
        return _read(given)
    except _CannotRead as why:
        claimed = given.get("id")
        known = claimed if isinstance(claimed, str) and re.fullmatch(r"[\x20-\x7e]{1,64}", claimed) else None
        kept = given if why.keeps is None else why.keeps
        return UnreadableAct(
            known,
            why.reason,
            _kept(kept),
            _uuid_or_none(kept, "rehearsal_id"),
            _uuid_or_none(kept, "singer_id"),
        )


class _CannotRead(Exception):  # noqa: N818 - an answer, not a programming error
    def __init__(self, reason: str, *, keeps: dict[str, Any] | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.keeps = keeps


def _read(given: dict[str, Any]) -> SentAct:
    act_id = _uuid(given, "id")
    rehearsal_id = _uuid(given, "rehearsal_id")
    kind = given.get("kind")
    if kind not in ACT_KINDS:
        raise _CannotRead(_("Appen är för gammal eller för ny. Ladda om sidan."))
    if act_id is None or rehearsal_id is None:
        raise _CannotRead(_("Markeringen saknar nummer. Ladda om sidan."))
    return SentAct(
        id=act_id,
        kind=kind,
        rehearsal_id=rehearsal_id,
        at=read_moment(given.get("at")),
        seen_id=_uuid(given, "seen"),
        settles_id=_uuid(given, "settles"),
        why=_line(given, "why", LONGEST_REASON) or None,
        **_what(kind, given),
    )


def _what(kind: str, given: dict[str, Any]) -> dict[str, Any]:
    match kind:
        case "mark":
            return {"singer_id": _singer(given), "status": _status(given)}
        case "guests":
            return {"number": _number(given)}
        case "newcomer":
            return {
                "singer_id": _singer(given),
                "status": "present",
                "words": _line(given, "name", LONGEST_NAME, _("Skriv ett förnamn.")),
                "voice_id": _uuid(given, "voice_id"),
                "phone": _line(given, "phone", 40) or None,
                "reads": _line(given, "reads", LONGEST_LANGUAGE) or None,
                "may_write": _yes_or_no(given, "may_write"),
                "buddy_id": _uuid(given, "buddy_id"),
            }
        case "note":
            return {"words": _line(given, "words", LONGEST_NOTE)}
        case "outcome":
            return _outcome(given)
        case _:
            return {}


def _singer(given: dict[str, Any]) -> UUID:
    singer_id = _uuid(given, "singer_id")
    if singer_id is None:
        raise _CannotRead(_("Markeringen saknar sångare. Ladda om sidan."))
    return singer_id


def _status(given: dict[str, Any]) -> str:
    status = given.get("status")
    if not isinstance(status, str) or status not in STATUSES:
        raise _CannotRead(_("Markeringen säger inte om sångaren är här. Ladda om sidan."))
    return status


def _outcome(given: dict[str, Any]) -> dict[str, Any]:
    outcome = given.get("outcome")
    if outcome is None:
        if _uuid(given, "seen") is None:
            raise _CannotRead(_("Markeringen säger inte vad som har hänt. Ladda om sidan."))
        return {}
    if not isinstance(outcome, str) or outcome not in OUTCOMES:
        raise _CannotRead(_("Markeringen säger inte vad som har hänt. Ladda om sidan."))
    singer_id = _uuid(given, "singer_id")
    if outcome == "health" and singer_id:
        unnamed = {name: given[name] for name in ("id", "kind", "rehearsal_id", "at") if name in given}
        raise _CannotRead(_("Om hälsa skriver vi inget namn. Spara utan att välja en person."), keeps=unnamed)
    return {
        "outcome": outcome,
        "singer_id": singer_id,
        "words": _line(given, "words", LONGEST_HAPPENING) or None,
        "may_be_told": bool(_yes_or_no(given, "may_be_told")),
    }


def _yes_or_no(given: dict[str, Any], name: str) -> bool | None:
    value = given.get(name)
    if value is not None and not isinstance(value, bool):
        raise _CannotRead(_("Markeringen går inte att läsa. Ladda om sidan."))
    return value


def _number(given: dict[str, Any]) -> int:
    number = given.get("number")
    if type(number) is not int or not 0 <= number <= MOST_GUESTS:
        raise _CannotRead(_("Skriv antalet gäster med siffror, mellan 0 och %(most)s.", most=MOST_GUESTS))
    return number


_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def _uuid(given: dict[str, Any], name: str) -> UUID | None:
    value = given.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not _UUID.fullmatch(value):
        raise _CannotRead(_("Markeringen har ett nummer som vi inte kan läsa. Ladda om sidan."))
    return UUID(value)


def _uuid_or_none(given: dict[str, Any], name: str) -> UUID | None:
    try:
        return _uuid(given, name)
    except _CannotRead:
        return None


def _line(given: dict[str, Any], name: str, longest: int, missing: str | None = None) -> str:
    value = given.get(name)
    if value is None:
        value = ""
    if not isinstance(value, str):
        raise _CannotRead(_("Texten går inte att läsa. Skriv den igen."))
    try:
        value = text.clean(value).strip()
    except ValueError:
        raise _CannotRead(_("Texten innehåller tecken som vi inte kan spara. Ta bort dem.")) from None
    if name != "words":
        value = " ".join(value.split())
    if missing and not value:
        raise _CannotRead(missing)
    if len(value) > longest:
        raise _CannotRead(_("Texten är för lång. Skriv högst %(number)s tecken.", number=longest))
    is_telephone = name == "phone" and value.startswith(("0", "+"))  # may look like anything
    if text.has_identity_number(value) and not is_telephone:
        raise _CannotRead(_("Det ser ut som ett personnummer. Vi sparar aldrig personnummer. Ta bort det."))
    return value


_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2})"
)


def read_moment(value: object) -> datetime:
    """A moment from JSON: ISO 8601 with its distance to UTC, between 1990 and 2100."""
    try:
        if not isinstance(value, str) or not _MOMENT.fullmatch(value):
            raise ValueError
        moment = datetime.fromisoformat(value).astimezone(UTC)
        if not 1990 <= moment.year <= 2100:
            raise ValueError
    except (ValueError, OverflowError):
        raise _CannotRead(
            _("Markeringen har en tid som vi inte kan läsa. Se efter telefonens klocka.")
        ) from None
    return moment


def is_moment(value: object) -> bool:
    """Whether this is a moment that can be read."""
    try:
        read_moment(value)
    except _CannotRead:
        return False
    return True


def is_device(value: object) -> bool:
    """Whether this can be a device's own id: some plain letters, digits and dashes."""
    return isinstance(value, str) and bool(re.fullmatch(rf"[A-Za-z0-9_-]{{1,{LONGEST_DEVICE}}}", value))


def _kept(raw: object) -> str:
    """What is kept of something unreadable: short, storable, and never an identity number."""
    written = json.dumps(raw, ensure_ascii=True, default=str)[:2000]
    return "" if text.has_identity_number(written) else written
