"""Every change of money in the log: what stood there before and after, in words."""

from datetime import date

import pytest
from flask import Flask

from choir_app.accounts.queries import log_lines
from choir_app.foundation import audit
from choir_app.foundation.database import Model, db
from choir_app.funding import actions
from choir_app.funding.queries.log_words import FIELD_NAMES, NOT_TOLD
from tests import makers
from tests.funding.test_actions import ABOUT_MONEY
from tests.visitor import Visitor

KR = 100
TODAY = date(2026, 6, 16)


def changes() -> list[tuple[str, ...]]:
    """What the log says of each deed, the newest first."""
    db.session.flush()
    return [line.changes for line in log_lines(1)[0]]


class TestWords:
    def test_a_new_row_says_what_stands_there(self, app: Flask) -> None:
        choir = makers.a_choir(town="Boden")
        actions.add_cost_line(
            choir,
            category="leader",
            driver="per_rehearsal",
            ore=1_500 * KR,
            valid_from=TODAY,
            by=makers.a_manager(),
        )
        assert changes() == [
            (
                "Belopp: 1\u00a0500\u00a0kr",
                "Från: 16 juni 2026",
                "Hur ofta: Varje repetition",
                "Kör: Boden",
                "Vad: Körledare",
            )
        ]

    def test_a_row_taken_back_says_what_stood_there(self, app: Flask) -> None:
        balance = makers.a_balance(-5_050, TODAY)
        actions.reverse_balance(balance, by=makers.a_manager())
        assert changes() == [("Belopp: stod −50,50\u00a0kr", "Till och med: stod 16 juni 2026")]

    def test_a_change_says_both(self, app: Flask) -> None:
        choir, manager = makers.a_choir(), makers.a_manager()
        line = makers.a_cost_line(choir, KR, valid_to=date(2026, 12, 31))
        actions.end_cost_line(line, last_day=TODAY, by=manager)
        assert changes() == [("Sista dagen: 16 juni 2026 (stod 31 december 2026)",)]
        agreement = makers.an_agreement(KR, choir)
        with audit.change("agreement.changed", agreement, by=manager):
            agreement.repay_unspent, agreement.allocation = True, "all"
            agreement.choirs = []
        newest = log_lines(1)[0]
        assert {
            "Det som blir över ska betalas tillbaka: ja (stod –)",
            "För: Alla körer (stod Vissa körer)",
            f"Körer: – (stod {choir.name})",
        } in [set(line.changes) for line in newest]

    def test_shares_of_money_dates_and_sums_in_a_row(self, app: Flask) -> None:
        agreement = makers.an_agreement(KR)
        kept = {
            "kind": "final_report",
            "parts": [500_000, 250],
            "lag_days": 0,
            "stage": "pledged",
            "size": "middle",
        }
        audit.note("agreement.changed", agreement, by=None, after=kept)
        assert changes() == [
            ("Delar: 5\u00a0000\u00a0kr, 2,50\u00a0kr", "Steg: Löfte", "Storlek: Mellan", "Vad: Slutrapport")
        ]

    def test_what_has_no_name_any_more_is_left_out(self, app: Flask) -> None:
        agreement = makers.an_agreement(KR)
        gone = str(agreement.id)  # nobody has this id
        audit.note("agreement.added", agreement, by=None, after={"owner_id": gone, "own_bp": 4550})
        assert changes() == [("Egen chans: 45,5 %",)]

    @pytest.mark.parametrize("table", [*ABOUT_MONEY, "deadlines", "packages", "proposals", "stage_chances"])
    def test_every_field_that_is_kept_has_words(self, app: Flask, table: str) -> None:
        model = next(one.class_ for one in Model.registry.mappers if one.class_.__tablename__ == table)
        assert audit.state(model()).keys() - FIELD_NAMES.keys() - NOT_TOLD == set()


def test_the_page_shows_them_to_administrators(visitor: Visitor) -> None:
    actions.note_balance(as_of=TODAY, ore=68_000 * KR, by=makers.a_manager())
    db.session.commit()
    visitor.signs_in(makers.an_administrator()).opens("/installningar/logg").sees(
        "skrev in ett saldo", "Belopp: 68 000 kr"
    )
