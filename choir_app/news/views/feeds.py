"""The news as feeds, for all and about something: RSS 2.0, Atom (RFC 4287), JSON Feed 1.1."""

from typing import Any

from flask import Response, abort, current_app, jsonify, make_response, render_template, url_for
from flask.typing import ResponseReturnValue

from choir_app.foundation import clock
from choir_app.foundation.audience import for_everyone
from choir_app.foundation.kept_pages import same_for_all_visitors
from choir_app.foundation.language import _, current_language, utc_moment
from choir_app.foundation.tally import counts
from choir_app.news import queries
from choir_app.news.queries import Reading, Subject
from choir_app.news.views import addresses, room

KINDS = {
    "xml": "application/rss+xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
}


@room.get("/nyheter.xml")
@same_for_all_visitors
@for_everyone
def rss() -> ResponseReturnValue:
    """The news as RSS."""
    return _feed("xml", None)


@room.get("/nyheter.atom")
@same_for_all_visitors
@for_everyone
def atom() -> ResponseReturnValue:
    """The news as Atom."""
    return _feed("atom", None)


@room.get("/nyheter.json")
@same_for_all_visitors
@for_everyone
def json_feed() -> ResponseReturnValue:
    """The news as a JSON Feed."""
    return _feed("json", None)


@room.get("/nyheter/<any(ort,amne,sprak):about>/<slug>/flode.<any(xml,atom,json):kind>")
@same_for_all_visitors
@for_everyone
def subject_feed(about: str, slug: str, kind: str) -> ResponseReturnValue:
    """The news about a town or a tag, or in a language."""
    asked = {"ort": queries.of_town, "amne": queries.of_tag, "sprak": queries.in_language}
    return _feed(kind, asked[about](slug) or abort(404))


def _feed(kind: str, subject: Subject | None) -> Response:
    readings = queries.in_feed(subject)
    if subject and subject.kind == "tag" and not readings:
        abort(404)
    about = f"{kind} {subject.kind} {subject.key}" if subject else kind
    counts("feed", about, current_language(), by_people=False)
    network = current_app.config["SETTINGS"].network
    name = f"{network} – {_('Nyheter')}" + (f": {subject.name}" if subject else "")
    told = {
        "name": name,
        "description": _("Nyheter från körerna"),
        "home": addresses.site() + addresses.prefix_of(current_language()) + _list_of(subject),
        "own": addresses.here_in(),
        "changed_at": max((one.changed_at for one in readings), default=clock.start_of(clock.today())),
        "feed_language": subject.language if subject and subject.language else current_language(),
        "items": [_item(one) for one in readings],
    }
    if kind == "json":
        response = make_response(jsonify(_as_json(told)))
    else:
        response = make_response(
            render_template(f"news/feed.{'rss.xml' if kind == 'xml' else 'atom.xml'}", **told)
        )
    response.mimetype = KINDS[kind]
    return response


def _list_of(subject: Subject | None) -> str:
    if subject is None:
        return addresses.plain(url_for("news.index"))
    return addresses.plain(url_for(f"news.{subject.kind}", slug=subject.key))


def _item(reading: Reading) -> dict[str, Any]:
    html = str(queries.body_elsewhere(reading.markdown, site=addresses.site()))
    picture = reading.picture
    return {
        "reading": reading,
        "id": f"urn:uuid:{reading.post.id}",
        "url": addresses.canonical(reading.version),
        "body": queries.with_whole_addresses(html),
        "picture": addresses.of_picture(picture, 1200, "16x9") if picture else None,
        "subjects": [one.name for one in (*reading.post.tags, *reading.post.towns)],
    }


def _as_json(told: dict[str, Any]) -> dict[str, Any]:
    """A JSON Feed. Source: jsonfeed.org, version 1.1."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": told["name"],
        "home_page_url": told["home"],
        "feed_url": told["own"],
        "description": told["description"],
        "language": told["feed_language"],
        "items": [_item_as_json(item) for item in told["items"]],
    }


def _item_as_json(item: dict[str, Any]) -> dict[str, Any]:
    reading: Reading = item["reading"]
    more = {"image": item["picture"]} if item["picture"] else {}
    return more | {
        "id": item["id"],
        "url": item["url"],
        "title": reading.version.headline,
        "summary": reading.lead,
        "content_html": item["body"],
        "date_published": utc_moment(reading.published_at),
        "date_modified": utc_moment(reading.changed_at),
        "language": reading.version.language,
        "authors": [
            {
                "name": one.name,
                "url": addresses.site() + addresses.plain(url_for("news.author", slug=one.slug)),
            }
            for one in reading.authors
        ],
        "tags": item["subjects"],
    }
