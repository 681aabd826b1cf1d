"""What of a record is answered: the members that `$select`, `$expand` and `$custom` leave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from acudata.sandbox.endpoint import CustomField, Endpoint, Structure
from acudata.sandbox.envelopes import unknown_name
from acudata.sandbox.queries import Query, Tree, names, tree
from acudata.sandbox.settings import SandboxSettings

ALWAYS = frozenset({"id", "rowNumber", "note", "custom", "files", "_links"})
"""Names that `$select` takes beside the fields of the contract."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Tells which members of a structure are answered; `members` are the expanded ones."""

    structure: Structure
    fields: tuple[str, ...]
    members: Mapping[str, Plan] = field(default_factory=dict)
    custom: tuple[CustomField, ...] = ()
    files: bool = False

    def walk(self) -> Iterator[Plan]:
        """Yield this plan and those of all its members."""
        yield self
        for member in self.members.values():
            yield from member.walk()


class Planner:
    """Makes plans for the structures of an endpoint."""

    def __init__(self, endpoint: Endpoint, settings: SandboxSettings) -> None:
        self._structures = endpoint.structures
        self._settings = settings

    def plan(self, structure: Structure, query: Query, *, also: Iterable[str] = ()) -> Plan:
        """Return what a query leaves of a structure.

        Args:
            structure: the structure of the entity.
            query: the options of the request.
            also: fields that come back though `$select` does not name them, such as those of `$filter`.

        Raises:
            Fault: 500 for a name that the structure does not have, in the spelling of the request.
        """
        select = None if query.select is None else tree(query.select)
        if select is not None:
            self._check(structure, select)
            select |= {name: {} for name in also if name in structure.fields}
        custom = set(names(query.custom))
        plan = self._node(structure, tree(query.expand), select, custom, "")
        if self._settings.unknown_custom == "error" and custom - _addressed(plan):
            raise unknown_name()
        return plan

    def _node(
        self, structure: Structure, expand: Tree, select: Tree | None, custom: set[str], path: str
    ) -> Plan:
        fields = structure.fields if select is None else [name for name in structure.fields if name in select]
        members = {
            name: self._node(
                self.member(structure, name),
                below,
                select and (select[name] or None),
                custom,
                f"{path}{name}/",
            )
            for name, below in self._known(structure, expand).items()
            if select is None or name in select
        }
        asked = tuple(
            item
            for item in structure.custom
            if not custom.isdisjoint((address(item), f"{path}{address(item)}"))
        )
        files = "files" in expand and (select is None or "files" in select)
        return Plan(structure, tuple(fields), members, asked, files)

    def _known(self, structure: Structure, expand: Tree) -> Tree:
        known = {
            name: below
            for name, below in expand.items()
            if name in structure.linked or name in structure.details
        }
        if self._settings.unknown_expand == "error" and expand.keys() - known.keys() - {
            "files",
            "Translations",
        }:
            raise unknown_name()
        return known

    def _check(self, structure: Structure, select: Tree) -> None:
        for name, below in select.items():
            if name in structure.linked or name in structure.details:
                self._check(self.member(structure, name), below)
            elif below or not (name in structure.fields or name in ALWAYS or name.startswith("custom.")):
                raise unknown_name()

    def member(self, structure: Structure, name: str) -> Structure:
        """Return the structure of a linked entity or of the rows of a detail."""
        return self._structures[structure.linked.get(name) or structure.details[name]]


def address(item: CustomField) -> str:
    """Return the name by which `$custom` asks for a field."""
    return f"{item.view}.{item.name}"


def _addressed(plan: Plan, path: str = "") -> set[str]:
    own = {text for item in plan.custom for text in (address(item), f"{path}{address(item)}")}
    return own.union(*(_addressed(member, f"{path}{name}/") for name, member in plan.members.items()))
