"""The nearest network in snnTorch: RSynaptic hidden layer, Synaptic readout without reset, on the data and loss of all.

    MALLOC_MMAP_MAX_=0 python snntorch_network.py FILE.h5 --threads 2

It is not the same model: snnTorch's membrane takes the input of the step itself, one step earlier.
"""
from common import BATCH, CLASSES, INPUTS, LEARNING_RATE, SURROGATE_SCALE, Samples, batch_buffer, decays
from common import initial_weights, measure, options, versions

arguments = options(__doc__)
import snntorch
import torch

torch.set_num_threads(arguments.threads)
torch.set_flush_denormal(True)
T, H = arguments.steps, arguments.hidden
ALPHA, BETA = decays()


class Network(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.input = torch.nn.Linear(INPUTS, H, bias=False)
        self.hidden = snntorch.RSynaptic(
            alpha=ALPHA, beta=BETA, linear_features=H, reset_mechanism="zero",
            spike_grad=snntorch.surrogate.fast_sigmoid(slope=SURROGATE_SCALE))
        self.hidden.recurrent = torch.nn.Linear(H, H, bias=False)
        self.output = torch.nn.Linear(H, CLASSES, bias=False)
        self.readout = snntorch.Synaptic(alpha=ALPHA, beta=BETA, reset_mechanism="none")
        linear = self.input, self.hidden.recurrent, self.output
        with torch.no_grad():
            for layer, weights in zip(linear, initial_weights(H)):
                layer.weight.copy_(torch.from_numpy(weights.T))

    def forward(self, x):
        """x [T, B, inputs] -> maxima over time [B, classes], spikes [T, B, H]."""
        spikes, syn, mem = self.hidden.reset_mem()
        out_syn, out = self.readout.reset_mem()
        trace, recorded = [], []
        for h in self.input(x).unbind(0):  # the input product of all steps at once
            spikes, syn, mem = self.hidden(h, spikes, syn, mem)
            _, out_syn, out = self.readout(self.output(spikes), out_syn, out)
            trace.append(out)
            recorded.append(spikes)
        return torch.stack(trace).max(0).values, torch.stack(recorded)


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


measure(arguments, len(samples), prepare, step, peer="snntorch", versions=versions("snntorch", "torch", "numpy"))
