"""An instance: what it answers to each call, in the terms of its parts."""

from __future__ import annotations

import html
import mimetypes
from collections.abc import Callable, Sequence
from threading import Lock
from urllib.parse import quote

from acudata.sandbox.calls import Answer, Call
from acudata.sandbox.cookies import signed_in, signed_out
from acudata.sandbox.discovery import endpoint_list, endpoint_path
from acudata.sandbox.endpoint import Endpoint
from acudata.sandbox.envelopes import Fault, method_not_allowed, not_found
from acudata.sandbox.files import new_file
from acudata.sandbox.records import File
from acudata.sandbox.settings import SandboxSettings
from acudata.sandbox.signin import Credentials, SignIn
from acudata.sandbox.tenants import Tenant

HTML = "text/html; charset=utf-8"


class Instance:
    """Answers calls; one method per route, each raising a `Fault` when it refuses."""

    def __init__(
        self,
        settings: SandboxSettings,
        tenants: Sequence[str],
        signin: SignIn,
        *,
        make_tenant: Callable[[str], Tenant],
    ) -> None:
        self.settings = settings
        self.signin = signin
        self._tenants = tuple(tenants)
        self._make_tenant = make_tenant
        self._made: dict[str, Tenant] = {}
        self._lock = Lock()

    def tenant(self, name: str) -> Tenant:
        """Return a tenant; its data is made when it is first asked for."""
        with self._lock:
            if name not in self._made:
                self._made[name] = self._make_tenant(name)
            return self._made[name]

    def login(self, call: Call) -> Answer:
        """Answer a sign-in."""
        credentials = Credentials.read(call.body, call.headers.get("content-type", ""))
        session = self.signin.sign_in(credentials, call.cookies)
        return Answer(status=204, cookies=tuple(signed_in(session, self.settings)))

    def logout(self, call: Call) -> Answer:
        """Answer a sign-out."""
        self.signin.sign_out(call.cookies)
        return Answer(status=204, cookies=tuple(signed_out(self.settings)))

    def login_page(self, call: Call) -> Answer:
        """Answer the sign-in page, whose hidden input tells the tenant that a session landed on."""
        name = html.escape(self._tenant(call).name)
        hidden = f'<input type="hidden" name="txtSingleCompany" id="txtSingleCompany" value="{name}" />'
        return Answer(f"<html><body><form>{hidden}</form></body></html>".encode(), media_type=HTML)

    def endpoints(self, call: Call) -> Answer:
        """Answer the list of endpoints; those of a tenant are told to its own sessions only."""
        try:
            known = self._tenant(call).endpoints
        except Fault:
            known = self.tenant(self._tenants[0]).system
        return Answer(endpoint_list(known.values(), self.settings))

    def document(self, call: Call) -> Answer:
        """Answer the document of an endpoint, of the tenant in `company` if the query names one."""
        tenant = self._tenant(call)
        company = call.query.get("company", "")
        tenant = self.tenant(company) if company in self._tenants else tenant
        endpoint = tenant.endpoint(call.parts)
        return Answer(tenant.document(endpoint, f"{call.origin}{endpoint_path(endpoint, self.settings)}"))

    def list(self, call: Call) -> Answer:
        """Answer a list of records."""
        tenant = self._tenant(call)
        entity = tenant.entity(call.parts)
        return Answer(tenant.reader(tenant.endpoint(call.parts)).list(entity.name, call.query))

    def record(self, call: Call) -> Answer:
        """Answer one record, by keys or by id."""
        tenant = self._tenant(call)
        entity = tenant.entity(call.parts)
        reader = tenant.reader(tenant.endpoint(call.parts))
        return Answer(reader.record(entity.name, call.parts["place"], call.query))

    def put_file(self, call: Call) -> Answer:
        """Attach a file at the `files:put` link of a record or row."""
        tenant, parts = self._tenant(call), call.parts
        endpoint = tenant.endpoint(parts)
        file = tenant.files.put(
            endpoint,
            graph=parts["graph"],
            view=parts["view"],
            record_id=parts["record"],
            file=_sent_file(call),
        )
        return self._attached(endpoint, file)

    def put_file_by_keys(self, call: Call) -> Answer:
        """Attach a file to a record in the old form, by keys."""
        tenant = self._tenant(call)
        entity = tenant.entity(call.parts)
        file = tenant.files.put_by_keys(entity, call.parts["place"], _sent_file(call))
        return self._attached(tenant.endpoint(call.parts), file)

    def file(self, call: Call) -> Answer:
        """Answer the content of a file."""
        tenant = self._tenant(call)
        tenant.endpoint(call.parts)
        file = tenant.files.get(call.parts["file"])
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}"}
        return Answer(file.content, media_type=kind, headers=headers)

    def nothing(self, call: Call) -> Answer:
        """Refuse a path that leads nowhere."""
        self._refuse_strangers(call)
        raise not_found(f"{call.origin}{self.settings.instance_path}{call.path}")

    def wrong_verb(self, call: Call) -> Answer:
        """Refuse a verb that a path does not take."""
        self._refuse_strangers(call)
        raise method_not_allowed(call.method)

    def _refuse_strangers(self, call: Call) -> None:
        """Let nobody learn what exists below an endpoint without a session."""
        if call.path.startswith("/entity/"):
            self._tenant(call)

    def _attached(self, endpoint: Endpoint, file: File) -> Answer:
        location = f"{endpoint_path(endpoint, self.settings)}/files/{file.id}"
        return Answer(status=204, headers={"Location": location})

    def _tenant(self, call: Call) -> Tenant:
        return self.tenant(self.signin.session(call.cookies).tenant)


def _sent_file(call: Call) -> File:
    return new_file(call.parts["filename"], call.body, call.headers.get("px-cbfilecomment"))
