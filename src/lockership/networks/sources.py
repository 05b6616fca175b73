"""Where the figures of all networks were read.

First the sources that the rules stand on and that a refusal names; then the texts that confirm them.
``docs/rule-sources.md`` says for each rule what the best of its sources says, and what contradicts it.
"""

from __future__ import annotations

from datetime import date

from lockership.rules import Source

__all__ = ["CONFIRMING", "SOURCES"]

_KARRIO = "https://github.com/karrioapi/karrio/tree/deea10f"
_FFENE = "http://ffene.com/packages-eligible-at-a-ups-access-point-location/"

AMZ_HELP = Source(
    "AMZ-HELP",
    "Amazon Hub Eligibility, Amazon help page, undated",
    "https://www.amazon.com/gp/help/customer/display.html?nodeId=201117910",
)
AMZ_COUNTER = Source(
    "AMZ-COUNTER",
    "A reseller's page on what is too large for Amazon's points",
    "https://companyscouts.com/what-happens-if-a-package-is-too-large-for-amazon-lockers/",
)
AMZ_HUB_FAQ = Source(
    "AMZ-HUB-FAQ",
    "Copies of amazon.co.uk's Click and Collect and Hub help pages; several secondary pages for the US",
)
UPS_AP_US = Source(
    "UPS-AP-US",
    "A reseller's help page on UPS Access Points in the US",
    "https://info.shipwise.com/knowledge/ups-access-point",
)
UPS_AP_NO = Source(
    "UPS-AP-NO",
    "UPS Access Point package requirements, UPS help page for Norway",
    "https://www.ups.com/no/no/help-center/sri/access-point-package-requirements.page",
)
UPS_LOCKER_US = Source("UPS-LOCKER-US", "A page that retells UPS's help on Access Point Lockers", _FFENE)
UPS_MYCHOICE = Source(
    "UPS-MYCHOICE",
    "A trade body's article that quotes the UPS My Choice questions and answers",
    "https://familywineriesofwashington.com/article/ups-access-point-lockers",
)
UPS_CODES = Source(
    "UPS-CODES",
    "UPS developer portal, tables of delivery and status codes, through karrio's copy of 2026-06-23",
    _KARRIO,
)
UPS_SHIP = Source(
    "UPS-SHIP",
    "UPS Shipping API description, version of 2026-07-21",
    "https://github.com/UPS-API/api-documentation/tree/e6f36df",
)
UPS_CARRIER = Source(
    "UPS-CARRIER",
    "Widely published figure; 108 in and 165 in stand in UPS's Shipping API description too, 150 lb does not",
)
FDX_RETAIL = Source(
    "FDX-RETAIL",
    "A blog's page on dropping off FedEx parcels at Walgreens: weak, and about drop-off",
    "https://winenfood.com/walgreens-fedex-drop-off-size-and-weight-limit",
)
FDX_LOCATIONS = Source(
    "FDX-LOCATIONS",
    "FedEx Locations Search API documentation: sites that take dangerous goods are a class of their own",
    "https://developer.fedex.com/api/en-us/catalog/locations/docs.html",
)
FDX_ONSITE = Source(
    "FDX-ONSITE",
    "FedEx OnSite, questions and answers",
    "https://www.fedex.com/en-us/faq/onsite.html",
)
FDX_HOLD = Source(
    "FDX-HOLD",
    "A blog's page on how long FedEx holds a package",
    "https://climbtheladder.com/how-long-will-fedex-hold-a-package-at-a-location/",
)
FDX_SHIP = Source("FDX-SHIP", "FedEx Ship API description, through karrio's copy of 2026-06-23", _KARRIO)
FDX_CARRIER = Source(
    "FDX-CARRIER",
    "Widely published figure; a FedEx API guide has 150 lb for Express, 70 lb for Ground and Home Delivery",
)
USPS_ERRORS = Source(
    "USPS-ERRORS-160089",
    "USPS API error list of 2025-10-31",
    "https://github.com/USPS/api-examples/tree/d050a64",
)
USPS_HFP = Source(
    "USPS-HFP",
    "Hold for Pickup Service, USPS questions and answers",
    "https://faq.usps.com/articles/Knowledge/Hold-for-Pickup-Service",
)
USPS_LABELS = Source(
    "USPS-LABELS", "USPS Domestic Labels API description 3.9.13, through karrio's copy of 2026-06-23", _KARRIO
)
USPS_LOCATIONS = Source(
    "USPS-LOCATIONS", "USPS Locations API description 3.5.6, through karrio's copy of 2026-06-23", _KARRIO
)
USPS_SMARTLOCKER = Source(
    "USPS-SMARTLOCKER",
    "USPS Smart Locker, questions and answers, article 000008056, text before summer 2024",
    "https://faq.usps.com/articles/Knowledge/USPS-Smart-Locker",
)
USPS_D930 = Source(
    "USPS-D930",
    "Domestic Mail Manual D930 General Delivery, archive of 2003-08-10",
    "https://pe.usps.com/archive/html/dmmarchive20030810/d930.htm",
)
USPS_DMM = Source(
    "USPS-DMM",
    "A legal help page that retells the Domestic Mail Manual; not read in a primary source",
    "https://legalclarity.org/can-you-ship-large-packages-to-a-po-box",
)
USPS_PUB52 = Source("USPS-PUB52", "Widely published: Publication 52, not read in a primary source")

