"""What a client did so far, and how it is set, told as plain dictionaries."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

from acudata.config import AcumaticaConfig
from acudata.errors import AcumaticaError
from acudata.schema.catalogue import Catalogue
from acudata.transport import Session


def cache_stats(catalogue: Catalogue) -> dict[str, Any]:
    """Return how far the schema's copy on disk spared work."""
    changes, store = catalogue.changes, catalogue.store
    return {
        "enabled": store is not None,
        "hits": len(changes.unchanged),
        "misses": len(changes.changed) + len(changes.added),
        "changed": list(changes.changed),
        "added": list(changes.added),
        "removed": list(changes.removed),
        "age_hours": (time.time() - catalogue.read_at) / 3600,
        "size_bytes": store.size if store else 0,
        "path": str(store.path) if store else None,
    }


def usage_stats(session: Session) -> dict[str, Any]:
    """Return how many requests were sent, which, and what they took."""
    usage = session.usage
    last = usage.last_call_at
    return {
        "total_requests": usage.calls,
        "total_errors": usage.errors,
        "requests_by_method": dict(usage.by_method),
        "requests_by_endpoint": dict(usage.by_path),
        "bytes_received": usage.received,
        "average_response_time": usage.average_seconds,
        "last_request_time": None if last is None else dt.datetime.fromtimestamp(last, dt.UTC).isoformat(),
    }


def rate_limit_status(session: Session, config: AcumaticaConfig) -> dict[str, Any]:
    """Return the client's own limit, how long calls waited for their turn under it, and what the server makes of them.

    Acumatica tells nothing of its own throttle. From half of what a licence allows per minute (its License Monitoring
    form, SM604000, says how much) it delays answers, which `requests_last_minute` and `average_response_time` show, and
    at last it declines requests.
    """
    usage = session.usage
    return {
        "calls_per_second": config.rate_limit_calls_per_second,
        "is_shared": config.shared_pace,
        "total_requests": usage.calls,
        "requests_last_minute": usage.last_minute,
        "requests_declined": usage.declined,
        "seconds_waited": usage.paced,
        "average_response_time": usage.average_seconds,
    }


def connection_test(session: Session) -> dict[str, Any]:
    """Ask the server for its list of endpoints and return what came of it; never raises for a server in trouble."""
    started = time.monotonic()
    try:
        root = session.get("entity", cache=False).json()
    except AcumaticaError as error:
        return {
            "reachable": error.status_code is not None,
            "response_time": None,
            "endpoints_available": False,
            "endpoint_count": 0,
            "build": None,
            "error": error.message,
        }
    told = root if isinstance(root, dict) else {"endpoints": root}
    rows, version = told.get("endpoints"), told.get("version")
    count = len(rows) if isinstance(rows, list) else 0
    return {
        "reachable": True,
        "response_time": time.monotonic() - started,
        "endpoints_available": count > 0,
        "endpoint_count": count,
        "build": version.get("acumaticaBuildVersion") if isinstance(version, dict) else None,
        "error": None,
    }
