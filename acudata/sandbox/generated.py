"""Rows for any entity of any document: of the right kinds, the same each time, odd values among them."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Mapping, Sequence

from acudata.sandbox.endpoint import Endpoint, Entity, Structure
from acudata.sandbox.records import Record, Scalar
from acudata.sandbox.store import Inquire

ROWS_PER_SCALE = 40
GROUP = 10
"""Records that share all keys but the last one."""
NUMBERED = frozenset({"Int", "Short", "Long", "Byte"})

WORDS = ("Amber", "Bolt", "Cedar", "Delta", "Ember", "Fjord", "Grove", "Harbor", "Iris", "Juniper")
ODD_TEXTS = (
    "",
    "Zürich - 東京 🚚",
    'O\'Brien & Sons <b>"quoted"</b>',
    "C:\\temp\\new\tfile",
    "first line\nsecond line",
    "padded   ",
    "=1+1",
    "N/A",
    "null",
    "007",
    "1e5",
    "\u200f\u05e9\u05dc\u05d5\u05dd",
    "x" * 400,
)
LABELS = ("Open", "On Hold", "Back Order", "Completed", "Closed")
OFFSETS = ("+00:00", "-05:00", "+03:00", "+05:30", "+10:00")
STAMP = re.compile(r"DateTime$|^LastModified|^Created")
FRACTIONS = ("", "", ".693", ".1234567")

Draw = random.Random
Make = Callable[[Draw], Scalar]


def generate(endpoint: Endpoint, *, scale: int = 1, seed: int = 0) -> dict[str, Generated]:
    """Return a source of rows for every entity of an endpoint."""
    return {name: Generated(endpoint, name, scale=scale, seed=seed) for name in endpoint.entities}


def inquirer(sources: Mapping[str, Generated]) -> Inquire:
    """Return what answers every inquiry of an endpoint with generated rows, whatever its filter says."""

    def inquire(name: str, _filters: Mapping[str, Scalar]) -> list[Record]:
        records = [sources[name].record(index) for index in range(GROUP)]
        return [row for record in records for rows in record.details.values() for row in rows]

    return inquire


class Generated:
    """Makes the rows of one entity; a `Source`.

    Numbers are drawn for each record from the seed, the entity and the position alone, so that a row is the same
    whenever it is made. Linked entities and up to three rows of each detail come along.
    """

    def __init__(self, endpoint: Endpoint, entity: str, *, scale: int, seed: int) -> None:
        self._structures = endpoint.structures
        self._entity = endpoint.entities[entity]
        self._count = ROWS_PER_SCALE * scale
        self._seed = f"{seed}/{entity}"
        self._prefix = _id_prefix(self._seed)

    def __len__(self) -> int:
        return self._count

    def record(self, index: int) -> Record:
        """Make the record at a position."""
        draw = random.Random(f"{self._seed}/{index}")  # noqa: S311 - rows, not secrets
        record = self._make(self._entity.structure, draw, most=3)
        record.id = f"{self._prefix}{index:012x}"
        record.values |= _typed_keys(self._entity, self.keys(index))
        return record

    def keys(self, index: int) -> tuple[str, ...]:
        """Return the key values at a position."""
        return tuple(
            _key(name, self._entity, index if name == self._entity.keys[-1] else index // GROUP)
            for name in self._entity.keys
        )

    def find_keys(self, keys: Sequence[str]) -> int | None:
        """Return the position of the record with these keys; its number is in the last one."""
        match = re.match(r"\d{1,9}", keys[-1]) if keys else None
        index = int(match[0]) - 1 if match else -1
        return index if 0 <= index < self._count and self.keys(index) == tuple(keys) else None

    def find_id(self, record_id: str) -> int | None:
        """Return the position of the record with this id, which ends in it."""
        if not record_id.startswith(self._prefix):
            return None
        index = int(record_id.removeprefix(self._prefix), 16)
        return index if index < self._count else None

    def _make(self, structure: Structure, draw: Draw, *, most: int) -> Record:
        """Make a record with at most so many rows in each detail; nested ones have one at most."""
        record = Record(_random_id(draw))
        record.values = {name: _value(name, kind, draw) for name, kind in structure.fields.items()}
        record.linked = {name: self._nested(below, draw) for name, below in structure.linked.items()}
        record.details = {
            name: [self._nested(below, draw) for _ in range(draw.randint(0, most))]
            for name, below in structure.details.items()
        }
        return record

    def _nested(self, structure: str, draw: Draw) -> Record:
        return self._make(self._structures[structure], draw, most=1)


def _value(name: str, kind: str, draw: Draw) -> Scalar:
    if draw.random() < 0.15:
        return None
    if kind == "String":
        return _text(name, draw)
    return _moment(name, draw) if kind == "DateTime" else MAKERS[kind](draw)


def _text(name: str, draw: Draw) -> str:
    if draw.random() < 0.1:
        return draw.choice(ODD_TEXTS)
    for ending, make in TEXTS.items():
        if name.endswith(ending):
            return str(make(draw))
    return f"{draw.choice(WORDS)} {draw.choice(WORDS)}"


TEXTS: Mapping[str, Make] = {
    "Status": lambda draw: draw.choice(LABELS),
    "Email": lambda draw: f"{draw.choice(WORDS).lower()}@example.com",
    "Nbr": lambda draw: f"{draw.randrange(10**6):06d}",
    "Period": lambda draw: f"{draw.randrange(1, 13):02d}{draw.randrange(2022, 2025)}",
    "CurrencyID": lambda draw: draw.choice(("USD", "EUR", "JPY")),
    "ID": lambda draw: f"{draw.choice(WORDS).upper()}{draw.randrange(100):02d}",
    "CD": lambda draw: f"{draw.randrange(10**5):05d}",
}
"""Texts by how the name of the field ends."""


def _moment(name: str, draw: Draw) -> str:
    """Return an instant for a stamp, and for other fields a business date: mostly midnight at +00:00."""
    if STAMP.search(name) or draw.random() < 0.1:
        time = f"{draw.randrange(24):02d}:{draw.randrange(60):02d}:{draw.randrange(60):02d}"
        return f"{_day(draw)}T{time}{draw.choice(FRACTIONS)}{draw.choice(OFFSETS)}"
    return f"{_day(draw)}T00:00:00{draw.choice(('+00:00', '+00:00', '+10:00'))}"


def _day(draw: Draw) -> str:
    return f"{draw.randrange(2020, 2026)}-{draw.randrange(1, 13):02d}-{draw.randrange(1, 29):02d}"


def _amount(draw: Draw) -> Scalar:
    exact = draw.choice((0, 5, -12, 987654321.123456, 10**15, 0.000001))
    return draw.choice(
        (exact, draw.randrange(1000), draw.randrange(10**6) / 64, draw.randrange(10**7) / 10**6)
    )


def _whole(lowest: int, highest: int) -> Make:
    return lambda draw: draw.choice((0, 1, lowest, highest, draw.randrange(100)))


def _random_id(draw: Draw) -> str:
    digits = f"{draw.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


MAKERS: Mapping[str, Make] = {
    "Boolean": lambda draw: draw.random() < 0.5,
    "Int": _whole(-(2**31), 2**31 - 1),
    "Short": _whole(-(2**15), 2**15 - 1),
    "Long": _whole(-(2**53) - 1, 2**63 - 1),
    "Byte": _whole(0, 255),
    "Decimal": _amount,
    "Double": lambda draw: draw.choice((0.1, 1e-7, -2.5e20, draw.random())),
    "DateOnly": _day,
    "Guid": _random_id,
}
"""What draws a value of each kind but texts and moments."""


def _key(name: str, entity: Entity, position: int) -> str:
    """Return a key that is unique, ascends with the position and is sometimes awkward in a URL."""
    if entity.structure.fields[name] in NUMBERED:
        return str(position + 1)
    tail = {3: " X", 5: "-ß", 8: "+A"}.get(position % GROUP, "")
    return f"{position + 1:06d}{tail}"


def _typed_keys(entity: Entity, keys: Sequence[str]) -> dict[str, Scalar]:
    fields = entity.structure.fields
    return {
        name: int(key) if fields[name] in NUMBERED else key
        for name, key in zip(entity.keys, keys, strict=True)
    }


def _id_prefix(seed: str) -> str:
    digest = hashlib.sha256(seed.encode()).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-4{digest[12:15]}-a{digest[15:18]}-"
