"""People and roles: who may invite whom to what, and that there is always somebody left."""

import re
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from choir_app.accounts import actions, permissions, queries
from choir_app.accounts.models import ROLES, Account
from choir_app.accounts.models import Visitor as Stranger
from choir_app.choirs.models import Choir, Leadership
from choir_app.foundation import clock
from choir_app.foundation.audit import AuditEntry
from choir_app.foundation.database import db
from choir_app.foundation.mail import Letter
from choir_app.foundation.refusal import NotAllowed, Refusal
from tests import makers
from tests.statements import at_most
from tests.visitor import Visitor

TASKS = ("member", "leader", *ROLES)
PEOPLE = "/installningar/personer"

WHO: dict[str, Callable[[], Any]] = {
    "stranger": Stranger,
    "member": lambda: makers.an_account("Medlem"),
    "leader": lambda: makers.a_leader(),
    "editor": lambda: makers.an_editor(),
    "manager": lambda: makers.a_manager(),
    "administrator": lambda: makers.an_administrator(),
}

MAY: dict[str, dict[str, set[str]]] = {
    "see people": {"manager": {""}, "administrator": {""}},
    "invite": {"manager": {"member", "leader"}, "administrator": set(TASKS)},
    "change roles": {"administrator": {""}},
    "disable": {"administrator": {""}},
    "read log": {"administrator": {""}},
    "manage network": {"manager": {""}, "administrator": {""}},
}
"""The rights of accounts, as DOMAIN's table has them: right, who, to what."""


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("right", MAY)
def test_the_table_of_rights(app: Flask, right: str, who: str) -> None:
    person = WHO[who]()
    rule = getattr(permissions, f"may_{right.replace(' ', '_')}")
    allowed = MAY[right].get(who, set())
    for what in TASKS if right == "invite" else ("",):
        answer = rule(person, what) if right == "invite" else rule(person)
        assert answer is (what in allowed), f"{who}, {right} {what}"


DOORS = {
    "GET /installningar/personer": {"manager": 200, "administrator": 200},
    "GET /installningar/personer/bjud-in": {"manager": 200, "administrator": 200},
    "GET /installningar/personer/{one}": {"manager": 200, "administrator": 200},
    "GET /installningar/logg": {"administrator": 200},
    "POST /installningar/personer/bjud-in": {"manager": 422, "administrator": 422},
    "POST /installningar/personer/{one}/roller": {"administrator": 303},
    "POST /installningar/personer/{one}/korer": {"manager": 422, "administrator": 422},
    "POST /installningar/personer/{one}/skicka-igen": {"manager": 303, "administrator": 303},
    "POST /installningar/personer/{one}/stang-av": {"administrator": 303},
    "POST /installningar/personer/{one}/oppna": {"administrator": 303},
    "POST /installningar/personer/{one}/logga-ut": {"administrator": 303},
}


@pytest.mark.parametrize("who", WHO)
def test_every_door(app: Flask, who: str) -> None:
    one = makers.an_account("Den Det Gäller")
    person = WHO[who]()
    visitor = Visitor(app)
    if who != "stranger":
        visitor.signs_in(person)
    for door, answers in DOORS.items():
        method, path = door.format(one=one.id).split()
        status = answers.get(who, 303 if who == "stranger" else 403)
        if method == "GET":
            visitor.opens(path, status)
        else:
            visitor.sends(path, status)
    if who != "administrator":
        assert not one.roles


class TestTheList:
    def test_says_who_does_what(self, app: Flask) -> None:
        boss, leader = (
            makers.a_manager("Samira Khalaf"),
            makers.a_leader(makers.a_choir(town="Boden"), "Elin Norberg"),
        )
        actions.invite(name="Joel", email="joel@example.org", task="member", words="", by=boss)
        visitor = Visitor(app).signs_in(boss).opens(PEOPLE)
        visitor.sees("Projektledare · senast i dag kl. 18.00", "Leder ", "inbjuden 16 juni", "Väntar på svar")
        rows = visitor.html.partition('<ul class="rows">')[2]
        order = [rows.index(f"{name}</bdi>") for name in ("Elin Norberg", "Joel", "Samira Khalaf")]
        assert order == sorted(order)
        assert leader.name in visitor.html

    def test_finds_without_regard_to_accents(self, app: Flask) -> None:
        boss = makers.a_manager()
        makers.an_account("Åsa Öberg")
        visitor = Visitor(app).signs_in(boss)
        for search in ("asa", "ÅSA", "oberg", "asa-oberg"):
            visitor.opens(PEOPLE, query_string={"sok": search})
            assert "Åsa Öberg" in visitor.html
        visitor.opens(PEOPLE, query_string={"sok": "zz' OR 1=1 --"}).sees("Ingen heter så.")

    def test_says_so_when_one_is_alone(self, app: Flask) -> None:
        Visitor(app).signs_in(makers.a_manager()).opens(PEOPLE).sees("Du är ensam här.")

    def test_is_few_statements_however_many_there_are(self, app: Flask) -> None:
        boss = makers.a_manager()
        for number in range(12):
            makers.a_leader(makers.a_choir(town=f"Ort {number}"), f"Person {number}")
        visitor = Visitor(app).signs_in(boss)
        with at_most(7, "statements"):
            visitor.opens(PEOPLE)


