"""``python -m lockership``."""

from __future__ import annotations

import sys

from lockership.cli import main

sys.exit(main())
