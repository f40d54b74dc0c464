"""What stands in the way of showing a text: what some readers could not follow, and what nobody has answered."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from choir_app.foundation.figures import figure_called
from choir_app.foundation.language import _
from choir_app.news.models import Post, PostVersion
from choir_app.news.queries.pictures import (
    PictureUse,
    pictures_not_answered,
    pictures_not_described,
    pictures_not_there,
)
from choir_app.news.queries.public import what_readers_get
from choir_app.news.rules import Fault, as_written, faults_in, figures_in


@dataclass(frozen=True)
class Obstacle:
    """One thing to put right before readers may see a text, and where it stands."""

    kind: str
    message: str
    version: PostVersion
    field: str
    """Of the form: headline, lead, body, picture_alt; `people` for who is in a picture."""
    start: int | None = None
    """In signs of that field; None when it is about all of it."""
    end: int | None = None
    about: str = ""
    """The picture, heading, address or figure that it is about."""

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it the same obstacle after the text was changed elsewhere."""
        return self.kind, self.field, self.about


def obstacles_of(
    post: Post, moment: datetime, *, versions: Iterable[PostVersion] | None = None
) -> tuple[Obstacle, ...]:
    """All that must be put right before readers see the post in Swedish and in every language shown, or `versions`."""
    looked_at = tuple(versions if versions is not None else what_readers_get(post))
    found = [obstacle for version in looked_at for obstacle in _of_text(version)]
    found += [
        Obstacle(
            f"picture_{one.why}",
            _said_of_people(one.why),
            one.use.version,
            "people",
            one.use.start,
            one.use.end,
            about=one.name,
        )
        for one in pictures_not_answered(post, moment, versions=looked_at)
    ]
    return tuple(found)


def _of_text(version: PostVersion) -> Iterator[Obstacle]:
    missing = pictures_not_there(version)
    for use in missing:
        message = _("Bilden i texten finns inte. Välj den på nytt, eller ta bort den ur texten.")
        yield Obstacle("picture_missing", message, version, "body", use.start, use.end, about=use.name)
    for use in pictures_not_described(version):
        if use not in missing:
            yield _not_described(use)
    for fault in faults_in(version.body):
        yield Obstacle(
            fault.kind, _said_of(fault), version, "body", fault.start, fault.end, about=fault.words
        )
    for one in figures_in(version.headline):
        message = _("En rubrik kan inte ha en siffra som räknas ut. Skriv siffran själv.")
        yield Obstacle("figure_in_headline", message, version, "headline", one.start, one.end, about=one.name)
    frozen = {one.name for one in version.post.figures}
    for field in ("lead", "body"):
        for one in figures_in(getattr(version, field)):
            if one.name not in frozen and figure_called(one.name) is None:
                message = _("Siffran %(name)s finns inte. Välj en i listan.", name=as_written(one.name))
                yield Obstacle("unknown_figure", message, version, field, one.start, one.end, about=one.name)


def _not_described(use: PictureUse) -> Obstacle:
    if use.start is None:
        message = _("Beskriv bilden över texten för den som inte ser den, eller säg att den är dekorativ.")
        return Obstacle("picture_not_described", message, use.version, "picture_alt", about=use.name)
    message = _("Beskriv bilden i texten för den som inte ser den, eller säg att den är dekorativ.")
    return Obstacle("picture_not_described", message, use.version, "body", use.start, use.end, about=use.name)


def _said_of(fault: Fault) -> str:
    if fault.kind == "empty_link":
        return _("Länken till %(address)s har inga ord. Skriv vart den leder.", address=fault.words)
    if fault.kind == "heading_too_high":
        return _("Rubriken «%(words)s» har ett # för lite. Skriv ##.", words=fault.words)
    if fault.above == 1:
        return _("Textens första rubrik, «%(words)s», börjar för långt ner. Skriv ##.", words=fault.words)
    return _(
        "Rubriken «%(words)s» hoppar över ett steg. Skriv %(marks)s.",
        words=fault.words,
        marks="#" * (fault.above + 1),
    )


def _said_of_people(why: str) -> str:
    if why == "withdrawn":
        return _("Någon på bilden vill inte vara med längre. Ta bort bilden eller byt den.")
    return _("Säg vilka som syns på bilden, och att de har sagt ja. Eller att ingen går att känna igen.")
