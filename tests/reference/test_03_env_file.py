"""The reference's chapter on `.env` files."""

from __future__ import annotations

from pathlib import Path

import pytest

from acudata import AcumaticaClient, AcumaticaConfigError
from acudata.sandbox import Sandbox

DOT_ENV = """\
# .env file in your project root
ACUMATICA_URL={box.url}
ACUMATICA_USERNAME={box.username}
ACUMATICA_PASSWORD={box.password}
ACUMATICA_TENANT={box.tenant}
ACUMATICA_BRANCH=MAIN
ACUMATICA_CACHE_METHODS=true
ACUMATICA_CACHE_TTL_HOURS=24
"""


@pytest.fixture(autouse=True)
def cache(monkeypatch: pytest.MonkeyPatch, project: Path) -> None:
    """Keep the examples' cache out of the user's own."""
    monkeypatch.setenv("ACUMATICA_CACHE_DIR", str(project / "cache"))


def test_the_file_is_found_and_every_line_of_it_counts(project: Path, box: Sandbox) -> None:
    (project / ".env").write_text(DOT_ENV.format(box=box), encoding="utf-8")
    # Automatically loads from .env - no credentials needed!
    client = AcumaticaClient()

    with client:
        config = client.config
        assert (config.base_url, config.username, config.tenant) == (box.url, box.username, box.tenant)
        assert config.password.get_secret_value() == box.password
        assert (config.branch, config.cache_methods, config.cache_ttl_hours) == ("MAIN", True, 24)
        assert client.customers.exists("ABCCOMP")
        assert client.get_cache_stats()["enabled"]


def test_each_environment_may_have_a_file_of_its_own(project: Path, box: Sandbox) -> None:
    for tenant in box.tenants:
        lines = DOT_ENV.format(box=box).replace(f"TENANT={box.tenant}", f"TENANT={tenant}")
        (project / f"{tenant}.env").write_text(lines, encoding="utf-8")
    with AcumaticaClient(env_file="U100.env") as one, AcumaticaClient(env_file="T100.env") as other:
        assert (one.config.tenant, other.config.tenant) == ("U100", "T100")
        assert one.customers.exists("ABCCOMP")
        assert not other.customers.exists("ABCCOMP")


def test_a_custom_place_may_be_named(project: Path, box: Sandbox) -> None:
    (project / "config").mkdir()
    (project / "config" / ".env").write_text(DOT_ENV.format(box=box), encoding="utf-8")
    # Or specify a custom .env location
    client = AcumaticaClient(env_file="config/.env")

    with client:
        assert client.customers.exists("ABCCOMP")


def test_a_file_that_is_named_has_to_be_there(project: Path) -> None:
    with pytest.raises(AcumaticaConfigError, match="does not exist"):
        AcumaticaClient(env_file="config/.env")


def test_the_search_may_be_switched_off(project: Path, box: Sandbox) -> None:
    (project / ".env").write_text("ACUMATICA_TENANT=Nowhere\nACUMATICA_TIMEOUT=3\n", encoding="utf-8")
    # Disable auto-loading if needed
    client = AcumaticaClient(
        base_url=box.url,
        username=box.username,
        password=box.password,
        tenant=box.tenant,
        auto_load_env=False,  # Don't search for .env files
    )

    with client:
        assert client.config.timeout == 60
        assert client.customers.exists("ABCCOMP")
    with pytest.raises(AcumaticaConfigError, match="auto_load_env=False"):
        AcumaticaClient(auto_load_env=False)
