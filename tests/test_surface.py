"""What users may rely on: the names that acudata exports, their docstrings, and an import that costs nothing."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

import acudata

PUBLIC = [
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
SERVICE = [
    "F",
    "as_target",
    "count",
    "delete_by_id",
    "delete_by_keys",
    "delete_frame",
    "download_file",
    "entity",
    "exists",
    "first",
    "get_ad_hoc_schema",
    "get_by_id",
    "get_by_keys",
    "get_files",
    "get_list",
    "inquire",
    "invoke_action",
    "iter_frames",
    "name",
    "plan",
    "put_entity",
    "put_file",
    "put_frame",
    "to_arrow",
    "to_frame",
    "to_frames",
    "to_parquet",
]
CLIENT = [
    "batch",
    "browse",
    "clear_cache",
    "clear_http_cache",
    "close",
    "config",
    "endpoint",
    "export",
    "get_api_usage_stats",
    "get_cache_stats",
    "get_connection_stats",
    "get_model_info",
    "get_performance_stats",
    "get_rate_limit_status",
    "get_service_info",
    "list_endpoints",
    "list_models",
    "list_services",
    "models",
    "refresh_schema",
    "scheduler",
    "search_models",
    "search_services",
    "test_connection",
    "write_stubs",
]
HEAVY = (
    "pandas",
    "numpy",
    "pyarrow",
    "requests",
    "requests_cache",
    "pydantic",
    "starlette",
    "uvicorn",
    "IPython",
)


def test_the_exported_names_are_these() -> None:
    assert sorted(acudata.__all__) == PUBLIC
    assert all(hasattr(acudata, name) for name in acudata.__all__)
    with pytest.raises(AttributeError, match="no attribute 'Acumatica'"):
        _ = acudata.Acumatica


def test_a_service_offers_these(client: acudata.AcumaticaClient) -> None:
    offered = [name for name in dir(client.customers) if not name.startswith(("_", "invoke_action_"))]
    assert offered == SERVICE


def test_a_client_offers_these_and_the_services(client: acudata.AcumaticaClient) -> None:
    services = {service for service in dir(client) if service in client._attributes()}
    assert "sales_orders" in services
    assert [name for name in dir(client) if not name.startswith("_") and name not in services] == CLIENT


def test_every_public_name_is_explained() -> None:
    public = [getattr(acudata, name) for name in acudata.__all__ if name != "__version__"]
    methods = [member for cls in public if inspect.isclass(cls) for name, member in vars(cls).items()
               if inspect.isfunction(member) and not name.startswith("_")]  # fmt: skip
    assert [thing for thing in (*public, *methods) if not inspect.getdoc(thing)] == []


def test_importing_acudata_loads_nothing_heavy() -> None:
    code = f"import sys, acudata; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", ["F", "AcumaticaConfig", "AcumaticaError"])
def test_light_names_load_neither_pandas_nor_requests(name: str) -> None:
    code = f"import sys; from acudata import {name}; print([n for n in {HEAVY[:4]} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
