"""Reports as PDF: set by the worker process, read back with their Chinese."""

import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from acd.statistics.reporter import Reporter
from config.settings import ConsoleSection, HotlineSection, Settings
from console.accounts.account import Role
from console.pages.markdown import Block
from console.printing import font
from console.printing.document import MOST_CELLS, Document, block
from console.printing.pdf import pdf_of
from console.printing.worker import PrintRefused, prints
from hotline.check_print import check_print
from hotline.finding import Verdict
from tests.fakes import call_events as told
from tests.fakes.accounts import logged_in
from tests.fakes.console import SmallService

pytestmark = pytest.mark.integration
DAY = "2026-07-20"
A4 = {595, 842}


def pages_of(body: bytes) -> list[str]:
    """The words of each page."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(body)).pages]


@pytest.fixture
async def reported(service: SmallService) -> SmallService:
    """One call was answered and two were given up, on a Monday and on the day after."""
    await service.record(
        *told.answered_call("A"),
        *told.abandoned_call("B", caller="+8613900000001"),
        *told.abandoned_call("C", start=told.after(86400), caller="+8613900000002"),
    )
    return service


@pytest.mark.parametrize("period", ["day", "week", "month"])
async def test_period_is_set_in_chinese_on_a4(
    reported: SmallService, period: str
) -> None:
    async with logged_in(reported.app, Role.SHIFT_MANAGER) as client:
        page = (await client.get(f"/reports?period={period}&date={DAY}")).text
        found = re.search(rf'href="(/api/v1/reports/{period}/sheet\?[^"]*pdf)"', page)
        assert found, page
        answer = await client.get(found[1].replace("&amp;", "&"))
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].endswith('.pdf"')
    reader = PdfReader(io.BytesIO(answer.content))
    assert {round(float(side)) for side in reader.pages[0].mediabox[2:]} == A4
    words = "".join(pages_of(answer.content))
    expected = {
        "day": ("报表: 2026-07-20", "按小时", "50.0 % 1/2"),
        "week": ("报表: 2026-07-20 – 2026-07-26", "按日", "33.3 % 1/3"),
        "month": ("报表: 2026-07-01 – 2026-07-31", "2026-07-21", "33.3 % 1/3"),
    }[period]
    for part in (*expected, "按队列", "按坐席", "接通率", "1001 Agent 1", "general"):
        assert part.replace(" ", "") in re.sub(r"\s", "", words), part


async def test_pdf_speaks_the_language_that_is_asked_for(
    reported: SmallService,
) -> None:
    path = f"/api/v1/reports/day/sheet?date={DAY}&format=pdf&language=en"
    async with reported.client() as client:
        words = "".join(pages_of((await client.get(path)).content))
    assert "By queue" in words
    assert "队列" not in words


async def test_daily_review_is_a_sheet_to_sign(reported: SmallService) -> None:
    async with logged_in(reported.app, Role.AUDITOR) as client:
        page = (await client.get(f"/reports/daily?date={DAY}")).text
        address = f"/api/v1/reports/daily-review/pdf?date={DAY}&amp;language=zh"
        assert f'href="{address}"' in page
        answer = await client.get(address.replace("&amp;", "&"))
        words = "".join(pages_of(answer.content))
        assert "日清日结（草稿） 2026-07-20 星期一" in words
        for part in ("接通率", "备注与签字", "值班长", "1 / "):
            assert part in words, part
        yesterday = reported.view.statistics.today() - timedelta(days=1)
        usual = await client.get("/api/v1/reports/daily-review/pdf")
        assert f"{yesterday}.pdf" in usual.headers["content-disposition"]


def long(rows: int) -> Document:
    """A table over several pages."""
    lines = tuple((f"坐席 {n}", f"{n}", "+8613900000001") for n in range(rows))
    table = Block(kind="table", rows=(("姓名", "来电", "号码"), *lines))
    foot = "第 %(page)s 页，共 %(pages)s 页"
    return Document(title="长表", blocks=(table,), foot=foot, language="zh")


async def test_long_table_goes_on_with_its_head_on_each_page() -> None:
    async with Reporter("", prints(None)) as documents:
        pages = pages_of(await documents.make(long(150)))
    assert len(pages) > 2
    assert all("姓名" in page for page in pages)
    assert f"第 2 页，共 {len(pages)} 页" in pages[1]
    assert "坐席 149" in pages[-1]


async def test_too_much_is_refused_and_the_process_stays() -> None:
    async with Reporter("", prints(None)) as documents:
        with pytest.raises(PrintRefused, match="too much"):
            await documents.make(long(MOST_CELLS // 3 + 1))
        first = documents.process_id
        assert await documents.make(long(1))
        assert documents.process_id == first


async def test_font_that_is_none_is_said(tmp_path: Path) -> None:
    no_font = tmp_path / "none.ttf"
    no_font.write_text("this is no font")
    for file, words in ((no_font, "cannot be put"), (tmp_path / "no", "no font")):
        async with Reporter("", prints(file)) as documents:
            with pytest.raises(PrintRefused, match=words):
                await documents.make(long(1))


async def test_refusal_of_a_pdf_has_its_name_and_leaves_the_page(
    service: SmallService,
) -> None:
    async with Reporter("", prints(Path("/no/font"))) as documents:
        object.__setattr__(service.view, "documents", documents)
        async with service.client() as client:
            answer = await client.get("/api/v1/reports/day/sheet?format=pdf")
    assert (answer.status_code, answer.json()["error_id"]) == (503, "print_refused")
    assert "print_font" in answer.json()["message"]


def test_check_says_whether_a_pdf_can_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(hotline=HotlineSection(data_dir=tmp_path))
    (found,) = check_print(settings)
    assert found.verdict is Verdict.GOOD
    monkeypatch.setattr(font, "FONTS", ())
    (found,) = check_print(settings)
    assert found.verdict is Verdict.WARNING
    assert "fonts-wqy-microhei" in found.words
    chosen = ConsoleSection(print_font=tmp_path / "no.ttf")
    (found,) = check_print(settings.model_copy(update={"console": chosen}))
    assert "no.ttf" in found.words


def test_text_is_no_markup_and_a_letter_that_no_font_has_is_not_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    texts = "**王** __y__ %(x)s 100 % 😀", "<b>李</b>"
    rows = (("姓名", "来电"), texts)
    blocks = (block("h1", texts[0]), Block(kind="table", rows=rows))
    document = Document(title="x", blocks=blocks, foot="", language="zh")
    (words,) = pages_of(pdf_of(document, font.find_font(None)))
    assert words.count("**王** __y__ %(x)s 100 %") == 2
    assert "<b>李</b>" in words
    assert caplog.text == ""
