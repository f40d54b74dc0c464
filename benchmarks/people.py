"""Who walks through the house in a benchmark: a visitor, or somebody of the demo network who has signed in."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from http.client import HTTPConnection
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from sqlalchemy import Select, select

from choir_app.accounts.models import Account, RoleGrant, SignIn
from choir_app.choirs.models import Leadership
from choir_app.foundation import clock
from choir_app.foundation.database import commit, db
from choir_app.foundation.settings import Settings
from choir_app.rehearsals.models import Rehearsal

BROWSER = "Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
"""What a walker's browser calls itself: what people open is counted, and that is part of what a page costs."""


@dataclass(frozen=True)
class Walker:
    """Somebody with a cookie, or none; opens pages of a running house."""

    settings: Settings
    cookie: str = ""

    def headers(self) -> dict[str, str]:
        """What this person's browser says with every question."""
        said = {
            "Host": f"127.0.0.1:{self.settings.port}",
            "Accept-Encoding": "gzip, deflate, br",
            "User-Agent": BROWSER,
        }
        return {**said, "Cookie": self.cookie} if self.cookie else said

    def opens(self, path: str) -> Element:
        """The page at an address, as elements."""
        connection = HTTPConnection("127.0.0.1", self.settings.port, timeout=30)
        connection.request("GET", path, headers={**self.headers(), "Accept-Encoding": "identity"})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
        return html5lib.HTMLParser(namespaceHTMLElements=False).parse(body.decode())

    def finds(self, path: str, beginning: str) -> str:
        """The first address on a page that begins so and leads further than that."""
        for link in self.opens(path).iter("a"):
            target = urlsplit(urljoin(path, link.get("href") or "")).path
            if target.startswith(beginning) and len(target) > len(beginning):
                return target
        raise RuntimeError(f"no link to {beginning}… on {path}")

    def request(self, path: str) -> str:
        """The question for a page, as it goes over the wire."""
        return "".join(
            (f"GET {path} HTTP/1.1\r\n", *(f"{k}: {v}\r\n" for k, v in self.headers().items()), "\r\n")
        )

    def form(self, path: str, body: str) -> str:
        """A sent form, as it goes over the wire."""
        said = {
            **self.headers(),
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-Length": str(len(body.encode())),
            "Origin": f"http://127.0.0.1:{self.settings.port}",
        }
        return "".join(
            (f"POST {path} HTTP/1.1\r\n", *(f"{k}: {v}\r\n" for k, v in said.items()), "\r\n", body)
        )


def a_leader(app: Flask, settings: Settings) -> tuple[Walker, str]:
    """Somebody of the demo network who leads a choir, and the address of that choir's latest roll."""
    with app.app_context():
        row = db.session.execute(
            select(Rehearsal.id, Leadership.account_id)
            .join(Leadership, Leadership.choir_id == Rehearsal.choir_id)
            .where(Rehearsal.starts_at < clock.now(), Rehearsal.present_count > 0)
            .order_by(Rehearsal.starts_at.desc())
            .limit(1)
        ).one()
        db.session.remove()
    return _signed_in(
        app, settings, select(Account).where(Account.id == row.account_id)
    ), f"/narvaro/{row.id}"


def a_manager(app: Flask, settings: Settings) -> Walker:
    """Somebody of the demo network who looks after the money."""
    with_role = select(Account).join(RoleGrant).where(RoleGrant.role == "manager")
    return _signed_in(app, settings, with_role)


def _signed_in(app: Flask, settings: Settings, whom: Select[Account]) -> Walker:
    token = secrets.token_urlsafe(32)
    with app.app_context():
        account = db.session.scalars(whom.order_by(Account.email).limit(1)).one()
        now = clock.now()
        db.session.add(
            SignIn(
                token_hash=sha256(token.encode()).hexdigest(),
                account_id=account.id,
                began_at=now,
                seen_at=now,
                expires_at=now + timedelta(days=1),
                device="Chrome på Linux",
            )
        )
        commit()
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]  # the cookie session has it
        value = serializer.dumps({"_user_id": token, "_fresh": True, "csrf_token": secrets.token_hex(20)})
        db.session.remove()
    return Walker(settings, f"{app.config['SESSION_COOKIE_NAME']}={value}")
