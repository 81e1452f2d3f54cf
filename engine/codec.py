"""Encrypt what Temporal keeps: payloads and failures, AES-256-GCM, with the key's name beside it so that keys can turn.

No personal data is meant to reach Temporal; encryption is there so that a mistake does not leak.
"""

import os
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import PydanticPayloadConverter
from temporalio.converter import (
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    PayloadCodec,
)

_ENCODING = b"binary/encrypted"
_NONCE_BYTES = 12
_KEY_BYTES = 32


class KeysError(Exception):
    """The keys are missing or malformed; the sentence says what to set."""


@dataclass(frozen=True)
class Keys:
    """Named keys: the first encrypts, all of them decrypt."""

    current: str
    ciphers: Mapping[str, AESGCM]

    @classmethod
    def from_environment(cls) -> Self:
        """Read ECHEANCE_KEYS: `name:base64 of 32 bytes`, several parted by commas, the current one first."""
        return cls.parse(os.environ.get("ECHEANCE_KEYS", ""))

    @classmethod
    def generate(cls) -> Self:
        """One new key that nobody else has: what it encrypts is lost with this process."""
        return cls("generated", {"generated": AESGCM(AESGCM.generate_key(bit_length=256))})

    @classmethod
    def parse(cls, written: str) -> Self:
        """Read `name:base64,name:base64`; raises KeysError."""
        ciphers = dict(_named_key(part) for part in written.split(",") if part)
        if not ciphers:
            raise KeysError("ECHEANCE_KEYS is not set: give name:key, the key being 32 random bytes in base64.")
        return cls(next(iter(ciphers)), ciphers)


def _named_key(part: str) -> tuple[str, AESGCM]:
    name, _, encoded = part.strip().partition(":")
    try:
        key = b64decode(encoded, validate=True)
    except NotBase64 as error:
        raise KeysError(f"The key {name!r} in ECHEANCE_KEYS is not base64.") from error
    if not name or len(key) != _KEY_BYTES:
        raise KeysError(f"The key {name!r} in ECHEANCE_KEYS needs a name and {_KEY_BYTES} bytes.")
    return name, AESGCM(key)


class EncryptingCodec(PayloadCodec):
    """Every payload becomes ciphertext with its key's name; plain payloads from before are still read."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Encrypt with the current key."""
        return [self._encrypt(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Decrypt with the key that the payload names. Raises KeysError when it is gone."""
        return [self._decrypt(payload) for payload in payloads]

    def _encrypt(self, payload: Payload) -> Payload:
        name = self._keys.current
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._keys.ciphers[name].encrypt(nonce, payload.SerializeToString(), name.encode())
        return Payload(metadata={"encoding": _ENCODING, "key": name.encode()}, data=nonce + sealed)

    def _decrypt(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != _ENCODING:
            return payload
        name = payload.metadata["key"].decode()
        if name not in self._keys.ciphers:
            raise KeysError(f"The key {name!r} is not in ECHEANCE_KEYS: put it back, behind the current one.")
        nonce, sealed = payload.data[:_NONCE_BYTES], payload.data[_NONCE_BYTES:]
        return Payload.FromString(self._keys.ciphers[name].decrypt(nonce, sealed, name.encode()))


def encrypting_converter(keys: Keys) -> DataConverter:
    """How this project talks to Temporal: pydantic types, encrypted payloads, encrypted failure texts."""
    return DataConverter(
        payload_converter_class=PydanticPayloadConverter,
        payload_codec=EncryptingCodec(keys),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )
