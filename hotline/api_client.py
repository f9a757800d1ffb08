"""The command line's way to a running service: its API, with its token."""

import json
import ssl
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import httpx

from config.console_settings import ConsoleSection
from config.settings import Settings
from console.auth import load_token
from console.server import url_of

ANSWER_SECONDS = 10.0


class ServiceUnreachable(Exception):
    """There is no hotline that answers; the message says what to do."""


class RequestRefused(Exception):
    """The service did not do it; `error_id` is stable, the message is for people."""

    def __init__(self, error_id: str, message: str) -> None:
        super().__init__(message)
        self.error_id = error_id


class ApiClient:
    """Asks the service that these settings describe; a context manager.

    `TokenError` when the token file cannot be used.
    """

    def __init__(self, settings: Settings) -> None:
        console = settings.console
        self.url = url_of(console.address, console.port, tls=console.tls)
        self._token_file = settings.token_file
        self._client = httpx.Client(
            base_url=f"{self.url}/api/v1",
            headers={"Authorization": f"Bearer {load_token(settings.token_file)}"},
            timeout=ANSWER_SECONDS,
            verify=own_certificate(console),
            # A proxy of the environment would get the token.
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def get(self, path: str, seconds: float = ANSWER_SECONDS) -> Any:
        """The JSON at a path below `/api/v1`; it may take so many seconds."""
        return self._ask("GET", path, seconds=seconds)[1]

    def read(self, path: str) -> bytes:
        """The bytes at a path below `/api/v1`: sound, or a page."""
        response = self._sent("GET", path)
        if response.is_success:
            return response.content
        raise self._refused(response)

    def post(
        self, path: str, body: Mapping[str, Any], seconds: float = ANSWER_SECONDS
    ) -> tuple[int, Any]:
        """Send JSON; returns the status (200, 202) and the JSON that came back.

        It may take so many seconds.
        """
        return self._ask("POST", path, body, seconds)

    def patch(self, path: str, body: Mapping[str, Any]) -> Any:
        """Send the JSON of a change; returns the JSON that came back."""
        return self._ask("PATCH", path, body)[1]

    def delete(self, path: str) -> tuple[int, Any]:
        """Remove; returns the status and the JSON that came back."""
        return self._ask("DELETE", path)

    def _ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        seconds: float = ANSWER_SECONDS,
    ) -> tuple[int, Any]:
        response = self._sent(method, path, body, seconds)
        if response.is_success:
            return response.status_code, self._json(response)
        raise self._refused(response)

    def _json(self, response: httpx.Response) -> Any:
        try:
            return response.json()
        except ValueError as error:
            raise self._not_hotline() from error

    def _sent(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        seconds: float = ANSWER_SECONDS,
    ) -> httpx.Response:
        request = self._client.build_request(
            method, path, json=_sendable(body), timeout=seconds
        )
        try:
            return self._client.send(request)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise ServiceUnreachable(
                f"hotline is not running at {self.url}; start it with: hotline run"
            ) from error
        except httpx.HTTPError as error:
            raise ServiceUnreachable(
                f"hotline at {self.url} does not answer ({type(error).__name__}); "
                "look into its log"
            ) from error

    def _refused(self, response: httpx.Response) -> Exception:
        answer = self._json(response)
        if not isinstance(answer, dict) or "error_id" not in answer:
            return self._not_hotline()
        if response.status_code == 401:
            return RequestRefused(
                answer["error_id"],
                f"The token in {self._token_file} is not the one of the hotline at "
                f"{self.url}; is --config the file that it was started with?",
            )
        return RequestRefused(answer["error_id"], str(answer["message"]))

    def _not_hotline(self) -> ServiceUnreachable:
        return ServiceUnreachable(
            f"What answers at {self.url} is not hotline; check address and port under "
            "[console] in hotline.toml"
        )


def own_certificate(console: ConsoleSection) -> ssl.SSLContext | bool:
    """Trust for the service's own certificate and no other, whatever name is in it."""
    if console.tls_certificate is None:
        return True
    try:
        context = ssl.create_default_context(cafile=console.tls_certificate)
    except (OSError, ValueError) as error:
        raise ServiceUnreachable(
            f"The certificate {console.tls_certificate} cannot be read ({error}); set "
            "tls_certificate under [console]."
        ) from error
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.check_hostname = False
    return context


def _sendable(body: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The body, if JSON knows all of its values; else `RequestRefused`."""
    try:
        json.dumps(body, allow_nan=False)
    except (TypeError, ValueError):
        raise RequestRefused(
            "invalid_request",
            "numbers must be finite (not nan or inf), and times stand in quotes",
        ) from None
    return body
