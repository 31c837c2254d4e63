"""Pure rules over the models: no clock, no files, no network. `now` is always passed in."""
