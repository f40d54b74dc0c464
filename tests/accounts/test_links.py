"""One-time links: they work once, for a while, and not by being looked at."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from choir_app.accounts import actions, passwords, queries, rules
from choir_app.accounts.models import Account, OneTimeLink
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.foundation.mail import Letter
from choir_app.foundation.refusal import Refusal
from tests import makers
from tests.conftest import TheClock
from tests.visitor import Visitor, outside

NEW = "fyra nya grytor"


@pytest.fixture
def elin(app: Flask) -> Account:
    return makers.with_password(makers.an_account("Elin Norberg", email="elin@example.org"))


@pytest.fixture
def joel(app: Flask) -> Account:
    return makers.an_account("Joel", email="joel@example.org")


def link_in_outbox(app: Flask) -> str:
    """The path in the newest letter that really left."""
    letters = sorted((app.config["DATA_FOLDER"] / "outbox").glob("*.eml"))
    text = letters[-1].read_bytes().decode().replace("=\r\n", "").replace("=3D", "=")
    found = re.search(r"http://127\.0\.0\.1:8000(/lank/[\w-]{43})\s", text)
    assert found, text
    return found.group(1)


class TestAForgottenPassword:
    def test_the_whole_way(self, app: Flask, visitor: Visitor, elin: Account) -> None:
        visitor.opens("/logga-in").sees("Glömt lösenordet?")
        visitor.opens("/logga-in/glomt").sends("/logga-in/glomt", email="Elin@example.org").sees(
            "Titta i din mejl"
        )
        path = link_in_outbox(app)
        visitor.opens(path).sees("Välj ett nytt lösenord", "elin@example.org")
        visitor.sends(path, password=NEW)
        visitor.opens("/konto").sees(
            "Lösenordet är bytt. Du är inloggad."
        ) if "bytt" not in visitor.html else None
        db.session.refresh(elin)
        assert passwords.is_right(NEW, elin.password_hash)

    def test_the_person_is_told_by_letter(self, app: Flask, visitor: Visitor, elin: Account) -> None:
        token = actions.make_link(elin, "reset", by=None)
        visitor.opens(f"/lank/{token}").sends(f"/lank/{token}", password=NEW)
        db.session.rollback()
        assert db.session.scalars(select(Letter.subject)).all() == ["Du har ett nytt lösenord"]

    @pytest.mark.parametrize("kind", ["unknown", "disabled"])
    def test_nobody_else_gets_a_letter(self, app: Flask, visitor: Visitor, elin: Account, kind: str) -> None:
        if kind == "disabled":
            elin.disabled_at = clock.now()
        email = "elin@example.org" if kind == "disabled" else "eric@example.org"
        visitor.opens("/logga-in/glomt").sends("/logga-in/glomt", email=email).sees("Titta i din mejl")
        db.session.rollback()
        assert db.session.scalar(select(func.count()).select_from(Letter)) == 0
        assert db.session.scalar(select(func.count()).select_from(OneTimeLink)) == 0

    @pytest.mark.parametrize(
        ("email", "sentence"), [("", "Skriv din mejladress."), ("elin", "Skriv mejladressen så här")]
    )
    def test_bad_input(self, visitor: Visitor, elin: Account, email: str, sentence: str) -> None:
        visitor.opens("/logga-in/glomt").sends("/logga-in/glomt", 422, email=email).sees(sentence)


class TestALinkWorksOnce:
    def test_and_looking_at_it_does_not_count(self, visitor: Visitor, elin: Account) -> None:
        path = f"/lank/{actions.make_link(elin, 'reset', by=None)}"
        for _turn in range(3):
            visitor.opens(path)
        outside(lambda: visitor.client.head(path))
        visitor.opens(path).sends(path, password=NEW)
        visitor.leaves().opens(path, 410).sees("Länken är för gammal eller redan använd")
        visitor.sends(path, 410, password="fem andra grytor")
        db.session.refresh(elin)
        assert passwords.is_right(NEW, elin.password_hash)

    def test_a_mistake_does_not_use_it_up(self, visitor: Visitor, elin: Account) -> None:
        path = f"/lank/{actions.make_link(elin, 'reset', by=None)}"
        visitor.opens(path).sends(path, 422, password="").sees("Skriv ett nytt lösenord.")
        visitor.sends(path, 422, password="kort").sees("Lösenordet är för kort. Skriv minst 10 tecken.")
        visitor.sends(path, 422, password="qwertyuiop").sees("Lösenordet är lätt att gissa.")
        visitor.sends(path, 422, password=NEW, csrf_token="old").sees("Sidan var öppen för länge.")
        visitor.sends(path, password=NEW)

    def test_of_two_at_once_only_one_gets_in(
        self, app: Flask, elin: Account, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        token = actions.make_link(elin, "reset", by=None)
        link = queries.working_link(token)
        actions.take_up(token, password=NEW)
        monkeypatch.setattr(
            queries, "working_link", lambda _token: link
        )  # as another process saw it just before
        with pytest.raises(Refusal, match="redan använd"):
            actions.take_up(token, password="fem andra grytor")
        assert passwords.is_right(NEW, elin.password_hash)

    @pytest.mark.parametrize(
        ("purpose", "lasts"), [("reset", rules.RESET_LASTS), ("invitation", rules.INVITATION_LASTS)]
    )
    def test_for_a_while(
        self, visitor: Visitor, joel: Account, the_clock: TheClock, purpose: str, lasts: timedelta
    ) -> None:
        path = f"/lank/{actions.make_link(joel, purpose, by=None)}"
        db.session.commit()
        made = the_clock.now
        the_clock.set_to(made + lasts - timedelta(seconds=1))
        visitor.opens(path)
        the_clock.set_to(made + lasts)
        visitor.opens(path, 410)

    def test_a_newer_one_of_its_kind_ends_it(self, visitor: Visitor, joel: Account) -> None:
        invitation = actions.make_link(joel, "invitation", by=None)
        older, newer = (actions.make_link(joel, "reset", by=None) for _turn in range(2))
        visitor.opens(f"/lank/{older}", 410).opens(f"/lank/{newer}").opens(f"/lank/{invitation}")

    def test_choosing_a_password_ends_all_of_them(self, visitor: Visitor, joel: Account) -> None:
        invitation = actions.make_link(joel, "invitation", by=None)
        reset = actions.make_link(joel, "reset", by=None)
        visitor.opens(f"/lank/{reset}").sends(f"/lank/{reset}", password=NEW)
        visitor.leaves().opens(f"/lank/{invitation}", 410)

    def test_shutting_somebody_out_ends_all_of_them(self, visitor: Visitor, joel: Account) -> None:
        token = actions.make_link(joel, "invitation", by=None)
        actions.disable(joel, by=makers.an_administrator())
        actions.enable(joel, by=makers.an_administrator("En Till"))
        visitor.opens(f"/lank/{token}", 410)

    def test_only_its_hash_is_kept(self, app: Flask, joel: Account) -> None:
        token = actions.make_link(joel, "invitation", by=None)
        (kept,) = db.session.scalars(select(OneTimeLink)).all()
        assert kept.token_hash == queries.hash_of(token)

    @pytest.mark.parametrize("token", ["x", "a" * 43, "å" * 10, "%00", "a" * 3000, "..%2f"])
    def test_a_made_up_one_does_nothing(self, visitor: Visitor, joel: Account, token: str) -> None:
        answer = outside(lambda: visitor.client.get(f"/lank/{token}"))
        assert answer.status_code in (404, 410)

    def test_no_browser_keeps_the_page(self, visitor: Visitor, joel: Account) -> None:
        visitor.opens(f"/lank/{actions.make_link(joel, 'invitation', by=None)}")
        assert visitor.answer
        assert visitor.answer.headers["Cache-Control"] == "no-store, private"
        assert visitor.answer.headers["Referrer-Policy"] == "same-origin"


class TestAnInvitation:
    def test_name_and_password_are_chosen(self, visitor: Visitor, joel: Account) -> None:
        path = f"/lank/{actions.make_link(joel, 'invitation', by=None)}"
        visitor.opens(path).sees("Välkommen Joel!", "Namn", "Lösenord")
        visitor.sends(path, 422, name="", password="").sees(
            "Rätta 2 saker", "Skriv ditt namn.", "Välj ett lösenord."
        )
        visitor.sends(path, name="Joel Sund", password=NEW)
        visitor.opens("/konto")
        assert 'value="Joel Sund"' in visitor.html

    def test_a_name_of_spaces_is_no_name(self, visitor: Visitor, joel: Account) -> None:
        path = f"/lank/{actions.make_link(joel, 'invitation', by=None)}"
        visitor.opens(path).sends(path, 422, name="   ", password=NEW).sees("Skriv ditt namn.")

    def test_a_personal_number_is_no_name(self, visitor: Visitor, joel: Account) -> None:
        path = f"/lank/{actions.make_link(joel, 'invitation', by=None)}"
        visitor.opens(path).sends(path, 422, name="Joel 811218-9876", password=NEW).sees("personnummer")

    def test_somebody_else_who_is_in_is_left_out(
        self, visitor: Visitor, elin: Account, joel: Account
    ) -> None:
        path = f"/lank/{actions.make_link(joel, 'invitation', by=None)}"
        visitor.signs_in(elin).opens(path).sends(path, name="Joel", password=NEW)
        visitor.opens("/konto").sees("joel@example.org")
