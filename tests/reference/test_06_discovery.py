"""The reference's chapter on schema discovery."""

from __future__ import annotations

from pathlib import Path

import pytest

from acudata import AcumaticaClient


@pytest.fixture
def found(dot_env: Path) -> list[str]:
    """The names that the example prints below "Available Services"."""
    with AcumaticaClient() as client:
        return client.list_services()


def test_the_example(dot_env: Path, found: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    # The client discovers everything on initialization
    client = AcumaticaClient()
    # Use built-in methods to see what was discovered
    print("\nAvailable Services:")
    services = client.list_services()
    print(f"Found {len(services)} services")
    for service in services[:10]:  # Show first 10
        print(f" - {service}")
    print("\nAvailable Models:")
    models = client.list_models()
    print(f"Found {len(models)} models")
    for model in models[:10]:  # Show first 10
        print(f" - {model}")
    # Get detailed information about a specific service
    service_info = client.get_service_info("Customer")
    print(f"\nCustomer service methods: {service_info['methods']}")
    # Get detailed information about a specific model
    model_info = client.get_model_info("Customer")
    print(f"\nCustomer model fields: {model_info['field_count']} fields")
    # Check for custom fields
    customer_fields = model_info["fields"]
    custom_fields = [name for name in customer_fields if name.startswith("Usr")]
    print(f"Custom fields on Customer: {custom_fields}")

    client.close()
    lines = capsys.readouterr().out.splitlines()
    assert lines[1:3] == ["Available Services:", f"Found {len(found)} services"]
    assert lines[3:13] == [f" - {name}" for name in found[:10]]
    assert "Customer" in services
    assert "SalesOrderDetail" in models
    assert {"get_by_id", "get_list", "put_entity", "delete_by_id", "put_file"} < set(service_info["methods"])
    assert "invoke_action_create_contact_from_customer" in service_info["methods"]
    assert model_info["field_count"] == len(customer_fields) > 50
    assert custom_fields == [
        "UsrLoyaltyTier", "UsrRebatePct", "UsrKeyAccount", "UsrLastVisit", "UsrVisitCount",
    ]  # fmt: skip


def test_the_schema_is_fetched_once_when_it_is_first_needed(dot_env: Path) -> None:
    """Making a client only signs in; the document comes with the first question that needs it, and never again."""
    with AcumaticaClient() as client:
        for _ in range(2):
            client.list_services()
            client.get_service_info("Vendor")
        asked = client.get_api_usage_stats()["requests_by_endpoint"]
    assert asked["entity/Default/24.200.001/swagger.json"] == 1
