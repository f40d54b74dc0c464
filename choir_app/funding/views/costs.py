"""What it costs, what is in the bank, and help that is not money."""

from collections.abc import Collection, Iterable
from datetime import date
from itertools import groupby
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from choir_app.accounts.permissions import for_managers
from choir_app.foundation import clock
from choir_app.foundation.forms import Plain
from choir_app.foundation.language import _, ngettext
from choir_app.funding import actions, queries
from choir_app.funding.forms import BalanceForm, CostEndForm, CostForm, InKindForm
from choir_app.funding.forms.costs import CopyCostsForm, TermsForm
from choir_app.funding.rules.cost_plans import Term
from choir_app.funding.rules.names import COST_NAMES, DRIVER_NAMES
from choir_app.funding.views import room
from choir_app.funding.views.moved import tell_what_moved


@room.get("/finansiering/kostnader")
@for_managers
def costs() -> ResponseReturnValue:
    """What the choirs cost, and what they are given instead of money."""
    rows, today = queries.cost_rows(viewer=current_user), clock.today()
    gifts = queries.in_kind_rows(viewer=current_user)
    replaced = {
        (gift.replaces_id, gift.choir_id)
        for gift in gifts
        if gift.valid_from <= today and (gift.valid_to is None or gift.valid_to >= today)
    }
    groups = [(choir, list(lines)) for choir, lines in groupby(rows, key=lambda row: row.choir)]
    return render_template(
        "funding/costs.html",
        costs_by_id={row.id: row for row in rows},
        groups=groups,
        each_rehearsal={choir: _each_rehearsal(lines, replaced, today) for choir, lines in groups},
        usual_month=_hundreds(queries.usual_month_ore(today)) if rows else 0,
        missing=queries.choirs_without_costs(),
        gifts=gifts,
        cost_names=COST_NAMES,
        driver_names=DRIVER_NAMES,
    )


@room.route("/finansiering/kostnader/ny", methods=["GET", "POST"])
@for_managers
def add_cost() -> ResponseReturnValue:
    """Write down what something costs."""
    form = CostForm(queries.all_choirs(), chosen=request.args.get("kor"))
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            before = queries.forecast(clock.today())
            actions.add_cost_line(
                form.chosen_choir,
                category=form.category.data,
                what=form.what.data,
                driver=form.driver.data,
                ore=form.sum.data,
                day_of_month=form.day_of_month.data,
                valid_from=form.valid_from.data,
                valid_to=form.valid_to.data,
                receipt=form.receipt_id,
                by=current_user,
            )
            tell_what_moved(_("Kostnaden är sparad."), before)
            return _to_costs()
    return render_template("funding/cost_form.html", form=form), form.status


@room.route("/finansiering/kostnader/kopiera", methods=["GET", "POST"])
@for_managers
def copy_costs() -> ResponseReturnValue:
    """A term's costs in the next term: looked at, chosen, then saved at once."""
    today = clock.today()
    terms = TermsForm(*queries.terms_to_copy(today), request.args, today=Term.of(today))
    if not terms.validate():
        return render_template("funding/costs_copy.html", terms=terms, groups=None, form=Plain()), 422
    asked = {"source": terms.source, "target": terms.target, "change_bp": terms.change_bp}
    rows = queries.cost_plan(viewer=current_user, **asked)
    form = CopyCostsForm(rows)
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            before = queries.forecast(today)
            made = actions.copy_costs(
                form.chosen, **asked, receipt=form.receipt_id, seen=form.seen.data or None, by=current_user
            )
            core = ngettext(
                "%(num)s kostnad är kopierad till %(term)s.",
                "%(num)s kostnader är kopierade till %(term)s.",
                len(made),
                term=terms.target.words,
            )
            tell_what_moved(core, before)
            return _to_costs()
    form.seen.data = queries.digest_of(rows)  # what is drawn now, also when it is not what was drawn before
    return render_template(
        "funding/costs_copy.html",
        terms=terms,
        form=form,
        groups=[(choir, list(plan)) for choir, plan in groupby(rows, key=lambda row: row.cost.choir)],
        can_be_chosen=any(row.may_be_chosen for row in rows),
        chosen=set(form.lines.data or ()),
        cost_names=COST_NAMES,
        driver_names=DRIVER_NAMES,
    ), form.status


