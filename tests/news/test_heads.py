"""What a letter about a post bears in its head is what was typed, and never a head of its own."""

from email import message_from_bytes
from email.policy import default
from uuid import uuid4

import pytest
from flask import Flask

from choir_app.accounts.models import Account
from choir_app.foundation.database import db
from choir_app.foundation.text import is_email
from choir_app.news import queries
from choir_app.news.actions.mailing import message_of
from tests.news.letters import a_subscriber, plain
from tests.news.made import a_post

IN_CODE = "=?utf-8?q?Hej=0D=0ABcc:_alla@example.org=0D=0A=0D=0AKlicka?="


def test_a_headline_in_code_is_words(app: Flask, editor: Account) -> None:
    post = a_post(editor, IN_CODE)
    letter = queries.letter_about(post.id, wanted="sv", page_language="sv")
    assert letter
    message = message_from_bytes(
        bytes(message_of(letter, "amal@example.org", uuid4(), "x" * 32)), policy=default
    )
    assert message["Subject"] == IN_CODE.replace("=?", "= ?")
    assert message["Bcc"] is None
    assert "Alla får komma och lyssna." in plain(message)


def test_an_address_that_would_break_its_line_is_in_no_letter(app: Flask, editor: Account) -> None:
    other, odd = a_subscriber("zahra@example.org"), a_subscriber("amal@example.org")
    odd.email = "a@=?utf-8?q?b=0D=0AX-Own=3A_1?=.org"
    db.session.commit()
    post = a_post(editor)
    letter = queries.letter_about(post.id, wanted="sv", page_language="sv")
    assert letter
    with pytest.raises(ValueError, match="break its line"):
        bytes(message_of(letter, odd.email, uuid4(), "x" * 32))
    assert bytes(message_of(letter, other.email, uuid4(), "x" * 32))


@pytest.mark.parametrize(
    "typed",
    [
        *("a@b", "a b@example.org", "a@example", "a,b@example.org", "a(b)@example.org", "a@[127.0.0.1].se"),
        *("=?utf-8?q?a?=@example.org", "a=?b@example.org", "a@=?utf-8?q?b?=.org", "a\x01@example.org"),
    ],
)
def test_what_is_no_address(typed: str) -> None:
    assert not is_email(typed)


@pytest.mark.parametrize(
    "typed", ["a@example.org", "o'neil+körer@sub.example.org", "a=b?c@example.org", "å@exämple.org"]
)
def test_what_is_one(typed: str) -> None:
    assert is_email(typed)
