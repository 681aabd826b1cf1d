"""Every form of an unhappy answer that was recorded of Acumatica, and the error that it becomes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acudata import errors
from acudata.errors import (
    AcumaticaAuthError,
    AcumaticaBusinessRuleError,
    AcumaticaConcurrencyError,
    AcumaticaError,
    AcumaticaNotFoundError,
    AcumaticaOptimizationError,
    AcumaticaPermissionError,
    AcumaticaRateLimitError,
    AcumaticaSeatError,
    AcumaticaServerError,
    AcumaticaTimeoutError,
    AcumaticaValidationError,
)
from acudata.transport import Session
from acudata.transport.exchange import Ask, Reply
from acudata.transport.faults import fault
from tests.transport.conftest import PASSWORD, Answer, Open, ScriptedServer, answer

TRACE = (
    "   at PX.Data.PXLogin.Secret(String internals)\r\n   at System.Web.Controller.Frame(Object o)\r\n" * 40
)
PATH = "entity/Default/24.200.001/Customer"
HTML = "text/html; charset=utf-8"


def envelope(text: str, exception: str = "PX.Data.PXException", **more: Any) -> dict[str, Any]:
    return {
        "message": "An error has occurred.",
        "exceptionMessage": text,
        "exceptionType": exception,
        "stackTrace": TRACE,
        **more,
    }


@dataclass
class Case:
    """One answer, and what is expected of the error."""

    name: str
    reply: Answer
    error: type[AcumaticaError]
    says: str = ""
    fields: dict[str, list[str]] = field(default_factory=dict)


BQL = "Optimization cannot be performed.The following fields cause the error:\r\n"
REFUSED_BILL = {
    "id": "6a3e",
    "rowNumber": 1,
    "error": "Inserting  'AP Transactions' record raised at least one error. Please review the errors.",
    "Amount": {"value": 201.73},
    "Details": [
        {
            "id": "77",
            "error": "This row is wrong.",
            "InventoryID": {},
            "Project": {"value": "TES2323T", "error": "Project 'TES2323T  ' cannot be found in the system."},
            "_links": {"files:put": "…/{filename}"},
        }
    ],
    "MainContact": {
        "Address": {"Country": {"value": "XX", "error": "'Country' cannot be found in the system."}}
    },
    "custom": {"Document": {"UsrX": {"type": "CustomStringField", "value": "a", "error": "Too long."}}},
    "ReferenceNbr": {"value": "<NEW>"},
    "_links": {"self": "…", "error": "no field"},
}

CASES = [
    Case(
        "401",
        answer(401, {"message": "You are not logged in."}),
        AcumaticaAuthError,
        "You are not logged in.",
    ),
    Case("401 without a body", answer(401), AcumaticaAuthError),
    Case(
        "no rights to the form",
        answer(403, {"message": "You have insufficient rights to access the Users (SM201010) form."}),
        AcumaticaPermissionError,
        "You have insufficient rights to access the Users (SM201010) form.",
    ),
    Case(
        "missing record as 500",
        answer(
            500,
            envelope("No entity satisfies the condition.", "PX.Api.NoEntitySatisfiesTheConditionException"),
        ),
        AcumaticaNotFoundError,
        "No entity satisfies the condition.",
    ),
    Case(
        "missing record as 404",
        answer(404, {"message": "No such record."}),
        AcumaticaNotFoundError,
        "No such record.",
    ),
    Case("unknown entity", answer(404), AcumaticaNotFoundError),
    Case(
        "unknown entity, told in detail",
        answer(404, {"message": "No HTTP resource was found.", "messageDetail": "No type was found."}),
        AcumaticaNotFoundError,
        "No HTTP resource was found.; No type was found.",
    ),
    Case(
        "not optimisable",
        answer(
            500,
            envelope(
                BQL + "ApplicationHistory: View ApplicationHistory has BQL delegate",
                "PX.CannotOptimizeException",
            ),
        ),
        AcumaticaOptimizationError,
        "Optimization cannot be performed.The following fields cause the error:; ApplicationHistory: View",
    ),
    Case(
        "not optimisable, in other words",
        answer(500, envelope("There is a BqlDelegate in view Documents")),
        AcumaticaOptimizationError,
        "There is a BqlDelegate in view Documents",
    ),
    Case(
        "unknown name in $select",
        answer(
            500,
            envelope(
                "The given key was not present in the dictionary.",
                "System.Collections.Generic.KeyNotFoundException",
            ),
        ),
        AcumaticaValidationError,
        "The given key was not present in the dictionary.",
    ),
    Case(
        "filter of the wrong type",
        answer(
            500,
            envelope(
                "A binary operator with incompatible types was detected.",
                "Microsoft.Data.OData.ODataException",
            ),
        ),
        AcumaticaValidationError,
        "A binary operator with incompatible types was detected.",
    ),
    Case(
        "filter into a detail",
        answer(
            500,
            envelope(
                "The parent value for a property access of a property 'X' is not a single value.",
                "System.Exception",
            ),
        ),
        AcumaticaValidationError,
        "is not a single value",
    ),
    Case(
        "function that v3 lacks",
        answer(500, envelope("An unknown function with name 'contains' was found.", "System.Exception")),
        AcumaticaValidationError,
        "An unknown function with name 'contains' was found.",
    ),
    Case(
        "module not configured",
        answer(
            500,
            envelope("The required configuration data is not entered.", "PX.Data.PXSetupNotEnteredException"),
        ),
        AcumaticaBusinessRuleError,
        "The required configuration data is not entered.",
    ),
    Case(
        "business rule",
        answer(500, envelope("The document is on hold and cannot be released.")),
        AcumaticaBusinessRuleError,
        "The document is on hold and cannot be released.",
    ),
    Case(
        "bug of the server",
        answer(
            500,
            envelope(
                "Object reference not set to an instance of an object.", "System.NullReferenceException"
            ),
        ),
        AcumaticaServerError,
        "Object reference not set to an instance of an object.",
    ),
    Case(
        "inner exceptions",
        answer(
            500,
            envelope(
                "An error has occurred.",
                "System.Exception",
                innerException=envelope(
                    "Outer reason.", innerException=envelope("Inner reason.\r\n" + TRACE)
                ),
            ),
        ),
        AcumaticaBusinessRuleError,
        "The server says: Outer reason.; Inner reason.",
    ),
    Case("500 without a body", answer(500), AcumaticaServerError),
    Case(
        "refused entity",
        answer(422, REFUSED_BILL),
        AcumaticaValidationError,
        "Inserting  'AP Transactions' record raised at least one error. Please review the errors.",
        {
            "Details[0]": ["This row is wrong."],
            "Details[0].Project": ["Project 'TES2323T  ' cannot be found in the system."],
            "MainContact.Address.Country": ["'Country' cannot be found in the system."],
            "custom.Document.UsrX": ["Too long."],
        },
    ),
    Case(
        "refused entity without a field",
        answer(422, {"id": "1", "error": "The period is closed."}),
        AcumaticaBusinessRuleError,
        "The period is closed.",
    ),
    Case(
        "refused entity of older builds",
        answer(
            500,
            envelope(
                "Inserting  'X' record raised at least one error. Please review the errors.",
                "PX.Api.ContractBased.OutcomeEntityHasErrorsException",
                innerException=envelope(
                    "Error: 'Branch' cannot be empty.\r\nError: 'Terms' cannot be empty.",
                    "PX.Data.PXOuterException",
                ),
            ),
        ),
        AcumaticaValidationError,
        "review the errors.; Error: 'Branch' cannot be empty.; Error: 'Terms' cannot be empty.",
    ),
    Case(
        "envelope with errors of fields",
        answer(
            500,
            envelope(
                "Error.", "PX.Data.PXSetPropertyException", Terms={"value": "9D", "error": "No such terms."}
            ),
        ),
        AcumaticaValidationError,
        "Error.",
        {"Terms": ["No such terms."]},
    ),
    Case(
        "malformed request",
        answer(
            400,
            {
                "message": "The request is invalid.",
                "modelState": {"entity.CustomerID": ["Wrong.", "Bad."], "x": "Odd."},
            },
        ),
        AcumaticaValidationError,
        "The request is invalid.",
        {"entity.CustomerID": ["Wrong.", "Bad."], "x": ["Odd."]},
    ),
    Case(
        "envelope of other case",
        answer(
            500,
            {
                "Message": "An error has occurred.",
                "ExceptionMessage": "Not so.",
                "ExceptionType": "PX.Data.PXException",
            },
        ),
        AcumaticaBusinessRuleError,
        "Not so.",
    ),
    Case(
        "OData v4",
        answer(400, {"error": {"code": "", "message": "No such property."}}),
        AcumaticaValidationError,
        "No such property.",
    ),
    Case(
        "OData v3",
        answer(400, {"error": {"code": "", "message": {"lang": "en-US", "value": "No such property."}}}),
        AcumaticaValidationError,
        "No such property.",
    ),
    Case(
        "OAuth",
        answer(400, {"error": "invalid_grant", "error_description": "expired"}),
        AcumaticaValidationError,
        "expired",
    ),
    Case(
        "condition not met",
        answer(412, {"message": "The record exists."}),
        AcumaticaConcurrencyError,
        "The record exists.",
    ),
    Case(
        "changed by another process",
        answer(
            500, envelope("Another process has updated the 'Customer' record. Your changes will be lost.")
        ),
        AcumaticaConcurrencyError,
        "Another process has updated",
    ),
    Case("too slow for the server", answer(408), AcumaticaTimeoutError),
    Case("declined", answer(429), AcumaticaRateLimitError),
    Case("wrong content type", answer(415), AcumaticaValidationError),
    Case("verb not allowed", answer(405, {"message": "No PATCH."}), AcumaticaValidationError, "No PATCH."),
    Case(
        "proxy trouble as a page",
        answer(
            502,
            f"<html><head><title>502 Bad Gateway</title></head><body>{TRACE}</body></html>",
            Content_Type=HTML,
        ),
        AcumaticaServerError,
        "502 Bad Gateway",
    ),
    Case(
        "IIS page",
        answer(
            503,
            "<!DOCTYPE html><TITLE>Service Unavailable</TITLE><h2>HTTP Error&nbsp;503.</h2>",
            Content_Type=HTML,
        ),
        AcumaticaServerError,
        "Service Unavailable; HTTP Error 503.",
    ),
    Case(
        "page that lies about its type",
        answer(500, "<html><title>Runtime Error</title>"),
        AcumaticaServerError,
        "Runtime Error",
    ),
    Case(
        "page instead of data",
        answer(200, "<html><title>Login</title>", Content_Type=HTML),
        AcumaticaServerError,
        "Login",
    ),
    Case(
        "redirect to the sign-in page",
        answer(302, Location="/Live/Frames/Login.aspx?x=1"),
        AcumaticaServerError,
    ),
    Case(
        "redirect to the error page",
        answer(302, Location="/Live/ui/error?message=Broken+metadata"),
        AcumaticaServerError,
        "Broken metadata",
    ),
    Case("no seat as JSON", answer(500, envelope("API Login Limit")), AcumaticaSeatError, "API Login Limit"),
    Case(
        "no seat as text",
        answer(
            429,
            "The custom error module does not recognize this error: API Login Limit",
            Content_Type="text/plain",
        ),
        AcumaticaSeatError,
        "API Login Limit",
    ),
    Case(
        "no seat as a page",
        answer(200, "<html><title>API Login Limit</title>", Content_Type=HTML),
        AcumaticaSeatError,
        "API Login Limit",
    ),
    Case(
        "no seat as a redirect",
        answer(302, Location="/Live/Frames/Error.aspx?typeID=error&message=API%20Login%20Limit"),
        AcumaticaSeatError,
        "API Login Limit",
    ),
    Case(
        "no seat of the user as a redirect",
        answer(302, Location="/Live/Frames/Error.aspx?message=Limite+atteinte+(SM201010)"),
        AcumaticaSeatError,
        "SM201010",
    ),
    Case(
        "no seat, by the licence's own word",
        answer(500, envelope("License_LoginLimitExceeded")),
        AcumaticaSeatError,
    ),
    Case(
        "an inner exception about seats",
        answer(500, envelope("x", innerException=envelope("API Login Limit"))),
        AcumaticaSeatError,
    ),
]


def caught(session: Session, method: str = "get") -> AcumaticaError:
    with pytest.raises(AcumaticaError) as info:
        getattr(session, method)(PATH)
    return info.value


@pytest.fixture
def session(server: ScriptedServer, connect: Open) -> Session:
    return connect(server, retry_on_idle_logout=False)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_answer_becomes_the_right_error_with_the_servers_own_text(
    case: Case, server: ScriptedServer, session: Session
) -> None:
    server.script(PATH, case.reply)
    error = caught(session, "put")
    assert type(error) is case.error
    assert error.message.startswith(f"PUT {PATH} ")
    assert case.says in error.message
    assert error.field_errors == case.fields
    assert error.status_code == case.reply.status
    assert (error.context["method"], error.context["path"]) == ("PUT", PATH)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_no_error_shows_a_stack_trace_or_a_secret(
    case: Case, server: ScriptedServer, session: Session
) -> None:
    server.script(PATH, case.reply)
    text = caught(session, "put").get_detailed_message()
    assert "PXLogin" not in text
    assert "System.Web" not in text
    assert PASSWORD not in text
    assert "ticket1" not in text
    assert len(text) < 2_000


def test_the_table_covers_every_class_of_answers() -> None:
    own = {
        "AcumaticaError",
        "AcumaticaConfigError",
        "AcumaticaConnectionError",
        "AcumaticaOfflineError",
        "AcumaticaSchemaError",
        "AcumaticaUnknownNameError",
    }
    assert {case.error.__name__ for case in CASES} == set(errors.__all__) - own


SIGN_IN_CASES = [
    Case(
        "wrong password",
        answer(500, envelope("Error: Invalid credentials. Please try again.")),
        AcumaticaAuthError,
        "Error: Invalid credentials.",
    ),
    Case(
        "locked out",
        answer(500, envelope("Ihr Konto ist gesperrt.")),
        AcumaticaAuthError,
        "Ihr Konto ist gesperrt.",
    ),
    Case(
        "unknown tenant",
        answer(
            500, envelope("A proper company ID cannot be determined.", "PX.Data.PXUndefinedCompanyException")
        ),
        AcumaticaAuthError,
        "A proper company ID cannot be determined.",
    ),
    Case("401", answer(401, {"message": "No."}), AcumaticaAuthError, "No."),
    Case(
        "per-user limit",
        answer(500, envelope("Le nombre de connexions est atteint (SM201010).")),
        AcumaticaSeatError,
        "SM201010",
    ),
    Case(
        "per-user limit in English",
        answer(500, envelope("The number of concurrent API logins has been reached.")),
        AcumaticaSeatError,
    ),
    Case(
        "database down",
        answer(500, envelope("No connection.", "System.Data.SqlException")),
        AcumaticaServerError,
        "No connection.",
    ),
    Case(
        "site starting",
        answer(503, "<title>Starting</title>", Content_Type=HTML),
        AcumaticaServerError,
        "Starting",
    ),
    Case(
        "wrong address",
        answer(404, "<title>404 - not found</title>", Content_Type=HTML),
        AcumaticaNotFoundError,
        "404 - not found",
    ),
    Case(
        "another site",
        answer(200, "<title>Welcome</title>", Content_Type=HTML),
        AcumaticaServerError,
        "Welcome",
    ),
    Case("https only", answer(301, Location="https://acme.com/Live/entity/auth/login"), AcumaticaServerError),
]


@pytest.mark.parametrize("case", SIGN_IN_CASES, ids=lambda case: case.name)
def test_a_refused_sign_in_says_whose_and_where(case: Case, server: ScriptedServer, connect: Open) -> None:
    server.script("entity/auth/login", case.reply)
    error = caught(connect(server, tenant="Company"))
    assert type(error) is case.error
    assert case.says in error.message
    assert error.message.startswith(f"Signing in 'api' to tenant 'Company' of {server.url} ")
    assert error.suggestions
    assert PASSWORD not in error.get_detailed_message()


@pytest.mark.parametrize("name", ["wrong address", "another site", "https only"])
def test_a_wrong_address_is_suspected_where_it_is_likely(
    name: str, server: ScriptedServer, connect: Open
) -> None:
    case = next(case for case in SIGN_IN_CASES if case.name == name)
    server.script("entity/auth/login", case.reply)
    assert "check base_url" in str(caught(connect(server)))


def test_the_fields_that_cannot_be_optimised_are_named(server: ScriptedServer, session: Session) -> None:
    lines = [
        "ApplicationHistory: View History has BQL delegate",
        "DocumentsToApply/Balance: View Docs has BQL delegate",
    ]
    server.script(PATH, answer(500, envelope(BQL + "\r\n".join(lines), "PX.Api.CannotOptimizeException")))
    error = caught(session)
    assert isinstance(error, AcumaticaOptimizationError)
    assert error.fields == ["ApplicationHistory", "DocumentsToApply/Balance"]
    assert "leave these fields out with select" in str(error)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "17"}, 17.0),
        ({"Retry-After": "Tue, 12 Oct 1999 04:00:00 GMT"}, 0.0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "²"}, None),
        ({"Retry-After": "-1"}, None),
        ({"Retry-After": "1.5"}, None),
        ({"Retry-After": "9" * 400}, None),
        ({"Retry-After": "Tue, 12 Oct 99999999999 04:00:00 GMT"}, None),
        ({"Retry-After": "Tue, 99 Oct 1999 04:00:00 GMT"}, None),
        ({"Retry-After": "Tue, 12 Oct 1999 04:00:00 +99999999999"}, None),
    ],
)
def test_the_time_to_wait_is_told_where_the_server_tells_it(
    header: dict[str, str], seconds: float | None, server: ScriptedServer, session: Session
) -> None:
    server.script(PATH, answer(429, None, **header))
    error = caught(session, "put")
    assert isinstance(error, AcumaticaRateLimitError)
    assert error.retry_after == seconds


@pytest.mark.parametrize(("now", "seconds"), [("Tue, 12 Oct 1999 04:00:00 GMT", 90.0), ("soon", 0.0)])
def test_a_date_to_wait_for_is_one_of_the_clock_of_the_server(now: str, seconds: float) -> None:
    headers = {"Retry-After": "Tue, 12 Oct 1999 04:01:30 GMT", "Date": now}
    error = fault(Ask("GET", "http://x/entity", "entity"), Reply(429, headers, b"", 0.0, "http://x/entity"))
    assert isinstance(error, AcumaticaRateLimitError)
    assert error.retry_after == seconds


@given(st.text(max_size=60))
@settings(max_examples=100, deadline=None)
def test_no_time_to_wait_breaks_the_answer(text: str) -> None:
    reply = Reply(429, {"Retry-After": text}, b"", 0.0, "http://x/entity")
    assert isinstance(fault(Ask("GET", "http://x/entity", "entity"), reply), AcumaticaRateLimitError)


def test_a_long_text_is_cut(server: ScriptedServer, session: Session) -> None:
    server.script(PATH, answer(500, envelope("word " * 2_000)))
    assert len(caught(session).message) < 2_200


def test_files_may_be_web_pages(server: ScriptedServer, session: Session) -> None:
    server.script("files/1", answer(200, "<html><title>Price list</title>", Content_Type=HTML))
    assert session.get("files/1", headers={"Accept": "*/*"}).content.startswith(b"<html>")
