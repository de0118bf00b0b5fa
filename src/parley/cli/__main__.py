"""`python -m parley.cli`: the same as `parley`, for where the script is not on the path."""

from __future__ import annotations

import sys

from parley.cli import main

sys.exit(main())
