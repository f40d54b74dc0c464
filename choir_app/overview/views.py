"""The pages of the overview room."""

from flask import Blueprint

room = Blueprint("overview", __name__)
