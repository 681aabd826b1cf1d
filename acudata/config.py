"""Every setting of a client, with its default in sight."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, Self, TypedDict, Unpack
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from acudata.environment import Places, hints, look, variable
from acudata.errors import AcumaticaConfigError
from acudata.naming import nearest

_EXAMPLES = {
    "base_url": "https://your-instance.acumatica.com",
    "username": "your-username",
    "password": "your-password",
    "tenant": "login-name-of-your-tenant",
}


def _instance_url(url: str) -> str:
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("not an address; write https:// and the host, such as https://acme.acumatica.com")
    if parts.username or parts.password:
        raise ValueError("no place for a user name or password; use the settings username and password")
    if parts.query or parts.fragment:
        raise ValueError("too long; copy the address only up to the name of the instance")
    _ = parts.port  # raises when it is no number
    instance = f"{parts.path}/".partition("/entity/")[0].rstrip("/")
    return f"{parts.scheme}://{parts.netloc}{instance}"


def _text_or_none(text: str | None) -> str | None:
    return text.strip() or None if text else None


def _default_cache_dir() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("acudata", appauthor=False)


_ONE_HOUR = dt.timedelta(hours=1)
_ON = frozenset({"true", "on", "yes", "1"})
_OFF = frozenset({"", "false", "off", "no", "0"})
_UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86_400}
_AMOUNT = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(s|min|h|d)?")


def _freshness(given: Any) -> dt.timedelta | None:
    if isinstance(given, str) and given.strip().lower() in _ON | _OFF:
        given = given.strip().lower() in _ON
    if given is None or isinstance(given, bool):
        return _ONE_HOUR if given else None
    seconds = given.total_seconds() if isinstance(given, dt.timedelta) else _seconds(given)
    if not 0 <= seconds < dt.timedelta.max.total_seconds():
        raise ValueError("no length of time; write True, seconds, or text such as '15min', '8h' or '7d'")
    return dt.timedelta(seconds=seconds) or None


def _seconds(given: Any) -> float:
    """Return the seconds of a number, or of text such as "8h"; NaN for anything else."""
    amount = _AMOUNT.fullmatch(str(given).strip().lower())
    return float(amount[1]) * _UNITS[amount[2] or "s"] if amount else math.nan


InstanceUrl = Annotated[str, AfterValidator(_instance_url)]
OptionalText = Annotated[str | None, AfterValidator(_text_or_none)]
Folder = Annotated[Path, AfterValidator(Path.expanduser)]
Freshness = Annotated[dt.timedelta | None, BeforeValidator(_freshness)]


class Settings(TypedDict, total=False):
    """Names the settings beside address, user, password and tenant, for signatures; see `AcumaticaConfig`."""

    branch: str | None
    locale: str | None
    cache_methods: bool | None
    cache_ttl_hours: int | None
    cache_dir: str | Path | None
    force_rebuild: bool | None
    http_cache: bool | float | str | dt.timedelta | None
    offline: bool | None
    verify_ssl: bool | None
    persistent_login: bool | None
    retry_on_idle_logout: bool | None
    endpoint_name: str | None
    endpoint_version: str | None
    rate_limit_calls_per_second: float | None
    shared_pace: bool | None
    max_concurrent_requests: int | None
    timeout: float | None
    progress: bool | None


class AcumaticaConfig(BaseModel):
    """Holds every setting of a client; it cannot be changed, and shows its password nowhere.

    Raises:
        AcumaticaConfigError: settings are missing, unknown or make no sense; one error tells all of them.

    Example:
        >>> AcumaticaConfig(base_url="https://acme.acumatica.com/Live/", username="api", password="secret")
        AcumaticaConfig(base_url='https://acme.acumatica.com/Live', username='api', password=SecretStr('**********'))
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    base_url: InstanceUrl
    """Address of the instance, virtual directory included."""
    username: str = Field(min_length=1)
    """Name of an API user."""
    password: SecretStr = Field(min_length=1)
    """The user's password."""
    tenant: OptionalText = None
    """Login name of the tenant; None signs in to the default tenant."""
    branch: OptionalText = None
    """Branch ID to work in; None is the user's default branch."""
    locale: OptionalText = None
    """Language and format of texts, such as "en-US"."""

    cache_methods: bool = False
    """Whether what was learnt of the schema is kept on disk."""
    cache_ttl_hours: int = Field(24, ge=0)
    """Hours for which the kept schema is trusted; 0 looks every time."""
    cache_dir: Folder = Field(default_factory=_default_cache_dir)
    """Folder of everything kept on disk; `~` is expanded."""
    force_rebuild: bool = False
    """Whether the kept schema is ignored once and made anew."""
    http_cache: Freshness = None
    """For how long answers are kept and taken instead of asking the server; False or None keeps none, True is an hour,
    a number is seconds, and text has a unit: "15min", "8h", "7d"."""
    offline: bool = False
    """Whether only kept answers are taken, however old, and nothing is sent, not even a sign-in."""

    verify_ssl: bool = True
    """Whether the server's certificate is checked."""
    persistent_login: bool = True
    """Whether one sign-in serves all calls; False signs in and out around each call."""
    retry_on_idle_logout: bool = True
    """Whether to sign in again, once, when the server has ended the session."""
    endpoint_name: str = Field("Default", min_length=1)
    """Name of the contract endpoint."""
    endpoint_version: OptionalText = None
    """Version of the endpoint, such as "24.200.001"; None takes the latest."""
    rate_limit_calls_per_second: float = Field(10.0, gt=0, allow_inf_nan=False)
    """Calls per second that the client does not exceed; after a rest, so many start at once."""
    shared_pace: bool = False
    """Whether all processes of this machine that say so keep that pace together, for each instance; they share a file
    in `cache_dir`."""
    max_concurrent_requests: int = Field(2, ge=1)
    """Requests that this client may have under way at a time, of all its threads; a licence serves few, and queues the
    others."""
    timeout: float = Field(60, gt=0, allow_inf_nan=False)
    """Seconds to wait for a connection, or for the next bytes of an answer."""
    progress: bool | None = None
    """Whether work of more than a second shows a bar; None shows one to those who watch, and else writes to the log."""

    if TYPE_CHECKING:  # pydantic's own rules would ask for a SecretStr, and for every setting

        def __init__(
            self,
            *,
            base_url: str,
            username: str,
            password: str | SecretStr,
            tenant: str | None = None,
            **settings: Unpack[Settings],
        ) -> None: ...
    else:

        def __init__(self, **settings: Any) -> None:
            settings = _sealed(settings)
            problems: dict[str, list[str]] = {}
            try:
                super().__init__(**settings)
            except ValidationError as invalid:
                problems = _problems(invalid, type(self).model_fields)
            # Raised out here, the error carries no pydantic error, which would hold what was passed.
            if problems:
                names = ", ".join(problems)
                raise AcumaticaConfigError(f"Check these Acumatica settings: {names}.", field_errors=problems)

    @property
    def identity(self) -> tuple[str | None, ...]:
        """Return whose data it is that a client with these settings sees; what is kept on disk is kept apart by it."""
        return (
            self.base_url,
            self.tenant,
            self.username,
            self.branch,
            self.locale,
            self.endpoint_name,
            self.endpoint_version,
        )

    @classmethod
    def load(cls, *, env_file: str | Path | None = None, auto_load_env: bool = True, **explicit: Any) -> Self:
        """Return the settings that are passed, else those of the environment, else those of a `.env` file.

        Args:
            env_file: the `.env` file to read; it has to exist.
            auto_load_env: whether to look for a `.env` file with `ACUMATICA_…` lines in the working directory
                and the folders above it, when no `env_file` is given.
            **explicit: settings by name; None counts as not passed.

        Raises:
            AcumaticaConfigError: tells every missing or bad setting, every place looked at, and what to write.

        Example:
            >>> AcumaticaConfig.load(env_file="config/.env", timeout=120)  # doctest: +SKIP
        """
        explicit = _sealed({name: value for name, value in explicit.items() if value is not None})
        places = look(frozenset(cls.model_fields), env_file=env_file, search=auto_load_env)
        found = _sealed({name: value.text for name, value in places.found.items()})
        try:
            return cls(**{**found, **explicit})
        except AcumaticaConfigError as error:
            problems = error.field_errors
        raise _located(problems, places, explicit)

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        # In place of pydantic's own error, which shows the value.
        raise AcumaticaConfigError(f"The setting {name} cannot be changed; make a new AcumaticaConfig.")

    def __repr_args__(self) -> Any:
        return [(name, value) for name, value in super().__repr_args__() if name in self.model_fields_set]


