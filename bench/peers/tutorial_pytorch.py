"""One epoch of SpyTorch tutorial 1, 2, 3 or 5 in PyTorch, as the tutorials' notebooks compute it; prints JSON.

    tutorial_pytorch.py {1,2,3,5} DATA [EPOCHS]

DATA is the folder of Fashion-MNIST's four IDX files (gzipped), or braille.h5; tutorial 1 draws its spikes and ignores it.
Spikes are made once, before the clock starts; dense batches of images are made from them within it, as the notebooks do.
Time and accuracy of the last epoch.
"""
import gzip
import json
import math
import os
import sys
import time

import numpy as np
import torch

T, DT = 100, 1e-3


class Spike(torch.autograd.Function):
    scale = 100.0

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return (x > 0).to(x.dtype)

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        return grad / (Spike.scale * torch.abs(x) + 1.0) ** 2


def fashion(folder):
    def idx(name, offset):
        with gzip.open(os.path.join(folder, name)) as f:
            return np.frombuffer(f.read(), dtype=np.uint8, offset=offset)

    x = idx("train-images-idx3-ubyte.gz", 16).reshape(-1, 784) / 255.0
    y = idx("train-labels-idx1-ubyte.gz", 8).astype(np.int64)
    tau = 20e-3 / DT
    late = x < 0.2
    clipped = np.clip(x, 0.2 + 1e-7, 1e9)
    times = tau * np.log(clipped / (clipped - 0.2))
    times[late] = T
    return times.astype(int), torch.tensor(y)


def dense(times, chosen):
    """`[batch, T, 784]`, from firing times, as the notebook's sparse_data_generator."""
    units = np.arange(784)
    coordinates = [[], [], []]
    for row, sample in enumerate(chosen):
        early = times[sample] < T
        coordinates[0] += [row] * int(early.sum())
        coordinates[1] += list(times[sample][early])
        coordinates[2] += list(units[early])
    i = torch.LongTensor(np.array(coordinates))
    return torch.sparse_coo_tensor(i, torch.ones(i.shape[1]), (len(chosen), T, 784)).to_dense()


def readout(spikes, w, alpha, beta, factor=1.0):
    h = torch.einsum("abc,cd->abd", (spikes, w))
    flt = out = torch.zeros(spikes.shape[0], w.shape[1])
    trace = [out]
    for t in range(spikes.shape[1]):
        flt, out = alpha * flt + h[:, t], beta * out + factor * flt
        trace.append(out)
    return torch.stack(trace, 1)


def hidden_spikes(h, alpha, beta):
    """Spikes `[batch, T, units]` of feed-forward LIF units with currents `h`."""
    syn = mem = torch.zeros(h.shape[0], h.shape[2])
    spikes = []
    for t in range(h.shape[1]):
        out = Spike.apply(mem - 1.0)
        mem = (beta * mem + syn) * (1.0 - out.detach())
        syn = alpha * syn + h[:, t]
        spikes.append(out)
    return torch.stack(spikes, 1)


