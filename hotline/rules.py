"""Wrong rules are refused before they reach the engine; doubtful ones are warned of."""

import logging
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from acd.rule_checks.finding import RuleFinding
from acd.rule_checks.pauses import check_pauses
from acd.rule_checks.team import check_team
from config.setting_errors import SettingsError
from config.settings import Settings
from hotline.team import Team

logger = logging.getLogger(__name__)


def rule_findings(settings: Settings) -> list[RuleFinding]:
    """What is wrong with the rules in the settings' file."""
    pauses = check_pauses(settings.pause_reasons)
    team = check_team(settings.queues, settings.agents, city_date(settings))
    return [*pauses, *team]


def require_good_rules(settings: Settings) -> None:
    """Raise `SettingsError` when the file has rules that can never be meant so."""
    _refuse(rule_findings(settings), "the settings' file has")


def require_good_team(team: Team, settings: Settings) -> None:
    """The same for what the database holds; the doubtful becomes warnings in the log."""
    findings = check_team(team.queues, team.agents, city_date(settings))
    _refuse(findings, "the database (`hotline seed` takes the file's instead) has")
    for finding in (*check_pauses(settings.pause_reasons), *findings):
        logger.warning("%s", finding)


def city_date(settings: Settings) -> date:
    """Today in the city."""
    return datetime.now(UTC).astimezone(ZoneInfo(settings.hotline.timezone)).date()


def _refuse(findings: list[RuleFinding], where: str) -> None:
    faults = [str(finding) for finding in findings if finding.fatal]
    if faults:
        lines = "\n".join(faults)
        raise SettingsError(f"{where} rules that cannot work:\n{lines}")
