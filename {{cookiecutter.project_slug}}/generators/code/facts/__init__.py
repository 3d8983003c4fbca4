"""What the templates print besides the plan itself, a module for each kind of file."""

type Facts = dict[str, object]
