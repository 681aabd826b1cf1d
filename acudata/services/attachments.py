"""Files attached to records: put, listed, downloaded."""

from __future__ import annotations

import ntpath
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

from acudata.errors import AcumaticaServerError, AcumaticaValidationError
from acudata.replacement import replacing
from acudata.services.records import Keys, RecordKeeping

COMMENT_LIMIT = 500
"""Characters that a comment may have. (Acumatica: since 24R2.)"""


@dataclass(frozen=True, slots=True)
class Attachment:
    """Describes one attached file; `filename` is the plain name, `href` the server's link to the content."""

    id: str
    filename: str
    href: str
    comment: str | None = None


class FileKeeping(RecordKeeping):
    """Reads and writes the files of records."""

    def put_file(
        self, entity_id: Keys, filename: str, data: bytes | BinaryIO | Path, comment: str | None = None
    ) -> None:
        """Attach a file to a record; a file of that name already there gets this as its new version.

        `data` are the bytes, an open binary file, or the path of a file. `comment` may have 500 characters.

        Raises AcumaticaValidationError for a name or comment that cannot be sent, AcumaticaNotFoundError when there is
        no such record.

        >>> client.stock_items.put_file("ACU00001", "photo.jpg", Path("photo.jpg"), comment="front")
        """
        headers = _comment_header(comment)
        link = self._link(entity_id, "files:put").replace("{filename}", quote(_plain_name(filename), safe=""))
        self._connection.session.put(self._connection.session.link(link), data=_bytes(data), headers=headers)

    def get_files(self, entity_id: Keys) -> list[Attachment]:
        """Return what is attached to a record."""
        return [
            Attachment(str(file["id"]), ntpath.basename(file["filename"]), file["href"], file.get("comment"))
            for file in self._raw(entity_id, expand="files").get("files") or ()
        ]

    def download_file(self, file: Attachment | str | uuid.UUID, path: str | Path | None = None) -> bytes:
        """Return the content of a file, given as `get_files` lists it or by its id; with `path`, also write it there.

        A `path` that is a folder gets the file under its plain name, whatever the server calls it.
        """
        href = file.href if isinstance(file, Attachment) else f"{self._endpoint.path}/files/{file}"
        session = self._connection.session
        content = session.get(session.link(href) if href.startswith("/") else href).content
        if path is not None:
            target = Path(path).expanduser()
            if target.is_dir():
                target /= _plain_name(file.filename if isinstance(file, Attachment) else str(file))
            with replacing(target) as temporary:
                temporary.write_bytes(content)
        return content

    def _link(self, entity_id: Keys, name: str) -> str:
        link = self._raw(entity_id, select=",".join(self._narrowest())).get("_links", {}).get(name)
        if not link:
            raise AcumaticaServerError(f"{self.name} does not take files: its records have no {name} link.")
        return str(link)

    def _raw(self, entity_id: Keys, **options: str) -> Mapping[str, Any]:
        params = {f"${name}": text for name, text in options.items()}
        return self._connection.session.get(self._record_path(entity_id), params=params).record()


def _plain_name(filename: str) -> str:
    """Return the last part of a name, so that no folder of anybody's gets into it."""
    name = ntpath.basename(filename)
    if name in {"", ".", ".."}:
        raise AcumaticaValidationError(f"{filename!r} is no file name.")
    return name


def _bytes(data: bytes | BinaryIO | Path) -> bytes:
    if isinstance(data, Path):
        return data.read_bytes()
    return bytes(data) if isinstance(data, bytes | bytearray | memoryview) else data.read()


def _comment_header(comment: str | None) -> dict[str, str]:
    if not comment:
        return {}
    if len(comment) > COMMENT_LIMIT or "\n" in comment or "\r" in comment:
        raise AcumaticaValidationError(f"A comment has one line of at most {COMMENT_LIMIT} characters.")
    # Headers are Latin-1 on the wire; these are the bytes of UTF-8 in that disguise.
    return {"PX-CbFileComment": comment.encode().decode("latin-1")}
