"""Gonghui: the working system of a municipal trade-union federation."""

__version__ = "0.1.0"
