"""The side-by-side run: its arithmetic, what it reads from Rasa's log, its table, and the results that are kept in the tree."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bench import charts
from bench.side_by_side.epochs import extrapolated_s, mean_epoch_s, read_epochs
from bench.side_by_side.figures import GOALS, Goal, compared, judged, spread
from bench.side_by_side.growth import rows as long_chat_rows
from bench.side_by_side.sentences import FIRST_WAYS, HALF, WINDOWS, long_chat
from bench.side_by_side.table import TITLES, table

ROOT = Path(__file__).resolve().parents[2]
KEYS = (
    "turns_per_s order_turn_ms turn_300_over_5 start_s train_s worker_mb two_workers burst_s handoff_ms_p99 reply_ms_p99 idle_mb"
).split()
LOG = """\
2026-11-28 03:49:09 INFO     rasa.engine.training.hooks  - Starting to train component 'DIETClassifier'.
Epochs:   0%|          | 0/2 [00:00<?, ?it/s]
Epochs:  50%|█████     | 1/2 [06:40<06:40, 400.00s/it]
Epochs:  50%|█████     | 1/2 [06:40<06:40, 400.00s/it, t_loss=12.4, i_acc=0.635]
Epochs: 100%|██████████| 2/2 [08:20<00:00, 240.11s/it, t_loss=8.1, i_acc=0.71]
Epochs: 100%|██████████| 2/2 [08:26<00:00, 243.00s/it, t_loss=8.1, i_acc=0.71]
2026-11-28 03:57:37 INFO     rasa.engine.training.hooks  - Finished training component 'DIETClassifier'.
2026-11-28 03:57:38 INFO     rasa.engine.training.hooks  - Starting to train component 'RulePolicy'.
Processed trackers: 100%|██████████| 70/70 [00:00<00:00, 2541.67it/s, # action=146]
2026-11-28 03:57:38 INFO     rasa.engine.training.hooks  - Starting to train component 'TEDPolicy'.
Epochs:   0%|          | 0/2 [00:00<?, ?it/s]
Epochs:  50%|█████     | 1/2 [00:10<00:10, 10.00s/it]
"""


def test_ratio_is_shopdesk_by_stock_with_the_spread_of_both() -> None:
    row = compared([20, 22, 18, 30, 10], [300, 330, 310, 290, 320], "turns/s")
    assert (row["stock"], row["shopdesk"], row["ratio"]) == (20, 310, 15.5)
    assert row["spread"] == {"stock": [18, 22], "shopdesk": [300, 320]}
    assert row["samples"] == {"stock": 5, "shopdesk": 5}
    assert spread([7.0]) == [7.0, 7.0]


def test_goal_is_judged_by_its_own_figure() -> None:
    assert Goal("ratio", 15, least=True).reached({"ratio": 15.0})
    assert not Goal("ratio", 15, least=True).reached({"ratio": 14.9})
    assert not Goal("shopdesk", 1.2).reached({"shopdesk": 1.3, "ratio": 0.2})
    with pytest.raises(KeyError):
        Goal("ratio", 15).reached({"stock": 1.0})
    rows = judged({"order_turn_ms": compared([100.0], [11.0], "ms"), "returning_ms": compared([9.0], [3.0], "ms")})
    assert rows["order_turn_ms"]["reached"] is False
    assert "reached" not in rows["returning_ms"]


def test_epochs_are_read_from_the_bar_and_an_unfinished_network_is_left_out() -> None:
    (diet,) = read_epochs(re.split(r"[\r\n]+", LOG))
    assert (diet.name, diet.count, diet.seconds) == ("DIETClassifier", 2, [400.0, 100.0])


def test_extrapolation_allows_for_batches_that_grow() -> None:
    """Of 400 s with batches of 64 and 100 s with 256, each batch costs 1.6 and nothing else does: the mean of 1/batch is ln(4)/192."""
    assert mean_epoch_s([400.0, 100.0]) == pytest.approx(25_600 * 0.0072203, rel=1e-3)
    assert mean_epoch_s([100.0, 120.0]) == 120.0
    assert mean_epoch_s([350.0]) == 350.0
    (diet,) = read_epochs(LOG.splitlines())
    assert extrapolated_s(600, [diet], epochs=2) == 600
    assert extrapolated_s(600, [diet], epochs=100) == pytest.approx(600 + 98 * 184.84, rel=1e-3)


def test_long_chat_compares_like_with_like() -> None:
    said = long_chat(WINDOWS[-1] + HALF)
    assert len(said) == 305
    for middle in WINDOWS:
        assert tuple(said[middle - HALF : middle + HALF]) == FIRST_WAYS
    assert {"order", "returns", "promotions", "small talk", "unclear"} <= {sentence.topic for sentence in FIRST_WAYS}


def test_stock_is_compared_at_the_last_turn_that_was_waited_for() -> None:
    """Its chat was given up in the middle of the window around 150. Shopdesk's is compared with a new chat beside it."""
    stock = {5: [50.0] * 10, 50: [100.0] * 10, 100: [400.0] * 10, 150: [900.0] * 3, 195: [], 300: []}
    shopdesk = {middle: [10.0] * 30 for middle in WINDOWS} | {300: [11.0] * 28}
    beside = {middle: [8.0] * 30 for middle in WINDOWS} | {300: [10.0] * 30}
    found = long_chat_rows({"stock": stock, "shopdesk": shopdesk, "beside": beside}, handoffs=2)
    growth = found["turn_300_over_5"]
    assert (growth["stock"], growth["stock_turn"], growth["shopdesk"], growth["handoffs"]) == (8.0, 100, 1.1, 2)
    assert "stock" not in found["turn_150_ms"]
    assert found["turn_100_ms"]["ratio"] == 0.025
    assert "at turn 100 already" in table(found)


def test_table_names_what_was_extrapolated_and_what_was_missed() -> None:
    train = {
        **compared([30_000.0], [60.0], "s"),
        "stock_is": "extrapolated",
        "stock_measured_s": 700.0,
        "stock_extrapolated_to_epochs": 100,
        "stock_epochs_s": {"DIETClassifier": [400.0, 200.0]},
    }
    slow = compared([100.0, 110.0], [50.0, 60.0], "ms")
    lines = table(judged({"order_turn_ms": slow, "train_s": train})).splitlines()
    assert len(lines) == 4
    assert {line.count(" | ") for line in lines if not line.startswith("|---")} == {5}
    assert "1/1.9" in lines[2] and "**no**" in lines[2]
    assert (
        "30000, extrapolated to 100 epochs (measured: 700 with 2 of DIETClassifier)" in lines[3] and "yes" in lines[3]
    )


def test_every_goal_has_a_title_and_is_a_key_of_the_results() -> None:
    assert list(GOALS) == KEYS
    assert set(GOALS) <= set(TITLES)


def test_charts_are_the_same_for_the_same_figures(tmp_path: Path) -> None:
    found: dict[str, Any] = {
        name: compared([10.0, 12.0], [5.0, 6.0], "ms")
        for name in (*charts.BETTER, *(f"turn_{turn}_ms" for turn in WINDOWS))
    }
    found["two_workers"] = {"one": 100, "two": 190, "ratio": 1.9}
    drawn = charts.draw(found, tmp_path)
    assert [path.name for path in drawn] == ["ratios.svg", "long-chat.svg", "workers.svg"]
    before = [path.read_bytes() for path in drawn]
    assert [path.read_bytes() for path in charts.draw(found, tmp_path)] == before
    assert all(b"<dc:date>" not in one and len(one) < 40_000 for one in before)
    assert charts.TURNS == WINDOWS


@pytest.fixture
def latest() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "bench/results/latest.json").read_text("utf-8"))
    return found


