"""The contract read twice, as in tests/test_oracle.py, on five times as many orders and other ones."""

from __future__ import annotations

import pytest

from ..some_orders import Orders  # noqa: TID252 - tests are no package that could be named
from ..test_oracle import decide, expect  # noqa: TID252 - as above


@pytest.mark.parametrize("seed", range(100, 110))
def test_both_readings_agree_at_length(seed: int) -> None:
    """A hundred thousand generated orders get the decision that the contract's letter gives them."""
    orders = Orders(seed)
    for _ in range(10_000):
        order, policy = orders.next()
        assert decide(order, policy) == expect(order, policy), (order, policy)
