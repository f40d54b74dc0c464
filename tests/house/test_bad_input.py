"""Every form × every role: bad values in every field. Nothing breaks, nothing is half saved, nothing typed is lost.

A sample by turns: each field is sent a few values of the corpus, the next field the next few, so that all are sent
and every run is the same. `CHOIR_BAD_INPUT=all` sends every value to every field.
"""

import io
import json
import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus, urlsplit
from uuid import UUID, uuid4
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from sqlalchemy import Engine, String, select, text
from werkzeug.datastructures import MultiDict
from werkzeug.test import Cookie, TestResponse

from choir_app.accounts.actions import make_link
from choir_app.accounts.models import Account, SignIn
from choir_app.foundation import clock
from choir_app.foundation.database import ONLY_READS, Model, db
from choir_app.foundation.origin import WITH_OWN_PROTECTION
from choir_app.foundation.settings import PROJECT
from choir_app.funding.models import Deadline, InKind, Payment
from choir_app.funding.queries.proposals import shown_proposal_secret
from choir_app.partners.models import PartnerImport
from choir_app.rehearsals.models import Import, SeriesBreak, StudyRule
from tests import makers
from tests.funding.kept import a_plan
from tests.funding.made import a_document, a_promise, an_instalment
from tests.funding.proposed import a_draft, a_sent_one
from tests.house import corpus
from tests.house.walk import Things, address
from tests.kept_demo import go_back_to, keep_a_copy
from tests.visitor import FAULTS, Visitor, inspect, outside, read

IS_ALL = os.environ.get("CHOIR_BAD_INPUT") == "all"
VALUES_A_FIELD = 3
TODAY = date(2026, 6, 16)

NO = {400, 401, 403, 404, 410, 413, 422, 429}
"""What a refusal is answered with."""
KEPT_ASIDE = {"facts", "audit_entries", "readings", "failed_tries", "sign_ins", "letters", "refused_acts"}
"""Tables that the house writes for itself: who did what, which letters wait, what was refused."""
PURPOSE = {
    "accounts": {"accounts", "one_time_links"},
    "choirs": {"choirs", "rehearsals", "accounts"},
    "rehearsals": {"rehearsals", "choirs"},
    "partners": {"partners"},
    "news": {"news"},
    "funding": {"funding", "partners"},
    "overview": {"accounts", "choirs"},
}
"""The rooms whose tables a form of a room may write in."""


# --- a small network and its people ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Network:
    """People by role, what the addresses are made of, and words that only another choir's things hold."""

    people: dict[str, UUID]
    things: Things
    link: str
    strangers_id: UUID
    others: dict[str, set[UUID]]


