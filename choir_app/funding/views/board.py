"""The board: asks from idea to agreement, as columns and as a table; one card, its moves, and how likely it is."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from choir_app.accounts.permissions import for_managers
from choir_app.choirs.models import Town
from choir_app.foundation import clock
from choir_app.foundation.forms import HouseForm, Plain
from choir_app.foundation.kept_pages import only_reads
from choir_app.foundation.language import _
from choir_app.foundation.notices import tell
from choir_app.funding import actions, queries
from choir_app.funding.forms import (
    ChancesForm,
    MoneyForm,
    MoveForm,
    OpportunityForm,
    OwnChanceForm,
    TieForm,
    WinForm,
    card_data,
    new_card_data,
)
from choir_app.funding.models import Opportunity
from choir_app.funding.rules import OPEN_STAGES
from choir_app.funding.rules.stages import STAGE_NAMES, STAGE_POTS
from choir_app.funding.views import room
from choir_app.funding.views.moved import tell_what_moved
from choir_app.partners.queries import all_towns, contacts_of, open_steps, possible_owners
from choir_app.partners.rules import KIND_NAMES

FILTERS = ("ort", "ansvarig")
"""What the board is narrowed down by, as it stands in the address and travels with every move."""


@room.context_processor
def stages() -> dict[str, object]:
    """What the stages are called and how certain they are."""
    return {
        "stage_names": STAGE_NAMES,
        "stage_pots": STAGE_POTS,
        "chance_sentence": queries.chance_sentence,
        "lacking_sentence": queries.lacking_sentence,
        "percent": queries.percent,
    }


@room.get("/finansiering")
@only_reads  # its moves say which stage was seen, and its undo which move: sent twice they do nothing more
@for_managers
def board() -> ResponseReturnValue:
    """Every ask at its stage, with what comes next; on a phone one stage at a time."""
    today = clock.today()
    filters = _filters()
    found = queries.board(viewer=current_user, today=today, filters=filters)
    told = queries.forecast(today)
    until = queries.target_of(told)
    return render_template(
        "funding/board.html",
        board=found,
        here=_stage_here(found),
        due=open_steps(viewer=current_user, until=today + timedelta(days=7)),
        lacking_ore=None if told.network.missing else told.lacking_until(until),
        until=until,
        undoable=queries.newest_move_by(current_user),
        is_filtered=filters != queries.Filters(),
        chosen=_chosen_filters(),
        towns=all_towns(),
        owners=possible_owners(),
        me=current_user.id,
    )


@room.get("/finansiering/tabell")
@only_reads
@for_managers
def board_table() -> ResponseReturnValue:
    """The same as a table that can be sorted and narrowed down; how is said in the address."""
    by = request.args.get("sortera", "nasta")
    by = by if by in queries.SORTED_BY else "nasta"
    is_falling = request.args.get("ordning") == "fallande"
    filters = _filters(with_stage=True)
    cards = queries.cards(viewer=current_user, today=clock.today())
    shown = [card for card in cards if filters.let_through(card)]
    chosen: dict[str, Any] = {
        **_chosen_filters(),
        "steg": filters.stage or "alla",
        **({"sort": filters.kind} if filters.kind else {}),
    }
    return render_template(
        "funding/board_table.html",
        sorted_by={key: _sorted_by(key, by, chosen, is_falling=is_falling) for key in queries.SORTED_BY},
        cards=queries.in_order(shown, by, falling=is_falling),
        by=by,
        is_falling=is_falling,
        is_filtered=filters != queries.Filters(stage="open"),
        chosen=chosen,
        towns=all_towns(),
        owners=possible_owners(),
        kinds=KIND_NAMES,
        me=current_user.id,
    )


# --- one card -------------------------------------------------------------------------------------------------


@room.route("/finansiering/kort/nytt", methods=["GET", "POST"])
@for_managers
def add_opportunity() -> ResponseReturnValue:
    """Put an idea on the board, filled in for who comes from a programme, a town or a partner."""
    partners, towns = queries.all_partners(), all_towns()
    programmes = queries.programmes(viewer=current_user)
    programme = next((one for one in programmes if str(one.id) == request.args.get("programme")), None)
    slug = programme.partner.slug if programme else request.args.get("partner")
    form = OpportunityForm(
        partners=partners,
        choirs=queries.all_choirs(),
        towns=towns,
        programmes=programmes,
        owners=possible_owners(),
        data=new_card_data(
            partner=next((one for one in partners if one.slug == slug), None),
            programme=programme,
            town=_town(towns, request.args.get("town")),
            me=current_user.id,
        ),
    )
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            made = actions.add_opportunity(
                form.chosen_partner, **form.said, receipt=form.receipt_id, by=current_user
            )
            tell(_("Idén är på tavlan."))
            return _card(made)
    return render_template("funding/opportunity_form.html", form=form, opportunity=None), form.status


@room.get("/finansiering/kort/<uuid:opportunity_id>")
@for_managers
def opportunity(opportunity_id: UUID) -> ResponseReturnValue:
    """One ask: where it stands, what comes next, how likely it is and what happened to it."""
    found = queries.opportunity(opportunity_id, viewer=current_user)
    card = queries.card_of(found, today=clock.today())
    return render_template(
        "funding/opportunity.html",
        opportunity=found,
        card=card,
        moves=queries.moves_of(found),
        others=queries.others_in_group(found),
        receipt=uuid4(),
        form=TieForm(queries.could_be_tied(found, viewer=current_user)) if found.is_open else None,
        has_errors=False,
    )


@room.route("/finansiering/kort/<uuid:opportunity_id>/andra", methods=["GET", "POST"])
@for_managers
def change_opportunity(opportunity_id: UUID) -> ResponseReturnValue:
    """Change what the card says; of two who do so at once the second sees both versions."""
    found = queries.opportunity(opportunity_id, viewer=current_user)
    form = _form_of(found)
    is_met = False
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.change_opportunity(found, version=form.seen_version, **form.said, by=current_user)
            tell(_("Sparat."))
            return _card(found)
        is_met = bool(form.version.errors)
    other = _form_of(found, as_it_stands=True) if is_met else None
    if is_met:
        form.look_again(found)
    return render_template(
        "funding/opportunity_form.html", form=form, opportunity=found, other=other
    ), form.status


# --- from stage to stage --------------------------------------------------------------------------------------


@room.route("/finansiering/kort/<uuid:opportunity_id>/flytta", methods=["GET", "POST"])
@for_managers
def move(opportunity_id: UUID) -> ResponseReturnValue:
    """Move a card. What the stage wants to know is asked first, unless it is known already."""
    found = queries.opportunity(opportunity_id, viewer=current_user)
    to = request.args.get("till")
    form = MoveForm(found, contacts_of(found.partner), to=to if to in STAGE_NAMES else None)
    if form.is_sent_and_sound:
        to = form.to.data
        asks = queries.card_of(found, today=clock.today()).asks[to]
        if to == "agreed":
            return redirect(url_for(".win", opportunity_id=found.id, **_chosen_filters()), 303)
        if asks and form.asked.data != to and form.seen.data == found.stage:
            return redirect(url_for(".move", opportunity_id=found.id, till=to, **_chosen_filters()), 303)
        with form.hearing_refusals():
            actions.move(found, to, seen=form.seen.data, **form.said, by=current_user)
            return _after_move(to)
        if form.to.errors:
            tell(form.to.errors[0], kind="warn")
            return _after_move(found.stage)
    card = queries.card_of(found, today=clock.today())
    return render_template(
        "funding/opportunity_move.html", form=form, opportunity=found, to=to, asks=card.asks.get(to or "", ())
    ), form.status


@room.route("/finansiering/kort/<uuid:opportunity_id>/avtal", methods=["GET", "POST"])
@for_managers
def win(opportunity_id: UUID) -> ResponseReturnValue:
    """The partner has signed: write down the agreement, and the card is done."""
    found = queries.opportunity(opportunity_id, viewer=current_user)
    form = WinForm(found, queries.all_choirs(), all_towns())
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            before = queries.forecast(clock.today())
            agreement = actions.win(
                found,
                name=form.name.data,
                signed_on=form.signed_on.data,
                amount_ore=form.amount.data,
                usable_from=form.usable_from.data,
                usable_to=form.usable_to.data,
                allocation=form.allocation.data,
                choirs=form.chosen_choirs,
                towns=form.chosen_towns,
                repay_unspent=form.repay_unspent.data,
                grantee=form.grantee.data,
                reports=form.reports,
                seen=form.seen.data,
                receipt=form.receipt_id,
                by=current_user,
            )
            tell_what_moved(_("Avtalet är sparat."), before)
            return redirect(url_for(".agreement", agreement_id=agreement.id), 303)
    return render_template("funding/opportunity_win.html", form=form, opportunity=found), form.status


@room.post("/finansiering/kort/<uuid:opportunity_id>/angra")
@for_managers
def undo_move(opportunity_id: UUID) -> ResponseReturnValue:
    """Take back the newest move."""
    found = queries.opportunity(opportunity_id, viewer=current_user)
    form = Plain()
    number = request.form.get("number", "")
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.undo_move(
                found, number=int(number) if number.isdecimal() and len(number) < 9 else 0, by=current_user
            )
            tell(_("%(card)s är tillbaka i %(stage)s.", card=found.name, stage=str(STAGE_NAMES[found.stage])))
    return _back_with_trouble(found, form)


@room.post("/finansiering/kort/<uuid:opportunity_id>/fraga-igen")
@for_managers
def ask_again(opportunity_id: UUID) -> ResponseReturnValue:
    """Ask a partner that said no once more, as a new idea."""
    found = queries.opportunity(opportunity_id, viewer=current_user)
    form = MoneyForm()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            new = actions.ask_again(found, receipt=form.receipt_id, by=current_user)
            tell(_("En ny idé är på tavlan."))
            return _card(new)
    return _back_with_trouble(found, form)


# --- how likely -----------------------------------------------------------------------------------------------


@room.route("/finansiering/kort/<uuid:opportunity_id>/chans", methods=["GET", "POST"])
@for_managers
def own_chance(opportunity_id: UUID) -> ResponseReturnValue:
    """Say how likely one holds it to be, and why."""
    found = queries.opportunity(opportunity_id, viewer=current_user)
    card = queries.card_of(found, today=clock.today())
    if card.chance is None:
        tell(_("Bara öppna kort har en chans."), kind="warn")
        return _card(found)
    form = OwnChanceForm(found, card.chance.bp)
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.set_own_chance(found, bp=form.bp, reason=form.reason.data, by=current_user)
            tell(_("Sparat."))
            return _card(found)
    return render_template(
        "funding/opportunity_chance.html", form=form, opportunity=found, card=card
    ), form.status


@room.post("/finansiering/kort/<uuid:opportunity_id>/chans/ta-bort")
@for_managers
def remove_own_chance(opportunity_id: UUID) -> ResponseReturnValue:
    """Take one's own word back: the stage's chance counts again."""
    found = queries.opportunity(opportunity_id, viewer=current_user)
    if Plain().is_sent_and_sound:
        actions.set_own_chance(found, bp=None, by=current_user)
        tell(_("Er egen chans är borttagen."))
    return _card(found)


@room.post("/finansiering/kort/<uuid:opportunity_id>/koppla")
@for_managers
def tie(opportunity_id: UUID) -> ResponseReturnValue:
    """Say that only one of two cards can come true."""
    found = queries.opportunity(opportunity_id, viewer=current_user)
    form = TieForm(queries.could_be_tied(found, viewer=current_user))
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.tie(found, form.chosen, by=current_user)
            tell(_("Bara ett av korten räknas nu som möjligt."))
    for trouble in form.other.errors:
        tell(trouble, kind="danger")
    return _back_with_trouble(found, form)


@room.post("/finansiering/kort/<uuid:opportunity_id>/koppla-bort")
@for_managers
def untie(opportunity_id: UUID) -> ResponseReturnValue:
    """Say that a card can come true whatever the others do."""
    found = queries.opportunity(opportunity_id, viewer=current_user)
    if Plain().is_sent_and_sound:
        actions.untie(found, by=current_user)
        tell(_("Kopplingen är borttagen."))
    return _card(found)


@room.route("/finansiering/chanser", methods=["GET", "POST"])
@for_managers
def chances() -> ResponseReturnValue:
    """Set how often an ask at each stage comes true; one's own history stands beside it."""
    form = ChancesForm(queries.chance_settings(), seen=queries.chances_seen())
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.set_stage_chances(form.chances, seen=form.seen_before, by=current_user)
            tell(_("Sparat."))
            return redirect(url_for(".chances"), 303)
        if form.seen_before not in (None, now := queries.chances_seen()):
            form.meet(now)
    return render_template(
        "funding/board_chances.html",
        form=form,
        history=queries.own_history(clock.today()),
        now=queries.chance_settings(),
        stages=OPEN_STAGES,
    ), form.status


