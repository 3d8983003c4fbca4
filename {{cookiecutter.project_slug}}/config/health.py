"""Answer ``/healthz`` before any other middleware: is the database reachable?"""

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

type Handler = Callable[[HttpRequest], HttpResponse]


def health_check(get_response: Handler) -> Handler:
    """Build the middleware.

    It comes first because a load balancer asks by plain HTTP and by IP address, which
    the redirect to HTTPS and ``ALLOWED_HOSTS`` would turn away.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        if request.path_info != "/healthz":
            return get_response(request)
        return database_health()

    return handle


def database_health() -> HttpResponse:
    """Ask the database for one row: 200 if it answers, 503 if it does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError:
        return plain_text("The database does not answer.", status=503)
    return plain_text("ok", status=200)


def plain_text(text: str, status: int) -> HttpResponse:
    """Build an answer that no cache keeps."""
    return HttpResponse(
        text,
        status=status,
        content_type="text/plain; charset=utf-8",
        headers={"Cache-Control": "no-store"},
    )
