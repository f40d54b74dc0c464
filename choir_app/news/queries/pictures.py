"""The pictures of posts: which they are, what is still unsaid about them, and who is in them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from markupsafe import Markup
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import selectinload

from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.foundation.pictures import CENTRE, PictureFile
from choir_app.foundation.text import DrawnPicture, PictureInText, pictures_in, to_html
from choir_app.news.models import KeptPicture, PersonInPicture, Post, PostVersion
from choir_app.news.queries.public import what_readers_get

PAGE = 24


@dataclass(frozen=True)
class Picture:
    """A picture as a page draws it."""

    name: str
    width: int
    height: int
    alt: str
    """Empty when it is decorative, or not described yet."""
    caption: str | None
    has_crops: bool = False
    rests_at: tuple[int, int] = CENTRE

    @property
    def file(self) -> PictureFile:
        """The kept file with its widths and crops."""
        return PictureFile(
            self.name, self.width, self.height, has_crops=self.has_crops, rests_at=self.rests_at
        )


@dataclass(frozen=True)
class PictureUse:
    """That a version shows a picture, above the text or within it."""

    version: PostVersion
    name: str
    is_described: bool
    """Whether it has an alternative text or is said to be decorative."""
    start: int | None = None
    """Where it begins in the Markdown of the text, counted in signs; None for the picture above the text."""
    end: int | None = None


@dataclass(frozen=True)
class NotAnswered:
    """A picture that may not be shown to readers yet: nobody has said who is in it, or somebody does not agree."""

    use: PictureUse
    why: Literal["not_asked", "withdrawn"]

    @property
    def name(self) -> str:
        """The name of the picture."""
        return self.use.name


def pictures_of(version: PostVersion) -> tuple[PictureUse, ...]:
    """Every picture that a version shows, the one above the text first."""
    uses: list[PictureUse] = []
    if version.picture_name:
        is_described = bool(version.picture_alt) or version.picture_is_decorative
        uses.append(PictureUse(version, version.picture_name, is_described))
    uses.extend(
        PictureUse(version, one.name, one.is_described, one.start, one.end)
        for one in pictures_in(version.body)
    )
    return tuple(uses)


def pictures_not_described(version: PostVersion) -> tuple[PictureUse, ...]:
    """The pictures of a version that lack an alternative text and are not said to be decorative."""
    return tuple(use for use in pictures_of(version) if not use.is_described)


def pictures_not_there(version: PostVersion) -> tuple[PictureUse, ...]:
    """The pictures that a text names and that we do not have: readers would miss them without a word."""
    named = [use for use in pictures_of(version) if use.start is not None]
    known = kept_pictures({use.name for use in named}, with_people=False)
    return tuple(use for use in named if use.name not in known)


def pictures_not_answered(
    post: Post, moment: datetime, *, versions: Iterable[PostVersion] | None = None
) -> tuple[NotAnswered, ...]:
    """The pictures of a post that readers may not see at a moment, each once, in reading order.

    Looked at are the Swedish text and every other that is shown, or `versions`. A name that is no picture of ours
    is left out: nothing is shown of it, and `pictures_not_there` says so.
    """
    looked_at = versions if versions is not None else what_readers_get(post)
    first: dict[str, PictureUse] = {}
    for version in looked_at:
        for use in pictures_of(version):
            first.setdefault(use.name, use)
    known = kept_pictures(first)
    found: list[NotAnswered] = []
    for name, use in first.items():
        picture = known.get(name)
        if picture is None:
            if use.start is None:  # a picture from before there were rows for them is shown all the same
                found.append(NotAnswered(use, "not_asked"))
        elif picture.withheld_at is not None or not all(one.agrees_at(moment) for one in picture.people):
            found.append(NotAnswered(use, "withdrawn"))
        elif picture.nobody_said_at is None and not picture.people:
            found.append(NotAnswered(use, "not_asked"))
    return tuple(found)


def kept_pictures(names: Iterable[str], *, with_people: bool = True) -> dict[str, KeptPicture]:
    """The pictures of these names with the people in them; names that are no picture of ours are left out."""
    wanted = list(names)
    if not wanted:
        return {}
    pictures = select(KeptPicture).where(KeptPicture.name.in_(wanted))
    if with_people:
        pictures = pictures.options(selectinload(KeptPicture.people))
    return {one.name: one for one in db.session.scalars(pictures)}


def picture_of(version: PostVersion, kept: KeptPicture | None = None) -> Picture | None:
    """The picture above the text, as a page draws it; none when somebody in it does not agree any more.

    `kept` is its row, for a version that is not a row itself.
    """
    name, kept = version.picture_name, kept or version.picture
    if not name or (kept is not None and kept.withheld_at is not None):
        return None
    alt = "" if version.picture_is_decorative else version.picture_alt or ""
    if kept is None:
        return Picture(
            name, version.picture_width or 0, version.picture_height or 0, alt, version.picture_caption
        )
    return _picture(kept, alt, version.picture_caption)


def picture_alone(kept: KeptPicture) -> Picture:
    """A picture by itself, for those who write: it is drawn also when no reader is shown it."""
    return _picture(kept, "", None)


def body_of(markdown: str, draw: Callable[[Picture], Markup], *, missing: str = "") -> Markup:
    """A text in Markdown as HTML with its pictures drawn.

    Of a name that is no picture of ours its caption stays, below the words `missing` for those who write; of a picture
    that somebody in it does not agree to any more, nothing does, since its words may name them.
    """
    named = [one.name for one in pictures_in(markdown)] if "bild:" in markdown else []
    known = kept_pictures(named, with_people=False)

    told = Markup("<strong>{}</strong>").format(missing) if missing else Markup()

    def drawn(one: PictureInText) -> DrawnPicture:
        kept = known.get(one.name)
        if kept is None:
            return DrawnPicture(told, one.caption)
        if kept.withheld_at is not None:
            return DrawnPicture(Markup(), "")
        alt = "" if one.is_decorative else one.alt
        return DrawnPicture(draw(_picture(kept, alt, one.caption or None)), one.caption)

    return to_html(markdown, draw=drawn)


def without_withheld(markdown: str) -> str:
    """A text in Markdown without the pictures that no reader is shown any more, and without what was said of them."""
    named = pictures_in(markdown) if "bild:" in markdown else ()
    known = kept_pictures({one.name for one in named}, with_people=False)
    for one in reversed(named):
        if one.name in known and known[one.name].withheld_at is not None:
            markdown = markdown[: one.start] + markdown[one.end :]
    return markdown


def body_elsewhere(markdown: str, *, site: str) -> Markup:
    """The same for letters and feeds: one width that every program can show, at its whole address."""

    def draw(picture: Picture) -> Markup:
        file = picture.file
        width = file.width_nearest(960)
        return Markup('<img src="{}{}" alt="{}" width="{}" height="{}">').format(
            site, path_of_copy(picture.name, file.copy(width)), picture.alt, width, file.height_at(width)
        )

    return body_of(markdown, draw)


def path_of_copy(name: str, copy: str) -> str:
    """Where readers get a copy of a picture."""
    return f"/bilder/{name}/{copy}"


def path_of_picture(picture: KeptPicture) -> str:
    """Where those who write see all about a picture."""
    return f"/nyheter/skriv/bilder/{picture.name}"


def pictures_visible_to(viewer: Any) -> Select[KeptPicture]:
    """The pictures that this person may choose from: all for editors, the own ones for others who write."""
    pictures = select(KeptPicture).options(selectinload(KeptPicture.people))
    return pictures if viewer.edits else pictures.where(KeptPicture.taken_in_by_id == viewer.id)


def one_picture(name: str, *, viewer: Any) -> KeptPicture:
    """A picture by its name; raises NoResultFound when it is not this person's to see."""
    return db.session.scalars(pictures_visible_to(viewer).where(KeptPicture.name == name)).one()


