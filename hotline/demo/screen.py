"""The demo's picture: one live table in a terminal, a line every few seconds elsewhere."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from hotline.demo.audit import SHOWN
from hotline.demo.board import AgentLine, Board

PICTURES_SECONDS = 0.25
LINE_SECONDS = 5.0
OTHER_LINES = 19
"""Of the picture's height, without the events."""
FEWEST_EVENTS, MOST_EVENTS = 4, 16

AGENT_COLUMNS = {
    "id": 4,
    "": 6,
    "state": 10,
    "s": 3,
    "citizen": 11,
    "calls": 5,
}
COLOURS = {
    "logged_out": "dim",
    "ready": "green",
    "offered": "cyan",
    "ringing": "cyan",
    "talking": "bold cyan",
    "wrap_up": "blue",
    "paused": "yellow",
}


@asynccontextmanager
async def shown(board: Board, console: Console) -> AsyncIterator[None]:
    """Show the board inside the block, as the place of the output allows."""
    moves = console.is_terminal and not console.is_dumb_terminal
    show = _pictures if moves else _lines
    showing = asyncio.create_task(show(board, console), name="screen")
    try:
        yield
    finally:
        showing.cancel()
        await asyncio.wait({showing})


async def _pictures(board: Board, console: Console) -> None:
    with Live(console=console, auto_refresh=False, transient=True) as live:
        while True:
            live.update(picture(board, console.size.height), refresh=True)
            await asyncio.sleep(PICTURES_SECONDS)


async def _lines(board: Board, console: Console) -> None:
    told, told_at, introduced = ("", 0), 0.0, False
    loop = asyncio.get_running_loop()
    while True:
        news = board.phase.partition(";")[0], len(board.troubles)
        due = board.began_at and loop.time() - told_at >= LINE_SECONDS
        if due or news != told:
            told, told_at = news, loop.time()
            console.print(line(board), markup=False, soft_wrap=True)
            if board.began_at and not introduced:
                introduced = True
                console.print(*ways_in(board), sep="\n", markup=False, soft_wrap=True)
        await asyncio.sleep(PICTURES_SECONDS)


def line(board: Board) -> str:
    """The board in one line."""
    words = [f"{board.elapsed:5.0f} s  {board.phase}"]
    words += [f"TROUBLE: {trouble.partition(';')[0]}" for trouble in board.troubles]
    if board.began_at:
        states = board.states
        told = ", ".join(f"{states[s]} {_plain(s)}" for s in COLOURS if states[s])
        ended = ", ".join(f"{n} {words}" for words, n in _ended(board) if n)
        words.append(f"calls here {board.here} ({board.figures.waiting} waiting)")
        words.append(f"agents: {told or '-'}")
        words.append(f"ended: {ended or '-'}")
        words.append(f"rung by the hotline: {_outside(board)}")
    return "; ".join(words)


def picture(board: Board, height: int) -> RenderableType:
    """The board as a terminal of this height shows it; 80 columns are enough."""
    if board.began_at is None:
        return Spinner("dots", text=Text(f"hotline demo: {board.phase}"))
    events = max(FEWEST_EVENTS, min(MOST_EVENTS, height - OTHER_LINES))
    sides = Table.grid(padding=(0, 2))
    sides.add_row(_agents(board), _calls(board))
    lower = _events(board, events), _foot(board)
    return Group(_head(board), _trouble(board), sides, "", *lower)


def _head(board: Board) -> RenderableType:
    head = Table.grid(padding=(0, 1))
    for _ in range(4):
        head.add_column(no_wrap=True)
    phase = Text(board.phase, style="bold")
    head.add_row(Text("hotline demo", style="bold"), *_progress(board), phase)
    return head


def _progress(board: Board) -> tuple[RenderableType, str]:
    if not board.seconds:
        return "", f"{board.elapsed:.0f} s"
    done = min(board.elapsed, board.seconds)
    bar = ProgressBar(total=board.seconds, completed=done, width=20)
    return bar, f"{done:.0f} of {board.seconds:.0f} s"


def _trouble(board: Board) -> Text:
    words = board.troubles[0].partition(";")[0] if board.troubles else ""
    return Text(words, style="bold red", no_wrap=True, overflow="ellipsis")


def _agents(board: Board) -> RenderableType:
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="dim")
    for title, width in AGENT_COLUMNS.items():
        table.add_column(title, width=width, no_wrap=True)
    for number in (3, 5):
        table.columns[number].justify = "right"
    for agent in board.figures.agents:
        table.add_row(*_agent(board, agent))
    return table


def _agent(board: Board, agent: AgentLine) -> Iterator[RenderableType]:
    busy = agent.state in ("offered", "ringing", "talking")
    yield agent.id
    yield agent.name
    yield Text(_plain(agent.state), style=COLOURS.get(agent.state, ""))
    yield f"{agent.seconds:.0f}"
    yield board.citizen_of.get(agent.id, "") if busy else _plain(agent.reason)
    yield str(board.calls_taken[agent.id] or "")


def _calls(board: Board) -> RenderableType:
    figures = board.figures
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, justify="right")
    table.add_row("citizens here", str(board.here))
    table.add_row("waiting", str(figures.waiting))
    table.add_row("longest wait now", f"{figures.longest_wait_seconds:.0f} s")
    for words, number in _ended(board):
        table.add_row(words, Text(str(number), style="bold"))
    table.add_row("mean wait", f"{figures.mean_wait_seconds:.1f} s")
    in_time = f"{figures.in_15_seconds} of {figures.connected}"
    table.add_row("connected in 15 s", in_time)
    table.add_row("rung by us", _outside(board))
    return table


def _outside(board: Board) -> str:
    return f"{board.rung.size}, {board.rung.here} now"


def _ended(board: Board) -> Iterator[tuple[str, int]]:
    for outcome, words in SHOWN.items():
        yield words, board.figures.outcomes.get(outcome, 0)


def _events(board: Board, number: int) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True, style="dim", justify="right")
    table.add_column(no_wrap=True)
    shown = list(board.events)[-number:]
    for at, words in shown:
        table.add_row(f"{at:.1f} s", words)
    for _ in range(number - len(shown)):
        table.add_row("", "")
    return table


def _foot(board: Board) -> RenderableType:
    words = "\n".join(ways_in(board))
    return Text(f"{words}   Ctrl-C ends", style="dim", no_wrap=True)


def ways_in(board: Board) -> tuple[str, ...]:
    """Where to look, and whom to call."""
    links = {
        "wallboard": board.wallboard,
        "shift desk": board.shift_desk,
        "agent desk": board.agent_desk,
    }
    return (
        *(f"{name}: {link}" for name, link in links.items() if link),
        f"(links open once)   dial in yourself: {board.sip_uri}",
    )


def _plain(word: str) -> str:
    return word.replace("_", " ")
