"""The money as files, and what funders want in one's own calendar."""

import io
import zipfile
from datetime import date

import openpyxl
import pytest
from flask import Flask

from choir_app.accounts.models import Account
from choir_app.foundation import sheets
from choir_app.foundation.database import db
from choir_app.funding import actions, queries
from choir_app.funding.queries.exports import kronor_number
from tests import makers
from tests.funding.made import a_payment, an_instalment
from tests.funding.test_queries_forecast import KR, TODAY, a_singing_choir
from tests.statements import at_most
from tests.visitor import Visitor

FILES = "/finansiering/filer"


@pytest.fixture
def manager(app: Flask, visitor: Visitor) -> Account:
    account = makers.a_manager()
    visitor.signs_in(account)
    return account


@pytest.fixture
def network(manager: Account) -> None:
    """Two choirs, one agreement that is paid in part, one idea, a balance."""
    boden, umea = a_singing_choir("Boden", cost=1_000), a_singing_choir("Umeå", cost=500)
    bodenbo = makers.a_partner("Bodenbo", "Boden")
    agreement = makers.an_agreement(
        20_000 * KR, boden, partner=bodenbo, usable_to=date(2026, 12, 31), grantee="Föreningen", name="=1+1"
    )
    instalment = an_instalment(agreement, 15_000 * KR, date(2026, 9, 1))
    a_payment(agreement, 5_000_50, date(2026, 6, 1), (instalment, 5_000_50))
    makers.a_cost_line(umea, 700 * KR, "monthly", category="venue", day_of_month=25)
    makers.a_balance(9_000 * KR, TODAY)
    actions.add_opportunity(
        makers.a_partner("Energibolaget"),
        name="Kören i Umeå",
        why="De finns i Umeå.",
        by=manager,
    )


def content(visitor: Visitor) -> bytes:
    """The file that was fetched."""
    assert visitor.answer is not None
    return visitor.answer.get_data()


def csv_of(visitor: Visitor, which: str) -> list[list[str]]:
    visitor.opens(f"{FILES}/{which}.csv")
    return sheets.read_file(content(visitor), field="file")


