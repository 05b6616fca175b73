"""One order from a shop: may it go to the locker that the buyer chose, and if not, what then?"""

from lockership import Address, Parcel, route_parcel

buyer_chose = Address(
    name="Zhang Wei",
    company="UPS Access Point - CVS 8421",
    street1="1250 W Sunset Blvd",
    city="Los Angeles",
    state="CA",
    zip="90026",
)

for weight in ("8.2 lb", "45 lb"):
    decision = route_parcel(buyer_chose, "ups", Parcel.of("14x10x6 in", weight))
    print(f"{weight}: {decision.route.value}")
    print("   ", decision.explain("en"))
    print("   ", decision.explain("zh"))

# With the buyer's home address at hand, the heavy parcel needs nobody's attention.
home = Address(name="Zhang Wei", street1="933 Sanborn Ave", city="Los Angeles", state="CA", zip="90029")
decision = route_parcel(buyer_chose, "ups", Parcel.of("14x10x6 in", "45 lb"), home=home)
print(f"45 lb, home known: {decision.route.value} to {decision.address.street1}")
