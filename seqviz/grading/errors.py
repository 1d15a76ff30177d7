"""What stops a grading run: wrong use, or something that leaves it incomplete. Importing this loads nothing else."""


class WrongUseError(Exception):
    """What was asked for cannot be done; the message says why. Nothing was begun."""


class IncompleteError(Exception):
    """Grading had to stop; the message says why. What was graded before is safe in the gradebook."""


class WorkersGoneError(IncompleteError):
    """Nobody is left to grade; the message says why. What was graded is written, and the next run goes on."""


class NotJudgedError(RuntimeError):
    """Nothing can be said about a submission, through no fault of its own; the message says why."""
