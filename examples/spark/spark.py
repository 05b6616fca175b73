"""A night's orders on Spark: decided where they lie, counted by warehouse, and what a person must look at."""

import os
import sys
from pathlib import Path

from pyspark.sql import SparkSession

from lockership import Policy
from lockership.scale import route_spark

here = Path(__file__).parent
os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # the workers' Python has lockership too

# Amounts are text: JSON's numbers are then read exactly, and a bad one is told as it stands.
PARCEL = """struct<length: string, width: string, height: string, dimension_unit: string,
    weight: string, weight_unit: string, declared_value: string, currency: string, traits: array<string>>"""
ORDERS = f"""order_id string, warehouse string, carrier string, service string,
    ship_to struct<name: string, company: string, street1: string, street2: string, city: string,
        state: string, zip: string, phone: string>,
    home struct<street1: string, city: string, state: string, zip: string>,
    parcel {PARCEL}, parcels array<{PARCEL}>"""

spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
orders = spark.read.schema(ORDERS).json(str(here / "orders.jsonl"))
policy = Policy.from_dict({"max_weight": "20 lb"})

# Kept columns stand beside the decisions, so no join is needed.  Two questions are asked below: without
# cache() every order would be decided twice.  A real job writes: decisions.write.parquet("...").
decisions = route_spark(orders, policy=policy, keep=["warehouse"]).cache()

for row in decisions.groupBy("warehouse", "route").count().orderBy("warehouse", "route").collect():
    print(f"{row['warehouse']}: {row['count']} {row['route'] or 'error'}")
for row in decisions.where("route = 'review' or error_code is not null").orderBy("order_id").collect():
    parcel = "" if row["parcel"] is None else f", parcel {row['parcel']}"
    reason = row["explanation_en"] or f"{row['error_field']}: {row['error_message']}"
    print(f"{row['order_id']}{parcel} ({row['warehouse']}): {reason}")

spark.stop()
