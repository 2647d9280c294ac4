"""The secrets that `make up` makes once and keeps in var/, readable by their owner only."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

FILES = {
    "SHOPDESK_SECRET": "secret",
    "SHOPDESK_IDENTITY_SECRET": "identity-secret",
    "SHOP_API_KEY": "shop-api-key",
}
DEMO, DEMO_PASSWORD = "SHOPDESK_DEMO_PASSWORD", "demo-password"
"""Of the accounts that a new desk begins with; the variable and the file."""


def make_private(folder: Path) -> None:
    """Make `folder` (mode 0700), and close one that is open to others."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_mode & 0o077:
        folder.chmod(0o700)


def keep_secret(path: Path, length: int = 32) -> str:
    """The secret in `path`; made of `length` random bytes (mode 0600) when it is not there yet."""
    if path.exists():
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
        if kept := path.read_text(encoding="ascii").strip():
            return kept
    fresh = secrets.token_urlsafe(length)
    partial = path.with_name(f".{path.name}.partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{fresh}\n")
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    return fresh


def keep_credentials(var: Path, env: Mapping[str, str]) -> dict[str, str]:
    """Each secret by its variable: the owner's from `env`, else the one kept in `var`."""
    make_private(var)
    kept = {name: env.get(name) or keep_secret(var / file) for name, file in FILES.items()}
    return {**kept, DEMO: env.get(DEMO) or keep_secret(var / DEMO_PASSWORD, length=12)}
