"""The second factor: time-based codes (RFC 6238), each good for one log-in."""

import secrets
from datetime import datetime

import pyotp
import segno

from acd.people.seal import NumberSealed, Seal

ISSUER = "Hotline"
STEP_SECONDS = 30
EITHER_SIDE = (0, -1, 1)
"""A clock may be half a minute off."""


def new_secret() -> str:
    """A secret for an authenticator, in Base32."""
    return pyotp.random_base32()


def address(secret: str, name: str) -> str:
    """What an authenticator reads, as `otpauth:` address."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def picture(read: str) -> str:
    """An `otpauth:` address as a QR code (ISO/IEC 18004), in SVG."""
    code = segno.make(read, error="m", micro=False)
    return str(code.svg_inline(scale=5, border=4, dark="#000", light="#fff"))


def step_of(secret: str, code: str, now: datetime, last_step: int) -> int | None:
    """The step of time that the code belongs to; None when it is wrong or was used.

    Steps up to `last_step` are used up: a code that was seen over somebody's shoulder
    opens nothing.
    """
    totp, present = pyotp.TOTP(secret), int(now.timestamp()) // STEP_SECONDS
    for step in (present + aside for aside in EITHER_SIDE):
        if step > last_step and secrets.compare_digest(
            totp.generate_otp(step).encode(), code.strip().encode()
        ):
            return step
    return None


class SecretSeal:
    """Keeps the secrets closed in the database, each for its account."""

    def __init__(self, key: bytes) -> None:
        self._seal = Seal(key)

    def close(self, secret: str, name: str) -> str:
        """The secret as it is kept."""
        return self._seal.close(secret, f"account:{name}")

    def open(self, kept: str, name: str) -> str:
        """The secret; "" when there is none, or another key closed it."""
        try:
            return self._seal.open(kept, f"account:{name}")
        except NumberSealed:
            return ""
