"""`bin/bench NAME`: funding, pages or size."""

import sys

from benchmarks import funding, pages, size

BENCHMARKS = {"funding": funding.main, "pages": pages.main, "size": size.main}


def main() -> None:
    """Run the benchmarks that are asked for, or all."""
    unknown = [name for name in sys.argv[1:] if name not in BENCHMARKS]
    if unknown:
        sys.exit(f"There is no benchmark called {unknown[0]}; there are {', '.join(BENCHMARKS)}.")
    for name in sys.argv[1:] or BENCHMARKS:
        BENCHMARKS[name]()


main()
