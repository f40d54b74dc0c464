"""Costs: sums as people type them, a term copied to the next, help in kind that follows."""

import re
from contextlib import nullcontext
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask

from choir_app.accounts.models import Account
from choir_app.foundation.audit import AuditEntry
from choir_app.foundation.database import db
from choir_app.foundation.refusal import Refusal
from choir_app.funding import actions, queries
from choir_app.funding.models import BankBalance, CostLine, InKind
from choir_app.funding.rules.cost_plans import Standing, Term
from tests import makers
from tests.funding.test_queries_forecast import KR, TODAY, a_singing_choir
from tests.partners.test_at_once import count, pressed_at_once
from tests.statements import at_most
from tests.visitor import Visitor

SPRING, AUTUMN = Term(2026, 1), Term(2026, 2)
COPY = "/finansiering/kostnader/kopiera"


@pytest.fixture
def manager(app: Flask, visitor: Visitor) -> Account:
    account = makers.a_manager()
    visitor.signs_in(account)
    return account


def lines() -> list[CostLine]:
    """The costs that stand, the newest last."""
    return list(
        db.session.scalars(queries.standing(CostLine).order_by(CostLine.noted_at, CostLine.valid_from))
    )


class TestSumsAsTyped:
    @pytest.mark.parametrize(
        ("typed", "ore"),
        [("12 500,50", 1_250_050), ("12500:-", 1_250_000), ("1,7 mkr", 170_000_000), ("250 tkr", 25_000_000)],
    )
    def test_are_read(self, visitor: Visitor, manager: Account, typed: str, ore: int) -> None:
        visitor.opens("/finansiering/kassan")
        visitor.sends("/finansiering/kassan", sum=typed, as_of=TODAY, receipt=uuid4()).sees(
            "Saldot är sparat."
        )
        assert db.session.query(BankBalance).one().ore == ore

    def test_with_two_readings_are_asked_about(self, visitor: Visitor, manager: Account) -> None:
        visitor.opens("/finansiering/kassan")
        visitor.sends("/finansiering/kassan", 422, sum="1.250", as_of=TODAY, receipt=uuid4())
        visitor.sees("1.250 kan betyda 1 250 kr eller 1,25 kr. Skriv på ett av de sätten.")
        assert db.session.query(BankBalance).count() == 0


