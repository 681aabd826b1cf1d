"""The schema browser: a search box, a list, what there is to know of the selected, and the line of Python for it.

Typing asks the server for nothing. Selecting reads the custom fields of that one entity, unless they are known; the
button reads rows. All text of the ERP is escaped; there is no script.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from acudata.errors import AcumaticaConfigError, AcumaticaError
from acudata.looks.text import visible
from acudata.notebook.panes import entry_pane, note, rows_pane, services_pane
from acudata.notebook.recipes import ROWS, python_line, sample_options, service_expression
from acudata.schema.entries import WHATS, Entry
from acudata.schema.search import LIMIT, Found, SearchIndex

try:
    import ipywidgets as widgets
except ImportError as error:
    raise AcumaticaConfigError(
        "The schema browser needs ipywidgets, which is not installed.",
        suggestions=["pip install 'acudata[notebook]'", "client.search_services('…') finds names without it"],
    ) from error

if TYPE_CHECKING:
    from acudata.client import AcumaticaClient
    from acudata.schema import Entity
    from acudata.schema.catalogue import Catalogue

EVERYTHING, LIKE = "everything", "entities with a field like"
_WIDGET = "application/vnd.jupyter.widget-view+json"


class Browser:
    """Shows what a tenant offers; `client.browse()` gives one.

    `search`, `shows`, `list`, `summary`, `pane`, `code`, `button` and `sample` are its widgets, `widget` holds them.
    """

    def __init__(self, client: AcumaticaClient, catalogue: Catalogue) -> None:
        self._client = client
        self._catalogue = catalogue
        self._endpoint = catalogue.endpoint
        self._index = SearchIndex.of(self._endpoint, catalogue.known_custom)
        self._shown = Found((), 0)
        self._make_widgets()
        self.list.observe(self._show_selected, "value")
        self.search.observe(self._show_found, "value")
        self.shows.observe(self._show_found, "value")
        self.button.on_click(self._show_sample)
        self._show_found()

    def _make_widgets(self) -> None:
        wide = widgets.Layout(width="auto")
        self.search = widgets.Text(placeholder="customer email, usr, release …", layout=wide)
        self.shows = widgets.Dropdown(options=[EVERYTHING, LIKE, *WHATS], layout=wide)
        self.list = widgets.Select(rows=18, layout=wide)
        self.summary = widgets.HTML()
        self.pane = widgets.HTML(layout=widgets.Layout(max_height="420px", overflow="auto"))
        self.code = widgets.Textarea(rows=2, layout=wide, placeholder="the line of Python, to be copied")
        self.button = widgets.Button(description=f"Read {ROWS} rows", disabled=True)
        self.sample = widgets.HTML(layout=widgets.Layout(overflow="auto"))
        found = _column("2 1 280px", self.search, self.shows, self.list, self.summary)
        told = _column("3 1 360px", self.code, self.button, self.sample, self.pane)
        self.widget = widgets.HBox([found, told], layout=widgets.Layout(flex_flow="row wrap"))
        self.widget.add_class(self._mark)

    @property
    def selected(self) -> Entry | None:
        """Return the selected entry, None before anything was selected."""
        entry: Entry | None = self.list.value
        return entry

    def _found(self) -> Found:
        text, shows = self.search.value, self.shows.value
        if shows == EVERYTHING:
            return self._index.search(text)
        if shows != LIKE:
            return self._index.search(text, whats={shows})
        firsts = [entries[0] for entries in self._index.entities_with(text).values()]
        return Found(tuple(firsts[:LIMIT]), len(firsts))

    def _show_found(self, _change: object = None) -> None:
        """List what is found, with nothing selected: ipywidgets would select the first, which costs a request."""
        found = self._found()
        self.list.unobserve(self._show_selected, "value")
        self.list.options = [(_listed(entry), entry) for entry in found.entries]
        self.list.index = None
        self.list.observe(self._show_selected, "value")
        self._shown = found
        self._summarise()

    def _summarise(self) -> None:
        known = f"{len(self._index.custom_known):,} of {len(self._endpoint.entities):,} entities"
        told = f"custom fields of {known} are known: select one to read its own"
        self.summary.value = note(f"{self._shown.summary}; {told}")

    def _show_selected(self, _change: object = None) -> None:
        entry = self.selected
        if entry is None:
            return
        self.sample.value = ""
        entity, problem = self._entity(entry)
        self._summarise()
        others = self._index.entities_with(entry.name)
        self.pane.value = problem + entry_pane(self._endpoint, entity, entry, others)
        self.code.value = python_line(entity, self._endpoint, entry, self._expression(entry))
        self.button.disabled = entity is None or entity.is_inquiry

    def _entity(self, entry: Entry) -> tuple[Entity | None, str]:
        """Return the entity of an entry with its custom fields, or without them and what stood in the way."""
        if not entry.entity:
            return None, ""
        try:
            entity = self._catalogue.entity(entry.entity)
        except AcumaticaError as error:
            return self._endpoint.entities[entry.entity], note(f"Its custom fields are unknown: {error}")
        self._index = self._index.with_custom(entity.name, entity.custom)
        return entity, ""

    def _expression(self, entry: Entry) -> str:
        taken = frozenset({*dir(type(self._client)), *vars(self._client)})
        return service_expression(self._endpoint, entry.entity, taken=taken)

    def _show_sample(self, _button: object = None) -> None:
        """Read rows of the selected; what goes wrong is shown in their place, since nothing runs on from here."""
        entry = self.selected
        if entry is None or not entry.entity:
            return
        entity, _ = self._entity(entry)
        if entity is None or entity.is_inquiry:
            return
        options = sample_options(entity, self._endpoint, entry)
        try:
            frame = self._client[entry.entity].to_frame(**options, top=ROWS, progress=False)
            self.sample.value = rows_pane(frame)
        except AcumaticaError as error:
            self.sample.value = note(str(error))

    # How it is displayed: as a widget where a kernel answers, else as a table.

    @property
    def _mark(self) -> str:
        return f"acudata-browser-{self.widget.model_id}"

    def __repr__(self) -> str:
        return (
            f"<acudata.Browser {len(self._index):,} names of {self._endpoint.name}/{self._endpoint.version}>"
        )

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, Any]:
        """Return the widget, and the table for where widgets are not shown, or no longer; nothing is read for it."""
        bundle = self.widget._repr_mimebundle_()
        view = {_WIDGET: bundle[_WIDGET]} if _WIDGET in bundle else {}
        return {"text/plain": repr(self), "text/html": services_pane(self._endpoint), **view}

    def _ipython_display_(self) -> None:
        """Display the widget, and below it what takes its place in a JupyterLab that finds no kernel.

        JupyterLab prefers the widget to the table of the same output, and shows "model not found" when it is gone.
        """
        from IPython.display import display

        display(self._repr_mimebundle_(), raw=True)  # type: ignore[no-untyped-call]
        display({"text/plain": "", "text/html": self._left_behind()}, raw=True)  # type: ignore[no-untyped-call]

    def _left_behind(self) -> str:
        output, mark = ".jp-OutputArea-child", self._mark
        gone = f"{output}:not(:has(.{mark}))"
        return (
            f"<style>{gone}:has(+ {output} .{mark}-table){{display:none}}"
            f"{gone} + {output} .{mark}-table{{display:block!important}}</style>"
            f'<div class="{mark}-table" style="display:none" hidden>{services_pane(self._endpoint)}</div>'
        )


def _column(flex: str, *children: widgets.Widget) -> widgets.VBox:
    """Return widgets below each other, which go below another column where there is no room beside it."""
    return widgets.VBox(children, layout=widgets.Layout(flex=flex, min_width="0"))


def _listed(entry: Entry) -> str:
    """Return an entry as it stands in the list, which shows text alone."""
    mark = f" [{entry.what}]" if entry.what != "field" else ""
    kind = f"  {entry.kind}" if entry.kind not in ("", entry.name) else ""
    return visible(f"{entry.label}{mark}{kind}")
