"""The console over TLS: served, trusted by the command line, refused without."""

import asyncio
import shutil
import subprocess
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest

from config.setting_errors import SettingsError
from config.settings import load_settings
from console.server import HttpServer, ServerError, TlsFiles
from hotline.api_client import ApiClient, ServiceUnreachable, own_certificate
from tests.fakes.console import TOKEN, SmallService
from tests.fakes.programs import program

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(shutil.which("openssl") is None, reason="makes a certificate"),
]
LOOPBACK = ip_address("127.0.0.1")
NEW = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"


@pytest.fixture(scope="module")
def pems(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two certificates for another host's name, with their keys."""
    folder = tmp_path_factory.mktemp("pems")
    for name in ("one", "two"):
        words = f"{NEW} -subj /CN=hotline.example -keyout {name}.key -out {name}.pem"
        command = ("openssl", *words.split())
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder


def files(pems: Path, certificate: str = "one.pem", key: str = "one.key") -> TlsFiles:
    """A certificate and a key."""
    return TlsFiles(certificate=pems / certificate, private_key=pems / key)


def settings_file(folder: Path, text: str) -> Path:
    """A settings' file with the token where it belongs."""
    (folder / "api-token").write_text(TOKEN)
    (folder / "api-token").chmod(0o600)
    file = folder / "hotline.toml"
    file.write_text(f'[hotline]\ndata_dir = "{folder}"\n[console]\n{text}')
    return file


def tls_settings(pems: Path, name: str, port: int) -> str:
    """`[console]` with a certificate."""
    return (
        f'port = {port}\ntls_certificate = "{pems}/{name}.pem"\n'
        f'tls_private_key = "{pems}/{name}.key"\n'
    )


async def test_command_line_trusts_the_services_own_certificate_and_no_other(
    service: SmallService, pems: Path, tmp_path: Path
) -> None:
    def asked(name: str, port: int) -> object:
        settings = load_settings(
            settings_file(tmp_path, tls_settings(pems, name, port))
        )
        with ApiClient(settings) as client:
            return client.get("/queues")

    async with HttpServer(service.app, LOOPBACK, 0, files(pems)) as server:
        assert server.url.startswith("https://")
        assert await asyncio.to_thread(asked, "one", server.port)
        with pytest.raises(ServiceUnreachable):
            await asyncio.to_thread(asked, "two", server.port)


async def test_port_with_tls_answers_nobody_without(
    service: SmallService, pems: Path, tmp_path: Path
) -> None:
    settings = load_settings(settings_file(tmp_path, tls_settings(pems, "one", 8443)))
    trust = own_certificate(settings.console)
    async with (
        HttpServer(service.app, LOOPBACK, 0, files(pems)) as server,
        program(verify=trust) as client,
    ):
        plain = server.url.replace("https", "http")
        with pytest.raises(httpx.HTTPError):
            await client.get(f"{plain}/health/live")
        assert (await client.get(f"{server.url}/health/live")).status_code == 200


@pytest.mark.parametrize(
    ("certificate", "key"),
    [("one.pem", "two.key"), ("none.pem", "one.key"), ("one.key", "one.key")],
)
async def test_files_that_do_not_fit_are_said_before_anything_listens(
    service: SmallService, pems: Path, certificate: str, key: str
) -> None:
    with pytest.raises(ServerError, match=r"tls_certificate and tls_private_key"):
        async with HttpServer(service.app, LOOPBACK, 0, files(pems, certificate, key)):
            pass


@pytest.mark.parametrize("address", ["0.0.0.0", "192.168.1.5", "::", "10.0.0.1"])
def test_other_than_loopback_is_refused_without_tls(
    tmp_path: Path, address: str
) -> None:
    file = settings_file(tmp_path, f'address = "{address}"\n')
    with pytest.raises(SettingsError, match=r"passwords would travel in clear"):
        load_settings(file)


def test_other_than_loopback_is_served_over_tls(tmp_path: Path, pems: Path) -> None:
    text = f'address = "0.0.0.0"\n{tls_settings(pems, "one", 8443)}'
    assert load_settings(settings_file(tmp_path, text)).console.tls


def test_certificate_without_its_key_is_refused(tmp_path: Path) -> None:
    file = settings_file(tmp_path, 'tls_certificate = "one.pem"\n')
    with pytest.raises(
        SettingsError, match="needs tls_certificate and tls_private_key"
    ):
        load_settings(file)
