"""Taking in a list of singers or an old attendance matrix: pasted, looked through, taken in, undone."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from choir_app.choirs import queries as choirs
from choir_app.choirs.models import Choir
from choir_app.choirs.permissions import for_leaders
from choir_app.foundation import audit, lists, sheets, text
from choir_app.foundation.database import let_others_write
from choir_app.foundation.forms import Plain
from choir_app.foundation.language import _, ngettext
from choir_app.foundation.lists import ListTable
from choir_app.foundation.notices import tell
from choir_app.foundation.refusal import Refusal
from choir_app.rehearsals import actions, queries
from choir_app.rehearsals.forms.import_list import ListForm, ListPreview, list_preview
from choir_app.rehearsals.rules.import_list import MOST_LIST_COLUMNS, MOST_PEOPLE, table_of
from choir_app.rehearsals.views import room

KEPT = "kept"


@room.route("/korer/<slug>/hamta-in", methods=["GET", "POST"])
@for_leaders
def take_in_list(slug: str) -> ResponseReturnValue:
    """A list from elsewhere: first pasted or sent as a file, then looked through, then taken in."""
    choir = choirs.choir_of_leader(slug, viewer=current_user)
    if request.method == "POST" and KEPT in request.form:
        return _look_through(choir)
    form = ListForm()
    if form.is_sent_and_sound and (table := _table_in(form)):
        return _drawn(choir, _preview(choir, table, sent={}))
    return _ask_for_list(choir, form)


def _ask_for_list(choir: Choir, form: ListForm) -> ResponseReturnValue:
    known = queries.imports_of(choir)
    return render_template("rehearsals/take_in_list.html", form=form, choir=choir, imports=known), form.status


def _table_in(form: ListForm) -> ListTable | None:
    """The list that was sent, read while others write; None when the form says what is wrong with it."""
    let_others_write()  # a large file takes seconds
    try:
        return lists.read_sent(
            form.file.data,
            form.list.data or "",
            table_of,
            lists.Most(rows=MOST_PEOPLE, columns=MOST_LIST_COLUMNS, signs=ListPreview.LONGEST_KEPT),
        )
    except Refusal as no:
        form.hear(no)
        return None


def _preview(choir: Choir, table: ListTable, *, sent: dict[str, str]) -> ListPreview:
    return list_preview(
        table,
        choir,
        everybody=queries.everybody_of(choir),
        sent=sent,
        kept=sheets.as_csv(table.as_rows),
        evenings_on=lambda days: queries.sung_on(choir, days),
    )


def _drawn(choir: Choir, form: ListPreview, status: int = 200) -> ResponseReturnValue:
    audit.looked_at(choir, by=current_user)
    return render_template("rehearsals/list_preview.html", form=form, choir=choir), status


def _look_through(choir: Choir) -> ResponseReturnValue:
    """The second step: what the columns hold was chosen, and who is whom."""
    try:
        kept = text.clean(request.form[KEPT][: ListPreview.LONGEST_KEPT])
        table = table_of(sheets.read_text(kept, field="list"), has_headings=True)
    except (ValueError, Refusal):
        table = None
    go = request.form.get("go")
    if table is None or not table.rows or len(table.rows) > MOST_PEOPLE or go == "again":
        pasted = sheets.as_pasted(table.as_rows) if table else ""
        return _ask_for_list(choir, ListForm(formdata=None, data={"list": pasted}))
    form = _preview(choir, table, sent=request.form.to_dict())
    if go == "look":
        return _drawn(choir, form)
    if before := queries.import_with_receipt(choir, form.receipt_id):
        return redirect(url_for(".imported", slug=choir.slug, import_id=before.id), 303)
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            made = actions.take_in_list(
                choir,
                form.said_people,
                marks=form.said_marks,
                state=form.state.data,
                receipt=form.receipt_id,
                by=current_user,
            )
            tell(ngettext("%(num)s rad är inhämtad.", "%(num)s rader är inhämtade.", made.row_count))
            return redirect(url_for(".imported", slug=choir.slug, import_id=made.id), 303)
    return _drawn(choir, form, form.status)


@room.get("/korer/<slug>/hamta-in/<uuid:import_id>")
@for_leaders
def imported(slug: str, import_id: UUID) -> ResponseReturnValue:
    """What a list made, and what would go if it were undone."""
    choir = choirs.choir_of_leader(slug, viewer=current_user)
    one = queries.imported(choir, import_id, viewer=current_user)
    audit.looked_at(choir, by=current_user)
    going = None if one.undone_at else queries.undoing(one)
    return render_template("rehearsals/imported.html", choir=choir, one=one, going=going)


@room.post("/korer/<slug>/hamta-in/<uuid:import_id>/angra")
@for_leaders
def undo_list(slug: str, import_id: UUID) -> ResponseReturnValue:
    """Undo the whole of it."""
    choir = choirs.choir_of_leader(slug, viewer=current_user)
    one = queries.imported(choir, import_id, viewer=current_user)
    form = Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.undo_list(one, by=current_user)
            tell(_("Listan är ångrad."))
    for trouble in form.form_errors:
        tell(trouble, kind="danger")
    return redirect(url_for(".imported", slug=slug, import_id=import_id), 303)
