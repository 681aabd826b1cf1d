"""What is sold and where it lies: item classes, stock items, services and warehouses."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from acudata.sandbox.company import chart
from acudata.sandbox.company.words import Bits


class ItemClass(NamedTuple):
    """Describes a class of items; `season` weighs the twelve months in which its items are bought."""

    class_id: str
    description: str
    sales_account: str
    unit: str
    prefix: str
    nouns: tuple[str, ...]
    costs: tuple[int, int]
    season: tuple[int, ...]
    is_stock: bool = True


CLASSES = (
    ItemClass(
        "A/C", "Air Conditioning", "40100", "EACH", "ACU",
        ("Portable Cooler", "Display Fridge", "Wall Unit", "Ice Maker"), (9_000, 48_000),
        (1, 1, 2, 4, 7, 9, 9, 7, 3, 1, 1, 1),
    ),
    ItemClass(
        "FRUIT", "Fruit and Preserves", "40200", "LB", "FRU",
        ("Apple Jam", "Orange Marmalade", "Cherry Jam", "Fig Preserve", "Lemon Curd", "Dried Mango"), (150, 1_900),
        (5, 5, 5, 5, 5, 6, 6, 6, 6, 7, 9, 10),
    ),
    ItemClass(
        "JUICERS", "Juicers and Parts", "40300", "EACH", "JUI",
        ("Citrus Juicer", "Cold Press", "Juicer Filter", "Pulp Container", "Blender"), (1_200, 32_000),
        (4, 4, 4, 5, 5, 5, 5, 4, 4, 4, 7, 9),
    ),
    ItemClass(
        "PACKAGING", "Jars and Boxes", "40400", "EACH", "PAC",
        ("Glass Jar", "Gift Box", "Crate", "Label Roll", "Bottle"), (25, 900),
        (5, 5, 5, 5, 5, 5, 6, 7, 7, 7, 8, 8),
    ),
)  # fmt: skip
SERVICE_CLASS = ItemClass(
    "SERVICES",
    "Installation, Training and Upkeep",
    chart.SERVICES,
    "HOUR",
    "SRV",
    (),
    (0, 0),
    (),
    is_stock=False,
)
SERVICES = (
    ("CONSULT", "Consulting", 15_000),
    ("INSTALL", "Installation", 9_500),
    ("SITE VISIT", "Visit on Site", 12_000),
    ("TRAINING", "Training of Staff", 11_000),
    ("UPKEEP", "Upkeep by the Month", 8_000),
)
"""Services: their ids, names and prices by the hour."""
KINDS = ("Fresh", "Classic", "Premium", "Compact", "Large", "Organic", "Double", "No. 8")
PECULIAR = {1: "AALEGO500", 7: "GLASS #2", 12: "GIFT BOX", 23: "JAM & TOAST"}
"""Ids of a few items that look unlike all others."""


class Item(NamedTuple):
    """Describes a stock item; money is in cents and weight in hundredths of a pound."""

    inventory_id: str
    description: str
    item_class: int
    cost: int
    prices: tuple[int, int]
    vendor: int
    weight: int
    status: str
    bits: int


class Warehouse(NamedTuple):
    """Describes a warehouse and the branch that it belongs to."""

    warehouse_id: str
    description: str
    branch: int


WAREHOUSES = (
    Warehouse("WHOLESALE", "Wholesale Center", 0),
    Warehouse("RETAIL", "Store", 1),
    Warehouse("EAST 2", "Second Hall East", 0),
)
LOCATIONS = (("R1S1", "Rack 1, Shelf 1"), ("RECEIVING", "Goods Inwards"), ("SHIPPING", "Goods Outwards"))


def make_items(random: Random, count: int, vendors: int) -> list[Item]:
    """Return stock items in the order of their ids; each is bought from one vendor."""
    drawn = [_item(Bits(random.getrandbits(96)), position, vendors) for position in range(count)]
    return sorted(drawn, key=lambda item: item.inventory_id)


def _item(bits: Bits, position: int, vendors: int) -> Item:
    place = position % len(CLASSES)
    item_class = CLASSES[place]
    lowest, highest = item_class.costs
    cost = lowest + bits.below(highest - lowest)
    price = cost * (130 + bits.below(90)) // 100
    return Item(
        inventory_id=PECULIAR.get(position) or f"{item_class.prefix}{position:05d}",
        description=f"{bits.take(item_class.nouns)}, {bits.take(KINDS)}",
        item_class=place,
        cost=cost,
        prices=(price, price * 104 // 100),
        vendor=position // len(CLASSES) % vendors if vendors > 1 else 0,
        weight=20 + bits.below(3000),
        status="Inactive" if bits.chance(2) else "Active",
        bits=bits.below(1 << 30),
    )


def demand_pools(items: list[Item]) -> list[list[int]]:
    """Return for each month of the year the items that may be ordered, as often as their season says."""
    sold = [(place, item) for place, item in enumerate(items) if item.status == "Active"]
    return [
        [place for place, item in sold for _ in range(CLASSES[item.item_class].season[month])]
        for month in range(12)
    ]
