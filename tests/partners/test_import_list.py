"""Lists of partners and contacts: read, looked through, taken in, undone."""

import io
import re
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from choir_app.accounts.models import Account
from choir_app.foundation import sheets
from choir_app.foundation.audit import AuditEntry
from choir_app.foundation.database import db
from choir_app.foundation.refusal import NotAllowed
from choir_app.foundation.sheets import Sheet
from choir_app.foundation.text import folded
from choir_app.partners import actions, queries
from choir_app.partners.actions.import_list import ListedPartner
from choir_app.partners.models import Contact, ImportedPartnerThing, Partner, PartnerImport
from choir_app.partners.rules import are_alike, headings
from choir_app.partners.rules.import_list import (
    ListedContact,
    PartnerRow,
    ReadPartners,
    guesses,
    read_list,
    table_of,
)
from tests import makers
from tests.foundation.test_sheets import HOSTILE
from tests.visitor import Visitor, inspect, outside

SHEET = """Organisation\tTyp\tOrt\tKontaktperson\tTitel\tMobil\tE-post\tHemsida\tOrg.nr
Bodenbo\tBostadsbolag\tBoden\tAnna Ek\tHyreschef\t701740620\tAnna.Ek@example.org\tbodenbo.example\t556000-0000
Bodenbo\t\tBoden\tBo Alm\tVd\t070-174 06 21\t\t\t
Kulturförvaltningen\tKommun\tÖstersund och Boden\t\t\t\tkultur@example.org\t\t
Länsbygderna\t\tHela Sverige\t\t\t\t\t\t
Fjällbo\tBostadsbolag\tKiruna\t\t\t\t\t\t
"""


def read(text: str) -> ReadPartners:
    table = table_of(sheets.read_text(text, field="list"))
    return read_list(table, guesses(table))


def row(name: str = "Bodenbo", number: int = 1, **more: Any) -> PartnerRow:
    return PartnerRow(number=number, name=name, **more)


class TestReading:
    def test_a_swedish_sheet(self) -> None:
        read_all = read(SHEET)
        first, second, third, fourth = read_all.partners
        assert (first.name, first.kind, first.towns) == ("Bodenbo", "Bostadsbolag", ("Boden",))
        assert first.website == "https://bodenbo.example"
        assert first.contacts == (
            ListedContact("Anna Ek", "Hyreschef", "0701740620", "anna.ek@example.org"),
            ListedContact("Bo Alm", "Vd", "070-174 06 21", None),
        ), "two rows of one partner are one partner with two people"
        assert second.towns == ("Östersund", "Boden")
        assert second.contacts == (ListedContact("Kontakt", None, None, "kultur@example.org"),)
        assert (third.towns, fourth.towns) == (("Hela Sverige",), ("Kiruna",))
        assert read_all.kinds == ["Bostadsbolag", "Kommun", ""]
        assert read_all.contact_count == 3

    @pytest.mark.parametrize(
        ("line", "expected"),
        [
            (
                "Organization Name;First Name;Last Name;Job Title;Email;Phone",
                ["name", "first_name", "surname", "role", "email", "phone"],
            ),
            ("Account Name,Type,Website,Billing City", ["name", "kind", "website", "towns"]),
            (
                "Company name;Industry;City;Phone Number;Website URL;Record ID",
                ["name", "kind", "towns", "phone", "website", "skip"],
            ),
            ("Namn\tSort\tOrter\tOm", ["name", "kind", "towns", "about"]),
        ],
    )
    def test_headings_of_other_systems(self, line: str, expected: list[str]) -> None:
        table = table_of(sheets.read_text(f"{line}\n" + re.sub(r"[^;,\t]+", "x", line), field="list"))
        assert guesses(table) == expected

    def test_without_headings_the_names_are_found(self) -> None:
        table = table_of([["Bodenbo", "anna@example.org", "070-174 06 20"]])
        assert guesses(table) == ["name", "email", "phone"]

    def test_every_heading_means_one_thing(self) -> None:
        words = [folded(word) for words in headings.WORDS.values() for word in words]
        assert sorted(words) == sorted(set(words))
        kinds = [folded(word) for words in headings.KINDS.values() for word in words]
        assert sorted(kinds) == sorted(set(kinds))

    def test_a_column_of_identity_numbers_is_never_read(self) -> None:
        table = table_of([["Partner", "Personnr"], ["Bo Alms firma", "850709-9805"]])
        assert table.headings == ("Partner",)
        assert list(table.dropped) == ["Personnr"]

    def test_what_cannot_be_taken_in(self) -> None:
        found = read("Partner;Om\n;x\n;y\nFirman;850709-9805 är numret\n!!!;\n" + "n" * 121 + ";")
        assert not found.partners
        assert [len(one.errors) for one in found.wrong] == [1, 1, 1, 1, 1]

    def test_what_cannot_be_read_is_left_out_and_said(self) -> None:
        (one,) = read("Partner;Webb;Telefon;Mejl\nBodenbo;javascript:alert(1);ring;nej").partners
        assert (one.website, one.contacts, len(one.warnings)) == (None, (), 3)

    @pytest.mark.parametrize(
        ("name", "kind"),
        [
            ("Bodens kommun", "municipality"),
            ("Stiftelsen Ljus", "foundation"),
            ("Hyresbostäder i Norrköping", "housing_company"),
            ("Folkets hus-föreningen", "community_hall"),
            ("Grannföreningen", "civil_society"),
            ("Kvarnen AB", "business"),
            ("Kvarnen", None),
        ],
    )
    def test_what_names_tell(self, name: str, kind: str | None) -> None:
        assert headings.kind_by_name(name) == kind

    @given(
        st.text("abc ", max_size=8).map(lambda words: " ".join(words.split())),
        st.text("abc ", max_size=8).map(lambda words: " ".join(words.split())),
    )
    def test_two_are_alike_whichever_is_told_first(self, one: str, other: str) -> None:
        if one == other:
            assert are_alike(one, other)
        assert are_alike(one, other) == are_alike(one, other)


