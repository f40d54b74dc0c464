"""The pages of the partners' room. A partner's own page stands in the funding room, which knows what it pays."""

from flask import Blueprint

room = Blueprint("partners", __name__, url_prefix="/partner")

from choir_app.partners.views import import_list, partners  # noqa: E402, F401 - they hang themselves up
