"""What the server of worker processes loads besides the model, for a run that draws: charts and workbook."""

import gc
from importlib import import_module

gc.disable()
for name in ("sim.charts", "sim.report"):
    import_module(name)
gc.freeze()
gc.enable()
