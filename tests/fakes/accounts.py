"""Accounts of each role, and browsers that are logged in."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any

import httpx
from argon2 import PasswordHasher
from fastapi import FastAPI

from config.database import Database
from console.accounts.account import Role
from console.accounts.desk import AccountDesk
from console.accounts.doorkeeper import Doorkeeper
from console.accounts.enrolment import Enrolling
from console.accounts.entrance import Entrance
from console.accounts.locks import Locks
from console.accounts.own_password import OwnPassword
from console.accounts.passwords import Passwords
from console.accounts.store import AccountStore
from console.audit.trail import AuditTrail

PASSWORD = "a few words of the city"
KEY = b"k" * 32
HOST = "http://hotline"
HERE = {"origin": HOST, "accept": "text/html"}
"""What a browser sends with a form of our own page."""


def small_accounts(database: Database) -> dict[str, Any]:
    """Who may enter; passwords are hashed with little memory."""
    key, now = KEY, partial(datetime.now, UTC)
    store, trail = AccountStore(database), AuditTrail(database, now)
    passwords = cheap_passwords()
    entrance = Entrance(store, passwords, trail, key, now)
    return {
        "entrance": entrance,
        "doorkeeper": Doorkeeper(entrance),
        "enrolling": Enrolling(store, key, now),
        "own_password": OwnPassword(store, passwords, Locks(store, now)),
        "accounts": AccountDesk(store, passwords, key, now),
        "audit": trail,
    }


def cheap_passwords() -> Passwords:
    """Hashes that take no time and little memory."""
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def name_of(role: Role) -> str:
    """The account of a role."""
    return role.value.replace("_", "-")


async def add_accounts(accounts: AccountDesk) -> None:
    """One for each role; the agent is 1001."""
    for role in Role:
        person = "1001" if role is Role.AGENT else ""
        await accounts.add(name_of(role), role, PASSWORD, person)


@asynccontextmanager
async def browser(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A browser without a session; it follows no redirect by itself."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport, base_url=HOST, headers=HERE
    ) as client:
        yield client


async def give_password(
    client: httpx.AsyncClient, name: str, password: str = PASSWORD
) -> httpx.Response:
    """Fill the form of the log-in page in."""
    return await client.post("/log-in", data={"name": name, "password": password})


@asynccontextmanager
async def logged_in(app: FastAPI, role: Role) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of somebody of a role, whose scripts send the token with each request."""
    async with browser(app) as client:
        answer = await give_password(client, name_of(role))
        assert answer.status_code == 303, answer.text
        client.headers["x-csrf-token"] = await csrf_of(client)
        yield client


async def csrf_of(client: httpx.AsyncClient) -> str:
    """The token that the console's pages carry."""
    page = await client.get("/nothing")
    found = re.search(r'<meta name="csrf" content="([0-9a-f]+)">', page.text)
    assert found, page.text
    return found[1]
