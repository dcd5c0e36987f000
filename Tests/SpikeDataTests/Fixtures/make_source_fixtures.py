"""Makes the fixtures of the data sources, with numpy.

    python make_source_fixtures.py FOLDER

FOLDER holds Fashion-MNIST (MIT licence, Zalando SE 2017; github.com/zalandoresearch/fashion-mnist), packed with gzip.

latency_table.json: the steps in which SpyTorch tutorial 2's current2firing_time makes the 256 pixel values spike; -1: never.
fashion-mnist/: the first images of the data set.
events.csv, events.npz, events_deflated.npz: the same events.
"""
import gzip
import json
import os
import sys
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))


def steps(tau, time_step, threshold):
    x = np.arange(256, dtype=float) / 255
    clipped = np.clip(x, threshold + 1e-7, 1e9)
    times = tau / time_step * np.log(clipped / (clipped - threshold))
    return np.where(x < threshold, -1, times.astype(int)).tolist()


def latencies():
    cases = [(20e-3, 1e-3, 0.2), (20e-3, 0.5e-3, 0.2), (10e-3, 1e-3, 0.1), (50e-3, 2e-3, 0.5), (7e-3, 3e-3, 128 / 255),
             (1.0, 1e-3, 1 / 255), (20e-3, 1e-3, 0.999)]
    table = [{"tau": t, "timeStep": d, "threshold": h, "steps": steps(t, d, h)} for t, d, h in cases]
    with open(f"{HERE}/latency_table.json", "w") as f:
        json.dump(table, f)


def images(folder):
    out = f"{HERE}/fashion-mnist"
    os.makedirs(out, exist_ok=True)
    for name, count in (("train", 60), ("t10k", 20)):
        for part, header, size in (("images-idx3", 16, 784), ("labels-idx1", 8, 1)):
            with gzip.open(f"{folder}/{name}-{part}-ubyte.gz") as f:
                data = f.read(header + count * size)
            data = data[:4] + count.to_bytes(4, "big") + data[8:]
            # Half of them packed.
            path = f"{out}/{name}-{part}-ubyte"
            if part == "images-idx3":
                with open(path + ".gz", "wb") as f:
                    f.write(gzip.compress(data, mtime=0))
            else:
                with open(path, "wb") as f:
                    f.write(data)


def events():
    rng = np.random.default_rng(5)
    samples = np.repeat(np.arange(12, dtype=np.int32), 5)
    order = rng.permutation(len(samples))
    labels = np.arange(12, dtype=np.uint8) % 3
    columns = {
        "sample": samples[order],
        "time": np.round(rng.random(len(samples)) * 1.1, 4)[order],
        "channel": rng.integers(0, 8, len(samples)).astype(np.uint16)[order],
        "label": labels[samples][order],
        "speaker": (samples % 2).astype(np.int64)[order],
    }
    np.savez(f"{HERE}/events.npz", **columns)
    per_sample = dict(columns, label=labels, speaker=np.arange(12) % 2)
    np.savez_compressed(f"{HERE}/events_deflated.npz", **per_sample)
    with open(f"{HERE}/events.csv", "w") as f:
        f.write("time,sample,label,channel,speaker\n")
        for i in range(len(samples)):
            f.write(",".join(str(columns[k][i]) for k in ("time", "sample", "label", "channel", "speaker")) + "\n")


latencies()
images(sys.argv[1])
events()
