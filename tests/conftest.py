"""What every test stands on."""

import asyncio


def pytest_configure() -> None:
    """Start without a loop.

    Otherwise pytest-asyncio makes one beside its own when a plain test comes first,
    and nobody closes it.
    """
    asyncio.set_event_loop(None)
