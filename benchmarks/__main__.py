"""`bin/bench NAME`: one benchmark or several by their names, or all of them."""

import sys

from benchmarks import crash, funding, histories, news, pages, roll, scale, size

BENCHMARKS = {
    "crash": crash.main,
    "funding": funding.main,
    "histories": histories.main,
    "news": news.main,
    "pages": pages.main,
    "roll": roll.main,
    "scale": scale.main,
    "size": size.main,
}


def main() -> None:
    """Run the benchmarks that are asked for, or all."""
    asked = [name for name in sys.argv[1:] if not name.startswith("--")]
    unknown = [name for name in asked if name not in BENCHMARKS]
    if unknown:
        sys.exit(f"There is no benchmark called {unknown[0]}; there are {', '.join(BENCHMARKS)}.")
    for name in asked or BENCHMARKS:
        BENCHMARKS[name]()


main()
