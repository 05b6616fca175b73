"""Lockers in the buyer's own building, private mailboxes, and what a street address looks like.

All three are delivered as a home.  Private mailboxes: Publication 28, section 284 (``PMB`` or ``#``;
``Box`` is forbidden there and used all the same).
"""

from __future__ import annotations

from lockership.recognition.phrase import NOT_A_FIRM, Network, Phrase, words
from lockership.words import Confidence, Kind

__all__ = [
    "APARTMENT_LOCKERS",
    "BARE_UNIT",
    "PATTERNS",
    "PRIVATE_MAILBOXES",
    "RURAL",
    "STREET",
    "STREET_NAMED",
    "STREET_WITH_WORD",
    "SUFFIX",
    "UNIT",
    "UNIT_WORDS",
]

APARTMENT_LOCKERS = Network(
    r"luxer parcelp packageco quadient fetch locker 公寓 小区 楼下 大楼",
    Phrase(
        "apartment.brand",
        Kind.APARTMENT_LOCKER,
        rf"\bluxer_(?:one|1)\b|\bluxer_(?:lockers?|room|package|parcel)\b|\bparcel_pending\b{NOT_A_FIRM}"
        r"|\bpackage_concierge\b|\bquadient_(?:parcel_|smart_)*+lockers?\b"
        r"|(?:^|[|,])_luxer_(?=[|,])",
        stems="luxer pending concierge quadient",
    ),
    Phrase(
        "apartment.offsite",
        Kind.APARTMENT_LOCKER,
        r"\bfetch_packages?\b|\bfetch (?:delivery|storage|parcel|warehouse)\b",
        Confidence.POSSIBLE,
        (Kind.STREET,),
        stems="fetch",
    ),
    Phrase(
        "apartment.locker_wish",
        Kind.APARTMENT_LOCKER,
        r"\b(?:apartment|apt|building|bldg|lobby|amenity|residents?|complex|condo|package|parcel|smart"
        rf"|mailroom|delivery) (?:package |parcel |delivery )?lockers?\b{NOT_A_FIRM}"
        r"|(?:公寓|小区|楼下|大楼)[^|,]{0,6}柜",
        Confidence.POSSIBLE,
        (Kind.STREET,),
        stems="locker 柜",
    ),
)

SUFFIX = (
    r"(?:st|street|str|ave|avenue|av|aven|blvd|boulevard|bvd|rd|road|dr|drive|drv|ln|lane|way|wy|ct|court"
    r"|cir|circle|pl|place|pkwy|parkway|pky"
    r"|hwy|highway|ter|terrace|trl|trail|loop|pike|sq|square|plz|plaza|expy|expressway|fwy|freeway|tpke"
    r"|turnpike|aly|alley|row|run|xing|crossing"
    r"|cv|cove|bnd|bend|hl|hill|rdg|ridge|path|walk|grv|grove|byp|bypass|broadway|causeway|mall|gulch|pt"
    r"|point|calle|camino|real|bay|park|glen)"
)
"""Words that end the name of a street: Publication 28, appendix C1, those that occur most."""

_DIRECTION = r"(?:(?:north|south|east|west|n|s|e|w|ne|nw|se|sw)\x20++)?"
_POINT = r"(?:north|south|east|west|[nsew])"
_WORD = r"(?:[a-z\d]{1,20}\x20++)"

STREET_WITH_WORD = (
    rf"(?:\b\d{{1,6}}[a-z]?(?:\x20*+\d{{1,4}}){{0,2}} {_DIRECTION}{_WORD}{{1,4}}?{SUFFIX}\b"
    rf"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) {_WORD}{{1,3}}?{SUFFIX}\b"
    r"|\b\d{1,6} (?:u_s|state|county|hwy|highway|route|rte|rt|cr|sr|fm|i)_#?_\d{1,4}\b"
    r"|\b\d{1,6} (?:[nsew] )?broadway\b"
    # Grids: "1250 W 500 S" in Utah, "N6W23001 Bluemound Rd" in Wisconsin (Publication 28, appendix D).
    rf"|\b\d{{1,6}} {_POINT} \d{{1,5}} {_POINT}\b"
    rf"|\b[nsew]_\d{{1,3}}_[nsew]_\d{{1,5}} {_WORD}{{1,4}}?{SUFFIX}\b)"
)
"""A house number, a few words and a street word, or a house number on a numbered road."""

_NOT_A_NAME = r"(?!(?:box|bx|po|p o|pob|unit|dept|drawer|bin|caller|lockbox|eleven|usa?|united)\b)"
STREET = (
    rf"(?:{STREET_WITH_WORD}"
    rf"|(?:^|[|,])_(?:no_)?\d{{1,6}}[a-z]?(?: \d{{1,4}})? (?:[nsew]{{1,2}} )?{_NOT_A_NAME}(?:[a-z]{{2,}}"
    r"|\d+(?:st|nd|rd|th)))"
)
"""A street that a driver can find: it has a house number."""

STREET_NAMED = (
    rf"\b[a-z]{{2,20}} {SUFFIX}_(?:$|[|,#])|\b(?:hwy|highway|route|rte|county road|county rd|cr|sr|us"
    r"|state road|state route|interstate|mile|km|calle|carr|carretera|urb|barrio|bo)_#?_\w*\d"
    rf"|\b(?:calle|carr|carretera|urb|urbanizacion|barrio)\b"
)
"""A street without a house number."""

