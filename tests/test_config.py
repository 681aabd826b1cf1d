"""Settings: where they come from, which wins, and the one error that teaches what is missing."""

from __future__ import annotations

import datetime as dt
import logging
import os
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Any

import platformdirs
import pytest
from pydantic import SecretStr

from acudata.client import AcumaticaClient
from acudata.config import AcumaticaConfig, Settings
from acudata.environment import variable
from acudata.errors import AcumaticaConfigError

SECRET = "pa$$ ${HOME} #1"
GOOD: dict[str, Any] = {"base_url": "https://acme.acumatica.com", "username": "api", "password": SECRET}
GOOD_LINES = """\
# for the tests
ACUMATICA_URL=https://acme.acumatica.com/Live
export ACUMATICA_USERNAME=file-user
ACUMATICA_PASSWORD='pa$$ ${HOME} #1'
ACUMATICA_TENANT=Company
ACUMATICA_BRANCH=MAIN
ACUMATICA_CACHE_METHODS=true
ACUMATICA_CACHE_TTL_HOURS=12
"""


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder of its own, with none of the machine's settings."""
    for name in [name for name in os.environ if name.startswith("ACUMATICA_")]:
        monkeypatch.delenv(name)
    folder = tmp_path / "project" / "notebooks"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


def refusal(**settings: Any) -> AcumaticaConfigError:
    with pytest.raises(AcumaticaConfigError) as caught:
        AcumaticaConfig.load(**settings)
    return caught.value


def test_the_defaults_are_those_of_the_reference() -> None:
    config = AcumaticaConfig(**GOOD)
    assert config.model_dump(exclude=set(GOOD)) == {
        "tenant": None,
        "branch": None,
        "locale": None,
        "cache_methods": False,
        "cache_ttl_hours": 24,
        "cache_dir": platformdirs.user_cache_path("acudata", appauthor=False),
        "force_rebuild": False,
        "http_cache": None,
        "offline": False,
        "verify_ssl": True,
        "persistent_login": True,
        "retry_on_idle_logout": True,
        "endpoint_name": "Default",
        "endpoint_version": None,
        "rate_limit_calls_per_second": 10.0,
        "shared_pace": False,
        "max_concurrent_requests": 2,
        "timeout": 60,
        "progress": None,
    }


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://acme.acumatica.com", "https://acme.acumatica.com"),
        (" https://acme.acumatica.com/ ", "https://acme.acumatica.com"),
        ("https://acme.acumatica.com/Live/", "https://acme.acumatica.com/Live"),
        ("http://127.0.0.1:8080/AcumaticaERP", "http://127.0.0.1:8080/AcumaticaERP"),
        ("https://acme.acumatica.com/Live/entity/Default/24.200.001", "https://acme.acumatica.com/Live"),
        ("https://acme.acumatica.com/entity", "https://acme.acumatica.com"),
        ("https://acme.acumatica.com/identityentity", "https://acme.acumatica.com/identityentity"),
    ],
)
def test_the_address_ends_at_the_instance(given: str, kept: str) -> None:
    assert AcumaticaConfig(**GOOD | {"base_url": given}).base_url == kept


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("acme.acumatica.com", "not an address"),
        ("ftp://acme.acumatica.com", "not an address"),
        ("https://", "not an address"),
        ("https://acme.acumatica.com/Main?ScreenId=AR303000", "too long"),
        ("https://acme.acumatica.com:abc", "abc"),
        ("https://api:hunter2@acme.acumatica.com", "no place for a user name or password"),
    ],
)
def test_a_bad_address_is_refused_with_what_to_write(url: str, told: str) -> None:
    error = refusal(**GOOD | {"base_url": url})
    assert told in error.field_errors["base_url"][0]
    assert "hunter2" not in str(error)


