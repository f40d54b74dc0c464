"""When something is not as it should be: one plain page that says what to do."""

import logging
from dataclasses import dataclass
from typing import Any

from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import NoResultFound
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from choir_app.foundation.database import db
from choir_app.foundation.language import _, current_language
from choir_app.foundation.refusal import NotAllowed, Refusal

log = logging.getLogger("choir.errors")


@dataclass(frozen=True)
class Trouble:
    """What an error page says: what happened, and what one can do."""

    heading: str
    advice: str


def _trouble(status: int) -> Trouble:
    known = {
        400: Trouble(
            _("Sidan var öppen för länge"), _("Gå tillbaka, ladda om sidan och tryck på knappen igen.")
        ),
        403: Trouble(_("Du får inte se den här sidan"), _("Be den som bjöd in dig om du behöver den.")),
        404: Trouble(_("Sidan finns inte"), _("Adressen kan vara fel, eller så är sidan borta.")),
        405: Trouble(_("Så går det inte att göra"), _("Gå tillbaka och försök från sidan igen.")),
        408: Trouble(_("Det tog för lång tid"), _("Uppkopplingen är svag. Försök igen om en stund.")),
        410: Trouble(_("Sidan är borttagen"), _("Det som stod här finns inte längre.")),
        413: Trouble(
            _("Det är för mycket på en gång"),
            _("Välj en fil som är mindre än 20 megabyte, eller skriv kortare."),
        ),
        415: Trouble(_("Vi kan inte läsa det som skickades"), _("Gå tillbaka och försök från sidan igen.")),
        422: Trouble(_("Det gick inte"), _("Gå tillbaka och ändra det som är fel.")),
        429: Trouble(
            _("Vänta en stund"), _("Det blev många försök på kort tid. Försök igen om några minuter.")
        ),
        503: Trouble(_("Vi är snart tillbaka"), _("Försök igen om en stund.")),
    }
    return known.get(
        status,
        Trouble(_("Något gick fel hos oss"), _("Försök igen om en stund. Det du har sparat finns kvar."))
        if status >= 500
        else known[404 if status == 404 else 405],
    )


def page(status: int, *, advice: str | None = None) -> ResponseReturnValue:
    """The error page of a status, or its JSON for the API."""
    trouble = _trouble(status)
    said = advice or trouble.advice
    if request.path.startswith("/api/"):
        return jsonify({"error": status, "reason": said}), status
    return render_template("error.html", trouble=trouble, advice=said, status=status), status


def bare_page() -> str:
    """The error page when nothing else works: it asks neither the database nor a template."""
    trouble = _trouble(500)
    return (
        f'<!doctype html><html lang="{current_language()}" dir="ltr"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{trouble.heading}</title></head>'
        f"<body><h1>{trouble.heading}</h1><p>{trouble.advice}</p></body></html>"
    )


def _headers_of(fault: HTTPException) -> dict[str, str]:
    return {key: value for key, value in fault.get_headers() if key in ("Allow", "Retry-After", "Location")}


def hear(app: Flask) -> None:
    """Let every way of failing meet a page of ours."""

    @app.errorhandler(Refusal)
    def refused(no: Refusal) -> ResponseReturnValue:
        db.session.rollback()
        return page(422, advice=no.message)

    @app.errorhandler(NotAllowed)
    def not_allowed(_no: NotAllowed) -> ResponseReturnValue:
        db.session.rollback()
        return page(403)

    @app.errorhandler(NoResultFound)
    def not_found(_no: NoResultFound) -> ResponseReturnValue:
        db.session.rollback()
        return page(404)

    @app.errorhandler(RequestEntityTooLarge)
    def too_large(_no: RequestEntityTooLarge) -> ResponseReturnValue:
        db.session.rollback()
        return page(413)

    @app.errorhandler(HTTPException)
    def of_the_web(fault: HTTPException) -> Any:
        db.session.rollback()
        status = fault.code or 500
        if status < 400:
            return fault
        body, status = page(status)  # type: ignore[misc]  # page() gives exactly this pair
        return body, status, _headers_of(fault)

    @app.errorhandler(Exception)
    def of_ours(fault: Exception) -> ResponseReturnValue:
        log.error("unexpected", exc_info=fault)
        try:
            db.session.rollback()
            return page(500)
        except Exception as worse:
            log.exception("the error page failed too", exc_info=worse)
            return bare_page(), 500
