"""Figures in a text: alive in a draft, frozen with their day when readers see it, updated with a visible note."""

from datetime import date, timedelta
from typing import Any

import pytest

from choir_app.accounts.models import Account
from choir_app.foundation import clock, figures
from choir_app.foundation.caretaker import ERRANDS
from choir_app.foundation.database import db
from choir_app.foundation.figures import Figure
from choir_app.foundation.refusal import NotAllowed, Refusal
from choir_app.news import actions, queries
from choir_app.news.actions import NotReady
from choir_app.news.models import FrozenFigure, Post
from choir_app.news.rules import ToldFigure, figures_in, with_figures, with_plain_figures
from tests import makers
from tests.news.made import a_post, a_version, words
from tests.visitor import Visitor

BODY = "Vi är {{ friends }} vänner."


class Count:
    """What the tests say that the figure is."""

    def __init__(self) -> None:
        self.value = 202

    def __call__(self) -> Figure:
        return Figure(value=self.value, n=self.value, on=clock.today(), people=self.value, is_about=True)


@pytest.fixture
def friends(monkeypatch: pytest.MonkeyPatch) -> Count:
    count = Count()
    monkeypatch.setitem(figures.OFFERED, "friends", figures.Offer("friends", "Vänner", count))
    return count


class TestWords:
    TOLD = {"friends": ToldFigure(1202, date(2026, 6, 3), is_about=True)}

    def test_a_figure_is_written_in_double_braces(self) -> None:
        assert [one.name for one in figures_in("{{ a }} {{b}} {{ c d }} { e } {{ é }} {{ friends }}")] == [
            "a",
            "b",
            "friends",
        ]

    @pytest.mark.parametrize(
        ("language", "told"),
        [
            ("sv", "cirka 1\u00a0202 (den 3 juni 2026)"),
            ("sv-simple", "ungefär 1\u00a0202 (den 3 juni 2026)"),
            ("en", "about 1,202 (3 June 2026)"),
        ],
    )
    def test_it_is_told_in_the_language_of_the_text(self, language: str, told: str) -> None:
        assert with_plain_figures("{{ friends }}", self.TOLD, language) == told
        assert with_plain_figures("{{friends}}", self.TOLD, language) == told

    @pytest.mark.parametrize("language", ["ar", "fa", "ti", "kmr", "ckb", "am", "se", "ps", "so", "uk", "th"])
    def test_every_language_has_a_number_and_a_year(self, language: str) -> None:
        assert "2026" in with_plain_figures("{{ friends }}", self.TOLD, language)

    def test_what_is_not_known_stays_or_is_left_out(self) -> None:
        assert with_figures("{{ x }}", {}, "sv") == "{{ x }}"
        assert with_figures("{{ x }}", {}, "sv", unknown="–") == "–"


class TestOffered:
    def test_fewer_than_five_people_are_told_to_nobody(self, friends: Count) -> None:
        friends.value = 4
        assert figures.figure_called("friends") is None
        friends.value = 5
        assert figures.figure_called("friends") is not None

    def test_rooms_offer_what_they_know(self, app: Any) -> None:
        assert {"choirs", "towns", "singers", "singers_per_week"} <= figures.OFFERED.keys()
        makers.a_choir("Ida", "Ali", "Bo", "Eva")
        assert figures.figure_called("singers") is None
        makers.a_choir("Mona", town="Östersund")
        known = {name: figures.figure_called(name) for name in ("choirs", "towns", "singers")}
        assert {name: one.value if one else None for name, one in known.items()} == {
            "choirs": 2,
            "towns": 2,
            "singers": 5,
        }

    def test_a_singer_of_two_choirs_is_one(self, app: Any) -> None:
        choir = makers.a_choir("Ida", "Ali", "Bo", "Eva", "Mona")
        one = makers.a_singer("Sara", choir=choir)
        makers.a_membership(one, makers.a_choir(town="Göteborg"))
        told = figures.figure_called("singers")
        assert told is not None
        assert told.value == 6


