"""Column names of spreadsheets: English, Chinese, and those of overseas-warehouse systems.

A name is compared without case, blanks and ``_ - . / ( )``; a unit in brackets, as in ``重量(kg)`` or
``Length (in)``, is read as the unit of that column.  Columns that nobody knows are passed over and told.

Sources of the foreign names: the public outbound-order schemas of 谷仓 GoodCang, the WMS-API behind
BigSeller and 店小秘, 优达 newouda, W8海外仓, and Amazon's Orders API.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from lockership.recognition.place import is_covered
from lockership.units import LENGTH_UNITS, WEIGHT_UNITS
from lockership.words import Trait

__all__ = [
    "ALIASES",
    "CARRIER_WORDS",
    "HOME_PREFIXES",
    "NAMES",
    "TRAIT_WORDS",
    "UNIT_WORDS",
    "Column",
    "cell_value",
    "column",
    "record",
    "unwrapped",
    "zip_code",
]

_ADDRESS = {
    "name": (
        "name, recipient, recipient name, ship to name, to name, contact, contact name, buyer name,"
        " consignee, consignee name, receiver, receiver name, re name, 收件人, 收件人姓名, 收货人,"
        " 收货人姓名, 买家姓名, 姓名"
    ),
    "company": (
        "company, company name, recipient company, consignee company, re company, organization, 公司,"
        " 公司名称, 收件人公司, 收件公司, 收货公司"
    ),
    "street1": (
        "street1, street, street 1, address1, address, address 1, address line 1, address line,"
        " consignee street one, recipient address1, ship to address, 地址, 地址1, 地址一, 详细地址,"
        " 收件地址, 收件人地址, 收件人地址1, 收货地址, 街道, 街道1"
    ),
    "street2": (
        "street2, street 2, address2, address 2, address line 2, consignee street two, recipient address2,"
        " doorplate, re house no, 地址2, 地址二, 收件人地址2, 街道2, 门牌号"
    ),
    "street3": "street3, street 3, address3, address 3, address line 3, 地址3, 地址三, 收件人地址3, 街道3",
    "city": "city, town, consignee city, recipient city, re city, ship to city, 城市, 收件人城市, 市",
    "state": (
        "state, province, state or province, state or region, state/province, province code,"
        " consignee state, recipient province, re province, 州, 省, 省/州, 州/省, 省州, 收件人州, 收件人省,"
        " 州省"
    ),
    "zip": (
        "zip, zip code, zipcode, postal code, postcode, post code, consignee postcode, receiver postcode,"
        " recipient postcode, 邮编, 邮政编码, 收件人邮编"
    ),
    "country": (
        "country, country code, consignee country code, recipient country, re country, 国家, 国家代码,"
        " 国家二字码, 收件人国家, 收件国家, 目的国"
    ),
    "phone": (
        "phone, telephone, tel, mobile, phone number, buyer phone, consignee tel, receiver phone, re phone,"
        " 电话, 手机, 联系电话, 收件人电话, 手机号"
    ),
    "email": "email, e-mail, mail, email address, consignee email, 邮箱, 电子邮箱, 收件人邮箱, 邮件",
}

_FLAT = {
    "order_id": (
        "order id, order no, order number, order, reference no, reference, reference number, erp no,"
        " customer number, platform order no, amazon order id, 订单号, 订单编号, 参考号, 参考编号,"
        " 平台订单号, 客户单号, 单号"
    ),
    "carrier": (
        "carrier, carrier name, shipping carrier, carrier code, specified carrier, logistics name, courier,"
        " 承运商, 物流商, 快递公司, 物流公司, 快递"
    ),
    "service": (
        "service, service level, shipping service, shipping method, logistics service code, channel code,"
        " 服务, 物流服务, 物流渠道, 物流产品, 运输方式"
    ),
    "parcel.length": "length, parcel length, package length, 长, 长度, 包裹长",
    "parcel.width": "width, parcel width, package width, 宽, 宽度, 包裹宽",
    "parcel.height": "height, parcel height, package height, 高, 高度, 包裹高",
    "parcel.dimension_unit": (
        "dimension unit, dimensions unit, length unit, size unit, dim unit, 尺寸单位, 长度单位"
    ),
    "parcel.weight": "weight, parcel weight, package weight, gross weight, 重量, 毛重, 包裹重量, 实重",
    "parcel.weight_unit": "weight unit, 重量单位",
    "parcel.declared_value": (
        "declared value, value, customs value, insured value, product declared value, 申报价值, 货值,"
        " 申报金额, 申报价"
    ),
    "parcel.currency": "currency, currency code, 币种, 货币",
    "parcel.traits": "traits, contents, trait, cargo type, 货物属性, 商品属性, 货物特性, 特性, 属性",
    "signals.amazon_is_access_point_order": (
        "amazon is access point order, is access point order, access point order, 亚马逊自提订单"
    ),
    "signals.amazon_address_type": "amazon address type, address type, 地址类型",
    "signals.amazon_fulfilled": (
        "amazon fulfilled, fulfillment channel, fulfilment channel, fulfilled by, 亚马逊配送, 配送方式"
    ),
    "signals.amazon_has_access_point": "amazon has access point, has access point",
    "location.id": (
        "location id, access point id, facility id, pickup point id, pick-up point id, 自提点编号,"
        " 网点编号, 自提点id"
    ),
    "location.max_length": "location max length, max length, 自提点最大长",
    "location.max_width": "location max width, max width, 自提点最大宽",
    "location.max_height": "location max height, max height, 自提点最大高",
    "location.unit": "location unit",
    "location.max_weight": "location max weight, max weight, 自提点最大重量",
    "location.weight_unit": "location weight unit",
    "location.status": "location status, 自提点状态",
}

_DROPPED = re.compile(r"[\s_\-./()*:]+")
_UNIT = re.compile(r"[(\[]\s*(\w+)\s*[)\]]\s*$")


def _key(name: str) -> str:
    return _DROPPED.sub("", unicodedata.normalize("NFKC", name).casefold())


def _split(names: str) -> list[str]:
    return [name.strip() for name in names.split(",")]


def _bare(path: str) -> tuple[str, ...]:
    """A field's name without its block; ``id``, ``unit`` and ``status`` alone mean other things to people."""
    block, _, name = path.rpartition(".")
    return () if block == "location" or not block else (name,)


