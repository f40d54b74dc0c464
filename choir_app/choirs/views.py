"""The pages of the choirs room."""

from flask import Blueprint

room = Blueprint("choirs", __name__)
