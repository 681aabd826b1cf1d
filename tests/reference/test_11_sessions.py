"""The reference's chapter on sessions."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from acudata import AcumaticaClient
from acudata.sandbox import Sandbox


@pytest.fixture
def sign_ins(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Who signed in, once for each time."""
    seen: list[str] = []
    sign_in = box.instance.signin.sign_in

    def noted(credentials: Any, cookies: Any) -> Any:
        seen.append(credentials.name)
        return sign_in(credentials, cookies)

    monkeypatch.setattr(box.instance.signin, "sign_in", noted)
    return seen


def test_one_login_and_many_operations(project: Path, box: Sandbox, sign_ins: list[str]) -> None:
    before = box.instance.signin.seats_taken
    # Default behavior - one login, multiple operations
    client = AcumaticaClient(
        base_url=box.url,
        username=box.username,
        password=box.password,
        tenant=box.tenant,
        # persistent_login=True is the default
    )
    # Session established once during __init__
    assert sign_ins == [box.username]
    assert box.instance.signin.seats_taken == before + 1
    # All operations use the same session
    customers = client.customers.get_list()
    orders = client.sales_orders.get_list()
    invoices = client.invoices.get_list()

    assert len(customers) > 0 < len(orders)
    assert len(invoices) > 0
    assert sign_ins == [box.username]
    assert box.instance.signin.seats_taken == before + 1
    client.close()
    assert box.instance.signin.seats_taken == before


def test_the_session_is_cleaned_up_on_exit(dot_env: Path, box: Sandbox, sign_ins: list[str]) -> None:
    before = box.instance.signin.seats_taken
    program = "from acudata import AcumaticaClient; AcumaticaClient().customers.get_by_id('ABCCOMP')"
    subprocess.run([sys.executable, "-c", program], cwd=dot_env.parent, env=os.environ, check=True)
    assert sign_ins == [box.username]
    assert box.instance.signin.seats_taken == before


def test_without_persistent_login_no_session_outlives_its_call(
    dot_env: Path, box: Sandbox, sign_ins: list[str]
) -> None:
    before = box.instance.signin.seats_taken
    with AcumaticaClient(persistent_login=False) as client:
        assert sign_ins == []
        assert client.customers.exists("ABCCOMP")
        assert len(sign_ins) > 1
        assert box.instance.signin.seats_taken == before


@pytest.fixture
def now() -> list[float]:
    """The time of the instance in seconds."""
    return [0.0]


@pytest.fixture
def idle_box(now: list[float]) -> Iterator[Sandbox]:
    with Sandbox(seats=1, clock=lambda: now[0]) as box:
        yield box


@pytest.mark.parametrize("retries", [True, False])
def test_a_session_that_idled_out_is_signed_in_again(
    project: Path, idle_box: Sandbox, now: list[float], *, retries: bool
) -> None:
    from acudata import AcumaticaAuthError

    box = idle_box
    with AcumaticaClient(
        box.url, box.username, box.password, box.tenant, retry_on_idle_logout=retries
    ) as client:
        first = client.customers.first()
        now[0] += 24 * 60 * 60
        if retries:
            assert client.customers.first() == first
        else:
            with pytest.raises(AcumaticaAuthError):
                client.customers.first()
