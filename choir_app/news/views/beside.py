"""What stands around a form of the desk: the writer's unsaved text, who else is at work, and what clashes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_login import current_user

from choir_app.foundation.database import even_if_refused
from choir_app.foundation.language import _, hour
from choir_app.news import actions, queries
from choir_app.news.forms import TextForm
from choir_app.news.models import Post
from choir_app.news.queries import AtWork
from choir_app.news.rules import TEXT_LANGUAGES
from choir_app.news.views.places import to_write

NOT_TYPED = frozenset({"csrf_token", "preview", "seen_over", "of_post", "of_language", "leaves"})
"""What travels with the words and is none of them."""
_FIELD = re.compile(r"[a-z_]{1,40}")


@dataclass(frozen=True)
class Place:
    """A text in a language, as the page on which it is written names it."""

    post: Post | None
    language: str

    @property
    def name(self) -> str:
        """Under which unsaved text is kept, here and in the phone."""
        return queries.place_of(self.post, self.language)

    @property
    def post_id(self) -> str:
        """As it travels with what is sent; empty for a post that is not begun."""
        return str(self.post.id) if self.post else ""

    @property
    def url(self) -> str:
        """Where it is written."""
        return to_write(self.post, self.language)

    @property
    def url_unsaved(self) -> str:
        """Where one goes on from the text that is not saved."""
        return to_write(self.post, self.language, osparat=1)

    @property
    def revision(self) -> int:
        """The newest save."""
        version = self.post.version_in(self.language) if self.post else None
        return version.revision_number if version else 0

    @property
    def has_words(self) -> bool:
        """Whether something has been saved there."""
        return self.revision > 0


def go_on(form: TextForm, place: Place) -> bool:
    """Put the writer's unsaved text into the form, when that is what was asked for."""
    if request.method != "GET" or "osparat" not in request.args:
        return False
    kept = queries.unsaved_text(place.name, viewer=current_user)
    if kept is None or kept.dropped_at is not None:
        return False
    form.take_typed(kept.typed)
    return True


def beside(form: TextForm, place: Place, *, goes_on: bool, words: Any = None) -> dict[str, Any]:
    """What the page wants beside its form. `words` are those that could not be saved, if there are any."""
    version = place.post.version_in(place.language) if place.post else None
    clash = queries.clash_of(version, seen_revision(form), words, viewer=current_user) if words else None
    if clash is not None:  # closing the window must not lose what was refused
        typed = typed_words()
        even_if_refused(
            lambda: actions.keep_unsaved(typed, post=place.post, language=place.language, by=current_user)
        )
    is_opened = request.method == "GET"
    others = queries.others_at_work(place.post, viewer=current_user) if place.post else ()
    return {
        "place": place,
        "form_id": "write",
        "written_in": TEXT_LANGUAGES[place.language],
        "unsaved": queries.unsaved_text(place.name, viewer=current_user) if is_opened else None,
        "goes_on": goes_on,
        "others": [told_of(one, place.language) for one in others],
        "clash": clash,
    }


def seen_revision(form: TextForm) -> int:
    """The revision that the writer knows of: the one it began from, or the one that was shown and is saved over."""
    over = request.form.get("seen_over", "")
    return int(over) if over.isascii() and over.isdigit() and len(over) < 9 else form.revision


def typed_words() -> Mapping[str, list[str]]:
    """What was typed into the form that was sent, by the names of its fields."""
    return {name: request.form.getlist(name) for name in request.form if _is_typed(name)}


def told_of(other: AtWork, language: str) -> str:
    """That somebody else is at work, in words."""
    if other.language.code == language:
        return _("%(name)s skriver också här, sedan kl. %(time)s.", name=other.name, time=hour(other.since))
    return _(
        "%(name)s skriver på %(language)s, sedan kl. %(time)s.",
        name=other.name,
        language=other.language.in_swedish,
        time=hour(other.since),
    )


def _is_typed(name: str) -> bool:
    return name not in NOT_TYPED and _FIELD.fullmatch(name) is not None
