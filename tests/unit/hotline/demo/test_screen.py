"""The picture fits a small terminal, and tells the same as the plain line."""

import io
import time

import pytest
from rich.console import Console

from hotline.demo.board import AgentLine, Board, Figures
from hotline.demo.reports import Called, Moment, Step
from hotline.demo.screen import line, picture
from hotline.demo.script import AGENTS, Script

NUMBER = Script().citizen(0).number
OUTSIDE = "13700000001"


def busy_board() -> Board:
    """A board in the middle of a demo, with the longest words in every place."""
    board = Board(seconds=40)
    board.wallboard = f"http://127.0.0.1:23080/log-in/link?key={'k' * 24}"
    board.shift_desk = board.agent_desk = board.wallboard
    board.sip_uri = "sip:12345@127.0.0.1:23000"
    board.began_at, board.phase = time.monotonic() - 20, "citizens call"
    board.figures = Figures(
        agents=tuple(
            AgentLine(
                id=id_, name=name, state="logged_out", reason="no_answer", seconds=999
            )
            for id_, name in AGENTS
        ),
        waiting=12,
        longest_wait_seconds=99,
        outcomes={"answered": 1234},
        connected=1234,
        in_15_seconds=1200,
        mean_wait_seconds=12.3,
    )
    for leg in range(150):
        told = Called(leg=f"{leg}", number=OUTSIDE, moment=Moment.RANG, at=1)
        board.called(told)
    for agent, moment in (("", Moment.DIALLED), ("1001", Moment.RANG)):
        board.step(Step(leg=agent, agent=agent, number=NUMBER, moment=moment, at=1))
    for _ in range(60):
        board.tell("the shift manager sets agent 1001 ready again")
    return board


def drawn(board: Board, height: int) -> list[str]:
    """The picture as lines of a terminal with 80 columns."""
    out = io.StringIO()
    console = Console(file=out, width=80, height=height, force_terminal=False)
    console.print(picture(board, height))
    return out.getvalue().splitlines()


@pytest.mark.parametrize("height", [24, 50])
def test_picture_fits_the_terminal(height: int) -> None:
    lines = drawn(busy_board(), height)
    assert len(lines) <= height
    assert all(len(text) <= 80 for text in lines)
    assert not any("…" in text for text in lines)


def test_picture_and_line_tell_what_goes_on() -> None:
    board = busy_board()
    told = "\n".join(drawn(board, 24))
    for words in (
        "20 of 40 s",
        "logged out",
        "1234",
        "王芳",
        "/log-in/link?key=kkkkkkkkkkkkkkkkkkkkkkkk",
        "sip:12345@",
    ):
        assert words in told
    assert "8 logged out" in line(board)
    assert "1234 answered" in line(board)
    assert "calls here 1 (12 waiting)" in line(board)
    assert "150, 150 now" in told
    assert "rung by the hotline: 150, 150 now" in line(board)


def test_no_number_is_shown_in_full() -> None:
    board = busy_board()
    for number in (NUMBER, OUTSIDE):
        assert number not in "\n".join([*drawn(board, 50), line(board)])
        assert number not in repr(board.events)


def test_trouble_is_seen_at_once() -> None:
    board = busy_board()
    board.troubles.append("the process of the agents was killed by signal 9; its log")
    assert "killed by signal 9" in "\n".join(drawn(board, 24))
    assert "TROUBLE: the process of the agents was killed" in line(board)


def test_start_shows_what_is_being_done() -> None:
    board = Board(seconds=None, phase="prompts synthesised so far: 41")
    assert "41" in "\n".join(drawn(board, 24))


def test_refused_citizen_is_among_the_events() -> None:
    board = Board(seconds=None)
    board.step(
        Step(leg="c", agent="", number=NUMBER, moment=Moment.ENDED, at=1, sip_code=503)
    )
    assert [words for _, words in board.events] == ["138****0001 is refused (SIP 503)"]
