"""`hotline calls hold|consult|listen|...`: what is asked of live talks."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from hotline.api_client import ApiClient
from hotline.command_client import (
    DEFAULT_CONFIG,
    ConfigFile,
    account,
    leave,
    path_of,
    service_client,
)

app = typer.Typer()
out = Console(highlight=False)

CallPart = Annotated[
    str, typer.Argument(help="The call's id, or the end of it.", metavar="CALL")
]
Target = Annotated[
    str, typer.Argument(help="A third party's id, or a number.", metavar="TARGET")
]
Supervisor = Annotated[
    str, typer.Option(help="His id in [[supervisors]].", metavar="ID")
]


@app.command("talks")
def list_talks(config: ConfigFile = DEFAULT_CONFIG) -> None:
    """List the talks that go on now, and what is held, muted or supervised."""
    with service_client(config) as (client, _):
        out.print(_table(client.get("/talks")))


@app.command()
def hold(call: CallPart, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Let the citizen hear music, and nobody hear him."""
    _plain(config, call, "hold")


@app.command()
def unhold(call: CallPart, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Take the citizen back from hold."""
    _plain(config, call, "unhold")


@app.command()
def mute(call: CallPart, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Let nobody hear the agent."""
    _plain(config, call, "mute")


@app.command()
def unmute(call: CallPart, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Let the agent be heard again."""
    _plain(config, call, "unmute")


@app.command("pause-recording")
def pause_recording(call: CallPart, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Let the recording hold silence from now on."""
    _plain(config, call, "pause_recording")


@app.command("resume-recording")
def resume_recording(call: CallPart, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Record voices again."""
    _plain(config, call, "resume_recording")


@app.command()
def consult(
    call: CallPart,
    target: Target = "",
    agent: Annotated[str, typer.Option(help="Another agent's id, instead.")] = "",
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Call a third party for the agent; the citizen is on hold meanwhile."""
    if bool(target) == bool(agent):
        leave("Name a target or --agent, one of the two.")
    body = {"agent": agent} if agent else None
    _ask(config, call, "consult", lambda client: body or _whom(client, target))


@app.command()
def join(call: CallPart, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Make a consultation a talk of three."""
    _plain(config, call, "join")


@app.command("take-back")
def take_back(call: CallPart, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """End the third party's call, and take the citizen back."""
    _plain(config, call, "take_back")


@app.command("hand-over")
def hand_over(call: CallPart, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Let the agent leave and the citizen go on with the third party."""
    _plain(config, call, "hand_over")


@app.command()
def transfer(
    call: CallPart,
    target: Annotated[str, typer.Argument(metavar="[TARGET]")] = "",
    queue: Annotated[str, typer.Option(help="Another queue, instead.")] = "",
    agent: Annotated[str, typer.Option(help="Another agent's id, instead.")] = "",
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Hand the citizen to a third party or number that answers, a queue or an agent."""
    if [bool(target), bool(queue), bool(agent)].count(True) != 1:
        leave("Name a target, --queue or --agent: one of them.")
    elsewhere = {"queue": queue} if queue else {"agent": agent} if agent else None
    _ask(
        config,
        call,
        "transfer",
        lambda client: elsewhere or _whom(client, target),
    )


@app.command()
def listen(
    call: CallPart, supervisor: Supervisor, config: ConfigFile = DEFAULT_CONFIG
) -> None:
    """Let a supervisor hear a talk; nobody hears him."""
    _supervise(config, call, supervisor, "listen")


@app.command()
def whisper(
    call: CallPart, supervisor: Supervisor, config: ConfigFile = DEFAULT_CONFIG
) -> None:
    """Let a supervisor speak to the agent alone."""
    _supervise(config, call, supervisor, "whisper")


@app.command()
def barge(
    call: CallPart, supervisor: Supervisor, config: ConfigFile = DEFAULT_CONFIG
) -> None:
    """Let a supervisor speak to all."""
    _supervise(config, call, supervisor, "barge")


@app.command("stop-supervision")
def stop_supervision(call: CallPart, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Let the supervisor go."""
    _plain(config, call, "stop_supervision")


@app.command()
def dispose(
    call: CallPart,
    code: Annotated[str, typer.Argument(help="A code of the disposition list.")],
    note: Annotated[str, typer.Option(help="More of it; kept with the call.")] = "",
    end_wrap_up: Annotated[
        bool, typer.Option("--end-wrap-up", help="The agent is ready then.")
    ] = False,
    agent: Annotated[
        str, typer.Option(help="Whose call it is; another's is refused.")
    ] = "",
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Note what a call was about, from its talk on until hours after it (24)."""
    body = {"code": code, "note": note, "end_wrap_up": end_wrap_up, "agent": agent}
    with service_client(config) as (client, _):
        call_id = _any_call(client, call)
        _, noted = client.post(f"/calls/{call_id}/disposition", body)
    of = f" (agent {escape(noted['agent_id'])})"
    out.print(f"{call_id}{of}: {escape(code)}")


@app.command()
def confidential(call: CallPart, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Mask the citizen's number from now on, wherever the call is shown."""
    with service_client(config) as (client, _):
        call_id = _any_call(client, call)
        client.post(f"/calls/{call_id}/confidential", {})
    out.print(f"{call_id}: confidential")


@app.command()
def priority(
    call: CallPart,
    priority: Annotated[
        str, typer.Argument(help="0 to 100, or emergency: before all others.")
    ],
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Make a waiting call more or less urgent, at once."""
    if priority != "emergency" and not priority.isdecimal():
        leave(f"{priority!r} is no priority; write 0 to 100, or emergency.")
    wish = priority if priority == "emergency" else int(priority)
    with service_client(config) as (client, _):
        call_id = _any_call(client, call)
        path = path_of("calls", call_id, "priority", by=account())
        client.post(path, {"priority": wish})
    out.print(f"Call {escape(call_id)} waits with priority {escape(priority)}.")


def _plain(config: Path, call: str, command: str) -> None:
    _ask(config, call, command, lambda _: {})


def _supervise(config: Path, call: str, supervisor: str, mode: str) -> None:
    body = {"supervisor": supervisor, "mode": mode}
    _ask(config, call, "supervision", lambda _: body)


def _ask(config: Path, call: str, command: str, body: Any) -> None:
    with service_client(config) as (client, _):
        call_id = _live_call(client, call)
        _, talk = client.post(f"/talks/{call_id}/{command}", body(client))
    out.print(_table([talk]))


def _whom(client: ApiClient, target: str) -> dict[str, str]:
    known = {third["id"] for third in client.get("/talks/third-parties")}
    return {"third_party" if target in known else "number": target}


def _live_call(client: ApiClient, part: str) -> str:
    return _only(part, [talk["call_id"] for talk in client.get("/talks")]) or part


def _any_call(client: ApiClient, part: str) -> str:
    calls = client.get("/calls?limit=200")["items"]
    return _only(part, [call["id"] for call in calls]) or part


def _only(part: str, ids: list[str]) -> str:
    """The one id that ends like this; "" when the service is to say that there is none."""
    fitting = [call_id for call_id in ids if call_id.endswith(part.upper())]
    if len(fitting) > 1:
        leave(f"Several calls end in {part!r}; give more characters.")
    return fitting[0] if fitting else ""


def _table(talks: list[dict[str, Any]]) -> Table:
    table = Table("call", "agent", "queue", "third party", "supervisor", "now")
    for talk in talks:
        third = f"{talk['third_party']} {talk['third_state']}".strip()
        table.add_row(
            talk["call_id"][-8:],
            escape(talk["agent_id"] if talk["agent_here"] else "–"),
            escape(talk["queue"]),
            escape(third if talk["third_state"] != "absent" else "–"),
            talk["supervision"] or "–",
            _now(talk),
        )
    return table


def _now(talk: dict[str, Any]) -> str:
    words = {
        "on_hold": "on hold",
        "muted": "muted",
        "recording_paused": "recording paused",
    }
    return ", ".join(word for key, word in words.items() if talk[key]) or "talking"
