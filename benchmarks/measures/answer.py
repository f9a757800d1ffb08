"""SIPp calls, a citizen is answered: how long did it take?"""

from typing import Final

from benchmarks.figures import Found, Spread
from benchmarks.hotline import Hotline, Wanted
from benchmarks.places import SIPP_CALLERS, SIPP_DESK
from benchmarks.run import Run
from benchmarks.sipp import Sipp

RATE: Final = 10


async def answer(run: Run) -> Found:
    """INVITE to 200 at 10 calls a second, by the moments in SIPp's trace."""
    calls = run.sized(300, 60)
    seconds = calls // RATE + 2
    run.expects(seconds)
    options = ("-r", RATE, "-m", calls, "-trace_msg")
    async with (
        Hotline(Wanted(agents=20, desk=SIPP_DESK)) as hotline,
        Sipp("answer", *options, at=SIPP_CALLERS, folder=hotline.folder) as sipp,
    ):
        await run.wait(seconds)
        await sipp.finished(20)
        counts, times = sipp.counts(), sipp.answer_times()
        errors = sipp.errors()
    return Found(
        figures={"invite_to_answer": Spread.of(times)},
        facts={"calls": counts, "errors": errors},
    )
