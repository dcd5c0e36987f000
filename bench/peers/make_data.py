"""Writes a file of the size and layout of SHD's training set, so that times can be compared without downloading it.

    python make_data.py FILE.h5 [--samples 8156]

20 classes on 700 channels; a class is a set of four bands that move over the channels in time, with a shift of channels,
a tempo and an onset drawn for each sample, and 12 % background noise. About 7,850 spikes a sample (SHD: about 8,000),
times in seconds as float16. The same seed gives the same file.
"""
import argparse
import os

import h5py
import numpy as np

CLASSES, CHANNELS, BANDS = 20, 700, 4


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path")
    parser.add_argument("--samples", type=int, default=8156)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    prototypes = np.random.default_rng(1234)
    shape = (CLASSES, BANDS)
    centre, slope = prototypes.uniform(80, 620, shape), prototypes.uniform(-250, 250, shape)
    bend, width = prototypes.uniform(-800, 800, shape), prototypes.uniform(15, 45, shape)
    time, duration = prototypes.uniform(0.15, 0.75, shape), prototypes.uniform(0.08, 0.22, shape)
    share = prototypes.dirichlet(np.full(BANDS, 3.0), CLASSES)

    rng = np.random.default_rng(options.seed)
    labels = rng.integers(0, CLASSES, options.samples).astype(np.uint16)
    total = 0
    partial = options.path + ".partial"
    with h5py.File(partial, "w") as file:
        size = (options.samples,)
        times = file.create_dataset("spikes/times", size, h5py.vlen_dtype(np.float16))
        units = file.create_dataset("spikes/units", size, h5py.vlen_dtype(np.uint16))
        file["labels"] = labels
        for i, c in enumerate(labels):
            count = int(np.clip(rng.lognormal(np.log(8000) - 0.045, 0.3), 2500, 20000))
            noise = int(count * 0.12)
            tempo, onset, shift = rng.uniform(0.65, 1.0), rng.uniform(0, 0.05), rng.normal(0, 12)
            band = rng.choice(BANDS, count - noise, p=share[c])
            t = rng.normal(time[c, band], duration[c, band])
            late = t - time[c, band]
            u = centre[c, band] + shift + slope[c, band] * late + bend[c, band] * late**2
            u += rng.normal(0, width[c, band])
            t = np.concatenate([onset + tempo * t, rng.uniform(0, 1, noise)])
            u = np.concatenate([u, rng.uniform(0, CHANNELS, noise)])
            kept = (t >= 0) & (t < 1) & (u >= 0) & (u < CHANNELS)
            order = np.argsort(t[kept], kind="stable")
            times[i], units[i] = t[kept][order].astype(np.float16), u[kept][order].astype(np.uint16)
            total += len(order)
    os.replace(partial, options.path)
    print(f"{options.path}: {options.samples} samples, {total / options.samples:.0f} spikes each")


if __name__ == "__main__":
    main()
