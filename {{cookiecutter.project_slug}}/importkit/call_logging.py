"""Log every method call: what ran, with which kinds of values, and for how long.

Values stay out of the log, for they may be somebody's data. Shown as they are: ``None``,
booleans, whole numbers that can be a count, and the names of options. Of everything
else the type is shown, and a size where it costs nothing. Arguments and results with
names like ``password`` or ``api_key`` are ``***`` whatever they are.
"""

import inspect
import logging
import math
import re
import time
from collections.abc import Callable, Generator
from functools import wraps
from types import TracebackType
from typing import Any, Self

from winiutils.core.oop.mixins.meta import ABCLoggingMeta
from winiutils.core.oop.mixins.mixin import ABCLoggingMixin

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_LINES = 1.0
COUNTS = range(-999_999, 1_000_000)
SECRET = re.compile(
    r"pass(word|wd|phrase|code)|token|secret|credential|dsn|url|(^|_|api)key(s|$|_)"
    r"|(^|_)(pin|pwd|auth)($|_)",
    re.IGNORECASE,
)
MASK = "***"
SIZED = (str, bytes, list, tuple, dict, set, frozenset)


def describe(name: str, value: object) -> str:
    """Describe a value in a few characters, at the same cost for every size."""
    if SECRET.search(name):
        return MASK
    if value is None or (isinstance(value, int) and value in COUNTS):
        return str(value)
    # The name of an option comes from the code, not from the data.
    if name == "option" and isinstance(value, str):
        return repr(value[:40])
    kind = type(value).__name__
    if isinstance(value, SIZED):
        return f"{kind} of {len(value)}"
    # polars is not imported only to know its frames; a lazy one has no shape.
    if type(value).__module__.startswith("polars.") and hasattr(value, "shape"):
        return f"{kind} of {' x '.join(map(str, value.shape))}"
    return kind


def named_arguments(
    func: Callable[..., Any], args: tuple[object, ...], kwargs: dict[str, object]
) -> dict[str, object]:
    """Pair the values of a call with the names of the parameters, without self."""
    signature = inspect.signature(func)
    try:
        arguments = signature.bind(*args, **kwargs).arguments
    except TypeError:  # The call itself is about to fail and say why.
        return kwargs
    for parameter in signature.parameters.values():
        if parameter.kind is parameter.VAR_KEYWORD:
            arguments |= arguments.pop(parameter.name, {})
    return {n: value for n, value in arguments.items() if n not in {"self", "cls"}}


class Call:
    """One call of a method: its two lines, unless they would come too often."""

    def __init__(
        self,
        func: Callable[..., Any],
        class_name: str,
        call_times: dict[str, float],
        args: tuple[object, ...],
        kwargs: dict[str, object],
    ) -> None:
        """Take note of a call that is about to happen."""
        self.func, self.class_name, self.call_times = func, class_name, call_times
        self.args, self.kwargs = args, kwargs
        self.result: str | None = None
        self.secret = False

    def is_due(self, event: str) -> bool:
        """Say whether a line may be written, which is once a second per event."""
        now = time.monotonic()
        if now - self.call_times.get(event, -math.inf) < SECONDS_BETWEEN_LINES:
            return False
        self.call_times[event] = now
        return True

    def __enter__(self) -> Self:
        """Log what is called."""
        name = self.func.__name__
        self.started = time.monotonic()
        self.logged = logger.isEnabledFor(logging.INFO) and self.is_due(name)
        if self.logged:
            arguments = named_arguments(self.func, self.args, self.kwargs)
            # get_option("api_token") returns the secret that its argument names.
            self.secret = any(
                isinstance(value, str) and SECRET.search(value[:100])
                for value in arguments.values()
            )
            described = (f"{n}={describe(n, v)}" for n, v in arguments.items())
            logger.info(
                "%s - Calling %s with (%s)",
                self.class_name,
                name,
                ", ".join(described),
            )
        return self

    def returns[T](self, result: T) -> T:
        """Hand the result on, keeping its description for the log."""
        if self.logged:
            name = "secret" if self.secret else self.func.__name__
            self.result = describe(name, result)
        return result

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Log how it ended; of an error the type only, for its text may hold data."""
        name = self.func.__name__
        seconds = time.monotonic() - self.started
        if error_type is not None:
            if logger.isEnabledFor(logging.INFO) and self.is_due(f"{name} raised"):
                logger.info(
                    "%s - %s raised %s after %.3f seconds",
                    self.class_name,
                    name,
                    error_type.__name__,
                    seconds,
                )
        elif self.logged:
            logger.info(
                "%s - %s finished in %.3f seconds, returning %s",
                self.class_name,
                name,
                seconds,
                self.result,
            )


class LoggingMeta(ABCLoggingMeta):
    """Log the methods of a class at the level INFO, at no cost where INFO is off."""

    @staticmethod
    def is_loggable_method(method: Callable[..., Any]) -> bool:
        """Say whether to log a method; a wrapped property would be one no more."""
        is_method = inspect.isfunction(method) or isinstance(
            method, (classmethod, staticmethod)
        )
        return is_method and ABCLoggingMeta.is_loggable_method(method)

    @staticmethod
    def wrap_with_logging(
        func: Callable[..., Any], class_name: str, call_times: dict[str, float]
    ) -> Callable[..., Any]:
        """Wrap a method so that its calls are logged and it stays of its kind.

        Args:
            func: The method; a generator or a coroutine function is logged from its
                first step to its last. An asynchronous generator is left as it is.
            class_name: The class, for the log.
            call_times: When which line was written last; shared by all instances.
        """
        is_enabled, level = logger.isEnabledFor, logging.INFO

        def note(args: tuple[object, ...], kwargs: dict[str, object]) -> Call:
            return Call(func, class_name, call_times, args, kwargs)

        @wraps(func)
        def method(*args: Any, **kwargs: Any) -> Any:
            if not is_enabled(level):
                return func(*args, **kwargs)
            with note(args, kwargs) as call:
                return call.returns(func(*args, **kwargs))

        @wraps(func)
        def generator(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
            with note(args, kwargs) as call:
                return call.returns((yield from func(*args, **kwargs)))

        @wraps(func)
        async def coroutine(*args: Any, **kwargs: Any) -> Any:
            with note(args, kwargs) as call:
                return call.returns(await func(*args, **kwargs))

        if inspect.isasyncgenfunction(func):
            return func
        if inspect.iscoroutinefunction(func):
            return coroutine
        return generator if inspect.isgeneratorfunction(func) else method


class LoggingMixin(ABCLoggingMixin, metaclass=LoggingMeta):
    """Log the calls of all methods of the subclass."""
