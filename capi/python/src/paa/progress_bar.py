"""A bar for what takes long."""

from typing import Any


class ProgressBar:
    """Shows a call's progress with tqdm, in a terminal or a notebook: model.encode(photos, progress=ProgressBar()).

    One bar serves one call after the other, and begins anew with each. Not for two calls at once.
    """

    def __init__(self, **options: Any) -> None:
        """Takes tqdm's options, such as desc="encoding". Error: ImportError without tqdm."""
        from tqdm.auto import tqdm

        self._make: Any = tqdm
        self._options = {"unit": "photo", **options}
        self._bar: Any = None

    def __call__(self, done: int, total: int) -> None:
        """Moves the bar to `done` of `total`; at the end it stays on the screen, finished."""
        if self._bar is not None and (done < self._bar.n or total != self._bar.total):
            self.close()  # of a call that was stopped
        if self._bar is None:
            self._bar = self._make(total=total, **self._options)
        self._bar.update(done - self._bar.n)
        if done >= total:
            self.close()

    def close(self) -> None:
        """Leaves the bar as it stands, such as after an exception. Does nothing if there is none."""
        bar, self._bar = self._bar, None
        if bar is not None:
            bar.close()
