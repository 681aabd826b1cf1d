"""Which part each column of a frame has in a plan: id, key, value to write, or none because only the ERP writes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from acudata.errors import AcumaticaUnknownNameError, AcumaticaValidationError
from acudata.frames.layout import Column
from acudata.naming import nearest
from acudata.schema import Entity

ID = "id"
_STAMPS = ("LastModified", "Created")


@dataclass(frozen=True, slots=True)
class Columns:
    """Holds the columns of a frame by their part in a plan.

    `keys` address records, in the order of the form; `values` are what may be written; `stamp` is the column, in the
    ERP if not in the frame, that tells when a record was changed last.
    """

    keys: tuple[Column, ...]
    values: tuple[Column, ...]
    has_id: bool
    stamp: str | None

    @property
    def names(self) -> tuple[str, ...]:
        """Return what has to be read of the current records."""
        stamp = [self.stamp] if self.stamp else []
        return tuple(dict.fromkeys([*(column.name for column in (*self.keys, *self.values)), *stamp]))


def part_columns(
    entity: Entity,
    known: Mapping[str, Column],
    names: Sequence[str],
    *,
    key: str | Iterable[str] | None = None,
    arrays: Mapping[str, Iterable[str]] | None = None,
) -> Columns:
    """Return the parts of a frame's columns; `known` are all columns that the entity can have.

    `arrays` are the fields of its detail arrays, to tell a frame of lines that was taken for one of records.

    `key` names the columns that address records where they are not the entity's own keys.

    Raises AcumaticaUnknownNameError that names every column which is no field, AcumaticaValidationError when nothing
    says which records are meant.
    """
    _refuse_doubled(names)
    _refuse_unknown(entity, known, names, arrays or {})
    keys = _keys(entity, names, key)
    values = [known[name] for name in names if name != ID and name not in keys and not is_stamp(name)]
    has_id = ID in names
    if not has_id and not keys:
        raise AcumaticaValidationError(
            f"Nothing in the frame says which {entity.name} a row is.",
            suggestions=[
                f"keep the column {' and '.join(entity.keys) or ID}",
                "make it a column again, with frame.reset_index(), if it is the index",
                "or name the columns that tell records apart: key=[…]",
            ],
        )
    stamp = next((name for name in entity.structure.fields if name.startswith(_STAMPS[0])), None)
    return Columns(tuple(known[name] for name in keys), tuple(values), has_id, stamp)


def _refuse_doubled(names: Sequence[str]) -> None:
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise AcumaticaValidationError(
            f"The frame has two columns of one name: {', '.join(doubled)}.",
            suggestions=["drop or rename one of each"],
        )


def _refuse_unknown(
    entity: Entity, known: Mapping[str, Column], names: Iterable[str], arrays: Mapping[str, Iterable[str]]
) -> None:
    unknown = [str(name) for name in names if name not in known and name != ID]
    if unknown:
        listed = ", ".join(map(repr, unknown))
        fields = dict.fromkeys([*entity.structure.fields, *(each.name for each in entity.custom), *known])
        of_lines = [
            f'plan({{"{array}": frame}}) if its rows are lines'
            for array, columns in arrays.items()
            if {*unknown} <= {*columns}
        ]
        near = of_lines or [name for column in unknown for name in nearest(column, fields, limit=1)]
        raise AcumaticaUnknownNameError(
            f"{entity.name} has no field {listed}; drop the column or rename it.", suggestions=near
        )


def _keys(entity: Entity, names: Sequence[str], key: str | Iterable[str] | None) -> tuple[str, ...]:
    """Return the key columns: those asked for, else the entity's own if the frame has all of them."""
    if key is None:
        return entity.keys if entity.keys and all(name in names for name in entity.keys) else ()
    asked = (key,) if isinstance(key, str) else tuple(key)
    missing = [name for name in asked if name not in names]
    if missing or not asked:
        raise AcumaticaUnknownNameError(
            f"The frame has no column {', '.join(map(repr, missing or ['']))} to find records by.",
            suggestions=[near for name in missing for near in nearest(name, names, limit=1)],
        )
    return asked


def is_stamp(name: str) -> bool:
    """Tell whether only the ERP writes a field: when and by whom a record was made and changed."""
    return name.rpartition(".")[2].startswith(_STAMPS)
