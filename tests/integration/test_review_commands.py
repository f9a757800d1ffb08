"""`hotline campaigns review` and `deliveries`, against a running service."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path

import pytest
import soundfile
from typer.testing import Result

from console.server import HttpServer
from hotline import campaign_commands, review_commands
from outbound.deliveries.delivery import DeliveryState
from outbound.deliveries.store import DeliveryStore, deliveries_page
from tests.fakes.console import SmallService
from tests.integration import test_api_reviews as clips
from tests.integration.test_api_commands import config
from tests.integration.test_queue_commands import run

pytestmark = pytest.mark.integration
doubtful = clips.service
CLIP = "CALL:solved"


@pytest.fixture
async def service(
    doubtful: SmallService, tmp_path: Path
) -> AsyncIterator[SmallService]:
    """A service with one doubtful answer, and its console on a port."""
    async with HttpServer(doubtful.app, ip_address("127.0.0.1"), 0) as server:
        config(tmp_path, server.port)
        yield doubtful


async def campaigns(directory: Path, *words: str) -> Result:
    """Run `hotline campaigns`."""
    return await run(campaign_commands.app, directory, *words)


async def test_doubtful_answer_is_listed_heard_and_set(
    service: SmallService, tmp_path: Path
) -> None:
    await clips.record(service, 20)
    listed = (await campaigns(tmp_path, "review", "list")).output
    assert CLIP in listed
    assert "low confidence" in listed
    file = tmp_path / "clip.flac"
    exported = await campaigns(
        tmp_path, "review", "export", CLIP, "--output", str(file)
    )
    assert exported.exit_code == 0, exported.output
    assert soundfile.info(file).duration == pytest.approx(4.6)
    done = await campaigns(tmp_path, "review", "set", CLIP, "no", "--by", "王")
    assert done.output == f"{CLIP} is no, by 王\n"
    again = await campaigns(tmp_path, "review", "list")
    assert again.output == "No answer waits for a person.\n"
    results = await campaigns(tmp_path, "results", "november", "--json")
    assert json.loads(results.output)[0]["reviewed"] == 1


async def test_clip_is_played_by_the_first_player_that_is_there(
    service: SmallService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await clips.record(service, 20)
    player = tmp_path / "player"
    player.write_text(f'#!/bin/sh\ncp "$1" {tmp_path}/played.wav\n', "utf-8")
    player.chmod(0o755)
    monkeypatch.setattr(review_commands, "PLAYERS", (("not-here",), (str(player),)))
    played = await campaigns(tmp_path, "review", "play", CLIP)
    assert played.exit_code == 0, played.output
    assert soundfile.info(tmp_path / "played.wav").channels == 2
    monkeypatch.setattr(review_commands, "PLAYERS", (("not-here",),))
    silent = await campaigns(tmp_path, "review", "play", CLIP)
    assert "no player is here (not-here)" in silent.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("set", "CALL:solved", "maybe"),
            "solved can be answered with: no, opted_out, partly",
        ),
        (("set", "CALL", "no"), "'CALL' is no clip; write CALL:QUESTION"),
        (("set", "CALL:other", "no"), "There is no clip CALL:other"),
        (("export", "CALL:solved", "--output", "clip.mp3"), "neither .wav nor .flac"),
        (("export", "CALL:solved", "--output", "clip.wav"), "has no recording"),
    ],
)
async def test_what_cannot_be_is_said(
    service: SmallService, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    result = await campaigns(tmp_path, "review", *words)
    assert (result.exit_code, said in result.output) == (1, True), result.output


async def test_dead_delivery_is_listed_and_sent_again(
    service: SmallService, tmp_path: Path
) -> None:
    (entered,) = await deliveries_page(service.database)
    dead = replace(
        entered, state=DeliveryState.DEAD, due_at=None, tries=9, why_not="HTTP 500"
    )
    await DeliveryStore(service.database).save(dead)
    listed = await campaigns(tmp_path, "deliveries", "list", "--state", "dead")
    assert entered.id in listed.output
    assert "HTTP 500" in listed.output
    unnamed = await campaigns(tmp_path, "deliveries", "again")
    assert "name one delivery, or write --dead" in unnamed.output
    again = await campaigns(tmp_path, "deliveries", "again", "--dead")
    assert again.output == "1 deliveries are sent again\n"
    (pending,) = await deliveries_page(service.database)
    assert (pending.state, pending.tries) == (DeliveryState.PENDING, 0)
    one = await campaigns(tmp_path, "deliveries", "again", entered.id)
    assert one.output == f"delivery {entered.id} is sent again\n"
