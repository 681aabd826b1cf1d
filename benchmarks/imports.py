"""What it takes before anything is done: imports, and the command line."""

from __future__ import annotations

import importlib
import subprocess
import sys

from benchmarks.work import Place, Work


def package(_place: Place) -> Work:
    """Import acudata, which loads none of the heavy libraries."""

    def work() -> int:
        importlib.import_module("acudata")
        if loaded := {"pandas", "pyarrow", "requests", "pydantic"} & sys.modules.keys():
            raise AssertionError(f"import acudata loads {', '.join(loaded)}")
        return 1

    return work


def client(_place: Place) -> Work:
    """Import the client, with everything that it needs to sign in."""
    return lambda: len({importlib.import_module("acudata").AcumaticaClient})


def peer_client(_place: Place) -> Work:
    """Import the peer's client."""
    return lambda: len({importlib.import_module("easy_acumatica").AcumaticaClient})


def ready(place: Place) -> Work:
    """Import the client and be ready, with what `ours.start_cold` left on disk."""
    kept = []

    def work() -> int:
        from benchmarks import ours

        kept.append(ours.start_warm(place))
        return kept[0]()

    return work


def peer_ready(place: Place) -> Work:
    """Import the peer's client and be ready, with what `peer.start_cold` left on disk."""
    kept = []

    def work() -> int:
        from benchmarks import peer

        kept.append(peer.start_warm(place))
        return kept[0]()

    return work


def interpreter(_place: Place) -> Work:
    """Start Python and end it."""
    return lambda: 1 + _run("-c", "pass")


def help_page(_place: Place) -> Work:
    """Ask the command line for help."""
    return lambda: 1 + _run("-m", "acudata", "--help")


def _run(*arguments: str) -> int:
    return subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True).returncode
