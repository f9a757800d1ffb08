"""Agents who are missing when everybody, whatever he answers, is counted once."""

from collections.abc import Mapping

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

_FROM, _TO, _FIRST = 0, 1, 2


def unmet(groups: Mapping[frozenset[str], int], need: Mapping[str, int]) -> int:
    """So many of those who are needed cannot be found, however people are shared out.

    `groups` are how many answer the same queues. The greatest flow from groups to queues.
    """
    teams = [queues for queues in groups if not queues.isdisjoint(need)]
    names = list(need)
    if not teams or not names:
        return sum(need.values())
    size = _FIRST + len(teams) + len(names)
    most = np.zeros((size, size), np.int32)
    for n, queues in enumerate(teams, _FIRST):
        most[_FROM, n] = groups[queues]
        for place, name in enumerate(names, _FIRST + len(teams)):
            most[n, place] = groups[queues] if name in queues else 0
    for place, name in enumerate(names, _FIRST + len(teams)):
        most[place, _TO] = need[name]
    found = maximum_flow(csr_array(most), _FROM, _TO).flow_value
    return sum(need.values()) - int(found)
