"""Where the broker is, and the connection to it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import unquote, urlsplit

import aiomqtt
from paho.mqtt.client import MQTT_CLEAN_START_FIRST_ONLY

from config.setting_errors import SettingsError
from console.mqtt_topics import Message

PORTS = {"mqtt": 1883, "mqtts": 8883}
CONNECT_SECONDS = 10.0
KEEPALIVE_SECONDS = 15
IN_FLIGHT = 16
"""Messages sent ahead of their PUBACK; a broker takes 20 at least by default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerUrl:
    """The parts of `mqtt://user:password@host:port`, `mqtts` for TLS."""

    host: str
    port: int
    tls: bool
    username: str | None
    password: str | None = field(repr=False)

    def __str__(self) -> str:
        return f"{self.host}, port {self.port}"


def parse_url(url: str) -> BrokerUrl:
    """Take the broker's URL apart; `SettingsError` when it is not one."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
        (host or "").encode("idna")
    except ValueError as error:
        raise _wrong(str(error)) from None
    if parts.scheme not in PORTS or not host:
        raise _wrong("it names no host" if parts.scheme in PORTS else "no mqtt://")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise _wrong("nothing may follow the port; topics go to topic_prefix")
    return BrokerUrl(
        host=host,
        port=port or PORTS[parts.scheme],
        tls=parts.scheme == "mqtts",
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )


def _wrong(reason: str) -> SettingsError:
    return SettingsError(
        f"url under [mqtt] cannot be used: {reason}. Write it like mqtt://127.0.0.1:1883 "
        "or mqtts://user:password@broker.example:8883"
    )


class Connection(aiomqtt.Client):
    """One connection to the broker: MQTT 5, the will set, refusals told."""

    def __init__(
        self,
        url: BrokerUrl,
        *,
        identifier: str,
        will: Message,
        on_refused: Callable[[str], None],
    ) -> None:
        super().__init__(
            url.host,
            url.port,
            username=url.username,
            password=url.password,
            identifier=identifier,
            protocol=aiomqtt.ProtocolVersion.V5,
            clean_start=MQTT_CLEAN_START_FIRST_ONLY,
            timeout=CONNECT_SECONDS,
            keepalive=KEEPALIVE_SECONDS,
            will=aiomqtt.Will(will.topic, will.payload, qos=1, retain=will.retain),
            max_inflight_messages=IN_FLIGHT,
            # The system's authorities; they are read in the thread that connects.
            tls_params=aiomqtt.TLSParameters() if url.tls else None,
        )
        self.pending_calls_threshold = IN_FLIGHT
        self._on_refused = on_refused

    async def __aenter__(self) -> Self:
        try:
            return await super().__aenter__()
        except BaseException:
            # aiomqtt would leave the socket of a broker that never answered open,
            # and its handler of disconnects fails after a cancelled start.
            self._client.on_disconnect = None
            self._client.disconnect()
            raise

    async def send(self, message: Message) -> None:
        """Return when the broker has it (PUBACK)."""
        await self.publish(message.topic, message.payload, 1, message.retain)

    async def until_lost(self) -> None:
        """Raise `MqttError` when the connection is gone; messages to us are dropped."""
        async for _ in self.messages:
            pass

    def _on_publish(
        self, client: Any, userdata: Any, mid: int, reason_code: Any, properties: Any
    ) -> None:
        # aiomqtt takes a refusal for a success; repeating it would block the others.
        if reason_code.is_failure:
            self._on_refused(str(reason_code))
        super()._on_publish(client, userdata, mid, reason_code, properties)
