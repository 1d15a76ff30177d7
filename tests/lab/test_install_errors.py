"""What pip prints when something is wrong, as pip printed it, and what a student reads."""

from pathlib import Path

import pytest

from seqviz.lab.install_errors import NoVersionError, install_error

REFUSED = """\
WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError('<pip._vendor.urllib3.connection.\
HTTPConnection object at 0x7f>: Failed to establish a new connection: [Errno 111] Connection refused')': /simple/tqdm/
ERROR: Could not find a version that satisfies the requirement tqdm (from versions: none)
ERROR: No matching distribution found for tqdm
"""
NO_NAME = REFUSED.replace("[Errno 111] Connection refused", "[Errno -3] Temporary failure in name resolution")
TIMEOUT = "pip._vendor.urllib3.exceptions.ReadTimeoutError: HTTPSConnectionPool(port=443): Read timed out.\n"
FULL = "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n"
WINDOWS_FULL = "OSError: [WinError 112] There is not enough space on the disk\n"
LONG = """\
ERROR: Could not install packages due to an OSError: [Errno 2] No such file or directory: 'C:\\very\\long'
HINT: This error might have occurred since this system does not have Windows Long Path support enabled.
"""
IN_USE = "ERROR: Could not install packages due to an OSError: [WinError 5] Access is denied: 'zmq.pyd'\n"


@pytest.mark.parametrize(
    ("printed", "words"),
    [
        (REFUSED, "Is this computer online?"),
        (NO_NAME, "Is this computer online?"),
        (TIMEOUT, "Is this computer online?"),
        (FULL, "The disk is full"),
        (WINDOWS_FULL, "The disk is full"),
        (LONG, "too long for Windows"),
        (IN_USE, "JupyterLab is still open"),
        ("something new\n", "The last lines were:\n  something new\n"),
    ],
)
def test_each_has_words_of_its_own_and_names_the_log(printed, words):
    error = install_error(printed, Path("a.log"))
    assert not isinstance(error, NoVersionError), "other versions would not help"
    assert words in str(error)
    assert str(error).endswith("(All that pip said: a.log)")


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        (
            "ERROR: Could not find a version that satisfies the requirement torch>=2.4 (from versions: 2.2.2)\n"
            "ERROR: No matching distribution found for torch>=2.4\n",
            "torch>=2.4",
        ),
        ("ERROR: Cannot install tqdm because these package versions have conflicting dependencies.\n", "the course"),
    ],
)
def test_a_version_that_does_not_exist_is_told_apart(printed, name):
    error = install_error(printed, Path("a.log"))
    assert isinstance(error, NoVersionError)
    assert name in str(error)