def _sealed(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Wrap the password before anything can fail, so that no frame of a traceback holds it open."""
    password = settings.get("password")
    return {**settings, "password": SecretStr(password)} if isinstance(password, str) else dict(settings)


def _problems(invalid: ValidationError, known: Mapping[str, Any]) -> dict[str, list[str]]:
    return {str(error["loc"][0]): [_problem(error, known)] for error in invalid.errors(include_url=False)}


def _problem(error: Any, known: Mapping[str, Any]) -> str:
    name = str(error["loc"][0])
    if error["type"] == "missing":
        return "is missing"
    if error["type"] == "extra_forbidden":
        near = nearest(name, known, limit=1)
        return "is not a setting" + (f"; did you mean {near[0]}?" if near else "")
    text: str = error["msg"].removeprefix("Value error, ")
    shown = "" if name == "password" or "@" in str(error["input"]) else f"{error['input']!r}: "
    return shown + text[:1].lower() + text[1:]


def _located(
    problems: Mapping[str, list[str]], places: Places, explicit: Mapping[str, Any]
) -> AcumaticaConfigError:
    """Return the one error that says of every setting where it came from or where it was looked for."""
    missing = [name for name in problems if name in _EXAMPLES and name not in {*places.found, *explicit}]
    told = {}
    for name, texts in problems.items():
        if name in missing:
            told[name] = [f"is missing: no argument {name}=, no environment variable {variable(name)}"]
        else:
            place = f"the argument {name}=" if name in explicit else places.found[name].place
            told[name] = [f"{text} (from {place})" for text in texts]
    what = "missing" if len(missing) == len(problems) else "missing or wrong"
    return AcumaticaConfigError(
        f"Acumatica settings are {what}. {_search_told(places)}",
        field_errors=told,
        suggestions=[*hints(places, missing), *_ways_out(missing, {*places.found, *explicit}, places)],
    )


def _search_told(places: Places) -> str:
    if places.env_file:
        return f"The .env file read is {places.env_file}."
    if not places.searched:
        return "No .env file was looked for (auto_load_env=False)."
    folders = ", ".join(str(path.parent) for path in places.searched)
    return f"No .env file with ACUMATICA_ lines in {folders}."


def _ways_out(missing: list[str], given: Collection[str], places: Places) -> list[str]:
    if not missing:
        return []
    path = places.env_file or (places.searched[0] if places.searched else Path.cwd() / ".env")
    wanted = missing if "tenant" in given else dict.fromkeys([*missing, "tenant"])
    lines = "".join(f"\n    {variable(name)}={_EXAMPLES[name]}" for name in wanted)
    arguments = ", ".join(f'{name}="…"' for name in missing)
    return [f"write to {path}:{lines}", f"or pass them: AcumaticaClient({arguments})"]
