"""The pages of the news: reading for everybody, the desk for those who write."""

from uuid import UUID

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from choir_app.accounts.permissions import for_editors
from choir_app.foundation import clock, pictures, text
from choir_app.foundation.audience import for_everyone
from choir_app.foundation.database import let_others_write
from choir_app.foundation.errors import page as error_page
from choir_app.foundation.forms import Plain
from choir_app.foundation.kept_pages import same_for_all_visitors
from choir_app.foundation.language import _
from choir_app.foundation.notices import tell
from choir_app.foundation.refusal import Refusal, require
from choir_app.news import actions, queries
from choir_app.news.forms import PostForm
from choir_app.news.models import Post
from choir_app.news.permissions import for_writers, may_change_post

room = Blueprint("news", __name__)


# --- for readers ----------------------------------------------------------------------------------------------


@room.get("/nyheter")
@same_for_all_visitors
@for_everyone
def index() -> ResponseReturnValue:
    """All news, the newest first."""
    number = request.args.get("sida", 1, int)
    if not 1 <= number <= 10_000:
        abort(404)
    return render_template("news/index.html", page=queries.list_page(number))


@room.get("/nyheter/<int:year>/<slug>")
@same_for_all_visitors
@for_everyone
def post(year: int, slug: str) -> ResponseReturnValue:
    """One post; an address it once had leads to it, and a withdrawn one is said to be gone."""
    try:
        found = queries.by_slug(slug)
    except NoResultFound:
        moved = queries.formerly_at(slug)
        if moved is not None and moved.withdrawn_at:
            return error_page(410)
        if moved is None or not moved.is_public_at(clock.now()):
            raise
        return redirect(_address(moved), 301)
    if found.withdrawn_at:
        return error_page(410)
    if not found.is_public_at(clock.now()):
        abort(404)
    if found.published_at and clock.local(found.published_at).year != year:
        return redirect(_address(found), 301)
    return render_template("news/post.html", **_drawn(found), below=queries.cards_below(found))


@room.get("/nyheter.xml")
@same_for_all_visitors
@for_everyone
def rss() -> ResponseReturnValue:
    """The news as RSS."""
    return _feed("news/feed.rss.xml", "application/rss+xml")


@room.get("/nyheter.atom")
@same_for_all_visitors
@for_everyone
def atom() -> ResponseReturnValue:
    """The news as Atom."""
    return _feed("news/feed.atom.xml", "application/atom+xml")


@room.get("/bilder/<name>/<int:width>.webp")
@for_everyone
def picture(name: str, width: int) -> ResponseReturnValue:
    """One copy of a picture; its name is made from its content, so it never changes."""
    path = pictures.path_of(name, width, data_folder=current_app.config["DATA_FOLDER"])
    if path is None:
        abort(404)
    response = send_file(path, mimetype="image/webp", conditional=True)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


# --- for writers ----------------------------------------------------------------------------------------------


@room.get("/nyheter/skriv")
@for_writers
def desk() -> ResponseReturnValue:
    """What one has written and what waits."""
    return render_template("news/desk.html", drafts=queries.on_the_desk(current_user))


@room.route("/nyheter/skriv/ny", methods=["GET", "POST"])
@for_writers
def new() -> ResponseReturnValue:
    """Begin a post."""
    form = PostForm(queries.choirs_to_write_about(current_user), post=None, writer=current_user)
    return _write(form, post=None)


@room.route("/nyheter/skriv/<uuid:post_id>", methods=["GET", "POST"])
@for_writers
def change(post_id: UUID) -> ResponseReturnValue:
    """Go on writing a post."""
    found = _mine(post_id)
    require(may_change_post(current_user, found))
    form = PostForm(queries.choirs_to_write_about(current_user), post=found, writer=current_user)
    return _write(form, post=found)


