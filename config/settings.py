"""The settings: one frozen tree, read and checked once, at start.

Environment (`HOTLINE_SECTION__KEY`) wins over the file, the file over the defaults.
An unknown or wrong setting is an error that names the place and the nearest word.
"""

import re
import tomllib
from collections.abc import Mapping
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    Field,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from config.agent_settings import (
    MOST_PAUSE_REASONS,
    PAUSE_REASONS,
    AgentSection,
    PauseReasonSection,
)
from config.call_back_settings import CallBacksSection
from config.console_settings import ConsoleSection
from config.outbound_settings import OutboundSection
from config.people_settings import PeopleSection
from config.plan_settings import PlanSection, RecallSection, checked_plans
from config.queue_settings import QueueSection
from config.roster_settings import RosterSection
from config.section import Section
from config.setting_errors import SettingsError, explain
from config.sip_place import leads_to
from config.staffing_settings import StaffingSection
from config.talk_settings import (
    DISPOSITIONS,
    MOST_DISPOSITIONS,
    THIRD_PARTIES,
    DispositionSection,
    SupervisorSection,
    TalkSection,
    ThirdPartySection,
    check_keys,
)
from config.test_call_settings import CallTestSection
from config.trunk_settings import TrunkSection, checked_trunks
from config.webhook_settings import WebhookSection

IpAddress = IPv4Address | IPv6Address
IpNetwork = IPv4Network | IPv6Network


class HotlineSection(Section):
    """Where the data lie, and where the city is.

    `holidays_file` names days off and workdays that the calendar does not know (TOML).
    """

    data_dir: Path = Path("data")
    timezone: str = "Asia/Shanghai"
    holidays_file: Path | None = None
    country_code: str = Field("86", pattern=r"^[1-9]\d{0,2}$")
    area_code: str = Field("0531", pattern=r"^0\d{2,3}$")
    drain_seconds: float = Field(120, ge=0)

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(
                f"{name!r} is no time zone; write one like 'Asia/Shanghai'"
            ) from error
        return name


class SipSection(Section):
    """The SIP endpoint. `max_calls` counts citizens' calls; 0 takes half the legs."""

    address: IpAddress = ip_address("127.0.0.1")
    port: int = Field(5060, ge=1, le=65535)
    rtp_ports: tuple[int, int] = (28000, 31999)
    max_calls: int = Field(0, ge=0)
    trusted_peers: tuple[IpNetwork, ...] = (
        ip_network("127.0.0.0/8"),
        ip_network("::1/128"),
    )
    transports: tuple[Literal["udp", "tcp", "tls"], ...] = ("udp", "tcp")
    tls_port: int = Field(5061, ge=1, le=65535)
    tls_certificate: Path | None = None
    tls_private_key: Path | None = None
    srtp: Literal["off", "optional", "required"] = "off"
    codecs: tuple[str, ...] = ("PCMA", "PCMU", "G722", "opus")
    dead_peer_seconds: float = Field(30, gt=0)
    retry_after_seconds: int = Field(30, ge=1)

    @field_validator("rtp_ports", mode="before")
    @classmethod
    def _range_from_text(cls, value: object) -> object:
        if isinstance(value, str):
            found = re.fullmatch(r"(\d+)-(\d+)", value)
            return found.groups() if found else (0, 0)
        return value

    @model_validator(mode="after")
    def _consistent(self) -> "SipSection":
        first, last = self.rtp_ports
        if not 1024 <= first < last <= 65535:
            raise ValueError("rtp_ports must be a range like '28000-31999'")
        if "tls" in self.transports and not (
            self.tls_certificate and self.tls_private_key
        ):
            raise ValueError("tls needs tls_certificate and tls_private_key")
        return self

    def rings_itself(self, uri: str) -> bool:
        """Whether a call to the URI would come back to this endpoint."""
        ports = {self.port} | ({self.tls_port} if "tls" in self.transports else set())
        return leads_to(uri, self.address, ports)


class DatabaseSection(Section):
    """Where the records are; empty means `hotline.sqlite` in the data directory."""

    url: str = Field("", pattern=r"^(|sqlite\+aiosqlite:///.+)$")


class ApiSection(Section):
    """The API's access token (empty: `api-token` in the data directory), and its limits.

    Each caller may send `request_burst` at once and `requests_per_second` in the long run.
    """

    token_file: Path | None = None
    requests_per_second: float = Field(100, gt=0)
    request_burst: int = Field(200, ge=1)


class RecordingsSection(Section):
    """How recordings are kept."""

    retention_days: int = Field(730, ge=30)
    format: Literal["flac", "wav"] = "flac"
    min_free_megabytes: int = Field(500, ge=0)


class MqttSection(Section):
    """The broker that hears our events; no url, no MQTT."""

    url: str = Field("", pattern=r"^(|mqtts?://.+)$")
    topic_prefix: str = Field("hotline/v1", pattern=r"^[^+#\s]+$")


SpokenLanguage = Literal["zh", "en", "ko"]


class SpeechSection(Section):
    """Speech out and in. The voice is espeak-ng's name for it.

    `recognition_model` is a Vosk model's folder; without it the model of the language is
    looked for in `data_dir`/models; `recognition_models` names those of other languages.
    Speech has ended after `closing_silence_seconds`.
    """

    synthesis_voice: str = "sit/cmn-latn-pinyin"
    language: SpokenLanguage = "zh"
    recognition_model: Path | None = None
    recognition_models: Mapping[SpokenLanguage, Path] = Field({})
    recognition_workers: int = Field(0, ge=0)
    closing_silence_seconds: float = Field(0.6, ge=0.2, le=3)


