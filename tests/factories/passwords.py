"""Passwords whose hash costs a thousandth. What the house's own costs, `tests/api/test_accounts.py` looks at."""

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from api.passwords import PASSWORDS

OWN_PASSWORDS = PASSWORDS
"""The house's own way."""
CHEAP_PASSWORDS = PasswordHash([Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1)])
"""The same algorithm. A hash says what it costs to check, so either way reads what the other has written."""
