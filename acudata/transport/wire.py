"""The wire: one request out, one reply in, over requests; every failure of the network becomes an error of ours."""

from __future__ import annotations

import errno
import logging
import os
import time
from collections.abc import Iterator, Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
from pydantic import SecretBytes
from requests import exceptions
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from acudata import __version__
from acudata.errors import AcumaticaConnectionError, AcumaticaError, AcumaticaTimeoutError
from acudata.transport.clock import Clock
from acudata.transport.cookies import Cookies
from acudata.transport.exchange import Ask, Reply

logger = logging.getLogger("acudata.transport")

_CONNECTIONS = 32
"""Connections kept open for threads that work at the same time."""

_HERE = ("127.0.0.1", "localhost", "::1")
_NEVER_REACHED = ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError")


class Wire:
    """Sends requests and returns replies, whatever their status; safe between threads.

    Cookies belong to a session at the server, not to the wire, so that an answer that comes late from an ended
    session cannot spoil the next one. Redirects are not followed. (Acumatica: a redirect is never data.)
    """

    def __init__(self, *, verify: bool) -> None:
        self.clock = Clock()
        self._verify = verify
        self._open()

    def _open(self) -> None:
        self._process = os.getpid()
        self._http = requests.Session()
        self._http.headers.update({"User-Agent": f"acudata/{__version__}", "Accept-Encoding": "gzip"})
        self._http.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._http.trust_env = False  # see `_surroundings`; nor is a password taken from ~/.netrc
        self._environments: dict[str, Mapping[str, Any]] = {}
        self._adapter = HTTPAdapter(pool_maxsize=_CONNECTIONS)
        for scheme in ("https://", "http://"):
            self._http.mount(scheme, self._adapter)

    def send(self, ask: Ask, cookies: Cookies) -> Reply:
        """Send a request with these cookies, and take over those of the answer.

        Raises:
            AcumaticaTimeoutError: no connection, or no further bytes, in time.
            AcumaticaConnectionError: anything else that kept the answer from coming.
        """
        if self._process != os.getpid():  # a forked child would read its parent's answers
            self._open()
        try:
            reply = self._reply(ask, cookies)
        except (exceptions.RequestException, HTTPError) as failure:
            error = _explained(ask, failure)
        else:
            logger.debug("%s %s -> %d in %.0f ms", ask.method, ask.path, reply.status, reply.elapsed * 1000)
            return reply
        logger.debug("%s %s -> %s", ask.method, ask.path, type(error).__name__)
        raise error  # out here, so that nothing of requests, whose frames hold the body, hangs on it

    def close(self) -> None:
        """Close the connections.

        One by one: at the end of a program urllib3 forgets its pools before the sign-out connects once more.
        """
        pools = self._adapter.poolmanager.pools
        for key in pools.keys():  # noqa: SIM118 - it cannot be iterated
            pools[key].close()
        self._http.close()

    def _reply(self, ask: Ask, cookies: Cookies) -> Reply:
        started = time.perf_counter()
        with self._response(ask, cookies) as response:
            self.clock.note(response.headers)
            # Before the body, which may break off: the cookies of a sign-in are needed to free its seat.
            cookies.update(response.raw.headers.getlist("Set-Cookie"))
            # Not response.content: that joins pieces of 10 kB, which takes four times as long.
            content = response.raw.read(decode_content=True)
        return Reply(response.status_code, response.headers, content, time.perf_counter() - started, ask.url)

    def _response(self, ask: Ask, cookies: Cookies) -> requests.Response:
        return self._http.request(
            ask.method,
            ask.url,
            data=ask.body.get_secret_value() if isinstance(ask.body, SecretBytes) else ask.body,
            headers={**ask.headers, **({"Cookie": cookies.header} if cookies else {})},
            timeout=ask.timeout,
            allow_redirects=False,
            **self._surroundings(ask.url),
        )

    def _surroundings(self, url: str) -> Mapping[str, Any]:
        """Return what the environment says of proxies and certificates, asked once for a host.

        requests would ask twice for each request, which takes longer than all else that it does.
        """
        host = urlsplit(url).netloc
        if host not in self._environments:
            with requests.Session() as trusting:
                self._environments[host] = trusting.merge_environment_settings(
                    url, proxies={}, stream=True, verify=self._verify, cert=None
                )
        return self._environments[host]


def _explained(ask: Ask, failure: Exception) -> AcumaticaError:
    causes = list(_causes(failure))
    connected = not any(type(cause).__name__ in _NEVER_REACHED for cause in causes)
    context = {"method": ask.method, "path": ask.path, "connected": connected}
    if any(isinstance(cause, exceptions.Timeout) or "Timeout" in type(cause).__name__ for cause in causes):
        did = "sent nothing" if connected else "took no connection"
        return AcumaticaTimeoutError(
            f"{ask}: the server {did} for {ask.timeout:g} seconds.",
            timeout_seconds=ask.timeout,
            suggestions=[
                "raise timeout=; a site that has just started can take a minute",
                "ask for less at once",
            ],
            context=context,
        )
    reason, suggestion = _reason(failure, causes, here=urlsplit(ask.url).hostname in _HERE)
    return AcumaticaConnectionError(
        f"{ask}: no answer from {ask.url.partition('?')[0]}: {reason}.",
        suggestions=[suggestion],
        context=context,
    )


def _causes(failure: BaseException) -> Iterator[BaseException]:
    """Yield a failure and everything behind it; requests and urllib3 hide the reason in their arguments."""
    seen: list[BaseException] = []
    todo: list[Any] = [failure]
    while todo:
        cause = todo.pop()
        if isinstance(cause, BaseException) and cause not in seen:
            seen.append(cause)
            # Not __context__: that may be an error which the user was handling when he called.
            todo += [cause.__cause__, getattr(cause, "reason", None), *cause.args]
            yield cause


def _reason(failure: Exception, causes: list[BaseException], *, here: bool) -> tuple[str, str]:
    system = [cause.strerror for cause in causes if isinstance(cause, OSError) and cause.strerror]
    reason = system[-1] if system else "the connection broke off"
    if any("WRONG_VERSION_NUMBER" in str(cause) for cause in causes):
        return (
            "it does not speak https there",
            "check the port in base_url, or write http:// for a test instance",
        )
    if isinstance(failure, exceptions.SSLError):
        verify = [cause.verify_message for cause in causes if hasattr(cause, "verify_message")]
        return (
            f"its certificate is not trusted ({(verify or [reason])[0]})",
            "name the certificate authority in the environment variable REQUESTS_CA_BUNDLE, or pass verify_ssl=False",
        )
    if isinstance(failure, exceptions.ProxyError):
        return f"the proxy failed ({reason})", "check the environment variables HTTPS_PROXY and NO_PROXY"
    if any(isinstance(cause, OSError) and cause.errno == errno.ECONNREFUSED for cause in causes) and here:
        return (
            reason,
            "see whether the sandbox runs (acudata sandbox --port N), and check base_url (ACUMATICA_URL)",
        )
    return reason, "check base_url (ACUMATICA_URL) and the network"
