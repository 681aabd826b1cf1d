"""Persons as the form CR302000 shows them, and what they ask for as CR306000 does."""

from __future__ import annotations

from functools import partial

from acudata.sandbox.company.calendar import date_text, day_of, stamp_text
from acudata.sandbox.company.facts import Facts
from acudata.sandbox.company.forms.address import address, mail, phone
from acudata.sandbox.company.identity import guid
from acudata.sandbox.company.sheet import Linked, Sheet, Values
from acudata.sandbox.company.words import JOB_TITLES
from acudata.sandbox.records import Record

FIRST_PERSON = 200_001


class ContactForm:
    """Makes the records of contacts."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._people = facts.people

    def keys(self) -> list[tuple[str]]:
        """Return the keys of all contacts."""
        return [(str(FIRST_PERSON + person),) for person in range(len(self._people))]

    def id_at(self, business: int) -> int:
        """Return the number of the first contact of a business."""
        return FIRST_PERSON + self._people.at(business).start

    def first_at(self, business: int) -> Record:
        """Make the record of the first contact of a business."""
        return self.record(self._people.at(business).start)

    def rows(self, collection: str, business: int) -> list[Record]:
        """Return the contacts of a business as rows of its form."""
        return [self._row(collection, person) for person in self._people.at(business)]

    def record(self, person: int) -> Record:
        """Make the record of a contact."""
        business = self._people.businesses[self._people.business(person)]
        first, last = self._people.name(person)
        bits = self._people.bits(person)
        values: Values = {
            "Active": True,
            "AddressValidated": False,
            "BusinessAccount": business[0],
            "CompanyName": business.name,
            "ContactClass": "ENDCUST",
            "ContactID": FIRST_PERSON + person,
            "ContactMethod": "Any",
            "DateOfBirth": bits.take((None, None, date_text(day_of(1960, 1, 1) + bits.below(14_000)))),
            "DisplayName": f"{first} {last}",
            "DoNotCall": bits.chance(5),
            "DoNotEmail": False,
            "Email": mail(f"{first} {last}", business.name),
            "FirstName": first,
            "FullName": business.name,
            "JobTitle": bits.take((*JOB_TITLES, None)),
            "LanguageOrLocale": "en-US",
            "LastModifiedDateTime": stamp_text(bits.below(700), person * 7919),
            "LastName": last,
            "NoteID": guid("Contact", person),
            "Phone1": phone(FIRST_PERSON + person),
            "Phone1Type": "Business 1",
            "Status": "Active",
            "Type": "Contact",
        }
        return Sheet(guid("Contact", person), values, link=partial(self._linked, person))

    def _linked(self, person: int) -> Linked:
        business = self._people.businesses[self._people.business(person)]
        return {"Address": address("Contact", person, business.street, business.place)}

    def _row(self, collection: str, person: int) -> Record:
        contact = self.record(person)
        shown = {name: contact.values[name] for name in ("ContactID", "LastModifiedDateTime")}
        return Sheet(guid(f"{collection}/Contacts", person), shown, link=lambda: {"Contact": contact})


class CaseForm:
    """Makes the records of cases."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def record(self, index: int) -> Record:
        """Make the record of a case."""
        case = self._facts.cases[index]
        people = self._facts.people
        business = people.businesses[people.business(case.person)]
        owner = self._facts.staff[case.owner]
        values: Values = {
            "Billable": False,
            "BusinessAccount": business[0],
            "BusinessAccountName": business.name,
            "CaseID": f"{index + 1:06d}",
            "ClassID": "PRODSUPINC",
            "ClosingDate": None if case.closed is None else stamp_text(case.closed, case.bits),
            "ContactDisplayName": " ".join(people.name(case.person)),
            "ContactID": FIRST_PERSON + case.person,
            "DateReported": stamp_text(case.day, case.bits // 7),
            "LastModifiedDateTime": stamp_text(case.closed or case.day + 1, case.bits + 1),
            "NoteID": guid("Case", index),
            "Owner": owner.employee_id,
            "OwnerEmployeeName": owner.name,
            "Priority": case.priority,
            "Reason": "Resolved" if case.closed else "Unassigned",
            "Severity": "High" if case.priority == "Critical" else "Medium",
            "Status": "Closed" if case.closed else ("New" if case.day > 720 else "Open"),
            "Subject": case.subject,
        }
        return Record(guid("Case", index), values)
