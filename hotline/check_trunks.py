"""The part of `hotline check` that looks at trunks: passwords, prefixes, hosts.

It calls nobody: whether the company lets us in is what `hotline trunks list` tells.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping

from config.setting_errors import SettingsError
from config.settings import Settings
from config.trunk_settings import TrunkSection, password_of
from hotline.finding import Finding, Verdict, fault
from telephony.numbers import NumberPlan, is_sip_uri
from telephony.trunks import is_served

RESOLVE_SECONDS = 5.0


async def check_trunks(settings: Settings) -> AsyncIterator[Finding]:
    """Every trunk with its faults and warnings, or with what it is for."""
    for trunk in settings.trunks:
        found = [*_password(trunk), *_prefixes(trunk, settings), *await _host(trunk)]
        for finding in found or [_good(trunk)]:
            yield finding
    for finding in _supervisors(settings):
        yield finding


def _supervisors(settings: Settings) -> Iterator[Finding]:
    contacts = {each.id: each.contact for each in settings.supervisors}
    yield from _without_trunk("supervisors", contacts, settings)


def _without_trunk(
    what: str, targets: Mapping[str, str], settings: Settings
) -> Iterator[Finding]:
    numbers = NumberPlan(
        country_code=settings.hotline.country_code,
        area_code=settings.hotline.area_code,
    )
    lost = [
        name
        for name, target in targets.items()
        if not is_sip_uri(target) and not is_served(target, settings.trunks, numbers)
    ]
    if lost:
        words = f"no trunk serves the number of {', '.join(lost)}"
        yield Finding(what=what, words=words, verdict=Verdict.WARNING)


def _good(trunk: TrunkSection) -> Finding:
    host, port = trunk.next_hop
    does = "registers" if trunk.register_here else "calls"
    words = f"{does} at {host} port {port} ({trunk.transport}), {trunk.lines} lines"
    return Finding(what=_name(trunk), words=words)


def _password(trunk: TrunkSection) -> Iterator[Finding]:
    try:
        password = password_of(trunk)
    except SettingsError as error:
        yield fault(_name(trunk), str(error))
        return
    if trunk.username and not password.get_secret_value():
        yield _warning(
            trunk,
            f"has a username but no password; set password_file or {trunk.password_variable}",
        )


def _prefixes(trunk: TrunkSection, settings: Settings) -> Iterator[Finding]:
    """Numbers are compared as `+8653188886666`: `0531` is the beginning of none."""
    code = settings.hotline.country_code
    for prefix in trunk.prefixes:
        if prefix.startswith("0"):
            abroad = prefix.startswith("00")
            right = f"+{prefix[2:]}" if abroad else f"+{code}{prefix[1:]}"
            yield _warning(trunk, f"{prefix!r} begins no number; write {right!r}")


async def _host(trunk: TrunkSection) -> list[Finding]:
    host = trunk.next_hop[0]
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(RESOLVE_SECONDS):
            await loop.getaddrinfo(host, None)
    except (OSError, UnicodeError, TimeoutError):
        return [_warning(trunk, f"the host {host} cannot be found from here now")]
    return []


def _warning(trunk: TrunkSection, words: str) -> Finding:
    return Finding(what=_name(trunk), words=words, verdict=Verdict.WARNING)


def _name(trunk: TrunkSection) -> str:
    return f"trunk {trunk.name}"
