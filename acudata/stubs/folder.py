"""The folder of the user's project in which stubs stand: never where Python installs packages."""

from __future__ import annotations

import sysconfig
from collections.abc import Mapping
from os import PathLike
from pathlib import Path

import acudata
from acudata.errors import AcumaticaValidationError
from acudata.replacement import replacing
from acudata.stubs.text import MARK


class Folder:
    """Is a folder such as `typings`, where checkers look for stubs.

    Raises AcumaticaValidationError for one in which packages are installed or that holds an acudata of its own, and for
    files in the way that acudata did not write.
    """

    def __init__(self, path: str | PathLike[str]) -> None:
        self.path = Path(path)
        resolved = self.path.resolve()
        package = Path(acudata.__file__).resolve().parent
        inside = [package, *(Path(found).resolve() for found in _installed())]
        names = {part.lower() for part in resolved.parts}
        if any(resolved.is_relative_to(place) for place in inside) or names & {
            "site-packages",
            "dist-packages",
        }:
            raise _refusal(f"{self.path} is a place for installed packages.")
        if any((resolved / "acudata").glob("*.py")):
            raise _refusal(f"{self.path} holds the package acudata itself.")

    def read(self, names: Mapping[str, str]) -> dict[str, str]:
        """Return the text of those files that are there."""
        paths = {name: self.path / name for name in names}
        found = {name: path.read_text(encoding="utf-8") for name, path in paths.items() if path.is_file()}
        for name, text in found.items():
            if not text.startswith(MARK):
                raise _refusal(f"{self.path / name} was not written by acudata.")
        return found

    def write(self, files: Mapping[str, str]) -> None:
        """Write files, each of them whole or not at all; the package's own file comes last."""
        for name in sorted(files, key=lambda name: (name == "acudata/__init__.pyi", name)):
            path = self.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with replacing(path) as temporary:
                temporary.write_text(files[name], encoding="utf-8", newline="\n")


def _installed() -> list[str]:
    return [sysconfig.get_path(name) for name in ("purelib", "platlib", "stdlib")]


def _refusal(reason: str) -> AcumaticaValidationError:
    return AcumaticaValidationError(
        f"{reason} Stubs tell of one tenant and belong to a project.",
        suggestions=["write them to a folder of the project, such as typings"],
    )
