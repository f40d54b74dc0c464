"""The stems by which questions find a version, written down whenever its words change for readers."""

from sqlalchemy import select

from choir_app.foundation.caretaker import chore
from choir_app.foundation.database import db
from choir_app.foundation.text import to_plain
from choir_app.news import queries
from choir_app.news.models import PostVersion, PostWords
from choir_app.news.rules import stems_of, with_plain_figures


def index(version: PostVersion) -> None:
    """Write down the stems by which a version is found; the words of a picture that is withheld find nothing."""
    post, language = version.post, version.language
    about = [one.name for one in (*post.authors, *post.tags, *post.towns, *post.choirs, *post.partners)]
    of_headline = stems_of(version.headline, language)
    told = queries.figures_told(post, (version.lead, version.body))
    lead = with_plain_figures(version.lead, told, language)
    body = to_plain(with_plain_figures(queries.without_withheld(version.body), told, language))
    picture = queries.picture_of(version)
    everything = [lead, body, (picture and picture.caption) or "", *about]
    of_all = dict.fromkeys((*of_headline, *stems_of("\n".join(everything), language)))
    kept = db.session.scalar(select(PostWords).where(PostWords.version_id == version.id))
    if kept is None:
        kept = PostWords(version_id=version.id, of_headline="", of_all="")
        db.session.add(kept)
    kept.of_headline, kept.of_all = f" {' '.join(of_headline)} ", f" {' '.join(of_all)} "


@chore("news that no question finds yet")
def index_missing() -> None:
    """Write down the stems of every version that has none, such as those written before there was a search."""
    lacking = select(PostVersion).where(PostVersion.id.not_in(select(PostWords.version_id)))
    for version in db.session.scalars(lacking):
        index(version)
