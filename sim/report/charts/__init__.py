"""One module for each kind of chart; the list of charts is in sim/report/draw.py."""
