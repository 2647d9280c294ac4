"""Every table of the desk's database. A change here needs a migration in `migrations/versions`; a test compares the two.

Conversations that go on live in the ledger; here is what is kept: who works on the desk, their texts, what was done, and the
archive. The full-text index `archive_words` is made by the migrations, because each database has its own kind of it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, DateTime, ForeignKey, Index, MetaData, String, Text, TypeDecorator, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
NAME, CONVERSATION, ENTRY, DIGEST = String(64), String(64), String(40), String(64)


class Moment(TypeDecorator[datetime]):
    """A time in UTC. SQLite keeps no zone, PostgreSQL answers in the server's; Python always gets UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Refuses a time without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """In UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Moment(),
        list[str]: JSON(),
        dict[str, Any]: JSON(),
        list[dict[str, Any]]: JSON(),
    }


class AccountRow(Base):
    """Somebody who works on the desk."""

    __tablename__ = "accounts"

    username: Mapped[str] = mapped_column(NAME, primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(16))
    password_hash: Mapped[str] = mapped_column(String(256))
    skills: Mapped[list[str]]
    capacity: Mapped[int]
    lang: Mapped[str] = mapped_column(String(8))
    active: Mapped[bool]
    created_at: Mapped[datetime]


class LoginRow(Base):
    """A session. The token itself is only in the browser's cookie; here is its SHA-256."""

    __tablename__ = "logins"

    token_hash: Mapped[str] = mapped_column(DIGEST, primary_key=True)
    username: Mapped[str] = mapped_column(NAME, ForeignKey("accounts.username", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class RevealRow(Base):
    """Until when a session sees the personal data of one conversation."""

    __tablename__ = "reveals"

    token_hash: Mapped[str] = mapped_column(
        DIGEST, ForeignKey("logins.token_hash", ondelete="CASCADE"), primary_key=True
    )
    conversation: Mapped[str] = mapped_column(CONVERSATION, primary_key=True)
    until: Mapped[datetime]


class LoginTryRow(Base):
    """Wrong passwords for one account or from one address. The subject is a digest: people type passwords as user names."""

    __tablename__ = "login_tries"

    subject: Mapped[str] = mapped_column(DIGEST, primary_key=True)
    count: Mapped[int]
    since: Mapped[datetime] = mapped_column(index=True)
    locked_until: Mapped[datetime | None]


class QuickReplyRow(Base):
    """A text to be sent with a few keys. Without an owner it is everybody's."""

    __tablename__ = "quick_replies"
    __table_args__ = (
        UniqueConstraint("owner", "shortcut"),
        Index(
            "uq_quick_replies_shared", "shortcut", unique=True,
            sqlite_where=text("owner IS NULL"), postgresql_where=text("owner IS NULL"),
        ),  # two rows without an owner are never the same to a plain constraint
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str | None] = mapped_column(NAME, ForeignKey("accounts.username", ondelete="CASCADE"))
    shortcut: Mapped[str] = mapped_column(String(32))
    title: Mapped[str] = mapped_column(String(80))
    text_zh: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    used: Mapped[int]


class TagRow(Base):
    """A label for conversations."""

    __tablename__ = "tags"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(32), unique=True)
    colour: Mapped[str] = mapped_column(String(7))


class CustomerNoteRow(Base):
    """What colleagues should know about a customer."""

    __tablename__ = "customer_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    customer: Mapped[str] = mapped_column(String(192), index=True)
    by: Mapped[str] = mapped_column(NAME)
    at: Mapped[datetime]
    words: Mapped[str] = mapped_column("text", Text)


class AuditRow(Base):
    """Who read or did what. `source` names the entry of the ledger's audit stream that a row was copied from."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    who: Mapped[str] = mapped_column(NAME, index=True)
    what: Mapped[str] = mapped_column(String(64), index=True)
    conversation: Mapped[str | None] = mapped_column(CONVERSATION, index=True)
    detail: Mapped[dict[str, Any]]
    source: Mapped[str | None] = mapped_column(String(64), unique=True)


class ArchiveRow(Base):
    """A conversation that was closed. The long texts stand last, so that a list of rows need not read them."""

    __tablename__ = "archive"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation: Mapped[str] = mapped_column(CONVERSATION, unique=True)
    closed_at: Mapped[datetime] = mapped_column(index=True)
    opened_at: Mapped[datetime]
    customer: Mapped[str | None] = mapped_column(String(192), index=True)
    agent: Mapped[str | None] = mapped_column(NAME, index=True)
    category: Mapped[str | None] = mapped_column(String(32), index=True)
    lang: Mapped[str] = mapped_column(String(8))
    name_masked: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(80))
    rating_bot: Mapped[int | None]
    rating_agent: Mapped[int | None]
    tags: Mapped[list[str]]
    summary: Mapped[str | None] = mapped_column(Text)
    solution: Mapped[str | None] = mapped_column(Text)
    search_text: Mapped[str] = mapped_column(Text)
    transcript: Mapped[list[dict[str, Any]]]


class ArchiveTagRow(Base):
    """The tags of an archived conversation, to be found by."""

    __tablename__ = "archive_tags"
    __table_args__ = (Index(None, "tag"),)

    archive: Mapped[int] = mapped_column(ForeignKey("archive.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(32), primary_key=True)


class HandlingRow(Base):
    """One time that a person served a conversation; `claim` is the entry that it began with."""

    __tablename__ = "handlings"

    conversation: Mapped[str] = mapped_column(CONVERSATION, primary_key=True)
    claim: Mapped[str] = mapped_column(ENTRY, primary_key=True)
    agent: Mapped[str] = mapped_column(NAME, index=True)
    skill: Mapped[str | None] = mapped_column(String(32))
    rule: Mapped[str | None] = mapped_column(String(64))
    priority: Mapped[int | None]
    queued_at: Mapped[datetime | None]
    claimed_at: Mapped[datetime] = mapped_column(index=True)
    first_reply_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended: Mapped[str | None] = mapped_column(String(32))
    category: Mapped[str | None] = mapped_column(String(32))
    solution: Mapped[str | None] = mapped_column(Text)
    first_breaches: Mapped[int]
    round_breaches: Mapped[int]


class RatingRow(Base):
    """How content a shopper was. `about` is the claim of the person's handling, or empty for the bot; a later one replaces it."""

    __tablename__ = "ratings"

    conversation: Mapped[str] = mapped_column(CONVERSATION, primary_key=True)
    of: Mapped[str] = mapped_column(String(8), primary_key=True)
    about: Mapped[str] = mapped_column(ENTRY, primary_key=True)
    score: Mapped[int]
    reasons: Mapped[list[str]]
    comment: Mapped[str | None] = mapped_column(Text)
    agent: Mapped[str | None] = mapped_column(NAME, index=True)
    at: Mapped[datetime] = mapped_column(index=True)


class RecordedRow(Base):
    """Up to which entry of its log a conversation has been written here; an older reading never replaces a newer one."""

    __tablename__ = "recorded"

    conversation: Mapped[str] = mapped_column(CONVERSATION, primary_key=True)
    upto: Mapped[str] = mapped_column(ENTRY)
