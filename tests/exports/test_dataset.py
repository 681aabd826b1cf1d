"""A stored table: one file or a folder that changes in one step and gives back what was stored."""

from __future__ import annotations

import errno
import json
import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from acudata.errors import (
    AcumaticaConcurrencyError,
    AcumaticaSchemaError,
    AcumaticaUnknownNameError,
    AcumaticaValidationError,
)
from acudata.exports import locks, places
from acudata.exports.dataset import Dataset
from acudata.exports.drift import SchemaDriftWarning
from acudata.exports.storing import store
from tests.exports.stored import (
    SCHEMA,
    assert_as_told,
    batch,
    names_in,
    numbers,
    put,
    put_in_vain,
)

WITHOUT_HOLD = pa.schema([field for field in SCHEMA if field.name != "Hold"])


def narrow(rows: int, *, start: int = 0) -> pa.RecordBatch:
    return batch(rows, start=start).select(WITHOUT_HOLD.names)


@pytest.fixture(params=["orders.parquet", "orders"])
def dataset(request: pytest.FixtureRequest, tmp_path: Path) -> Dataset:
    """Return a table of nothing yet, one file or a folder."""
    return Dataset.at(tmp_path / "lake" / request.param)


@pytest.fixture
def folder(tmp_path: Path) -> Dataset:
    return Dataset.at(tmp_path / "lake" / "orders")


def test_what_is_stored_comes_back(dataset: Dataset) -> None:
    assert dataset.manifest is None
    manifest = put(dataset, batch(5), batch(0), batch(4, start=5))
    assert dataset.manifest == manifest
    assert_as_told(dataset, manifest)
    assert dataset.read().equals(pa.Table.from_batches([batch(9)]))
    assert dataset.read(["Total", "LineNbr"]).column_names == ["Total", "LineNbr"]
    frame = dataset.to_frame(["Total", "Status"])
    assert list(frame.dtypes.astype(str).str.removesuffix("[pyarrow]")) == ["Float64", "string"]


def test_no_rows_are_stored_with_their_types(dataset: Dataset) -> None:
    put(dataset, batch(3))
    assert put(dataset).rows == 0
    assert dataset.read().equals(SCHEMA.empty_table())


def test_nothing_stored_is_told(dataset: Dataset) -> None:
    with pytest.raises(FileNotFoundError, match="Nothing is stored at"):
        dataset.read()
    put(dataset, batch(1))
    with pytest.raises(AcumaticaUnknownNameError, match="Statu"):
        dataset.read(["Statu"])


@pytest.mark.parametrize("error", [OSError("connection lost"), KeyboardInterrupt()])
@pytest.mark.parametrize("rows", [0, 3])
def test_a_failure_leaves_what_was_there(
    tmp_path: Path, dataset: Dataset, error: BaseException, rows: int
) -> None:
    if rows:
        put(dataset, batch(rows))
    before = names_in(tmp_path)
    with pytest.raises(type(error)):
        put_in_vain(dataset, error)
    assert names_in(tmp_path) == before
    assert Path(dataset.place.path).exists() == bool(rows)
    assert not rows or numbers(dataset.read()) == [0, 1, 2]


def test_a_full_disk_leaves_what_was_there(
    tmp_path: Path, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(dataset, batch(3))
    before = names_in(tmp_path)

    def full(_: IO[bytes]) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(places, "_flush", full)
    with pytest.raises(OSError, match="No space left"):
        put(dataset, batch(9))
    monkeypatch.undo()
    assert names_in(tmp_path) == before
    assert numbers(dataset.read()) == [0, 1, 2]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="everything is allowed to this user")
