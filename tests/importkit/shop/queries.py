"""What was sent to a database."""

from django.test.utils import CaptureQueriesContext


def statements(queries: CaptureQueriesContext, word: str = "INSERT") -> int:
    """Count the statements of a kind."""
    return sum(query["sql"].startswith(word) for query in queries.captured_queries)
