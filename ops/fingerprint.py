"""What a model is made of, as one hash: it is trained again only when this changes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

FILES = ("config.yml", "domain.yml", "requirements.txt")
FOLDERS = ("data", "bot/components")
_COMPONENT = re.compile(r"^\s*-?\s*name:\s*[\"']?([A-Za-z_][\w.]*)\.\w+", re.MULTILINE)


def fingerprint(root: Path) -> str:
    """Sixteen hex digits over the names and contents of every input, Rasa's version included."""
    total = hashlib.sha256()
    for path in sorted(set(inputs(root))):
        name = path.relative_to(root).as_posix()
        total.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()[:16]


def inputs(root: Path) -> Iterator[Path]:
    """Every file that training reads: configuration, data, and the code of our own components."""
    for name in FILES:
        if (root / name).is_file():
            yield root / name
    for name in FOLDERS:
        for path in (root / name).rglob("*"):
            hidden = any(part.startswith((".", "__pycache__")) for part in path.relative_to(root).parts)
            if path.is_file() and not hidden and path.suffix != ".pyc":
                yield path
    yield from _component_modules(root)


def _component_modules(root: Path) -> Iterator[Path]:
    """Modules of this repository in config.yml: `bot.escalation` for `bot.escalation.EscalationPolicy`."""
    config = root / "config.yml"
    if not config.is_file():
        return
    for module in _COMPONENT.findall(config.read_text(encoding="utf-8")):
        path = root.joinpath(*module.split("."))
        for candidate in (path.with_suffix(".py"), path / "__init__.py"):
            if candidate.is_file():
                yield candidate
