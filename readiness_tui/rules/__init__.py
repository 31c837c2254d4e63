"""Pure rules over the models: no clock, no file, no network; `now` is always passed in."""
