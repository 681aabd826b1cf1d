"""Where files go: a local path, or an address of any file system that pyarrow or fsspec knows."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

from acudata.errors import AcumaticaConfigError
from acudata.replacement import replacing

if TYPE_CHECKING:
    import pyarrow.fs as pafs

_URL = re.compile(r"^[a-zA-Z][a-zA-Z0-9+.-]+://")
_FLAT = frozenset({"s3", "gcs", "abfs"})
"""Stores that have no folders: making one would only leave an empty object behind."""


@dataclass(frozen=True, slots=True)
class Place:
    """Names a file or folder in a file system; `str(place)` holds no secret.

    >>> Place.of("lake") / "customers.parquet"
    <Place lake/customers.parquet>
    """

    filesystem: pafs.FileSystem
    path: str
    shown: str

    @classmethod
    def of(
        cls,
        path: str | os.PathLike[str],
        *,
        filesystem: Any = None,
        storage_options: Mapping[str, Any] | None = None,
    ) -> Place:
        """Return the place of a local path or of an address such as `s3://bucket/lake`.

        `filesystem` is one of pyarrow or fsspec, in which `path` is looked up. Without it an address is opened by
        pyarrow, and by fsspec where pyarrow does not know it or `storage_options`, which are fsspec's, are given (this
        is pandas' rule). Credentials come from there or from the environment.

        Raises AcumaticaConfigError when nothing that is installed knows the address.
        """
        text = os.fspath(path)
        if filesystem is not None:
            return _on(_as_arrow(filesystem), text)
        if not _URL.match(text):
            return _local(Path(text))
        if storage_options:
            return _by_fsspec(text, storage_options)
        return _by_arrow(text)

    def __truediv__(self, name: str) -> Place:
        return Place(self.filesystem, f"{self.path}/{name}", f"{self.shown}/{name}")

    def __str__(self) -> str:
        return self.shown

    def __repr__(self) -> str:
        return f"<Place {self}>"

    @property
    def name(self) -> str:
        """Return the last part of the path."""
        return self.path.rpartition("/")[2]

    @property
    def local(self) -> Path | None:
        """Return the path, if it is one of this machine."""
        return Path(self.path) if self.filesystem.type_name == "local" else None

    @property
    def parent(self) -> Place:
        """Return the folder that the place is in."""
        shown = self.shown.replace("\\", "/").rpartition("/")[0]
        return Place(self.filesystem, self.path.rpartition("/")[0], shown or ".")

    def resolved(self) -> Place:
        """Return where a link leads, if the path is one; what is shown stays."""
        if self.local is None or not self.local.is_symlink():
            return self
        return Place(self.filesystem, self.local.resolve().as_posix(), self.shown)

    def is_file(self) -> bool:
        """Tell whether there is a file."""
        return bool(self.filesystem.get_file_info(self.path).is_file)

    def is_folder(self) -> bool:
        """Tell whether there is a folder; in a store without folders, whether anything lies below the name."""
        import pyarrow.fs as pafs

        return bool(self.filesystem.get_file_info(self.path).type == pafs.FileType.Directory)

    def names(self) -> dict[str, bool]:
        """Return the names in the folder, and of each whether it is a file."""
        import pyarrow.fs as pafs

        found = self.filesystem.get_file_info(pafs.FileSelector(self.path, allow_not_found=True))
        return {info.base_name: info.is_file for info in found if info.path.rstrip("/") != self.path}

    def read_bytes(self) -> bytes | None:
        """Return what the file holds, None if there is none."""
        try:
            with self.filesystem.open_input_stream(self.path) as stream:
                return cast("bytes", stream.read())
        except FileNotFoundError:
            return None

    def write_bytes(self, content: bytes) -> None:
        """Replace the file whole; a store shows an object only when it is."""
        if self.local is None:
            with self.writing() as stream:
                stream.write(content)
        else:
            with replacing(self.local) as path, path.open("wb") as file:
                file.write(content)
                _flush(file)

    @contextlib.contextmanager
    def writing(self) -> Iterator[IO[bytes]]:
        """Give a stream to write the file with; on this machine it is on the disk when the block ends."""
        if self.local is None:
            with self.filesystem.open_output_stream(self.path) as stream:
                yield stream
        else:
            with self.local.open("wb") as file:
                yield file
                _flush(file)

    def move_to(self, target: Place) -> None:
        """Move the file; on this machine one that is replaced passes its mode on."""
        if self.local is None or target.local is None:
            self.filesystem.move(self.path, target.path)
        else:
            if target.local.exists():
                shutil.copymode(target.local, self.local)
            self.local.replace(target.local)

    def make_folder(self) -> None:
        """Make the folder and those above it, where the file system has folders."""
        if self.filesystem.type_name not in _FLAT:
            self.filesystem.create_dir(self.path, recursive=True)

    def delete(self) -> None:
        """Delete the file, if there is one."""
        with contextlib.suppress(FileNotFoundError):
            self.filesystem.delete_file(self.path)

    def delete_if_empty(self) -> None:
        """Delete the folder, if there is nothing in it; of a store this is the object that stands for it."""
        if self.local is not None:
            with contextlib.suppress(OSError):  # there is something in it
                self.local.rmdir()
        elif not self.names():
            self.delete_folder()

    def delete_folder(self) -> None:
        """Delete the folder with everything in it, if there is one."""
        with contextlib.suppress(FileNotFoundError):
            self.filesystem.delete_dir(self.path)


def _flush(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


def _local(path: Path) -> Place:
    import pyarrow.fs as pafs

    absolute = Path(os.path.abspath(path.expanduser()))  # noqa: PTH100 - resolve() would lose a link's own name
    return Place(pafs.LocalFileSystem(), absolute.as_posix(), str(path))


def _on(filesystem: pafs.FileSystem, path: str) -> Place:
    if filesystem.type_name == "local":
        return _local(Path(path))
    bare = _URL.sub("", path)
    return Place(filesystem, bare.rstrip("/"), path)


def _as_arrow(filesystem: Any) -> pafs.FileSystem:
    import pyarrow.fs as pafs

    if isinstance(filesystem, pafs.FileSystem):
        return filesystem
    return pafs.PyFileSystem(pafs.FSSpecHandler(filesystem))


def _by_arrow(url: str) -> Place:
    import pyarrow as pa
    import pyarrow.fs as pafs

    try:
        filesystem, path = pafs.FileSystem.from_uri(url)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return _by_fsspec(url, {})
    if filesystem.type_name == "local":
        return _local(Path(path))
    return Place(filesystem, path.rstrip("/"), _without_secrets(url, path))


def _by_fsspec(url: str, options: Mapping[str, Any]) -> Place:
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise _unknown(url, "pip install fsspec, and the package for this kind of address") from None
    try:
        filesystem, path = url_to_fs(url, **options)
    except (ImportError, ValueError) as error:
        raise _unknown(url, str(error)) from None
    if "file" in filesystem.protocol:
        return _local(Path(path))
    return Place(_as_arrow(filesystem), path.rstrip("/"), _without_secrets(url, path))


def _without_secrets(url: str, path: str) -> str:
    """Return the address without what may stand around the path: user, password, keys in the query."""
    return f"{url.partition('://')[0]}://{path.strip('/')}"


def _unknown(url: str, way_out: str) -> AcumaticaConfigError:
    scheme = url.partition("://")[0]
    return AcumaticaConfigError(
        f"Addresses of the kind {scheme}:// are not known here.", suggestions=[way_out]
    )
