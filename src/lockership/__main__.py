"""``python -m lockership``."""

from __future__ import annotations

import sys

from lockership.cli import main

if __name__ == "__main__":
    sys.exit(main())