def test_a_folder_without_rights_is_named_in_the_error(tmp_path: Path, dataset: Dataset) -> None:
    (tmp_path / "lake").mkdir(mode=0o500)
    with pytest.raises(PermissionError, match="orders"):
        put(dataset, batch(1))
    assert not names_in(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_a_new_file_has_the_mode_of_the_one_before(dataset: Dataset) -> None:
    path = Path(dataset.place.path if dataset.is_file else f"{dataset.place.path}/part-0.parquet")
    put(dataset, batch(1))
    path.chmod(0o600)
    put(dataset, batch(2))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.skipif(os.name == "nt", reason="Windows users may not make symbolic links")
def test_a_link_stays_and_what_it_leads_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    target, link = tmp_path / "elsewhere" / "orders.parquet", tmp_path / "link.parquet"
    link.symlink_to(target)
    put(Dataset.at(link), batch(2))
    put(Dataset.at(link), batch(3))
    assert link.is_symlink()
    assert not target.is_symlink()
    assert numbers(pq.read_table(target)) == numbers(Dataset.at(link).read()) == [0, 1, 2]
    assert names_in(tmp_path / "elsewhere") == {"orders.parquet", ".orders.parquet.json"}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes among its files")
def test_what_is_no_file_is_left_alone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.parquet")
    with pytest.raises(AcumaticaValidationError, match="other than a file"):
        Dataset.at(tmp_path / "pipe.parquet")


def test_a_folder_of_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear", encoding="utf-8")
    with pytest.raises(AcumaticaValidationError, match=r"holds letter\.txt, which is not of a table"):
        put(Dataset.at(tmp_path), batch(1))
    with pytest.raises(AcumaticaValidationError, match="is a file"):
        put(Dataset.at(tmp_path / "letter.txt", is_folder=True), batch(1))
    assert names_in(tmp_path) == {"letter.txt"}


def test_two_writers(dataset: Dataset) -> None:
    other = Dataset(dataset.place, is_file=dataset.is_file)
    with dataset.change() as change:
        change.add([batch(3)], schema=SCHEMA)
        with pytest.raises(AcumaticaConcurrencyError, match=rf"by process {os.getpid()} on") as caught:
            put(other, batch(9))
        change.commit(origin={})
    assert "wait until that is done" in str(caught.value)
    assert numbers(dataset.read()) == [0, 1, 2]
    put(other, batch(9))
    assert len(numbers(dataset.read())) == 9


def test_of_many_writers_at_once_one_is_let_in_at_a_time(folder: Dataset) -> None:
    refused: list[Exception] = []
    start = threading.Barrier(8)

    def write(number: int) -> None:
        start.wait()
        try:
            put(Dataset(folder.place), batch(5, start=number * 10), by=("Status",))
        except AcumaticaConcurrencyError as error:
            refused.append(error)

    threads = [threading.Thread(target=write, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) < 8
    (first, *_) = found = numbers(folder.read())
    assert found == list(range(first, first + 5))
    assert not [name for name in names_in(Path(folder.place.path)) if name.startswith("_acudata.l")]


def test_a_lock_file_that_was_deleted_in_between_is_no_lock(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(dataset, batch(1))
    taken: list[str] = []
    lock = locks._lock

    def late(file: IO[bytes]) -> None:
        lock(file)
        if not taken:
            Path(file.name).unlink()  # its last holder does so when it is done
        taken.append(file.name)

    monkeypatch.setattr(locks, "_lock", late)
    with dataset.change(), pytest.raises(AcumaticaConcurrencyError):
        put(dataset, batch(2))
    assert len(taken) == 2


def test_a_drive_that_cannot_lock_gets_a_lock_of_its_own(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(_: IO[bytes]) -> None:
        raise OSError(errno.ENOTSUP, "Operation not supported")

    monkeypatch.setattr(locks, "_lock", cannot)
    with dataset.change(), pytest.raises(AcumaticaConcurrencyError, match="being written"):
        put(dataset, batch(1))
    put(dataset, batch(2))
    assert numbers(dataset.read()) == [0, 1]


def test_a_change_keeps_what_it_does_not_drop(folder: Dataset) -> None:
    put(folder, batch(9), by=("Status",))
    with folder.change() as change:
        (old,) = [file for file in change.kept if file.partition == {"Status": "Open"}]
        change.drop(old.path)
        (new,) = change.add([batch(1, start=30)], schema=SCHEMA, partition_by=["Status"])
        change.commit(origin={"entity": "SalesOrder"}, watermark="2024-03-01", state={"seen": 1})
    assert new.path == old.path
    assert numbers(folder.read()) == [1, 2, 4, 5, 7, 8, 30]
    manifest = folder.manifest
    assert manifest is not None
    assert (manifest.watermark, manifest.state, manifest.rows) == ("2024-03-01", {"seen": 1}, 7)


def test_a_change_of_the_manifest_alone_touches_no_file(folder: Dataset) -> None:
    put(folder, batch(9))
    part = Path(folder.place.path) / "part-0.parquet"
    before = part.stat()
    with folder.change() as change:
        change.commit(origin={}, state={"seen": 1})
    assert (part.stat().st_ino, part.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert folder.manifest is not None
    assert folder.manifest.state == {"seen": 1}


def test_files_that_stay_and_files_that_come_have_the_same_columns(folder: Dataset) -> None:
    put(folder, batch(9))
    with folder.change() as change:
        with pytest.raises(AcumaticaSchemaError, match=r"other columns .*: removed Hold \(bool\)"):
            change.add([narrow(1)], schema=WITHOUT_HOLD)
        with pytest.raises(AcumaticaValidationError, match="not by"):
            change.add([batch(1)], schema=SCHEMA, partition_by=["Status"])
    assert numbers(folder.read()) == list(range(9))


def test_drift_is_told_before_anything_is_read(dataset: Dataset) -> None:
    put(dataset, batch(3))

    def unread() -> Iterator[pa.RecordBatch]:
        raise AssertionError("was read")
        yield

    with pytest.raises(AcumaticaSchemaError, match=r"removed Hold \(bool\)"):
        store(unread(), dataset, schema=WITHOUT_HOLD, origin={}, on_drift="raise")
    with pytest.warns(SchemaDriftWarning, match=r"removed Hold \(bool\)") as warned:
        _, drift = store([narrow(2)], dataset, schema=WITHOUT_HOLD, origin={})
    assert warned[0].filename == __file__
    assert drift.removed == {"Hold": "bool"}
    assert dataset.read().schema == WITHOUT_HOLD
    with pytest.raises(ValueError, match="on_drift"):
        store([], dataset, schema=SCHEMA, origin={}, on_drift="ignore")  # type: ignore[arg-type]


def test_the_newest_stamp_is_the_watermark(dataset: Dataset) -> None:
    manifest, _ = store([batch(3), batch(0)], dataset, schema=SCHEMA, origin={}, stamp="LastModified")
    assert manifest.watermark == "2024-03-01T10:00:02+00:00"
    assert store([batch(0)], dataset, schema=SCHEMA, origin={}, stamp="LastModified")[0].watermark is None


def test_the_manifest_is_plain_json(dataset: Dataset) -> None:
    put(dataset, batch(3))
    name = ".orders.parquet.json" if dataset.is_file else "orders/_acudata.json"
    folder = Path(dataset.place.path).parent
    told = json.loads((folder / name).read_text(encoding="utf-8"))
    assert (told["format"], told["rows"], told["columns"]["Total"]) == (1, 3, "decimal128(38, 10)")
    assert [file["path"] for file in told["files"]] == [
        "orders.parquet" if dataset.is_file else "part-0.parquet"
    ]
    (folder / name).write_text(json.dumps({**told, "format": 99}), encoding="utf-8")
    with pytest.raises(AcumaticaSchemaError, match="format 99"):
        _ = dataset.manifest
    (folder / name).write_text("{", encoding="utf-8")
    with pytest.raises(AcumaticaSchemaError, match="cannot be read"):
        _ = dataset.manifest


def test_pandas_reads_the_same_dtypes_back(dataset: Dataset) -> None:
    put(dataset, batch(5))
    expected = dataset.to_frame(decimals="exact")
    with pd.option_context("mode.string_storage", "pyarrow"):  # pandas 2 holds texts otherwise
        found = pd.read_parquet(dataset.place.path)
    same = ["OrderNbr", "Status", "LineNbr", "Hold", "Date", "LastModified"]
    pd.testing.assert_frame_equal(found[same], expected[same])


def test_case_alone_does_not_let_files_collide(folder: Dataset) -> None:
    rows = pa.RecordBatch.from_pydict({"Status": ["Open", "open", "OPEN"], "LineNbr": [1, 2, 3]})
    with folder.change() as change:
        files = change.add([rows], schema=rows.schema, partition_by=["Status"])
        change.commit(origin={})
    assert len({file.path.casefold() for file in files}) == 3
    assert folder.read().sort_by("LineNbr")["Status"].to_pylist() == ["Open", "open", "OPEN"]
