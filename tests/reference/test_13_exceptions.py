"""The reference's chapter on exceptions: its one example, met by every error in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Event
from typing import Any

import pytest

from acudata import AcumaticaClient
from acudata.errors import __all__ as all_errors
from acudata.sandbox import Sandbox
from tests.conftest import connect
from tests.transport.conftest import PASSWORD, Answer, ScriptedServer, answer

from acudata import (  # isort: skip - the reference's own import
    AcumaticaError,
    AcumaticaAuthError,
    AcumaticaNotFoundError,
    AcumaticaValidationError,
    AcumaticaBusinessRuleError,
    AcumaticaConcurrencyError,
    AcumaticaServerError,
    AcumaticaConnectionError,
    AcumaticaTimeoutError,
    AcumaticaRateLimitError,
)


def handled(work: Callable[[], Any]) -> str:  # noqa: C901, PLR0911 - it is the reference's example
    """Do something under the reference's handlers, which print; return the name of the one that did."""
    try:
        work()
    except AcumaticaNotFoundError as e:
        # 404 - Resource not found
        print(f"Not found: {e}")
        print(f"Suggestions: {e.suggestions}")
        return "not found"
    except AcumaticaAuthError as e:
        # 401/403 - Authentication or authorization failed
        print(f"Auth error: {e.message}")
        print(f"Status: {e.status_code}")
        return "auth"
    except AcumaticaValidationError as e:
        # 400/422 - Data validation failed
        print(f"Validation error: {e}")
        if e.field_errors:
            for field, errors in e.field_errors.items():
                print(f" {field}: {errors}")
        return "validation"
    except AcumaticaBusinessRuleError as e:
        # 422 - Business rule violation
        print(f"Business rule error: {e}")
        return "business rule"
    except AcumaticaConcurrencyError as e:
        # 412 - Concurrent modification
        print(f"Concurrency conflict: {e}")
        return "concurrency"
    except AcumaticaTimeoutError as e:
        # Request timeout
        print(f"Timeout: {e.timeout_seconds}s")
        return "timeout"
    except AcumaticaRateLimitError as e:
        # 429 - Rate limit exceeded
        print(f"Rate limited. Retry after: {e.retry_after}s")
        return "rate limit"
    except AcumaticaServerError as e:
        # 5xx - Server error
        print(f"Server error: {e.status_code}")
        return "server"
    except AcumaticaConnectionError as e:
        # Network/connection error
        print(f"Connection error: {e}")
        return "connection"
    except AcumaticaError as e:
        # Catch-all for any Acumatica error
        print(f"Error: {e}")
        print(f"Detailed: {e.get_detailed_message()}")
        print(f"Context: {e.context}")
        return "any"
    return "none"


def test_every_class_of_the_reference_is_there_and_one_catches_all() -> None:
    named = [name for name, thing in globals().items() if name in all_errors and isinstance(thing, type)]
    assert len(named) == 10
    assert all(issubclass(globals()[name], AcumaticaError) for name in named)


def test_a_record_that_is_not_there(client: AcumaticaClient, capsys: pytest.CaptureFixture[str]) -> None:
    assert handled(lambda: client.customers.get_by_id("UNKNOWN")) == "not found"
    told = capsys.readouterr().out
    assert "Customer/UNKNOWN found nothing" in told
    assert "Suggestions: ['Customer is addressed by CustomerID, or by id'" in told