class TestTakingIn:
    def listed(self) -> list[ListedPartner]:
        contacts = (ListedContact("Anna Ek", "hyreschef", "070-174 06 20", "anna@example.org"),)
        return [
            ListedPartner(row(contacts=contacts), "housing_company", (makers.a_town(),)),
            ListedPartner(row("Kvarnen", 2, website="https://kvarnen.example"), "business"),
        ]

    def test_partners_and_people(self, app: Flask) -> None:
        by = makers.a_manager()
        one = actions.take_in_partners(self.listed(), receipt=uuid4(), by=by)
        assert (one.row_count, one.partner_count, one.contact_count) == (2, 2, 1)
        bodenbo = queries.one("bodenbo", viewer=by)
        assert (bodenbo.kind, [town.name for town in bodenbo.towns]) == ("housing_company", ["Boden"])
        (anna,) = queries.contacts_of(bodenbo)
        assert (anna.person, anna.role, anna.phone) == ("Anna Ek", "hyreschef", "070-174 06 20")

    def test_sent_again_it_changes_nothing(self, app: Flask) -> None:
        by, receipt = makers.a_manager(), uuid4()
        first = actions.take_in_partners(self.listed(), receipt=receipt, by=by)
        assert actions.take_in_partners(self.listed(), receipt=receipt, by=by) is first
        assert db.session.query(Partner).count() == 2

    def test_who_is_there_stays_as_they_are_and_gets_the_people_that_were_missing(self, app: Flask) -> None:
        by, known = makers.a_manager(), makers.a_partner(about="Vår första")
        makers.a_contact(known, "Anna Ek", phone=None, email="anna@example.org")
        people = (
            ListedContact("Annan Ek", email="anna@example.org"),
            ListedContact("Bo"),
            ListedContact("bo"),
        )
        listed = ListedPartner(row("Bodenbo AB", about="x", contacts=people), "business", same_as=known.id)
        one = actions.take_in_partners([listed], receipt=uuid4(), by=by)
        assert (one.partner_count, one.contact_count) == (0, 1)
        assert (known.name, known.about, known.kind) == ("Bodenbo", "Vår första", "housing_company")
        assert [each.person for each in queries.contacts_of(known)] == ["Anna Ek", "Bo"]

    def test_the_same_as_a_row_above(self, app: Flask) -> None:
        by = makers.a_manager()
        listed = [
            ListedPartner(row(), "business"),
            ListedPartner(row("Bodenbo AB", 2, contacts=(ListedContact("Bo"),)), "business", same_as=1),
        ]
        actions.take_in_partners(listed, receipt=uuid4(), by=by)
        assert len(queries.contacts_of(queries.one("bodenbo", viewer=by))) == 1
        assert db.session.query(Partner).count() == 1

    def test_nothing_of_the_list_itself_is_kept(self, app: Flask) -> None:
        actions.take_in_partners(self.listed(), receipt=uuid4(), by=makers.a_manager())
        kept = [*db.session.query(PartnerImport), *db.session.query(ImportedPartnerThing)]
        kept += list(db.session.query(AuditEntry).where(AuditEntry.subject == "partner_imports"))
        told = " ".join(str(vars(one)) for one in kept)
        assert "Anna" not in told
        assert "Kvarnen" not in told

    def test_a_stranger_is_refused(self, app: Flask) -> None:
        one = actions.take_in_partners(self.listed(), receipt=uuid4(), by=makers.a_manager())
        for stranger in (makers.an_account(), makers.a_leader(), makers.an_editor()):
            with pytest.raises(NotAllowed):
                actions.take_in_partners(self.listed(), receipt=uuid4(), by=stranger)
            with pytest.raises(NotAllowed):
                actions.undo_partners(one, by=stranger)
            assert queries.imports(viewer=stranger) == []
            assert queries.known_partners(viewer=stranger) == []


