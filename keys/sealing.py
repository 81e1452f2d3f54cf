"""Seal and open: AES-256-GCM. What is sealed is bound to what it is about, and opens as nothing else."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

Cipher = AESGCM
"""A key, ready to seal and open with."""
KEY_BYTES = 32
_NONCE_BYTES = 12


class BrokenSealError(Exception):
    """It was altered since it was sealed, or sealed with another key, or about something else."""


def new_key() -> bytes:
    """A key that nobody else has."""
    return AESGCM.generate_key(bit_length=8 * KEY_BYTES)


def seal(cipher: Cipher, clear: bytes, about: bytes) -> bytes:
    """Encrypt; `about` is not kept, and has to be given again to open it."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, clear, about)


def unseal(cipher: Cipher, sealed: bytes, about: bytes) -> bytes:
    """Decrypt. Raises BrokenSealError."""
    try:
        return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], about)
    except (InvalidTag, ValueError):
        raise BrokenSealError("what was sealed does not open: it was altered, or belongs elsewhere") from None