def test_a_wrong_password(box: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    assert handled(lambda: connect(box, password="wrong")) == "auth"
    told = capsys.readouterr().out
    assert "Auth error: Signing in 'admin' to tenant 'U100'" in told
    assert "Status: 500" in told  # Acumatica refuses a password with a 500


def test_a_value_that_is_refused(client: AcumaticaClient, capsys: pytest.CaptureFixture[str]) -> None:
    order = client.models.SalesOrder(
        OrderType="SO", CustomerID="PYTHN001", Details=[client.models.SalesOrderDetail(InventoryID="NONE")]
    )
    assert handled(lambda: client.sales_orders.put_entity(order)) == "validation"
    assert " Details[0].InventoryID: [\"InventoryID 'NONE' cannot be found" in capsys.readouterr().out


def test_a_rule_of_the_erp(client: AcumaticaClient, capsys: pytest.CaptureFixture[str]) -> None:
    order = client.sales_orders.first("Status eq 'Completed'")
    assert order is not None
    assert (
        handled(lambda: client.sales_orders.invoke_action_sales_order_create_shipment(order))
        == "business rule"
    )
    assert "document Status is invalid for processing" in capsys.readouterr().out


def test_nobody_answers(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        handled(lambda: AcumaticaClient("http://127.0.0.1:9", "a", "b", auto_load_env=False)) == "connection"
    )
    assert "Connection error: " in capsys.readouterr().out


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    running = ScriptedServer()
    yield running
    running.close()


FAULT = {"message": "An error has occurred.", "exceptionMessage": "Told by the server."}
ANSWERS: dict[str, tuple[Answer, str, str]] = {
    "401": (answer(401, FAULT), "auth", "Status: 401"),
    "403": (answer(403, FAULT), "auth", "Status: 403"),
    "404": (answer(404, FAULT), "not found", "Not found: "),
    "400": (answer(400, FAULT), "validation", "Validation error: "),
    "422 with fields": (
        answer(422, {"CustomerID": {"value": "x", "error": "is too long"}}),
        "validation",
        " CustomerID: ['is too long']",
    ),
    "422 without fields": (answer(422, FAULT), "business rule", "Told by the server."),
    "412": (answer(412, FAULT), "concurrency", "Concurrency conflict: "),
    "429": (answer(429, FAULT), "rate limit", "Rate limited. Retry after: Nones"),
    "429 with Retry-After": (
        answer(429, FAULT, Retry_After="3600"), "rate limit", "Rate limited. Retry after: 3600.0s",
    ),
    "500": (answer(500, {"message": "An error has occurred."}), "server", "Server error: 500"),
    "503": (answer(503), "server", "Server error: 503"),
    "cut off": (Answer(200, b"[]", (), cut=10), "connection", "Connection error: "),
}  # fmt: skip


@pytest.mark.parametrize("status", ANSWERS)
def test_each_answer_of_a_server_meets_its_handler(
    status: str, server: ScriptedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    told_by_server, handler, told = ANSWERS[status]
    with AcumaticaClient(server.url, "api", PASSWORD, auto_load_env=False) as client:
        client._session._sleep = lambda _: None
        server.script("entity", told_by_server)
        assert handled(client.list_endpoints) == handler
        assert told in capsys.readouterr().out


def test_a_server_that_is_too_slow(server: ScriptedServer, capsys: pytest.CaptureFixture[str]) -> None:
    done = Event()
    slow = answer(200)
    slow.before = lambda: done.wait(30)
    with AcumaticaClient(server.url, "api", PASSWORD, timeout=1, auto_load_env=False) as client:
        server.script("entity", slow)
        assert handled(client.list_endpoints) == "timeout"
        done.set()
    assert "Timeout: 1" in capsys.readouterr().out


def test_anything_else_meets_the_last_handler(
    client: AcumaticaClient, capsys: pytest.CaptureFixture[str]
) -> None:
    assert handled(lambda: client.customers.get_list(select="CustomerNam")) == "any"
    told = capsys.readouterr().out
    assert "Error: Customer has no field or member 'CustomerNam'." in told
    assert "did you mean: CustomerName" in told
    assert "Context: {}" in told


def test_the_detailed_message_and_the_context_tell_what_was_asked(client: AcumaticaClient) -> None:
    with pytest.raises(AcumaticaError) as caught:
        client.customers.get_by_id("UNKNOWN")
    e = caught.value
    assert (e.context["method"], e.context["path"]) == ("GET", "entity/Default/24.200.001/Customer/UNKNOWN")
    assert e.get_detailed_message().startswith(str(e))
    assert "HTTP status: 500" in e.get_detailed_message()
    assert (
        "exception_type: PX.Api.ContractBased.NoEntitySatisfiesTheConditionException"
        in e.get_detailed_message()
    )


def test_nothing_went_wrong_meets_no_handler(client: AcumaticaClient) -> None:
    assert handled(lambda: client.customers.get_by_id("ABCCOMP")) == "none"
