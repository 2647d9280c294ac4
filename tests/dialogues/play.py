"""Plays the dialogues of this folder: README.md says what they are made of."""

from __future__ import annotations

import asyncio
import itertools
import re
import sqlite3
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import yaml

from ledger import DeskSide, Entry, Ledger, ShopperSide
from ledger.requests import Requests
from shop.seed.shown import ShownOrder
from shop.testing import RunningShop
from tests.dialogues.worker import RunningWorker

HERE = Path(__file__).parent
ANSWERED_WITHIN_S = 40.0
QUIET_S = 0.05
HOUR_S = 3_700
MOST_SENTENCES = 3
AGENT = "lin"

_numbers = itertools.count(1)
_SENTENCE_ENDS = re.compile(r"[。！？](?!$)|[.!?](?=\s+[A-Z“])")

Dialogue = Mapping[str, Any]


def dialogues() -> list[Dialogue]:
    """All of them, in the order of their files."""
    found: list[Dialogue] = []
    for file in sorted(HERE.glob("*.yml")):
        found += [{**one, "file": file.stem} for one in yaml.safe_load(file.read_text(encoding="utf-8"))]
    return found


def alone(dialogue: Dialogue) -> bool:
    """Whether a dialogue disturbs others, so that nobody else may be served meanwhile."""
    return any({"fault", "heal", "kill_worker"} & set(turn) for turn in dialogue["turns"])


