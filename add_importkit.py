"""Add importkit, startimport and their guides to a Django project that exists.

python3 add_importkit.py PATH/TO/PROJECT
"""

import sys

if sys.version_info < (3, 9):
    sys.exit("This needs Python 3.9 or newer: run it with another Python.")

from adding.command import main

if __name__ == "__main__":
    main()
