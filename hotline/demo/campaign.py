"""The demo's follow-up calls, as a campaign manager runs them over the HTTP API."""

import asyncio
from contextlib import suppress

from config.settings import Settings
from hotline.api_client import ApiClient, RequestRefused, ServiceUnreachable
from hotline.demo.outside import CAMPAIGN, orders
from hotline.demo.past import City

LOOK_SECONDS = 0.5


def begin_follow_ups(settings: Settings, city: City) -> None:
    """Enter the closed orders, and let their citizens be called from now on."""
    with ApiClient(settings) as api:
        api.post(f"/campaigns/{CAMPAIGN}/contacts", {"contacts": orders(city)})
        api.post(f"/campaigns/{CAMPAIGN}/start", {})


async def follow_ups_over(settings: Settings, seconds: float) -> bool:
    """Let nobody more be called; false when calls go on for longer than that."""
    with ApiClient(settings) as api:
        try:
            async with asyncio.timeout(seconds):
                await asyncio.to_thread(_pause, api)
                while await asyncio.to_thread(_under_way, api):  # noqa: ASYNC110 - asked
                    await asyncio.sleep(LOOK_SECONDS)
        except (TimeoutError, ServiceUnreachable):
            return False
    return True


def _pause(api: ApiClient) -> None:
    with suppress(RequestRefused):  # whoever watches has ended it for good
        api.post(f"/campaigns/{CAMPAIGN}/pause", {})


def _under_way(api: ApiClient) -> int:
    return int(api.get("/dialler")["under_way"])
