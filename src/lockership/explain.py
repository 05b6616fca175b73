"""Decisions in the words of a warehouse worker: English, Chinese and Spanish.

All sentences stand here, so that a translator needs one file.  A code that reaches a worker is a bug:
every code has its words in every language, and a test holds that.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from lockership.networks import CHANNEL_OF
from lockership.rules import By
from lockership.words import ADDRESS_KINDS, Kind, Note, RefusalCode, RemedyCode, Route, Trait

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from lockership.decision import Decision, Hold, Refusal, Remedy, WhatIf
    from lockership.rules import Channel

__all__ = [
    "CARRIER_NAMES",
    "LANGUAGES",
    "explain",
    "headline",
    "kind_name",
    "refusal_text",
    "remedy_text",
    "what_if_text",
]

LANGUAGES: Final = ("en", "zh", "es")
"""English, Chinese, Spanish."""

CARRIER_NAMES: Final = {"usps": "USPS", "ups": "UPS", "fedex": "FedEx", "amazon": "Amazon"}
"""Carriers as they write themselves; any other carrier's name is written as it came."""

_KINDS: dict[str, tuple[str, str, str]] = {
    Kind.MILITARY: (
        "military address, APO/FPO/DPO",
        "军邮地址 APO/FPO/DPO",
        "dirección militar, APO/FPO/DPO",
    ),
    Kind.PRIVATE_MAILBOX: ("private mailbox", "私人信箱", "buzón privado"),
    Kind.APARTMENT_LOCKER: (
        "parcel locker in the buyer's building",
        "买家公寓楼内的快递柜",
        "casillero en el edificio del comprador",
    ),
    Kind.STREET: ("street address", "普通街道地址", "dirección de calle"),
}

_TRAITS: dict[Trait, tuple[str, str, str]] = {
    Trait.FRAGILE: ("fragile goods", "易碎品", "artículos frágiles"),
    Trait.COLD_CHAIN: ("chilled goods", "冷链商品", "artículos refrigerados"),
    Trait.VALUABLE: ("valuables", "贵重物品", "objetos de valor"),
    Trait.HAZMAT: ("hazardous goods", "危险品", "mercancías peligrosas"),
    Trait.LITHIUM_BATTERY: ("lithium batteries", "锂电池", "baterías de litio"),
    Trait.ALCOHOL: ("alcohol", "酒类", "alcohol"),
    Trait.ADULT_SIGNATURE: (
        "parcels that need an adult's signature",
        "需成人签收的包裹",
        "paquetes con firma de adulto",
    ),
    Trait.PERISHABLE: ("perishable goods", "易腐品", "artículos perecederos"),
}

_BY: dict[By, tuple[str, str, str]] = {
    By.CARRIER: ("rule of the carrier", "承运商规定", "regla del transportista"),
    By.NETWORK: ("rule of the pick-up network", "自提网络规定", "regla de la red de recogida"),
    By.HOUSE: ("house rule", "本仓规定", "regla de la casa"),
    By.LOCATION: ("limit of this very point", "该自提点限制", "límite de este punto"),
}

