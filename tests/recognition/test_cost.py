from __future__ import annotations

import statistics
import subprocess
import sys
import time

from lockership.address import Address
from lockership.recognition import recognise

PLAIN = Address(name="Jane Doe", street1="4315 Arden Way Apt 12", city="Sacramento", state="CA", zip="95864")
SLIP = Address(company="UPS Acces Point", street1="15 Elm St", city="Nashua", state="NH")
POINT = Address(company="UPS Access Point - CVS 8421", street1="1250 W Sunset Blvd", city="LA", state="CA")

_CHILD = """
import re
calls = []
real = re.compile
re.compile = lambda *given, **more: (calls.append(given[0]), real(*given, **more))[1]
import lockership.recognition
print(sum(len(str(pattern)) for pattern in calls))
"""


def microseconds(address: Address) -> float:
    """Give the best of many rounds, so that a busy machine does not make the test red."""
    recognise(address)
    rounds = []
    for _ in range(30):
        start = time.thread_time()
        for _ in range(200):
            recognise(address)
        rounds.append((time.thread_time() - start) / 200 * 1e6)
    return min(rounds)


def test_a_plain_street_is_cheaper_than_a_point() -> None:
    """A street leaves after one test; a point pays for its patterns, and both stay small."""
    plain, point = microseconds(PLAIN), microseconds(POINT)
    assert plain * 2 < point
    assert plain < 40
    assert point < 250


def test_a_slip_costs_a_few_points_and_not_dozens() -> None:
    """A second and a third reading try only phrases whose words may stand there."""
    assert microseconds(SLIP) < 4 * microseconds(POINT)


def test_importing_compiles_no_vocabulary() -> None:
    """Large patterns are compiled when they are first asked for: only small ones at import."""
    done = subprocess.run([sys.executable, "-c", _CHILD], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 1_500


def test_the_second_call_is_the_cheap_one() -> None:
    """Patterns are compiled once: later calls of the same kind do not pay for it again."""
    times = []
    for _ in range(20):
        start = time.perf_counter()
        recognise(POINT)
        times.append(time.perf_counter() - start)
    assert statistics.median(times) < 0.005
