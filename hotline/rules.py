"""Wrong rules are refused before they reach the engine; doubtful ones are warned of."""

import logging
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from acd.rule_checks.finding import RuleFinding
from acd.rule_checks.pauses import check_pauses
from acd.rule_checks.team import check_team
from config.setting_errors import SettingsError
from config.settings import Settings
from hotline.check_whole import check_whole
from hotline.team import Team, not_in_file

logger = logging.getLogger(__name__)


def rule_findings(settings: Settings) -> list[RuleFinding]:
    """What is wrong with the rules in the settings' file."""
    return [*general_findings(settings), *team_findings(settings, settings)]


def team_findings(team: Team | Settings, settings: Settings) -> list[RuleFinding]:
    """What is wrong with queues and agents, of the file or of the database."""
    today = city_date(settings)
    return check_team(team.queues, team.agents, today, settings.sip.rings_itself)


def general_findings(settings: Settings) -> list[RuleFinding]:
    """What is wrong with all that is in the settings' file alone."""
    return [*check_pauses(settings.pause_reasons), *check_whole(settings)]


def require_good_rules(settings: Settings) -> None:
    """Raise `SettingsError` when the file has rules that can never be meant so."""
    _refuse(rule_findings(settings), "the settings' file has")


def require_good_team(team: Team, settings: Settings) -> None:
    """The same for what the database holds; the doubtful becomes warnings in the log."""
    findings = team_findings(team, settings)
    _refuse(findings, "the database (`hotline seed` takes the file's instead) has")
    for finding in (*general_findings(settings), *findings):
        logger.warning("%s", finding)
    for words in not_in_file(team, settings):
        logger.warning("%s", words)


def city_date(settings: Settings) -> date:
    """Today in the city."""
    return datetime.now(UTC).astimezone(ZoneInfo(settings.hotline.timezone)).date()


def _refuse(findings: list[RuleFinding], where: str) -> None:
    faults = [str(finding) for finding in findings if finding.fatal]
    if faults:
        lines = "\n".join(faults)
        raise SettingsError(f"{where} rules that cannot work:\n{lines}")
