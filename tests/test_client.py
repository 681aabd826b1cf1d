"""The client as a whole: its settings reach every call, its session is its own, and its seat is freed."""

from __future__ import annotations

import gc
import json
import os
import ssl
import subprocess
import sys
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from requests.adapters import HTTPAdapter

from acudata import (
    AcumaticaAuthError,
    AcumaticaClient,
    AcumaticaConnectionError,
    AcumaticaError,
    AcumaticaTimeoutError,
    F,
)
from acudata.sandbox import Sandbox
from acudata.transport import Session
from tests.conftest import connect
from tests.transport.conftest import PASSWORD, SIGN_IN, SIGN_OUT, ScriptedServer, answer

CERTIFICATE = Path(__file__).parent / "transport" / "loopback.pem"
THREADS = 20


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    running = ScriptedServer()
    yield running
    running.close()


@pytest.fixture(scope="module")
def own_box() -> Iterator[Sandbox]:
    with Sandbox() as box:
        yield box


def seats_taken(box: Sandbox) -> int:
    return box.instance.signin.seats_taken


def test_clients_of_two_tenants_share_nothing(own_box: Sandbox, tmp_path: Path) -> None:
    settings = {"endpoint_name": "Portal", "cache_methods": True, "cache_dir": tmp_path}
    with connect(own_box, **settings) as one, connect(own_box, tenant="T100", **settings) as other:
        assert one.list_services() == ["Customer", "SalesOrder"]
        assert other.list_services() == ["Customer", "StockItem"]
        assert one.models.Customer is not other.models.Customer
        assert not hasattr(other.models, "SalesOrder")
        assert not hasattr(other, "sales_orders")
        assert one.get_cache_stats()["path"] != other.get_cache_stats()["path"]
        names = [client.customers.to_frame()["CustomerName"].tolist() for client in (one, other)]
        assert names[0] != names[1]
        assert seats_taken(own_box) == 2
        one.close()
        assert other.customers.first() is not None
        assert one.get_connection_stats()["tenant"] == "U100"
        assert other.get_connection_stats()["tenant"] == "T100"


def test_what_one_tenant_writes_the_other_does_not_see(own_box: Sandbox) -> None:
    with connect(own_box) as one, connect(own_box, tenant="T100") as other:
        one.customers.put_entity({"CustomerID": "ONLYHERE", "CustomerName": "One"})
        assert one.customers.exists("ONLYHERE")
        assert not other.customers.exists("ONLYHERE")


def test_every_call_has_the_timeout_of_the_settings(
    own_box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, Any]] = []
    send = HTTPAdapter.send

    def noted(self: HTTPAdapter, request: Any, **options: Any) -> Any:
        sent.append((f"{request.method} {request.path_url}", options["timeout"]))
        return send(self, request, **options)

    monkeypatch.setattr(HTTPAdapter, "send", noted)
    with connect(own_box, timeout=7) as client:
        use_everything(client)
    assert {method.partition(" ")[0] for method, _ in sent} == {"GET", "PUT", "POST", "DELETE"}
    assert any("/auth/login" in asked for asked, _ in sent)
    assert any("/auth/logout" in asked for asked, _ in sent)
    assert [(asked, timeout) for asked, timeout in sent if timeout != 7] == []


def use_everything(client: AcumaticaClient) -> None:
    """Make each kind of call there is."""
    client.list_endpoints()
    client.refresh_schema()
    client.test_connection()
    customer = client.customers.put_entity({"CustomerID": "NEWCUST", "CustomerName": "New"})
    client.customers.put_file("NEWCUST", "a.txt", b"a")
    [file] = client.customers.get_files("NEWCUST")
    client.customers.download_file(file)
    client.customers.get_list(F.CustomerID == "NEWCUST")
    client.customers.to_frame(top=1)
    client.customers.get_ad_hoc_schema()
    client.customers.delete_by_id(str(customer.id))
    order = client.sales_orders.first((F.Status == "Open") & (F.OrderType == "SO"))
    assert order is not None
    client.sales_orders.invoke_action_sales_order_create_shipment(order, poll_interval=0.01)


