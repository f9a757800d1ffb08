"""What every test stands on."""

import asyncio
import gc
import os

from hypothesis import settings

# Threads of linear algebra wait for each other by spinning: small matrices take
# twenty times as long when something else runs. Read when numpy is first imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# The gate tries the same examples each time, and no time is too long for one; new ones
# are for `make soak`.
settings.register_profile("gate", max_examples=50, derandomize=True, deadline=None)
settings.register_profile("soak", max_examples=500, deadline=None)
settings.load_profile("gate")


def pytest_configure() -> None:
    """Start without a loop, and collect tests without looking for garbage.

    Otherwise pytest-asyncio makes a loop beside its own when a plain test comes first,
    and nobody closes it. Nearly all that collecting makes stays to the end.
    """
    asyncio.set_event_loop(None)
    gc.disable()
    # How long an example takes says more of what else runs on the machine.
    settings.register_profile("hotline", deadline=None)
    settings.load_profile("hotline")


def pytest_collection_finish() -> None:
    """Thousands of tests stay to the end: walking through them again takes seconds."""
    gc.freeze()
    gc.enable()
