"""The setting of the reference's examples: an instance, a folder with a `.env` file, and a client.

Each test here is one example or sentence of the reference, in its order and with its words; "https://your-instance…"
is a sandbox, and what an example takes for granted (a customer ABCCOMP, an item WIDGET) was put into it before.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from acudata import AcumaticaClient
from acudata.sandbox import Sandbox
from tests.conftest import connect


@pytest.fixture(scope="package")
def box() -> Iterator[Sandbox]:
    with Sandbox() as box:
        with connect(box) as client:
            prepare(client)
        yield box


def prepare(client: AcumaticaClient) -> None:
    """Put what the examples take for granted into the instance."""
    for key in ("ABCCOMP", "PYTHN001"):
        client.customers.put_entity({"CustomerID": key, "CustomerName": f"Customer {key}"})
    item_class = client.stock_items.get_list(select="ItemClass", top=1)[0].ItemClass
    client.stock_items.put_entity({"InventoryID": "WIDGET", "Description": "Widget", "ItemClass": item_class})


@pytest.fixture(scope="package")
def client(box: Sandbox) -> Iterator[AcumaticaClient]:
    with connect(box) as client:
        yield client


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder of its own, without settings from anywhere else."""
    for name in [name for name in os.environ if name.startswith("ACUMATICA_")]:
        monkeypatch.delenv(name)
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def dot_env(project: Path, box: Sandbox) -> Path:
    """Write the credentials to the `.env` file of the project, where `AcumaticaClient()` finds them."""
    path = project / ".env"
    path.write_text(credentials(box), encoding="utf-8")
    return path


def credentials(box: Sandbox) -> str:
    """Return the lines of a `.env` file."""
    return (
        f"ACUMATICA_URL={box.url}\nACUMATICA_USERNAME={box.username}\n"
        f"ACUMATICA_PASSWORD={box.password}\nACUMATICA_TENANT={box.tenant}\n"
    )