SOURCES: dict[str, Source] = {
    source.code: source for source in tuple(globals().values()) if isinstance(source, Source)
}
"""The sources that the rules stand on, by their codes."""

_LATER = date(2026, 11, 24)

AMZ_ABOUT = Source(
    "AMZ-ABOUT",
    "How to use Amazon Locker, Amazon's news pages, 2023-03-01",
    "https://www.aboutamazon.com/news/operations/how-to-use-amazon-locker",
    _LATER,
)
AMZ_HUB_UK = Source(
    "AMZ-HUB-UK",
    "Amazon Hub, questions and answers of amazon.co.uk, undated; read through a mirror that keeps its path",
    "https://www.amazon.co.uk/Click-and-Collect-with-Pick-Up-Locations/b?ie=UTF8&node=5394826031",
    _LATER,
)
UPS_SIZES = Source(
    "UPS-SIZES",
    "Package Dimensions, Size Limits and Weight Guide, UPS support page for the US, undated",
    "https://www.ups.com/us/en/support/shipping-support/shipping-dimensions-weight",
    _LATER,
)
FDX_STORES = Source(
    "FDX-STORES",
    "FedEx OnSite, questions and answers for the shops that take part, undated",
    "https://www.fedex.com/en-us/shipping/onsite/f/faqs.html",
    _LATER,
)
FDX_PACKING = Source(
    "FDX-PACKING",
    "FedEx's packaging guidelines, a brochure of about 2010, through a third party's copy",
    "https://www.scribd.com/doc/28746036/FedEx-packaging-guidelines",
    _LATER,
)
FDX_GUIDE = Source(
    "FDX-GUIDE", "FedEx API reference guide, through karrio's copy of 2026-06-23", _KARRIO, _LATER
)
DMM_101 = Source(
    "DMM-101",
    "Domestic Mail Manual 101 Physical Standards, retail mail, text of 2023-07-09",
    "https://pe.usps.com/text/DMM300/101.htm",
    _LATER,
)
QSG_201E = Source(
    "QSG-201E",
    "USPS Quick Service Guide 201e, commercial parcels, archive of 2021-01-24",
    "https://pe.usps.com/QSG_Archive/NHTML/QSG_Archive_20210124/Q201e.htm",
    _LATER,
)
PUB52_422 = Source(
    "PUB52-422",
    "Publication 52, section 422 Mailability of intoxicating liquors, undated",
    "https://pe.usps.com/text/pub52/pub52c4_006.htm",
    _LATER,
)
HFP_2015 = Source(
    "HFP-2015",
    "Holding on, USPS's news for its employees, 2015-10-29",
    "https://news.usps.com/2015/10/29/holding-on/",
    _LATER,
)

CONFIRMING: dict[str, Source] = {
    source.code: source
    for source in tuple(globals().values())
    if isinstance(source, Source) and source.code not in SOURCES
}
"""Further texts that say what a rule says, by their codes."""
