"""What stops a release."""


class ReleaseError(Exception):
    """Something the author has to repair; the message names file and cell."""
