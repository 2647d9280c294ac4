"""Holds processes to a part of a core, so that two of them leave the rest of two cores to what they need beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

PERIOD_US = 10_000
GROUPS = Path("/sys/fs/cgroup")


@contextmanager
def held(pids: Sequence[int], cores: float) -> Iterator[bool]:
    """Each process gets so much of a core at most. False where the system does not let us: then nothing is held."""
    with ExitStack() as stack:
        try:
            for pid in pids:
                stack.enter_context(_group_of_its_own(pid, int(cores * PERIOD_US)))
        except OSError:
            stack.close()
            yield False
            return
        yield True


@contextmanager
def _group_of_its_own(pid: int, quota_us: int) -> Iterator[None]:
    parent = _parent(pid)
    group = parent / f"shopdesk-bench-{pid}"
    group.mkdir()
    try:
        if (limit := group / "cpu.max").exists():
            limit.write_text(f"{quota_us} {PERIOD_US}")
        else:
            (group / "cpu.cfs_period_us").write_text(str(PERIOD_US))
            (group / "cpu.cfs_quota_us").write_text(str(quota_us))
        (group / "cgroup.procs").write_text(str(pid))
        yield
    finally:
        if str(pid) in (group / "cgroup.procs").read_text().split():
            (parent / "cgroup.procs").write_text(str(pid))
        group.rmdir()


def _parent(pid: int) -> Path:
    """The process's group of the processor's controller, of either version of control groups."""
    for line in Path(f"/proc/{pid}/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        if "cpu" in controllers.split(",") or (not controllers and (GROUPS / "cgroup.controllers").exists()):
            return (GROUPS / "cpu" if controllers else GROUPS) / path.lstrip("/")
    raise OSError("no control group for the processor")
