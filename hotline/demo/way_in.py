"""The way into the demo's console: an account of this demo, and a link that opens it once."""

import secrets

from config.settings import Settings
from hotline.api_client import ApiClient

ACCOUNT = "demo"
PASSWORD_BYTES = 32
LINK_MINUTES = 60


def link_to_wallboard(settings: Settings) -> str:
    """Where a browser of this machine is logged in, once; nobody knows the password."""
    account = {"name": ACCOUNT, "role": "administrator"}
    with ApiClient(settings) as api:
        password = secrets.token_urlsafe(PASSWORD_BYTES)
        api.post("/accounts", account | {"password": password})
        path = f"/accounts/{ACCOUNT}/log-in-link"
        _, link = api.post(path, {"minutes": LINK_MINUTES})
        return f"{api.url}{link['path']}"
