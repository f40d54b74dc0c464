"""The door: who comes in, what is told to those who do not, and when a cookie is worth nothing any more."""

import re
import time
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from choir_app.accounts import actions, passwords, queries, rules
from choir_app.accounts.models import Account, FailedTry, SignIn
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.foundation.mail import Letter
from tests import makers
from tests.conftest import TheClock
from tests.makers import PASSWORD
from tests.statements import at_most
from tests.visitor import Visitor, outside

ELIN = "elin@example.org"


@pytest.fixture
def elin(app: Flask) -> Account:
    return makers.with_password(makers.an_account("Elin Norberg", email=ELIN))


def signs_in(visitor: Visitor, status: int = 303, *, email: str = ELIN, password: str = PASSWORD) -> Visitor:
    visitor.opens("/logga-in?next=/konto")
    return visitor.sends("/logga-in", status, email=email, password=password, next="/konto")


def sign_ins() -> list[SignIn]:
    db.session.rollback()
    return list(db.session.scalars(select(SignIn)))


def tries() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(FailedTry)) or 0


def is_in(visitor: Visitor) -> bool:
    return outside(lambda: visitor.client.get("/konto")).status_code == 200


class TestComingIn:
    def test_with_the_right_password(self, visitor: Visitor, elin: Account) -> None:
        signs_in(visitor)
        assert visitor.opens("/konto").sees("Mitt konto", ELIN, "Här är du inloggad", "Den här enheten")

    def test_capitals_and_spaces_in_the_address_do_not_matter(self, visitor: Visitor, elin: Account) -> None:
        signs_in(visitor, email=" Elin@Example.ORG ")
        assert is_in(visitor)

    def test_leads_back_to_where_one_was_going(self, visitor: Visitor, elin: Account) -> None:
        visitor.opens("/konto/losenord", 303)
        assert visitor.answer
        assert visitor.answer.headers["Location"].startswith("/logga-in?next=")
        visitor.opens("/logga-in?next=/konto/losenord")
        assert 'value="/konto/losenord"' in visitor.html
        visitor.sends("/logga-in", email=ELIN, password=PASSWORD, next="/konto/losenord")
        visitor.sees("Byt lösenord")

    @pytest.mark.parametrize(
        "elsewhere", ["https://ond.example/", "//ond.example", "/\\ond.example", "/logga-ut"]
    )
    def test_never_leads_elsewhere(self, visitor: Visitor, elin: Account, elsewhere: str) -> None:
        visitor.opens("/logga-in", query_string={"next": elsewhere})
        assert re.search(r'name="next"[^>]*value=""', visitor.html)
        data = {"email": ELIN, "password": PASSWORD, "next": elsewhere, "csrf_token": visitor._token}
        answer = outside(lambda: visitor.client.post("/logga-in", data=data))
        assert answer.status_code == 303
        assert answer.headers["Location"] == "/in"

    def test_the_session_is_a_new_one(self, visitor: Visitor, elin: Account) -> None:
        visitor.opens("/logga-in")
        with visitor.client.session_transaction() as kept:
            kept["planted"] = "by somebody else"
            before = kept["csrf_token"]
        visitor.sends("/logga-in", email=ELIN, password=PASSWORD)
        with visitor.client.session_transaction() as kept:
            assert "planted" not in kept
            assert kept.get("csrf_token") != before

    def test_a_sign_in_that_somebody_planted_is_not_taken_over(
        self, app: Flask, visitor: Visitor, elin: Account
    ) -> None:
        thief = makers.an_account("Någon Annan")
        visitor.signs_in(thief)
        with visitor.client.session_transaction() as kept:
            planted = kept["_user_id"]
        visitor.opens("/konto").sends("/logga-in", email=ELIN, password=PASSWORD)
        with visitor.client.session_transaction() as kept:
            assert kept["_user_id"] != planted
        assert (found := queries.account_behind(planted)) is not None
        assert found.id == thief.id

    def test_the_cookie_holds_a_random_id_and_the_server_only_its_hash(
        self, visitor: Visitor, elin: Account
    ) -> None:
        signs_in(visitor)
        with visitor.client.session_transaction() as kept:
            token = kept["_user_id"]
            assert set(kept) <= {"_user_id", "_fresh", "_permanent", "csrf_token", "_flashes"}
        assert len(token) == 43
        (only,) = sign_ins()
        assert only.token_hash == queries.hash_of(token)
        assert str(elin.id) not in token

    def test_cookie_flags(self, visitor: Visitor, elin: Account) -> None:
        visitor.opens("/logga-in")
        data = {"email": ELIN, "password": PASSWORD, "csrf_token": visitor._token}
        answer = outside(lambda: visitor.client.post("/logga-in", data=data))
        cookie = answer.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Expires=" in cookie
        assert "Domain" not in cookie

    def test_somebody_who_is_in_goes_straight_on(self, visitor: Visitor, elin: Account) -> None:
        visitor.signs_in(elin).opens("/logga-in?next=/konto", 303)
        assert visitor.answer
        assert visitor.answer.headers["Location"] == "/konto"

    def test_knowing_who_asks_is_one_statement(self, app: Flask, elin: Account) -> None:
        elin.grants.add(actions.RoleGrant(role="editor"))
        token = actions.sign_in(elin, device="Chrome på Android")
        db.session.commit()
        db.session.expunge_all()
        with at_most(1, "statements"):
            found = queries.account_behind(token)
            assert found is not None
            assert found.roles == {"editor"}

    def test_a_hash_of_former_days_is_made_new(
        self, visitor: Visitor, elin: Account, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from argon2 import PasswordHasher

        elin.password_hash = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
        signs_in(visitor)
        db.session.refresh(elin)
        assert not passwords.is_out_of_date(str(elin.password_hash))
        assert passwords.is_right(PASSWORD, elin.password_hash)


class TestLifetimes:
    @pytest.mark.parametrize(("roles", "days"), [((), 365), (("editor",), 30), (("administrator",), 30)])
    def test_by_role(self, visitor: Visitor, the_clock: TheClock, roles: tuple[str, ...], days: int) -> None:
        makers.with_password(makers.an_account("Elin", *roles, email=ELIN))
        signs_in(visitor)
        came = the_clock.now
        the_clock.set_to(came + timedelta(days=days, seconds=-1))
        assert is_in(visitor)
        the_clock.set_to(came + timedelta(days=days, seconds=1))
        assert not is_in(visitor)

    def test_who_leads_a_choir_stays_as_long_as_who_has_a_role(self, visitor: Visitor, app: Flask) -> None:
        leader = makers.with_password(makers.a_leader())
        signs_in(visitor, email=leader.email)
        (only,) = sign_ins()
        assert only.expires_at == clock.now() + timedelta(days=30)

    def test_use_is_kept_to_a_quarter_of_an_hour_and_never_by_reading(
        self, visitor: Visitor, elin: Account, the_clock: TheClock
    ) -> None:
        signs_in(visitor)
        came = the_clock.now
        the_clock.set_to(came + timedelta(minutes=20))
        visitor.opens("/konto")
        assert sign_ins()[0].seen_at == came
        visitor.sends("/utseende", utseende="dark")
        assert sign_ins()[0].seen_at == came + timedelta(minutes=20)
        the_clock.set_to(came + timedelta(minutes=30))
        visitor.sends("/utseende", utseende="auto")
        assert sign_ins()[0].seen_at == came + timedelta(minutes=20)


class TestNoEntry:
    def test_with_a_wrong_password(self, visitor: Visitor, elin: Account) -> None:
        signs_in(visitor, 422, password="tre ledsna grytor")
        visitor.sees("Mejladressen eller lösenordet stämmer inte.").misses("tre ledsna grytor")
        assert ELIN in visitor.html, "what was typed is kept"
        assert "<title>Fel: Logga in" in visitor.html
        assert not sign_ins()
        assert tries() == 2

    @pytest.mark.parametrize(
        ("email", "password", "sentence"),
        [
            ("", "", "Skriv din mejladress."),
            ("elin", "x", "Skriv mejladressen så här: namn@exempel.se"),
            (ELIN, "", "Skriv ditt lösenord."),
            ("a" * 300 + "@example.org", "x", "Texten är för lång."),
            ("a\x00b@example.org", "x", "tecken som vi inte kan spara"),
            (ELIN, "x" * 100_000, "Texten är för lång."),
        ],
    )
    def test_with_something_else(
        self, visitor: Visitor, elin: Account, email: str, password: str, sentence: str
    ) -> None:
        signs_in(visitor, 422, email=email, password=password)
        visitor.sees(sentence)
        assert not tries()

    def test_with_a_strange_byte_in_the_password(self, visitor: Visitor, elin: Account) -> None:
        signs_in(
            visitor, 422, password="tre\x00glada \ud83d\ude00 grytor".encode("utf-8", "replace").decode()
        )

    def test_without_a_token(self, visitor: Visitor, elin: Account) -> None:
        visitor.opens("/logga-in").sends("/logga-in", 422, email=ELIN, password=PASSWORD, csrf_token="old")
        visitor.sees("Sidan var öppen för länge. Tryck på knappen igen.")
        assert not is_in(visitor)

    def test_from_another_site(self, visitor: Visitor, elin: Account) -> None:
        visitor.opens("/logga-in")
        data = {"email": ELIN, "password": PASSWORD, "csrf_token": visitor._token}
        for headers in ({"Origin": "https://ond.example"}, {"Sec-Fetch-Site": "cross-site"}):
            answer = outside(lambda sent=headers: visitor.client.post("/logga-in", data=data, headers=sent))
            assert answer.status_code == 403
        assert not is_in(visitor)

    def test_somebody_shut_out_is_told_the_same(self, visitor: Visitor, elin: Account) -> None:
        elin.disabled_at = clock.now()
        signs_in(visitor, 422).sees("Mejladressen eller lösenordet stämmer inte.")

    def test_somebody_who_has_not_taken_up_the_invitation_is_told_the_same(
        self, visitor: Visitor, app: Flask
    ) -> None:
        makers.an_account("Joel", email="joel@example.org")
        signs_in(visitor, 422, email="joel@example.org").sees("Mejladressen eller lösenordet stämmer inte.")


class TestNobodyLearnsWhoHasAnAccount:
    def answer(self, app: Flask, path: str, email: str, **more: str) -> tuple[int, str, list[str]]:
        visitor = Visitor(app).opens(path)
        data = {"email": email, "csrf_token": visitor._token, **more}
        answer = outside(lambda: visitor.client.post(path, data=data))
        body = re.sub(r'(name="csrf_token"[^>]*value=")[^"]+', r"\1", answer.get_data(as_text=True))
        names = [name for name, _value in answer.headers]
        return answer.status_code, body.replace(email, "@"), names

    @pytest.mark.parametrize(
        ("path", "more"), [("/logga-in", {"password": "fel lösenord här"}), ("/logga-in/glomt", {})]
    )
    def test_the_answers_are_the_same(
        self, app: Flask, elin: Account, path: str, more: dict[str, str]
    ) -> None:
        known = self.answer(app, path, ELIN, **more)
        unknown = self.answer(app, path, "eric@example.org", **more)
        assert known == unknown

    def test_also_when_there_have_been_too_many(self, app: Flask, elin: Account) -> None:
        for _turn in range(rules.PER_ACCOUNT.tries):
            for email in (ELIN, "eric@example.org"):
                assert self.answer(app, "/logga-in", email, password="fel lösenord här")[0] == 422
        known = self.answer(app, "/logga-in", ELIN, password="fel lösenord här")
        assert known == self.answer(app, "/logga-in", "eric@example.org", password="fel lösenord här")
        assert known[0] == 429

    @pytest.mark.parametrize("email", [ELIN, "eric@example.org", "joel@example.org", "olle@example.org"])
    def test_the_same_work_is_done(
        self, visitor: Visitor, elin: Account, email: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        makers.an_account("Joel", email="joel@example.org")
        makers.with_password(makers.an_account("Olle", email="olle@example.org", disabled_at=clock.now()))
        asked: list[str] = []
        verify = passwords.HASHER.verify

        class Counting:
            def verify(self, kept: str, password: str) -> bool:
                asked.append(kept)
                return verify(kept, password)

            hash = passwords.HASHER.hash
            check_needs_rehash = passwords.HASHER.check_needs_rehash

        monkeypatch.setattr(passwords, "HASHER", Counting())
        signs_in(visitor, 422, email=email, password="fel lösenord här")
        assert len(asked) == 1
        assert asked[0].startswith("$argon2id$v=19$m=19456,t=2,p=1$")

    def test_the_same_statements_are_sent(self, app: Flask, elin: Account) -> None:
        db.session.commit()
        for email in (ELIN, "eric@example.org"):
            with at_most(5, "statements"), pytest.raises(actions.Refusal):
                actions.recognise(email, "fel", network="192.0.2.1")
            db.session.rollback()

    def test_a_link_takes_the_same_time_to_ask_for(self, app: Flask, elin: Account) -> None:
        took: dict[str, list[float]] = {ELIN: [], "eric@example.org": []}
        for _turn in range(4):
            for email, times in took.items():
                began = time.perf_counter()
                self.answer(app, "/logga-in/glomt", email)
                times.append(time.perf_counter() - began)
        known, unknown = (min(times) for times in took.values())  # the turn that a busy machine held up least
        assert min(known, unknown) >= rules.SAME_ANSWER_AFTER
        assert abs(known - unknown) < 0.05


class TestLimits:
    def fails(self, visitor: Visitor, times: int, *, email: str = ELIN) -> None:
        for _turn in range(times):
            signs_in(visitor, 422, email=email, password="fel lösenord här")

    def test_after_too_many_wrong_ones_the_right_one_waits_too(
        self, visitor: Visitor, elin: Account, the_clock: TheClock
    ) -> None:
        self.fails(visitor, rules.PER_ACCOUNT.tries)
        signs_in(visitor, 429).sees("Det blev många försök. Vänta 15 minuter och prova igen.")
        assert visitor.answer
        assert visitor.answer.headers["Retry-After"] == "900"
        the_clock.set_to(the_clock.now + timedelta(minutes=14, seconds=10))
        signs_in(visitor, 429).sees("Vänta 1 minut och prova igen.")
        the_clock.set_to(the_clock.now + timedelta(minutes=1))
        signs_in(visitor)
        assert is_in(visitor)

    def test_waiting_does_not_grow_by_trying(self, visitor: Visitor, elin: Account) -> None:
        self.fails(visitor, rules.PER_ACCOUNT.tries)
        before = tries()
        signs_in(visitor, 429)
        assert tries() == before

    def test_the_right_one_clears_the_count(self, visitor: Visitor, elin: Account) -> None:
        self.fails(visitor, rules.PER_ACCOUNT.tries - 1)
        signs_in(visitor)
        visitor.leaves()
        self.fails(visitor, rules.PER_ACCOUNT.tries - 1)
        signs_in(visitor)

    def test_one_network_may_not_try_everybody(
        self, visitor: Visitor, elin: Account, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rules, "PER_NETWORK", rules.Limit(4, timedelta(minutes=15)))
        for number in range(4):
            self.fails(visitor, 1, email=f"person{number}@example.org")
        signs_in(visitor, 429)

    def test_a_session_that_is_in_is_never_locked_out(self, app: Flask, elin: Account) -> None:
        inside = Visitor(app).signs_in(elin)
        self.fails(Visitor(app), rules.PER_ACCOUNT.tries)
        inside.opens("/konto").sees("Mitt konto")
        inside.sends("/konto", name="Elin N").sees("Namnet är sparat.")

    def test_a_new_password_by_link_opens_the_door_at_once(self, app: Flask, elin: Account) -> None:
        self.fails(Visitor(app), rules.PER_ACCOUNT.tries)
        token = actions.make_link(elin, "reset", by=None)
        visitor = Visitor(app).opens(f"/lank/{token}").sends(f"/lank/{token}", password="fyra nya grytor")
        assert is_in(visitor)
        other = Visitor(app)
        signs_in(other, password="fyra nya grytor")
        assert is_in(other)

    def test_the_table_tells_nobody_who_tried(self, visitor: Visitor, elin: Account) -> None:
        self.fails(visitor, 1)
        keys = db.session.scalars(select(FailedTry.key_hash)).all()
        assert all(re.fullmatch("[0-9a-f]{64}", key) for key in keys)
        assert queries.hash_of(ELIN) not in keys

    def test_old_tries_are_forgotten(self, visitor: Visitor, elin: Account, the_clock: TheClock) -> None:
        self.fails(visitor, 3)
        the_clock.set_to(the_clock.now + timedelta(hours=2))
        self.fails(visitor, 1)
        assert tries() == 2

    def test_links_for_one_address_stop_silently(self, app: Flask, elin: Account) -> None:
        for _turn in range(rules.RESETS_PER_ACCOUNT.tries + 2):
            Visitor(app).opens("/logga-in/glomt").sends("/logga-in/glomt", email=ELIN).sees(
                "Titta i din mejl"
            )
        db.session.rollback()
        assert db.session.scalar(select(func.count()).select_from(Letter)) == rules.RESETS_PER_ACCOUNT.tries

    def test_links_for_one_network_stop_aloud(
        self, visitor: Visitor, elin: Account, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rules, "RESETS_PER_NETWORK", rules.Limit(2, timedelta(hours=1)))
        for email in (ELIN, "eric@example.org"):
            visitor.opens("/logga-in/glomt").sends("/logga-in/glomt", email=email)
        visitor.opens("/logga-in/glomt").sends("/logga-in/glomt", 429, email="nils@example.org")
        visitor.sees("Det blev många försök. Vänta 60 minuter och prova igen.")


class TestACopiedCookieIsDeadAfter:
    @pytest.fixture
    def copied(self, app: Flask, elin: Account) -> Visitor:
        """Somebody with a copy of Elin's cookie, who is let in until something happens."""
        signs_in(mine := Visitor(app))
        self.mine = mine
        thief = Visitor(app)
        with mine.client.session_transaction() as kept:
            token = kept["_user_id"]
        with thief.client.session_transaction() as kept:
            kept["_user_id"], kept["_fresh"] = token, True
        assert is_in(thief)
        return thief

    def test_sign_out(self, copied: Visitor) -> None:
        self.mine.opens("/konto").sends("/logga-ut").sees("Du är utloggad.")
        assert not is_in(copied)
        assert not is_in(self.mine)

    def test_sign_out_everywhere(self, copied: Visitor) -> None:
        self.mine.opens("/konto").sends("/konto/logga-ut-overallt").sees("Du är utloggad från alla enheter.")
        assert not is_in(copied)

    def test_a_new_password(self, copied: Visitor) -> None:
        self.mine.opens("/konto/losenord").sends("/konto/losenord", present=PASSWORD, new="fyra nya grytor")
        assert not is_in(copied)
        assert is_in(self.mine), "the device where it was changed stays"

    def test_a_new_password_by_link(self, copied: Visitor, elin: Account) -> None:
        token = actions.make_link(elin, "reset", by=None)
        self.mine.leaves().opens(f"/lank/{token}").sends(f"/lank/{token}", password="fyra nya grytor")
        assert not is_in(copied)

    @pytest.mark.parametrize("change", ["disable", "give", "take", "lead", "lead no more"])
    def test_what_somebody_else_changes(self, copied: Visitor, elin: Account, change: str) -> None:
        from choir_app.choirs import actions as choirs

        boss, choir = makers.an_administrator(), makers.a_choir()
        if change == "disable":
            actions.disable(elin, by=boss)
        elif change in ("give", "take"):
            actions.grant(elin, "editor", by=boss)
        else:
            choirs.appoint_leader(choir, elin, by=boss)
        if change in ("take", "lead no more"):
            token = actions.sign_in(elin, device="Chrome på Android")
            db.session.commit()
            with copied.client.session_transaction() as kept:
                kept["_user_id"] = token
            assert is_in(copied)
            if change == "take":
                actions.withdraw(elin, "editor", by=boss)
            else:
                choirs.dismiss_leader(choir, elin, by=boss)
        db.session.commit()
        assert not is_in(copied)

    def test_its_time(self, copied: Visitor, the_clock: TheClock) -> None:
        the_clock.set_to(the_clock.now + timedelta(days=366))
        assert not is_in(copied)

    def test_one_device_ended_from_another(self, app: Flask, copied: Visitor) -> None:
        signs_in(other := Visitor(app))
        other.opens("/konto")
        ending = re.findall(r'action="(/konto/inloggningar/[^"]+)"', other.html)
        assert len(ending) == 1, "the present device ends by «Logga ut»"
        other.sends(ending[0]).sees("Okänd enhet är utloggad.")
        assert not is_in(copied)
        assert is_in(other)

    def test_but_not_after_anything_else(self, copied: Visitor) -> None:
        self.mine.opens("/konto").sends("/konto", name="Elin N")
        assert is_in(copied)


class TestLeaving:
    def test_needs_a_token(self, visitor: Visitor, elin: Account) -> None:
        signs_in(visitor)
        visitor.sends("/logga-ut", 400, csrf_token="old")
        assert is_in(visitor)

    def test_cannot_be_done_by_a_link(self, visitor: Visitor, elin: Account) -> None:
        visitor.signs_in(elin).opens("/logga-ut", 405)
        assert is_in(visitor)

    def test_twice_is_fine(self, visitor: Visitor, elin: Account) -> None:
        visitor.opens("/logga-in").sends("/logga-ut").sends("/logga-ut").sees("Logga in")

    def test_a_stranger_cannot_end_my_device(self, app: Flask, elin: Account) -> None:
        signs_in(Visitor(app))
        (mine,) = sign_ins()
        Visitor(app).signs_in(makers.an_account("Någon Annan")).sends(
            f"/konto/inloggningar/{mine.id}/avsluta", 404
        )
        db.session.refresh(mine)
        assert mine.ended_at is None
