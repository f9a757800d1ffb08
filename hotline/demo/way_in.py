"""The ways into the demo's console: accounts of this demo, and links that open it once."""

import secrets
from collections.abc import Mapping

from config.settings import Settings
from hotline.api_client import ApiClient
from hotline.demo.script import SEAT

PASSWORD_BYTES = 32
LINK_MINUTES = 60
WALLBOARD: Mapping[str, str] = {"name": "demo", "role": "administrator"}
SHIFT_DESK: Mapping[str, str] = {"name": "manager", "role": "shift_manager"}
AGENT_DESK: Mapping[str, str] = {"name": "agent", "role": "agent", "person_id": SEAT}


def link_for(settings: Settings, account: Mapping[str, str]) -> str:
    """Where a browser of this machine is logged in, once; nobody knows the password."""
    with ApiClient(settings) as api:
        password = secrets.token_urlsafe(PASSWORD_BYTES)
        api.post("/accounts", {**account, "password": password})
        path = f"/accounts/{account['name']}/log-in-link"
        _, link = api.post(path, {"minutes": LINK_MINUTES})
        return f"{api.url}{link['path']}"
