"""Log the calls of methods: the name, the kinds of the values, and the duration.

Values stay out of the log, because they may be personal data. Only these are shown as they
are: ``None``, booleans, whole numbers that can be a count, and the names of options. Of
every other value the type is shown, and the size where it costs nothing to know. Arguments
and results with names such as ``password`` or ``api_key`` are always ``***``.
"""

import inspect
import logging
import math
import re
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from winiutils.core.oop.mixins.meta import ABCLoggingMeta
from winiutils.core.oop.mixins.mixin import ABCLoggingMixin

from importkit.secret_names import names_secret

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_LINES = (
    1.0  # Of one method: a method called for each row floods no log.
)
COUNTS = range(-999_999, 1_000_000)  # Longer numbers may be those of cards or accounts.
# Names that hide more than those of secrets do: a log needs none of their values.
HIDDEN = re.compile(
    r"password|token|secret|dsn|url|(^|_|api)key(s|$|_)|(^|_)auth($|_)", re.IGNORECASE
)
MASK = "***"
SIZED = (str, bytes, list, tuple, dict, set, frozenset)


def describe(name: str, value: object) -> str:
    """Describe a value in a few characters, at the same cost for every size.

    Args:
        name: The name of the argument, or of the method that returns the value.
        value: The value.
    """
    if _is_hidden(name):
        return MASK
    if value is None or (isinstance(value, int) and value in COUNTS):
        return str(value)
    # The name of an option comes from the code, not from the data.
    if name == "option" and isinstance(value, str):
        return repr(value[:40])
    kind = type(value).__name__
    if isinstance(value, SIZED):
        return f"{kind} of {len(value)}"
    # By the name of the module, so that polars is not imported; lazy frames have no shape.
    if type(value).__module__.startswith("polars.") and hasattr(value, "shape"):
        return f"{kind} of {' x '.join(map(str, value.shape))}"
    return kind


def named_arguments(
    func: Callable[..., Any], args: tuple[object, ...], kwargs: dict[str, object]
) -> dict[str, object]:
    """Return the values of a call by the names of their parameters, without self."""
    signature = inspect.signature(func)
    try:
        arguments = signature.bind(*args, **kwargs).arguments
    except TypeError:  # The call will fail, and its own error says why.
        return kwargs
    for parameter in signature.parameters.values():
        if parameter.kind is parameter.VAR_KEYWORD:
            arguments |= arguments.pop(parameter.name, {})
    return {n: value for n, value in arguments.items() if n not in {"self", "cls"}}


def is_due(event: str, call_times: dict[str, float]) -> bool:
    """Return whether a line may be written, and remember that it was."""
    now = time.monotonic()
    if now - call_times.get(event, -math.inf) < SECONDS_BETWEEN_LINES:
        return False
    call_times[event] = now
    return True


class LoggingMeta(ABCLoggingMeta):
    """Log the methods of a class at the level DEBUG, at no cost where DEBUG is off."""

    @staticmethod
    def is_loggable_method(method: Callable[..., Any]) -> bool:
        """Return whether to log an attribute: a method, and not a wrapped property."""
        is_method = inspect.isfunction(method) or isinstance(
            method, (classmethod, staticmethod)
        )
        return is_method and ABCLoggingMeta.is_loggable_method(method)

    @staticmethod
    def wrap_with_logging(
        func: Callable[..., Any], class_name: str, call_times: dict[str, float]
    ) -> Callable[..., Any]:
        """Wrap a method so that its calls are logged.

        Args:
            func: The method. A generator is logged when it is called, not while it runs.
            class_name: The name of the class, for the log.
            call_times: When each line was last written; shared by all instances.
        """
        is_enabled, level = logger.isEnabledFor, logging.DEBUG

        @wraps(func)
        def method(*args: Any, **kwargs: Any) -> Any:
            if not is_enabled(level):
                return func(*args, **kwargs)
            return _logged(func, class_name, call_times, args, kwargs)

        # asgiref refuses to await what does not say that it is asynchronous.
        return (
            inspect.markcoroutinefunction(method)
            if inspect.iscoroutinefunction(func)
            else method
        )


def _is_hidden(name: str) -> bool:
    return bool(HIDDEN.search(name)) or names_secret(name)


class LoggingMixin(ABCLoggingMixin, metaclass=LoggingMeta):
    """Log the calls of all methods of the subclass."""


def _logged(
    func: Callable[..., Any],
    class_name: str,
    call_times: dict[str, float],
    args: tuple[object, ...],
    kwargs: dict[str, object],
) -> Any:
    """Call a method, with one log line before the call and one after it."""
    name = result_name = func.__name__
    if is_logged := is_due(name, call_times):
        arguments = named_arguments(func, args, kwargs)
        # get_option("api_token") returns the secret that its argument names.
        if any(isinstance(v, str) and _is_hidden(v[:100]) for v in arguments.values()):
            result_name = "secret"
        described = ", ".join(f"{n}={describe(n, v)}" for n, v in arguments.items())
        logger.debug("%s - Calling %s with (%s)", class_name, name, described)
    started = time.monotonic()
    try:
        result = func(*args, **kwargs)
    except BaseException as error:
        if is_due(f"{name} raised", call_times):
            # Not the text of the error: it may hold data.
            text = "%s - %s raised %s after %.3f seconds"
            seconds = time.monotonic() - started
            logger.debug(text, class_name, name, type(error).__name__, seconds)
        raise
    if is_logged:
        text = "%s - %s finished in %.3f seconds, returning %s"
        seconds = time.monotonic() - started
        logger.debug(text, class_name, name, seconds, describe(result_name, result))
    return result
