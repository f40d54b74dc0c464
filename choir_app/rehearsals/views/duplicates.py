"""People who may have been written up twice, side by side: one person, or two."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from choir_app.choirs import actions as choirs_actions
from choir_app.choirs import queries as choirs
from choir_app.choirs.models import Choir
from choir_app.choirs.permissions import for_leaders
from choir_app.choirs.queries import AlikePair
from choir_app.foundation import audit, clock
from choir_app.foundation.audience import who_asks
from choir_app.foundation.forms import Plain
from choir_app.foundation.language import _
from choir_app.foundation.notices import tell
from choir_app.foundation.refusal import Refusal
from choir_app.rehearsals import queries
from choir_app.rehearsals.forms.duplicates import PairForm, PickForm
from choir_app.rehearsals.views import room


@room.route("/korer/<slug>/dubbletter", methods=["GET", "POST"])
@for_leaders
def duplicates(slug: str) -> ResponseReturnValue:
    """Who may be one person; `?ena=…&andra=…` puts any two of the choir side by side."""
    choir = choirs.choir_of_leader(slug, viewer=current_user)
    form = PairForm()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            tell(_decided(form))
            return redirect(url_for(".duplicates", slug=choir.slug), 303)
    audit.looked_at(choir, by=current_user)
    picked = _picked()
    pairs = [picked] if picked else choirs.possible_duplicates(choir, viewer=current_user)
    ids = {side.id for pair in pairs for side in (pair.first, pair.other)}
    together = queries.evenings_together(pairs, viewer=current_user)
    shown = [(pair, together.get(frozenset((pair.first.id, pair.other.id)), 0)) for pair in pairs]
    page = render_template(
        "rehearsals/duplicates.html",
        choir=choir,
        form=form,
        pairs=sorted(shown, key=lambda each: each[1]),  # who was here together is hardly one person
        is_picked=picked is not None,
        pick_form=PickForm(_everybody(choir)),
        times=queries.times_here(ids, viewer=current_user),
        never=queries.NEVER,
        merges=choirs.merges_in(choir, viewer=current_user),
    )
    return page, form.status


def _decided(form: PairForm) -> str:
    try:
        pair = choirs.alike_pair(*form.ids, viewer=current_user)
    except NoResultFound:
        raise Refusal(_("En av dem finns inte längre. Ladda om sidan.")) from None
    one, other = (choirs.singer(side.id, viewer=current_user) for side in (pair.first, pair.other))
    if form.go.data == "two":
        choirs_actions.say_not_the_same(one, other, by=who_asks())
        return _("Sparat. Vi frågar inte igen om %(one)s och %(other)s.", one=one.name, other=other.name)
    if form.go.data != "same":
        raise Refusal(_("Sidan har ändrats. Välj igen."))
    stays, goes = (one, other) if form.who_stays(pair) == one.id else (other, one)
    choirs_actions.merge_singers(goes, into=stays, by=who_asks())
    return _("Nu är det en person: %(name)s. All närvaro finns kvar.", name=stays.name)


def _picked() -> AlikePair | None:
    try:
        ids = UUID(request.args.get("ena", "")), UUID(request.args.get("andra", ""))
        return choirs.alike_pair(*ids, viewer=current_user)
    except (ValueError, NoResultFound):
        return None


def _everybody(choir: Choir) -> list[tuple[UUID, str]]:
    today = clock.today()
    known = [*choirs.members_on(choir, today), *choirs.members_who_left(choir, today)]
    return [(member.singer_id, member.name) for member in known]


@room.post("/korer/<slug>/dubbletter/<uuid:merge_id>/angra")
@for_leaders
def part(slug: str, merge_id: UUID) -> ResponseReturnValue:
    """Two people after all."""
    choir = choirs.choir_of_leader(slug, viewer=current_user)
    merge, form = choirs.merge_with_id(merge_id, viewer=current_user), Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            choirs_actions.part_singers(merge, by=who_asks())
            tell(_("%(one)s och %(other)s är två igen.", one=merge.into.name, other=merge.duplicate.name))
    for trouble in form.form_errors:
        tell(trouble, kind="danger")
    return redirect(url_for(".duplicates", slug=choir.slug), 303)
