"""The API seat: signing in once, signing in again once, never twice with a refused password, always signing out."""

from __future__ import annotations

import gc
import json
import logging
import threading
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest

from acudata.errors import (
    AcumaticaAuthError,
    AcumaticaConnectionError,
    AcumaticaError,
    AcumaticaPermissionError,
    AcumaticaSeatError,
    AcumaticaServerError,
    AcumaticaTimeoutError,
)
from acudata.sandbox import Sandbox, SandboxSettings
from acudata.transport import Session
from tests.transport.conftest import (
    PASSWORD,
    SIGN_IN,
    SIGN_OUT,
    Answer,
    Open,
    ScriptedServer,
    answer,
    settings_for,
    signed_in,
)

CUSTOMERS = "entity/Default/24.200.001/Customer"
REFUSAL = answer(500, {"exceptionMessage": "Invalid credentials.", "exceptionType": "PX.Data.PXException"})
ENDED = answer(401, {"message": "You are not logged in."})


class Clock:
    """A clock that goes when it is told to."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


Serve = Callable[..., Sandbox]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a sandbox of its own."""
    with ExitStack() as stack:

        def start(**options: Any) -> Sandbox:
            return stack.enter_context(Sandbox(**options))

        yield start


def seats_taken(box: Sandbox) -> int:
    return box.instance.signin.seats_taken


def test_nobody_signs_in_before_the_first_call(serve: Serve, connect: Open) -> None:
    box = serve()
    session = connect(box)
    assert seats_taken(box) == 0
    assert len(session.get(CUSTOMERS, params={"$top": 2}).json()) == 2
    assert seats_taken(box) == 1


def test_signing_in_early_is_possible(serve: Serve, connect: Open) -> None:
    box = serve()
    session = connect(box)
    session.sign_in()
    session.sign_in()
    assert seats_taken(box) == 1


def test_the_sign_in_names_user_tenant_branch_and_locale(server: ScriptedServer, connect: Open) -> None:
    connect(server, tenant="Company", branch="MAIN", locale="de-CH").sign_in()
    (asked,) = server.asked
    assert json.loads(asked.body) == {
        "name": "api",
        "password": PASSWORD,
        "tenant": "Company",
        "branch": "MAIN",
        "locale": "de-CH",
    }
    assert asked.headers["Content-Type"] == "application/json"


def test_what_is_not_set_is_not_sent(server: ScriptedServer, connect: Open) -> None:
    connect(server).sign_in()
    assert json.loads(server.asked[0].body) == {"name": "api", "password": PASSWORD}


def test_every_cookie_of_the_sign_in_goes_back(server: ScriptedServer, connect: Open) -> None:
    locale = (
        "Set-Cookie",
        "Locale=Culture=en-US&TimeZone=GMTM0500G; expires=Fri, 01-Jan-2099 00:00:00 GMT; path=/",
    )
    stat = ("Set-Cookie", "requeststat=+st:126+sc:~/entity/auth/login+start:638+tg:; path=/")
    server.script(
        "entity/auth/login", Answer(204, b"", (*signed_in().headers, locale, *signed_in().headers, stat))
    )
    connect(server).get("entity")
    assert server.asked[-1].headers["Cookie"].split("; ") == [
        "ASP.NET_SessionId=session1",
        ".ASPXAUTH=ticket1",
        "Locale=Culture=en-US&TimeZone=GMTM0500G",
        "requeststat=+st:126+sc:~/entity/auth/login+start:638+tg:",
    ]


def test_cookies_that_later_answers_change_are_followed(server: ScriptedServer, connect: Open) -> None:
    server.script("first", Answer(200, b"[]", (("Set-Cookie", ".ASPXAUTH=renewed; path=/"),)))
    session = connect(server)
    session.get("first")
    session.get("second")
    assert server.asked[-1].headers["Cookie"] == "ASP.NET_SessionId=session1; .ASPXAUTH=renewed"


def test_two_sessions_share_no_cookies(server: ScriptedServer, connect: Open) -> None:
    one, other = connect(server), connect(server)
    one.get("entity")
    other.get("entity")
    one.get("entity")
    cookies = [asked.headers["Cookie"] for asked in server.asked if asked.path == "/Live/entity"]
    assert [cookie.partition(";")[0] for cookie in cookies] == [
        "ASP.NET_SessionId=session1",
        "ASP.NET_SessionId=session2",
        "ASP.NET_SessionId=session1",
    ]


def test_threads_that_begin_together_sign_in_once(serve: Serve, connect: Open) -> None:
    box = serve(seats=1)
    session = connect(box)
    with ThreadPoolExecutor(12) as threads:
        pages = list(
            threads.map(lambda skip: session.get(CUSTOMERS, params={"$top": 1, "$skip": skip}), range(12))
        )
    assert len({page.content for page in pages}) == 12
    assert seats_taken(box) == 1


