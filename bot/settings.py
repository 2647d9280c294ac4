"""What the bot worker is told by its environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MODELS = Path("models")
TONES = ("plain", "qin")


class SettingsError(ValueError):
    """A setting is missing or wrong; the text says which one and what to do."""


@dataclass(frozen=True)
class Settings:
    """Read once, by `from_env`; docs/operations.md explains each."""

    redis_url: str
    shards: int
    model: Path
    ready_file: Path | None
    concurrency: int
    tone: str

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Raises `SettingsError`."""
        model = env.get("SHOPDESK_MODEL")
        ready = env.get("SHOPDESK_READY_FILE")
        return cls(
            redis_url=env.get("REDIS_URL") or "redis://127.0.0.1:6399/0",
            shards=_positive(env.get("SHARDS") or "1", "SHARDS"),
            model=Path(model) if model else _newest(MODELS),
            ready_file=Path(ready) if ready else None,
            concurrency=_positive(env.get("BOT_CONCURRENCY") or "16", "BOT_CONCURRENCY"),
            tone=_tone(env.get("SHOPDESK_TONE") or "plain"),
        )


def _positive(text: str, name: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise SettingsError(f"{name} must be a whole number from 1, not {text!r}")
    return int(text)


def _tone(name: str) -> str:
    if name not in TONES:
        raise SettingsError(f"SHOPDESK_TONE must be one of {', '.join(TONES)}, not {name!r}")
    return name


def _newest(folder: Path) -> Path:
    models = sorted(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not models:
        raise SettingsError(f"there is no model in {folder.resolve()}: run `make train`, or name one in SHOPDESK_MODEL")
    return models[-1]
