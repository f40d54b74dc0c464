"""The pages of the choirs room."""

from flask import Blueprint

room = Blueprint("choirs", __name__)

from choir_app.choirs.views import places, singers  # noqa: E402, F401 - pages hang themselves on the room
