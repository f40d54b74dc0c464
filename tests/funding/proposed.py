"""Proposals and packages for tests, each with only what the test is about."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir
from choir_app.funding import actions
from choir_app.funding.actions.proposals import PackageWords, PartWords, ProposalWords
from choir_app.funding.models import Proposal
from tests import makers

KR = 100
TODAY = date(2026, 6, 16)
CHRISTMAS = date(2026, 12, 24)
IN_A_MONTH = TODAY + timedelta(days=30)


def some_words(choir: Choir, **more: Any) -> ProposalWords:
    """What a small proposal about a choir says."""
    given: dict[str, Any] = {
        "title": "Sjung med oss i Boden",
        "intro": "Vi sjunger tillsammans varje vecka.\n\nNi är våra grannar.",
        "first_on": TODAY,
        "last_on": CHRISTMAS,
        "choirs": [choir],
        "parts": [
            PartWords("Liten", 3_500 * KR, "Fikat i höst."),
            PartWords("Mellan", 35_000 * KR, "Lokalen i höst."),
            PartWords("Stor", 70_000 * KR, "Hela hösten."),
        ],
    }
    return ProposalWords(**{**given, **more})


def a_draft(choir: Choir | None = None, *, by: Account | None = None, **more: Any) -> Proposal:
    """A proposal to Bodenbo that nobody has sent yet."""
    choir, by = choir or makers.a_choir(), by or makers.a_manager()
    partner = more.pop("partner", None) or makers.a_partner()
    return actions.draft_proposal(partner, some_words(choir, **{"owner": by, **more}), by=by)


def a_sent_one(choir: Choir | None = None, **more: Any) -> Proposal:
    """The same, sent today and open for a month."""
    by = more.pop("by", None) or makers.a_manager()
    one = a_draft(choir, by=by, **more)
    return actions.send_proposal(one, answer_by=IN_A_MONTH, seen_version=one.version, by=by)


def deeds_of_proposals() -> dict[str, Callable[[Any], Any]]:
    """Every action about proposals and packages, on things that are there."""
    choir, manager, partner = makers.a_choir(), makers.a_manager(), makers.a_partner("Folkets hus")
    words = some_words(choir, opportunity=makers.an_opportunity(partner=partner, stages=("idea",)))
    draft, changed, thrown_away = (
        actions.draft_proposal(partner, words, by=manager),
        actions.draft_proposal(partner, words, by=manager),
        actions.draft_proposal(partner, words, by=manager),
    )
    sent, taken_back = a_sent_one(partner=partner, by=manager), a_sent_one(partner=partner, by=manager)
    package = PackageWords("Fikat", 5_000 * KR, 6, "Kaffe och bröd.", None)
    return {
        "draft_proposal": lambda by: actions.draft_proposal(partner, words, by=by),
        "copy_proposal": lambda by: actions.copy_proposal(sent, by=by),
        "change_draft": lambda by: actions.change_draft(changed, words, seen_version=changed.version, by=by),
        "remove_draft": lambda by: actions.remove_draft(thrown_away, by=by),
        "send_proposal": lambda by: actions.send_proposal(
            draft, answer_by=IN_A_MONTH, seen_version=draft.version, by=by
        ),
        "take_back_proposal": lambda by: actions.take_back_proposal(taken_back, by=by),
        "open_proposal_again": lambda by: actions.open_proposal_again(
            taken_back, answer_by=IN_A_MONTH, by=by
        ),
        "answer_proposal": lambda by: actions.answer_proposal(
            sent, kind="yes", parts=[1], person="Anna Ek", by=by
        ),
        "set_up_packages": lambda by: actions.set_up_packages("business", {"small": package}, by=by),
    }
