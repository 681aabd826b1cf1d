"""Stubs: files by which pyright, pylance and mypy know the services, models and fields of one tenant.

They stand in a folder of the user's project, `typings` by default, where pyright and pylance look by themselves; mypy
is told by `mypy_path = "typings"`. `typings/acudata/__init__.pyi` stands in for the package and gives a client that
knows its tenant; all other modules are found in the installed package as before. What all tenants have in common is not
written: `bases.pyi` and `kinds.pyi` in this folder hold it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from os import PathLike

import acudata
from acudata.schema.catalogue import Catalogue
from acudata.stubs.changes import changes_between
from acudata.stubs.entry import entry_of
from acudata.stubs.folder import Folder
from acudata.stubs.models import fields_of, models_of
from acudata.stubs.services import columns_of, services_of
from acudata.stubs.tenant import Tenant
from acudata.stubs.text import NOTE

__all__ = ["stub_files", "write_stubs"]


def write_stubs(
    catalogue: Catalogue, attributes: Mapping[str, str], path: str | PathLike[str], *, check: bool = False
) -> list[str]:
    """Write the stubs of a tenant into a folder and return what changed in it; with `check` nothing is written.

    `attributes` maps each attribute of a client to its entity.
    """
    folder = Folder(path)
    new = stub_files(Tenant.of(catalogue, attributes))
    old = folder.read(new)
    changes = changes_between(old, new)
    if changes and not check:
        folder.write(new)
    return changes


def stub_files(tenant: Tenant) -> dict[str, str]:
    """Return the text of each file by its path below the folder of stubs; the same tenant gives the same text."""
    entry = entry_of(tenant)
    parts = {
        "acudata/tenant/__init__.pyi": NOTE,
        "acudata/tenant/columns.pyi": columns_of(tenant),
        "acudata/tenant/fields.pyi": fields_of(tenant),
        "acudata/tenant/models.pyi": models_of(tenant),
        "acudata/tenant/services.pyi": services_of(tenant),
    }
    fingerprint = hashlib.sha256("".join([entry, *parts.values()]).encode()).hexdigest()[:16]
    endpoint = f"{tenant.endpoint.name}/{tenant.endpoint.version}"
    facts = f"# Endpoint {endpoint}, acudata {acudata.__version__}, fingerprint {fingerprint}.\n"
    return {"acudata/__init__.pyi": entry.replace(NOTE, NOTE + facts, 1), **parts}
