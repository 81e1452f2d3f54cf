"""Encrypt what Temporal keeps: payloads and failures, with the key's name beside it so that keys can turn.

No personal data is meant to reach Temporal; encryption is there so that a mistake does not leak.
"""

from collections.abc import Sequence

from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import PydanticPayloadConverter
from temporalio.converter import (
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    PayloadCodec,
)

from keys.ring import Keys
from keys.sealing import seal, unseal

_ENCODING = b"binary/encrypted"


class EncryptingCodec(PayloadCodec):
    """Every payload becomes ciphertext with its key's name; plain payloads from before are still read."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Encrypt with the current key."""
        return [self._encrypt(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Decrypt with the key that the payload names. Raises KeysError when it is gone, BrokenSealError."""
        return [self._decrypt(payload) for payload in payloads]

    def _encrypt(self, payload: Payload) -> Payload:
        name = self._keys.current
        sealed = seal(self._keys.cipher(name), payload.SerializeToString(), name.encode())
        return Payload(metadata={"encoding": _ENCODING, "key": name.encode()}, data=sealed)

    def _decrypt(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != _ENCODING:
            return payload
        name = payload.metadata["key"].decode()
        return Payload.FromString(unseal(self._keys.cipher(name), payload.data, name.encode()))


def encrypting_converter(keys: Keys) -> DataConverter:
    """How this project talks to Temporal: pydantic types, encrypted payloads, encrypted failure texts."""
    return DataConverter(
        payload_converter_class=PydanticPayloadConverter,
        payload_codec=EncryptingCodec(keys),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )
