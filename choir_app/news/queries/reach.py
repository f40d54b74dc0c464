"""How often what we write is read: what has been counted day by day, and letters that went out. Nothing of by whom."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.foundation.tally import DayCount
from choir_app.news.models import Delivery, PostVersion
from choir_app.news.rules import FEWEST, TEXT_LANGUAGES, TextLanguage


@dataclass(frozen=True)
class Read:
    """A post in a language, and how often it was read in a month; None is «at least once, and fewer than five».

    How many letters went out about a post in all is told elsewhere. So where one language has fewer than five, how many
    the others have is kept back: what is left would tell it.
    """

    post_id: UUID
    headline: str
    language: TextLanguage
    opened: int | None
    by_mail: int | None
    is_mail_kept_back: bool = False


@dataclass(frozen=True)
class Reach:
    """A month of readings. What is too small to be told is left out of the sums, so that no sum tells it."""

    first_on: date
    reads: Sequence[Read]
    fed: int | None
    has_earlier: bool

    @property
    def opened(self) -> int:
        """Openings of the pages that can be told of."""
        return sum(one.opened or 0 for one in self.reads)

    @property
    def is_all(self) -> bool:
        """Whether nothing was left out of the sum."""
        return all(one.opened is not None for one in self.reads)


def reach_in(first_on: date) -> Reach:
    """How often each post was read in the month that begins on a day, the most read first."""
    after = _next_month(first_on)
    openings = readings_between(first_on, after)
    letters = _letters_between(first_on, after)
    of_few = {post_id for (post_id, _code), count in letters.items() if _told(count) is None}
    versions = select(PostVersion.post_id, PostVersion.language, PostVersion.headline)
    versions = versions.where(PostVersion.post_id.in_({post_id for post_id, _code in openings | letters}))
    reads = [
        Read(
            post_id=post_id,
            headline=headline,
            language=TEXT_LANGUAGES[code],
            opened=_told(openings[post_id, code]),
            by_mail=_told(letters[post_id, code]),
            is_mail_kept_back=post_id in of_few and letters[post_id, code] >= FEWEST,
        )
        for post_id, code, headline in db.session.execute(versions)
        if openings[post_id, code] or letters[post_id, code]
    ]
    reads.sort(key=lambda one: (-(one.opened or 0), one.headline, one.language.code))
    fed = db.session.scalar(
        select(func.sum(DayCount.count)).where(
            DayCount.kind == "feed", DayCount.day >= first_on, DayCount.day < after
        )
    )
    earlier = select(DayCount.day).where(DayCount.day < first_on).limit(1)
    return Reach(first_on, reads, _told(int(fed or 0)), db.session.scalar(earlier) is not None)


def readings_between(first_on: date, before: date) -> Counter[tuple[UUID, str]]:
    """How often each post was opened in each language in a span of days: communication, never an effect.

    For sums only: a number below `rules.FEWEST` is shown to nobody.
    """
    counted = (
        select(DayCount.about, DayCount.language, func.sum(DayCount.count))
        .where(DayCount.kind == "article", DayCount.day >= first_on, DayCount.day < before)
        .group_by(DayCount.about, DayCount.language)
    )
    rows = db.session.execute(counted)
    return Counter({(UUID(about), language): int(count) for about, language, count in rows})


def _letters_between(first_on: date, before: date) -> Counter[tuple[UUID, str]]:
    """How many letters about each post the mail server took, by the language of the text."""
    sent = (
        select(Delivery.post_id, Delivery.language, func.count())
        .where(
            Delivery.state == "sent",
            Delivery.sent_at >= clock.start_of(first_on),
            Delivery.sent_at < clock.start_of(before),
        )
        .group_by(Delivery.post_id, Delivery.language)
    )
    rows = db.session.execute(sent)
    return Counter({(post_id, language or "sv"): count for post_id, language, count in rows})


def _told(count: int) -> int | None:
    """A count as it may be told: nothing of one to four."""
    return count if count == 0 or count >= FEWEST else None


def _next_month(first_on: date) -> date:
    return date(first_on.year + first_on.month // 12, first_on.month % 12 + 1, 1)