@dataclass(frozen=True)
class PicturePage:
    """Some of the pictures that were taken in, the newest first."""

    pictures: Sequence[KeptPicture]
    number: int
    has_older: bool


def picture_page(number: int, *, viewer: Any, person: str = "") -> PicturePage:
    """A page of the pictures; for those who see names, of those that somebody of this name is in."""
    wanted = pictures_visible_to(viewer)
    if person and viewer.edits:
        wanted = wanted.where(KeptPicture.name.in_(_pictures_of_people_called(person)))
    newest = wanted.order_by(KeptPicture.taken_in_at.desc(), KeptPicture.name)
    rows = db.session.scalars(newest.offset((number - 1) * PAGE).limit(PAGE + 1)).all()
    return PicturePage(rows[:PAGE], number, len(rows) > PAGE)


def _pictures_of_people_called(words: str) -> set[str]:
    """The names of the pictures with somebody called so; compared here, since SQLite knows no capital Å, Ä or Ö."""
    people = select(PersonInPicture.picture_name, PersonInPicture.called, PersonInPicture.guardian)
    asked = words.casefold()
    return {
        picture
        for picture, *names in db.session.execute(people)
        if any(asked in name.casefold() for name in names if name)
    }


def withheld_pictures_in_use() -> Sequence[KeptPicture]:
    """The pictures that were taken from every page and that some text still names, for editors to change."""
    withheld = (
        select(KeptPicture).where(KeptPicture.withheld_at.is_not(None)).order_by(KeptPicture.withheld_at)
    )
    return [one for one in db.session.scalars(withheld) if posts_that_show(one)]


def posts_that_show(picture: KeptPicture) -> Sequence[Post]:
    """The posts of which some version names the picture now, the newest first."""
    versions = select(PostVersion.post_id).where(
        or_(PostVersion.picture_name == picture.name, PostVersion.body.contains(f"bild:{picture.name}"))
    )
    posts = select(Post).where(Post.id.in_(versions)).options(selectinload(Post.versions))
    return db.session.scalars(posts.order_by(Post.created_at.desc())).all()


def is_seen_by_readers(picture: KeptPicture) -> bool:
    """Whether a post that readers see, now or from a set time on, shows the picture."""
    return any(post.state_at(clock.now()) in ("published", "scheduled") for post in posts_that_show(picture))


def is_withheld(name: str) -> bool:
    """Whether no reader may see a picture any more."""
    withheld = select(KeptPicture.name).where(KeptPicture.name == name, KeptPicture.withheld_at.is_not(None))
    return db.session.scalar(withheld) is not None


def _picture(kept: KeptPicture, alt: str, caption: str | None) -> Picture:
    rests_at = (kept.focal_x_bp, kept.focal_y_bp)
    return Picture(kept.name, kept.width, kept.height, alt, caption, kept.has_crops, rests_at)
