"""The fields of one form: which has the keys, what they hold, what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from readiness_tui.tui.widgets.form_fields import FormField


class FieldSet:
    """The fields in their order; those that are not displayed are passed over."""

    def __init__(self, fields: Sequence[FormField]) -> None:
        self._fields = tuple(fields)

    def __iter__(self) -> Iterator[FormField]:
        return iter(self._fields)

    def __getitem__(self, name: str) -> FormField:
        return next(field for field in self._fields if field.id == name)

    @property
    def values(self) -> dict[str, str]:
        """What the fields hold, by name."""
        return {str(field.id): field.value for field in self._fields}

    @property
    def shown(self) -> tuple[FormField, ...]:
        """The fields that are displayed."""
        return tuple(field for field in self._fields if field.display)

    @property
    def here(self) -> FormField:
        """The field that has the keys, else the first."""
        return next((field for field in self.shown if field.inner.has_focus), self.shown[0])

    @property
    def at_end(self) -> bool:
        """The last field has the keys."""
        return self.here is self.shown[-1]

    def step(self, by: int) -> None:
        """Give the keys to the field so many further, round the end."""
        shown = self.shown
        field = shown[(shown.index(self.here) + by) % len(shown)]
        field.enter()
        field.scroll_visible(animate=False)

    def fill(self, values: Mapping[str, str]) -> None:
        """Put values in, by name."""
        for field in self._fields:
            if str(field.id) in values:
                field.fill(values[str(field.id)])

    def tell(self, faults: Mapping[str, str]) -> bool:
        """Say beneath each field what is wrong; the first one has the keys. True when nothing is."""
        for field in self._fields:
            field.say(faults.get(str(field.id), ""), bad=True)
        for field in self._fields:
            if field.id in faults:
                field.enter()
                field.scroll_visible(animate=False)
                return False
        return not faults
