"""How well a table of answers is understood, printed for people."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from ivr_flows.understanding.answers import Answer, Question
from ivr_flows.understanding.table import Scored, confusion


def print_score(scored: Sequence[Scored], console: Console) -> None:
    """The costly mistakes first, then the others, the sums and what was taken for what."""
    for title, chosen in (
        ("costly: a bad answer taken for a good one", [s for s in scored if s.costly]),
        ("wrong", [s for s in scored if s.wrong and not s.costly]),
        ("asked again", [s for s in scored if not s.correct and not s.wrong]),
    ):
        console.print(f"{title}: {len(chosen)} of {len(scored)}", style="bold")
        for one in chosen:
            console.print(_line(one), markup=False, highlight=False)
    for question in Question:
        if rows := [one for one in scored if one.row.question is question]:
            console.print(_confusion(question, rows))
    console.print(_kinds(scored))


def _line(one: Scored) -> str:
    row, found = one.row, one.understood
    return f"  {row.question}: {row.utterance}: {row.right}, taken as {found.answer} ({found.reason})"


def _confusion(question: Question, rows: Sequence[Scored]) -> Table:
    counts = confusion(rows)
    used = [a for a in Answer if any(a in pair for pair in counts)]
    title = f"{question}: right answer (lines), taken as (columns)"
    made = Table(title=title, title_justify="left")
    for name in ("", *used):
        made.add_column(name.replace("_", "\n"), justify="right" if name else "left")
    for right in used:
        numbers = [counts[right, taken] for taken in used]
        made.add_row(right, *(str(number or "") for number in numbers))
    return made


def _kinds(rows: Sequence[Scored]) -> Table:
    made = Table(title="correct", title_justify="left")
    for name in ("kind", "correct", "of", "share"):
        made.add_column(name, justify="left" if name == "kind" else "right")
    whole = Counter(one.row.kind for one in rows)
    good = Counter(one.row.kind for one in rows if one.correct)
    for kind, count in whole.most_common():
        made.add_row(kind, str(good[kind]), str(count), f"{good[kind] / count:.1%}")
    total = len(rows)
    share = f"{good.total() / total:.1%}" if total else ""
    made.add_row("all", str(good.total()), str(total), share, style="bold")
    return made
