"""How fast order books are decided by column, beside the same orders one at a time.

    python benchmarks/columns.py [ROWS] [--curve MOST]

Every figure is measured in this run.  ROWS is 1,000,000 unless given.  ``--curve 20000000`` streams
files of ten thousand rows up to that many through ``lockership route`` and shows time and memory.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import zen
from order_book import order_book
from pyarrow import parquet
from rule_tables import POLICY, all_rules, conditions, inputs, jdm, names_in, order_json, plan

from lockership import recognise
from lockership.carriers import carrier_key
from lockership.checks import plan_for
from lockership.columnar import ROWS, route_table
from lockership.columnar.fields import Fields
from lockership.columnar.orders import Orders
from lockership.columnar.parcels import broken
from lockership.columnar.rows import Layout
from lockership.errors import InputError
from lockership.inbound import decided, read_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_ONE_BY_ONE = 20_000
_ZEN = 5_000
_ROUNDS = 3


def seconds(work: Callable[[], object], rounds: int = _ROUNDS) -> float:
    """Give the median time of a few rounds."""
    times: list[float] = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def one_at_a_time(table: pa.Table) -> Iterator[dict[str, Any]]:
    """Decide row by row, as a program does that has no columns: read, route, give the decision JSON."""
    layout = Layout(table.schema.names)
    for row in table.to_pylist():
        record = layout.record(row)
        try:
            order = read_order(record)
        except InputError as error:
            yield {"order_id": record.get("order_id"), "error": error.message}
            continue
        for _, answer in decided(order):
            failed = isinstance(answer, InputError)
            yield {"error": answer.message} if failed else answer.to_dict(order.order_id)


def zen_batch(table: pa.Table, *, cut: bool) -> Callable[[], object]:
    """Let zen-engine look for the first refusal of all rows in one call, told the kind, sizes and girth."""
    tables: dict[str, tuple[dict[str, Any], list[str]]] = {}
    asked: list[dict[str, Any]] = []
    for row in table.to_pylist():
        order = read_order(order_json(row))
        known = (str(recognise(order.ship_to).kind), carrier_key(order.carrier))
        key = " ".join(known) if cut else "all"
        if key not in tables:
            rules = conditions(plan(*known)) if cut else all_rules()
            tables[key] = json.loads(jdm(rules)), names_in(rules)
        asked.append({"key": key, "context": inputs(order, tables[key][1])})
    content = {key: rules for key, (rules, _) in tables.items()}
    engine = zen.ZenEngine({"loader": {"type": "static", "content": content}})
    return lambda: engine.evaluate_batch(asked)


def rules_alone(table: pa.Table) -> Callable[[], object]:
    """Find all refusals of parcels by column, as bits, where kind and sizes are known as zen knows them."""
    orders = Orders(Fields(table.combine_chunks().to_batches()[0], Layout(table.schema.names)))
    rows: dict[tuple[str, str], list[int]] = {}
    kinds, carriers = route_table(table)["kind"].to_pylist(), table["carrier"].to_pylist()
    for row, (kind, carrier) in enumerate(zip(kinds, carriers, strict=True)):
        rows.setdefault((kind, carrier_key(carrier)), []).append(row)
    groups = [
        (plan_for(*known, "", *[False] * 3, POLICY, None), np.array(same)) for known, same in rows.items()
    ]
    return lambda: [broken(one, orders.parcels, same) for one, same in groups]


def copied(source: Path, target: Path) -> None:
    """Only read the columns of a file and write them again, batch by batch as the router does."""
    file = parquet.ParquetFile(source, pre_buffer=False, buffer_size=1 << 20)
    with parquet.ParquetWriter(target, file.schema_arrow) as out:
        for batch in file.iter_batches(batch_size=ROWS):
            out.write_batch(batch)


def command(source: Path, target: Path) -> tuple[float, float]:
    """Run the command line; give its seconds and the most memory of its processes together, in MB."""
    start, most = time.perf_counter(), 0
    with subprocess.Popen([sys.executable, "-m", "lockership", "route", source, "-o", target]) as running:
        while running.poll() is None:
            most = max(most, _resident(running.pid))
            time.sleep(0.02)
    if running.returncode:
        raise SystemExit(running.returncode)
    return time.perf_counter() - start, most / 1024


def _resident(pid: int) -> int:
    """Add up what a process and those that it started have in memory, in kB; 0 where no /proc tells."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:  # it has just ended
        return 0
    own = next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)
    return own + sum(_resident(int(child)) for child in children)


def repeated(table: pa.Table, rows: int, path: Path) -> None:
    """Write a file of so many rows, which repeat the table."""
    with parquet.ParquetWriter(path, table.schema) as out:
        while rows > 0:
            out.write_table(table.slice(0, rows))
            rows -= table.num_rows


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("rows", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--curve", type=int, default=0, metavar="MOST")
    options = parser.parse_args()
    table = order_book(options.rows)
    few = table.slice(0, min(_ONE_BY_ONE, options.rows))

    alone = seconds(lambda: sum(1 for _ in one_at_a_time(few))) / few.num_rows
    columns = seconds(lambda: route_table(table)) / table.num_rows
    print(f"one at a time         {alone * 1e6:8.1f} µs a row")
    print(f"route_table           {columns * 1e6:8.2f} µs a row   {alone / columns:6.1f} times as fast")
    some = table.slice(0, min(_ZEN, options.rows))
    for cut in (True, False):
        zens = seconds(zen_batch(some, cut=cut)) / some.num_rows
        of_what = "rules cut out for it" if cut else "all rules"
        print(
            f"zen, batch, {of_what:10.9} {zens * 1e6:8.2f} µs a row   {zens / columns:6.1f} times route_table"
        )
    rules = seconds(rules_alone(table.slice(0, ROWS))) / min(ROWS, table.num_rows)
    print(f"rules alone           {rules * 1e6:8.3f} µs a row   zen takes {zens / rules:.0f} times as long")

    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "orders.parquet"), Path(folder, "out.parquet")
        parquet.write_table(table, source)
        copy = seconds(lambda: copied(source, target)) / table.num_rows
        whole = statistics.median(command(source, target)[0] for _ in range(_ROUNDS)) / table.num_rows
        print(f"Parquet copied        {copy * 1e6:8.2f} µs a row")
        print(f"Parquet to Parquet    {whole * 1e6:8.2f} µs a row   {whole / copy:6.1f} times the copy")
        rows = 10_000
        while rows <= options.curve:
            repeated(table, rows, source)
            took, memory = command(source, target)
            print(
                f"{rows:>12,} rows {took:8.1f} s {took / rows * 1e6:8.2f} µs a row, at most {memory:5.0f} MB"
            )
            rows = rows * 10 if rows < 10_000_000 else rows * 2


if __name__ == "__main__":
    main()
