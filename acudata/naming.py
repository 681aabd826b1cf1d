"""How the names of entities become attributes, and which names are near a misspelt one."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import inflection

_UNCOUNTABLE = frozenset({"available", "processing"})
_IRREGULAR = {"via": "vias"}  # inflection takes it for the plural of "vium"


def plural_attribute(entity: str) -> str:
    """Return the attribute under which a client offers an entity: snake case, plural.

    >>> plural_attribute("SalesOrder"), plural_attribute("TaxCategory"), plural_attribute("UnitsOfMeasure")
    ('sales_orders', 'tax_categories', 'units_of_measure')
    """
    before, noun, after = _around_noun(entity)
    return before + _plural(noun) + after


def singular_attribute(entity: str) -> str:
    """Return the attribute in the singular.

    >>> singular_attribute("SalesOrder"), singular_attribute("TemplateItems")
    ('sales_order', 'template_item')
    """
    before, noun, after = _around_noun(entity)
    is_plural = _plural(noun) == noun and noun not in _UNCOUNTABLE
    return before + (inflection.singularize(noun) if is_plural else noun) + after


def attribute_aliases(entity: str) -> tuple[str, ...]:
    """Return every attribute that finds an entity, the canonical plural first.

    >>> attribute_aliases("Salesperson")
    ('salespeople', 'salesperson', 'salespersons')
    """
    plural = plural_attribute(entity)
    other_plural = plural.removesuffix("people") + "persons" if plural.endswith("people") else plural
    names = (plural, singular_attribute(entity), inflection.underscore(entity), other_plural)
    return tuple(dict.fromkeys(names))


def attribute_index(entities: Iterable[str]) -> dict[str, str]:
    """Return the entity behind every attribute; a canonical plural wins over the alias of another entity.

    >>> attribute_index(["Bill"])
    {'bills': 'Bill', 'bill': 'Bill'}
    """
    names = list(entities)
    index = {plural_attribute(entity): entity for entity in reversed(names)}
    for entity in names:
        for alias in attribute_aliases(entity):
            index.setdefault(alias, entity)
    return index


def nearest(name: str, candidates: Iterable[str], limit: int = 3) -> list[str]:
    """Return up to `limit` candidates that a user who wrote `name` may have meant, the likeliest first.

    Case and underscores do not count; after the similar names come those that contain the name.

    >>> nearest("salesorder", ["SalesInvoice", "SalesOrder", "ServiceOrder"])
    ['SalesOrder', 'ServiceOrder', 'SalesInvoice']
    """
    from difflib import get_close_matches

    wanted = _folded(name)
    by_folded = {_folded(candidate): candidate for candidate in reversed(list(candidates))}
    similar = get_close_matches(wanted, by_folded, n=limit)
    containing = sorted((folded for folded in by_folded if len(wanted) > 2 and wanted in folded), key=len)
    return [by_folded[folded] for folded in dict.fromkeys([*similar, *containing])][:limit]


def _folded(name: str) -> str:
    return name.replace("_", "").casefold()


def _around_noun(entity: str) -> tuple[str, str, str]:
    """Return what stands before, in and after the noun that carries the plural."""
    name = inflection.underscore(entity)
    phrase, of, rest = name.partition("_of_")
    if name.endswith("inquiry"):
        phrase, of, rest = name, "", ""
    before, joint, noun = phrase.rpartition("_")
    return before + joint, noun, of + rest


@lru_cache(maxsize=1024)  # inflection tries some forty patterns, and entities share their nouns
def _plural(noun: str) -> str:
    if noun in _UNCOUNTABLE:
        return noun
    return _IRREGULAR.get(noun) or inflection.pluralize(noun)
