"""What became of entities, models and fields between two sets of stub files, told by what stands in them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence

SERVICES = "acudata/tenant/services.pyi"
MODELS = "acudata/tenant/models.pyi"


SHOWN = 10
"""How many lines are told of stubs that are all new."""


def shortened(changes: Sequence[str]) -> list[str]:
    """Return changes as a person reads them: of those that all add something new, the first ones and their number.

    >>> shortened(["Bill added", "Bill.Note removed"])
    ['Bill added', 'Bill.Note removed']
    """
    if len(changes) <= SHOWN or not all(change.endswith(" added") for change in changes):
        return list(changes)
    return [*changes[:SHOWN], f"and {len(changes) - SHOWN:,} more added"]


def changes_between(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    """Return a line for each thing that was added, removed or retyped; one for each file where nothing else differs."""
    if old == new:
        return []
    found = [
        *_told(_members(old.get(SERVICES, "")), _members(new[SERVICES])),
        *_told(_members(old.get(MODELS, "")), _members(new[MODELS])),
    ]
    return found or [f"{name} differs" for name in new if old.get(name) != new[name]]


def _told(old: Mapping[str, Mapping[str, str]], new: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    for name in sorted({*old, *new}):
        if name not in old or name not in new:
            yield f"{name} {'removed' if name in old else 'added'}"
        else:
            yield from _differences(name, old[name], new[name])


def _differences(where: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    for name in sorted({*old, *new}):
        if name not in old or name not in new:
            yield f"{where}.{name} {'removed' if name in old else 'added'}"
        elif old[name] != new[name]:
            yield f"{where}.{name} retyped: {old[name]} became {new[name]}"


def _members(text: str) -> dict[str, dict[str, str]]:
    """Return the annotation or signature of each member of each class; of text that is no Python, nothing."""
    try:
        statements = ast.parse(text).body
    except SyntaxError:
        return {}
    classes = (statement for statement in statements if isinstance(statement, ast.ClassDef))
    return {found.name: dict(_in_class(found.body)) for found in classes}


def _in_class(body: Iterable[ast.stmt]) -> Iterator[tuple[str, str]]:
    for statement in body:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            yield statement.target.id, _plainly(statement.annotation)
        elif isinstance(statement, ast.FunctionDef):
            yield statement.name, _plainly(statement.args)


def _plainly(node: ast.AST) -> str:
    return ast.unparse(node).replace("_kinds.", "").replace("_models.", "")
