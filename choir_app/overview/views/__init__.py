"""The pages of the front of the house."""

from flask import Blueprint

room = Blueprint("overview", __name__)

from choir_app.overview.views import for_machines, frame, own, people, public, situation, texts  # noqa: E402, F401 - pages hang themselves on the room
