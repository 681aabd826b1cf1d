"""The services of a tenant, with their actions, and the names that their arguments take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import inflection

from acudata.schema import Entity
from acudata.stubs.tenant import Tenant, writable
from acudata.stubs.text import class_of, file_of, literal_of, quoted


def services_of(tenant: Tenant) -> str:
    """Return the stub of the services: a class for each entity, with its model, its fields and its actions."""
    imports = [
        "from collections.abc import Mapping as _Mapping",
        "from typing import Any as _Any",
        "from typing import TypedDict as _TypedDict",
        "from typing import Unpack as _Unpack",
        "from acudata.services import ActionResult as _ActionResult",
        "from acudata.stubs import bases as _bases",
        "from acudata.stubs import kinds as _kinds",
        "from acudata.tenant import columns as _columns",
        "from acudata.tenant import fields as _fields",
        "from acudata.tenant import models as _models",
    ]
    return file_of(imports, (part for entity in tenant.entities for part in _service(entity)))


def columns_of(tenant: Tenant) -> str:
    """Return the stub of the names that `columns`, `select` and `expand` complete."""
    return file_of(
        ["from typing import Literal"], (part for e in tenant.entities for part in _names(tenant, e))
    )


def _names(tenant: Tenant, entity: Entity) -> Iterator[str]:
    structure = entity.structure
    linked, details = tenant.linked(structure), tenant.details(structure)
    below = sorted(
        f"{member}.{name}"
        for member, target in linked.items()
        for name in tenant.fields(tenant.endpoint.structures[target])
    )
    yield literal_of(entity.name, [*tenant.fields(structure), *below, "id", "note"])
    yield literal_of(f"{entity.name}Members", [*linked, *details, "files"])


def _service(entity: Entity) -> Iterator[str]:
    name = entity.name
    actions = {action: entity.actions[action] for action in writable(entity.actions)}
    yield from (_parameters(name, action, kinds) for action, kinds in actions.items() if kinds)
    base = f"_bases.Service[_models.{name}, _columns.{name}, _columns.{name}Members]"
    methods = (line for action, kinds in actions.items() for line in _action(name, action, kinds))
    yield class_of(f"{name}Service({base})", ["@property", f"def F(self) -> _fields.{name}: ...", *methods])


def _parameters(entity: str, action: str, kinds: Mapping[str, str]) -> str:
    entries = "".join(f"        {quoted(name)}: _kinds.Given{kinds[name]},\n" for name in sorted(kinds))
    name = f"_{entity}{action}"
    return f"{name} = _TypedDict(\n    {quoted(name)},\n    {{\n{entries}    }},\n    total=False,\n)\n"


def _action(entity: str, action: str, kinds: Mapping[str, str]) -> Iterator[str]:
    parameters = f"_{entity}{action}" if kinds else "_Mapping[str, _Any]"
    yield f"def invoke_action_{inflection.underscore(action)}("
    yield "    self,"
    yield f"    entity: _models.{entity} | _Mapping[str, _Any],"
    yield f"    parameters: {parameters} | None = None,"
    yield "    **options: _Unpack[_bases.ActionOptions],"
    yield ") -> _ActionResult: ..."
