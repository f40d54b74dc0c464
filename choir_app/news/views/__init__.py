"""The pages of the news: reading for everybody, the desk for those who write."""

from flask import Blueprint

room = Blueprint("news", __name__)

from choir_app.news.views import (  # noqa: E402 - pages hang themselves on the room
    coach,  # noqa: F401
    corrections,  # noqa: F401
    desk,  # noqa: F401
    feeds,  # noqa: F401
    letters,  # noqa: F401
    lists,  # noqa: F401
    pictures,  # noqa: F401
    places,  # noqa: F401
    previews,  # noqa: F401
    reach,  # noqa: F401
    reading,  # noqa: F401
    showing,  # noqa: F401
    tips,  # noqa: F401
    versions,  # noqa: F401
    writing,  # noqa: F401
)
