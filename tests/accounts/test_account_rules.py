"""Limits, addresses, devices and passwords, without a database."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from choir_app.accounts import passwords, rules
from choir_app.foundation.refusal import Refusal
from choir_app.foundation.settings import PROJECT

NOON = datetime(2026, 6, 16, 12, 0, tzinfo=UTC)
LIMIT = rules.Limit(3, timedelta(minutes=15))


def ago(*minutes: int) -> list[datetime]:
    return [NOON - timedelta(minutes=number) for number in minutes]


def test_one_may_try_as_often_as_the_limit_says() -> None:
    assert LIMIT.wait_after(ago(1, 2), NOON) == timedelta(0)


def test_after_that_one_waits_until_the_first_of_them_is_old() -> None:
    assert LIMIT.wait_after(ago(1, 2, 10), NOON) == timedelta(minutes=5)


def test_and_no_longer() -> None:
    assert LIMIT.wait_after(ago(1, 2, 15), NOON) == timedelta(0)


@pytest.mark.parametrize(
    "path",
    ["/", "/konto", "/narvaro/412?visa=alla", "/korer/%C3%B6stersund", "/nyheter/2026/vi-sjunger#slut"],
)
def test_a_path_of_ours(path: str) -> None:
    assert rules.path_of_ours(path) == path


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "konto",
        "//ond.example",
        "/\\ond.example",
        "\\\\ond.example",
        "https://ond.example/",
        "javascript:alert(1)",
        "/konto\r\nLocation: https://ond.example",
        "/ /ond.example",
        "/\t/ond.example",
        "/logga-ut",
        "/logga-in?next=/logga-in",
        "/lank/abc",
        "/" + "a" * 3000,
        "/\\/ond.example",
    ],
)
def test_every_other_way_on_is_left(path: str | None) -> None:
    assert rules.path_of_ours(path) is None


@given(st.text(max_size=40))
def test_whatever_is_typed_never_leads_elsewhere(text: str) -> None:
    path = rules.path_of_ours(text)
    assert path is None or (path.startswith("/") and not path.startswith(("//", "/\\")))


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        (None, "unknown"),
        ("nonsense", "unknown"),
    ],
)
def test_a_line_is_counted_once(address: str | None, counted_as: str) -> None:
    assert rules.network_of(address) == counted_as


ANDROID = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile Safari/604.1"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (ANDROID, "Chrome på Android"),
        (IPHONE, "Safari på Iphone"),
        (FIREFOX, "Firefox på Windows"),
        (EDGE, "Edge på Windows"),
        ("curl/8.0", "Okänd enhet"),
        ("", "Okänd enhet"),
    ],
)
def test_a_device_in_plain_words(app: Flask, user_agent: str, words: str) -> None:
    assert rules.device_of(user_agent) == words


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 6, 16, 8, 5, tzinfo=UTC), "i dag kl. 10.05"),
        (datetime(2026, 6, 15, 22, 30, tzinfo=UTC), "i dag kl. 00.30"),
        (datetime(2026, 6, 15, 16, 12, tzinfo=UTC), "i går kl. 18.12"),
        (datetime(2026, 6, 9, 16, 12, tzinfo=UTC), "tisdag 9 juni kl. 18.12"),
    ],
)
def test_a_moment_in_words(app: Flask, moment: datetime, words: str) -> None:
    assert rules.moment_in_words(moment, date(2026, 6, 16)) == words


@pytest.mark.parametrize(
    "password", ["tre glada grytor", "Sjung-med-oss-9", "åäöåäöåxyz", "x7!kQ2.pLm", "å" * 5 + "bcdefgh"]
)
def test_a_password_that_may_be_chosen(app: Flask, password: str) -> None:
    rules.refuse_weak(password, about=("Elin Norberg", "elin@example.org"))


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("kort", "för kort"),
        ("123456789", "för kort"),
        ("x" * 201, "för långt"),
        ("qwertyuiop", "lätt att gissa"),
        ("password123", "lätt att gissa"),
        ("lösenord123", "lätt att gissa"),
        ("aaaaaaaaaaaa", "lätt att gissa"),
        ("ElinNorberg1", "lätt att gissa"),
        ("elin.norberg2026", "lätt att gissa"),
        ("rockinpots2026", "lätt att gissa"),
    ],
)
def test_a_password_that_may_not(app: Flask, password: str, sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        rules.refuse_weak(password, about=("Elin Norberg", "elin.norberg@example.org"))


def test_a_password_is_kept_as_argon2id_with_our_parameters() -> None:
    assert passwords.hashed("tre glada grytor").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_one_password_typed_on_two_keyboards() -> None:
    kept = passwords.hashed(rules.as_hashed("åtta små grytor"))
    assert passwords.is_right(rules.as_hashed("a\u030atta sma\u030a grytor"), kept)


def test_no_password_is_right_where_none_is_kept() -> None:
    assert not passwords.is_right("no account has this password", None)
    assert not passwords.is_right("", None)
    assert not passwords.is_right("x", "what is this?")


def test_an_older_hash_is_known() -> None:
    older = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$" + "A" * 43
    assert passwords.is_out_of_date(older)
    assert not passwords.is_out_of_date(passwords.hashed("x"))


def test_every_deed_that_is_noted_has_words(app: Flask) -> None:
    texts = "\n".join(path.read_text() for path in (PROJECT / "choir_app").rglob("*.py"))
    verbs = set(re.findall(r'note\(\s*f?"([a-z_.]+)"', texts))
    assert len(verbs) > 20
    assert [verb for verb in sorted(verbs) if rules.deed_in_words(verb) == verb] == []


def test_what_the_log_calls_a_deed(app: Flask) -> None:
    assert rules.deed_in_words("account.became_manager") == "gjorde till projektledare:"
    assert rules.deed_in_words("singer.changed") == "ändrade"
    assert rules.deed_in_words("something.else") == "something.else"
