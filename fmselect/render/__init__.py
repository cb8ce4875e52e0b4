"""Renderers: each turns a result into text."""
