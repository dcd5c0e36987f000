"""The nearest network in Norse: LIFRecurrent hidden layer, LI readout, on the data and loss of all.

    MALLOC_MMAP_MAX_=0 python norse_network.py FILE.h5 --threads 2

It is not the same model: Norse integrates by Euler steps of 1 ms, its membrane takes a tenth of the current.
"""
from common import CLASSES, INPUTS, LEARNING_RATE, SURROGATE_SCALE, TAU_MEM, TAU_SYN, Samples, batch_buffer
from common import initial_weights, measure, options, versions

arguments = options(__doc__)
import norse.torch
import torch

torch.set_num_threads(arguments.threads)
torch.set_flush_denormal(True)
T, H = arguments.steps, arguments.hidden


class Network(torch.nn.Module):
    def __init__(self):
        super().__init__()
        times = {"tau_syn_inv": torch.tensor(1 / TAU_SYN), "tau_mem_inv": torch.tensor(1 / TAU_MEM)}
        lif = norse.torch.LIFParameters(method="super", alpha=torch.tensor(SURROGATE_SCALE), **times)
        self.hidden = norse.torch.LIFRecurrent(INPUTS, H, p=lif, autapses=True)
        self.output = torch.nn.Linear(H, CLASSES, bias=False)
        self.readout = norse.torch.LI(p=norse.torch.LIParameters(**times))
        w1, v1, w2 = (torch.from_numpy(w.T) for w in initial_weights(H))
        gain = TAU_MEM / 1e-3  # so that the hidden units spike about as often
        with torch.no_grad():
            self.hidden.input_weights.copy_(gain * w1)
            self.hidden.recurrent_weights.copy_(gain * v1)
            self.output.weight.copy_(gain * w2)

    def forward(self, x):
        """x [T, B, inputs] -> maxima over time [B, classes], spikes [T, B, H]."""
        spikes, _ = self.hidden(x)
        trace, _ = self.readout(self.output(spikes))
        return trace.max(0).values, spikes


network = Network()
optimizer = torch.optim.Adam([p for p in network.parameters() if p.requires_grad], lr=LEARNING_RATE)
samples = Samples(arguments.data, T)
buffer = batch_buffer(T)


def prepare(indices):
    labels = samples.gather(indices, buffer)
    return torch.from_numpy(buffer), torch.from_numpy(labels).long()


def step(batch):
    x, labels = batch
    maxima, spikes = network(x)
    loss = torch.nn.functional.cross_entropy(maxima, labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item(), spikes.detach()


measure(arguments, len(samples), prepare, step, peer="norse", versions=versions("norse", "torch", "numpy"))
