"""Where everything is: addresses, ports, folders. All of it on loopback."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
WORK: Final = ROOT / "build" / "bench"
"""Results, and the prompts that were made once; `build/` is no part of the sources."""

SERVICE: Final = ("127.0.0.1", 24000)
CONSOLE_PORT: Final = 24080
SERVICE_RTP_PORTS: Final = "50000-57999"

CALLERS: Final = ("127.0.0.2", 24100)
DESK: Final = ("127.0.0.3", 24100)
SIPP_CALLERS: Final = ("127.0.0.2", 24200)
SIPP_DESK: Final = ("127.0.0.3", 24200)

HOTLINE: Final = "12345"
PROMPT_NUMBER: Final = "12399"
"""Leads to a flow that plays prompts one after the other and asks nothing."""
