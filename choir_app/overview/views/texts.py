"""The pages that tell who we are and how one reaches us."""

from flask import render_template
from flask.typing import ResponseReturnValue

from choir_app.choirs import queries as choirs
from choir_app.foundation import clock
from choir_app.foundation.audience import for_everyone
from choir_app.foundation.kept_pages import same_for_all_visitors
from choir_app.overview.views import room


@room.get("/om")
@same_for_all_visitors
@for_everyone
def about() -> ResponseReturnValue:
    """Who we are."""
    return render_template("overview/about.html")


@room.get("/bli-partner")
@same_for_all_visitors
@for_everyone
def become_partner() -> ResponseReturnValue:
    """What a partner gives and gets."""
    return render_template("overview/become_partner.html")


@room.get("/personuppgifter")
@same_for_all_visitors
@for_everyone
def privacy() -> ResponseReturnValue:
    """What is kept about people, in easy Swedish."""
    return render_template("overview/privacy.html")


@room.get("/tillganglighet")
@same_for_all_visitors
@for_everyone
def accessibility() -> ResponseReturnValue:
    """What works for whom, and what is not known yet."""
    return render_template("overview/accessibility.html")


@room.get("/kontakt")
@same_for_all_visitors
@for_everyone
def contact() -> ResponseReturnValue:
    """Whom to call in each choir."""
    return render_template("overview/contact.html", choirs=choirs.public_choirs(clock.today()))
