"""Passwords: hashed and looked at a few at a time, beside all else, and as slowly for a login that nobody has."""

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from fastapi import HTTPException
from pwdlib import PasswordHash

Result = TypeVar("Result")
PASSWORDS = PasswordHash.recommended()
AT_ONCE = 2
"""Each takes a core and 64 MB while it lasts."""
MOST_WAITING = 80
_EASILY_READ = "abcdefghjkmnpqrstuvwxyz2345679"
_GROUP = 4
_checkers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="passwords")
_waiting = 0


async def is_right(typed: str, kept_hash: str | None) -> bool:
    """Whether it is the password of this hash; without a hash it is compared with nobody's, and is wrong."""
    return await _beside(lambda: _check(typed, kept_hash))


async def hashed(typed: str) -> str:
    """What the register keeps of a password."""
    return await _beside(lambda: PASSWORDS.hash(typed))


def provisional_password() -> str:
    """A password to be told once: four groups of four letters and figures that nobody mixes up, 78 bits."""
    return "-".join("".join(secrets.choice(_EASILY_READ) for _ in range(_GROUP)) for _ in range(_GROUP))


async def _beside(work: Callable[[], Result]) -> Result:
    global _waiting
    if _waiting >= MOST_WAITING:
        raise HTTPException(503, "Too many people are signing in at this moment.", {"Retry-After": "5"})
    _waiting += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_checkers, work)
    finally:
        _waiting -= 1


def _check(typed: str, kept_hash: str | None) -> bool:
    same = PASSWORDS.verify(typed, kept_hash or _nobodys_hash())
    return same and kept_hash is not None


@cache
def _nobodys_hash() -> str:
    return PASSWORDS.hash(secrets.token_urlsafe(16))
