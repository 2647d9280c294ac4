"""Sessions begin with the right password, end in time, and nobody guesses for long."""

from __future__ import annotations

import asyncio
import statistics
import time

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select

from web.desk.accounts import Account, Accounts, Change
from web.desk.database import Database
from web.desk.errors import BadLogin, Locked, Unauthorized, WeakPassword
from web.desk.login_tries import ADDRESS_TRIES
from web.desk.logins import Logins
from web.desk.passwords import Passwords
from web.desk.tables import AccountRow, LoginRow, LoginTryRow
from web.tests.desk.sql.conftest import Clock
from web.tests.desk.sql.small_desk import PASSWORD
from web.visitor import site

HOME, ELSEWHERE = "192.0.2.7", "198.51.100.9"


@pytest.fixture
def logins(database: Database, accounts: Accounts, passwords: Passwords, clock: Clock) -> Logins:
    return Logins(database, passwords, clock)


async def wrong(logins: Logins, username: str, times: int, address: str = HOME) -> None:
    """Wrong passwords that are refused as such."""
    for _ in range(times):
        with pytest.raises(BadLogin):
            await logins.sign_in(username, "not the password", address)


async def test_token_is_whose_it_is(logins: Logins) -> None:
    token, account = await logins.sign_in("agent1", PASSWORD, HOME)
    assert account.username == "agent1"
    assert await logins.check(token) == account
    for strange in (None, "", "x", token + "x", "x" * 10_000):
        with pytest.raises(Unauthorized):
            await logins.check(strange)


async def test_token_itself_is_not_kept(logins: Logins, database: Database) -> None:
    token, _ = await logins.sign_in("agent1", PASSWORD, HOME)
    async with database.session() as session:
        row = (await session.scalars(select(LoginRow))).one()
    assert len(token) >= 43
    assert token not in (row.token_hash, row.username)


async def test_session_ends_after_twelve_hours(logins: Logins, clock: Clock) -> None:
    token, _ = await logins.sign_in("agent1", PASSWORD, HOME)
    for _ in range(11):
        clock.pass_by(hours=1)
        await logins.check(token)
    clock.pass_by(minutes=59, seconds=59)
    await logins.check(token)
    clock.pass_by(seconds=1)
    with pytest.raises(Unauthorized):
        await logins.check(token)


async def test_session_ends_after_two_idle_hours(logins: Logins, clock: Clock) -> None:
    token, _ = await logins.sign_in("agent1", PASSWORD, HOME)
    login = await logins.enter(token)
    clock.pass_by(hours=1, minutes=59)
    assert await logins.still(login) == login.account
    await logins.check(token)
    clock.pass_by(hours=1, minutes=59)
    await logins.still(login)
    clock.pass_by(minutes=1)
    with pytest.raises(Unauthorized):
        await logins.still(login)  # looking whether it holds does not make it live longer
    with pytest.raises(Unauthorized):
        await logins.check(token)


async def test_signing_out_ends_it(logins: Logins) -> None:
    token, _ = await logins.sign_in("agent1", PASSWORD, HOME)
    other, _ = await logins.sign_in("agent1", PASSWORD, HOME)
    await logins.sign_out(token)
    with pytest.raises(Unauthorized):
        await logins.check(token)
    assert await logins.check(other)


async def test_new_password_ends_all_other_sessions(logins: Logins) -> None:
    mine, _ = await logins.sign_in("agent1", PASSWORD, HOME)
    other, _ = await logins.sign_in("agent1", PASSWORD, ELSEWHERE)
    somebodys, _ = await logins.sign_in("agent2", PASSWORD, HOME)
    login = await logins.enter(mine)
    with pytest.raises(BadLogin):
        await logins.change_password(login, "not the password", "a new long one", HOME)
    for weak in ("short", PASSWORD):
        with pytest.raises(WeakPassword):
            await logins.change_password(login, PASSWORD, weak, HOME)
    assert await logins.check(other)
    await logins.change_password(login, PASSWORD, "a new long one", HOME)
    assert await logins.check(mine)
    assert await logins.check(somebodys)
    with pytest.raises(Unauthorized):
        await logins.check(other)
    with pytest.raises(BadLogin):
        await logins.sign_in("agent1", PASSWORD, HOME)
    assert await logins.sign_in("agent1", "a new long one", HOME)


async def test_shutting_somebody_out_ends_the_sessions(logins: Logins, accounts: Accounts) -> None:
    token, _ = await logins.sign_in("agent1", PASSWORD, HOME)
    await accounts.change("agent1", Change(active=False))
    with pytest.raises(Unauthorized):
        await logins.check(token)
    with pytest.raises(BadLogin):
        await logins.sign_in("agent1", PASSWORD, HOME)
    await accounts.change("agent1", Change(active=True))
    with pytest.raises(Unauthorized):
        await logins.check(token)


async def test_new_role_holds_at_once(logins: Logins, accounts: Accounts) -> None:
    token, _ = await logins.sign_in("agent1", PASSWORD, HOME)
    await accounts.change("agent1", Change(role="supervisor"))
    assert (await logins.check(token)).role == "supervisor"


