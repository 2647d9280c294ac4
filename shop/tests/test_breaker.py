"""The circuit breaker: when it opens, how it tries again, and that it lets one probe through at a time."""

import asyncio

import pytest

from shop.breaker import Breaker, BreakerOpen


class Down(Exception):
    pass


class Answered(Exception):
    pass


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(Down, opens_after=5, rest_s=10.0, clock=clock)


def fail(breaker: Breaker, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(Down), breaker.call():
            raise Down


def test_opens_after_five_failures_in_a_row(breaker: Breaker) -> None:
    fail(breaker, 4)
    assert breaker.state == "closed"
    fail(breaker)
    assert breaker.state == "open"
    with pytest.raises(BreakerOpen), breaker.call():
        pytest.fail("the call must not be made")


def test_a_success_in_between_starts_the_count_again(breaker: Breaker) -> None:
    fail(breaker, 4)
    with breaker.call():
        pass
    fail(breaker, 4)
    assert breaker.state == "closed"


def test_an_answer_that_is_an_error_is_no_failure(breaker: Breaker) -> None:
    for _ in range(20):
        with pytest.raises(Answered), breaker.call():
            raise Answered
    assert breaker.state == "closed"


def test_closes_again_when_the_probe_is_answered(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 5)
    clock.now += 9.99
    assert breaker.state == "open"
    clock.now += 0.01
    assert breaker.state == "half_open"
    with breaker.call():
        pass
    assert breaker.state == "closed"
    fail(breaker, 4)
    assert breaker.state == "closed"


def test_rests_again_when_the_probe_fails(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 5)
    clock.now += 10
    fail(breaker)
    assert breaker.state == "open"
    clock.now += 9
    with pytest.raises(BreakerOpen), breaker.call():
        pass


def test_only_one_probe_at_a_time(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 5)
    clock.now += 10
    with breaker.call():
        assert breaker.state == "half_open"
        with pytest.raises(BreakerOpen), breaker.call():
            pytest.fail("a second probe")
    assert breaker.state == "closed"


async def test_a_cancelled_probe_leaves_room_for_the_next(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 5)
    clock.now += 10
    entered = asyncio.Event()

    async def probe() -> None:
        with breaker.call():
            entered.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(probe())
    await entered.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    with breaker.call():
        pass
    assert breaker.state == "closed"


def test_a_late_answer_from_before_does_not_close_it(breaker: Breaker, clock: Clock) -> None:
    with breaker.call():
        fail(breaker, 5)
    assert breaker.state == "open"


def test_a_late_failure_from_before_does_not_prolong_the_rest(breaker: Breaker, clock: Clock) -> None:
    with pytest.raises(Down), breaker.call():
        fail(breaker, 5)
        clock.now += 8
        raise Down
    clock.now += 2
    assert breaker.state == "half_open"
