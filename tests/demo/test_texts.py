"""That the demo network's words hold together and follow the house's own rules."""

import re
from dataclasses import fields, is_dataclass
from typing import Any

import pytest

from choir_app.demo import drawings, texts
from choir_app.demo.texts import CHOIRS, PARTNERS, POSTS, TOWNS, singer_names
from choir_app.foundation.text import clean, folded, has_identity_number, slug_of, to_html
from choir_app.news.models import PostAuthor, PostVersion
from choir_app.partners.rules import PARTNER_KINDS, TOUCHPOINT_KINDS


def every_word(thing: Any) -> list[str]:
    """All the texts in a thing, however deep."""
    if isinstance(thing, str):
        return [thing]
    if is_dataclass(thing):
        return [word for field in fields(thing) for word in every_word(getattr(thing, field.name))]
    if isinstance(thing, tuple):
        return [word for part in thing for word in every_word(part)]
    return []


WORDS = every_word((TOWNS, CHOIRS, PARTNERS, POSTS, texts.CANCELLATIONS))


class TestWhatIsSaid:
    def test_it_could_be_typed_in_a_form(self) -> None:
        for word in WORDS:
            assert clean(word) == word
            assert not has_identity_number(word)

    def test_numbers_and_addresses_are_kept_free_for_fiction(self) -> None:
        for word in WORDS:
            for number in re.findall(r"0\d[\d -]{6,}\d", word):
                assert re.fullmatch(r"070-174 06 (0[5-9]|[1-9]\d)", number), number
            for address in re.findall(r"\S+@\S+", word):
                assert address.endswith("@example.org"), address

    def test_nobody_shares_a_number(self) -> None:
        numbers = [choir.phone for choir in CHOIRS]
        numbers += [contact.phone for partner in PARTNERS for contact in partner.contacts if contact.phone]
        numbers += list(texts.phone_numbers())
        assert len(numbers) == len(set(numbers))
        assert len(numbers) == 95

    def test_the_tone_of_the_house(self) -> None:
        for word in WORDS:
            assert not re.search(
                r"vänligen|tyvärr|ogiltig|klicka|nyanländ|utlandsfödd|målgrupp|deltagare", word, re.IGNORECASE
            )
            assert word.count("!") <= 1

    def test_no_text_names_a_day_that_moves(self) -> None:
        months = "februari|mars|april|juni|juli|augusti|september|november|december"
        for post in POSTS:
            assert not re.search(rf"\b\d{{1,2}} ({months}|januari|maj|oktober)\b", post.lead + post.body)


class TestPosts:
    @pytest.mark.parametrize("post", POSTS, ids=lambda post: post.key)
    def test_fits_its_row(self, post: texts.PostText) -> None:
        columns = {**PostAuthor.__table__.columns, **PostVersion.__table__.columns}
        for column, value in {
            "slug": slug_of(post.headline),
            "headline": post.headline,
            "lead": post.lead,
            "name": post.byline_name,
            "role": post.byline_role,
            "picture_alt": post.picture_alt,
            "picture_caption": post.picture_caption,
        }.items():
            assert 0 < len(value) <= getattr(columns[column].type, "length", 0), column

    @pytest.mark.parametrize("post", POSTS, ids=lambda post: post.key)
    def test_is_drawn_and_points_at_choirs_there_are(self, post: texts.PostText) -> None:
        assert post.drawing in drawings.names()
        assert set(post.choirs) <= {choir.name for choir in CHOIRS}
        assert not re.findall(r"<(?!/?(p|h2|h3|ul|ol|li|strong|em|a)\b)[^>]*>", to_html(post.body))

    def test_the_meeting_comes_first_and_the_four_others_after_it(self) -> None:
        told = sorted((post for post in POSTS if post.days is not None), key=lambda post: -(post.days or 0))
        assert [post.byline_name for post in told[:5]] == [
            "Anna Kanervo",
            "Lena Liljendahl",
            "Anna Kanervo",
            "Martin Grander",
            "Tomas Lindquist",
        ]
        assert told[0].days == 0
        assert texts.MEETING_ON.weekday() == 4

    def test_each_has_an_address_and_a_picture_of_its_own(self) -> None:
        assert len({slug_of(post.headline) for post in POSTS}) == len(POSTS)
        assert {post.drawing for post in POSTS} == set(drawings.names())


class TestTheNetwork:
    def test_about_two_hundred_sing(self) -> None:
        assert sum(choir.regulars for choir in CHOIRS) == 202
        assert len(CHOIRS) == 5

    def test_choirs_sing_in_towns_there_are(self) -> None:
        towns = {town.name for town in TOWNS}
        assert {choir.town for choir in CHOIRS} <= towns
        assert {town for partner in PARTNERS for town in partner.towns} <= towns

    def test_partners_are_of_known_kinds(self) -> None:
        assert {partner.kind for partner in PARTNERS} == set(PARTNER_KINDS)
        assert {touch.kind for partner in PARTNERS for touch in partner.touches} <= set(TOUCHPOINT_KINDS)
        assert len({folded(partner.name) for partner in PARTNERS}) == len(PARTNERS)

    def test_a_next_step_is_due_after_the_meeting(self) -> None:
        assert all((partner.next_step is None) == (partner.next_step_days == 0) for partner in PARTNERS)


class TestSingers:
    def test_are_the_same_each_time_and_nobody_twice(self) -> None:
        names = singer_names()
        assert names == singer_names()
        assert len(names) == 240
        assert len({folded(f"{name.first_name} {name.surname or ''}") for name in names}) == 240

    def test_come_with_names_of_many_kinds(self) -> None:
        names = singer_names()
        assert len({name.reads for name in names}) > 9
        assert 15 < sum(name.surname is None for name in names) < 50
        assert 70 < sum(name.reads == "sv" for name in names) < 130
