"""The demo's picture: one live table in a terminal, a line every few seconds elsewhere."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from hotline.demo.audit import SHOWN
from hotline.demo.board import AgentLine, Board

PICTURES_SECONDS = 0.25
LINE_SECONDS = 5.0
OTHER_LINES = 17
"""Of the picture's height, without the events."""
FEWEST_EVENTS, MOST_EVENTS = 4, 16

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
    show = _pictures if console.is_terminal else _lines
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
    phase, told_at = "", 0.0
    loop = asyncio.get_running_loop()
    while True:
        due = board.began_at and loop.time() - told_at >= LINE_SECONDS
        if due or board.phase.partition(";")[0] != phase:
            phase, told_at = board.phase.partition(";")[0], loop.time()
            console.print(line(board), markup=False, highlight=False, soft_wrap=True)
        await asyncio.sleep(PICTURES_SECONDS)


def line(board: Board) -> str:
    """The board in one line."""
    words = [f"{board.elapsed:5.0f} s  {board.phase}"]
    if board.began_at:
        states = board.states
        told = ", ".join(f"{states[s]} {_plain(s)}" for s in COLOURS if states[s])
        ended = ", ".join(f"{n} {words}" for words, n in _ended(board) if n)
        words.append(f"calls here {board.here} ({board.figures.waiting} waiting)")
        words.append(f"agents: {told or '-'}")
        words.append(f"ended: {ended or '-'}")
    return "; ".join(words)


def picture(board: Board, height: int) -> RenderableType:
    """The board as a terminal of this height shows it."""
    if board.began_at is None:
        return Spinner("dots", text=Text(f"hotline demo: {board.phase}"))
    events = max(FEWEST_EVENTS, min(MOST_EVENTS, height - OTHER_LINES))
    sides = Table.grid(padding=(0, 1), expand=False)
    sides.add_row(_agents(board), _calls(board))
    return Group(_head(board), sides, _events(board, events), _foot(board))


def _head(board: Board) -> RenderableType:
    head = Table.grid(padding=(0, 1))
    bar = ProgressBar(total=board.seconds, completed=board.elapsed, width=30)
    time = f"{board.elapsed:.0f} s"
    if board.seconds:
        time += f" of {board.seconds:.0f} s"
    phase = Text(board.phase, style="bold")
    if board.troubles:
        phase = Text(board.troubles[0].partition(";")[0], style="bold red")
    head.add_row(
        Text("hotline demo", style="bold"), bar if board.seconds else "", time, phase
    )
    return head


def _agents(board: Board) -> RenderableType:
    table = Table("agent", "", "state", "s", "citizen", "calls", box=None)
    for agent in board.figures.agents:
        table.add_row(*_agent(board, agent))
    return Panel(table, title="agents", title_align="left", padding=0)


def _agent(board: Board, agent: AgentLine) -> Iterator[RenderableType]:
    busy = agent.state in ("offered", "ringing", "talking")
    yield agent.id
    yield agent.name
    yield Text(_plain(agent.state), style=COLOURS.get(agent.state, ""))
    yield Text(f"{agent.seconds:.0f}", justify="right")
    yield board.citizen_of(agent.id) if busy else _plain(agent.reason)
    yield Text(str(board.calls_taken(agent.id) or ""), justify="right")


def _calls(board: Board) -> RenderableType:
    figures = board.figures
    table = Table.grid(padding=(0, 1))
    table.add_row("citizens here", str(board.here))
    table.add_row(
        "waiting", f"{figures.waiting}  longest {figures.longest_wait_seconds:.0f} s"
    )
    table.add_row("talking", str(figures.talking))
    for words, number in _ended(board):
        table.add_row(words, Text(str(number), style="bold"))
    table.add_row("mean wait", f"{figures.mean_wait_seconds:.1f} s")
    table.add_row("within 15 s", f"{figures.in_15_seconds} of {figures.connected}")
    return Panel(table, title="calls", title_align="left", padding=0)


def _ended(board: Board) -> Iterator[tuple[str, int]]:
    for outcome, words in SHOWN.items():
        yield words, board.figures.outcomes.get(outcome, 0)


def _events(board: Board, number: int) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    for at, words in list(board.events)[-number:]:
        table.add_row(Text(f"{at:6.1f} s", style="dim"), words)
    for _ in range(number - len(board.events)):
        table.add_row("", "")
    return table


def _foot(board: Board) -> RenderableType:
    url = board.console_url
    words = f"console {url}/   metrics: curl {url}/metrics   Ctrl-C ends"
    return Text(words, style="dim", no_wrap=True, overflow="ellipsis")


def _plain(word: str) -> str:
    return word.replace("_", " ")
