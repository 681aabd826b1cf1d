"""A lake that follows a server, and what it should hold."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from acudata import AcumaticaClient
from acudata.exports.dataset import Dataset
from acudata.exports.reports import ExportReport, TableReport
from acudata.sandbox import Sandbox


class Lake:
    """Exports into one folder, and counts what the server was asked for."""

    def __init__(self, box: Sandbox, client: AcumaticaClient, path: Path) -> None:
        self.box, self.client, self.path = box, client, path
        self.asked: list[Mapping[str, str]] = []

    def sync(self, *entities: str, **options: Any) -> dict[str, TableReport]:
        """Bring tables up to date and return their reports by folder."""
        before = len(self.box.requests)
        report = self.export(*entities, **options)
        self.asked = [arrival.query for arrival in self.box.requests[before:]]
        return {Path(table.path).name: table for table in report}

    def export(self, *entities: str, **options: Any) -> ExportReport:
        report = self.client.export(entities, self.path, **{"incremental": True, **options})
        report.raise_for_failure()
        return report

    def frame(self, table: str) -> pd.DataFrame:
        """Return what a table holds."""
        frame: pd.DataFrame = Dataset.at(self.path / table).read().to_pandas()
        return frame

    def files(self) -> dict[str, tuple[int, int]]:
        """Return name, time and size of each parquet file."""
        found = sorted(self.path.rglob("*.parquet"))
        return {str(file): (file.stat().st_mtime_ns, file.stat().st_ino) for file in found}

    def check(self, entity: str, **question: Any) -> None:
        """Compare all tables of an entity, records that are marked as deleted aside, with what the server tells now."""
        frames = self.client[entity].to_frames(cache=False, decimals="exact", **question)
        for table, frame in frames.items():
            name = entity if table == entity else f"{entity}.{table.replace('/', '.')}"
            stored = self.frame(name)
            there = stored[stored["_deleted_at"].isna()] if "_deleted_at" in stored else stored
            assert rows(there) == rows(frame), name


def rows(frame: pd.DataFrame) -> list[str]:
    """Return the rows as sorted text, whatever holds their values."""
    told = ({name: plain(value) for name, value in row.items()} for row in frame.to_dict("records"))
    return sorted(str({name: value for name, value in row.items() if name != "_deleted_at"}) for row in told)


def plain(value: Any) -> str:
    return (
        "" if pd.isna(value) else f"{value:.6f}" if isinstance(value, int | float | Decimal) else str(value)
    )
