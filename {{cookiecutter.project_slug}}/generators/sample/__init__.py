"""What a sample is: how it is written, its columns, and what is odd about it."""

from generators.sample.facts import Origin, Sample
from generators.sample.read import Said, read_sample, source_of
from generators.sample.stated import nearest

__all__ = ["Origin", "Said", "Sample", "nearest", "read_sample", "source_of"]
