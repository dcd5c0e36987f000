"""Trains the recurrent spiking network of experiments/shd_recurrent.yaml in float32 PyTorch, on HDF5 files in SHD's layout.

    python fsdd_torch.py --train TRAIN.h5 --test TEST.h5 --seeds 0 1 2 --epochs 50 --csv results.csv

An independent implementation to compare accuracies with: same model, same binning, same initial distribution, same
optimizer; other random numbers. Prints the loss of each epoch, then the accuracy over every sample (train, test, each
speaker of the test file) and mean +- standard deviation over seeds. Needs numpy, h5py, torch.
"""
import argparse
import csv
import sys
import time

import h5py
import numpy as np
import torch


class FastSigmoidSpike(torch.autograd.Function):
    """A step forward; 1 / (scale |x| + 1)^2 backward (Zenke and Ganguli 2018)."""

    scale = 100.0

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return (x > 0).to(x.dtype)

    @staticmethod
    def backward(ctx, gradient):
        (x,) = ctx.saved_tensors
        return gradient / (FastSigmoidSpike.scale * x.abs() + 1.0) ** 2


class Recordings:
    """A file's spikes as (sample, bin * channels + channel) events; dense batches are made on demand."""

    def __init__(self, path, time_bins, max_time, channels):
        self.time_bins, self.channels = time_bins, channels
        with h5py.File(path, "r") as file:
            times, units = file["spikes/times"][:], file["spikes/units"][:]
            self.labels = torch.from_numpy(file["labels"][:].astype(np.int64))
            has_speakers = "extra/speaker" in file
            self.speakers = file["extra/speaker"][:].astype(int) if has_speakers else np.zeros(len(times), int)
        self.events = []
        for t, u in zip(times, units):
            # The notebook's expression: t is float16, so numpy rounds the product and the quotient to float16.
            bins = np.floor(t.astype(np.float16) * (time_bins - 1) / max_time).astype(np.int64)
            kept = (bins >= 0) & (bins < time_bins)
            self.events.append(torch.from_numpy(bins[kept] * channels + u[kept].astype(np.int64)))

    def __len__(self):
        return len(self.labels)

    def batch(self, indices):
        """x [B, T, channels], counts of spikes, and the labels [B]."""
        x = torch.zeros(len(indices), self.time_bins * self.channels)
        for row, i in enumerate(indices):
            x[row].index_add_(0, self.events[i], torch.ones(len(self.events[i])))
        return x.view(len(indices), self.time_bins, self.channels), self.labels[indices]


def maxima(x, weights, alpha, beta):
    """Maximum over time of each class's membrane [B, classes], and the hidden spikes [B, T, H].

    unbind, not x[:, t]: the backward of a select fills a whole [B, T, H] array with zeros at every step.
    """
    w1, v1, w2 = weights
    syn = mem = spikes = x.new_zeros(len(x), w1.shape[1])
    recorded = []
    for h in (x @ w1).unbind(1):
        h = h + spikes @ v1  # the recurrent spikes are those of the step before
        spikes = FastSigmoidSpike.apply(mem - 1.0)
        recorded.append(spikes)
        mem, syn = (beta * mem + syn) * (1.0 - spikes.detach()), alpha * syn + h
    hidden = torch.stack(recorded, 1)
    flt = out = x.new_zeros(len(x), w2.shape[1])
    trace = [out]
    for h in (hidden @ w2).unbind(1):
        out, flt = beta * out + flt, alpha * flt + h
        trace.append(out)
    # max over a dimension takes the first index on a tie, and only that one takes the gradient.
    return torch.stack(trace, 1).max(1).values, hidden


def predictions(data, weights, constants, batch):
    """The predicted class of every sample, in order."""
    with torch.no_grad():
        parts = [
            maxima(data.batch(indices)[0], weights, *constants)[0].argmax(1)
            for indices in torch.arange(len(data)).split(batch)
        ]
    return torch.cat(parts)


