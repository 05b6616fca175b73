"""How many orders a core decides in a second: the kernel alone, between files, and inside Spark.

Run: ``python benchmarks/spark.py [ROWS]`` (needs the dependency group ``scale``, Java and Linux; 200,000
rows unless told otherwise).  Each figure is the median of five runs, after one that is not counted; the
parts take turns, so that what else the machine does falls on all of them alike.  Beside the time on the
clock stands the time of processors, Java and all workers together: rows by that second are what a core
decides, however busy the machine is.  The orders are those of ``order_book.py``: one in twenty goes to a
pick-up point.

* ``route_table``: a table in memory becomes a table of decisions.  One process, all threads.
* ``Parquet to Parquet``: the same by ``route_batches``, holding a batch at a time; and only reading and
  writing the same columns.  One process, one thread.
* ``Spark local[n]``: from Parquet files to Parquet files by ``route_spark`` in *n* workers; and the same with
  a function in its place that hands back the order ids, which is what Spark takes for itself.
"""

from __future__ import annotations

import os
import platform
import sys
import time
import warnings
from contextlib import suppress
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
from order_book import order_book
from pyspark.sql import SparkSession

from lockership.columnar import route_batches, route_table
from lockership.scale import route_spark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RUNS = 5
FILES = 8
BATCH = 10_000
"""Rows in a batch: Spark's own default."""


def in_memory(table: pa.Table) -> Callable[[], object]:
    """Decide for a table in memory."""
    return lambda: route_table(table)


def between_files(orders: list[Path], out: Path) -> Callable[[], object]:
    """Decide from file to file."""

    def run() -> None:
        for number, path in enumerate(orders):
            decided = route_batches(pq.ParquetFile(path).iter_batches(BATCH, use_threads=False))
            first = next(decided)
            with pq.ParquetWriter(out / f"{number}.parquet", first.schema) as writer:
                writer.write_batch(first)
                for batch in decided:
                    writer.write_batch(batch)

    return run


def only_files(orders: list[Path], decisions: list[Path], out: Path) -> Callable[[], object]:
    """Read the same orders and write the same decisions, and decide nothing."""
    tables = [pq.read_table(path, use_threads=False) for path in decisions]

    def run() -> None:
        for number, path in enumerate(orders):
            for _ in pq.ParquetFile(path).iter_batches(BATCH, use_threads=False):
                pass
            with pq.ParquetWriter(out / f"{number}.parquet", tables[number].schema) as writer:
                for batch in tables[number].to_batches(max_chunksize=BATCH):
                    writer.write_batch(batch)

    return run


def _ids(batches: Iterator[Any]) -> Iterator[Any]:
    for batch in batches:
        yield batch.select(["order_id"])


def by_spark(spark: SparkSession, orders: Path, out: Path) -> dict[str, Callable[[], object]]:
    """Decide from files to files in Spark's workers; and do nothing there."""
    frame = spark.read.parquet(str(orders))
    decided = route_spark(frame)
    idle = frame.mapInArrow(_ids, "order_id string")
    return {
        "route_spark": lambda: decided.write.mode("overwrite").parquet(str(out)),
        "an empty function": lambda: idle.write.mode("overwrite").parquet(str(out)),
    }


class Cost(NamedTuple):
    """Seconds on the clock, and of processors."""

    clock: float
    cores: float


def measured(parts: dict[str, Callable[[], object]]) -> dict[str, Cost]:
    """Give the median cost of each part; the parts take turns."""
    costs: dict[str, list[Cost]] = {name: [] for name in parts}
    for number in range(RUNS + 1):
        for name, run in parts.items():
            start, worked = time.perf_counter(), processor_seconds()
            run()
            if number:
                costs[name].append(Cost(time.perf_counter() - start, processor_seconds() - worked))
    return {
        name: Cost(median(one.clock for one in each), median(one.cores for one in each))
        for name, each in costs.items()
    }


def told(name: str, rows: int, cost: Cost) -> None:
    """Print one line."""
    print(f"{name:<28}{cost.clock:>9.2f} s{cost.cores:>9.2f} core s{rows / cost.cores:>12,.0f} rows/core s")


def family() -> list[Path]:
    """Give this process and all that descend from it, as folders of /proc."""
    children: dict[str, list[str]] = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            parent = (process / "stat").read_text("utf-8").rpartition(")")[2].split()[1]
        except OSError:
            continue  # it has ended
        children.setdefault(parent, []).append(process.name)
    found = [str(os.getpid())]
    for one in found:
        found += children.get(one, [])
    return [Path("/proc", one) for one in found]


def processor_seconds() -> float:
    """Add up what this process, those that descend from it and those that have ended took of processors."""
    ticks = 0
    for process in family():
        with suppress(OSError):  # it has ended: its parent counts it
            ticks += sum(map(int, (process / "stat").read_text("utf-8").rpartition(")")[2].split()[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def worker_peaks() -> list[int]:
    """Give the most memory, in MB, that each Python worker of Spark's had so far."""
    peaks: list[int] = []
    for process in family():
        with suppress(OSError, KeyError):  # it has ended
            if b"pyspark.daemon" in (process / "cmdline").read_bytes():
                lines = (process / "status").read_text("utf-8").splitlines()
                status = dict(line.split(":", 1) for line in lines)
                peaks.append(int(status["VmHWM"].split()[0]) // 1024)
    return sorted(peaks)


def spark_on(cores: int) -> SparkSession:
    """Start Spark on this machine with so many workers."""
    os.environ |= {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    session = (
        SparkSession.builder.master(f"local[{cores}]")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.memory", "2g")
        .config("spark.log.level", "ERROR")
        .getOrCreate()
    )
    size = session.conf.get("spark.sql.execution.arrow.maxRecordsPerBatch")
    print(f"\nSpark {session.version} local[{cores}], {size} rows a batch")
    return session


def main(rows: int) -> None:
    """Measure everything once and print it."""
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas")
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    print(f"Python {platform.python_version()}, pyarrow {pa.__version__}, {os.cpu_count()} processors")
    print(f"{rows:,} orders; medians of {RUNS} runs\n")
    with TemporaryDirectory() as place:
        orders, decisions, spark_out = (Path(place, name) for name in ("orders", "decisions", "spark"))
        orders.mkdir()
        decisions.mkdir()
        table = order_book(rows)
        step = -(-rows // FILES)
        for number in range(FILES):
            pq.write_table(table.slice(number * step, step), orders / f"{number}.parquet")
        paths = sorted(orders.iterdir())
        files = between_files(paths, decisions)
        files()
        parts = {
            "route_table in memory": in_memory(table),
            "Parquet to Parquet": files,
            "only reading and writing": only_files(paths, sorted(decisions.iterdir()), decisions),
        }
        for name, cost in measured(parts).items():
            told(name, rows, cost)
        for cores in (1, 2):
            spark = spark_on(cores)
            start = time.perf_counter()
            runs = by_spark(spark, orders, spark_out)
            runs["route_spark"]()
            print(f"first run, with the start of the workers: {time.perf_counter() - start:.1f} s")
            for name, cost in measured(runs).items():
                told(name, rows, cost)
            print(f"most memory of the Python workers, MB: {worker_peaks()}")
            spark.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
