"""Roll call on many phones: loans, replies, merging, study lists, calendars and imports.

Also what a partner's contacts do, programmes and opportunities, and the instalments of agreements.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exclusive_groups",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exclusive_groups")),
    )
    op.create_table(
        "readings",
        sa.Column("read_on", sa.Date(), nullable=False),
        sa.Column("by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column(
            "subject_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("read_on", "by_id", "subject", "subject_id", name=op.f("pk_readings")),
    )
    with op.batch_alter_table("readings", schema=None) as batch_op:
        batch_op.create_index("ix_readings_subject_id_read_on", ["subject_id", "read_on"], unique=False)

    op.create_table(
        "stage_chances",
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("new_bp", sa.Integer(), nullable=False),
        sa.Column("known_bp", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "stage IN ('idea', 'talking', 'applied', 'pledged')", name=op.f("ck_stage_chances_open_stage")
        ),
        sa.CheckConstraint(
            "new_bp BETWEEN 1 AND 9900 AND known_bp BETWEEN 1 AND 9900",
            name=op.f("ck_stage_chances_never_certain"),
        ),
        sa.PrimaryKeyConstraint("stage", name=op.f("pk_stage_chances")),
    )
    op.create_table(
        "study_associations",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "last_on IS NULL OR last_on >= first_on", name=op.f("ck_study_associations_dates_in_order")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_associations")),
        sa.UniqueConstraint("name", name=op.f("uq_study_associations_name")),
    )
    op.create_table(
        "calendar_keys",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column(
            "account_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("salt", sa.LargeBinary(length=16), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_calendar_keys_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_keys")),
        sa.UniqueConstraint("account_id", name=op.f("uq_calendar_keys_account_id")),
    )
    op.create_table(
        "programmes",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column(
            "partner_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("website", sa.String(length=300), nullable=True),
        sa.Column("opens_on", sa.Date(), nullable=True),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("decision_lead_days", sa.Integer(), nullable=False),
        sa.Column("payout_lag_days", sa.Integer(), nullable=False),
        sa.Column("min_ore", sa.BigInteger(), nullable=True),
        sa.Column("max_ore", sa.BigInteger(), nullable=True),
        sa.Column("own_share_bp", sa.Integer(), nullable=False),
        sa.Column("wants_new", sa.Boolean(), nullable=False),
        sa.Column("wants_no_other", sa.Boolean(), nullable=False),
        sa.Column("success_bp", sa.Integer(), nullable=True),
        sa.Column("rules", sa.String(length=4000), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column(
            "checked_by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "closes_on IS NULL OR opens_on IS NULL OR closes_on >= opens_on",
            name=op.f("ck_programmes_dates_in_order"),
        ),
        sa.CheckConstraint(
            "decision_lead_days >= 0 AND payout_lag_days >= 0", name=op.f("ck_programmes_no_time_backwards")
        ),
        sa.CheckConstraint(
            "min_ore IS NULL OR max_ore IS NULL OR max_ore >= min_ore",
            name=op.f("ck_programmes_sums_in_order"),
        ),
        sa.CheckConstraint("own_share_bp BETWEEN 0 AND 10000", name=op.f("ck_programmes_an_own_share")),
        sa.CheckConstraint(
            "success_bp IS NULL OR success_bp BETWEEN 0 AND 10000", name=op.f("ck_programmes_a_share")
        ),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["accounts.id"], name=op.f("fk_programmes_checked_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_programmes_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programmes")),
    )
    with op.batch_alter_table("programmes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_programmes_partner_id"), ["partner_id"], unique=False)

    op.create_table(
        "study_rules",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "association_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "added_by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.CheckConstraint(
            "form IN ('circle', 'other', 'culture', 'any')", name=op.f("ck_study_rules_known_form")
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_study_rules_dates_in_order")
        ),
        sa.CheckConstraint("value >= 0", name=op.f("ck_study_rules_value_not_below_zero")),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["accounts.id"], name=op.f("fk_study_rules_added_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["association_id"], ["study_associations.id"], name=op.f("fk_study_rules_association_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_rules")),
    )
    with op.batch_alter_table("study_rules", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_study_rules_association_id"), ["association_id"], unique=False)

    op.create_table(
        "away_spans",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column(
            "singer_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "said_by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_away_spans_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["said_by_id"], ["accounts.id"], name=op.f("fk_away_spans_said_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["singer_id"], ["singers.id"], name=op.f("fk_away_spans_singer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_away_spans")),
    )
    with op.batch_alter_table("away_spans", schema=None) as batch_op:
        batch_op.create_index("ix_away_spans_singer_id_last_on", ["singer_id", "last_on"], unique=False)

    op.create_table(
        "not_the_same",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("one_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column(
            "other_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_not_the_same_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["one_id"], ["singers.id"], name=op.f("fk_not_the_same_one_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["singers.id"], name=op.f("fk_not_the_same_other_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_not_the_same")),
        sa.UniqueConstraint("one_id", "other_id", name=op.f("uq_not_the_same_one_id_other_id")),
    )
    with op.batch_alter_table("not_the_same", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_not_the_same_other_id"), ["other_id"], unique=False)

    op.create_table(
        "opportunities",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column(
            "partner_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column(
            "programme_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("why", sa.String(length=1000), nullable=True),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("stage_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ask_ore", sa.BigInteger(), nullable=True),
        sa.Column("own_bp", sa.Integer(), nullable=True),
        sa.Column("own_bp_reason", sa.String(length=400), nullable=True),
        sa.Column("own_bp_on", sa.Date(), nullable=True),
        sa.Column(
            "exclusive_group_id",
            sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"),
            nullable=True,
        ),
        sa.Column("applied_on", sa.Date(), nullable=True),
        sa.Column("decision_on", sa.Date(), nullable=True),
        sa.Column("payout_lag_days", sa.Integer(), nullable=False),
        sa.Column("usable_from", sa.Date(), nullable=True),
        sa.Column("usable_to", sa.Date(), nullable=True),
        sa.Column("allocation", sa.String(length=20), nullable=False),
        sa.Column(
            "contact_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column("owner_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("said_yes", sa.String(length=400), nullable=True),
        sa.Column("lost_reason", sa.String(length=400), nullable=True),
        sa.Column("ask_again_on", sa.Date(), nullable=True),
        sa.Column(
            "agreement_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(stage = 'agreed') = (agreement_id IS NOT NULL)",
            name=op.f("ck_opportunities_agreed_has_an_agreement"),
        ),
        sa.CheckConstraint(
            "allocation IN ('choirs', 'town', 'all')", name=op.f("ck_opportunities_known_allocation")
        ),
        sa.CheckConstraint(
            "stage IN ('idea', 'talking', 'applied', 'pledged', 'agreed', 'declined', 'withdrawn', 'dormant')",
            name=op.f("ck_opportunities_known_stage"),
        ),
        sa.CheckConstraint(
            "ask_ore IS NULL OR ask_ore > 0", name=op.f("ck_opportunities_asks_for_something")
        ),
        sa.CheckConstraint(
            "own_bp IS NULL OR own_bp BETWEEN 1 AND 9900", name=op.f("ck_opportunities_never_certain")
        ),
        sa.CheckConstraint(
            "own_bp IS NULL OR own_bp_reason IS NOT NULL",
            name=op.f("ck_opportunities_an_own_chance_has_a_reason"),
        ),
        sa.CheckConstraint(
            "usable_to IS NULL OR usable_from IS NULL OR usable_to >= usable_from",
            name=op.f("ck_opportunities_dates_in_order"),
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreements.id"], name=op.f("fk_opportunities_agreement_id")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_opportunities_contact_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["exclusive_group_id"],
            ["exclusive_groups.id"],
            name=op.f("fk_opportunities_exclusive_group_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["accounts.id"], name=op.f("fk_opportunities_owner_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_opportunities_partner_id")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes.id"], name=op.f("fk_opportunities_programme_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opportunities")),
        sa.UniqueConstraint("agreement_id", name=op.f("uq_opportunities_agreement_id")),
    )
    with op.batch_alter_table("opportunities", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_opportunities_exclusive_group_id"), ["exclusive_group_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_opportunities_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_opportunities_partner_id"), ["partner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_opportunities_programme_id"), ["programme_id"], unique=False)
        batch_op.create_index("ix_opportunities_stage", ["stage"], unique=False)

    op.create_table(
        "programme_towns",
        sa.Column(
            "programme_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("town_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programmes.id"],
            name=op.f("fk_programme_towns_programme_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["town_id"], ["towns.id"], name=op.f("fk_programme_towns_town_id")),
        sa.PrimaryKeyConstraint("programme_id", "town_id", name=op.f("pk_programme_towns")),
    )
    with op.batch_alter_table("programme_towns", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_programme_towns_town_id"), ["town_id"], unique=False)

    op.create_table(
        "reply_links",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column(
            "singer_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "made_by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["accounts.id"], name=op.f("fk_reply_links_made_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["singer_id"], ["singers.id"], name=op.f("fk_reply_links_singer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_links")),
        sa.UniqueConstraint("digest", name=op.f("uq_reply_links_digest")),
    )
    with op.batch_alter_table("reply_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reply_links_singer_id"), ["singer_id"], unique=False)

    op.create_table(
        "singer_merges",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column(
            "duplicate_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("into_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("moved", sa.String(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "undone_by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.CheckConstraint("duplicate_id <> into_id", name=op.f("ck_singer_merges_two_rows")),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_singer_merges_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["duplicate_id"], ["singers.id"], name=op.f("fk_singer_merges_duplicate_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["into_id"], ["singers.id"], name=op.f("fk_singer_merges_into_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["accounts.id"], name=op.f("fk_singer_merges_undone_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_singer_merges")),
    )
    with op.batch_alter_table("singer_merges", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_singer_merges_duplicate_id"), ["duplicate_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_singer_merges_into_id"), ["into_id"], unique=False)

    op.create_table(
        "imports",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column(
            "choir_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("singer_count", sa.Integer(), nullable=False),
        sa.Column("rehearsal_count", sa.Integer(), nullable=False),
        sa.Column("mark_count", sa.Integer(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "undone_by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_imports_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["choir_id"], ["choirs.id"], name=op.f("fk_imports_choir_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["accounts.id"], name=op.f("fk_imports_undone_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    with op.batch_alter_table("imports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_imports_choir_id"), ["choir_id"], unique=False)

    op.create_table(
        "instalments",
        sa.Column(
            "agreement_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("ore", sa.BigInteger(), nullable=False),
        sa.Column("condition", sa.String(length=20), nullable=False),
        sa.Column(
            "deadline_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column("lag_days", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=True),
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "noted_by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column(
            "reverses_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.CheckConstraint(
            "condition IN ('none', 'report_approved', 'invoice', 'date')",
            name=op.f("ck_instalments_known_condition"),
        ),
        sa.CheckConstraint("lag_days >= 0", name=op.f("ck_instalments_no_time_backwards")),
        sa.CheckConstraint("reverses_id IS NOT NULL OR ore > 0", name=op.f("ck_instalments_pays_something")),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreements.id"], name=op.f("fk_instalments_agreement_id")
        ),
        sa.ForeignKeyConstraint(["deadline_id"], ["deadlines.id"], name=op.f("fk_instalments_deadline_id")),
        sa.ForeignKeyConstraint(
            ["noted_by_id"], ["accounts.id"], name=op.f("fk_instalments_noted_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["reverses_id"], ["instalments.id"], name=op.f("fk_instalments_reverses_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instalments")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_instalments_reverses_id")),
    )
    with op.batch_alter_table("instalments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_instalments_agreement_id"), ["agreement_id"], unique=False)

    op.create_table(
        "opportunity_choirs",
        sa.Column(
            "opportunity_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column(
            "choir_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(["choir_id"], ["choirs.id"], name=op.f("fk_opportunity_choirs_choir_id")),
        sa.ForeignKeyConstraint(
            ["opportunity_id"],
            ["opportunities.id"],
            name=op.f("fk_opportunity_choirs_opportunity_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("opportunity_id", "choir_id", name=op.f("pk_opportunity_choirs")),
    )
    with op.batch_alter_table("opportunity_choirs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_opportunity_choirs_choir_id"), ["choir_id"], unique=False)

    op.create_table(
        "opportunity_towns",
        sa.Column(
            "opportunity_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("town_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["opportunity_id"],
            ["opportunities.id"],
            name=op.f("fk_opportunity_towns_opportunity_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["town_id"], ["towns.id"], name=op.f("fk_opportunity_towns_town_id")),
        sa.PrimaryKeyConstraint("opportunity_id", "town_id", name=op.f("pk_opportunity_towns")),
    )
    with op.batch_alter_table("opportunity_towns", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_opportunity_towns_town_id"), ["town_id"], unique=False)

    op.create_table(
        "stage_moves",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column(
            "opportunity_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("from_stage", sa.String(length=20), nullable=True),
        sa.Column("to_stage", sa.String(length=20), nullable=False),
        sa.Column("chance_bp", sa.Integer(), nullable=True),
        sa.Column("was_known_partner", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_stage_moves_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["opportunity_id"],
            ["opportunities.id"],
            name=op.f("fk_stage_moves_opportunity_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_moves")),
        sa.UniqueConstraint("opportunity_id", "number", name=op.f("uq_stage_moves_opportunity_id_number")),
    )
    op.create_table(
        "imported_things",
        sa.Column(
            "import_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column(
            "thing_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "kind IN ('singer', 'voice', 'rehearsal', 'act')", name=op.f("ck_imported_things_known_kind")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_imported_things_import_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("import_id", "thing_id", name=op.f("pk_imported_things")),
    )
    op.create_table(
        "payment_matches",
        sa.Column(
            "payment_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column(
            "instalment_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("ore", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "noted_by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column(
            "reverses_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.CheckConstraint(
            "reverses_id IS NOT NULL OR ore > 0", name=op.f("ck_payment_matches_pays_something")
        ),
        sa.ForeignKeyConstraint(
            ["instalment_id"], ["instalments.id"], name=op.f("fk_payment_matches_instalment_id")
        ),
        sa.ForeignKeyConstraint(
            ["noted_by_id"], ["accounts.id"], name=op.f("fk_payment_matches_noted_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_payment_matches_payment_id")),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["payment_matches.id"], name=op.f("fk_payment_matches_reverses_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_matches")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_payment_matches_reverses_id")),
    )
    with op.batch_alter_table("payment_matches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payment_matches_instalment_id"), ["instalment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_payment_matches_payment_id"), ["payment_id"], unique=False)

    op.create_table(
        "arrivals",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column(
            "rehearsal_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("first_name", sa.String(length=80), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "answered_by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.CheckConstraint(
            "answer IS NULL OR answer IN ('new', 'known', 'not_here')", name=op.f("ck_arrivals_known_answer")
        ),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_arrivals_answered_at_a_moment")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["accounts.id"], name=op.f("fk_arrivals_answered_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["rehearsal_id"], ["rehearsals.id"], name=op.f("fk_arrivals_rehearsal_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrivals")),
    )
    with op.batch_alter_table("arrivals", schema=None) as batch_op:
        batch_op.create_index("ix_arrivals_rehearsal_id_asked_at", ["rehearsal_id", "asked_at"], unique=False)

    op.create_table(
        "check_ins",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column(
            "rehearsal_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("seed", sa.LargeBinary(length=32), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "opened_by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["accounts.id"], name=op.f("fk_check_ins_opened_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["rehearsal_id"], ["rehearsals.id"], name=op.f("fk_check_ins_rehearsal_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_ins")),
        sa.UniqueConstraint("rehearsal_id", name=op.f("uq_check_ins_rehearsal_id")),
    )
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
        sa.Column(
            "by_link_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column("lent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(to_account_id IS NULL) <> (link_digest IS NULL)", name=op.f("ck_loans_to_an_account_or_by_link")
        ),
        sa.ForeignKeyConstraint(
            ["by_link_id"], ["loans.id"], name=op.f("fk_loans_by_link_id"), ondelete="CASCADE"
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
        batch_op.create_index(batch_op.f("ix_loans_by_link_id"), ["by_link_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_loans_rehearsal_id"), ["rehearsal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_loans_to_account_id"), ["to_account_id"], unique=False)

    op.create_table(
        "replies",
        sa.Column(
            "rehearsal_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column(
            "singer_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("is_coming", sa.Boolean(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "said_by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["rehearsal_id"], ["rehearsals.id"], name=op.f("fk_replies_rehearsal_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["said_by_id"], ["accounts.id"], name=op.f("fk_replies_said_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["singer_id"], ["singers.id"], name=op.f("fk_replies_singer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("rehearsal_id", "singer_id", name=op.f("pk_replies")),
    )
    with op.batch_alter_table("replies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_replies_singer_id"), ["singer_id"], unique=False)

    op.create_table(
        "study_lists",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column(
            "choir_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column(
            "association_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("voice_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column(
            "concert_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column("leader_name", sa.String(length=80), nullable=False),
        sa.Column(
            "leader_singer_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column("substitute_name", sa.String(length=80), nullable=True),
        sa.Column("material", sa.String(length=200), nullable=True),
        sa.Column("break_minutes", sa.Integer(), nullable=False),
        sa.Column("audience_count", sa.Integer(), nullable=True),
        sa.Column("women_count", sa.Integer(), nullable=True),
        sa.Column("performer_count", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "created_by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.CheckConstraint(
            "(form = 'culture') = (concert_id IS NOT NULL)", name=op.f("ck_study_lists_culture_is_a_concert")
        ),
        sa.CheckConstraint("form IN ('circle', 'other', 'culture')", name=op.f("ck_study_lists_known_form")),
        sa.CheckConstraint(
            "break_minutes BETWEEN 0 AND 240", name=op.f("ck_study_lists_break_within_reason")
        ),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_study_lists_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["association_id"], ["study_associations.id"], name=op.f("fk_study_lists_association_id")
        ),
        sa.ForeignKeyConstraint(
            ["choir_id"], ["choirs.id"], name=op.f("fk_study_lists_choir_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["concert_id"], ["rehearsals.id"], name=op.f("fk_study_lists_concert_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["accounts.id"], name=op.f("fk_study_lists_created_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["leader_singer_id"],
            ["singers.id"],
            name=op.f("fk_study_lists_leader_singer_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["voice_id"], ["voices.id"], name=op.f("fk_study_lists_voice_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_lists")),
    )
    with op.batch_alter_table("study_lists", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_study_lists_association_id"), ["association_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_study_lists_choir_id"), ["choir_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_study_lists_concert_id"), ["concert_id"], unique=False)

    op.create_table(
        "handed_in_lists",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("list_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("leader_name", sa.String(length=80), nullable=False),
        sa.Column(
            "leader_singer_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column("substitute_name", sa.String(length=80), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_handed_in_lists_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["leader_singer_id"],
            ["singers.id"],
            name=op.f("fk_handed_in_lists_leader_singer_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["list_id"], ["study_lists.id"], name=op.f("fk_handed_in_lists_list_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handed_in_lists")),
        sa.UniqueConstraint("list_id", "number", name=op.f("uq_handed_in_lists_list_id_number")),
    )
    op.create_table(
        "study_gatherings",
        sa.Column("list_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column(
            "rehearsal_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("confirmed_hours", sa.Integer(), nullable=True),
        sa.Column("break_minutes", sa.Integer(), nullable=True),
        sa.Column("log", sa.String(length=500), nullable=True),
        sa.Column("is_left_out", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "break_minutes IS NULL OR break_minutes BETWEEN 0 AND 240",
            name=op.f("ck_study_gatherings_break_within_reason"),
        ),
        sa.CheckConstraint(
            "confirmed_hours IS NULL OR confirmed_hours BETWEEN 0 AND 24",
            name=op.f("ck_study_gatherings_hours_of_a_day"),
        ),
        sa.ForeignKeyConstraint(
            ["list_id"], ["study_lists.id"], name=op.f("fk_study_gatherings_list_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["rehearsal_id"],
            ["rehearsals.id"],
            name=op.f("fk_study_gatherings_rehearsal_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("list_id", "rehearsal_id", name=op.f("pk_study_gatherings")),
    )
    with op.batch_alter_table("study_gatherings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_study_gatherings_rehearsal_id"), ["rehearsal_id"], unique=False)

    op.create_table(
        "handed_in_names",
        sa.Column(
            "handed_in_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column(
            "singer_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("name", sa.String(length=161), nullable=False),
        sa.ForeignKeyConstraint(
            ["handed_in_id"],
            ["handed_in_lists.id"],
            name=op.f("fk_handed_in_names_handed_in_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["singer_id"], ["singers.id"], name=op.f("fk_handed_in_names_singer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("handed_in_id", "singer_id", name=op.f("pk_handed_in_names")),
    )
    with op.batch_alter_table("handed_in_names", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handed_in_names_singer_id"), ["singer_id"], unique=False)

    op.create_table(
        "handed_in_rehearsals",
        sa.Column(
            "handed_in_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column(
            "rehearsal_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["handed_in_id"],
            ["handed_in_lists.id"],
            name=op.f("fk_handed_in_rehearsals_handed_in_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["rehearsal_id"],
            ["rehearsals.id"],
            name=op.f("fk_handed_in_rehearsals_rehearsal_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("handed_in_id", "rehearsal_id", name=op.f("pk_handed_in_rehearsals")),
    )
    with op.batch_alter_table("handed_in_rehearsals", schema=None) as batch_op:
        batch_op.create_index("ix_handed_in_rehearsals_rehearsal_id", ["rehearsal_id"], unique=False)

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

    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("decides", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("influences", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("pays", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("reports", sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table("partners", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "parent_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
            )
        )
        batch_op.create_index(batch_op.f("ix_partners_parent_id"), ["parent_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_partners_parent_id"), "partners", ["parent_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_check_constraint(op.f("ck_partners_not_its_own_parent"), "parent_id <> id")

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
            batch_op.f("fk_refused_acts_dealt_with_by_id"),
            "accounts",
            ["dealt_with_by_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_refused_acts_loan_id"), "loans", ["loan_id"], ["id"], ondelete="SET NULL"
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
            batch_op.f("fk_singers_merged_into_id"),
            "singers",
            ["merged_into_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_singers_buddy_id"), "singers", ["buddy_id"], ["id"], ondelete="SET NULL"
        )
    _fill_what_is_new()


def _fill_what_is_new() -> None:
    rehearsals = sa.table("rehearsals", sa.column("changed_at", sa.DateTime(timezone=True)))
    now = sa.bindparam("now", datetime.now(UTC), sa.DateTime(timezone=True))
    op.execute(rehearsals.update().values(changed_at=now))
    with op.batch_alter_table("rehearsals") as batch_op:
        batch_op.alter_column("changed_at", existing_type=sa.DateTime(timezone=True), nullable=False)
    with op.batch_alter_table("contacts") as batch_op:
        batch_op.alter_column("decides", existing_type=sa.Boolean(), server_default=None)
        batch_op.alter_column("influences", existing_type=sa.Boolean(), server_default=None)
        batch_op.alter_column("pays", existing_type=sa.Boolean(), server_default=None)
        batch_op.alter_column("reports", existing_type=sa.Boolean(), server_default=None)
    with op.batch_alter_table("rehearsals") as batch_op:
        batch_op.alter_column("sequence", existing_type=sa.Integer(), server_default=None)
    with op.batch_alter_table("singers") as batch_op:
        batch_op.alter_column("may_be_written_to", existing_type=sa.Boolean(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("singers", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_singers_buddy_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_singers_merged_into_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_singers_merged_into_id"))
        batch_op.drop_column("merged_into_id")
        batch_op.drop_column("buddy_id")
        batch_op.drop_column("may_be_written_to")

    with op.batch_alter_table("rehearsals", schema=None) as batch_op:
        batch_op.drop_column("changed_at")
        batch_op.drop_column("sequence")

    with op.batch_alter_table("refused_acts", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_refused_acts_loan_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_refused_acts_dealt_with_by_id"), type_="foreignkey")
        batch_op.drop_column("dealt_with_by_id")
        batch_op.drop_column("dealt_with_at")
        batch_op.drop_column("loan_id")

    with op.batch_alter_table("partners", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_partners_not_its_own_parent"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_partners_parent_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_partners_parent_id"))
        batch_op.drop_column("parent_id")

    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.drop_column("reports")
        batch_op.drop_column("pays")
        batch_op.drop_column("influences")
        batch_op.drop_column("decides")

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

    op.drop_table("handed_in_rehearsals")
    op.drop_table("handed_in_names")
    op.drop_table("study_gatherings")
    op.drop_table("handed_in_lists")
    op.drop_table("study_lists")
    op.drop_table("replies")
    op.drop_table("loans")
    op.drop_table("check_ins")
    op.drop_table("arrivals")
    op.drop_table("payment_matches")
    op.drop_table("imported_things")
    op.drop_table("stage_moves")
    op.drop_table("opportunity_towns")
    op.drop_table("opportunity_choirs")
    op.drop_table("instalments")
    op.drop_table("imports")
    op.drop_table("singer_merges")
    op.drop_table("reply_links")
    op.drop_table("programme_towns")
    op.drop_table("opportunities")
    op.drop_table("not_the_same")
    op.drop_table("away_spans")
    op.drop_table("study_rules")
    op.drop_table("programmes")
    op.drop_table("calendar_keys")
    op.drop_table("study_associations")
    op.drop_table("stage_chances")
    op.drop_table("readings")
    op.drop_table("exclusive_groups")
