"""Where settings lie outside the program: environment variables and `.env` files."""

from __future__ import annotations

import io
import os
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from acudata.errors import AcumaticaConfigError
from acudata.naming import nearest

PREFIX = "ACUMATICA_"
ENV_FILE = ".env"

_SPELLINGS = {
    "URL": "base_url",
    "BASE_URL": "base_url",
    "RATE_LIMIT": "rate_limit_calls_per_second",
    "RETRY_ON_IDLE": "retry_on_idle_logout",
}


@dataclass(frozen=True, slots=True)
class Found:
    """Holds the text of a setting, out of sight of `repr`, and where it was found."""

    text: str = field(repr=False)
    place: str


@dataclass(frozen=True, slots=True)
class Places:
    """Holds what the environment and a `.env` file say, and where one was looked for.

    `found` maps a setting (`"base_url"`) to its text, the environment before the file; `strays` are names that
    begin like a setting but are none.
    """

    found: Mapping[str, Found]
    strays: tuple[Found, ...]
    env_file: Path | None
    searched: tuple[Path, ...]


def variable(setting: str) -> str:
    """Return the environment variable of a setting.

    >>> variable("base_url"), variable("timeout")
    ('ACUMATICA_URL', 'ACUMATICA_TIMEOUT')
    """
    spelling = {name: spelling for spelling, name in reversed(_SPELLINGS.items())}.get(setting, setting)
    return PREFIX + spelling.upper()


def look(settings: frozenset[str], *, env_file: str | Path | None, search: bool) -> Places:
    """Read the environment, and the given `.env` file or else the nearest one from the working directory upward.

    Raises:
        AcumaticaConfigError: `env_file` does not exist, or a line of the file cannot be read.
    """
    searched = tuple(_env_files()) if search and env_file is None else ()
    path = _given(env_file) if env_file is not None else _nearest_with_settings(searched)
    lines = _read(path) if path else {}
    variables = {name: Found(text, "the environment variable " + name) for name, text in os.environ.items()}
    found: dict[str, Found] = {}
    strays = []
    for name, value in [*variables.items(), *lines.items()]:
        setting = _setting(name)
        if setting in settings and value.text.strip():
            found.setdefault(setting, value)
        elif name.startswith(PREFIX) and setting not in settings:
            strays.append(Found(name, value.place))
    return Places(found, tuple(strays), path, searched)


def hints(places: Places, missing: list[str]) -> list[str]:
    """Return a hint for every stray name that is probably a misspelt missing setting."""
    wanted = {variable(setting).removeprefix(PREFIX): variable(setting) for setting in missing}
    likely = {stray: nearest(stray.text.removeprefix(PREFIX), wanted, limit=1) for stray in places.strays}
    return [f"rename {stray.place} to {wanted[names[0]]}" for stray, names in likely.items() if names]


def _setting(name: str) -> str:
    spelling = name.upper().removeprefix(PREFIX) if name.upper().startswith(PREFIX) else ""
    return _SPELLINGS.get(spelling, spelling.lower())


def _env_files() -> Iterator[Path]:
    here = Path.cwd()
    return (folder / ENV_FILE for folder in (here, *here.parents))


def _given(env_file: str | Path) -> Path:
    path = Path(env_file).expanduser().absolute()
    if path.is_file():
        return path
    what = "is a folder" if path.is_dir() else "does not exist"
    raise AcumaticaConfigError(
        f"The .env file {path} {what}.",
        suggestions=["give env_file= the path of a file; a relative path starts at the working directory"],
    )


def _nearest_with_settings(paths: tuple[Path, ...]) -> Path | None:
    """Return the first file that mentions a setting; other tools keep files of the same name."""
    return next((path for path in paths if _mentions_settings(path)), None)


def _mentions_settings(path: Path) -> bool:
    try:
        return PREFIX.encode() in path.read_bytes().replace(b"\0", b"")  # UTF-16 too
    except OSError:
        return False


def _read(path: Path) -> dict[str, Found]:
    found, broken_line = _parsed(_text(path), path)
    if broken_line is None:
        return found
    raise AcumaticaConfigError(
        f"Line {broken_line} of {path} cannot be read.",
        suggestions=["write NAME=value, and close every quote that you open"],
    )


def _parsed(text: str, path: Path) -> tuple[dict[str, Found], int | None]:
    """Return the values, without expanding `${…}`, which a password may hold, and the first broken line."""
    from dotenv.parser import parse_stream

    bindings = list(parse_stream(io.StringIO(text)))
    broken = (b.original.line for b in bindings if b.error and PREFIX in b.original.string)
    return {b.key: Found(b.value or "", f"{b.key} in {path}") for b in bindings if b.key}, next(broken, None)


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
        # PowerShell's > writes UTF-16, Notepad a byte order mark.
        return data.decode("utf-16" if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
    raise AcumaticaConfigError(
        f"The .env file {path} cannot be read: {reason}.",
        suggestions=["save it as plain UTF-8 text that you may read"],
    )