class IvrSection(Section):
    """The flow that a citizen meets, and the prompts that a city recorded itself.

    `flows_dir` and `prompts_dir` win over the ones that come with the software.
    """

    flow: str = "citizen"
    flows_dir: Path | None = None
    prompts_dir: Path | None = None


class NumberSection(Section):
    """A called number with a flow of its own (merged hotlines)."""

    called: str = Field(pattern=r"^[0-9*#+]+$")
    flow: str


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(
        env_prefix="HOTLINE_",
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
    )

    hotline: HotlineSection = HotlineSection()
    sip: SipSection = SipSection()
    console: ConsoleSection = ConsoleSection()
    database: DatabaseSection = DatabaseSection()
    api: ApiSection = ApiSection()
    recordings: RecordingsSection = RecordingsSection()
    mqtt: MqttSection = MqttSection()
    speech: SpeechSection = SpeechSection()
    ivr: IvrSection = IvrSection()
    call_backs: CallBacksSection = CallBacksSection()
    outbound: OutboundSection = OutboundSection()
    people: PeopleSection = PeopleSection()
    roster: RosterSection = RosterSection()
    staffing: StaffingSection = StaffingSection()
    test_call: CallTestSection = CallTestSection()
    webhook: WebhookSection = WebhookSection()
    plans: tuple[PlanSection, ...] = ()
    recall: RecallSection = RecallSection()
    numbers: tuple[NumberSection, ...] = ()
    queues: tuple[QueueSection, ...] = Field(
        (QueueSection(name="general"),), min_length=1
    )
    agents: tuple[AgentSection, ...] = ()
    pause_reasons: tuple[PauseReasonSection, ...] = Field(
        PAUSE_REASONS, max_length=MOST_PAUSE_REASONS
    )
    trunks: tuple[TrunkSection, ...] = ()
    talk: TalkSection = TalkSection()
    third_parties: tuple[ThirdPartySection, ...] = THIRD_PARTIES
    supervisors: tuple[SupervisorSection, ...] = ()
    dispositions: tuple[DispositionSection, ...] = Field(
        DISPOSITIONS, min_length=1, max_length=MOST_DISPOSITIONS
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over the file, which comes as keyword arguments."""
        return env_settings, init_settings

    _plans_are_whole = field_validator("plans")(checked_plans)

    @field_validator("agents")
    @classmethod
    def _in_order(cls, agents: tuple[AgentSection, ...]) -> tuple[AgentSection, ...]:
        """Who has no order of his own has that of his place."""
        return tuple(
            agent if agent.order else agent.model_copy(update={"order": place})
            for place, agent in enumerate(agents, 1)
        )

    @model_validator(mode="after")
    def _names_fit(self) -> "Settings":
        queues = _unique([queue.name for queue in self.queues], "queue")
        for queue in self.call_backs.modes:
            if queue not in queues:
                raise ValueError(
                    f"call_backs.modes names queue {queue!r}, which does not exist; queues are: {', '.join(queues)}"
                )
        _unique([agent.id for agent in self.agents], "agent")
        _unique([reason.id for reason in self.pause_reasons], "pause reason")
        for agent in self.agents:
            for queue in agent.queues:
                if queue not in queues:
                    raise ValueError(
                        f"agent {agent.id} is in queue {queue!r}, which does not exist; queues are: {', '.join(queues)}"
                    )
        return self

    @model_validator(mode="after")
    def _trunks_can_be_reached(self) -> "Settings":
        checked_trunks(self.trunks, self.sip.transports)
        return self

    @model_validator(mode="after")
    def _talks_can_be_told_apart(self) -> "Settings":
        check_keys(self.talk, self.third_parties)
        _unique([third.id for third in self.third_parties], "third party")
        _unique([each.id for each in self.supervisors], "supervisor")
        _unique([each.code for each in self.dispositions], "disposition")
        return self

    @property
    def token_file(self) -> Path:
        """Where the API's token is kept."""
        return self.api.token_file or self.hotline.data_dir / "api-token"

    @property
    def people_key_file(self) -> Path:
        """Where the key of the recall numbers is kept."""
        return self.people.key_file or self.hotline.data_dir / "people-key"

    @property
    def console_key_file(self) -> Path:
        """Where the console's key is kept."""
        return self.console.key_file or self.hotline.data_dir / "console-key"

    @property
    def test_call_key_file(self) -> Path:
        """Where the key is kept that tells test calls from others."""
        return self.hotline.data_dir / "test-call-key"

    @property
    def database_url(self) -> str:
        """The SQLAlchemy URL of the records."""
        default = f"sqlite+aiosqlite:///{self.hotline.data_dir / 'hotline.sqlite'}"
        return self.database.url or default


def _unique(names: list[str], kind: str) -> list[str]:
    for name in names:
        if names.count(name) > 1:
            kinds = (
                f"{kind.removesuffix('y')}ies" if kind.endswith("ty") else f"{kind}s"
            )
            raise ValueError(f"two {kinds} are called {name!r}; each needs its own")
    return names


def load_settings(file: Path) -> Settings:
    """Read and check the settings; `SettingsError` tells a person what to mend."""
    return _checked(_read(file), file)


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(
            f"{file} does not exist. Make one with: cp config/hotline.toml {file}"
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{file} cannot be read: {error}") from error


def _checked(values: dict[str, Any], file: Path) -> Settings:
    try:
        return Settings(**values)
    except ValidationError as error:
        raise SettingsError(explain(error, Settings, file)) from None
