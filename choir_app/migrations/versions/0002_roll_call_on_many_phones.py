"""Roll call on many phones: loans, replies, merging, study lists, calendars and imports."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "loans",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column(
            "rehearsal_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column(
            "lent_by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column(
            "to_account_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column("to_name", sa.String(length=80), nullable=True),
        sa.Column("link_digest", sa.LargeBinary(length=32), nullable=True),
        sa.Column("lent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(to_account_id IS NULL) <> (link_digest IS NULL)", name=op.f("ck_loans_to_an_account_or_by_link")
        ),
        sa.ForeignKeyConstraint(
            ["lent_by_id"], ["accounts.id"], name=op.f("fk_loans_lent_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["rehearsal_id"], ["rehearsals.id"], name=op.f("fk_loans_rehearsal_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["to_account_id"], ["accounts.id"], name=op.f("fk_loans_to_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loans")),
        sa.UniqueConstraint("link_digest", name=op.f("uq_loans_link_digest")),
    )
    with op.batch_alter_table("loans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_loans_rehearsal_id"), ["rehearsal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_loans_to_account_id"), ["to_account_id"], unique=False)

    with op.batch_alter_table("acts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("outcome", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("may_be_told", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("why", sa.String(length=200), nullable=True))
        batch_op.add_column(
            sa.Column(
                "loan_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
            )
        )
        batch_op.add_column(
            sa.Column(
                "settles_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
            )
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_acts_loan_id"), "loans", ["loan_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.drop_constraint(op.f("ck_acts_known_kind"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_acts_known_kind"), "kind IN ('mark', 'guests', 'newcomer', 'done', 'note', 'outcome')"
        )
        batch_op.drop_constraint(op.f("ck_acts_marks_have_singers"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_acts_marks_have_singers"),
            "kind = 'outcome' OR (kind IN ('mark', 'newcomer')) = (singer_id IS NOT NULL)",
        )
        batch_op.create_check_constraint(
            op.f("ck_acts_known_outcome"),
            "outcome IS NULL OR kind = 'outcome' AND outcome IN "
            "('housing', 'job', 'internship', 'language', 'friendship', 'health', 'other')",
        )
        batch_op.create_check_constraint(
            op.f("ck_acts_health_names_nobody"), "outcome <> 'health' OR singer_id IS NULL"
        )

    with op.batch_alter_table("refused_acts", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "loan_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
            )
        )
        batch_op.add_column(sa.Column("dealt_with_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column(
                "dealt_with_by_id",
                sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"),
                nullable=True,
            )
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_refused_acts_loan_id"), "loans", ["loan_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_refused_acts_dealt_with_by_id"),
            "accounts",
            ["dealt_with_by_id"],
            ["id"],
            ondelete="SET NULL",
        )

    with op.batch_alter_table("rehearsals", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sequence", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("singers", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("may_be_written_to", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(
            sa.Column(
                "buddy_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
            )
        )
        batch_op.add_column(
            sa.Column(
                "merged_into_id",
                sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"),
                nullable=True,
            )
        )
        batch_op.create_index(batch_op.f("ix_singers_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_singers_buddy_id"), "singers", ["buddy_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_singers_merged_into_id"),
            "singers",
            ["merged_into_id"],
            ["id"],
            ondelete="SET NULL",
        )
    _fill_what_is_new()


def _fill_what_is_new() -> None:
    rehearsals = sa.table("rehearsals", sa.column("changed_at", sa.DateTime(timezone=True)))
    op.execute(
        rehearsals.update().values(
            changed_at=sa.bindparam("now", datetime.now(UTC), sa.DateTime(timezone=True))
        )
    )
    with op.batch_alter_table("rehearsals") as batch_op:
        batch_op.alter_column("changed_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.alter_column("sequence", existing_type=sa.Integer(), server_default=None)
    with op.batch_alter_table("singers") as batch_op:
        batch_op.alter_column("may_be_written_to", existing_type=sa.Boolean(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("singers", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_singers_merged_into_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_singers_buddy_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_singers_merged_into_id"))
        batch_op.drop_column("merged_into_id")
        batch_op.drop_column("buddy_id")
        batch_op.drop_column("may_be_written_to")

    with op.batch_alter_table("rehearsals", schema=None) as batch_op:
        batch_op.drop_column("changed_at")
        batch_op.drop_column("sequence")

    with op.batch_alter_table("refused_acts", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_refused_acts_dealt_with_by_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_refused_acts_loan_id"), type_="foreignkey")
        batch_op.drop_column("dealt_with_by_id")
        batch_op.drop_column("dealt_with_at")
        batch_op.drop_column("loan_id")

    op.execute("DELETE FROM acts WHERE kind = 'outcome'")
    with op.batch_alter_table("acts", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_acts_health_names_nobody"), type_="check")
        batch_op.drop_constraint(op.f("ck_acts_known_outcome"), type_="check")
        batch_op.drop_constraint(op.f("ck_acts_marks_have_singers"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_acts_marks_have_singers"), "(kind IN ('mark', 'newcomer')) = (singer_id IS NOT NULL)"
        )
        batch_op.drop_constraint(op.f("ck_acts_known_kind"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_acts_known_kind"), "kind IN ('mark', 'guests', 'newcomer', 'done', 'note')"
        )
        batch_op.drop_constraint(batch_op.f("fk_acts_loan_id"), type_="foreignkey")
        batch_op.drop_column("settles_id")
        batch_op.drop_column("loan_id")
        batch_op.drop_column("why")
        batch_op.drop_column("may_be_told")
        batch_op.drop_column("outcome")

    op.drop_table("loans")
