"""The reference's call with every option at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from acudata import AcumaticaClient
from acudata.sandbox import Sandbox


@pytest.fixture
def home(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the project's folder the user's home."""
    monkeypatch.setenv("HOME", str(project))
    monkeypatch.setenv("USERPROFILE", str(project))
    return project


def test_all_options_together(home: Path, box: Sandbox) -> None:
    client = AcumaticaClient(
        base_url=box.url,
        username=box.username,
        password=box.password,
        tenant=box.tenant,
        # Caching (new in v0.5.4)
        cache_methods=True,  # Enable differential caching
        cache_ttl_hours=24,  # Cache lifetime in hours
        cache_dir=Path("~/.cache"),  # Cache directory location
        force_rebuild=False,  # Force rebuild ignoring cache
        # Session behavior
        persistent_login=True,  # Maintain session (default)
        retry_on_idle_logout=True,  # Auto-retry on session timeout
        # Performance
        rate_limit_calls_per_second=10.0,  # Rate limiting
        timeout=60,  # Request timeout (seconds)
        # SSL verification
        verify_ssl=True,
        # API endpoint
        endpoint_name="Default",
        endpoint_version=None,  # Auto-detect latest
        # Localization
        branch="MAIN",
        locale="en-US",
    )

    with client:
        assert client.customers.exists("ABCCOMP")
        assert client.get_service_info("Customer")["endpoint"] == "Default/24.200.001"
        assert Path(client.get_cache_stats()["path"]).parent == home / ".cache"
        status = client.get_rate_limit_status()
        assert status["calls_per_second"] == 10.0
        connection = client.get_connection_stats()
        assert (connection["branch"], connection["locale"]) == ("MAIN", "en-US")
        assert (connection["timeout"], connection["verify_ssl"]) == (60, True)


def test_the_latest_version_of_the_endpoint_is_found(dot_env: Path) -> None:
    with AcumaticaClient(endpoint_version=None) as client:
        versions = [row["version"] for row in client.list_endpoints() if row["name"] == "Default"]
        assert len(versions) > 1
        assert client.get_service_info("Customer")["endpoint"] == f"Default/{max(versions)}"
