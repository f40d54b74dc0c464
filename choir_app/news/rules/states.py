"""Where a post stands: a question of its moments and of what time it is, and of nothing that has to be run."""

from datetime import datetime

POST_STATES: tuple[str, ...] = ("draft", "in_review", "scheduled", "published", "withdrawn")


def state_at(
    moment: datetime,
    *,
    review_asked_at: datetime | None,
    published_at: datetime | None,
    withdrawn_at: datetime | None,
) -> str:
    """What a post is at a moment: one of `POST_STATES`. A post that is due is published at that very second."""
    if withdrawn_at is not None:
        return "withdrawn"
    if published_at is not None:
        return "published" if published_at <= moment else "scheduled"
    return "in_review" if review_asked_at is not None else "draft"
