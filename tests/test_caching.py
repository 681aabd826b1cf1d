"""The schema's copy on disk, seen by users: what it spares, what it notices, and what it survives."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from acudata.sandbox import Sandbox
from acudata.schema.store import SchemaStore
from tests.conftest import connect
from tests.customised import Instance, age, requests_of, told


def test_a_second_client_asks_for_nothing_and_knows_the_same(instance: Instance) -> None:
    with instance.serve() as box:
        with instance.connect(box) as first:
            known, stats = told(first), first.get_cache_stats()
        with instance.connect(box) as second:
            assert told(second) == known
            assert requests_of(second) == 0
            again = second.get_cache_stats()
    assert (stats["hits"], stats["misses"]) == (0, 3)
    assert (again["hits"], again["misses"]) == (3, 0)
    assert stats["enabled"]
    assert 0 <= stats["age_hours"] <= again["age_hours"] < 1
    assert again["size_bytes"] == Path(again["path"]).stat().st_size > 1000


def test_hits_are_real_in_a_second_process(instance: Instance) -> None:
    program = """
import json
from acudata import AcumaticaClient
with AcumaticaClient() as client:
    print(json.dumps({**client.get_cache_stats(), **client.get_api_usage_stats()}))
"""
    with instance.serve() as box:
        settings = {
            "URL": box.url, "USERNAME": box.username, "PASSWORD": box.password, "TENANT": box.tenant,
            "ENDPOINT_NAME": "Portal", "CACHE_METHODS": "true", "CACHE_DIR": str(instance.cache),
        }  # fmt: skip
        variables = os.environ | {f"ACUMATICA_{name}": text for name, text in settings.items()}
        runs = [
            json.loads(
                subprocess.check_output([sys.executable, "-c", program], env=variables, cwd=instance.folder)
            )
            for _ in range(2)
        ]
    assert [(run["hits"], run["misses"], run["total_requests"]) for run in runs] == [(0, 3, 2), (3, 0, 0)]


def test_what_changed_is_rebuilt_and_what_was_removed_disappears(instance: Instance) -> None:
    with instance.serve() as box, instance.connect(box) as client:
        assert "Nickname" not in client.get_model_info("Customer")["fields"]
    with instance.serve(instance.edited()) as box, instance.connect(box, cache_ttl_hours=0) as client:
        stats = client.get_cache_stats()
        assert (stats["hits"], stats["misses"]) == (1, 2)
        assert (stats["changed"], stats["added"], stats["removed"]) == (
            ["Customer"],
            ["Visit"],
            ["StockItem"],
        )
        assert client.list_services() == ["Customer", "Visit", "Warehouse"]
        assert client.models.Customer(Nickname="Al").Nickname == "Al"
        assert "visits" in dir(client)
        assert not hasattr(client, "stock_items")
    with instance.serve(instance.edited()) as box, instance.connect(box) as client:
        assert client.get_cache_stats()["hits"] == 3
        assert requests_of(client) == 0


@pytest.mark.parametrize("look", ["force_rebuild", "refresh_schema", "after a day", "clear_cache"])
def test_a_fresh_copy_is_believed_until_somebody_looks(instance: Instance, look: str) -> None:
    with instance.serve() as box, instance.connect(box) as client:
        assert "StockItem" in client
    with instance.serve(instance.edited()) as box:
        with instance.connect(box) as client:
            assert "StockItem" in client
            if look == "refresh_schema":
                client.refresh_schema()
                assert "StockItem" not in client
            elif look == "clear_cache":
                assert client.clear_cache() == 1
            elif look == "after a day":
                age(client, hours=24.01)
        with instance.connect(box, force_rebuild=look == "force_rebuild") as client:
            assert "StockItem" not in client
            assert "Visit" in client


def test_the_age_of_the_copy_is_told_in_hours(instance: Instance) -> None:
    with instance.serve() as box:
        with instance.connect(box) as client:
            client.list_services()
            age(client, hours=5)
        with instance.connect(box) as client:
            assert f"{client.get_cache_stats()['age_hours']:.1f}" == "5.0"


def test_custom_fields_are_kept_too(box: Sandbox, tmp_path: Path) -> None:
    settings = {"cache_methods": True, "cache_dir": tmp_path, "endpoint_version": "24.200.001"}
    with connect(box, **settings) as client:
        assert hasattr(client.models.Customer, "UsrLoyaltyTier")
    with connect(box, **settings) as client:
        assert hasattr(client.models.Customer, "UsrLoyaltyTier")
        assert requests_of(client) == 0


def test_nothing_is_kept_unless_asked_for(instance: Instance) -> None:
    with instance.serve() as box, instance.connect(box, cache_methods=False) as client:
        stats = client.get_cache_stats()
        assert (stats["enabled"], stats["hits"], stats["size_bytes"], stats["path"]) == (False, 0, 0, None)
        assert client.clear_cache() == 0
    assert not instance.cache.exists()


def test_the_folder_may_start_at_home(
    instance: Instance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    with instance.serve() as box, instance.connect(box, cache_dir=Path("~/.cache/acumatica")) as client:
        path = Path(client.get_cache_stats()["path"])
    assert path.parent == tmp_path / ".cache" / "acumatica"
    assert path.is_file()


class Bomb:
    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return os.mkdir, ("it-was-executed",)


def in_the_old_format(content: bytes) -> bytes:
    return json.dumps({"format": 1, **json.loads(content.partition(b"\n")[2])}).encode()


SPOILT: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "cut off": lambda content: content[: len(content) // 2],
    "a wrong byte": lambda content: content.replace(b"CustomerName", b"CustomerNome", 1),
    "an older format": in_the_old_format,
    "of another tool": lambda _: b'{"customers": [1, 2, 3]}',
    "no text": lambda _: bytes(range(256)),
    "a program": lambda _: pickle.dumps(Bomb()),
    "nested without end": lambda _: b"[" * 200_000,
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_spoilt_copy_is_made_anew_and_never_executed(
    instance: Instance, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(instance.folder)
    with instance.serve() as box:
        with instance.connect(box) as client:
            known = told(client)
        path = Path(client.get_cache_stats()["path"])
        path.write_bytes(SPOILT[how](path.read_bytes()))
        with instance.connect(box) as client:
            assert told(client) == known
            assert client.get_cache_stats()["misses"] == 3
        with instance.connect(box) as client:
            assert client.get_cache_stats()["hits"] == 3
    assert not Path("it-was-executed").exists()


@pytest.mark.parametrize("obstacle", ["a file in place of the folder", "a folder in place of the file"])
def test_a_place_that_cannot_be_written_to_is_done_without(
    instance: Instance, obstacle: str, caplog: pytest.LogCaptureFixture
) -> None:
    with instance.serve() as box:
        if "of the folder" in obstacle:
            instance.cache.write_text("in the way", encoding="utf-8")
        else:
            with instance.connect(box) as client:
                path = Path(client.get_cache_stats()["path"])
            path.unlink()
            path.mkdir()
        for _ in range(2):
            with instance.connect(box) as client:
                assert client.get_cache_stats()["misses"] == 3
                assert client.get_cache_stats()["size_bytes"] == 0
                assert client.clear_cache() == 0
    assert "could not be written" in caplog.text


def test_only_acudatas_own_files_are_cleared(instance: Instance) -> None:
    instance.cache.mkdir()
    foreign = [instance.cache / name for name in ("schema.json", "schema-2024.json", "notes.txt", ".env")]
    for path in foreign:
        path.write_text("mine", encoding="utf-8")
    with instance.serve() as box, instance.connect(box) as client:
        client.list_services()
        assert client.clear_cache() == 1
        assert client.get_cache_stats()["size_bytes"] == 0
        assert client.clear_cache() == 0
        assert client.list_services()
    assert sorted(instance.cache.iterdir()) == sorted(foreign)


def test_the_copy_holds_no_secret(instance: Instance) -> None:
    with instance.serve() as box, instance.connect(box) as client:
        content = Path(client.get_cache_stats()["path"]).read_text(encoding="utf-8")
        assert box.password not in content


@pytest.mark.skipif(os.name != "posix", reason="Windows protects the folders of a user by itself")
def test_nobody_else_may_look_into_the_folder_or_the_file(instance: Instance) -> None:
    with instance.serve() as box, instance.connect(box) as client:
        client.list_services()
    assert [path.stat().st_mode & 0o077 for path in (instance.cache, *instance.cache.iterdir())] == [0, 0]


@pytest.mark.parametrize(
    "other",
    [{"branch": "WEST"}, {"locale": "de-DE"}, {"endpoint_version": "1.0.0"}],
    ids=lambda settings: next(iter(settings)),
)
def test_what_may_differ_is_kept_apart(instance: Instance, other: dict[str, str]) -> None:
    with instance.serve() as box:
        for settings in ({}, other):
            with instance.connect(box, **settings) as client:
                assert client.get_cache_stats()["misses"] == 3
    assert len(list(instance.cache.iterdir())) == 2


def test_a_client_that_reads_while_another_writes_gets_a_whole_copy(instance: Instance) -> None:
    with instance.serve() as box, instance.connect(box) as client:
        client.list_services()
        store = client._catalogue.store
        assert isinstance(store, SchemaStore)
        whole = store.load()
        assert whole is not None
        with ThreadPoolExecutor(4) as pool:
            writing = [pool.submit(store.save, whole) for _ in range(40)]
            assert all(store.load() == whole for _ in range(40))
            assert [task.result() for task in writing] == [None] * 40