class TestInviting:
    @pytest.fixture
    def choir(self, app: Flask) -> Choir:
        return makers.a_choir(town="Boden")

    def invites(self, app: Flask, by: Account, status: int = 303, **fields: Any) -> Visitor:
        sound = {"name": "Joel", "email": "joel@example.org", "task": "member"}
        return (
            Visitor(app)
            .signs_in(by)
            .opens(f"{PEOPLE}/bjud-in")
            .sends(f"{PEOPLE}/bjud-in", status, **{**sound, **fields})
        )

    def letter(self) -> Letter:
        db.session.rollback()
        return db.session.scalars(select(Letter).order_by(Letter.written_at.desc())).first()  # type: ignore[return-value]

    def test_a_leader(self, app: Flask, choir: Choir) -> None:
        self.invites(app, makers.a_manager(), task="leader", choir=choir.id).sees(
            "Inbjudan är skickad till Joel."
        )
        joel = queries.account_with_email("joel@example.org")
        assert joel is not None
        db.session.refresh(choir)
        assert choir.is_led_by(joel)
        assert self.letter().recipient == "joel@example.org"

    def test_the_letter_says_what_it_is_about(self, app: Flask, choir: Choir) -> None:
        self.invites(app, makers.a_manager("Karin Lövgren"), task="leader", choir=choir.id)
        (file,) = (app.config["DATA_FOLDER"] / "outbox").glob("*.eml")
        message = message_from_bytes(file.read_bytes(), policy=default)
        assert message["Subject"] == "Du är inbjuden till The Rockin' Pots"
        body = message.get_body()
        assert body is not None
        text = body.get_content()
        for sentence in (
            "Hej Joel!",
            "Karin Lövgren bjuder in dig",
            f"leda kören {choir.name}",
            "/lank/",
            "29 juni",
        ):
            assert sentence in text

    def test_a_manager_sees_what_a_manager_may(self, app: Flask, choir: Choir) -> None:
        Visitor(app).signs_in(makers.a_manager()).opens(f"{PEOPLE}/bjud-in").sees("Leda en kör").misses(
            "Leda projektet"
        )
        self.invites(app, makers.a_manager("En Till"), 422, task="manager").sees("Välj något i listan.")
        assert queries.account_with_email("joel@example.org") is None

    @pytest.mark.parametrize("role", ROLES)
    def test_an_administrator_invites_to_every_role(self, app: Flask, role: str) -> None:
        self.invites(app, makers.an_administrator(), task=role)
        joel = queries.account_with_email("joel@example.org")
        assert joel is not None
        assert joel.roles == {role}

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"name": ""}, "Skriv ett namn."),
            ({"email": ""}, "Skriv en mejladress."),
            ({"email": "joel"}, "Skriv mejladressen så här: namn@exempel.se"),
            ({"task": ""}, "Välj vad personen ska göra."),
            ({"task": "king"}, "Välj något i listan."),
            ({"task": "leader"}, "Välj en kör."),
            ({"task": "leader", "choir": str(uuid4())}, "Välj något i listan."),
            ({"task": "leader", "choir": "x"}, "Välj något i listan."),
            ({"name": "x" * 121}, "Skriv högst 120 tecken."),
            ({"name": "Joel 811218-9876"}, "personnummer"),
            ({"csrf_token": "old"}, "Sidan var öppen för länge."),
        ],
    )
    def test_bad_input(self, app: Flask, choir: Choir, fields: dict[str, str], sentence: str) -> None:
        visitor = self.invites(app, makers.a_manager(), 422, **fields).sees(sentence)
        assert 'value="joel@example.org"' in visitor.html or "email" in fields
        db.session.rollback()
        assert queries.account_with_email("joel@example.org") is None
        assert db.session.scalars(select(Letter)).all() == []

    def test_twice_is_one_account_and_a_newer_link(self, app: Flask, choir: Choir) -> None:
        boss = makers.a_manager()
        first = self.invites(app, boss)
        second = self.invites(app, boss, name="Joel igen", task="leader", choir=choir.id)
        for visitor in (first, second):
            assert "Inbjudan är skickad till Joel" in visitor.html
        joel = queries.account_with_email("joel@example.org")
        assert joel is not None
        assert joel.name == "Joel"
        letters = sorted((app.config["DATA_FOLDER"] / "outbox").glob("*.eml"))
        assert len(letters) == 2

    def test_somebody_who_has_an_account_keeps_name_and_password(self, app: Flask, choir: Choir) -> None:
        hodan = makers.with_password(makers.an_account("Hodan", email="hodan@example.org"))
        visitor = self.invites(
            app, makers.a_manager(), name="H", email="Hodan@example.org", task="leader", choir=choir.id
        )
        visitor.sees("Inbjudan är skickad till H.")
        db.session.refresh(hodan)
        assert (hodan.name, hodan.password_hash is not None) == ("Hodan", True)
        assert self.letter().subject == "Du har fått en ny uppgift"

    def test_somebody_shut_out_stays_out(self, app: Flask) -> None:
        makers.an_account("Olle", email="joel@example.org", disabled_at=clock.now())
        self.invites(app, makers.a_manager(), 422).sees("Kontot är avstängt.")

    def test_again(self, app: Flask) -> None:
        boss = makers.a_manager()
        joel = makers.an_account("Joel")
        older = actions.make_link(joel, "invitation", by=boss)
        visitor = (
            Visitor(app).signs_in(boss).opens(f"{PEOPLE}/{joel.id}").sees("har inte tagit emot inbjudan än")
        )
        visitor.sends(f"{PEOPLE}/{joel.id}/skicka-igen").sees("Inbjudan är skickad till Joel.")
        Visitor(app).opens(f"/lank/{older}", 410)

    def test_not_again_when_it_was_taken_up(self, app: Flask) -> None:
        joel = makers.with_password(makers.an_account("Joel"))
        visitor = Visitor(app).signs_in(makers.a_manager()).opens(f"{PEOPLE}/{joel.id}")
        visitor.sends(f"{PEOPLE}/{joel.id}/skicka-igen", 422).sees("Joel har redan ett lösenord.")

    def test_a_manager_may_not_send_an_administrators_again(self, app: Flask) -> None:
        joel = makers.an_administrator("Joel")
        Visitor(app).signs_in(makers.a_manager()).sends(f"{PEOPLE}/{joel.id}/skicka-igen", 403)


