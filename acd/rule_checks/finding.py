"""One thing that is wrong with the rules, said so that a shift manager can mend it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFinding:
    """What is wrong with a queue, an agent or a pause reason.

    `fatal`: it can never be meant so, and is refused. The others are warnings: they
    depend on who is there.
    """

    about: str
    words: str
    fatal: bool = False

    def __str__(self) -> str:
        """One line for a person."""
        return f"{self.about}: {self.words}"


def of_queue(name: str, words: str, *, fatal: bool = False) -> RuleFinding:
    """A finding about a queue."""
    return RuleFinding(about=f"queue {name!r}", words=words, fatal=fatal)


def of_agent(agent_id: str, words: str, *, fatal: bool = False) -> RuleFinding:
    """A finding about an agent."""
    return RuleFinding(about=f"agent {agent_id!r}", words=words, fatal=fatal)