@pytest.mark.parametrize(
    ("setting", "value", "told"),
    [
        ("timeout", "abc", "'abc': input should be a valid number"),
        ("timeout", 0, "0: input should be greater than 0"),
        ("timeout", float("inf"), "inf: input should be a finite number"),
        ("cache_ttl_hours", -1, "-1: input should be greater than or equal to 0"),
        ("cache_ttl_hours", "one", "'one': input should be a valid integer"),
        ("rate_limit_calls_per_second", 0, "0: input should be greater than 0"),
        ("verify_ssl", "perhaps", "'perhaps': input should be a valid boolean"),
        ("endpoint_name", "", "'': string should have at least 1 character"),
        ("endpoint_version", 24.2, "24.2: input should be a valid string"),
        ("usernam", "x", "is not a setting; did you mean username?"),
        ("xyzzy", "x", "is not a setting"),
    ],
)
def test_a_bad_value_is_told_with_its_setting_and_origin(setting: str, value: object, told: str) -> None:
    error = refusal(**GOOD | {setting: value})
    assert error.field_errors[setting][0].startswith(told)
    assert error.field_errors[setting][0].endswith(f"(from the argument {setting}=)")
    with pytest.raises(AcumaticaConfigError, match=setting):
        AcumaticaConfig(**GOOD | {setting: value})


def test_empty_texts_count_as_not_given() -> None:
    config = AcumaticaConfig(**GOOD, tenant="", branch=" ", locale=None)
    assert (config.tenant, config.branch, config.locale) == (None, None, None)


def test_the_cache_folder_may_start_at_home() -> None:
    assert AcumaticaConfig(**GOOD, cache_dir=Path("~/.cache/acu")).cache_dir == Path.home() / ".cache" / "acu"


def test_a_config_cannot_be_changed_and_does_not_show_what_it_was_to_be() -> None:
    with pytest.raises(AcumaticaConfigError, match="password cannot be changed") as caught:
        AcumaticaConfig(**GOOD).password = SecretStr(SECRET)
    assert SECRET not in str(caught.value)
    assert len({AcumaticaConfig(**GOOD), AcumaticaConfig(**GOOD)}) == 1


def test_a_dot_env_file_is_found_from_the_working_directory_upward(workplace: Path) -> None:
    (workplace.parent / ".env").write_text(GOOD_LINES, encoding="utf-8")
    config = AcumaticaConfig.load()
    assert config.base_url == "https://acme.acumatica.com/Live"
    assert (config.username, config.password.get_secret_value()) == ("file-user", SECRET)
    assert (config.tenant, config.branch) == ("Company", "MAIN")
    assert (config.cache_methods, config.cache_ttl_hours) == (True, 12)


def test_the_nearest_file_with_settings_wins(workplace: Path) -> None:
    (workplace.parent / ".env").write_text(GOOD_LINES, encoding="utf-8")
    (workplace / ".env").write_text("OTHER_TOOL=1\n", encoding="utf-8")
    assert AcumaticaConfig.load().username == "file-user"
    (workplace / ".env").write_text(GOOD_LINES.replace("file-user", "nearer"), encoding="utf-8")
    assert AcumaticaConfig.load().username == "nearer"


def test_a_virtual_environment_called_dot_env_is_no_settings_file(workplace: Path) -> None:
    (workplace / ".env").mkdir()
    (workplace.parent / ".env").write_text(GOOD_LINES, encoding="utf-8")
    assert AcumaticaConfig.load().username == "file-user"


