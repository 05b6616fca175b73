"""Addresses as buyers write them: forms of every kind, and look-alikes that are plain streets.

All people, streets and numbers are made up; the forms are those of the networks' own documents and
of USPS Publication 28.
"""

from __future__ import annotations

from typing import TypeAlias

from lockership.words import Kind

__all__ = ["FORMS", "LOOK_ALIKES", "NAMES", "STREETS", "TOWNS", "Form"]

Form: TypeAlias = dict[str, str]
"""Some fields of an address; ``{street}`` stands for a street line, ``{n}`` for a number."""

NAMES = ("Ana Lopez", "Zhang Wei", "Grace Kim", "Raj Patel", "María José Núñez", "O'Neil Brown", "李小明")
STREETS = ("12 Elm St", "1250 W Sunset Blvd", "2012 E 7th St", "350 5th Ave", "77 Battery St", "9 N 4th Ave")
TOWNS = (
    ("Los Angeles", "CA", "90026"),
    ("Austin", "TX", "78702"),
    ("New York", "NY", "10118"),
    ("Nashua", "NH", "03060"),
    ("San Juan", "PR", "00901"),
)

FORMS: dict[Kind, tuple[Form, ...]] = {
    Kind.STREET: (
        {"street1": "{street}"},
        {"street1": "{street}", "street2": "Apt {n}"},
        {"company": "Sunrise Dental LLC", "street1": "{street}", "street2": "Ste {n}"},
        {"street1": "{street} Unit {n}"},
    ),
    Kind.AMAZON_LOCKER: (
        {"company": "Amazon Locker - Chive", "street1": "{street}"},
        {"company": "Amazon Hub Locker - Oregano", "street1": "{street}"},
        {"company": "AMAZON LOCKER-QUARTZ", "street1": "{street}"},
        {"street1": "Amazon Hub Locker – Basil", "street2": "{street}"},
    ),
    Kind.AMAZON_COUNTER: (
        {"company": "Amazon Counter - GNC", "street1": "{street}"},
        {"company": "Amazon Hub Counter - Rite Aid", "street1": "{street}"},
    ),
    Kind.AMAZON_ACCESS_POINT: (
        {"company": "Amazon Access Point", "street1": "{street}"},
        {"company": "Amazon Hub Access Point", "street1": "{street}"},
    ),
    Kind.UPS_ACCESS_POINT: (
        {"company": "UPS Access Point - CVS {n}", "street1": "{street}"},
        {"company": "UPS ACCESS POINT", "street1": "{street}"},
        {"company": "UPS Access Point™ CVS {n}", "street1": "{street}"},
        {"street1": "c/o UPS Access Point", "street2": "{street}"},
        {"company": "UPS Access Point U88498244", "street1": "{street}"},
    ),
    Kind.UPS_LOCKER: (
        {"company": "UPS Access Point Locker", "street1": "{street}"},
        {"company": "UPS Access Point® Locker {n}", "street1": "{street}"},
    ),
    Kind.UPS_CUSTOMER_CENTER: (
        {"company": "UPS Customer Center", "street1": "{street}"},
        {"company": "Hold at UPS Customer Center", "street1": "{street}"},
    ),
    Kind.FEDEX_ONSITE: (
        {"company": "FedEx OnSite - Walgreens {n}", "street1": "{street}"},
        {"company": "FedEx OnSite", "street1": "{street}"},
        {"company": "Hold at FedEx OnSite", "street1": "Dollar General", "street2": "{street}"},
    ),
    Kind.FEDEX_OFFICE: (
        {"company": "FedEx Office", "street1": "{street}"},
        {"company": "FedEx Office Print & Ship Center", "street1": "{street}"},
    ),
    Kind.FEDEX_SHIP_CENTER: (
        {"company": "FedEx Ship Center", "street1": "{street}"},
        {"company": "Hold at FedEx Ship Center", "street1": "{street}"},
    ),
    Kind.FEDEX_HOLD: (
        {"company": "HOLD AT FEDEX", "street1": "{street}"},
        {"company": "FedEx Hold at Location", "street1": "{street}"},
    ),
    Kind.USPS_HOLD_FOR_PICKUP: (
        {"company": "USPS Hold For Pickup", "street1": "{street}"},
        {"street1": "USPS HOLD FOR PICKUP", "street2": "{street}"},
    ),
    Kind.USPS_SMART_LOCKER: (
        {"company": "USPS Smart Locker", "street1": "{street}"},
        {"company": "USPS Parcel Locker #{n}", "street1": "{street}"},
    ),
    Kind.USPS_GENERAL_DELIVERY: (
        {"street1": "General Delivery"},
        {"street1": "GENERAL DELIVERY", "street2": ""},
    ),
    Kind.USPS_PO_BOX: (
        {"street1": "PO Box {n}"},
        {"street1": "P.O. BOX {n}"},
        {"street1": "Post Office Box {n}"},
        {"company": "Sunrise Dental LLC", "street1": "po box {n}"},
    ),
    Kind.MILITARY: (
        {"street1": "PSC {n} Box 74", "city": "APO", "state": "AE", "zip": "09499"},
        {"street1": "Unit {n} Box 4190", "city": "APO", "state": "AP", "zip": "96278"},
        {"street1": "USS Cochrane", "city": "FPO", "state": "AP", "zip": "96667"},
        {"street1": "Unit {n} Box 4", "city": "DPO", "state": "AA", "zip": "34002"},
    ),
    Kind.PRIVATE_MAILBOX: (
        {"street1": "{street}", "street2": "PMB {n}"},
        {"company": "The UPS Store", "street1": "{street}", "street2": "PMB {n}"},
    ),
    Kind.APARTMENT_LOCKER: (
        {"company": "Luxer One", "street1": "{street}", "street2": "Apt {n}"},
        {"street1": "{street}", "street2": "Parcel Pending by Quadient"},
        {"company": "Amazon Hub Apartment Locker", "street1": "{street}"},
    ),
}
"""How each kind is written where nothing is in doubt, the plainest form first."""

LOOK_ALIKES: tuple[Form, ...] = (
    {"street1": "{n} Locker St"},
    {"company": "Foot Locker {n}", "street1": "{street}"},
    {"street1": "{n} Amazon Way"},
    {"company": "Walgreens #{n}", "street1": "{street}"},
    {"company": "7-Eleven", "street1": "{street}"},
    {"company": "Whole Foods Market", "street1": "{street}"},
    {"company": "FedEx Ground", "street1": "{street}"},
    {"company": "UPS Supply Chain Solutions", "street1": "{street}"},
    {"company": "Amazon Fulfillment Center PHX6", "street1": "{street}"},
    {"company": "Access Point Inc", "street1": "{street}"},
    {"street1": "88 Access Point Dr", "street2": "Apt {n}"},
    {"street1": "RR 1 Box {n}"},
    {"street1": "HC 2 Box {n}"},
    {"street1": "{street}", "street2": "next to the Amazon Locker"},
    {"street1": "{street}", "street2": "no Access Point please"},
)
"""Streets that bear the words of a network; taking one of them for a pick-up point loses a parcel."""
