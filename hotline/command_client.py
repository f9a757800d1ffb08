"""What commands that ask the running service have in common: the client, and plain ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from getpass import getuser
from pathlib import Path
from typing import Annotated, Any, NoReturn
from urllib.parse import quote, urlencode

import typer

from config.setting_errors import SettingsError
from config.settings import Settings, load_settings
from console.auth import TokenError
from hotline.api_client import ApiClient, RequestRefused, ServiceUnreachable

REFUSED, NOT_ASKED = 1, 2
DEFAULT_CONFIG = Path("hotline.toml")

ConfigFile = Annotated[Path, typer.Option("--config", help="The settings file.")]


@contextmanager
def service_client(config: Path) -> Iterator[tuple[ApiClient, Settings]]:
    """Ask the service; what goes wrong becomes one clear line and an exit status."""
    try:
        settings = load_settings(config)
        with ApiClient(settings) as client:
            yield client, settings
    except (SettingsError, TokenError, ServiceUnreachable) as error:
        leave(str(error), NOT_ASKED)
    except RequestRefused as error:
        leave(str(error), REFUSED)
    except KeyboardInterrupt:
        raise typer.Exit from None


def leave(words: str, status: int = REFUSED) -> NoReturn:
    """End the command with one line."""
    typer.echo(words, err=True)
    raise typer.Exit(status)


def path_of(*parts: str, **query: str) -> str:
    """A path of the API; what people typed is quoted."""
    path = "".join(f"/{quote(part, safe='')}" for part in parts)
    given = urlencode({name: value for name, value in query.items() if value})
    return f"{path}?{given}" if given else path


def change(client: ApiClient, *parts: str, given: dict[str, Any]) -> dict[str, Any]:
    """Change a part of rules or a profile in the name of who is logged in here."""
    answer: dict[str, Any] = client.patch(path_of(*parts, by=account()), given)
    return answer


def remove_in(client: ApiClient, *parts: str) -> int:
    """Remove something in the name of who is logged in here; returns the status."""
    status, _ = client.delete(path_of(*parts, by=account()))
    return status


def account() -> str:
    """Who is logged in on this machine; "" when nobody knows."""
    try:
        return getuser()
    except (KeyError, OSError):
        return ""
