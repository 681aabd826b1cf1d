# ruff: noqa: A002 - `filter` is OData's own word
"""What the stubs of a tenant build on: the classes of acudata, without names that are only known at run time."""

from collections.abc import Iterable, Iterator, Mapping
from typing import (
    Any,
    Generic,
    Literal,
    SupportsIndex,
    TypedDict,
    TypeVar,
    Unpack,
    dataclass_transform,
    overload,
)

import pandas as pd
import pyarrow as pa

from acudata.filters import Filter
from acudata.frames.dtypes import Decimals, DtypeBackend
from acudata.models import Record
from acudata.models import Records as _Records
from acudata.odata import QueryOptions
from acudata.questions import Attributes, Custom, Errors, OnUnoptimised
from acudata.services import Service as _Service
from acudata.services.fields import EntityFields
from acudata.services.records import Keys

Model_ = TypeVar("Model_", bound=Record)
Column = TypeVar("Column", bound=str)
Member = TypeVar("Member", bound=str)
Name = TypeVar("Name", bound=str)

Chosen = Iterable[Name | str] | Name | str | None

@dataclass_transform(kw_only_default=True)
class Model(Record):
    __getattr__: None  # type: ignore[assignment,misc]
    id: str | None = ...
    note: str | None = ...
    delete: bool = ...

class Fields(EntityFields):
    __getattr__: None  # type: ignore[assignment,misc]

class Records(_Records, Generic[Model_]):
    def __iter__(self) -> Iterator[Model_]: ...
    @overload  # type: ignore[override]
    def __getitem__(self, index: SupportsIndex) -> Model_: ...
    @overload
    def __getitem__(self, index: slice) -> list[Model_]: ...

class ReadOptions(TypedDict, Generic[Column, Member], total=False):
    columns: Chosen[Column]
    select: Chosen[Column]
    expand: Chosen[Member]
    custom: Custom
    attributes: Attributes
    top: int | None
    strict: bool
    errors: Errors
    on_unoptimised: OnUnoptimised
    page_size: int | None
    cache: bool | None
    progress: bool | None

class ActionOptions(TypedDict, total=False):
    custom: Mapping[str, Any] | None
    wait: bool
    timeout: float
    poll_interval: float

class Service(_Service, Generic[Model_, Column, Member]):
    __getattr__: None  # type: ignore[assignment,misc]
    def to_frame(
        self,
        filter: Filter | None = None,
        *,
        columns: Chosen[Column] = None,
        select: Chosen[Column] = None,
        expand: Chosen[Member] = None,
        custom: Custom = "auto",
        attributes: Attributes = "rows",
        top: int | None = None,
        strict: bool = False,
        errors: Errors = "coerce",
        on_unoptimised: OnUnoptimised = "raise",
        page_size: int | None = None,
        cache: bool | None = None,
        progress: bool | None = None,
        dtype_backend: DtypeBackend = "numpy_nullable",
        decimals: Decimals = "float",
    ) -> pd.DataFrame: ...
    def to_frames(
        self,
        filter: Filter | None = None,
        *,
        dtype_backend: DtypeBackend = "numpy_nullable",
        decimals: Decimals = "float",
        **options: Unpack[ReadOptions[Column, Member]],
    ) -> dict[str, pd.DataFrame]: ...
    def iter_frames(
        self,
        filter: Filter | None = None,
        *,
        dtype_backend: DtypeBackend = "numpy_nullable",
        decimals: Decimals = "float",
        **options: Unpack[ReadOptions[Column, Member]],
    ) -> Iterator[pd.DataFrame]: ...
    def to_arrow(
        self, filter: Filter | None = None, **options: Unpack[ReadOptions[Column, Member]]
    ) -> pa.Table: ...
    def get_list(
        self,
        filter: Filter | None = None,
        options: QueryOptions | None = None,
        *,
        select: Chosen[Column] = None,
        expand: Chosen[Member] = None,
        custom: Custom = "auto",
        top: int | None = None,
        skip: int = 0,
        strict: bool = False,
        page_size: int | None = None,
        progress: bool | None = None,
    ) -> Records[Model_]: ...
    def first(
        self,
        filter: Filter | None = None,
        *,
        select: Chosen[Column] = None,
        expand: Chosen[Member] = None,
        custom: Custom = "auto",
        strict: bool = False,
    ) -> Model_ | None: ...
    def get_by_id(
        self,
        entity_id: Keys,
        select: Chosen[Column] = None,
        expand: Chosen[Member] = None,
        *,
        custom: Custom = "auto",
        cache: bool | None = None,
    ) -> Model_: ...
    def get_by_keys(
        self,
        *keys: str,
        select: Chosen[Column] = None,
        expand: Chosen[Member] = None,
        custom: Custom = "auto",
        cache: bool | None = None,
    ) -> Model_: ...
    def put_entity(
        self,
        entity: Record | Mapping[str, Any],
        *,
        filter: Filter | None = None,
        select: Chosen[Column] = None,
        expand: Chosen[Member] = None,
        custom: Custom = None,
        mode: Literal["upsert", "update", "insert"] = "upsert",
    ) -> Model_: ...
