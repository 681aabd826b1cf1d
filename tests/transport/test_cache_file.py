"""The file of kept answers: what comes back, what happens to rubbish in its place, and who else may write to it."""

from __future__ import annotations

import os
import pickle
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from acudata.transport import answers
from acudata.transport.answers import Answer, AnswerFile

ANSWER = Answer(b'[{"id": "1"}]', asked_at=1_700_000_000.25, seconds=0.5, media_type="application/json")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "http" / "0.sqlite"


@pytest.fixture
def file(path: Path) -> Iterator[AnswerFile]:
    opened = AnswerFile(path)
    yield opened
    opened.close()


def test_what_was_put_comes_back(file: AnswerFile) -> None:
    file.put("d1", ANSWER)
    assert file.get("d1") == ANSWER
    assert file.get("d2") is None
    file.close()
    assert file.get("d1") == ANSWER


@given(st.binary(max_size=200), st.floats(0, 4e9), st.text(max_size=20))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_body_comes_back_as_it_was(file: AnswerFile, body: bytes, asked_at: float, kind: str) -> None:
    answer = Answer(body, asked_at, 1.5, kind)
    file.put("d1", answer)
    assert file.get("d1") == answer


def test_nothing_is_made_before_it_is_needed(file: AnswerFile, path: Path) -> None:
    assert file.get("d1") is None
    assert (file.count(), file.drop("d"), file.size) == (0, 0, 0)
    file.clear()
    assert not path.parent.parent.exists()
    code = "import sys, acudata.transport.session; print('requests_cache' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "False"


def test_dropping_by_the_beginning_of_keys(file: AnswerFile) -> None:
    for key in ("d1", "d2", "e1"):
        file.put(key, ANSWER)
    assert (file.count(), file.count("d"), file.drop("d"), file.count()) == (3, 2, 2, 1)
    assert file.get("e1") == ANSWER


class Bomb:
    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return os.mkdir, ("it-was-executed",)


def with_bombs(content: bytes, path: Path) -> bytes:
    """Return a file as requests-cache itself would write it, with a program where an answer should be."""
    path.write_bytes(content)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE answers SET value = ?", (pickle.dumps(Bomb()),))
        connection.commit()
    return path.read_bytes()


def with_value(value: Any) -> Callable[[bytes, Path], bytes]:
    def spoil(content: bytes, path: Path) -> bytes:
        path.write_bytes(content)
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("UPDATE answers SET value = ?", (value,))
            connection.commit()
        return path.read_bytes()

    return spoil


SPOILT: dict[str, Callable[[bytes, Path], bytes]] = {
    "empty": lambda *_: b"",
    "text": lambda *_: b"half a page of text, " * 500,
    "a program": lambda *_: pickle.dumps(Bomb()),
    "a program in place of an answer": with_bombs,
    "a number in place of an answer": with_value(10**12),
    "text in place of an answer": with_value("{}"),
    "nothing in place of an answer": with_value(None),
    "no line in an answer": with_value(b"[" * 100_000),
    "another format": with_value(b'{"format": 0}\n[1]'),
    "another body": with_value(
        b'{"format": 1, "crc32": 1, "asked_at": 1, "seconds": 1, "media_type": ""}\n[1]'
    ),
    "the first page alone": lambda content, _: content[:4096],
    "half": lambda content, _: content[: len(content) // 2],
    "all but the end": lambda content, _: content[:-5000],
    "the head alone": lambda content, _: content[:50],
    "zeros inside": lambda content, _: content[:4096] + bytes(len(content) - 4096),
    "wrong bytes inside": lambda content, _: content.replace(b"12345678", b"12345679"),
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_spoilt_file_counts_as_none_and_is_replaced(
    how: str, file: AnswerFile, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    whole = Answer(b"[" + b"12345678," * 5_000 + b"1]", 1.0)
    file.put("d1", whole)
    file.close()
    path.write_bytes(SPOILT[how](path.read_bytes(), path))
    assert file.get("d1") is None
    for _ in range(2):  # a file that cannot be used may be noticed only when something is written
        file.put("d2", ANSWER)
    assert file.get("d2") == ANSWER
    assert not Path("it-was-executed").exists()


def test_a_file_that_is_spoilt_while_open(file: AnswerFile, path: Path) -> None:
    for number in range(50):
        file.put(f"d{number}", Answer(bytes(5_000), 1.0))
    with path.open("r+b") as content:
        content.seek(4096)
        content.write(bytes(path.stat().st_size - 4096))
    assert [
        answer
        for number in range(50)
        if (answer := file.get(f"d{number}")) and answer.content != bytes(5_000)
    ] == []
    for _ in range(2):
        file.put("d1", ANSWER)
    assert file.get("d1") == ANSWER


@pytest.mark.parametrize("how", ["removed", "replaced"])
@pytest.mark.skipif(os.name == "nt", reason="Windows keeps open files in their place")
def test_a_file_that_goes_away_while_open(how: str, file: AnswerFile, path: Path) -> None:
    file.put("d1", ANSWER)
    path.unlink()
    if how == "replaced":
        other = AnswerFile(path)
        other.put("d3", ANSWER)
        other.close()
    assert file.get("d1") is None
    file.put("d2", ANSWER)
    assert file.get("d2") == ANSWER
    assert file.count() == (2 if how == "replaced" else 1)


@pytest.mark.parametrize("obstacle", ["a file in place of the folder", "a folder in place of the file"])
def test_a_place_that_cannot_be_used_is_done_without(
    obstacle: str, file: AnswerFile, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    if "of the folder" in obstacle:
        path.parent.parent.write_text("in the way", encoding="utf-8")
    else:
        path.mkdir(parents=True)
    for _ in range(3):
        file.put("d1", ANSWER)
        assert file.get("d1") is None
        assert (file.count(), file.drop("d"), file.size) == (0, 0, 0)
        file.clear()
    told = [record.levelname for record in caplog.records]
    assert 1 <= told.count("WARNING") <= 2, "said once, and not with every answer"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="everybody here may write everywhere")
def test_a_file_that_may_not_be_written_to_is_not_waited_for(file: AnswerFile, path: Path) -> None:
    file.put("d1", ANSWER)
    file.close()
    path.chmod(0o400)
    file.put("d2", ANSWER)
    assert file.get("d1") is None
    path.chmod(0o600)
    assert file.get("d1") == ANSWER
    assert file.get("d2") is None


def test_a_file_that_somebody_else_locks_is_not_waited_for(
    file: AnswerFile, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "_BUSY_MS", 50)
    file.put("d1", ANSWER)
    file.close()
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        file.put("d2", ANSWER)
        assert file.get("d1") is None
        other.rollback()
    assert file.get("d1") == ANSWER
    assert file.get("d2") is None
    file.put("d2", ANSWER)
    assert file.get("d2") == ANSWER


def test_threads_share_a_file(file: AnswerFile) -> None:
    def work(number: int) -> bool:
        answer = Answer(str(number).encode() * 10_000, float(number))
        file.put(f"d{number}", answer)
        return file.get(f"d{number}") == answer

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(100)))
    assert file.count() == 100


WRITER = """
import sys
from pathlib import Path
from acudata.transport.answers import Answer, AnswerFile
file = AnswerFile(Path(sys.argv[1]))
for number in range(50):
    key = f"d{sys.argv[2]}x{number}"
    file.put(key, Answer(key.encode() * 5000, float(number)))
    assert file.get(key).content == key.encode() * 5000, key
"""


def test_processes_share_a_file(file: AnswerFile, path: Path) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), str(number)], stderr=subprocess.PIPE)
        for number in range(2)
    ]
    assert [(writer.communicate()[1], writer.returncode) for writer in writers] == [(b"", 0)] * 2
    assert file.count() == 100


