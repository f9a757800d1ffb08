"""A floor at noon: the running hotline, its people's phones, browsers before its console."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.async_api import Browser, Page

from config.database import Database
from tests import korean
from tests.browser.desk import Visits
from tests.fakes.accounts import PASSWORD
from tests.fakes.shift_day import record_week
from tests.sip.phone import Phone, PhoneCall
from tests.sip.service.acts import dial_and_press
from tests.sip.service.conftest import secrets_of
from tests.sip.service.hotline_process import HotlineProcess
from tests.sip.service.program import WarmStarter
from tests.sip.service.test_campaigns import noon_zone
from tests.sip.service.test_spoken_follow_up import record_prompts

WANG, LI, ZHANG = "1001", "1002", "1003"
NAMES = {WANG: "王芳", LI: "李强", ZHANG: "张敏"}
HZ = {WANG: 950.0, LI: 1150.0, ZHANG: 1350.0}
CITIZEN = "13812345678"
MANAGER, AGENT, AUDITOR, CAMPAIGNS = "manager", "wang", "auditor", "campaigns"
ACCOUNTS = (
    (MANAGER, "shift_manager", ""),
    (AGENT, "agent", WANG),
    (CAMPAIGNS, "campaign_manager", ""),
    (AUDITOR, "auditor", ""),
)
PEOPLE = """\
id,name,posts,contact,queues,recall_number,home_minutes
1001,王芳,phones,{of_1001},general,,
1002,李强,phones,{of_1002},general,,
1003,张敏,dispatch;phones,{of_1003},general,,
2001,赵磊,phones,sip:2001@127.0.0.1:9,general,13900000001,10
"""
SECRETS = {*NAMES.values(), "赵磊", "13900000001"}
ROSTER = "1001 phones", "1002 phones", "1003 dispatch"
SETTINGS = """\
[ivr]
prompts_dir = "{prompts}"
[speech]
recognition_models = {{ko = "{model}"}}
recognition_workers = 1
[outbound]
lines = 1
windows = ["08:00-21:00"]
workdays_only = false
review_below = 0.99
[[dispositions]]
code = "water"
title = "供水"
[[trunks]]
name = "telecom"
host = "{host}"
port = {port}
caller_numbers = ["053112345"]
options_seconds = 0
"""


@dataclass(slots=True, kw_only=True)
class Floor:
    """Three agents' phones by their ids, a citizen's and the city's, all independent.

    王芳 and 李强 are rostered on the phones and 张敏 at dispatch; 赵磊 is off duty.
    """

    hotline: HotlineProcess
    phones: dict[str, Phone]
    citizen: Phone
    city: Phone
    visits: Visits

    async def sees(self, account: str, path: str, **options: object) -> Page:
        """A page that somebody who has just logged in has opened."""
        page = await self.visits.of_account(account, **options)
        await page.goto(f"{self.visits.url}{path}")
        return page

    async def logs(self, what: str, *agents: str) -> None:
        """`login` or `logout` these agents by the command line."""
        for agent in agents:
            await done(self.hotline, "agents", what, agent)

    async def calls(self) -> PhoneCall:
        """The citizen calls, and asks for a person at once."""
        return await dial_and_press(self.citizen, self.hotline, user=CITIZEN)


async def open_phone(address: str, hz: float = 0) -> Phone:
    """A phone that sounds a tone when it is called."""
    phone = await Phone.open(("127.0.0.1", 1), address)
    phone.hz = hz
    return phone


@asynccontextmanager
async def open_floor(
    folder: Path, starter: WarmStarter, browser: Browser
) -> AsyncIterator[Floor]:
    """Start the service with a week of calls behind it; nobody is logged in yet."""
    phones = {who: await open_phone("127.0.0.3", hz) for who, hz in HZ.items()}
    citizen, city = await open_phone("127.0.0.2"), await open_phone("127.0.0.5")
    record_prompts(folder / "own-prompts")
    zone = ZoneInfo(noon_zone())
    hotline = HotlineProcess(folder, starter, [], **settings(folder, city, zone))
    everybody = [*phones.values(), citizen, city]
    try:
        await begin(hotline, phones, zone)
        for phone in everybody:
            phone.server = ("127.0.0.1", hotline.sip_port)
        url = f"http://127.0.0.1:{hotline.console_port}"
        visits = Visits(browser=browser, url=url)
        yield Floor(
            hotline=hotline, phones=phones, citizen=citizen, city=city, visits=visits
        )
        await visits.close()
    finally:
        await hotline.stop()
        for phone in everybody:
            await phone.close()
    hotline.assert_log_is_sound(secrets_of(everybody) | SECRETS)
    assert visits.faults == [], visits.faults


def settings(folder: Path, city: Phone, zone: ZoneInfo) -> dict[str, str]:
    """It is noon there, and every number of the city is this phone; some speak Korean."""
    host, _, port = city.uri.rpartition("@")[2].partition(":")
    places = {"host": host, "port": port, "model": korean.model()}
    return {
        "hotline": f'drain_seconds = 5\ntimezone = "{zone.key}"',
        "queues": '[[queues]]\nname = "general"\nwrap_up_seconds = 60\n',
        "extra": SETTINGS.format(prompts=folder / "own-prompts", **places),
    }


async def begin(
    hotline: HotlineProcess, phones: dict[str, Phone], zone: ZoneInfo
) -> None:
    """As an operator does: the first start, people and their roster, accounts."""
    hotline.write_config()
    async with Database(f"sqlite+aiosqlite:///{hotline.data}/hotline.sqlite") as past:
        await record_week(past)
    await hotline.start()
    today = datetime.now(zone).date()
    shifts = (f"{who.replace(' ', f',{today},09:00,17:00,')}" for who in ROSTER)
    contacts = {f"of_{who}": phone.uri for who, phone in phones.items()}
    people = PEOPLE.format_map(contacts)
    roster = "\n".join(["person,day,start,end,post", *shifts])
    for what, text in (("people", people), ("roster", roster)):
        file = hotline.folder / f"{what}.csv"
        file.write_text(text, encoding="utf-8")
        await done(hotline, what, "import", str(file))
    for name, role, person in ACCOUNTS:
        words = ("user", "add", name, "--role", role, "--person", person)
        await done(hotline, *words, told=f"{PASSWORD}\n")


async def done(hotline: HotlineProcess, *words: str, told: str = "") -> None:
    """A command of the operator, which must go well."""
    status, said = await hotline.command(*words, told=told)
    assert status == 0, said
