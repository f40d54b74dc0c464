"""A partner reads a proposal behind its link and answers it, with and without JavaScript, on a phone and wide."""

from datetime import timedelta
from typing import Literal
from uuid import UUID

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from choir_app.choirs.models import Choir
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.funding import actions
from choir_app.funding.models import ProposalAnswer
from choir_app.funding.queries.proposals import shown_proposal_secret
from choir_app.partners.models import Partner
from tests.browser.conftest import Browse, LiveHouse, account_of, axe, scrolls_sideways, until
from tests.funding.proposed import some_words

MANAGER = "karin@example.org"


def a_sent_proposal() -> tuple[UUID, str]:
    """A proposal to Bodenbo about Boden, with three levels to choose between, and its link's secret."""
    manager = account_of(MANAGER)
    partner = db.session.scalars(select(Partner).where(Partner.slug == "bodenbo")).one()
    choir = db.session.scalars(select(Choir).where(Choir.slug == "boden")).one()
    draft = actions.draft_proposal(partner, some_words(choir, owner=manager), by=manager)
    sent = actions.send_proposal(
        draft, answer_by=clock.today() + timedelta(days=30), seen_version=draft.version, by=manager
    )
    told = sent.id, shown_proposal_secret(sent) or ""
    db.session.commit()  # the server writes next
    return told


def said_to(proposal_id: UUID) -> str | None:
    """What was answered to it; the test lets go of the database at once, so that the server can write."""
    kind = db.session.scalar(select(ProposalAnswer.kind).where(ProposalAnswer.proposal_id == proposal_id))
    db.session.commit()
    return kind


@pytest.mark.parametrize(("width", "javascript"), [(390, True), (390, False), (1280, True)])
def test_a_partner_says_yes_to_a_part(browse: Browse, live: LiveHouse, width: int, javascript: bool) -> None:
    proposal_id, secret = a_sent_proposal()
    page = browse(width=width, javascript=javascript)
    page.goto(f"/forslag/{secret}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sjung med oss i Boden")
    page.get_by_role("link", name="Svara", exact=True).click()
    expect(page.get_by_role("group", name="Ja till")).to_be_hidden()
    page.get_by_text("Ja, vi är med").click()
    page.get_by_role("group", name="Ja till").get_by_text("Mellan").click()
    page.get_by_label("Ditt namn").fill("Anna Ek")
    page.get_by_role("button", name="Skicka svaret").click()
    until(page, lambda: said_to(proposal_id) == "yes")
    expect(page.get_by_text("Anna Ek sa ja till Mellan, 35 000 kr.")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_its_pages_are_for_all_eyes_and_hands(
    browse: Browse, live: LiveHouse, width: int, theme: Literal["light", "dark"]
) -> None:
    proposal_id, secret = a_sent_proposal()
    paths = ["", "/nytt?partner=bodenbo", f"/{proposal_id}", f"/{proposal_id}/ny-lank"]
    page = browse(MANAGER, width=width, theme=theme)
    for path in (
        f"/forslag/{secret}",
        "/finansiering/paket/business",
        *(f"/finansiering/forslag{path}" for path in paths),
    ):
        page.goto(path)
        axe(page)
        assert not scrolls_sideways(page), path