class TestUndoing:
    def test_all_of_it(self, app: Flask) -> None:
        by = makers.a_manager()
        one = actions.take_in_partners(TestTakingIn().listed(), receipt=uuid4(), by=by)
        going = actions.undo_partners(one, by=by)
        assert going is not None
        assert (len(going.partners), len(going.contacts)) == (2, 1)
        assert (db.session.query(Partner).count(), db.session.query(Contact).count()) == (0, 0)
        assert actions.undo_partners(one, by=by) is None, "twice is once"

    def test_what_somebody_leans_on_since_stays(self, app: Flask) -> None:
        by = makers.a_manager()
        one = actions.take_in_partners(TestTakingIn().listed(), receipt=uuid4(), by=by)
        bodenbo = queries.one("bodenbo", viewer=by)
        (anna,) = queries.contacts_of(bodenbo)
        actions.log_touchpoint(bodenbo, kind="call", note="x", contact=anna, by=by)
        going = actions.undo_partners(one, by=by)
        assert going is not None
        assert (going.partners_that_stay, going.contacts_that_stay) == (("Bodenbo",), ("Anna Ek",))
        assert [each.name for each in db.session.query(Partner)] == ["Bodenbo"]

    def test_one_with_an_agreement_or_a_programme_stays(self, app: Flask) -> None:
        by = makers.a_manager()
        one = actions.take_in_partners(TestTakingIn().listed(), receipt=uuid4(), by=by)
        makers.an_agreement(100, partner=queries.one("bodenbo", viewer=by))
        makers.a_programme(queries.one("kvarnen", viewer=by))
        going = actions.undo_partners(one, by=by)
        assert going is not None
        assert (going.partners, len(going.contacts)) == (frozenset(), 1)

    def test_one_that_was_changed_since_stays(self, app: Flask) -> None:
        by = makers.a_manager()
        one = actions.take_in_partners(TestTakingIn().listed(), receipt=uuid4(), by=by)
        actions.change_partner(queries.one("kvarnen", viewer=by), name="Kvarnen", kind="other", by=by)
        actions.undo_partners(one, by=by)
        assert [each.name for each in db.session.query(Partner)] == ["Kvarnen"]

    def test_the_people_of_who_was_there_before_go_and_the_partner_stays(self, app: Flask) -> None:
        by, known = makers.a_manager(), makers.a_partner()
        listed = ListedPartner(row(contacts=(ListedContact("Bo"),)), "business", same_as=known.id)
        one = actions.take_in_partners([listed], receipt=uuid4(), by=by)
        actions.undo_partners(one, by=by)
        assert queries.contacts_of(known) == []


