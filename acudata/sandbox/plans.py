"""What of a record is answered: the members that `$select`, `$expand` and `$custom` leave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from acudata.sandbox.endpoint import CustomField, Endpoint, Structure
from acudata.sandbox.envelopes import unknown_name
from acudata.sandbox.queries import Query, Tree, names, tree
from acudata.sandbox.settings import SandboxSettings

ALWAYS = frozenset({"id", "rowNumber", "note", "custom", "files", "_links"})
"""Names that `$select` takes beside those of the contract."""
EXTRAS = frozenset({"files", "Translations"})
"""Names that `$expand` takes beside those of the contract."""


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

    def delegates(self, more: Mapping[str, str]) -> dict[str, str]:
        """Return the answered fields that come from views computed in code, each with its view.

        `more` are fields and members of the record itself that do so beside those of the structures.
        """
        own = {name: more[name] for name in self.fields if name in more}
        return own | {
            name: view
            for plan in self.walk()
            for member, view in {**plan.structure.delegates, **(more if plan is self else {})}.items()
            if member in plan.members
            for name in plan.members[member].fields
        }


@dataclass(frozen=True, slots=True)
class Scope:
    """Holds what a query says about one structure; `select` is None where everything is answered."""

    expand: Tree
    select: Tree | None
    custom: frozenset[str]
    path: str = ""

    @classmethod
    def of(cls, query: Query) -> Scope:
        """Return what a query says about the entity itself."""
        select = None if query.select is None else tree(query.select)
        return cls(tree(query.expand), select, frozenset(names(query.custom)))

    def takes(self, name: str) -> bool:
        """Tell whether `$select` lets a member through."""
        return self.select is None or name in self.select

    def below(self, name: str) -> Scope:
        """Return what the query says about a member; naming the member alone selects all of it."""
        select = (self.select or {}).get(name) or None
        return Scope(self.expand[name], select, self.custom, f"{self.path}{name}/")

    def asks(self, item: CustomField) -> bool:
        """Tell whether `$custom` names a field, with the path of its structure or without."""
        address = f"{item.view}.{item.name}"
        return address in self.custom or self.path + address in self.custom


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
        scope = Scope.of(query)
        if scope.select is not None:
            self._check(structure, scope.select)
            scope.select.update({name: {} for name in also if name in structure.fields})
        plan = self._plan(structure, scope)
        if self._settings.unknown_custom == "error":
            _check_custom(plan, scope.custom)
        return plan

    def _plan(self, structure: Structure, scope: Scope) -> Plan:
        return Plan(
            structure,
            fields=tuple(name for name in structure.fields if scope.takes(name)),
            members={
                name: self._plan(self._member(structure, name), scope.below(name))
                for name in self._expanded(structure, scope.expand)
                if scope.takes(name)
            },
            custom=tuple(item for item in structure.custom if scope.asks(item)),
            files="files" in scope.expand and scope.takes("files"),
        )

    def _expanded(self, structure: Structure, expand: Tree) -> list[str]:
        known = [name for name in expand if name in structure.linked or name in structure.details]
        if self._settings.unknown_expand == "error" and expand.keys() - EXTRAS - set(known):
            raise unknown_name()
        return known

    def _check(self, structure: Structure, select: Tree) -> None:
        for name, below in select.items():
            if name in structure.linked or name in structure.details:
                self._check(self._member(structure, name), below)
            elif below or not (name in structure.fields or name in ALWAYS or name.startswith("custom.")):
                raise unknown_name()

    def _member(self, structure: Structure, name: str) -> Structure:
        return self._structures[structure.linked.get(name) or structure.details[name]]


def _check_custom(plan: Plan, asked: Iterable[str]) -> None:
    known = {f"{item.view}.{item.name}" for node in plan.walk() for item in node.custom}
    if any(address.rpartition("/")[2] not in known for address in asked):
        raise unknown_name()
