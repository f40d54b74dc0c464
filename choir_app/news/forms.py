"""What may be written in a post."""

from collections.abc import Sequence
from typing import Any

from choir_app.choirs.models import Choir
from choir_app.foundation.forms import Choices, Hidden, HouseForm, TextArea, TextLine, Upload
from choir_app.foundation.language import lazy_
from choir_app.foundation.pictures import ACCEPT, PictureFile
from choir_app.news.actions import Words
from choir_app.news.models import Post


class PostForm(HouseForm):
    """The page on which a post is written."""

    headline = TextLine(lazy_("Rubrik"), missing=lazy_("Skriv en rubrik."), longest=150)
    lead = TextArea(
        lazy_("Ingress"),
        missing=lazy_("Skriv en ingress. Två meningar räcker."),
        longest=600,
        description=lazy_("Det viktigaste först, i två eller tre meningar."),
        render_kw={"rows": 3},
    )
    body = TextArea(
        lazy_("Text"),
        missing=lazy_("Skriv texten."),
        longest=40_000,
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
        description=lazy_("Beskriv bilden för den som inte ser den. Behövs om du väljer en bild."),
    )
    picture_caption = TextLine(lazy_("Bildtext"), longest=300)
    byline_name = TextLine(lazy_("Skrivet av"), missing=lazy_("Skriv vem som har skrivit texten."))
    byline_role = TextLine(lazy_("Roll"), description=lazy_("Till exempel körledare i Boden."))
    choirs = Choices(lazy_("Vilka körer handlar det om?"))
    kept_picture = Hidden()
    seen_revision = Hidden()

    def __init__(self, choirs: Sequence[Choir], *, post: Post | None, writer: Any) -> None:
        self.known = {str(choir.id): choir for choir in choirs}
        super().__init__(data=_data_of(post) if post else {"byline_name": writer.name})
        self.choirs.choices = [(key, choir.name) for key, choir in self.known.items()]

    @property
    def revision(self) -> int:
        """The version that the writer began from."""
        typed = self.seen_revision.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0

    def words(self, picture: PictureFile | None) -> Words:
        """What was written, with the picture that was taken in."""
        return Words(
            headline=self.headline.data,
            lead=self.lead.data,
            body=self.body.data,
            byline_name=self.byline_name.data,
            byline_role=self.byline_role.data or None,
            choirs=[self.known[key] for key in self.choirs.data or ()],
            picture=picture,
            picture_alt=self.picture_alt.data or None,
            picture_caption=self.picture_caption.data or None,
        )


def _data_of(post: Post) -> dict[str, Any]:
    return {
        "headline": post.headline,
        "lead": post.lead,
        "body": post.body,
        "picture_alt": post.picture_alt,
        "picture_caption": post.picture_caption,
        "byline_name": post.byline_name,
        "byline_role": post.byline_role,
        "choirs": [str(choir.id) for choir in post.choirs],
        "kept_picture": post.picture_name or "",
        "seen_revision": str(post.revisions[-1].number if post.revisions else 0),
    }
