"""`%acu` and `%%acu`: one line that calls a plain function, and returns what it returns."""

from __future__ import annotations

import sys
from collections import ChainMap
from types import TracebackType
from typing import TYPE_CHECKING, Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import Magics, line_cell_magic, magics_class, needs_local_scope, no_var_expand
from IPython.display import display
from traitlets import Bool, Enum, Integer, Unicode

from acudata.errors import (
    AcumaticaConfigError,
    AcumaticaError,
    AcumaticaUnknownNameError,
    AcumaticaValidationError,
)
from acudata.naming import nearest
from acudata.notebook.arguments import COMMANDS, Asked, asked, usage
from acudata.notebook.completion import matcher
from acudata.notebook.connections import Connections
from acudata.notebook.tables import fields_table, services_table, status_table
from acudata.notebook.variables import Variables, variable

if TYPE_CHECKING:
    import pandas as pd

    from acudata.client import AcumaticaClient
    from acudata.exports.options import Incremental
    from acudata.exports.reports import ExportReport
    from acudata.notebook.browser import Browser
    from acudata.services import Service
    from acudata.writeback.plan import WritePlan
    from acudata.writeback.report import WriteReport


class Text(str):
    """Is text that a notebook shows as it reads."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


@magics_class
class AcuMagics(Magics):  # type: ignore[misc,unused-ignore]
    """Holds the connection of a notebook and the defaults of `%acu`."""

    shell: Any  # magics that are in force have one

    env_file = Unicode(None, allow_none=True, help="File with the settings that %acu connect reads.").tag(
        config=True
    )
    top = Integer(None, allow_none=True, help="Records that %acu SERVICE reads at most.").tag(config=True)
    decimals = Enum(("float", "exact"), "float", help="How amounts come in frames.").tag(config=True)
    dtype_backend = Enum(("numpy_nullable", "pyarrow"), "numpy_nullable", help="The dtypes of frames.").tag(
        config=True
    )
    max_rows = Integer(1000, help="Records that %acu apply writes at most.").tag(config=True)
    progress = Bool(None, allow_none=True, help="Whether a bar is shown; None: to somebody who watches.").tag(
        config=True
    )

    def __init__(self, shell: InteractiveShell) -> None:
        super().__init__(shell)
        self.connections = Connections()
        self._last_plan: WritePlan | None = None
        self._matcher = matcher(self._connected, lambda: list(shell.user_ns))

    def begin(self) -> None:
        """Come into force in the shell."""
        self.shell.register_magics(self)
        self.shell.configurables.append(self)
        self.shell.Completer.custom_matchers.append(self._matcher)
        if not self.shell.custom_exceptions:
            self.shell.set_custom_exc((AcumaticaError,), _tell_shortly)

    def end(self) -> None:
        """Leave the shell as it was, signed out."""
        self.connections.end()
        manager = self.shell.magics_manager
        manager.registry.pop(type(self).__name__, None)
        for magics in manager.magics.values():
            magics.pop("acu", None)
        self.shell.configurables.remove(self)
        self.shell.Completer.custom_matchers.remove(self._matcher)
        if self.shell.custom_exceptions == (AcumaticaError,):
            self.shell.set_custom_exc((), None)

    @needs_local_scope  # type: ignore[untyped-decorator,unused-ignore]
    @no_var_expand  # type: ignore[untyped-decorator,unused-ignore]
    @line_cell_magic  # type: ignore[untyped-decorator,unused-ignore]
    def acu(self, line: str, cell: str | None = None, local_ns: dict[str, Any] | None = None) -> Any:
        """Ask Acumatica ERP; the result may be assigned.

        %acu connect [--env FILE] [--demo]        sign in, and return the client
        %acu status                               where, as whom, how many requests
        %acu services [PATTERN]                   what there is
        %acu fields SERVICE [PATTERN]             fields with their types, custom ones included
        %acu SERVICE [--filter …] [--columns …] [--select …] [--expand …] [--top N] …    a frame
        %acu export SERVICE … --to FOLDER [--incremental] [--deletes keys] …             parquet tables
        %acu browse                               search everything that there is
        %acu plan FRAME SERVICE                   what writing a frame back would change
        %acu apply [PLAN] [--max-rows N]          write the last plan; the run stops where a record was not written

        %%acu [VARIABLE]                          the same with the command in the cell, over several lines

        df = %acu customers --filter "Status eq 'Active' and LastModifiedDateTime ge {since}" --top 100

        {name} is the value of a Python variable, as text inside quotes and as a literal of OData outside; a word that
        is {name} alone is the variable itself, such as a list of columns or an expression of F. {{ and }} are braces.
        %acu COMMAND --help tells all options, %config AcuMagics sets their defaults.
        """
        known = ChainMap(local_ns or {}, self.shell.user_ns)
        if cell is None:
            return self._answer(self._asked(line, known), known)
        name = line.strip()
        if name and not name.isidentifier():
            raise AcumaticaValidationError(
                f"{name!r} is no name of a variable.", suggestions=["%%acu df, and the command in the cell"]
            )
        result = self._answer(self._asked(cell, known), known)
        if not name:
            return result
        self.shell.user_ns[name] = result
        return None

    def _asked(self, text: str, known: Variables) -> Asked:
        return asked(text, known, lambda word: self._service_or_command(known, word))

    def _answer(self, question: Asked, known: Variables) -> Any:
        command, values = question.command, question.values
        if question.wants_help:
            return Text(usage(command, values.get("service", "")))
        if command.name in COMMANDS:
            return getattr(self, f"_{command.name}")(known, **values)
        return self._read(known, **values)

    def _connect(self, _: Variables, *, env: str | None = None, demo: bool = False) -> AcumaticaClient:
        self._last_plan = None
        return self.connections.connect(env or self.env_file, demo=demo)

    def _status(self, known: Variables) -> pd.DataFrame:
        return status_table(self.connections.client(known))

    def _services(self, known: Variables, *, pattern: str | None = None) -> pd.DataFrame:
        return services_table(self.connections.client(known), pattern)

    def _fields(self, known: Variables, *, service: str, pattern: str | None = None) -> pd.DataFrame:
        return fields_table(self.connections.client(known), service, pattern)

    def _browse(self, known: Variables) -> Browser:
        return self.connections.client(known).browse()

    def _read(self, known: Variables, *, service: str, **options: Any) -> pd.DataFrame:
        defaults = {name: getattr(self, name) for name in ("top", "decimals", "dtype_backend", "progress")}
        if options.get("custom") == ["all"]:
            options["custom"] = "all"
        return self._service(known, service).to_frame(**(defaults | options))

    def _export(
        self,
        known: Variables,
        *,
        services: list[str],
        to: str,
        incremental: bool = False,
        compare: bool = False,
        no_children: bool = False,
        **options: Any,
    ) -> ExportReport:
        if incremental and compare:
            raise AcumaticaValidationError(
                "--compare reads everything, --incremental only what changed.", suggestions=["one of them"]
            )
        how: Incremental = "compare" if compare else incremental
        client = self.connections.client(known)
        report = client.export(
            services, to, incremental=how, children=not no_children, progress=self.progress, **options
        )
        report.raise_for_failure()
        return report

    def _plan(self, known: Variables, *, frame: str, service: str, **options: Any) -> WritePlan:
        client = self.connections.client(known)
        if frame in client and service in known and service not in client:
            raise AcumaticaValidationError(
                f"{frame} is a service and {service} a variable: the frame comes first.",
                suggestions=[f"%acu plan {service} {frame}"],
            )
        self._last_plan = client[service].plan(variable(frame, known), **options)
        return self._last_plan

    def _apply(
        self, known: Variables, *, plan: str | None = None, accept_failures: bool = False, **options: Any
    ) -> WriteReport:
        wanted = variable(plan, known) if plan else self._last_plan
        if wanted is None:
            raise AcumaticaValidationError("There is no plan yet.", suggestions=["%acu plan df customers"])
        report: WriteReport = wanted.apply(
            **({"max_rows": self.max_rows, "progress": self.progress} | options)
        )
        self.shell.user_ns["acu_report"] = report
        if not (report.is_complete or accept_failures):
            display(report)  # type: ignore[no-untyped-call,unused-ignore]
            _raise_for(report)
        return report

    def _service_or_command(self, known: Variables, word: str) -> None:
        """Check that the first word, which is no command, names a service; a miss suggests both."""
        near = nearest(word, COMMANDS)
        try:
            self._service(known, word)
        except AcumaticaUnknownNameError as error:
            told, near = f"There is no command or service {word!r}.", [*near, *error.suggestions]
        except AcumaticaConfigError:
            if not near:
                raise
            told = f"There is no command {word!r}, and no connection to look for a service of this name."
        else:
            return
        raise AcumaticaUnknownNameError(told, suggestions=near)

    def _service(self, known: Variables, name: str) -> Service:
        return self.connections.client(known)[name]

    def _connected(self) -> AcumaticaClient | None:
        try:
            return self.connections.client(self.shell.user_ns)
        except AcumaticaError:
            return None


def _raise_for(report: WriteReport) -> None:
    """Stop the run, in a scheduled notebook too, and say where the report is."""
    try:
        report.raise_for_failure()
    except AcumaticaError as error:
        error.suggestions.append("acu_report holds the report; %acu apply --accept-failures goes on")
        raise


def _tell_shortly(
    shell: InteractiveShell,
    kind: type[BaseException],
    error: BaseException,
    trace: TracebackType | None,
    tb_offset: int | None = None,  # noqa: ARG001 - IPython passes it by name
) -> list[str]:
    """Show what is wrong and what to try, in place of the way there; `%tb` shows that."""
    sys.last_type, sys.last_value, sys.last_traceback = kind, error, trace
    told = [f"{kind.__name__}: {error}"]
    shell._showtraceback(kind, error, told)  # noqa: SLF001 - what kernels override to send an error
    return told
