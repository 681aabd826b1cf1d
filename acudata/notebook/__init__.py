"""The notebook: `%load_ext acudata` brings `%acu`. The only package that imports IPython or ipywidgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def load(shell: InteractiveShell) -> None:
    """Give a shell `%acu`, `%%acu` and what completes them; errors of acudata are told shortly from then on."""
    from acudata.looks.formatters import register
    from acudata.notebook.magics import AcuMagics

    AcuMagics(shell).begin()
    register(shell.display_formatter)


def unload(shell: InteractiveShell) -> None:
    """Take it all back, sign out and end the sandbox."""
    from acudata.looks.formatters import unregister
    from acudata.notebook.magics import AcuMagics

    unregister(shell.display_formatter)
    magics = shell.magics_manager.registry.get(AcuMagics.__name__)
    if isinstance(magics, AcuMagics):
        magics.end()
