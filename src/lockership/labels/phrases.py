"""The words on a fallback label, beside those of :mod:`lockership.explain`: English, Chinese, Spanish.

The three lines that say what the label is *not* are English always: they speak to a carrier's people.
"""

from __future__ import annotations

from lockership.explain import LANGUAGES
from lockership.words import Note

__all__ = [
    "FORBIDDEN",
    "LANGUAGES",
    "NOT_A_LABEL",
    "PHRASE_KEYS",
    "needs_text",
    "note_text",
    "phrase",
]

FORBIDDEN = "NOT VALID FOR CARRIER TENDER"
NOT_A_LABEL = "NOT POSTAGE / NOT A CARRIER LABEL"

_PHRASES: dict[str, tuple[str, str, str]] = {
    "not_a_label": ("", "非承运商面单，不可交运", "NO ES ETIQUETA"),
    # what is to be done with the parcel, in one glance
    "pickup": ("PICK-UP POINT", "自提点", "PUNTO DE RECOGIDA"),
    "home": ("HOME DELIVERY", "派送上门", "ENTREGA A DOMICILIO"),
    "review": ("STOP", "停", "ALTO"),
    "do_not_ship": ("DO NOT SHIP", "不要发货", "NO ENVIAR"),
    "superseded": ("SUPERSEDED", "已作废", "ANULADA"),
    "superseded_text": (
        "The fallback label under this cover is void. Ship with the carrier's label only.",
        "此页下的备用标签已作废，只按承运商面单发货。",
        "La etiqueta provisional debajo queda anulada. Envíe solo con la etiqueta del transportista.",
    ),
    # captions
    "ship_to": ("SHIP TO", "收件", "DESTINO"),
    "as_ordered": ("AS ORDERED, DO NOT SHIP", "订单地址，不要发货", "COMO SE PIDIÓ, NO ENVIAR"),
    "point": ("POINT", "自提点", "PUNTO"),
    "why": ("WHY", "原因", "MOTIVO"),
    "next": ("NEXT", "下一步", "SIGUIENTE"),
    "order": ("ORDER", "订单", "PEDIDO"),
    "parcel": ("PARCEL", "包裹", "PAQUETE"),
    "contents": ("ITEMS", "商品", "ARTÍCULOS"),
    "no_label": ("NO LABEL", "无面单", "SIN ETIQ."),
    "from": ("FROM", "寄件", "REMITE"),
    "printed": ("PRINTED", "打印", "IMPRESO"),
    "package": ("PACKAGE", "件数", "BULTO"),
    "pick_list": ("PICK LIST", "拣货单", "LISTA DE RECOLECCIÓN"),
    "bin": ("BIN", "库位", "UBIC."),
    "quantity": ("QTY", "数量", "CANT."),
    "more": ("and {count} more", "另有 {count} 项", "y {count} más"),
    "staging": ("STAGING SHEET", "暂存清单", "HOJA DE ESPERA"),
    "todo": ("WHAT TO DO", "处理方式", "QUÉ HACER"),
    "weight": ("WEIGHT", "重量", "PESO"),
    "where": ("BIN", "库位", "UBICACIÓN"),
    "parcels": ("parcels", "件包裹", "paquetes"),
    # why
    "not_there": (
        "Not to the {place} that was ordered:",
        "不送订单所选的{place}：",
        "No al destino pedido, {place}:",
    ),
    # what to do next
    "wait": (
        "Keep it in staging. Buy the carrier's label, stick it over this one, then ship.",
        "放入暂存区，购得承运商面单并覆盖此标签后再发货。",
        "Déjelo en espera. Compre la etiqueta del transportista, péguela encima y envíe.",
    ),
    "fill_in": ("First fill in: {needs}.", "先补充：{needs}。", "Primero complete: {needs}."),
    "remedies": ("{remedies}.", "{remedies}。", "{remedies}."),
    "no_remedy": (
        "Nothing simple helps: ask the person in charge.",
        "没有简单的办法，请找负责人处理。",
        "No hay remedio sencillo: pregunte al responsable.",
    ),
    "or": ("; or ", "；或", "; o "),
    "tries": ("{count} tries, last {at}", "共 {count} 次，最后 {at}", "{count} intentos, último {at}"),
    "one_try": ("tried {at}", "{at} 尝试", "intento {at}"),
}
PHRASE_KEYS = tuple(_PHRASES)

_NEEDS: dict[str, tuple[str, str, str]] = {
    "access_point_id": ("UPS Access Point id", "UPS 代收点编号", "id del UPS Access Point"),
    "location_id": ("FedEx location id", "FedEx 网点编号", "id del punto FedEx"),
    "facility_id": ("USPS facility id", "USPS 网点编号", "id de la oficina USPS"),
    "email": ("buyer's e-mail", "买家邮箱", "correo del comprador"),
    "phone": ("buyer's phone", "买家电话", "teléfono del comprador"),
    "name": ("buyer's name", "买家姓名", "nombre del comprador"),
}

_NOTES: dict[Note, tuple[str, str, str]] = {
    Note.KIND_UNCERTAIN: (
        "The kind of address is not certain: look at it.",
        "地址类型不确定，请人工核对。",
        "El tipo de dirección no es seguro: revíselo.",
    ),
    Note.VALUE_NOT_COMPARED: (
        "The declared value could not be compared with the limit.",
        "申报价值未能与上限比较。",
        "El valor declarado no se pudo comparar con el límite.",
    ),
    Note.COUNTRY_NOT_COVERED: (
        "Outside the United States: pick-up points there are not known.",
        "不在美国境内，不识别当地自提点。",
        "Fuera de Estados Unidos: no se conocen puntos de recogida.",
    ),
    Note.SIGNAL_CONFLICT: (
        "Sales channel and address say different things: look at the order.",
        "平台标记与地址不一致，请核对订单。",
        "El canal de venta y la dirección no coinciden: revise el pedido.",
    ),
    Note.LOCKER_DECLINED: (
        "The buyer does not want a locker or pick-up point.",
        "买家不要自提柜或自提点。",
        "El comprador no quiere casillero ni punto de recogida.",
    ),
    Note.AMAZON_TAKES_ADDRESS_FROM_ORDER: (
        "Amazon takes the address from its own order: change it there.",
        "亚马逊以其订单地址为准，须在亚马逊修改。",
        "Amazon toma la dirección de su pedido: cámbiela allí.",
    ),
}


def note_text(note: Note, language: str) -> str:
    """Say a remark of a decision in a few words."""
    return _NOTES[note][LANGUAGES.index(language)]


def phrase(key: str, language: str) -> str:
    """Say it in a language of :data:`lockership.explain.LANGUAGES`.

    >>> phrase("home", "en"), phrase("home", "zh")
    ('HOME DELIVERY', '派送上门')
    """
    return _PHRASES[key][LANGUAGES.index(language)]


def needs_text(missing: tuple[str, ...], language: str) -> str:
    """Name what must be filled in before a label can be bought.

    >>> needs_text(("access_point_id", "phone"), "en")
    "UPS Access Point id, buyer's phone"
    """
    at = LANGUAGES.index(language)
    return ("、" if language == "zh" else ", ").join([_NEEDS[need][at] for need in missing])
