"""A process of the bench can be held to a part of a core, and is let go again."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from bench.side_by_side.core_share import held
from bench.side_by_side.processes import cpu_s


def test_process_gets_no_more_than_its_part_and_all_of_it_afterwards() -> None:
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        group = Path(f"/proc/{busy.pid}/cgroup").read_text()
        with held([busy.pid], 0.2) as could:
            if not could:
                pytest.skip("control groups are not ours to make here")
            assert Path(f"/proc/{busy.pid}/cgroup").read_text() != group
            began, used = time.monotonic(), cpu_s(busy.pid)
            time.sleep(1.5)
            share = (cpu_s(busy.pid) - used) / (time.monotonic() - began)
        assert share < 0.3
        assert Path(f"/proc/{busy.pid}/cgroup").read_text() == group
    finally:
        busy.kill()
        busy.wait()
