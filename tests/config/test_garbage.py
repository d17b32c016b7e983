from __future__ import annotations

import subprocess
import sys

# What is there when the program is loaded is left alone; cycles made later still go.
PROGRAM = """
import gc, weakref
from gonghui.config import garbage

class Node: pass

garbage.settle()
assert gc.get_freeze_count() > 1000
node = Node()
node.itself, gone = node, weakref.ref(node)
del node
kept = [[] for _ in range(100_000)]
print(gone() is None)
"""


def test_what_is_loaded_is_not_searched_again_and_cycles_still_go():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "True"