class TestRoles:
    def test_are_given_and_taken(self, app: Flask) -> None:
        boss, elin = makers.with_password(makers.an_administrator()), makers.an_account("Elin", "editor")
        visitor = (
            Visitor(app).signs_in(boss).opens(f"{PEOPLE}/{elin.id}").sees("Leda projektet", "Skriva nyheter")
        )
        visitor.sends(f"{PEOPLE}/{elin.id}/roller", roles=["manager"]).sees("Rollerna är sparade.")
        db.session.refresh(elin)
        assert elin.roles == {"manager"}
        verbs = db.session.scalars(select(AuditEntry.verb).where(AuditEntry.by_id == boss.id)).all()
        assert set(verbs) == {"account.no_longer_editor", "account.became_manager"}

    def test_a_made_up_one_is_refused(self, app: Flask) -> None:
        boss, elin = makers.an_administrator(), makers.an_account("Elin")
        visitor = Visitor(app).signs_in(boss).opens(f"{PEOPLE}/{elin.id}")
        visitor.sends(f"{PEOPLE}/{elin.id}/roller", 422, roles=["king"]).sees("Välj något i listan.")

    def test_somebody_unknown_is_not_found(self, app: Flask) -> None:
        visitor = Visitor(app).signs_in(makers.an_administrator())
        visitor.opens(f"{PEOPLE}/{uuid4()}", 404).opens(f"{PEOPLE}/412", 404)
        visitor.sends(f"{PEOPLE}/{uuid4()}/roller", 404).sends(f"{PEOPLE}/{uuid4()}/stang-av", 404)

    @pytest.mark.parametrize("act", ["grant", "withdraw", "disable", "enable"])
    @pytest.mark.parametrize("who", ["stranger", "member", "leader", "editor", "manager"])
    def test_nobody_else_can(self, app: Flask, act: str, who: str) -> None:
        elin, by = makers.an_account("Elin"), WHO[who]()
        role = ("manager",) if act in ("grant", "withdraw") else ()
        with pytest.raises(NotAllowed):
            getattr(actions, act)(elin, *role, by=by)


