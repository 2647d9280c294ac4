"""The table for readers: every row of a run, its goal and whether it is reached."""

from __future__ import annotations

from typing import Any

from bench.side_by_side.figures import GOALS, Row, Rows

TITLES = {
    "turns_per_s": "turns per second, one worker, mixed load",
    "order_turn_ms": "turn with an order query, socket to socket (ms)",
    "turn_300_over_5": "turn 300 against turn 5 (times)",
    "start_s": "start to first answer (s)",
    "train_s": "training, full data (s)",
    "worker_mb": "memory of a worker after the load (MiB, resident)",
    "two_workers": "two workers against one (turns/s)",
    "burst_s": "a burst of four messages, last to answer (s)",
    "handoff_ms_p99": "angry message to the agent's socket, p99 (ms)",
    "reply_ms_p99": "agent's reply to the shopper's socket, p99 (ms)",
    "idle_mb": "gateway with idle shoppers (MB)",
    "turn_under_load_ms": "turn under that load (ms)",
    "turns_per_s_stock_in_memory": "turns per second, stock without Redis",
    "turn_5_ms": "turn around 5 (ms)",
    "turn_50_ms": "turn around 50 (ms)",
    "turn_100_ms": "turn around 100 (ms)",
    "turn_150_ms": "turn around 150 (ms)",
    "turn_195_ms": "turn around 195 (ms)",
    "turn_300_ms": "turn around 300 (ms)",
    "returning_ms": "first turn after five earlier sessions (ms)",
    "redis_ping_ms": "the machine: a Redis round trip (ms)",
    "redis_write_ms": "the machine: a write that is on the disk (ms)",
    "socket_echo_ms": "the machine: a bare socket echo (ms)",
}
HEAD = ("", "stock Rasa", "Shopdesk", "Shopdesk ÷ stock", "goal", "reached")


def table(rows: Rows) -> str:
    """Markdown; rows in the order of the titles, those that were not measured left out."""
    lines = [_line(HEAD), "|---" * len(HEAD) + "|"]
    for name, title in TITLES.items():
        if row := rows.get(name):
            goal = row.get("goal", "")
            reached = "" if name not in GOALS or "reached" not in row else "yes" if row["reached"] else "**no**"
            lines.append(_line((title, *_figures(name, row), goal, reached)))
    return "\n".join(lines)


def _figures(name: str, row: Row) -> tuple[str, str, str]:
    if name == "two_workers":
        return "", f"{row['one']:g} → {row['two']:g}{_unheld(row)}", f"{row['ratio']:.2f} ×"
    stock = _with_spread(row, "stock")
    if row.get("stock_is") == "extrapolated":
        measured = f"measured: {row['stock_measured_s']:.0f} with {_epochs(row)}"
        stock = f"{row['stock']:.0f}, extrapolated to {row['stock_extrapolated_to_epochs']} epochs ({measured})"
    if "stock_turn" in row and row["stock_turn"] != 300:
        stock = f"{stock} at turn {row['stock_turn']} already, the last that was waited for"
    return stock, _with_spread(row, "shopdesk"), _ratio(row)


def _unheld(row: Row) -> str:
    """What both did with nothing left for the rest, where they were held to less."""
    if "unheld" not in row:
        return ""
    unheld = row["unheld"]
    held_to = f"each held to {row['held_to_cores']:g} of a core"
    return f" ({held_to}; with all there is {unheld['one']:g} → {unheld['two']:g}, {unheld['ratio']:.2f} ×)"


def _epochs(row: Row) -> str:
    return ", ".join(f"{len(seconds)} of {name}" for name, seconds in row["stock_epochs_s"].items())


def _with_spread(row: Row, side: str) -> str:
    if side not in row:
        return ""
    found = row.get("spread", {}).get(side)
    shown = f"{row[side]:.4g}"
    return shown if not found or found[0] == found[1] else f"{shown} ({found[0]:.4g}–{found[1]:.4g})"


def _ratio(row: Row) -> str:
    if "ratio" not in row:
        return ""
    ratio = row["ratio"]
    return f"{ratio:.1f} ×" if ratio >= 1 else f"1/{1 / ratio:.1f}"


def page(found: dict[str, Any]) -> str:
    """The table with what it was measured on, the processes' shares, and what each side answered."""
    about = found["about"]
    machine = about["machine"]
    parts = [
        "# Stock Rasa and Shopdesk side by side",
        f"{about['date']}, commit {about['commit']}, {machine['cores']} cores of {machine['cpu']}, Linux {machine['kernel']}; "
        f"{about['rounds']} rounds; `{about['command']}`. "
        "Medians; in brackets the 25th and 75th percentile. How it is measured: `docs/performance.md`.",
        table(found),
    ]
    if busy := found.get("cores_under_load"):
        parts += [
            "## Cores in use under the mixed load",
            "\n".join(f"- {name}: {share:g}" for name, share in busy.items()),
        ]
    if "two_workers" in found:
        lines = [
            f"- {count}: " + ", ".join(f"{name} {share:g}" for name, share in by.items())
            for count, by in found["two_workers"]["cores"].items()
        ]
        parts += ["## Cores in use while a backlog is answered", "\n".join(lines)]
    if "answers" in found:
        rows = [_line((one["said"], one["topic"], one["stock"], one["shopdesk"])) for one in found["answers"]]
        parts += [
            "## What each side answered",
            "\n".join([_line(("said", "topic", "stock Rasa", "Shopdesk")), "|---" * 4 + "|", *rows]),
        ]
    return "\n\n".join(parts) + "\n"


def _line(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
