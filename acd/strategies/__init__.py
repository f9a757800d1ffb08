"""Who is asked first: each strategy is one small function in a file of its own here.

A file `NAME.py` in this folder is the strategy NAME. Its `key(agent, queue, race)`
says where a free agent stands in a queue, fixed while he is free: the smallest key is
asked first. `ALL_AT_ONCE = True` in the file asks all who fit at once, `BY_CHANCE = True`
says that the key is his time in the queue's race.
"""

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pkgutil import iter_modules

from acd.agent import Agent
from acd.race import Race

Key = datetime | float
"""Keys of one strategy compare with each other."""


class UnknownStrategy(ValueError):
    """There is no strategy with this name; the message names the nearest one."""

    error_id = "strategy_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """How a queue chooses among the agents who fit."""

    name: str
    key: Callable[[Agent, str, Race], Key]
    all_at_once: bool
    by_chance: bool


def _load(name: str) -> Strategy:
    module = import_module(f"{__name__}.{name}")
    return Strategy(
        name=name,
        key=module.key,
        all_at_once=getattr(module, "ALL_AT_ONCE", False),
        by_chance=getattr(module, "BY_CHANCE", False),
    )


STRATEGIES = {module.name: _load(module.name) for module in iter_modules(__path__)}


def strategy_named(name: str) -> Strategy:
    """The strategy with this name, or `UnknownStrategy`."""
    if name in STRATEGIES:
        return STRATEGIES[name]
    near = difflib.get_close_matches(name, STRATEGIES, n=1)
    meant = f"did you mean {near[0]!r}? " if near else ""
    raise UnknownStrategy(
        f"there is no strategy {name!r}; {meant}The strategies are "
        f"{', '.join(STRATEGIES)}."
    )