# --- how one comes and goes -----------------------------------------------------------------------------------


def _form_of(found: Opportunity, *, as_it_stands: bool = False) -> OpportunityForm:
    """The form of a card; `as_it_stands` shows what is in the book, whatever was sent."""
    form = OpportunityForm(
        partners=[found.partner],
        choirs=queries.all_choirs(),
        towns=all_towns(),
        programmes=queries.programmes(viewer=current_user, partner=found.partner),
        owners=possible_owners(),
        contacts=contacts_of(found.partner),
        data=card_data(found),
    )
    if as_it_stands:
        form.process(formdata=None, data=card_data(found))
        for field in form:
            field.raw_data = None
    del form.partner  # a card stays with the partner that it is about
    return form


def _filters(*, with_stage: bool = False) -> queries.Filters:
    owner = request.args.get("ansvarig", "")
    stage = request.args.get("steg", "open") if with_stage else None
    kind = request.args.get("sort") if with_stage else None
    return queries.Filters(
        town=request.args.get("ort") or None,
        owner=_identifier(owner),
        stage=stage if stage == "open" or stage in STAGE_NAMES else None,
        kind=kind if kind in KIND_NAMES else None,
    )


def _chosen_filters() -> dict[str, Any]:
    return {name: request.args[name] for name in FILTERS if request.args.get(name)}


