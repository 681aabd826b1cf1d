"""The files that say what acudata needs agree with each other."""

import re
import tomllib
from pathlib import Path
from typing import Any

import yaml

import acudata

ROOT = Path(__file__).parents[1]


def project() -> dict[str, Any]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        found: dict[str, Any] = tomllib.load(file)["project"]
    return found


def everywhere(requirements: list[str]) -> list[str]:
    """Return the requirements that hold on every platform."""
    return [requirement for requirement in requirements if ";" not in requirement]


def test_conda_needs_what_pip_needs() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    python, pip, *needed, with_pip = environment["dependencies"]
    described = project()
    assert python == f"python{described['requires-python']}"
    assert needed == everywhere(described["dependencies"]) + described["optional-dependencies"]["charts"]
    assert (pip, with_pip) == ("pip", {"pip": ["--editable ."]})


def test_the_oldest_versions_that_are_tested_are_the_oldest_that_are_allowed() -> None:
    lines = (ROOT / ".ci" / "oldest.txt").read_text(encoding="utf-8").splitlines()
    tested = dict(line.split("==") for line in lines if "==" in line)
    lowest = re.compile(r"^([\w-]+)>=([\d.]+)", re.MULTILINE)
    assert tested == dict(lowest.findall("\n".join(everywhere(project()["dependencies"]))))


def test_there_is_one_version() -> None:
    assert project()["version"] == acudata.__version__


def test_the_contracts_of_the_layers_know_every_module() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    modules = {
        path.stem
        for path in (ROOT / "acudata").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    layers, sandbox, client = contracts
    named = {name for layer in layers["layers"] for name in layer.split(" : ")}
    assert named == modules - {"__init__", "sandbox"}
    assert {name.removeprefix("acudata.") for name in sandbox["forbidden_modules"]} == named - {"__main__"}
    assert {name.removeprefix("acudata.") for name in client["source_modules"]} == named - {
        "__main__",
        "cli",
        "demo",
        "lab",
        "notebook",
    }
