"""What every test stands on."""

import asyncio
import gc


def pytest_configure() -> None:
    """Start without a loop.

    Otherwise pytest-asyncio makes one beside its own when a plain test comes first,
    and nobody closes it.
    """
    asyncio.set_event_loop(None)


def pytest_collection_finish() -> None:
    """Thousands of tests stay to the end: walking through them again takes seconds."""
    gc.collect()
    gc.freeze()
