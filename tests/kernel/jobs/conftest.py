"""The queue's tables for the tests of jobs."""

from tests.support.queue import committed, queue, real_queue

__all__ = ["committed", "queue", "real_queue"]
