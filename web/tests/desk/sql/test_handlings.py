"""What a log tells of who served, when and how: only from its entries, so it comes out the same each time."""

from __future__ import annotations

from typing import Any

from ledger import Entry
from web.desk.handlings import Handling, History, complete

MINUTE = 60_000


class Log:
    """Writes entries a minute apart."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def add(self, kind: str, sender: str, name: str | None = None, **body: Any) -> str:
        entry_id = f"{(len(self.entries) + 1) * MINUTE}-0"
        self.entries.append(Entry(entry_id, kind, sender, body, name=name))
        return entry_id

    def mode(self, mode: str, was: str, name: str | None = None, **body: Any) -> str:
        return self.add("mode", "agent", name, mode=mode, was=was, **body)

    def wait(self, **why: Any) -> str:
        return self.mode("waiting", "bot", rule="angry", skill="complaint", priority=8, **why)

    def claim(self, name: str = "小林") -> str:
        return self.mode("human", "waiting", name, rule="claimed")


def minutes(handling: Handling) -> list[float | None]:
    """Queued, claimed, first answered, ended."""
    times = (handling.queued_at, handling.claimed_at, handling.first_reply_at, handling.ended_at)
    return [time.timestamp() / 60 if time else None for time in times]


def test_served_once() -> None:
    log = Log()
    log.wait()
    claim = log.claim()
    log.add("note", "agent", "小林", text="看看")
    log.add("message", "agent", "小林", text="您好")
    log.add("message", "agent", "小林", text="已退款")
    log.mode(
        "closed", "human", "小林", rule="resolved", agent="a1", category="goods", solution="退款", summary="退 20 元"
    )
    history = History.of(log.entries)
    (one,) = history.handlings
    assert (one.claim, one.agent, one.skill, one.rule, one.priority) == (claim, "a1", "complaint", "angry", 8)
    assert minutes(one) == [1, 2, 4, 6]
    assert (one.ended, one.category, one.solution, one.summary) == ("resolved", "goods", "退款", "退 20 元")
    assert history.closed_at == one.ended_at


def test_passed_on_keeps_the_time_of_queueing() -> None:
    log = Log()
    log.wait()
    log.claim("小林")
    log.mode("waiting", "human", "小林", rule="transferred", agent="a1", skill="orders", comment="查单")
    log.mode("waiting", "waiting", rule="reassigned", agent="boss", skill="logistics")
    log.claim("小周")
    log.mode("waiting", "human", rule="agent_vanished", agent="a2", skill="logistics", priority=8)
    log.claim("小美")
    log.mode("bot", "human", "小美", rule="resolved", agent="a3", summary="好了")
    history = History.of(log.entries)
    assert [one.agent for one in history.handlings] == ["a1", "a2", "a3"]
    assert [one.ended for one in history.handlings] == ["transferred", "agent_vanished", "resolved"]
    assert [one.rule for one in history.handlings] == ["angry", "reassigned", "agent_vanished"]
    assert [one.skill for one in history.handlings] == ["complaint", "logistics", "logistics"]
    assert [one.priority for one in history.handlings] == [8, 8, 8]
    assert {one.queued_at for one in history.handlings} == {history.handlings[0].queued_at}
    assert history.closed_at is None


def test_taken_over_and_reopened() -> None:
    log = Log()
    log.wait()
    log.claim("小林")
    log.mode("human", "human", "主管", rule="taken_over", agent="boss", was_with="a1")
    log.mode("closed", "human", rule="shopper_ended")
    log.mode("human", "closed", "小林", rule="reopened", agent="a1")
    history = History.of(log.entries)
    assert [(one.agent, one.ended) for one in history.handlings] == [
        ("a1", "taken_over"),
        ("boss", "shopper_ended"),
        ("a1", None),
    ]
    assert history.handlings[2].rule == "reopened"
    assert history.handlings[2].queued_at is None
    assert history.closed_at is None


def test_breaches_belong_to_who_should_have_answered() -> None:
    log = Log()
    log.wait()
    log.add("clock", "system", clock="first_response", event="warning")
    log.add("clock", "system", clock="first_response", event="breach")
    log.claim("小林")
    log.add("clock", "system", clock="round", event="breach")
    log.add("clock", "system", clock="round", event="breach")
    log.mode("bot", "human", rule="resolved", agent="a1")
    log.wait()
    log.add("clock", "system", clock="first_response", event="breach")
    log.mode("bot", "waiting", rule="left_queue")
    log.wait()
    log.claim("小林")
    history = History.of(log.entries)
    assert [(one.first_breaches, one.round_breaches) for one in history.handlings] == [(1, 2), (0, 0)]


def test_ratings_are_of_the_bot_and_each_handling() -> None:
    log = Log()
    log.add("rating", "shopper", of="agent", score=1)  # nobody was there
    log.add("rating", "shopper", of="bot", score=2)
    log.wait()
    first = log.claim("小林")
    log.mode("closed", "human", rule="resolved", agent="a1")
    log.add("rating", "shopper", of="agent", score=3)
    log.add("rating", "shopper", of="agent", score=5, reasons=["fast"], comment="谢谢")
    log.add("rating", "shopper", of="bot", score=1)
    opened = log.mode("bot", "closed", rule="spoke")
    log.mode("closed", "bot", rule="shopper_ended")
    log.add("rating", "shopper", of="bot", score=4)
    history = History.of(log.entries)
    assert [(one.of, one.about, one.score, one.agent) for one in history.ratings] == [
        ("agent", first, 5, "a1"), ("bot", "", 1, None), ("bot", opened, 4, None),
    ]  # fmt: skip
    assert (history.rating("bot"), history.rating("agent")) == (4, 5)
    assert (history.ratings[0].reasons, history.ratings[0].comment) == (["fast"], "谢谢")


def test_state_adds_what_the_log_does_not_say() -> None:
    log = Log()
    log.wait()
    log.claim("小林")
    log.mode("closed", "human", rule="shopper_ended")
    log.add("rating", "shopper", of="agent", score=4)
    state = {"skill": "after_sales", "priority": "9", "served": "a1"}
    history = History.of(log.entries)
    complete(history, state)
    (one,) = history.handlings
    assert (one.agent, one.skill, one.priority) == ("a1", "after_sales", 9)
    assert history.ratings[0].agent == "a1"
    log.mode("bot", "closed", rule="spoke")
    log.wait()
    again = History.of(log.entries)
    complete(again, {**state, "skill": "orders"})
    assert again.handlings[0].skill == "complaint", "the state speaks of the new stay in the queue"