HOME_PREFIXES = ("home ", "buyer home ", "家庭", "家庭地址")
"""What stands before the name of an address column that means the buyer's home."""

NAMES: dict[str, tuple[str, ...]] = {
    **{path: (path, *_bare(path), *_split(names)) for path, names in _FLAT.items()},
    **{f"ship_to.{part}": (f"ship_to.{part}", *_split(names)) for part, names in _ADDRESS.items()},
    **{
        f"home.{part}": (
            f"home.{part}",
            *(prefix + name for name in _split(names) for prefix in HOME_PREFIXES),
        )
        for part, names in _ADDRESS.items()
    },
}
"""Every column name that is understood, as people write it, by its path in the order JSON."""


def _aliases() -> dict[str, str]:
    found: dict[str, str] = {}
    for path, names in NAMES.items():
        for name in names:
            found.setdefault(_key(name), path)
    return found


ALIASES: dict[str, str] = _aliases()
"""The same by its compared form; a name that two paths share belongs to the first of them."""

TRAIT_WORDS: dict[str, Trait] = {
    **{_key(trait): trait for trait in Trait},
    **{
        _key(word): trait
        for trait, words in {
            Trait.FRAGILE: "易碎, 易碎品, breakable, glass",
            Trait.COLD_CHAIN: "冷链, 冷藏, 冷冻, chilled, frozen, refrigerated",
            Trait.VALUABLE: "贵重, 贵重品, 贵重物品, 高价值, high value",
            Trait.HAZMAT: "危险品, 危险, 危化品, hazardous, dangerous goods",
            Trait.LITHIUM_BATTERY: "锂电池, 带电, 电池, 含电, battery, lithium, lithium batteries",
            Trait.ALCOHOL: "酒, 酒类, 含酒精, wine, liquor",
            Trait.ADULT_SIGNATURE: "成人签收, 成人签名, 21+, adult signature required",
            Trait.PERISHABLE: "易腐, 易腐品, 生鲜, fresh food",
        }.items()
        for word in words.split(",")
    },
}

UNIT_WORDS: dict[str, str] = {
    **{unit: unit for unit in (*LENGTH_UNITS, *WEIGHT_UNITS)},
    **{
        word.strip(): unit
        for unit, words in {
            "in": "inch, inches, 英寸, 吋",
            "cm": "centimeter, centimeters, 厘米, 公分",
            "mm": "millimeter, millimeters, 毫米",
            "ft": "foot, feet, 英尺",
            "m": "meter, meters, 米",
            "lb": "lbs, pound, pounds, 磅",
            "oz": "ounce, ounces, 盎司",
            "g": "gram, grams, 克",
            "kg": "kgs, kilogram, kilograms, 公斤, 千克",
        }.items()
        for word in words.split(",")
    },
}
"""What spreadsheets write for a unit."""