def train(options, seed, training, test, classes):
    torch.manual_seed(seed)
    shapes = [(options.channels, options.hidden), (options.hidden, options.hidden), (options.hidden, classes)]
    weights = [(torch.randn(*shape) / shape[0] ** 0.5).requires_grad_() for shape in shapes]
    constants = float(np.exp(-options.time_step / options.tau_syn)), float(np.exp(-options.time_step / options.tau_mem))
    optimizer = torch.optim.Adam(weights, lr=options.lr, betas=(0.9, 0.999), eps=1e-8)
    loss, seconds = float("nan"), []
    for epoch in range(1, options.epochs + 1):
        start, losses, rate = time.perf_counter(), [], 0.0
        order = torch.randperm(len(training))
        for k in range(0, len(order) - options.batch + 1, options.batch):  # the incomplete last batch is dropped
            x, labels = training.batch(order[k : k + options.batch])
            scores, hidden = maxima(x, weights, *constants)
            batch_loss = torch.nn.functional.cross_entropy(scores, labels)
            optimizer.zero_grad()
            batch_loss.backward()
            optimizer.step()
            losses.append(batch_loss.item())
            rate = hidden.detach().mean().item()
        loss = float(np.mean(losses))
        seconds.append(time.perf_counter() - start)
        print(f"seed {seed} epoch {epoch}: loss {loss:.4f}, spikes per unit and step {rate:.4f}, {seconds[-1]:.1f} s")
        sys.stdout.flush()
    correct = {
        name: (predictions(data, weights, constants, options.batch) == data.labels).numpy()
        for name, data in (("train", training), ("test", test))
    }
    row = {"seed": seed, "epochs": options.epochs, "train_loss": loss}
    row["train_accuracy"], row["test_accuracy"] = correct["train"].mean(), correct["test"].mean()
    for speaker in np.unique(test.speakers):
        row[f"test_accuracy_speaker_{speaker}"] = correct["test"][test.speakers == speaker].mean()
    row["epoch_seconds"] = float(np.median(seconds)) if seconds else float("nan")
    return row


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", required=True)
    parser.add_argument("--test", required=True)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--epochs", type=int, default=50)
    parser.add_argument("--hidden", type=int, default=128)
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--lr", type=float, default=2e-4)
    parser.add_argument("--time-bins", type=int, default=100)
    parser.add_argument("--max-time", type=float, default=1.0, help="seconds")
    parser.add_argument("--channels", type=int, default=700)
    parser.add_argument("--time-step", type=float, default=1.0, help="ms")
    parser.add_argument("--tau-mem", type=float, default=10.0, help="ms")
    parser.add_argument("--tau-syn", type=float, default=5.0, help="ms")
    parser.add_argument("--threads", type=int, default=0, help="0: torch's own choice")
    parser.add_argument("--csv", default="fsdd_torch.csv", help="one row per seed is written here")
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    training = Recordings(options.train, options.time_bins, options.max_time, options.channels)
    test = Recordings(options.test, options.time_bins, options.max_time, options.channels)
    if len(training) < options.batch:
        parser.error(f"--batch {options.batch} is more than the {len(training)} training samples")
    classes = int(max(training.labels.max(), test.labels.max())) + 1
    print(f"{len(training)} training and {len(test)} test samples, {classes} classes, torch {torch.__version__}, "
          f"{torch.get_num_threads()} threads")
    rows = []
    for seed in options.seeds:
        rows.append(train(options, seed, training, test, classes))
        print(", ".join(f"{k} {v:.4f}" if isinstance(v, float) else f"{k} {v}" for k, v in rows[-1].items()))
        with open(options.csv, "w", newline="") as file:  # after each seed, so that a stopped run keeps its finished ones
            writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    for key in rows[0]:
        if "accuracy" in key or key == "train_loss":
            values = np.array([row[key] for row in rows])
            spread = f" +- {values.std(ddof=1):.4f}" if len(values) > 1 else ""
            print(f"{key}: {values.mean():.4f}{spread} (n = {len(values)})")


if __name__ == "__main__":
    main()
