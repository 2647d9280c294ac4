"""Trains both sides on the same data, with an empty cache; stock Rasa once for each state of the data, because it takes long."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.side_by_side.epochs import DEFAULT_EPOCHS, extrapolated_s, read_epochs
from bench.side_by_side.figures import Rows, compared
from bench.side_by_side.processes import BOT_PYTHON, ROOT, Measured, environment

CONFIG = ROOT / "bench/side_by_side/stock/config.yml"
KEPT = ROOT / "var/bench"
LOOK_S = 0.05
LEARNS_BY = re.compile(r"^(?:rasa|tensorflow|numpy|scipy|scikit-learn|jieba)==\S+", re.MULTILINE)


class TrainingFailed(Exception):
    """Rasa ended without a model."""


async def train(config: Path, log: Path, folder: Path) -> tuple[Path, float]:
    """Trains into `folder`; the model and the seconds from the start of the process to its end."""
    cache = folder / "cache"
    cache.mkdir(parents=True)
    command = [
        str(BOT_PYTHON), "-m", "rasa", "train", "--config", str(config), "--domain", "domain.yml", "--data", "data",
        "--out", str(folder), "--fixed-model-name", "model",
    ]  # fmt: skip
    began = time.monotonic()
    running = Measured(command, environment(folder, RASA_CACHE_DIRECTORY=str(cache)), log)
    try:
        while running.runs:
            await asyncio.sleep(LOOK_S)
    finally:
        running.stop()
    if not (folder / "model.tar.gz").is_file():
        raise TrainingFailed(f"rasa train --config {config.name} ended without a model:\n{running.last_words()}")
    return folder / "model.tar.gz", time.monotonic() - began


def stock_fingerprint() -> str:
    """Sixteen hex digits over all that stock Rasa learns from, and what it learns with."""
    total = hashlib.sha256()
    files = [CONFIG, ROOT / "domain.yml", *(ROOT / "data").rglob("*.yml")]
    total.update(repr(LEARNS_BY.findall((ROOT / "requirements.txt").read_text("utf-8"))).encode())
    for path in sorted(files):
        total.update(f"{path.relative_to(ROOT).as_posix()}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()[:16]


async def stock_model() -> tuple[Path, dict[str, Any]]:
    """Stock Rasa's model of the present data, and what its training took; trained when there is none."""
    KEPT.mkdir(parents=True, exist_ok=True)
    model = KEPT / f"{stock_fingerprint()}.tar.gz"
    figures = model.with_name(f"{stock_fingerprint()}.json")
    if not (model.is_file() and figures.is_file()):
        log = KEPT / "stock-train.log"
        log.unlink(missing_ok=True)
        with tempfile.TemporaryDirectory(prefix=".training-", dir=KEPT) as folder:
            trained, seconds = await train(CONFIG, log, Path(folder))
            figures.write_text(json.dumps(stock_figures(log.read_text("utf-8", "replace"), seconds), indent=1), "utf-8")
            trained.replace(model)
    found: dict[str, Any] = json.loads(figures.read_text("utf-8"))
    return model, found


async def measured(kept: dict[str, Any]) -> Rows:
    """`train_s`: Shopdesk trained once with an empty cache, against what stock Rasa's default epochs would take."""
    with tempfile.TemporaryDirectory(prefix="bench-training-") as folder:
        _, seconds = await train(ROOT / "config.yml", Path(folder) / "train.log", Path(folder) / "out")
    row = compared([kept["extrapolated_s"]], [seconds], "s")
    return {"train_s": {**row, "stock_is": "extrapolated", **{f"stock_{name}": value for name, value in kept.items()}}}


def stock_figures(log: str, seconds: float) -> dict[str, Any]:
    """What is kept of a training: the measured seconds, those of each epoch, and what the default epochs would take."""
    networks = read_epochs(re.split(r"[\r\n]+", log))
    return {
        "measured_s": round(seconds, 1),
        "epochs_s": {one.name: one.seconds for one in networks},
        "extrapolated_s": round(extrapolated_s(seconds, networks), 1),
        "extrapolated_to_epochs": DEFAULT_EPOCHS,
    }
