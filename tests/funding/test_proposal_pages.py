"""The pages about proposals: written from the inside, read and answered by whoever holds the link."""

import re
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from choir_app.accounts.models import Account
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.funding import actions
from choir_app.funding.actions.proposals import PackageWords
from choir_app.funding.models import Package, Proposal, ProposalAnswer
from choir_app.funding.queries import proposals as queries
from tests import makers
from tests.funding.proposed import CHRISTMAS, IN_A_MONTH, KR, TODAY, a_draft, a_sent_one
from tests.funding.test_queries_forecast import a_singing_choir
from tests.partners.test_at_once import count, pressed_at_once
from tests.statements import at_most
from tests.visitor import Visitor


@pytest.fixture
def manager(visitor: Visitor) -> Account:
    account = makers.a_manager()
    account.phone = "070-174 06 06"
    visitor.signs_in(account)
    return account


def token_of(one: Proposal) -> str:
    """The secret of its link."""
    return queries.shown_proposal_secret(one) or ""


def sound(choir: Any, **more: Any) -> dict[str, Any]:
    """What is typed into the form of a draft."""
    return {
        "title": "Sjung med oss",
        "intro": "Ni är våra grannar.",
        "choirs": [str(choir.id)],
        "first_on": TODAY,
        "last_on": CHRISTMAS,
        "pick": "one",
        "part1_name": "Hela hösten",
        "part1_sum": "70 tkr",
        "part1_what": "Körledare, lokal och fika.",
        **more,
    }


