"""`python -m tests.fuzz --documents 5000 --seed 1`: damaged pages through the whole compiler.

Prints each fault once, with the smallest page that shows it, and exits 1 when there is one. With
`--plant` a fault is put into the compiler first, and the exit code is 0 only if it is found.
"""

from __future__ import annotations

import argparse
import sys
import time

from tests.fuzz.plants import PLANTS
from tests.fuzz.run import run, where


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--documents", type=int, default=5000, help="how many (5000)")
    parser.add_argument("--seed", type=int, default=1, help="of the first; each has a number under it (1)")
    parser.add_argument("--only", type=int, help="the document of this number alone")
    parser.add_argument("--plant", choices=sorted(PLANTS), help="put this fault in, and find it")
    options = parser.parse_args()
    if options.plant:
        PLANTS[options.plant]()
    first = options.only or 0
    numbers = range(first, first + (1 if options.only is not None else options.documents))
    print(f"seed {options.seed}, documents {numbers.start} to {numbers.stop - 1}")
    start = time.monotonic()
    shown = 0
    report = None
    for report in run(options.seed, numbers):
        if len(report.findings) > shown:
            name, (number, kind, page) = list(report.findings.items())[-1]
            print(f"\n{name}\n  document {number}, {where(kind)}, made small: {page!r}")
            shown += 1
            if options.plant:
                print("The planted fault was found.")
                return 0
        if report.documents % 1000 == 0:
            print(f"{report.documents} documents, {report.accepted} accepted, {shown} faults", flush=True)
    if report is None:
        return 0
    seconds = time.monotonic() - start
    print(f"{report.documents} documents in {seconds:.0f} s: {report.accepted} accepted, {shown} faults")
    if options.plant:
        print("The planted fault was NOT found.")
    return 1 if shown or options.plant else 0


if __name__ == "__main__":
    sys.exit(main())