def test_the_working_directory_counts_at_the_time_of_the_call(
    workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (workplace / ".env").write_text(GOOD_LINES, encoding="utf-8")
    monkeypatch.chdir(workplace.parent)
    assert "password" in refusal().field_errors


def test_a_script_elsewhere_reads_the_file_of_its_working_directory(workplace: Path, tmp_path: Path) -> None:
    (workplace / ".env").write_text(GOOD_LINES, encoding="utf-8")
    script = tmp_path / "cell.py"
    script.write_text(
        "from acudata.config import AcumaticaConfig\nprint(AcumaticaConfig.load().username)", encoding="utf-8"
    )
    done = subprocess.run(
        [sys.executable, str(script)], cwd=workplace, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "file-user"


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        (True, 3600),
        (False, None),
        (None, None),
        (0, None),
        (1, 1),
        (900, 900),
        (0.5, 0.5),
        (dt.timedelta(days=1), 86_400),
        ("true", 3600),
        ("1", 3600),
        ("off", None),
        ("0", None),
        ("900", 900),
        ("30 s", 30),
        ("15min", 900),
        (" 1.5H ", 5400),
        ("7d", 604_800),
    ],
)
def test_freshness_is_a_switch_or_a_length_of_time(given: Any, seconds: float | None) -> None:
    freshness = AcumaticaConfig(**GOOD, http_cache=given).http_cache
    assert (None if freshness is None else freshness.total_seconds()) == seconds


@pytest.mark.parametrize(
    "given", [-1, float("nan"), float("inf"), "8 hours", "-5", "1e9", "h", dt.timedelta(-1)]
)
def test_what_is_no_length_of_time_is_refused(given: Any) -> None:
    with pytest.raises(AcumaticaConfigError, match="'15min', '8h' or '7d'"):
        AcumaticaConfig(**GOOD, http_cache=given)


