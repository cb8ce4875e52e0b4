"""The command line: one file per command group, each parse -> call -> render."""