async def test_five_wrong_tries_lock_the_account(logins: Logins, clock: Clock) -> None:
    await wrong(logins, "agent1", 5)
    clock.pass_by(minutes=5)
    with pytest.raises(Locked) as locked:
        await logins.sign_in("agent1", PASSWORD, ELSEWHERE)
    assert locked.value.retry_after == 600
    assert await logins.sign_in("agent2", PASSWORD, HOME), "colleagues go on"
    clock.pass_by(minutes=10)
    await wrong(logins, "agent1", 4)
    assert await logins.sign_in("agent1", PASSWORD, HOME)
    await wrong(logins, "agent1", 4)
    assert await logins.sign_in("agent1", PASSWORD, HOME), "the right one makes it start anew"


async def test_wrong_tries_are_forgotten_after_a_quarter_of_an_hour(logins: Logins, clock: Clock) -> None:
    await wrong(logins, "agent1", 4)
    clock.pass_by(minutes=16)
    await wrong(logins, "agent1", 4)
    assert await logins.sign_in("agent1", PASSWORD, HOME)


async def test_address_that_tries_everybody_is_locked(logins: Logins, clock: Clock) -> None:
    for number in range(ADDRESS_TRIES):
        await wrong(logins, f"guess{number}", 1, "2001:db8:1:2::5")
    with pytest.raises(Locked):
        await logins.sign_in("agent1", PASSWORD, "2001:db8:1:2::99")
    assert await logins.sign_in("agent1", PASSWORD, "2001:db8:1:3::5")
    clock.pass_by(minutes=15)
    assert await logins.sign_in("agent1", PASSWORD, "2001:db8:1:2::5")


async def test_unknown_account_is_locked_like_any_other(logins: Logins) -> None:
    await wrong(logins, "nobody", 5)
    with pytest.raises(Locked):
        await logins.sign_in("nobody", PASSWORD, HOME)


async def test_forty_tries_at_once_are_no_more_than_five(logins: Logins) -> None:
    tries = [logins.sign_in("agent1", "not the password", f"192.0.2.{n}") for n in range(40)]
    outcomes = [type(outcome) for outcome in await asyncio.gather(*tries, return_exceptions=True)]
    assert outcomes.count(BadLogin) == 5
    assert outcomes.count(Locked) == 35


async def test_colleagues_who_sign_in_at_once_all_come_in(logins: Logins) -> None:
    names = ["agent1", "agent2", "boss", "tina", "root"]
    assert len(await asyncio.gather(*(logins.sign_in(name, PASSWORD, HOME) for name in names))) == len(names)
    for _ in range(ADDRESS_TRIES):
        assert await logins.sign_in("agent1", PASSWORD, HOME)


async def test_old_tries_do_not_pile_up(logins: Logins, database: Database, clock: Clock) -> None:
    for number in range(3):
        await wrong(logins, f"guess{number}", 1)
    clock.pass_by(hours=1)
    await logins.sign_in("agent1", PASSWORD, ELSEWHERE)
    async with database.session() as session:
        assert await session.scalar(select(func.count()).select_from(LoginTryRow)) == 1


async def test_hash_is_renewed_when_its_parameters_are_old(logins: Logins, database: Database, clock: Clock) -> None:
    stronger = Passwords(PasswordHasher(time_cost=2, memory_cost=128, parallelism=1))
    assert await Logins(database, stronger, clock).sign_in("agent1", PASSWORD, HOME)
    async with database.session() as session:
        kept = {row.username: row.password_hash for row in await session.scalars(select(AccountRow))}
    assert "m=128,t=2" in kept["agent1"]
    assert "m=64,t=1" in kept["agent2"]
    assert await Logins(database, stronger, clock).sign_in("agent1", PASSWORD, HOME)


async def test_unknown_account_takes_as_long_to_be_refused(database: Database, clock: Clock) -> None:
    passwords = Passwords(PasswordHasher(time_cost=3, memory_cost=8192, parallelism=1))
    await Accounts(database, passwords).add(Account("mei", "小美", "agent", [], 3, "zh"), PASSWORD)
    logins = Logins(database, passwords, clock)
    took: dict[str, list[float]] = {"mei": [], "nobody": []}
    await wrong(logins, "warmup", 1)
    for _ in range(4):
        for name, seconds in took.items():
            began = time.perf_counter()
            await wrong(logins, name, 1)
            seconds.append(time.perf_counter() - began)
    known, unknown = (statistics.median(seconds) for seconds in took.values())
    assert 0.5 < unknown / known < 2.0


async def test_personal_data_is_shown_for_a_quarter_of_an_hour_in_one_session(logins: Logins, clock: Clock) -> None:
    mine = await logins.enter((await logins.sign_in("agent1", PASSWORD, HOME))[0])
    other = await logins.enter((await logins.sign_in("agent1", PASSWORD, HOME))[0])
    await logins.reveal(mine, "c1")
    assert await logins.revealed(mine, "c1")
    assert not await logins.revealed(mine, "c2")
    assert not await logins.revealed(other, "c1")
    clock.pass_by(minutes=10)
    await logins.reveal(mine, "c1")
    clock.pass_by(minutes=14)
    assert await logins.revealed(mine, "c1")
    clock.pass_by(minutes=1)
    assert not await logins.revealed(mine, "c1")


@pytest.mark.parametrize(
    ("address", "counted"),
    [("192.0.2.7", "192.0.2.7"), ("[2001:db8::1]", "2001:db8::"), ("::ffff:192.0.2.7", "192.0.2.7"), ("?", "unknown")],
)
def test_what_counts_as_one_address(address: str, counted: str) -> None:
    assert site(address) == counted
