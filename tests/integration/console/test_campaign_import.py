"""Contacts come in by a page: looked at first, then entered; broken files are refused."""

import csv
import io

import httpx
import pytest

from console.accounts.account import Role
from console.body_limit import FILE_BYTES
from outbound.archive import campaign_of, contacts_page
from outbound.contact import ContactState
from tests.fakes.accounts import logged_in
from tests.fakes.console import SmallService
from tests.fakes.follow_ups import fill_campaign

pytestmark = pytest.mark.integration
IMPORT = "/campaigns/november/import"
HEADER = "order_id,number,closed_at,unit"
LIST = f"""{HEADER}
A-1,13812340001,2026-03-01T09:00,市水务局
B-1,13812345678,2026-03-01T09:00,市水务局
B-2,110,2026-03-01T09:00,市水务局
B-3,13812345679,昨天,=1+1
B-1,13812345678,2026-03-01T09:00,市水务局
"""


async def give(
    client: httpx.AsyncClient,
    part: str = "/preview",
    text: str | bytes = LIST,
    name: str = "orders.csv",
    **form: str,
) -> httpx.Response:
    """Give a file, as the page does."""
    content = text.encode() if isinstance(text, str) else text
    return await client.post(
        f"{IMPORT}{part}", files={"file": (name, content)}, data=form
    )


def digest_of(preview: str) -> str:
    """What the page sends with the confirmation."""
    return preview.split('digest": "')[1].split('"')[0]


async def test_file_is_looked_at_first_and_then_entered(service: SmallService) -> None:
    await fill_campaign(service, 1)
    async with logged_in(service.app, Role.CAMPAIGN_MANAGER) as client:
        assert "办结工单文件" in (await client.get(IMPORT)).text
        preview = (await give(client)).text
        assert "确认导入 1 条" in preview
        assert [
            line for line in ("不是市民的电话号码", "不是有效时间") if line in preview
        ]
        assert "13812345678" not in preview
        campaign = await campaign_of(service.database, "november")
        assert sum(campaign.contacts.values()) == 1, "nobody is entered yet"
        done = await give(client, "", digest=digest_of(preview))
        assert "已导入 1 条，原已存在 2 条，未通过 2 条。" in done.text
        campaign = await campaign_of(service.database, "november")
        assert campaign.contacts[ContactState.WAITING] == 2
        assert campaign.state.value == "paused"
        again = (await give(client)).text
        assert "没有可导入的新名单" in again
        assert "import-take" not in again


async def test_refused_lines_are_taken_along_mended_and_given_again(
    service: SmallService,
) -> None:
    await fill_campaign(service, 1)
    async with logged_in(service.app, Role.CAMPAIGN_MANAGER) as client:
        answer = await give(client, "/refused")
        assert (
            'filename="november-refused.csv"' in answer.headers["content-disposition"]
        )
        text = answer.content.decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
        assert [(row["order_id"], row["refused_line"]) for row in rows] == [
            ("B-2", "4"),
            ("B-3", "5"),
        ]
        assert rows[0]["refused_reason"] == "电话号码: 不是市民的电话号码。"
        assert rows[1]["unit"] == "'=1+1", "no cell is a formula"
        mended = text.replace("110", "13900000001").replace("昨天", "2026-03-01T09:00")
        preview = (await give(client, text=mended)).text
        await give(client, "", mended, digest=digest_of(preview))
        records = await contacts_page(service.database, "november")
        units = {each.contact.order_id: each.contact.unit for each in records}
        assert units == {"A-1": "市交通运输局", "B-2": "市水务局", "B-3": "=1+1"}


BROKEN: dict[str, tuple[str | bytes, str]] = {
    "文件不是 UTF-8 编码": (f"{HEADER}\nA-1,138,2026,供水\n".encode("gbk"), "a.csv"),
    "缺少：number, closed_at": ("order_id,unit\nA-1,b\n", "a.csv"),
    "列名重复：unit": (f"{HEADER},unit\n", "a.csv"),
    "文件内容不是名单列表": ('{"order_id": "A-1"}', "a.json"),
    "文件已损坏": ("[{]", "a.json"),
    "文件嵌套过深": ("[" * 100_000, "a.json"),
    "残缺字符": ('[{"order_id": "\\ud800"}]', "a.json"),
}


@pytest.mark.parametrize(("words", "file"), BROKEN.items(), ids=BROKEN)
async def test_broken_file_is_refused_in_words(
    service: SmallService, words: str, file: tuple[str | bytes, str]
) -> None:
    await fill_campaign(service, 1)
    async with logged_in(service.app, Role.CAMPAIGN_MANAGER) as client:
        for part in ("/preview", "", "/refused"):
            answer = await give(client, part, *file)
            assert answer.status_code == 200
            assert words in answer.text, part


async def test_nothing_is_entered_without_a_file_or_of_another_one(
    service: SmallService,
) -> None:
    await fill_campaign(service, 1)
    async with logged_in(service.app, Role.CAMPAIGN_MANAGER) as client:
        nothing = await client.post(f"{IMPORT}/preview", data={"digest": ""})
        assert "请先选择文件" in nothing.text
        empty = await client.post(IMPORT, files={"file": ("", b"")})
        assert "请先选择文件" in empty.text
        digest = digest_of((await give(client)).text)
        other = await give(client, "", LIST.replace("B-1", "C-1"), digest=digest)
        assert "文件与预览时不同" in other.text
        campaign = await campaign_of(service.database, "november")
        assert sum(campaign.contacts.values()) == 1


async def test_file_that_is_too_large_is_refused(service: SmallService) -> None:
    await fill_campaign(service, 1)
    async with logged_in(service.app, Role.CAMPAIGN_MANAGER) as client:
        answer = await give(client, text=b"x" * (FILE_BYTES + 1))
        assert (answer.status_code, "2097152" in answer.text) == (413, True)


async def test_thousands_of_orders_come_in_at_once(service: SmallService) -> None:
    await fill_campaign(service, 1)
    lines = [f"N-{n},1381{n:07},2026-03-01T09:00,市水务局" for n in range(3000)]
    text = "\n".join([HEADER, *lines, "bad,1,2026-03-01T09:00,"])
    async with logged_in(service.app, Role.CAMPAIGN_MANAGER) as client:
        preview = (await give(client, text=text)).text
        assert "确认导入 3000 条" in preview
        assert ">3002<" in preview, "the line of the refused one"
        done = await give(client, "", text, digest=digest_of(preview))
        assert "已导入 3000 条" in done.text


async def test_who_may_not_enter_contacts_may_not_look_either(
    service: SmallService,
) -> None:
    await fill_campaign(service, 1)
    for role in (Role.SHIFT_MANAGER, Role.AUDITOR, Role.AGENT):
        async with logged_in(service.app, role) as client:
            for part in ("/preview", "", "/refused"):
                assert (await give(client, part)).status_code == 403