class TestWriting:
    def test_from_the_first_thought_to_the_link(self, visitor: Visitor, manager: Account) -> None:
        choir, partner = a_singing_choir(), makers.a_partner("Bodenbo", "Boden")
        makers.a_balance(3_000 * KR, TODAY)
        makers.a_contact(partner, decides=True)
        visitor.opens("/finansiering/forslag").sees("Inga förslag än.")
        visitor.opens("/finansiering/forslag/nytt").sees("Bodenbo")
        visitor.opens("/finansiering/forslag/nytt?partner=bodenbo").sees("Sjung med oss i Boden", "Anna Ek")
        visitor.sends("/finansiering/forslag/nytt?partner=bodenbo", **sound(choir))
        visitor.sees("Utkast till Bodenbo.", "70 000 kr", "24 december 2026", "Om ni säger nej")
        one = db.session.query(Proposal).one()
        visitor.opens(f"/finansiering/forslag/{one.id}/skicka").sees("ändras det inte mer")
        visitor.sends(
            f"/finansiering/forslag/{one.id}/skicka", version=one.version, answer_by=IN_A_MONTH, way="self"
        )
        db.session.refresh(one)
        visitor.sees("Skickat till Bodenbo 16 juni 2026.", f"/forslag/{token_of(one)}")
        visitor.opens("/finansiering/forslag").sees(
            "Ni väntar på svar från 1 partner.", "svar senast 16 juli"
        )

    def test_nothing_typed_is_lost(self, visitor: Visitor, manager: Account) -> None:
        choir = makers.a_choir()
        makers.a_partner()
        typed = sound(choir, title="", part1_sum="1.250", part2_name="Fikat", last_on="2026-02-30")
        visitor.sends("/finansiering/forslag/nytt?partner=bodenbo", 422, **typed)
        visitor.sees(
            "Skriv en rubrik.", "Skriv datumet så här", "Skriv vad pengarna går till.", "Del 2: Fikat"
        )
        assert 'value="1.250"' in visitor.html
        assert "Ni är våra grannar." in visitor.html
        assert db.session.query(Proposal).count() == 0

    def test_a_form_sent_twice_is_one_draft(self, visitor: Visitor, manager: Account) -> None:
        choir, receipt = makers.a_choir(), uuid4()
        makers.a_partner()
        for _time in range(2):
            visitor.sends("/finansiering/forslag/nytt?partner=bodenbo", **sound(choir, receipt=receipt))
        assert db.session.query(Proposal).count() == 1

    def test_it_begins_from_the_packages_of_the_kind(self, visitor: Visitor, manager: Account) -> None:
        makers.a_partner()
        typed = {
            "small_name": "Fikat",
            "small_sum": "15 000",
            "small_months": 12,
            "small_what": "Kaffe och bröd.",
            "large_name": "Hela kören",
            "large_sum": "120 tkr",
            "large_months": 12,
            "large_what": "Allt som kören kostar.",
            "large_thanks": "Kören sjunger på er gårdsfest.",
        }
        visitor.opens("/finansiering/paket").sees("Inga paket än.")
        visitor.sends("/finansiering/paket/housing_company", 422, **{**typed, "small_what": ""})
        visitor.sees("Skriv vad pengarna går till.")
        visitor.sends("/finansiering/paket/housing_company", **typed)
        visitor.sees("120 000 kr", "Räcker 12 månader")
        visitor.opens("/finansiering/forslag/nytt?partner=bodenbo")
        for words in ('value="Fikat"', 'value="Hela kören"', "Kören sjunger på er gårdsfest."):
            assert words in visitor.html
        assert [(one.size, one.ore) for one in db.session.query(Package).order_by(Package.ore)] == [
            ("small", 15_000 * KR),
            ("large", 120_000 * KR),
        ]

    def test_it_begins_from_an_ask_on_the_board(self, visitor: Visitor, manager: Account) -> None:
        choir = makers.a_choir()
        ask = makers.an_opportunity(
            45_000 * KR, choir, partner=makers.a_partner(), stages=("idea",), name="Hyresvärdarna"
        )
        visitor.opens(f"/finansiering/forslag/nytt?opportunity={ask.id}")
        assert 'value="Hyresvärdarna"' in visitor.html
        assert f'value="{ask.id}" selected' in visitor.html.replace("selected value", "value").replace(
            f'selected="" value="{ask.id}"', f'value="{ask.id}" selected'
        ) or re.search(rf'<option selected value="{ask.id}"', visitor.html)

    @pytest.mark.parametrize("query", ["opportunity=x", "opportunity=%00", f"opportunity={'9' * 40}"])
    def test_what_is_no_ask(self, visitor: Visitor, manager: Account, query: str) -> None:
        visitor.opens(f"/finansiering/forslag/nytt?{query}", 404 if "%00" in query else 200)

    def test_two_write_at_once(self, visitor: Visitor, manager: Account) -> None:
        one = a_draft(by=manager)
        choir, seen = one.choirs[0].choir, one.version
        visitor.sends(f"/finansiering/forslag/{one.id}/andra", **sound(choir, version=seen, title="Först"))
        visitor.sends(
            f"/finansiering/forslag/{one.id}/andra", 422, **sound(choir, version=seen, title="Sedan")
        )
        visitor.sees("Någon annan har ändrat förslaget")
        db.session.refresh(one)
        assert one.title == "Först"

    def test_copies_and_drafts_that_are_thrown_away(self, visitor: Visitor, manager: Account) -> None:
        one, receipt = a_sent_one(by=manager), uuid4()
        for _time in range(2):
            visitor.sends(f"/finansiering/forslag/{one.id}/kopia", receipt=receipt).sees("Ändra förslaget")
        copy = db.session.query(Proposal).where(Proposal.sent_at.is_(None)).one()
        visitor.sends(f"/finansiering/forslag/{copy.id}/ta-bort").sees("Utkastet är borttaget.")
        visitor.sends(f"/finansiering/forslag/{one.id}/ta-bort").sees(
            "Förslaget är skickat och ändras inte mer."
        )

    def test_the_list_is_made_of_few_statements(self, visitor: Visitor, manager: Account) -> None:
        for number in range(4):
            a_sent_one(partner=makers.a_partner(f"Partner {number}"), by=manager)
        db.session.commit()
        db.session.expire_all()
        assert manager.manages
        with at_most(3, "statements"):
            assert len(queries.proposal_rows(viewer=manager)) == 4

    def test_an_answer_by_telephone(self, visitor: Visitor, manager: Account) -> None:
        one = a_sent_one(by=manager)
        visitor.sends(f"/finansiering/forslag/{one.id}", kind="yes", parts="1", person="Anna Ek")
        visitor.sees("Anna Ek sa ja till Liten, 3 500 kr.", "inskrivet av er")


