"""The tables of the news: posts and their versions, who wrote them, what they are about, how they are found."""

from choir_app.news.models.pictures import KeptPicture, PersonInPicture
from choir_app.news.models.posts import (
    Post,
    PostAuthor,
    PostPartner,
    Tag,
    post_choirs,
    post_tags,
    post_towns,
)
from choir_app.news.models.previews import PostPreview
from choir_app.news.models.tips import Tip, TipSender
from choir_app.news.models.versions import FormerSlug, PostRevision, PostVersion
from choir_app.news.models.words import PostWords

__all__ = [
    "FormerSlug",
    "KeptPicture",
    "PersonInPicture",
    "Post",
    "PostAuthor",
    "PostPartner",
    "PostPreview",
    "PostRevision",
    "PostVersion",
    "PostWords",
    "Tag",
    "Tip",
    "TipSender",
    "post_choirs",
    "post_tags",
    "post_towns",
]