def test_docs_show_the_goals_of_the_results_in_the_tree(latest: dict[str, Any]) -> None:
    shown = (ROOT / "docs/performance.md").read_text("utf-8").splitlines()
    missing = [line for line in table({name: latest[name] for name in GOALS}).splitlines() if line not in shown]
    assert missing == []


def test_results_in_the_tree_are_of_a_whole_run(latest: dict[str, Any]) -> None:
    assert set(KEYS) <= set(latest)
    for name in KEYS:
        row = latest[name]
        assert row["reached"] == GOALS[name].reached(row), name
        assert row["goal"] == GOALS[name].words
    for name in charts.BETTER:
        row = latest[name]
        assert row["ratio"] == pytest.approx(row["shopdesk"] / row["stock"], rel=1e-2), name
    assert latest["two_workers"]["ratio"] == pytest.approx(
        latest["two_workers"]["two"] / latest["two_workers"]["one"], rel=1e-2
    )
    assert latest["train_s"]["stock_is"] == "extrapolated"
    assert {"date", "machine", "versions", "commit", "command", "rounds"} <= set(latest["about"])
    assert {one["topic"] for one in latest["answers"]} >= {"order", "returns", "promotions", "small talk", "unclear"}


def test_table_in_the_tree_is_that_of_the_results(latest: dict[str, Any]) -> None:
    assert table(latest) in (ROOT / "bench/results/latest.md").read_text("utf-8")


def test_make_bench_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert re.search(r"^bench: environments ## .+\n\t@exec \$\(WEB\) -m bench$", makefile, re.MULTILINE)
