"""`%acu` in a real shell of IPython, on the sandbox."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from IPython.core import interactiveshell

from acudata import (
    AcumaticaClient,
    AcumaticaConfigError,
    AcumaticaUnknownNameError,
    AcumaticaValidationError,
    F,
)
from acudata.cli import main
from acudata.errors import AcumaticaError
from acudata.sandbox import Sandbox
from tests.conftest import connect

Shell = Any  # parts of IPython are typed, parts are not
InteractiveShell: Shell = interactiveshell.InteractiveShell


@pytest.fixture(scope="module")
def shell() -> Iterator[Shell]:
    shell = InteractiveShell.instance()
    shell.history_manager.enabled = False
    shell.extension_manager.load_extension("acudata")
    shell.run_line_magic("acu", "connect --demo")
    yield shell
    shell.extension_manager.unload_extension("acudata")
    InteractiveShell.clear_instance()


@pytest.fixture
def fresh() -> Iterator[Shell]:
    """Give a shell that is not connected."""
    shell = InteractiveShell()
    shell.extension_manager.load_extension("acudata")
    yield shell
    shell.extension_manager.unload_extension("acudata")


def acu(shell: Shell, line: str, **known: Any) -> Any:
    shell.push(known)
    return shell.run_line_magic("acu", line)


def help_of(command: str) -> str:
    """Return the help that the command line tells of a command."""
    with contextlib.redirect_stdout(io.StringIO()) as told, pytest.raises(SystemExit):
        main([command, "--help"])
    return told.getvalue()


def completed(shell: Shell, text: str) -> list[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the interface that kernels use is called provisional
        return [found.text for found in shell.Completer.completions(text, len(text))]


def test_a_line_gives_a_frame(shell: Shell) -> None:
    shell.run_cell(
        """df = %acu customers --filter "Status eq 'Active'" --columns CustomerID Status --top 3"""
    )
    df = shell.user_ns["df"]
    assert list(df.columns) == ["CustomerID", "Status", "id"]
    assert set(df["Status"]) == {"Active"}
    assert len(df) == 3


def test_a_cell_gives_a_frame_over_several_lines(shell: Shell) -> None:
    query = "sales_orders\n  --filter \"Status eq 'Open'\n    and OrderTotal gt 100\"\n  --top 2 --columns OrderNbr"
    assert shell.run_cell(f"%%acu orders\n{query}").success
    assert list(shell.user_ns["orders"].columns) == ["OrderNbr", "id"]


@pytest.mark.parametrize(
    ("filter_", "known"),
    [
        ("Status eq '{wanted}'", {"wanted": "Active"}),
        ("Status eq {wanted}", {"wanted": "Active"}),
        (
            "LastModifiedDateTime ge {since} and Status eq {wanted}",
            {"wanted": "Active", "since": dt.date(2000, 1, 1)},
        ),
        ("{condition}", {"condition": F.Status == "Active"}),
    ],
)
def test_values_may_be_variables(shell: Shell, filter_: str, known: dict[str, Any]) -> None:
    df = acu(
        shell,
        f'customers --filter "{filter_}" --columns {{names}} --top {{n}}',
        names=["Status"],
        n=4,
        **known,
    )
    assert df["Status"].tolist() == ["Active"] * 4


def test_the_variables_of_a_function_count(shell: Shell) -> None:
    source = "def read(n):\n    return get_ipython().run_line_magic('acu', 'customers --top {n}')\nrows = len(read(2))"
    assert shell.run_cell(source).success
    assert shell.user_ns["rows"] == 2


def test_services_are_told_without_asking_for_each(fresh: Shell) -> None:
    client = acu(fresh, "connect --demo")
    assert "SalesOrder" in client.endpoint.entities
    before = client.get_api_usage_stats()["total_requests"]
    assert len(acu(fresh, "services")) == len(client)
    assert client.get_api_usage_stats()["total_requests"] == before


def test_it_tells_services_fields_and_status(shell: Shell) -> None:
    assert "SalesOrder" in set(acu(shell, "services sales")["name"])
    fields = acu(shell, "fields customers usr*").set_index("field")
    assert fields.loc["UsrLoyaltyTier", "custom"]
    assert "admin" in acu(shell, "status").to_string()


@pytest.mark.parametrize("line", ["services", "fields customers"])
def test_what_a_table_does_not_know_is_empty(shell: Shell, line: str) -> None:
    table = acu(shell, line)
    assert not table.isna().any().any()
    assert (table == "").any().any()


def test_a_plan_is_shown_and_applied(shell: Shell) -> None:
    df = acu(shell, "customers --columns CustomerID,CreditLimit --top 2")
    df.loc[0, "CreditLimit"] += 500
    assert acu(shell, "plan df customers", df=df).summary()["update"] == 1
    assert acu(shell, "apply --max-rows 5").summary()["updated"] == 1


@pytest.fixture
def half_good(shell: Shell) -> Any:
    df = acu(shell, "customers --columns CustomerID,CreditLimit --top 4")
    df.loc[2, "CreditLimit"] += 500
    df.loc[3, "CreditLimit"] = 1e30
    acu(shell, "plan df customers", df=df)
    return df


@pytest.mark.usefixtures("half_good")
def test_an_apply_that_left_a_record_out_stops_the_run(
    shell: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    result = shell.run_cell("report = %acu apply")
    assert isinstance(result.error_in_exec, AcumaticaError)
    shown = capsys.readouterr().out
    assert "<WriteReport Customer: 1 updated" in shown
    assert "1 of 4 records are not written as they were sent: 1 invalid." in shown
    assert "acu_report" in shown
    assert shell.user_ns["acu_report"].summary()["updated"] == 1
    assert result.error_in_exec.context["report"] is shell.user_ns["acu_report"]


@pytest.mark.usefixtures("half_good")
def test_failures_may_be_accepted(shell: Shell) -> None:
    report = acu(shell, "apply --accept-failures")
    assert report.summary()["invalid"] == 1
    assert acu(shell, "apply --accept-failures").summary() == report.summary()


def test_export_writes_tables(shell: Shell, tmp_path: Path) -> None:
    report = acu(shell, "export Customer salespeople --to {lake}", lake=tmp_path)
    assert report.ok
    assert (tmp_path / "Customer").is_dir()


def test_export_has_the_options_of_the_command_line(shell: Shell, tmp_path: Path) -> None:
    def options(told: str) -> set[str]:
        return {*re.findall(r"--[a-z-]+", told)}

    own = help_of("export")
    assert options(str(acu(shell, "export --help"))) == options(own) - {"--help", "--env-file", "--env"}
    line = "export Warehouse --to {lake} --compare --deletes keys --no-children --on-unoptimised narrow"
    assert acu(shell, line, lake=tmp_path).ok
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["Warehouse"]


def test_browse_gives_the_browser(shell: Shell) -> None:
    assert type(acu(shell, "browse")).__name__ == "Browser"


def test_defaults_are_configured(shell: Shell) -> None:
    shell.run_cell("%config AcuMagics.top = 2\n%config AcuMagics.dtype_backend = 'pyarrow'")
    df = acu(shell, "customers --columns CreditLimit")
    shell.run_cell("%config AcuMagics.top = None\n%config AcuMagics.dtype_backend = 'numpy_nullable'")
    assert (len(df), str(df["CreditLimit"].dtype)) == (2, "double[pyarrow]")


@pytest.mark.parametrize(
    ("line", "kind", "told"),
    [
        ("custmers", AcumaticaUnknownNameError, "Customer"),
        ("exprot Customer", AcumaticaUnknownNameError, r"command or service 'exprot'.\n.*: export"),
        ("conect --demo", AcumaticaUnknownNameError, r"command or service 'conect'.\n.*: connect"),
        ("custmers --filtr x", AcumaticaUnknownNameError, "Customer"),
        ("customers --filtr x", AcumaticaUnknownNameError, "--filter"),
        ("customers --columns CustomerNam", AcumaticaUnknownNameError, "CustomerName"),
        ("customers --decimals exakt", AcumaticaUnknownNameError, "exact"),
        ("customers --top ten", AcumaticaValidationError, "whole number"),
        ("customers --top", AcumaticaValidationError, "expected one argument"),
        ("customers active", AcumaticaValidationError, "one word too many"),
        ('customers --filter "Status', AcumaticaValidationError, "never closed"),
        ("customers --filter '{sinse}'", AcumaticaUnknownNameError, "since"),
        ("customers --filter 'Date ge {frame}'", AcumaticaValidationError, "no filter compares with"),
        ("export Customer", AcumaticaValidationError, "--to"),
        ("export Customer --to lake --incremental --compare", AcumaticaValidationError, "one of them"),
        ("export Customer --to lake --deletes key", AcumaticaUnknownNameError, "keys"),
        ("plan customers frame", AcumaticaValidationError, "try: %acu plan frame customers"),
        ("plan frme customers", AcumaticaUnknownNameError, "frame"),
    ],
)
def test_what_is_wrong_is_raised_with_what_is_right(
    shell: Shell, line: str, kind: type[AcumaticaError], told: str
) -> None:
    with pytest.raises(kind, match=told):
        acu(shell, line, since=1, frame=pd.DataFrame())


def test_without_a_connection_it_says_how_to_connect(fresh: Shell) -> None:
    with pytest.raises(AcumaticaConfigError, match="%acu connect --demo"):
        acu(fresh, "customers")


def test_without_a_connection_a_misspelt_command_is_told_first(fresh: Shell) -> None:
    with pytest.raises(AcumaticaUnknownNameError, match=r"no command 'conect'.*\n  did you mean: connect"):
        acu(fresh, "conect --demo")


def test_an_error_is_told_shortly_and_tb_tells_it_whole(
    fresh: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    result = fresh.run_cell("%acu status")
    assert isinstance(result.error_in_exec, AcumaticaConfigError)
    short = capsys.readouterr().out
    assert short.startswith("AcumaticaConfigError: %acu is not connected.")
    assert "Traceback" not in short
    fresh.run_line_magic("tb", "")
    assert "Traceback" in capsys.readouterr().out


def test_the_client_of_the_notebook_serves_where_none_was_connected(
    fresh: Shell, client: AcumaticaClient
) -> None:
    assert len(acu(fresh, "customers --top 1", client=client)) == 1


def test_connecting_again_and_unloading_free_the_seat(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    shell = InteractiveShell()
    shell.extension_manager.load_extension("acudata")
    with Sandbox(seats=1) as box:
        lines = {"URL": box.url, "USERNAME": box.username, "PASSWORD": box.password, "TENANT": box.tenant}
        text = "".join(f"ACUMATICA_{name}='{value}'\n" for name, value in lines.items())
        (tmp_path / "erp.env").write_text(text, encoding="utf-8")
        for option in ("--env", "--env-file"):
            shown = repr(acu(shell, f"connect {option} erp.env")) + str(acu(shell, "status"))
        assert box.password not in shown + capsys.readouterr().out
        shell.extension_manager.unload_extension("acudata")
        with connect(box):
            pass
    assert "acu" not in shell.magics_manager.magics["line"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("%acu cust", "customers"),
        ("%acu expo", "export"),
        ("df = %acu customers --fi", "--filter"),
        ("%acu customers --columns Usr", "UsrLoyaltyTier"),
        ("%acu customers --columns CustomerID,Cred", "CreditLimit"),
        ('%acu customers --filter "Stat', "Status"),
        ("%%acu df\ncustomers\n  --columns Cust", "CustomerID"),
        ("%acu customers --decimals ", "exact"),
        ("%acu fields sales_o", "sales_orders"),
        ("%acu export Customer Sales", "SalesOrder"),
        ("%acu plan own_fr", "own_frame"),
    ],
)
def test_words_are_completed(shell: Shell, text: str, wanted: str) -> None:
    shell.push({"own_frame": 1})
    assert wanted in completed(shell, text)


def test_other_lines_are_completed_as_ever(shell: Shell) -> None:
    shell.push({"customer_list": []})
    assert "customers" not in completed(shell, "cust")


def test_before_ipython_8_6_nothing_is_completed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("IPython.core.completer.context_matcher")
    shell = InteractiveShell()
    shell.extension_manager.load_extension("acudata")
    assert "customers" not in completed(shell, "%acu cust")
    shell.extension_manager.unload_extension("acudata")


def test_help_names_every_command_and_option(shell: Shell) -> None:
    lines = [line for line in str(acu(shell, "--help")).splitlines() if line.startswith("  ")]
    ends = {line.rindex("  ") + 2 for line in lines}
    assert "export" in str(lines)
    assert len(ends) == 1
    told = acu(shell, "customers --help")
    assert "%acu customers" in repr(told)
    assert "--on-unoptimised" in repr(told)
