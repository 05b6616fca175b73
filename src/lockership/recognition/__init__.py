"""What kind of address is this?  Which words say so, what do they name, how are they written out?

Read top-down: ``kind.py`` holds :func:`recognise` and the order of the rules; ``fold.py`` prepares
the text; ``amazon.py``, ``ups.py``, ``fedex.py``, ``usps.py``, ``home.py`` and ``postal.py`` are the
vocabularies, which ``vocabulary.py`` puts together; ``notes.py`` takes out refusals and landmarks;
``place.py`` knows countries and the military; ``spelling.py`` mends slips.  A new network is one more
vocabulary and one more line in ``vocabulary.py``.
"""

from __future__ import annotations

from lockership.recognition.answer import Evidence, Extract, Recognition
from lockership.recognition.extract import extract
from lockership.recognition.format import LAYOUTS, Layout, format_address
from lockership.recognition.kind import recognise

__all__ = [
    "LAYOUTS",
    "Evidence",
    "Extract",
    "Layout",
    "Recognition",
    "extract",
    "format_address",
    "recognise",
]
