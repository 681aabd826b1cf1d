"""The pages of one list, as they come."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import nullcontext
from typing import Any, TypeVar

from acudata.errors import (
    AcumaticaBusinessRuleError,
    AcumaticaError,
    AcumaticaServerError,
    AcumaticaValidationError,
)
from acudata.frames.tolerant import records_in
from acudata.paging.ahead import Ahead, Arrival, decoded
from acudata.paging.course import Course
from acudata.paging.marks import Marks, marks_of
from acudata.paging.order import joined
from acudata.paging.steps import Came, Step
from acudata.progress import Advance, Watch, unshown

Fetch = Callable[[Mapping[str, str]], bytes]

_T = TypeVar("_T")
_REFUSALS = (AcumaticaServerError, AcumaticaValidationError, AcumaticaBusinessRuleError)
_AWAY = (502, 503)
"""What proxies and web servers answer for an instance that is not there: that says nothing of what was asked."""


class Pages:
    """Yields the pages of a list as the bytes that came, each of which its reader answers by calling `received`.

    `fetch` gets the query options of one page and is called from other threads as well, `allowed` of them at a time.
    `keys` are the fields, with their kinds, that `Marks` are to have beside the id. Acumatica sends neither a count nor
    a next link: `course` makes of what was received what is asked for next, and `watch` is told of the records kept.
    """

    def __init__(
        self,
        fetch: Fetch,
        params: Mapping[str, str],
        course: Course,
        *,
        keys: Mapping[str, str] | None = None,
        allowed: int = 0,
        watch: Watch = lambda: nullcontext(unshown),
    ) -> None:
        self.keys = keys or {}
        self.requests = 0
        self._fetch = fetch
        self._params = _with_keys(params, self.keys)
        self._course = course
        self._steps = course.steps()
        self._next = next(self._steps, None)
        self._ahead = Ahead(
            lambda step: self._fetch(self._options(step)),
            course.following,
            size=lambda: course.sizes.current,
            allowed=allowed,
        )
        self._came: Arrival | None = None
        self._watch = watch
        self._advance: Advance = unshown

    def __iter__(self) -> Generator[bytes, None, None]:
        return self.read(bytes)

    def read(self, decode: Callable[[bytes], _T]) -> Generator[_T, None, None]:
        """Yield what `decode` makes of each page; a page asked for ahead is decoded by the thread that asked."""
        self._ahead.decode = decode
        try:
            with self._watch() as self._advance:
                for arrival in self._arrivals():
                    yield decoded(arrival, decode)
        finally:
            self._ahead.drop()

    def _arrivals(self) -> Generator[Arrival, None, None]:
        while self._next is not None:
            arrival = self._arrival(self._next)
            if arrival is None:
                self._go_on(Came(self._next, Marks([], []), refused=True))
            elif self._next.probe:
                self._go_on(Came(self._next, marks_of(records_in(arrival.content), list(self.keys))))
            else:
                self._came, self._next = arrival, None
                yield arrival

    def received(self, marks: Marks) -> list[int] | None:
        """Take note of the records of the page just yielded; return the positions of those to keep, None for all."""
        if self._came is not None:
            self._go_on(Came(self._came.step, marks, self._came.content))
        kept = self._course.kept
        self._advance(len(kept))
        return None if len(kept) == len(marks) else kept

    def facts(self) -> dict[str, Any]:
        """Return how the list was read; plain values."""
        return {
            "pages": self.requests,
            "paging": self._course.kind,
            "repaired": dict(self._course.repaired),
            "paging_notes": list(self._course.notes),
        }

    def _go_on(self, came: Came) -> None:
        self._course.kept = []
        try:
            self._next = self._steps.send(came)
        except StopIteration:
            self._next = None

    def _arrival(self, step: Step) -> Arrival | None:
        """Return the page of a step, asked for in smaller pieces if need be; None when the server refuses it."""
        while True:
            try:
                arrival = self._ahead.take(step)
            except AcumaticaError as error:
                self.requests += 1
                if self._course.sizes.shrink(error):
                    step = step.smaller(min(step.top, self._course.sizes.current))
                elif _is_refusal(error) and (step.after or step.also):
                    return None
                else:
                    raise
            else:
                break
        self.requests += 1
        self._course.sizes.note(arrival.step.top, seconds=arrival.seconds, size=len(arrival.content))
        self._ahead.go_on_from(arrival)
        return arrival

    def _options(self, step: Step) -> dict[str, str]:
        beyond = self._course.order.beyond(step.after) if step.after and self._course.order else None
        condition = joined([self._params.get("$filter"), beyond, step.also])
        paging = {"$top": str(step.top)} | ({"$skip": str(step.skip)} if step.skip else {})
        return {**self._params, **({"$filter": condition} if condition else {}), **paging}


def _is_refusal(error: AcumaticaError) -> bool:
    return isinstance(error, _REFUSALS) and error.status_code not in _AWAY


def _with_keys(params: Mapping[str, str], keys: Iterable[str]) -> Mapping[str, str]:
    """Return the options with the keys among what is selected, if not everything is."""
    selected = params.get("$select", "").split(",")
    missing = [key for key in keys if key not in selected]
    return {**params, "$select": ",".join([*selected, *missing])} if selected != [""] and missing else params
