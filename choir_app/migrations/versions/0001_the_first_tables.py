"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("email", name=op.f("uq_accounts_email")),
    )
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column(
            "subject_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entries_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entries_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "facts",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_facts")),
    )
    op.create_table(
        "failed_tries",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failed_tries")),
    )
    with op.batch_alter_table("failed_tries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_failed_tries_at"), ["at"], unique=False)
        batch_op.create_index("ix_failed_tries_key_hash_at", ["key_hash", "at"], unique=False)

    op.create_table(
        "letters",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
    )
    with op.batch_alter_table("letters", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letters_try_at"), ["try_at"], unique=False)

    op.create_table(
        "partners",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("folded_name", sa.String(length=200), nullable=False),
        sa.Column("sort_key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("about", sa.String(length=1000), nullable=True),
        sa.Column("website", sa.String(length=300), nullable=True),
        sa.Column("is_thanked", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('housing_company', 'business', 'community_hall', 'municipality', 'study_association', 'foundation', 'civil_society', 'other')",
            name=op.f("ck_partners_known_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partners")),
        sa.UniqueConstraint("folded_name", name=op.f("uq_partners_folded_name")),
        sa.UniqueConstraint("slug", name=op.f("uq_partners_slug")),
    )
    op.create_table(
        "towns",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("county", sa.String(length=80), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_towns")),
        sa.UniqueConstraint("name", name=op.f("uq_towns_name")),
        sa.UniqueConstraint("slug", name=op.f("uq_towns_slug")),
    )
    op.create_table(
        "agreements",
        sa.Column(
            "partner_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("grantee", sa.String(length=160), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("amount_ore", sa.BigInteger(), nullable=False),
        sa.Column("usable_from", sa.Date(), nullable=False),
        sa.Column("usable_to", sa.Date(), nullable=True),
        sa.Column("allocation", sa.String(length=20), nullable=False),
        sa.Column("repay_unspent", sa.Boolean(), nullable=False),
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "noted_by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column(
            "reverses_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.CheckConstraint(
            "allocation IN ('choirs', 'town', 'all')", name=op.f("ck_agreements_known_allocation")
        ),
        sa.CheckConstraint(
            "usable_to IS NULL OR usable_to >= usable_from", name=op.f("ck_agreements_dates_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["noted_by_id"], ["accounts.id"], name=op.f("fk_agreements_noted_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_agreements_partner_id")),
        sa.ForeignKeyConstraint(["reverses_id"], ["agreements.id"], name=op.f("fk_agreements_reverses_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreements")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_agreements_reverses_id")),
    )
    with op.batch_alter_table("agreements", schema=None) as batch_op:
        batch_op.create_index("ix_agreements_partner_id", ["partner_id"], unique=False)

    op.create_table(
        "bank_balances",
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("ore", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "noted_by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column(
            "reverses_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["noted_by_id"], ["accounts.id"], name=op.f("fk_bank_balances_noted_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["bank_balances.id"], name=op.f("fk_bank_balances_reverses_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_balances")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_bank_balances_reverses_id")),
    )
    with op.batch_alter_table("bank_balances", schema=None) as batch_op:
        batch_op.create_index("ix_bank_balances_as_of", ["as_of"], unique=False)

    op.create_table(
        "contacts",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column(
            "partner_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("person", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=120), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_contacts_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
    )
    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contacts_partner_id"), ["partner_id"], unique=False)

    op.create_table(
        "next_steps",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column(
            "partner_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("owner_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["accounts.id"], name=op.f("fk_next_steps_owner_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_next_steps_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_next_steps")),
    )
    with op.batch_alter_table("next_steps", schema=None) as batch_op:
        batch_op.create_index("ix_next_steps_due_on", ["due_on"], unique=False)
        batch_op.create_index(
            "ix_next_steps_open",
            ["partner_id"],
            unique=True,
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_next_steps_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "one_time_links",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column(
            "account_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "made_by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('invitation', 'reset')", name=op.f("ck_one_time_links_known_purpose")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_one_time_links_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_links_token_hash")),
    )
    with op.batch_alter_table("one_time_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_one_time_links_account_id"), ["account_id"], unique=False)

    op.create_table(
        "partner_towns",
        sa.Column(
            "partner_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("town_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.id"], name=op.f("fk_partner_towns_partner_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["town_id"], ["towns.id"], name=op.f("fk_partner_towns_town_id")),
        sa.PrimaryKeyConstraint("partner_id", "town_id", name=op.f("pk_partner_towns")),
    )
    with op.batch_alter_table("partner_towns", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_partner_towns_town_id"), ["town_id"], unique=False)

    op.create_table(
        "posts",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("headline", sa.String(length=150), nullable=False),
        sa.Column("lead", sa.String(length=600), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("byline_name", sa.String(length=120), nullable=False),
        sa.Column("byline_role", sa.String(length=120), nullable=True),
        sa.Column("picture_name", sa.String(length=64), nullable=True),
        sa.Column("picture_width", sa.Integer(), nullable=True),
        sa.Column("picture_height", sa.Integer(), nullable=True),
        sa.Column("picture_alt", sa.String(length=400), nullable=True),
        sa.Column("picture_caption", sa.String(length=300), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "created_by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "picture_name IS NULL OR picture_alt <> ''", name=op.f("ck_posts_picture_has_description")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["accounts.id"], name=op.f("fk_posts_created_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sa.UniqueConstraint("slug", name=op.f("uq_posts_slug")),
    )
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.create_index("ix_posts_published_at", ["published_at"], unique=False)

    op.create_table(
        "refused_acts",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("act_id", sa.String(length=64), nullable=True),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("cause", sa.String(length=30), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column(
            "rehearsal_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column(
            "singer_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column("acted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("device_id", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_refused_acts_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_acts")),
        sa.UniqueConstraint(
            "act_id", "body_hash", "cause", name=op.f("uq_refused_acts_act_id_body_hash_cause")
        ),
    )
    with op.batch_alter_table("refused_acts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_refused_acts_rehearsal_id"), ["rehearsal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_refused_acts_singer_id"), ["singer_id"], unique=False)

    op.create_table(
        "role_grants",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column(
            "account_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "granted_by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.CheckConstraint(
            "role IN ('editor', 'manager', 'administrator')", name=op.f("ck_role_grants_known_role")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_role_grants_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grants")),
        sa.UniqueConstraint("account_id", "role", name=op.f("uq_role_grants_account_id_role")),
    )
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "account_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("device", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_sign_ins_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_ins_token_hash")),
    )
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_ins_account_id"), ["account_id"], unique=False)

    op.create_table(
        "singers",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("first_name", sa.String(length=80), nullable=False),
        sa.Column("surname", sa.String(length=80), nullable=True),
        sa.Column("folded_name", sa.String(length=200), nullable=False),
        sa.Column("sort_key", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("reads", sa.String(length=10), nullable=True),
        sa.Column("is_under_18", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column(
            "account_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_singers_account_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_singers")),
        sa.UniqueConstraint("account_id", name=op.f("uq_singers_account_id")),
    )
    with op.batch_alter_table("singers", schema=None) as batch_op:
        batch_op.create_index("ix_singers_folded_name", ["folded_name"], unique=False)
        batch_op.create_index("ix_singers_sort_key", ["sort_key"], unique=False)

    op.create_table(
        "venues",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("town_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("room", sa.String(length=120), nullable=True),
        sa.Column("street_address", sa.String(length=200), nullable=False),
        sa.Column("way_in", sa.String(length=400), nullable=True),
        sa.Column("has_coverage", sa.Boolean(), nullable=False),
        sa.Column("has_step_free_access", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["town_id"], ["towns.id"], name=op.f("fk_venues_town_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venues")),
    )
    with op.batch_alter_table("venues", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_venues_town_id"), ["town_id"], unique=False)

    op.create_table(
        "allocation_towns",
        sa.Column(
            "agreement_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("town_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreements.id"], name=op.f("fk_allocation_towns_agreement_id")
        ),
        sa.ForeignKeyConstraint(["town_id"], ["towns.id"], name=op.f("fk_allocation_towns_town_id")),
        sa.PrimaryKeyConstraint("agreement_id", "town_id", name=op.f("pk_allocation_towns")),
    )
    with op.batch_alter_table("allocation_towns", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_allocation_towns_town_id"), ["town_id"], unique=False)

    op.create_table(
        "amendments",
        sa.Column(
            "agreement_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("delta_ore", sa.BigInteger(), nullable=False),
        sa.Column("new_usable_to", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=True),
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "noted_by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column(
            "reverses_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreements.id"], name=op.f("fk_amendments_agreement_id")),
        sa.ForeignKeyConstraint(
            ["noted_by_id"], ["accounts.id"], name=op.f("fk_amendments_noted_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["reverses_id"], ["amendments.id"], name=op.f("fk_amendments_reverses_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendments")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_amendments_reverses_id")),
    )
    with op.batch_alter_table("amendments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_amendments_agreement_id"), ["agreement_id"], unique=False)

    op.create_table(
        "choirs",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("town_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("about", sa.String(), nullable=True),
        sa.Column(
            "usual_venue_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column("contact_name", sa.String(length=80), nullable=True),
        sa.Column("contact_phone", sa.String(length=40), nullable=True),
        sa.Column("contact_email", sa.String(length=254), nullable=True),
        sa.Column("coffee_note", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["town_id"], ["towns.id"], name=op.f("fk_choirs_town_id")),
        sa.ForeignKeyConstraint(["usual_venue_id"], ["venues.id"], name=op.f("fk_choirs_usual_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_choirs")),
        sa.UniqueConstraint("name", name=op.f("uq_choirs_name")),
        sa.UniqueConstraint("slug", name=op.f("uq_choirs_slug")),
    )
    with op.batch_alter_table("choirs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_choirs_town_id"), ["town_id"], unique=False)

    op.create_table(
        "deadlines",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column(
            "agreement_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("owner_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('interim_report', 'final_report', 'requisition', 'auditor_statement')",
            name=op.f("ck_deadlines_known_kind"),
        ),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreements.id"], name=op.f("fk_deadlines_agreement_id")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["accounts.id"], name=op.f("fk_deadlines_owner_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadlines")),
    )
    with op.batch_alter_table("deadlines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deadlines_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index("ix_deadlines_due_on", ["due_on"], unique=False)

    op.create_table(
        "former_slugs",
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("post_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_former_slugs_post_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_former_slugs")),
    )
    with op.batch_alter_table("former_slugs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_former_slugs_post_id"), ["post_id"], unique=False)

    op.create_table(
        "payments",
        sa.Column(
            "agreement_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("ore", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=True),
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "noted_by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column(
            "reverses_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreements.id"], name=op.f("fk_payments_agreement_id")),
        sa.ForeignKeyConstraint(
            ["noted_by_id"], ["accounts.id"], name=op.f("fk_payments_noted_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["reverses_id"], ["payments.id"], name=op.f("fk_payments_reverses_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_payments_reverses_id")),
    )
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payments_agreement_id"), ["agreement_id"], unique=False)

    op.create_table(
        "post_revisions",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("post_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "saved_by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column("headline", sa.String(length=150), nullable=False),
        sa.Column("lead", sa.String(length=600), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("picture_name", sa.String(length=64), nullable=True),
        sa.Column("picture_width", sa.Integer(), nullable=True),
        sa.Column("picture_height", sa.Integer(), nullable=True),
        sa.Column("picture_alt", sa.String(length=400), nullable=True),
        sa.Column("picture_caption", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_post_revisions_post_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["saved_by_id"], ["accounts.id"], name=op.f("fk_post_revisions_saved_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_revisions")),
        sa.UniqueConstraint("post_id", "number", name=op.f("uq_post_revisions_post_id_number")),
    )
    op.create_table(
        "spent_to_dates",
        sa.Column(
            "agreement_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("spent_ore", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "noted_by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column(
            "reverses_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.CheckConstraint(
            "reverses_id IS NOT NULL OR spent_ore >= 0", name=op.f("ck_spent_to_dates_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreements.id"], name=op.f("fk_spent_to_dates_agreement_id")
        ),
        sa.ForeignKeyConstraint(
            ["noted_by_id"], ["accounts.id"], name=op.f("fk_spent_to_dates_noted_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["spent_to_dates.id"], name=op.f("fk_spent_to_dates_reverses_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spent_to_dates")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_spent_to_dates_reverses_id")),
    )
    with op.batch_alter_table("spent_to_dates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_spent_to_dates_agreement_id"), ["agreement_id"], unique=False)

    op.create_table(
        "touchpoints",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column(
            "partner_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=4000), nullable=False),
        sa.Column(
            "contact_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column("by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('call', 'meeting', 'mail', 'visit')", name=op.f("ck_touchpoints_known_kind")
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_touchpoints_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_touchpoints_contact_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_touchpoints_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_touchpoints")),
    )
    with op.batch_alter_table("touchpoints", schema=None) as batch_op:
        batch_op.create_index(
            "ix_touchpoints_partner_id_happened_on", ["partner_id", "happened_on"], unique=False
        )

    op.create_table(
        "allocation_choirs",
        sa.Column(
            "agreement_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column(
            "choir_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreements.id"], name=op.f("fk_allocation_choirs_agreement_id")
        ),
        sa.ForeignKeyConstraint(["choir_id"], ["choirs.id"], name=op.f("fk_allocation_choirs_choir_id")),
        sa.PrimaryKeyConstraint("agreement_id", "choir_id", name=op.f("pk_allocation_choirs")),
    )
    with op.batch_alter_table("allocation_choirs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_allocation_choirs_choir_id"), ["choir_id"], unique=False)

    op.create_table(
        "choir_states",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column(
            "choir_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "state IN ('planned', 'active', 'paused', 'ended')", name=op.f("ck_choir_states_known_state")
        ),
        sa.ForeignKeyConstraint(
            ["choir_id"], ["choirs.id"], name=op.f("fk_choir_states_choir_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_choir_states")),
        sa.UniqueConstraint("choir_id", "since", name=op.f("uq_choir_states_choir_id_since")),
    )
    op.create_table(
        "cost_lines",
        sa.Column("choir_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("what", sa.String(length=160), nullable=True),
        sa.Column("driver", sa.String(length=20), nullable=False),
        sa.Column("day_of_month", sa.Integer(), nullable=True),
        sa.Column("ore", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "noted_by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column(
            "reverses_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.CheckConstraint(
            "category IN ('leader', 'venue', 'coffee', 'music', 'travel', 'concert', 'coordination', 'other')",
            name=op.f("ck_cost_lines_known_category"),
        ),
        sa.CheckConstraint(
            "driver <> 'monthly' OR day_of_month BETWEEN 1 AND 31", name=op.f("ck_cost_lines_day_of_a_month")
        ),
        sa.CheckConstraint(
            "driver IN ('per_rehearsal', 'monthly', 'once')", name=op.f("ck_cost_lines_known_driver")
        ),
        sa.CheckConstraint("reverses_id IS NOT NULL OR ore > 0", name=op.f("ck_cost_lines_costs_something")),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_cost_lines_dates_in_order")
        ),
        sa.ForeignKeyConstraint(["choir_id"], ["choirs.id"], name=op.f("fk_cost_lines_choir_id")),
        sa.ForeignKeyConstraint(
            ["noted_by_id"], ["accounts.id"], name=op.f("fk_cost_lines_noted_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["reverses_id"], ["cost_lines.id"], name=op.f("fk_cost_lines_reverses_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cost_lines")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_cost_lines_reverses_id")),
    )
    with op.batch_alter_table("cost_lines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cost_lines_choir_id"), ["choir_id"], unique=False)

    op.create_table(
        "leaderships",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column(
            "account_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column(
            "choir_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_leaderships_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["choir_id"], ["choirs.id"], name=op.f("fk_leaderships_choir_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leaderships")),
        sa.UniqueConstraint("account_id", "choir_id", name=op.f("uq_leaderships_account_id_choir_id")),
    )
    with op.batch_alter_table("leaderships", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_leaderships_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_leaderships_choir_id"), ["choir_id"], unique=False)

    op.create_table(
        "post_choirs",
        sa.Column("post_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column(
            "choir_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["choir_id"], ["choirs.id"], name=op.f("fk_post_choirs_choir_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_post_choirs_post_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "choir_id", name=op.f("pk_post_choirs")),
    )
    op.create_table(
        "series",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column(
            "choir_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("venue_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("starts_at_hour", sa.Time(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("every_weeks", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('rehearsal', 'concert', 'social')", name=op.f("ck_series_known_kind")),
        sa.CheckConstraint("every_weeks BETWEEN 1 AND 8", name=op.f("ck_series_weeks_between")),
        sa.CheckConstraint("last_on IS NULL OR last_on >= first_on", name=op.f("ck_series_dates_in_order")),
        sa.CheckConstraint("minutes BETWEEN 1 AND 1440", name=op.f("ck_series_length_within_a_day")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_series_weekday_exists")),
        sa.ForeignKeyConstraint(
            ["choir_id"], ["choirs.id"], name=op.f("fk_series_choir_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["venue_id"], ["venues.id"], name=op.f("fk_series_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
    )
    with op.batch_alter_table("series", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_series_choir_id"), ["choir_id"], unique=False)

    op.create_table(
        "voices",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column(
            "choir_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["choir_id"], ["choirs.id"], name=op.f("fk_voices_choir_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voices")),
        sa.UniqueConstraint("choir_id", "name", name=op.f("uq_voices_choir_id_name")),
    )
    op.create_table(
        "cost_line_ends",
        sa.Column(
            "cost_line_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "noted_by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column(
            "reverses_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["cost_line_id"], ["cost_lines.id"], name=op.f("fk_cost_line_ends_cost_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["noted_by_id"], ["accounts.id"], name=op.f("fk_cost_line_ends_noted_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["cost_line_ends.id"], name=op.f("fk_cost_line_ends_reverses_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cost_line_ends")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_cost_line_ends_reverses_id")),
    )
    with op.batch_alter_table("cost_line_ends", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cost_line_ends_cost_line_id"), ["cost_line_id"], unique=False)

    op.create_table(
        "in_kinds",
        sa.Column(
            "partner_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column(
            "choir_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("what", sa.String(length=160), nullable=False),
        sa.Column(
            "replaces_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "noted_by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column(
            "reverses_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_in_kinds_dates_in_order")
        ),
        sa.ForeignKeyConstraint(["choir_id"], ["choirs.id"], name=op.f("fk_in_kinds_choir_id")),
        sa.ForeignKeyConstraint(
            ["noted_by_id"], ["accounts.id"], name=op.f("fk_in_kinds_noted_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_in_kinds_partner_id")),
        sa.ForeignKeyConstraint(["replaces_id"], ["cost_lines.id"], name=op.f("fk_in_kinds_replaces_id")),
        sa.ForeignKeyConstraint(["reverses_id"], ["in_kinds.id"], name=op.f("fk_in_kinds_reverses_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_in_kinds")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_in_kinds_reverses_id")),
    )
    with op.batch_alter_table("in_kinds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_in_kinds_choir_id"), ["choir_id"], unique=False)
        batch_op.create_index("ix_in_kinds_partner_id", ["partner_id"], unique=False)

    op.create_table(
        "memberships",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column(
            "singer_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column(
            "choir_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("voice_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "state IN ('trying', 'regular', 'paused', 'left')", name=op.f("ck_memberships_known_state")
        ),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_memberships_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["choir_id"], ["choirs.id"], name=op.f("fk_memberships_choir_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["singer_id"], ["singers.id"], name=op.f("fk_memberships_singer_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["voice_id"], ["voices.id"], name=op.f("fk_memberships_voice_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
        sa.UniqueConstraint(
            "singer_id", "choir_id", "since", name=op.f("uq_memberships_singer_id_choir_id_since")
        ),
    )
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.create_index("ix_memberships_choir_id_since", ["choir_id", "since"], unique=False)
        batch_op.create_index(
            "uq_memberships_last_period",
            ["singer_id", "choir_id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "rehearsals",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column(
            "choir_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("venue_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column(
            "series_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column("series_day", sa.Date(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sung_on", sa.Date(), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("evening_note", sa.String(length=2000), nullable=True),
        sa.Column("present_count", sa.Integer(), nullable=False),
        sa.Column("mark_count", sa.Integer(), nullable=False),
        sa.Column("guest_count", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('rehearsal', 'concert', 'social')", name=op.f("ck_rehearsals_known_kind")
        ),
        sa.CheckConstraint("minutes BETWEEN 1 AND 1440", name=op.f("ck_rehearsals_length_within_a_day")),
        sa.ForeignKeyConstraint(
            ["choir_id"], ["choirs.id"], name=op.f("fk_rehearsals_choir_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_rehearsals_series_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["venue_id"], ["venues.id"], name=op.f("fk_rehearsals_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rehearsals")),
        sa.UniqueConstraint("series_id", "series_day", name=op.f("uq_rehearsals_series_id_series_day")),
    )
    with op.batch_alter_table("rehearsals", schema=None) as batch_op:
        batch_op.create_index("ix_rehearsals_choir_id_starts_at", ["choir_id", "starts_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_rehearsals_starts_at"), ["starts_at"], unique=False)
        batch_op.create_index("ix_rehearsals_week_on_kind", ["week_on", "kind"], unique=False)

    op.create_table(
        "series_breaks",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column(
            "series_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_series_breaks_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_series_breaks_series_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series_breaks")),
    )
    with op.batch_alter_table("series_breaks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_series_breaks_series_id"), ["series_id"], unique=False)

    op.create_table(
        "acts",
        sa.Column("id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column(
            "rehearsal_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column(
            "singer_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column("status", sa.String(length=10), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(length=2000), nullable=True),
        sa.Column("device_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("device_id", sa.String(length=64), nullable=True),
        sa.Column("seen_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("body_hash", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint(
            "(kind IN ('mark', 'newcomer')) = (singer_id IS NOT NULL)",
            name=op.f("ck_acts_marks_have_singers"),
        ),
        sa.CheckConstraint(
            "kind IN ('mark', 'guests', 'newcomer', 'done', 'note')", name=op.f("ck_acts_known_kind")
        ),
        sa.CheckConstraint(
            "status IS NULL OR status IN ('present', 'absent', 'unmarked')", name=op.f("ck_acts_known_status")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["accounts.id"], name=op.f("fk_acts_by_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["rehearsal_id"], ["rehearsals.id"], name=op.f("fk_acts_rehearsal_id")),
        sa.ForeignKeyConstraint(["singer_id"], ["singers.id"], name=op.f("fk_acts_singer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acts")),
    )
    with op.batch_alter_table("acts", schema=None) as batch_op:
        batch_op.create_index(
            "ix_acts_rehearsal_id_singer_id_acted_at", ["rehearsal_id", "singer_id", "acted_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_acts_singer_id"), ["singer_id"], unique=False)

    op.create_table(
        "attendances",
        sa.Column(
            "rehearsal_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column(
            "singer_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("is_present", sa.Boolean(), nullable=False),
        sa.Column("act_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("acted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["rehearsal_id"], ["rehearsals.id"], name=op.f("fk_attendances_rehearsal_id")
        ),
        sa.ForeignKeyConstraint(["singer_id"], ["singers.id"], name=op.f("fk_attendances_singer_id")),
        sa.PrimaryKeyConstraint("rehearsal_id", "singer_id", name=op.f("pk_attendances")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("attendances", schema=None) as batch_op:
        batch_op.create_index(
            "ix_attendances_singer_id_rehearsal_id_is_present",
            ["singer_id", "rehearsal_id", "is_present"],
            unique=False,
        )

    op.create_table(
        "cancellations",
        sa.Column(
            "rehearsal_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_cancellations_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["rehearsal_id"],
            ["rehearsals.id"],
            name=op.f("fk_cancellations_rehearsal_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("rehearsal_id", name=op.f("pk_cancellations")),
    )
    op.create_table(
        "moves",
        sa.Column(
            "rehearsal_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=False
        ),
        sa.Column(
            "from_venue_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True
        ),
        sa.Column("from_starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("from_minutes", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.LargeBinary(length=16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["accounts.id"], name=op.f("fk_moves_by_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["from_venue_id"], ["venues.id"], name=op.f("fk_moves_from_venue_id")),
        sa.ForeignKeyConstraint(
            ["rehearsal_id"], ["rehearsals.id"], name=op.f("fk_moves_rehearsal_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("rehearsal_id", name=op.f("pk_moves")),
    )


def downgrade() -> None:
    op.drop_table("moves")
    op.drop_table("cancellations")
    with op.batch_alter_table("attendances", schema=None) as batch_op:
        batch_op.drop_index("ix_attendances_singer_id_rehearsal_id_is_present")

    op.drop_table("attendances")
    with op.batch_alter_table("acts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_acts_singer_id"))
        batch_op.drop_index("ix_acts_rehearsal_id_singer_id_acted_at")

    op.drop_table("acts")
    with op.batch_alter_table("series_breaks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_series_breaks_series_id"))

    op.drop_table("series_breaks")
    with op.batch_alter_table("rehearsals", schema=None) as batch_op:
        batch_op.drop_index("ix_rehearsals_week_on_kind")
        batch_op.drop_index(batch_op.f("ix_rehearsals_starts_at"))
        batch_op.drop_index("ix_rehearsals_choir_id_starts_at")

    op.drop_table("rehearsals")
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_memberships_last_period",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index("ix_memberships_choir_id_since")

    op.drop_table("memberships")
    with op.batch_alter_table("in_kinds", schema=None) as batch_op:
        batch_op.drop_index("ix_in_kinds_partner_id")
        batch_op.drop_index(batch_op.f("ix_in_kinds_choir_id"))

    op.drop_table("in_kinds")
    with op.batch_alter_table("cost_line_ends", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cost_line_ends_cost_line_id"))

    op.drop_table("cost_line_ends")
    op.drop_table("voices")
    with op.batch_alter_table("series", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_series_choir_id"))

    op.drop_table("series")
    op.drop_table("post_choirs")
    with op.batch_alter_table("leaderships", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_leaderships_choir_id"))
        batch_op.drop_index(batch_op.f("ix_leaderships_account_id"))

    op.drop_table("leaderships")
    with op.batch_alter_table("cost_lines", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cost_lines_choir_id"))

    op.drop_table("cost_lines")
    op.drop_table("choir_states")
    with op.batch_alter_table("allocation_choirs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_allocation_choirs_choir_id"))

    op.drop_table("allocation_choirs")
    with op.batch_alter_table("touchpoints", schema=None) as batch_op:
        batch_op.drop_index("ix_touchpoints_partner_id_happened_on")

    op.drop_table("touchpoints")
    with op.batch_alter_table("spent_to_dates", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_spent_to_dates_agreement_id"))

    op.drop_table("spent_to_dates")
    op.drop_table("post_revisions")
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payments_agreement_id"))

    op.drop_table("payments")
    with op.batch_alter_table("former_slugs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_former_slugs_post_id"))

    op.drop_table("former_slugs")
    with op.batch_alter_table("deadlines", schema=None) as batch_op:
        batch_op.drop_index("ix_deadlines_due_on")
        batch_op.drop_index(batch_op.f("ix_deadlines_agreement_id"))

    op.drop_table("deadlines")
    with op.batch_alter_table("choirs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_choirs_town_id"))

    op.drop_table("choirs")
    with op.batch_alter_table("amendments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_amendments_agreement_id"))

    op.drop_table("amendments")
    with op.batch_alter_table("allocation_towns", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_allocation_towns_town_id"))

    op.drop_table("allocation_towns")
    with op.batch_alter_table("venues", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_venues_town_id"))

    op.drop_table("venues")
    with op.batch_alter_table("singers", schema=None) as batch_op:
        batch_op.drop_index("ix_singers_sort_key")
        batch_op.drop_index("ix_singers_folded_name")

    op.drop_table("singers")
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_ins_account_id"))

    op.drop_table("sign_ins")
    op.drop_table("role_grants")
    with op.batch_alter_table("refused_acts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_refused_acts_singer_id"))
        batch_op.drop_index(batch_op.f("ix_refused_acts_rehearsal_id"))

    op.drop_table("refused_acts")
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.drop_index("ix_posts_published_at")

    op.drop_table("posts")
    with op.batch_alter_table("partner_towns", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_partner_towns_town_id"))

    op.drop_table("partner_towns")
    with op.batch_alter_table("one_time_links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_one_time_links_account_id"))

    op.drop_table("one_time_links")
    with op.batch_alter_table("next_steps", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_next_steps_owner_id"))
        batch_op.drop_index(
            "ix_next_steps_open",
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )
        batch_op.drop_index("ix_next_steps_due_on")

    op.drop_table("next_steps")
    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contacts_partner_id"))

    op.drop_table("contacts")
    with op.batch_alter_table("bank_balances", schema=None) as batch_op:
        batch_op.drop_index("ix_bank_balances_as_of")

    op.drop_table("bank_balances")
    with op.batch_alter_table("agreements", schema=None) as batch_op:
        batch_op.drop_index("ix_agreements_partner_id")

    op.drop_table("agreements")
    op.drop_table("towns")
    op.drop_table("partners")
    with op.batch_alter_table("letters", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_letters_try_at"))

    op.drop_table("letters")
    with op.batch_alter_table("failed_tries", schema=None) as batch_op:
        batch_op.drop_index("ix_failed_tries_key_hash_at")
        batch_op.drop_index(batch_op.f("ix_failed_tries_at"))

    op.drop_table("failed_tries")
    op.drop_table("facts")
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entries_subject_id"))
        batch_op.drop_index(batch_op.f("ix_audit_entries_at"))

    op.drop_table("audit_entries")
    op.drop_table("accounts")