class TestSomebodyIsAlwaysLeft:
    @pytest.fixture
    def astrid(self, app: Flask) -> Account:
        return makers.with_password(makers.an_administrator("Astrid Ek"))

    def test_the_last_administrator_cannot_leave(self, app: Flask, astrid: Account) -> None:
        visitor = Visitor(app).signs_in(astrid).opens(f"{PEOPLE}/{astrid.id}")
        visitor.sends(f"{PEOPLE}/{astrid.id}/roller", 422, roles=["editor"])
        visitor.sees("Du är den enda administratören. Bjud in en till innan du lämnar.")
        visitor.sends(f"{PEOPLE}/{astrid.id}/stang-av", 422).sees("Du är den enda administratören.")
        db.session.refresh(astrid)
        assert astrid.roles == {"administrator"}, "nothing half done"
        assert astrid.is_active

    def test_the_last_manager_cannot_be_removed(self, app: Flask, astrid: Account) -> None:
        samira = makers.with_password(makers.a_manager("Samira"))
        for change in (
            lambda: actions.withdraw(samira, "manager", by=astrid),
            lambda: actions.disable(samira, by=astrid),
        ):
            with pytest.raises(Refusal, match="Samira är den enda projektledaren"):
                change()

    def test_the_last_manager_who_is_administrator_too(self, app: Flask, astrid: Account) -> None:
        actions.grant(astrid, "manager", by=astrid)
        with pytest.raises(Refusal, match="Du är den enda projektledaren"):
            actions.withdraw(astrid, "manager", by=astrid)

    @pytest.mark.parametrize("other", ["waits", "is shut out"])
    def test_somebody_who_cannot_come_in_does_not_count(
        self, app: Flask, astrid: Account, other: str
    ) -> None:
        second = makers.an_administrator("En Till")
        if other == "is shut out":
            makers.with_password(second).disabled_at = clock.now()
        with pytest.raises(Refusal, match="enda administratören"):
            actions.withdraw(astrid, "administrator", by=astrid)

    def test_with_two_one_may_leave(self, app: Flask, astrid: Account) -> None:
        makers.with_password(makers.an_administrator("En Till"))
        actions.withdraw(astrid, "administrator", by=astrid)
        assert astrid.roles == frozenset()


class TestShuttingOut:
    def test_and_letting_in_again(self, app: Flask) -> None:
        boss, elin = (
            makers.an_administrator(),
            makers.with_password(makers.an_account("Elin", email="elin@example.org")),
        )
        visitor = Visitor(app).signs_in(boss).opens(f"{PEOPLE}/{elin.id}")
        visitor.sends(f"{PEOPLE}/{elin.id}/stang-av").sees(
            "Kontot är avstängt. Elin är utloggad.", "Elin kan inte logga in."
        )
        visitor.sends(f"{PEOPLE}/{elin.id}/oppna").sees("Kontot är öppet igen.").misses(
            "Elin kan inte logga in."
        )
        inside = Visitor(app).opens("/logga-in?next=/konto")
        inside.sends("/logga-in", email="elin@example.org", password=makers.PASSWORD, next="/konto").sees(
            "Mitt konto"
        )

    def test_signing_out_from_everywhere(self, app: Flask) -> None:
        boss, elin = makers.an_administrator(), makers.an_account("Elin")
        inside = Visitor(app).signs_in(elin).opens("/konto")
        Visitor(app).signs_in(boss).opens(f"{PEOPLE}/{elin.id}").sends(f"{PEOPLE}/{elin.id}/logga-ut")
        inside.opens("/konto", 303)


class TestLeadingAChoir:
    def test_is_given_and_taken(self, app: Flask) -> None:
        boss, elin, choir = makers.a_manager(), makers.an_account("Elin"), makers.a_choir(town="Boden")
        visitor = Visitor(app).signs_in(boss).opens(f"{PEOPLE}/{elin.id}").sees("Leder ingen kör.")
        visitor.sends(f"{PEOPLE}/{elin.id}/korer", choir=choir.id).sees(f"Elin leder nu {choir.name}.")
        assert db.session.scalars(select(Leadership)).all()
        ending = re.findall(rf'action="({PEOPLE}/[^"]+/sluta)"', visitor.html)
        visitor.sends(ending[0]).sees(f"Elin leder inte längre {choir.name}.")
        db.session.rollback()
        assert db.session.scalars(select(Leadership).where(Leadership.account_id == elin.id)).all() == []

    def test_a_choir_that_is_not_led_is_left_alone(self, app: Flask) -> None:
        boss, elin = makers.a_manager(), makers.an_account("Elin")
        Visitor(app).signs_in(boss).opens(f"{PEOPLE}/{elin.id}").sends(
            f"{PEOPLE}/{elin.id}/korer/{uuid4()}/sluta", 200
        )
