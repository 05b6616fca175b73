"""The night's orders out of a Chinese ERP's CSV: what goes out, what a person must look at first."""

import csv
from collections import Counter
from pathlib import Path

from lockership.cli import main

here = Path(__file__).parent
status = main(["route", str(here / "orders.csv"), "-o", str(here / "decisions.csv")])
print(f"exit status {status} (1: some records could not be read)")

with (here / "decisions.csv").open(encoding="utf-8-sig", newline="") as file:
    rows = list(csv.DictReader(file))

print(Counter(row["route"] or "error" for row in rows).most_common())
for row in rows:
    if row["route"] == "review":
        print(f"{row['order_id']}: {row['explanation_zh']}")
    elif row["error_code"]:
        print(f"{row['order_id']}: {row['error_field']}: {row['error_message']}")
