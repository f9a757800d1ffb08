"""People's names beside their ids, for tables that people read."""

from collections.abc import Mapping

from hotline.api_client import ApiClient
from hotline.command_client import path_of


def names_by_id(client: ApiClient) -> dict[str, str]:
    """Everybody's name, as the service has it."""
    return {one["id"]: one["name"] for one in client.get(path_of("people"))}


def named(person_id: str, names: Mapping[str, str]) -> str:
    """An id with the name behind it, if there is one."""
    return f"{person_id} {names.get(person_id, '')}".strip()
