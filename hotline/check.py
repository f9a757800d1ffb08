"""`hotline check`: is everything there that the service needs? In words, for people."""

from collections.abc import AsyncIterator, Iterator
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from config.settings import Settings
from hotline.check_calendar import check_calendar
from hotline.check_database import as_findings, check_database
from hotline.check_flows import check_flows
from hotline.check_outbound import check_outbound
from hotline.check_places import check_places
from hotline.check_plans import check_plans
from hotline.check_print import check_print
from hotline.check_speech import check_speech
from hotline.check_staffing import check_staffing
from hotline.check_talks import check_talks
from hotline.check_test_call import check_test_call
from hotline.check_trunks import check_trunks
from hotline.check_webhook import check_webhook
from hotline.finding import Finding, Verdict, fault
from hotline.rules import city_date, rule_findings
from ivr_flows.prompts import Prompts
from telephony.pjsua.capacity import capacity_in_words

MARKS = {
    Verdict.GOOD: ("✓", "green"),
    Verdict.WARNING: ("!", "yellow"),
    Verdict.FAULT: ("✗", "red"),
}


async def check(settings: Settings, console: Console) -> bool:
    """Print what was found; false when something must be mended."""
    good = True
    async for finding in _look(settings):
        mark, style = MARKS[finding.verdict]
        console.print(f"[{style}]{mark}[/] {finding.what}: ", end="")
        console.print(finding.words, markup=False, highlight=False)
        good = good and finding.verdict is not Verdict.FAULT
    return good


async def _look(settings: Settings) -> AsyncIterator[Finding]:
    yield _settings(settings)
    for finding in _rules(settings):
        yield finding
    for finding in await check_database(settings):
        yield finding
    for finding in await check_flows(settings):
        yield finding
    for finding in await _prompts(settings):
        yield finding
    async for finding in check_speech(settings):
        yield finding
    yield Finding(what="SIP library", words=capacity_in_words())
    async for finding in check_trunks(settings):
        yield finding
    for finding in chain(
        check_outbound(settings),
        check_calendar(settings, city_date(settings)),
        check_talks(settings),
        check_webhook(settings),
        check_places(settings),
        check_staffing(settings),
        check_plans(settings),
        check_print(settings),
        check_test_call(settings),
    ):
        yield finding


def _settings(settings: Settings) -> Finding:
    queues, agents = len(settings.queues), len(settings.agents)
    words = f"{queues} queues, {agents} agents to seed the database with"
    return Finding(what="settings", words=words)


def _rules(settings: Settings) -> Iterator[Finding]:
    findings = rule_findings(settings)
    yield from as_findings(findings)
    if not findings:
        yield Finding(what="rules", words="every queue can be served")


async def _prompts(settings: Settings) -> list[Finding]:
    with TemporaryDirectory(prefix="hotline-check-") as folder:
        async with Prompts(settings, Path(folder)) as prompts:
            faults = await prompts.check()
    if not faults:
        return [Finding(what="prompts", words="voices and recordings are good")]
    return [fault("prompts", words) for words in faults]
