"""The pages of the news room."""

from flask import Blueprint

room = Blueprint("news", __name__, url_prefix="/nyheter")
