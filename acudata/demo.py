"""A tour without an ERP: a sandbox, a client, typed frames, parquet and a report that agrees with the ledger."""

from __future__ import annotations

import importlib.util
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acudata import __version__
from acudata.errors import AcumaticaConfigError, AcumaticaError
from acudata.odata import Expression, F
from acudata.progress import track
from acudata.replacement import replacing

if TYPE_CHECKING:
    import pandas as pd

    from acudata.client import AcumaticaClient
    from acudata.reports.page import Check
    from acudata.sandbox import Sandbox

Say = Callable[[str], None]
"""Takes what the user is told, one or more lines at a time."""

REPORT = "report.html"

WIDTH, CELL = 100, 17
"""Columns of the terminal that tables fill, and that a value in them may take."""


@dataclass(frozen=True)
class Question:
    """Names what the demo reads, of which entity, and the file it is written to."""

    title: str
    entity: str
    select: str
    filter: Expression | None = None
    expand: str | None = None

    @property
    def file(self) -> str:
        """Return the name of the parquet file."""
        return f"{self.title.lower().replace(' ', '_')}.parquet"

    @property
    def source(self) -> str:
        """Return what the rows are: those of an entity, or only some of them."""
        return self.entity if self.filter is None else f"{self.entity} where {self.filter}"


CUSTOMERS = Question(
    "Customers",
    "Customer",
    "CustomerID,CustomerName,Status,Terms,CurrencyID,LastModifiedDateTime,"
    "AttributeINDUSTRY,UsrLoyaltyTier,UsrRebatePct,UsrKeyAccount,UsrLastVisit,UsrVisitCount",
)
ORDERS = Question(
    "Sales order lines",
    "SalesOrder",
    "OrderType,OrderNbr,Status,CustomerID,CurrencyID,Date,OrderTotal,TaxTotal,"
    "Details/LineNbr,Details/InventoryID,Details/OrderQty,Details/UnitPrice,Details/ExtendedPrice",
    expand="Details",
)
INVOICES = Question(
    "Open invoices",
    "Invoice",
    "Type,ReferenceNbr,Status,Customer,Date,DueDate,Balance,LinkARAccount",
    filter=F.Status == "Open",
)
PAYMENTS = Question(
    "Open payments",
    "Payment",
    "Type,ReferenceNbr,Status,CustomerID,CurrencyID,ApplicationDate,AvailableBalance",
    filter=F.Status == "Open",
)
QUESTIONS = (CUSTOMERS, ORDERS, INVOICES, PAYMENTS)


@contextmanager
def demo_company(*, scale: int = 1) -> Iterator[AcumaticaClient]:
    """Serve a sandbox and give a client that is signed in to it, both until the block ends.

    >>> with demo_company() as client:
    ...     len(client.customers.to_frame(top=5))
    5
    """
    from acudata.sandbox import Sandbox

    with Sandbox(scale=scale) as box, _connect(box) as client:
        yield client


def run_demo(out: Path, *, say: Say, scale: int = 1) -> None:
    """Read a sandbox of the given scale, and write parquet files and `report.html` into a folder.

    What is found on the way goes to `say`.

    Raises:
        AcumaticaConfigError: matplotlib is missing, or the folder cannot be written to; nothing was done yet.
        AcumaticaError: the report does not agree with the ledger.

    """
    started = time.monotonic()
    _need_matplotlib()
    _need_folder(out)
    with demo_company(scale=scale) as client:
        _tell_discovery(client, say)
        frames = _read(client, say)
        _export(client, out, say)
        _report(client, frames, out / REPORT, say)
    say(f"Done in {time.monotonic() - started:.1f} s. Open {out / REPORT} in a browser.")


def _need_matplotlib() -> None:
    if importlib.util.find_spec("matplotlib") is None:
        raise AcumaticaConfigError(
            "The demo draws pictures with matplotlib, which is not installed.",
            suggestions=["pip install 'acudata[charts]'"],
        )


def _need_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise AcumaticaConfigError(
            f"The demo cannot write to the folder {out}: {error.strerror}.",
            suggestions=["choose another folder with --out DIR"],
        ) from error


def _connect(box: Sandbox) -> AcumaticaClient:
    from acudata.client import AcumaticaClient

    return AcumaticaClient(
        box.url, box.username, box.password, box.tenant, auto_load_env=False, rate_limit_calls_per_second=1000
    )


