"""The part of `hotline check` that looks at test calls."""

from collections.abc import Iterator

from config.settings import Settings
from hotline.finding import Finding, Verdict
from hotline.test_calls.placing import own_address, own_target
from telephony.pjsua.admission import is_trusted

WHAT = "test calls"


def check_test_call(settings: Settings) -> Iterator[Finding]:
    """Where they go and how often; a hotline that calls itself must trust itself."""
    wanted = settings.test_call
    if not wanted.every_minutes:
        words = "none: every_minutes under [test_call] has them placed"
        yield Finding(what=WHAT, words=words)
        return
    to = wanted.to or own_target(settings.sip)
    own = str(own_address(settings.sip))
    if not wanted.to and not is_trusted(own, settings.sip.trusted_peers):
        words = f"sip.trusted_peers must hold {own}, or they are refused with 403"
        yield Finding(what=WHAT, words=words, verdict=Verdict.FAULT)
        return
    yield Finding(what=WHAT, words=f"every {wanted.every_minutes:g} minutes to {to}")