def _sorted_by(key: str, by: str, chosen: dict[str, Any], *, is_falling: bool) -> str:
    """The address of the table sorted by a column; one that it is sorted by already turns round."""
    turned: dict[str, Any] = {"ordning": "fallande"} if key == by and not is_falling else {}
    return url_for(".board_table", sortera=key, **chosen, **turned)


def _identifier(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def _town(towns: Iterable[Town], slug: str | None) -> Town | None:
    return next((one for one in towns if one.slug == slug), None) if slug else None


def _stage_here(found: queries.Board) -> str:
    """The stage that a phone shows: the one asked for, else the surest that has a card."""
    asked_for = request.args.get("steg")
    if asked_for in OPEN_STAGES or asked_for == "agreed":
        return asked_for
    return next((column.stage for column in reversed(found.columns) if column.cards), "idea")


def _after_move(to: str) -> Response:
    here: dict[str, Any] = {"steg": to} if to in OPEN_STAGES else {}
    return redirect(url_for(".board", **here, **_chosen_filters()), 303)


def _card(found: Opportunity) -> Response:
    return redirect(url_for(".opportunity", opportunity_id=found.id), 303)


def _back_with_trouble(found: Opportunity, form: HouseForm) -> ResponseReturnValue:
    for trouble in form.form_errors:
        tell(trouble, kind="danger")
    if request.args.get("fran") == "tavlan":
        return _after_move(found.stage)
    return _card(found)
