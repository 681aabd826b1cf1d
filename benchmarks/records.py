"""Records of real shape: every field that the endpoint's document has, with values as Acumatica writes them."""

from __future__ import annotations

import itertools
import json
import random
import uuid
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from acudata.schema import Endpoint, Structure

VARIANTS = 500
"""Records that differ in more than their number; later ones begin again with the first."""
EMPTY = 0.2
"""The share of the fields that have no value, which Acumatica writes as {}."""
NUMBER = "@number@"
"""Stands where a record of its own number goes."""
ROW = "@row@"
"""Stands where its number in the page goes, by which clients see how long a page is."""
LINES = 3
WORDS = ("Amber", "Harbour", "Müller & Søn", "Net 30", "Priority Mail", "Main Street", "N/A", "Wholesale")


@dataclass(frozen=True, slots=True)
class Records:
    """Holds as many records of an entity as wanted, made when they are asked for, in the order of `key`."""

    variants: tuple[bytes, ...]
    key: str
    count: int

    def page(self, start: int, size: int) -> bytes:
        """Return some of the records as the JSON of a page."""
        numbers = range(start, min(start + size, self.count))
        return b"[%s]" % b",".join([self._record(number, number - start + 1) for number in numbers])

    def after(self, key: str) -> int:
        """Return the number of the first record whose key is greater; keys are the numbers in eight digits."""
        return bisect_right(range(self.count), key, key=lambda number: f"{number:08d}")

    def _record(self, number: int, row: int) -> bytes:
        text = self.variants[number % VARIANTS].replace(b'"@row@"', b"%d" % row, 1)
        return text.replace(b"@number@", b"%08d" % number)


def customers(endpoint: Endpoint, count: int) -> Records:
    """Return customers of about 2.2 kB."""
    make = _Maker(endpoint.entities["Customer"].structure, "Customer", keys={"CustomerID": NUMBER})
    return _records(make.record, "CustomerID", count)


def orders(endpoint: Endpoint, *, lines: bool) -> Records:
    """Return a sales order, with three lines or, as Acumatica answers without $expand, without any.

    `replace(records, count=…)` makes it many.
    """
    keys = {"OrderType": "SO", "OrderNbr": NUMBER}
    order = _Maker(endpoint.entities["SalesOrder"].structure, "SalesOrder", keys=keys)
    line = _Maker(endpoint.structures["SalesOrderDetail"], "SalesOrderDetail", keys={})

    def record() -> dict[str, Any]:
        return order.record() | (
            {"Details": [line.record(row) for row in range(1, LINES + 1)]} if lines else {}
        )

    return _records(record, "OrderNbr", 1)


def _records(make: Callable[[], Mapping[str, Any]], key: str, count: int) -> Records:
    texts = (json.dumps(make(), ensure_ascii=False, separators=(",", ":")) for _ in range(VARIANTS))
    return Records(tuple(text.encode() for text in texts), key, count)


class _Maker:
    """Makes records of one structure."""

    def __init__(self, structure: Structure, entity: str, *, keys: Mapping[str, str]) -> None:
        self.structure = structure
        self.entity = entity
        self.keys = keys
        self.chance = random.Random(entity)

    def record(self, row: int = 0) -> dict[str, Any]:
        """Return a record of a list, or the row of that number in a detail array."""
        fields = dict(sorted(self.structure.fields.items()))
        identity = f"{self.chance.getrandbits(32):08x}-f6c8-e811-b817-{row:04d}{NUMBER}"
        base = "/entity/Default/24.200.001"
        return {
            "id": identity,
            "rowNumber": row or ROW,
            "note": {"value": ""},
            **{name: self._wrapped(name, kind) for name, kind in fields.items()},
            "custom": {},
            "_links": {
                "self": f"{base}/{self.entity}/{identity}",
                "files:put": f"{base}/files/PX.Objects.{self.entity}/{identity}/{{filename}}",
            },
        }

    def _wrapped(self, name: str, kind: str) -> dict[str, Any]:
        if name in self.keys:
            return {"value": self.keys[name]}
        if self.chance.random() < EMPTY:
            return {}
        return {"value": self._value(name, kind)}

    def _value(self, name: str, kind: str) -> Any:
        chance = self.chance
        match kind:
            case "Boolean":
                return chance.random() < 0.5
            case "Decimal" | "Double":
                return chance.randrange(1_000_000) / 100
            case "Int" | "Short" | "Long" | "Byte":
                return chance.randrange(100)
            case "Guid":
                return str(uuid.UUID(int=chance.getrandbits(128)))
            case "DateTime":
                return self._time(name)
        return " ".join(chance.choices(WORDS, k=chance.randint(1, 2)))

    def _time(self, name: str) -> str:
        day = f"{self.chance.randint(2019, 2025)}-{self.chance.randint(1, 12):02}-{self.chance.randint(1, 28):02}"
        if "Modified" in name or "Created" in name:
            return f"{day}T{self.chance.randrange(24):02}:59:30.{self.chance.randrange(1, 1000):03}-05:00"
        return f"{day}T00:00:00+00:00"


def skeleton(endpoint: Endpoint, name: str) -> dict[str, Any]:
    """Return what `$adHocSchema` answers for an entity without custom fields."""
    entity = endpoint.entities[name]
    return _skeleton(endpoint, entity.structure)


def _skeleton(endpoint: Endpoint, structure: Structure) -> dict[str, Any]:
    details = {
        name: [_skeleton_of_row(endpoint.structures[target])] for name, target in structure.details.items()
    }
    linked = {
        name: _skeleton_of_row(endpoint.structures[target]) for name, target in structure.linked.items()
    }
    return _skeleton_of_row(structure) | details | linked


def _skeleton_of_row(structure: Structure) -> dict[str, Any]:
    frame: dict[str, Any] = {"id": str(uuid.UUID(int=0)), "rowNumber": 1, "note": {"value": ""}, "custom": {}}
    return frame | dict(zip(structure.fields, itertools.repeat({}), strict=False))
