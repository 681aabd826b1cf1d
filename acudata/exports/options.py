"""How a sync goes about it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from acudata.errors import AcumaticaValidationError
from acudata.exports.parquet import ParquetOptions
from acudata.exports.storing import OnDrift
from acudata.exports.watermarks import OVERLAP
from acudata.frames.dtypes import check_choice

Deletes = Literal["keys"]
Incremental = bool | Literal["compare"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncOptions:
    """Holds how a sync goes about it.

    `compares` reads everything and compares, even if the entity has a stamp; `anew` does so without comparing. Records
    that are gone are looked for with `deletes="keys"`, and marked in the column `_deleted_at` rather than taken out
    where `tombstones` are wanted; the column stays in runs that do not look for them.

    Raises AcumaticaValidationError for what makes no sense.
    """

    overlap: dt.timedelta = OVERLAP
    deletes: Deletes | None = None
    tombstones: bool = True
    compares: bool = False
    anew: bool = False
    partition_by: tuple[str, ...] = ()
    on_drift: OnDrift = "warn"
    parquet: ParquetOptions = field(default_factory=ParquetOptions)

    def __post_init__(self) -> None:
        check_choice("on_drift", self.on_drift, get_args(OnDrift))
        if self.deletes not in (None, "keys"):
            raise AcumaticaValidationError(
                f"deletes={self.deletes!r} is not known.",
                suggestions=["'keys' compares the keys of all records; None does not look for deleted ones"],
            )
        if not isinstance(self.overlap, dt.timedelta) or self.overlap < dt.timedelta():
            raise AcumaticaValidationError(
                f"overlap={self.overlap!r} makes no sense.", suggestions=["datetime.timedelta(minutes=5)"]
            )

    @property
    def marks(self) -> bool:
        """Tell whether records that are gone are marked."""
        return self.deletes is not None and self.tombstones

    @classmethod
    def of(cls, incremental: Incremental, **chosen: Any) -> SyncOptions:
        """Return the options of an export: `incremental` as it was given, and the fields that were chosen."""
        if incremental not in (False, True, "compare"):
            raise AcumaticaValidationError(
                f"incremental={incremental!r} is not known.",
                suggestions=[
                    "True asks for what changed, 'compare' reads everything and writes what differs"
                ],
            )
        given = {name: value for name, value in chosen.items() if value is not None}
        return cls(anew=incremental is False, compares=incremental == "compare", **given)
