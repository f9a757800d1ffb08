"""The queue with impatient citizens as a birth-death process, in 50 decimal digits.

It shares nothing with the closed forms: balance equations, summed up.
"""

from collections.abc import Iterator
from decimal import Decimal, localcontext

DIGITS = 50


def waiting(agents: int, erlangs: float, patience: float) -> tuple[Decimal, Decimal]:
    """P(V > 0) and the mean number of calls that wait; patience in handle times."""
    with localcontext() as context:
        context.prec = DIGITS
        free, full = _free_weights(agents, Decimal(erlangs))
        busy = queued = Decimal(0)
        for place, weight in _full_weights(agents, erlangs, patience, full):
            busy += weight
            queued += weight * place
            if weight * place < queued * Decimal(10) ** -(DIGITS - 10):
                break
        return busy / (free + busy), queued / (free + busy)


def _free_weights(agents: int, erlangs: Decimal) -> tuple[Decimal, Decimal]:
    """The weights of all states with a free agent, and that of the first without."""
    total, weight = Decimal(0), Decimal(1)
    for busy in range(1, agents + 1):
        total += weight
        weight = weight * erlangs / busy
    return total, weight


def _full_weights(
    agents: int, erlangs: float, patience: float, first: Decimal
) -> Iterator[tuple[int, Decimal]]:
    """(calls that wait, weight) without end."""
    weight, place = first, 0
    while True:
        yield place, weight
        place += 1
        weight = weight * Decimal(erlangs) / (agents + place / Decimal(patience))
