"""What all peers share: the data, the initial weights, the clock, and the line that each prints.

Import this before numpy, torch or jax: it sets how many threads they may take.

A peer measures the training of the network of experiments/shd_recurrent.yaml on batches of 256 in the order of one seeded
permutation, after batches that are not counted. An epoch is every whole batch of the file; fewer may be measured and
scaled. Reading and binning the file is done once, before the clock starts, for everyone.
"""
import argparse
import json
import os
import resource
import sys
import time


def options(description, variants=("",)):
    """Parses the command line that all peers have in common, and limits this process to the threads asked for."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", help="HDF5 file in SHD's layout")
    parser.add_argument("--variant", choices=variants, default=variants[0])
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--hidden", type=int, default=128)
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--batches", type=int, default=0, help="batches to measure (default: an epoch)")
    parser.add_argument("--warm", type=int, default=3, help="batches before those")
    parsed = parser.parse_args()
    # XLA takes as many threads as there are cores it may run on, OpenMP and MKL what these variables say.
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: parsed.threads])
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = str(parsed.threads)
    os.environ.pop("OPENBLAS_CORETYPE", None)
    return parsed


INPUTS, CLASSES, BATCH, LEARNING_RATE = 700, 20, 256, 2e-4
MAX_TIME, TIME_STEP, TAU_MEM, TAU_SYN, SURROGATE_SCALE = 1.0, 1e-3, 10e-3, 5e-3, 100.0


def decays():
    """(alpha, beta): what remains of the synaptic current and of the membrane after one step."""
    import math

    return math.exp(-TIME_STEP / TAU_SYN), math.exp(-TIME_STEP / TAU_MEM)


def initial_weights(hidden):
    """w1 [inputs, hidden], v1 [hidden, hidden], w2 [hidden, classes] in float32, the same for every peer."""
    import numpy as np

    rng = np.random.default_rng(0)
    shapes = (INPUTS, hidden), (hidden, hidden), (hidden, CLASSES)
    return [rng.normal(0, shape[0] ** -0.5, shape).astype(np.float32) for shape in shapes]


class Samples:
    """The file's spikes, binned once into counts [steps, samples, inputs] of one byte each, time-major.

    Dense bytes, since rows of them are gathered for a batch several times faster than lists of events are scattered.
    """

    def __init__(self, path, steps):
        import h5py
        import numpy as np

        with h5py.File(path, "r") as file:
            times, units = file["spikes/times"][:], file["spikes/units"][:]
            self.labels = file["labels"][:].astype(np.int32)
        self.counts = np.zeros((steps, len(times), INPUTS), np.uint8)
        self.step = np.empty((BATCH, INPUTS), np.uint8)
        for i, (t, u) in enumerate(zip(times, units)):
            # The notebook's expression: on float16, so that product and quotient are rounded to float16.
            bins = np.floor(t * (steps - 1) / MAX_TIME).astype(np.int64)
            kept = bins < steps
            cells = np.bincount(bins[kept] * INPUTS + u[kept], minlength=steps * INPUTS)
            if cells.max() > 255:
                sys.exit(f"{path}: sample {i} has {cells.max()} spikes in one cell, more than a byte holds")
            self.counts[:, i] = cells.reshape(steps, INPUTS)

    def __len__(self):
        return len(self.labels)

    def gather(self, indices, out):
        """Copies a batch into out [steps, batch, inputs], a `batch_buffer`; returns its labels [batch]."""
        import numpy as np

        for t in range(len(out)):
            np.take(self.counts[t], indices, axis=0, out=self.step, mode="clip")  # "clip": without a buffer in between
            np.copyto(out[t], self.step)
        return self.labels[indices]


def batch_buffer(steps):
    """Float32 [steps, batch, inputs] on a cache line, so that XLA can take it without a copy."""
    import numpy as np

    size = steps * BATCH * INPUTS
    raw = np.zeros(4 * size + 64, np.uint8)
    start = -raw.ctypes.data % 64
    return raw[start : start + 4 * size].view(np.float32).reshape(steps, BATCH, INPUTS)


def batch_indices(samples):
    """The sample indices of one batch after another, shuffled anew each epoch."""
    import numpy as np

    rng = np.random.default_rng(1)
    while True:
        order = rng.permutation(samples)
        for k in range(samples // BATCH):
            yield order[k * BATCH : (k + 1) * BATCH]


class Watch:
    """How many cores other processes took between start and stop, and the hypervisor's share (steal)."""

    def start(self):
        self.before = self._now()

    def stop(self):
        wall, own, busy, steal = (b - a for a, b in zip(self.before, self._now()))
        return {
            "own_cores": round(own / wall, 2),
            "foreign_cores": round(max(0.0, (busy - own) / wall), 3),
            "steal_cores": round(steal / wall, 3),
        }

    @staticmethod
    def _now():
        with open("/proc/stat") as file:
            user, nice, system, _, _, irq, softirq, steal = map(int, file.readline().split()[1:9])
        tick = os.sysconf("SC_CLK_TCK")
        own = sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return time.perf_counter(), own, (user + nice + system + irq + softirq) / tick, steal / tick


def measure(options, samples, prepare, step, **line):
    """Times `step(prepare(indices))`, which returns the loss and the hidden spikes, and prints one line of JSON.

    prepare makes the batch from the binned samples, and is data preparation; step trains on it, and is the training step.
    Both must have finished their work when they return. Of the spikes (an array, its mean, or None) the mean is printed.
    """
    batches_per_epoch = samples // BATCH
    count = options.batches or batches_per_epoch
    indices = batch_indices(samples)
    losses, preparing, training = [], [], []
    watch = Watch()
    for k in range(options.warm + count):
        if k == options.warm:
            watch.start()
        start = time.perf_counter()
        batch = prepare(next(indices))
        ready = time.perf_counter()
        loss, spikes = step(batch)
        end = time.perf_counter()
        losses.append(loss)
        if k == 0:
            line["first_step_s"] = round(end - ready, 2)  # compilation included
        if k >= options.warm:
            preparing.append(ready - start)
            training.append(end - ready)
    outside = watch.stop()
    scale = batches_per_epoch / count
    print_line(
        options,
        epoch_s=round(scale * (sum(preparing) + sum(training)), 4),
        epoch_step_s=round(scale * sum(training), 4),
        batches=count,
        samples=batches_per_epoch * BATCH,
        peak_mib=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        losses=[round(float(loss), 4) for loss in losses[:5]],
        spikes_per_unit_and_step=None if spikes is None else round(float(spikes.mean()), 4),
        **line,
        **outside,
    )


def print_line(options, **line):
    asked = {"threads": options.threads, "hidden": options.hidden, "steps": options.steps}
    print(json.dumps({"variant": options.variant, **asked, **line}), flush=True)


def versions(*packages):
    """Name and version of each package, and of Python."""
    import importlib.metadata
    import platform

    named = [f"{package} {importlib.metadata.version(package)}" for package in packages]
    return ", ".join(named + [f"Python {platform.python_version()}"])
