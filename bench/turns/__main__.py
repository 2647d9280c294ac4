"""`python -m bench.turns [MODEL] [--rounds N]`: median time of a turn with and without each patch of Rasa, alternating in one process.

From the project's root, in the bot's environment. The trained model answers without Redis and with a shop in memory, so what is
measured is Rasa and the actions. The table goes to the output.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

SAID = ("你好", "我的订单到哪了", "怎么退货", "多少天能退", "谢谢", "那个能弄吗")
STOCK, ALL = "stock", "all"
Times = dict[str, dict[str, list[float]]]


async def measured(model: Path, rounds: int, variants: Sequence[str] = ()) -> Times:
    """Milliseconds of each turn, by variant (all of them, unless they are named) and by what was said."""
    from actions import shop
    from bot import rasa_patches
    from tests.conversation import Conversation, load_assistant
    from tests.shop_double import CUSTOMER, ShopDouble, order

    assistant = load_assistant(model)
    shop.use(ShopDouble(order()))
    variants = variants or [STOCK, *(patch.title for patch in rasa_patches.PATCHES), ALL]
    times: Times = defaultdict(lambda: defaultdict(list))
    for number in range(rounds + 1):
        for variant in variants:
            rasa_patches.undo()
            rasa_patches.apply(None if variant == ALL else () if variant == STOCK else (variant,))
            shopper = Conversation(assistant, customer=CUSTOMER)
            for text in SAID:
                began = time.perf_counter()
                await shopper.says(text)
                if number:  # the first round warms up
                    times[variant][text].append((time.perf_counter() - began) * 1000)
    return times


def table(times: Times) -> str:
    """Medians in ms, and how many times quicker than stock all turns are together."""
    rows = ["| variant | " + " | ".join(SAID) + " | all turns | against stock |", "|---" * (len(SAID) + 3) + "|"]
    sums = {variant: sum(statistics.median(times[variant][text]) for text in SAID) for variant in times}
    for variant, found in times.items():
        cells = [f"{statistics.median(found[text]):.1f}" for text in SAID]
        ratio = sums[STOCK] / sums[variant]
        rows.append(f"| {variant} | " + " | ".join(cells) + f" | {sums[variant]:.0f} | {ratio:.1f} × |")
    return "\n".join(rows)


def main(arguments: Sequence[str]) -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m bench.turns")
    parser.add_argument("model", nargs="?", type=Path, default=os.environ.get("SHOPDESK_MODEL"))
    parser.add_argument("--rounds", type=int, default=10)
    asked = parser.parse_args(arguments)
    if asked.model is None or not Path(asked.model).is_file():
        print("name a trained model: models/<fingerprint>.tar.gz (make train prints its path)", file=sys.stderr)
        return 2
    print(table(asyncio.run(measured(Path(asked.model), asked.rounds))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
