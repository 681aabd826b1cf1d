"""Writes a file under a temporary name and puts it in place only when it is whole."""

from __future__ import annotations

import contextlib
import errno
import uuid
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`, and rename it to `path` when the block ends without an error.

    After an error, Ctrl-C included, the temporary file is removed and a file that was there before stays as it was. A
    symbolic link stays, and what it leads to is replaced.

    Raises FileExistsError when `path` is a folder or a device, other kinds of OSError when it cannot be written.
    """
    target = path.resolve() if path.is_symlink() else path
    if target.exists() and not target.is_file():
        raise FileExistsError(errno.EEXIST, "Something other than a file stands there", str(path))
    temporary = target.with_name(f".{target.name}.{uuid.uuid4().hex}.part")
    try:
        temporary.touch()
        yield temporary
        temporary.replace(target)
    except OSError as error:
        if error.filename == str(temporary):  # nobody knows that name
            error.filename = str(path)
        raise
    finally:
        temporary.unlink(missing_ok=True)
