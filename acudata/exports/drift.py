"""What became of a table's columns since the last run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


class SchemaDriftWarning(UserWarning):
    """Says that an export has other columns than the one that it replaces; the report's `drift` says which.

    `warnings.simplefilter("error", acudata.SchemaDriftWarning)` makes it an error.
    """


@dataclass(frozen=True, slots=True)
class SchemaDrift:
    """Holds columns that were added, removed or given another type; it is false when there are none.

    Types are Arrow's, as text. `retyped` maps a name to the type before and the type after.

    >>> print(SchemaDrift(added={"UsrRegion": "string"}, retyped={"Qty": ("int64", "decimal128(38, 10)")}))
    added UsrRegion (string); retyped Qty (int64 -> decimal128(38, 10))
    """

    added: Mapping[str, str] = field(default_factory=dict)
    removed: Mapping[str, str] = field(default_factory=dict)
    retyped: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def between(cls, before: Mapping[str, str], after: Mapping[str, str]) -> SchemaDrift:
        """Return what differs between two sets of columns and their types; their order does not count."""
        return cls(
            added={name: kind for name, kind in after.items() if name not in before},
            removed={name: kind for name, kind in before.items() if name not in after},
            retyped={
                name: (kind, after[name]) for name, kind in before.items() if after.get(name, kind) != kind
            },
        )

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.retyped)

    def __str__(self) -> str:
        changes = {
            "added": [f"{name} ({kind})" for name, kind in self.added.items()],
            "removed": [f"{name} ({kind})" for name, kind in self.removed.items()],
            "retyped": [f"{name} ({old} -> {new})" for name, (old, new) in self.retyped.items()],
        }
        return (
            "; ".join(f"{verb} {', '.join(names)}" for verb, names in changes.items() if names) or "no change"
        )