def test_a_server_that_says_nothing_is_told_with_the_timeout(server: ScriptedServer) -> None:
    done = Barrier(2)
    slow = answer(204)
    slow.before = lambda: done.wait(10)
    server.script("entity/auth/login", slow)
    with pytest.raises(AcumaticaTimeoutError) as caught:
        AcumaticaClient(server.url, "api", PASSWORD, timeout=0.2, auto_load_env=False)
    done.wait(10)
    assert caught.value.timeout_seconds == 0.2


@pytest.fixture
def secure(server: ScriptedServer) -> str:
    """Let the server speak TLS with a certificate that nobody trusts, and return its address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    server.encrypt(context)
    return server.url.replace("http:", "https:").replace("127.0.0.1", "localhost")


def test_certificates_are_verified(secure: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)
    with pytest.raises(AcumaticaConnectionError, match="certificate is not trusted"):
        AcumaticaClient(secure, "api", PASSWORD, auto_load_env=False)


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
def test_certificates_are_not_verified_when_so_set(secure: str, server: ScriptedServer) -> None:
    AcumaticaClient(secure, "api", PASSWORD, verify_ssl=False, auto_load_env=False).close()
    assert [asked.path for asked in server.asked] == [SIGN_IN, SIGN_OUT]


def test_the_sign_in_tells_tenant_branch_and_locale(server: ScriptedServer) -> None:
    settings: dict[str, Any] = {"tenant": "Company", "branch": "MAIN", "locale": "en-US"}
    AcumaticaClient(server.url, "api", PASSWORD, auto_load_env=False, **settings).close()
    assert json.loads(server.asked[0].body) == {"name": "api", "password": PASSWORD, **settings}


def test_closing_twice_is_harmless_and_a_closed_client_says_so(own_box: Sandbox) -> None:
    client = connect(own_box)
    client.close()
    client.close()
    assert seats_taken(own_box) == 0
    with pytest.raises(AcumaticaError, match="The client is closed"):
        client.customers.first()
    with pytest.raises(AcumaticaError, match="closed"):
        client.scheduler.schedule_task(print, interval_seconds=60)
    client.close()


def test_a_with_block_closes_also_after_an_error(own_box: Sandbox) -> None:
    def work() -> None:
        with connect(own_box) as client:
            assert client.customers.first() is not None
            assert seats_taken(own_box) == 1
            raise RuntimeError("of the user")

    with pytest.raises(RuntimeError, match="of the user"):
        work()
    assert seats_taken(own_box) == 0


def test_an_error_while_the_client_is_made_frees_the_seat(
    own_box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in = Session.sign_in

    def interrupted(self: Session) -> None:
        sign_in(self)
        assert seats_taken(own_box) == 1
        raise KeyboardInterrupt

    monkeypatch.setattr(Session, "sign_in", interrupted)
    with pytest.raises(KeyboardInterrupt) as caught:
        connect(own_box)
    assert caught.traceback  # which still holds the client
    assert seats_taken(own_box) == 0


def test_a_refused_sign_in_takes_no_seat(own_box: Sandbox) -> None:
    with pytest.raises(AcumaticaAuthError):
        AcumaticaClient(own_box.url, own_box.username, "wrong", own_box.tenant, auto_load_env=False)
    assert seats_taken(own_box) == 0


def test_a_forgotten_client_frees_its_seat(own_box: Sandbox) -> None:
    client = connect(own_box)
    client.customers.first()
    vars(client)["me"] = client
    del client
    gc.collect()
    assert seats_taken(own_box) == 0


def test_a_service_works_on_when_its_client_is_forgotten(own_box: Sandbox) -> None:
    customers = connect(own_box).customers
    gc.collect()
    assert customers.first() is not None
    del customers
    gc.collect()
    assert seats_taken(own_box) == 0


ENDINGS = {
    "the last line": "",
    "an exception": "raise RuntimeError('of the program')",
    "sys.exit": "import sys; sys.exit(3)",
    "a task that is scheduled": "client.scheduler.schedule_task(lambda: client.customers.first(), interval_seconds=60)",
    "a task that runs": """
import threading
begun = threading.Event()
def work():
    begun.set()
    threading.Event().wait()