@room.get("/nyheter/skriv/<uuid:post_id>/visa")
@for_writers
def preview(post_id: UUID) -> ResponseReturnValue:
    """The post as readers will see it."""
    found = _mine(post_id)
    return render_template("news/preview.html", post_record=found, **_drawn(found), revisions=found.revisions)


@room.post("/nyheter/skriv/<uuid:post_id>/publicera")
@for_editors
def publish(post_id: UUID) -> ResponseReturnValue:
    """Show the post to readers."""
    found = _mine(post_id)
    form = Plain()
    if form.is_sent_and_sound:
        actions.publish(found, by=current_user)
        tell(_("Inlägget är publicerat."))
    return redirect(_address(found), 303)


@room.post("/nyheter/skriv/<uuid:post_id>/dra-tillbaka")
@for_editors
def withdraw(post_id: UUID) -> ResponseReturnValue:
    """Take the post from readers."""
    found = _mine(post_id)
    form = Plain()
    if form.is_sent_and_sound:
        actions.withdraw(found, by=current_user)
        tell(_("Inlägget är borttaget från sidan. Det finns kvar här."))
    return redirect(url_for(".preview", post_id=found.id), 303)


@room.post("/nyheter/skriv/<uuid:post_id>/version/<int:number>")
@for_writers
def bring_back(post_id: UUID, number: int) -> ResponseReturnValue:
    """Make an earlier version the present one."""
    found = _mine(post_id)
    revision = next((one for one in found.revisions if one.number == number), None)
    if revision is None:
        abort(404)
    form = Plain()
    if form.is_sent_and_sound:
        actions.bring_back(found, revision, by=current_user)
        tell(_("Version %(number)s är tillbaka.", number=number))
    return redirect(url_for(".preview", post_id=found.id), 303)


# --- behind the pages -------------------------------------------------------------------------------------------


def _mine(post_id: UUID) -> Post:
    return queries.one(post_id, viewer=current_user)


def _write(form: PostForm, *, post: Post | None) -> ResponseReturnValue:
    shown = None
    picture = _taken_in(form) if form.is_sent_and_sound else None
    if form.is_submitted() and not form.has_errors:
        with form.hearing_refusals():
            words = form.words(picture)
            if "preview" in request.form:
                shown = words
            elif post is None:
                post = actions.write(words, by=current_user)
            else:
                actions.change(post, words, seen_revision=form.revision, by=current_user)
        if not form.has_errors and shown is None and post is not None:
            tell(_("Inlägget är sparat."))
            return redirect(url_for(".preview", post_id=post.id), 303)
    body = text.to_html(shown.body) if shown else None
    kept = _kept(form)
    answer = render_template(
        "news/write.html", form=form, post_record=post, shown=shown, body=body, kept=kept
    )
    return answer, form.status


def _taken_in(form: PostForm) -> pictures.PictureFile | None:
    """The picture just chosen, or the one that was there; kept at once, so that no error makes one choose it again."""
    if form.picture.data is None:
        return _kept(form)
    let_others_write()
    try:
        file = pictures.take_in(form.picture.data.read(), data_folder=current_app.config["DATA_FOLDER"])
    except Refusal as no:
        form.hear(no)
        return None
    form.kept_picture.data = file.name
    return file


def _kept(form: PostForm) -> pictures.PictureFile | None:
    name = form.kept_picture.data or ""
    return pictures.find(name, data_folder=current_app.config["DATA_FOLDER"]) if name else None


def _drawn(found: Post) -> dict[str, object]:
    return {"post": found, "body": text.to_html(found.body), "picture": queries.picture_of(found)}


def _address(found: Post) -> str:
    published_at = found.published_at or found.created_at
    return url_for("news.post", year=clock.local(published_at).year, slug=found.slug)


def _feed(template: str, kind: str) -> Response:
    posts = [(one, text.to_html(one.body), queries.picture_of(one)) for one in queries.in_feed()]
    site = current_app.config["SETTINGS"].url
    response = make_response(render_template(template, posts=posts, site=site, now=clock.now()))
    response.mimetype = kind
    return response
