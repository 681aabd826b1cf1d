"""Every switch of the sandbox, with the behaviour of a 24.200 instance as the default.

Where nothing tells how a real instance behaves, the guess is a setting here, so that a client can be tried
against the other answers too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args, get_origin, get_type_hints

SeatRefusal = Literal["json", "text", "html", "redirect"]
"""How a refused seat is told: 500 JSON, 429 text, a 200 page, or a 302 to an error page; all were seen."""


@dataclass(frozen=True, slots=True)
class CustomEndpoint:
    """Names an endpoint that one tenant made for itself out of entities of the built-in one."""

    tenant: str
    name: str
    version: str
    entities: tuple[str, ...]


CUSTOM_ENDPOINTS = (
    CustomEndpoint("U100", "Portal", "1.0.0", ("Customer", "SalesOrder")),
    CustomEndpoint("T100", "Portal", "1.0.0", ("Customer", "StockItem")),
    CustomEndpoint("T100", "Depot", "1.0.0", ("Warehouse", "Shipment")),
)
SYNCHRONOUS_ACTIONS = frozenset(
    {
        "Activate",
        "ActivateProject",
        "ActivateProjectTask",
        "Approve",
        "AssignCase",
        "CancelProject",
        "CancelProjectTask",
        "CancelSalesOrder",
        "ChangeBusinessAccountID",
        "Close",
        "CompleteProject",
        "CompleteProjectTask",
        "HoldProject",
        "HoldProjectTask",
        "OpenSalesOrder",
        "Reject",
        "ReleaseFromCreditHoldSalesOrder",
        "ReopenSalesOrder",
        "SuspendProject",
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class SandboxSettings:
    """Holds every switch of the sandbox.

    Example:
        >>> SandboxSettings(seat_refusal="text", idle_timeout=0.5).missing_record
        500
    """

    instance_path: str = "/AcumaticaERP"
    """The virtual directory; "" serves the instance at the root."""
    build: str = "24.200.0217"
    """The build that `GET /entity` tells."""
    versions: tuple[str, ...] = ("20.200.001", "22.200.001", "23.200.001", "24.200.001")
    """The versions of the Default endpoint that the build ships."""
    custom_endpoints: tuple[CustomEndpoint, ...] = CUSTOM_ENDPOINTS
    """Endpoints of single tenants, listed to those who are signed in there."""
    dialect: Literal["openapi3", "swagger2"] = "openapi3"
    """OpenAPI 3.0.1 from 24R2 on; older builds write Swagger 2.0."""
    endpoint_list: Literal["object", "array"] = "object"
    """The shape of `GET /entity`; builds before 2019R2 answered a bare array."""

    users: Mapping[str, str] = field(default_factory=lambda: {"admin": "sandbox-password"})
    """The users and their passwords, known in every tenant."""
    lockout_after: int = 5
    """Wrong passwords in a row that lock the user out."""
    logins_per_user: int | None = None
    """Sessions that one user may hold at a time; None is no limit. Checked after the seats."""
    seat_refusal: SeatRefusal = "json"
    """How a sign-in is told that no seat is free."""
    landing: Literal["named", "default"] = "named"
    """Where a sign-in lands: a site that was not recycled after a tenant was made lands all on the default tenant."""
    repeated_sign_in_keeps_seat: bool = True
    """Whether a sign-in that carries the cookies of a session replaces that session."""
    idle_timeout: float = 600.0
    """Seconds without a request after which a session ends and its seat is free."""
    logout_without_session: Literal[204, 401] = 204
    """What a second sign-out gets; nothing tells what a real instance answers."""
    unauthorized_message: str = "You are not logged in."
    """The message of a 401; its real text was never recorded."""
    culture: str = "en-US"
    """The culture in the Locale cookie."""
    time_zone: str = "GMTM0500G"
    """The time zone in the Locale cookie, in Acumatica's spelling."""

    forbidden: frozenset[str] = frozenset()
    """Entities whose form the users have no rights to: 403."""
    unconfigured: frozenset[str] = frozenset()
    """Entities whose module is not set up: 500 PXSetupNotEnteredException."""
    read_only: frozenset[str] = frozenset()
    """Entities whose form the users may open but not change: 403 for PUT, DELETE and actions."""
    row_ids: Literal["kept", "per session"] = "kept"
    """Whether ids of detail rows outlive a session. Instances keep some, but none of rows without keys of their own."""
    missing_record: Literal[500, 404] = 500
    """What a missing record gets; 500 is usual, some SaaS instances answered 404."""
    validation: Literal["entity", "exception"] = "entity"
    """A refused record: 422 with the entity and its errors, or the 500 of older builds."""

    unknown_expand: Literal["error", "ignore"] = "error"
    """An unknown name in `$expand`: 500 as for `$select`, or no notice."""
    unknown_custom: Literal["error", "ignore"] = "ignore"
    """An unknown field in `$custom`: 500 as for `$select`, or no notice."""
    empty_linked: Literal["null", "absent"] = "null"
    """How an expanded linked entity without a record is shown."""
    text_comparison: Literal["ignore case", "exact"] = "ignore case"
    """How `$filter` compares text; databases of instances ignore case unless told otherwise."""
    empty_differs: bool = True
    """Whether `ne` a value matches records in which the field is empty."""
    literal_offset: str = "+00:00"
    """The offset of an instant in `$filter` that is written without one."""
    business_date: str | None = None
    """The day that new documents get, as "2024-12-31"; None is the day of the clock. A request's header says more."""
    currency_rates: Mapping[str, float] = field(default_factory=lambda: {"USD": 1, "EUR": 1.0479})
    """What new documents take for the worth of a unit of each currency, in the base currency."""
    discarded: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Fields and members, by entity, that are taken with a 200 and not stored, for want of rights to a field or because
    a form works them out anew; "Details/UnitPrice" is a field of rows."""
    closed_periods: frozenset[str] = frozenset()
    """Financial periods, such as "012024", whose documents are refused."""
    unknown_id: Literal["insert", "error"] = "insert"
    """A PUT with an id that no record has: a new record, or the answer to a missing one."""
    inquiry_get: Literal["filter", "error"] = "filter"
    """A GET on an inquiry: its empty filter record, or the optimisation error."""

    page_limit: int | None = None
    """Records that a list holds at most, whatever `$top` asks for; None is no limit."""
    skip: Literal["honoured", "ignored"] = "honoured"
    """Whether `$skip` does anything; some integrators found that it did not."""
    list_order: Literal["keys", "scattered", "changing"] = "keys"
    """The order of lists: that of the keys, another that stays the same, or another at each request."""
    computed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Fields and details, by entity, that come from a view computed in code, and that view: a list with them is
    refused by the optimisation error. Those that every instance has so need not be named."""
    one_view_filters: frozenset[str] = frozenset()
    """Entities whose lists are empty when `$filter` looks at more than one view."""
    key_filters: frozenset[str] = frozenset()
    """Entities whose lists are empty when `$filter` looks at anything but keys; integrators met that with
    PurchaseOrder, Shipment and PhysicalInventoryCount."""

    operation_polls: int = 1
    """How often a long operation answers 202 to a poll before it is done."""
    operation_seconds: float = 0.0
    """How long a long operation lasts at least."""
    busy_form: bool = True
    """Whether a session is refused on a form where its long operation still runs."""
    synchronous_actions: frozenset[str] = SYNCHRONOUS_ACTIONS
    """Actions that answer 204 when they are done; all others answer 202 and go on."""
    forgotten_operation: Literal[404, 500] = 404
    """What the status of an operation gets after it was told to be finished."""

    refused_in_paths: str = "<>*%&:\\?"
    """Characters that the web server refuses in a path, even encoded, with a 400; the defaults of ASP.NET."""
    clock_ahead: float = 0.0
    """Seconds by which the clock of the server is ahead of this computer's; negative ones are behind."""
    latency: float = 0.0
    """Seconds that every answer waits."""
    cold_start: float = 0.0
    """Seconds that the first answer after a start or recycle waits besides."""
    requests_per_minute: int | None = None
    """The allowance of the licence; from half of it on, requests are delayed. None is no limit."""
    minute: float = 60.0
    """Seconds of the minute that the allowance is for."""
    queue_length: int = 20
    """Requests that may wait; one more is declined with a 429."""
    queue_patience: float = 600.0
    """Seconds that a request waits at most; then it is declined."""
    retry_after: int | None = None
    """Whole seconds that a declined request is told to wait; None tells nothing, as no instance was seen to do."""
    upload_limit: int = 25 * 1024 * 1024
    """The largest attachment in bytes; a larger one gets 413."""

    def __post_init__(self) -> None:
        self._check_choices()
        if self.requests_per_minute is not None and self.requests_per_minute < 1:
            raise ValueError("requests_per_minute is a whole number, 1 at least; None is no limit.")
        for name in ("users", "versions"):
            if not getattr(self, name):
                raise ValueError(f"{name} is empty; an instance has one at least.")
        _check_day(self.business_date)
        path = self.instance_path
        if path and (not path.startswith("/") or path.endswith("/")):
            raise ValueError(f"instance_path is '{path}'; write it as '/AcumaticaERP', or '' for the root.")

    def _check_choices(self) -> None:
        """Refuse what is none of the choices of a setting."""
        for name, hint in get_type_hints(type(self)).items():
            choices, value = get_args(hint), getattr(self, name)
            if get_origin(hint) is Literal and value not in choices:
                raise ValueError(f"{name} is {value!r}; it is one of {', '.join(map(repr, choices))}.")


def _check_day(day: str | None) -> None:
    try:
        date.fromisoformat(day or "2024-12-31")
    except ValueError:
        raise ValueError(f"business_date is {day!r}; write it as '2024-12-31'.") from None
