"""Keeps a plan as JSON: one person plans, another looks at the file and applies it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from acudata.errors import AcumaticaValidationError
from acudata.replacement import replacing
from acudata.writeback.changes import Change, PlannedLine, PlannedRecord, Problem
from acudata.writeback.encoding import decoded, encoded
from acudata.writeback.plan import Aim, WritePlan

FORMAT = 1


def save_plan(plan: WritePlan, path: Path) -> Path:
    """Write a plan to a file, which appears whole or not at all."""
    body = {
        "id": plan.id,
        "made_at": plan.made_at,
        "aim": asdict(plan.aim),
        "index": [encoded(label) for label in plan.index],
        "index_names": [encoded(name) for name in plan.index_names],
        "line_index": {
            member: [encoded(label) for label in labels] for member, labels in plan.line_index.items()
        },
        "line_index_names": {
            member: [encoded(name) for name in names] for member, names in plan.line_index_names.items()
        },
        "row_member": plan.row_member,
        "records": [_record(record) for record in plan.records],
    }
    text = json.dumps(body, ensure_ascii=False, allow_nan=False, indent=1)
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as temporary:
        temporary.write_text(
            json.dumps({"acudata_plan": FORMAT, "sha256": _digest(body)})[:-1] + f', "plan": {text}}}\n',
            encoding="utf-8",
        )
    return path


def load_plan(path: Path) -> WritePlan:
    """Return the plan that a file holds.

    Raises AcumaticaValidationError when that is no plan, or was changed since it was saved.
    """
    try:
        whole = json.loads(path.read_text(encoding="utf-8"))
        body = whole["plan"]
        is_untouched = whole["acudata_plan"] == FORMAT and whole["sha256"] == _digest(body)
    except (ValueError, KeyError, TypeError):
        is_untouched = False
    if not is_untouched:
        raise AcumaticaValidationError(
            f"{path} is no plan of this version of acudata, or was changed since it was saved.",
            suggestions=["change the frame and plan anew"],
        )
    return WritePlan(
        aim=Aim(**body["aim"]),
        records=tuple(_read_record(record) for record in body["records"]),
        index=tuple(decoded(label) for label in body["index"]),
        index_names=tuple(decoded(name) for name in body["index_names"]),
        line_index={
            member: tuple(decoded(label) for label in labels) for member, labels in body["line_index"].items()
        },
        line_index_names={
            member: tuple(decoded(name) for name in names)
            for member, names in body["line_index_names"].items()
        },
        row_member=body["row_member"],
        made_at=body["made_at"],
        id=body["id"],
    )


def _digest(body: Mapping[str, Any]) -> str:
    text = json.dumps(body, ensure_ascii=True, sort_keys=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _record(record: PlannedRecord) -> dict[str, Any]:
    parts = {
        "action": record.action,
        "positions": list(record.positions),
        "key": {name: encoded(value) for name, value in record.key.items()},
        "id": record.id,
        "changes": _changes(record.changes),
        "lines": [_line(line) for line in record.lines],
        "conflicts": _changes(record.conflicts),
        "problems": [[problem.column, problem.text] for problem in record.problems],
    }
    return {name: part for name, part in parts.items() if part or name in ("action", "positions")}


def _line(line: PlannedLine) -> dict[str, Any]:
    parts = {
        "member": line.member,
        "action": line.action,
        "id": line.id,
        "position": line.position,
        "changes": _changes(line.changes),
        "key": {name: encoded(value) for name, value in line.key.items()},
        "conflicts": _changes(line.conflicts),
        "problems": [[problem.column, problem.text] for problem in line.problems],
    }
    return {name: part for name, part in parts.items() if part not in (None, {}, [])}


def _changes(changes: Mapping[str, Change]) -> dict[str, list[Any]]:
    return {name: [encoded(change.old), encoded(change.new)] for name, change in changes.items()}


def _read_record(body: Mapping[str, Any]) -> PlannedRecord:
    return PlannedRecord(
        tuple(body["positions"]),
        body["action"],
        {name: decoded(value) for name, value in body.get("key", {}).items()},
        body.get("id"),
        _read_changes(body.get("changes", {})),
        tuple(_read_line(line) for line in body.get("lines", ())),
        _read_changes(body.get("conflicts", {})),
        _read_problems(body),
    )


def _read_line(body: Mapping[str, Any]) -> PlannedLine:
    return PlannedLine(
        body["member"],
        body["action"],
        body.get("id"),
        body.get("position"),
        _read_changes(body.get("changes", {})),
        {name: decoded(value) for name, value in body.get("key", {}).items()},
        _read_changes(body.get("conflicts", {})),
        _read_problems(body),
    )


def _read_problems(body: Mapping[str, Any]) -> tuple[Problem, ...]:
    return tuple(Problem(column, text) for column, text in body.get("problems", ()))


def _read_changes(changes: Mapping[str, Any]) -> dict[str, Change]:
    return {name: Change(decoded(old), decoded(new)) for name, (old, new) in changes.items()}
