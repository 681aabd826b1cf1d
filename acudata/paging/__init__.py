"""Reads a list page by page, so that each record comes exactly once while others write to it.

`pages.Pages` is what readers see. `course` decides what is asked next and which records of a page are new; `ahead`
asks before a page is decoded; `order` writes conditions on keys, `marks` tells records apart, `sizes` finds the size of
pages, and `changes` asks for what changed in the meantime.
"""

from __future__ import annotations

from acudata.paging.changes import changes_of
from acudata.paging.course import Course
from acudata.paging.identity import Identity
from acudata.paging.marks import Marks, marks_of
from acudata.paging.order import key_order, keys_of
from acudata.paging.pages import Fetch, Pages
from acudata.paging.sizes import FIRST, PageSize

__all__ = [
    "FIRST",
    "Course",
    "Fetch",
    "Identity",
    "Marks",
    "PageSize",
    "Pages",
    "changes_of",
    "key_order",
    "keys_of",
    "marks_of",
]
