"""What changed between two saves, bringing one back; the link for whoever has no account; the poster for the wall."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.foundation.refusal import NotAllowed, Refusal
from choir_app.news import actions, queries
from choir_app.news.models import Post, PostPreview
from choir_app.news.rules import EASY, changed_words, first_blocks
from tests import makers
from tests.news.made import a_post, a_version, words
from tests.visitor import Visitor

TEXTS = st.text(alphabet="ab åÖ.,\n-", max_size=60)


class TestChanges:
    def test_word_by_word(self) -> None:
        pieces = [
            (one.kind, one.text) for one in changed_words("Vi sjunger i dag.", "Vi sjunger högt i dag!")
        ]
        assert pieces == [
            ("same", "Vi sjunger "), ("added", "högt "), ("same", "i dag"), ("removed", "."), ("added", "!"),
        ]  # fmt: skip

    @given(TEXTS, TEXTS)
    def test_nothing_is_lost_and_nothing_invented(self, before: str, after: str) -> None:
        pieces = changed_words(before, after)
        assert "".join(one.text for one in pieces if one.kind != "added") == before
        assert "".join(one.text for one in pieces if one.kind != "removed") == after
        assert all(one.text for one in pieces)

    def test_two_long_texts_are_compared_by_lines(self) -> None:
        before = "\n".join(f"rad nummer {number} med ord" for number in range(3000))
        after = before.replace("nummer 7 ", "nummer sju ")
        changed = [one for one in changed_words(before, after) if one.kind != "same"]
        assert [one.text for one in changed] == ["rad nummer 7 med ord\n", "rad nummer sju med ord\n"]

    def test_the_page_marks_them(self, editor: Account, visitor: Visitor) -> None:
        post = a_post(editor, body="Ta med en filt & <b>.")
        actions.change(
            post, words("Vi sjunger i skogen", body="Ta med en stol & <b>."), seen_revision=1, by=editor
        )
        visitor.signs_in(editor).opens(f"/nyheter/skriv/{post.id}/visa").sees("Vad ändrades?")
        visitor.opens(f"/nyheter/skriv/{post.id}/jamfor?fran=1&till=2")
        assert "<del>parken</del><ins>skogen</ins>" in visitor.html
        assert "Ta med en <del>filt</del><ins>stol</ins> &amp; &lt;b&gt;." in visitor.html
        visitor.misses("<h2>Ingress</h2>").sees("Ta tillbaka version 1")
        visitor.sends(f"/nyheter/skriv/{post.id}/version/1").sees(
            "Version 1 är tillbaka.", "Vi sjunger i parken"
        )
        visitor.opens(f"/nyheter/skriv/{post.id}/jamfor?fran=1&till=3").sees("De två versionerna är lika.")

    def test_each_language_by_itself(self, editor: Account, visitor: Visitor) -> None:
        post = a_post(editor)
        a_version(post, editor, EASY, body="Ta en filt.")
        easy = a_version(post, editor, EASY, body="Ta en stol.")
        path = f"/nyheter/skriv/{post.id}"
        visitor.signs_in(editor).opens(f"{path}/jamfor?sprak=latt")
        assert "<del>filt</del><ins>stol</ins>" in visitor.html
        visitor.sends(f"{path}/version/1?sprak=latt").sees("Version 1 är tillbaka.")
        db.session.refresh(easy)
        assert easy.body == "Ta en filt."
        assert post.swedish.revision_number == 1

    @pytest.mark.parametrize("asked", ["fran=9&till=1", "fran=0&till=1", "till=99", "sprak=latt", "sprak=xx"])
    def test_what_is_not_there(self, editor: Account, visitor: Visitor, asked: str) -> None:
        post = a_post(editor)
        visitor.signs_in(editor).opens(f"/nyheter/skriv/{post.id}/jamfor?{asked}", 404)

    def test_odd_numbers_are_no_numbers(self, editor: Account, visitor: Visitor) -> None:
        post = a_post(editor)
        visitor.signs_in(editor).opens(f"/nyheter/skriv/{post.id}/jamfor?fran=x&till=").sees("lika")


def a_link(post: Post, by: Account, **more: Any) -> PostPreview:
    given = {"preview_id": uuid4(), "days": 7, "for_whom": "Berth"}
    link = actions.make_preview(post, by=by, **{**given, **more})
    db.session.commit()
    return link


def address(link: PostPreview) -> str:
    return f"/nyheter/forhandsvisning/{queries.secret_of(link.id)}"


class TestPreviewLinks:
    def test_somebody_without_an_account_reads_every_language(
        self, editor: Account, visitor: Visitor
    ) -> None:
        post = a_post(editor, is_published=False)
        a_version(post, editor, is_shown=False)
        link = a_link(post, editor)
        visitor.opens(address(link)).sees(
            "Du läser ett utkast.", "Vi sjunger i parken", "23 juni klockan 18.00"
        )
        assert "Singing in the park" in visitor.html
        assert visitor.answer is not None
        assert visitor.answer.headers["Cache-Control"] == "no-store, private"
        assert "noindex" in visitor.answer.headers["X-Robots-Tag"]
        visitor.opens("/nyheter/2026/vi-sjunger-i-parken", 404)

    def test_it_ends_with_its_time(self, editor: Account, visitor: Visitor, the_clock: Any) -> None:
        link = a_link(a_post(editor, is_published=False), editor, days=2)
        the_clock.set_to(clock.now() + timedelta(days=2) - timedelta(seconds=1))
        visitor.opens(address(link))
        the_clock.set_to(clock.now() + timedelta(seconds=1))
        visitor.opens(address(link), 410).sees("Länken gäller inte längre").misses("Vi sjunger i parken")

    def test_it_is_taken_back(self, editor: Account, visitor: Visitor) -> None:
        post = a_post(editor, is_published=False)
        link = a_link(post, editor)
        reader = Visitor(visitor.app)
        reader.opens(address(link))
        path = f"/nyheter/skriv/{post.id}/lankar"
        visitor.signs_in(editor).opens(path).sees("Berth", "Gäller till 23 juni klockan 18.00")
        visitor.sends(f"{path}/{link.id}/avsluta").sees("Länken gäller inte längre.", "Avslutad 16 juni")
        reader.opens(address(link), 410)

    @pytest.mark.parametrize("token", ["x", "x" * 32, "../../x", "å%00", "' OR 1=1"])
    def test_no_other_secret_opens_anything(self, editor: Account, visitor: Visitor, token: str) -> None:
        a_link(a_post(editor, is_published=False), editor)
        answer = visitor.client.get(f"/nyheter/forhandsvisning/{token}")
        assert answer.status_code in (404, 410)

    def test_the_secret_is_not_in_the_database(self, editor: Account) -> None:
        link = a_link(a_post(editor, is_published=False), editor)
        secret = queries.secret_of(link.id)
        assert secret.encode() not in link.digest
        assert len(secret) == 32

    def test_it_is_made_at_the_desk_once(self, editor: Account, visitor: Visitor) -> None:
        post = a_post(editor, is_published=False)
        path = f"/nyheter/skriv/{post.id}/lankar"
        visitor.signs_in(editor).opens(path)
        receipt = str(uuid4())
        for _again in range(2):
            visitor.sends(path, for_whom="Berth", days="2", receipt=receipt).sees("Länken är klar.", "Berth")
        assert len(queries.previews_of(post)) == 1
        visitor.sends(path, 422, days="9").sees("Välj något i listan.")
        assert f"http://127.0.0.1:8000{address(queries.previews_of(post)[0])}" in visitor.html

    def test_one_receipt_is_one_post(self, editor: Account) -> None:
        link = a_link(a_post(editor, is_published=False), editor)
        with pytest.raises(NotAllowed):
            a_link(a_post(editor, is_published=False), editor, preview_id=link.id)

    def test_a_leader_shows_the_own_draft_only(
        self, editor: Account, leader: tuple[Account, Choir], visitor: Visitor
    ) -> None:
        account, choir = leader
        own = a_post(account, is_published=False, choirs=[choir])
        link = a_link(own, account)
        others = a_post(editor, is_published=False)
        other = makers.a_leader(makers.a_choir(town="Göteborg"))
        with pytest.raises(NotAllowed):
            a_link(others, account)
        with pytest.raises(NotAllowed):
            actions.revoke_preview(link, by=other)
        visitor.signs_in(account).opens(f"/nyheter/skriv/{others.id}/lankar", 404)

    @pytest.mark.parametrize("days", [0, 61, -1])
    def test_not_for_ever(self, editor: Account, days: int) -> None:
        with pytest.raises(Refusal):
            a_link(a_post(editor, is_published=False), editor, days=days)


class TestOnTheWall:
    def test_a_page_with_a_code_that_leads_to_the_post(self, editor: Account, visitor: Visitor) -> None:
        post = a_post(editor)
        a_version(post, editor, EASY, headline="Sång i parken")
        visitor.opens("/nyheter/2026/vi-sjunger-i-parken").sees("Skriv ut för väggen")
        visitor.opens("/nyheter/affisch/vi-sjunger-i-parken").sees(
            "Läs på din telefon", "http://127.0.0.1:8000/nyheter/2026/vi-sjunger-i-parken"
        )
        assert 'role="img" aria-label="Kod till nyheten"' in visitor.html
        visitor.opens("/nyheter/affisch/sang-i-parken").sees(
            "http://127.0.0.1:8000/latt/nyheter/2026/sang-i-parken"
        )

    @pytest.mark.parametrize(
        ("body", "length", "kept", "is_cut"),
        [
            ("ett\n\ntvå", 100, "ett\n\ntvå", False),
            ("ett\n\ntvå\n\ntre", 6, "ett\n\ntvå", True),
            ("ett\n\n## Rubrik\n\ntvå två två", 13, "ett", True),
            ("mycket lång " * 9, 5, ("mycket lång " * 9).strip(), False),
            ("", 5, "", False),
        ],
    )
    def test_only_as_much_as_fits(self, body: str, length: int, kept: str, is_cut: bool) -> None:
        assert first_blocks(body, length) == (kept, is_cut)

    def test_what_does_not_fit_is_read_on_the_phone(self, editor: Account, visitor: Visitor) -> None:
        a_post(editor, body="\n\n".join(f"Stycke {number}. " + "Ord " * 100 for number in range(9)))
        visitor.opens("/nyheter/affisch/vi-sjunger-i-parken").sees("Stycke 0.", "Läs resten på din telefon")
        visitor.misses("Stycke 8.")

    def test_none_of_a_draft(self, editor: Account, visitor: Visitor) -> None:
        post = a_post(editor, is_published=False)
        visitor.opens(f"/nyheter/affisch/{post.slug}", 404)
        visitor.opens("/nyheter/affisch/ingen", 404)
