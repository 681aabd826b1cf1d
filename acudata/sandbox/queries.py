"""The query options of a request: what is asked for, before any record is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from acudata.sandbox.envelopes import bad_request

Tree = dict[str, "Tree"]
"""Paths by their first name: ``MainContact,MainContact/Address`` is ``{"MainContact": {"Address": {}}}``."""


@dataclass(frozen=True, slots=True)
class Query:
    """Holds the options that an instance knows; `$orderby` and all others are ignored.

    `select` is None when the request names no field.
    """

    select: str | None = None
    expand: str = ""
    custom: str = ""
    filter: str = ""
    top: int | None = None
    skip: int = 0

    @classmethod
    def of(cls, options: Mapping[str, str]) -> Query:
        """Read the decoded query string of a request.

        Raises:
            Fault: 400 when `$top` or `$skip` is no number.
        """
        return cls(
            select=options.get("$select") or None,
            expand=options.get("$expand", ""),
            custom=options.get("$custom", ""),
            filter=options.get("$filter", "").strip(),
            top=_count(options, "$top"),
            skip=_count(options, "$skip") or 0,
        )

    @property
    def shape(self) -> Query:
        """Return the options that tell what of a record is answered, whichever records are."""
        return Query(select=self.select, expand=self.expand, custom=self.custom)


def names(text: str) -> list[str]:
    """Return the items of a comma list, without the blanks around them."""
    return [item for part in text.split(",") if (item := part.strip())]


def tree(text: str) -> Tree:
    """Return a comma list of paths as a tree of names."""
    root: Tree = {}
    for path in names(text):
        node = root
        for name in path.split("/"):
            node = node.setdefault(name, {})
    return root


def _count(options: Mapping[str, str], name: str) -> int | None:
    text = options.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) < 2**31):
        raise bad_request({name: [f"The value '{text}' is not valid for {name.lstrip('$')}."]})
    return int(text)
