"""The turn worker: takes turns from the ledger, lets the assistant answer, commits what it says.

Whatever happens to a worker, the turn is done: its notice stays pending until the commit, and another worker takes it
over once the lease of six seconds is not renewed any more.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Protocol

from bot.assistant import Answer
from bot.burst import batch_of, wait_ms
from ledger import BotSide, Entry, Handoff, LedgerUnavailable, Reply, Turn
from ledger.tasks import end
from ledger.turns import Notice

logger = logging.getLogger(__name__)
BLOCK_MS = 2_000
FRESH = 1 / 12
"""For so much of a lease a turn that came with its notice is run as it came: half a second of six. Later more may have been said, a
person may have come, and in the end another worker may have it."""
LOOK_AGAIN_MS = 200
"""While more may come: the shopper's typing, and messages whose notice went to another worker. Our own notices are told at once."""
ABANDONED_EVERY_S = 1.0
TYPING_AFTER_S = 0.3
RETRY_S = (0.2, 1.0)
REDIS_RETRY_S = 1.0
MOST_ATTEMPTS = 3
SORRY = {
    "zh": "抱歉,我这边刚才出了点问题,没能处理您的消息。已为您转接人工客服,请稍候。",
    "en": "Sorry, something went wrong on my side and I could not deal with your message. I am passing you on to a person.",
}


class Answers(Protocol):
    """What the worker needs of an assistant."""

    async def answer(self, turn: Turn, batch: Sequence[Entry]) -> Answer:
        """One turn."""

    def committed(self, cid: str, memory: str) -> None:
        """The latest answer was committed: it may be built upon when `Turn.memory` is this."""


class LookedAfter:
    """A conversation that is being answered, with the notices of what came meanwhile."""

    def __init__(self, notice: Notice) -> None:
        self.notices = deque([notice])
        self.news = asyncio.Event()

    def add(self, notice: Notice) -> None:
        """One more."""
        self.notices.append(notice)
        self.news.set()


