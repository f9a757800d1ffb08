"""`hotline check` looks at trunks without calling anybody."""

from pathlib import Path
from typing import Any

import pytest

from config.settings import Settings
from config.talk_settings import SupervisorSection
from hotline.check_trunks import check_trunks
from hotline.finding import Finding, Verdict
from tests.unit.telephony.trunk_lines import trunk


async def found(**more: Any) -> list[Finding]:
    """What is found of a trunk at an address."""
    values: dict[str, Any] = {"host": "127.0.0.1"}
    settings = Settings(trunks=(trunk(**(values | more)),), third_parties=())
    return await findings(settings)


async def findings(settings: Settings) -> list[Finding]:
    """What is found of these settings."""
    return [finding async for finding in check_trunks(settings)]


async def test_good_trunk_says_what_it_is_for() -> None:
    (finding,) = await found(register=False)
    assert finding.verdict is Verdict.GOOD
    assert finding.what == "trunk telecom"
    assert finding.words == "calls at 127.0.0.1 port 5060 (udp), 30 lines"


async def test_password_file_that_others_may_read_is_a_fault(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("s3cret")
    file.chmod(0o644)
    (finding,) = await found(username="u", password_file=file)
    assert finding.verdict is Verdict.FAULT
    assert f"chmod 600 {file}" in finding.words
    assert "s3cret" not in finding.words


async def test_missing_password_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    (finding,) = await found(username="u", register=True)
    assert finding.verdict is Verdict.WARNING
    assert "HOTLINE_TRUNK_TELECOM_PASSWORD" in finding.words
    monkeypatch.setenv("HOTLINE_TRUNK_TELECOM_PASSWORD", "s3cret")
    (finding,) = await found(username="u", register=True)
    assert finding.words.startswith("registers at 127.0.0.1")


async def test_prefix_in_national_form_is_a_warning() -> None:
    city, abroad = await found(prefixes=("0531", "110", "00852"))
    assert city.words == "'0531' begins no number; write '+86531'"
    assert abroad.words == "'00852' begins no number; write '+852'"


async def test_host_that_is_not_found_is_a_warning() -> None:
    (finding,) = await found(host="no-such-host.invalid")
    assert finding.words == (
        "the host no-such-host.invalid cannot be found from here now"
    )


async def test_supervisor_whose_number_no_trunk_serves_is_a_warning() -> None:
    boss = SupervisorSection(id="boss", contact="01088888888")
    near = SupervisorSection(id="near", contact="sip:near@192.0.2.1")
    (warning,) = await findings(Settings(supervisors=(boss, near)))
    assert warning.words == "no trunk serves the number of boss"
    assert warning.verdict is Verdict.WARNING
