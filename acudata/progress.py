"""How long work tells where it is: a bar to somebody who watches, lines to a log, nothing when switched off."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, NoReturn, TypeVar

if TYPE_CHECKING:
    from tqdm.auto import tqdm

logger = logging.getLogger(__name__)


Advance = Callable[[int], None]
"""Tells that so many more units are done."""

Watch = Callable[[], AbstractContextManager[Advance]]
"""Begins to show how far a piece of work is, as `progress` does."""

Echo = Callable[[str], None]
"""Takes one plain line, such as `print` or a logger's method."""

T = TypeVar("T")

BAR_DELAY = 1.0
"""Seconds before a bar shows; shorter work stays silent."""

LINE_INTERVAL = 5.0
"""Seconds between two plain lines."""


def tell(line: str) -> None:
    """Write a line to the log, or into a notebook that nobody watches: it keeps what is written, and shows no log."""
    if _kernel() is not None and sys.stdout is not None:
        sys.stdout.write(f"{line}\n")
    else:
        logger.info(line)


@contextmanager
def progress(
    total: int | None = None,
    *,
    description: str,
    unit: str = "rows",
    enabled: bool | None = None,
    echo: Echo = tell,
) -> Iterator[Advance]:
    """Show how far a piece of work is while the block runs; the block calls what it gets with each step.

    Args:
        total: the number of units to do, where it is known.
        description: what is being done, such as "Customer".
        unit: what is counted, in the plural.
        enabled: None shows a bar in a terminal or notebook that is watched and plain lines elsewhere, True a bar
            wherever there is an error stream, False nothing. A bar comes after a second.
        echo: where plain lines go; without it they go to the log `acudata.progress` at level INFO, or into a notebook
            that is executed headless.

    Example:
        >>> with progress(3, description="Customer", echo=print) as advance:
        ...     advance(2)
        ...     advance(1)
        Customer: 3 of 3 rows
    """
    if enabled is False:
        yield unshown
    elif (enabled and sys.stderr is not None) or is_watched():
        with _bar(total, description, unit) as advance:
            yield advance
    else:
        with _lines(total, description, unit, echo) as advance:
            yield advance


def unshown(count: int) -> None:
    """Show nothing."""


def track(
    items: Iterable[T],
    *,
    description: str,
    unit: str = "items",
    total: int | None = None,
    enabled: bool | None = None,
    echo: Echo = tell,
) -> Iterator[T]:
    """Yield the items and show how far it is; arguments as those of `progress`.

    >>> list(track(["Customer", "Vendor"], description="Reading", unit="entities", echo=print))
    Reading: 2 of 2 entities
    ['Customer', 'Vendor']
    """
    count = len(items) if total is None and isinstance(items, Sized) else total
    with progress(count, description=description, unit=unit, enabled=enabled, echo=echo) as advance:
        for item in items:
            yield item
            advance(1)


def is_watched() -> bool:
    """Return whether somebody sees a bar: the error stream is a terminal, or this is a notebook, and not headless."""
    kernel = _kernel()
    if kernel is not None:
        # What runs a notebook headless (nbclient, papermill) says that nobody could answer a question.
        return bool(getattr(kernel, "_allow_stdin", True))
    return sys.stderr is not None and sys.stderr.isatty()


def _kernel() -> object | None:
    ipython = sys.modules.get("IPython")  # asked, never imported: only a session of IPython has loaded it
    shell = ipython.get_ipython() if ipython else None
    return getattr(shell, "kernel", None)


@contextmanager
def _bar(total: int | None, description: str, unit: str) -> Iterator[Advance]:
    bar = _LateBar(total, description, unit)
    try:
        yield bar.advance
    finally:
        bar.close()


class _LateBar:
    """Is a bar that comes into being only when the work turns out to take long: tqdm takes a while to import."""

    def __init__(self, total: int | None, description: str, unit: str) -> None:
        self._total = total
        self._description = description
        self._unit = unit
        self._due = time.monotonic() + BAR_DELAY
        self._early = 0
        self._bar: tqdm[NoReturn] | None = None

    def advance(self, count: int) -> None:
        """Count what is done, and show it once it is time."""
        if self._bar is not None:
            self._bar.update(count)
            return
        self._early += count
        if time.monotonic() >= self._due:
            self._bar = self._show()

    def close(self) -> None:
        """Leave the bar as it stands, on a line of its own."""
        if self._bar is not None:
            self._bar.close()

    def _show(self) -> tqdm[NoReturn]:
        from tqdm.auto import tqdm

        return tqdm(total=self._total, initial=self._early, desc=self._description, unit=f" {self._unit}")


@contextmanager
def _lines(total: int | None, description: str, unit: str, echo: Echo) -> Iterator[Advance]:
    done, due = 0, time.monotonic() + LINE_INTERVAL

    def advance(count: int) -> None:
        nonlocal done, due
        done += count
        if time.monotonic() >= due:
            due = time.monotonic() + LINE_INTERVAL
            echo(f"{description}: {told()} …")

    def told() -> str:
        return f"{done:,} {unit}" if total is None else f"{done:,} of {total:,} {unit}"

    try:
        yield advance
    except BaseException:
        echo(f"{description}: stopped at {told()}")
        raise
    echo(f"{description}: {told()}")
