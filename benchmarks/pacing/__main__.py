"""`python -m benchmarks.pacing`: occupancy and abandoned calls of the two ways to dial."""

from random import Random

import typer

from benchmarks.pacing.trial import Setting, Trial

WINDOWS = 10
SETTINGS = (
    Setting(agents=5, answer_rate=0.3),
    Setting(agents=20, answer_rate=0.3),
    Setting(agents=20, answer_rate=0.6),
    Setting(agents=50, answer_rate=0.3),
    Setting(agents=50, answer_rate=0.3, inbound=600),
)


def line_of(setting: Setting, *, is_predictive: bool) -> str:
    """One row of the table: the mean of some windows, and the worst share of any."""
    tried = Setting(
        agents=setting.agents,
        answer_rate=setting.answer_rate,
        inbound=setting.inbound,
        is_predictive=is_predictive,
    )
    trials = [Trial(tried, Random(seed)) for seed in range(WINDOWS)]
    counts = [trial.run() for trial in trials]
    occupancy = sum(trial.occupancy() for trial in trials) / WINDOWS
    answered = sum(count.answered for count in counts)
    share = sum(count.abandoned for count in counts) / answered
    worst = max(count.share for count in counts)
    name = "predictive" if is_predictive else "progressive"
    return (
        f"{setting.agents:6}  {setting.answer_rate:11.0%}  {setting.inbound:9.0f}  "
        f"{name:11}  {answered / WINDOWS:8.0f}  {occupancy:9.1%}  {share:9.2%}  {worst:11.2%}"
    )


def main() -> None:
    """Print the table."""
    typer.echo(
        f"{WINDOWS} windows of 3 h each, cap 3 %; talk and wrap-up 120 s, ringing 12 s"
    )
    typer.echo(
        "agents  answer rate  inbound/h  mode         answered  occupancy  abandoned  "
        "worst window"
    )
    for setting in SETTINGS:
        for is_predictive in (False, True):
            typer.echo(line_of(setting, is_predictive=is_predictive))


if __name__ == "__main__":
    main()
