"""`acudata lab`, `%acu` and the schema browser in a real JupyterLab, as a user sees them in Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.jupyterlab import Notebook, running_chromium, write_notebook, write_settings
from tests.labs import Lab, own_places, running_lab

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

pytestmark = pytest.mark.slow

NAMES = sorted(path.name for path in (Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
CONNECT = "%load_ext acudata\nclient = %acu connect --demo\nclient"
EVIL = "<script>acted=1</script><img src=x onerror=acted=1>"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lab")


@pytest.fixture(scope="module")
def chromium() -> Iterator[BrowserContext]:
    with running_chromium() as browser:
        yield browser.new_context(permissions=["clipboard-read", "clipboard-write"])


@pytest.fixture(scope="module")
def lab(folder: Path, chromium: BrowserContext) -> Iterator[Lab]:
    pytest.importorskip("jupyterlab", reason="JupyterLab is not installed")
    write_settings(Path(own_places(folder)["JUPYTER_CONFIG_DIR"]))
    with running_lab(folder) as lab:
        yield lab


@pytest.fixture
def opened(folder: Path, lab: Lab, chromium: BrowserContext) -> Iterator[Callable[..., Notebook]]:
    """Return what opens a notebook of a name, with the given cells if there are any, and else as it was left."""

    def open_notebook(name: str, *cells: str) -> Notebook:
        if cells:
            write_notebook(folder / "notebooks" / f"{name}.ipynb", *cells)
        return Notebook(chromium.new_page(), lab.page(f"{name}.ipynb"))

    yield open_notebook
    for page in chromium.pages:
        page.close()


def test_the_lab_lists_the_copies_and_opens_the_first(lab: Lab, chromium: BrowserContext) -> None:
    with chromium.new_page() as page:
        notebook = Notebook(page, lab.opened)
        assert set(NAMES) <= set(page.locator(".jp-DirListing-itemName").all_inner_texts())
        assert page.locator(".jp-mod-current .lm-TabBar-tabLabel", has_text=NAMES[0]).count()
        notebook.run(0)
        notebook.run(1).get_by_text("SalesOrder").first.wait_for()
        notebook.picture("lab")


def test_browse_search_click_copy_and_run_what_was_copied(lab: Lab, opened: Callable[..., Notebook]) -> None:
    notebook = opened("browse", CONNECT, "%acu browse", "", "")
    assert notebook.run(0).get_by_text(lab.sandbox).count()
    browsing = notebook.browse(1)
    browsing.select("customer email", "Customer.Email")
    line = "df = client.customers.to_frame(columns=['CustomerID', 'Email'], top=10)"
    notebook.page.wait_for_function(f"document.querySelector('.widget-textarea textarea').value == {line!r}")
    browsing.rows.click()
    browsing.pane.get_by_text("liam.turner@1-diner.example").wait_for()
    notebook.picture("browse")
    browsing.copy()
    assert notebook.page.evaluate("navigator.clipboard.readText()") == line
    notebook.cell(2).locator(".cm-content").click()
    notebook.page.keyboard.press("ControlOrMeta+v")
    notebook.page.keyboard.type("\ndf")
    assert notebook.run(2).locator("tbody tr").count() == 10
    notebook.picture("copied")


def test_scripts_in_a_customers_name_do_nothing(opened: Callable[..., Notebook]) -> None:
    notebook = opened(
        "hostile",
        CONNECT,
        f"client.customers.put_entity({{'CustomerID': 'AAA', 'CustomerName': {EVIL!r}, 'CustomerClass': 'DEFAULT'}})",
        "%acu customers --filter \"CustomerID eq 'AAA'\" --columns CustomerName",
        "%acu browse",
        f"from IPython.display import HTML\nHTML({EVIL!r})",
    )
    for number in range(3):
        output = notebook.run(number)
    output.get_by_text(EVIL[:24]).wait_for()  # pandas cuts what is long
    browsing = notebook.browse(3)
    browsing.select("customername", "Customer.CustomerName")
    browsing.rows.click()
    browsing.pane.get_by_text(EVIL).wait_for()
    notebook.picture("hostile")
    assert notebook.page.evaluate("typeof acted") == "undefined"
    notebook.run(4)  # what acts is seen to act
    notebook.page.wait_for_function("typeof acted != 'undefined'")


def test_reopened_without_its_kernel_the_browser_is_a_table(
    lab: Lab, opened: Callable[..., Notebook]
) -> None:
    notebook = opened("reopened", CONNECT, "%acu browse")
    notebook.run(0)
    notebook.browse(1).search.wait_for()
    assert not notebook.page.get_by_text("client.sales_orders").is_visible()
    with notebook.page.expect_response(
        lambda answer: answer.request.method == "PUT" and "contents" in answer.url
    ):
        notebook.page.keyboard.press("ControlOrMeta+s")
    notebook.page.close()
    for kernel in lab.ask("api/kernels"):
        lab.ask(f"api/kernels/{kernel['id']}", method="DELETE")
    again = opened("reopened")
    again.page.get_by_text("client.sales_orders").wait_for()
    again.picture("reopened")
    assert not again.page.get_by_text("model not found").is_visible()
