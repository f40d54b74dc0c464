"""Two who press in the same moment, or one who presses many times: nothing is written twice and no sum is passed."""

import re
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.exc import NoResultFound

from choir_app.accounts.models import Account
from choir_app.foundation.database import db
from choir_app.funding import actions, queries
from choir_app.funding.actions.proposals import PackageWords
from choir_app.funding.models import (
    Agreement,
    CostLine,
    Deadline,
    Instalment,
    Opportunity,
    Package,
    Payment,
    PaymentMatch,
    Promise,
    Proposal,
    SavedScenario,
)
from choir_app.funding.queries import proposals as queries_of_proposals
from choir_app.funding.rules import OPEN_STAGES
from tests import makers
from tests.funding.made import a_payment, an_instalment
from tests.funding.proposed import a_draft
from tests.partners.test_at_once import count, pressed_at_once
from tests.visitor import Visitor

TODAY = date(2026, 6, 16)
KR = 100


@pytest.fixture
def manager(visitor: Visitor) -> Account:
    account = makers.a_manager()
    visitor.signs_in(account)
    return account


def test_an_agreement_pressed_four_times(visitor: Visitor, manager: Account) -> None:
    told = {"partner": makers.a_partner().id, "name": "x", "amount": "1", "signed_on": TODAY}
    told |= {"usable_from": TODAY, "allocation": "all", "receipt": uuid4()}
    assert pressed_at_once(visitor, "/finansiering/avtal/nytt", [told] * 4) == [303] * 4
    assert count(Agreement) == 1


@pytest.mark.parametrize(
    ("page", "told", "model"),
    [
        ("inbetalning", {"sum": "500", "on": TODAY}, Payment),
        ("utbetalning", {"sum": "5", "due_on": TODAY, "condition": "date", "lag_days": "0"}, Instalment),
        ("sista-dag", {"kind": "final_report", "due_on": TODAY, "owner": ""}, Deadline),
        ("lofte", {"kind": "logo", "what": "Logotyp", "owner": ""}, Promise),
    ],
)
def test_a_form_pressed_four_times(
    visitor: Visitor, manager: Account, page: str, told: dict[str, Any], model: type[Any]
) -> None:
    agreement = makers.an_agreement(1_000 * KR)
    told = {**told, "receipt": str(uuid4())}
    path = f"/finansiering/avtal/{agreement.id}/{page}"
    assert pressed_at_once(visitor, path, [told] * 4) == [303] * 4
    assert count(model) == 1


def test_four_parts_at_once_are_never_more_than_the_agreement(visitor: Visitor, manager: Account) -> None:
    agreement = makers.an_agreement(1_000 * KR)
    told = {"sum": "400", "due_on": TODAY, "condition": "date", "lag_days": "0"}
    each = [{**told, "receipt": str(uuid4())} for _number in range(4)]
    answers = pressed_at_once(visitor, f"/finansiering/avtal/{agreement.id}/utbetalning", each)
    assert sorted(answers) == [303, 303, 422, 422]
    assert count(Instalment) == 2


def test_a_payment_shared_out_by_four_at_once_pays_no_more_than_came(
    visitor: Visitor, manager: Account
) -> None:
    agreement = makers.an_agreement(1_000 * KR)
    part, payment = an_instalment(agreement, 300 * KR, TODAY), a_payment(agreement, 250 * KR, TODAY)
    path = f"/finansiering/avtal/{agreement.id}/inbetalning/{payment.id}/utbetalningar"
    answers = pressed_at_once(visitor, path, [{f"share_{part.id}": "100"}] * 4)
    assert sorted(answers) == [303, 303, 422, 422]
    assert count(PaymentMatch) == 2
    assert queries.paid_of_instalments(agreement=db.session.merge(agreement)) == {part.id: 200 * KR}