@pytest.fixture
def network(app: Flask) -> Network:
    """Two choirs, so that there is always something of somebody else."""
    venue = makers.a_venue("Boden")
    choir = makers.a_choir("Bo", town="Boden")
    own = makers.a_singer("Amina", "Ali", choir=choir)
    series = makers.a_series(choir, TODAY - timedelta(days=14))
    rest = SeriesBreak(
        id=uuid4(), series_id=series.id, name="Lov", first_on=date(2026, 7, 7), last_on=date(2026, 8, 1)
    )
    rehearsal = makers.a_logged_rehearsal(choir, clock.now() - timedelta(minutes=30), own)
    coming = makers.a_rehearsal(choir, clock.now() + timedelta(days=7), venue=venue)
    other = makers.a_choir(town="Östersund")
    elsewhere = makers.a_rehearsal(other, clock.now())
    makers.a_rehearsal(choir, clock.now() - timedelta(days=3), kind="concert")
    study_list = makers.a_study_list(choir)
    stranger = makers.a_singer("Doris", choir=other)
    partner = makers.a_partner("Bodenbo", "Boden", is_thanked=True)
    contact = makers.a_contact(partner)
    makers.a_next_step(partner, TODAY)
    agreement = makers.an_agreement(10_000_00, choir, partner=partner)
    line = makers.a_cost_line(choir, 500_00)
    balance = makers.a_balance(1_000_00, TODAY)
    db.session.add_all(
        [
            rest,
            taken_in := Import(id=uuid4(), choir_id=choir.id, row_count=0),
            listed := PartnerImport(id=uuid4(), row_count=0),
            payment := Payment(id=uuid4(), agreement_id=agreement.id, on=TODAY, ore=100_00),
            deadline := Deadline(id=uuid4(), agreement_id=agreement.id, kind="final_report", due_on=TODAY),
            in_kind := InKind(
                id=uuid4(),
                partner_id=partner.id,
                choir_id=choir.id,
                what="Lånar ut lokalen",
                valid_from=TODAY,
            ),
        ]
    )
    people = {
        "leader": makers.a_leader(choir, "Ledare Ek"),
        "manager": makers.a_manager("Chef Ek"),
        "administrator": makers.an_administrator("Admin Ek"),
        "editor": makers.an_editor("Redaktör Ek"),
        "member": makers.with_password(makers.an_account("Medlem Ek")),
    }
    makers.a_singer("Amina", choir=choir)
    merge = makers.a_merge(makers.a_singer("Ebba", choir=choir), makers.a_singer("Ebba", "Ek", choir=choir))
    reply_secret = makers.a_reply_link(own)
    makers.days_away(own, TODAY + timedelta(days=20), TODAY + timedelta(days=22))
    someone = makers.an_account("Främling Ek")
    device = SignIn(
        token_hash="x" * 64, account=someone, expires_at=clock.now() + timedelta(days=1), device="Firefox"
    )
    post = makers.a_post("En fest")
    proposal = a_sent_one(choir, partner=partner, by=people["manager"])
    db.session.add(device)
    token = make_link(someone, "invitation", by=None)
    db.session.flush()
    things = {
        "slug": choir.slug,
        "partners:slug": partner.slug,
        "funding.partner:slug": partner.slug,
        "news:slug": post.slug,
        "news.town:slug": choir.town.slug,
        "news.tag:slug": "sommar",
        "news.author:slug": "redaktor-ek",
        "news.language:slug": "latt",
        "news.subject_feed:slug": "sommar",
        "about": "amne",
        "news.subject_feed:kind": "xml",
        "month": 6,
        "news.write_version:slug": "latt",
        "news.confirm_version:slug": "latt",
        "news.show_version:slug": "latt",
        "news.hide_version:slug": "latt",
        "preview_id": makers.a_preview(post).id,
        "tip_id": makers.a_tip().id,
        "year": 2026,
        "post_id": post.id,
        "number": 1,
        "news:name": makers.a_kept_picture().name,
        "width": 480,
        "copy": "480.webp",
        "person_id": makers.a_person_in_picture("0" * 32).id,
        "version": "0000000000",
        "name": "css/house.css",
        "token": token,
        "rehearsals.by_link:token": reply_secret,
        "merge_id": merge.id,
        "rehearsal_id": rehearsal.id,
        "loan_id": makers.a_loan(rehearsal).id,
        "arrival_id": makers.an_arrival(rehearsal).id,
        "refused_id": makers.a_refused_act(rehearsal).id,
        "rehearsals.move:rehearsal_id": coming.id,
        "rehearsals.cancel:rehearsal_id": coming.id,
        "choir_id": choir.id,
        "town_id": choir.town_id,
        "venue_id": venue.id,
        "import_id": taken_in.id,
        "series_id": series.id,
        "break_id": rest.id,
        "singer_id": own.id,
        "account_id": someone.id,
        "choirs:account_id": people["leader"].id,
        "sign_in_id": device.id,
        "contact_id": contact.id,
        "agreement_id": agreement.id,
        "funding.export:which": "avtal",
        "funding:ending": "xlsx",
        "opportunity_id": makers.an_opportunity(partner=partner).id,
        "kind": "payment",
        "row_id": payment.id,
        "funding.reverse_in_kind:row_id": in_kind.id,
        "deadline_id": deadline.id,
        "instalment_id": an_instalment(agreement, 1_000_00, TODAY).id,
        "payment_id": payment.id,
        "document_id": a_document(agreement).id,
        "promise_id": a_promise(agreement).id,
        "funding.change_promise:deed": "klart",
        "deed": "inskickad",
        "balance_id": balance.id,
        "programme_id": makers.a_programme(partner).id,
        "plan_id": a_plan().id,
        "partners:import_id": listed.id,
        "line_id": line.id,
        "proposal_id": a_draft(choir, partner=partner, by=people["manager"]).id,
        "funding.open_proposal_again:proposal_id": proposal.id,
        "funding.read_proposal:token": shown_proposal_secret(proposal),
        "funding.read_proposal_paper:token": shown_proposal_secret(proposal),
        "funding.change_packages:kind": "business",
        "list_id": study_list.id,
        "rule_id": db.session.scalars(select(StudyRule.id).order_by(StudyRule.id)).first(),
        "rehearsals.study_file:kind": "csv",
        "rehearsals.attendance_file:kind": "csv",
    }
    strangers_id = stranger.id
    others = {
        "singers": {strangers_id},
        "choirs": {other.id},
        "rehearsals": {elsewhere.id},
        "towns": {other.town_id},
    }
    ids = {role: account.id for role, account in people.items()}
    db.session.commit()
    return Network(ids, Things(things), f"/lank/{token}", strangers_id, others)


