"""The tree of exceptions: what each is, what it holds, and that it survives a copy to another process."""

from __future__ import annotations

import copy
import inspect
import pickle
from collections.abc import Callable

import pytest

from acudata import errors
from acudata.errors import (
    AcumaticaAuthError,
    AcumaticaError,
    AcumaticaOptimizationError,
    AcumaticaRateLimitError,
    AcumaticaTimeoutError,
    AcumaticaUnknownNameError,
    AcumaticaValidationError,
)

CLASSES = [getattr(errors, name) for name in errors.__all__]


@pytest.mark.parametrize(
    ("name", "also"),
    [
        ("AcumaticaConfigError", ValueError),
        ("AcumaticaConnectionError", ConnectionError),
        ("AcumaticaTimeoutError", TimeoutError),
        ("AcumaticaPermissionError", AcumaticaAuthError),
        ("AcumaticaPermissionError", PermissionError),
        ("AcumaticaSeatError", AcumaticaRateLimitError),
        ("AcumaticaNotFoundError", KeyError),
        ("AcumaticaValidationError", ValueError),
        ("AcumaticaOptimizationError", errors.AcumaticaServerError),
        ("AcumaticaSchemaError", ValueError),
        ("AcumaticaUnknownNameError", AttributeError),
        ("AcumaticaUnknownNameError", KeyError),
    ],
)
def test_old_habits_catch_the_new_classes(name: str, also: type[Exception]) -> None:
    assert issubclass(getattr(errors, name), also)


def test_the_tree_in_the_docstring_and_the_list_of_names_are_complete() -> None:
    defined = {
        name for name, member in vars(errors).items() if inspect.isclass(member) and name.startswith("Acu")
    }
    drawn = {word for word in (errors.__doc__ or "").split() if word.startswith("Acumatica")}
    assert defined == set(errors.__all__) == drawn


@pytest.mark.parametrize("cls", CLASSES)
def test_every_class_carries_the_same_attributes(cls: type[AcumaticaError]) -> None:
    error = cls(
        "Nothing works.",
        status_code=500,
        suggestions=["something else"],
        field_errors={"Status": ("is wrong",)},
        context={"method": "GET"},
    )
    assert isinstance(error, AcumaticaError)
    assert (error.message, error.status_code, error.suggestions) == (
        "Nothing works.",
        500,
        ["something else"],
    )
    assert (error.field_errors, error.context) == ({"Status": ["is wrong"]}, {"method": "GET"})
    assert str(error).startswith("Nothing works.\n  Status: is wrong\n")
    assert str(error).endswith("something else")


def test_a_bare_message_reads_as_itself() -> None:
    assert [str(cls("The order is on hold.")) for cls in CLASSES] == ["The order is on hold."] * len(CLASSES)


def pickled(error: AcumaticaError) -> AcumaticaError:
    again: AcumaticaError = pickle.loads(pickle.dumps(error))
    return again


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, pickled])
@pytest.mark.parametrize(
    "error",
    [
        *(cls("Nothing works.", status_code=418, suggestions=["a"], context={"a": 1}) for cls in CLASSES),
        AcumaticaTimeoutError("Too slow.", timeout_seconds=2.5),
        AcumaticaRateLimitError("Too many.", retry_after=30),
        AcumaticaOptimizationError("Too wide.", fields=["ApplicationHistory"]),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_copy_is_the_same_error(
    error: AcumaticaError, duplicate: Callable[[AcumaticaError], AcumaticaError]
) -> None:
    again = duplicate(error)
    assert type(again) is type(error)
    assert (str(again), again.args, vars(again)) == (str(error), error.args, vars(error))


def test_the_detailed_message_adds_status_and_context() -> None:
    error = AcumaticaValidationError(
        "PUT Customer was refused.",
        status_code=422,
        field_errors={"CustomerClass": ["'X' cannot be found in the system."]},
        suggestions=["look the value up in the ERP"],
        context={"method": "PUT", "path": "entity/Default/24.200.001/Customer"},
    )
    assert error.get_detailed_message().splitlines() == [
        "PUT Customer was refused.",
        "  CustomerClass: 'X' cannot be found in the system.",
        "  try: look the value up in the ERP",
        "  HTTP status: 422",
        "  method: PUT",
        "  path: entity/Default/24.200.001/Customer",
    ]


def test_an_unknown_name_offers_the_nearest_ones() -> None:
    error = AcumaticaUnknownNameError("No service 'custmers'.", suggestions=["customers", "customer_classes"])
    assert str(error).splitlines()[1] == "  did you mean: customers, customer_classes"
