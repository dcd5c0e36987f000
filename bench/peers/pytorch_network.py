"""The network of experiments/shd_recurrent.yaml in PyTorch, in four ways that compute the same.

    MALLOC_MMAP_MAX_=0 python pytorch_network.py FILE.h5 --variant manual --threads 2

loop     as one writes it first: x[:, t] in the loop, whose backward pass fills a whole array at every step
unbind   the same with care: time-major, unbind instead of indexing, the spike as one comparison
manual   one autograd.Function for the whole network with a hand-written backward pass in place
compile  unbind, through torch.compile as one graph
Without MALLOC_MMAP_MAX_=0 each large array is mapped, and its pages are cleared, anew at every step.
"""
from common import BATCH, CLASSES, LEARNING_RATE, SURROGATE_SCALE, Samples, batch_buffer, decays
from common import initial_weights, measure, options, versions

arguments = options(__doc__, ("unbind", "loop", "manual", "compile"))
import torch

torch.set_num_threads(arguments.threads)
torch.set_flush_denormal(True)
T, H = arguments.steps, arguments.hidden
ALPHA, BETA = decays()


class Spike(torch.autograd.Function):
    """A step forward; 1 / (scale |x| + 1)^2 backward."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return (x > 0).to(x.dtype)

    @staticmethod
    def backward(ctx, gradient):
        (x,) = ctx.saved_tensors
        return gradient / (SURROGATE_SCALE * x.abs() + 1.0) ** 2


def loop(x, w1, v1, w2):
    """x [T, B, inputs] -> maxima over time [B, classes], spikes [B, T, H]; batch-major inside."""
    current = torch.einsum("tbi,ij->btj", x, w1)
    syn = mem = spikes = x.new_zeros(BATCH, H)
    recorded = []
    for t in range(T):
        h = current[:, t] + spikes @ v1
        spikes = Spike.apply(mem - 1.0)
        recorded.append(spikes)
        mem, syn = (BETA * mem + syn) * (1.0 - spikes.detach()), ALPHA * syn + h
    hidden = torch.stack(recorded, 1)
    current = hidden @ w2
    flt = out = x.new_zeros(BATCH, CLASSES)
    trace = [out]
    for t in range(T):
        out, flt = BETA * out + flt, ALPHA * flt + current[:, t]
        trace.append(out)
    return torch.stack(trace, 1).max(1).values, hidden


def unbind(x, w1, v1, w2):
    """x [T, B, inputs] -> maxima over time [B, classes], spikes [T, B, H]."""
    syn = mem = spikes = x.new_zeros(BATCH, H)
    recorded = []
    for h in (x @ w1).unbind(0):
        h = torch.addmm(h, spikes, v1)
        spikes = Spike.apply(mem - 1.0)
        recorded.append(spikes)
        mem, syn = (BETA * mem + syn) * (1.0 - spikes.detach()), ALPHA * syn + h
    hidden = torch.stack(recorded)
    flt = out = x.new_zeros(BATCH, CLASSES)
    trace = [out]
    for h in (hidden @ w2).unbind(0):
        out, flt = BETA * out + flt, ALPHA * flt + h
        trace.append(out)
    return torch.stack(trace).max(0).values, hidden


class Network(torch.autograd.Function):
    """unbind with both passes by hand: no graph, arrays reused, each weight gradient as one product over all steps."""

    @staticmethod
    def forward(ctx, x, w1, v1, w2):
        current = x @ w1
        membranes, spikes = torch.empty(T, BATCH, H), torch.empty(T, BATCH, H)
        mem, syn = torch.zeros(BATCH, H), torch.zeros(BATCH, H)
        for t in range(T):
            h, m, s = current[t], membranes[t], spikes[t]
            m.copy_(mem)
            if t:
                h.addmm_(spikes[t - 1], v1)
            torch.gt(mem, 1.0, out=s)
            mem.mul_(BETA).add_(syn).mul_(1.0 - s)
            syn.mul_(ALPHA).add_(h)
        readout = spikes @ w2
        trace, flt = torch.zeros(T + 1, BATCH, CLASSES), torch.zeros(BATCH, CLASSES)
        for t in range(T):
            torch.add(flt, trace[t], alpha=BETA, out=trace[t + 1])
            flt.mul_(ALPHA).add_(readout[t])
        maxima, peaks = trace.max(0)
        ctx.save_for_backward(x, membranes, spikes, peaks, v1, w2)
        ctx.mark_non_differentiable(spikes)
        return maxima, spikes

    @staticmethod
    def backward(ctx, d_maxima, _):
        x, membranes, spikes, peaks, v1, w2 = ctx.saved_tensors
        d_trace = torch.zeros(T + 1, BATCH, CLASSES).scatter_(0, peaks[None], d_maxima[None])
        d_readout, d_out, d_flt = (torch.zeros(shape) for shape in ((T, BATCH, CLASSES), d_maxima.shape, d_maxima.shape))
        for t in reversed(range(T)):
            d_out.add_(d_trace[t + 1])
            d_readout[t].copy_(d_flt)
            d_flt.mul_(ALPHA).add_(d_out)
            d_out.mul_(BETA)
        d_spikes = d_readout @ w2.t()
        surrogate = membranes.sub_(1.0).abs_().mul_(SURROGATE_SCALE).add_(1.0).square_()
        d_current, d_mem, d_syn = torch.empty(T, BATCH, H), torch.zeros(BATCH, H), torch.zeros(BATCH, H)
        v1_transposed = v1.t().contiguous()
        for t in reversed(range(T)):
            d_current[t].copy_(d_syn)
            d = d_spikes[t]
            if t < T - 1:
                d.addmm_(d_current[t + 1], v1_transposed)
            d_mem.mul_(1.0 - spikes[t])
            d_syn.mul_(ALPHA).add_(d_mem)
            d_mem.mul_(BETA).add_(d.div_(surrogate[t]))
        rows = lambda array: array.reshape(-1, array.shape[-1])
        d_w1 = rows(x).t() @ rows(d_current)
        d_v1 = rows(spikes[:-1]).t() @ rows(d_current[1:])
        d_w2 = rows(spikes).t() @ rows(d_readout)
        return None, d_w1, d_v1, d_w2


network = {"loop": loop, "unbind": unbind, "manual": Network.apply}.get(arguments.variant)
if network is None:
    torch._dynamo.config.recompile_limit = 1
    network = torch.compile(unbind, fullgraph=True, dynamic=False)
weights = [torch.from_numpy(w).requires_grad_() for w in initial_weights(H)]
optimizer = torch.optim.Adam(weights, lr=LEARNING_RATE, betas=(0.9, 0.999), eps=1e-8)
samples = Samples(arguments.data, T)
x = batch_buffer(T)


def prepare(indices):
    labels = samples.gather(indices, x)
    return torch.from_numpy(x), torch.from_numpy(labels).long()


def step(batch):
    x, labels = batch
    maxima, spikes = network(x, *weights)
    loss = torch.nn.functional.cross_entropy(maxima, labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item(), spikes.detach()


measure(arguments, len(samples), prepare, step, peer="pytorch", versions=versions("torch", "numpy"))