# --- a form as a browser sees it ----------------------------------------------------------------------------------


@dataclass
class Asked:
    """One field: what it is called, what kind it is, what stands in it, and what may be chosen."""

    name: str
    kind: str
    values: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Form:
    """A form on a page."""

    page: str
    action: str
    fields: dict[str, Asked]

    @property
    def takes_files(self) -> bool:
        """Whether it is sent in parts."""
        return any(one.kind == "file" for one in self.fields.values())

    def filled(self) -> dict[str, list[Any]]:
        """What stands in it, with something sensible where nothing does."""
        return {
            name: values
            for name, one in self.fields.items()
            if (values := _sensible(one)) and one.kind != "file"
        }


SUMS = ("sum", "amount", "delta", "spent")
SENSIBLE = {
    "email": "ny.person@example.org",
    "password": "fyra glada grytor",
    "tel": "070-174 06 30",
    "date": "2026-06-20",
    "time": "18:00",
    "latitude": "65,8",
    "longitude": "21,7",
    "sum": "500",
    "amount": "500",
    "delta": "500",
    "spent": "500",
    "minutes": "90",
    "present": makers.PASSWORD,
    "website": "www.exempel.se",
}


LEFT_EMPTY = {"homepage"}
"""Fields that only a program fills in; people do not see them."""


def _sensible(one: Asked) -> list[str]:
    if one.name in LEFT_EMPTY:
        return [""]
    if any(one.values) or one.kind in ("hidden", "checkbox"):
        return one.values
    if one.kind in ("radio", "select", "button"):
        return [choice for choice in one.options if choice][:1]
    known = SENSIBLE.get(one.name) or SENSIBLE.get(one.kind)
    if known is None and one.kind in ("text", "textarea", "search"):
        known = "20" if "day" in one.name or "count" in one.name else "Några ord"
    return [known or ""]


def forms_on(page: str, html: str) -> list[Form]:
    """Every form of a page that changes something."""
    return [
        Form(page, urlsplit(thing.get("action") or page).path, _fields_of(thing))
        for thing in read(html).iter("form")
        if (thing.get("method") or "get").lower() == "post"
    ]


def _fields_of(form: Element) -> dict[str, Asked]:
    fields: dict[str, Asked] = {}
    for thing in form.iter():
        name = thing.get("name")
        if not name or thing.tag not in ("input", "select", "textarea", "button"):
            continue
        kind = {"input": thing.get("type", "text"), "button": "button"}.get(str(thing.tag), str(thing.tag))
        one = fields.setdefault(name, Asked(name, kind))
        if thing.tag == "select":
            one.options = [option.get("value") or "" for option in thing.iter("option")]
            one.values = [
                option.get("value") or ""
                for option in thing.iter("option")
                if option.get("selected") is not None
            ]
            one.values = one.values or one.options[:1]
        elif kind in ("radio", "checkbox", "button"):
            one.options.append(thing.get("value") or "")
            if thing.get("checked") is not None:
                one.values.append(thing.get("value") or "")
        elif thing.tag == "textarea":
            one.values.append("".join(thing.itertext()).removeprefix("\n"))
        else:
            one.values.append(thing.get("value") or "")
    return fields


def opened(visitor: Visitor, path: str) -> TestResponse:
    """Open a page without looking at it."""
    return outside(lambda: visitor.client.get(path))


def posted(visitor: Visitor, form: Form, data: dict[str, list[Any]]) -> TestResponse:
    """Send a form as a browser does; what is bytes is sent as it stands."""
    if form.takes_files or any(isinstance(value, tuple) for values in data.values() for value in values):
        parts = MultiDict(
            (name, (io.BytesIO(value[1]), value[0]) if isinstance(value, tuple) else _as_words(value))
            for name, values in data.items()
            for value in values
        )
        return outside(
            lambda: visitor.client.post(form.action, data=parts, content_type="multipart/form-data")
        )
    body = "&".join(
        f"{quote_plus(name)}={_in_address(value)}" for name, values in data.items() for value in values
    )
    kind = "application/x-www-form-urlencoded"
    return outside(lambda: visitor.client.post(form.action, data=body, content_type=kind))


