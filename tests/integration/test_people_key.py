"""The key of the recall numbers: made at the first start, and never another one after."""

import base64
from pathlib import Path

import pytest

from acd.people.archive import keep_person
from acd.people.person import Person, Post
from config.database import Database
from config.key_file import KeyFileError
from config.settings import HotlineSection, Settings
from hotline.people.desk import open_seal
from tests.fakes.call_events import START

pytestmark = pytest.mark.integration
ZHAO = Person(id="3001", name="赵敏", posts=(Post.QUALITY,))


async def test_service_does_not_start_with_another_key(tmp_path: Path) -> None:
    settings = Settings(hotline=HotlineSection(data_dir=tmp_path))
    file = settings.people_key_file
    async with Database(settings.database_url) as database:
        seal = await open_seal(settings, database)
        async with database.begin() as connection:
            kept = seal.close("+8613812345678", ZHAO.id)
            await keep_person(connection, ZHAO, kept, START)
        await open_seal(settings, database)
        key = file.read_bytes()
        file.write_bytes(base64.b64encode(b"x" * 32))
        with pytest.raises(KeyFileError, match="put the key file back"):
            await open_seal(settings, database)
        file.unlink()
        with pytest.raises(KeyFileError, match="from a backup"):
            await open_seal(settings, database)
        assert not file.exists(), "no new key is made"
        file.touch(0o600)
        file.write_bytes(key)
        await open_seal(settings, database)
