"""All checks of all rules, as they are written in the settings or in the database."""

from collections.abc import Sequence
from datetime import date

from acd.people.rows import AgentRow
from acd.people.values import WrongRules, profile_of, rules_of
from acd.queue_rules import QueueRules
from acd.rule_checks.contacts import RingsItself, check_contacts, nobody
from acd.rule_checks.finding import RuleFinding, of_queue
from acd.rule_checks.queue_alone import check_queue
from acd.rule_checks.ways_out import check_ways_out
from acd.rule_checks.who_answers import check_agents, check_service
from config.agent_settings import AgentSection
from config.queue_settings import QueueSection


def check_team(
    queues: Sequence[QueueSection],
    agents: Sequence[AgentSection | AgentRow],
    today: date,
    rings_itself: RingsItself = nobody,
) -> list[RuleFinding]:
    """What is wrong with the queues and agents together; `today` is the city's date.

    Where rules cannot be read, the others are not compared with them.
    """
    rules, findings = _read(queues)
    for queue in rules:
        findings += check_queue(queue, today)
    if len(rules) == len(queues):
        profiles = [profile_of(agent, [q.name for q in queues]) for agent in agents]
        findings += check_ways_out(rules)
        findings += check_agents(rules, profiles)
        findings += check_contacts(profiles, rings_itself)
        findings += check_service(rules, profiles)
    return findings


def _read(
    queues: Sequence[QueueSection],
) -> tuple[list[QueueRules], list[RuleFinding]]:
    rules, findings = [], []
    for queue in queues:
        try:
            rules.append(rules_of(queue))
        except WrongRules as error:
            findings.append(of_queue(queue.name, str(error), fatal=True))
    return rules, findings