def test_explicit_beats_environment_beats_file(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (workplace / ".env").write_text(GOOD_LINES, encoding="utf-8")
    monkeypatch.setenv("ACUMATICA_TENANT", "environment")
    monkeypatch.setenv("ACUMATICA_BRANCH", "environment")
    config = AcumaticaConfig.load(branch="explicit", locale=None)
    assert (config.username, config.tenant, config.branch) == ("file-user", "environment", "explicit")


def test_an_empty_variable_does_not_hide_the_file(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (workplace / ".env").write_text(GOOD_LINES, encoding="utf-8")
    monkeypatch.setenv("ACUMATICA_TENANT", "")
    assert AcumaticaConfig.load().tenant == "Company"


def test_a_false_argument_beats_a_true_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACUMATICA_VERIFY_SSL", "true")
    assert AcumaticaConfig.load(**GOOD, verify_ssl=False).verify_ssl is False


@pytest.mark.parametrize("setting", sorted(AcumaticaConfig.model_fields))
def test_every_setting_has_a_variable(setting: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    values: dict[str, Any] = dict.fromkeys(AcumaticaConfig.model_fields, "text") | {
        "base_url": "https://other.acumatica.com",
        "password": SecretStr("text"),
        "cache_dir": tmp_path,
        "cache_ttl_hours": 7,
        "http_cache": dt.timedelta(hours=8),
        "max_concurrent_requests": 3,
        "timeout": 7.5,
        "rate_limit_calls_per_second": 2.5,
        **dict.fromkeys(["cache_methods", "force_rebuild", "offline", "shared_pace", "progress"], True),
        **dict.fromkeys(["verify_ssl", "persistent_login", "retry_on_idle_logout"], False),
    }
    text = {"password": "text", "http_cache": "8h"}.get(setting, str(values[setting]))
    monkeypatch.setenv(variable(setting), text)
    config = AcumaticaConfig.load(**{name: GOOD[name] for name in GOOD if name != setting})
    assert getattr(config, setting) == values[setting]


@pytest.mark.parametrize(
    ("name", "text", "setting", "value"),
    [
        ("ACUMATICA_BASE_URL", "https://other.acumatica.com", "base_url", "https://other.acumatica.com"),
        ("ACUMATICA_RATE_LIMIT", "3", "rate_limit_calls_per_second", 3.0),
        ("ACUMATICA_RETRY_ON_IDLE", "no", "retry_on_idle_logout", False),
    ],
)
def test_other_spellings_of_variables(
    name: str, text: str, setting: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, text)
    config = AcumaticaConfig.load(**{known: GOOD[known] for known in GOOD if known != setting})
    assert getattr(config, setting) == value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_encodings_that_windows_editors_write(workplace: Path, encoding: str) -> None:
    (workplace / ".env").write_text(GOOD_LINES.replace("Company", "Zürich 東京"), encoding=encoding)
    assert AcumaticaConfig.load().tenant == "Zürich 東京"


@pytest.mark.parametrize("as_text", [str, Path])
def test_a_named_file_is_read_from_the_working_directory(workplace: Path, as_text: type[Any]) -> None:
    (workplace / "config").mkdir()
    (workplace / "config" / "prod.env").write_text(GOOD_LINES, encoding="utf-8")
    assert AcumaticaConfig.load(env_file=as_text("config/prod.env")).username == "file-user"
    assert AcumaticaConfig.load(env_file="config/prod.env", auto_load_env=False).username == "file-user"


def test_a_named_file_replaces_the_search(workplace: Path) -> None:
    (workplace / ".env").write_text(GOOD_LINES, encoding="utf-8")
    (workplace / "other.env").write_text("ACUMATICA_USERNAME=other\n", encoding="utf-8")
    error = refusal(env_file="other.env")
    assert sorted(error.field_errors) == ["base_url", "password"]
    assert f"The .env file read is {workplace / 'other.env'}." in error.message


def test_a_named_file_that_is_missing_is_an_error(workplace: Path) -> None:
    error = refusal(env_file="config/.env", **GOOD)
    assert str(workplace / "config" / ".env") in error.message
    assert "does not exist" in error.message


def test_a_folder_in_place_of_the_file_is_an_error(workplace: Path) -> None:
    assert "is a folder" in refusal(env_file=workplace).message


def test_without_auto_load_env_only_the_environment_is_read(
    workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (workplace / ".env").write_text(GOOD_LINES, encoding="utf-8")
    monkeypatch.setenv("ACUMATICA_USERNAME", "environment")
    error = refusal(auto_load_env=False)
    assert sorted(error.field_errors) == ["base_url", "password"]
    assert "auto_load_env=False" in error.message


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'ACUMATICA_TENANT=x\nACUMATICA_PASSWORD="hunter2\n', "Line 2"),
        (b"ACUMATICA_PASSWORD=hunter2\xff\n", "is not UTF-8 text"),
    ],
)
def test_a_bad_file_is_told_without_what_it_holds(workplace: Path, content: bytes, told: str) -> None:
    (workplace / ".env").write_bytes(content)
    error = refusal()
    assert told in error.message
    assert str(workplace / ".env") in error.message
    assert "hunter2" not in str(error)


def test_a_broken_line_of_another_tool_does_no_harm(workplace: Path) -> None:
    (workplace / ".env").write_text(GOOD_LINES + "!!\nOTHER='\n", encoding="utf-8")
    assert AcumaticaConfig.load().username == "file-user"


def test_one_error_tells_everything_missing_and_every_place(workplace: Path) -> None:
    error = refusal(username="api")
    text = str(error)
    assert sorted(error.field_errors) == ["base_url", "password"]
    for folder in (workplace, *workplace.parents):
        assert str(folder) in error.message
    assert "no argument base_url=, no environment variable ACUMATICA_URL" in text
    assert "no argument password=, no environment variable ACUMATICA_PASSWORD" in text
    assert f"write to {workplace / '.env'}:" in text
    assert "ACUMATICA_URL=https://your-instance.acumatica.com" in text
    assert "ACUMATICA_TENANT=login-name-of-your-tenant" in text
    assert 'AcumaticaClient(base_url="…", password="…")' in text
    assert "ACUMATICA_TENANT" not in str(refusal(username="api", tenant="U100"))


def test_missing_and_wrong_are_told_together(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (workplace / ".env").write_text("ACUMATICA_CACHE_TTL_HOURS=often\n", encoding="utf-8")
    monkeypatch.setenv("ACUMATICA_TIMEOUT", "abc")
    error = refusal(username="api", password=SECRET)
    assert sorted(error.field_errors) == ["base_url", "cache_ttl_hours", "timeout"]
    assert "(from the environment variable ACUMATICA_TIMEOUT)" in error.field_errors["timeout"][0]
    assert f"(from ACUMATICA_CACHE_TTL_HOURS in {workplace / '.env'})" in str(error)
    assert f"write to {workplace / '.env'}:" in str(error)


def test_a_misspelt_variable_is_pointed_at(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACUMATICA_PASWORD", SECRET)
    (workplace / ".env").write_text("ACUMATICA_USER_NAME=api\n", encoding="utf-8")
    text = str(refusal(base_url="https://acme.acumatica.com"))
    assert "rename the environment variable ACUMATICA_PASWORD to ACUMATICA_PASSWORD" in text
    assert f"rename ACUMATICA_USER_NAME in {workplace / '.env'} to ACUMATICA_USERNAME" in text


def test_the_password_shows_nowhere() -> None:
    config = AcumaticaConfig(**GOOD)
    shown = [
        repr(config),
        str(config),
        f"{config}",
        config.model_dump_json(),
        repr(config.model_dump()),
        repr(vars(config)),
    ]
    assert not any(SECRET in text for text in shown)
    assert config.password.get_secret_value() == SECRET


@pytest.mark.parametrize(
    "settings", [{"timeout": "abc"}, {"base_url": ""}, {"passwort": 1}, {"username": ""}]
)
def test_no_traceback_shows_the_password(
    settings: dict[str, Any], workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACUMATICA_PASSWORD", SECRET)
    for make in (AcumaticaConfig.load, lambda **given: AcumaticaConfig(**given, password=SecretStr(SECRET))):
        with pytest.raises(AcumaticaConfigError) as caught:
            make(**{"base_url": "https://acme.acumatica.com", "username": "api"} | settings)
        told = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
        own = [frame for frame in told.stack if "acudata" in frame.filename and "tests" not in frame.filename]
        assert own
        assert not any(SECRET in text for frame in own for text in (frame.locals or {}).values())
        assert SECRET not in "".join(told.format_exception_only())
        assert (caught.value.__cause__, caught.value.__context__) == (None, None)


def test_pydantics_own_way_in_does_not_show_the_password_either() -> None:
    with pytest.raises(ValueError, match="timeout") as caught:
        AcumaticaConfig.model_validate({**GOOD, "timeout": "abc"})
    assert SECRET not in str(caught.value)


def test_nothing_is_logged_about_settings(workplace: Path, caplog: pytest.LogCaptureFixture) -> None:
    (workplace / ".env").write_text(GOOD_LINES + "!!\n", encoding="utf-8")
    with caplog.at_level(logging.DEBUG):
        AcumaticaConfig.load()
    assert caplog.text == ""


def test_the_environment_is_left_alone(workplace: Path) -> None:
    (workplace / ".env").write_text(GOOD_LINES, encoding="utf-8")
    AcumaticaConfig.load()
    assert "ACUMATICA_PASSWORD" not in os.environ


def test_requests_is_not_loaded() -> None:
    heavy = "{'requests', 'pandas', 'pyarrow'} & set(sys.modules)"
    code = f"import sys, acudata, acudata.config, acudata.errors; print({heavy})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_the_client_names_every_setting() -> None:
    named = {*Settings.__annotations__, "base_url", "username", "password", "tenant"}
    assert named == set(AcumaticaConfig.model_fields)
    assert all(f"`{name}`" in str(AcumaticaClient.__doc__) for name in Settings.__annotations__)


@pytest.mark.parametrize(
    ("stray", "meant"),
    [("ACUMATICA_USER", "USERNAME"), ("ACUMATICA_PASS", "PASSWORD"), ("ACUMATICA_UR", "URL")],
)
def test_a_shortened_name_is_told_from_its_neighbours(
    workplace: Path, monkeypatch: pytest.MonkeyPatch, stray: str, meant: str
) -> None:
    monkeypatch.setenv(stray, "x")
    with pytest.raises(
        AcumaticaConfigError, match=f"rename the environment variable {stray} to ACUMATICA_{meant}"
    ):
        AcumaticaConfig.load()
