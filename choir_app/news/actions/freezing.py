"""The figures of a post as they are when readers see it first."""

from choir_app.foundation import clock
from choir_app.foundation.figures import Figure, figure_called
from choir_app.news import queries
from choir_app.news.models import FrozenFigure, PostVersion


def freeze_figures(version: PostVersion) -> bool:
    """Write down what the figures of a version say today, but for those that the post tells already; says if any."""
    post = version.post
    known = {one.name for one in post.figures}
    fresh = {
        name: figure
        for name in sorted(queries.figures_of(version) - known)
        if (figure := figure_called(name)) is not None
    }
    post.figures.extend(put_figure(FrozenFigure(name=name), figure) for name, figure in fresh.items())
    return bool(fresh)


def put_figure(row: FrozenFigure, figure: Figure) -> FrozenFigure:
    """Write down what a figure says now."""
    row.value, row.is_about, row.n, row.measured_on = figure.value, figure.is_about, figure.n, figure.on
    row.frozen_at = clock.now()
    return row