class TestCopying:
    def test_a_term_leaves_the_old_costs_as_they_were(self, app: Flask) -> None:
        choir, manager = makers.a_choir(), makers.a_manager()
        old = makers.a_cost_line(
            choir, 1_500 * KR, what="Elin", valid_from=date(2026, 1, 15), valid_to=date(2026, 6, 30)
        )
        rent = makers.a_cost_line(
            choir, 800 * KR, "monthly", category="venue", day_of_month=25, valid_to=date(2026, 6, 30)
        )
        made = actions.copy_costs(
            [old.id, rent.id], source=SPRING, target=AUTUMN, change_bp=300, receipt=uuid4(), by=manager
        )
        assert [(one.what, one.ore, one.valid_from, one.valid_to, one.day_of_month) for one in made] == [
            (None, 824 * KR, date(2026, 7, 1), date(2026, 12, 31), 25),
            ("Elin", 1_545 * KR, date(2026, 7, 15), date(2026, 12, 31), None),
        ]
        assert {one.noted_by_id for one in made} == {manager.id}
        assert len(lines()) == 4
        entry = db.session.query(AuditEntry).where(AuditEntry.subject_id == made[1].id).one()
        assert (entry.after or {})["ore"] == 1_545 * KR

    def test_a_cost_that_goes_on_ends_where_its_copy_begins(self, app: Flask) -> None:
        choir = a_singing_choir(cost=1_000)
        [old] = lines()
        before = {row.on: row.ore for row in queries.facts(TODAY).demands}
        actions.copy_costs(
            [old.id], source=SPRING, target=AUTUMN, change_bp=1_000, receipt=uuid4(), by=makers.a_manager()
        )
        after = {row.on: row.ore for row in queries.facts(TODAY).demands}
        assert before.keys() == after.keys(), "every rehearsal costs once"
        for on, ore in after.items():
            assert ore == (before[on] if on < AUTUMN.first_on else before[on] * 110 // 100)
        assert {row.valid_to for row in queries.cost_rows(viewer=makers.a_manager()) if row.id == old.id} == {
            date(2026, 6, 30)
        }
        assert choir.id == lines()[-1].choir_id

    def test_help_in_kind_follows(self, app: Flask) -> None:
        choir, manager, hall = makers.a_choir(), makers.a_manager(), makers.a_partner("Folkets hus")
        rent = makers.a_cost_line(choir, 800 * KR, category="venue", valid_to=SPRING.last_on)
        for until in (None, SPRING.last_on):
            actions.add_in_kind(
                hall, choir, what="lån", replaces=rent, valid_from=SPRING.first_on, valid_to=until, by=manager
            )
        [copy] = actions.copy_costs([rent.id], source=SPRING, target=AUTUMN, receipt=uuid4(), by=manager)
        [follows] = db.session.query(InKind).where(InKind.replaces_id == copy.id)
        assert (follows.valid_from, follows.valid_to, follows.partner_id) == (AUTUMN.first_on, None, hall.id)

    def test_the_same_form_twice_copies_once(self, app: Flask) -> None:
        manager, line = makers.a_manager(), makers.a_cost_line(makers.a_choir(), KR, valid_to=SPRING.last_on)
        receipt = uuid4()
        first, again = (
            actions.copy_costs([line.id], source=SPRING, target=AUTUMN, receipt=receipt, by=manager)
            for _time in range(2)
        )
        assert [one.id for one in first] == [one.id for one in again]
        assert len(lines()) == 2

    def test_what_was_changed_meanwhile_is_refused_whole(self, app: Flask) -> None:
        manager, choir = makers.a_manager(), makers.a_choir()
        kept, struck = (
            makers.a_cost_line(choir, KR, category=category, valid_to=SPRING.last_on)
            for category in ("leader", "venue")
        )
        actions.reverse_cost_line(struck, by=manager)
        with pytest.raises(Refusal) as no:
            actions.copy_costs(
                [kept.id, struck.id], source=SPRING, target=AUTUMN, receipt=uuid4(), by=manager
            )
        assert no.value.field == "lines"
        assert len(lines()) == 1

    def test_what_somebody_else_copied_meanwhile_is_not_copied_again(self, app: Flask) -> None:
        manager, other = makers.a_manager(), makers.a_manager("Karin Lövgren")
        line = makers.a_cost_line(makers.a_choir(), KR, valid_to=SPRING.last_on)
        seen = queries.digest_of(queries.cost_plan(viewer=manager, source=SPRING, target=AUTUMN))
        for by in (other, manager):
            with nullcontext() if by is other else pytest.raises(Refusal, match="Någon har ändrat"):
                actions.copy_costs([line.id], source=SPRING, target=AUTUMN, receipt=uuid4(), seen=seen, by=by)
        assert len(lines()) == 2

    def test_nothing_and_backwards_are_refused(self, app: Flask) -> None:
        manager, line = makers.a_manager(), makers.a_cost_line(makers.a_choir(), KR, valid_to=SPRING.last_on)
        wrong: tuple[tuple[list[UUID], Term, Term, str], ...] = (
            ([], SPRING, AUTUMN, "lines"),
            ([line.id], AUTUMN, SPRING, "till"),
            ([line.id], SPRING, SPRING, "till"),
            ([uuid4()], SPRING, AUTUMN, "lines"),
        )
        for chosen, source, target, field in wrong:
            with pytest.raises(Refusal) as no:
                actions.copy_costs(chosen, source=source, target=target, receipt=uuid4(), by=manager)
            assert no.value.field == field

    def test_a_copy_is_known_when_it_is_there(self, app: Flask) -> None:
        manager, line = makers.a_manager(), makers.a_cost_line(makers.a_choir(), KR, valid_to=SPRING.last_on)
        actions.copy_costs([line.id], source=SPRING, target=AUTUMN, receipt=uuid4(), by=manager)
        [row] = queries.cost_plan(viewer=manager, source=SPRING, target=AUTUMN)
        assert row.copy.standing == Standing.IS_THERE
        assert queries.cost_plan(viewer=makers.an_editor(), source=SPRING, target=AUTUMN) == []


class TestThePage:
    def test_shows_everything_before_it_is_saved(self, visitor: Visitor, manager: Account) -> None:
        choir = a_singing_choir(cost=1_000)
        [going_on] = lines()
        hall = makers.a_partner("Folkets hus")
        rent = makers.a_cost_line(choir, 800 * KR, category="venue", what="Salen", valid_to=SPRING.last_on)
        actions.add_in_kind(hall, choir, what="lånar ut salen", replaces=rent, valid_from=TODAY, by=manager)
        shared = makers.a_cost_line(None, 60_000, "once", category="concert", valid_from=date(2026, 5, 20))
        visitor.opens("/finansiering/kostnader").sees("Kopiera en termin")
        visitor.opens(COPY).sees("Boden", "Fortsätter av sig själv.", "Salen : 800 kr")
        visitor.sees("Folkets hus hjälper till även då: lånar ut salen.", "En gång, 20 november 2026")
        asked = f"{COPY}?fran=2026-1&till=2026-2&procent=2,5"
        visitor.opens(asked).sees("820 kr (nu 800 kr)", "Den gamla kostnaden slutar 30 juni 2026.")
        visitor.sends(asked, lines=[str(rent.id), str(shared.id), str(going_on.id)], receipt=uuid4())
        visitor.sees("3 kostnader är kopierade till hösten 2026.", "1 025 kr", "820 kr", "615 kr")
        visitor.opens(asked).sees("Finns redan")

    def test_takes_only_what_is_chosen(self, visitor: Visitor, manager: Account) -> None:
        choir = makers.a_choir()
        rent, coffee = (
            makers.a_cost_line(choir, KR, category=category, valid_to=SPRING.last_on)
            for category in ("venue", "coffee")
        )
        visitor.opens(COPY).sends(COPY, lines=coffee.id, receipt=uuid4()).sees("1 kostnad är kopierad")
        assert [line.category for line in lines() if line.valid_from == AUTUMN.first_on] == ["coffee"]
        visitor.opens(COPY).sends(COPY, 422, receipt=uuid4()).sees("Välj minst en kostnad.")
        assert rent.id in {line.id for line in lines()}

    @pytest.mark.parametrize(
        "asked",
        ["fran=2026-2&till=2026-1", "fran=1990-1", "till=x", "procent=mycket", "procent=-100", "procent=nan"],
    )
    def test_what_cannot_be_asked(self, visitor: Visitor, manager: Account, asked: str) -> None:
        makers.a_cost_line(makers.a_choir(), KR)
        visitor.opens(f"{COPY}?{asked}", 422).sees("Kopiera en termin")

    def test_two_at_once_second_sees_what_the_first_did(self, visitor: Visitor, manager: Account) -> None:
        line = makers.a_cost_line(makers.a_choir(), KR, valid_to=SPRING.last_on)
        visitor.opens(COPY)
        found = re.search(r'name="seen" type="hidden" value="(\w+)"', visitor.html)
        assert found
        actions.copy_costs([line.id], source=SPRING, target=AUTUMN, receipt=uuid4(), by=manager)
        visitor.sends(COPY, 422, lines=line.id, seen=found.group(1), receipt=uuid4())
        visitor.sees("Någon har ändrat kostnaderna. Titta igen och välj på nytt.", "Finns redan")
        assert found.group(1) not in visitor.html, "sent again, it says what is seen now"
        assert len(lines()) == 2

    def test_an_empty_term(self, visitor: Visitor, manager: Account) -> None:
        visitor.opens(COPY).sees("Det finns inga kostnader i våren 2026.")

    def test_statements_do_not_grow_with_the_choirs(self, visitor: Visitor, manager: Account) -> None:
        for number in range(6):
            choir = makers.a_choir(town=f"Ort {number}")
            line = makers.a_cost_line(choir, KR, valid_to=SPRING.last_on)
            partner = makers.a_partner(f"Partner {number}")
            actions.add_in_kind(partner, choir, what="lån", replaces=line, valid_from=TODAY, by=manager)
        visitor.opens(COPY)
        with at_most(8, "statements"):
            visitor.opens(COPY)


class TestHelpInKind:
    def test_says_what_it_is_worth_and_when_the_cost_is_gone(
        self, visitor: Visitor, manager: Account
    ) -> None:
        choir, hall = makers.a_choir(), makers.a_partner("Folkets hus")
        rent = makers.a_cost_line(choir, 800 * KR, category="venue")
        actions.add_in_kind(hall, choir, what="lånar ut salen", replaces=rent, valid_from=TODAY, by=manager)
        visitor.opens("/finansiering/kostnader").sees("ersätter Lokal", "800 kr varje repetition")
        actions.reverse_cost_line(rent, by=manager)
        visitor.opens("/finansiering/kostnader").sees("kostnaden är struken").misses("ersätter Lokal")

    def test_replaces_no_cost_that_is_over(self, visitor: Visitor, manager: Account) -> None:
        choir = makers.a_choir()
        makers.a_partner()
        makers.a_cost_line(choir, KR, what="gamla salen", valid_to=TODAY - timedelta(days=1))
        makers.a_cost_line(choir, KR, what="nya salen")
        visitor.opens("/finansiering/naturastod/nytt").sees("nya salen").misses("gamla salen")


class TestTheList:
    def test_says_what_a_month_and_a_rehearsal_cost(self, visitor: Visitor, manager: Account) -> None:
        choir = a_singing_choir(cost=1_000)
        makers.a_cost_line(choir, 350 * KR, category="coffee")
        makers.a_cost_line(choir, 99 * KR, valid_to=TODAY - timedelta(days=1))
        makers.a_cost_line(choir, 800 * KR, "monthly", day_of_month=25)
        visitor.opens("/finansiering/kostnader").sees("Varje repetition kostar 1 350 kr.")
        usual = queries.usual_month_ore(TODAY)
        assert usual >= 800 * KR + 4 * 1_350 * KR
        told = (usual + 50 * KR) // (100 * KR) * 100
        visitor.sees(f"En vanlig månad kostar ungefär {told // 1000} {told % 1000:03} kr")

    def test_counts_without_what_is_given(self, visitor: Visitor, manager: Account) -> None:
        choir, hall = a_singing_choir(cost=1_000), makers.a_partner("Folkets hus")
        rent = makers.a_cost_line(choir, 700 * KR, category="venue")
        visitor.opens("/finansiering/kostnader").sees("Varje repetition kostar 1 700 kr.")
        actions.add_in_kind(hall, choir, what="salen", replaces=rent, valid_from=TODAY, by=manager)
        visitor.opens("/finansiering/kostnader").sees("Varje repetition kostar 1 000 kr.")

    def test_without_any_it_asks_for_the_first(self, visitor: Visitor, manager: Account) -> None:
        visitor.opens("/finansiering/kostnader").sees("Vad kostar en repetition?").misses("En vanlig månad")


class TestAtOnce:
    def test_a_copy_pressed_four_times_is_one(self, visitor: Visitor, manager: Account) -> None:
        line = makers.a_cost_line(makers.a_choir(), KR, valid_to=SPRING.last_on)
        told = {"lines": str(line.id), "receipt": str(uuid4())}
        assert pressed_at_once(visitor, COPY, [told] * 4) == [303] * 4
        assert count(CostLine) == 2

    def test_of_four_who_copy_the_same_one_does(self, visitor: Visitor, manager: Account) -> None:
        line = makers.a_cost_line(makers.a_choir(), KR, valid_to=SPRING.last_on)
        seen = queries.digest_of(queries.cost_plan(viewer=manager, source=SPRING, target=AUTUMN))
        each = [{"lines": str(line.id), "receipt": str(uuid4()), "seen": seen} for _press in range(4)]
        assert sorted(pressed_at_once(visitor, COPY, each)) == [303, 422, 422, 422]
        assert count(CostLine) == 2
