"""Who works on the desk: accounts, their roles and skills. `python -m web.desk.accounts` adds them from a terminal."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from msgspec import Struct, structs
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from web.desk.database import Database
from web.desk.errors import BadFrame, Exists, Forbidden, NotFound
from web.desk.passwords import Passwords, check_strength
from web.desk.tables import AccountRow, LoginRow

Role = Literal["agent", "supervisor", "trainer", "admin"]
RANKS = {"trainer": 0, "agent": 1, "supervisor": 2, "admin": 3}
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
LONGEST_NAME, LARGEST_CAPACITY, LONGEST_SKILL = 64, 100, 32
EVERYTHING = ("general", "orders", "logistics", "after_sales", "promotions", "complaint", "english")


class Account(Struct, frozen=True):
    """Somebody who may sign in, as the desk's pages get it."""

    username: str
    name: str
    role: Role
    skills: list[str]
    capacity: int
    lang: str

    def may(self, role: Role) -> bool:
        """Whether the role is that one or one above; a trainer is below an agent."""
        return RANKS[self.role] >= RANKS[role]

    def must(self, role: Role) -> None:
        """Raises `Forbidden` unless the account `may`."""
        if not self.may(role):
            raise Forbidden(f"{self.role} is less than {role}")


class Change(Struct, frozen=True, forbid_unknown_fields=True):
    """What an admin changes of an account; what is None stays."""

    name: str | None = None
    role: Role | None = None
    skills: list[str] | None = None
    capacity: int | None = None
    lang: Literal["zh", "en"] | None = None
    active: bool | None = None
    password: str | None = None


class Accounts:
    """The accounts in the database. A change that shuts somebody out ends that person's sessions in the same transaction."""

    def __init__(self, database: Database, passwords: Passwords) -> None:
        self._database, self._passwords = database, passwords

    async def get(self, username: str) -> Account:
        """Raises `NotFound`; an account that is not active counts as none."""
        async with self._database.session() as session:
            row = await session.get(AccountRow, username)
        if row is None or not row.active:
            raise NotFound("no such account")
        return account_of_row(row)

    async def all(self) -> list[tuple[Account, bool]]:
        """Everybody by username, and whether the account is active."""
        async with self._database.session() as session:
            rows = await session.scalars(select(AccountRow).order_by(AccountRow.username))
            return [(account_of_row(row), row.active) for row in rows]

    async def add(self, account: Account, password: str) -> None:
        """Raises `Exists`, `WeakPassword`, `BadFrame` when something of it makes no sense."""
        _check(account)
        check_strength(password, account.username)
        kept = await self._passwords.hash(password)
        row = AccountRow(**structs.asdict(account), password_hash=kept, active=True, created_at=datetime.now(UTC))
        try:
            async with self._database.begin() as session:
                session.add(row)
        except IntegrityError:
            raise Exists(account.username) from None

    async def change(self, username: str, change: Change) -> tuple[Account, bool]:
        """The account as it is now, and whether it is active. Raises `NotFound`, `WeakPassword`, `BadFrame`."""
        if change.password is not None:
            check_strength(change.password, username)
        kept = None if change.password is None else await self._passwords.hash(change.password)
        async with self._database.begin() as session:
            row = await session.get(AccountRow, username, with_for_update=True)
            if row is None:
                raise NotFound("no such account")
            for field in ("name", "role", "skills", "capacity", "lang", "active"):
                if (value := getattr(change, field)) is not None:
                    setattr(row, field, value)
            if kept is not None:
                row.password_hash = kept
            if kept is not None or not row.active:
                await session.execute(delete(LoginRow).where(LoginRow.username == username))
            changed = account_of_row(row)
            _check(changed)
            return changed, row.active

    async def empty(self) -> bool:
        """Whether there is none yet."""
        async with self._database.session() as session:
            return not await session.scalar(select(func.count()).select_from(AccountRow))


def account_of_row(row: AccountRow) -> Account:
    """Without the password."""
    return Account(row.username, row.name, role_named(row.role), list(row.skills), row.capacity, row.lang)


def role_named(text: str) -> Any:
    """The role of that name."""
    if text not in RANKS:
        raise ValueError(f"there is no role {text!r}")
    return text


def _check(account: Account) -> None:
    name = account.name
    if not USERNAME.fullmatch(account.username):
        raise BadFrame("a username has small letters, digits, and . _ -")
    if not (name.strip() and name.isprintable() and len(name) <= LONGEST_NAME):
        raise BadFrame("no name")
    if not 0 <= account.capacity <= LARGEST_CAPACITY:
        raise BadFrame(f"a capacity is 0 to {LARGEST_CAPACITY}")
    if any(not 0 < len(skill) <= LONGEST_SKILL for skill in account.skills):
        raise BadFrame("no skill")


def demo_accounts() -> Sequence[Account]:
    """Whom a new installation starts with."""
    return (
        Account("agent1", "客服一号", "agent", [skill for skill in EVERYTHING if skill != "english"], 5, "zh"),
        Account("agent2", "客服二号", "agent", list(EVERYTHING), 5, "zh"),
        Account("supervisor", "主管", "supervisor", list(EVERYTHING), 5, "zh"),
        Account("trainer", "训练师", "trainer", [], 0, "zh"),
        Account("admin", "管理员", "admin", list(EVERYTHING), 5, "zh"),
    )


async def ensure_demo_accounts(database: Database, password: str) -> bool:
    """Makes the demo accounts, all with one password, where there is no account yet; true when it did."""
    accounts = Accounts(database, Passwords())
    if not await accounts.empty():
        return False
    for account in demo_accounts():
        try:
            await accounts.add(account, password)
        except Exists:
            continue  # another desk has started at the same moment
    return True


if __name__ == "__main__":
    from web.desk.accounts_cli import main

    sys.exit(main(sys.argv[1:]))