@dataclass
class Turn:
    """What came back in a turn."""

    texts: list[str] = field(default_factory=list)
    buttons: dict[str, str] = field(default_factory=dict)
    cards: list[dict[str, Any]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Everything that was said, a message a line."""
        return "\n".join(self.texts)


class Player:
    """One dialogue on its way."""

    def __init__(self, dialogue: Dialogue, ledger: Ledger, shop: RunningShop, worker: RunningWorker) -> None:
        self.dialogue, self.ledger, self.shop, self.worker = dialogue, ledger, shop, worker
        self.side = ShopperSide(ledger)
        self.cid = f"dialogue-{next(_numbers)}"
        self.heard: list[Turn] = []
        self.last_id = "0"
        self.orders: list[ShownOrder] = []
        self.script: list[str] = []

    async def play(self) -> None:
        """Plays it to its end. AssertionError says in which turn it went wrong, with what was said so far."""
        customer = self.dialogue.get("customer") or ""
        customer = self.shop.add_customer() if customer == "new" else customer
        self.orders = [self.shop.add_order(**self._made(order, customer)) for order in self.dialogue.get("orders", [])]
        await self.side.open(self.cid, self.dialogue["lang"], customer)
        for number, turn in enumerate(self.dialogue["turns"], 1):
            try:
                await self._turn(turn)
            except AssertionError as error:
                raise AssertionError(f"turn {number}: {error}\n" + "\n".join(self.script)) from None
        await self._check_end()

    def _made(self, order: Mapping[str, Any], customer: str) -> dict[str, Any]:
        facts = dict(order)
        facts.setdefault("customer_id", customer or self.shop.add_customer())
        if "items" in facts:
            facts["items"] = [tuple(item) for item in facts["items"]]
        return facts

    async def _turn(self, turn: Mapping[str, Any]) -> None:
        await self._prepare(turn)
        if agent := turn.get("agent"):
            self.script.append(f"= {agent}")
            await self._agent(agent)
            return
        if "say" in turn:
            text = self._filled(turn["say"])
            self.script.append(f"> {text}")
            await self.side.say(self.cid, f"m{next(_numbers)}", text)
        elif "press" in turn:
            choice = self._choice(turn["press"])
            self.script.append(f"> [{turn['press']}]")
            await self.side.choose(self.cid, f"m{next(_numbers)}", choice)
            if turn.get("twice"):
                await self.side.choose(self.cid, f"m{next(_numbers)}", choice)
        if turn.get("kill_worker"):
            await self._kill()
        heard = await self._answer()
        self.heard.append(heard)
        self.script += [f"< {text}" for text in heard.texts] + [f"< card {card}" for card in heard.cards]
        self.script.append(f"< {list(heard.buttons)}")
        self._check(turn, heard)
        await self._check_handed(turn)

    async def _agent(self, does: Mapping[str, Any]) -> None:
        """What somebody at the desk does: claims it, speaks, settles something about an order, ends their part."""
        desk, who = DeskSide(self.ledger), does.get("name", "小林")
        if "claim" in does:
            assert await desk.claim(self.cid, AGENT, who), "the conversation does not wait"
        if says := does.get("says"):
            await desk.say(self.cid, AGENT, who, f"a{next(_numbers)}", says)
        if task := does.get("task"):
            await self._task(task)
        if to := does.get("resolve"):
            order = self.orders[does["order"] - 1].number if "order" in does else None
            await desk.resolve(self.cid, AGENT, to, summary=does.get("summary"), order=order)

    async def _task(self, task: Mapping[str, Any]) -> None:
        """An order task, answered by the worker: the facts are told, the summary confirmed."""
        order = self.orders[task.get("order", 1) - 1]
        asked = {
            "what": "order_task", "agent": AGENT, "mid": f"a{next(_numbers)}", "topic": task["topic"], "order": order.number,
            "phone_tail": order.phone_tail, "lang": self.dialogue["lang"], "facts": task.get("facts", {}),
        }  # fmt: skip
        requests = Requests(self.ledger)
        step = await requests.ask(self.cid, asked)
        if step["step"] == "confirm":
            step = await requests.ask(self.cid, {**asked, "confirm": step["version"]})
        self.script.append(f"= {step}")
        assert step.get("outcome") == task["outcome"], f"the task came to {step}"

    async def _prepare(self, turn: Mapping[str, Any]) -> None:
        if fault := turn.get("fault"):
            self.shop.fault(**fault)
        if turn.get("heal"):
            self.shop.heal()
        if wait := turn.get("wait_s"):
            await asyncio.sleep(wait)
        if change := turn.get("order_becomes"):
            self._becomes(self.orders[change["order"] - 1].number, change["state"])
        if change := turn.get("case_becomes"):
            self._case_becomes(self.orders[change["order"] - 1].number, change["state"])
        if turn.get("an_hour_later"):
            await self._age()
        if turn.get("sign_in"):
            await self.side.open(self.cid, self.dialogue["lang"], self.orders[0].customer_id)

    def _becomes(self, number: str, state: str) -> None:
        with closing(sqlite3.connect(self.shop.db, timeout=10)) as db, db:
            db.execute("UPDATE orders SET state = ? WHERE number = ?", (state, number))

    def _case_becomes(self, number: str, state: str) -> None:
        with closing(sqlite3.connect(self.shop.db, timeout=10)) as db, db:
            db.execute("UPDATE cases SET state = ? WHERE order_number = ?", (state, number))

    async def _age(self) -> None:
        """Makes everything that was said an hour older, as the tracker remembers it."""
        key = self.ledger.keys.events(self.cid)
        rows = await self.ledger.redis.xrange(key)
        await self.ledger.redis.delete(key)
        for entry_id, fields in rows:
            events = msgspec.json.decode(fields["events"])
            for event in events:
                if event.get("timestamp"):
                    event["timestamp"] -= HOUR_S
            await self.ledger.redis.xadd(key, {**fields, "events": msgspec.json.encode(events).decode()}, id=entry_id)
        await self.ledger.redis.hset(
            self.ledger.keys.conversation(self.cid), "committed", "aged"
        )  # or the worker goes on from its own

    async def _kill(self) -> None:
        """Waits until the shop has done the change, kills the worker before it can say so, and starts another."""
        before = sum(len(self._done(order.number)) for order in self.orders)
        deadline = time.monotonic() + 10
        while sum(len(self._done(order.number)) for order in self.orders) == before:
            assert time.monotonic() < deadline, "the shop was not asked for a change"
            await asyncio.sleep(0.005)
        self.worker.kill()
        self.shop.heal()
        await asyncio.to_thread(self.worker.start)

    async def _answer(self) -> Turn:
        """What the bot has said, once it has read everything and said its last."""
        deadline = time.monotonic() + ANSWERED_WITHIN_S
        while time.monotonic() < deadline:
            state = await self.ledger.state(self.cid)
            entries = await self.ledger.read(self.cid, after=self.last_id)
            unread = [
                one for one in entries if one.kind == "message" and one.sender == "shopper" and _later(one.id, state)
            ]
            if not unread or state["mode"] != "bot":
                return self._read(entries)
            await asyncio.sleep(QUIET_S)
        raise AssertionError(f"no answer within {ANSWERED_WITHIN_S} s")

    def _read(self, entries: list[Entry]) -> Turn:
        turn = Turn()
        for entry in entries:
            self.last_id = entry.id
            if entry.kind != "message" or entry.sender not in ("bot", "system"):
                continue
            if text := entry.body.get("text"):
                turn.texts.append(text)
            if card := entry.body.get("card"):
                turn.cards.append(card)
                assert _sentences(text or "") <= MOST_SENTENCES, f"too much is said beside a card: {text}"
            turn.buttons |= {choice["label"]: choice["id"] for choice in entry.body.get("choices", [])}
        return turn

    def _choice(self, press: str | Mapping[str, Any]) -> str:
        label, back = (press, 0) if isinstance(press, str) else (press["label"], press.get("back", 0))
        offered = [one.buttons[name] for one in reversed(self.heard) for name in one.buttons if label in name]
        assert len(offered) > back, f"no button {label} was offered"
        return offered[back]

    def _filled(self, text: str) -> str:
        values = {}
        for place, order in enumerate(self.orders, 1):
            suffix = "" if place == 1 else str(place)
            values |= {f"order{suffix}": order.number, f"tail{suffix}": order.phone_tail}
        return text.format(**values)

    def _check(self, turn: Mapping[str, Any], heard: Turn) -> None:
        for pattern in turn.get("hears", []):
            assert re.search(self._pattern(pattern), heard.text), f"did not hear {pattern}"
        for pattern in turn.get("lacks", []):
            assert not re.search(self._pattern(pattern), heard.text), f"heard {pattern}"
        for label in turn.get("buttons", []):
            assert any(label in one for one in heard.buttons), f"no button {label}"
        if wanted := turn.get("card"):
            assert any(_holds(card, self._filled_in(wanted)) for card in heard.cards), f"no card with {wanted}"
        if turn.get("no_card"):
            assert not heard.cards, "there should be no card"

    async def _check_handed(self, turn: Mapping[str, Any]) -> None:
        """What goes to the person who takes over."""
        if wanted := turn.get("handed"):
            state = await self.ledger.state(self.cid)
            assert state["mode"] == "waiting", f"nobody was asked for: {state['mode']}"
            handed = msgspec.json.decode(state["reason"])
            assert _holds(handed, self._filled_in(wanted)), f"handed over: {handed}"
            for absent in turn.get("not_handed", []):
                assert absent not in handed["context"], f"handed over: {handed}"

    def _pattern(self, pattern: str) -> str:
        """Placeholders of orders are filled in; other braces belong to the pattern."""
        for place, order in enumerate(self.orders, 1):
            pattern = pattern.replace(f"{{order{'' if place == 1 else place}}}", order.number)
        return pattern

    def _filled_in(self, wanted: Any) -> Any:
        if isinstance(wanted, str):
            return self._pattern(wanted)
        if isinstance(wanted, Mapping):
            return {name: self._filled_in(value) for name, value in wanted.items()}
        return [self._filled_in(one) for one in wanted] if isinstance(wanted, list) else wanted

    async def _check_end(self) -> None:
        script = "\n".join(self.script)
        mode = (await self.ledger.state(self.cid))["mode"]
        assert mode == self.dialogue.get("mode", "bot"), f"the conversation ended in {mode}\n{script}"
        for order, wanted in zip(self.orders, self.dialogue.get("shop", [])):  # noqa: B905
            found = self.shop.order_row(order.number)
            if "state" in wanted:
                assert found["state"] == wanted["state"], f"order {order.number} is {found['state']}\n{script}"
            for name, value in wanted.get("receiver", {}).items():
                assert value in str(found[f"receiver_{name}"]), f"{name} is {found[f'receiver_{name}']}\n{script}"
            if "cases" in wanted:
                found_in = ("kind", "state", "note", "amount")
                cases = [{name: one[name] for name in found_in} for one in self.shop.cases(order.number)]
                assert len(cases) == len(wanted["cases"]), f"cases: {cases}\n{script}"
                assert all(_holds(case, one) for case, one in zip(cases, wanted["cases"])), f"cases: {cases}\n{script}"  # noqa: B905
            if "changes" in wanted:
                assert len(self._done(order.number)) == wanted["changes"], f"{self.shop.audit(order.number)}\n{script}"

    def _done(self, number: str) -> list[Any]:
        return [one for one in self.shop.audit(number) if one["outcome"] == "done"]


def _later(entry_id: str, state: Mapping[str, str]) -> bool:
    """Whether an entry lies behind the bot's cursor."""
    return _place(entry_id) > _place(state.get("cursor") or "0-0")


def _place(entry_id: str) -> tuple[int, int]:
    ms, _, n = entry_id.partition("-")
    return int(ms), int(n or 0)


def _holds(found: Any, wanted: Any) -> bool:
    """Whether everything wanted is there: text within text, some item for each item of a list."""
    if isinstance(wanted, Mapping):
        return isinstance(found, Mapping) and all(
            name in found and _holds(found[name], one) for name, one in wanted.items()
        )
    if isinstance(wanted, list):
        return isinstance(found, list) and all(any(_holds(one, item) for one in found) for item in wanted)
    return wanted in found if isinstance(wanted, str) and isinstance(found, str) else found == wanted


def _sentences(text: str) -> int:
    return len(_SENTENCE_ENDS.findall(text.strip())) + 1
