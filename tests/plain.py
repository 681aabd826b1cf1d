"""Reads lists with requests and the standard library alone: what frames are compared with, cell by cell."""

from __future__ import annotations

import datetime as dt
import json
import re
from decimal import Decimal
from typing import Any

import pandas as pd
import requests

from acudata.sandbox import Sandbox

STAMP = re.compile(r"(DateTime$|^LastModified|^Created)")


class PlainReader:
    """Is signed in to a sandbox with nothing but requests."""

    def __init__(self, box: Sandbox, version: str = "24.200.001") -> None:
        self.base = f"{box.url}/entity/Default/{version}"
        self.session = requests.Session()
        self.root = box.url
        body = {"name": box.username, "password": box.password, "tenant": box.tenant}
        self.session.post(f"{box.url}/entity/auth/login", json=body).raise_for_status()

    def list(self, entity: str, **options: str) -> list[dict[str, Any]]:
        """Return the records of one page of a list."""
        answer = self.session.get(
            f"{self.base}/{entity}", params={f"${name}": text for name, text in options.items()}
        )
        answer.raise_for_status()
        records: list[dict[str, Any]] = json.loads(answer.content, parse_float=Decimal)
        return records

    def close(self) -> None:
        self.session.post(f"{self.root}/entity/auth/logout").raise_for_status()
        self.session.close()


def plain_cell(field: str, kind: str, wrapper: Any) -> Any:
    """Return what a cell should hold, by the plainest reading of the wire."""
    value = (wrapper or {}).get("value")
    if value is None:
        return None
    if kind == "Decimal":
        return Decimal(str(value))
    if kind == "DateTime":
        moment = dt.datetime.fromisoformat(value)
        return moment.astimezone(dt.UTC) if STAMP.search(field) else moment.replace(tzinfo=None)
    return value


def cells(column: pd.Series[Any]) -> list[Any]:
    """Return the cells of a frame's column as Python values, None for what is missing."""
    return [None if pd.isna(value) else _python(value) for value in column]


def _python(value: Any) -> Any:
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    return value.item() if hasattr(value, "item") else value
