"""The pages of the news: reading for everybody, the desk for those who write."""

from flask import Blueprint

room = Blueprint("news", __name__)

from choir_app.news.views import (
    desk,
    feeds,
    letters,
    lists,
    previews,
    reach,
    reading,
    showing,
    tips,
    versions,
    writing,
)  # noqa: E402, F401 - pages hang themselves on the room
