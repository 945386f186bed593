"""Print-layout and e-book publishing for Chinese newspapers."""

__version__ = "0.1.0"
