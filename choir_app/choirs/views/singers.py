"""Pages about those who sing."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from choir_app.accounts.permissions import for_managers
from choir_app.choirs import actions, queries, rules
from choir_app.choirs.forms import (
    AddSingerForm,
    EraseForm,
    EraseOwnForm,
    JoinForm,
    LinkAccountForm,
    MembershipForm,
    OwnSingerForm,
    SingerForm,
)
from choir_app.choirs.permissions import for_leaders, may_erase_singer
from choir_app.choirs.views import room
from choir_app.foundation import audit, clock
from choir_app.foundation.audience import for_signed_in
from choir_app.foundation.forms import Plain
from choir_app.foundation.kept_pages import only_reads
from choir_app.foundation.language import _
from choir_app.foundation.notices import tell
from choir_app.foundation.refusal import require


@room.get("/korer/<slug>/sangare")
@only_reads
@for_leaders
def roster(slug: str) -> ResponseReturnValue:
    """Who sings in a choir, voice by voice; `?q=` finds by name, `?visa=slutat` shows those who left."""
    choir = queries.choir_of_leader(slug, viewer=current_user)
    typed = "".join(letter for letter in request.args.get("q", "")[:100] if letter.isprintable())
    shows_left = request.args.get("visa") == "slutat"
    listed = queries.members_who_left if shows_left else queries.members_on
    members = listed(choir, clock.today(), matching=typed)
    audit.looked_at(choir, by=current_user)
    return render_template(
        "choirs/roster.html",
        choir=choir,
        groups=queries.by_voice(members, voice_count=len(choir.voices)),
        singer_count=len(members),
        duplicate_count=queries.count_of_possible_duplicates(choir, viewer=current_user),
        typed=typed,
        shows_left=shows_left,
        state_names=rules.MEMBERSHIP_STATE_NAMES,
    )


@room.route("/korer/<slug>/sangare/ny", methods=["GET", "POST"])
@for_leaders
def add_singer(slug: str) -> ResponseReturnValue:
    """Somebody new in a choir."""
    choir = queries.choir_of_leader(slug, viewer=current_user)
    form = AddSingerForm(choir, buddies=queries.buddies_for([choir]))
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            if not form.is_another.data:
                actions.ask_about_namesakes(
                    choir, form.first_name.data or "", singer_id=form.made_id, by=current_user
                )
            singer = actions.add_singer(
                choir,
                **form.said,
                buddy=queries.picked_buddy(form.buddy_id),
                voice=form.chosen_voice,
                state=form.state.data,
                since=form.since.data,
                singer_id=form.made_id,
                by=current_user,
            )
            tell(_("%(name)s finns nu i kören.", name=singer.name))
            return redirect(url_for(".roster", slug=choir.slug), 303)
    known = queries.namesakes(choir, form.first_name.data or "", viewer=current_user)
    return render_template("choirs/add_singer.html", form=form, choir=choir, namesakes=known), form.status


@room.get("/sangare/<uuid:singer_id>")
@for_leaders
def singer(singer_id: UUID) -> ResponseReturnValue:
    """One singer: what is noted, and where they sing since when."""
    if into := queries.stands_for([singer_id]).get(singer_id):
        return redirect(url_for(".singer", singer_id=into), 303)
    one = queries.singer(singer_id, viewer=current_user)
    audit.looked_at(one, by=current_user)
    shown = queries.memberships_shown_to(one, viewer=current_user)
    return render_template(
        "choirs/singer.html",
        singer=one,
        reads=rules.READING_LANGUAGES.get(one.reads or ""),
        choirs=shown,
        alike=queries.alike_to(one, shown[0][0], viewer=current_user) if shown else [],
        merges=queries.merges_into(one),
        buddy=queries.buddy_of(one, viewer=current_user),
        may_join=bool(queries.choirs_open_to(current_user, one.id)),
        today=clock.today(),
        state_names=rules.MEMBERSHIP_STATE_NAMES,
    )


@room.route("/sangare/<uuid:singer_id>/andra", methods=["GET", "POST"])
@for_leaders
def change_singer(singer_id: UUID) -> ResponseReturnValue:
    """Correct what is noted of a singer."""
    one = queries.singer(singer_id, viewer=current_user)
    shown = [choir for choir, _rows in queries.memberships_shown_to(one, viewer=current_user)]
    form = SingerForm(one, buddies=queries.buddies_for(shown))
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            buddy = queries.picked_buddy(form.buddy_id)
            actions.change_singer(one, **form.said, buddy=buddy, by=current_user)
            tell(_("Uppgifterna är sparade."))
            return redirect(url_for(".singer", singer_id=one.id), 303)
    return render_template("choirs/change_singer.html", form=form, singer=one), form.status


@room.route("/sangare/<uuid:singer_id>/korer/<slug>", methods=["GET", "POST"])
@for_leaders
def change_membership(singer_id: UUID, slug: str) -> ResponseReturnValue:
    """Trial, regular, pause, leave, return, and the voice."""
    one = queries.singer(singer_id, viewer=current_user)
    choir = queries.choir_of_leader(slug, viewer=current_user)
    form = MembershipForm(choir, queries.newest_membership(one, choir))
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.move_to_voice(one, choir, form.chosen_voice, by=current_user)
            actions.change_membership(one, choir, form.state.data, form.since.data, by=current_user)
            tell(_("Sparat."))
            return redirect(url_for(".singer", singer_id=one.id), 303)
    return render_template("choirs/membership.html", form=form, singer=one, choir=choir), form.status


@room.route("/sangare/<uuid:singer_id>/korer/ny", methods=["GET", "POST"])
@for_leaders
def join(singer_id: UUID) -> ResponseReturnValue:
    """A further choir for a singer, with one history."""
    one = queries.singer(singer_id, viewer=current_user)
    form = JoinForm(queries.choirs_open_to(current_user, one.id))
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.join(one, form.chosen, state=form.state.data, since=form.since.data, by=current_user)
            tell(_("%(name)s sjunger nu också i %(choir)s.", name=one.name, choir=form.chosen.name))
            return redirect(url_for(".singer", singer_id=one.id), 303)
    return render_template("choirs/join.html", form=form, singer=one), form.status


@room.route("/sangare/<uuid:singer_id>/konto", methods=["GET", "POST"])
@for_managers
def link_account(singer_id: UUID) -> ResponseReturnValue:
    """Which account is the singer's own."""
    one = queries.singer(singer_id, viewer=current_user)
    form = LinkAccountForm(queries.accounts_without_singer())
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.link_account(one, form.chosen, by=current_user)
            tell(_("Kontot hör nu till %(name)s.", name=one.name))
            return redirect(url_for(".singer", singer_id=one.id), 303)
    return render_template("choirs/account.html", form=form, singer=one), form.status


