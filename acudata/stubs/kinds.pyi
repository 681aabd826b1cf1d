"""The kinds of values as checkers see them in models: what is read, and what may be set."""

import datetime as dt
import decimal
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

from acudata.models import Record

Read = TypeVar("Read")
Set = TypeVar("Set")
Model = TypeVar("Model", bound=Record)

class Value(Generic[Read, Set]):
    def __get__(self, record: Record | None, owner: Any) -> Read | None: ...
    def __set__(self, record: Record, value: Set | None) -> None: ...

GivenString = str
GivenBoolean = bool
GivenInt = int
GivenShort = int
GivenLong = int
GivenByte = int
GivenDecimal = decimal.Decimal | float | str
GivenDouble = float
GivenDateTime = dt.date | str
GivenDateOnly = dt.date | str
GivenGuid = uuid.UUID | str

String = Value[str, GivenString]
Boolean = Value[bool, GivenBoolean]
Int = Value[int, GivenInt]
Short = Value[int, GivenShort]
Long = Value[int, GivenLong]
Byte = Value[int, GivenByte]
Decimal = Value[decimal.Decimal, GivenDecimal]
Double = Value[float, GivenDouble]
DateTime = Value[dt.datetime, GivenDateTime]
DateOnly = Value[dt.date, GivenDateOnly]
Guid = Value[uuid.UUID, GivenGuid]

class Linked(Value[Model, Model | Mapping[str, Any]], Generic[Model]): ...
class Rows(Value[list[Model], Sequence[Model | Mapping[str, Any]]], Generic[Model]): ...
