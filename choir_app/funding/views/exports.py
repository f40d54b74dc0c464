"""The money as files: sheets for Excel and CSV."""

from datetime import date

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from choir_app.accounts.permissions import for_managers
from choir_app.foundation import sheets
from choir_app.foundation.kept_pages import only_reads
from choir_app.foundation.language import _
from choir_app.funding import queries
from choir_app.funding.views import room
from choir_app.funding.views.as_of import asked_day

_SHEETS = "any(avtal,utbetalningar,inbetalningar,mojligheter,kostnader,prognos,finansierad):which"


@room.get("/finansiering/filer")
@only_reads
@for_managers
def exports() -> ResponseReturnValue:
    """What can be taken out, each as Excel and CSV, and all of it at once."""
    about = {
        "avtal": _("Vem som betalar, hur mycket, för vem och hur länge."),
        "utbetalningar": _("Vad som ska komma, och vad som har kommit av det."),
        "inbetalningar": _("Det som har kommit till kontot."),
        "mojligheter": _("Allt på tavlan, med chans och när besked väntas."),
        "kostnader": _("Varje kostnad som inte är slut, hur ofta och hur länge."),
        "prognos": _("Vad det kostar varje månad, vem som betalar och vad som fattas."),
        "finansierad": _("Hur länge pengarna räcker för varje kör."),
    }
    return render_template("funding/exports.html", names=queries.SHEET_NAMES, about=about, asked=asked_day())


@room.get(f"/finansiering/filer/<{_SHEETS}>.<any(xlsx,csv):ending>")
@for_managers
def export(which: str, ending: str) -> ResponseReturnValue:
    """One sheet, as of today or the day in the address."""
    day = asked_day().day
    sheet = queries.money_sheet(which, viewer=current_user, as_of=day)
    if ending == "csv":
        return _file(which, ending, sheets.csv_file(sheet), sheets.CSV_TYPE, day)
    return _file(which, ending, sheets.xlsx([sheet]), sheets.XLSX_TYPE, day)


@room.get("/finansiering/filer/allt.<any(xlsx,zip):ending>")
@for_managers
def export_all(ending: str) -> ResponseReturnValue:
    """Every sheet: as one Excel file, or as CSV files packed together."""
    day = asked_day().day
    made = queries.money_sheets(viewer=current_user, as_of=day)
    if ending == "zip":
        named = zip(queries.SHEET_NAMES, made, strict=True)
        packed = sheets.zipped((f"{which}.csv", sheets.csv_file(sheet)) for which, sheet in named)
        return _file("finansiering", ending, packed, "application/zip", day)
    return _file("finansiering", ending, sheets.xlsx(made), sheets.XLSX_TYPE, day)


def _file(name: str, ending: str, content: bytes, kind: str, day: date) -> Response:
    disposition = f'attachment; filename="{name}-{day.isoformat()}.{ending}"'
    return Response(
        content, mimetype=kind, headers={"Content-Disposition": disposition, "Cache-Control": "no-store"}
    )
