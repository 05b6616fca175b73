"""Our Shippo requests against Shippo's published API description (OpenAPI 3.1, which is JSON Schema)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import attrs
import pytest

from lockership.address import Address
from lockership.handoff import Buyer, Handoff
from lockership.labels.shippo import request
from lockership.parcel import Parcel
from lockership.rules import Asked

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HOME = Handoff(
    Asked.HOME,
    "ups",
    None,
    "street",
    Address(name="Zhang Wei", street1="417 Montgomery St", city="Los Angeles", state="CA", zip="90026"),
    Buyer("Zhang Wei", "3235550142", "zhang.wei@example.com"),
    Parcel.of("14x10x6 in", "8.2 lb"),
)
SENDER = Address(
    name="Dock 4",
    street1="1990 E Grand Ave",
    city="El Segundo",
    state="CA",
    zip="90245",
    phone="3105550100",
    email="dock4@example.com",
)


@pytest.fixture(scope="module")
def faults(shared: Path) -> Callable[[object], list[str]]:
    """Return a judge of shipment requests by the published description."""
    jsonschema = pytest.importorskip("jsonschema", reason="left out: jsonschema is not installed")
    yaml = pytest.importorskip("yaml", reason="left out: PyYAML is not installed")
    path = shared / "specs" / "shippo_public_api_2024-06-24.yaml"
    spec = yaml.safe_load(path.read_text("utf-8"))
    schema = {"$ref": "#/components/schemas/ShipmentCreateRequest", "components": spec["components"]}
    judge = jsonschema.Draft202012Validator(schema)

    def find(body: object) -> list[str]:
        return [f"{error.json_path}: {error.message}" for error in judge.iter_errors(body)]

    return find


def body_of(handoff: Handoff, **options: Any) -> dict[str, Any]:
    """Return the body as it goes over the wire."""
    made = request(handoff, SENDER, reference="A-1001", **options)
    made["async"] = made.pop("async_")
    plain: dict[str, Any] = json.loads(json.dumps(made))
    return plain


@pytest.mark.parametrize(
    "handoff",
    [
        HOME,
        attrs.evolve(HOME, carrier="usps", asked=Asked.POSTAL, kind="usps.po_box"),
        attrs.evolve(HOME, carrier="usps", asked=Asked.GENERAL_DELIVERY, kind="usps.general_delivery"),
        attrs.evolve(
            HOME,
            parcel=Parcel.of("0.00001 x 100000 x 33 cm", "0.00001 g", traits=["adult_signature", "alcohol"]),
        ),
    ],
    ids=["home", "po box", "general delivery", "traits"],
)
def test_requests_keep_to_the_description(faults: Callable[[object], list[str]], handoff: Handoff) -> None:
    """Every request that is written keeps to the published description."""
    assert faults(body_of(handoff)) == []


@pytest.mark.parametrize(
    ("field", "value"), [("weight", 8.2), ("mass_unit", "stone"), ("distance_unit", None), ("length", None)]
)
def test_the_judge_sees_a_wrong_parcel(
    faults: Callable[[object], list[str]], field: str, value: object
) -> None:
    """The judge refuses a parcel with numbers in place of text, with unknown units, or without a side."""
    body = body_of(HOME)
    body["parcels"][0][field] = value
    assert faults(body)


def test_extra_keys_are_the_descriptions(shared: Path) -> None:
    """The keys of ``extra`` that are let through are those of the published description."""
    yaml = pytest.importorskip("yaml", reason="left out: PyYAML is not installed")
    from lockership.labels.shippo import EXTRA_KEYS

    text = (shared / "specs" / "shippo_public_api_2024-06-24.yaml").read_text("utf-8")
    described = yaml.safe_load(text)["components"]["schemas"]["ShipmentExtra"]["properties"]
    assert set(described) == EXTRA_KEYS
