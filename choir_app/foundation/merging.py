"""Forms that two people may have open at once: each sees what the other saved, and nothing is overwritten unseen."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from choir_app.foundation.forms import Hidden, HouseForm


@dataclass(frozen=True)
class Both:
    """One field on which what somebody else saved and what was typed differ; each as it is read."""

    label: str
    theirs: str
    mine: str
    is_kept_mine: bool
    """Whether the form now holds what was typed; else it holds what the other saved."""


class MergingForm(HouseForm):
    """A form that changes a thing with a version; it carries which version was opened, and a trace of each field."""

    version = Hidden()
    opened = Hidden()

    def open_at(self, version: int, values: Mapping[str, Any]) -> None:
        """Remember the version that is being changed and what stood in each field, once the form is made."""
        if not self.version.raw_data:
            self.version.data = str(version)
            self.opened.data = _traces(values)

    @property
    def seen_version(self) -> int:
        """The version that was opened; none that is when it cannot be read."""
        return int(self.version.data) if (self.version.data or "").isdecimal() else -1

    def meet(self, version: int, theirs: Mapping[str, Any]) -> list[Both]:
        """Put what somebody else saved beside what was typed: says on which fields they differ.

        A field that only the other changed takes what they saved, all others keep what was typed. Sent again, the
        form is about the newest version.
        """
        parts: list[tuple[str, str, str]] = [part.partition(":") for part in (self.opened.data or "").split()]
        was = {name: trace for name, _colon, trace in parts}
        differing = []
        for name, saved in theirs.items():
            field = self[name]
            typed = field.data
            if _trace(saved) == _trace(typed):
                continue
            is_theirs = was.get(name) == _trace(typed)
            differing.append(
                Both(field.label.text, _shown(field, saved), _shown(field, typed), not is_theirs)
            )
            if is_theirs:
                field.data, field.raw_data = saved, []
        self.version.data, self.opened.data = str(version), _traces(theirs)
        return differing


def _traces(values: Mapping[str, Any]) -> str:
    return " ".join(f"{name}:{_trace(value)}" for name, value in values.items())


def _trace(value: Any) -> str:
    return sha256(str("" if value is None else value).encode()).hexdigest()[:16]


def _shown(field: Any, value: Any) -> str:
    """What a value of the field reads like: a choice by its label, the rest as it is typed."""
    if hasattr(field, "iter_choices"):
        named = {str(key): str(label) for key, label, *_rest in field.iter_choices()}
        return named.get(str(value or ""), "")
    written = getattr(field, "written", str)
    return "" if value in (None, "") else str(written(value))
