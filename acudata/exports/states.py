"""A folder that goes from one whole state to the next, whenever its writer dies.

Files are written into a hidden folder. The change is decided in one step, when the manifest that tells of it replaces
the one before. What is left then, moving files to their names, is done by whoever comes next if the writer does not.
While several files move, one that is no parquet lies among them: other readers refuse the folder instead of reading
half of it.
"""

from __future__ import annotations

import dataclasses

from acudata.errors import AcumaticaValidationError
from acudata.exports.manifest import Manifest, Pending
from acudata.exports.places import Place

MANIFEST = "_acudata.json"
LOCK = "_acudata.lock"
STAGING = "_acudata.staging."
UNFINISHED = "unfinished-change-open-with-acudata.parquet"

_NOTE = b"A change is being finished. If its writer is dead, open the folder with acudata once."


def stored(place: Place) -> Manifest | None:
    """Return the manifest in a folder as it is, None if there is none."""
    content = (place / MANIFEST).read_bytes()
    return None if content is None else Manifest.from_json(content)


def store(place: Place, manifest: Manifest) -> None:
    """Replace the manifest in one step."""
    (place / MANIFEST).write_bytes(manifest.to_json().encode())


def settle(place: Place) -> Manifest | None:
    """Finish what is decided, sweep away what is not, and return what is stored then; only for who holds the lock."""
    manifest = stored(place)
    if manifest is not None and manifest.pending is not None:
        manifest = _finished(place, manifest, manifest.pending)
    for name, is_file in place.names().items():
        if name.startswith(STAGING) and not is_file:
            (place / name).delete_folder()
    (place / MANIFEST).sweep()
    return manifest


def _finished(place: Place, manifest: Manifest, pending: Pending) -> Manifest:
    marker = place / UNFINISHED
    if len({*pending.deletes, *pending.moves.values()}) > 1:
        marker.write_bytes(_NOTE)
    for path in pending.deletes:
        (place / path).delete()
        _delete_empty_folders(place, path)
    for staged, path in pending.moves.items():
        _move(place / staged, place / path)
    marker.delete()
    settled = dataclasses.replace(manifest, pending=None)
    store(place, settled)
    return settled


def _delete_empty_folders(place: Place, path: str) -> None:
    parts = path.split("/")[:-1]
    for depth in range(len(parts), 0, -1):
        (place / "/".join(parts[:depth])).delete_if_empty()


def _move(source: Place, target: Place) -> None:
    if source.is_file():  # else it was moved before
        target.parent.make_folder()
        source.move_to(target)


def check_folder(place: Place, before: Manifest | None) -> None:
    """Refuse a folder whose files are not of a dataset, so that nobody's own become part of one."""
    foreign = [name for name in place.names() if not name.startswith(("_", "."))]
    if before is None and foreign:
        raise AcumaticaValidationError(
            f"{place} holds {min(foreign)}, which is not of a dataset.",
            suggestions=["name a folder that is new or empty", "name a file, such as data.parquet"],
        )
