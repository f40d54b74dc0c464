"""Lists of news: all of them, about something, of a month, found by words."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from choir_app.foundation.audience import for_everyone
from choir_app.foundation.kept_pages import same_for_all_visitors
from choir_app.news import queries
from choir_app.news.queries import Subject
from choir_app.news.rules import TEXT_LANGUAGES
from choir_app.news.views import room

LAST_PAGE = 10_000


@room.get("/nyheter")
@same_for_all_visitors
@for_everyone
def index() -> ResponseReturnValue:
    """All news, the newest first."""
    return render_template("news/index.html", page=queries.list_page(_number()))


@room.get("/nyheter/ort/<slug>")
@same_for_all_visitors
@for_everyone
def town(slug: str) -> ResponseReturnValue:
    """The news about a town."""
    return _about(queries.of_town(slug), feed="ort")


@room.get("/nyheter/amne/<slug>")
@same_for_all_visitors
@for_everyone
def tag(slug: str) -> ResponseReturnValue:
    """The news under a tag."""
    return _about(queries.of_tag(slug), feed="amne", must_hold_something=True)


@room.get("/nyheter/sprak/<slug>")
@same_for_all_visitors
@for_everyone
def language(slug: str) -> ResponseReturnValue:
    """The news that can be read in a language."""
    return _about(queries.in_language(slug) or abort(404), feed="sprak")


@room.get("/nyheter/av/<slug>")
@same_for_all_visitors
@for_everyone
def author(slug: str) -> ResponseReturnValue:
    """What somebody has written."""
    return _about(queries.by_author(slug), feed=None)


@room.get("/nyheter/arkiv")
@same_for_all_visitors
@for_everyone
def archive() -> ResponseReturnValue:
    """All months in which something came out, and all that one can read about."""
    return render_template(
        "news/archive.html",
        months=queries.months(),
        tags=queries.tags_in_use(),
        text_languages=[TEXT_LANGUAGES[code] for code in queries.languages_read()],
    )


@room.get("/nyheter/arkiv/<int:year>/<int:month>")
@same_for_all_visitors
@for_everyone
def month(year: int, month: int) -> ResponseReturnValue:
    """The news of a month."""
    return _about(queries.of_month(year, month) or abort(404), feed=None, must_hold_something=True)


@room.get("/nyheter/sok")
@same_for_all_visitors
@for_everyone
def search() -> ResponseReturnValue:
    """The news in which some words stand."""
    question = " ".join(request.args.get("q", "").replace("\x00", " ").split())[:200]
    return render_template("news/search.html", question=question, page=queries.found(question, _number()))


def _about(subject: Subject, *, feed: str | None, must_hold_something: bool = False) -> ResponseReturnValue:
    page = queries.list_page(_number(), subject)
    if must_hold_something and not page.cards:
        abort(404)
    language = TEXT_LANGUAGES[subject.language] if subject.language else None
    return render_template("news/subject.html", page=page, subject=subject, feed=feed, written_in=language)


def _number() -> int:
    number = request.args.get("sida", 1, int)
    if not 1 <= number <= LAST_PAGE:
        abort(404)
    return number
