"""Runs the test stories of this folder, as `rasa test core` does."""

from __future__ import annotations

from pathlib import Path

from rasa.core.agent import load_agent
from rasa.core.test import test as run_stories

from tests.conversation import ROOT, trained_model


async def test_the_policies_follow_the_stories(tmp_path: Path) -> None:
    agent = await load_agent(str(trained_model()))
    report = await run_stories(str(ROOT / "tests/stories"), agent, out_directory=str(tmp_path), disable_plotting=True)
    wrong = (tmp_path / "failed_test_stories.yml").read_text(encoding="utf-8")
    assert "story:" not in wrong, wrong
    assert report["accuracy"] == 1.0
    assert len(report["actions"]) >= 30
