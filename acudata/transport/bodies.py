"""What the body of an unhappy answer says, whatever its form: JSON envelope, entity with errors, page or text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

_GENERIC = "An error has occurred."
_LONGEST = 2_000
_FRAME = re.compile(r"\s*at [\w.<>`+\[\]]+\(")
_TITLES = re.compile(r"<(title|h1|h2)[^>]*>(.*?)</\1>", re.DOTALL | re.IGNORECASE)
_NOT_FIELDS = {"_links", "innerException", "modelState"}


@dataclass(frozen=True, slots=True)
class Told:
    """Holds what a server told: its text, the .NET types of its exceptions, and texts by path of a field.

    `rows` are the ids of the rows that such paths name by their place in the answer, as in "Details[0]".
    """

    text: str = ""
    exceptions: tuple[str, ...] = ()
    fields: Mapping[str, list[str]] = field(default_factory=dict)
    rows: Mapping[str, str] = field(default_factory=dict)

    @property
    def everything(self) -> str:
        """Return all that was told as one text."""
        return "; ".join([self.text, *(text for texts in self.fields.values() for text in texts)])


def read(content: bytes) -> Told:
    """Return what a body tells; the form is seen in the body, since error pages lie about their type.

    Stack traces are left out.
    """
    text = content.decode("utf-8-sig", errors="replace").strip()
    if text.startswith("<"):
        return Told(_page_text(text))
    try:
        body = json.loads(text)
    except ValueError:
        return Told(_clean(text))
    return _told(body) if isinstance(body, dict) else Told(body if isinstance(body, str) else "")


def _told(body: dict[str, Any]) -> Told:
    chain = [_lower(level) for level in _chain(body)]
    texts = [text for level in chain for text in _texts(level) if text != _GENERIC]
    exceptions = tuple(str(level["exceptiontype"]) for level in chain if level.get("exceptiontype"))
    fields = _model_state(chain[0].get("modelstate"))
    for path, text in _field_errors(body, ""):
        fields.setdefault(path, []).append(_clean(text))
    rows = {path: id_ for path, id_ in _row_ids(body, "") if any(name.startswith(path) for name in fields)}
    return Told(_clean("\n".join(dict.fromkeys(texts))), exceptions, fields, rows)


def _chain(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    level: Any = body
    while isinstance(level, dict):
        yield level
        level = _lower(level).get("innerexception")


def _texts(level: Mapping[str, Any]) -> Iterator[str]:
    """Yield the texts of one level: that of its exception, or else the general ones; OData and OAuth have theirs."""
    told = level.get("exceptionmessage") or level.get("message")
    candidates = (
        told,
        level.get("messagedetail"),
        _error_text(level.get("error")),
        level.get("error_description"),
    )
    return (text for text in candidates if isinstance(text, str) and text.strip())


def _error_text(error: Any) -> Any:
    """Return the text of an `error` member: plain in a refused entity, an object in OData, where v3 wraps the text."""
    message = error.get("message") if isinstance(error, dict) else error
    return message.get("value") if isinstance(message, dict) else message


def _field_errors(node: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield path and text of every `error` below the top, such as ("Details[0].Project", "'X' cannot be found …")."""
    if isinstance(node, list):
        for position, row in enumerate(node):
            yield from _field_errors(row, f"{path}[{position}]")
    elif isinstance(node, dict):
        if path and isinstance(node.get("error"), str) and node["error"]:
            yield path, node["error"]
        for name, member in node.items():
            if name not in _NOT_FIELDS:
                yield from _field_errors(member, f"{path}.{name}" if path else name)


def _row_ids(node: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield the path and id of every row, such as ("Details[0]", "6a3e…")."""
    if isinstance(node, list):
        for position, row in enumerate(node):
            if isinstance(row, dict) and isinstance(row.get("id"), str):
                yield f"{path}[{position}]", row["id"]
            yield from _row_ids(row, f"{path}[{position}]")
    elif isinstance(node, dict):
        for name, member in node.items():
            yield from _row_ids(member, f"{path}.{name}" if path else name)


def _model_state(state: Any) -> dict[str, list[str]]:
    """Return the texts of a malformed request by path; a single text may stand without a list."""
    paths = state.items() if isinstance(state, dict) else ()
    return {
        path: [_clean(str(text)) for text in (texts if isinstance(texts, list) else [texts])]
        for path, texts in paths
    }


def _page_text(page: str) -> str:
    """Return the title and headings of an HTML page; the rest may hold a stack trace."""
    texts = (unescape(re.sub(r"<[^>]*>", " ", text)).split() for _, text in _TITLES.findall(page))
    return _clean("; ".join(dict.fromkeys(" ".join(words) for words in texts if words)))


def _clean(text: str) -> str:
    lines = (line.strip() for line in text.splitlines() if not _FRAME.match(line))
    cleaned = "; ".join(line for line in lines if line)
    return cleaned if len(cleaned) <= _LONGEST else cleaned[:_LONGEST] + " …"


def _lower(level: Mapping[str, Any]) -> dict[str, Any]:
    return {name.lower(): value for name, value in level.items()}
