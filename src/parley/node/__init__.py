"""The shell around the cores: one event loop, one writer, the links, and the duties nobody should have to remember."""