def _tell_discovery(client: AcumaticaClient, say: Say) -> None:
    custom = ", ".join(f"{field.name} ({field.kind})" for field in client["Customer"].entity.custom)
    say(f"Signed in: {client!r}")
    say(f"Discovered {len(client)} entities, among them {', '.join(q.entity for q in QUESTIONS)}.")
    say(textwrap.fill(f"Custom fields of Customer: {custom}", WIDTH, subsequent_indent="  "))


def _read(client: AcumaticaClient, say: Say) -> dict[str, pd.DataFrame]:
    frames = {}
    for question in track(QUESTIONS, description="Reading", unit="entities", echo=say):
        service = client[question.entity]
        frames[question.entity] = service.to_frame(
            question.filter, select=question.select, expand=question.expand
        )
    for question in QUESTIONS:
        frame = frames[question.entity]
        say(f"\n{question.title}: {len(frame):,} rows of {question.source}\n{_summary(frame)}")
    return frames


def _summary(frame: pd.DataFrame) -> str:
    """Return the columns of a frame, each with its dtype and its first values."""
    import pandas as pd

    first = frame.head(3)
    values = {name: [str(frame[name].dtype), *map(_shown, first[name])] for name in frame}
    columns = ["dtype", *map(str, first.index)]
    return pd.DataFrame.from_dict(values, orient="index", columns=columns).to_string(line_width=WIDTH)


def _shown(value: Any) -> str:
    """Return a value in few characters, a missing one as <NA> whatever its dtype."""
    import pandas as pd

    text = "<NA>" if pd.isna(value) else str(value).removesuffix(" 00:00:00")
    return text if len(text) <= CELL else f"{text[: CELL - 1]}…"


def _export(client: AcumaticaClient, out: Path, say: Say) -> None:
    say("")
    for question in track(QUESTIONS, description="Writing", unit="files", echo=say):
        report = client[question.entity].to_parquet(
            out / question.file, filter=question.filter, select=question.select, expand=question.expand
        )
        say(f"{out / question.file}: {report.rows:,} rows")


def _report(client: AcumaticaClient, frames: dict[str, pd.DataFrame], path: Path, say: Say) -> None:
    from acudata.reports import receivables_by_age, sales_by_month
    from acudata.reports.overview import overview

    invoices, orders = _with_currency(frames["Invoice"], frames["Customer"]), frames["SalesOrder"]
    today = orders["Date"].max()
    ages = receivables_by_age(invoices, payments=frames["Payment"], as_of=today)
    months = sales_by_month(orders)
    check = _agreement(ages["Total"].sum(), _control_account(client, set(invoices["LinkARAccount"]), today))
    html = overview(
        ages,
        months,
        title="Receivables and sales",
        subtitle=f"The sandbox's company {client.config.tenant}, as of {today:%d %B %Y}",
        names=dict(zip(frames["Customer"]["CustomerID"], frames["Customer"]["CustomerName"], strict=True)),
        checks=[check],
        footer=f"Made by acudata {__version__} from {client.config.base_url}.",
    )
    with replacing(path) as temporary:
        temporary.write_text(html, encoding="utf-8")
    say(f"\n{_totals(ages)}\n\n{_totals(months)}\n\n{check.text}")
    if not check.holds:
        raise AcumaticaError(f"The figures in {path} do not agree with the ledger.")


def _with_currency(invoices: pd.DataFrame, customers: pd.DataFrame) -> pd.DataFrame:
    """Return invoices with their currency: Invoice has no such field, but here it is always the customer's."""
    currencies = customers.set_index("CustomerID")["CurrencyID"]
    return invoices.assign(Currency=invoices["Customer"].map(currencies))


def _control_account(client: AcumaticaClient, accounts: set[str], today: pd.Timestamp) -> float:
    """Return what the ledger says of accounts at the end of the month."""
    question = {"Ledger": "ACTUAL", "Period": f"{today:%m%Y}"}
    answer = client["AccountSummaryInquiry"].put_entity(question, expand="Results")
    return float(sum(row.EndingBalance for row in answer["Results"] if row.Account in accounts))


def _agreement(owed: float, booked: float) -> Check:
    from acudata.reports.page import Check

    holds = round(owed, 2) == round(booked, 2)
    verdict = "agree" if holds else "do not agree"
    return Check(
        f"Receivables of {owed:,.2f} {verdict} with the control account of the ledger: {booked:,.2f}.", holds
    )


def _totals(report: pd.DataFrame) -> str:
    """Return the sums of a report by currency."""
    return report.groupby(level="Currency").sum().to_string(float_format="{:,.2f}".format, line_width=WIDTH)
