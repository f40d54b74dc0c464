"""The page on which a post is put into another language."""

from typing import Any

from choir_app.foundation.forms import Hidden
from choir_app.foundation.pictures import PictureFile
from choir_app.news.actions import Text
from choir_app.news.forms.text import TextForm, data_of, number_in
from choir_app.news.models import Post, PostVersion


class VersionForm(TextForm):
    """A post in another language, written beside the Swedish text."""

    seen_swedish = Hidden()

    def __init__(self, post: Post, version: PostVersion | None, *, language: str) -> None:
        super().__init__(language=language, data=_data_of(post, version))

    @property
    def made_from(self) -> int:
        """The Swedish revision that stood beside the text while it was written."""
        return number_in(self.seen_swedish.data)

    def words(self, picture: PictureFile | None) -> Text:
        """What was written, with the picture that was taken in."""
        return Text(**self.text_fields(picture))


def _data_of(post: Post, version: PostVersion | None) -> dict[str, Any]:
    swedish = post.swedish
    seen = {"seen_swedish": str(swedish.revision_number)}
    if version is None:
        return {"kept_picture": swedish.picture_name or "", "seen_revision": "0"} | seen
    return data_of(version) | seen
