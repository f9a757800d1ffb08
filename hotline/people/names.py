"""People's names beside their ids, for tables that people read."""

from collections.abc import Iterator, Mapping

from console.routes.parts import LONGEST_PAGE
from hotline.api_client import ApiClient
from hotline.command_client import path_of


def names_by_id(client: ApiClient) -> dict[str, str]:
    """Everybody's name, as the service has it."""
    return {one["id"]: one["name"] for one in _everybody(client)}


def _everybody(client: ApiClient) -> Iterator[dict[str, str]]:
    """Page by page."""
    before: str | None = ""
    while before is not None:
        page = client.get(path_of("people", limit=f"{LONGEST_PAGE}", before=before))
        yield from page["items"]
        before = page["next"]


def named(person_id: str, names: Mapping[str, str]) -> str:
    """An id with the name behind it, if there is one."""
    return f"{person_id} {names.get(person_id, '')}".strip()
