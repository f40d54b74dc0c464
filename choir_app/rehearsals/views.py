"""The pages of the rehearsals room."""

from flask import Blueprint

room = Blueprint("rehearsals", __name__)