def random_spikes(epochs):
    x = (torch.rand(256, 200, 100) < 5 * DT).float()
    y = torch.randint(2, (256,))
    alpha, beta = math.exp(-DT / 5e-3), math.exp(-DT / 10e-3)
    w1 = (7 * (1 - beta) / 10 * torch.randn(100, 4)).requires_grad_()
    w2 = (7 * (1 - beta) / 2 * torch.randn(4, 2)).requires_grad_()
    optimizer = torch.optim.Adam([w1, w2], lr=2e-3, betas=(0.9, 0.999))
    for _ in range(epochs):
        begin = time.perf_counter()
        spikes = hidden_spikes(torch.einsum("abc,cd->abd", (x, w1)), alpha, beta)
        logits = readout(spikes, w2, alpha, beta).max(1)[0]
        loss = torch.nn.functional.cross_entropy(logits, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        right = int((logits.argmax(1) == y).sum())
        seconds = time.perf_counter() - begin
    return seconds, right / 256


def images(folder, regularized, epochs):
    times, y = fashion(folder)
    alpha, beta = math.exp(-DT / 5e-3), math.exp(-DT / 10e-3)
    scale = 0.2 if regularized else 7 * (1 - beta)
    w1 = (scale / math.sqrt(784) * torch.randn(784, 100)).requires_grad_()
    w2 = (scale / 10 * torch.randn(100, 10)).requires_grad_()
    optimizer = (torch.optim.Adamax if regularized else torch.optim.Adam)([w1, w2], lr=2e-4, betas=(0.9, 0.999))
    for _ in range(epochs):
        begin, right = time.perf_counter(), 0
        order = np.random.permutation(len(y))
        batches = len(y) // 256
        for chosen in np.array_split(order[: batches * 256], batches):
            x = dense(times, chosen)
            spikes = hidden_spikes(torch.einsum("abc,cd->abd", (x, w1)), alpha, beta)
            logits = readout(spikes, w2, alpha, beta).max(1)[0]
            loss = torch.nn.functional.cross_entropy(logits, y[chosen])
            if regularized:
                loss = loss + 1e-5 * spikes.sum() + 1e-5 * ((spikes.sum(1).sum(0)) ** 2).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            right += int((logits.argmax(1) == y[chosen]).sum())
        seconds = time.perf_counter() - begin
    return seconds, right / (batches * 256)


def braille(path, epochs):
    import h5py

    Spike.scale = 20.0
    with h5py.File(path) as f:
        x, y = 1.0 - f["values"][:].astype(np.float32) / 255, torch.tensor(f["labels"][:].astype(np.int64))
    x = torch.tensor(x[:, :, [1, 2, 6, 10]])
    rows = x.reshape(-1, 4)
    x = ((x - rows.mean(0)) / (rows.std(0) + 1e-3)).repeat_interleave(2, 1)
    order = np.random.permutation(len(y))[: int(0.8 * len(y))]
    x, y = x[order], y[order]
    alpha, beta = math.exp(-DT / 10e-3), math.exp(-DT / 20e-3)
    gain, bias = torch.randn(128).requires_grad_(), torch.randn(128).requires_grad_()
    w1 = (3 / math.sqrt(128) * torch.randn(128, 200)).requires_grad_()
    v1 = (0.03 / math.sqrt(200) * torch.randn(200, 200)).requires_grad_()
    w2 = (3 / math.sqrt(200) * torch.randn(200, 28)).requires_grad_()
    optimizer = torch.optim.Adamax([gain, bias, w1, v1, w2], lr=1e-2, betas=(0.9, 0.995))
    for _ in range(epochs):
        begin, right = time.perf_counter(), 0
        order = torch.randperm(len(y))
        for chosen in order.split(100):
            current = gain * (x[chosen].tile((1, 1, 32)) + bias)
            e = s = torch.zeros(len(chosen), 128)
            encoded = []
            for t in range(current.shape[1]):
                after = (beta * e + (1 - beta) * current[:, t]) * (1 - s.detach())
                s = Spike.apply(e - 1.0)
                encoded.append(s)
                e = after
            h = torch.einsum("abc,cd->abd", (torch.stack(encoded, 1), w1))
            syn = mem = out = torch.zeros(len(chosen), 200)
            spikes = []
            for t in range(h.shape[1]):
                current = h[:, t] + torch.einsum("ab,bc->ac", (out, v1))
                out = Spike.apply(mem - 1.0)
                mem, syn = (beta * mem + (1 - beta) * syn) * (1 - out.detach()), alpha * syn + current
                spikes.append(out)
            spikes = torch.stack(spikes, 1)
            logits = readout(spikes, w2, alpha, beta, 1 - beta).max(1)[0]
            loss = torch.nn.functional.cross_entropy(logits, y[chosen]) + 1e-3 * spikes.sum(1).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            right += int((logits.argmax(1) == y[chosen]).sum())
        seconds = time.perf_counter() - begin
    return seconds, right / len(y)


def main():
    tutorial, data = int(sys.argv[1]), sys.argv[2]
    epochs = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    torch.manual_seed(0)
    np.random.seed(0)
    if tutorial == 1:
        seconds, accuracy = random_spikes(epochs)
    elif tutorial == 5:
        seconds, accuracy = braille(data, epochs)
    else:
        seconds, accuracy = images(data, tutorial == 3, epochs)
    print(json.dumps({"epoch_s": round(seconds, 5), "train_accuracy": round(accuracy, 4), "torch": torch.__version__}))


main()