class TestFiles:
    def test_agreements_with_what_became_of_them(self, visitor: Visitor, network: None) -> None:
        heads, row = csv_of(visitor, "avtal")
        told = dict(zip(heads, row, strict=True))
        assert told["Partner"] == "Bodenbo"
        assert told["Avtal"] == "=1+1", "it reads back, though no cell of the file is a formula"
        assert b'"\'=1+1"' in content(visitor)
        assert told["Efter ändringar, kronor"] == "20000"
        assert told["Inbetalt, kronor"] == "5000,5"
        assert (told["För"], told["Gäller till"]) == ("Boden", "2026-12-31")
        assert visitor.answer is not None
        assert visitor.answer.headers["Cache-Control"] == "no-store"
        assert visitor.answer.headers["Content-Disposition"].endswith('"avtal-2026-06-16.csv"')

    def test_what_is_to_come_and_what_came(self, visitor: Visitor, network: None) -> None:
        assert csv_of(visitor, "utbetalningar")[1][2:] == ["2026-09-01", "15000", "5000,5", "9999,5"]
        assert csv_of(visitor, "inbetalningar")[1] == ["2026-06-01", "Bodenbo", "=1+1", "5000,5"]

    def test_everything_as_it_was_known_on_a_day(
        self, visitor: Visitor, network: None, manager: Account
    ) -> None:
        day = date(2026, 5, 31)  # before anything came
        older = makers.an_agreement(900 * KR, signed_on=date(2026, 1, 7), name="Äldre")
        actions.amend(older, on=date(2026, 3, 1), delta_ore=100 * KR, by=manager)
        actions.amend(older, on=date(2026, 6, 2), delta_ore=50 * KR, by=manager)
        a_payment(older, 300 * KR, date(2026, 4, 1))
        a_payment(older, 70 * KR, date(2026, 6, 3))
        over = makers.a_cost_line(None, 5 * KR, "monthly", day_of_month=1, valid_from=date(2026, 1, 1))
        over.valid_to = date(2026, 3, 31)
        db.session.commit()

        def of(which: str) -> list[list[str]]:
            visitor.opens(f"{FILES}/{which}.csv?per={day}")
            return sheets.read_file(content(visitor), field="file")

        heads, *agreements = of("avtal")
        told = {row[1]: dict(zip(heads, row, strict=True)) for row in agreements}
        assert told["Äldre"]["Efter ändringar, kronor"] == "1000"
        assert told["Äldre"]["Inbetalt, kronor"] == "300"
        assert [row[0] for row in of("inbetalningar")[1:]] == ["2026-04-01"]
        assert all(row[1] in told for row in of("utbetalningar")[1:])
        assert "2026-03-31" not in [row[-1] for row in of("kostnader")]
        assert visitor.answer is not None
        assert visitor.answer.headers["Content-Disposition"].endswith('"kostnader-2026-05-31.csv"')
        visitor.opens(f"{FILES}/kostnader.csv?per=2026-03-31")
        assert "2026-03-31" in [row[-1] for row in sheets.read_file(content(visitor), field="file")]

    def test_what_is_asked_for(self, visitor: Visitor, network: None) -> None:
        heads, row = csv_of(visitor, "mojligheter")
        told = dict(zip(heads, row, strict=True))
        assert (told["Partner"], told["Steg"], told["Chans, procent"]) == ("Energibolaget", "Idé", "3,0")

    def test_costs(self, visitor: Visitor, network: None) -> None:
        rows = csv_of(visitor, "kostnader")[1:]
        assert [(row[0], row[1], row[3], row[5]) for row in rows] == [
            ("Boden", "Körledare", "Varje repetition", "1000"),
            ("Umeå", "Körledare", "Varje repetition", "500"),
            ("Umeå", "Lokal", "Varje månad", "700"),
        ]

    def test_the_months_are_those_of_the_page(self, visitor: Visitor, network: None) -> None:
        found = queries.answers(queries.facts(TODAY))
        rows = csv_of(visitor, "prognos")[1:]
        whole = [row for row in rows if row[0] == "Alla körer"]
        months = queries.months_of(found, until=found.facts.horizon)
        assert [row[2] for row in whole] == [str(one.cost_ore // KR) for one in months]
        for place in range(2, 7):
            parts, total = (
                sum(
                    float(row[place].replace(",", "."))
                    for row in rows
                    if (row[0] == "Alla körer") is is_whole
                )
                for is_whole in (False, True)
            )
            assert parts == pytest.approx(total), "the choirs add up to the whole"

    def test_until_when(self, visitor: Visitor, network: None) -> None:
        told = queries.forecast(TODAY)
        rows = {row[0]: row for row in csv_of(visitor, "finansierad")[1:]}
        for choir in told.choirs:
            assert rows[choir.name][1] == str(choir.financed.to)
        assert rows["Alla körer"][1] == str(told.network.to)

    def test_as_of_another_day(self, visitor: Visitor, network: None) -> None:
        visitor.opens(f"{FILES}?per=2026-09-01").sees("Siffrorna gäller 1 september 2026.")
        visitor.opens(f"{FILES}/prognos.csv?per=2026-09-01")
        assert sheets.read_file(content(visitor), field="file")[1][1] == "2026-09"

    def test_excel_holds_numbers_and_days(self, visitor: Visitor, network: None) -> None:
        visitor.opens(f"{FILES}/avtal.xlsx")
        page = openpyxl.load_workbook(io.BytesIO(content(visitor))).worksheets[0]
        heads, row = ([cell.value for cell in line] for line in page.iter_rows())
        told = dict(zip(heads, row, strict=True))
        assert (told["Efter ändringar, kronor"], told["Inbetalt, kronor"]) == (20_000, 5_000.5)
        assert told["Avtal"] == "=1+1"
        assert page["B2"].data_type == "s", "a text, not a formula"
        assert told["Gäller till"].date() == date(2026, 12, 31)  # type: ignore[union-attr]  # it is a day

    def test_all_at_once(self, visitor: Visitor, network: None) -> None:
        visitor.opens(f"{FILES}/allt.xlsx")
        names = openpyxl.load_workbook(io.BytesIO(content(visitor))).sheetnames
        assert names == [str(name) for name in queries.SHEET_NAMES.values()]
        visitor.opens(f"{FILES}/allt.zip")
        packed = zipfile.ZipFile(io.BytesIO(content(visitor))).namelist()
        assert packed == [f"{which}.csv" for which in queries.SHEET_NAMES]

    def test_an_empty_house(self, visitor: Visitor, manager: Account) -> None:
        visitor.opens(FILES).sees("Allt i en Excel-fil", "Väntade utbetalningar")
        for which in queries.SHEET_NAMES:
            visitor.opens(f"{FILES}/{which}.csv")
            visitor.opens(f"{FILES}/{which}.xlsx")
        visitor.opens(f"{FILES}/okant.csv", 404)
        visitor.opens(f"{FILES}/avtal.pdf", 404)

    def test_nobody_is_named(self, visitor: Visitor, network: None, manager: Account) -> None:
        for which in queries.SHEET_NAMES:
            visitor.opens(f"{FILES}/{which}.csv")
            assert manager.name not in content(visitor).decode()

    def test_no_rows_for_whoever_may_not_see_the_money(self, network: None) -> None:
        leader = makers.a_leader()
        assert [sheet.rows for sheet in queries.money_sheets(viewer=leader, as_of=TODAY)] == [[]] * 7

    def test_statements_do_not_grow_with_the_rows(self, visitor: Visitor, network: None) -> None:
        for number in range(4):
            agreement = makers.an_agreement(KR, a_singing_choir(f"Ort {number}"))
            a_payment(agreement, KR, TODAY, (an_instalment(agreement, KR, TODAY), KR))
        for which, most in (("utbetalningar", 3), ("inbetalningar", 2), ("kostnader", 3)):
            visitor.opens(f"{FILES}/{which}.csv")
            with at_most(most, "statements"):
                visitor.opens(f"{FILES}/{which}.csv")


def test_sums_are_exact_numbers_of_kronor() -> None:
    assert [kronor_number(ore) for ore in (None, 0, 100, -150, 10**12 - 1)] == [
        None,
        0,
        1,
        -1.5,
        9999999999.99,
    ]
