"""Reads from Rasa's log how long each epoch took, and says what the epochs of its own defaults would take."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

DEFAULT_EPOCHS = 100
"""Of each network in the configuration that `rasa init` writes."""
BATCHES = (64, 256)
"""Size of a batch in the first and the last epoch; it grows evenly in between (Rasa's default, `linear`)."""
_STARTS = re.compile(r"Starting to train component '(\w+)'")
_EPOCHS = re.compile(r"Epochs:\s+\d+%\|.*?\|\s*(\d+)/(\d+) \[((?:\d+:)?\d+:\d+)<")


@dataclass
class Epochs:
    """One network's training: its name, how many epochs, and the second at which each ended."""

    name: str
    count: int
    ends: dict[int, float] = field(default_factory=dict)

    @property
    def seconds(self) -> list[float]:
        """Of each epoch, in order."""
        marks = [0.0] + [self.ends[number] for number in sorted(self.ends)]
        return [after - before for before, after in itertools.pairwise(marks)]


def read_epochs(lines: Iterable[str]) -> list[Epochs]:
    """Every network whose last epoch ended, in the order of training."""
    found: list[Epochs] = []
    name = ""
    for line in lines:
        if starts := _STARTS.search(line):
            name = starts[1]
        elif (bar := _EPOCHS.search(line)) and int(bar[1]):
            if not found or found[-1].name != name:
                found.append(Epochs(name, int(bar[2])))
            found[-1].ends.setdefault(int(bar[1]), _seconds(bar[3]))
    return [one for one in found if one.count in one.ends]


def mean_epoch_s(seconds: list[float], batches: tuple[int, int] = BATCHES) -> float:
    """Seconds of a mean epoch among many, from those of a few.

    An epoch of smaller batches takes longer: a + b / batch. Of one epoch (all small batches) that cannot be told apart, so its own
    time is the answer, which is too much. Of two, the first with the smallest and the last with the largest batches, it can.
    """
    if len(seconds) < 2:
        return seconds[0]
    least, most = batches
    slope = max(0.0, (seconds[0] - seconds[-1]) / (1 / least - 1 / most))
    mean_share = math.log(most / least) / (most - least)
    return seconds[-1] + slope * (mean_share - 1 / most)


def extrapolated_s(whole_s: float, networks: Iterable[Epochs], epochs: int = DEFAULT_EPOCHS) -> float:
    """What the whole training would take with so many epochs of each network; `whole_s` is what it took with those it had."""
    return whole_s + sum(max(0, epochs - one.count) * mean_epoch_s(one.seconds) for one in networks)


def _seconds(clock: str) -> float:
    total = 0
    for part in clock.split(":"):
        total = total * 60 + int(part)
    return float(total)
