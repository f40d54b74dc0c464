"""What every version of a post has: headline, lead, text and picture."""

from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict

from choir_app.foundation.forms import Hidden, HouseForm, TextArea, TextLine, Tick, Upload
from choir_app.foundation.language import lazy_
from choir_app.foundation.pictures import ACCEPT, PictureFile
from choir_app.news.models import PostVersion
from choir_app.news.rules import TEXT_LANGUAGES

LONGEST_HEADLINE, LONGEST_LEAD, LONGEST_BODY = 150, 600, 40_000
"""Signs."""


class TextForm(HouseForm):
    """The words of a post in one language."""

    headline = TextLine(lazy_("Rubrik"), missing=lazy_("Skriv en rubrik."), longest=LONGEST_HEADLINE)
    lead = TextArea(
        lazy_("Ingress"),
        missing=lazy_("Skriv en ingress. Två meningar räcker."),
        longest=LONGEST_LEAD,
        description=lazy_("Det viktigaste först, i två eller tre meningar."),
        render_kw={"rows": 3},
    )
    body = TextArea(
        lazy_("Text"),
        missing=lazy_("Skriv texten."),
        longest=LONGEST_BODY,
        description=lazy_(
            "## gör en rubrik, - gör en punkt, **fet** gör fet stil, [ord](adress) gör en länk."
        ),
        render_kw={"rows": 16},
    )
    picture = Upload(
        lazy_("Bild"),
        description=lazy_("JPEG, PNG, WebP eller AVIF, högst 20 megabyte."),
        render_kw={"accept": ACCEPT},
    )
    picture_alt = TextLine(
        lazy_("Bildbeskrivning"),
        longest=400,
        description=lazy_("Vad syns på bilden? Skriv det för den som inte ser den, i en eller två meningar."),
    )
    picture_is_decorative = Tick(lazy_("Bilden är dekorativ: den säger inget som inte står i texten"))
    picture_caption = TextLine(lazy_("Bildtext"), longest=300)
    kept_picture = Hidden()
    seen_revision = Hidden()

    def __init__(self, *, language: str, data: dict[str, Any]) -> None:
        super().__init__(data=data)
        known = TEXT_LANGUAGES[language]
        for field in (self.headline, self.lead, self.body):
            field.render_kw = {**(field.render_kw or {}), "lang": language, "dir": known.direction}

    def take_typed(self, typed: Mapping[str, Sequence[str]]) -> None:
        """Fill the form with what was typed before and not saved."""
        self.process(MultiDict([(name, one) for name, values in typed.items() for one in values]))

    @property
    def longest_of_words(self) -> Mapping[str, int]:
        """How many signs of each part are saved, and so drawn; of more, the form says so."""
        return {"headline": LONGEST_HEADLINE, "lead": LONGEST_LEAD, "body": LONGEST_BODY}

    @property
    def revision(self) -> int:
        """The revision that the writer began from."""
        return number_in(self.seen_revision.data)

    def text_fields(self, picture: PictureFile | None) -> dict[str, Any]:
        """What was written, by the names of `actions.Text`, with the picture that was taken in."""
        return {
            "headline": self.headline.data,
            "lead": self.lead.data,
            "body": self.body.data,
            "picture": picture,
            "picture_alt": self.picture_alt.data or None,
            "picture_is_decorative": bool(self.picture_is_decorative.data),
            "picture_caption": self.picture_caption.data or None,
        }


def data_of(version: PostVersion) -> dict[str, Any]:
    """A version as its form shows it."""
    return {
        "headline": version.headline,
        "lead": version.lead,
        "body": version.body,
        "picture_alt": version.picture_alt,
        "picture_is_decorative": version.picture_is_decorative,
        "picture_caption": version.picture_caption,
        "kept_picture": version.picture_name or "",
        "seen_revision": str(version.revision_number),
    }


def number_in(typed: str | None) -> int:
    """The number of a revision that travelled with a form; 0 when it is none."""
    typed = typed or ""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0
