"""Running experiments: the pipeline, blocks of draws, sweeps, and what follows a run."""
