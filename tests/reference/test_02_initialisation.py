"""The reference's five ways to make a client, and its table of parameters."""

from __future__ import annotations

import inspect
import os
from pathlib import Path
from typing import Any

import pytest

from acudata import AcumaticaClient, AcumaticaConfig, AcumaticaConfigError
from acudata.sandbox import Sandbox
from tests.reference.conftest import credentials


def works(client: AcumaticaClient) -> bool:
    with client:
        return client.customers.exists("ABCCOMP")


@pytest.mark.parametrize("below", [".", "notebooks/2024"])
def test_method_1_a_dot_env_file_here_or_in_a_parent_folder(
    dot_env: Path, below: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (dot_env.parent / below).mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(dot_env.parent / below)
    # Client searches for .env file in current directory and parent directories
    client = AcumaticaClient()
    assert works(client)


def test_method_2_the_place_of_the_file(project: Path, box: Sandbox) -> None:
    (project / "config").mkdir()
    (project / "config" / ".env").write_text(credentials(box), encoding="utf-8")
    client = AcumaticaClient(env_file="config/.env")
    assert works(client)


def test_method_3_explicit_credentials(project: Path, box: Sandbox) -> None:
    client = AcumaticaClient(
        base_url=box.url,
        username=box.username,
        password=box.password,
        tenant=box.tenant,
    )
    assert works(client)


def test_method_4_environment_variables(project: Path, box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", os.environ.copy())
    os.environ["ACUMATICA_URL"] = box.url
    os.environ["ACUMATICA_USERNAME"] = box.username
    os.environ["ACUMATICA_PASSWORD"] = box.password
    os.environ["ACUMATICA_TENANT"] = box.tenant
    client = AcumaticaClient()
    assert works(client)


def test_method_5_a_config_object(project: Path, box: Sandbox) -> None:
    from acudata import AcumaticaConfig

    config = AcumaticaConfig(
        base_url=box.url,
        username=box.username,
        password=box.password,
        tenant=box.tenant,
    )
    client = AcumaticaClient(config=config)
    assert works(client)


PARAMETERS: dict[str, Any] = {
    "base_url": ...,
    "username": ...,
    "password": ...,
    "tenant": None,
    "branch": None,
    "locale": None,
    "env_file": None,
    "auto_load_env": True,
    "cache_methods": False,
    "cache_ttl_hours": 24,
    "cache_dir": ...,
    "force_rebuild": False,
    "verify_ssl": True,
    "persistent_login": True,
    "retry_on_idle_logout": True,
    "endpoint_name": "Default",
    "endpoint_version": None,
    "config": None,
    "rate_limit_calls_per_second": 10.0,
    "timeout": 60,
}
"""Every row of the table with its default; `...` for what has none, or depends on the machine."""


@pytest.mark.parametrize("name", PARAMETERS)
def test_every_parameter_of_the_table_is_taken_with_its_default(
    name: str, project: Path, box: Sandbox, dot_env: Path
) -> None:
    default = PARAMETERS[name]
    config = AcumaticaConfig(base_url=box.url, username=box.username, password=box.password)
    if name in AcumaticaConfig.model_fields:
        value = getattr(config, name)
    else:
        value = inspect.signature(AcumaticaClient).parameters[name].default
    assert default in (..., value)
    with AcumaticaClient(**{name: value}) as client:
        assert client.customers.exists("ABCCOMP")


def test_the_cache_folder_is_the_users_own_and_named_like_the_package(project: Path, box: Sandbox) -> None:
    """In the folder that the system has for caches, in place of a hidden folder in the home directory."""
    config = AcumaticaConfig(base_url=box.url, username="api", password="x")
    assert config.cache_dir.is_absolute()
    assert "acudata" in config.cache_dir.parts


def test_the_config_object_overrides_the_other_parameters(
    box: Sandbox, dot_env: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACUMATICA_TENANT", "Nowhere")
    config = AcumaticaConfig(base_url=box.url, username=box.username, password=box.password, timeout=33)
    with AcumaticaClient("https://elsewhere.example", "somebody", config=config, timeout=5) as client:
        assert client.config is config
        assert client.customers.exists("ABCCOMP")


def test_what_is_passed_beats_the_environment_and_that_beats_the_file(
    dot_env: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with dot_env.open("a", encoding="utf-8") as file:
        file.write("ACUMATICA_BRANCH=FILE\nACUMATICA_LOCALE=de-DE\nACUMATICA_TIMEOUT=11\n")
    monkeypatch.setenv("ACUMATICA_BRANCH", "ENVIRONMENT")
    monkeypatch.setenv("ACUMATICA_LOCALE", "fr-FR")
    with AcumaticaClient(branch="EXPLICIT") as client:
        config = client.config
    assert (config.branch, config.locale, config.timeout) == ("EXPLICIT", "fr-FR", 11)


def test_the_endpoint_may_be_named_with_its_version(box: Sandbox, dot_env: Path) -> None:
    with AcumaticaClient(endpoint_name="Default", endpoint_version="23.200.001") as client:
        assert client.get_service_info("Customer")["endpoint"] == "Default/23.200.001"
        assert client.customers.exists("ABCCOMP")


def test_nothing_to_sign_in_with_is_told_at_once(project: Path) -> None:
    with pytest.raises(AcumaticaConfigError) as caught:
        AcumaticaClient()
    assert set(caught.value.field_errors) == {"base_url", "username", "password"}
