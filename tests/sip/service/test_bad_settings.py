"""Nothing starts with bad settings, and one sentence says what to do."""

import socket
from contextlib import closing
from pathlib import Path

import pytest

from tests.fakes.ports import free_port
from tests.sip.service.conftest import StartHotline
from tests.sip.service.hotline_process import HotlineProcess
from tests.sip.service.program import WarmStarter

pytestmark = pytest.mark.sip

TRUNK = '[[trunks]]\nname = "t"\nhost = "127.0.0.9"\ncaller_numbers = ["053112345"]\n'
NO_STEP = "steps:\n  greeting:\n    do: mneu\n    keys: {1: person}\n"


async def refused(hotline: HotlineProcess, *words: str) -> str:
    """What the program says when it ends with status 1."""
    hotline.write_config()
    status, said = await hotline.command(*(words or ("run",)))
    assert status == 1, said
    assert "Traceback" not in said
    return said


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"sip": "prot = 5"}, "sip.prot is not a setting; did you mean 'port'?"),
        ({"sip": "max_calls = -1"}, "sip.max_calls: Input should be greater than"),
        ({"hotline": 'timezone = "Asia/Jinan"'}, "write one like 'Asia/Shanghai'"),
        ({"extra": '[ivr]\nflow = "citzen"'}, "did you mean 'citizen'?"),
        ({"extra": '[ivr]\nflows_dir = "/nowhere"'}, "there is no directory /nowhere"),
        ({"extra": '[database]\nurl = "nonsense"'}, "database.url"),
        (
            {"extra": '[numbers]\ncalled = "1"'},
            "numbers",
        ),
        (
            {
                "sip": 'transports = ["tls"]\n'
                'tls_certificate = "/no.pem"\ntls_private_key = "/no.key"'
            },
            "the TLS file /no.pem does not exist; set sip.tls_certificate",
        ),
        (
            {"extra": '[speech]\nsynthesis_voice = "xx/none"'},
            "Set speech.synthesis_voice to one of 'espeak-ng --voices'",
        ),
        ({"extra": "[outbound]\nwindows = []"}, "nobody could ever be called"),
        (
            {"extra": f'{TRUNK}[outbound]\ncaller_number = "053199999"'},
            "is on no trunk's list of caller_numbers",
        ),
    ],
)
async def test_wrong_setting_is_named_with_its_mend(
    tmp_path: Path, starter: WarmStarter, settings: dict[str, str], words: str
) -> None:
    hotline = HotlineProcess(tmp_path, starter, [], **settings)  # type: ignore[arg-type]
    assert words in await refused(hotline)


@pytest.mark.parametrize("kind", [socket.SOCK_DGRAM, socket.SOCK_STREAM])
async def test_sip_port_in_use_is_told(
    tmp_path: Path, starter: WarmStarter, kind: socket.SocketKind
) -> None:
    hotline = HotlineProcess(tmp_path, starter, [])
    with closing(socket.socket(socket.AF_INET, kind)) as other:
        other.bind(("127.0.0.1", hotline.sip_port))
        said = await refused(hotline)
    assert f"cannot listen for SIP on 127.0.0.1 port {hotline.sip_port}" in said
    assert "stop it or set another sip.port" in said


async def test_console_port_in_use_is_told(
    tmp_path: Path, starter: WarmStarter
) -> None:
    hotline = HotlineProcess(tmp_path, starter, [])
    with closing(socket.create_server(("127.0.0.1", hotline.console_port))):
        said = await refused(hotline)
    assert f"cannot listen on 127.0.0.1, port {hotline.console_port}" in said
    assert "under [console]" in said


@pytest.mark.parametrize("command", ["run", "check"])
async def test_broken_flow_is_told_with_file_line_and_nearest_word(
    tmp_path: Path, starter: WarmStarter, command: str
) -> None:
    (tmp_path / "citizen.yaml").write_text(NO_STEP, encoding="utf-8")
    own_flows = f'[ivr]\nflows_dir = "{tmp_path}"\n'
    hotline = HotlineProcess(tmp_path, starter, [], extra=own_flows)
    said = await refused(hotline, command)
    assert "citizen.yaml:2: 'mneu' is no kind of step; did you mean 'menu'?" in said


@pytest.mark.parametrize("command", ["run", "check"])
async def test_data_directory_that_cannot_be_made_is_told(
    tmp_path: Path, starter: WarmStarter, command: str
) -> None:
    hotline = HotlineProcess(tmp_path, starter, [], place=tmp_path / "data")
    hotline.write_config()
    settings = hotline.config.read_text(encoding="utf-8")
    (tmp_path / "file").touch()
    bad = settings.replace(f'"{tmp_path}/data"', f'"{tmp_path}/file/data"')
    hotline.config.write_text(bad, encoding="utf-8")
    status, said = await hotline.command(command)
    assert status == 1
    assert "Not a directory" in said
    assert "folder" in said


async def test_file_that_is_no_database_is_told(
    tmp_path: Path, starter: WarmStarter
) -> None:
    hotline = HotlineProcess(tmp_path, starter, [])
    hotline.data.mkdir()
    (hotline.data / "hotline.sqlite").write_bytes(b"no database" * 100)
    assert "file is not a database" in await refused(hotline)


async def test_unreadable_prompt_is_told_and_spoken_instead(
    tmp_path: Path, start_hotline: StartHotline
) -> None:
    spoiled = tmp_path / "prompts" / "zh" / "greeting.wav"
    spoiled.parent.mkdir(parents=True)
    spoiled.write_bytes(b"RIFF, and nothing more")
    hotline = await start_hotline(
        extra=f'[ivr]\nprompts_dir = "{tmp_path}/prompts"\n',
        expected_errors=("a recording is not used",),
    )
    line = await hotline.logged("a recording is not used")
    assert f"{spoiled}: is no PCM WAV file" in line
    assert "Convert: ffmpeg" in line
    said = await refused(hotline, "check")
    assert "Convert: ffmpeg" in said


async def test_port_that_is_free_again_can_be_used_at_once(
    start_hotline: StartHotline,
) -> None:
    port = free_port()
    hotline = await start_hotline(sip_port=port)
    await hotline.stop()
    await hotline.start()
