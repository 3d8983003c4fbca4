"""What a sample is: how it is written, its columns, and what is odd about it."""

from generators.sample.facts import Origin, Sample
from generators.sample.read import read_sample, source_of
from generators.sample.rows import progress
from generators.sample.stated import Statements, nearest

__all__ = [
    "Origin",
    "Sample",
    "Statements",
    "nearest",
    "progress",
    "read_sample",
    "source_of",
]
