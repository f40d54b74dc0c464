"""News that an editor enjoys: pictures and who is in them, what is typed and not saved, figures, letters, tips, readings.

The index of what is searched gets the headlines apart. Going down, a picture without words is described by the
headline, as every picture had to be described before.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INDEX_BEFORE = (
    "CREATE VIRTUAL TABLE post_index USING fts5(of_all, content='post_words', content_rowid='id', tokenize=ascii)",
    (
        "CREATE TRIGGER post_words_come AFTER INSERT ON post_words BEGIN"
        " INSERT INTO post_index (rowid, of_all) VALUES (new.id, new.of_all); END"
    ),
    (
        "CREATE TRIGGER post_words_go AFTER DELETE ON post_words BEGIN"
        " INSERT INTO post_index (post_index, rowid, of_all) VALUES ('delete', old.id, old.of_all); END"
    ),
    (
        "CREATE TRIGGER post_words_change AFTER UPDATE ON post_words BEGIN"
        " INSERT INTO post_index (post_index, rowid, of_all) VALUES ('delete', old.id, old.of_all);"
        " INSERT INTO post_index (rowid, of_all) VALUES (new.id, new.of_all); END"
    ),
)
INDEX_NOW = (
    (
        "CREATE VIRTUAL TABLE post_index USING fts5(of_headline, of_all, content='post_words', content_rowid='id',"
        " detail=column, tokenize=ascii)"
    ),
    (
        "CREATE TRIGGER post_words_come AFTER INSERT ON post_words BEGIN"
        " INSERT INTO post_index (rowid, of_headline, of_all) VALUES (new.id, new.of_headline, new.of_all); END"
    ),
    (
        "CREATE TRIGGER post_words_go AFTER DELETE ON post_words BEGIN"
        " INSERT INTO post_index (post_index, rowid, of_headline, of_all)"
        " VALUES ('delete', old.id, old.of_headline, old.of_all); END"
    ),
    (
        "CREATE TRIGGER post_words_change AFTER UPDATE ON post_words BEGIN"
        " INSERT INTO post_index (post_index, rowid, of_headline, of_all)"
        " VALUES ('delete', old.id, old.of_headline, old.of_all);"
        " INSERT INTO post_index (rowid, of_headline, of_all) VALUES (new.id, new.of_headline, new.of_all); END"
    ),
)
LEXEMES_BEFORE = "array_to_tsvector(string_to_array(btrim(of_all), ' '))"
LEXEMES_NOW = f"array_to_tsvector(string_to_array(btrim(of_headline), ' ')), {LEXEMES_BEFORE}"


def upgrade() -> None:
    op.create_table(
        "day_counts",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("about", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_day_counts_something_was_opened")),
        sa.PrimaryKeyConstraint("day", "kind", "about", "language", name=op.f("pk_day_counts")),
    )
    op.create_table(
        "subscribers",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("page_language", sa.String(length=20), nullable=False),
        sa.Column("is_about_all", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("former_digest", sa.LargeBinary(length=32), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consent_words", sa.String(length=600), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rests_since", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscribers")),
        sa.UniqueConstraint("digest", name=op.f("uq_subscribers_digest")),
        sa.UniqueConstraint("email", name=op.f("uq_subscribers_email")),
    )
    with op.batch_alter_table("subscribers") as batch_op:
        batch_op.create_index(batch_op.f("ix_subscribers_former_digest"), ["former_digest"], unique=False)

    op.create_table(
        "tip_senders",
        sa.Column("mark", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("tip_count", sa.Integer(), nullable=False),
        sa.CheckConstraint("tip_count > 0", name=op.f("ck_tip_senders_somebody_sent")),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_tip_senders")),
    )
    with op.batch_alter_table("tip_senders") as batch_op:
        batch_op.create_index(batch_op.f("ix_tip_senders_sent_on"), ["sent_on"], unique=False)

    op.create_table(
        "explained_words",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("word", sa.String(length=60), nullable=False),
        sa.Column("stem", sa.String(length=64), nullable=False),
        sa.Column("meaning", sa.String(length=200), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "added_by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["accounts.id"], name=op.f("fk_explained_words_added_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_explained_words")),
        sa.UniqueConstraint("stem", name=op.f("uq_explained_words_stem")),
    )
    op.create_table(
        "kept_pictures",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("has_crops", sa.Boolean(), nullable=False),
        sa.Column("focal_x_bp", sa.Integer(), nullable=False),
        sa.Column("focal_y_bp", sa.Integer(), nullable=False),
        sa.Column("taken_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "taken_in_by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column("nobody_said_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "nobody_said_by_id",
            sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"),
            nullable=True,
        ),
        sa.Column("withheld_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("focal_x_bp BETWEEN 0 AND 10000", name=op.f("ck_kept_pictures_focal_x_is_within")),
        sa.CheckConstraint("focal_y_bp BETWEEN 0 AND 10000", name=op.f("ck_kept_pictures_focal_y_is_within")),
        sa.ForeignKeyConstraint(
            ["nobody_said_by_id"],
            ["accounts.id"],
            name=op.f("fk_kept_pictures_nobody_said_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["taken_in_by_id"],
            ["accounts.id"],
            name=op.f("fk_kept_pictures_taken_in_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_kept_pictures")),
    )
    with op.batch_alter_table("kept_pictures") as batch_op:
        batch_op.create_index(batch_op.f("ix_kept_pictures_taken_in_at"), ["taken_in_at"], unique=False)

    op.create_table(
        "subscriber_towns",
        sa.Column(
            "subscriber_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("town_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            name=op.f("fk_subscriber_towns_subscriber_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["town_id"], ["towns.id"], name=op.f("fk_subscriber_towns_town_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("subscriber_id", "town_id", name=op.f("pk_subscriber_towns")),
    )
    with op.batch_alter_table("subscriber_towns") as batch_op:
        batch_op.create_index(batch_op.f("ix_subscriber_towns_town_id"), ["town_id"], unique=False)

    op.create_table(
        "deliveries",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("post_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column(
            "subscriber_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'claimed', 'sent', 'left_out', 'given_up', 'unsure')",
            name=op.f("ck_deliveries_known_state"),
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_deliveries_post_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            name=op.f("fk_deliveries_subscriber_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("post_id", "subscriber_id", name=op.f("uq_deliveries_post_id_subscriber_id")),
    )
    with op.batch_alter_table("deliveries") as batch_op:
        batch_op.create_index("ix_deliveries_state_try_at", ["state", "try_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_deliveries_subscriber_id"), ["subscriber_id"], unique=False)

    op.create_table(
        "frozen_figures",
        sa.Column("post_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("is_about", sa.Boolean(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("measured_on", sa.Date(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_frozen_figures_post_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "name", name=op.f("pk_frozen_figures")),
    )
    op.create_table(
        "mailings",
        sa.Column("post_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_mailings_post_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_mailings")),
    )
    op.create_table(
        "people_in_pictures",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("picture_name", sa.String(length=64), nullable=False),
        sa.Column("called", sa.String(length=120), nullable=True),
        sa.Column("is_under_18", sa.Boolean(), nullable=False),
        sa.Column("guardian", sa.String(length=120), nullable=True),
        sa.Column("agreed_how", sa.String(length=20), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "noted_by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "NOT is_under_18 OR guardian IS NOT NULL OR called IS NULL",
            name=op.f("ck_people_in_pictures_guardian_agreed_for_a_child"),
        ),
        sa.CheckConstraint(
            "called IS NOT NULL OR withdrawn_at IS NOT NULL",
            name=op.f("ck_people_in_pictures_who_is_erased_has_withdrawn"),
        ),
        sa.ForeignKeyConstraint(
            ["noted_by_id"],
            ["accounts.id"],
            name=op.f("fk_people_in_pictures_noted_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["picture_name"],
            ["kept_pictures.name"],
            name=op.f("fk_people_in_pictures_picture_name"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_in_pictures")),
    )
    with op.batch_alter_table("people_in_pictures") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_people_in_pictures_picture_name"), ["picture_name"], unique=False
        )

    op.create_table(
        "post_corrections",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("post_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "noted_by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column("words", sa.String(length=600), nullable=True),
        sa.Column("figure", sa.String(length=60), nullable=True),
        sa.Column("value_before", sa.Integer(), nullable=True),
        sa.Column("value_after", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(words IS NULL) <> (figure IS NULL)", name=op.f("ck_post_corrections_says_words_or_a_figure")
        ),
        sa.CheckConstraint(
            "figure IS NULL OR (value_before IS NOT NULL AND value_after IS NOT NULL)",
            name=op.f("ck_post_corrections_figure_has_both_values"),
        ),
        sa.ForeignKeyConstraint(
            ["noted_by_id"],
            ["accounts.id"],
            name=op.f("fk_post_corrections_noted_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_post_corrections_post_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_corrections")),
    )
    with op.batch_alter_table("post_corrections") as batch_op:
        batch_op.create_index(batch_op.f("ix_post_corrections_post_id"), ["post_id"], unique=False)

    op.create_table(
        "post_writers",
        sa.Column("post_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column(
            "account_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_post_writers_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_post_writers_post_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "account_id", "language", name=op.f("pk_post_writers")),
    )
    with op.batch_alter_table("post_writers") as batch_op:
        batch_op.create_index("ix_post_writers_seen_at", ["seen_at"], unique=False)

    op.create_table(
        "tips",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(length=4000), nullable=False),
        sa.Column("where", sa.String(length=120), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("put_aside_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("post_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_tips_post_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tips")),
    )
    with op.batch_alter_table("tips") as batch_op:
        batch_op.create_index(batch_op.f("ix_tips_came_at"), ["came_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_tips_post_id"), ["post_id"], unique=False)

    op.create_table(
        "unsaved_texts",
        sa.Column(
            "account_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("place", sa.String(length=60), nullable=False),
        sa.Column("post_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_unsaved_texts_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_unsaved_texts_post_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "place", name=op.f("pk_unsaved_texts")),
    )
    with op.batch_alter_table("unsaved_texts") as batch_op:
        batch_op.create_index(batch_op.f("ix_unsaved_texts_post_id"), ["post_id"], unique=False)

    with op.batch_alter_table("post_revisions") as batch_op:
        batch_op.add_column(
            sa.Column("picture_is_decorative", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    with op.batch_alter_table("post_versions") as batch_op:
        batch_op.add_column(
            sa.Column("picture_is_decorative", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.drop_constraint(op.f("ck_post_versions_picture_has_description"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_post_versions_decorative_picture_is_not_described"),
            "NOT picture_is_decorative OR picture_alt IS NULL",
        )
    op.execute(
        "INSERT INTO kept_pictures"
        " (name, width, height, has_crops, focal_x_bp, focal_y_bp, taken_in_at)"
        " SELECT picture_name, max(picture_width), max(picture_height), false, 5000, 5000, min(saved_at)"
        " FROM (SELECT picture_name, picture_width, picture_height, saved_at FROM post_versions"
        " UNION ALL SELECT picture_name, picture_width, picture_height, saved_at FROM post_revisions) AS shown"
        " WHERE picture_name IS NOT NULL GROUP BY picture_name"
    )
    _index_anew(INDEX_NOW, LEXEMES_NOW)


def downgrade() -> None:
    _index_anew(INDEX_BEFORE, LEXEMES_BEFORE)
    with op.batch_alter_table("post_versions") as batch_op:
        batch_op.drop_constraint(op.f("ck_post_versions_decorative_picture_is_not_described"), type_="check")
        batch_op.drop_column("picture_is_decorative")
    op.execute(
        "UPDATE post_versions SET picture_alt = headline WHERE picture_name IS NOT NULL"
        " AND (picture_alt IS NULL OR picture_alt = '')"
    )
    with op.batch_alter_table("post_versions") as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_post_versions_picture_has_description"), "picture_name IS NULL OR picture_alt <> ''"
        )
    with op.batch_alter_table("post_revisions") as batch_op:
        batch_op.drop_column("picture_is_decorative")
    op.drop_table("unsaved_texts")
    op.drop_table("tips")
    op.drop_table("post_writers")
    op.drop_table("post_corrections")
    op.drop_table("people_in_pictures")
    op.drop_table("mailings")
    op.drop_table("frozen_figures")
    op.drop_table("deliveries")
    op.drop_table("subscriber_towns")
    op.drop_table("kept_pictures")
    op.drop_table("explained_words")
    op.drop_table("tip_senders")
    op.drop_table("subscribers")
    op.drop_table("day_counts")


def _index_anew(on_sqlite: tuple[str, ...], lexemes: str) -> None:
    """Make the index of stems again from what `post_words` holds; SQLite's is kept in step by triggers."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX ix_post_words_lexemes")
        op.execute(f"CREATE INDEX ix_post_words_lexemes ON post_words USING gin ({lexemes})")
        return
    for trigger in ("come", "go", "change"):
        op.execute(f"DROP TRIGGER post_words_{trigger}")
    op.execute("DROP TABLE post_index")
    for statement in on_sqlite:
        op.execute(statement)
    op.execute("INSERT INTO post_index (post_index) VALUES ('rebuild')")
