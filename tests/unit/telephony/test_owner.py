"""The thread that owns the library, with a library that is a test's."""

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest

from telephony.calls import TelephonyError
from telephony.pjsua.outbox import Outbox
from telephony.pjsua.owner import OwnerThread


class Library:
    """Something to own; a poll ends when it is woken."""

    def __init__(self, *, fault: Exception | None = None) -> None:
        self.fault = fault
        self.threads: set[str] = set()
        self.polls = 0
        self.closed = False
        self._woken = threading.Event()

    def open(self) -> None:
        self.threads.add(threading.current_thread().name)
        if self.fault:
            raise self.fault

    def wake(self) -> None:
        self._woken.set()

    def poll(self, milliseconds: int) -> None:
        self.polls += 1
        self._woken.wait(milliseconds / 1000)
        self._woken.clear()

    def tidy(self) -> None:
        self.threads.add(threading.current_thread().name)

    def close(self) -> None:
        self.threads.add(threading.current_thread().name)
        self.closed = True


def _thread(library: Library) -> OwnerThread:
    return OwnerThread(library, Outbox(asyncio.get_running_loop()))


@pytest.fixture
async def owner() -> AsyncIterator[OwnerThread]:
    thread = _thread(Library())
    await thread.start()
    yield thread
    await thread.stop()


async def test_everything_happens_on_one_thread() -> None:
    library = Library()
    thread = _thread(library)
    await thread.start()
    name = await thread.do(lambda: threading.current_thread().name)
    await thread.stop()
    assert library.closed
    assert library.threads == {name} == {"pjsip"}


async def test_jobs_run_in_the_order_in_which_they_came(owner: OwnerThread) -> None:
    done: list[int] = []
    for number in range(100):
        owner.post(done.append, number)
    await owner.do(done.append, 100)
    assert done == list(range(101))


async def test_refusal_of_a_job_reaches_the_one_who_asked(owner: OwnerThread) -> None:
    def refuse() -> None:
        raise TelephonyError("not now")

    with pytest.raises(TelephonyError, match="not now"):
        await owner.do(refuse)
    assert await owner.do(lambda: 1) == 1


async def test_fault_of_a_job_is_logged_and_ends_nothing(
    owner: OwnerThread, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise ZeroDivisionError("own")

    owner.post(fail)
    with pytest.raises(TelephonyError, match="internal fault"):
        await owner.do(fail)
    assert await owner.do(lambda: 1) == 1
    assert caplog.text.count("ZeroDivisionError: own") == 2


async def test_job_of_a_cancelled_task_still_runs(owner: OwnerThread) -> None:
    done: list[int] = []
    task = asyncio.create_task(owner.do(done.append, 1))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await owner.do(lambda: None)
    assert done == [1]


@pytest.mark.parametrize("fault", [TelephonyError("port in use"), OSError("odd")])
async def test_library_that_does_not_open_is_closed_and_told(fault: Exception) -> None:
    library = Library(fault=fault)
    with pytest.raises(TelephonyError, match=str(fault)):
        await _thread(library).start()
    assert library.closed


async def test_job_that_comes_after_the_end_is_told_so(owner: OwnerThread) -> None:
    await owner.stop()
    with pytest.raises(TelephonyError, match="stopped"):
        await owner.do(lambda: None)
    owner.post(lambda: None)


async def test_jobs_that_wait_at_the_end_are_all_answered() -> None:
    thread = _thread(Library())
    await thread.start()
    tasks = [asyncio.create_task(thread.do(lambda: 1)) for _ in range(50)]
    await asyncio.sleep(0)
    await thread.stop()
    async with asyncio.timeout(2):
        answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(answer, TelephonyError | int) for answer in answers)


async def test_stop_works_twice_and_when_it_was_cancelled() -> None:
    library = Library()
    thread = _thread(library)
    await thread.start()
    stopping = asyncio.create_task(thread.stop())
    await asyncio.sleep(0)
    stopping.cancel()
    await asyncio.wait({stopping})
    await thread.stop()
    await thread.stop()
    assert library.closed


async def test_news_of_many_threads_all_arrive_each_in_order() -> None:
    outbox = Outbox(asyncio.get_running_loop())
    heard: list[tuple[int, int]] = []
    everything = asyncio.Event()

    def hear(thread: int, number: int) -> None:
        heard.append((thread, number))
        if len(heard) == 4000:
            everything.set()

    def tell(thread: int) -> None:
        for number in range(1000):
            outbox.tell(hear, thread, number)

    threads = [threading.Thread(target=tell, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    await asyncio.wait_for(everything.wait(), 5)
    for number in range(4):
        mine = [news for teller, news in heard if teller == number]
        assert mine == list(range(1000))


async def test_news_that_fail_keep_none_of_the_others_back() -> None:
    loop = asyncio.get_running_loop()
    failed: list[object] = []
    loop.set_exception_handler(lambda _, context: failed.append(context))
    outbox = Outbox(loop)
    heard: asyncio.Queue[int] = asyncio.Queue()

    def fail() -> None:
        raise ZeroDivisionError

    outbox.tell(fail)
    outbox.tell(heard.put_nowait, 1)
    assert await asyncio.wait_for(heard.get(), 1) == 1
    assert len(failed) == 1
