"""The pages of the partners room."""

from flask import Blueprint

room = Blueprint("partners", __name__, url_prefix="/partner")
