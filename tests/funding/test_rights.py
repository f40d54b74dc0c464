"""Who sees what of partners and money: every route and every query of the two rooms, role by role, own and other.

The table: nobody but managers and administrators, but for what OTHERWISE says. A leader sees until when the own
choir is financed and the names of those who pay for it, and no sums; nothing of other choirs.
"""

import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from importlib import import_module
from pkgutil import iter_modules
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import Select
from sqlalchemy.exc import NoResultFound
from werkzeug.routing import AnyConverter, Rule, UUIDConverter

from choir_app.accounts.models import Account
from choir_app.accounts.models import Visitor as Guest
from choir_app.choirs.models import Choir
from choir_app.foundation.database import Model, db
from choir_app.foundation.refusal import NotAllowed
from choir_app.funding import queries as money
from choir_app.funding.models import Agreement, Deadline, Opportunity, Payment, Programme
from choir_app.funding.rules.cost_plans import Term
from choir_app.partners import queries as partners
from choir_app.partners.models import Partner
from tests import makers
from tests.funding.test_queries_forecast import KR, TODAY, a_singing_choir
from tests.visitor import Visitor, outside

ROOMS = ("funding", "partners")
ROLES = ("member", "leader", "leader of another choir", "editor")

NOBODY = "403 403 403 403"
BY_A_SECRET_LINK = "link link link link"
OTHERWISE = {
    "funding.choir_forecast": "403 200 403 403",
    "funding.calendar_feed": BY_A_SECRET_LINK,
    "funding.read_proposal": BY_A_SECRET_LINK,
    "funding.read_proposal_paper": BY_A_SECRET_LINK,
}
"""What is not for managers alone: the own choir's dates, and what one reaches only by a secret address."""

SUMS = {"own": 77_711, "other": 88_822, "balance": 99_933, "cost": 1_317, "ask": 66_644, "programme": 55_577}
"""Kronor that stand in the books, and that no leader ever reads."""


@dataclass(frozen=True)
class Side:
    """A choir with what belongs to it: who pays, what is asked for, what it costs."""

    choir: Choir
    partner: Partner
    agreement: Agreement
    payment: Payment
    deadline: Deadline
    opportunity: Opportunity
    programme: Programme
    line: Any
    contact: Any


@dataclass(frozen=True)
class Network:
    """The two choirs, and somebody of each role."""

    own: Side
    other: Side
    balance: Any
    people: Mapping[str, Account]


def a_side(town: str, payer: str, sum_kr: int) -> Side:
    choir = a_singing_choir(town, cost=SUMS["cost"])
    partner = makers.a_partner(payer, town)
    agreement = makers.an_agreement(
        sum_kr * KR, choir, partner=partner, usable_to=date(2026, 12, 31), name=f"Stöd {payer}"
    )
    opportunity = Opportunity(
        id=uuid4(), partner=partner, name=f"Fråga {payer}", ask_ore=SUMS["ask"] * KR, stage="idea"
    )
    opportunity.choirs, opportunity.towns = [], []
    payment = Payment(id=uuid4(), agreement_id=agreement.id, on=TODAY, ore=sum_kr * KR)
    deadline = Deadline(id=uuid4(), agreement_id=agreement.id, kind="final_report", due_on=TODAY)
    db.session.add_all([opportunity, payment, deadline])
    db.session.flush()
    return Side(
        choir=choir,
        partner=partner,
        agreement=agreement,
        payment=payment,
        deadline=deadline,
        opportunity=opportunity,
        programme=makers.a_programme(partner, f"Program {payer}", max_ore=SUMS["programme"] * KR),
        line=makers.a_cost_line(choir, SUMS["cost"] * KR, "once", valid_from=TODAY),
        contact=makers.a_contact(partner, f"Anna {payer}"),
    )


@pytest.fixture
def network(app: Flask) -> Network:
    own, other = a_side("Boden", "Bodenbo", SUMS["own"]), a_side("Göteborg", "Hemligbolaget", SUMS["other"])
    people = {
        "member": makers.an_account("Medlem"),
        "leader": makers.a_leader(own.choir),
        "leader of another choir": makers.a_leader(makers.a_choir(town="Östersund"), "Annan Ledare"),
        "editor": makers.an_editor(),
    }
    return Network(own, other, makers.a_balance(SUMS["balance"] * KR, TODAY), people)


