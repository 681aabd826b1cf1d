"""Records whose linked entities and details are made when somebody looks at them."""

from __future__ import annotations

from collections.abc import Callable

from acudata.sandbox.records import Record, Scalar

Values = dict[str, Scalar]
Linked = dict[str, Record]
Details = dict[str, list[Record]]


class Sheet(Record):
    """Shows one record of the company; a list without `$expand` never makes its members.

    `link` makes the linked entities and `detail` the rows, each once and only when asked.
    """

    __slots__ = ("_detail", "_details", "_link", "_linked")

    def __init__(
        self,
        record_id: str,
        values: dict[str, Scalar],
        *,
        link: Callable[[], Linked] = dict,
        detail: Callable[[], Details] = dict,
        custom: dict[str, dict[str, Scalar]] | None = None,
        note: str = "",
    ) -> None:
        super().__init__(record_id, values, custom=custom or {}, note=note)
        self._link, self._detail = link, detail
        self._linked: Linked | None = None
        self._details: Details | None = None

    @property
    def linked(self) -> Linked:
        """Return the linked entities."""
        if self._linked is None:
            self._linked = self._link()
        return self._linked

    @linked.setter
    def linked(self, linked: Linked) -> None:
        self._linked = linked

    @property
    def details(self) -> Details:
        """Return the rows of each detail."""
        if self._details is None:
            self._details = self._detail()
        return self._details

    @details.setter
    def details(self, details: Details) -> None:
        self._details = details