CARRIER_WORDS: dict[str, str] = {
    "亚马逊": "amazon",
    "亚马逊物流": "amazon",
    "联邦": "fedex",
    "联邦快递": "fedex",
    "美国邮政": "usps",
    "美国邮局": "usps",
    "联合包裹": "ups",
}
"""What Chinese spreadsheets write for a carrier."""

_TRUE = ("true", "yes", "y", "1", "是", "amazon", "afn")
_FALSE = ("false", "no", "n", "0", "否", "merchant", "mfn", "seller", "fbm")
_BOOLEANS = frozenset(path for path in _FLAT if path.startswith("signals.") and "type" not in path)
_NO_TRAITS = ("", "普货", "普通", "none", "无", "general")


class Column:
    """What one column of a file holds: where it goes in the order, and the unit its name carries."""

    __slots__ = ("path", "unit")

    def __init__(self, path: str, unit: str | None) -> None:
        self.path = path
        self.unit = unit


def column(name: str) -> Column | None:
    """Read a column's name; None when nobody knows it.

    >>> found = column("重量(KG)")
    >>> found.path, found.unit
    ('parcel.weight', 'kg')
    >>> column("favourite colour") is None
    True
    """
    plain = unicodedata.normalize("NFKC", name).casefold().strip().lstrip("\ufeff*")
    unit = _UNIT.search(plain)
    if unit is not None and (known := UNIT_WORDS.get(unit[1])) is not None:
        path = ALIASES.get(_key(plain[: unit.start()]))
        if path is not None:
            return Column(path, known)
    path = ALIASES.get(_key(plain))
    return None if path is None else Column(path, None)


def record(columns: list[Column | None], cells: list[str]) -> dict[str, Any]:
    """Put the cells of one row into the shape of the order JSON; blank cells are absent.

    Of two columns for one thing the first that is filled is taken.  Where the names of the columns and
    the row itself say different units, the unit becomes both, which no reader takes: never a guess.

    >>> record([column("订单号"), column("重量(kg)"), column("Weight unit")], ["A-1", "2", "lb"])
    {'order_id': 'A-1', 'parcel': {'weight': '2', 'weight_unit': 'lb and kg'}}
    """
    found: dict[str, Any] = {}
    named: dict[tuple[str, str], dict[str, None]] = {}
    for place, cell in zip(columns, cells, strict=False):
        if place is None or not (text := unwrapped(cell)):
            continue
        block, dot, part = place.path.partition(".")
        where = found.setdefault(block, {}) if dot else found
        name = part if dot else block
        if name in where:
            continue
        where[name] = cell_value(place.path, text)
        if place.unit is not None:
            weight = name.endswith("weight")
            unit = "weight_unit" if weight else "dimension_unit" if block == "parcel" else "unit"
            named.setdefault((block, unit), {})[place.unit] = None
    for (block, unit), units in named.items():
        told = dict.fromkeys([str(found[block][unit]).lower()] if unit in found[block] else []) | units
        found[block][unit] = " and ".join(told)
    for block in ("ship_to", "home"):
        if (address := found.get(block)) and is_covered(address.get("country", "")):
            address |= {"zip": zip_code(text)} if (text := address.get("zip")) else {}
    return found


def unwrapped(cell: str) -> str:
    """Take off what exports put around a number so that Excel leaves it alone: ``="00123"``."""
    text = cell.strip()
    return text[2:-1].strip() if text.startswith('="') and text.endswith('"') and len(text) > 2 else text


def zip_code(text: str) -> str:
    """Give a US ZIP code the leading zeros back that a spreadsheet has taken."""
    if not (text.isascii() and text.isdigit()):
        return text
    return text.zfill(5) if len(text) <= 5 else text.zfill(9)


def cell_value(path: str, text: str) -> object:
    """Read one cell that is not blank as the field of the order JSON wants it."""
    if path == "parcel.traits":
        words = [word.strip() for word in re.split(r"[;,|、，；/]", text)]
        kept = [word for word in words if word.casefold() not in _NO_TRAITS]
        return [TRAIT_WORDS.get(_key(word), word) for word in kept]
    if path.endswith("unit"):
        return UNIT_WORDS.get(text.casefold(), text)
    if path == "carrier":
        return CARRIER_WORDS.get(text, text)
    if path in _BOOLEANS:
        word = text.casefold()
        return True if word in _TRUE else False if word in _FALSE else text
    return text