class TestByTheLink:
    def test_says_all_without_signing_in(self, visitor: Visitor) -> None:
        choir = a_singing_choir()
        makers.a_balance(3_000 * KR, TODAY)
        one = a_sent_one(
            choir, thanks="Kören sjunger hos er.", on_yes="Vi ses på gården.", on_no="Vi söker vidare."
        )
        visitor.opens(f"/forslag/{token_of(one)}")
        visitor.sees(
            "Sjung med oss i Boden",
            "från 3 500 kr till 70 000 kr",
            "Ett förslag till Bodenbo",
            "Ni är våra grannar.",
            "Kören sjunger hos er.",
            "Vi ses på gården.",
            "Vi söker vidare.",
            "Svara senast 16 juli 2026.",
        )

    def test_nobody_keeps_lists_or_is_told_of_the_address(self, visitor: Visitor) -> None:
        one = a_sent_one()
        for path in (f"/forslag/{token_of(one)}", f"/forslag/{token_of(one)}/forslag.pdf", "/forslag/okand"):
            visitor.opens(path, 410 if "okand" in path else 200)
            assert visitor.answer is not None
            assert visitor.answer.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
            assert visitor.answer.headers["Cache-Control"] == "no-store, private"
            assert visitor.answer.headers["Referrer-Policy"] == "strict-origin"

    def test_looking_changes_nothing(self, visitor: Visitor) -> None:
        one = a_sent_one()
        before = (one.version, one.letter, one.link_digest)
        visitor.opens(f"/forslag/{token_of(one)}")
        db.session.refresh(one)
        assert (one.version, one.letter, one.link_digest) == before

    def test_yes_to_a_part(self, visitor: Visitor) -> None:
        one = a_sent_one()
        path = f"/forslag/{token_of(one)}"
        visitor.opens(path).sends(path, kind="yes", parts="2", person="Anna Ek", words="Vi vill vara med.")
        visitor.sees("Anna Ek sa ja till Mellan, 35 000 kr.", "Tack! Har något ändrats?")
        visitor.misses('name="kind"')
        assert db.session.query(ProposalAnswer).one().noted_by_id is None

    def test_call_me_and_then_yes(self, visitor: Visitor) -> None:
        one = a_sent_one()
        path = f"/forslag/{token_of(one)}"
        visitor.opens(path).sends(path, kind="call", person="Anna Ek", phone="070-174 06 20")
        visitor.sees("Anna Ek vill att ni ringer.", "Vi ringer. Ni kan också svara här när ni vet.")
        visitor.sends(path, kind="yes", parts="1", person="Anna Ek").sees("Anna Ek sa ja till Liten")

    def test_what_is_lacking_is_said_beside_its_field(self, visitor: Visitor) -> None:
        one = a_sent_one()
        path = f"/forslag/{token_of(one)}"
        visitor.opens(path).sends(path, 422, kind="yes", person="")
        visitor.sees("Skriv ditt namn, så vet vi vem som svarade.")
        visitor.sends(path, 422, kind="yes", person="Anna Ek").sees("Välj vad ni säger ja till.")
        visitor.sends(path, 422, person="Anna Ek").sees("Välj ett svar.")

    def test_of_one_part_nothing_is_to_choose(self, visitor: Visitor) -> None:
        one = a_sent_one(parts=list(a_draft(partner=makers.a_partner("BIS")).parts)[:1])
        path = f"/forslag/{token_of(one)}"
        visitor.opens(path).misses('name="parts"')
        visitor.sends(path, kind="yes", person="Anna Ek").sees("Anna Ek sa ja till Liten")

    def test_in_english_the_letter_stays_swedish(self, visitor: Visitor) -> None:
        one = a_sent_one(thanks="Kören sjunger hos er.")
        visitor.opens(f"/en/forslag/{token_of(one)}")
        assert '<p lang="sv">Kören sjunger hos er.</p>' in visitor.html


