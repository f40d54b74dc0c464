"""Taking in a list of partners: pasted or as a file, looked through, taken in, undone."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from choir_app.accounts.permissions import for_managers
from choir_app.foundation import lists, sheets, text
from choir_app.foundation.database import let_others_write
from choir_app.foundation.forms import Plain
from choir_app.foundation.language import _, ngettext
from choir_app.foundation.lists import ListTable
from choir_app.foundation.notices import tell
from choir_app.foundation.refusal import Refusal
from choir_app.partners import actions, queries
from choir_app.partners.forms import PartnerListForm, PartnerPreview, partner_preview
from choir_app.partners.rules import KIND_NAMES
from choir_app.partners.rules.import_list import MOST_COLUMNS, MOST_LISTED, table_of
from choir_app.partners.views import room

KEPT = "kept"


@room.route("/hamta-in", methods=["GET", "POST"])
@for_managers
def take_in_list() -> ResponseReturnValue:
    """A list from elsewhere: first pasted or sent as a file, then looked through, then taken in."""
    if request.method == "POST" and KEPT in request.form:
        return _look_through()
    form = PartnerListForm()
    if form.is_sent_and_sound and (table := _table_in(form)):
        return _drawn(_preview(table, sent={}))
    return _ask_for_list(form)


@room.get("/hamta-in/<uuid:import_id>")
@for_managers
def imported(import_id: UUID) -> ResponseReturnValue:
    """What a list made, and what would go if it were undone."""
    one = queries.imported(import_id, viewer=current_user)
    going = None if one.undone_at else queries.undoing(one)
    return render_template("partners/imported.html", one=one, going=going)


@room.post("/hamta-in/<uuid:import_id>/angra")
@for_managers
def undo_list(import_id: UUID) -> ResponseReturnValue:
    """Undo the whole of it."""
    one = queries.imported(import_id, viewer=current_user)
    if Plain().is_sent_and_sound:
        actions.undo_partners(one, by=current_user)
        tell(_("Listan är ångrad."))
    return redirect(url_for(".imported", import_id=import_id), 303)


def _ask_for_list(form: PartnerListForm) -> ResponseReturnValue:
    known = queries.imports(viewer=current_user)
    return render_template("partners/take_in_list.html", form=form, imports=known), form.status


def _table_in(form: PartnerListForm) -> ListTable | None:
    """The list that was sent, read while others write; None when the form says what is wrong with it."""
    let_others_write()  # a large file takes seconds
    try:
        return lists.read_sent(
            form.file.data,
            form.list.data or "",
            table_of,
            lists.Most(rows=MOST_LISTED, columns=MOST_COLUMNS, signs=PartnerPreview.LONGEST_KEPT),
        )
    except Refusal as no:
        form.hear(no)
        return None


def _preview(table: ListTable, *, sent: dict[str, str]) -> PartnerPreview:
    return partner_preview(
        table,
        known=queries.known_partners(viewer=current_user),
        towns=queries.all_towns(),
        sent=sent,
        kept=sheets.as_csv(table.as_rows),
    )


def _drawn(form: PartnerPreview, status: int = 200) -> ResponseReturnValue:
    return render_template("partners/list_preview.html", form=form, kinds=KIND_NAMES), status


def _look_through() -> ResponseReturnValue:
    """The second step: what the columns hold was chosen, and who is whom."""
    try:
        kept = text.clean(request.form[KEPT][: PartnerPreview.LONGEST_KEPT])
        table = table_of(sheets.read_text(kept, field="list"), has_headings=True)
    except (ValueError, Refusal):
        table = None
    go = request.form.get("go")
    is_ours = table is not None and 0 < len(table.rows) <= MOST_LISTED and len(table.headings) <= MOST_COLUMNS
    if table is None or not is_ours or go == "again":
        pasted = sheets.as_pasted(table.as_rows) if table and is_ours else ""
        return _ask_for_list(PartnerListForm(formdata=None, data={"list": pasted}))
    form = _preview(table, sent=request.form.to_dict())
    if go == "look":
        return _drawn(form)
    if before := queries.import_with_receipt(form.receipt_id):
        return redirect(url_for(".imported", import_id=before.id), 303)
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            made = actions.take_in_partners(form.said, receipt=form.receipt_id, by=current_user)
            tell(ngettext("%(num)s partner är inhämtad.", "%(num)s partner är inhämtade.", made.row_count))
            return redirect(url_for(".imported", import_id=made.id), 303)
    return _drawn(form, form.status)
