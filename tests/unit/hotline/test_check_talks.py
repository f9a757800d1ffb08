"""What `hotline check` says of third parties."""

from config.settings import Settings
from config.talk_settings import ThirdPartySection
from config.trunk_settings import TrunkSection
from hotline.check_talks import check_talks
from hotline.finding import Verdict

TRUNK = TrunkSection(name="telecom", host="192.0.2.5", caller_numbers=("053112345",))
DUTY = ThirdPartySection(id="water", target="sip:duty@192.0.2.20")


def test_numbers_without_a_trunk_are_named() -> None:
    (found,) = check_talks(Settings())
    assert found.verdict is Verdict.WARNING
    assert found.words.startswith("110, 119, 120, 122 cannot be called")


def test_departments_and_numbers_with_a_trunk_are_good() -> None:
    for settings in (Settings(third_parties=(DUTY,)), Settings(trunks=(TRUNK,))):
        (found,) = check_talks(settings)
        assert found.verdict is Verdict.GOOD


def test_no_third_party_is_nothing_to_tell() -> None:
    assert list(check_talks(Settings(third_parties=()))) == []


def test_numbers_that_no_trunk_serves_are_named_once() -> None:
    police = TRUNK.model_copy(update={"prefixes": ("110",)})
    (found,) = check_talks(Settings(trunks=(police,)))
    assert found.verdict is Verdict.WARNING
    assert found.words == "no trunk serves the number of 119, 120, 122"
