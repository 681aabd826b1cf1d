"""Up to when stored data are complete, and from which moment on to ask for what changed since."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from acudata.exports.manifest import Manifest

OVERLAP = dt.timedelta(minutes=5)
"""How far before the last run the next one begins by default."""


def first_moment(watermark: dt.datetime, overlap: dt.timedelta) -> dt.datetime:
    """Return the moment from which on records are asked for.

    A record is stamped when its saving begins and can be read only when that is done, so that one may appear behind the
    watermark. `overlap` is the time that this may take. The moment has whole seconds: databases round their fractions.

    >>> first_moment(dt.datetime(2024, 3, 1, 12, 0, 0, 700_000, dt.UTC), dt.timedelta(minutes=5)).isoformat()
    '2024-03-01T11:55:00+00:00'
    """
    return (watermark - overlap).astimezone(dt.UTC).replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class Mark:
    """Says up to when the data are complete, and whether the server can be asked for what changed since.

    `came` tells whether the last question brought any record.
    """

    watermark: dt.datetime
    finds_by_stamp: bool
    came: bool

    @property
    def state(self) -> dict[str, Any]:
        """Return what the next run wants to find beside the watermark."""
        return {"finds_by_stamp": self.finds_by_stamp}

    @staticmethod
    def stored(manifest: Manifest | None) -> dt.datetime | None:
        """Return the watermark of stored data, None where the server cannot be asked by it."""
        if manifest is None or not manifest.watermark or not manifest.state.get("finds_by_stamp"):
            return None
        return dt.datetime.fromisoformat(manifest.watermark)

    def is_worth_keeping(self, manifest: Manifest | None) -> bool:
        """Tell whether the next run would be asked for less than with the mark that is stored.

        It would not if nothing came: then nothing comes from the earlier moment either.
        """
        is_new = self.finds_by_stamp != (Mark.stored(manifest) is not None)
        return is_new or (self.came and self.finds_by_stamp)