def test_a_session_that_idled_out_is_signed_in_again(serve: Serve, connect: Open) -> None:
    clock = Clock()
    box = serve(seats=1, clock=clock, settings=SandboxSettings(idle_timeout=600))
    session = connect(box)
    session.get(CUSTOMERS, params={"$top": 1})
    clock.now += 601
    assert session.get(CUSTOMERS, params={"$top": 1}).ok
    assert seats_taken(box) == 1


def test_without_retry_on_idle_logout_the_401_is_told(serve: Serve, connect: Open) -> None:
    clock = Clock()
    box = serve(clock=clock)
    session = connect(box, retry_on_idle_logout=False)
    session.get("entity")
    clock.now += 601
    with pytest.raises(AcumaticaAuthError, match="leave retry_on_idle_logout on") as caught:
        session.get(CUSTOMERS)
    assert caught.value.status_code == 401


@pytest.mark.parametrize("method", ["get", "put", "post", "delete"])
def test_every_method_is_repeated_once_after_a_401(
    method: str, server: ScriptedServer, connect: Open
) -> None:
    server.script("entity/Bill", ENDED, answer(200, [1]))
    session = connect(server)
    assert getattr(session, method)("entity/Bill").json() == [1]
    assert server.count("POST", SIGN_IN) == 2
    assert server.calls == [f"{method.upper()} /Live/entity/Bill"] * 2


def test_a_second_401_is_told_and_not_repeated(server: ScriptedServer, connect: Open) -> None:
    server.script("entity/Bill", ENDED)
    with pytest.raises(AcumaticaAuthError, match="You are not logged in"):
        connect(server).get("entity/Bill")
    assert (server.count("POST", SIGN_IN), len(server.calls)) == (2, 2)


def test_missing_rights_are_no_reason_to_sign_in_again(server: ScriptedServer, connect: Open) -> None:
    server.script("entity/Bill", answer(403))
    with pytest.raises(AcumaticaPermissionError):
        connect(server).get("entity/Bill")
    assert server.count("POST", SIGN_IN) == 1


def test_threads_that_meet_the_end_of_a_session_together_sign_in_once(
    server: ScriptedServer, connect: Open
) -> None:
    together = threading.Barrier(20, timeout=10)
    ended = Answer(401, b"", ENDED.headers, before=together.wait)
    server.script("entity/Bill", *[ended] * 20, answer(200, []))
    session = connect(server, max_concurrent_requests=20)
    session.sign_in()
    with ThreadPoolExecutor(20) as threads:
        replies = list(threads.map(lambda _: session.get("entity/Bill"), range(20)))
    assert all(reply.ok for reply in replies)
    assert server.count("POST", SIGN_IN) == 2


def test_a_late_answer_of_the_ended_session_does_not_spoil_the_new_one(
    server: ScriptedServer, connect: Open
) -> None:
    renewed = threading.Event()
    dead = (("Set-Cookie", ".ASPXAUTH=; expires=Tue, 12-Oct-1999 04:00:00 GMT; path=/"),)
    server.script("late", Answer(200, b"[]", dead, before=lambda: renewed.wait(10)))
    server.script("early", ENDED, answer(200, []))
    session = connect(server)
    session.sign_in()
    with ThreadPoolExecutor(1) as thread:
        late = thread.submit(session.get, "late")
        session.get("early")
        renewed.set()
        late.result()
    session.get("entity")
    assert server.asked[-1].headers["Cookie"] == "ASP.NET_SessionId=session2; .ASPXAUTH=ticket2"


def test_a_renewed_sign_in_carries_the_old_cookies_so_that_the_seat_can_be_kept(
    server: ScriptedServer, connect: Open
) -> None:
    server.script("entity/Bill", ENDED, answer(200, []))
    connect(server).get("entity/Bill")
    second = [asked for asked in server.asked if asked.path == SIGN_IN][1]
    assert second.headers["Cookie"] == "ASP.NET_SessionId=session1; .ASPXAUTH=ticket1"


def test_a_wrong_password_is_sent_exactly_once(server: ScriptedServer, connect: Open) -> None:
    server.script("entity/auth/login", REFUSAL)
    session = connect(server)
    for _ in range(3):
        with pytest.raises(AcumaticaAuthError, match="Invalid credentials"):
            session.get(CUSTOMERS)
    with pytest.raises(AcumaticaAuthError, match="will not be tried again"):
        session.sign_in()
    session.close()
    assert [asked.path for asked in server.asked] == [SIGN_IN]


