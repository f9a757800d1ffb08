"""Programs that speak with the hotline over the network, as others write them."""

from typing import Any

import httpx

PATIENCE_SECONDS = 60
"""A busy machine starts a process for a report; httpx alone waits five seconds."""


def program(**how: Any) -> httpx.AsyncClient:
    """A client of HTTP; settings of the environment do not reach it."""
    return httpx.AsyncClient(trust_env=False, timeout=PATIENCE_SECONDS, **how)
