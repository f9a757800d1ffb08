"""The agents' process: the demo's phones, for the citizens of this town."""

import asyncio
import sys

from benchmarks.staffing.thirty.town import Town
from config.logging import set_up_logging
from hotline.demo.agents import Agents
from hotline.demo.phone_line import open_line


async def main() -> None:
    """The process."""
    async with open_line(sys.argv[1:]) as line:
        await Agents(line, Town()).run()


if __name__ == "__main__":
    set_up_logging()
    asyncio.run(main())
