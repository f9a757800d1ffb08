"""What is wrong with a campaign is said in words, and nobody is lost by it."""

import pytest

from tests.sip.service.conftest import StartHotline
from tests.sip.service.hotline_process import HotlineProcess

pytestmark = pytest.mark.sip

HEAD = "order_id,number,closed_at\n"
GOOD = "A-1,13800000001,2026-01-01T09:00\nA-2,13800000002,2026-01-01T09:00\n"
TRUNK = (
    '[[trunks]]\nname = "telecom"\nhost = "127.0.0.9"\n'
    'caller_numbers = ["053112345"]\noptions_seconds = 0\n'
)


async def imported(hotline: HotlineProcess, text: bytes) -> tuple[int, str]:
    """What `hotline campaigns import` says of a file with this content."""
    file = hotline.folder / "orders.csv"
    file.write_bytes(text)
    status, said = await hotline.command("campaigns", "import", "november", str(file))
    assert "Traceback" not in said
    return status, said


def entered(hotline: HotlineProcess) -> list[tuple[str, str]]:
    """Who is in a campaign, and how he stands."""
    rows = hotline.rows("SELECT order_id, state FROM contacts ORDER BY order_id")
    return [(row["order_id"], row["state"]) for row in rows]


async def test_broken_files_enter_nobody_and_mended_ones_everybody(
    start_hotline: StartHotline,
) -> None:
    hotline = await start_hotline(extra=TRUNK)
    broken = {
        f'{HEAD}A-1,"138000'.encode(): "unexpected end of data",
        b"order_id,number\nA-1,13800000001\n": "closed_at is missing",
        (HEAD + "A-1,13800000001,2026-01-01T09:00,供水").encode("gbk"): "CSV UTF-8",
    }
    for text, words in broken.items():
        status, said = await imported(hotline, text)
        assert (status, words in said) == (1, True), said
        assert entered(hotline) == []
    wrong = "A-3,110,2026-01-01T09:00\nA-4,+14155552671,2026-01-01T09:00\nA-5,138\n"
    status, said = await imported(hotline, (HEAD + GOOD + wrong).encode())
    assert (status, "2 new, 0 known before, 3 refused" in said) == (1, True), said
    for words in (
        "line 4: number: this is no citizen's",
        "line 5: number: no trunk may call it; look at [[trunks]]",
        "line 6: ",
    ):
        assert words in said
    assert not {number for number in ("13800000001", "4155552671") if number in said}
    assert entered(hotline) == [("A-1", "waiting"), ("A-2", "waiting")]
    mended = GOOD + GOOD.replace("A-", "B-")
    status, said = await imported(hotline, (HEAD + mended).encode())
    assert (status, "2 new, 2 known before, 0 refused" in said) == (0, True), said


async def test_model_that_is_missing_leaves_the_questions_to_the_keys(
    start_hotline: StartHotline,
) -> None:
    models = '[speech]\nrecognition_models = {ko = "/nowhere/ko", en = "/usr"}\n'
    hotline = await start_hotline(extra=models + TRUNK)
    told = await hotline.logged("answers in ko are given by keys alone")
    assert "there is no speech model in /nowhere/ko" in told
    told = await hotline.logged("answers in en are given by keys alone")
    assert "/usr is no model for recognition with a grammar" in told
    status, said = await imported(hotline, (HEAD + GOOD).encode())
    assert status == 0, said
    assert len(entered(hotline)) == 2
    status, said = await hotline.command("speech", "check")
    assert status == 1
    assert "speech recognition (ko): there is no speech model in /nowhere/ko" in said