@room.route("/finansiering/kostnader/<uuid:line_id>/avsluta", methods=["GET", "POST"])
@for_managers
def end_cost(line_id: UUID) -> ResponseReturnValue:
    """Say until when a cost goes on."""
    line = queries.cost_line(line_id, viewer=current_user)
    form = CostEndForm(line)
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            before = queries.forecast(clock.today())
            actions.end_cost_line(line, last_day=form.last_day.data, by=current_user)
            tell_what_moved(_("Sparat."), before)
            return _to_costs()
    return render_template(
        "funding/cost_end_form.html", form=form, line=line, cost_names=COST_NAMES
    ), form.status


@room.post("/finansiering/kostnader/<uuid:line_id>/stryk")
@for_managers
def reverse_cost(line_id: UUID) -> ResponseReturnValue:
    """Take back a cost that was written down by mistake."""
    line = queries.cost_line(line_id, viewer=current_user)
    if Plain().is_sent_and_sound:
        before = queries.forecast(clock.today())
        actions.reverse_cost_line(line, by=current_user)
        tell_what_moved(_("Kostnaden är struken. Den räknas inte längre."), before)
    return _to_costs()


@room.route("/finansiering/naturastod/nytt", methods=["GET", "POST"])
@for_managers
def add_in_kind() -> ResponseReturnValue:
    """Write down help that is not money."""
    today = clock.today()
    costs = [row for row in queries.cost_rows(viewer=current_user) if not row.is_over_on(today)]
    form = InKindForm(queries.all_partners(), queries.all_choirs(), costs)
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            replaced = form.replaced_cost_id
            before = queries.forecast(clock.today())
            actions.add_in_kind(
                form.known_partners[form.partner.data],
                form.known_choirs[form.choir.data],
                what=form.what.data,
                replaces=queries.cost_line(replaced, viewer=current_user) if replaced else None,
                valid_from=form.valid_from.data,
                valid_to=form.valid_to.data,
                receipt=form.receipt_id,
                by=current_user,
            )
            tell_what_moved(_("Hjälpen är sparad."), before)
            return _to_costs()
    return render_template("funding/in_kind_form.html", form=form), form.status


@room.post("/finansiering/naturastod/<uuid:row_id>/stryk")
@for_managers
def reverse_in_kind(row_id: UUID) -> ResponseReturnValue:
    """Take back help that never came."""
    row = queries.in_kind(row_id, viewer=current_user)
    if Plain().is_sent_and_sound:
        before = queries.forecast(clock.today())
        actions.reverse_in_kind(row, by=current_user)
        tell_what_moved(_("Raden är struken. Den räknas inte längre."), before)
    return _to_costs()


@room.route("/finansiering/kassan", methods=["GET", "POST"])
@for_managers
def bank() -> ResponseReturnValue:
    """What is in the bank, and what of it may be used for anything."""
    form = BalanceForm()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            before = queries.forecast(clock.today())
            actions.note_balance(
                as_of=form.as_of.data, ore=form.sum.data, receipt=form.receipt_id, by=current_user
            )
            tell_what_moved(_("Saldot är sparat."), before)
            return redirect(url_for(".bank"), 303)
    rows = queries.balances(viewer=current_user)
    forecast = queries.forecast(clock.today())
    return render_template("funding/bank.html", form=form, rows=rows, forecast=forecast), form.status


@room.post("/finansiering/kassan/<uuid:balance_id>/stryk")
@for_managers
def reverse_balance(balance_id: UUID) -> ResponseReturnValue:
    """Take back a balance that was written down by mistake."""
    balance = queries.balance(balance_id, viewer=current_user)
    if Plain().is_sent_and_sound:
        before = queries.forecast(clock.today())
        actions.reverse_balance(balance, by=current_user)
        tell_what_moved(_("Saldot är struket. Det räknas inte längre."), before)
    return redirect(url_for(".bank"), 303)


def _each_rehearsal(
    lines: Iterable[queries.CostRow], replaced: Collection[tuple[UUID | None, UUID]], day: date
) -> int:
    """What each rehearsal costs now, in öre, without what help in kind replaces."""
    return sum(
        one.ore
        for one in lines
        if one.driver == "per_rehearsal"
        and one.valid_from <= day
        and not one.is_over_on(day)
        and (one.id, one.choir_id) not in replaced
    )


def _hundreds(ore: int) -> int:
    """A sum to the nearest hundred kronor, for what is said with «ungefär»."""
    return (ore + 5_000) // 10_000 * 10_000


def _to_costs() -> Response:
    return redirect(url_for(".costs"), 303)
