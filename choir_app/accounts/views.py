"""The pages of the accounts room."""

from flask import Blueprint

room = Blueprint("accounts", __name__)
