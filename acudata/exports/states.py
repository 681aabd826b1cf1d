"""Stored tables that go from one whole state to the next, whenever their writer dies.

Files are written into a hidden folder. A change is decided in one step, when the manifest that tells of it replaces
the one before. What is left then, moving files to their names, is done by whoever comes next if the writer does not.
While several files move, one that is no parquet lies among them: other readers refuse the folder instead of reading
half of it.
"""

from __future__ import annotations

import dataclasses
import uuid
from dataclasses import dataclass

from acudata.errors import AcumaticaValidationError
from acudata.exports.manifest import Manifest, Pending
from acudata.exports.places import Place
from acudata.replacement import is_hidden_name_of

UNFINISHED = "unfinished-change-open-with-acudata.parquet"

_NOTE = b"A change is being finished. If its writer is dead, open the folder with acudata once."


@dataclass(frozen=True, slots=True)
class State:
    """Knows what stands where: `folder` holds the data, and beside them what is named `name` and tells of them.

    All such names begin with an underscore or a dot: what reads folders of parquet passes over those. `file` is the
    data's one name, if the table is a file of its own, and None where they are all that is in the folder.
    """

    folder: Place
    name: str = "_acudata"
    file: str | None = None

    @classmethod
    def of_file(cls, place: Place) -> State:
        """Return the state of a table in one file; where a link leads there, of that file.

        Raises AcumaticaValidationError when something other than a file stands there.
        """
        target = place.resolved()
        if target.local is not None and target.local.exists() and not target.is_file():
            raise AcumaticaValidationError(
                f"{place} is something other than a file.", suggestions=["name a file"]
            )
        return cls(target.parent, f".{target.name}", target.name)

    @property
    def place(self) -> Place:
        """Return the place that the user named."""
        return self.folder if self.file is None else self.folder / self.file

    @property
    def manifest(self) -> Place:
        """Return where the manifest is."""
        return self.folder / f"{self.name}.json"

    @property
    def lock(self) -> Place:
        """Return where the lock is while somebody writes."""
        return self.folder / f"{self.name}.lock"

    def new_staging(self) -> str:
        """Return the name of a folder for files that are no data yet."""
        return f"{self.name}.staging.{uuid.uuid4().hex}"

    def stored(self) -> Manifest | None:
        """Return the manifest as it is, None if there is none."""
        content = self.manifest.read_bytes()
        return None if content is None else Manifest.from_json(content)

    def store(self, manifest: Manifest) -> None:
        """Replace the manifest in one step."""
        self.manifest.write_bytes(manifest.to_json().encode())

    def settle(self) -> Manifest | None:
        """Finish what is decided, sweep away what is not, and return what is stored then.

        This is only for who holds the lock.
        """
        manifest = self.stored()
        if manifest is not None and manifest.pending is not None:
            manifest = self._finished(manifest, manifest.pending)
        for name, is_file in self.folder.names().items():
            if is_file and is_hidden_name_of(self.manifest.name, name):
                (self.folder / name).delete()
            elif not is_file and name.startswith(f"{self.name}.staging."):
                (self.folder / name).delete_folder()
        return manifest

    def check_room(self) -> None:
        """Refuse a folder that would have to be where a file is."""
        if self.folder.is_file():
            raise AcumaticaValidationError(
                f"{self.folder} is a file, and what is to be stored needs a folder.",
                suggestions=["name a folder that is new or empty", "leave out partition_by, for one file"],
            )

    def check_folder(self, before: Manifest | None) -> None:
        """Refuse a folder whose files are not of a table, so that nobody's own become part of one."""
        if before is not None or self.file is not None:
            return
        foreign = [name for name in self.folder.names() if not name.startswith(("_", "."))]
        if foreign:
            raise AcumaticaValidationError(
                f"{self.folder} holds {min(foreign)}, which is not of a table stored here.",
                suggestions=["name a folder that is new or empty", "name a file, such as data.parquet"],
            )

    def _finished(self, manifest: Manifest, pending: Pending) -> Manifest:
        marker = self.folder / UNFINISHED
        if len({*pending.deletes, *pending.moves.values()}) > 1:
            marker.write_bytes(_NOTE)
        for path in pending.deletes:
            (self.folder / path).delete()
            self._delete_empty_folders(path)
        for staged, path in pending.moves.items():
            _move(self.folder / staged, self.folder / path)
        marker.delete()
        settled = dataclasses.replace(manifest, pending=None)
        self.store(settled)
        return settled

    def _delete_empty_folders(self, path: str) -> None:
        parts = path.split("/")[:-1]
        for depth in range(len(parts), 0, -1):
            (self.folder / "/".join(parts[:depth])).delete_if_empty()


def _move(source: Place, target: Place) -> None:
    if source.is_file():  # else it was moved before
        target.parent.make_folder()
        source.move_to(target)
