"""Stubs as files: the same tenant gives the same text, a change is told, and nothing of others is touched."""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

import acudata
from acudata import AcumaticaClient
from acudata.errors import AcumaticaValidationError
from acudata.stubs.changes import SHOWN, shortened
from tests.customised import Instance

ENTRY = Path("acudata/__init__.pyi")
MODELS = Path("acudata/tenant/models.pyi")


def texts(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): p.read_text(encoding="utf-8") for p in folder.rglob("*.pyi")}


def test_the_same_tenant_gives_the_same_files_and_the_second_time_nothing_changed(
    client: AcumaticaClient, tmp_path: Path
) -> None:
    assert "Customer added" in client.write_stubs(tmp_path / "a")
    client.write_stubs(tmp_path / "b")
    assert texts(tmp_path / "a") == texts(tmp_path / "b")
    assert client.write_stubs(tmp_path / "a", check=True) == []


def test_the_head_tells_facts_and_no_secret(client: AcumaticaClient, tmp_path: Path) -> None:
    client.write_stubs(tmp_path)
    everything = "".join(texts(tmp_path).values())
    head = (tmp_path / ENTRY).read_text(encoding="utf-8").splitlines()[:4]
    assert head[0].startswith("# Written by acudata")
    assert head[-1].startswith(f"# Endpoint Default/24.200.001, acudata {acudata.__version__}, fingerprint ")
    config = client.config
    secrets = (config.base_url, config.username, config.password.get_secret_value(), str(config.tenant))
    assert [secret for secret in secrets if secret in everything] == []


def test_custom_fields_are_among_the_others(client: AcumaticaClient, tmp_path: Path) -> None:
    client.write_stubs(tmp_path)
    customer = (tmp_path / MODELS).read_text(encoding="utf-8").partition("class Customer(")[2]
    assert "    UsrRebatePct: _kinds.Decimal = ...\n" in customer.partition("\nclass ")[0]


def test_what_was_added_and_removed_is_told_and_written_only_without_check(instance: Instance) -> None:
    folder = instance.folder / "typings"
    with instance.serve() as box, instance.connect(box) as client:
        client.write_stubs(folder)
    before = texts(folder)
    with instance.serve(instance.edited()) as box, instance.connect(box, cache_methods=False) as client:
        changes = client.write_stubs(folder, check=True)
        assert {"Customer.Nickname added", "VisitService added", "StockItemService removed"} <= {*changes}
        assert texts(folder) == before
        assert client.write_stubs(folder) == changes
        assert client.write_stubs(folder, check=True) == []


def test_a_field_of_another_kind_is_told(client: AcumaticaClient, tmp_path: Path) -> None:
    client.write_stubs(tmp_path)
    path = tmp_path / MODELS
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("CreditLimit: _kinds.Decimal", "CreditLimit: _kinds.Int"), encoding="utf-8")
    assert "Customer.CreditLimit retyped: Int became Decimal" in client.write_stubs(tmp_path, check=True)


@pytest.mark.parametrize(
    "folder",
    [
        Path(sysconfig.get_path("purelib")),
        Path(acudata.__file__).parent / "typings",
        Path(acudata.__file__).parents[1],
        Path("lib", "site-packages", "typings"),
    ],
    ids=str,
)
def test_a_place_for_packages_is_refused(client: AcumaticaClient, folder: Path) -> None:
    with pytest.raises(AcumaticaValidationError, match="belong to a project"):
        client.write_stubs(folder)
    assert not (folder / ENTRY).exists()


def test_files_of_others_are_left_alone(client: AcumaticaClient, tmp_path: Path) -> None:
    path = tmp_path / ENTRY
    path.parent.mkdir()
    path.write_text("mine: int\n", encoding="utf-8")
    with pytest.raises(AcumaticaValidationError, match="was not written by acudata"):
        client.write_stubs(tmp_path)
    assert texts(tmp_path) == {str(ENTRY): "mine: int\n"}


def test_changes_of_old_stubs_are_told_one_by_one() -> None:
    changes = [*(f"Customer.New{number} added" for number in range(20)), "Customer.Old removed"]
    assert shortened(changes) == changes


def test_the_command_writes_checks_and_fails_when_they_are_out_of_date(tmp_path: Path) -> None:
    def stubs(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "acudata", "stubs", "--demo", "--out", "typings", *arguments]
        path = str(Path(acudata.__file__).parents[1])
        return subprocess.run(
            command,
            cwd=tmp_path,
            env={"PYTHONPATH": path},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    missing, written, current = stubs("--check"), stubs(), stubs("--check")
    assert (missing.returncode, written.returncode, current.returncode) == (1, 0, 0)
    assert len(missing.stdout.splitlines()) == SHOWN + 1
    assert re.fullmatch(r"and \d+ more added", missing.stdout.splitlines()[-1])
    told = written.stdout.splitlines()[-1]
    assert told.startswith(f"written to {(tmp_path / 'typings').resolve()}. pyright and pylance look")
    assert told.endswith("mypy needs mypy_path = 'typings'")
    assert missing.stderr == (
        "acudata: the stubs in typings are out of date: run acudata stubs --out typings\n"
    )
    assert current.stdout == "the stubs in typings are up to date\n"
