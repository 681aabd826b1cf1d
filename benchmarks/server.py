"""A server of canned bytes, in a process of its own so that its work takes none of a client's time.

It answers what a client asks of Acumatica to be ready, to read customers and orders, and to write orders, which changes
nothing; nothing else. The first part of the path is the number of orders: `http://127.0.0.1:1234/20000` is an instance
with as many.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from acudata.schema import Endpoint
from acudata.schema.openapi import read_endpoint
from benchmarks.records import Records, customers, orders, skeleton

DOCUMENT = Path(__file__).parents[2] / "shared" / "schemas" / "Default_24.200.001.openapi3.json"
ENDPOINT = "/entity/Default/24.200.001"
NO_INQUIRIES = b"""<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="gi" xmlns="http://docs.oasis-open.org/odata/ns/edm"><EntityContainer Name="Default"/></Schema>
</edmx:DataServices></edmx:Edmx>"""
_KEYS = re.compile(r"OrderNbr eq '(\d+)'")
_KEY_RANGE = re.compile(r"(\w+) gt '([^']*)'\)*$")


@contextmanager
def serving(*, customers: int) -> Iterator[str]:
    """Give the address of a server of so many customers, which ends with the block."""
    command = [sys.executable, "-m", "benchmarks.server", str(customers)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    with process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            if not address:
                raise RuntimeError("The server of canned bytes did not start; what it said stands above.")
            yield address
        finally:
            process.terminate()


def main() -> None:
    """Serve until the process is ended; the address is the first line of the output."""
    canned = Canned(int(sys.argv[1]))
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"canned": canned}))
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


class Canned:
    """Holds what is answered."""

    def __init__(self, number_of_customers: int) -> None:
        document = _document()
        endpoint = read_endpoint(document)
        self.requests = 0
        self._customers = customers(endpoint, number_of_customers)
        self._orders = {lines: orders(endpoint, lines=lines) for lines in (False, True)}
        self._fixed = {
            "/entity/auth/login": b"",
            "/entity/auth/logout": b"",
            "/entity": _endpoints(endpoint),
            "/t/Company/api/odata/gi/$metadata": NO_INQUIRIES,
            f"{ENDPOINT}/swagger.json": document,
        }
        for name in ("Customer", "SalesOrder"):
            self._fixed[f"{ENDPOINT}/{name}/$adHocSchema"] = json.dumps(skeleton(endpoint, name)).encode()

    def answer(self, path: str, options: Mapping[str, str]) -> bytes:
        """Return the body for a path below the server.

        Raises KeyError for a path that nothing is known of.
        """
        _, size, below = path.split("/", 2)
        path = f"/{below}"
        if path == "/requests":
            return str(self.requests).encode()
        self.requests += 1
        if path in self._fixed:
            return self._fixed[path]
        records = self._records(path, int(size), options)
        if numbers := _KEYS.findall(options.get("$filter", "")):
            return _chosen(records, map(int, numbers), options)
        return _page(records, options)

    def written(self, path: str, sent: Mapping[str, Any]) -> bytes:
        """Return the body for a record that is put, told by its id: all of it, with what was sent."""
        self.requests += 1
        _, size, below = path.split("/", 2)
        (record,) = json.loads(self._records(f"/{below}", int(size), {}).page(int(sent["id"][-8:]), 1))
        return json.dumps(record | sent).encode()

    def _records(self, path: str, size: int, options: Mapping[str, str]) -> Records:
        name = path.removeprefix(f"{ENDPOINT}/")
        if name == "Customer":
            return self._customers
        return replace(
            {"SalesOrder": self._orders}[name]["Details" in options.get("$expand", "")], count=size
        )


def _document() -> bytes:
    """Return the document of a real endpoint, or the sandbox's where there is none at hand."""
    if DOCUMENT.is_file():
        return DOCUMENT.read_bytes()
    import requests

    from acudata.sandbox import Sandbox

    with Sandbox() as box, requests.Session() as session:
        user = {"name": box.username, "password": box.password, "tenant": box.tenant}
        session.post(f"{box.url}/entity/auth/login", json=user, timeout=30).raise_for_status()
        answer = session.get(f"{box.url}{ENDPOINT}/swagger.json", timeout=30)
        answer.raise_for_status()
        return answer.content


def _endpoints(endpoint: Endpoint) -> bytes:
    row = {"name": endpoint.name, "version": endpoint.version, "href": "/" + endpoint.path}
    build = {"acumaticaBuildVersion": "24.213.0006", "databaseVersion": "24.213.0006"}
    return json.dumps({"version": build, "endpoints": [row]}).encode()


def _page(records: Records, options: Mapping[str, str]) -> bytes:
    """Return a page, by position or after a key; whatever else is filtered by, nothing is like that."""
    start, text = int(options.get("$skip", 0)), options.get("$filter")
    if text is not None:
        after = _KEY_RANGE.search(text)
        if after is None or after[1] != records.key:
            return b"[]"
        start += records.after(after[2])
    return records.page(start, int(options.get("$top", records.count)))


def _chosen(records: Records, numbers: Iterable[int], options: Mapping[str, str]) -> bytes:
    """Return the records of these numbers, with the fields that `$select` names."""
    names = {"id", *options.get("$select", "").split(",")}
    found = (json.loads(records.page(number, 1))[0] for number in numbers)
    return json.dumps([{name: record[name] for name in record if name in names} for record in found]).encode()


class Handler(BaseHTTPRequestHandler):
    """Answers with canned bytes over a connection that stays open."""

    canned: Canned
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer a GET."""
        parts = urlsplit(self.path)
        options = {name: values[0] for name, values in parse_qs(parts.query).items()}
        try:
            self._send(200, self.canned.answer(parts.path.replace("%24", "$"), options))
        except KeyError:
            self._send(404, b"{}")

    def do_POST(self) -> None:
        """Answer a sign-in or sign-out."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._send(204, self.canned.answer(self.path, {}))

    def do_PUT(self) -> None:
        """Answer a record that is written."""
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._send(200, self.canned.written(urlsplit(self.path).path, sent))

    def _send(self, status: int, body: bytes) -> None:
        self.send_response_only(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Date", self.date_time_string())
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        if self.command == "POST":
            self.send_header("Set-Cookie", "ASP.NET_SessionId=canned; path=/; HttpOnly")
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    main()