client.scheduler.run_now(client.scheduler.schedule_task(work, interval_seconds=60))
begun.wait()
""",
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_seat_is_free_when_a_program_ends_with(ending: str, own_box: Sandbox) -> None:
    program = "from acudata import AcumaticaClient\nclient = AcumaticaClient()\nclient.customers.first()\n"
    settings = {
        "URL": own_box.url, "USERNAME": own_box.username, "PASSWORD": own_box.password, "RATE_LIMIT": "1000",
    }  # fmt: skip
    variables = os.environ | {f"ACUMATICA_{name}": text for name, text in settings.items()}
    done = subprocess.run(
        [sys.executable, "-c", f"{program}print('works')\n{ENDINGS[ending]}"],
        env=variables, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.stdout == "works\n", done.stderr
    assert seats_taken(own_box) == 0


@pytest.fixture
def now() -> list[float]:
    """The time of the sandbox's clock in seconds."""
    return [0.0]


@pytest.fixture
def sign_ins(monkeypatch: pytest.MonkeyPatch, expiring: Sandbox) -> list[str]:
    """The users who signed in, once for each time."""
    seen: list[str] = []
    signin = expiring.instance.signin
    sign_in = signin.sign_in

    def noted(credentials: Any, cookies: Any) -> Any:
        seen.append(credentials.name)
        return sign_in(credentials, cookies)

    monkeypatch.setattr(signin, "sign_in", noted)
    return seen


@pytest.fixture
def expiring(now: list[float]) -> Iterator[Sandbox]:
    """Serve one seat, whose session ends when `now` goes on."""
    with Sandbox(seats=1, clock=lambda: now[0]) as box:
        yield box


def test_twenty_threads_that_meet_the_expiry_sign_in_once(
    expiring: Sandbox, now: list[float], sign_ins: list[str]
) -> None:
    with connect(expiring) as client, ThreadPoolExecutor(THREADS) as pool:
        client.customers.first()
        begin = Barrier(THREADS)

        def read(number: int) -> Any:
            begin.wait(10)
            return client.customers.get_by_id(f"C{number:09}").CustomerID

        now[0] += 100_000
        keys = list(pool.map(read, range(1, THREADS + 1)))
        assert keys == [f"C{number:09}" for number in range(1, THREADS + 1)]
        assert sign_ins == [expiring.username] * 2
        assert seats_taken(expiring) == 1


def test_without_retry_on_idle_logout_the_expiry_is_told(
    expiring: Sandbox, now: list[float], sign_ins: list[str]
) -> None:
    with connect(expiring, retry_on_idle_logout=False) as client:
        client.customers.first()
        now[0] += 100_000
        with pytest.raises(AcumaticaAuthError) as caught:
            client.customers.first()
    assert caught.value.status_code == 401
    assert len(sign_ins) == 1


def test_one_session_serves_everything(expiring: Sandbox, sign_ins: list[str]) -> None:
    with connect(expiring) as client:
        use_everything(client)
        assert seats_taken(expiring) == 1
    assert len(sign_ins) == 1


def test_without_persistent_login_each_call_signs_in_and_out(expiring: Sandbox, sign_ins: list[str]) -> None:
    with connect(expiring, persistent_login=False) as client:
        assert (len(sign_ins), seats_taken(expiring)) == (0, 0)
        client.list_endpoints()
        client.list_endpoints()
        assert (len(sign_ins), seats_taken(expiring)) == (2, 0)
        assert client.customers.first() is not None
        assert seats_taken(expiring) == 0


def test_a_client_says_whose_it_is_and_shows_no_password(client: AcumaticaClient, box: Sandbox) -> None:
    assert repr(client) == f"<AcumaticaClient admin@U100 {box.url}>"
    told = [
        client.get_connection_stats(),
        client.get_api_usage_stats(),
        vars(client.config),
        client.test_connection(),
    ]
    assert box.password not in str(told)


def test_no_frame_of_a_traceback_holds_the_password() -> None:
    with pytest.raises(AcumaticaError) as caught:
        AcumaticaClient("http://127.0.0.1:1", "user", "open-sesame", auto_load_env=False, timeout=1)
    frames = [frame for frame, _ in traceback.walk_tb(caught.value.__traceback__)]
    own = [
        frame
        for frame in frames
        if "acudata" in frame.f_code.co_filename and "tests" not in frame.f_code.co_filename
    ]
    assert own
    assert not any("open-sesame" in repr(frame.f_locals) for frame in own)
