"""Turns pages of JSON into typed Arrow columns.

The fast way is Arrow's own JSON reader, `acudata.frames.arrow_json`. It refuses a whole page for one odd value (a
number where text was declared, a seventh digit of a second …); such a page is read by `acudata.frames.tolerant`, which
gives the same cells, only slower.
"""

from __future__ import annotations

import logging
import reprlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from acudata.errors import AcumaticaSchemaError
from acudata.frames.arrow_json import page_type, read_quickly
from acudata.frames.layout import Layout, Page
from acudata.frames.tolerant import read_tolerantly

if TYPE_CHECKING:
    import pyarrow as pa

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Decoder:
    """Decodes the pages of one reading; it keeps nothing of them, so that several threads may decode at once.

    A value that cannot be of its declared kind becomes missing and is told with its page; with `errors="raise"` it
    raises instead.
    """

    tables: Mapping[str, Layout]
    errors: Literal["coerce", "raise"] = "coerce"

    def decode(self, page: bytes) -> Page:
        """Return the tables of a page, which is a JSON array of records.

        Raises AcumaticaServerError when it is not, AcumaticaSchemaError for values that are none of their kind, where
        that is asked for.
        """
        decoded = self._read(page)
        if decoded.invalid and self.errors == "raise":
            raise _misfits(decoded.invalid)
        return decoded

    def _read(self, page: bytes) -> Page:
        import pyarrow as pa

        try:
            return read_quickly(page, self.tables, self._page_type)
        except pa.ArrowException as reason:
            _log.debug("a page needs the tolerant reader: %s", reason)
        return read_tolerantly(page, self.tables)

    @cached_property
    def _page_type(self) -> pa.DataType:
        return page_type(self.tables.values())


def _misfits(invalid: Mapping[str, Sequence[Any]]) -> AcumaticaSchemaError:
    """Return the error that names columns, counts and a value or two of each."""
    told = [f"{name} ({len(values)}, such as {_examples(values)})" for name, values in invalid.items()]
    return AcumaticaSchemaError(
        f"Values are not of the kind that the schema declares: {'; '.join(told)}.",
        suggestions=["errors='coerce' makes them missing and counts them in df.attrs['invalid']"],
    )


def _examples(values: Iterable[Any]) -> str:
    return " and ".join(list(dict.fromkeys(map(reprlib.repr, values)))[:2])
