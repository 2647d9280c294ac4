"""Passwords: which ones are too weak, and how they are kept (argon2id with the library's current parameters, RFC 9106)."""

from __future__ import annotations

import asyncio
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from web.desk.errors import WeakPassword

SHORTEST, LONGEST = 10, 256
FEWEST_DIFFERENT = 5
AT_ONCE = 2
"""One hash takes 64 MiB: a crowd of tries must not take all memory."""


class Passwords:
    """Hashes and verifies in threads, so that sockets go on meanwhile."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._nobodys: str | None = None

    async def hash(self, password: str) -> str:
        """What is kept of a password."""
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def fits(self, kept: str | None, password: str) -> bool:
        """Whether it is the one. Without anything kept (no such account) the answer takes as long, and is no."""
        async with self._turns:
            return await asyncio.to_thread(self._verify, kept, password)

    def outdated(self, kept: str) -> bool:
        """Whether it was hashed with other parameters than a new one would be."""
        return self._hasher.check_needs_rehash(kept)

    def _verify(self, kept: str | None, password: str) -> bool:
        if self._nobodys is None:
            self._nobodys = self._hasher.hash(secrets.token_urlsafe(32))
        try:
            self._hasher.verify(kept or self._nobodys, password[:LONGEST])
        except (VerificationError, InvalidHashError):
            return False
        return kept is not None and len(password) <= LONGEST


def check_strength(password: str, username: str) -> None:
    """Raises `WeakPassword`: length counts (NIST SP 800-63B, 3.1.1), not which kinds of characters there are."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise WeakPassword(f"not {SHORTEST} to {LONGEST} characters")
    if len(set(password)) < FEWEST_DIFFERENT or username.lower() in password.lower():
        raise WeakPassword("easy to guess")
