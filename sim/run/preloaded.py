"""What the server of worker processes loads: the model, once for all of them.

Modules in the making are not searched for garbage, nor is in any worker what all of them share.
"""

import gc
from importlib import import_module

gc.disable()
for name in ("sim.run.pool", "sim.run.blocks", "sim.run.places"):
    import_module(name)
import_module("sim.run.lean").without_dask()
gc.freeze()
gc.enable()