@room.post("/sangare/<uuid:singer_id>/konto/ta-bort")
@for_managers
def unlink_account(singer_id: UUID) -> ResponseReturnValue:
    """The account is not the singer's after all."""
    one = queries.singer(singer_id, viewer=current_user)
    if Plain().is_sent_and_sound:
        actions.unlink_account(one, by=current_user)
        tell(_("Kopplingen är borta. Kontot finns kvar."))
    return redirect(url_for(".link_account", singer_id=one.id), 303)


@room.route("/sangare/<uuid:singer_id>/radera", methods=["GET", "POST"])
@for_leaders
def erase_singer(singer_id: UUID) -> ResponseReturnValue:
    """The last question before a person is taken out for good."""
    one = queries.singer(singer_id, viewer=current_user)
    require(may_erase_singer(current_user, one))
    form = EraseForm()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            where = queries.memberships_shown_to(one, viewer=current_user)
            actions.erase_singer(one, by=current_user)
            tell(_("Sångaren är raderad. Siffrorna finns kvar."))
            slug = where[0][0].slug if where else None
            return redirect(url_for(".roster", slug=slug) if slug else url_for(".manage"), 303)
    return render_template("choirs/erase.html", form=form, singer=one), form.status


# --- one's own data --------------------------------------------------------------------------------------------


@room.route("/hem/uppgifter/andra", methods=["GET", "POST"])
@for_signed_in
def change_own() -> ResponseReturnValue:
    """A singer corrects what is noted of them."""
    one = queries.own_singer(current_user)
    form = OwnSingerForm(one)
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.change_own_singer(one, **form.said, by=current_user)
            tell(_("Uppgifterna är sparade."))
            return redirect(url_for("overview.own_data"), 303)
    return render_template("choirs/change_own.html", form=form), form.status


@room.route("/hem/uppgifter/ta-bort", methods=["GET", "POST"])
@for_signed_in
def erase_own() -> ResponseReturnValue:
    """A singer takes themselves out for good; the account stays."""
    one = queries.own_singer(current_user)
    form = EraseOwnForm()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.erase_singer(one, by=current_user)
            tell(_("Dina uppgifter är borttagna. Kontot finns kvar."))
            return redirect(url_for("overview.own_data"), 303)
    return render_template("choirs/erase_own.html", form=form), form.status