@pytest.fixture
def manager(visitor: Visitor) -> Account:
    account = makers.a_manager()
    visitor.signs_in(account)
    return account


def fields_of(visitor: Visitor) -> dict[str, str]:
    """Everything that the form on the page would send."""
    form = next(one for one in visitor.tree.iter("form") if "list-form" in (one.get("class") or ""))
    found = {
        one.get("name", ""): one.get("value", "")
        for one in form.iter("input")
        if one.get("type") not in ("submit", "file")
    }
    for choice in form.iter("select"):
        chosen = [one.get("value", "") for one in choice.iter("option") if one.get("selected") is not None]
        found[choice.get("name", "")] = (chosen or [choice.find("option").get("value", "")])[0]  # type: ignore[union-attr]
    return found


PAGE = "/partner/hamta-in"


def posted(visitor: Visitor, file: bytes) -> TestResponse:
    """Send a file, however large, and see whatever the answer is."""
    visitor.opens(PAGE)
    parts = {
        "file": FileStorage(io.BytesIO(file), "lista.xlsx"),
        "list": "Partner\nBodenbo",
        "csrf_token": visitor._token,
    }
    boundary, body = encode_multipart(parts)
    kind = f"multipart/form-data; boundary={boundary}"
    return outside(lambda: visitor.client.post(PAGE, data=body, content_type=kind))


