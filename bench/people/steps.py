"""Where the time of a handoff goes, by the times that Redis has put on the log, and what each process takes of a core."""

from __future__ import annotations

from collections import defaultdict

import psutil

from ledger import Ledger, connect

STEPS = ("stored", "committed", "offered", "shown")


async def handoff_steps(redis_url: str, seen: dict[str, tuple[float, float]]) -> dict[str, list[float]]:
    """By step, the ms of each handoff; `seen` says for a conversation when it was sent and when an agent saw it (wall clock, s).

    `stored`: sent → in the log; `committed`: → the bot has handed over; `offered`: → offered to an agent; `shown`: → at the agent's socket.
    """
    client = connect(redis_url)
    found: defaultdict[str, list[float]] = defaultdict(list)
    try:
        ledger = Ledger(client)
        for cid, (sent, shown) in seen.items():
            at = [sent * 1000]
            entries = await ledger.read(cid, "0-0")
            at += [
                next(one.at_ms for one in entries if one.kind == "message"),
                next(one.at_ms for one in entries if one.kind == "mode"),
                next((one.at_ms for one in entries if one.kind == "offer"), shown * 1000),
                shown * 1000,
            ]
            for step, before, after in zip(STEPS, at[:-1], at[1:], strict=True):
                found[step].append(after - before)
    finally:
        await client.aclose()
    return found


def cpu_s() -> dict[str, float]:
    """Seconds of a core that each process has taken so far, of this one and those that it has started."""
    me = psutil.Process()
    found = {"bench": sum(me.cpu_times()[:2])}
    for child in me.children():
        try:
            words, times = child.cmdline(), child.cpu_times()
        except psutil.NoSuchProcess:
            continue
        name = next(
            (word for word in ("web.gateway", "web.desk", "bot", "shop") if word in words), words[0].rsplit("/", 1)[-1]
        )
        found[name.removeprefix("web.")] = times.user + times.system
    return found
