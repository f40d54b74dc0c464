"""Who pays for which town: the board, instalments, documents, promises, scenarios and proposals."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "forecast_snapshots",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("financed_to", sa.Date(), nullable=True),
        sa.Column("first_unpaid_on", sa.Date(), nullable=True),
        sa.Column("beyond", sa.Date(), nullable=True),
        sa.Column("balance_ore", sa.BigInteger(), nullable=True),
        sa.Column("course", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "state IN ('unknown', 'beyond', 'ends', 'not_next', 'ended')",
            name=op.f("ck_forecast_snapshots_known_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forecast_snapshots")),
        sa.UniqueConstraint("month", name=op.f("uq_forecast_snapshots_month")),
    )
    op.create_table(
        "packages",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("partner_kind", sa.String(length=20), nullable=False),
        sa.Column("size", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("ore", sa.BigInteger(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=400), nullable=False),
        sa.Column("thanks", sa.String(length=400), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size IN ('small', 'middle', 'large')", name=op.f("ck_packages_known_size")),
        sa.CheckConstraint("months BETWEEN 1 AND 36", name=op.f("ck_packages_lasts_a_while")),
        sa.CheckConstraint("ore > 0", name=op.f("ck_packages_costs_something")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_packages")),
        sa.UniqueConstraint("partner_kind", "size", name=op.f("uq_packages_partner_kind_size")),
    )
    op.create_table(
        "deadline_calendars",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column(
            "account_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("salt", sa.LargeBinary(length=16), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_deadline_calendars_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_calendars")),
        sa.UniqueConstraint("account_id", name=op.f("uq_deadline_calendars_account_id")),
    )
    op.create_table(
        "partner_imports",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("partner_count", sa.Integer(), nullable=False),
        sa.Column("contact_count", sa.Integer(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "undone_by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_partner_imports_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"],
            ["accounts.id"],
            name=op.f("fk_partner_imports_undone_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_imports")),
    )
    op.create_table(
        "saved_scenarios",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("query", sa.String(length=8000), nullable=False),
        sa.Column(
            "created_by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["accounts.id"],
            name=op.f("fk_saved_scenarios_created_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_scenarios")),
        sa.UniqueConstraint("name", name=op.f("uq_saved_scenarios_name")),
    )
    op.create_table(
        "imported_partner_things",
        sa.Column(
            "import_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column(
            "thing_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "kind IN ('partner', 'contact')", name=op.f("ck_imported_partner_things_known_kind")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["partner_imports.id"],
            name=op.f("fk_imported_partner_things_import_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("import_id", "thing_id", name=op.f("pk_imported_partner_things")),
    )

    op.create_table(
        "promises",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column(
            "agreement_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("owner_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('logo', 'concert', 'mention', 'visit', 'tickets', 'other')",
            name=op.f("ck_promises_known_kind"),
        ),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreements.id"], name=op.f("fk_promises_agreement_id")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["accounts.id"], name=op.f("fk_promises_owner_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promises")),
    )
    with op.batch_alter_table("promises", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_promises_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_promises_due_on"), ["due_on"], unique=False)

    op.create_table(
        "documents",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column(
            "agreement_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column(
            "deadline_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "added_by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["accounts.id"], name=op.f("fk_documents_added_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreements.id"], name=op.f("fk_documents_agreement_id")),
        sa.ForeignKeyConstraint(
            ["deadline_id"], ["deadlines.id"], name=op.f("fk_documents_deadline_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
    )
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_documents_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_documents_digest"), ["digest"], unique=False)

    op.create_table(
        "proposals",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column(
            "partner_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column(
            "opportunity_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column(
            "contact_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column("owner_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("intro", sa.String(length=2000), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("pick", sa.String(length=20), nullable=False),
        sa.Column("on_yes", sa.String(length=600), nullable=True),
        sa.Column("on_no", sa.String(length=600), nullable=True),
        sa.Column("thanks", sa.String(length=600), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("letter", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("link_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("link_digest", sa.LargeBinary(length=32), nullable=True),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("pick IN ('one', 'several')", name=op.f("ck_proposals_known_pick")),
        sa.CheckConstraint(
            "(link_digest IS NULL) = (answer_by IS NULL)", name=op.f("ck_proposals_a_link_ends")
        ),
        sa.CheckConstraint(
            "(link_digest IS NULL) = (link_id IS NULL)", name=op.f("ck_proposals_a_whole_link")
        ),
        sa.CheckConstraint(
            "(sent_at IS NULL) = (letter IS NULL)", name=op.f("ck_proposals_frozen_when_sent")
        ),
        sa.CheckConstraint(
            "(sent_at IS NULL) = (link_digest IS NULL)", name=op.f("ck_proposals_sent_with_a_link")
        ),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_proposals_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_proposals_contact_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["opportunity_id"], ["opportunities.id"], name=op.f("fk_proposals_opportunity_id")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["accounts.id"], name=op.f("fk_proposals_owner_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_proposals_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        sa.UniqueConstraint("link_digest", name=op.f("uq_proposals_link_digest")),
    )
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposals_opportunity_id"), ["opportunity_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposals_partner_id"), ["partner_id"], unique=False)
        batch_op.create_index("ix_proposals_sent_at", ["sent_at"], unique=False)

    op.create_table(
        "reminders_sent",
        sa.Column(
            "deadline_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("days_before", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["deadline_id"], ["deadlines.id"], name=op.f("fk_reminders_sent_deadline_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("deadline_id", "due_on", "days_before", name=op.f("pk_reminders_sent")),
    )
    op.create_table(
        "snapshot_asks",
        sa.Column(
            "snapshot_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column(
            "opportunity_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("chance_bp", sa.Integer(), nullable=False),
        sa.CheckConstraint("chance_bp BETWEEN 1 AND 9900", name=op.f("ck_snapshot_asks_never_certain")),
        sa.ForeignKeyConstraint(
            ["opportunity_id"],
            ["opportunities.id"],
            name=op.f("fk_snapshot_asks_opportunity_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_id"],
            ["forecast_snapshots.id"],
            name=op.f("fk_snapshot_asks_snapshot_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("snapshot_id", "opportunity_id", name=op.f("pk_snapshot_asks")),
    )
    with op.batch_alter_table("snapshot_asks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_snapshot_asks_opportunity_id"), ["opportunity_id"], unique=False)

    op.create_table(
        "snapshot_choirs",
        sa.Column(
            "snapshot_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column(
            "choir_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("financed_to", sa.Date(), nullable=True),
        sa.Column("first_unpaid_on", sa.Date(), nullable=True),
        sa.Column("beyond", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["choir_id"], ["choirs.id"], name=op.f("fk_snapshot_choirs_choir_id")),
        sa.ForeignKeyConstraint(
            ["snapshot_id"],
            ["forecast_snapshots.id"],
            name=op.f("fk_snapshot_choirs_snapshot_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("snapshot_id", "choir_id", name=op.f("pk_snapshot_choirs")),
    )
    with op.batch_alter_table("snapshot_choirs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_snapshot_choirs_choir_id"), ["choir_id"], unique=False)

    op.create_table(
        "proposal_answers",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column(
            "proposal_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("parts", sa.String(length=20), nullable=False),
        sa.Column("ore", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("words", sa.String(length=1000), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "noted_by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.CheckConstraint(
            "(kind = 'yes') = (ore > 0)", name=op.f("ck_proposal_answers_only_a_yes_is_worth_money")
        ),
        sa.CheckConstraint("kind IN ('yes', 'no', 'call')", name=op.f("ck_proposal_answers_known_kind")),
        sa.ForeignKeyConstraint(
            ["noted_by_id"],
            ["accounts.id"],
            name=op.f("fk_proposal_answers_noted_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_proposal_answers_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_answers")),
        sa.UniqueConstraint("proposal_id", "number", name=op.f("uq_proposal_answers_proposal_id_number")),
    )
    op.create_table(
        "proposal_choirs",
        sa.Column(
            "proposal_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column(
            "choir_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(["choir_id"], ["choirs.id"], name=op.f("fk_proposal_choirs_choir_id")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_proposal_choirs_proposal_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("proposal_id", "choir_id", name=op.f("pk_proposal_choirs")),
    )
    with op.batch_alter_table("proposal_choirs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_choirs_choir_id"), ["choir_id"], unique=False)

    op.create_table(
        "proposal_parts",
        sa.Column(
            "proposal_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("ore", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.String(length=400), nullable=False),
        sa.CheckConstraint("ore > 0", name=op.f("ck_proposal_parts_costs_something")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_proposal_parts_proposal_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("proposal_id", "number", name=op.f("pk_proposal_parts")),
    )
    with op.batch_alter_table("agreements", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reference", sa.String(length=80), nullable=True))
        batch_op.add_column(
            sa.Column(
                "owner_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
            )
        )
        batch_op.add_column(sa.Column("note", sa.String(length=2000), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column(
                "changed_by_id",
                sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"),
                nullable=True,
            )
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_agreements_owner_id"), "accounts", ["owner_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_agreements_changed_by_id"),
            "accounts",
            ["changed_by_id"],
            ["id"],
            ondelete="SET NULL",
        )

    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("before", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("after", sa.JSON(none_as_null=True), nullable=True))

    with op.batch_alter_table("deadlines", schema=None) as batch_op:
        batch_op.add_column(sa.Column("note", sa.String(length=400), nullable=True))
        batch_op.add_column(sa.Column("day_said_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(
            sa.Column(
                "changed_by_id",
                sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"),
                nullable=True,
            )
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_deadlines_changed_by_id"),
            "accounts",
            ["changed_by_id"],
            ["id"],
            ondelete="SET NULL",
        )

    with op.batch_alter_table("instalments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_instalments_deadline_id"), ["deadline_id"], unique=False)
        batch_op.drop_constraint(op.f("ck_instalments_known_condition"), type_="check")
    op.execute("UPDATE instalments SET condition = 'report' WHERE condition = 'report_approved'")
    op.execute("UPDATE instalments SET condition = 'date' WHERE condition = 'none'")
    with op.batch_alter_table("instalments", schema=None) as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_instalments_known_condition"), "condition IN ('date', 'invoice', 'report')"
        )

    with op.batch_alter_table("opportunities", schema=None) as batch_op:
        batch_op.add_column(sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column(
                "changed_by_id",
                sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"),
                nullable=True,
            )
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_opportunities_changed_by_id"),
            "accounts",
            ["changed_by_id"],
            ["id"],
            ondelete="SET NULL",
        )

    with op.batch_alter_table("programmes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))

    with op.batch_alter_table("stage_moves", schema=None) as batch_op:
        batch_op.add_column(sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column(
                "undone_by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
            )
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_stage_moves_undone_by_id"),
            "accounts",
            ["undone_by_id"],
            ["id"],
            ondelete="SET NULL",
        )
    with op.batch_alter_table("agreements") as batch_op:
        batch_op.alter_column("version", existing_type=sa.Integer(), server_default=None)
    with op.batch_alter_table("deadlines") as batch_op:
        batch_op.alter_column("version", existing_type=sa.Integer(), server_default=None)
    with op.batch_alter_table("programmes") as batch_op:
        batch_op.alter_column("version", existing_type=sa.Integer(), server_default=None)
    op.execute("UPDATE opportunities SET changed_at = created_at")
    with op.batch_alter_table("opportunities") as batch_op:
        batch_op.alter_column("changed_at", existing_type=sa.DateTime(timezone=True), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("stage_moves", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_stage_moves_undone_by_id"), type_="foreignkey")
        batch_op.drop_column("undone_by_id")
        batch_op.drop_column("undone_at")

    with op.batch_alter_table("programmes", schema=None) as batch_op:
        batch_op.drop_column("version")
        batch_op.drop_column("closed_at")

    with op.batch_alter_table("opportunities", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_opportunities_changed_by_id"), type_="foreignkey")
        batch_op.drop_column("changed_by_id")
        batch_op.drop_column("changed_at")

    with op.batch_alter_table("instalments", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_instalments_known_condition"), type_="check")
        batch_op.drop_index(batch_op.f("ix_instalments_deadline_id"))
    op.execute("UPDATE instalments SET condition = 'report_approved' WHERE condition = 'report'")
    with op.batch_alter_table("instalments", schema=None) as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_instalments_known_condition"),
            "condition IN ('none', 'report_approved', 'invoice', 'date')",
        )

    with op.batch_alter_table("deadlines", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_deadlines_changed_by_id"), type_="foreignkey")
        batch_op.drop_column("changed_by_id")
        batch_op.drop_column("version")
        batch_op.drop_column("day_said_on")
        batch_op.drop_column("note")

    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.drop_column("after")
        batch_op.drop_column("before")

    with op.batch_alter_table("agreements", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_agreements_changed_by_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_agreements_owner_id"), type_="foreignkey")
        batch_op.drop_column("changed_by_id")
        batch_op.drop_column("changed_at")
        batch_op.drop_column("version")
        batch_op.drop_column("note")
        batch_op.drop_column("owner_id")
        batch_op.drop_column("reference")

    op.drop_table("proposal_parts")
    op.drop_table("proposal_choirs")
    op.drop_table("proposal_answers")
    op.drop_table("snapshot_choirs")
    op.drop_table("snapshot_asks")
    op.drop_table("reminders_sent")
    op.drop_table("proposals")
    op.drop_table("documents")
    op.drop_table("promises")
    op.drop_table("imported_partner_things")
    op.drop_table("saved_scenarios")
    op.drop_table("partner_imports")
    op.drop_table("deadline_calendars")
    op.drop_table("packages")
    op.drop_table("forecast_snapshots")
