"""What a user asks for in one reading: which records, which of their columns, and how to go about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypedDict, get_args

from acudata.errors import AcumaticaValidationError
from acudata.filters import Filter

Names = str | Iterable[str]
Custom = str | Iterable[str] | bool | None
Errors = Literal["coerce", "raise"]
OnUnoptimised = Literal["raise", "narrow", "by_key"]
Attributes = Literal["rows", "columns"]

_CHOICES = {"errors": Errors, "on_unoptimised": OnUnoptimised, "attributes": Attributes}
_LEAST = {"top": 0, "page_size": 1}


class ReadOptions(TypedDict, total=False):
    """Lists what every way of reading can be asked beside the filter; `Service.to_frame` explains each."""

    columns: Names | None
    select: Names | None
    expand: Names | None
    custom: Custom
    attributes: Attributes
    top: int | None
    strict: bool
    errors: Errors
    on_unoptimised: OnUnoptimised
    page_size: int | None
    cache: bool | None
    progress: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Holds one question as it was asked; `Service.to_frame` explains each part.

    Raises AcumaticaValidationError for a choice or number that makes no sense.
    """

    filter: Filter | None = None
    columns: Names | None = None
    select: Names | None = None
    expand: Names | None = None
    custom: Custom = "auto"
    attributes: Attributes = "rows"
    top: int | None = None
    strict: bool = False
    errors: Errors = "coerce"
    on_unoptimised: OnUnoptimised = "raise"
    page_size: int | None = None
    cache: bool | None = None
    progress: bool | None = None

    def __post_init__(self) -> None:
        for name, choices in _CHOICES.items():
            _check_choice(name, getattr(self, name), get_args(choices))
        for name, least in _LEAST.items():
            check_number(name, getattr(self, name), least=least)
        if self.columns is not None:
            self._check_columns()

    def _check_columns(self) -> None:
        """Refuse what would say a second time, and differently, which columns come."""
        for name, default in (("select", None), ("custom", "auto")):
            if (given := getattr(self, name)) not in (default, None):
                raise AcumaticaValidationError(
                    f"columns= and {name}={given!r} both say which columns come: {name} is made from columns=.",
                    suggestions=[f"name in columns= all that is wanted, and leave out {name}="],
                )


def _check_choice(name: str, value: object, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise AcumaticaValidationError(
            f"{name}={value!r} is not known.", suggestions=[f"choose {' or '.join(map(repr, choices))}"]
        )


def check_number(name: str, number: object, *, least: int) -> None:
    """Refuse what is no whole number from `least` up; None is none given."""
    if number is not None and not (isinstance(number, int) and number >= least):
        raise AcumaticaValidationError(
            f"{name}={number!r} makes no sense.", suggestions=[f"give a whole number from {least} up"]
        )
