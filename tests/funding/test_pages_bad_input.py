"""What people may send by mistake or by malice: a clear sentence beside the field, all that was typed kept."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from choir_app.foundation.database import Model, db
from tests import makers
from tests.visitor import Visitor

NOBODY = UUID("00000000-0000-4000-8000-000000000000")
"""An id that nothing has; the same each time, since it is part of the tests' names."""

TODAY = date(2026, 6, 16)
LONG = "a" * 5_000
NUMBER = "19121212-1212"


@dataclass
class House:
    """What a form can be about, and an administrator who sends it."""

    visitor: Visitor
    ids: dict[str, str]

    def rows(self) -> int:
        """How many rows there are of everything."""
        tables = [t for t in Model.metadata.sorted_tables if t.name not in ("sign_ins", "letters")]
        return sum(db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


@pytest.fixture
def house(app: Flask, visitor: Visitor) -> House:
    partner, choir = makers.a_partner(), makers.a_choir()
    agreement, line = makers.an_agreement(100_000, choir, partner=partner), makers.a_cost_line(choir, 100)
    makers.a_balance(0, TODAY)
    visitor.signs_in(makers.a_manager())
    return House(
        visitor,
        {
            "partner": str(partner.id),
            "choir": str(choir.id),
            "agreement": str(agreement.id),
            "line": str(line.id),
        },
    )


AGREEMENT = {
    "partner": "{partner}",
    "name": "Kören",
    "amount": "100",
    "signed_on": "2026-06-01",
    "usable_from": "2026-06-01",
    "usable_to": "",
    "allocation": "choirs",
    "choirs": "{choir}",
}
AMENDMENT = {"on": "2026-06-01", "delta": "5", "new_usable_to": "", "note": ""}
PAYMENT = {"on": "2026-06-01", "sum": "5", "note": ""}
SPENT = {"as_of": "2026-06-01", "sum": "5"}
DEADLINE = {"kind": "final_report", "due_on": "2026-12-01", "owner": ""}
COST = {
    "choir": "{choir}",
    "category": "leader",
    "what": "",
    "driver": "per_rehearsal",
    "sum": "100",
    "day_of_month": "",
    "valid_from": "2026-06-01",
    "valid_to": "",
}
END = {"last_day": "2026-12-31"}
BALANCE = {"as_of": "2026-06-01", "sum": "100"}
IN_KIND = {
    "partner": "{partner}",
    "choir": "{choir}",
    "what": "lånar ut lokalen",
    "replaces": "",
    "valid_from": "2026-06-01",
    "valid_to": "",
}
PROGRAMME = {
    "partner": "{partner}",
    "name": "Projektstöd",
    "website": "",
    "opens_on": "2026-06-01",
    "closes_on": "2026-08-31",
    "decision_lead_days": "60",
    "payout_lag_days": "30",
    "min_sum": "1000",
    "max_sum": "9000",
    "own_share": "",
    "success": "",
    "rules": "",
}
LOG = {"note": "Ringde Anna.", "kind": "call", "happened_on": "2026-06-01", "contact": ""}

FORMS = {
    "/finansiering/avtal/nytt": AGREEMENT,
    "/finansiering/avtal/{agreement}/andring": AMENDMENT,
    "/finansiering/avtal/{agreement}/inbetalning": PAYMENT,
    "/finansiering/avtal/{agreement}/anvant": SPENT,
    "/finansiering/avtal/{agreement}/sista-dag": DEADLINE,
    "/finansiering/kostnader/ny": COST,
    "/finansiering/kostnader/{line}/avsluta": END,
    "/finansiering/kassan": BALANCE,
    "/finansiering/naturastod/nytt": IN_KIND,
    "/finansiering/program/nytt": PROGRAMME,
    "/partner/bodenbo": LOG,
}

STRANGE_SUMS = ["abc", "1e9", "٣", "99999999999999999999", "5,5,5", "NaN", "1.5.5"]
STRANGE_DAYS = ["2026-02-30", "30/6", "0001-01-01", "99999-01-01", "i morgon", "2026-06-01T10:00"]

WRONG: list[tuple[str, str, Any]] = [
    *(("/finansiering/avtal/nytt", "amount", typed) for typed in [*STRANGE_SUMS, "", "0", "-5"]),
    *(("/finansiering/avtal/nytt", "usable_from", typed) for typed in [*STRANGE_DAYS, ""]),
    ("/finansiering/avtal/nytt", "usable_to", "2026-05-31"),
    ("/finansiering/avtal/nytt", "signed_on", "2026-06-17"),
    ("/finansiering/avtal/nytt", "partner", ""),
    ("/finansiering/avtal/nytt", "partner", str(NOBODY)),
    ("/finansiering/avtal/nytt", "partner", "x"),
    ("/finansiering/avtal/nytt", "name", ""),
    ("/finansiering/avtal/nytt", "name", LONG),
    ("/finansiering/avtal/nytt", "name", NUMBER),
    ("/finansiering/avtal/nytt", "name", "a\x00b"),
    ("/finansiering/avtal/nytt", "allocation", ""),
    ("/finansiering/avtal/nytt", "allocation", "some"),
    ("/finansiering/avtal/nytt", "choirs", ""),
    ("/finansiering/avtal/nytt", "choirs", str(NOBODY)),
    ("/finansiering/avtal/{agreement}/andring", "delta", ""),
    *(("/finansiering/avtal/{agreement}/andring", "delta", typed) for typed in [*STRANGE_SUMS, "-1001"]),
    ("/finansiering/avtal/{agreement}/andring", "on", "2026-06-17"),
    ("/finansiering/avtal/{agreement}/andring", "new_usable_to", "2019-01-01"),
    ("/finansiering/avtal/{agreement}/andring", "note", LONG),
    *(("/finansiering/avtal/{agreement}/inbetalning", "sum", typed) for typed in [*STRANGE_SUMS, "", "0"]),
    *(
        ("/finansiering/avtal/{agreement}/inbetalning", "on", typed)
        for typed in [*STRANGE_DAYS, "", "2026-06-17"]
    ),
    *(("/finansiering/avtal/{agreement}/anvant", "sum", typed) for typed in [*STRANGE_SUMS, "", "-1"]),
    ("/finansiering/avtal/{agreement}/anvant", "as_of", "2026-06-17"),
    ("/finansiering/avtal/{agreement}/sista-dag", "kind", ""),
    ("/finansiering/avtal/{agreement}/sista-dag", "kind", "party"),
    ("/finansiering/avtal/{agreement}/sista-dag", "due_on", ""),
    ("/finansiering/avtal/{agreement}/sista-dag", "owner", str(NOBODY)),
    *(("/finansiering/kostnader/ny", "sum", typed) for typed in [*STRANGE_SUMS, "", "0", "-5"]),
    ("/finansiering/kostnader/ny", "choir", ""),
    ("/finansiering/kostnader/ny", "choir", str(NOBODY)),
    ("/finansiering/kostnader/ny", "category", "gold"),
    ("/finansiering/kostnader/ny", "driver", "daily"),
    ("/finansiering/kostnader/ny", "driver", "monthly"),
    ("/finansiering/kostnader/ny", "day_of_month", "32"),
    ("/finansiering/kostnader/ny", "day_of_month", "1.5"),
    ("/finansiering/kostnader/ny", "valid_to", "2026-05-31"),
    ("/finansiering/kostnader/ny", "what", NUMBER),
    ("/finansiering/kostnader/{line}/avsluta", "last_day", ""),
    ("/finansiering/kostnader/{line}/avsluta", "last_day", "2019-01-01"),
    *(("/finansiering/kassan", "sum", typed) for typed in [*STRANGE_SUMS, ""]),
    *(("/finansiering/kassan", "as_of", typed) for typed in [*STRANGE_DAYS, "", "2026-06-17"]),
    ("/finansiering/naturastod/nytt", "partner", ""),
    ("/finansiering/naturastod/nytt", "choir", str(NOBODY)),
    ("/finansiering/naturastod/nytt", "what", ""),
    ("/finansiering/naturastod/nytt", "replaces", str(NOBODY)),
    ("/finansiering/naturastod/nytt", "valid_to", "2026-05-31"),
    ("/finansiering/program/nytt", "partner", ""),
    ("/finansiering/program/nytt", "partner", str(NOBODY)),
    ("/finansiering/program/nytt", "name", ""),
    ("/finansiering/program/nytt", "name", NUMBER),
    ("/finansiering/program/nytt", "website", "javascript:alert(1)"),
    ("/finansiering/program/nytt", "closes_on", "2026-05-31"),
    *(("/finansiering/program/nytt", "opens_on", typed) for typed in STRANGE_DAYS),
    *(("/finansiering/program/nytt", "max_sum", typed) for typed in [*STRANGE_SUMS, "999"]),
    *(
        ("/finansiering/program/nytt", "decision_lead_days", typed)
        for typed in ["", "-1", "1,5", "1001", "x"]
    ),
    *(("/finansiering/program/nytt", "own_share", typed) for typed in ["-1", "100", "x", "1e1"]),
    ("/finansiering/program/nytt", "success", "100,5"),
    ("/finansiering/program/nytt", "rules", LONG),
    ("/partner/bodenbo", "note", ""),
    ("/partner/bodenbo", "note", LONG),
    ("/partner/bodenbo", "note", f"Hennes nummer är {NUMBER}"),
    ("/partner/bodenbo", "kind", "dream"),
    ("/partner/bodenbo", "happened_on", "2026-06-17"),
    ("/partner/bodenbo", "contact", str(NOBODY)),
]


def filled(fields: dict[str, str], ids: dict[str, str]) -> dict[str, str]:
    return {name: value.format(**ids) for name, value in fields.items()}


class TestOneThingWrong:
    @pytest.mark.parametrize(("form", "field", "typed"), WRONG)
    def test_it_is_said_beside_the_field_and_nothing_is_saved(
        self, house: House, form: str, field: str, typed: str
    ) -> None:
        path, before = form.format(**house.ids), house.rows()
        fields = filled(FORMS[form], house.ids) | {field: typed}
        house.visitor.opens(path).sends(path, 422, **fields)
        wrong = [one.get("name") for one in house.visitor.tree.iter() if one.get("aria-invalid") == "true"]
        assert wrong, "a field is marked"
        assert set(wrong) <= {field, "day_of_month"}
        assert house.visitor.tree.find(".//title").text.startswith("Fel: ")  # type: ignore[union-attr]
        db.session.rollback()
        assert house.rows() == before
        for name, value in fields.items():
            if value and name != field and name != "note":
                assert value in house.visitor.html, f"{name} is kept"


class TestEverythingWrong:
    @pytest.mark.parametrize("form", FORMS)
    def test_an_empty_form(self, house: House, form: str) -> None:
        path = form.format(**house.ids)
        house.visitor.opens(path).sends(path, 422)

    @pytest.mark.parametrize("form", FORMS)
    def test_every_field_ten_thousand_letters(self, house: House, form: str) -> None:
        path = form.format(**house.ids)
        house.visitor.opens(path).sends(path, 422, **dict.fromkeys(FORMS[form], "å" * 10_000))

    @pytest.mark.parametrize("form", FORMS)
    def test_an_old_pages_token(self, house: House, form: str) -> None:
        path, before = form.format(**house.ids), house.rows()
        fields = filled(FORMS[form], house.ids)
        house.visitor.opens(path).sends(path, 422, **fields, csrf_token="old")
        house.visitor.sees("Sidan var öppen för länge. Tryck på knappen igen.")
        db.session.rollback()
        assert house.rows() == before

    @pytest.mark.parametrize("form", FORMS)
    def test_a_receipt_that_is_none(self, house: House, form: str) -> None:
        path = form.format(**house.ids)
        house.visitor.opens(path).sends(path, **filled(FORMS[form], house.ids), receipt="x")

    @pytest.mark.parametrize(
        "path",
        [
            f"/finansiering/avtal/{NOBODY}",
            f"/finansiering/avtal/{NOBODY}/andring",
            f"/finansiering/avtal/{NOBODY}/inbetalning",
            f"/finansiering/kostnader/{NOBODY}/avsluta",
            "/finansiering/avtal/1",
            "/partner/ingen",
        ],
    )
    def test_what_is_not_there(self, house: House, path: str) -> None:
        house.visitor.opens(path, 404)

    @pytest.mark.parametrize(
        "path",
        [
            f"/finansiering/avtal/{NOBODY}/stryk",
            f"/finansiering/avtal/{{{{agreement}}}}/rader/payment/{NOBODY}/stryk",
            f"/finansiering/avtal/{{{{agreement}}}}/rader/gift/{NOBODY}/stryk",
            f"/finansiering/avtal/{{{{agreement}}}}/sista-dag/{NOBODY}/inskickad",
            f"/finansiering/kostnader/{NOBODY}/stryk",
            f"/finansiering/kassan/{NOBODY}/stryk",
            f"/finansiering/naturastod/{NOBODY}/stryk",
        ],
    )
    def test_striking_what_is_not_there(self, house: House, path: str) -> None:
        house.visitor.opens("/finansiering/kassan").sends(path.format(**house.ids), 404)
