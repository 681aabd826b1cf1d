"""An instance: what it answers to each call, in the terms of its parts."""

from __future__ import annotations

import html
import mimetypes
from collections.abc import Callable, Sequence
from threading import Lock
from urllib.parse import quote

from acudata.sandbox.calls import Answer, Call
from acudata.sandbox.contracts import Contract
from acudata.sandbox.cookies import signed_in, signed_out
from acudata.sandbox.discovery import endpoint_list
from acudata.sandbox.endpoint import Entity
from acudata.sandbox.envelopes import HTML, Fault, method_not_allowed, not_found
from acudata.sandbox.files import new_file
from acudata.sandbox.operations import Operations
from acudata.sandbox.records import File
from acudata.sandbox.row_ids import turned
from acudata.sandbox.settings import SandboxSettings
from acudata.sandbox.signin import Credentials, Session, SignIn
from acudata.sandbox.tenants import Tenant


class Instance:
    """Answers calls: one method per route, each of which raises a `Fault` when it refuses.

    Args:
        settings: the switches of the sandbox.
        tenants: login names; the first is the default tenant.
        signin: who is signed in.
        operations: the long operations of all tenants.
        make_tenant: makes a tenant when it is first needed.
    """

    def __init__(
        self,
        settings: SandboxSettings,
        tenants: Sequence[str],
        *,
        signin: SignIn,
        operations: Operations,
        make_tenant: Callable[[str], Tenant],
    ) -> None:
        self.settings = settings
        self.signin = signin
        self._tenants = tuple(tenants)
        self._operations = operations
        self._make_tenant = make_tenant
        self._is_cold = True
        self._made: dict[str, Tenant] = {}
        self._lock = Lock()

    def tenant(self, name: str) -> Tenant:
        """Return a tenant; its data is made when it is first asked for."""
        with self._lock:
            if name not in self._made:
                self._made[name] = self._make_tenant(name)
            return self._made[name]

    def recycle(self) -> None:
        """End all sessions and long operations, as a restart of the site does; what is stored stays."""
        self.signin.end_all()
        self._operations.forget_all()
        self._is_cold = True

    def wake(self) -> float:
        """Return the seconds that an answer takes to come: more for the first."""
        was_cold, self._is_cold = self._is_cold, False
        return self.settings.latency + (self.settings.cold_start if was_cold else 0.0)

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
        name = html.escape(self._session(call).tenant)
        hidden = f'<input type="hidden" name="txtSingleCompany" id="txtSingleCompany" value="{name}" />'
        return Answer(f"<html><body><form>{hidden}</form></body></html>".encode(), media_type=HTML)

    def endpoints(self, call: Call) -> Answer:
        """Answer the list of endpoints; those that a tenant made are told to its own sessions only."""
        session = self.signin.find(call.cookies)
        known = self.tenant(session.tenant if session else self._tenants[0]).endpoints
        custom = {(one.name, one.version) for one in self.settings.custom_endpoints}
        shown = [one for one in known if session or (one.name, one.version) not in custom]
        return Answer(endpoint_list(shown, self.settings))

    def document(self, call: Call) -> Answer:
        """Answer the document of an endpoint, of the tenant in `company` if the query names one."""
        session = self._session(call)
        company = call.query.get("company", "")
        tenant = self.tenant(company if company in self._tenants else session.tenant)
        return Answer(tenant.document(tenant.contract(call.parts), call.origin))

    def list(self, call: Call) -> Answer:
        """Answer a list of records."""
        session, contract, entity = self._place(call)
        return Answer(self._rows_of(session, contract.reader.list(entity.name, call.query)))

    def record(self, call: Call) -> Answer:
        """Answer one record, by keys or by id."""
        session, contract, entity = self._place(call)
        return Answer(
            self._rows_of(session, contract.reader.record(entity.name, call.parts["place"], call.query))
        )

    def ad_hoc_schema(self, call: Call) -> Answer:
        """Answer the custom fields of an entity."""
        _, contract, entity = self._place(call)
        return Answer(contract.reader.ad_hoc_schema(entity.name))

    def put(self, call: Call) -> Answer:
        """Insert or update a record, or answer an inquiry."""
        session, contract, entity = self._place(call)
        body = self._rows_of(session, call.body)
        try:
            answer = contract.editor.put(entity.name, body, call.query, call.headers)
        except Fault as fault:
            raise fault.saying(self._rows_of(session, fault.content)) from None
        return Answer(self._rows_of(session, answer))

    def delete(self, call: Call) -> Answer:
        """Delete a record, by keys or by id."""
        _, contract, entity = self._place(call)
        contract.editor.delete(entity.name, call.parts["place"])
        return Answer(status=204)

    def invoke(self, call: Call) -> Answer:
        """Run an action, or begin to."""
        session, contract, entity = self._place(call)
        outcome = contract.actions.invoke(session.id, entity, call.parts["action"], call.body)
        return _led(f"{contract.path}/{outcome.path}", 202 if outcome.running else 204)

    def status(self, call: Call) -> Answer:
        """Answer whether a long operation is done."""
        session = self._session(call)
        done = self._operations.poll(session.id, call.parts["operation"])
        return Answer(status=204 if done else 202)

    def put_file(self, call: Call) -> Answer:
        """Attach a file at the `files:put` link of a record or row."""
        tenant = self.tenant(self._session(call).tenant)
        contract = tenant.contract(call.parts)
        place = {name: call.parts[name] for name in ("graph", "view", "record")}
        file = tenant.files.put(contract.endpoint, _sent_file(call), **place)
        return _led(f"{contract.path}/files/{file.id}", 204)

    def put_file_by_keys(self, call: Call) -> Answer:
        """Attach a file to a record in the old form, by keys."""
        session, contract, entity = self._place(call)
        files = self.tenant(session.tenant).files
        file = files.put_by_keys(entity, call.parts["place"], _sent_file(call))
        return _led(f"{contract.path}/files/{file.id}", 204)

    def file(self, call: Call) -> Answer:
        """Answer the content of a file."""
        tenant = self.tenant(self._session(call).tenant)
        tenant.contract(call.parts)
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
            self._session(call)

    def _rows_of(self, session: Session, body: bytes) -> bytes:
        """Return a body with the ids of rows that a session sees for those that are stored, and the reverse."""
        return turned(body, session.id) if self.settings.row_ids == "per session" else body

    def _session(self, call: Call) -> Session:
        return self.signin.session(call.cookies)

    def _place(self, call: Call) -> tuple[Session, Contract, Entity]:
        """Return who asks, through which endpoint, and for which entity."""
        session = self._session(call)
        contract = self.tenant(session.tenant).contract(call.parts)
        entity = contract.entity(call.parts["entity"])
        if call.method != "GET" and not entity.inquiry:
            contract.refuse_readers(entity)
        self._operations.settle()
        self._operations.refuse_while_busy(session.id, entity.screen)
        return session, contract, entity


def _sent_file(call: Call) -> File:
    return new_file(call.parts["filename"], call.body, call.headers.get("px-cbfilecomment"))


def _led(path: str, status: int) -> Answer:
    return Answer(status=status, headers={"Location": path})
