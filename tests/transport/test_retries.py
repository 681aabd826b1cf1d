"""Retries: what is tried again, how long it waits, and when it gives up."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acudata.errors import (
    AcumaticaConnectionError,
    AcumaticaError,
    AcumaticaRateLimitError,
    AcumaticaSeatError,
    AcumaticaServerError,
    AcumaticaTimeoutError,
)
from acudata.sandbox import Sandbox, SandboxSettings
from acudata.transport import Session
from acudata.transport.retries import Retries
from tests.transport.conftest import Answer, Open, ScriptedServer, answer, settings_for, signed_in

UNAVAILABLE = AcumaticaServerError("x", status_code=503)
BROKEN = AcumaticaConnectionError("x", context={"connected": True})
UNREACHED = AcumaticaConnectionError("x", context={"connected": False})
DECLINED = AcumaticaRateLimitError("x", status_code=429)


@pytest.mark.parametrize(
    ("method", "error", "repeated"),
    [
        ("GET", UNAVAILABLE, True),
        ("GET", AcumaticaServerError("x", status_code=502), True),
        ("GET", AcumaticaServerError("x", status_code=504), True),
        ("GET", AcumaticaServerError("x", status_code=500), False),
        ("GET", AcumaticaServerError("x", status_code=302), False),
        ("GET", BROKEN, True),
        ("GET", UNREACHED, True),
        ("GET", DECLINED, True),
        ("GET", AcumaticaSeatError("x", status_code=429), False),
        ("GET", AcumaticaTimeoutError("x", context={"connected": True}), False),
        ("GET", AcumaticaTimeoutError("x", context={"connected": False}), True),
        ("GET", AcumaticaError("x", status_code=404), False),
        ("PUT", UNAVAILABLE, False),
        ("PUT", BROKEN, False),
        ("PUT", DECLINED, True),
        ("PUT", UNREACHED, True),
        ("DELETE", UNREACHED, True),
        ("DELETE", DECLINED, True),
        ("DELETE", BROKEN, False),
        ("POST", UNREACHED, False),
        ("POST", UNAVAILABLE, False),
        ("POST", DECLINED, False),
    ],
)
def test_only_what_cannot_have_changed_anything_is_repeated(
    method: str, error: AcumaticaError, *, repeated: bool
) -> None:
    assert (Retries().pause(method, 1, error) is not None) is repeated


def test_the_pauses_grow_and_end() -> None:
    retries = Retries(chance=lambda: 0.0)
    assert [retries.pause("GET", attempt, UNAVAILABLE) for attempt in (1, 2, 3, 4)] == [0.5, 1.0, 2.0, None]
    assert [retries.pause("GET", attempt, DECLINED) for attempt in (1, 2, 3, 4)] == [2.0, 4.0, 8.0, None]


@given(st.floats(0, 1), st.sampled_from([UNAVAILABLE, DECLINED]))
@settings(max_examples=50, deadline=None)
def test_chance_only_makes_pauses_longer_and_by_half_at_most(chance: float, error: AcumaticaError) -> None:
    plain = Retries(chance=lambda: 0.0).pause("GET", 2, error)
    longer = Retries(chance=lambda: chance).pause("GET", 2, error)
    assert plain is not None
    assert longer is not None
    assert plain <= longer <= plain * 1.5


def test_clients_that_failed_together_do_not_come_back_together() -> None:
    assert len({Retries().pause("GET", 1, DECLINED) for _ in range(20)}) > 1


def test_the_server_may_tell_how_long_to_wait() -> None:
    retries = Retries()
    assert retries.pause("GET", 1, AcumaticaRateLimitError("x", retry_after=17)) == 17
    assert retries.pause("GET", 1, AcumaticaRateLimitError("x", retry_after=0)) == 0
    assert retries.pause("GET", 1, AcumaticaRateLimitError("x", retry_after=3600)) is None


def test_the_budget_of_all_calls_is_bounded_and_earned_back() -> None:
    retries = Retries(budget=2, chance=lambda: 0.0)
    assert [retries.pause("GET", 1, BROKEN) for _ in range(3)] == [0.5, 0.5, None]
    for _ in range(10):
        retries.succeeded()
    assert [retries.pause("GET", 1, BROKEN) for _ in range(2)] == [0.5, None]


def test_calls_that_succeed_at_last_do_not_use_the_budget_up(server: ScriptedServer, connect: Open) -> None:
    session = connect(server)
    for number in range(11):
        server.script(f"entity/{number}", answer(503), answer(200))
        assert session.get(f"entity/{number}").ok


@pytest.mark.parametrize(
    "trouble", [answer(503), answer(502, "<title>x</title>"), answer(429), Answer(200, b"[", cut=5)]
)
def test_a_server_that_fails_twice_and_then_works(
    trouble: Answer, server: ScriptedServer, connect: Open, sleeps: list[float]
) -> None:
    server.script("entity", trouble, trouble, answer(200, [1]))
    assert connect(server).get("entity").json() == [1]
    assert server.calls == ["GET /Live/entity"] * 3
    assert len(sleeps) == 2


def test_retry_after_is_obeyed(server: ScriptedServer, connect: Open, sleeps: list[float]) -> None:
    server.script("entity", answer(429, Retry_After="17"), answer(200))
    connect(server).get("entity")
    assert sleeps == [17]


def test_the_throttle_of_an_instance_is_borne(caplog: pytest.LogCaptureFixture) -> None:
    throttle = SandboxSettings(requests_per_minute=2, minute=0.9, queue_patience=0.0, retry_after=1)
    with Sandbox(settings=throttle) as box, Session(settings_for(box)) as session:
        assert session.get("entity").ok  # after the sign-in, that is half of the allowance
    assert (session.usage.declined, session.usage.last_minute) == (1, 2)
    assert caplog.messages == ["GET entity: declined, again in 1.0 s"]


def test_giving_up_tells_how_often_it_was_tried(
    server: ScriptedServer, connect: Open, sleeps: list[float]
) -> None:
    server.script("entity", answer(503, "<title>Starting</title>"))
    with pytest.raises(AcumaticaServerError, match="Starting") as caught:
        connect(server).get("entity")
    assert (caught.value.context["attempts"], len(sleeps)) == (4, 3)
    assert sleeps == sorted(sleeps)


@pytest.mark.parametrize("method", ["put", "delete"])
def test_what_the_server_declined_is_sent_again(
    method: str, server: ScriptedServer, connect: Open, sleeps: list[float]
) -> None:
    server.script("entity", answer(429), answer(200, {}))
    assert getattr(connect(server), method)("entity").ok
    assert (len(server.calls), len(sleeps)) == (2, 1)


def test_a_post_is_not_sent_again_even_when_it_was_declined(server: ScriptedServer, connect: Open) -> None:
    server.script("entity", answer(429))
    with pytest.raises(AcumaticaRateLimitError):
        connect(server).post("entity")
    assert len(server.calls) == 1


@pytest.mark.parametrize("method", ["put", "post", "delete"])
def test_what_may_have_been_done_is_not_done_again(
    method: str, server: ScriptedServer, connect: Open, sleeps: list[float]
) -> None:
    server.script("entity", answer(503))
    with pytest.raises(AcumaticaServerError):
        getattr(connect(server), method)("entity")
    assert (len(server.calls), sleeps) == (1, [])


def test_a_put_that_never_reached_the_server_is_repeated(
    server: ScriptedServer, connect: Open, sleeps: list[float]
) -> None:
    last_word = Answer(204, b"", (("Connection", "close"), *signed_in().headers))
    server.script("entity/auth/login", last_word)
    session = connect(server)
    session.sign_in()
    server.close()
    with pytest.raises(AcumaticaConnectionError) as caught:
        session.put("entity", json={})
    assert (caught.value.context["connected"], len(sleeps)) == (False, 3)
