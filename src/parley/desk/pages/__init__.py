"""The pages: each reads what it shows from the port, draws it, and turns a form into one action."""
