"""The bodies in which an instance tells what went wrong, and `Fault`, which carries one to the wire."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"
GENERIC = "An error has occurred."

_FRAMES = (
    "PX.Data.PXGraph.ExecuteSelect(String viewName, Object[] parameters, Object[] searches, String[] sorts)",
    "PX.Api.SyImportProcessor.SyStep.CommitChanges(Object itemToBypass, PXFilterRow[] targetConditions)",
    "PX.Api.SyImportProcessor.ExportTableHelper.ExportTable()",
    "PX.Api.ContractBased.EntityService.GetRecords(EntityImpl entity, CbOperationContext operationContext)",
    "PX.Api.ContractBased.WebApi.Controllers.ContractBasedController.Invoke(String objectName, String query)",
    "System.Web.Http.Controllers.ReflectedHttpActionDescriptor.ActionExecutor.Execute(Object instance)",
    "System.Web.Http.Controllers.ApiControllerActionInvoker.<InvokeActionAsyncCore>d__1.MoveNext()",
    "System.Runtime.CompilerServices.TaskAwaiter.HandleNonSuccessAndDebuggerNotification(Task task)",
    "System.Web.Http.Filters.ActionFilterAttribute.<CallOnActionExecutedAsync>d__6.MoveNext()",
    "System.Web.Http.Dispatcher.HttpControllerDispatcher.<SendAsync>d__15.MoveNext()",
)
_STACK = "\r\n".join(f"   at {frame}" for frame in _FRAMES * 4)
SETUP_MISSING = "The required configuration data is not entered on the {form} form."


class Fault(Exception):  # noqa: N818 - "error" is the server's word for something else
    """Ends a request with a status and a body that an instance would send.

    Args:
        status: HTTP status.
        body: a JSON value, or text that is sent as it is.
        headers: further headers.
        media_type: the Content-Type.
    """

    def __init__(
        self,
        status: int,
        body: Any = "",
        *,
        headers: Mapping[str, str] | None = None,
        media_type: str = JSON,
    ) -> None:
        super().__init__(status, body)
        self.status = status
        self.body = body
        self.headers = dict(headers or {})
        self.media_type = media_type

    def saying(self, content: bytes) -> Fault:
        """Return the fault with another body."""
        body = json.loads(content) if self.media_type == JSON else content.decode()
        return Fault(self.status, body, headers=self.headers, media_type=self.media_type)

    @property
    def content(self) -> bytes:
        """Return the body as it goes over the wire."""
        text = (
            self.body
            if self.media_type != JSON
            else json.dumps(self.body, ensure_ascii=False, separators=(",", ":"))
        )
        return str(text).encode(errors="replace")


def stack_trace(exception: str, message: str) -> str:
    """Return a stack trace of several KB, as every 500 carries one."""
    return f"   at {exception}: {message}\r\n{_STACK}"


def exception_body(
    message: str, *, exception: str = "PX.Data.PXException", inner: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the 500 envelope; `message` is the meaningful text, `exception` the .NET type."""
    body: dict[str, Any] = {
        "message": GENERIC,
        "exceptionMessage": message,
        "exceptionType": exception,
        "stackTrace": stack_trace(exception, message),
    }
    return body | {"innerException": dict(inner)} if inner else body


def server_error(
    message: str, *, exception: str = "PX.Data.PXException", inner: Mapping[str, Any] | None = None
) -> Fault:
    """Return the 500 in which an instance tells nearly everything, a wrong password included."""
    return Fault(500, exception_body(message, exception=exception, inner=inner))


def missing_record(status: int = 500) -> Fault:
    """Return the answer to keys or an id that fit no record."""
    exception = "PX.Api.ContractBased.NoEntitySatisfiesTheConditionException"
    return Fault(status, exception_body("No entity satisfies the condition.", exception=exception))


def unknown_name() -> Fault:
    """Return the answer to an unknown or wrongly cased name in `$select`."""
    exception = "System.Collections.Generic.KeyNotFoundException"
    return server_error("The given key was not present in the dictionary.", exception=exception)


def not_optimizable(fields: Mapping[str, str]) -> Fault:
    """Return the optimisation error of a list; `fields` maps each field to its view."""
    lines = "\r\n".join(f"{name}: View {view} has BQL delegate" for name, view in fields.items())
    message = f"Optimization cannot be performed.The following fields cause the error:\r\n{lines}"
    return server_error(message, exception="PX.Api.ContractBased.CannotOptimizeException")


def setup_missing(form: str) -> Fault:
    """Return the answer of a form whose module is not configured."""
    message = SETUP_MISSING.format(form=form)
    return server_error(message, exception="PX.Data.PXSetupNotEnteredException")


def unauthorized(message: str) -> Fault:
    """Return the answer to a request without a session."""
    return Fault(401, {"message": message})


def forbidden(entity: str, screen: str) -> Fault:
    """Return the answer to a user without rights to the form."""
    return Fault(403, {"message": f"You have insufficient rights to access the {entity} ({screen}) form."})


def not_found(path: str) -> Fault:
    """Return the answer to a path that leads nowhere: unknown endpoint, version, entity or action."""
    message = f"No HTTP resource was found that matches the request URI '{path}'."
    return Fault(404, {"message": message, "messageDetail": "No type was found that matches the name."})


def method_not_allowed(method: str) -> Fault:
    """Return the answer to a verb that a path does not take."""
    message = f"The requested resource does not support http method '{method}'."
    return Fault(405, {"message": message})


def length_required() -> Fault:
    """Return the answer of the web server to a POST or PUT that does not tell how long its body is."""
    return Fault(411, "<html><body><h2>Length Required</h2></body></html>", media_type=HTML)


def dangerous_path(character: str) -> Fault:
    """Return the answer of the web server to a character that it lets through in no path."""
    text = f"A potentially dangerous Request.Path value was detected from the client ({character})."
    return Fault(400, f"<html><head><title>{text}</title></head></html>", media_type=HTML)


def bad_request(model_state: Mapping[str, Sequence[str]]) -> Fault:
    """Return the answer to a malformed body; `model_state` maps a path in it to texts."""
    state = {path: list(texts) for path, texts in model_state.items()}
    return Fault(400, {"message": "The request is invalid.", "modelState": state})


def precondition_failed(message: str) -> Fault:
    """Return the answer to If-Match or If-None-Match when the record says otherwise."""
    return Fault(412, {"message": message})


def in_use(table: str) -> Fault:
    """Return the answer to a change of a record that somebody else changed meanwhile."""
    message = f"Another process has updated the '{table}' record. Your changes will be lost."
    return server_error(message, exception="PX.Data.PXLockViolationException")


def taken(table: str) -> Fault:
    """Return the answer to a new record with the keys of another."""
    message = f"Another process has added the '{table}' record. Your changes will be lost."
    return server_error(message, exception="PX.Data.PXLockViolationException")


def declined(retry_after: int | None) -> Fault:
    """Return the answer to a request too many; usually nothing tells when to come back."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return Fault(429, "Too many requests.", headers=headers, media_type="text/plain")


def unprocessable(entity: Mapping[str, Any]) -> Fault:
    """Return the answer to a refused record: the record itself with `error` members."""
    return Fault(422, dict(entity))


def invalid_record(error: str, texts: Sequence[str]) -> Fault:
    """Return what older builds answer to a refused record: a 500 whose inner exception lists the texts."""
    message = "\r\n".join(f"Error: {text}" for text in texts)
    inner = exception_body(message, exception="PX.Data.PXOuterException")
    exception = "PX.Api.ContractBased.OutcomeEntityHasErrorsException"
    return server_error(error, exception=exception, inner=inner)
