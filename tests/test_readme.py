"""The README: its session gives the output that it shows, and its commands are those that CI runs."""

import doctest
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from acudata import AcumaticaClient
from acudata.sandbox import Sandbox

README = Path(__file__).parents[1] / "README.md"


class Checker(doctest.OutputChecker):
    """Takes the dtype that pandas 2 calls `string[pyarrow]` for the `string` of pandas 3."""

    def check_output(self, want: str, got: str, optionflags: int) -> bool:
        return super().check_output(want, got.replace("[pyarrow]", ""), optionflags)


def blocks(language: str) -> list[str]:
    return re.findall(
        rf"^```{language}\n(.*?)^```$", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )


def test_the_session_gives_the_output_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_, **__: tmp_path / "cache")
    session = doctest.DocTestParser().get_doctest("\n".join(blocks("pycon")), {}, "README.md", None, None)
    runner = doctest.DocTestRunner(Checker(), optionflags=doctest.NORMALIZE_WHITESPACE)
    report: list[str] = []
    result = runner.run(session, out=report.append)
    assert result.failed == 0, "".join(report)
    assert result.attempted > 10


def test_the_env_file_of_the_sandbox_lets_a_client_find_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, (command,) = blocks("ini")[0], [block for block in blocks("console") if "sandbox" in block]
    (port,) = re.findall(r"acudata sandbox --port (\d+)$", command, re.MULTILINE)
    assert f":{port}/" in told
    with Sandbox() as box:
        here = told.replace(f":{port}/", f":{urlsplit(box.url).port}/")  # the port of the README may be taken
        (tmp_path / ".env").write_text(here, encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        with AcumaticaClient() as client:
            assert client.config.base_url == box.url
            assert len(client.customers.to_frame(select="CustomerID")) == 300


def test_there_is_one_command_for_the_demo_and_one_for_the_tests() -> None:
    demo, tests = blocks("sh")
    assert demo.strip().endswith("acudata demo")
    assert tests.strip().endswith("pytest -n auto")
    assert demo.count("\n") == tests.count("\n") == 1
