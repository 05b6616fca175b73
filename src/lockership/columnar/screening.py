"""``eligible()``: to which pick-up points could each product of a catalogue go?

For product pages ("can be collected from a locker") and for planning: which share of what is sold fits
where, and which rule stands in the way of the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np

from lockership.checks import plan_for
from lockership.columnar.answers import answer_columns, decision_schema
from lockership.columnar.arrow import pa, plain
from lockership.columnar.fields import Bools, Coded, Fields, Ints
from lockership.columnar.parcels import Parcels, broken, parcels_of, read_parcels
from lockership.columnar.rows import Layout
from lockership.columns import column
from lockership.errors import NOT_JSON, OUT_OF_RANGE, InputError, Problem
from lockership.inbound import read_order
from lockership.policy import Policy
from lockership.words import Kind, RefusalCode

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from lockership.checks import Plan
    from lockership.columnar.answers import Answer
    from lockership.parcel import Parcel

__all__ = ["HOME_CARRIERS", "REFUSAL_BITS", "eligible", "refusal_codes", "share"]

HOME_CARRIERS = ("ups", "fedex", "usps")
"""The carriers whose own limits are asked for a delivery to the home, as ``home.ups``."""

REFUSAL_BITS: dict[RefusalCode, int] = {code: 1 << place for place, code in enumerate(RefusalCode)}
"""Which bit of a ``refused.…`` column stands for which code.  A new code gets the next bit: those that are
there keep theirs."""

_ROWS = 65_536
_ERRORS = ("error_code", "error_message", "error_field", "error_problems")
_ANOTHER_CARRIER = "any"


def refusal_codes(mask: int) -> tuple[RefusalCode, ...]:
    """Name the codes of one value of a ``refused.…`` column.

    >>> refusal_codes(REFUSAL_BITS[RefusalCode.TOO_HEAVY] | REFUSAL_BITS[RefusalCode.TOO_LONG])
    (<RefusalCode.TOO_HEAVY: 'too_heavy'>, <RefusalCode.TOO_LONG: 'too_long'>)
    """
    return tuple(code for code, bit in REFUSAL_BITS.items() if mask & bit)


def eligible(table: Any, *, policy: Policy | None = None, on: date | None = None) -> Any:  # noqa: ANN401
    """Say for every product of a catalogue to which pick-up channels it could go.

    Each channel is asked with its own carrier, the first one that serves it; one that every carrier
    serves, with a carrier that has no limits of its own.  The rules are those of that carrier, of the
    channel and of the house, as ``route_parcel()`` asks them.  Not asked: the service (rules for parcels
    whose service is not named hold), the point itself (its size, whether it is full), the address, and
    what the sales channel says of who fulfils.  A value in another currency is not compared.

    Args:
        table: A ``pyarrow.Table`` or ``RecordBatch``, or anything with ``__arrow_c_stream__``: a struct
            ``parcel`` as in the order JSON, or flat columns with the names of ``docs/columns.md``.  Sizes
            are those of the *packed* parcel.  All other columns are carried over.
        policy: The house policy; the defaults when absent.  Its own networks are asked too.
        on: Ask the rules of that day; by default those that have not been superseded.

    Returns:
        A ``pyarrow.Table``, one row a row: the columns carried over; for each channel a column of truth,
        named by its kind, as ``ups.access_point``; ``home.ups``, ``home.fedex`` and ``home.usps``, whether
        that carrier would take it to an ordinary address; for each channel ``refused.<kind>``, the rules
        that it breaks as bits (:data:`REFUSAL_BITS`, :func:`refusal_codes`); and the ``error_`` columns of
        decisions.  A row that cannot be read has those filled and the answers null.

    Raises:
        InputError: No column of the table says anything of a parcel, or one that is carried over has the
            name of an answer.
        MissingDependency: pyarrow is not installed.

    >>> import pyarrow as pa
    >>> skus = {"sku": ["mug", "tent"], "length (in)": [6, 40], "width (in)": [5, 9], "height (in)": [5, 9]}
    >>> answer = eligible(pa.table(skus | {"weight (lb)": [1.2, 30]}))
    >>> answer.select(["sku", "amazon.locker", "ups.access_point", "home.ups"]).to_pylist()[1]
    {'sku': 'tent', 'amazon.locker': False, 'ups.access_point': False, 'home.ups': True}
    >>> refusal_codes(answer["refused.ups.access_point"][1].as_py())
    (<RefusalCode.TOO_LONG: 'too_long'>,)
    """
    if not isinstance(table, pa.Table):
        table = pa.Table.from_batches([table]) if isinstance(table, pa.RecordBatch) else pa.table(table)
    asked = _plans(Policy() if policy is None else policy, on)
    of_parcel, others = _places(table.schema.names)
    schema = _answers_of(asked)
    taken = set(schema.names) & {table.schema.names[place] for place in others}
    if taken:
        message = f"a column has the name of an answer: {', '.join(sorted(taken))}"
        raise InputError([Problem(OUT_OF_RANGE, message)])
    parcels = table.select(of_parcel)
    layout = Layout(parcels.schema.names, "parcel")
    answers = [_screened(batch, layout, asked, schema) for batch in parcels.to_batches(max_chunksize=_ROWS)]
    answer = pa.Table.from_batches(answers, schema)
    columns = [table.column(place) for place in others] + answer.columns
    return pa.table(columns, pa.schema([*(table.schema.field(place) for place in others), *schema]))


def _plans(policy: Policy, on: date | None) -> dict[str, Plan]:
    """Give what is asked of a parcel, by the names of the answers."""
    nothing_known: Any = {
        "seller_barred": False,
        "sized": False,
        "weighed": False,
        "policy": policy,
        "on": on,
    }
    plans = {
        str(kind): plan_for(kind, (*channel.carriers, _ANOTHER_CARRIER)[0], "", **nothing_known)
        for kind, channel in policy.channel_of.items()
    }
    for carrier in HOME_CARRIERS:
        plans[f"home.{carrier}"] = plan_for(Kind.STREET, carrier, "", **nothing_known)
    return plans


def _places(names: Sequence[str]) -> tuple[list[int], list[int]]:
    """Part the columns of the parcel from those that are carried over."""
    if "parcel" in names:
        of_parcel = [names.index("parcel")]
    else:
        known = [column(name) for name in names]
        of_parcel = [
            place for place, one in enumerate(known) if one is not None and one.path.startswith("parcel.")
        ]
    if not of_parcel:
        raise InputError([Problem(NOT_JSON, "no column of this table says anything of a parcel")])
    return of_parcel, [place for place in range(len(names)) if place not in of_parcel]


def _answers_of(asked: dict[str, Plan]) -> Any:  # noqa: ANN401 - pyarrow has no types
    errors = decision_schema(pa.string())
    return pa.schema(
        [
            *((name, pa.bool_()) for name in asked),
            *((f"refused.{name}", pa.int32()) for name in asked if not name.startswith("home.")),
            *(errors.field(name) for name in _ERRORS),
        ]
    )


def _screened(batch: Any, layout: Layout, asked: dict[str, Plan], schema: Any) -> Any:  # noqa: ANN401
    batch = plain(batch)
    fields = Fields(batch, layout)
    parcels = read_parcels(fields)
    alone = np.flatnonzero(~fields.ordinary)
    read: dict[int, Parcel] = {}
    errors: list[Answer] = [{}]
    told = np.zeros(batch.num_rows, dtype=np.int64)
    for row, values in zip(alone.tolist(), batch.take(pa.array(alone)).to_pylist(), strict=True):
        parcel = _alone(layout.record(values))
        if isinstance(parcel, InputError):
            told[row] = len(errors)
            errors.append({"error": _error(parcel)})
        else:
            read[row] = parcel
    if read:
        parcels = _with(parcels, read)
    bad = told > 0
    columns: dict[str, Any] = {}
    for name, plan in asked.items():
        bits = broken(plan, parcels, slice(None))
        columns[name] = pa.array(bits == 0, mask=bad)
        columns[f"refused.{name}"] = pa.array(_by_code(plan, bits), mask=bad)
    names = decision_schema(pa.string()).names[1:]
    columns |= dict(zip(names, answer_columns(errors, told), strict=True))
    return pa.RecordBatch.from_arrays([columns[name] for name in schema.names], schema=schema)


def _alone(record: dict[str, Any]) -> Parcel | InputError:
    """Send one parcel through the door, in an order that has nothing else to ask about."""
    order = {"order_id": "", "carrier": "any", "ship_to": {"street1": "any"}, "parcel": record.get("parcel")}
    try:
        return read_order(order).parcels[0]
    except InputError as error:
        return error


def _error(error: InputError) -> dict[str, Any]:
    return {
        "code": error.code,
        "message": error.message,
        "field": error.field,
        "problems": [problem._asdict() for problem in error.problems],
    }


def _with(parcels: Parcels, read: dict[int, Parcel]) -> Parcels:
    """Put the parcels that were read alone into the columns."""
    for row, parcel in read.items():
        parcels.length[row], parcels.width[row] = parcel.length.um, parcel.width.um
        parcels.height[row], parcels.weight[row] = parcel.height.um, parcel.weight.ng
    values = _put(parcels.value, {row: parcel.declared_value for row, parcel in read.items()})
    traits = _put(parcels.traits, {row: parcel.traits or None for row, parcel in read.items()})
    return parcels_of(parcels.length, parcels.width, parcels.height, parcels.weight, values, traits)


def _put(coded: Coded, read: dict[int, Any]) -> Coded:
    codes, values = coded.codes.copy(), list(coded.values)
    for row, value in read.items():
        codes[row] = -1 if value is None else len(values)
        values.append(value)
    return Coded(codes, values)


def _by_code(plan: Plan, bits: Ints) -> Any:  # noqa: ANN401 - NumPy's int32
    """Turn the checks that are broken into the codes of their refusals."""
    found = np.zeros(len(bits), dtype=np.int32)
    for place, check in enumerate(plan.checks):
        found |= ((bits >> place) & 1).astype(np.int32) * np.int32(REFUSAL_BITS[check.clause.code])
    return found


def share(answers: Any, weight: str | None = None) -> dict[str, float | None]:  # noqa: ANN401
    """Say which share of a catalogue can go to each channel, from a table of :func:`eligible`.

    Rows that could not be read are left out on both sides.

    Args:
        answers: What :func:`eligible` gave.
        weight: The name of a column of it that counts, as units sold; by default each row counts once.
            An absent weight counts nothing.

    Returns:
        A number from 0 to 1 for each channel and each ``home.…``, in the order of the columns, and under
        ``any`` for those that can go to at least one channel; None where nothing counts.

    Raises:
        InputError: There is no such column, or it holds something else than numbers from zero up.

    >>> import pyarrow as pa
    >>> skus = {"sku": ["mug", "tent"], "length (in)": [6, 40], "width (in)": [5, 9], "height (in)": [5, 9]}
    >>> answer = eligible(pa.table(skus | {"weight (lb)": [1.2, 30], "sold": [900, 100]}))
    >>> share(answer)["ups.locker"], share(answer, "sold")["ups.locker"]
    (0.5, 0.9)
    """
    readable = _true(answers.column("error_code").is_null())
    counts = readable.astype(np.float64) if weight is None else _weights(answers, weight) * readable
    total = float(counts.sum())
    names = [name for name in answers.schema.names if f"refused.{name}" in answers.schema.names]
    could = {name: _true(answers.column(name).fill_null(fill_value=False)) for name in names}
    could["any"] = np.logical_or.reduce(list(could.values()))
    for carrier in HOME_CARRIERS:
        could[f"home.{carrier}"] = _true(answers.column(f"home.{carrier}").fill_null(fill_value=False))
    return {name: float(counts[rows].sum()) / total if total else None for name, rows in could.items()}


def _weights(answers: Any, name: str) -> Any:  # noqa: ANN401
    problem = f"expected a column of numbers from zero up, found {name!r}"
    if name not in answers.schema.names:
        raise InputError([Problem(OUT_OF_RANGE, f"there is no column {name!r}", "weight")])
    try:
        counts = answers.column(name).cast(pa.float64()).fill_null(0.0).to_numpy()
    except pa.ArrowException as error:
        raise InputError([Problem(OUT_OF_RANGE, problem, "weight")]) from error
    counts = np.nan_to_num(counts, nan=0.0, posinf=-1.0)  # a gap counts nothing, infinity is no number
    if (counts < 0).any():
        raise InputError([Problem(OUT_OF_RANGE, problem, "weight")])
    return counts


def _true(column: Any) -> Bools:  # noqa: ANN401 - pyarrow has no types
    return cast("Bools", column.to_numpy())
