"""The addresses of an instance: its paths, and the links that the server makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

Params = Mapping[str, str | int | None]


@dataclass(frozen=True, slots=True)
class Address:
    """Turns paths and links into URLs of one instance, never into those of another host.

    `base_url` ends at the instance, its virtual directory included.
    """

    base_url: str

    def url(self, path: str, params: Params | None = None) -> str:
        """Return the URL of a path below the instance, or of a link of the server, with query parameters.

        A `#` belongs to the path: as the start of a fragment it would turn the address of a record into that of all.

        >>> Address("https://acme.com/Live").url("entity/Default/24.200.001/Customer", {"$top": 5, "$skip": None})
        'https://acme.com/Live/entity/Default/24.200.001/Customer?$top=5'
        """
        url = (
            self.link(path)
            if path.startswith("/") or "://" in path
            else f"{self.base_url}/{path.replace('#', '%23')}"
        )
        given = {name: str(value) for name, value in (params or {}).items() if value is not None}
        query = urlencode(given, quote_via=quote, safe="$,/")
        return url + ("&" if "?" in url else "?") * bool(query) + query

    def link(self, href: str) -> str:
        """Return the URL of a link made by the server.

        (Acumatica: links are absolute paths that already hold the virtual directory. Where one names a host,
        it may be the one that the server knows behind its proxy, so only the path counts.)

        >>> Address("https://acme.com/Live").link("/Live/entity/Default/24.200.001/files/1")
        'https://acme.com/Live/entity/Default/24.200.001/files/1'
        """
        parts, instance = urlsplit(href), urlsplit(self.base_url)
        return instance._replace(path=parts.path, query=parts.query).geturl()

    def shown(self, url: str) -> str:
        """Return the path of a URL below the instance, without its query, for messages and logs."""
        return url.partition("?")[0].removeprefix(self.base_url).lstrip("/")
