"""The part of `hotline check` that looks at follow-up calls: lines, number, windows."""

from collections.abc import Iterator

from config.settings import Settings
from hotline.caller_number import fault_of_caller_number, trunks_that_show
from hotline.finding import Finding, Verdict, fault

WHAT = "follow-up calls"


def check_outbound(settings: Settings) -> Iterator[Finding]:
    """Whether follow-up calls can be placed, over which trunks and when."""
    if words := fault_of_caller_number(settings):
        yield fault(WHAT, words)
        return
    section, over = settings.outbound, trunks_that_show(settings)
    if not over or not section.lines:
        lack = "line for them" if over else "trunk"
        yield Finding(what=WHAT, words=f"none is placed: there is no {lack}")
        return
    if left := [trunk.name for trunk in settings.trunks if trunk not in over]:
        words = (
            f"none goes over {', '.join(left)}, which may not show the caller_number"
        )
        yield Finding(what=WHAT, words=words, verdict=Verdict.WARNING)
    ordinary = sum(trunk.ordinary_lines for trunk in over)
    if section.lines >= ordinary:
        words = f"lines = {section.lines} may take every line of their trunks that is not kept ({ordinary}): recalls and call-backs over them would find none; set fewer"
        yield Finding(what=WHAT, words=words, verdict=Verdict.WARNING)
    names = ", ".join(trunk.name for trunk in over)
    windows = ", ".join(section.windows)
    words = f"at most {section.lines} at once over {names}, {windows}"
    yield Finding(what=WHAT, words=words)
