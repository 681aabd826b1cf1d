"""Statistics count what was really sent."""

from __future__ import annotations

import json
from typing import Any

import pytest

from acudata import AcumaticaClient, AcumaticaNotFoundError
from acudata.sandbox import Sandbox
from tests.conftest import connect


@pytest.fixture
def fresh(box: Sandbox) -> Any:
    with connect(box) as client:
        yield client


def test_every_request_is_counted_once(fresh: AcumaticaClient) -> None:
    len(fresh)
    fresh.customers.to_frame(top=300, page_size=100, custom=None)
    before = fresh.get_api_usage_stats()
    fresh.customers.to_frame(top=300, page_size=100, custom=None)
    fresh.customers.get_by_id("C000000001", custom=None)
    with pytest.raises(AcumaticaNotFoundError):
        fresh.customers.get_by_id("NOBODY", custom=None)
    after = fresh.get_api_usage_stats()
    assert after["total_requests"] - before["total_requests"] == 5
    assert after["total_errors"] - before["total_errors"] == 1
    place = "entity/Default/24.200.001/Customer"
    assert after["requests_by_endpoint"][place] - before["requests_by_endpoint"][place] == 5
    assert after["requests_by_method"] == {"GET": after["total_requests"]}
    assert after["bytes_received"] > before["bytes_received"]
    assert after["average_response_time"] > 0
    assert after["last_request_time"] >= before["last_request_time"]


def test_performance_tells_start_and_cache(fresh: AcumaticaClient) -> None:
    stats = fresh.get_performance_stats()
    assert stats["startup_time"] > 0
    assert stats["service_count"] == len(fresh.list_services())
    assert stats["model_count"] == len(fresh.list_models())
    assert (stats["cache_enabled"], stats["cache_hits"], stats["cache_hit_rate"]) == (False, 0, 0.0)
    assert stats["cache_misses"] == stats["service_count"]


def test_the_connection_is_told_without_secrets(fresh: AcumaticaClient, box: Sandbox) -> None:
    stats = fresh.get_connection_stats()
    assert (stats["base_url"], stats["tenant"], stats["endpoint"]) == (
        box.url,
        box.tenant,
        "Default/24.200.001",
    )
    assert stats["rate_limit"]["calls_per_second"] == 10_000
    assert box.password not in json.dumps(stats)


def test_the_limit_makes_calls_wait(box: Sandbox) -> None:
    with connect(box, rate_limit_calls_per_second=20) as client:
        for _ in range(25):
            client.list_endpoints()
        status = client.get_rate_limit_status()
    assert status["calls_per_second"] == 20
    assert status["seconds_waited"] > 0.1
    assert (status["requests_last_minute"], status["requests_declined"], status["is_shared"]) == (
        25,
        0,
        False,
    )


def test_a_connection_that_works_and_one_that_does_not() -> None:
    with Sandbox() as box, connect(box) as client:
        works = client.test_connection()
        box.stop()
        broken = client.test_connection()
        box.start()
    assert (works["reachable"], works["endpoints_available"], works["error"]) == (True, True, None)
    assert works["build"].startswith("24.2")
    assert (broken["reachable"], broken["endpoint_count"]) == (False, 0)
    assert broken["error"]
