"""What a notebook has to be told to show: frames and pictures, which are not acudata's, and classes of models."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from acudata.looks.card import card_html
from acudata.looks.frames import frame_html, frame_text
from acudata.looks.schema import model_card


def register(display: Any) -> None:
    """Have a shell's display formatter show ages of frames, fields of models and pictures; nothing is loaded for it.

    >>> register(get_ipython().display_formatter)  # doctest: +SKIP
    """
    for kind, home, name, show in _SHOWN:
        display.formatters[kind].for_type_by_name(home, name, show)


def unregister(display: Any) -> None:
    """Have it show them as before."""
    for kind, home, name, _ in _SHOWN:
        display.formatters[kind].pop(f"{home}.{name}", None)


def _print_frame(frame: Any, printer: Any, _cycle: bool) -> None:  # noqa: FBT001 - IPython calls it so
    printer.text(frame_text(frame))


def _model_html(model: Any) -> str | None:
    return card_html(model_card(model)) if hasattr(model, "structure") else None


def _figure_png(figure: Any) -> bytes:
    """Return a picture that pyplot knows nothing of, such as those of reports; pyplot's own are shown by itself."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()


_SHOWN: tuple[tuple[str, str, str, Callable[..., Any]], ...] = (
    ("text/html", "pandas", "DataFrame", frame_html),
    ("text/plain", "pandas", "DataFrame", _print_frame),
    ("text/html", "pandas.core.frame", "DataFrame", frame_html),
    ("text/plain", "pandas.core.frame", "DataFrame", _print_frame),
    ("text/html", "acudata.models.record", "ModelClass", _model_html),
    ("image/png", "matplotlib.figure", "Figure", _figure_png),
)
"""MIME type, home and name of a type (pandas before 3 names the module), and what shows it."""