_REFUSALS: dict[RefusalCode, tuple[str, str, str]] = {
    RefusalCode.CARRIER_CANNOT_SERVE: (
        "{carrier} does not deliver to this {place}",
        "{carrier} 不派送到 {place}",
        "{carrier} no entrega en este destino ({place})",
    ),
    RefusalCode.TOO_HEAVY: (
        "it weighs {measured}, must be {limit}",
        "重量 {measured}，须{limit}",
        "pesa {measured}, debe ser {limit}",
    ),
    RefusalCode.TOO_LONG: (
        "its longest side is {measured}, must be {limit}",
        "最长边 {measured}，须{limit}",
        "su lado más largo mide {measured}, debe ser {limit}",
    ),
    RefusalCode.DOES_NOT_FIT: (
        "its sides are {measured}, must be {limit}, turned any way",
        "尺寸 {measured}，任意摆放须{limit}",
        "mide {measured}, debe ser {limit}, en cualquier posición",
    ),
    RefusalCode.GIRTH_OVER: (
        "length plus girth is {measured}, must be {limit}",
        "长度加围长 {measured}，须{limit}",
        "largo más contorno es {measured}, debe ser {limit}",
    ),
    RefusalCode.VALUE_OVER: (
        "its declared value is {measured}, must be {limit}",
        "申报价值 {measured}，须{limit}",
        "su valor declarado es {measured}, debe ser {limit}",
    ),
    RefusalCode.TRAIT_REFUSED: (
        "not accepted: {trait}",
        "不接收{trait}",
        "no se acepta: {trait}",
    ),
    RefusalCode.SERVICE_NOT_ALLOWED: (
        "this service does not reach it, use one of: {limit}",
        "所选服务不支持，可用服务：{limit}",
        "este servicio no llega, use uno de: {limit}",
    ),
    RefusalCode.SELLER_NOT_ELIGIBLE: (
        "only orders that Amazon fulfils are accepted, this one is shipped by the seller",
        "只接收亚马逊配送的订单，此单由卖家自发货",
        "solo se aceptan pedidos gestionados por Amazon, este lo envía el vendedor",
    ),
    RefusalCode.LOCATION_CLOSED: ("the point is closed", "该自提点已关闭", "el punto está cerrado"),
    RefusalCode.LOCATION_FULL: ("the point is full", "该自提点已满", "el punto está lleno"),
    RefusalCode.LOCATION_TOO_SMALL: (
        "its sides are {measured}, this point takes {limit}, turned any way",
        "尺寸 {measured}，该点任意摆放须{limit}",
        "mide {measured}, este punto admite {limit}, en cualquier posición",
    ),
    RefusalCode.LOCATION_NOT_ACCEPTING: (
        "the point takes no parcels now",
        "该自提点暂不收件",
        "el punto no recibe paquetes ahora",
    ),
}

# A label hangs where anybody can read it: what a parcel is worth is not told there.
_VALUE_UNTOLD = (
    "its declared value is too high for this place",
    "申报价值超过上限",
    "su valor declarado es demasiado alto",
)

_REMEDIES: dict[RemedyCode, tuple[str, str, str]] = {
    RemedyCode.USE_CARRIER: ("ship with {carrier}", "改用 {carrier} 发货", "enviar con {carrier}"),
    RemedyCode.ASK_HOME_ADDRESS: (
        "ask the buyer for a home address",
        "联系买家提供家庭地址",
        "pedir al comprador una dirección de domicilio",
    ),
    RemedyCode.CHOOSE_OTHER_POINT: (
        "ask the buyer to choose another point: {channel}",
        "请买家改选自提点：{channel}",
        "pedir al comprador que elija otro punto: {channel}",
    ),
    RemedyCode.SHIP_WITH_AMAZON: (
        "let Amazon fulfil and carry it",
        "改由亚马逊配送发货",
        "que Amazon lo gestione y lo transporte",
    ),
    RemedyCode.SPLIT_PARCEL: (
        "split it into two lighter parcels",
        "拆成两个较轻的包裹",
        "dividirlo en dos paquetes más ligeros",
    ),
}

_NEEDS: dict[str, tuple[str, str, str]] = {
    "access_point_id": ("the UPS Access Point id", "UPS 代收点编号", "el id del UPS Access Point"),
    "location_id": ("the FedEx location id", "FedEx 网点编号", "el id del punto FedEx"),
    "facility_id": ("the USPS facility id", "USPS 网点编号", "el id de la oficina USPS"),
    "email": ("the buyer's e-mail", "买家邮箱", "el correo del comprador"),
    "phone": ("the buyer's phone", "买家电话", "el teléfono del comprador"),
    "name": ("the buyer's name", "买家姓名", "el nombre del comprador"),
}

