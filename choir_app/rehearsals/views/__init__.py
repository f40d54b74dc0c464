"""The pages of the rehearsals room."""

from flask import Blueprint

room = Blueprint("rehearsals", __name__)

from choir_app.rehearsals.views import (  # noqa: E402, F401 - pages hang themselves on the room
    api,
    calendar,
    check_in,
    duplicates,
    export,
    import_list,
    lending,
    openapi,
    phone,
    plan,
    replies,
    roll,
    study,
    tonight,
    trace,
)
