"""Who may sign in, with which password, and how an owner makes the first account."""

from __future__ import annotations

import asyncio
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from web.desk.accounts import Account, Accounts, Change, ensure_demo_accounts
from web.desk.accounts_cli import main
from web.desk.database import Database
from web.desk.errors import BadFrame, Exists, Forbidden, NotFound, WeakPassword
from web.desk.passwords import Passwords, check_strength
from web.desk.tables import AccountRow
from web.tests.desk.sql.small_desk import PASSWORD

ROOT = Path(__file__).resolve().parents[4]
MEI = Account("mei", "小美", "agent", ["orders"], 3, "zh")


async def test_new_account_is_found(accounts: Accounts) -> None:
    await accounts.add(MEI, PASSWORD)
    assert await accounts.get("mei") == MEI
    assert (MEI, True) in await accounts.all()


async def test_password_is_kept_as_argon2id_only(accounts: Accounts, database: Database) -> None:
    async with database.session() as session:
        kept = list(await session.scalars(select(AccountRow.password_hash)))
    assert all(one.startswith("$argon2id$") and PASSWORD not in one for one in kept)
    assert len(set(kept)) == len(kept), "each has a salt of its own"


async def test_username_is_given_once(accounts: Accounts) -> None:
    with pytest.raises(Exists):
        await accounts.add(Account("agent1", "另一个", "agent", [], 5, "zh"), PASSWORD)


@pytest.mark.parametrize(
    "wrong",
    [
        Account("Mei", "小美", "agent", [], 3, "zh"),
        Account("mei li", "小美", "agent", [], 3, "zh"),
        Account("mei\0", "小美", "agent", [], 3, "zh"),
        Account("mei", "  ", "agent", [], 3, "zh"),
        Account("mei", "小美\n", "agent", [], 3, "zh"),
        Account("mei", "小美", "agent", [], -1, "zh"),
        Account("mei", "小美", "agent", [""], 3, "zh"),
    ],
)
async def test_what_makes_no_sense_is_refused(accounts: Accounts, wrong: Account) -> None:
    with pytest.raises(BadFrame):
        await accounts.add(wrong, PASSWORD)
    assert len(await accounts.all()) == 5


async def test_change_keeps_what_it_does_not_name(accounts: Accounts) -> None:
    changed, active = await accounts.change("agent1", Change(skills=["logistics"], capacity=2))
    assert changed == Account("agent1", "Agent1", "agent", ["logistics"], 2, "zh")
    assert active
    with pytest.raises(NotFound):
        await accounts.change("nobody", Change(capacity=2))
    with pytest.raises(BadFrame):
        await accounts.change("agent1", Change(capacity=1000))
    assert (await accounts.get("agent1")).capacity == 2


async def test_account_that_is_not_active_counts_as_none(accounts: Accounts) -> None:
    await accounts.change("agent1", Change(active=False))
    with pytest.raises(NotFound):
        await accounts.get("agent1")
    assert ("agent1", False) in [(account.username, active) for account, active in await accounts.all()]


def test_roles_are_one_above_the_other() -> None:
    def ranks(role: str) -> list[bool]:
        account = Account("x", "x", role, [], 1, "zh")  # type: ignore[arg-type]
        return [account.may(other) for other in ("trainer", "agent", "supervisor", "admin")]  # type: ignore[arg-type]

    assert ranks("trainer") == [True, False, False, False]
    assert ranks("agent") == [True, True, False, False]
    assert ranks("supervisor") == [True, True, True, False]
    assert ranks("admin") == [True, True, True, True]
    with pytest.raises(Forbidden):
        MEI.must("supervisor")


@pytest.mark.parametrize("weak", ["short", "a" * 20, "ababababab", "my-name-is-MEI", "x" * 300])
def test_weak_passwords_are_refused(weak: str) -> None:
    with pytest.raises(WeakPassword):
        check_strength(weak, "mei")


async def test_real_hashing_blocks_nobody() -> None:
    passwords = Passwords(PasswordHasher())
    kept = await passwords.hash(PASSWORD)
    moments, done = 0, False

    async def count_moments() -> None:
        nonlocal moments
        while not done:
            await asyncio.sleep(0.001)
            moments += 1

    counting = asyncio.create_task(count_moments())
    await asyncio.sleep(0)
    assert await passwords.fits(kept, PASSWORD)
    assert moments > 3, "the loop went on meanwhile"
    assert not await passwords.fits(kept, "something else")
    done = True
    await counting
    assert not passwords.outdated(kept)


async def test_demo_accounts_are_made_once(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.desk.accounts.Passwords", lambda: Passwords(PasswordHasher(1, 64, 1)))
    assert await ensure_demo_accounts(database, PASSWORD)
    accounts = Accounts(database, Passwords())
    made = {account.username: account for account, _ in await accounts.all()}
    assert {name: (one.name, one.role) for name, one in made.items()} == {
        "agent1": ("客服一号", "agent"), "agent2": ("客服二号", "agent"), "supervisor": ("主管", "supervisor"),
        "trainer": ("训练师", "trainer"), "admin": ("管理员", "admin"),
    }  # fmt: skip
    assert set(made["agent2"].skills) - set(made["agent1"].skills) == {"english"}
    await accounts.change("agent1", Change(active=False))
    assert not await ensure_demo_accounts(database, "another password")


def test_owner_makes_the_first_account(tmp_path: Path) -> None:
    added = subprocess.run(
        [sys.executable, "-m", "web.desk.accounts", "add", "lin", "--name", "小林", "--role", "admin"],
        cwd=ROOT, input=PASSWORD + "\n", text=True, capture_output=True, timeout=60, check=False,
        env={"PATH": os.environ["PATH"], "DATABASE_URL": str(tmp_path / "desk.sqlite")},
    )  # fmt: skip
    assert (added.returncode, added.stdout) == (0, "added lin (admin)\n"), added.stderr


def test_owner_sets_a_password(
    empty_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: str, password: str = "") -> tuple[int, str, str]:
        monkeypatch.setenv("DATABASE_URL", empty_url)
        monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
        code = main(arguments)
        said = capsys.readouterr()
        return code, said.out, said.err

    assert run("add", "lin", password=PASSWORD)[:2] == (0, "added lin (agent)\n")
    assert run("add", "lin", password=PASSWORD)[::2] == (1, "accounts: there is an account lin already\n")
    code, _, said = run("password", "lin", password="short")
    assert (code, "too easy" in said) == (1, True)
    assert run("password", "nobody", password=PASSWORD)[::2] == (1, "accounts: there is no account nobody\n")
    assert run("password", "lin", password="another long one")[0] == 0
    assert run("list")[1].startswith("lin ")
