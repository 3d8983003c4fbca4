"""The runs of imports on record, and the rows that they have touched."""

from typing import Any, ClassVar

from django.db import models


class Status(models.TextChoices):
    """What has become of a run, or will."""

    PLANNED = "planned"  # A dry run: nothing was written.
    QUEUED = "queued"  # It waits for manage.py runimports.
    RUNNING = "running"
    DONE = "done"
    REJECTED = "rejected"  # More rows than allowed had problems.
    FAILED = "failed"
    INTERRUPTED = (
        "interrupted"  # Ctrl-C, SIGTERM, --timeout or imports --cancel ended it.
    )
    LOST = "lost"  # Its process ended without a word, for example by kill -9.
    UNDONE = "undone"


class ImportRun(models.Model):
    """One run of an import.

    No other table refers to it, so that the ledger may lie in a database of its own. The
    counts and causes are those of ``importkit.import_data.Outcome``; rows with problems are
    in the files of the report and of the rejects, since there may be millions.
    """

    command = models.CharField(max_length=150)
    file_name = models.CharField(max_length=255, blank=True)
    stored_file = models.CharField(max_length=500, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.BigIntegerField(null=True)
    options: Any = models.JSONField(default=dict)
    tables: Any = models.JSONField(default=list)
    user = models.CharField(max_length=150, blank=True)
    host = models.CharField(max_length=255, blank=True)
    process = models.PositiveIntegerField(null=True)
    code_version = models.CharField(max_length=64, blank=True)
    status = models.CharField(max_length=20, choices=Status, default=Status.QUEUED)
    planned_at = models.DateTimeField(null=True)
    queued_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    # Whether the run can be started again although it may have written something.
    is_repeatable = models.BooleanField(default=False)
    is_cancelled = models.BooleanField(default=False)
    counts: Any = models.JSONField(default=dict)
    causes: Any = models.JSONField(default=list)
    report = models.CharField(max_length=500, blank=True)
    rejects = models.CharField(max_length=500, blank=True)
    exit_code = models.SmallIntegerField(null=True)
    error = models.TextField(blank=True)
    parent = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="children"
    )

    class Meta:
        """The newest run is the first."""

        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["command", "-id"], name="importruns_command"),
            models.Index(fields=["status", "id"], name="importruns_status"),
        ]

    def __str__(self) -> str:
        """Return the name that messages give to the run."""
        return f"run {self.pk}"


class RowChange(models.Model):
    """A row that a run has touched, as undoing takes it; it is made by SQL.

    Attributes:
        run: The number of the run; no foreign key, since the ledger may lie elsewhere.
        label: The label of the model.
        key: The primary key of the row, as text.
        kind: ``c`` for a row that was created, ``u`` changed, ``d`` deleted.
        before: What the run found, in the text of the database; null if it created the row.
        after: What it wrote; null if it deleted the row.
    """

    run = models.BigIntegerField()
    label = models.CharField(max_length=255)
    key = models.TextField()
    kind = models.CharField(max_length=1)
    before = models.TextField(null=True)  # noqa: DJ001  null and "" are two texts
    after = models.TextField(null=True)  # noqa: DJ001
    objects: ClassVar[models.Manager["RowChange"]] = models.Manager()

    class Meta:
        """Found by their run."""

        indexes: ClassVar = [
            models.Index(fields=["run", "id"], name="importruns_change")
        ]

    def __str__(self) -> str:
        """Return the row and its run."""
        return f"{self.label} {self.key} of run {self.run}"
