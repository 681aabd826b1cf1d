"""Many calls at once, over one session, with an outcome for each in the order of the calls."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from acudata.progress import progress as bar

Call = Callable[[], Any] | Sequence[Any]
"""A function without arguments, or a sequence of a function and its arguments."""
Progress = Callable[[int, int], None]
"""Gets the number of calls that have ended, and of all."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Holds what became of one call: its value, or its error; `is_tried` is false for one that was never made."""

    index: int
    value: Any = None
    error: Exception | None = None
    seconds: float = 0.0
    is_tried: bool = True

    @property
    def ok(self) -> bool:
        """Tell whether the call was made and raised nothing."""
        return self.is_tried and self.error is None


class BatchResult(list[Outcome]):
    """Is the list of outcomes, in the order of the calls."""

    @property
    def values(self) -> list[Any]:
        """Return the value of each call, None for those without."""
        return [outcome.value for outcome in self]

    @property
    def failed(self) -> list[Outcome]:
        """Return the outcomes with an error."""
        return [outcome for outcome in self if outcome.error is not None]

    def raise_for_failure(self) -> None:
        """Raise the first error, in the order of the calls, if there is any."""
        for outcome in self.failed:
            if outcome.error is not None:
                raise outcome.error


def run_batch(
    calls: Iterable[Call],
    *,
    max_concurrent: int = 2,
    on_error: Literal["collect", "stop"] = "collect",
    progress: Progress | bool | None = None,
) -> BatchResult:
    """Make the calls, at most `max_concurrent` at a time, and return their outcomes.

    With `on_error="stop"` no further call is begun after an error; those that run are waited for. Ctrl-C does the same
    before it goes on. `progress` is a function that is told, or says whether a bar is shown, as in `acudata.progress`.

    Raises ValueError or TypeError, before any call, for arguments that make no sense.
    """
    functions = [_function(index, call) for index, call in enumerate(calls)]
    if max_concurrent < 1:
        raise ValueError(f"max_concurrent={max_concurrent} makes no sense; 1 makes one call after the other.")
    if on_error not in {"collect", "stop"}:
        raise ValueError(f"on_error={on_error!r} is not known; choose 'collect' or 'stop'.")
    outcomes = [Outcome(index, is_tried=False) for index in range(len(functions))]
    waiting = deque(enumerate(functions))
    with (
        _telling(len(functions), progress=progress) as tell,
        ThreadPoolExecutor(max_concurrent, thread_name_prefix="acudata-batch") as pool,
    ):
        for ended, outcome in enumerate(_ended(pool, waiting, max_concurrent), start=1):
            outcomes[outcome.index] = outcome
            tell(ended, len(functions))
            if outcome.error is not None and on_error == "stop":
                waiting.clear()
    return BatchResult(outcomes)


def _function(index: int, call: Call) -> Callable[[], Any]:
    if callable(call):
        return call
    if isinstance(call, Sequence) and call and callable(call[0]):
        function, *arguments = call
        return lambda: function(*arguments)
    raise TypeError(
        f"Call {index} is no call: pass a function without arguments, such as "
        "lambda: client.customers.get_by_id('ABC'), or a tuple of a function and its arguments."
    )


@contextmanager
def _telling(total: int, *, progress: Progress | bool | None) -> Iterator[Progress]:
    if callable(progress):
        yield progress
        return
    with bar(total, description="batch", unit="calls", enabled=progress) as advance:
        yield lambda _ended, _total: advance(1)


def _made(index: int, function: Callable[[], Any]) -> Outcome:
    started = time.monotonic()
    try:
        value = function()
    except Exception as error:  # noqa: BLE001 - an error of any kind is that call's outcome
        return Outcome(index, error=error, seconds=time.monotonic() - started)
    return Outcome(index, value=value, seconds=time.monotonic() - started)


def _ended(
    pool: ThreadPoolExecutor, waiting: deque[tuple[int, Callable[[], Any]]], max_concurrent: int
) -> Iterator[Outcome]:
    """Yield the outcome of each call when it ends; a call that waits begins only then, so it can be given up."""
    running: set[Future[Outcome]] = set()
    while waiting or running:
        while waiting and len(running) < max_concurrent:
            running.add(pool.submit(_made, *waiting.popleft()))
        done, running = wait(running, return_when=FIRST_COMPLETED)
        yield from (future.result() for future in done)
