"""The figures of the networks and carriers as printed, for the second reading of the contract.

Typed in from the facts by hand, on purpose not taken from the library.
"""

from __future__ import annotations

from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]

TABLE = (
    "amazon.locker", "amazon.counter", "amazon.access_point",
    "ups.access_point", "ups.locker", "ups.customer_center",
    "fedex.onsite", "fedex.office", "fedex.ship_center", "fedex.hold",
    "usps.hold_for_pickup", "usps.smart_locker", "usps.general_delivery", "usps.po_box",
)  # fmt: skip
HOMES = ("street", "private_mailbox", "apartment_locker")
UNATTENDED = ("amazon.locker", "amazon.access_point", "ups.locker", "usps.smart_locker")
TRAITS = (
    "fragile", "cold_chain", "valuable", "hazmat", "lithium_battery", "alcohol", "adult_signature",
    "perishable",
)  # fmt: skip

AMZ_HELP = "https://www.amazon.com/gp/help/customer/display.html?nodeId=201117910"
AMZ_COUNTER = "https://companyscouts.com/what-happens-if-a-package-is-too-large-for-amazon-lockers/"
UPS_AP_US = "https://info.shipwise.com/knowledge/ups-access-point"
UPS_AP_NO = "https://www.ups.com/no/no/help-center/sri/access-point-package-requirements.page"
UPS_LOCKER = "http://ffene.com/packages-eligible-at-a-ups-access-point-location/"
UPS_MYCHOICE = "https://familywineriesofwashington.com/article/ups-access-point-lockers"
KARRIO = "https://github.com/karrioapi/karrio/tree/deea10f"  # UPS-CODES, USPS-LABELS
FDX_RETAIL = "https://winenfood.com/walgreens-fedex-drop-off-size-and-weight-limit"
FDX_LOCATIONS = "https://developer.fedex.com/api/en-us/catalog/locations/docs.html"
FDX_ONSITE = "https://www.fedex.com/en-us/faq/onsite.html"
FDX_HOLD = "https://climbtheladder.com/how-long-will-fedex-hold-a-package-at-a-location/"
USPS_160089 = "https://github.com/USPS/api-examples/tree/d050a64"
USPS_DMM = "https://legalclarity.org/can-you-ship-large-packages-to-a-po-box"
USPS_HFP = "https://faq.usps.com/articles/Knowledge/Hold-for-Pickup-Service"
USPS_SMART = "https://faq.usps.com/articles/Knowledge/USPS-Smart-Locker"
USPS_D930 = "https://pe.usps.com/archive/html/dmmarchive20030810/d930.htm"

Rule: TypeAlias = tuple[Any, ...]

