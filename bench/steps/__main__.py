"""`python -m bench.steps [MODEL] [--rounds N]`: ms of a turn by what they are spent on, in a real worker with Redis and the demo shop.

From the project's root, in the bot's environment. One turn at a time, so nothing waits for another; the table goes to the output.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import uvloop

from bench.steps.timed import Steps
from ledger import BotSide, Ledger, ShopperSide, connect

SAID = (
    "我的订单到哪了", "怎么退货", "现在有什么优惠活动", "谢谢", "那个能弄吗", "包裹走到哪里了", "能用优惠券吗", "你是机器人吗", "包邮吗",
    "再见",
)  # fmt: skip
"""A visit of ten turns, none of which waits for more."""
TURN = "the turn: worker, lease, channel"


def watch_model(steps: Steps) -> None:
    """Names the steps of a model's graph, before it is loaded: a node keeps what it calls."""
    from rasa.core.policies.rule_policy import RulePolicy

    from bot.components import (
        anger,
        confidence,
        intent_classifier,
        language,
        normaliser,
        order_entities,
        shop_entities,
        signals,
        tokenizer,
        unfamiliar,
    )
    from bot.escalation import EscalationPolicy

    for component in (
        normaliser.Normaliser, tokenizer.ShopTokenizer, language.LanguageDetector, signals.SignalReader, anger.AngerReader,
        order_entities.OrderEntities, shop_entities.ShopEntities, intent_classifier.ShopIntentClassifier, confidence.Confidence,
        unfamiliar.Unfamiliar,
    ):  # fmt: skip
        steps.watch(component, "process", f"reading: {component.__name__}")
    steps.watch(RulePolicy, "predict_action_probabilities", "next action: rules")
    steps.watch(EscalationPolicy, "predict_action_probabilities", "next action: is a person needed")


def watch_rest(steps: Steps) -> None:
    """Names the other steps of a turn, once Rasa's patches are in."""
    from rasa.core.actions.action import ActionExtractSlots
    from rasa.core.processor import MessageProcessor

    from bot.action_endpoint import InProcessActions
    from bot.assistant import Assistant
    from bot.nlg import FirstThatFits
    from bot.processor import TurnProcessor
    from bot.tracker_store import TurnTrackerStore
    from bot.worker import Worker
    from ledger import BotSide
    from shop.api_reader import ApiReader

    for owner, name, step in (
        (Worker, "_answer_all", TURN),
        (Assistant, "answer", TURN),
        (BotSide, "begin", "Redis: take the turn"),
        (BotSide, "commit", "Redis: commit what is said"),
        (BotSide, "tracker_events", "Redis: read the memory"),
        (TurnTrackerStore, "retrieve", "memory: make the tracker"),
        (TurnTrackerStore, "take", "memory: make the events JSON"),
        (TurnProcessor, "handle_message", "Rasa: around it all"),
        (TurnProcessor, "parse_message", "reading: Rasa around the components"),
        (ActionExtractSlots, "run", "Rasa: fill slots"),
        (MessageProcessor, "_predict_next_with_tracker", "next action: graph and ensemble"),
        (MessageProcessor, "_run_action", "actions: Rasa around them"),
        (InProcessActions, "request", "actions: ours"),
        (ApiReader, "_with_retries", "shop: its API, waiting included"),
        (FirstThatFits, "generate", "actions: wording"),
    ):
        steps.watch(owner, name, step)


async def measured(model: Path, rounds: int) -> tuple[Steps, int]:
    """The steps of so many visits, and how many turns they had."""
    from actions import shop as shop_of_actions
    from bot.action_endpoint import InProcessActions
    from bot.assistant import Assistant
    from bot.worker import Worker
    from ledger.testing import RedisServer
    from shop.testing import start_shop

    steps = Steps()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        server, shop = RedisServer(Path(folder) / "redis").start(), start_shop(Path(folder))
        os.environ |= {"SHOP_URL": shop.url, "SHOP_API_KEY": shop.api_key}
        redis = connect(server.url)
        try:
            ledger = Ledger(redis)
            bot, shopper = BotSide(ledger, "w1"), ShopperSide(ledger)
            watch_model(steps)
            assistant = Assistant(model, bot, InProcessActions.of_package("actions"))
            await assistant.warm_up()
            watch_rest(steps)
            customer = shop.orders(state="in_transit")[0].customer_id
            worker = Worker(bot, assistant)
            running = asyncio.create_task(worker.run())
            for number in range(rounds + 2):
                if number == 2:  # the first two warm up
                    steps.forget()
                await visit(ledger, shopper, f"c{number}", customer)
            worker.stop()
            await running
        finally:
            await shop_of_actions.close()
            await redis.aclose()
            shop.stop()
            server.stop()
    return steps, rounds * len(SAID)


async def visit(ledger: Ledger, shopper: ShopperSide, cid: str, customer: str) -> None:
    """One shopper, who waits for each answer."""
    await shopper.open(cid, "zh", customer)
    for number, text in enumerate(SAID):
        await shopper.say(cid, f"m{number}", text)
        while await ledger.redis.xlen(ledger.keys.turns(0)):
            await asyncio.sleep(0.002)


def table(steps: Steps, turns: int) -> str:
    """Milliseconds a turn, the dearest first."""
    rows = ["| step | ms a turn | share | times a turn |", "|---|---|---|---|"]
    whole = sum(steps.seconds.values())
    for step, seconds in sorted(steps.seconds.items(), key=lambda one: -one[1]):
        rows.append(
            f"| {step} | {seconds / turns * 1000:.2f} | {seconds / whole:.0%} | {steps.calls[step] / turns:.1f} |"
        )
    rows.append(f"| all | {whole / turns * 1000:.2f} | 100% | |")
    return "\n".join(rows)


def main(arguments: Sequence[str]) -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m bench.steps")
    parser.add_argument("model", nargs="?", type=Path, default=os.environ.get("SHOPDESK_MODEL"))
    parser.add_argument("--rounds", type=int, default=20)
    asked = parser.parse_args(arguments)
    if asked.model is None or not Path(asked.model).is_file():
        print("name a trained model: models/<fingerprint>.tar.gz (make train prints its path)", file=sys.stderr)
        return 2
    from bot.__main__ import quiet

    quiet()
    print(table(*uvloop.run(measured(Path(asked.model), asked.rounds))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
