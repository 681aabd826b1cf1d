"""How many at once: no more requests of a client are under way than it may have, whatever asks for them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, nullcontext
from threading import Event, Lock, Thread

import pytest

from acudata import AcumaticaClient, AcumaticaError
from acudata.queries import custom
from acudata.sandbox import Sandbox, SandboxSettings
from acudata.transport.auth import SIGN_OUT
from acudata.transport.cookies import Cookies
from acudata.transport.exchange import Ask, Reply
from acudata.transport.slots import Slots
from acudata.transport.waiting import Waiting
from acudata.transport.wire import Wire
from tests.conftest import connect

COMPUTED = {"Customer": {"CreditLimit": "CreditView"}}


class Gauge:
    """Counts the requests that are on the wire, sign-outs aside, and the most that ever were."""

    def __init__(self) -> None:
        self.now = self.most = self.all = 0
        self._lock = Lock()

    @contextmanager
    def counted(self) -> Iterator[None]:
        self._add(1)
        try:
            yield
        finally:
            self._add(-1)

    def _add(self, number: int) -> None:
        with self._lock:
            self.now += number
            self.all += max(number, 0)
            self.most = max(self.most, self.now)


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(seats=50, settings=SandboxSettings(computed=COMPUTED)) as box:
        yield box


@pytest.fixture
def gauge(monkeypatch: pytest.MonkeyPatch) -> Gauge:
    gauge, send = Gauge(), Wire.send

    def counted(wire: Wire, ask: Ask, cookies: Cookies) -> Reply:
        with gauge.counted() if ask.path != SIGN_OUT else nullcontext():
            return send(wire, ask, cookies)

    monkeypatch.setattr(Wire, "send", counted)
    return gauge


def by_key(client: AcumaticaClient) -> None:
    client.customers.to_frame(columns="CustomerID,CreditLimit", top=40, page_size=10, on_unoptimised="by_key")


def in_chunks(client: AcumaticaClient) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(custom, "PER_REQUEST", 2)
        client.customers.to_frame(expand="MainContact", on_unoptimised="narrow", page_size=60)


def together(client: AcumaticaClient) -> None:
    calls = [(client.sales_orders.get_by_keys, "SO", f"{number:06}") for number in range(1, 20)]
    client.batch(calls, max_concurrent=8).raise_for_failure()


def by_threads(client: AcumaticaClient) -> None:
    with ThreadPoolExecutor(4) as pool:
        frames = [pool.submit(client.contacts.to_frame, page_size=100, select="ContactID") for _ in range(4)]
        assert len({len(frame.result()) for frame in frames}) == 1


@pytest.mark.filterwarnings("ignore::acudata.notices.NarrowedWarning")
@pytest.mark.parametrize("work", [by_key, in_chunks, together, by_threads])
@pytest.mark.parametrize("allowed", [1, 2])
def test_no_more_are_under_way(
    box: Sandbox, gauge: Gauge, work: Callable[[AcumaticaClient], None], allowed: int
) -> None:
    with connect(box, max_concurrent_requests=allowed) as client:
        work(client)
    assert gauge.all > 10
    assert gauge.most <= allowed


def test_calls_that_sign_in_by_themselves_need_no_second_slot(box: Sandbox, gauge: Gauge) -> None:
    with connect(box, max_concurrent_requests=1, persistent_login=False) as client:
        together(client)
    assert gauge.most == 1


def test_a_new_sign_in_in_the_midst_of_calls_takes_a_slot_too(box: Sandbox, gauge: Gauge) -> None:
    forget = box.before(lambda _: box.recycle(), "*/SalesOrder/*", number=5)
    with connect(box, max_concurrent_requests=2) as client:
        together(client)
    forget()
    assert gauge.most <= 2


def test_the_first_to_come_is_the_first_to_be_served() -> None:
    slots, order, waiting = Slots(1, waiting=Waiting()), [], []

    def call(number: int) -> None:
        with slots.held():
            order.append(number)

    with slots.held():
        for number in range(5):
            waiting.append(Thread(target=call, args=[number]))
            waiting[-1].start()
            while len(slots._queue) <= number:
                Event().wait(0.001)
    for thread in waiting:
        thread.join()
    assert order == list(range(5))


def test_an_error_frees_the_slot() -> None:
    slots = Slots(1, waiting=Waiting())
    with pytest.raises(ZeroDivisionError), slots.held():
        _ = 1 / 0
    with slots.held():
        pass


@pytest.mark.parametrize("is_handed_over", [False, True])
def test_who_gives_up_takes_no_slot_along(*, is_handed_over: bool) -> None:
    """The turn may come in the very moment in which somebody stops waiting for it, as at Ctrl-C."""

    class Interrupted(Waiting):
        def until(self, turn: Event) -> None:
            if is_handed_over:
                slots._give()
                assert turn.is_set()
            raise KeyboardInterrupt

    slots = Slots(1, waiting=Interrupted())
    with ExitStack() as stack:
        stack.enter_context(slots.held())
        with pytest.raises(KeyboardInterrupt), slots.held():
            pass
        if is_handed_over:
            stack.pop_all()
    with slots.held():
        pass


def test_who_waits_is_told_when_the_client_is_closed() -> None:
    waiting = Waiting()
    slots, held, errors = Slots(1, waiting=waiting), Event(), []

    def call() -> None:
        held.set()
        try:
            with slots.held():
                pass
        except AcumaticaError as error:
            errors.append(str(error))

    with slots.held():
        thread = Thread(target=call)
        thread.start()
        held.wait()
        waiting.end()
        thread.join()
    assert "client is closed" in errors[0]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_child_has_all_slots() -> None:
    slots = Slots(1, waiting=Waiting())
    with slots.held():
        child = os.fork()
        if not child:
            with slots.held():
                os._exit(7)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
