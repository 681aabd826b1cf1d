"""What pyright and mypy make of stubs: no errors in them, right types in a program, and an error for each typo."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from acudata import AcumaticaClient
from acudata.sandbox import Sandbox
from tests.conftest import connect

pytestmark = pytest.mark.slow
Checker = Callable[..., list[tuple[str, int, str, str]]]
ROOT = Path(__file__).parents[2]

PROGRAM = """
from acudata import AcumaticaClient, F as AnyField
from acudata.errors import AcumaticaError

client = AcumaticaClient()
F = client.customers.F
reveal_type(client.customers)  # CustomerService
reveal_type(client["SalesOrder"])  # SalesOrderService
reveal_type(client.customers.first())  # Customer | None
reveal_type(client.customers.get_by_id("ABC").CustomerName)  # str | None
reveal_type(client.sales_orders.get_by_keys("SO", "000001").OrderTotal)  # Decimal | None
reveal_type(client.sales_order.get_list()[0].Details)  # list[SalesOrderDetail] | None
reveal_type(client.customers.put_entity({"CustomerID": "ABC"}))  # Customer
reveal_type(client.customers.to_frame(F.MainContact.Email.is_null(), columns=["CustomerID"]))  # DataFrame
reveal_type(F.Status == "Active")  # Expression
for name in client.list_services():
    reveal_type(client[name])  # Service
order = client.models.SalesOrder(OrderTotal=12.5, Details=[{"InventoryID": "A"}], LastModified="2024-01-01")
client.sales_orders.invoke_action_cancel_sales_order(order, wait=False)
client.customers.to_frame(AnyField.Status == "Active", expand="MainContact")
with client as same:
    reveal_type(same.sales_orders)  # SalesOrderService
client.custmers  # wrong
client.customers.F.CustomerNam  # wrong
client.models.Custmer  # wrong
client.models.Customer(CustomerNam="x")  # wrong
client.models.Customer(CustomerName=3)  # wrong
client.customers.get_by_id("ABC").CustomerNam  # wrong
client.sales_orders.invoke_action_cancel_sales_ordr(order)  # wrong
client.customers.to_frame(colums=["CustomerID"])  # wrong
"""
WRONG = [n for n, line in enumerate(PROGRAM.splitlines(), 1) if line.endswith("# wrong")]
TYPES = {
    n: found.group(1)
    for n, line in enumerate(PROGRAM.splitlines(), 1)
    if (found := re.search(r"reveal_type.*  # (.*)$", line))
}


def project(client: AcumaticaClient, folder: Path, program: str = PROGRAM) -> Path:
    """Make a project with stubs and a program; the package is found where its sources are."""
    client.write_stubs(folder / "typings")
    (folder / "main.py").write_text(program, encoding="utf-8")
    config = {"extraPaths": [str(ROOT)], "typeCheckingMode": "standard"}
    (folder / "pyrightconfig.json").write_text(json.dumps(config), encoding="utf-8")
    return folder


def pyright(folder: Path, *paths: str) -> list[tuple[str, int, str, str]]:
    """Return file, line, severity and text of what pyright says."""
    command = shutil.which("basedpyright", path=str(Path(sys.executable).parent)) or shutil.which("pyright")
    if command is None:
        pytest.skip("pyright is not here")
    done = subprocess.run(
        [command, "--outputjson", "--pythonpath", sys.executable, *paths],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return [
        (Path(said["file"]).name, said["range"]["start"]["line"] + 1, said["severity"], said["message"])
        for said in json.loads(done.stdout)["generalDiagnostics"]
    ]


def mypy(folder: Path, *arguments: str) -> list[tuple[str, int, str, str]]:
    """Return file, line, severity and text of what mypy says."""
    pytest.importorskip("mypy")
    path = os.pathsep.join(["typings", str(ROOT)])
    options = ("--strict", "--follow-imports=silent", "--no-error-summary", "--ignore-missing-imports")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, *arguments],
        cwd=folder,
        env={**os.environ, "MYPYPATH": path},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    lines = [re.match(r"(.*?):(\d+): (\w+): (.*)", line) for line in done.stdout.splitlines()]
    return [(Path(m[1]).name, int(m[2]), m[3], m[4]) for m in lines if m]


def plainly(text: str) -> str:
    """Return a revealed type without the modules of its names."""
    return re.sub(r"\b\w+\.", "", text.rpartition(' is "')[2].strip('"'))


@pytest.mark.parametrize("checker", [pyright, mypy])
def test_a_program_gets_its_types_and_an_error_for_each_typo(
    client: AcumaticaClient, tmp_path: Path, checker: Checker
) -> None:
    said = checker(project(client, tmp_path), "main.py")
    revealed = {line: plainly(text) for _, line, _, text in said if "ype " in text and line in TYPES}
    assert revealed == TYPES
    assert sorted({line for _, line, severity, _ in said if severity == "error"}) == WRONG


def test_pyright_and_mypy_find_no_error_in_the_stubs_of_real_endpoints(
    document: Path, tmp_path: Path
) -> None:
    with Sandbox(schema=document) as box, connect(box) as client:
        folder = project(client, tmp_path)
    assert pyright(folder, "typings") == []
    assert mypy(folder, "typings") == []
