"""`python -m web.desk.accounts`: adds accounts and sets passwords from a terminal, where nobody can sign in yet.

Passwords are asked for, or read from standard input; never from the command line, where other people of the machine see them.
"""

from __future__ import annotations

import argparse
import asyncio
import getpass
import os
import sys
from collections.abc import Awaitable, Callable, Sequence

from web.desk.accounts import EVERYTHING, RANKS, Account, Accounts, Change, role_named
from web.desk.database import BadDatabaseUrl, Database, DatabaseUnavailable, migrate
from web.desk.errors import Exists, NotFound, Refused
from web.desk.passwords import Passwords
from web.desk.wording import error_text

DEFAULT_DATABASE = "sqlite:///var/desk.sqlite"


def main(arguments: Sequence[str]) -> int:
    """0 when it was done, 1 when it was refused, 2 when the command makes no sense."""
    asked = _parser().parse_args(arguments)
    address = os.environ.get("DATABASE_URL") or DEFAULT_DATABASE
    try:
        password = _read_password() if asked.does is not _list else ""
        migrate(address)
        return asyncio.run(_run(address, asked, password))
    except (BadDatabaseUrl, DatabaseUnavailable) as error:
        return _say(f"accounts: {error}")
    except Exists:
        return _say(f"accounts: there is an account {asked.username} already")
    except NotFound:
        return _say(f"accounts: there is no account {asked.username}")
    except Refused as refused:
        return _say(f"accounts: {error_text(refused.code, 'en')} ({refused})")


async def _run(address: str, asked: argparse.Namespace, password: str) -> int:
    database = Database(address)
    try:
        does: Callable[[Accounts, argparse.Namespace, str], Awaitable[None]] = asked.does
        await does(Accounts(database, Passwords()), asked, password)
    finally:
        await database.close()
    return 0


async def _add(accounts: Accounts, asked: argparse.Namespace, password: str) -> None:
    skills = [skill for skill in asked.skills.split(",") if skill]
    name = asked.name or asked.username
    await accounts.add(
        Account(asked.username, name, role_named(asked.role), skills, asked.capacity, asked.lang), password
    )
    print(f"added {asked.username} ({asked.role})")


async def _set_password(accounts: Accounts, asked: argparse.Namespace, password: str) -> None:
    await accounts.change(asked.username, Change(password=password))
    print(f"{asked.username} has a new password, and every session has ended")


async def _list(accounts: Accounts, asked: argparse.Namespace, password: str) -> None:
    for account, active in await accounts.all():
        state = "" if active else "  (not active)"
        print(f"{account.username:<20} {account.role:<11} {account.name}  {','.join(account.skills)}{state}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m web.desk.accounts", description="The desk's accounts, in DATABASE_URL."
    )
    commands = parser.add_subparsers(required=True, metavar="add|password|list")
    add = commands.add_parser("add", help="a new account; the password is asked for")
    add.add_argument("username")
    add.add_argument("--name", help="as shoppers see it")
    add.add_argument("--role", choices=list(RANKS), default="agent")
    add.add_argument("--skills", default=",".join(EVERYTHING), help="with commas between; all by default")
    add.add_argument("--capacity", type=int, default=5, help="how many conversations at once")
    add.add_argument("--lang", choices=["zh", "en"], default="zh", help="of the desk's pages")
    add.set_defaults(does=_add)
    password = commands.add_parser("password", help="sets a password, and ends the account's sessions")
    password.add_argument("username")
    password.set_defaults(does=_set_password)
    commands.add_parser("list", help="who there is").set_defaults(does=_list)
    return parser


def _read_password() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("Password: ")
    return sys.stdin.readline().rstrip("\r\n")


def _say(text: str) -> int:
    print(text, file=sys.stderr)
    return 1
