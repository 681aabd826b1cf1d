"""Writes a file under a temporary name and puts it in place only when it is whole."""

from __future__ import annotations

import contextlib
import errno
import re
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`, and rename it to `path` when the block ends without an error.

    After an error, Ctrl-C included, the temporary file is removed and a file that was there before stays as it was. A
    symbolic link stays, and what it leads to is replaced. A new file has the mode of the one before.

    Raises FileExistsError when `path` is a folder or a device, other kinds of OSError when it cannot be written.
    """
    target = path.resolve() if path.is_symlink() else path
    if target.exists() and not target.is_file():
        raise FileExistsError(errno.EEXIST, "Something other than a file stands there", str(path))
    temporary = target.with_name(hidden_name(target.name))
    try:
        temporary.touch()
        if target.exists():
            shutil.copymode(target, temporary)
        yield temporary
        temporary.replace(target)
    except OSError as error:
        if error.filename == str(temporary):  # nobody knows that name
            error.filename = str(path)
        raise
    finally:
        temporary.unlink(missing_ok=True)


def hidden_name(name: str) -> str:
    """Return a name that is nobody else's, under which a file can be written until it is whole."""
    return f".{name}.{uuid.uuid4().hex}.part"


def is_hidden_name_of(name: str, found: str) -> bool:
    """Tell whether `found` is one of the hidden names of `name`.

    >>> is_hidden_name_of("a.csv", hidden_name("a.csv")), is_hidden_name_of("a.csv", hidden_name("b.csv"))
    (True, False)
    """
    return re.fullmatch(rf"\.{re.escape(name)}\.[0-9a-f]{{32}}\.part", found) is not None
