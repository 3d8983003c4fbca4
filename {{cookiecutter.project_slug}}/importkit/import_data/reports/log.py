"""One line of the log when an import starts, and one when it ends; without values of rows."""

import json
import logging
import time
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from importkit.display_names import shown
from importkit.errors import visible
from importkit.import_data.reports.outcome import Outcome, Status
from importkit.source import shown_source

if TYPE_CHECKING:
    from importkit.import_data.command import ImportDataBaseCommand

# The name under which a project finds these lines in its log.
logger = logging.getLogger("importkit.runs")

UNKNOWN = "unknown"


type Execute = Callable[..., str | None]


def logged_run(execute: Execute) -> Execute:
    """Log the runs of a command, however they end.

    Args:
        execute: The method that runs the command, with its options as keywords.
    """

    @wraps(execute)
    def run(command: "ImportDataBaseCommand", *args: Any, **options: Any) -> str | None:
        name = type(command).__module__.rpartition(".")[2]
        command.outcome = None  # That of an earlier run, if this one does not begin.
        asked_for, started = _asked_for(options), time.monotonic()
        logger.info("%s started:%s", name, _text(asked_for))
        status, code = Status.FAILED, 1
        try:
            result = execute(command, *args, **options)
            status, code = Status.DONE, 0
        except BaseException as error:
            code = getattr(error, "returncode", code)
            raise
        finally:
            seconds = f"{time.monotonic() - started:.1f}"
            ending = _ending(command.outcome, status, code)
            facts = {**asked_for, **ending, **asked_for, "seconds": seconds}
            logger.info("%s %s:%s", name, facts.pop("status"), _text(facts))
        return result

    return run


def _ending(outcome: Outcome | None, status: Status, code: int) -> dict[str, str]:
    """Return how a run ended, and what it did if it began."""
    if outcome is None:
        return {"status": status, "exit_code": str(code)}
    return {
        **_done(outcome),
        "status": outcome.status,
        "exit_code": str(outcome.exit_code),
    }


def _asked_for(options: dict[str, Any]) -> dict[str, str]:
    """Return what a run is asked to do, as far as its options say."""
    source, mode = options.get("file"), options.get("mode")
    return {
        **({"file": _quoted(shown_source(source))} if source else {}),
        **({"mode": str(mode)} if mode else {}),
        **({"dry_run": "yes"} if options.get("dry_run") else {}),
    }


def _done(outcome: Outcome) -> dict[str, str]:
    """Return what a run did, in numbers; they are unknown where no model was done."""
    is_known = outcome.models or outcome.status is Status.DONE
    files = ",".join(_quoted(visible(shown(path))) for path in outcome.files)
    return {
        **({"file": files} if files else {}),
        "mode": ",".join({model.mode: "" for model in outcome.models}) or UNKNOWN,
        "rows": UNKNOWN if outcome.rows_read is None else str(outcome.rows_read),
        **{
            name: str(sum(getattr(model, name) for model in outcome.models))
            if is_known
            else UNKNOWN
            for name in ("new", "changed", "unchanged")
        },
        "rejected": str(outcome.rows_rejected),
        "deleted": str(sum(outcome.deleted.values())),
    }


def _text(facts: dict[str, str]) -> str:
    return "".join(f" {name}={value}" for name, value in facts.items())


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
