"""The tables of the news: posts and their versions, who wrote them, what they are about, how they are found."""

from choir_app.news.models.explained import ExplainedWord
from choir_app.news.models.figures import FrozenFigure, PostCorrection
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
from choir_app.news.models.subscribers import Delivery, Mailing, Subscriber, subscriber_towns
from choir_app.news.models.tips import Tip, TipSender
from choir_app.news.models.unsaved import PostWriter, UnsavedText
from choir_app.news.models.versions import FormerSlug, PostRevision, PostVersion
from choir_app.news.models.words import PostWords

__all__ = [
    "Delivery",
    "ExplainedWord",
    "FormerSlug",
    "FrozenFigure",
    "KeptPicture",
    "Mailing",
    "PersonInPicture",
    "Post",
    "PostAuthor",
    "PostCorrection",
    "PostPartner",
    "PostPreview",
    "PostRevision",
    "PostVersion",
    "PostWords",
    "PostWriter",
    "Subscriber",
    "Tag",
    "Tip",
    "TipSender",
    "UnsavedText",
    "post_choirs",
    "post_tags",
    "post_towns",
    "subscriber_towns",
]
