"""Accounts: what an IBAN is compared by, where it must not be known itself."""

import hmac


def iban_mac(key: bytes, iban: str) -> bytes:
    """HMAC-SHA256 of an IBAN, written without spaces. The same under the same key; without it, none can be tried."""
    return hmac.digest(key, b"iban" + iban.encode(), "sha256")
