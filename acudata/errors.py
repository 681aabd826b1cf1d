"""What can go wrong, as one tree; each class also is the built-in that old habits catch.

* AcumaticaError
  x AcumaticaConfigError            settings are missing or make no sense             (ValueError)
  * AcumaticaConnectionError        no answer: name, network, TLS, broken connection  (ConnectionError)
    x AcumaticaOfflineError         offline=True, and the answer is not kept
  x AcumaticaTimeoutError           no answer in time                                 (TimeoutError)
  * AcumaticaAuthError              sign-in refused, or the session is not accepted   (401, 500)
    x AcumaticaPermissionError      signed in, but without rights                     (403, PermissionError)
  * AcumaticaRateLimitError         too many requests                                 (429)
    x AcumaticaSeatError            no API session left in the licence                (429, 500, 200, 302)
  x AcumaticaNotFoundError          no such record, entity or endpoint                (404, 500, KeyError)
  x AcumaticaValidationError        the request or its values are not valid           (400, 422, ValueError)
  x AcumaticaBusinessRuleError      valid, but a rule of the ERP forbids it           (422, 500)
  x AcumaticaConcurrencyError       somebody else was there first                     (412)
  * AcumaticaServerError            the server failed                                 (5xx, redirects)
    x AcumaticaOptimizationError    a list asks for fields that only exist per record (500)
  x AcumaticaSchemaError            the endpoint's description cannot be used         (ValueError)
  x AcumaticaUnknownNameError       no field, entity, service … of that name          (AttributeError)

`str(error)` tells what was asked, what the server said and what to try. Neither it nor any attribute holds a
password, a cookie or a stack trace of the server.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = [
    "AcumaticaAuthError",
    "AcumaticaBusinessRuleError",
    "AcumaticaConcurrencyError",
    "AcumaticaConfigError",
    "AcumaticaConnectionError",
    "AcumaticaError",
    "AcumaticaNotFoundError",
    "AcumaticaOfflineError",
    "AcumaticaOptimizationError",
    "AcumaticaPermissionError",
    "AcumaticaRateLimitError",
    "AcumaticaSchemaError",
    "AcumaticaSeatError",
    "AcumaticaServerError",
    "AcumaticaTimeoutError",
    "AcumaticaUnknownNameError",
    "AcumaticaValidationError",
]


class AcumaticaError(Exception):
    """Is the root of everything that acudata raises on purpose.

    `message` says what was asked and what is wrong, `status_code` is that of the HTTP answer if there was
    one, `suggestions` say what to try, `field_errors` map the path of a field (`"Details[0].Project"`) to its
    texts, and `context` holds plain facts such as method, path and the server's exception type.

    >>> error = AcumaticaError("The order is on hold.", suggestions=["release it from hold first"])
    >>> print(error)
    The order is on hold.
      try: release it from hold first
    """

    def __init__(
        self,
        message: str,
        *,
        status_code: int | None = None,
        suggestions: Sequence[str] = (),
        field_errors: Mapping[str, Sequence[str]] | None = None,
        context: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status_code = status_code
        self.suggestions = list(suggestions)
        self.field_errors = {path: list(texts) for path, texts in (field_errors or {}).items()}
        self.context = dict(context or {})

    def __str__(self) -> str:
        fields = [f"  {path}: {text}" for path, texts in self.field_errors.items() for text in texts]
        return "\n".join([self.message, *fields, *self._advice()])

    def __reduce__(self) -> tuple[Any, ...]:
        return self.__class__.__new__, (self.__class__, self.message), {**self.__dict__, "args": self.args}

    def get_detailed_message(self) -> str:
        """Return the message with the status code and the context, one fact per line."""
        status = [] if self.status_code is None else [f"  HTTP status: {self.status_code}"]
        return "\n".join([str(self), *status, *(f"  {name}: {fact}" for name, fact in self.context.items())])

    def _advice(self) -> list[str]:
        return [f"  try: {suggestion}" for suggestion in self.suggestions]


class AcumaticaConfigError(AcumaticaError, ValueError):
    """Says that settings are missing or make no sense."""


class AcumaticaConnectionError(AcumaticaError, ConnectionError):
    """Says that no answer came: unknown host, refused or broken connection, bad certificate."""


class AcumaticaOfflineError(AcumaticaConnectionError):
    """Says that a client with `offline=True` would have to ask the server."""


class AcumaticaTimeoutError(AcumaticaError, TimeoutError):
    """Says that no answer came within `timeout_seconds`."""

    def __init__(self, message: str, *, timeout_seconds: float | None = None, **details: Any) -> None:
        super().__init__(message, **details)
        self.timeout_seconds = timeout_seconds


class AcumaticaAuthError(AcumaticaError):
    """Says that the sign-in was refused or that the server no longer accepts the session."""


class AcumaticaPermissionError(AcumaticaAuthError, PermissionError):
    """Says that the user is signed in but has no rights to what was asked."""


class AcumaticaRateLimitError(AcumaticaError):
    """Says that the server declined a request because there were too many.

    `retry_after` is the number of seconds to wait, where the server tells it (Acumatica itself never does).
    """

    def __init__(self, message: str, *, retry_after: float | None = None, **details: Any) -> None:
        super().__init__(message, **details)
        self.retry_after = retry_after


class AcumaticaSeatError(AcumaticaRateLimitError):
    """Says that every API session of the licence or of the user is taken ("API Login Limit")."""


class AcumaticaNotFoundError(AcumaticaError, KeyError):
    """Says that there is no such record, entity, endpoint or action."""


class AcumaticaValidationError(AcumaticaError, ValueError):
    """Says that the request, or the values in `field_errors`, are not valid."""


class AcumaticaBusinessRuleError(AcumaticaError):
    """Says that a rule of the ERP forbids a request that is well formed."""


class AcumaticaConcurrencyError(AcumaticaError):
    """Says that the record was created, deleted or changed by somebody else in between."""


class AcumaticaServerError(AcumaticaError):
    """Says that the server, or a proxy before it, failed."""


class AcumaticaOptimizationError(AcumaticaServerError):
    """Says that a list asks for `fields` that the server can only compute record by record."""

    def __init__(self, message: str, *, fields: Sequence[str] = (), **details: Any) -> None:
        super().__init__(message, **details)
        self.fields = list(fields)


class AcumaticaSchemaError(AcumaticaError, ValueError):
    """Says that the description of an endpoint cannot be read or does not fit the data."""


class AcumaticaUnknownNameError(AcumaticaError, AttributeError, KeyError):
    """Says that there is no field, entity, service … of a name; `suggestions` are the nearest names.

    >>> print(AcumaticaUnknownNameError("Customer has no field 'CustomerNam'.", suggestions=["CustomerName"]))
    Customer has no field 'CustomerNam'.
      did you mean: CustomerName
    """

    def _advice(self) -> list[str]:
        return [f"  did you mean: {', '.join(self.suggestions)}"] if self.suggestions else []
