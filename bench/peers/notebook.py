"""The network as people run it in SpyTorch's tutorial 4: eager PyTorch, and batches made in Python spike by spike.

    python notebook.py FILE.h5 --batches 3 --warm 1

Like the published notebook's, the generator reads and bins each sample anew in every epoch, appends the coordinates of its
spikes to Python lists, and makes a sparse tensor of these. It takes most of the time, so few batches are measured and
scaled to an epoch. The model is the others', not the published one's (experiments/spytorch_tutorial4.yaml).
"""
from common import BATCH, CLASSES, INPUTS, LEARNING_RATE, MAX_TIME, SURROGATE_SCALE, decays
from common import initial_weights, measure, options, versions

arguments = options(__doc__)
import h5py
import numpy as np
import torch

torch.set_num_threads(arguments.threads)
T, H = arguments.steps, arguments.hidden
ALPHA, BETA = decays()


class Spike(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        spikes = torch.zeros_like(x)
        spikes[x > 0] = 1.0
        return spikes

    @staticmethod
    def backward(ctx, gradient):
        (x,) = ctx.saved_tensors
        return gradient.clone() / (SURROGATE_SCALE * torch.abs(x) + 1.0) ** 2


def network(x, w1, v1, w2):
    """x [B, T, inputs] -> trace [B, T + 1, classes], spikes [B, T, H]."""
    syn, mem, spikes = (torch.zeros(BATCH, H) for _ in range(3))
    membranes, recorded = [], []
    current = torch.einsum("abc,cd->abd", x, w1)
    for t in range(T):
        h = current[:, t] + torch.einsum("ab,bc->ac", spikes, v1)
        spikes = Spike.apply(mem - 1.0)
        new_syn = ALPHA * syn + h
        new_mem = (BETA * mem + syn) * (1.0 - spikes.detach())
        membranes.append(mem)
        recorded.append(spikes)
        mem, syn = new_mem, new_syn
    membranes, recorded = torch.stack(membranes, dim=1), torch.stack(recorded, dim=1)
    current = torch.einsum("abc,cd->abd", recorded, w2)
    flt, out = torch.zeros(BATCH, CLASSES), torch.zeros(BATCH, CLASSES)
    trace = [out]
    for t in range(T):
        new_flt = ALPHA * flt + current[:, t]
        out = BETA * out + flt
        flt = new_flt
        trace.append(out)
    return torch.stack(trace, dim=1), recorded


weights = [torch.from_numpy(w).requires_grad_() for w in initial_weights(H)]
optimizer = torch.optim.Adam(weights, lr=LEARNING_RATE, betas=(0.9, 0.999))
file = h5py.File(arguments.data, "r")
times, units = file["spikes/times"], file["spikes/units"]  # not read into memory: a sample is read when it is used
labels = file["labels"][:].astype(np.int64)


def prepare(indices):
    coordinates = [[], [], []]
    for b, i in enumerate(indices):
        bins = np.floor(times[i] * (T - 1) / MAX_TIME).astype(int)
        kept = bins < T
        coordinates[0].extend(b for _ in range(int(kept.sum())))
        coordinates[1].extend(bins[kept])
        coordinates[2].extend(units[i][kept])
    values = torch.FloatTensor(np.ones(len(coordinates[0])))
    x = torch.sparse_coo_tensor(torch.LongTensor(coordinates), values, (BATCH, T, INPUTS))
    return x, torch.tensor(labels[indices])


def step(batch):
    x, y = batch
    trace, spikes = network(x.to_dense(), *weights)
    loss = torch.nn.functional.cross_entropy(torch.max(trace, 1)[0], y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item(), spikes.detach()


measure(arguments, len(labels), prepare, step, peer="notebook", versions=versions("torch", "numpy"))
