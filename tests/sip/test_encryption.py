"""TLS and SRTP, with a second endpoint in a process of its own as the peer."""

import asyncio
import json
import shutil
import ssl
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.ports import free_port
from tests.sip.conftest import Desk, build_is_tuned, open_desk, rtp_ports
from tests.sip.tones import read_wav, steady_level, tone, write_wav

pytestmark = pytest.mark.sip

ROOT = Path(__file__).parents[2]
PEER_HZ, OUR_HZ = 1300, 350


@pytest.fixture
def own_certificate(tmp_path: Path) -> dict[str, object]:
    """Settings with a fresh self-signed certificate."""
    if not shutil.which("openssl"):
        pytest.skip("needs openssl to make a certificate")
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=127.0.0.1", "-keyout", key, "-out", certificate],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return {"tls_certificate": str(certificate), "tls_private_key": str(key)}


@pytest.fixture
async def certificate(own_certificate: dict[str, object]) -> dict[str, object]:
    """The certificate, where the build may use one."""
    if not await build_is_tuned():
        pytest.skip("the wheel's TLS library is out of support: no TLS with it")
    return own_certificate


async def _call_from_afar(
    desk: Desk, target: str, folder: Path, **sip: object
) -> tuple[dict[str, Any], Path]:
    heard, (first, last) = folder / "peer_heard.wav", rtp_ports()
    order = {
        "sip": {
            "port": free_port(),
            "address": "127.0.0.1",
            "rtp_ports": (first + 2000, last),
            "codecs": ("PCMA",),
        }
        | sip,
        "target": target,
        "voice": str(write_wav(folder / "peer.wav", tone(PEER_HZ, 2))),
        "heard": str(heard),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.sip.remote_endpoint",
        json.dumps(order),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(60):
            output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    return json.loads(output), heard


async def _answer_with_music(desk: Desk, music: Path, file: Path) -> None:
    leg = await desk.call()
    await leg.answer()
    await leg.start_recording(file)
    await leg.start_music(music)
    await leg.ended
    await leg.stop_recording()


async def _both_hear_each_other(
    desk: Desk, target: str, folder: Path, music: Path, **sip: object
) -> None:
    ours = folder / "we_heard.wav"
    answering = asyncio.create_task(_answer_with_music(desk, music, ours))
    result, heard = await _call_from_afar(desk, target, folder, **sip)
    assert result == {"ended": "we_hung_up"}
    await answering
    assert steady_level(read_wav(heard)[2000:], OUR_HZ) > 0.1
    assert steady_level(read_wav(ours)[2000:6000], PEER_HZ) > 0.1


@pytest.mark.parametrize("srtp", ["off", "required"])
async def test_call_over_tls(
    certificate: dict[str, object], tmp_path: Path, sounds: dict[str, Path], srtp: str
) -> None:
    tls: dict[str, object] = {"transports": ("tls",), "srtp": srtp} | certificate
    async with open_desk(**tls, tls_port=free_port()) as desk:
        target = f"sip:12345@127.0.0.1:{desk.sip.tls_port};transport=tls"
        await _both_hear_each_other(
            desk, target, tmp_path, sounds["music"], **tls, tls_port=free_port()
        )


async def test_old_tls_is_refused(certificate: dict[str, object]) -> None:
    tls: dict[str, object] = {"transports": ("tls",)} | certificate
    async with open_desk(**tls, tls_port=free_port()) as desk:
        for version, accepted in (
            (ssl.TLSVersion.TLSv1_1, False),
            (ssl.TLSVersion.TLSv1_2, True),
            (ssl.TLSVersion.TLSv1_3, True),
        ):
            assert await _handshake(desk.sip.tls_port, version) is accepted


async def _handshake(port: int, version: ssl.TLSVersion) -> bool:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # of TLS 1.1: it is the point
        context.minimum_version = context.maximum_version = version
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    except (ssl.SSLError, ConnectionError):
        return False
    writer.close()
    return True


@pytest.mark.parametrize("srtp", ["optional", "required"])
async def test_encrypted_audio_over_udp(
    tmp_path: Path, sounds: dict[str, Path], srtp: str
) -> None:
    async with open_desk(srtp=srtp) as desk:
        target = f"sip:12345@127.0.0.1:{desk.sip.port}"
        await _both_hear_each_other(
            desk, target, tmp_path, sounds["music"], srtp="required"
        )


async def test_peer_without_encryption_is_refused_where_it_is_required() -> None:
    async with open_desk(srtp="required") as desk:
        call = await (await desk.phone()).dial()
        assert (await call.got_response("INVITE")).code >= 400
        assert desk.calls.empty()