def rules_of(app: Flask) -> list[Rule]:
    """Every route of the two rooms."""
    found = [rule for rule in app.url_map.iter_rules() if rule.endpoint.partition(".")[0] in ROOMS]
    assert len(found) > 50
    return found


def path_of(app: Flask, rule: Rule, side: Side, network: Network) -> str:
    """The address of a route with what belongs to one side; ids of other things lead nowhere."""
    known: dict[str, Any] = {
        "agreement_id": side.agreement.id,
        "balance_id": network.balance.id,
        "contact_id": side.contact.id,
        "deadline_id": side.deadline.id,
        "kind": "payment",
        "line_id": side.line.id,
        "opportunity_id": side.opportunity.id,
        "programme_id": side.programme.id,
        "row_id": side.payment.id,
        "slug": side.choir.slug if rule.endpoint == "funding.choir_forecast" else side.partner.slug,
    }
    arguments = {
        name: known[name]
        if name in known and not isinstance(rule._converters[name], AnyConverter)
        else of_its_kind(rule, name)
        for name in rule.arguments
    }
    return app.url_map.bind("").build(rule.endpoint, arguments)


def of_its_kind(rule: Rule, name: str) -> Any:
    """Something that a part of an address may be."""
    converter = rule._converters[name]
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return uuid4() if isinstance(converter, UUIDConverter) else "1"


def betrayed(page: str) -> list[str]:
    """The sums that can be read in what was answered, however they are written."""
    plain = page.replace("\u00a0", " ").replace("&nbsp;", " ")
    return [
        name
        for name, kronor in SUMS.items()
        if any(way in plain for way in (f"{kronor:,}".replace(",", " "), str(kronor)))
    ]


class TestRoutes:
    def test_the_table_names_routes_that_are_there(self, app: Flask) -> None:
        assert set(OTHERWISE) <= {rule.endpoint for rule in rules_of(app)}

    @pytest.mark.parametrize("place", range(len(ROLES)), ids=ROLES)
    def test_nobody_else_comes_in_and_no_sum_comes_out(
        self, app: Flask, visitor: Visitor, network: Network, place: int
    ) -> None:
        visitor.signs_in(network.people[ROLES[place]])
        wrong = []
        for rule in rules_of(app):
            cell = OTHERWISE.get(rule.endpoint, NOBODY).split()[place]
            for side in (network.own, network.other):
                expected = "403" if cell == "200" and side is network.other else cell
                for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                    wrong += self.tried(app, visitor, method, rule, side, network, expected)
        assert wrong == []

    def tried(
        self,
        app: Flask,
        visitor: Visitor,
        method: str,
        rule: Rule,
        side: Side,
        network: Network,
        expected: str,
    ) -> list[str]:
        path = path_of(app, rule, side, network)
        token = visitor._a_token()
        answer = outside(
            lambda: (
                visitor.client.get(path)
                if method == "GET"
                else visitor.client.post(path, data={"csrf_token": token})
            )
        )
        body = answer.get_data(as_text=True)
        allowed = ("404", "410", "422") if expected == "link" else (expected,)
        told = [f"{method} {path} ({rule.endpoint}): {answer.status_code}, not {expected}"]
        found = [] if str(answer.status_code) in allowed else told
        return found + [f"{method} {path} tells {name}" for name in betrayed(body)]


class TestWhatALeaderReads:
    def test_the_own_choirs_dates_and_payers_without_sums(self, visitor: Visitor, network: Network) -> None:
        visitor.signs_in(network.people["leader"])
        visitor.opens(f"/finansiering/kor/{network.own.choir.slug}")
        visitor.sees("Boden", "Bodenbo", "31 december 2026")
        visitor.misses("Hemligbolaget", "Göteborg", " kr<", "\u00a0kr")
        assert betrayed(visitor.html) == []

    def test_no_page_of_the_house_tells_a_sum_or_who_pays_for_others(
        self, app: Flask, visitor: Visitor, network: Network
    ) -> None:
        visitor.signs_in(network.people["leader"])
        opened, wrong = 0, []
        for rule in app.url_map.iter_rules():
            if "GET" not in (rule.methods or set()) or not set(rule.arguments) <= {"slug"}:
                continue
            path = app.url_map.bind("").build(
                rule.endpoint, dict.fromkeys(rule.arguments, network.own.choir.slug)
            )
            answer = outside(lambda there=path: visitor.client.get(there))
            body = answer.get_data(as_text=True) if (answer.mimetype or "").startswith("text/") else ""
            opened += answer.status_code == 200
            wrong += [f"{path} tells {name}" for name in betrayed(body)]
            wrong += [f"{path} names another's payer" for name in ("Hemligbolaget",) if name in body]
        assert wrong == []
        assert opened > 40, "the leader's pages were really looked at"


