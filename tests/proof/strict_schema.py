"""Judge a body by a carrier's own description, more strictly than the description does by itself.

Unknown keys are refused wherever the description lists keys, lengths that UPS wrote on a list hold for
each of its parts, and ``maximum`` on a list is the most parts it may have.  What cannot hold because a
description contradicts itself is corrected one by one in :data:`CONTRADICTIONS`, each with its reason.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

Edit = Callable[[dict[str, Any]], None]


class Contradiction(NamedTuple):
    """One place where a description contradicts itself, and what is judged by in its stead."""

    file: str
    schema: str
    why: str
    edit: Edit


def _edit_notification(schema: dict[str, Any]) -> None:
    schema["properties"]["NotificationCode"] |= {
        "maxLength": 3,
        "enum": ["2", "5", "6", "7", "8", "012", "013"],
    }
    schema["required"] = ["NotificationCode"]
    schema["anyOf"] = [{"required": [key]} for key in ("EMail", "VoiceMessage", "TextMessage")]


def _edit_point_id(schema: dict[str, Any]) -> None:
    schema["properties"]["UPSAccessPointID"] |= {"minLength": 7}


def _edit_request_action(schema: dict[str, Any]) -> None:
    schema["properties"]["RequestAction"] = {"const": "Locator"}


def _edit_origin(schema: dict[str, Any]) -> None:
    schema["required"] = ["CountryCode"]


CONTRADICTIONS = (
    Contradiction(
        "ups_shipping.yaml",
        "ShipmentServiceOptions_Notification",
        "maxLength 1, yet 012 and 013 are among the values; EMail is required, yet the texts of VoiceMessage "
        "and TextMessage say that any one of the three will do",
        _edit_notification,
    ),
    Contradiction(
        "ups_shipping.yaml",
        "Shipment_AlternateDeliveryAddress",
        "exactly nine characters, yet the description's own sample has seven (GB00088)",
        _edit_point_id,
    ),
    Contradiction(
        "ups_locator.yaml",
        "LocatorRequest_Request",
        "thirteen characters, yet the only value is 'Locator'",
        _edit_request_action,
    ),
    Contradiction(
        "ups_locator.yaml",
        "OriginAddress_AddressKeyFormat",
        "five fields are required, yet the texts say that either the postal code or city and state will do, "
        "and that only CountryCode is required",
        _edit_origin,
    ),
)
"""Every contradiction that stands in our way; those of the samples are named in the tests that read them."""


def description(folder: Path, name: str) -> dict[str, Any]:
    """Read a description."""
    path = folder / name
    if path.suffix == ".yaml":
        import yaml

        loaded: dict[str, Any] = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
        return loaded
    plain: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return plain


def judge(folder: Path, name: str, schema: str, *, corrected: bool = True) -> Callable[[object], list[str]]:
    """Return a judge of bodies by one schema of one description, with or without the corrections."""
    import jsonschema

    spec = description(folder, name)
    where = "definitions" if "definitions" in spec else "components"
    schemas = spec["definitions"] if where == "definitions" else spec["components"]["schemas"]
    for one in CONTRADICTIONS:
        if one.file == name and corrected:
            one.edit(schemas[one.schema])
    strict = {key: _strict(value) for key, value in schemas.items()}
    root = f"#/definitions/{schema}" if where == "definitions" else f"#/components/schemas/{schema}"
    document = {
        "$ref": root,
        "unevaluatedProperties": False,
        where: strict if where == "definitions" else {"schemas": strict},
    }
    formats = jsonschema.FormatChecker(formats=("date", "email", "uuid"))
    formats.checks("date-time")(_is_moment)  # jsonschema's own wants another package
    checker = jsonschema.Draft202012Validator(document, format_checker=formats)

    def find(body: Any) -> list[str]:
        return [f"{error.json_path}: {error.message[:200]}" for error in checker.iter_errors(body)]

    return find


def _is_moment(value: object) -> bool:
    if not isinstance(value, str):
        return True
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return "T" in value


def _strict(node: object) -> Any:
    """Rewrite one schema: OpenAPI 3.0 into JSON Schema 2020-12, and closed where it lists keys."""
    if not isinstance(node, dict):
        return node
    made = {key: value for key, value in node.items() if key not in ("example", "examples", "default", "xml")}
    if made.get("additionalProperties") is True:
        del made["additionalProperties"]  # a description that lists keys means them
    if made.pop("exclusiveMinimum", False) is True:
        made["exclusiveMinimum"] = made.pop("minimum")
    for key in {"allOf", "anyOf", "oneOf"} & made.keys():
        made[key] = [_strict(part) for part in made[key]]
    if "properties" in made:
        made["properties"] = {key: _closed(value) for key, value in made["properties"].items()}
    for key in {"additionalProperties", "items"} & made.keys():
        made[key] = _closed(made[key])
    if made.get("type") == "array":
        _tighten(made)
    return made


def _closed(node: object) -> Any:
    """Close a schema that stands for a value of its own, unless it is an object without listed keys."""
    made = _strict(node)
    if not isinstance(made, dict):
        return made
    free = made.get("type") == "object" and not {"properties", "allOf", "$ref"} & made.keys()
    return made if free or "additionalProperties" in made else made | {"unevaluatedProperties": False}


def _tighten(schema: dict[str, Any]) -> None:
    """Let UPS's limits, which stand on lists where they mean nothing, mean what their texts say."""
    most = schema.pop("maximum", None)
    if most is not None:
        schema.setdefault("maxItems", most)
    limits = {key: schema.pop(key) for key in ("minLength", "maxLength") if key in schema}
    items = schema.get("items")
    if limits and isinstance(items, dict) and items.get("type") == "string":
        schema["items"] = limits | items
