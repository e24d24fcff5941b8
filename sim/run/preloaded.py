"""What the server of worker processes loads: the model, once for all of them.

Modules in the making are not searched for garbage, nor is in any worker what all of them share.
"""

import gc

gc.disable()

gc.freeze()
gc.enable()