def _as_words(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


# --- what is sent ---------------------------------------------------------------------------------------------------


def bad_values(one: Asked, strangers_id: UUID) -> list[Any]:
    """Everything of the corpus for one field; a list is the field several times, None the field left out."""
    words = [[word] for word in corpus.WORDS]
    odd: list[Any] = [None, ["a", "b", "a"], [("bild.png", b"x")], [str(strangers_id)]]
    if one.kind == "file":
        return [[file] for file in corpus.files().values()] + [None, ["ord"]]
    if one.kind == "date" or one.name.endswith("_on"):
        return [[day] for day in corpus.DAYS] + odd
    if one.kind == "time":
        return [[hour] for hour in corpus.HOURS] + odd
    if one.kind in ("number", "tel") or one.name in (
        *SUMS,
        "latitude",
        "longitude",
    ):
        return [[number] for number in corpus.NUMBERS] + odd
    if one.kind in ("radio", "select", "checkbox", "button", "hidden"):
        several = [["0"] * 3_000] if one.kind in ("checkbox", "hidden") else []
        return [[choice] for choice in corpus.CHOICES] + odd + several
    return words + odd


class Turns:
    """Deals values out: each field of a kind goes on where the one before it stopped."""

    def __init__(self) -> None:
        self.places: dict[str, int] = {}

    def of(self, one: Asked, values: list[Any], count: int) -> list[Any]:
        """The next few values for a field."""
        if IS_ALL:
            return values if count else []
        begin = self.places.get(one.kind, 0)
        self.places[one.kind] = begin + count
        return [values[(begin + turn) % len(values)] for turn in range(min(count, len(values)))]


# --- the database before and after ----------------------------------------------------------------------------------

Rows = dict[str, frozenset[str]]


def rows_of_everything() -> Rows:
    """Every row of every table, as text."""
    db.session.rollback()
    with db.engine.connect().execution_options(**ONLY_READS) as connection:
        return {
            table.name: frozenset(repr(tuple(row)) for row in connection.execute(table.select()))
            for table in Model.metadata.sorted_tables
        }


def changed(before: Rows, after: Rows) -> set[str]:
    """The tables that are not as they were, but for those that the house writes for itself."""
    return {name for name in before if before[name] != after[name]} - KEPT_ASIDE


class Copy:
    """The filled database, to go back to."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.rows = rows_of_everything()
        self.is_sqlite = engine.dialect.name == "sqlite"
        if self.is_sqlite:
            self.path = Path(engine.url.database or "")
            keep_a_copy(engine, self.path.with_suffix(".filled"))
        else:
            with engine.connect() as connection:
                self.values = {
                    table: [row._asdict() for row in connection.execute(table.select())]
                    for table in Model.metadata.sorted_tables
                }

    def put_back(self) -> None:
        """Undo everything that was stored."""
        db.session.rollback()
        db.session.remove()
        if self.is_sqlite:
            go_back_to(self.path.with_suffix(".filled"), self.engine)
            return
        now = rows_of_everything()
        with self.engine.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))  # no keys, no triggers
            for table, values in self.values.items():
                if now[table.name] != self.rows[table.name]:
                    connection.execute(table.delete())
                    if values:
                        connection.execute(table.insert(), values)


def room_of(table: str) -> str:
    """The room that a table stands in."""
    for mapper in Model.registry.mappers:
        if mapper.local_table.name == table:  # type: ignore[attr-defined]  # each of ours has a plain table
            return mapper.class_.__module__.split(".")[1]
    return "news" if table.startswith("post_") else table


# --- what must be true of an answer -----------------------------------------------------------------------------------


def kept_as(value: str) -> set[str]:
    """How words may be stored: composed, trimmed, on one line or several."""
    composed = unicodedata.normalize("NFC", re.sub("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]", "\n", value))
    line = re.sub(r"\s+", " ", composed).strip()
    return {composed.strip(), line, line.lower(), f"https://{line}"}


def is_stored(value: str, new_rows: set[str]) -> bool:
    """Whether the words stand in a row that was written, whole or, as voices do, a line in each."""

    def stands(words: str) -> bool:
        kept = kept_as(words)
        return any(repr(one)[1:-1] in row or json.dumps(one)[1:-1] in row for one in kept for row in new_rows)

    return stands(value) or all(stands(line) for line in value.split("\n") if line.strip())


def check_answer(answer: TestResponse) -> None:
    """Never a fault, never a tag of somebody else's, and always a page of ours that holds what pages must."""
    because = FAULTS.latest if answer.status_code >= 500 else ""
    assert answer.status_code < 500, f"{answer.status} {because}"
    assert answer.status_code in NO | {200, 302, 303}, answer.status
    is_file = answer.headers.get("Content-Disposition", "").startswith("attachment")
    html = "" if is_file else answer.get_data(as_text=True)  # a file is opened by another program
    answer.close()
    if answer.mimetype != "application/json":  # which no browser draws: it is told not to guess
        assert "<x-kanin" not in html.lower(), "a tag of the corpus stands on the page"
    if answer.mimetype == "text/html" and answer.status_code not in (302, 303):
        inspect(html)
        if answer.status_code == 422:
            assert 'class="error-summary"' in html or "field__error" in html, (
                "the page does not say what is wrong"
            )


def check_kept(form: Form, sent: dict[str, list[Any]], bad: str, html: str) -> None:
    """A refused form is drawn again with every other value as it was typed."""
    again = next(
        (one for one in forms_on(form.page, html) if set(one.fields) >= set(form.fields) - {"go"}), None
    )
    if again is None:
        return  # an error page of its own: there was no form to draw again
    for name, one in form.fields.items():
        if (
            name in (bad, "csrf_token")
            or one.kind in ("password", "file", "button", "hidden")
            or name not in again.fields
        ):
            continue
        typed = [value for value in sent.get(name, []) if isinstance(value, str)]
        typed = [value for value in typed if value] if one.kind == "select" else typed
        shown = [value for value in again.fields[name].values if value or one.kind != "select"]
        if one.kind in ("checkbox", "radio"):
            assert set(shown) == set(typed) & set(one.options), f"{name}: {shown} instead of {typed}"
        else:
            assert [" ".join(value.split()) for value in shown[:1]] == [
                " ".join(value.split()) for value in typed[:1]
            ], f"{name}: {shown} instead of {typed}"


# --- the walk ------------------------------------------------------------------------------------------------------

NOT_WALKED = {
    "accounts.sign_out",
    "accounts.choose_looks",
    "static",
    "rehearsals.roll_shell",  # drawn by scripts and sent by none: a shell has no token and its form no address
    "rehearsals.summary_shell",
}


def pages_with_forms(app: Flask, visitor: Visitor, things: Things) -> Iterator[Form]:
    """Every form that this person meets, page by page."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint):
        if "GET" not in (rule.methods or ()) or rule.endpoint in NOT_WALKED:
            continue
        path = address(app, rule, things.arguments(rule))
        answer = opened(visitor, path)
        html = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
        answer.close()
        if answer.status_code >= 500:
            yield Form(path, FAULTS.latest, {})
        if answer.status_code == 200:
            for form in forms_on(path, html):
                if not form.action.startswith(("/logga-ut", "/utseende")):
                    yield form


def endpoint_of(app: Flask, path: str) -> str:
    """Which page an address leads to."""
    endpoint, _arguments = app.url_map.bind("").match(path, method="POST")  # type: ignore[misc]  # as_rule is off
    return str(endpoint)


class Tour:
    """One person's way through all forms, and what was otherwise than it must be."""

    def __init__(self, app: Flask, network: Network) -> None:
        self.app, self.network = app, network
        self.copy = Copy(db.engine)
        self.seen: set[tuple[str, ...]] = set()
        self.turns = Turns()
        self.cookie: Cookie | None = None
        self.wrong: list[str] = []
        self.sent_count = 0

    def walks(self, role: str, visitor: Visitor) -> None:
        """Meet every form as this person."""
        self.copy.put_back()
        if account_id := self.network.people.get(role):
            visitor.signs_in(db.session.get_one(Account, account_id))
        self.copy = Copy(db.engine)
        forms = list(pages_with_forms(self.app, visitor, self.network.things))
        self.cookie = visitor.client.get_cookie("kor")
        for form in forms:
            if not form.fields:
                self.wrong.append(f"{role}, {form.page}: {form.action}")
                continue
            endpoint = endpoint_of(self.app, form.action)
            key = (endpoint, *sorted(form.fields))
            is_new = key not in self.seen
            self.seen.add(key)
            for name, one in form.fields.items():
                values = bad_values(one, self.network.strangers_id)
                for value in self.turns.of(one, values, VALUES_A_FIELD if is_new else 0):
                    self._sends(role, visitor, form, endpoint, name, value)
            if is_new:
                self._goes_back(role, visitor, form, None)

    def _sends(self, role: str, visitor: Visitor, form: Form, endpoint: str, name: str, value: Any) -> None:
        data = self._never_asked_for() | form.filled()
        if value is None:
            data.pop(name, None)
        else:
            data[name] = value
        self.sent_count += 1
        try:
            answer = posted(visitor, form, data)
            check_answer(answer)
            if answer.status_code == 422 and name != "csrf_token":
                check_kept(form, data, name, answer.get_data(as_text=True))
            if answer.status_code in (200, 302, 303):
                assert name != "csrf_token" or value is None or form.action == "/logga-in", (
                    "a wrong token was taken"
                )
                self._was_stored(form, endpoint, name, value, visitor, answer)
        except Exception as fault:  # noqa: BLE001 - the tour goes on, and tells of all at the end
            said = (str(fault) or type(fault).__name__).split("\n")[0][:300]
            self.wrong.append(f"{role}, {endpoint}, {name}={str(value)[:60]!r}: {said}")
            self._goes_back(role, visitor, form, name)

    def _never_asked_for(self) -> dict[str, list[str]]:
        """Fields that no form has, but tables do: they change nothing."""
        others_choir = str(next(iter(self.network.others["choirs"])))
        return {"id": [str(self.network.strangers_id)], "choir_id": [others_choir], "password_hash": ["x"]}

    def _was_stored(
        self, form: Form, endpoint: str, name: str, value: Any, visitor: Visitor, answer: TestResponse
    ) -> None:
        after = rows_of_everything()
        touched = changed(self.copy.rows, after)
        allowed = PURPOSE[endpoint.partition(".")[0]]
        strange = {table for table in touched if room_of(table) not in allowed and table not in allowed}
        assert not strange, f"changed {strange}"
        for table, ids in self.network.others.items():
            for one in ids:
                seen = [row for row in self.copy.rows[table] if repr(one) in row]
                assert all(row in after[table] for row in seen), f"changed another choir's row in {table}"
        new_rows = {row for table in touched for row in after[table] - self.copy.rows[table]}
        one = form.fields[name]
        is_words = one.kind in ("text", "textarea", "email") and isinstance(value, list) and len(value) == 1
        if touched and is_words and isinstance(value[0], str) and value[0].strip():
            assert is_stored(value[0], new_rows) or one.name in SUMS, (
                f"not stored as it was sent: {new_rows}"[:600]
            )
        location = answer.headers.get("Location")
        is_out = "/logga-in" in (location or "") and not endpoint.startswith("accounts.")
        assert not is_out, "they were signed out"
        if location:
            there = outside(lambda: visitor.client.get(location))
            assert there.status_code in {200, 303} | NO, f"{location}: {there.status} {FAULTS.latest}"
            check_answer(there)
        self._begins_again(visitor)

    def _goes_back(self, role: str, visitor: Visitor, form: Form, name: str | None) -> None:
        after = rows_of_everything()
        if touched := changed(self.copy.rows, after):
            if name is None:
                self.wrong.append(f"{role}, {form.action}: a refusal changed {touched}")
            self._begins_again(visitor)

    def _begins_again(self, visitor: Visitor) -> None:
        """Put the network and the browser back to where they were when the pages were opened."""
        self.copy.put_back()
        if self.cookie:
            visitor.client.set_cookie("kor", self.cookie.value)


def walkers(network: Network) -> Iterator[str]:
    """Who walks, the one with the fewest rights first; somebody who has not signed in before all."""
    yield "guest"
    yield from ("member", "leader", "editor", "manager", "administrator")


@pytest.mark.long
def test_every_field_of_every_form(app: Flask, network: Network) -> None:
    tour = Tour(app, network)
    for role in walkers(network):
        tour.walks(role, Visitor(app))
    assert len(tour.seen) >= 50, "the tour met too few forms"
    assert tour.wrong == [], f"{len(tour.wrong)} of {tour.sent_count}:\n" + "\n".join(tour.wrong)


# --- what is stored is shown as words everywhere -------------------------------------------------------------------

NO_WORDS = re.compile(
    r"slug|email|hash|digest|token|sort_key|folded|kind|state|status|role$|purpose|verb|subject|language|reads"
)
"""Columns that hold no words of people: codes, keys, addresses."""


NO_PAGES = {
    "application/pdf",
    "text/calendar",
    "application/zip",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def write_into_every_column(words: str) -> int:
    """Put the words at the beginning of everything that people have written; says in how many columns."""
    count = 0
    with db.engine.begin() as connection:
        for table in Model.metadata.sorted_tables:
            for column in table.columns:
                longest = getattr(column.type, "length", None)
                is_words = isinstance(column.type, String) and (longest is None or longest >= 60)
                if not is_words or NO_WORDS.search(column.name) or column.primary_key or column.foreign_keys:
                    continue
                if table.name in KEPT_ASIDE or column.name == "picture_name":
                    continue
                connection.execute(table.update().where(column.is_not(None)).values({column: words + column}))
                count += 1
    return count


@pytest.mark.long
def test_stored_words_are_never_more_than_words(app: Flask, network: Network) -> None:
    assert write_into_every_column(corpus.TAG) >= 30
    db.session.expire_all()
    app.extensions["kept_pages"].forget()
    wrong, shown_count = [], 0
    for role in walkers(network):
        visitor = Visitor(app)
        if role in network.people:
            visitor.signs_in(db.session.get_one(Account, network.people[role]))
        for rule in app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
                continue
            path = address(app, rule, network.things.arguments(rule))
            answer = opened(visitor, path)
            if (answer.mimetype or "").startswith("image/") or answer.mimetype in NO_PAGES:
                answer.close()  # drawn as a picture or on paper, or read by another program as the words that they are
                continue
            try:
                check_answer(answer)
            except Exception as fault:  # noqa: BLE001 - all pages are opened, and all that is wrong is told at the end
                wrong.append(f"{role}, {path}: {str(fault).splitlines()[0][:300]}")
            shown_count += "&lt;x-kanin" in answer.get_data(as_text=True)
    assert wrong == [], "\n".join(wrong)
    assert shown_count > 60, "the words are hardly shown anywhere"


# --- what is asked for in an address -------------------------------------------------------------------------------


def names_in_addresses() -> list[str]:
    """Every name that a view reads from the part of an address after its question mark."""
    code = "".join(path.read_text() for path in (PROJECT / "choir_app").rglob("*.py"))
    return sorted(set(re.findall(r"request\.args(?:\.get\(|\.getlist\(|\[)\s*\"(\w+)\"", code)) | {"fore"})


def test_whatever_is_asked_for_in_an_address(app: Flask, network: Network) -> None:
    names = names_in_addresses()
    assert len(names) >= 5
    visitor = Visitor(app).signs_in(db.session.get_one(Account, network.people["administrator"]))
    junk = [*corpus.WORDS, *corpus.NUMBERS, *corpus.DAYS, *corpus.CHOICES]
    junk = [one for one in junk if len(one) < 6_000]
    copy, wrong, place = Copy(db.engine), [], 0
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint):
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
            continue
        path = address(app, rule, network.things.arguments(rule))
        for _turn in range(len(junk) if IS_ALL else 2):
            asked = "&".join(
                f"{name}={_in_address(junk[(place + at) % len(junk)])}" for at, name in enumerate(names)
            )
            place += 1
            answer = opened(visitor, f"{path}?{asked}")
            try:
                if not (answer.mimetype or "").startswith("image/"):
                    check_answer(answer)
            except Exception as fault:  # noqa: BLE001 - all pages are opened, and all that is wrong is told at the end
                wrong.append(f"{path}?{asked[:200]}: {str(fault).splitlines()[0][:300]}")
    assert wrong == [], "\n".join(wrong)
    assert not changed(copy.rows, rows_of_everything())


def _in_address(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else quote_plus(value)


# --- the same form again, an old page, too much --------------------------------------------------------------------


def each_form(app: Flask, network: Network, role: str) -> Iterator[tuple[Tour, Visitor, Form, str]]:
    """Every form that a person meets, each with the network as it was at first."""
    tour, visitor = Tour(app, network), Visitor(app)
    visitor.signs_in(db.session.get_one(Account, network.people[role]))
    tour.copy = Copy(db.engine)
    for form in list(pages_with_forms(app, visitor, network.things)):
        if form.fields:
            yield tour, visitor, form, endpoint_of(app, form.action)
            tour.copy.put_back()


@pytest.mark.long
@pytest.mark.parametrize("role", ["leader", "administrator"])
def test_sent_twice_it_has_the_effect_of_once(app: Flask, network: Network, role: str) -> None:
    wrong, taken_count = [], 0
    for tour, visitor, form, endpoint in each_form(app, network, role):
        first = posted(visitor, form, form.filled())
        if first.status_code != 303:
            continue
        after_one = rows_of_everything()
        again = posted(visitor, form, form.filled())
        taken_count += 1
        if again.status_code >= 500:
            wrong.append(f"{endpoint}: {FAULTS.latest}")
        if touched := changed(after_one, rows_of_everything()):
            made = {name: len(rows) for name, rows in rows_of_everything().items() if name in touched}
            grew = {name for name in made if made[name] > len(after_one[name])}
            if grew:
                wrong.append(f"{endpoint}: the second press made more {grew}")
        assert tour.copy
    assert taken_count >= (15 if role == "leader" else 30), f"only {taken_count} forms were taken"
    assert wrong == [], "\n".join(wrong)


@pytest.mark.long
@pytest.mark.parametrize("role", ["leader", "administrator"])
def test_an_old_page_saves_nothing_and_loses_nothing(app: Flask, network: Network, role: str) -> None:
    wrong = []
    for tour, visitor, form, endpoint in each_form(app, network, role):
        if endpoint in WITH_OWN_PROTECTION:
            continue  # such a page is never too old
        data = form.filled() | {"csrf_token": ["of-yesterday"]}
        try:
            answer = posted(visitor, form, data)
            check_answer(answer)
            assert answer.status_code in (400, 404, 422), answer.status
            if answer.status_code == 422:
                check_kept(form, data, "csrf_token", answer.get_data(as_text=True))
                assert "Sidan var öppen för länge" in answer.get_data(as_text=True), "it is not said why"
            touched = changed(tour.copy.rows, rows_of_everything())
            assert not touched, f"changed {touched}"
        except Exception as fault:  # noqa: BLE001 - all forms are tried, and all that is wrong is told at the end
            wrong.append(f"{endpoint}: {str(fault).splitlines()[0][:300]}")
    assert wrong == [], "\n".join(wrong)


class TestTooMuch:
    """Bodies that no form of ours makes are answered with a page that says what to do."""

    @pytest.mark.parametrize(
        ("body", "kind"),
        [
            (b"email=" + b"a" * 3_000_000, "application/x-www-form-urlencoded"),
            (b"a" * 3_000_000, "application/json"),
            (b"a" * 3_000_000, "text/plain"),
        ],
    )
    def test_words(self, visitor: Visitor, body: bytes, kind: str) -> None:
        answer = outside(lambda: visitor.client.post("/logga-in", data=body, content_type=kind))
        assert answer.status_code == 413
        inspect(answer.get_data(as_text=True))

    def test_parts(self, visitor: Visitor) -> None:
        parts = {f"del{number}": "x" for number in range(2_500)}
        answer = outside(
            lambda: visitor.client.post("/logga-in", data=parts, content_type="multipart/form-data")
        )
        assert answer.status_code == 413
        inspect(answer.get_data(as_text=True))

    @pytest.mark.parametrize(
        ("name", "size"), [("email", 3_000_000), ('fil"; filename="a.png', 21 * 1024 * 1024)]
    )
    def test_words_or_a_file_in_parts(self, visitor: Visitor, name: str, size: int) -> None:
        head = f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
        body = head + b"a" * size + b"\r\n--x--\r\n"
        kind = "multipart/form-data; boundary=x"
        answer = outside(lambda: visitor.client.post("/logga-in", data=body, content_type=kind))
        assert answer.status_code == 413
        inspect(answer.get_data(as_text=True))


class TestTheWire:
    """JSON of every type under every key of an act, and of a batch."""

    def test_every_type_under_every_key(self, app: Flask, visitor: Visitor, network: Network) -> None:
        visitor.signs_in(db.session.get_one(Account, network.people["leader"]))
        copy = Copy(db.engine)
        names = (
            "id",
            "kind",
            "rehearsal_id",
            "singer_id",
            "status",
            "at",
            "number",
            "name",
            "phone",
            "words",
            "seen",
        )
        sound: dict[str, Any] = {
            "kind": "mark",
            "rehearsal_id": str(network.things.by_name["rehearsal_id"]),
            "singer_id": str(network.things.by_name["singer_id"]),
            "status": "present",
            "at": "2026-06-16T15:45:00Z",
        }
        acts: list[Any] = [
            sound | {"id": str(uuid4()), "kind": kind} | {name: junk}
            for kind in ("mark", "guests", "newcomer", "done", "note")
            for name in names
            for junk in corpus.JUNK
        ]
        acts += list(corpus.JUNK)
        for begin in range(0, len(acts), 60):
            some = acts[begin : begin + 60]
            answer = self._sends(
                visitor, {"sent_at": "2026-06-16T16:00:00Z", "device_id": "telefon", "acts": some}
            )
            assert answer.status_code == 200, f"{answer.status} {FAULTS.latest}"
            outcomes = {one["outcome"] for one in answer.get_json()["results"]}
            assert outcomes <= {"applied", "superseded", "refused"}
            assert all(one["reason"] for one in answer.get_json()["results"] if one["outcome"] == "refused")
        strange = {room_of(table) for table in changed(copy.rows, rows_of_everything())}
        assert strange <= {"rehearsals", "choirs"}

    def test_every_type_for_a_batch(self, visitor: Visitor, network: Network) -> None:
        visitor.signs_in(db.session.get_one(Account, network.people["leader"]))
        sound = {"sent_at": "2026-06-16T16:00:00Z", "device_id": "telefon", "acts": []}
        for junk in corpus.JUNK:
            for batch in (junk, *(sound | {name: junk} for name in sound)):
                answer = self._sends(visitor, batch)
                assert answer.status_code in {200, 400, 413, 422}, f"{answer.status} {FAULTS.latest}"
                assert answer.status_code == 200 or answer.get_json()["reason"]

    def test_more_than_five_hundred(self, visitor: Visitor, network: Network) -> None:
        visitor.signs_in(db.session.get_one(Account, network.people["leader"]))
        assert (
            self._sends(visitor, {"sent_at": "2026-06-16T16:00:00Z", "acts": [{}] * 501}).status_code == 413
        )

    def _sends(self, visitor: Visitor, batch: Any) -> TestResponse:
        body = json.dumps(batch)
        return outside(
            lambda: visitor.client.post("/api/v1/acts", data=body, content_type="application/json")
        )