def test_threads_with_a_wrong_password_send_it_once_too(server: ScriptedServer, connect: Open) -> None:
    server.script("entity/auth/login", REFUSAL)
    session = connect(server)

    def refused(_: int) -> str:
        with pytest.raises(AcumaticaAuthError) as caught:
            session.get(CUSTOMERS)
        return str(caught.value)

    with ThreadPoolExecutor(10) as threads:
        assert len(set(threads.map(refused, range(10)))) == 1
    assert len(server.asked) == 1


def test_a_password_that_changed_meanwhile_is_sent_once(server: ScriptedServer, connect: Open) -> None:
    server.script("entity/auth/login", signed_in(), REFUSAL)
    server.script("entity/Bill", ENDED)
    session = connect(server)
    for _ in range(3):
        with pytest.raises(AcumaticaAuthError, match="Invalid credentials"):
            session.get("entity/Bill")
    assert server.count("POST", SIGN_IN) == 2


def test_the_sandbox_does_not_lock_the_user_out(serve: Serve, connect: Open) -> None:
    box = serve(settings=SandboxSettings(lockout_after=2))
    wrong = connect(box, password="wrong")
    for _ in range(5):
        with pytest.raises(AcumaticaAuthError, match="Invalid credentials"):
            wrong.get(CUSTOMERS)
    connect(box).sign_in()
    assert seats_taken(box) == 1


def test_an_unknown_tenant_is_told(serve: Serve, connect: Open) -> None:
    with pytest.raises(AcumaticaAuthError, match="to tenant 'Nowhere'"):
        connect(serve(), tenant="Nowhere").sign_in()


@pytest.mark.parametrize("form", ["json", "text", "html", "redirect"])
def test_no_free_seat_is_told_and_can_be_tried_again(form: Any, serve: Serve, connect: Open) -> None:
    box = serve(seats=1, settings=SandboxSettings(seat_refusal=form))
    first, second = connect(box), connect(box)
    first.sign_in()
    with pytest.raises(AcumaticaSeatError, match="all of them are taken"):
        second.sign_in()
    first.close()
    second.sign_in()
    assert seats_taken(box) == 1


def test_the_limit_of_a_user_is_a_missing_seat_too(serve: Serve, connect: Open) -> None:
    box = serve(settings=SandboxSettings(logins_per_user=1))
    connect(box).sign_in()
    with pytest.raises(AcumaticaSeatError, match="SM201010"):
        connect(box).sign_in()


@pytest.mark.parametrize("reply", [answer(503), answer(429), answer(500)])
def test_a_sign_in_is_never_tried_again_by_itself(
    reply: Answer, server: ScriptedServer, connect: Open, sleeps: list[float]
) -> None:
    server.script("entity/auth/login", reply)
    with pytest.raises(AcumaticaError):
        connect(server).get("entity")
    assert (len(server.asked), sleeps) == (1, [])


def test_a_refused_sign_in_is_not_signed_out(server: ScriptedServer, connect: Open) -> None:
    server.script("entity/auth/login", answer(503, None, Set_Cookie="balancer=1; path=/"))
    with pytest.raises(AcumaticaServerError):
        connect(server).get("entity")
    assert [asked.path for asked in server.asked] == [SIGN_IN]


def test_a_sign_in_that_breaks_off_is_signed_out(server: ScriptedServer, connect: Open) -> None:
    server.script("entity/auth/login", Answer(200, b"[", signed_in().headers, cut=5))
    with pytest.raises(AcumaticaConnectionError):
        connect(server).get("entity")
    assert [asked.path for asked in server.asked] == [SIGN_IN, SIGN_OUT]
    assert server.asked[1].headers["Cookie"] == "ASP.NET_SessionId=session1; .ASPXAUTH=ticket1"


def test_a_sign_in_after_trouble_may_be_asked_for_again(server: ScriptedServer, connect: Open) -> None:
    server.script("entity/auth/login", answer(503), signed_in())
    session = connect(server)
    with pytest.raises(AcumaticaServerError):
        session.get("entity")
    assert session.get("entity").ok


def test_closing_signs_out_with_a_length_and_frees_the_seat(
    serve: Serve, server: ScriptedServer, connect: Open
) -> None:
    box = serve()
    session = connect(box)
    session.sign_in()
    session.close()
    assert seats_taken(box) == 0

    scripted = connect(server)
    scripted.sign_in()
    scripted.close()
    (asked,) = [asked for asked in server.asked if asked.path == SIGN_OUT]
    assert (asked.method, asked.headers["Content-Length"], asked.body) == ("POST", "0", b"")
    assert asked.headers["Cookie"] == "ASP.NET_SessionId=session1; .ASPXAUTH=ticket1"


