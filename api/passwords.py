"""Passwords: looked at a few at a time, beside everything else, and as slowly for a login that nobody has."""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from fastapi import HTTPException
from pwdlib import PasswordHash

PASSWORDS = PasswordHash.recommended()
AT_ONCE = 2
"""Each takes a core and 64 MB while it lasts."""
MOST_WAITING = 80
_checkers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="passwords")
_waiting = 0


async def is_right(typed: str, kept_hash: str | None) -> bool:
    """Whether it is the password of this hash; without a hash it is compared with nobody's, and is wrong."""
    global _waiting
    if _waiting >= MOST_WAITING:
        raise HTTPException(503, "Too many people are signing in at this moment.", {"Retry-After": "5"})
    _waiting += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_checkers, _check, typed, kept_hash)
    finally:
        _waiting -= 1


def _check(typed: str, kept_hash: str | None) -> bool:
    same = PASSWORDS.verify(typed, kept_hash or _nobodys_hash())
    return same and kept_hash is not None


@cache
def _nobodys_hash() -> str:
    return PASSWORDS.hash(secrets.token_urlsafe(16))
