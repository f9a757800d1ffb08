"""Telephone numbers of people at rest: sealed with AES-256-GCM, each for its person.

A sealed number that is copied to another person's row does not open there (the id is
authenticated data, NIST SP 800-38D).
"""

import base64
import binascii
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12
_VERSION = "1:"


class NumberSealed(Exception):
    """A number cannot be opened: another key sealed it, or it was changed."""

    error_id = "number_sealed"


class Seal:
    """Closes and opens numbers with one key of 32 bytes."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def close(self, number: str, person_id: str) -> str:
        """The number as it is kept; "" stays "". Never twice the same."""
        if not number:
            return ""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        closed = self._cipher.encrypt(nonce, number.encode(), person_id.encode())
        return _VERSION + base64.b64encode(nonce + closed).decode()

    def open(self, kept: str, person_id: str) -> str:
        """The number; `NumberSealed` when this key does not open it for this person."""
        if not kept:
            return ""
        try:
            data = base64.b64decode(kept.removeprefix(_VERSION), validate=True)
            nonce, closed = data[:_NONCE_BYTES], data[_NONCE_BYTES:]
            return self._cipher.decrypt(nonce, closed, person_id.encode()).decode()
        except (InvalidTag, ValueError, binascii.Error):
            raise NumberSealed(
                f"The recall number of {person_id!r} was sealed with another key, or "
                "changed by hand: put the key file back, or import the number again."
            ) from None