def test_closing_twice_signs_out_once(server: ScriptedServer, connect: Open) -> None:
    session = connect(server)
    session.get("entity")
    session.close()
    session.close()
    assert server.count("POST", SIGN_OUT) == 1


def test_closing_an_unused_session_asks_nothing(server: ScriptedServer, connect: Open) -> None:
    connect(server).close()
    assert server.asked == []


def test_a_closed_session_says_so(server: ScriptedServer, connect: Open) -> None:
    session = connect(server)
    session.close()
    with pytest.raises(AcumaticaError, match="The client is closed"):
        session.get("entity")
    assert server.asked == []


def test_signing_out_is_not_for_good(serve: Serve, connect: Open) -> None:
    box = serve()
    session = connect(box)
    session.sign_in()
    session.sign_out()
    assert seats_taken(box) == 0
    assert session.get(CUSTOMERS, params={"$top": 1}).ok


def test_the_end_of_a_block_frees_the_seat_also_after_an_error(serve: Serve) -> None:
    box = serve()

    def fail() -> None:
        with Session(settings_for(box)) as session:
            session.sign_in()
            assert seats_taken(box) == 1
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert seats_taken(box) == 0


def test_a_forgotten_session_frees_its_seat(serve: Serve) -> None:
    box = serve()
    session = Session(settings_for(box))
    session.sign_in()
    del session
    gc.collect()
    assert seats_taken(box) == 0


@pytest.mark.parametrize(("reply", "level"), [(answer(500), "WARNING"), (ENDED, "DEBUG")])
def test_a_failed_sign_out_is_logged_not_raised(
    reply: Answer, level: str, server: ScriptedServer, connect: Open, caplog: pytest.LogCaptureFixture
) -> None:
    server.script("entity/auth/logout", reply)
    session = connect(server)
    session.sign_in()
    with caplog.at_level(logging.DEBUG, "acudata"):
        session.close()
    (record,) = [record for record in caplog.records if "signing out failed" in record.message]
    assert record.levelname == level


def test_a_sign_in_of_each_call_frees_the_seat_after_it(serve: Serve, connect: Open) -> None:
    box = serve(seats=1)
    session = connect(box, persistent_login=False)
    session.sign_in()
    assert seats_taken(box) == 0
    assert session.get(CUSTOMERS, params={"$top": 1}).ok
    assert seats_taken(box) == 0
    with pytest.raises(AcumaticaError):
        session.get(f"{CUSTOMERS}/NOPE")
    assert seats_taken(box) == 0


def test_calls_that_sign_in_by_themselves_never_need_two_seats(serve: Serve, connect: Open) -> None:
    box = serve(seats=1)
    session = connect(box, persistent_login=False)
    with ThreadPoolExecutor(6) as threads:
        replies = list(threads.map(lambda _: session.get(CUSTOMERS, params={"$top": 1}), range(6)))
    assert all(reply.ok for reply in replies)


def test_each_call_signs_in_and_out(server: ScriptedServer, connect: Open) -> None:
    session = connect(server, persistent_login=False)
    session.get("first")
    session.get("second")
    assert [asked.path for asked in server.asked] == [
        SIGN_IN, "/Live/first", SIGN_OUT, SIGN_IN, "/Live/second", SIGN_OUT,
    ]  # fmt: skip
    assert server.asked[3].headers["Cookie"] is None


def test_a_sign_in_that_times_out_is_told(server: ScriptedServer, connect: Open) -> None:
    done = threading.Event()
    server.script("entity/auth/login", Answer(204, b"", (), before=lambda: done.wait(10)))
    with pytest.raises(AcumaticaTimeoutError, match="Signing in 'api'"):
        connect(server, timeout=0.1).get("entity")
    done.set()


@pytest.mark.parametrize("reply", [REFUSAL, answer(503), Answer(500, b"x", (), cut=10)])
def test_no_traceback_and_no_log_of_a_sign_in_shows_the_password(
    reply: Answer, server: ScriptedServer, connect: Open, caplog: pytest.LogCaptureFixture
) -> None:
    server.script("entity/auth/login", reply)
    session = connect(server)
    with caplog.at_level(logging.DEBUG), pytest.raises(AcumaticaError) as caught:
        session.get("entity")
    told = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    frames = [frame for frame in told.stack if "acudata" in frame.filename and "tests" not in frame.filename]
    assert frames
    assert not any(PASSWORD in text for frame in frames for text in (frame.locals or {}).values())
    assert PASSWORD not in "".join(told.format_exception_only()) + caplog.text + repr(session) + repr(
        vars(session)
    )
