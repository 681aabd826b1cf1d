"""The HTTP cache of a session: what is kept, for whom, for how long, and what a write does to it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from acudata.errors import AcumaticaError, AcumaticaOfflineError
from acudata.sandbox import Sandbox
from acudata.transport import Reply, Session
from acudata.transport.cache import clear_all
from tests.transport.conftest import PASSWORD, SIGN_IN, Answer, Open, ScriptedServer, answer, settings_for

CUSTOMERS = "entity/Default/24.200.001/Customer"
ROWS = [{"CustomerID": {"value": "ABARTENDE"}}]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def caching(server: ScriptedServer, connect: Open, folder: Path) -> Open:
    """Open sessions that keep answers, unless told otherwise; customers are there to be read."""
    server.script(CUSTOMERS, answer(200, ROWS))

    def open_session(**settings: Any) -> Session:
        return connect(server, **{"cache_dir": folder, "http_cache": True, **settings})

    return open_session


def read(session: Session, path: str = CUSTOMERS, **options: Any) -> Reply:
    return session.get(path, params={"$top": 5}, **options)


def kept_files(folder: Path) -> list[Path]:
    return sorted((folder / "http").glob("*.sqlite"))


def grow_older(session: Session, seconds: float) -> None:
    """Make everything that is kept that much older."""
    file = session.cache._file
    for key in file._keys(""):
        kept = file.get(key)
        assert kept is not None
        file.put(key, replace(kept, asked_at=kept.asked_at - seconds))


def test_the_same_question_is_sent_once(server: ScriptedServer, caching: Open) -> None:
    session = caching()
    first, again = read(session), read(session)
    assert len(server.calls) == 1
    assert first.content == again.content
    assert (first.age, again.status, again.headers["Content-Type"]) == (
        None,
        200,
        first.headers["Content-Type"],
    )
    assert again.age is not None
    assert 0 <= again.age < 60


def test_another_client_and_another_process_find_it(server: ScriptedServer, caching: Open) -> None:
    read(caching())
    second = caching()
    assert read(second).age is not None
    assert second.usage.calls == 0
    assert server.count("POST", SIGN_IN) == 1, "what is kept takes no sign-in"


def test_nothing_is_kept_unless_asked_for(server: ScriptedServer, caching: Open, folder: Path) -> None:
    session = caching(http_cache=False)
    assert [read(session).age for _ in range(2)] == [None, None]
    session.put(CUSTOMERS, json={})
    assert not folder.exists()


QUESTIONS: dict[str, dict[str, Any]] = {
    "another page": {"params": {"$top": 5, "$skip": 5}},
    "another filter": {"params": {"$top": 5, "$filter": "CustomerID eq 'x'"}},
    "another branch": {"headers": {"PX-CbApiBranch": "EAST"}},
    "another business date": {"headers": {"PX-CbApiBusinessDate": "2024/12/31"}},
    "archived records": {"headers": {"PX-ApiArchive": "SHOW"}},
    "another form": {"headers": {"Accept": "text/json"}},
    "another endpoint": {"path": "entity/Default/23.200.001/Customer"},
}


@pytest.mark.parametrize("which", QUESTIONS)
def test_another_question_is_another_question(which: str, server: ScriptedServer, caching: Open) -> None:
    session = caching()
    other = {"path": CUSTOMERS, "params": {"$top": 5}, **QUESTIONS[which]}
    server.script(other["path"], answer(200, ROWS))
    read(session)
    assert session.get(**other).age is None
    assert session.get(**other).age is not None


IDENTITIES: dict[str, dict[str, Any]] = {
    "tenant": {"tenant": "T100"},
    "user": {"username": "eve"},
    "branch": {"branch": "EAST"},
    "locale": {"locale": "de-DE"},
    "endpoint": {"endpoint_name": "Portal"},
    "version": {"endpoint_version": "23.200.001"},
}


@pytest.mark.parametrize("which", IDENTITIES)
def test_another_identity_has_a_file_of_its_own(which: str, caching: Open, folder: Path) -> None:
    read(caching())
    assert read(caching(**IDENTITIES[which])).age is None
    assert len(kept_files(folder)) == 2


def test_another_instance_has_a_file_of_its_own(caching: Open, connect: Open, folder: Path) -> None:
    read(caching())
    other = ScriptedServer()
    try:
        other.script(CUSTOMERS, answer(200, ROWS))
        assert read(connect(other, cache_dir=folder, http_cache=True)).age is None
    finally:
        other.close()


def text(body: str, status: int = 200, **headers: str) -> Answer:
    return answer(status, body, **headers)


UNKEPT: dict[str, tuple[str, Answer]] = {
    "an empty list": (CUSTOMERS, text("[]")),
    "an empty list with spaces": (CUSTOMERS, text(" [ ] \n")),
    "an empty object": (CUSTOMERS, text("{}")),
    "nothing": (CUSTOMERS, text("")),
    "blanks": (CUSTOMERS, text("  \r\n")),
    "null": (CUSTOMERS, text("null")),
    "half of a list": (CUSTOMERS, text('[{"id": "1"}, {"id"')),
    "an error at the end": (CUSTOMERS, text('[{"id": "1"}]<html>Server Error</html>')),
    "a page that says it is JSON": (CUSTOMERS, text("<html>Sign in</html>")),
    "text": (CUSTOMERS, Answer(200, b"[1]", (("Content-Type", "text/plain"),))),
    "no type": (CUSTOMERS, Answer(200, b"[1]", ())),
    "another success": (CUSTOMERS, text("[1]", 203)),
    "a file": ("entity/Default/24.200.001/files/4c6f", text("[1]")),
    "the state of an action": (f"{CUSTOMERS}/Merge/status/4c6f", text("[1]")),
    "a session": ("entity/auth/me", text('{"name": "api"}')),
    "a page of the site": ("Frames/Login.aspx", text("[1]")),
}


@pytest.mark.parametrize("which", UNKEPT)
def test_what_is_not_kept(which: str, server: ScriptedServer, caching: Open) -> None:
    path, told = UNKEPT[which]
    server.script(path, told)
    session = caching()
    assert [session.get(path).age for _ in range(2)] == [None, None]
    assert session.cache.stats()["answers"] == 0


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422, 429, 500, 503])
def test_an_error_is_not_kept(status: int, server: ScriptedServer, caching: Open) -> None:
    session = caching(retry_on_idle_logout=False)
    server.script(CUSTOMERS, answer(status, {"message": "no"}))
    with pytest.raises(AcumaticaError):
        read(session)
    server.script(CUSTOMERS, answer(200, ROWS))
    assert read(session).age is None


KEPT: dict[str, tuple[str, str]] = {
    "a list": (CUSTOMERS, '[{"id": "1"}]'),
    "a record": (f"{CUSTOMERS}/ABARTENDE", '{"id": "1"}'),
    "the endpoints": ("entity", '{"endpoints": []}'),
    "the endpoints of an old build": ("entity", '[{"name": "Default"}]'),
    "the description": ("entity/Default/24.200.001/swagger.json", '{"openapi": "3.0.1"}'),
    "custom fields": (f"{CUSTOMERS}/$adHocSchema", '{"custom": {}}'),
    "a record called status": (f"{CUSTOMERS}/status", '{"id": "1"}'),
    "every byte of it": (CUSTOMERS, '\n[{"Näme": "Łódź ✓", "n": 1.10, "m": 12345678901234567890.5}]\r\n'),
}


@pytest.mark.parametrize("which", KEPT)
def test_what_is_kept(which: str, server: ScriptedServer, caching: Open) -> None:
    path, body = KEPT[which]
    server.script(path, text(body))
    session = caching()
    session.get(path)
    again = session.get(path)
    assert again.age is not None
    assert again.content == body.encode()


@pytest.mark.parametrize(("body", "is_kept"), [("[]", True), (" [ ]\n", True), ("{}", False), ("", False)])
def test_an_empty_list_is_kept_for_who_knows_that_it_is_right(
    *, body: str, is_kept: bool, server: ScriptedServer, caching: Open
) -> None:
    """The page after the last record of a list is empty, and no reason to be suspicious."""
    server.script(CUSTOMERS, text(body))
    session = caching()
    read(session, keep_empty=True)
    assert (read(session).age is not None) == is_kept


@pytest.mark.parametrize(
    ("http_cache", "cache", "age", "is_taken"),
    [
        ("1h", None, 0, True),
        ("1h", None, 3500, True),
        ("1h", None, 3700, False),
        ("1h", True, 0, True),
        ("1h", True, 10**8, True),
        ("1h", False, 0, False),
        ("1h", None, -100, False),
        (False, None, 0, False),
        (False, True, 10**8, True),
        (False, False, 0, False),
    ],
)
def test_which_answers_are_taken(
    *, http_cache: Any, cache: bool | None, age: float, is_taken: bool, caching: Open
) -> None:
    grown = caching()
    read(grown)
    grow_older(grown, age)
    session = caching(http_cache=http_cache)
    assert session.cache.is_used(cache=cache) == (cache is not False and (cache or http_cache is not False))
    taken = read(session, cache=cache).age
    assert (taken is not None) == is_taken
    assert taken is None or taken == pytest.approx(age, abs=30)


@pytest.mark.parametrize("http_cache", ["1h", False])
def test_asking_anew_refreshes_what_is_kept(http_cache: Any, server: ScriptedServer, caching: Open) -> None:
    read(caching())
    session = caching(http_cache=http_cache)
    server.script(CUSTOMERS, answer(200, [{"CustomerID": {"value": "NEW"}}]))
    assert b"NEW" in read(session, cache=False).content
    assert b"NEW" in read(session, cache=True).content


def test_asking_anew_keeps_nothing_where_nothing_is_kept(caching: Open, folder: Path) -> None:
    read(caching(http_cache=False), cache=False)
    assert not folder.exists()


def test_one_reading_can_keep_what_the_client_does_not(server: ScriptedServer, caching: Open) -> None:
    session = caching(http_cache=False)
    read(session, cache=True)
    assert read(session, cache=True).age is not None
    assert read(session).age is None


WRITES: dict[str, Callable[[Session], object]] = {
    "a PUT": lambda session: session.put(CUSTOMERS, json={}),
    "a PUT to another entity": lambda session: session.put("entity/Default/24.200.001/Payment", json={}),
    "an action": lambda session: session.post(f"{CUSTOMERS}/Merge", json={}),
    "a DELETE": lambda session: session.delete(f"{CUSTOMERS}/ABARTENDE"),
    "a file": lambda session: session.put("entity/Default/24.200.001/files/x/y/z", data=b"x"),
    "a refused write": lambda session: session.put("entity/refused", json={}),
    "a write of unknown fate": lambda session: session.post("entity/cut", json={}),
    "the end of an action": lambda session: session.get(f"{CUSTOMERS}/Merge/status/4c6f"),
}


@pytest.mark.parametrize("which", WRITES)
@pytest.mark.parametrize("http_cache", [True, False], ids=["by itself", "by a client without a cache"])
def test_a_write_outdates_everything_but_the_schema(
    which: str, *, http_cache: bool, server: ScriptedServer, caching: Open
) -> None:
    server.script("entity/refused", answer(422, {"error": "no"}))
    server.script("entity/cut", Answer(200, b"{", cut=10))
    server.script("entity", answer(200, {"endpoints": [1]}))
    session = caching()
    read(session)
    session.get("entity")
    try:
        WRITES[which](caching(http_cache=http_cache))
    except AcumaticaError:
        assert which in ("a refused write", "a write of unknown fate")
    assert session.cache.stats()["answers"] == 1, "only the schema is left"
    assert read(session).age is None
    assert session.get("entity").age is not None


def test_an_inquiry_changes_nothing(caching: Open) -> None:
    session = caching()
    read(session)
    session.put(CUSTOMERS, json={}, changes=False)
    assert read(session).age is not None


@pytest.mark.parametrize("whose", ["its own", "another process's"])
def test_an_answer_that_a_write_overtakes_is_outdated(
    whose: str, server: ScriptedServer, caching: Open
) -> None:
    """The body was made before the write, and arrives after it."""
    session = caching()
    writer = session if whose == "its own" else caching()
    late = replace(answer(200, ROWS), before=lambda: writer.put(CUSTOMERS, json={}))
    server.script(CUSTOMERS, late, answer(200, {}), answer(200, ROWS))
    read(session)
    assert session.cache.stats()["answers"] >= 1
    assert read(session).age is None


def test_nothing_kept_is_taken_while_a_write_is_under_way(server: ScriptedServer, caching: Open) -> None:
    """Its answer may never come."""
    session, other = caching(), caching()
    path = "entity/Default/24.200.001/Payment"
    read(session)
    during: list[Reply] = []
    server.script(path, replace(answer(200, {}), before=lambda: during.append(read(other))))
    session.put(path, json={})
    assert [reply.age for reply in during] == [None]


def test_an_answer_that_is_asked_for_during_a_write_is_outdated(
    server: ScriptedServer, caching: Open
) -> None:
    session, other = caching(), caching()
    other_path = "entity/Default/24.200.001/Vendor"
    server.script(other_path, answer(200, ROWS))
    server.script(CUSTOMERS, replace(answer(200, {}), before=lambda: read(other, other_path)))
    session.put(CUSTOMERS, json={})
    assert read(other, other_path).age is None


def test_what_the_session_knows_is_in_no_file(server: ScriptedServer, caching: Open, folder: Path) -> None:
    server.script(
        CUSTOMERS, answer(200, ROWS, Set_Cookie="UserBranch=16-secret; path=/", X_Secret="header-secret")
    )
    session = caching()
    read(session, headers={"PX-Secret": "asked-secret"})
    read(session)
    session.put(CUSTOMERS, json={})
    read(session)
    session.close()
    [file] = kept_files(folder)
    content = file.read_bytes()
    assert b"ABARTENDE" in content
    secrets = (
        PASSWORD,
        "session1",
        "ticket1",
        "SessionId",
        "ASPXAUTH",
        "Cookie",
        "UserBranch",
        "secret",
        "api",
    )
    assert [secret for secret in secrets if secret.lower().encode() in content.lower()] == []


def test_the_file_does_not_tell_whose_it_is(caching: Open, folder: Path) -> None:
    read(caching(username="lovelace", tenant="Company"))
    [file] = kept_files(folder)
    assert b"lovelace" not in file.name.encode() + file.read_bytes()


@pytest.mark.skipif(os.name != "posix", reason="Windows protects the folders of a user by itself")
def test_nobody_else_may_look_into_it(caching: Open, folder: Path) -> None:
    folder.mkdir(mode=0o755)
    (folder / "http").mkdir(mode=0o777)
    read(caching())
    [file] = kept_files(folder)
    assert [path.stat().st_mode & 0o777 for path in (file.parent, file)] == [0o700, 0o600]


def test_kept_answers_wait_for_no_pace_and_are_not_counted(caching: Open) -> None:
    read(caching())
    session = caching(rate_limit_calls_per_second=0.001)
    for _ in range(3):
        read(session)
    assert (session.usage.calls, session.usage.paced) == (0, 0)
    assert session.cache.stats()["hits"] == 3


def test_offline_sends_nothing_at_all(server: ScriptedServer, caching: Open) -> None:
    read(caching())
    before = len(server.asked)
    session = caching(offline=True, http_cache=False)
    session.sign_in()
    grow_older(session, 10**8)
    assert read(session).content == answer(200, ROWS).body
    session.close()
    assert len(server.asked) == before


OFFLINE: dict[str, tuple[Callable[[Session], object], str]] = {
    "another question": (lambda s: s.get(CUSTOMERS, params={"$top": 9}), r"Customer\?\$top=9 was not kept"),
    "a new answer": (lambda s: read(s, cache=False), "has to be sent to the server"),
    "a file": (lambda s: s.get("entity/Default/24.200.001/files/1"), "has to be sent to the server"),
    "the state of an action": (lambda s: s.get(f"{CUSTOMERS}/Merge/status/1"), "has to be sent"),
    "a PUT": (lambda s: s.put(CUSTOMERS, json={}), "PUT entity.*/Customer has to be sent"),
    "an inquiry": (lambda s: s.put(CUSTOMERS, json={}, changes=False), "has to be sent"),
    "a POST": (lambda s: s.post(CUSTOMERS, json={}), "POST entity.*/Customer has to be sent"),
    "a DELETE": (lambda s: s.delete(CUSTOMERS), "DELETE entity.*/Customer has to be sent"),
}


@pytest.mark.parametrize("which", OFFLINE)
def test_offline_says_what_it_lacks(which: str, server: ScriptedServer, caching: Open) -> None:
    act, told = OFFLINE[which]
    online = caching()
    read(online)
    online.close()
    session = caching(offline=True)
    before = len(server.asked)
    with pytest.raises(AcumaticaOfflineError, match=told) as caught:
        act(session)
    assert caught.value.suggestions
    assert len(server.asked) == before
    assert read(session).age is not None, "what was refused outdates nothing"


def test_offline_knows_what_is_near(caching: Open) -> None:
    read(caching())
    session = caching(offline=True)
    for path, hint in (
        (CUSTOMERS, "1 other answers"),
        (CUSTOMERS.replace("Customer", "Bill"), "without rows"),
    ):
        with pytest.raises(AcumaticaOfflineError) as caught:
            session.get(path)
        assert "http_cache=True" in caught.value.suggestions[0]
        assert hint in caught.value.suggestions[1]


@pytest.mark.parametrize("offline", [True, False])
def test_a_closed_session_gives_nothing_more(*, offline: bool, caching: Open) -> None:
    read(caching())
    session = caching(offline=offline)
    assert read(session).age is not None
    session.close()
    with pytest.raises(AcumaticaError, match="client is closed"):
        read(session)


def test_each_call_by_itself_needs_no_seat_for_what_is_kept(server: ScriptedServer, caching: Open) -> None:
    session = caching(persistent_login=False)
    for _ in range(3):
        read(session)
    assert server.count("POST", SIGN_IN) == 1


def test_clearing(caching: Open, folder: Path) -> None:
    session, other = caching(), caching(tenant="T100")
    read(session)
    read(other)
    assert session.cache.clear() == 1
    assert read(session).age is None
    assert b"ABARTENDE" in kept_files(folder)[0].read_bytes()
    (folder / "http" / "mine.sqlite").write_text("not acudata's", encoding="utf-8")
    session.close()
    other.close()
    assert clear_all(folder) == 2
    assert [path.name for path in (folder / "http").iterdir()] == ["mine.sqlite"]


def test_no_byte_stays_of_what_is_cleared(caching: Open, folder: Path) -> None:
    session = caching()
    read(session)
    session.cache.clear()
    assert b"ABARTENDE" not in kept_files(folder)[0].read_bytes()


def test_the_log_tells_what_was_taken(caching: Open, caplog: pytest.LogCaptureFixture) -> None:
    session = caching()
    read(session)
    with caplog.at_level("DEBUG", logger="acudata.transport"):
        read(session)
    assert "GET entity/Default/24.200.001/Customer taken from the cache, 0 s old" in caplog.text


def test_two_tenants_of_a_sandbox(connect: Open, folder: Path) -> None:
    with Sandbox() as box:
        sessions = [
            Session(settings_for(box, cache_dir=folder, http_cache=True, tenant=tenant))
            for tenant in box.tenants
        ]
        for session in sessions:
            with session:
                assert read(session).age is None
                assert read(session).age is not None
    assert len(kept_files(folder)) == 2