_BASES: dict[str, tuple[str, str, str]] = {
    "calendar": ("calendar days", "个自然日", "días naturales"),
    "business": ("business days", "个工作日", "días hábiles"),
}

_EXPIRIES: dict[str, tuple[str, str, str]] = {
    "returned_to_sender": (
        "then it goes back to the sender",
        "逾期退回寄件人",
        "después vuelve al remitente",
    ),
    "returned_to_amazon": (
        "then it goes back to Amazon and the buyer is refunded",
        "逾期退回亚马逊并退款",
        "después vuelve a Amazon y se reembolsa al comprador",
    ),
    "returned_to_carrier_station": (
        "then it goes back to a station of the carrier",
        "逾期退回承运商站点",
        "después vuelve a una estación del transportista",
    ),
}

_NOTES: dict[Note, tuple[str, str, str]] = {
    Note.KIND_UNCERTAIN: (
        "The text does not tell for sure what this address is: look at it.",
        "地址类型无法确定，请人工核对。",
        "El texto no dice con seguridad qué es esta dirección: revísela.",
    ),
    Note.VALUE_NOT_COMPARED: (
        "The declared value is not in US dollars and was not compared with the limit.",
        "申报价值不是美元，未与上限比较。",
        "El valor declarado no está en dólares y no se comparó con el límite.",
    ),
    Note.COUNTRY_NOT_COVERED: (
        "The address is outside the United States: pick-up points there are not known.",
        "地址不在美国境内，不识别当地自提点。",
        "La dirección está fuera de Estados Unidos: allí no se conocen puntos de recogida.",
    ),
    Note.SIGNAL_CONFLICT: (
        "The sales channel and the address lines say different things: look at the order.",
        "销售平台的标记与地址内容不一致，请核对订单。",
        "El canal de venta y la dirección no coinciden: revise el pedido.",
    ),
    Note.LOCKER_DECLINED: (
        "The buyer does not want a locker or pick-up point.",
        "买家不要自提柜或自提点。",
        "El comprador no quiere casillero ni punto de recogida.",
    ),
    Note.AMAZON_TAKES_ADDRESS_FROM_ORDER: (
        "Amazon takes the address from its own order and ignores another one: change it there.",
        "亚马逊以其订单地址为准，改地址须在亚马逊订单中修改。",
        "Amazon toma la dirección de su propio pedido e ignora otra: cámbiela allí.",
    ),
}

_SHAPES: dict[str, tuple[str, str, str]] = {
    "pickup": (
        "Deliver to the pick-up point that the buyer chose ({place}).",
        "送到买家选择的自提点（{place}）。",
        "Entregar en el punto de recogida que eligió el comprador ({place}).",
    ),
    "needs": (
        "Before a label can be bought, fill in: {needs}.",
        "购买面单前请补充：{needs}。",
        "Antes de comprar la etiqueta, complete: {needs}.",
    ),
    "hold": ("It is kept for {days} {basis}", "保留 {days} {basis}", "Se guarda {days} {basis}"),
    "home": (
        "Deliver as usual to this {place}.",
        "按普通派送送到此地址（{place}）。",
        "Entregar como siempre en esta dirección ({place}).",
    ),
    "to_home": (
        "Deliver to the buyer's home address, not to the pick-up point ({place}): {refusals}.",
        "改送买家家庭地址，不送自提点（{place}）：{refusals}。",
        "Entregar en el domicilio del comprador, no en el punto de recogida ({place}): {refusals}.",
    ),
    "review": (
        "Stop, do not ship ({place}): {refusals}.",
        "暂停，不要发货（{place}）：{refusals}。",
        "Alto, no enviar ({place}): {refusals}.",
    ),
    "what_if": ("To pass there: {changes}.", "满足以下条件即可：{changes}。", "Para pasar allí: {changes}."),
    "remedies": ("What helps: {remedies}.", "处理办法：{remedies}。", "Qué ayuda: {remedies}."),
    "no_remedy": (
        "Nothing simple helps: ask the person in charge.",
        "没有简单的办法，请找负责人处理。",
        "No hay remedio sencillo: pregunte al responsable.",
    ),
}

