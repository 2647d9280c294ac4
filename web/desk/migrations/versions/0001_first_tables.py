"""The first tables, and the index for full-text search in each database's own way."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "accounts",
    "archive",
    "audit",
    "customer_notes",
    "handlings",
    "login_tries",
    "ratings",
    "recorded",
    "tags",
    "archive_tags",
    "logins",
    "quick_replies",
    "reveals",
)
"""In the order in which they need each other."""

# The words are those of `search_words.py`, each once: where they stand is looked up in the text. SQLite's `ascii` tokenizer splits
# at blanks only, since all other signs of a word are letters to it. PostgreSQL gets them ready made, too: its own parser depends
# on the server's locale, and with the locale C it drops Chinese.
SQLITE = "CREATE VIRTUAL TABLE archive_words USING fts5(words, tokenize='ascii', detail='column', columnsize=0)"
POSTGRESQL = (
    "CREATE TABLE archive_words (rowid INTEGER PRIMARY KEY REFERENCES archive (id) ON DELETE CASCADE, words TSVECTOR NOT NULL)",
    "CREATE INDEX ix_archive_words_words ON archive_words USING GIN (words)",
)


def upgrade() -> None:
    """Makes them."""
    op.create_table(
        "accounts",
        sa.Column("username", sa.String(64), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("password_hash", sa.String(256), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("lang", sa.String(8), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("username", name="pk_accounts"),
    )
    op.create_table(
        "archive",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("customer", sa.String(192), nullable=True),
        sa.Column("agent", sa.String(64), nullable=True),
        sa.Column("category", sa.String(32), nullable=True),
        sa.Column("lang", sa.String(8), nullable=False),
        sa.Column("name_masked", sa.String(80), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("rating_bot", sa.Integer(), nullable=True),
        sa.Column("rating_agent", sa.Integer(), nullable=True),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("solution", sa.Text(), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("transcript", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_archive"),
        sa.UniqueConstraint("conversation", name="uq_archive_conversation"),
    )
    op.create_index("ix_archive_agent", "archive", ["agent"])
    op.create_index("ix_archive_category", "archive", ["category"])
    op.create_index("ix_archive_closed_at", "archive", ["closed_at"])
    op.create_index("ix_archive_customer", "archive", ["customer"])
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("what", sa.String(64), nullable=False),
        sa.Column("conversation", sa.String(64), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sa.UniqueConstraint("source", name="uq_audit_source"),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_index("ix_audit_conversation", "audit", ["conversation"])
    op.create_index("ix_audit_what", "audit", ["what"])
    op.create_index("ix_audit_who", "audit", ["who"])
    op.create_table(
        "customer_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer", sa.String(192), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_customer_notes"),
    )
    op.create_index("ix_customer_notes_customer", "customer_notes", ["customer"])
    op.create_table(
        "handlings",
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("claim", sa.String(40), nullable=False),
        sa.Column("agent", sa.String(64), nullable=False),
        sa.Column("skill", sa.String(32), nullable=True),
        sa.Column("rule", sa.String(64), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=True),
        sa.Column("queued_at", MOMENT, nullable=True),
        sa.Column("claimed_at", MOMENT, nullable=False),
        sa.Column("first_reply_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended", sa.String(32), nullable=True),
        sa.Column("category", sa.String(32), nullable=True),
        sa.Column("solution", sa.Text(), nullable=True),
        sa.Column("first_breaches", sa.Integer(), nullable=False),
        sa.Column("round_breaches", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("conversation", "claim", name="pk_handlings"),
    )
    op.create_index("ix_handlings_agent", "handlings", ["agent"])
    op.create_index("ix_handlings_claimed_at", "handlings", ["claimed_at"])
    op.create_table(
        "login_tries",
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("locked_until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("subject", name="pk_login_tries"),
    )
    op.create_index("ix_login_tries_since", "login_tries", ["since"])
    op.create_table(
        "ratings",
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("of", sa.String(8), nullable=False),
        sa.Column("about", sa.String(40), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("agent", sa.String(64), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("conversation", "of", "about", name="pk_ratings"),
    )
    op.create_index("ix_ratings_agent", "ratings", ["agent"])
    op.create_index("ix_ratings_at", "ratings", ["at"])
    op.create_table(
        "recorded",
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("upto", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("conversation", name="pk_recorded"),
    )
    op.create_table(
        "tags",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("colour", sa.String(7), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tags"),
        sa.UniqueConstraint("name", name="uq_tags_name"),
    )
    op.create_table(
        "archive_tags",
        sa.Column("archive", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["archive"], ["archive.id"], name="fk_archive_tags_archive", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("archive", "tag", name="pk_archive_tags"),
    )
    op.create_index("ix_archive_tags_tag", "archive_tags", ["tag"])
    op.create_table(
        "logins",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("username", sa.String(64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["username"], ["accounts.username"], name="fk_logins_username", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_logins"),
    )
    op.create_index("ix_logins_expires_at", "logins", ["expires_at"])
    op.create_index("ix_logins_username", "logins", ["username"])
    op.create_table(
        "quick_replies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(64), nullable=True),
        sa.Column("shortcut", sa.String(32), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("text_zh", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["accounts.username"], name="fk_quick_replies_owner", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_quick_replies"),
        sa.UniqueConstraint("owner", "shortcut", name="uq_quick_replies_owner_shortcut"),
    )
    shared = sa.text("owner IS NULL")
    op.create_index(
        "uq_quick_replies_shared",
        "quick_replies",
        ["shortcut"],
        unique=True,
        sqlite_where=shared,
        postgresql_where=shared,
    )
    op.create_table(
        "reveals",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["token_hash"], ["logins.token_hash"], name="fk_reveals_token_hash", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", "conversation", name="pk_reveals"),
    )
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else (SQLITE,):
        op.execute(statement)


def downgrade() -> None:
    """Drops them, with all that is in them."""
    op.execute("DROP TABLE archive_words")
    for table in reversed(TABLES):
        op.drop_table(table)