class TestAttacks:
    @pytest.mark.parametrize(
        "guess", ["x", "x" * 32, "x" * 3000, "..%2F..%2Fetc", "%F0%9F%92%B0", "'%20OR%201=1--", "%C0%80"]
    )
    def test_a_guessed_link(self, visitor: Visitor, guess: str) -> None:
        a_sent_one()
        visitor.client.get(f"/forslag/{guess}")
        answer = visitor.client.get(f"/forslag/{guess}")
        assert answer.status_code in (404, 410)
        assert visitor.client.get(f"/forslag/{guess}/forslag.pdf").status_code in (404, 410)

    def test_wrong_ended_and_taken_back_look_the_same(
        self, visitor: Visitor, the_clock: Any, app: Flask
    ) -> None:
        manager = makers.a_manager()
        ended = a_sent_one(by=manager)
        taken_back = a_sent_one(partner=makers.a_partner("BIS"), by=manager)
        paths = [f"/forslag/{token_of(one)}" for one in (ended, taken_back)]
        actions.take_back_proposal(taken_back, by=manager)
        the_clock.set_to(clock.end_of(IN_A_MONTH))
        pages = []
        for path in (*paths, f"/forslag/{'x' * 32}"):
            visitor.opens(path, 410)
            pages.append(re.sub(r"/forslag/[\w-]+", "/forslag/…", visitor.html))
        assert len(set(pages)) == 1

    def test_an_answer_comes_too_late(self, visitor: Visitor, app: Flask) -> None:
        manager = makers.a_manager()
        one = a_sent_one(by=manager)
        path = f"/forslag/{token_of(one)}"
        visitor.opens(path)
        actions.take_back_proposal(one, by=manager)
        visitor.sends(path, 410, kind="yes", parts="2", person="Anna Ek")
        assert db.session.query(ProposalAnswer).count() == 0

    def test_an_answer_sent_twice_is_one(self, visitor: Visitor) -> None:
        one, receipt = a_sent_one(), uuid4()
        path = f"/forslag/{token_of(one)}"
        visitor.opens(path)
        for _time in range(2):
            visitor.sends(path, kind="yes", parts="2", person="Anna Ek", receipt=receipt)
        visitor.sends(path, 422, kind="no", person="Någon annan").sees("Ni har redan svarat.")
        assert db.session.query(ProposalAnswer).one().kind == "yes"

    def test_two_who_answer_in_the_same_moment(self, visitor: Visitor) -> None:
        one = a_sent_one()
        proposal_id, path = one.id, f"/forslag/{token_of(one)}"
        visitor.opens(path)
        yes = {"kind": "yes", "parts": "2", "person": "Anna Ek"}
        no = {"kind": "no", "person": "Berit Ek"}
        answers = pressed_at_once(
            visitor, path, [{**each, "receipt": uuid4()} for each in (yes, no, yes, no)]
        )
        assert sorted(answers) == [303, 422, 422, 422]
        assert count(ProposalAnswer) == 1
        settled = db.session.get_one(Proposal, proposal_id)
        assert settled.opportunity is not None
        assert settled.opportunity.stage in ("pledged", "declined")

    def test_the_sum_is_ours_whatever_is_sent(self, visitor: Visitor) -> None:
        one = a_sent_one()
        path = f"/forslag/{token_of(one)}"
        visitor.opens(path).sends(
            path, kind="yes", parts="1", person="Anna Ek", ore="1", sum="1", proposal_id="x"
        )
        assert db.session.query(ProposalAnswer).one().ore == 3_500 * KR
        visitor.sends(path, 422, kind="yes", parts=["1", "9"], person="Anna Ek")

    def test_without_the_pages_token_nothing_is_heard(self, visitor: Visitor) -> None:
        one = a_sent_one()
        path = f"/forslag/{token_of(one)}"
        visitor.opens(path).sends(path, 422, kind="yes", parts="1", person="Anna Ek", csrf_token="x")
        assert db.session.query(ProposalAnswer).count() == 0

    def test_markup_is_shown_as_it_was_written(self, visitor: Visitor, manager: Account) -> None:
        one = a_sent_one(title="<script>alert(1)</script>", intro="<b>Hej</b>", by=manager)
        path = f"/forslag/{token_of(one)}"
        visitor.opens(path).misses("<script>alert", "<b>Hej")
        visitor.sends(path, kind="yes", parts="1", person="<img src=x>", words="<script>alert(2)</script>")
        for page in (path, f"/finansiering/forslag/{one.id}", f"/partner/{one.partner.slug}"):
            visitor.opens(page).misses("<script>alert", "<img src=x>")

    def test_the_link_opens_no_other_page(self, visitor: Visitor) -> None:
        one = a_sent_one()
        visitor.opens(f"/forslag/{token_of(one)}")
        for path in (f"/finansiering/forslag/{one.id}", "/finansiering/forslag", "/finansiering/paket"):
            visitor.opens(path, 303)

    def test_the_secret_is_in_no_log(self, visitor: Visitor, caplog: pytest.LogCaptureFixture) -> None:
        one = a_sent_one()
        secret = token_of(one)
        visitor.opens(f"/forslag/{secret}")
        visitor.opens(f"/forslag/{secret}x", 410)
        assert secret not in caplog.text

    def test_a_leader_sees_none_of_it(self, visitor: Visitor) -> None:
        one = a_sent_one()
        visitor.signs_in(makers.a_leader(one.choirs[0].choir))
        for path in ("", "/nytt", f"/{one.id}", f"/{one.id}/forslag.pdf"):
            visitor.opens(f"/finansiering/forslag{path}", 403)


