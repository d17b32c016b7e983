"""How every process of the program looks for garbage.

Python's usual setting searches after 700 new objects, and now and then through all there are. A
batch of 2,000 records makes many more and leaves next to no cycles, and the program's own classes,
some 100,000 objects, are never garbage. Importing a roster takes a sixth less this way
(`gonghui bench --parts sheets`).
"""

from __future__ import annotations

import gc


def settle() -> None:
    """Search less often, and never through what exists now; call it when the program is loaded."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
