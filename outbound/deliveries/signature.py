"""The signature of a delivery: HMAC-SHA256 (RFC 2104) over its time and its body."""

import hashlib
import hmac
from typing import Final

ID, TIMESTAMP, SIGNATURE = "Hotline-Delivery", "Hotline-Timestamp", "Hotline-Signature"
VERSION: Final = "v1"


def signature(secret: bytes, timestamp: int, body: bytes) -> str:
    """`v1=` and the hexadecimal HMAC of "timestamp.body"; the time is in Unix seconds."""
    signed = b"%d." % timestamp + body
    return f"{VERSION}={hmac.new(secret, signed, hashlib.sha256).hexdigest()}"


def headers(
    secret: bytes, delivery_id: str, timestamp: int, body: bytes
) -> dict[str, str]:
    """What is sent with a delivery; the same id with every try of it."""
    return {
        "Content-Type": "application/json",
        "User-Agent": "hotline",
        "Idempotency-Key": delivery_id,
        ID: delivery_id,
        TIMESTAMP: str(timestamp),
        SIGNATURE: signature(secret, timestamp, body),
    }
