"""Times as people read them: in the time zone of the project, if it has any."""

from datetime import datetime

from django.utils import timezone


def local(moment: datetime) -> datetime:
    """Return a time of the ledger in the time zone of the project.

    Without ``USE_TZ`` it has none, and is local as it is.
    """
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def clock(moment: datetime | None) -> str:
    """Return a time to the minute; empty where there is none."""
    return local(moment).strftime("%Y-%m-%d %H:%M") if moment else ""
