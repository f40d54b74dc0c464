"""Taking everything about a choir out, and taking a choir in that was taken out elsewhere."""

import json

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from choir_app.accounts.permissions import for_managers
from choir_app.choirs import queries as choirs
from choir_app.choirs.models import Choir
from choir_app.choirs.permissions import for_leaders
from choir_app.foundation import audit, clock, sheets
from choir_app.foundation.language import _
from choir_app.foundation.notices import tell
from choir_app.foundation.text import slug_of
from choir_app.rehearsals import actions
from choir_app.rehearsals.forms.export import TakeInChoirForm, TakeOutForm
from choir_app.rehearsals.queries.export import sheets_about
from choir_app.rehearsals.views import room


@room.route("/korer/<slug>/ta-ut", methods=["GET", "POST"])
@for_leaders
def take_out_choir(slug: str) -> ResponseReturnValue:
    """Everything about a choir as a file, when one has read what is in it."""
    choir = choirs.choir_of_leader(slug, viewer=current_user)
    form = TakeOutForm()
    if form.is_sent_and_sound:
        told = actions.take_out_choir(choir, by=current_user)
        audit.looked_at(choir, by=current_user)
        match form.kind.data:
            case "json":
                whole = json.dumps(told, ensure_ascii=False, indent=1).encode()
                return _file(choir, "json", whole, "application/json")
            case "csv":
                parts = [
                    (f"{slug_of(sheet.name)}.csv", sheets.csv_file(sheet)) for sheet in sheets_about(told)
                ]
                return _file(choir, "zip", sheets.zipped(parts), "application/zip")
            case _:
                return _file(choir, "xlsx", sheets.xlsx(sheets_about(told)), sheets.XLSX_TYPE)
    return render_template("rehearsals/take_out_choir.html", form=form, choir=choir), form.status


def _file(choir: Choir, ending: str, content: bytes, kind: str) -> Response:
    name = f"{choir.slug}-{clock.today().isoformat()}.{ending}"
    return Response(
        content,
        mimetype=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


@room.route("/korer/hamta-in-kor", methods=["GET", "POST"])
@for_managers
def take_in_choir() -> ResponseReturnValue:
    """A choir from another installation, with all that it had there."""
    form = TakeInChoirForm()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            choir = actions.take_in_choir(actions.read_choir_file(form.file.data.read()), by=current_user)
            tell(_("%(name)s är inhämtad. Säg nu vem som leder kören.", name=choir.name))
            return redirect(url_for("choirs.leaders", slug=choir.slug), 303)
    return render_template("rehearsals/take_in_choir.html", form=form), form.status
