"""Trains the model when what it is made of changed, and prints its path: `python -m ops.model [--force]`.

Rasa prints megabytes while it trains; they go to var/log/train.log, and its progress is read from there.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from ops.credentials import make_private
from ops.fingerprint import fingerprint
from ops.problem import Problem
from ops.progress import Progress, clock
from ops.settings import Settings
from ops.training_log import Steps, last_words, pieces

KEPT = 3
LOG = "train.log"
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONUNBUFFERED": "1",
    "PYTHONWARNINGS": "ignore",
}
"""Rasa as quiet as it gets."""
Report = Callable[[str, str], None]


def model_path(settings: Settings) -> Path:
    """Where the model of the present data is or will be."""
    return settings.models / f"{fingerprint(settings.root)}.tar.gz"


async def ensure_model(settings: Settings, report: Report, force: bool = False) -> Path:
    """Path of a model of the present data, trained when there is none; `report(step, detail)` tells how far it is."""
    path = model_path(settings)
    if path.is_file() and not force:
        os.utime(path)
        return path
    settings.models.mkdir(exist_ok=True)
    report("training the model", "reading the data")
    with tempfile.TemporaryDirectory(prefix=".training-", dir=settings.models) as folder:
        await _train(settings, Path(folder), report)
        trained = Path(folder, "model.tar.gz")
        if not trained.is_file():
            raise _failure(settings)
        trained.replace(path)
    prune(settings.models, keep=path)
    return path


def prune(models: Path, keep: Path) -> None:
    """Delete our models but the three used last; those with other names belong to somebody else."""
    ours = [path for path in models.glob("*.tar.gz") if re.fullmatch(r"[0-9a-f]{16}", path.name[: -len(".tar.gz")])]
    ours.sort(key=lambda path: (path == keep, path.stat().st_mtime), reverse=True)
    for path in ours[KEPT:]:
        path.unlink()


async def _train(settings: Settings, folder: Path, report: Report) -> None:
    make_private(settings.var)
    make_private(settings.logs)
    inputs = ["--config", "config.yml", "--domain", "domain.yml", "--data", "data"]
    command = [str(settings.bot_python), "-m", "rasa", "train", *inputs]
    process = await asyncio.create_subprocess_exec(
        *command,
        *("--out", str(folder), "--fixed-model-name", "model"),
        cwd=settings.root,
        env={**os.environ, **QUIET},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    assert process.stdout is not None
    try:
        steps = Steps()
        with (settings.logs / LOG).open("w", encoding="utf-8") as log:
            async for line in pieces(process.stdout):
                log.write(f"{line}\n")
                if step := steps.read(line):
                    report(*step)
        if await process.wait() != 0:
            raise _failure(settings)
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def _failure(settings: Settings) -> Problem:
    """Why Rasa failed, and where all that it said is."""
    path = settings.logs / LOG
    said = last_words(path.read_text(encoding="utf-8").splitlines(), settings.root)
    shown = "\n".join(f"  {line}" for line in said)
    return Problem(f"The model could not be trained:\n{shown}\nAll of it is in {path.relative_to(settings.root)}.")


async def run(settings: Settings, force: bool) -> Path:
    """Bring the model up to date with a progress line, and say what was done."""
    progress = Progress(sys.stderr)
    there = model_path(settings).is_file() and not force
    async with progress.shown():
        path = await ensure_model(settings, lambda step, detail: progress.step("model", step, detail), force)
    done = "is up to date" if there else f"was trained in {clock(progress.elapsed())}"
    print(f"The model {done}.", file=sys.stderr)
    return path


def main() -> int:
    """Print the path of the model of the present data."""
    try:
        print(asyncio.run(run(Settings.from_env(os.environ), "--force" in sys.argv[1:])))
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
