"""Posts in several languages: words move from posts to versions; authors, tags, towns, partners, previews, search.

Going down keeps the Swedish words, their revisions and addresses, and the first author; all else has no place there.
"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql")
WORDS = (
    "headline",
    "lead",
    "body",
    "picture_name",
    "picture_width",
    "picture_height",
    "picture_alt",
    "picture_caption",
)
_LEAVES = "INSERT INTO post_index (post_index, rowid, of_all) VALUES ('delete', old.id, old.of_all)"
_COMES = "INSERT INTO post_index (rowid, of_all) VALUES (new.id, new.of_all)"
ON_SQLITE = (
    "CREATE VIRTUAL TABLE post_index USING fts5(of_all, content='post_words', content_rowid='id', tokenize=ascii)",
    f"CREATE TRIGGER post_words_come AFTER INSERT ON post_words BEGIN {_COMES}; END",
    f"CREATE TRIGGER post_words_go AFTER DELETE ON post_words BEGIN {_LEAVES}; END",
    f"CREATE TRIGGER post_words_change AFTER UPDATE ON post_words BEGIN {_LEAVES}; {_COMES}; END",
)
_LEXEMES = "array_to_tsvector(string_to_array(btrim(of_all), ' '))"
ON_POSTGRESQL = (f"CREATE INDEX ix_post_words_lexemes ON post_words USING gin ({_LEXEMES})",)


def upgrade() -> None:
    _make_versions()
    _make_what_stands_beside()
    connection = op.get_bind()
    connection.execute(
        sa.text(
            "INSERT INTO post_versions (id, post_id, language, slug, headline, lead, body, picture_name,"
            " picture_width, picture_height, picture_alt, picture_caption, saved_at, revision_number, made_from,"
            " shown_at) SELECT id, id, 'sv', slug, headline, lead, body, picture_name, picture_width,"
            " picture_height, picture_alt, picture_caption,"
            " COALESCE((SELECT max(saved_at) FROM post_revisions WHERE post_id = posts.id), created_at),"
            " COALESCE((SELECT max(number) FROM post_revisions WHERE post_id = posts.id), 0), NULL,"
            " published_at FROM posts"
        )
    )
    authors = sa.table(
        "post_authors", *(sa.column(name) for name in ("post_id", "place", "name", "role", "slug"))
    )
    bylines = connection.execute(sa.text("SELECT id, byline_name, byline_role FROM posts")).all()
    for post_id, name, role in bylines:
        row = {"post_id": post_id, "place": 0, "name": name, "role": role, "slug": _slug_of(name)}
        connection.execute(sa.insert(authors).values(**row))
    _let_them_lean_on_versions()
    _make_posts_a_frame()
    for statement in ON_SQLITE if connection.dialect.name == "sqlite" else ON_POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        op.execute("DROP TABLE post_index")
    op.drop_table("post_words")
    _make_posts_whole()
    _let_them_lean_on_posts()
    for table in ("post_previews", "post_partners", "post_authors", "post_tags", "tags", "post_towns"):
        op.drop_table(table)
    op.drop_table("post_versions")


# --- up ---------------------------------------------------------------------------------------------------------


def _make_versions() -> None:
    op.create_table(
        "post_versions",
        sa.Column("id", KEY, nullable=False),
        sa.Column("post_id", KEY, nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("headline", sa.String(length=150), nullable=False),
        sa.Column("lead", sa.String(length=600), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("picture_name", sa.String(length=64), nullable=True),
        sa.Column("picture_width", sa.Integer(), nullable=True),
        sa.Column("picture_height", sa.Integer(), nullable=True),
        sa.Column("picture_alt", sa.String(length=400), nullable=True),
        sa.Column("picture_caption", sa.String(length=300), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision_number", sa.Integer(), nullable=False),
        sa.Column("made_from", sa.Integer(), nullable=True),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "picture_name IS NULL OR picture_alt <> ''", name=op.f("ck_post_versions_picture_has_description")
        ),
        sa.CheckConstraint(
            "language <> 'sv' OR made_from IS NULL",
            name=op.f("ck_post_versions_swedish_is_made_from_nothing"),
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_post_versions_post_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_versions")),
        sa.UniqueConstraint("post_id", "language", name=op.f("uq_post_versions_post_id_language")),
        sa.UniqueConstraint("slug", name=op.f("uq_post_versions_slug")),
    )


def _make_what_stands_beside() -> None:
    op.create_table(
        "tags",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tags")),
        sa.UniqueConstraint("slug", name=op.f("uq_tags_slug")),
    )
    for table, column, other in (
        ("post_tags", "tag_id", "tags.id"),
        ("post_towns", "town_id", "towns.id"),
    ):
        op.create_table(
            table,
            sa.Column("post_id", KEY, nullable=False),
            sa.Column(column, KEY, nullable=False),
            sa.ForeignKeyConstraint(
                ["post_id"], ["posts.id"], name=op.f(f"fk_{table}_post_id"), ondelete="CASCADE"
            ),
            sa.ForeignKeyConstraint([column], [other], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE"),
            sa.PrimaryKeyConstraint("post_id", column, name=op.f(f"pk_{table}")),
        )
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    op.create_table(
        "post_authors",
        sa.Column("post_id", KEY, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=120), nullable=True),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_post_authors_post_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "place", name=op.f("pk_post_authors")),
    )
    op.create_index("ix_post_authors_slug", "post_authors", ["slug"])
    op.create_table(
        "post_partners",
        sa.Column("post_id", KEY, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("partner_id", KEY, nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.id"], name=op.f("fk_post_partners_partner_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_post_partners_post_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "place", name=op.f("pk_post_partners")),
    )
    op.create_index(op.f("ix_post_partners_partner_id"), "post_partners", ["partner_id"])
    op.create_table(
        "post_previews",
        sa.Column("id", KEY, nullable=False),
        sa.Column("post_id", KEY, nullable=False),
        sa.Column("for_whom", sa.String(length=80), nullable=True),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", KEY, nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["accounts.id"], name=op.f("fk_post_previews_made_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_post_previews_post_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_previews")),
        sa.UniqueConstraint("digest", name=op.f("uq_post_previews_digest")),
    )
    op.create_index(op.f("ix_post_previews_post_id"), "post_previews", ["post_id"])
    op.create_table(
        "post_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", KEY, nullable=False),
        sa.Column("of_headline", sa.String(), nullable=False),
        sa.Column("of_all", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["post_versions.id"], name=op.f("fk_post_words_version_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_words")),
        sa.UniqueConstraint("version_id", name=op.f("uq_post_words_version_id")),
    )


def _let_them_lean_on_versions() -> None:
    """A Swedish version has the id of its post, so the keys only change their name and what they lean on."""
    with op.batch_alter_table("post_revisions") as batch_op:
        batch_op.drop_constraint(op.f("fk_post_revisions_post_id"), type_="foreignkey")
        batch_op.drop_constraint(op.f("uq_post_revisions_post_id_number"), type_="unique")
        batch_op.alter_column(
            "post_id", new_column_name="version_id", existing_type=KEY, existing_nullable=False
        )
    with op.batch_alter_table("post_revisions") as batch_op:
        batch_op.create_foreign_key(
            op.f("fk_post_revisions_version_id"), "post_versions", ["version_id"], ["id"], ondelete="CASCADE"
        )
        batch_op.create_unique_constraint(
            op.f("uq_post_revisions_version_id_number"), ["version_id", "number"]
        )
    with op.batch_alter_table("former_slugs") as batch_op:
        batch_op.drop_index(op.f("ix_former_slugs_post_id"))
        batch_op.drop_constraint(op.f("fk_former_slugs_post_id"), type_="foreignkey")
        batch_op.alter_column(
            "post_id", new_column_name="version_id", existing_type=KEY, existing_nullable=False
        )
    with op.batch_alter_table("former_slugs") as batch_op:
        batch_op.create_foreign_key(
            op.f("fk_former_slugs_version_id"), "post_versions", ["version_id"], ["id"], ondelete="CASCADE"
        )
        batch_op.create_index(op.f("ix_former_slugs_version_id"), ["version_id"])


def _make_posts_a_frame() -> None:
    with op.batch_alter_table("posts") as batch_op:
        batch_op.drop_constraint(op.f("ck_posts_picture_has_description"), type_="check")
        batch_op.drop_constraint(op.f("uq_posts_slug"), type_="unique")
        for name in ("slug", "byline_name", "byline_role", *WORDS):
            batch_op.drop_column(name)
        batch_op.add_column(sa.Column("review_asked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("met_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("met_about", sa.String(length=200), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_posts_meeting_has_a_day"), "met_about IS NULL OR met_on IS NOT NULL"
        )


def _slug_of(name: str) -> str:
    """As foundation/text.py made it when this was written."""
    apart = unicodedata.normalize("NFKD", name[:2000])
    plain = "".join(sign for sign in apart if unicodedata.category(sign) not in ("Mn", "Cf")).casefold()
    words = re.findall(r"[a-z0-9]+", re.sub(r"[^\w\s]", "", re.sub(r"[-‐‑‒–—−_/]", " ", plain)))
    return "-".join(words)[:80].strip("-") or "skribent"


# --- down -------------------------------------------------------------------------------------------------------


def _make_posts_whole() -> None:
    with op.batch_alter_table("posts") as batch_op:
        batch_op.drop_constraint(op.f("ck_posts_meeting_has_a_day"), type_="check")
        for name in ("review_asked_at", "met_on", "met_about"):
            batch_op.drop_column(name)
        batch_op.add_column(sa.Column("slug", sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column("headline", sa.String(length=150), nullable=True))
        batch_op.add_column(sa.Column("lead", sa.String(length=600), nullable=True))
        batch_op.add_column(sa.Column("body", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("byline_name", sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column("byline_role", sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column("picture_name", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("picture_width", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("picture_height", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("picture_alt", sa.String(length=400), nullable=True))
        batch_op.add_column(sa.Column("picture_caption", sa.String(length=300), nullable=True))
    for name in ("slug", *WORDS):
        op.execute(
            f"UPDATE posts SET {name} = (SELECT {name} FROM post_versions"  # noqa: S608 - names from above # nosec B608
            " WHERE post_id = posts.id AND language = 'sv')"
        )
    for name, column in (("byline_name", "name"), ("byline_role", "role")):
        op.execute(
            f"UPDATE posts SET {name} = (SELECT {column} FROM post_authors"  # noqa: S608 - as above # nosec B608
            " WHERE post_id = posts.id AND place = 0)"
        )
    op.execute("UPDATE posts SET byline_name = '' WHERE byline_name IS NULL")
    with op.batch_alter_table("posts") as batch_op:
        for name, kind in (
            ("slug", sa.String(length=100)),
            ("headline", sa.String(length=150)),
            ("lead", sa.String(length=600)),
            ("body", sa.String()),
            ("byline_name", sa.String(length=120)),
        ):
            batch_op.alter_column(name, existing_type=kind, nullable=False)
        batch_op.create_unique_constraint(op.f("uq_posts_slug"), ["slug"])
        batch_op.create_check_constraint(
            op.f("ck_posts_picture_has_description"), "picture_name IS NULL OR picture_alt <> ''"
        )


def _let_them_lean_on_posts() -> None:
    swedish = "SELECT id FROM post_versions WHERE language = 'sv'"
    for table in ("post_revisions", "former_slugs"):
        op.execute(f"DELETE FROM {table} WHERE version_id NOT IN ({swedish})")  # noqa: S608 - as above # nosec B608
    with op.batch_alter_table("post_revisions") as batch_op:
        batch_op.drop_constraint(op.f("fk_post_revisions_version_id"), type_="foreignkey")
        batch_op.drop_constraint(op.f("uq_post_revisions_version_id_number"), type_="unique")
        batch_op.alter_column(
            "version_id", new_column_name="post_id", existing_type=KEY, existing_nullable=False
        )
    with op.batch_alter_table("former_slugs") as batch_op:
        batch_op.drop_index(op.f("ix_former_slugs_version_id"))
        batch_op.drop_constraint(op.f("fk_former_slugs_version_id"), type_="foreignkey")
        batch_op.alter_column(
            "version_id", new_column_name="post_id", existing_type=KEY, existing_nullable=False
        )
    for table in ("post_revisions", "former_slugs"):
        op.execute(
            f"UPDATE {table} SET post_id ="  # noqa: S608 - as above # nosec B608
            f" (SELECT post_id FROM post_versions WHERE post_versions.id = {table}.post_id)"
        )
    with op.batch_alter_table("post_revisions") as batch_op:
        batch_op.create_foreign_key(
            op.f("fk_post_revisions_post_id"), "posts", ["post_id"], ["id"], ondelete="CASCADE"
        )
        batch_op.create_unique_constraint(op.f("uq_post_revisions_post_id_number"), ["post_id", "number"])
    with op.batch_alter_table("former_slugs") as batch_op:
        batch_op.create_foreign_key(
            op.f("fk_former_slugs_post_id"), "posts", ["post_id"], ["id"], ondelete="CASCADE"
        )
        batch_op.create_index(op.f("ix_former_slugs_post_id"), ["post_id"])
