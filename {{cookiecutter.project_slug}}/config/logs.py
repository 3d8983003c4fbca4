"""What the log leaves out."""

import logging


class WithoutTraceback(logging.Filter):
    """Keep the message of a record, and leave out where in the code it was made.

    A request that names a host of its own choice is nobody's mistake here, and scanners
    send many. Its one line still says which name ALLOWED_HOSTS lacks.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Take the traceback away, and let the record pass."""
        record.exc_info = record.exc_text = None
        return True
