"""What a worker does not use is not loaded, what it does use is; the answers are those of a process that has loaded everything."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import late_imports
from bot.late_imports import LATE, Late, LateFinder
from tests.conversation import trained_model

ROOT = Path(__file__).resolve().parents[2]

TALKS = """
import asyncio, json, random, re, sys
from bot import late_imports
if sys.argv[1] == "late":
    late_imports.install()
from rasa.core.channels.channel import UserMessage
from actions import shop
from tests.conversation import Conversation, load_assistant, trained_model
from tests.shop_double import CUSTOMER, ShopDouble, order

SENTENCES = ["我的订单到哪了", "怎么退货", "骗子!我要投诉", "where is my order", "it dont work", "双十一有什么优惠", "xyzzy", "👍",
             "转人工", "帮我取消订单 20261120000042 尾号 4821", "红色XL码的卫衣还有吗", "谢谢", "發票開錯了", "顺丰昨天就显示到了",
     "你们好"]
TALKS = [SENTENCES[:3], ["怎么退货 另外有什么优惠", "好的", "谢谢"], ["where is my package", "20261120000042", "4821", "thanks"],
         ["我要退货", "第一个", "不想要了", "算了"], ["在吗", "那个能弄吗", "没用", "转人工"]]

async def main():
    assistant = load_assistant(trained_model())
    read = [await assistant.parse_message(UserMessage(text)) for text in SENTENCES]
    shop.use(ShopDouble(order()))
    random.seed(0)
    heard = []
    for number, said in enumerate(TALKS):
        shopper = Conversation(assistant, customer=CUSTOMER, cid=f"c{number}")
        for text in said:
            answer = await shopper.says(text)
            heard.append([answer.texts, answer.buttons, answer.cards, repr(answer.handoff), answer.intent])
    late = sorted(late_imports.still_late())
    found = {"tensorflow": "tensorflow" in sys.modules, "late": late, "read": read, "heard": heard}
    print(re.sub(r"T[0-9:.]+Z", "", json.dumps(found, default=float)))

asyncio.run(main())
"""

READS = """
import asyncio, sys
from bot import late_imports
late_imports.install()
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.channels.channel import UserMessage
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from bot.processor import TurnProcessor

assert "tensorflow" not in sys.modules
assistant = TurnProcessor(sys.argv[1], InMemoryTrackerStore(Domain.empty()), InMemoryLockStore(), None)
print(asyncio.run(assistant.parse_message(UserMessage("bye")))["intent"]["name"])
assert "tensorflow" in sys.modules
"""


def run(code: str, *arguments: str) -> str:
    """What a new process prints."""
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore", "RASA_TELEMETRY_ENABLED": "false"}
    env = {**os.environ, **quiet, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def late() -> Any:
    trained_model()
    return json.loads(run(TALKS, "late").splitlines()[-1])


def test_no_tensorflow_and_nothing_else_that_is_late(late: Any) -> None:
    assert not late["tensorflow"]
    assert late["late"] == sorted(LATE), (
        "Rasa asks for what it left alone, or no longer imports it: read it, then correct LATE"
    )


def test_answers_are_those_of_a_process_with_tensorflow(late: Any) -> None:
    eager = json.loads(run(TALKS, "eager").splitlines()[-1])
    assert eager["tensorflow"] and eager["late"] == []
    assert late["read"] == eager["read"]
    assert late["heard"] == eager["heard"]
    assert len({intent for *_, intent in late["heard"]}) > 5


def test_model_with_a_neural_network_gets_its_tensorflow(tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_text(
        "recipe: default.v1\nassistant_id: neural\nlanguage: en\npipeline:\n"
        "- name: WhitespaceTokenizer\n- name: CountVectorsFeaturizer\n- name: DIETClassifier\n  epochs: 30\n"
    )
    examples = {"greet": ["hello", "hi there", "good day"], "leave": ["bye", "see you", "bye for now"]}
    listed = "".join(
        f"- intent: {intent}\n  examples: |\n" + "".join(f"    - {text}\n" for text in texts)
        for intent, texts in examples.items()
    )
    (tmp_path / "nlu.yml").write_text(f'version: "3.1"\nnlu:\n{listed}')
    train = f"from rasa.model_training import train_nlu; train_nlu({str(tmp_path / 'config.yml')!r}, "
    run(train + f"{str(tmp_path / 'nlu.yml')!r}, {str(tmp_path)!r}, fixed_model_name='neural')")
    assert run(READS, str(tmp_path / "neural.tar.gz")).splitlines()[-1] == "leave"


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package with a heavy module, a light one and one that takes from both; they and the finder are gone afterwards."""
    files = {
        "__init__": "from latepack.light import word\nfrom latepack.heavy import number\nheavier = number + 1",
        "light": "word = 'light'",
        "heavy": "import os\nos.environ['LATEPACK'] += 'x'\nnumber = 41\ndef add(n):\n    return number + n",
        "taker": "from latepack import word\nimport latepack.heavy\nfrom latepack.heavy import add",
    }
    (tmp_path / "latepack").mkdir()
    for name, text in files.items():
        (tmp_path / "latepack" / f"{name}.py").write_text(text)
    monkeypatch.setenv("LATEPACK", "")
    monkeypatch.syspath_prepend(tmp_path)
    mine = {"latepack": Late(found_in="latepack.light"), "latepack.heavy": Late(calls=("add",))}
    monkeypatch.setattr(late_imports, "LATE", mine)
    late_imports.install()
    yield tmp_path / "latepack"
    sys.meta_path.remove(LateFinder)  # type: ignore[arg-type]
    for name in [name for name in sys.modules if name.split(".")[0] == "latepack"]:
        del sys.modules[name]


@pytest.mark.usefixtures("packages")
def test_first_look_loads_and_once() -> None:
    taker = importlib.import_module("latepack.taker")
    heavy = sys.modules["latepack.heavy"]
    assert (os.environ["LATEPACK"], late_imports.still_late()) == ("", {"latepack", "latepack.heavy"})
    assert taker.word == "light"
    assert taker.add(1) == 42
    assert (os.environ["LATEPACK"], late_imports.still_late()) == ("x", {"latepack"})
    assert heavy.number == 41 and heavy.add(0) == 41
    assert sys.modules["latepack"].heavier == 42
    assert (os.environ["LATEPACK"], late_imports.still_late()) == ("x", set())
    with pytest.raises(AttributeError, match="nothing"):
        heavy.nothing  # noqa: B018


def test_what_cannot_be_loaded_says_so_each_time(packages: Path) -> None:
    (packages / "heavy.py").write_text("import no_such_library")
    heavy = importlib.import_module("latepack.heavy")
    for _ in range(2):
        with pytest.raises(ModuleNotFoundError, match="no_such_library"):
            heavy.number  # noqa: B018


@pytest.mark.usefixtures("packages")
def test_missing_module_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(late_imports.LATE, "latepack.gone", Late())
    with pytest.raises(ModuleNotFoundError, match=r"latepack\.gone"):
        importlib.import_module("latepack.gone")
