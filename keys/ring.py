"""The ring: named keys, from the environment. The current one seals, all of them open: so keys can turn.

It opens what Temporal keeps, and the register's own keys, which lie in the database sealed under it.
"""

import os
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from keys.sealing import KEY_BYTES, Cipher, new_key


class KeysError(Exception):
    """The keys are missing or malformed; the sentence says what to set."""


@dataclass(frozen=True)
class Keys:
    """Named keys: the first encrypts, all of them decrypt."""

    current: str
    ciphers: Mapping[str, Cipher]

    @classmethod
    def from_environment(cls) -> Self:
        """Read ECHEANCE_KEYS: `name:base64 of 32 bytes`, several parted by commas, the current one first."""
        return cls.parse(os.environ.get("ECHEANCE_KEYS", ""))

    @classmethod
    def generate(cls) -> Self:
        """One new key that nobody else has: what it encrypts is lost with this process."""
        return cls("generated", {"generated": Cipher(new_key())})

    @classmethod
    def parse(cls, written: str) -> Self:
        """Read `name:base64,name:base64`; raises KeysError."""
        ciphers = dict(_named_key(place, part) for place, part in enumerate(filter(None, written.split(",")), 1))
        if not ciphers:
            raise KeysError(
                "ECHEANCE_KEYS is not set: give name:key, the key being 32 random bytes in base64; or set "
                "ECHEANCE_HOME to the data folder of a house that runs."
            )
        return cls(next(iter(ciphers)), ciphers)

    def cipher(self, name: str) -> Cipher:
        """The key of this name. Raises KeysError when it is gone."""
        if name not in self.ciphers:
            raise KeysError(f"The key {name!r} is not in ECHEANCE_KEYS: put it back, behind the current one.")
        return self.ciphers[name]


def _named_key(place: int, part: str) -> tuple[str, Cipher]:
    """A malformed one is told by its place: without its name, its text may be the key itself."""
    name, _, encoded = part.strip().partition(":")
    try:
        key = b64decode(encoded, validate=True)
    except NotBase64:
        key = b""
    if not name or len(key) != KEY_BYTES:
        raise KeysError(
            f"Key {place} of ECHEANCE_KEYS is malformed: give name:key, the key being {KEY_BYTES} bytes in base64."
        )
    return name, Cipher(key)
