"""People and roles: who has an account, what they do here, and inviting more of them."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from choir_app.accounts import actions, queries
from choir_app.accounts.models import Account
from choir_app.accounts.permissions import for_administrators, for_managers
from choir_app.choirs import actions as choirs
from choir_app.choirs.models import Choir
from choir_app.choirs.queries import all_choirs
from choir_app.foundation import clock
from choir_app.foundation.audience import who_asks
from choir_app.foundation.forms import HouseForm, Plain
from choir_app.foundation.language import _
from choir_app.foundation.notices import tell
from choir_app.overview.forms.people import InviteForm, LeadForm, RolesForm
from choir_app.overview.views import room


@room.get("/installningar")
@for_managers
def settings() -> ResponseReturnValue:
    """The settings begin with the people."""
    return redirect(url_for("overview.people"), 302)


@room.get("/installningar/personer")
@for_managers
def people() -> ResponseReturnValue:
    """Everybody with an account and what they do."""
    search = request.args.get("sok", "").strip()[:120]
    return render_template(
        "overview/people/people.html",
        people=queries.people(search=search),
        leads=_choirs_by_leader(),
        search=search,
    )


@room.route("/installningar/personer/bjud-in", methods=["GET", "POST"])
@for_managers
def invite() -> ResponseReturnValue:
    """Somebody is invited, to sing, to lead a choir, or to a role of the whole network."""
    form = InviteForm(_choirs_that_go_on(), by=who_asks())
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            account = actions.invite(
                name=form.name.data or "",
                email=form.email.data or "",
                task=form.task.data,
                words=_task_in_words(form.task.data, form.chosen_choir),
                by=who_asks(),
            )
            if form.chosen_choir:
                choirs.appoint_leader(form.chosen_choir, account, by=who_asks())
            tell(_("Inbjudan är skickad till %(name)s.", name=form.name.data))
            return redirect(url_for("overview.people"), 303)
    return render_template("overview/people/invite.html", form=form), form.status


@room.get("/installningar/personer/<uuid:account_id>")
@for_managers
def person(account_id: UUID) -> ResponseReturnValue:
    """One person: what they do, and what can be done about it."""
    return _page_of(queries.account_with_id(account_id))


@room.post("/installningar/personer/<uuid:account_id>/roller")
@for_administrators
def change_roles(account_id: UUID) -> ResponseReturnValue:
    """Roles of the whole network, given and taken back."""
    account, form = queries.account_with_id(account_id), RolesForm()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.set_roles(account, frozenset(form.roles.data or ()), by=who_asks())
            return _done(account, _("Rollerna är sparade."))
    return _page_of(account, roles_form=form)


@room.post("/installningar/personer/<uuid:account_id>/korer")
@for_managers
def appoint(account_id: UUID) -> ResponseReturnValue:
    """A choir more to lead."""
    account, form = queries.account_with_id(account_id), LeadForm(_choirs_that_go_on())
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            choirs.appoint_leader(form.chosen, account, by=who_asks())
            return _done(
                account, _("%(name)s leder nu %(choir)s.", name=account.name, choir=form.chosen.name)
            )
    return _page_of(account, lead_form=form)


@room.post("/installningar/personer/<uuid:account_id>/korer/<uuid:choir_id>/sluta")
@for_managers
def dismiss(account_id: UUID, choir_id: UUID) -> ResponseReturnValue:
    """A choir less to lead."""
    account, form = queries.account_with_id(account_id), Plain()
    led = {choir.id: choir for choir in _choirs_led_by(account)}
    if form.is_sent_and_sound and choir_id in led:
        with form.hearing_refusals():
            choirs.dismiss_leader(led[choir_id], account, by=who_asks())
            told = _("%(name)s leder inte längre %(choir)s.", name=account.name, choir=led[choir_id].name)
            return _done(account, told)
    return _page_of(account, form=form)


@room.post("/installningar/personer/<uuid:account_id>/skicka-igen")
@for_managers
def invite_again(account_id: UUID) -> ResponseReturnValue:
    """The invitation once more, with a new link."""
    account, form = queries.account_with_id(account_id), Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            led = _choirs_led_by(account)
            task = next(iter(sorted(account.roles)), "leader" if led else "member")
            words = _task_in_words(task, led[0] if led else None)
            actions.invite_again(account, words=words, by=who_asks())
            return _done(account, _("Inbjudan är skickad till %(name)s.", name=account.name))
    return _page_of(account, form=form)


@room.post("/installningar/personer/<uuid:account_id>/stang-av")
@for_administrators
def disable(account_id: UUID) -> ResponseReturnValue:
    """Shut somebody out."""
    account, form = queries.account_with_id(account_id), Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.disable(account, by=who_asks())
            return _done(account, _("Kontot är avstängt. %(name)s är utloggad.", name=account.name))
    return _page_of(account, form=form)


@room.post("/installningar/personer/<uuid:account_id>/oppna")
@for_administrators
def enable(account_id: UUID) -> ResponseReturnValue:
    """Let somebody in again."""
    account, form = queries.account_with_id(account_id), Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.enable(account, by=who_asks())
            return _done(account, _("Kontot är öppet igen."))
    return _page_of(account, form=form)


@room.post("/installningar/personer/<uuid:account_id>/logga-ut")
@for_administrators
def sign_out_person(account_id: UUID) -> ResponseReturnValue:
    """Sign somebody out from all their devices."""
    account, form = queries.account_with_id(account_id), Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.sign_out_everywhere(account, by=who_asks())
            return _done(account, _("%(name)s är utloggad från alla enheter.", name=account.name))
    return _page_of(account, form=form)


# --- shared by the pages above --------------------------------------------------------------------------------


def _done(account: Account, told: str) -> ResponseReturnValue:
    tell(told)
    return redirect(url_for("overview.person", account_id=account.id), 303)


def _page_of(
    account: Account,
    *,
    form: HouseForm | None = None,
    roles_form: RolesForm | None = None,
    lead_form: LeadForm | None = None,
) -> ResponseReturnValue:
    sent = form or roles_form or lead_form
    led = _choirs_led_by(account)
    leads = {choir.id for choir in led}
    others = [choir for choir in _choirs_that_go_on() if choir.id not in leads]
    page = render_template(
        "overview/people/person.html",
        person=account,
        led=led,
        others=others,
        form=form,
        roles_form=roles_form or RolesForm(data={"roles": sorted(account.roles)}, formdata=None),
        lead_form=lead_form or LeadForm(others, formdata=None),
        devices=queries.devices_of(account),
        invited_at=queries.invited_at(account),
        has_errors=bool(sent and sent.has_errors),
    )
    return page, sent.status if sent else 200


def _choirs_that_go_on() -> list[Choir]:
    today = clock.today()
    return [choir for choir in all_choirs() if choir.state_on(today) != "ended"]


def _choirs_led_by(account: Account) -> list[Choir]:
    return [choir for choir in all_choirs() if choir.is_led_by(account)]


def _choirs_by_leader() -> dict[UUID, list[str]]:
    names: dict[UUID, list[str]] = {}
    for choir in all_choirs():
        for leadership in choir.leaderships:
            names.setdefault(leadership.account_id, []).append(choir.name)
    return names


def _task_in_words(task: str, choir: Choir | None) -> str:
    """What the letter says of the task."""
    if task == "leader" and choir:
        return _("Din uppgift är att leda kören %(choir)s.", choir=choir.name)
    words = {
        "editor": _("Din uppgift är att skriva nyheter."),
        "manager": _("Din uppgift är att leda projektet."),
        "administrator": _("Din uppgift är att sköta konton och roller."),
    }
    return words.get(task, _("På ditt konto ser du när din kör sjunger."))