class Worker:
    """Serves all shards until `stop`; at most `concurrency` turns at once, not counting those that wait for the rest of a sentence."""

    def __init__(self, ledger: BotSide, assistant: Answers, shards: int = 1, concurrency: int = 16) -> None:
        self._ledger = ledger
        self._assistant = assistant
        self._shards = shards
        self._places = asyncio.Semaphore(concurrency)
        self._looked_after: dict[str, LookedAfter] = {}
        self._turns: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Takes turns until stopped, then finishes those under way."""
        readers = [asyncio.create_task(self._read(shard)) for shard in range(self._shards)]
        await self._stopping.wait()
        await end(readers)
        await asyncio.gather(*self._turns, return_exceptions=True)

    def stop(self) -> None:
        """Takes no more turns."""
        self._stopping.set()

    async def _read(self, shard: int) -> None:
        """Reads notices of one shard for ever; a Redis that is away is waited for."""
        prepared = False
        look_back = 0.0
        while True:
            try:
                if not prepared:
                    await self._ledger.prepare()
                    prepared = True
                found: list[Notice] = []
                if time.monotonic() >= look_back:
                    found = await self._ledger.abandoned(shard)
                    look_back = time.monotonic() + (0 if found else ABANDONED_EVERY_S)
                for notice in found or await self._ledger.notices(shard, BLOCK_MS):
                    await self._places.acquire()
                    self._take(notice)
            except LedgerUnavailable as error:
                logger.error("no turns can be taken: %s", error)
                prepared = False
                await asyncio.sleep(REDIS_RETRY_S)
            except Exception:
                logger.exception("reading turns failed, trying again")
                prepared = False
                await asyncio.sleep(REDIS_RETRY_S)

    def _take(self, notice: Notice) -> None:
        """Begins to look after a conversation, in a place that is held; or tells who does so already, and gives the place back."""
        if known := self._looked_after.get(notice.cid):
            known.add(notice)
            self._places.release()
            return
        looked_after = self._looked_after[notice.cid] = LookedAfter(notice)
        turn = asyncio.create_task(self._look_after(notice.cid, looked_after))
        self._turns.add(turn)
        turn.add_done_callback(self._turns.discard)

    async def _look_after(self, cid: str, looked_after: LookedAfter) -> None:
        """Answers everything unread of a conversation. On an error its notices stay pending and are taken up again."""
        try:
            notice = looked_after.notices.popleft()
            brought = notice.turn if not looked_after.notices and self._is_fresh(notice) else None
            await self._answer_all(notice, looked_after.news, brought)
            while looked_after.notices:
                await self._answer_all(looked_after.notices.popleft(), looked_after.news)
        except LedgerUnavailable as error:
            logger.error("turn of %s put off: %s", cid, error)
        except Exception:
            logger.exception("turn of %s put off", cid)
        finally:
            del self._looked_after[cid]
            self._places.release()

    def _is_fresh(self, notice: Notice) -> bool:
        """Whether a notice's turn can be run as it came, or must be looked at again."""
        if notice.turn is None:
            return False
        age_s, here_s = abs(time.time() - notice.turn.now_ms / 1000), time.monotonic() - notice.read_at
        return max(age_s, here_s) < FRESH * self._ledger.lease_ms / 1000

    async def _answer_all(self, notice: Notice, news: asyncio.Event, turn: Turn | str | None = None) -> None:
        """Until nothing is unread; when another worker holds the conversation its notice is left to outlive that worker."""
        wait = 0
        while True:
            news.clear()
            turn = turn or await self._ledger.begin(notice.cid, notice, again=wait > 0)
            notice = notice._replace(turn=None)
            if isinstance(turn, str):
                return
            if wait := wait_ms(turn):
                await self._wait_for_more(news, min(wait, LOOK_AGAIN_MS))
            elif not await self._one_turn(turn, notice):
                return
            turn = None

    async def _wait_for_more(self, news: asyncio.Event, longest_ms: int) -> None:
        """Waits for the rest of a sentence. Somebody else may have the place meanwhile: on a sale day many begin with a greeting."""
        self._places.release()
        try:
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(news.wait(), longest_ms / 1000)
        finally:
            await self._places.acquire()

    async def _one_turn(self, turn: Turn, notice: Notice) -> bool:
        """Runs and commits a turn; true when more is unread."""
        batch = batch_of(turn)
        upto, attempts = batch[-1].id, turn.attempts
        async with self._held(turn.cid):
            while attempts < MOST_ATTEMPTS:
                try:
                    answer = await self._assistant.answer(turn, batch)
                    break
                except LedgerUnavailable:
                    raise
                except Exception:
                    attempts += 1
                    logger.exception("turn of %s failed (try %s of %s)", turn.cid, attempts, MOST_ATTEMPTS)
                    await asyncio.sleep(RETRY_S[min(attempts, len(RETRY_S)) - 1])
                    if not await self._ledger.hold(turn.cid, upto):
                        return True
            else:
                answer = _give_up(turn)
            committed, more = await self._ledger.commit(
                turn, upto, answer.replies, answer.events, answer.afresh, answer.handoff, notice
            )
        if committed:
            self._assistant.committed(turn.cid, self._ledger.memory_after(upto))
        else:
            logger.info("what the bot had to say in %s came too late", turn.cid)
        return more or not committed

    @asynccontextmanager
    async def _held(self, cid: str) -> AsyncIterator[None]:
        """Renews the lease while a turn runs, and shows that an answer is under way when it takes a while."""
        keepers: list[asyncio.Task[None]] = []
        takes_long = asyncio.get_running_loop().call_later(
            TYPING_AFTER_S, lambda: keepers.append(asyncio.create_task(self._keep(cid)))
        )
        try:
            yield
        finally:
            takes_long.cancel()
            for keeper in keepers:
                keeper.cancel()

    async def _keep(self, cid: str) -> None:
        try:
            await self._ledger.typing(cid)
            while await self._ledger.hold(cid):
                await asyncio.sleep(self._ledger.lease_ms / 3000)
        except LedgerUnavailable as error:
            logger.error("the turn of %s could not be held: %s", cid, error)


def _give_up(turn: Turn) -> Answer:
    """After three tries: say so and get a person; what the shopper said stands in the log."""
    handoff = Handoff(
        "bot_error", "智能助手出错", priority=5, evidence=[f"{turn.attempts or MOST_ATTEMPTS} 次尝试均失败"]
    )
    return Answer([Reply(SORRY.get(turn.lang, SORRY["zh"]))], handoff, "", False)
