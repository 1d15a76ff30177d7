"""Install the course into .venv, beside this file, and open it in JupyterLab: python start.py --help."""

import sys

# This file must be readable for every Python there is, so that an old one can say so.
if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit(
        "seqviz needs Python 3.11 or newer; this is Python "
        + sys.version.split()[0]
        + ".\nIf this computer has a newer one too, start with that:  python3.12 start.py"
        + "  (on Windows:  py -3.12 start.py)"
        + "\nOtherwise install a newer Python first; the old one may stay."
    )

from seqviz.lab.start import main

if __name__ == "__main__":
    sys.exit(main())