_CHANGES: dict[str, tuple[str, str, str]] = {
    "weight": ("{amount} lighter", "减重 {amount}", "{amount} menos de peso"),
    "longest_side": (
        "longest side {amount} shorter",
        "最长边减少 {amount}",
        "lado más largo {amount} más corto",
    ),
    "middle_side": ("middle side {amount} shorter", "中间边减少 {amount}", "lado medio {amount} más corto"),
    "shortest_side": (
        "shortest side {amount} shorter",
        "最短边减少 {amount}",
        "lado más corto {amount} más corto",
    ),
    "length_plus_girth": (
        "length plus girth {amount} less",
        "长度加围长减少 {amount}",
        "largo más contorno {amount} menos",
    ),
    "value": (
        "contents worth under {amount}",
        "内件价值低于 {amount}",
        "contenido de menos de {amount}",
    ),
    "trait": ("without {trait}", "不含{trait}", "sin {trait}"),
}

_JOINS = (("; ", "; or ", ", ", " "), ("；", "；或", "、", ""), ("; ", "; o ", ", ", " "))


def _place(language: str) -> int:
    try:
        return LANGUAGES.index(language)
    except ValueError:
        raise ValueError(f"language {language!r} is not one of {', '.join(LANGUAGES)}") from None


def kind_name(kind: str, language: str = "en", channels: Mapping[str, Channel] = CHANNEL_OF) -> str:
    """Name a kind as a worker would; ``channels`` are those that the house policy knows.

    >>> kind_name("usps.po_box"), kind_name("street", "zh")
    ('PO Box', '普通街道地址')
    """
    return _kind(kind, _place(language), channels)


def _kind(kind: str, at: int, channels: Mapping[str, Channel]) -> str:
    channel = channels.get(kind)
    return _KINDS[kind][at] if channel is None else (channel.name, channel.name_zh, channel.name_es)[at]


def refusal_text(refusal: Refusal, decision: Decision, language: str = "en", *, value: bool = True) -> str:
    """Say one refusal; ``value=False`` leaves the declared value out, for paper that anybody can read."""
    at = _place(language)
    place = _kind(decision.kind, at, decision.policy.channel_of)
    return _refusal(refusal, decision, place, at, value=value)


def _refusal(refusal: Refusal, decision: Decision, place: str, at: int, *, value: bool) -> str:
    code = refusal.code
    if code is RefusalCode.VALUE_OVER and not value:
        words = _VALUE_UNTOLD[at]
    else:
        words = _REFUSALS[code][at].format(
            carrier=CARRIER_NAMES.get(decision.carrier, decision.carrier_named),
            place=place,
            measured=refusal.measured or "",
            limit=_limit(refusal.limit, code, at),
            trait="" if refusal.trait is None else _TRAITS[refusal.trait][at],
        )
    return words if code in _SELF_EVIDENT else words + _by(refusal.by, refusal.since, at)


@lru_cache(maxsize=4096)
def _by(by: By, since: date | None, at: int) -> str:
    who = _BY[by][at]
    if since is not None:
        who += (", since {}", "，{} 起", ", desde {}")[at].format(since)
    return (" ({})", "（{}）", " ({})")[at].format(who)


_SELF_EVIDENT = (
    RefusalCode.CARRIER_CANNOT_SERVE,
    RefusalCode.LOCATION_CLOSED,
    RefusalCode.LOCATION_FULL,
    RefusalCode.LOCATION_NOT_ACCEPTING,
)


