"""The pages of the rehearsals room."""

from flask import Blueprint

room = Blueprint("rehearsals", __name__)

from choir_app.rehearsals.views import api, lending, phone, plan, replies, roll, tonight  # noqa: E402, F401 - pages hang themselves on the room