class TestPaper:
    def test_is_the_same_to_the_byte_each_time(self, visitor: Visitor, the_clock: Any) -> None:
        choir = a_singing_choir()
        makers.a_balance(3_000 * KR, TODAY)
        path = f"/forslag/{token_of(a_sent_one(choir))}/forslag.pdf"
        visitor.opens(path)
        assert visitor.answer is not None
        first = visitor.answer.data
        assert first.startswith(b"%PDF-")
        assert visitor.answer.headers["Content-Disposition"].endswith('filename="sjung-med-oss-i-boden.pdf"')
        choir.name = "Något annat"
        the_clock.set_to(clock.start_of(IN_A_MONTH))
        visitor.opens(path)
        assert visitor.answer.data == first

    @pytest.mark.parametrize("pick", ["one", "several"])
    @pytest.mark.parametrize("how_many", [1, 2, 3])
    def test_every_shape_can_be_printed(
        self, visitor: Visitor, manager: Account, pick: str, how_many: int
    ) -> None:
        words = '#set text(red) *x* _y_ $z$ @a <b> \\ "q" سلام'
        parts = list(a_draft(partner=makers.a_partner("BIS")).parts)[:how_many]
        one = a_draft(parts=parts, pick=pick, title=words, intro=words, thanks=words, on_no=words, by=manager)
        visitor.opens(f"/finansiering/forslag/{one.id}/forslag.pdf")
        assert visitor.answer is not None
        assert visitor.answer.mimetype == "application/pdf"


def test_a_package_is_told_as_it_is(app: Flask) -> None:
    manager = makers.a_manager()
    package = PackageWords("Fikat", 5_000 * KR, 6, "Kaffe och bröd.", None)
    actions.set_up_packages("business", {"middle": package, "small": package}, by=manager)
    assert list(queries.all_packages()["business"]) == ["small", "middle"]
