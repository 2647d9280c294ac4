"""Sessions of the desk: who is signed in, for how long, and whose personal data a session may see."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import delete, or_, select, update

from web.desk.accounts import USERNAME, Account, account_of_row
from web.desk.database import Database
from web.desk.errors import BadLogin, Unauthorized, WeakPassword
from web.desk.login_tries import Clock, LoginTries, utc_now
from web.desk.passwords import Passwords, check_strength
from web.desk.tables import AccountRow, LoginRow, RevealRow

LIFETIME = timedelta(hours=12)
IDLE = timedelta(hours=2)
SEEN_EVERY = timedelta(minutes=1)
REVEALED_FOR = timedelta(minutes=15)
TOKEN_BYTES = 32
LONGEST_TOKEN = 128


class Login(Struct, frozen=True):
    """A session: its id is a digest, so it may stand in a log; the token may not."""

    id: str
    account: Account
    expires_at: datetime


class Logins:
    """Signs in and out, and says whose a token is."""

    def __init__(self, database: Database, passwords: Passwords, clock: Clock = utc_now) -> None:
        self._database, self._passwords, self._clock = database, passwords, clock
        self._tries = LoginTries(database, clock)

    async def sign_in(self, username: str, password: str, address: str) -> tuple[str, Account]:
        """The token of a new session, and whose it is. Raises `BadLogin`, `Locked`."""
        await self._tries.begin(username, address)
        row = await self._prove(username, password)
        await self._tries.succeeded(username, address)
        renewed = await self._passwords.hash(password) if self._passwords.outdated(row.password_hash) else None
        token, now = secrets.token_urlsafe(TOKEN_BYTES), self._clock()
        async with self._database.begin() as session:
            over = or_(LoginRow.expires_at <= now, LoginRow.seen_at <= now - IDLE)
            await session.execute(delete(LoginRow).where(over))
            if renewed is not None:
                same = (AccountRow.username == username, AccountRow.password_hash == row.password_hash)
                await session.execute(update(AccountRow).where(*same).values(password_hash=renewed))
            session.add(
                LoginRow(
                    token_hash=digest(token), username=username, created_at=now, seen_at=now, expires_at=now + LIFETIME
                )
            )
        return token, account_of_row(row)

    async def enter(self, token: str | None) -> Login:
        """The session of a token, which lives on by that. Raises `Unauthorized`."""
        if not token or len(token) > LONGEST_TOKEN:
            raise Unauthorized("no token")
        now = self._clock()
        async with self._database.session() as session:
            found = (
                await session.execute(
                    select(LoginRow, AccountRow)
                    .join(AccountRow, AccountRow.username == LoginRow.username)
                    .where(LoginRow.token_hash == digest(token))
                )
            ).first()
        if found is None:
            raise Unauthorized("no such session")
        login, account = found
        if login.expires_at <= now or login.seen_at <= now - IDLE or not account.active:
            raise Unauthorized("the session is over")
        if now - login.seen_at >= SEEN_EVERY:
            async with self._database.begin() as session:
                mine = LoginRow.token_hash == login.token_hash
                await session.execute(update(LoginRow).where(mine).values(seen_at=now))
        return Login(login.token_hash, account_of_row(account), login.expires_at)

    async def check(self, token: str | None) -> Account:
        """Whose a token is; the session lives on by that. Raises `Unauthorized`."""
        return (await self.enter(token)).account

    async def still(self, login: Login) -> Account:
        """Whose a session is that was entered, as the account is now, without making it live longer: for open sockets.

        Raises `Unauthorized` when it is over.
        """
        now = self._clock()
        async with self._database.session() as session:
            row = await session.get(LoginRow, login.id)
            account = await session.get(AccountRow, login.account.username)
        over = row is None or row.expires_at <= now or row.seen_at <= now - IDLE
        if over or account is None or not account.active:
            raise Unauthorized("the session is over")
        return account_of_row(account)

    async def sign_out(self, token: str | None) -> None:
        """Ends the session; harmless when it is none."""
        if token:
            async with self._database.begin() as session:
                await session.execute(delete(LoginRow).where(LoginRow.token_hash == digest(token)))

    async def change_password(self, login: Login, old: str, new: str, address: str) -> None:
        """Ends every other session of the account. Raises `BadLogin`, `Locked`, `WeakPassword`."""
        username = login.account.username
        await self._tries.begin(username, address)
        await self._prove(username, old)
        await self._tries.succeeded(username, address)
        check_strength(new, username)
        if new == old:
            raise WeakPassword("the old one")
        kept = await self._passwords.hash(new)
        async with self._database.begin() as session:
            mine = AccountRow.username == username
            await session.execute(update(AccountRow).where(mine).values(password_hash=kept))
            others = (LoginRow.username == username, LoginRow.token_hash != login.id)
            await session.execute(delete(LoginRow).where(*others))

    async def reveal(self, login: Login, conversation: str) -> datetime:
        """Shows a conversation's personal data in this session for 15 minutes; returns until when."""
        until = self._clock() + REVEALED_FOR
        async with self._database.begin() as session:
            await session.merge(RevealRow(token_hash=login.id, conversation=conversation, until=until))
        return until

    async def revealed(self, login: Login, conversation: str) -> bool:
        """Whether the session may see a conversation's personal data now."""
        return await self.revealed_until(login, conversation) is not None

    async def revealed_until(self, login: Login, conversation: str) -> datetime | None:
        """Until when the session may see a conversation's personal data; None when it may not."""
        async with self._database.session() as session:
            row = await session.get(RevealRow, (login.id, conversation))
        return row.until if row is not None and row.until > self._clock() else None

    async def exists(self, username: str) -> bool:
        """Whether there is such an account; for the audit log, not for whoever tries to sign in."""
        if not USERNAME.fullmatch(username):
            return False
        async with self._database.session() as session:
            return await session.get(AccountRow, username) is not None

    async def _prove(self, username: str, password: str) -> AccountRow:
        """The account, by its password; an unknown or closed one takes as long to be refused."""
        row = None
        if USERNAME.fullmatch(username):
            async with self._database.session() as session:
                row = await session.get(AccountRow, username)
        kept = row.password_hash if row is not None and row.active else None
        if not await self._passwords.fits(kept, password) or row is None:
            raise BadLogin("not this password")
        return row


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