def test_four_who_change_its_facts_at_once_overwrite_nothing(visitor: Visitor, manager: Account) -> None:
    agreement = makers.an_agreement(1_000 * KR)
    told = {"name": "Kören", "grantee": "", "reference": "", "owner": "", "version": "1", "opened": ""}
    each = [{**told, "note": f"Ord {number}"} for number in range(4)]
    answers = pressed_at_once(visitor, f"/finansiering/avtal/{agreement.id}/uppgifter", each)
    assert sorted(answers) == [303, 422, 422, 422]
    db.session.rollback()
    db.session.refresh(agreement)
    assert agreement.version == 2


def test_what_is_struck_by_four_at_once_is_struck_once(visitor: Visitor, manager: Account) -> None:
    agreement = makers.an_agreement(1_000 * KR)
    part = an_instalment(agreement, 300 * KR, TODAY)
    payment, matched = a_payment(agreement, 20 * KR, TODAY), a_payment(agreement, 9, TODAY, (part, 9))
    line = makers.a_cost_line(None, 100 * KR)
    page = f"/finansiering/avtal/{agreement.id}"
    for path, model in (
        (f"{page}/rader/payment/{payment.id}/stryk", Payment),
        (f"{page}/inbetalning/{matched.id}/isar", PaymentMatch),
        (f"/finansiering/kostnader/{line.id}/stryk", CostLine),
    ):
        answers = pressed_at_once(visitor, page, [{}] * 4, to=[path] * 4)
        assert set(answers) <= {303, 404}, path
        assert count(model, model.reverses_id.is_not(None)) == 1


def test_a_payment_that_is_struck_pays_nothing(visitor: Visitor, manager: Account) -> None:
    agreement = makers.an_agreement(1_000 * KR)
    part, payment = an_instalment(agreement, 300 * KR, TODAY), a_payment(agreement, 300 * KR, TODAY)
    actions.reverse_happening(payment, by=manager)
    with pytest.raises(NoResultFound):
        actions.match_payment(payment, {part.id: 100 * KR}, by=manager)


def test_a_draft_that_four_throw_away_at_once_is_gone(visitor: Visitor, manager: Account) -> None:
    draft = a_draft(by=manager)
    page = f"/finansiering/forslag/{draft.id}"
    answers = pressed_at_once(visitor, page, [{}] * 4, to=[f"{page}/ta-bort"] * 4)
    assert set(answers) == {303, 404}


def test_a_part_is_not_struck_while_it_is_paid(visitor: Visitor, manager: Account) -> None:
    agreement = makers.an_agreement(1_000 * KR)
    part, payment = an_instalment(agreement, 300 * KR, TODAY), a_payment(agreement, 300 * KR, TODAY)
    page = f"/finansiering/avtal/{agreement.id}"
    pays, strikes = f"{page}/inbetalning/{payment.id}/utbetalningar", f"{page}/utbetalning/{part.id}/stryk"
    answers = pressed_at_once(visitor, page, [{f"share_{part.id}": "300"}, {}] * 2, to=[pays, strikes] * 2)
    assert set(answers) <= {303, 404, 422}
    assert count(PaymentMatch) + count(Instalment, Instalment.reverses_id.is_not(None)) == 1


def test_of_two_cards_of_which_one_can_come_true_one_is_won(visitor: Visitor, manager: Account) -> None:
    one = makers.an_opportunity(stages=("idea", "talking"))
    other = makers.an_opportunity(partner=one.partner, stages=("idea", "talking"))
    actions.tie(one, other, by=manager)
    told = {"name": "x", "amount": "100", "signed_on": TODAY, "usable_from": TODAY, "allocation": "all"}
    paths = [f"/finansiering/kort/{card.id}/avtal" for card in (one, other)]
    each = [{**told, "seen": "talking", "receipt": uuid4()} for _card in paths]
    assert sorted(pressed_at_once(visitor, paths[0], each, to=paths)) == [303, 422]
    assert count(Agreement) == 1


