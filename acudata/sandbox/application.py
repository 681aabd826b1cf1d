"""The web application: routes, and the passage between HTTP and the calls that an instance answers."""

from __future__ import annotations

import asyncio
import functools
import gzip
import logging
import time
from collections.abc import Awaitable, Callable
from email.utils import formatdate

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from acudata.sandbox.calls import Answer, Call
from acudata.sandbox.connection import Severed
from acudata.sandbox.cookies import answered, read_cookies
from acudata.sandbox.envelopes import JSON, Fault, dangerous_path, length_required, server_error
from acudata.sandbox.instance import Instance
from acudata.sandbox.settings import SandboxSettings
from acudata.sandbox.throttle import Throttle
from acudata.sandbox.traffic import Cut, Traffic

log = logging.getLogger("acudata.sandbox")

Handler = Callable[[Call], Answer]
Endpoint = Callable[[Request], Awaitable[Response]]


def application(instance: Instance, traffic: Traffic) -> ASGIApp:
    """Return the ASGI application that serves an instance below its virtual directory."""
    refusals = {404: instance.nothing, 405: instance.wrong_verb}
    throttle = Throttle(instance.settings)

    def endpoint(handler: Handler) -> Endpoint:
        return _endpoint(instance, traffic, throttle, handler)

    served = Starlette(
        routes=[Mount(instance.settings.instance_path, routes=_routes(instance, endpoint))],
        exception_handlers={status: _on_error(endpoint(handler)) for status, handler in refusals.items()},
    )
    return _without_trailing_slash(served)


def _without_trailing_slash(app: ASGIApp) -> ASGIApp:
    """Take a slash at the end of a path for nothing, as ASP.NET does, where Starlette would redirect."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "path": scope["path"].rstrip("/") or "/"}, receive, send)

    return serve


def _routes(instance: Instance, endpoint: Callable[[Handler], Endpoint]) -> list[Route]:
    def route(path: str, methods: str, handler: Handler) -> Route:
        return Route(path, endpoint(handler), methods=methods.split())

    base = "/entity/{endpoint}/{version}"
    entity = base + "/{entity}"
    return [
        route("/entity/auth/login", "POST", instance.login),
        route("/entity/auth/logout", "POST", instance.logout),
        route("/Frames/Login.aspx", "GET", instance.login_page),
        route("/entity", "GET", instance.endpoints),
        route(base + "/swagger.json", "GET", instance.document),
        route(base + "/files/{file}", "GET", instance.file),
        route(base + "/files/{graph}/{view}/{record}/{filename}", "PUT", instance.put_file),
        route(entity, "GET", instance.list),
        route(entity, "PUT", instance.put),
        route(entity + "/$adHocSchema", "GET", instance.ad_hoc_schema),
        route(entity + "/{action}", "POST", instance.invoke),
        route(entity + "/{action}/status/{operation}", "GET", instance.status),
        route(entity + "/{place:path}/files/{filename}", "PUT", instance.put_file_by_keys),
        route(entity + "/{place:path}", "GET", instance.record),
        route(entity + "/{place:path}", "DELETE", instance.delete),
    ]


def _endpoint(instance: Instance, traffic: Traffic, throttle: Throttle, handler: Handler) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        try:
            call = await _call(request, instance.settings.instance_path)
        except ClientDisconnect:
            log.info("A client went away in the middle of its %s %s.", request.method, request.url.path)
            return Severed()
        traffic.arrived(call)
        try:
            await throttle.pass_through(call)
        except Fault as fault:
            return _response(Answer.of(fault), call, instance.settings)
        if seconds := instance.wake():
            await asyncio.sleep(seconds)
        return await _in_thread(functools.partial(_respond, instance, traffic, handler, call))

    return endpoint


async def _in_thread(respond: Callable[[], Response]) -> Response:
    """Return a response made beside the event loop; made in it once the program ends.

    Python takes the threads of a program away before it runs what is registered for its exit, and a client that
    was never closed signs out only then.
    """
    try:
        pending = asyncio.get_running_loop().run_in_executor(None, respond)
    except RuntimeError:
        return respond()
    return await pending


async def _call(request: Request, instance_path: str) -> Call:
    headers = dict(request.headers)
    return Call(
        method=request.method,
        path=request.scope["path"].removeprefix(instance_path),
        parts=request.path_params,
        query=dict(request.query_params),
        headers=headers,
        cookies=read_cookies(headers.get("cookie", "")),
        body=await request.body(),
        origin=f"http://{headers.get('host', '')}",
    )


def _respond(instance: Instance, traffic: Traffic, handler: Handler, call: Call) -> Response:
    try:
        answer = traffic.pass_on(call, functools.partial(_answer, instance, handler))
    except Cut:
        return Severed()
    return _response(answer, call, instance.settings)


def _response(answer: Answer, call: Call, settings: SandboxSettings) -> Response:
    body = answer.body
    headers = {"Cache-Control": "private", "Date": _date(settings), **answer.headers}
    if body and answer.media_type == JSON and "gzip" in call.headers.get("accept-encoding", ""):
        body = gzip.compress(body, compresslevel=1)
        headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    response = Response(body, answer.status, headers, answer.media_type if body else None)
    for cookie in answer.cookies or answered(call.path, settings):
        response.headers.append("set-cookie", cookie)
    return response


def _date(settings: SandboxSettings) -> str:
    return formatdate(time.time() + settings.clock_ahead, usegmt=True)


def _answer(instance: Instance, handler: Handler, call: Call) -> Answer:
    try:
        _check(call, instance.settings)
        return handler(call)
    except Fault as fault:
        return Answer.of(fault)
    except Exception:
        log.exception("The sandbox failed at %s %s", call.method, call.path)
        broken = server_error(
            "Object reference not set to an instance of an object.", exception="System.NullReferenceException"
        )
        return Answer.of(broken)


def _check(call: Call, settings: SandboxSettings) -> None:
    """Refuse what the web server in front of an instance refuses."""
    if call.method in ("POST", "PUT") and not call.has_length:
        raise length_required()
    refused = next((character for character in call.path if character in settings.refused_in_paths), None)
    if refused:
        raise dangerous_path(refused)


def _on_error(
    endpoint: Endpoint,
) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def handle(request: Request, error: Exception) -> Response:  # noqa: ARG001 - Starlette's signature
        return await endpoint(request)

    return handle
