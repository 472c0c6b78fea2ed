"""Which development videos the face-manipulation network is trained on: `trained-on.tsv`, read by the evaluation too.

Persons, not videos, are split: who appears in one of these videos appears in no video that a figure is taken from (one person
stands in two collections, two have two videos each). Of the two generators of talking heads one trains, one is kept.
"""
import os

TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "trained-on.tsv")


def trained_on() -> dict[str, tuple[bool, str]]:
    """Path relative to the data folder -> (manipulated, person)."""
    with open(TABLE) as file:
        rows = [line.rstrip("\n").split("\t") for line in file][1:]
    return {path: (label == "manipulated", person) for path, label, person in rows}