_ROUTE = (
    r"(?:rural (?:route|rte|rt|rd|delivery)|(?:highway|hwy) contract(?: (?:route|rte|rt))?|star (?:route"
    r"|rte|rt)|h_c_r?(?:_(?:route|rte|rt|r))?|r_r|r_f_d)"
)
_ROAD = r"(?:route|rte|rt|f_m|farm (?:to market )?(?:road|rd)?|r_d|r)"
_ROUTE_BOX = r"(?:box|bx|buzon)\b_#?_\w*"
RURAL = (
    rf"\b{_ROUTE}_#?_\d{{1,5}}[a-z]{{0,2}}\b(?:_[,|]?_#?_(?:p_o_)?{_ROUTE_BOX})?"
    # A PO Box behind a numbered road is one; behind a route it is the carrier's.
    rf"|\b{_ROAD}_#?_\d{{1,5}}[a-z]{{0,2}}\b(?:_[,|]?_#?_{_ROUTE_BOX})?"
    # Without a number only where a line begins so: companies are called Ross and Toys R Us.
    rf"|(?<![^|,])_(?:{_ROUTE}|route|rte|rt)(?: [a-z]{{1,2}})?\b(?:_,?_#?_(?:p_o_)?|_\|_#?_){_ROUTE_BOX}"
)
"""Rural and highway-contract routes: Publication 28, section 24; the carrier delivers to the box."""

UNIT_WORDS = words(
    """
    apt apartment ste suite unit fl floor rm room bldg building lot spc space trlr store dept hall box
    no number locker office
    """
)
"""Words before a number that say what it is of."""
_NO_UNIT = "".join(rf"(?<!\b{word}\x20)" for word in sorted(UNIT_WORDS))
UNIT = (
    r"(?:^_#_\w|\b(?:apt|apartment|apto|ste|suite|unit|fl|floor|rm|room|bldg|building|lot|spc|space|trlr"
    r"|ph|penthouse|no)_#?_\w+|\b\d+(?:st|nd|rd|th) (?:fl|floor)\b)"
)
"""A secondary unit: Publication 28, appendix C2."""

BARE_UNIT = rf"[|,]_#_\w+_(?=[|,])|\b\d{{1,6}}[a-z]?(?:\x20*+\d{{1,4}})? {_WORD}{{1,6}}?{_NO_UNIT}#_\w++"
"""A street and ``# n``, with no word that says what the number is."""

_SHOP = (
    r"\b(?:ups_store|mail_boxes_etc(?:etera)?|mbe|post_net|postal_annex(?:_plus)?|pak_mail|ipostal_1"
    r"|earth_class_mail"
    r"|anytime_mailbox|traveling_mailbox|aim_mail(?: cent(?:er|re)s?)?|goin_postal|postal connections"
    r"|parcel plus|mail(?:boxes)? (?:and )?more"
    r"|us_global_mail|virtual_post_mail|post_scan_mail|mail depot|postal plus|pack(?: and)? (?:mail|ship)"
    r"|postal (?:center|express) (?:plus|usa|international)|mailboxes(?: etc)?|mail box place)\b"
)
_STORE = r"(?:#_|no_|store_|store #_)?\d{1,5}\b"
_BOX = r"\b(?:box|bx|mb|mail_box|p_m_b|private mail_box)_(?:no_|number_)?#?_[a-z]?\d"

PRIVATE_MAILBOXES = Network(
    r"pmb mail upsstore mbe postnet post ipostal parcelplus pack",
    Phrase(
        "mailbox.pmb",
        Kind.PRIVATE_MAILBOX,
        r"\bp_m_b_(?:no_|number_|box_)*+#?_[a-z]?\d[a-z\d]*|\bp_m_b_#|\bpmb\b(?=_(?:$|[|,])|_[a-z]\b)"
        r"|\bprivate_mail_box(?:es)?\b",
        stems="pmb privatemail",
    ),
    Phrase("mailbox.shop_box", Kind.PRIVATE_MAILBOX, _SHOP, beside=_BOX),
    Phrase(
        # A number beside the shop's street, or behind the number of the store.
        "mailbox.shop_number",
        Kind.PRIVATE_MAILBOX,
        _SHOP,
        beside=rf"[|,]_#_[a-z]?\d|{STREET}[^|#]{{0,40}}{_NO_UNIT}#_\d|{_SHOP}[|,]?_{_STORE}[|,]?_#_\d",
    ),
    Phrase(
        "mailbox.shop_and_number",
        Kind.PRIVATE_MAILBOX,
        rf"(?!\bups){_SHOP}\x20*+,?\x20*+#?\x20*+\d+\b",
        Confidence.LIKELY,
        (Kind.STREET,),
    ),
    Phrase(
        "mailbox.shop_and_suite",
        Kind.STREET,
        _SHOP,
        Confidence.POSSIBLE,
        (Kind.PRIVATE_MAILBOX,),
        beside=r"\b(?:suite|ste|unit|apt)_#?_\w*\d",
    ),
)

PATTERNS = (STREET, STREET_NAMED, RURAL, UNIT, BARE_UNIT)
"""All patterns that stand here beside those of phrases."""
