"""The reference's chapter on differential caching.

Seconds are not measured here; what a start costs is told by its requests to the server.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from acudata import AcumaticaClient
from tests.customised import Instance, age, requests_of, told


@pytest.fixture
def home(project: Path, dot_env: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the project's folder the user's home."""
    monkeypatch.setenv("HOME", str(project))
    monkeypatch.setenv("USERPROFILE", str(project))
    return project


def test_the_example(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from pathlib import Path

    from acudata import AcumaticaClient

    def start() -> AcumaticaClient:
        # Enable caching for faster subsequent initializations
        return AcumaticaClient(
            cache_methods=True,  # Enable differential caching
            cache_ttl_hours=24,  # Cache valid for 24 hours
            cache_dir=Path("~/.cache/acumatica"),  # Custom cache location
        )

    # First run: Full schema discovery and model/service generation
    with start() as client:
        known = told(client)
        assert requests_of(client) > 2
    assert len(list((home / ".cache" / "acumatica").iterdir())) == 1

    # Subsequent runs: Differential cache loading
    client = start()
    assert told(client) == known
    assert requests_of(client) == 0

    # Check cache statistics
    stats = client.get_cache_stats()
    print(f"Cache hits: {stats['hits']}")
    print(f"Cache misses: {stats['misses']}")
    print(f"Cache age: {stats['age_hours']:.1f} hours")
    assert capsys.readouterr().out == f"Cache hits: {len(client)}\nCache misses: 0\nCache age: 0.0 hours\n"

    # Clear cache manually
    client.clear_cache()
    assert list((home / ".cache" / "acumatica").iterdir()) == []
    client.close()


def test_force_rebuild_ignores_the_cache(home: Path) -> None:
    options = {"cache_methods": "true", "cache_dir": str(home / "cache")}
    with (home / ".env").open("a", encoding="utf-8") as file:
        file.writelines(f"ACUMATICA_{name.upper()}={text}\n" for name, text in options.items())
    with AcumaticaClient() as client:
        client.list_services()
    # Force rebuild (ignores cache)
    client = AcumaticaClient(force_rebuild=True)

    with client:
        assert client.get_cache_stats()["hits"] == 0
        assert requests_of(client) > 0
    with AcumaticaClient() as client:
        assert client.get_cache_stats()["misses"] == 0


def test_a_second_process_starts_from_the_cache(home: Path) -> None:
    program = """
import json
from acudata import AcumaticaClient
with AcumaticaClient(cache_methods=True, cache_dir="cache") as client:
    hits = client.get_cache_stats()["hits"]
    print(json.dumps([hits, len(client), client.get_api_usage_stats()["total_requests"]]))
"""
    runs = [
        json.loads(subprocess.check_output([sys.executable, "-c", program], cwd=home, env=os.environ))
        for _ in range(2)
    ]
    (cold_hits, _, cold_requests), (hits, services, requests) = runs
    assert (cold_hits, cold_requests) == (0, 2)
    assert (hits, requests) == (services, 0)


def test_the_cache_is_valid_for_its_hours_and_then_looked_after(instance: Instance) -> None:
    with instance.serve() as box, instance.connect(box) as client:
        client.list_services()
        age(client, hours=23.9)
    with instance.serve(instance.edited()) as box:
        with instance.connect(box, cache_ttl_hours=24) as client:
            assert "Visit" not in client.list_services()
            age(client, hours=24.1)
        with instance.connect(box, cache_ttl_hours=24) as client:
            assert "Visit" in client.list_services()


def test_only_what_changed_is_rebuilt(instance: Instance) -> None:
    with instance.serve() as box, instance.connect(box) as client:
        client.list_services()
    with instance.serve(instance.edited()) as box, instance.connect(box, cache_ttl_hours=0) as client:
        stats = client.get_cache_stats()
        # Only rebuilds models/services that changed
        assert stats["changed"] == ["Customer"]
        assert hasattr(client.models.Customer, "Nickname")
        # Removes models/services that were deleted
        assert stats["removed"] == ["StockItem"]
        assert "StockItem" not in client.list_services()
        # Preserves unchanged components from cache
        assert stats["hits"] == 1
        assert client.list_services() == ["Customer", "Visit", "Warehouse"]


def test_the_cache_is_no_longer_used_when_the_schema_changes(instance: Instance) -> None:
    """A look that finds the schema unchanged leaves everything a hit; one that finds a change does not."""
    for document_served, misses in [(None, 3), (None, 0), (instance.edited(), 2), (instance.edited(), 0)]:
        with (
            instance.serve(document_served) as box,
            instance.connect(box, cache_ttl_hours=0) as client,
        ):
            stats = client.get_cache_stats()
            assert stats["misses"] == misses
            assert stats["age_hours"] < 1