class TestFreezing:
    def test_a_draft_is_alive(self, editor: Account, friends: Count, visitor: Visitor) -> None:
        post = a_post(editor, is_published=False, body=BODY)
        visitor.signs_in(editor).opens(f"/nyheter/skriv/{post.id}/visa").sees("cirka 202")
        friends.value = 210
        visitor.opens(f"/nyheter/skriv/{post.id}/visa").sees("cirka 210")
        assert not post.figures

    def test_publishing_freezes_it_with_its_day(
        self, editor: Account, friends: Count, visitor: Visitor, the_clock: Any
    ) -> None:
        post = a_post(editor, body=BODY)
        friends.value = 300
        the_clock.set_to(clock.now() + timedelta(days=30))
        visitor.opens(f"/nyheter/2026/{post.slug}")
        assert "cirka 202 <small>(den 16 juni 2026)</small>" in visitor.html
        (frozen,) = post.figures
        assert (frozen.value, frozen.n, frozen.measured_on) == (202, 202, date(2026, 6, 16))

    def test_a_time_that_was_set_freezes_it_the_day_it_was_set(
        self, editor: Account, friends: Count, the_clock: Any
    ) -> None:
        post = a_post(editor, is_published=False, body=BODY)
        actions.publish(post, by=editor, at=clock.now() + timedelta(days=2))
        friends.value = 300
        the_clock.set_to(clock.now() + timedelta(days=3))
        assert queries.reading_of(post.swedish).markdown.startswith("Vi är cirka 202 ")

    def test_once_the_time_has_come_it_is_frozen_anew(
        self, editor: Account, friends: Count, visitor: Visitor, the_clock: Any
    ) -> None:
        post = a_post(editor, is_published=False, lead=BODY, body=BODY)
        actions.publish(post, by=editor, at=clock.now() + timedelta(days=2))
        db.session.commit()
        friends.value = 987
        actions.freeze_anew()
        assert [one.value for one in _again(post).figures] == [202]
        the_clock.set_to(clock.now() + timedelta(days=2))
        visitor.opens(f"/nyheter/2026/{post.slug}").sees("cirka 202")
        actions.freeze_anew()
        visitor.opens(f"/nyheter/2026/{post.slug}").misses("Rättelse")
        assert "cirka 987 <small>(den 18 juni 2026)</small>" in visitor.html
        visitor.opens("/nyheter/sok?q=987").sees(post.headline)
        friends.value = 300
        the_clock.set_to(clock.now() + timedelta(days=1))
        actions.freeze_anew()
        assert [one.value for one in _again(post).figures] == [987]
        assert not post.corrections

    def test_a_withdrawn_one_waits_and_one_that_may_not_be_told_any_more_stays(
        self, editor: Account, friends: Count, the_clock: Any
    ) -> None:
        post = a_post(editor, is_published=False, body=BODY)
        actions.publish(post, by=editor, at=clock.now() + timedelta(days=2))
        actions.withdraw(post, by=editor)
        db.session.commit()
        the_clock.set_to(clock.now() + timedelta(days=3))
        friends.value = 300
        actions.freeze_anew()
        assert [one.value for one in _again(post).figures] == [202]
        actions.publish(post, by=editor)
        db.session.commit()
        friends.value = 4
        actions.freeze_anew()
        assert [one.value for one in _again(post).figures] == [202]
        friends.value = 300
        actions.freeze_anew()
        assert [one.value for one in _again(post).figures] == [202]

    def test_one_that_came_with_a_save_after_it_was_out_is_as_it_was_then(
        self, editor: Account, friends: Count, the_clock: Any
    ) -> None:
        post = a_post(editor, is_published=False)
        actions.publish(post, by=editor, at=clock.now() + timedelta(days=2))
        the_clock.set_to(clock.now() + timedelta(days=2, seconds=20))
        actions.change(post, words(body=BODY), seen_revision=1, by=editor)
        db.session.commit()
        friends.value = 300
        actions.freeze_anew()
        assert [one.value for one in _again(post).figures] == [202]

    def test_what_readers_were_told_was_put_right_stays_true(
        self, editor: Account, friends: Count, the_clock: Any
    ) -> None:
        post = a_post(editor, body=BODY)
        friends.value = 210
        actions.update_figures(post, by=editor)
        actions.publish(post, by=editor, at=clock.now() + timedelta(days=2))
        db.session.commit()
        the_clock.set_to(clock.now() + timedelta(days=3))
        friends.value = 300
        actions.freeze_anew()
        assert [one.value for one in _again(post).figures] == [210]

    def test_the_caretaker_does_it(self) -> None:
        assert actions.freeze_anew in ERRANDS.values()

    def test_all_languages_tell_the_same(self, editor: Account, friends: Count) -> None:
        post = a_post(editor, body=BODY)
        friends.value = 300
        version = a_version(post, editor, body="We are {{ friends }} friends.")
        assert "about 202" in queries.reading_of(version).markdown

    def test_a_figure_that_comes_with_a_later_save_is_frozen_then(
        self, editor: Account, friends: Count, the_clock: Any
    ) -> None:
        post = a_post(editor)
        the_clock.set_to(clock.now() + timedelta(days=5))
        actions.change(post, words(body=BODY), seen_revision=1, by=editor)
        assert [one.measured_on for one in post.figures] == [date(2026, 6, 21)]

    def test_a_withdrawn_post_comes_back_with_the_figures_it_had(
        self, editor: Account, friends: Count
    ) -> None:
        post = a_post(editor, body=BODY)
        actions.withdraw(post, by=editor)
        friends.value = 300
        actions.publish(post, by=editor)
        assert [one.value for one in post.figures] == [202]

    def test_one_that_nobody_knows_stops_publishing(self, editor: Account, friends: Count) -> None:
        friends.value = 4
        with pytest.raises(NotReady, match=r"\{\{ friends \}\}"):
            a_post(editor, body=BODY)

    def test_one_that_is_frozen_and_that_nobody_knows_any_more_stops_nothing(
        self, editor: Account, friends: Count, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        post = a_post(editor, body=BODY)
        monkeypatch.delitem(figures.OFFERED, "friends")
        assert queries.obstacles_of(post, clock.now()) == ()
        actions.withdraw(post, by=editor)
        actions.publish(post, by=editor)

    def test_a_headline_has_none(self, editor: Account, friends: Count) -> None:
        with pytest.raises(NotReady, match="rubrik"):
            a_post(editor, "Vi är {{ friends }}")

    def test_feeds_cards_search_and_machines_tell_the_frozen_one(
        self, editor: Account, friends: Count, visitor: Visitor
    ) -> None:
        post = a_post(editor, lead="Vi är {{ friends }} vänner.", body=BODY)
        friends.value = 300
        told = "Vi är cirka 202 (den 16 juni 2026) vänner."
        visitor.opens(f"/nyheter/2026/{post.slug}")
        assert f'<meta name="description" content="{told}">' in visitor.html
        assert f'"description":"{told}"' in visitor.html
        for path in ("/nyheter", "/nyheter/sok?q=202"):
            assert told in visitor.opens(path).html
        for path in ("/nyheter.xml", "/nyheter.atom"):
            assert told in visitor.opens(path).text
        assert "{{" not in visitor.opens("/nyheter.json").text
        visitor.opens("/nyheter/sok?q=300").misses(post.headline)

    def test_what_somebody_types_never_becomes_markup(
        self, editor: Account, friends: Count, visitor: Visitor
    ) -> None:
        post = a_post(
            editor, body='[a](/x "{{ friends }}") ![{{ friends }}](/y.png) `{{ friends }}` \ue000<b>'
        )
        visitor.opens(f"/nyheter/2026/{post.slug}")
        assert "\ue000" not in visitor.html


class TestUpdating:
    def test_an_editor_is_offered_what_it_is_now(
        self, editor: Account, friends: Count, visitor: Visitor, the_clock: Any
    ) -> None:
        post = a_post(editor, body=BODY)
        page = f"/nyheter/skriv/{post.id}/visa"
        visitor.signs_in(editor).opens(page).misses("Siffror som har ändrats")
        friends.value = 210
        the_clock.set_to(clock.now() + timedelta(days=5))
        visitor.opens(page).sees("Vänner: inlägget säger 202, från 16 juni. Nu är det 210.")
        visitor.sends(f"/nyheter/skriv/{post.id}/siffror")
        visitor.leaves().opens(f"/nyheter/2026/{post.slug}")
        visitor.sees("cirka 210", "Rättelse 21 juni", "«Vänner» är ändrad från 202 till 210.")

    def test_nothing_is_offered_or_noted_before_anybody_has_read_it(
        self, editor: Account, friends: Count, visitor: Visitor
    ) -> None:
        post = a_post(editor, is_published=False, body=BODY)
        actions.publish(post, by=editor, at=clock.now() + timedelta(days=2))
        db.session.commit()
        friends.value = 210
        visitor.signs_in(editor).opens(f"/nyheter/skriv/{post.id}/visa").misses("Siffror som har ändrats")
        assert actions.update_figures(post, by=editor) == 1
        assert [one.value for one in post.figures] == [210]
        assert not post.corrections

    def test_nothing_is_noted_when_nothing_moved(
        self, editor: Account, friends: Count, visitor: Visitor
    ) -> None:
        post = a_post(editor, body=BODY)
        visitor.signs_in(editor).sends(f"/nyheter/skriv/{post.id}/siffror")
        assert not post.corrections

    def test_a_figure_that_the_text_no_longer_tells_is_not_offered(
        self, editor: Account, friends: Count
    ) -> None:
        post = a_post(editor, body=BODY)
        actions.change(post, words(body="Inga siffror."), seen_revision=1, by=editor)
        friends.value = 210
        assert not queries.figures_moved(post)

    def test_one_that_may_no_longer_be_told_stays_as_it_is(self, editor: Account, friends: Count) -> None:
        post = a_post(editor, body=BODY)
        friends.value = 3
        assert not queries.figures_moved(post)
        assert "202" in queries.reading_of(post.swedish).markdown

    def test_search_finds_the_new_one(self, editor: Account, friends: Count, visitor: Visitor) -> None:
        post = a_post(editor, body=BODY)
        friends.value = 987
        actions.update_figures(post, by=editor)
        db.session.commit()
        visitor.opens("/nyheter/sok?q=987").sees(post.headline)

    def test_a_leader_does_not(self, editor: Account, leader: Any, friends: Count) -> None:
        post = a_post(editor, body=BODY)
        with pytest.raises(NotAllowed):
            actions.update_figures(post, by=leader[0])

    def test_the_rows_go_with_the_post(self, editor: Account, friends: Count) -> None:
        post = a_post(editor, body=BODY)
        db.session.delete(post)
        db.session.flush()
        assert db.session.query(FrozenFigure).count() == 0


class TestCorrections:
    def test_readers_of_that_text_are_told(self, editor: Account, visitor: Visitor, the_clock: Any) -> None:
        post = a_post(editor)
        a_version(post, editor)
        the_clock.set_to(clock.now() + timedelta(days=2))
        visitor.signs_in(editor).sends(
            f"/nyheter/skriv/{post.id}/rattelse", words="Konserten är den 4 juni, inte den 3.", language="sv"
        )
        visitor.leaves().opens(f"/nyheter/2026/{post.slug}")
        visitor.sees("Rättelse 18 juni 2026:", "Konserten är den 4 juni, inte den 3.")
        assert '"dateModified":"2026-06-18T' in visitor.html
        visitor.opens("/en/nyheter/2026/singing-in-the-park").misses("Konserten är")

    def test_a_draft_is_changed_instead(self, editor: Account) -> None:
        post = a_post(editor, is_published=False)
        with pytest.raises(Refusal, match="inte publicerat"):
            actions.note_correction(post, "sv", "Fel.", by=editor)

    def test_a_note_in_words_can_be_taken_back_and_a_figures_cannot(
        self, editor: Account, friends: Count, visitor: Visitor
    ) -> None:
        post = a_post(editor, body=BODY)
        friends.value = 210
        actions.update_figures(post, by=editor)
        actions.note_correction(post, "sv", "Fel dag.", by=editor)
        db.session.commit()
        figure, note = sorted(post.corrections, key=lambda one: one.words is not None)
        with pytest.raises(Refusal, match="står kvar"):
            actions.remove_correction(post, figure, by=editor)
        visitor.signs_in(editor).opens(f"/nyheter/skriv/{post.id}/rattelse").sees("Fel dag.")
        visitor.sends(f"/nyheter/skriv/{post.id}/rattelse/{note.id}/ta-bort")
        assert [one.figure for one in _again(post).corrections] == ["friends"]

    def test_it_needs_words(self, editor: Account, visitor: Visitor) -> None:
        post = a_post(editor)
        visitor.signs_in(editor).sends(f"/nyheter/skriv/{post.id}/rattelse", 422, words=" ", language="sv")
        visitor.sees("Skriv vad som är rättat.")


def _again(post: Post) -> Post:
    db.session.expire_all()
    known = db.session.get(Post, post.id)
    assert known is not None
    return known