class TestPages:
    def test_the_whole_way(self, visitor: Visitor, manager: Account) -> None:
        makers.a_town()
        makers.a_town("Östersund")
        makers.a_partner("Boden Bo", "Boden")
        visitor.opens(PAGE).sends(PAGE, 200, list=SHEET)
        visitor.sees(
            "Inget är sparat än",
            "Finns den redan?",
            "«Kiruna» finns inte bland våra orter",
            "Tas inte med: Fjällbo.",
            "1 partner utan sort",
        )
        fields = fields_of(visitor)
        assert fields["twin_1"] == "", "one that is only alike is asked about"
        visitor.sends(PAGE, 422, **fields).sees("Välj vem det är.")
        visitor.sends(PAGE, **{**fields, "twin_1": "another"})
        visitor.sees("3 partner är inhämtade.", "Lista inhämtad")
        found = {one.name: one for one in db.session.query(Partner)}
        assert set(found) == {"Boden Bo", "Bodenbo", "Kulturförvaltningen", "Länsbygderna"}
        assert found["Länsbygderna"].in_towns == []
        assert found["Bodenbo"].kind == "housing_company"
        path = visitor.path
        visitor.sends(PAGE, **{**fields, "twin_1": "another"})
        assert visitor.path == path, "pressed twice it is taken in once"
        visitor.opens(PAGE).sees("Listor som är inhämtade", "3 partner")
        visitor.opens(path).sends(f"{path}/angra").sees("Listan är ångrad sedan")
        assert [one.name for one in db.session.query(Partner)] == ["Boden Bo"]

    def test_one_that_is_only_in_towns_that_are_left_out_is_left_out(
        self, visitor: Visitor, manager: Account
    ) -> None:
        visitor.opens(PAGE).sends(PAGE, 200, list="Partner;Ort\nFjällbo;Kiruna\nDalbo;Kiruna, hela Sverige")
        fields = fields_of(visitor)
        visitor.sends(PAGE, **fields)
        assert [one.name for one in db.session.query(Partner)] == ["Dalbo"]
        visitor.sends(PAGE, **{**fields, "town_0": "all", "twin_2": "leave", "receipt": uuid4()})
        assert {one.name for one in db.session.query(Partner)} == {"Dalbo", "Fjällbo"}

    def test_a_namesake_is_the_same(self, visitor: Visitor, manager: Account) -> None:
        known = makers.a_partner()
        visitor.opens(PAGE).sends(PAGE, 200, list="Partner;Kontakt\nbodenbo;Bo Alm")
        fields = fields_of(visitor)
        assert fields["twin_1"] == str(known.id)
        visitor.sends(PAGE, **fields).sees("Nya kontaktpersoner")
        assert [one.person for one in db.session.query(Contact)] == ["Bo Alm"]

    def test_another_column_is_chosen_and_looked_at_again(self, visitor: Visitor, manager: Account) -> None:
        visitor.opens(PAGE).sends(PAGE, 200, list="Partner;Vem\nBodenbo;Bo Alm")
        fields = {**fields_of(visitor), "column_1": "person"}
        visitor.sends(PAGE, 200, go="look", **fields).sees("Bo Alm")
        visitor.sends(PAGE, 422, **{**fields, "column_1": "name"}).sees(
            "Två kolumner kan inte vara samma sak."
        )
        visitor.sends(PAGE, 422, **{**fields, "column_0": "skip"}).sees(
            "Säg vilken kolumn som har partnerns namn."
        )
        visitor.sends(PAGE, 200, go="again", **fields)
        assert "Bo Alm" in visitor.html, "nothing is lost on the way back"

    def test_excel(self, visitor: Visitor, manager: Account) -> None:
        rows: Sequence[Sequence[sheets.Cell]] = [("Kvarnen", "Företag"), ("Bodenbo", "Bostadsbolag")]
        file = sheets.xlsx([Sheet("Partner", ("Organisation", "Typ"), rows)])
        html = posted(visitor, file).get_data(as_text=True)
        inspect(html)
        assert "Kvarnen" in html
        assert "Ta in 2 partner" in html

    @pytest.mark.parametrize("kind", HOSTILE)
    def test_hostile_files_are_refused_beside_the_field(
        self, visitor: Visitor, manager: Account, kind: str
    ) -> None:
        answer = posted(visitor, HOSTILE[kind])
        html = answer.get_data(as_text=True)
        assert answer.status_code == 422
        inspect(html)
        assert "field__error" in html
        assert "Partner\nBodenbo</textarea>" in html

    def test_nothing_at_all(self, visitor: Visitor, manager: Account) -> None:
        visitor.opens(PAGE).sends(PAGE, 422, list="").sees("Klistra in en lista eller välj en fil.")
        visitor.sends(PAGE, 422, list="Partner;Ort").sees("Listan har inga namn under rubrikerna.")

    def test_too_many(self, visitor: Visitor, manager: Account) -> None:
        visitor.opens(PAGE)
        visitor.sends(PAGE, 422, list="Partner\n" + "\n".join(f"Firma {n}" for n in range(501)))
        visitor.sees("Ta högst 500 åt gången.")

    @pytest.mark.parametrize(
        "sent",
        [
            {"kept": ""},
            {"kept": "Partner\n"},
            {"kept": '"oavslutat'},
            {"kept": "Partner;Ort\nBodenbo;Boden", "twin_1": "row-1", "town_0": "x", "receipt": "nej"},
            {"kept": "Partner\nBodenbo", "receipt": "nej", "column_0": "skip"},
        ],
    )
    def test_a_second_step_that_no_page_of_ours_sent(
        self, visitor: Visitor, manager: Account, sent: dict[str, str]
    ) -> None:
        visitor.opens(PAGE)
        answer = outside(lambda: visitor.client.post(PAGE, data={**sent, "csrf_token": visitor._token}))
        assert answer.status_code in (200, 422)
        assert db.session.query(Partner).count() == 0

    def test_only_managers(self, visitor: Visitor) -> None:
        for stranger in (makers.an_account(), makers.a_leader(), makers.an_editor()):
            visitor.signs_in(stranger).opens(PAGE, 403)
            visitor.sends(PAGE, 403, list="Partner\nBodenbo")
