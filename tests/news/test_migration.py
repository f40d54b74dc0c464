"""Posts written before there were versions: words, revisions, addresses and authors move over and back."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Connection, select, text

from choir_app.foundation.database import commit, db
from choir_app.news import actions, queries
from choir_app.news.models import KeptPicture, Post
from choir_app.news.models.words import ON_SQLITE
from tests.conftest import a_house
from tests.visitor import Visitor

BEFORE = "0003"
OUT = "2026-06-01 10:00:00.000000"


@pytest.fixture
def bare_house(engine_name: str, new_database: Callable[[str, str], str], tmp_path: Path) -> Flask:
    """The application on a database without a single table."""
    return a_house(new_database(engine_name, "posts"), tmp_path)


def test_posts_move_into_versions_and_back(bare_house: Flask) -> None:
    with bare_house.app_context():
        upgrade(revision=BEFORE)
        post_id = uuid4()
        with db.engine.begin() as connection:
            write_an_old_post(connection, post_id)
        upgrade()
        look_at(post_id)
        actions.index_missing()
        commit()
        assert [card.headline for card in queries.found("våra nya ord").cards] == ["Våra nya ord"]
        visitor = Visitor(bare_house)
        visitor.opens("/nyheter/2026/vara-nya-ord").sees("Åsa Ek")
        visitor.opens("/nyheter/2026/de-forsta-orden", 301)
        db.session.remove()
        downgrade(revision=BEFORE)
        with db.engine.connect() as connection:
            row = connection.execute(
                text("SELECT slug, headline, byline_name, byline_role, picture_alt FROM posts")
            )
            assert row.all() == [("vara-nya-ord", "Våra nya ord", "Åsa Ek", None, "En gryta")]
            kept = connection.execute(text("SELECT number, headline FROM post_revisions ORDER BY number"))
            assert kept.all() == [(1, "De första orden"), (2, "Våra nya ord")]
            owners = "SELECT count(*) FROM posts WHERE id IN (SELECT post_id FROM {})"
            for table in ("post_revisions", "former_slugs"):
                assert connection.scalar(text(owners.format(table))) == 1
        upgrade()
        look_at(post_id)
        db.session.remove()
        db.engine.dispose()


def test_the_index_is_made_anew_and_every_picture_keeps_words(bare_house: Flask) -> None:
    with bare_house.app_context():
        upgrade(revision=BEFORE)
        with db.engine.begin() as connection:
            write_an_old_post(connection, uuid4())
        upgrade()
        actions.index_missing()
        commit()
        kept = db.session.scalars(select(KeptPicture)).one()
        assert (kept.name, kept.width, kept.height, kept.has_crops) == ("aa", 960, 600, False)
        assert (kept.focal_x_bp, kept.nobody_said_at) == (5000, None), "somebody must answer for it"
        db.session.execute(text("UPDATE post_versions SET picture_alt = NULL, picture_is_decorative = true"))
        db.session.commit()
        db.session.remove()
        downgrade(revision="0004")
        assert column("SELECT picture_alt FROM post_versions") == ["Våra nya ord"]
        upgrade()
        assert [card.headline for card in queries.found("våra nya ord").cards] == ["Våra nya ord"]
        if db.engine.dialect.name == "sqlite":
            made = "SELECT sql FROM sqlite_master WHERE name LIKE 'post_words\\__%' ESCAPE '\\' OR name = 'post_index'"
            kept = {plain(sql) for sql in column(made) if sql and "TABLE post_words" not in sql}
            assert kept == {plain(statement) for statement in ON_SQLITE}, (
                "triggers and index, as the models say"
            )
        else:
            (kept,) = column("SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_post_words_lexemes'")
            assert kept.index("of_headline") < kept.index("of_all")
        db.session.remove()
        db.engine.dispose()


def column(question: str) -> list[str]:
    """The first value of every row."""
    found = list(db.session.scalars(text(question)))
    db.session.rollback()
    return found


def plain(sql: str) -> str:
    """A statement without its spaces."""
    return "".join(sql.split())


def write_an_old_post(connection: Connection, post_id: UUID) -> None:
    """A post as it was kept before, changed once, with its first address."""
    kept = post_id.bytes if connection.dialect.name == "sqlite" else post_id
    words = "headline, lead, body, picture_name, picture_width, picture_height, picture_alt"
    said = "'I.', 'T.', 'aa', 960, 600, 'En gryta'"
    connection.execute(
        text(
            f"INSERT INTO posts (id, slug, {words}, byline_name, created_at, published_at) VALUES"
            f" (:id, 'vara-nya-ord', 'Våra nya ord', {said}, 'Åsa Ek', '{OUT}', '{OUT}')"
        ),
        {"id": kept},
    )
    for number, headline in ((1, "De första orden"), (2, "Våra nya ord")):
        revision = uuid4()
        connection.execute(
            text(
                f"INSERT INTO post_revisions (id, post_id, number, saved_at, {words})"
                f" VALUES (:id, :post, {number}, '{OUT}', '{headline}', {said})"
            ),
            {"id": revision.bytes if connection.dialect.name == "sqlite" else revision, "post": kept},
        )
    connection.execute(text("INSERT INTO former_slugs VALUES ('de-forsta-orden', :post)"), {"post": kept})


def look_at(post_id: UUID) -> None:
    """The post with all that it had."""
    post = db.session.get_one(Post, post_id)
    (version,) = post.versions
    assert (version.language, version.slug, version.headline) == ("sv", "vara-nya-ord", "Våra nya ord")
    assert (version.picture_alt, version.revision_number, version.made_from) == ("En gryta", 2, None)
    assert version.shown_at == post.published_at
    assert [one.number for one in version.revisions] == [1, 2]
    assert [(one.name, one.role, one.slug) for one in post.authors] == [("Åsa Ek", None, "asa-ek")]