# (rule, figure, whether the figure itself is allowed, address of the source), in the order of the file
LOCKER: list[Rule] = [
    ("max_weight", 10, False, AMZ_HELP),
    ("max_sides", (16, 14, 12), False, AMZ_HELP),
    ("max_value", 5000, False, AMZ_HELP),
    ("refuses", "hazmat", None, AMZ_HELP),
    ("seller", None, None, AMZ_HELP),
]
COUNTER: list[Rule] = [
    ("max_weight", 33, True, AMZ_COUNTER),
    ("max_sides", (36, 24, 24), True, AMZ_COUNTER),
    ("max_value", 5000, False, AMZ_HELP),
    ("refuses", "hazmat", None, AMZ_HELP),
    ("seller", None, None, AMZ_HELP),
]
ONSITE: list[Rule] = [
    ("max_weight", 55, True, FDX_RETAIL),
    ("max_longest", 48, True, FDX_RETAIL),
    ("max_length_plus_girth", 130, True, FDX_RETAIL),
    ("refuses", "hazmat", None, FDX_LOCATIONS),
]
SERVICES_SHOWN = "bound_printed_matter, parcel_select, priority_mail, priority_mail_express, ground_advantage"
CHANNEL_RULES: dict[str, list[Rule]] = {
    "amazon.locker": LOCKER,
    "amazon.counter": COUNTER,
    "amazon.access_point": LOCKER,
    "ups.access_point": [
        ("max_weight", 44, True, UPS_AP_US),
        ("max_longest", 38, True, UPS_AP_US),
        ("max_length_plus_girth", 130, True, UPS_AP_US),
        ("max_value", 5000, False, UPS_AP_NO),
        ("refuses", "hazmat", None, UPS_AP_NO),
        ("refuses", "adult_signature", None, UPS_AP_NO),
    ],
    "ups.locker": [
        ("max_weight", 44, True, UPS_AP_US),
        ("max_sides", (22, 21, 16), True, UPS_LOCKER),
        ("max_value", 5000, False, UPS_AP_NO),
        ("refuses", "hazmat", None, UPS_AP_NO),
        ("refuses", "adult_signature", None, UPS_AP_NO),
    ],
    "ups.customer_center": [],
    "fedex.onsite": ONSITE,
    "fedex.office": [("refuses", "hazmat", None, FDX_LOCATIONS)],
    "fedex.ship_center": [],
    "fedex.hold": ONSITE,
    "usps.hold_for_pickup": [("only_services", SERVICES_SHOWN, None, USPS_160089)],
    "usps.smart_locker": [("refuses", "hazmat", None, KARRIO), ("refuses", "perishable", None, KARRIO)],
    "usps.general_delivery": [],
    "usps.po_box": [],
}
PUBLISHES_WEIGHT = ("amazon.locker", "amazon.access_point", "ups.locker")  # of the unattended ones
PUBLISHES_SIZE = ("amazon.locker", "amazon.access_point", "ups.locker")
HOLDS: dict[str, tuple[int, str, str | None, str | None]] = {
    "amazon.locker": (3, "calendar", "returned_to_amazon", None),
    "amazon.counter": (14, "calendar", None, None),
    "amazon.access_point": (3, "calendar", "returned_to_amazon", None),
    "ups.access_point": (7, "calendar", "returned_to_sender", UPS_MYCHOICE),
    "ups.locker": (7, "calendar", "returned_to_sender", UPS_MYCHOICE),
    "ups.customer_center": (5, "business", "returned_to_sender", KARRIO),
    "fedex.onsite": (5, "business", "returned_to_carrier_station", FDX_ONSITE),
    "fedex.office": (5, "business", None, FDX_HOLD),
    "fedex.ship_center": (5, "business", None, FDX_HOLD),
    "fedex.hold": (5, "business", "returned_to_carrier_station", FDX_ONSITE),
    "usps.hold_for_pickup": (15, "calendar", "returned_to_sender", USPS_HFP),
    "usps.smart_locker": (5, "calendar", None, USPS_SMART),
    "usps.general_delivery": (30, "calendar", "returned_to_sender", USPS_D930),
}
NEEDS = {
    "ups.access_point": ["access_point_id"],
    "ups.locker": ["access_point_id"],
    "fedex.onsite": ["location_id"],
    "fedex.office": ["location_id"],
    "fedex.ship_center": ["location_id"],
    "fedex.hold": ["location_id"],
    "usps.hold_for_pickup": ["facility_id", "email", "phone", "name"],
    "usps.smart_locker": ["facility_id", "email", "name"],
}
HOLD_FOR_PICKUP_SERVICES = (
    "boundprintedmatter", "parcelselect", "prioritymail", "prioritymailexpress", "groundadvantage",
)  # fmt: skip
ALL_BUT_GROUND_ADVANTAGE = (
    "prioritymail", "prioritymailexpress", "mediamail", "librarymail", "boundprintedmatter", "parcelselect",
)  # fmt: skip
FEDEX_GROUND = ("fedexground", "ground", "homedelivery", "groundhomedelivery")

CARRIERS = {
    "usps": ("usps", "uspostalservice", "unitedstatespostalservice", "uspsreturns"),
    "ups": ("ups", "upsdap", "unitedparcelservice"),
    "fedex": ("fedex", "fedexdefault", "federalexpress"),
    "amazon": ("amazon", "amzl", "amzn", "amznus", "amazonshipping", "amazonlogistics", "amzlus"),
}

DEFAULT_POLICY: Json = {
    "unattended_refuses": ["fragile", "valuable"],
    "pickup_refuses": ["cold_chain", "perishable"],
    "pickup_refuses_except": ["usps.po_box"],
    "max_longest": "18 in",
    "max_weight": "15 lb",
    "amazon_carriers": [],
}
