"""The pandas front door to Acumatica ERP: typed DataFrames, parquet, reports and safe write-back.

>>> from acudata import AcumaticaClient, F
>>> client = AcumaticaClient()                                   # settings from .env or the environment
>>> open_orders = client.sales_orders.to_frame(F.Status == "Open", expand="Details")

Importing acudata loads neither pandas nor pyarrow nor requests: each name is imported when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from acudata.client import AcumaticaClient
    from acudata.config import AcumaticaConfig
    from acudata.errors import (
        AcumaticaAuthError,
        AcumaticaBusinessRuleError,
        AcumaticaConcurrencyError,
        AcumaticaConfigError,
        AcumaticaConnectionError,
        AcumaticaError,
        AcumaticaNotFoundError,
        AcumaticaOfflineError,
        AcumaticaOptimizationError,
        AcumaticaPermissionError,
        AcumaticaRateLimitError,
        AcumaticaSchemaError,
        AcumaticaSeatError,
        AcumaticaServerError,
        AcumaticaTimeoutError,
        AcumaticaUnknownNameError,
        AcumaticaValidationError,
    )
    from acudata.exports.dataset import Dataset
    from acudata.exports.drift import SchemaDriftWarning
    from acudata.filters import LocalFilterWarning
    from acudata.notices import EmptyAnswerWarning, NarrowedWarning
    from acudata.odata import F, QueryOptions
    from acudata.writeback.plan import WritePlan
    from acudata.writeback.report import WriteReport

__version__ = "0.1.0"

__all__ = [
    "AcumaticaAuthError",
    "AcumaticaBusinessRuleError",
    "AcumaticaClient",
    "AcumaticaConcurrencyError",
    "AcumaticaConfig",
    "AcumaticaConfigError",
    "AcumaticaConnectionError",
    "AcumaticaError",
    "AcumaticaNotFoundError",
    "AcumaticaOfflineError",
    "AcumaticaOptimizationError",
    "AcumaticaPermissionError",
    "AcumaticaRateLimitError",
    "AcumaticaSchemaError",
    "AcumaticaSeatError",
    "AcumaticaServerError",
    "AcumaticaTimeoutError",
    "AcumaticaUnknownNameError",
    "AcumaticaValidationError",
    "Dataset",
    "EmptyAnswerWarning",
    "F",
    "LocalFilterWarning",
    "NarrowedWarning",
    "QueryOptions",
    "SchemaDriftWarning",
    "WritePlan",
    "WriteReport",
    "__version__",
]

_MODULES = {
    "AcumaticaClient": "acudata.client",
    "AcumaticaConfig": "acudata.config",
    "Dataset": "acudata.exports.dataset",
    "F": "acudata.odata",
    "EmptyAnswerWarning": "acudata.notices",
    "LocalFilterWarning": "acudata.filters",
    "NarrowedWarning": "acudata.notices",
    "QueryOptions": "acudata.odata",
    "SchemaDriftWarning": "acudata.exports.drift",
    "WritePlan": "acudata.writeback.plan",
    "WriteReport": "acudata.writeback.report",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'acudata' has no attribute {name!r}")
    return getattr(importlib.import_module(_MODULES.get(name, "acudata.errors")), name)


def load_ipython_extension(shell: Any) -> None:
    """Bring `%acu` into a notebook: `%load_ext acudata`."""
    importlib.import_module("acudata.notebook").load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """Take `%acu` away again, and sign out: `%unload_ext acudata`."""
    importlib.import_module("acudata.notebook").unload(shell)


def __dir__() -> list[str]:
    return list(__all__)
