"""Lists for the study association, from the first day of a term to what was handed in; and their dated rules."""

import json
from typing import Any
from uuid import UUID

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from choir_app.accounts.permissions import for_managers
from choir_app.choirs import queries as choirs
from choir_app.choirs.models import Choir, Singer
from choir_app.choirs.permissions import for_leaders
from choir_app.foundation import audit, clock, paper, sheets
from choir_app.foundation.audience import who_asks
from choir_app.foundation.database import let_others_write
from choir_app.foundation.forms import Plain
from choir_app.foundation.kept_pages import only_reads
from choir_app.foundation.language import _, ngettext
from choir_app.foundation.notices import tell
from choir_app.foundation.text import slug_of
from choir_app.rehearsals import actions, queries
from choir_app.rehearsals.forms.study import (
    ConcertListForm,
    HandInForm,
    StudyGatheringForm,
    StudyListForm,
    StudyRuleForm,
)
from choir_app.rehearsals.models import HandedInList, StudyList
from choir_app.rehearsals.rules import term_called, term_of
from choir_app.rehearsals.views import room

PAPER = "rehearsals/study_list.typ"


# --- the lists of a choir --------------------------------------------------------------------------------------


@room.get("/korer/<slug>/studielista")
@only_reads
@for_leaders
def study_lists(slug: str) -> ResponseReturnValue:
    """Every list of a choir, and how those of this term stand."""
    choir = choirs.choir_of_leader(slug, viewer=who_asks())
    shown = queries.sheets_of(queries.study_lists_of(choir))
    return render_template("rehearsals/study_lists.html", choir=choir, sheets=shown, say=queries)


@room.route("/korer/<slug>/studielista/ny", methods=["GET", "POST"])
@for_leaders
def add_study_list(slug: str) -> ResponseReturnValue:
    """A list for this term, with a good guess in every field; `?stamma=` begins one for a voice."""
    choir = choirs.choir_of_leader(slug, viewer=who_asks())
    form = StudyListForm(
        choir,
        queries.study_associations(),
        choirs.members_on(choir, clock.today()),
        queries.study_proposal(choir, viewer=who_asks()),
        voice=request.args.get("stamma", "")[:40],
    )
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            made = actions.begin_study_list(choir, leader=_leader(form), by=who_asks(), **form.said)
            if len(made) > 1:
                tell(_("Perioden går över nyår. Det blev en lista för varje år."))
            return redirect(url_for(".study_list", list_id=made[0].id), 303)
    return render_template(
        "rehearsals/study_list_form.html", form=form, choir=choir, study_list=None
    ), form.status


def _leader(form: StudyListForm) -> Singer | None:
    return choirs.singer(form.leader_singer_id, viewer=who_asks()) if form.leader_singer_id else None


@room.route("/korer/<slug>/studielista/kulturprogram", methods=["GET", "POST"])
@for_leaders
def add_concert_list(slug: str) -> ResponseReturnValue:
    """A report of one concert."""
    choir = choirs.choir_of_leader(slug, viewer=who_asks())
    concerts = queries.concerts_of(choir, since=term_of(clock.today()).first_on)
    form = ConcertListForm(
        concerts, queries.study_associations(), queries.study_proposal(choir, viewer=who_asks())
    )
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            made = actions.begin_study_list(choir, by=who_asks(), **form.said)
            return redirect(url_for(".study_list", list_id=made[0].id), 303)
    return render_template(
        "rehearsals/concert_list_form.html", form=form, choir=choir, study_list=None, concerts=concerts
    ), form.status


# --- one list ----------------------------------------------------------------------------------------------------


@room.get("/studielistor/<uuid:list_id>")
@for_leaders
def study_list(list_id: UUID) -> ResponseReturnValue:
    """How a list stands: what lacks and by when, gathering by gathering, person by person."""
    return _page_of(queries.study_list(list_id, viewer=who_asks()))


def _page_of(one: StudyList, form: Plain | None = None) -> ResponseReturnValue:
    audit.looked_at(one.choir, by=who_asks())
    sheet = queries.sheet_of(one)
    return render_template(
        "rehearsals/study_list.html",
        sheet=sheet,
        study_list=one,
        choir=one.choir,
        names=queries.names_in(sheet.changes),
        today=clock.today(),
        say=queries,
        form=form,
    ), form.status if form else 200


@room.route("/studielistor/<uuid:list_id>/andra", methods=["GET", "POST"])
@for_leaders
def change_study_list(list_id: UUID) -> ResponseReturnValue:
    """Another association, form, period or leader; the audience of a concert."""
    one = queries.study_list(list_id, viewer=who_asks())
    form, template, more = _form_for(one)
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            leader = _leader(form) if isinstance(form, StudyListForm) else None
            actions.change_study_list(one, leader=leader, by=who_asks(), **form.said)
            tell(_("Listan är ändrad."))
            return redirect(url_for(".study_list", list_id=one.id), 303)
    return render_template(template, form=form, choir=one.choir, study_list=one, **more), form.status


