"""Takes the arguments of startimport, gives the plan of an import."""

from generators.request.arguments import Request, divided, make_plan, read_requested

__all__ = ["Request", "divided", "make_plan", "read_requested"]
