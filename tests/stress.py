"""How much the tests of many writers try: little, so that ``make test`` is short, or all, for ``make stress``."""

import os

IS_FULL = bool(os.environ.get("NEWSLAKE_STRESS"))
