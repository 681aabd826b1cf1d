"""What the schema browser shows beside its list, as HTML in which every name is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from acudata.looks.styles import CELL, QUIET, TABLE
from acudata.looks.text import cut, html
from acudata.naming import plural_attribute
from acudata.schema import CustomField, Endpoint, Entity, Structure
from acudata.schema.entries import Entry
from acudata.schema.kinds import KINDS, is_stamp

if TYPE_CHECKING:
    import pandas as pd

_DTYPES = {
    "string": "string",
    "bool": "boolean",
    "int64": "Int64",
    "double": "Float64",
    "decimal": "Float64",
    "datetime": "datetime64[us]",
    "date": "datetime64[us]",
}
_SNUG = "line-height:1.4"
"""The style against the height of a button, which ipywidgets gives to each line of text."""
_MEMBERS = ("name", "kind", "dtype", "required", "view")
_MOST = 12
_LONGEST = 60


def dtype_of(name: str, kind: str) -> str:
    """Return the dtype that a field has in a frame.

    >>> dtype_of("LastModifiedDateTime", "DateTime"), dtype_of("CreditLimit", "Decimal")
    ('datetime64[us, UTC]', 'Float64')
    """
    return "datetime64[us, UTC]" if is_stamp(name, kind) else _DTYPES[KINDS[kind].arrow]


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return rows of text as a table, empty without rows."""
    body = "".join(_row(row, "td") for row in rows)
    return (
        f'<table style="{TABLE}"><thead>{_row(columns, "th")}</thead><tbody>{body}</tbody></table>'
        if body
        else ""
    )


def note(text: str) -> str:
    """Return a remark."""
    return f'<div style="{QUIET};{_SNUG}">{html(text)}</div>'


def rows_pane(frame: pd.DataFrame) -> str:
    """Return rows of the ERP as a table that is as wide as they are; long values are cut."""
    rows = frame.map(_told).itertuples(index=False, name=None)
    return f'<div style="{_SNUG};white-space:nowrap">{table([*map(str, frame)], rows)}</div>'


def services_pane(endpoint: Endpoint) -> str:
    """Return all services as a table: what remains to be seen where no kernel answers."""
    rows = (
        (
            f"client.{plural_attribute(entity.name)}",
            entity.name,
            entity.title,
            ", ".join(entity.keys),
            f"{len(entity.structure.fields):,}",
            ", ".join(entity.structure.details),
            ", ".join(entity.actions),
        )
        for entity in sorted(endpoint, key=lambda entity: entity.name)
    )
    columns = ("service", "entity", "form", "keys", "fields", "details", "actions")
    return _heading(f"{endpoint.name}/{endpoint.version}: {len(endpoint.entities):,} services") + table(
        columns, rows
    )


def entry_pane(endpoint: Endpoint, entity: Entity | None, entry: Entry, others: Mapping[str, object]) -> str:
    """Return what there is to know of an entry; `others` are the entities that have a field of its name."""
    told = _heading(f"{entry.label} ({entry.what})") + "".join(_parts(endpoint, entity, entry, others))
    return f'<div style="{_SNUG}">{told}</div>'


def _parts(
    endpoint: Endpoint, entity: Entity | None, entry: Entry, others: Mapping[str, object]
) -> Iterator[str]:
    if entity is not None and entry.what == "service":
        yield _about(entity)
        yield _members(endpoint, entity.structure, entity.custom, entity.keys)
        yield _actions(entity.actions)
    elif entity is not None and entry.what in ("action", "parameter"):
        yield _actions({entry.path[0]: entity.actions[entry.path[0]]})
    elif entry.what in ("details", "linked", "model"):
        structure = endpoint.structures.get(entry.kind or entry.name)
        inside = "/".join(entry.path)
        custom = [field for field in entity.custom if field.member == inside] if entity else []
        yield (
            _members(endpoint, structure, custom, ()) if structure else note("nothing is known of its fields")
        )
    else:
        is_key = entity is not None and entry.path[0] in entity.keys
        yield table(_MEMBERS, [_field(entry.name, entry.kind, is_key=is_key, view=entry.view)])
        yield _others(others)


def _about(entity: Entity) -> str:
    form = " ".join(filter(None, (entity.screen, entity.title)))
    keys = f"keys: {', '.join(entity.keys)}" if entity.keys else ""
    return note("; ".join(filter(None, (form, keys, "an inquiry" if entity.is_inquiry else ""))))


def _members(
    endpoint: Endpoint, structure: Structure, custom: Iterable[CustomField], keys: Sequence[str]
) -> str:
    fields = [_field(name, kind, is_key=name in keys) for name, kind in structure.fields.items()]
    own = [
        _field("/".join(filter(None, (field.member, field.name))), field.kind, view=field.view, custom=True)
        for field in custom
        if field.is_tenants_own
    ]
    members = [
        (
            name,
            what,
            target,
            f"{len(endpoint.structures[target].fields):,}" if target in endpoint.structures else "",
        )
        for what, targets in (("linked", structure.linked), ("details", structure.details))
        for name, target in targets.items()
    ]
    return table(_MEMBERS, [*fields, *own]) + table(("member", "is", "model", "fields"), members)


def _field(
    name: str, kind: str, *, is_key: bool = False, view: str = "", custom: bool = False
) -> tuple[str, ...]:
    shown = f"{name} [custom]" if custom else name
    return shown, kind, dtype_of(name, kind), "key" if is_key else "", view


def _actions(actions: Mapping[str, Mapping[str, str]]) -> str:
    told = (
        (name, ", ".join(f"{parameter}: {kind}" for parameter, kind in parameters.items()) or "none")
        for name, parameters in actions.items()
    )
    return table(("action", "parameters"), told)


def _others(others: Mapping[str, object]) -> str:
    if not others:
        return ""
    more = f" and {len(others) - _MOST:,} more" if len(others) > _MOST else ""
    return note(f"{len(others):,} entities have a field like it: {', '.join(list(others)[:_MOST])}{more}")


def _told(value: Any) -> str:
    import pandas as pd

    if pd.api.types.is_scalar(value) and pd.isna(value):
        return ""
    return cut(str(value).removesuffix(" 00:00:00"), _LONGEST)


def _heading(text: str) -> str:
    return f"<div><strong>{html(text)}</strong></div>"


def _row(words: Sequence[str], tag: str) -> str:
    cells = (f'<{tag} style="{CELL}">{html(word)}</{tag}>' for word in words)
    return f"<tr>{''.join(cells)}</tr>"
