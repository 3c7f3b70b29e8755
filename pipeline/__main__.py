"""``python -m pipeline`` is ``newslake``."""

import sys

from newslake.pipeline.cli import main

if __name__ == "__main__":
    sys.exit(main())
