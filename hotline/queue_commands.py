"""`hotline queues`: see queues and their rules, and change them while calls wait."""

import json
import re
import tomllib
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.markup import escape
from rich.table import Table

from hotline.call_tables import terminal
from hotline.command_client import (
    DEFAULT_CONFIG,
    ConfigFile,
    account,
    change,
    leave,
    path_of,
    remove_in,
    service_client,
)

app = typer.Typer(
    help="Queues: who waits, the rules, and changing them at once.",
    no_args_is_help=True,
)

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")

QueueName = Annotated[str, typer.Argument(help="The queue's name.", metavar="NAME")]
Settings = Annotated[
    list[str],
    typer.Argument(
        help="Rules as in the settings' file, like ring_seconds=15 or skills='{tax=2}'; "
        "max_penalty=none takes a limit away.",
        metavar="RULE=VALUE...",
    ),
]


@app.command("list")
def list_queues(config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Every queue: who waits, how long, who talks, and its agents by state."""
    with service_client(config) as (client, _):
        terminal().print(_table(client.get("/queues")))


@app.command()
def show(name: QueueName, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """The rules of a queue, and what is doubtful about them."""
    with service_client(config) as (client, _):
        _print(client.get(path_of("queues", name, "rules")))


@app.command("set")
def set_rules(
    name: QueueName, rules: Settings, config: ConfigFile = DEFAULT_CONFIG
) -> None:
    """Change rules; who waits already feels it at once."""
    given = dict(_rule(rule) for rule in rules)
    with service_client(config) as (client, _):
        _print(change(client, "queues", name, "rules", given=given))


@app.command()
def add(
    name: QueueName,
    rules: Annotated[
        list[str] | None,
        typer.Argument(help="Rules as for `set`.", metavar="RULE=VALUE..."),
    ] = None,
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Add a queue at once, or take one back that was removed."""
    given = {"name": name} | dict(_rule(rule) for rule in rules or ())
    with service_client(config) as (client, _):
        _, answer = client.post(path_of("queues", by=account()), given)
    _print(answer)
    terminal().print(f"{name} is added.", markup=False)


@app.command()
def remove(name: QueueName, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Remove a queue at once; who waits there goes to the first one.

    Refused while anything needs it.
    """
    with service_client(config) as (client, settings):
        remove_in(client, "queues", name)
    terminal().print(f"{name} is removed.", markup=False)
    if any(queue.name == name for queue in settings.queues):
        terminal().print(f"Take it out of {config} too.", markup=False)


@app.command()
def changes(
    name: Annotated[str, typer.Argument(help="Of one queue or agent only.")] = "",
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Who changed which rules of queues and agents when, the newest first."""
    with service_client(config) as (client, settings):
        page = client.get(path_of("rule-changes", name=name))
        zone = ZoneInfo(settings.hotline.timezone)
    for item in page["items"]:
        at = datetime.fromisoformat(item["at"]).astimezone(zone)
        who = item["changed_by"] or "somebody"
        terminal().print(
            f"{at:%m-%d %H:%M:%S} {escape(who)} ({item['peer']}): {item['kind']} "
            f"{escape(item['name'])}: {escape(differences(item))}",
            highlight=False,
            soft_wrap=True,
        )


def _rule(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        leave(f"{text!r} is no rule with a value; write one like ring_seconds=15")
    return name.strip(), None if value == "none" else _value(value)


def _value(text: str) -> Any:
    """As in the settings' file; a word needs no quotes."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _table(queues: list[dict[str, Any]]) -> Table:
    table = Table("queue", "waiting", "longest", "talking", "ready", "agents here")
    for queue in queues:
        agents = queue["agents"]
        here = sum(agents.values()) - agents["logged_out"]
        table.add_row(
            escape(queue["name"]),
            str(queue["waiting"]),
            f"{queue['longest_wait_seconds']:.0f} s",
            str(queue["talking"]),
            str(agents["ready"]),
            str(here),
        )
    return table


def _print(answer: dict[str, Any]) -> None:
    for rule, value in answer["rules"].items():
        line = f"{rule} = {_text(value)}"
        terminal().print(line, markup=False, highlight=False, soft_wrap=True)
    for warning in answer["warnings"]:
        terminal().print(f"[yellow]![/] {escape(warning)}", highlight=False)


def differences(item: dict[str, Any]) -> str:
    """What a change made other, as it is written in the settings' file."""
    old, new = item["old"], item["new"]
    changed = [name for name in new if new[name] != old.get(name)]
    pairs = (f"{n} {_text(old.get(n))} -> {_text(new[n])}" for n in changed)
    return ", ".join(pairs) or "nothing"


def _text(value: Any) -> str:
    """As it is written in the settings' file, and after `RULE=`."""
    match value:
        case None:
            return "none"
        case dict():
            pairs = ((name, v) for name, v in value.items() if v is not None)
            inner = ", ".join(f"{_key(name)} = {_text(v)}" for name, v in pairs)
            return f"{{{inner}}}"
        case list():
            return f"[{', '.join(map(_text, value))}]"
        case float():
            return f"{value:.10g}"
        case _:
            return json.dumps(value, ensure_ascii=False)


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else json.dumps(name, ensure_ascii=False)