def _form_for(one: StudyList) -> tuple[StudyListForm | ConcertListForm, str, dict[str, Any]]:
    known = queries.study_associations()
    if one.form == "culture":
        concerts = queries.concerts_of(one.choir, since=term_of(one.first_on).first_on)
        form = ConcertListForm(concerts, known, one)
        return form, "rehearsals/concert_list_form.html", {"concerts": concerts}
    singers = choirs.members_on(one.choir, clock.today())
    return StudyListForm(one.choir, known, singers, one), "rehearsals/study_list_form.html", {}


@room.post("/studielistor/<uuid:list_id>/ta-bort")
@for_leaders
def remove_study_list(list_id: UUID) -> ResponseReturnValue:
    """Take away a list that was never handed in."""
    one, form = queries.study_list(list_id, viewer=who_asks()), Plain()
    choir = one.choir
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.remove_study_list(one, by=who_asks())
            tell(_("Listan är borta. Närvaron finns kvar."))
            return redirect(url_for(".study_lists", slug=choir.slug), 303)
    return _page_of(one, form)


@room.route("/studielistor/<uuid:list_id>/traffar/<uuid:rehearsal_id>", methods=["GET", "POST"])
@for_leaders
def study_gathering(list_id: UUID, rehearsal_id: UUID) -> ResponseReturnValue:
    """One gathering on a list: hours, break, what was done."""
    one = queries.study_list(list_id, viewer=who_asks())
    sheet = queries.sheet_of(one)
    line = sheet.line_of(rehearsal_id)
    form = StudyGatheringForm(line, one)
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.describe_study_gathering(one, line, by=who_asks(), **form.said)
            tell(_("Träffen är sparad."))
            return redirect(url_for(".study_list", list_id=one.id), 303)
    return render_template(
        "rehearsals/study_gathering.html", form=form, study_list=one, line=line, names=sheet.names_at(line)
    ), form.status


@room.post("/studielistor/<uuid:list_id>/timmar")
@for_leaders
def confirm_study_hours(list_id: UUID) -> ResponseReturnValue:
    """Confirm the proposed hours of all gatherings at once."""
    one, form = queries.study_list(list_id, viewer=who_asks()), Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            count = actions.confirm_study_hours(one, by=who_asks())
            tell(
                ngettext(
                    "Timmarna är bekräftade för %(num)s träff.",
                    "Timmarna är bekräftade för %(num)s träffar.",
                    count,
                )
            )
            return redirect(url_for(".study_list", list_id=one.id), 303)
    return _page_of(one, form)


# --- taken out and handed in ---------------------------------------------------------------------------------------


@room.get("/studielistor/<uuid:list_id>/kopiera")
@for_leaders
def copy_study_list(list_id: UUID) -> ResponseReturnValue:
    """The list in the order in which the associations' own page asks for it, to copy field by field."""
    one = queries.study_list(list_id, viewer=who_asks())
    audit.looked_at(one.choir, by=who_asks())
    return render_template(
        "rehearsals/study_copy.html", sheet=queries.sheet_of(one), study_list=one, say=queries
    )


@room.post("/studielistor/<uuid:list_id>/fil/<any(pdf, xlsx, csv):kind>")
@for_leaders
def study_file(list_id: UUID, kind: str) -> ResponseReturnValue:
    """The list as it is now, to take out: paper for ink, or a spreadsheet. That it was taken out is written down."""
    one, form = queries.study_list(list_id, viewer=who_asks()), Plain()
    if not form.is_sent_and_sound:
        return _page_of(one, form)
    sheet = queries.sheet_of(one)
    content, names = queries.content_of(sheet), queries.names_of(sheet)
    actions.note_list_taken_out(one, by=who_asks())
    name = slug_of(f"{one.choir.name} {one.title} {one.first_on}")
    if kind == "pdf":
        state = f"utskrift {clock.today().isoformat()}, inte inlämnad"
        return _file(_on_paper(content, names, one, state), paper.PDF_TYPE, f"{name}.pdf")
    people, days = queries.sheets_of_list(content, names, leader=one.leader_name)
    if kind == "xlsx":
        return _file(sheets.xlsx([people, days]), sheets.XLSX_TYPE, f"{name}.xlsx")
    return _file(sheets.csv_file(people), sheets.CSV_TYPE, f"{name}.csv")


def _on_paper(
    content: dict[str, Any], names: dict[str, str], of: StudyList | HandedInList, state: str
) -> bytes:
    data = queries.paper_of(content, names, leader=of.leader_name, substitute=of.substitute_name, state=state)
    at = of.handed_in_at if isinstance(of, HandedInList) else clock.now()
    let_others_write()  # setting a long list takes a second
    return paper.pdf(PAPER, data, at=at)


