"""The models of a tenant, and the fields of the same structures for filters."""

from __future__ import annotations

from collections.abc import Iterator

from acudata.schema import Structure
from acudata.stubs.tenant import Tenant
from acudata.stubs.text import class_of, file_of


def models_of(tenant: Tenant) -> str:
    """Return the stub of the models: a class for each structure, with the kinds of its fields."""

    def lines(structure: Structure) -> Iterator[str]:
        yield from (f"{name}: _kinds.{kind} = ..." for name, kind in tenant.fields(structure).items())
        for name, target in tenant.linked(structure).items():
            yield f"{name}: _kinds.Linked[_models.{target}] = ..."
        for name, target in tenant.details(structure).items():
            yield f"{name}: _kinds.Rows[_models.{target}] = ..."

    imports = [
        "from acudata.stubs import bases as _bases",
        "from acudata.stubs import kinds as _kinds",
        "from acudata.tenant import models as _models",
    ]
    return file_of(imports, (class_of(f"{s.name}(_bases.Model)", lines(s)) for s in tenant.structures))


def fields_of(tenant: Tenant) -> str:
    """Return the stub of the fields that `client.customers.F` gives."""

    def lines(structure: Structure) -> Iterator[str]:
        yield from (f"{name}: _Operand" for name in tenant.fields(structure))
        members = {**tenant.linked(structure), **tenant.details(structure)}
        yield from (f"{name}: _fields.{target}" for name, target in members.items())

    imports = [
        "from acudata.odata import Operand as _Operand",
        "from acudata.stubs import bases as _bases",
        "from acudata.tenant import fields as _fields",
    ]
    return file_of(imports, (class_of(f"{s.name}(_bases.Fields)", lines(s)) for s in tenant.structures))
