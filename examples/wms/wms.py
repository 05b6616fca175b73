"""A warehouse system's own function on top of lockership: which lane does this parcel go to?"""

from __future__ import annotations

from lockership import Address, Parcel, Route, route_parcel


def lane(address: Address, carrier: str, parcel: Parcel, home: Address | None = None) -> str:
    """Give the packing lane: ``locker``, ``home`` or ``desk``, where a person looks at the parcel."""
    decision = route_parcel(address, carrier, parcel, home=home)
    if decision.route is Route.REVIEW or decision.missing:
        return "desk"
    return "locker" if decision.route is Route.PICKUP else "home"


if __name__ == "__main__":
    box = Parcel.of("30x20x10 cm", "1.2 kg")
    for company in ("", "FedEx OnSite at Walgreens", "Amazon Locker - Chive"):
        address = Address(company=company, street1="2012 E 7th St", city="Austin", state="TX", zip="78702")
        print(f"{company or 'a street':<26} {lane(address, 'fedex', box)}")
