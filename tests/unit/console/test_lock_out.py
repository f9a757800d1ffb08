"""Lock-out in time: how many tries are free, and how locks grow and end."""

from datetime import UTC, datetime, timedelta

from console.accounts.lock_out import ACCOUNT, FORGOTTEN, LONGEST, Failures, failed

START = datetime(2026, 3, 2, tzinfo=UTC)


def after(count: int) -> Failures:
    """So many failures at one moment."""
    failures = None
    for _ in range(count):
        failures = failed(failures, START, ACCOUNT)
    assert failures is not None
    return failures


def test_a_few_failures_lock_nothing() -> None:
    assert not after(ACCOUNT.free - 1).locked(START)


def test_locks_double_up_to_the_longest() -> None:
    locks = [after(ACCOUNT.free + more).locked_until for more in (0, 1, 2, 50)]
    lengths = [until - START for until in locks if until]
    assert lengths == [
        ACCOUNT.first,
        2 * ACCOUNT.first,
        4 * ACCOUNT.first,
        LONGEST,
    ]


def test_lock_ends_at_its_time() -> None:
    failures = after(ACCOUNT.free)
    assert failures.locked(START + ACCOUNT.first - timedelta(seconds=1))
    assert not failures.locked(START + ACCOUNT.first)


def test_failures_of_long_ago_are_forgotten() -> None:
    again = failed(after(ACCOUNT.free), START + FORGOTTEN, ACCOUNT)
    assert again == Failures(count=1, last_at=START + FORGOTTEN)
