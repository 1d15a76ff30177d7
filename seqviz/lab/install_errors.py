"""What can stop an installation, found in what pip printed, in words and with what to do."""

import re
from pathlib import Path


class InstallError(Exception):
    """What stopped the installation and what to do, in words."""


class NoVersionError(InstallError):
    """The wanted version of a package does not exist for this Python on this computer."""


KNOWN = {
    r"No space left on device|Errno 28|not enough space on the disk": (
        "The disk is full. The course needs 2 GB, and pip some more while it works: in the folder for temporary files\n"
        "too. Make room, then start again."
    ),
    r"Long Path": (
        "The path of this folder is too long for Windows. Move the folder to a shorter path, such as C:\\course, then\n"
        "start again."
    ),
    r"Access is denied|Permission denied|WinError 32": (
        "A file may not be written. If JupyterLab is still open from before, close it, then start again. If it is\n"
        "not, move the course to a folder of your own."
    ),
    r"NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|Read timed out|ProxyError|SSLError"
    r"|Temporary failure in name resolution|Network is unreachable|Connection refused|Connection broken": (
        "pip cannot reach the place it downloads from. Is this computer online? Behind a proxy, set the environment\n"
        "variable HTTPS_PROXY. Then start again: what is there already is not downloaded twice."
    ),
}
NO_VERSION = r"No matching distribution found for (\S+)|ResolutionImpossible|Cannot install"


def install_error(output: str, log: Path) -> InstallError:
    """Return in words what went wrong in ``output``, which stands in ``log``."""
    for pattern, words in KNOWN.items():
        if re.search(pattern, output):
            return InstallError(f"{words}\n(All that pip said: {log})")
    end = "\n".join(f"  {line}" for line in output.strip().splitlines()[-5:])
    if found := re.search(NO_VERSION, output):
        name = found[1] or "what the course asks for"
        return NoVersionError(
            f"pip finds no version of {name} for this Python on this computer. Another Python may help: most packages\n"
            f"take half a year to follow a new one. The last lines were:\n{end}\n(All that pip said: {log})"
        )
    return InstallError(f"The installation failed. The last lines were:\n{end}\n(All that pip said: {log})")