@lru_cache(maxsize=4096)
def _limit(text: str | None, code: RefusalCode, at: int) -> str:
    """Say a limit in the language, whether the limit itself is allowed or not."""
    if text is None:
        return ""
    if code is RefusalCode.SERVICE_NOT_ALLOWED:
        return text.replace("_", " ")
    if text.startswith("under "):
        return ("under {}", "小于 {}", "menos de {}")[at].format(text.removeprefix("under "))
    return ("at most {}", "不超过 {}", "como máximo {}")[at].format(text)


def remedy_text(remedy: Remedy, language: str = "en", channels: Mapping[str, Channel] = CHANNEL_OF) -> str:
    """Say one remedy."""
    return _remedy(remedy, _place(language), channels)


def _remedy(remedy: Remedy, at: int, channels: Mapping[str, Channel]) -> str:
    return _REMEDIES[remedy.code][at].format(
        carrier=CARRIER_NAMES.get(remedy.carrier or "", remedy.carrier),
        channel="" if remedy.channel is None else _kind(remedy.channel, at, channels),
    )


def what_if_text(what_if: WhatIf, language: str = "en", *, value: bool = True) -> str:
    """Say what must change about the parcel; ``value=False`` leaves the declared value out."""
    at = _place(language)
    told: list[str] = []
    for change in what_if.changes:
        if change.what == "value" and not value:
            continue
        trait = _TRAITS[Trait(change.amount)][at] if change.what == "trait" else ""
        told.append(_CHANGES[change.what][at].format(amount=change.amount, trait=trait))
    return _SHAPES["what_if"][at].format(changes=_JOINS[at][2].join(told)) if told else ""


def headline(decision: Decision, language: str = "en", *, value: bool = True) -> str:
    """Say the decision in one sentence, for a screen or a label."""
    at = _place(language)
    place = _kind(decision.kind, at, decision.policy.channel_of)
    told = [_refusal(refusal, decision, place, at, value=value) for refusal in decision.refusals]
    if decision.route is Route.REVIEW:
        shape = "review"
    elif decision.deliver_to == "home":
        shape = "to_home"
    elif decision.kind in ADDRESS_KINDS or decision.route is Route.HOME:
        shape = "home"
    else:
        shape = "pickup"
    return _SHAPES[shape][at].format(place=place, refusals=_JOINS[at][0].join(told))


def explain(decision: Decision, language: str = "en") -> str:
    """Say the whole decision: what to do, why, what helps, what is missing, what to look at."""
    at = _place(language)
    parts = [headline(decision, language)]
    if decision.route is Route.REVIEW:
        if decision.remedies:
            known = decision.policy.channel_of
            remedies = _JOINS[at][1].join([_remedy(remedy, at, known) for remedy in decision.remedies])
            parts.append(_SHAPES["remedies"][at].format(remedies=remedies))
        else:
            parts.append(_SHAPES["no_remedy"][at])
        if decision.what_if is not None:
            parts.append(what_if_text(decision.what_if, language))
    parts += _after(decision.missing, decision.hold, decision.notes, at)
    return _JOINS[at][3].join(parts)


@lru_cache(maxsize=4096)
def _after(missing: tuple[str, ...], hold: Hold | None, notes: tuple[Note, ...], at: int) -> tuple[str, ...]:
    """Say what is the same for many parcels; most have nothing of it."""
    parts: list[str] = []
    if missing:
        needs = _JOINS[at][2].join(_NEEDS[need][at] for need in missing)
        parts.append(_SHAPES["needs"][at].format(needs=needs))
    if hold is not None:
        kept = _SHAPES["hold"][at].format(days=hold.days, basis=_BASES[hold.basis][at])
        if (expiry := hold.on_expiry) is not None:
            told = _EXPIRIES.get(expiry)  # a network of one's own says it in its own words
            kept += (", ", "，", ", ")[at] + (expiry if told is None else told[at])
        parts.append(kept + (".", "。", ".")[at])
    return (*parts, *(_NOTES[note][at] for note in notes))