KILLED = """
import os, sys
from pathlib import Path
from acudata.transport.answers import Answer, AnswerFile
file = AnswerFile(Path(sys.argv[1]))
number = 0
while True:
    file.put(f"d{number}", Answer(str(number).encode() * 200_000, float(number)))
    print(number, flush=True)
    number += 1
"""


def test_a_killed_writer_leaves_whole_answers(file: AnswerFile, path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        for _ in range(20):
            writer.stdout.readline()
        writer.kill()
    for number in range(20):
        assert file.get(f"d{number}") == Answer(str(number).encode() * 200_000, float(number))
    file.put("d1", ANSWER)
    assert file.get("d1") == ANSWER


FORKED = """
import os, sys
from pathlib import Path
from acudata.transport.answers import Answer, AnswerFile
file = AnswerFile(Path(sys.argv[1]))
file.put("d1", Answer(b"parent", 1.0))
opened_by_parent = file._answers
child = os.fork()
if not child:
    file.put("d2", Answer(b"child", 1.0))
    os._exit(0 if file.get("d1").content == b"parent" and file._answers is not opened_by_parent else 1)
assert os.waitpid(child, 0)[1] == 0
file.put("d3", Answer(b"parent", 1.0))
assert [file.get(key).content for key in ("d1", "d2", "d3")] == [b"parent", b"child", b"parent"]
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_forked_child_opens_the_file_itself(path: Path) -> None:
    subprocess.run([sys.executable, "-W", "error", "-c", FORKED, str(path)], check=True)


FULL = """
import resource, sys
from pathlib import Path
from acudata.transport.answers import Answer, AnswerFile
file = AnswerFile(Path(sys.argv[1]))
file.put("d1", Answer(b"small", 1.0))
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
file.put("d2", Answer(bytes(1_000_000), 1.0))
print(file.get("d2"), file.get("d1").content)
"""


@pytest.mark.skipif(os.name != "posix", reason="a full disk is imitated by a limit that POSIX has")
def test_a_full_disk_only_costs_the_copy(path: Path) -> None:
    told = subprocess.check_output([sys.executable, "-c", FULL, str(path)], text=True)
    assert told == "None b'small'\n"


def test_the_oldest_give_way_when_there_is_no_room(file: AnswerFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "LIMIT", 1_000_000)
    for number in range(100):
        file.put(f"d{number}", Answer(bytes(50_000), float(number)))
        assert file.size < 1_100_000
    kept = [number for number in range(100) if file.get(f"d{number}")]
    assert kept == list(range(kept[0], 100))
    assert len(kept) > 10
    file.put("d100", Answer(bytes(300_000), 100.0))
    assert file.get("d100") is None, "one answer must not drive out all others"