def _file(body: bytes, kind: str, name: str) -> Response:
    return Response(
        body,
        content_type=kind,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


@room.route("/studielistor/<uuid:list_id>/inlamning", methods=["GET", "POST"])
@for_leaders
def hand_in(list_id: UUID) -> ResponseReturnValue:
    """Freeze the list as a version, and see first what it holds."""
    one = queries.study_list(list_id, viewer=who_asks())
    form = HandInForm(is_first=one.newest_handed_in is None)
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            version = actions.hand_in(one, reason=form.said, by=who_asks())
            tell(_("Version %(number)s är sparad som inlämnad.", number=version.number))
            return redirect(url_for(".study_list", list_id=one.id), 303)
    sheet = queries.sheet_of(one)
    return render_template(
        "rehearsals/study_hand_in.html",
        form=form,
        sheet=sheet,
        study_list=one,
        names=queries.names_in(sheet.changes),
        say=queries,
    ), form.status


@room.post("/studielistor/<uuid:list_id>/versioner/<int:number>")
@for_leaders
def handed_in_file(list_id: UUID, number: int) -> ResponseReturnValue:
    """A version as it was handed in, on paper."""
    one, form = queries.study_list(list_id, viewer=who_asks()), Plain()
    version = queries.version_of(one, number)
    if not form.is_sent_and_sound:
        return _page_of(one, form)
    actions.note_list_taken_out(one, by=who_asks())
    content = json.loads(version.content)
    state = f"version {version.number}, inlämnad {clock.local(version.handed_in_at).date().isoformat()}"
    name = slug_of(f"{one.choir.name} {content['title']} version {version.number}")
    body = _on_paper(content, queries.names_on(version), version, state)
    return _file(body, paper.PDF_TYPE, f"{name}.pdf")


# --- the attendance of a term ---------------------------------------------------------------------------------------


@room.get("/korer/<slug>/narvaro-tabell")
@only_reads
@for_leaders
def attendance_table(slug: str) -> ResponseReturnValue:
    """Who was where in a term; `?termin=2026-var` chooses it, `?stamma=` one voice."""
    choir = choirs.choir_of_leader(slug, viewer=who_asks())
    audit.looked_at(choir, by=who_asks())
    return render_template(
        "rehearsals/attendance_table.html",
        choir=choir,
        table=_table(choir, request.args.get("termin", ""), request.args.get("stamma", "")),
        terms=queries.terms_of(choir),
    )


def _table(choir: Choir, term: str, voice: str) -> queries.AttendanceTable:
    chosen = next((each for each in choir.voices if str(each.id) == voice), None)
    return queries.attendance_table(choir, term_called(term[:10]) or term_of(clock.today()), chosen)


@room.post("/korer/<slug>/narvaro-tabell/<any(xlsx, csv):kind>")
@for_leaders
def attendance_file(slug: str, kind: str) -> ResponseReturnValue:
    """The same as a spreadsheet. That it was taken out is written down."""
    choir, form = choirs.choir_of_leader(slug, viewer=who_asks()), Plain()
    if not form.is_sent_and_sound:
        abort(400)
    table = _table(choir, request.form.get("termin", ""), request.form.get("stamma", ""))
    actions.note_attendance_taken_out(choir, by=who_asks())
    sheet = queries.sheet_of_table(table)
    name = slug_of(f"narvaro {choir.name} {table.term.code}")
    if kind == "xlsx":
        return _file(sheets.xlsx([sheet]), sheets.XLSX_TYPE, f"{name}.xlsx")
    return _file(sheets.csv_file(sheet), sheets.CSV_TYPE, f"{name}.csv")


# --- the rules --------------------------------------------------------------------------------------------------------


@room.get("/installningar/studieregler")
@for_managers
def study_rules() -> ResponseReturnValue:
    """Every dated rule with its source, and which of them must be looked up again."""
    return _rules_page(None)


def _rules_page(form: Plain | None) -> ResponseReturnValue:
    today = clock.today()
    rows = queries.study_rules()
    return render_template(
        "rehearsals/study_rules.html",
        rows=rows,
        associations=queries.study_associations(),
        today=today,
        old=sum(row.as_dated.holds_on(today) and row.as_dated.is_old_on(today) for row in rows),
        say=queries,
        form=form,
    ), form.status if form else 200


@room.route("/installningar/studieregler/ny", methods=["GET", "POST"])
@for_managers
def add_study_rule() -> ResponseReturnValue:
    """A rule that holds from a day on; the ones before stay."""
    form = StudyRuleForm(queries.study_associations())
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.add_study_rule(by=who_asks(), **form.said)
            tell(_("Regeln är sparad. De tidigare finns kvar."))
            return redirect(url_for(".study_rules"), 303)
    return render_template("rehearsals/study_rule_form.html", form=form), form.status


@room.post("/installningar/studieregler/<uuid:rule_id>/kontroll")
@for_managers
def check_study_rule(rule_id: UUID) -> ResponseReturnValue:
    """It was looked up today and still holds."""
    row, form = queries.study_rule(rule_id), Plain()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.check_study_rule(row, by=who_asks())
            tell(_("Regeln är kontrollerad i dag."))
            return redirect(url_for(".study_rules"), 303)
    return _rules_page(form)
