"""The pages of the funding room."""

from flask import Blueprint

room = Blueprint("funding", __name__, url_prefix="/finansiering")
