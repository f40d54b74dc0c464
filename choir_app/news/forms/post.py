"""The page on which a post is written in Swedish: its words, who wrote it and what it is about."""

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from choir_app.choirs.models import Choir, Town
from choir_app.foundation.forms import Choices, Day, Hidden, TextArea, TextLine
from choir_app.foundation.language import lazy_
from choir_app.foundation.pictures import PictureFile
from choir_app.news.actions import AuthorWords, Words
from choir_app.news.forms.text import TextForm, data_of
from choir_app.news.models import Post
from choir_app.news.rules import SOURCE


class PostForm(TextForm):
    """The page on which a post is written."""

    byline_name = TextLine(lazy_("Skrivet av"), missing=lazy_("Skriv vem som har skrivit texten."))
    byline_role = TextLine(lazy_("Roll"), description=lazy_("Till exempel körledare i Boden."))
    more_authors = TextArea(
        lazy_("Fler som har skrivit"),
        longest=1200,
        description=lazy_("En person på varje rad. Sätt ett komma mellan namn och roll."),
        render_kw={"rows": 2},
    )
    choirs = Choices(lazy_("Vilka körer handlar det om?"))
    towns = Choices(lazy_("Vilka orter handlar det om?"))
    partners = Choices(lazy_("Vilka partner handlar det om?"))
    tags = TextLine(
        lazy_("Ämnen"),
        longest=400,
        description=lazy_("Ett eller flera ord med komma emellan, till exempel: pengar, sommar."),
    )
    met_about = TextLine(
        lazy_("Möte som texten berättar om"),
        longest=200,
        description=lazy_("Till exempel: videomötet om pengar."),
    )
    met_on = Day(lazy_("Mötets dag"))
    receipt = Hidden(default=lambda: str(uuid4()))

    def __init__(
        self,
        *,
        choirs: Sequence[Choir],
        towns: Sequence[Town],
        partners: Sequence[tuple[UUID, str]],
        post: Post | None,
        writer: Any,
    ) -> None:
        self.post = post
        self.known_choirs = {str(choir.id): choir for choir in choirs}
        self.known_towns = {str(town.id): town for town in towns}
        named = [(one.partner_id, one.name) for one in post.partners] if post else []
        self.known_partners: dict[str, tuple[UUID | None, str]] = {
            str(partner_id or name): (partner_id, name) for partner_id, name in [*partners, *named]
        }
        self.edits = bool(writer.edits)
        begun = {"byline_name": writer.name, "choirs": self._only_choir()}
        super().__init__(language=SOURCE, data=_data_of(post) if post else begun)
        self.choirs.choices = [(key, choir.name) for key, choir in self.known_choirs.items()]
        self.towns.choices = [(key, town.name) for key, town in self.known_towns.items()]
        self.partners.choices = [(key, name) for key, (_id, name) in self.known_partners.items()]

    @property
    def receipt_id(self) -> UUID:
        """What makes the same new post sent twice one post."""
        try:
            return UUID(self.receipt.data or "")
        except ValueError:
            return uuid4()

    def words(self, picture: PictureFile | None) -> Words:
        """What was written, with the picture taken in. What only an editor chooses, a leader leaves as it is."""
        return Words(
            **self.text_fields(picture),
            byline_name=self.byline_name.data,
            byline_role=self.byline_role.data or None,
            more_authors=_authors_in(self.more_authors.data or ""),
            choirs=[self.known_choirs[key] for key in self.choirs.data or ()],
            towns=self._towns(),
            partners=self._partners(),
            tags=_tags_in(self.tags.data or ""),
            met_on=self.met_on.data,
            met_about=self.met_about.data or None,
        )

    def _only_choir(self) -> list[str]:
        """Whoever leads one choir writes about that one, and need not say so."""
        return list(self.known_choirs) if not self.edits and len(self.known_choirs) == 1 else []

    def _towns(self) -> list[Town]:
        if not self.edits:
            return list(self.post.towns) if self.post else []
        return [self.known_towns[key] for key in self.towns.data or ()]

    def _partners(self) -> list[tuple[UUID | None, str]]:
        if not self.edits:
            return [(one.partner_id, one.name) for one in self.post.partners] if self.post else []
        return [self.known_partners[key] for key in self.partners.data or ()]


def _data_of(post: Post) -> dict[str, Any]:
    first, *others = [*post.authors] or [None]
    return data_of(post.swedish) | {
        "byline_name": first.name if first else "",
        "byline_role": first.role if first else "",
        "more_authors": "\n".join(", ".join(filter(None, (one.name, one.role))) for one in others if one),
        "choirs": [str(choir.id) for choir in post.choirs],
        "towns": [str(town.id) for town in post.towns],
        "partners": [str(one.partner_id or one.name) for one in post.partners],
        "tags": ", ".join(tag.name for tag in post.tags),
        "met_about": post.met_about,
        "met_on": post.met_on,
    }


def _authors_in(typed: str) -> list[AuthorWords]:
    found: list[AuthorWords] = []
    for line in typed.splitlines():
        name, _comma, role = (part.strip() for part in line.partition(","))
        if name:
            found.append(AuthorWords(name[:120], role[:120] or None))
    return found


def _tags_in(typed: str) -> list[str]:
    return list(dict.fromkeys(tag for part in re.split(r"[,;\n]", typed) if (tag := " ".join(part.split()))))