def test_a_card_and_a_proposal_pressed_four_times(visitor: Visitor, manager: Account) -> None:
    partner, choir = makers.a_partner(), makers.a_choir()
    card = {"partner": partner.id, "name": "Ny", "allocation": "all", "receipt": uuid4()}
    assert pressed_at_once(visitor, "/finansiering/kort/nytt", [card] * 4) == [303] * 4
    assert count(Opportunity) == 1
    said = {"title": "T", "intro": "I", "choirs": choir.id, "first_on": TODAY, "last_on": TODAY}
    said |= {"pick": "one", "part1_name": "a", "part1_sum": "10", "part1_what": "x", "receipt": uuid4()}
    page = f"/finansiering/forslag/nytt?partner={partner.slug}"
    assert pressed_at_once(visitor, page, [said] * 4) == [303] * 4
    assert count(Proposal) == 1


def test_two_managers_who_set_up_packages_at_once(visitor: Visitor, manager: Account) -> None:
    seen = queries_of_proposals.packages_seen("business")
    said = {"small_months": "3", "small_what": "x", "seen": seen}
    each = [{**said, "small_name": f"Paket {number}", "small_sum": "10"} for number in range(4)]
    managers = [manager, makers.a_manager("Berit Berg"), makers.a_manager("Carin Ceder")]
    answers = pressed_at_once(visitor, "/finansiering/paket/business", each, by=managers)
    assert sorted(answers) == [303, 422, 422, 422]
    assert count(Package) == 1


def test_two_managers_who_set_chances_at_once(visitor: Visitor, manager: Account) -> None:
    seen = queries.chances_seen()
    each = [
        {f"{stage}_{kind}": str(20 + number) for stage in OPEN_STAGES for kind in ("new", "known")}
        for number in range(4)
    ]
    managers = [manager, makers.a_manager("Berit Berg")]
    answers = pressed_at_once(
        visitor, "/finansiering/chanser", [{**one, "seen": seen} for one in each], by=managers
    )
    assert sorted(answers) == [303, 422, 422, 422]


def test_two_managers_who_give_plans_the_same_name_at_once(visitor: Visitor, manager: Account) -> None:
    tried = "/finansiering/tank-om/spara?ny=1000&ny_fran=2026-09-01&ny_till=2027-01-01"
    managers = [manager, makers.a_manager("Berit Berg")]
    assert sorted(pressed_at_once(visitor, tried, [{"name": "Ny"}] * 4, by=managers)) == [303, 422, 422, 422]
    assert count(SavedScenario) == 1


def test_packages_that_somebody_changed_meanwhile_are_shown_and_then_heard(
    visitor: Visitor, manager: Account
) -> None:
    page = "/finansiering/paket/business"
    seen = re.search(r'name="seen"[^>]*value="([^"]+)"', visitor.opens(page).html)
    assert seen
    mine = {"small_name": "Mitt", "small_sum": "10", "small_months": "3", "small_what": "Noter"}
    theirs = PackageWords("Deras", 2_500 * KR, 6, "Kaffe", None)
    actions.set_up_packages("business", {"small": theirs}, by=manager)
    visitor.sends(page, 422, **mine, seen=seen[1])
    assert "Någon ändrade paketen medan du skrev" in visitor.text
    assert "Nu står det: Deras · 2 500 kr · 6 månader · Kaffe" in visitor.text
    assert 'value="Mitt"' in visitor.html
    again = re.search(r'name="seen"[^>]*value="([^"]+)"', visitor.html)
    assert again
    visitor.sends(page, **mine, seen=again[1])
    assert queries_of_proposals.packages_of("business")["small"].name == "Mitt"


def test_what_is_set_four_times_at_once_stands_once(visitor: Visitor, manager: Account) -> None:
    package = {"small_name": "a", "small_sum": "10", "small_months": "3", "small_what": "x"}
    assert pressed_at_once(visitor, "/finansiering/paket/business", [package] * 4) == [303] * 4
    assert count(Package) == 1
    chances = {f"{stage}_{kind}": "20" for stage in OPEN_STAGES for kind in ("new", "known")}
    assert pressed_at_once(visitor, "/finansiering/chanser", [chances] * 4) == [303] * 4
    tried = "/finansiering/tank-om/spara?ny=1000&ny_fran=2026-09-01&ny_till=2027-01-01"
    assert sorted(pressed_at_once(visitor, tried, [{"name": "Ny"}] * 4)) == [303, 422, 422, 422]