class TestQueries:
    """What is asked for somebody is told to nobody else, whatever page asks."""

    @pytest.fixture
    def known(self, network: Network) -> dict[str, Any]:
        side = network.own
        return {
            "agreement_id": side.agreement.id,
            "as_of": TODAY,
            "balance_id": network.balance.id,
            "import_id": uuid4(),
            "line_id": side.line.id,
            "name": side.partner.name,
            "opportunity": side.opportunity,
            "opportunity_id": side.opportunity.id,
            "partner": None,
            "programme": side.programme,
            "programme_id": side.programme.id,
            "proposal_id": uuid4(),
            "row_id": uuid4(),
            "slug": side.partner.slug,
            "source": Term(2026, 1),
            "target": Term(2026, 2),
            "today": TODAY,
            "told": money.forecast(TODAY),
            "until": date(2026, 12, 31),
            "website": None,
            "which": "avtal",
        }

    def test_each_of_them(self, network: Network, known: dict[str, Any]) -> None:
        asked, wrong = 0, []
        for name, query in asking():
            takes = inspect.signature(query).parameters
            needed = {
                one: known.get(one, f"say what {one} of {name} is")
                for one, way in takes.items()
                if way.default is inspect.Parameter.empty and one != "viewer"
            }
            missing = [value for value in needed.values() if str(value).startswith("say what")]
            assert missing == []
            for stranger in (Guest(), *network.people.values()):
                asked += 1
                try:
                    found = list(leaves(query(**needed, viewer=stranger)))
                except (NoResultFound, NotAllowed):
                    continue
                wrong += [f"{name} tells {one!r}" for one in found if is_secret(one)]
        assert wrong == []
        assert asked > 100

    def test_the_test_would_see_it(self, network: Network, known: dict[str, Any]) -> None:
        manager, telling = makers.a_manager(), set()
        for name, query in asking():
            takes = inspect.signature(query).parameters
            needed = {one: known[one] for one in takes if one in known and one not in ("partner", "town")}
            needed |= {"partner": None} if takes.get("partner") else {}
            try:
                found = list(leaves(query(**needed, viewer=manager)))
            except NoResultFound:
                continue
            telling |= {name} if any(is_secret(one) for one in found) else set()
        assert len(telling) > 15, "what a manager is told is seen as secret"


def asking() -> Iterator[tuple[str, Any]]:
    """Every public query of the two rooms that is asked for a viewer."""
    for package in (money, partners):
        for module in iter_modules(package.__path__, f"{package.__name__}."):
            for name, one in inspect.getmembers(import_module(module.name), inspect.isfunction):
                is_own = one.__module__ == module.name and not name.startswith("_")
                if is_own and "viewer" in inspect.signature(one).parameters:
                    yield name, one


def leaves(thing: Any) -> Iterator[Any]:
    """Everything in an answer, however deep."""
    if isinstance(thing, Select):
        yield from leaves(db.session.execute(thing).all())
    elif is_dataclass(thing) and not isinstance(thing, type):
        for field in fields(thing):
            yield from leaves(getattr(thing, field.name))
    elif isinstance(thing, Mapping):
        yield from leaves(list(thing.items()))
    elif isinstance(thing, Sequence | set | frozenset) and not isinstance(thing, str | bytes):
        for one in thing:
            yield from leaves(one)
    else:
        yield thing


def is_secret(leaf: Any) -> bool:
    """Whether it is a row of partners or money, a name of one, or a sum."""
    if isinstance(leaf, Model):
        return type(leaf).__module__.partition(".")[2].partition(".")[0] in ROOMS
    if isinstance(leaf, str):
        return "bolaget" in leaf or "Bodenbo" in leaf or bool(betrayed(leaf))
    return isinstance(leaf, int) and not isinstance(leaf, bool) and leaf in {kr * KR for kr in SUMS.values()}


def test_uuids_are_no_sums() -> None:
    assert not is_secret(UUID(int=7))
