"""The ledger: what was asked, bought and printed, on disk before the network is asked.

Nothing is bought twice and nothing that was bought is lost, however a station stops: every purchase is
written down, and confirmed by the disk, before a label API hears of it; what a stopped station left
behind is looked up before anybody buys for that parcel again.  SQLite for one warehouse computer,
PostgreSQL for a fleet of stations.  No name, address or key of a person is kept, but labels' files and
their addresses are: guard the database as you guard labels.

Needs the extra ``ledger``: ``pip install 'lockership[ledger]'``.
"""

from __future__ import annotations

from lockership.errors import MissingDependency

try:
    from lockership.ledger.entry import Entry, State
    from lockership.ledger.ledger import Ledger
except ImportError as error:
    if (error.name or "").partition(".")[0] != "sqlalchemy":
        raise
    message = "the ledger needs SQLAlchemy: pip install 'lockership[ledger]'"
    raise MissingDependency(message) from error

__all__ = ["Entry", "Ledger", "State"]
