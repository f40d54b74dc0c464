"""What readers are told was put right after a post came out: in words, and in figures that have moved."""

from uuid import UUID

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from choir_app.accounts.permissions import for_editors
from choir_app.foundation.forms import Plain
from choir_app.foundation.language import _, ngettext
from choir_app.foundation.notices import tell
from choir_app.news import actions, queries
from choir_app.news.forms import CorrectionForm
from choir_app.news.models import Post, PostVersion
from choir_app.news.rules import TEXT_LANGUAGES
from choir_app.news.views import room
from choir_app.news.views.desk import mine


@room.post("/nyheter/skriv/<uuid:post_id>/siffror")
@for_editors
def update_figures(post_id: UUID) -> ResponseReturnValue:
    """Let a published post tell its figures as they are now."""
    found = mine(post_id)
    form = Plain()
    if form.is_sent_and_sound:
        count = actions.update_figures(found, by=current_user)
        tell(
            ngettext(
                "%(num)s siffra är uppdaterad. Läsarna ser vad som stod förut.",
                "%(num)s siffror är uppdaterade. Läsarna ser vad som stod förut.",
                count,
            )
            if count
            else _("Siffrorna är redan som de ska.")
        )
    return redirect(url_for(".preview", post_id=found.id), 303)


@room.route("/nyheter/skriv/<uuid:post_id>/rattelse", methods=["GET", "POST"])
@for_editors
def correct(post_id: UUID) -> ResponseReturnValue:
    """Tell readers what was put right in a text, and see what they are told already."""
    found = mine(post_id)
    form = CorrectionForm([TEXT_LANGUAGES[one.language] for one in _shown(found)])
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.note_correction(found, form.language.data, form.words.data, by=current_user)
            tell(_("Rättelsen syns nu under texten."))
            return redirect(url_for(".preview", post_id=found.id), 303)
    page = render_template("news/correct.html", form=form, post=found, text_languages=TEXT_LANGUAGES)
    return page, form.status


@room.post("/nyheter/skriv/<uuid:post_id>/rattelse/<uuid:correction_id>/ta-bort")
@for_editors
def remove_correction(post_id: UUID, correction_id: UUID) -> ResponseReturnValue:
    """Take back a note that was written in words."""
    found = mine(post_id)
    correction = next((one for one in found.corrections if one.id == correction_id), None) or abort(404)
    form = Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.remove_correction(found, correction, by=current_user)
            tell(_("Rättelsen är borttagen."))
    return redirect(url_for(".correct", post_id=found.id), 303)


def _shown(post: Post) -> list[PostVersion]:
    """The texts that readers have seen; of a post that they have not, the Swedish one, which is then refused."""
    return queries.versions_to_read(post) or [post.swedish]
