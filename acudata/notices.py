"""Warnings that point at the user's own line, wherever in acudata the reason is found."""

from __future__ import annotations

import sys
import warnings


class EmptyAnswerWarning(UserWarning):
    """Says that an empty answer may be untrue: the server has records, and is known to miss some by such a filter."""


class NarrowedWarning(UserWarning):
    """Says that columns were left out, since the server cannot list them; `df.attrs["left_out"]` names them."""


def warn(note: str, category: type[Warning]) -> None:
    """Show a warning for the line outside acudata from which all this was called."""
    warnings.warn(note, category, stacklevel=_levels_to_the_user())


def _levels_to_the_user() -> int:
    """Return the stack level at which the code outside acudata stands."""
    frame, levels = sys._getframe(1), 1  # noqa: SLF001 - as warnings itself does from Python 3.12 on
    while frame.f_back and frame.f_globals.get("__name__", "").partition(".")[0] == "acudata":
        frame, levels = frame.f_back, levels + 1
    return levels
