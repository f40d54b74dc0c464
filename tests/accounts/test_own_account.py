"""My account, how the pages look, the demo's people, and the command line."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from choir_app.accounts import actions, passwords, queries, rules
from choir_app.accounts.models import Account
from choir_app.foundation import clock
from choir_app.foundation.audit import AuditEntry
from choir_app.foundation.database import db, remember
from choir_app.foundation.mail import Letter
from tests import makers
from tests.conftest import TheClock, a_house
from tests.makers import PASSWORD
from tests.statements import at_most
from tests.visitor import Visitor


@pytest.fixture
def elin(app: Flask) -> Account:
    return makers.with_password(makers.an_account("Elin Norberg", email="elin@example.org"))


class TestMyAccount:
    def test_needs_somebody(self, visitor: Visitor) -> None:
        visitor.opens("/konto", 303).opens("/konto/losenord", 303)
        visitor.sends("/konto/logga-ut-overallt").sees("Logga in")

    def test_lists_my_devices_in_plain_words(self, app: Flask, elin: Account, the_clock: TheClock) -> None:
        actions.sign_in(elin, device="Chrome på Android")
        db.session.commit()
        the_clock.set_to(the_clock.now + timedelta(days=1, hours=2))
        Visitor(app).signs_in(elin).opens("/konto").sees(
            "Firefox på Linux I dag kl. 20.00 Den här enheten",
            "Chrome på Android I går kl. 18.00",
            "Logga ut överallt",
        )

    def test_shows_nobody_elses(self, app: Flask, elin: Account) -> None:
        actions.sign_in(makers.an_account("Någon Annan"), device="Samsung Internet på Android")
        Visitor(app).signs_in(elin).opens("/konto").misses("Samsung")

    def test_is_few_statements(self, app: Flask, elin: Account) -> None:
        visitor = Visitor(app).signs_in(elin)
        with at_most(3, "statements"):
            visitor.opens("/konto")

    def test_takes_another_name(self, app: Flask, elin: Account) -> None:
        visitor = Visitor(app).signs_in(elin).opens("/konto").sends("/konto", name="  Elin   Åström ")
        visitor.sees("Namnet är sparat.")
        db.session.refresh(elin)
        assert elin.name == "Elin Åström"

    @pytest.mark.parametrize(
        ("name", "sentence"),
        [
            ("", "Skriv ditt namn."),
            ("x" * 121, "Skriv högst 120 tecken."),
            ("A\x00B", "tecken som vi inte kan spara"),
        ],
    )
    def test_refuses_what_is_no_name(self, app: Flask, elin: Account, name: str, sentence: str) -> None:
        Visitor(app).signs_in(elin).opens("/konto").sends("/konto", 422, name=name).sees(sentence)
        db.session.refresh(elin)
        assert elin.name == "Elin Norberg"

    def test_a_name_is_text_and_nothing_else(self, app: Flask, elin: Account) -> None:
        visitor = (
            Visitor(app).signs_in(elin).opens("/konto").sends("/konto", name="<script>alert(1)</script>")
        )
        assert "<script>alert" not in visitor.html


class TestANewPassword:
    @pytest.fixture
    def inside(self, app: Flask, elin: Account) -> Visitor:
        return Visitor(app).signs_in(elin).opens("/konto/losenord")

    def test_is_taken(self, inside: Visitor, elin: Account) -> None:
        inside.sends("/konto/losenord", present=PASSWORD, new="fyra nya grytor")
        inside.sees("Lösenordet är bytt. Dina andra enheter är utloggade.")
        db.session.refresh(elin)
        assert passwords.is_right("fyra nya grytor", elin.password_hash)
        assert db.session.scalars(select(Letter.subject)).all() == ["Du har ett nytt lösenord"]

    @pytest.mark.parametrize(
        ("present", "new", "sentence"),
        [
            ("", "", "Rätta 2 saker"),
            ("fel lösenord", "fyra nya grytor", "Lösenordet stämmer inte. Skriv det som du har nu."),
            (PASSWORD, "kort", "Lösenordet är för kort."),
            (PASSWORD, "elinnorberg", "Lösenordet är lätt att gissa."),
            (PASSWORD, PASSWORD, "Det är samma lösenord som du har nu."),
            (PASSWORD, "x" * 201, "Texten är för lång."),
        ],
    )
    def test_or_not(self, inside: Visitor, elin: Account, present: str, new: str, sentence: str) -> None:
        inside.sends("/konto/losenord", 422, present=present, new=new).sees(sentence)
        db.session.refresh(elin)
        assert passwords.is_right(PASSWORD, elin.password_hash)
        inside.opens("/konto")

    def test_guessing_the_present_one_is_limited_but_does_not_throw_out(
        self, inside: Visitor, elin: Account
    ) -> None:
        for _turn in range(rules.PER_ACCOUNT.tries):
            inside.sends("/konto/losenord", 422, present="fel lösenord", new="fyra nya grytor")
        inside.sends("/konto/losenord", 429, present=PASSWORD, new="fyra nya grytor").sees(
            "Det blev många försök."
        )
        inside.opens("/konto").sees("Mitt konto")


class TestHowThePagesLook:
    def test_dark(self, visitor: Visitor, app: Flask) -> None:
        visitor.opens("/utseende").sends("/utseende", utseende="dark")
        assert '<html lang="sv" dir="ltr" data-theme="dark"' in visitor.html

    def test_as_the_phone_says(self, visitor: Visitor, app: Flask) -> None:
        visitor.opens("/utseende").sends("/utseende", utseende="light").sends("/utseende", utseende="auto")
        assert "data-theme" not in visitor.html

    @pytest.mark.parametrize("value", ["", "purple", '"><script>', "x" * 5000])
    def test_nothing_else(self, visitor: Visitor, app: Flask, value: str) -> None:
        visitor.opens("/utseende").sends("/utseende", utseende=value)
        assert "data-theme" not in visitor.html

    def test_a_cookie_from_elsewhere_changes_nothing(self, visitor: Visitor, app: Flask) -> None:
        visitor.client.set_cookie("utseende", '"><b>')
        assert "data-theme" not in visitor.opens("/utseende").html

    def test_leads_back(self, visitor: Visitor, app: Flask) -> None:
        visitor.opens("/utseende?next=/logga-in").sends(
            "/utseende", utseende="dark", next="https://ond.example/"
        )
        visitor.sees("Utseende")


class TestTheDemo:
    @pytest.fixture
    def demo(self, app: Flask) -> Iterator[Flask]:
        """A house of its own beside the empty one, told that it may be the demo."""
        demo = a_house(app.config["SQLALCHEMY_DATABASE_URI"], app.config["DATA_FOLDER"], CHOIR_DEMO="1")
        yield demo
        with demo.app_context():
            db.session.remove()
            db.engine.dispose()

    def offer(self, *people: tuple[Account, str]) -> None:
        remember("demo_network", "1")
        actions.offer_in_demo(people)
        db.session.commit()

    def test_offers_its_people(self, demo: Flask, elin: Account) -> None:
        self.offer((elin, "Körledare i Boden"))
        visitor = (
            Visitor(demo)
            .opens("/logga-in")
            .sees("Det här är en demo.", "Prova som någon i demon", "Körledare i Boden")
        )
        assert "Elin Norberg" in visitor.html
        visitor.sends("/logga-in/demo", account_id=elin.id, next="/konto").sees("elin@example.org")

    def test_only_those(self, demo: Flask, elin: Account) -> None:
        other = makers.an_administrator()
        self.offer((elin, "Körledare i Boden"))
        for account_id in (str(other.id), "", "x", str(elin.id) + "0"):
            Visitor(demo).opens("/logga-in").sends("/logga-in/demo", 404, account_id=account_id)

    def test_not_somebody_shut_out(self, demo: Flask, elin: Account) -> None:
        elin.disabled_at = clock.now()
        self.offer((elin, "Körledare i Boden"))
        visitor = Visitor(demo).opens("/logga-in").misses("Körledare i Boden")
        visitor.sends("/logga-in/demo", 404, account_id=elin.id)

    def test_needs_a_token(self, demo: Flask, elin: Account) -> None:
        self.offer((elin, "Körledare i Boden"))
        Visitor(demo).opens("/logga-in").sends("/logga-in/demo", 400, account_id=elin.id, csrf_token="old")

    def test_is_shut_where_it_is_not_wanted(self, app: Flask, visitor: Visitor, elin: Account) -> None:
        self.offer((elin, "Körledare i Boden"))
        visitor.opens("/logga-in").misses("Prova som någon", "demo-line")
        visitor.sends("/logga-in/demo", 404, account_id=elin.id)

    def test_is_shut_when_the_data_is_real(self, demo: Flask, elin: Account) -> None:
        actions.offer_in_demo([(elin, "Körledare i Boden")])
        db.session.commit()
        visitor = Visitor(demo).opens("/logga-in").misses("Prova som någon", "demo-line")
        visitor.sends("/logga-in/demo", 404, account_id=elin.id)


class TestTheCommandLine:
    def test_makes_the_first_administrator(self, app: Flask) -> None:
        result = app.test_cli_runner().invoke(
            args=["create-admin", "--email", "Astrid@example.org", "--name", "Astrid Ek"]
        )
        assert result.exit_code == 0, result.output
        found = re.search(r"http://127\.0\.0\.1:8000(/lank/\S+)", result.output)
        assert found
        visitor = Visitor(app).opens(found.group(1)).sees("Välkommen Astrid Ek!")
        visitor.sends(found.group(1), name="Astrid Ek", password="fyra nya grytor")
        visitor.opens("/installningar/logg")

    @pytest.mark.parametrize(
        ("email", "name", "sentence"),
        [
            ("elin@example.org", "Elin", "has an account already"),
            ("ELIN@example.org", "Elin", "has an account already"),
            ("nobody", "Elin", "must be an e-mail address"),
            ("a@example.org", "  ", "--name must not be empty"),
            ("a@example.org", "Astrid 811218-9876", "must not hold a personal identity number"),
        ],
    )
    def test_refuses_politely(self, app: Flask, elin: Account, email: str, name: str, sentence: str) -> None:
        db.session.commit()
        result = app.test_cli_runner().invoke(args=["create-admin", "--email", email, "--name", name])
        assert result.exit_code == 1
        assert sentence in result.output
        assert len(db.session.scalars(select(Account)).all()) == 1


class TestTheLog:
    def test_is_for_administrators(self, app: Flask) -> None:
        Visitor(app).opens("/installningar/logg", 303)
        for account in (makers.an_account(), makers.an_editor(), makers.a_manager(), makers.a_leader()):
            Visitor(app).signs_in(account).opens("/installningar/logg", 403)

    def test_says_who_did_what_to_whom(self, app: Flask, elin: Account) -> None:
        boss = makers.an_administrator()
        actions.grant(elin, "editor", by=boss)
        Visitor(app).signs_in(boss).opens("/installningar/logg").sees(
            "Astrid Ek", "gjorde till redaktör: Elin Norberg"
        )

    def test_has_pages(self, app: Flask, elin: Account) -> None:
        boss = makers.an_administrator()
        for number in range(120):
            db.session.add(
                AuditEntry(
                    at=clock.now() - timedelta(minutes=number), verb="account.signed_in", subject="accounts",
                    subject_id=elin.id, by_id=elin.id,
                )
            )  # fmt: skip
        visitor = Visitor(app).signs_in(boss).opens("/installningar/logg")
        assert visitor.html.count("loggade in") == 50
        assert visitor.opens("/installningar/logg?sida=3").html.count("loggade in") == 20
        visitor.sees("Nyare").misses("Äldre")
        for page in ("0", "-1", "x", "9" * 30, "", "²"):
            visitor.opens("/installningar/logg", query_string={"sida": page})
        with at_most(4, "statements"):
            visitor.opens("/installningar/logg")

    def test_keeps_no_names(self, app: Flask, elin: Account) -> None:
        actions.grant(elin, "editor", by=makers.an_administrator())
        db.session.flush()
        rows = db.session.execute(select(AuditEntry.__table__)).all()
        assert "Elin" not in str(rows)

    def test_knows_things_of_every_room(self, app: Flask) -> None:
        from choir_app.foundation import audit

        boss, choir = makers.an_administrator(), makers.a_choir("Hodan")
        audit.note("choir.changed", choir, by=boss)
        Visitor(app).signs_in(boss).opens("/installningar/logg").sees(f"ändrade {choir.name}")


def test_two_addresses_that_differ_in_capitals_are_one(app: Flask, elin: Account) -> None:
    assert queries.account_with_email("ELIN@example.org ") is elin
