"""Makes the golden cases: the model in double-precision PyTorch, written from its equations, not from the engine.

    pip install torch numpy h5py pyyaml          # made with torch 2.13, numpy 2.4, h5py 3.16; the CPU build does
    python3 make_golden.py [FOLDER]              # all cases, into this folder or another one; 2 minutes

A case is a folder: experiment.yaml, the data and the initial weights that it names, and expected.h5:

    train_loss                    per epoch, mean over its batches, without the regularizer
    train_loss_with_regularizer   the same with it: what training minimises
    train_accuracy, test_loss, test_accuracy (and validation_*)    per epoch, after it, over all samples
    hidden_rate_hz, silent_fraction, synaptic_operations           per epoch, of its training passes
    hidden/0/input ... readout/input                               the trained weights
    initial/..., trained/...      membranes, spikes and readouts of the first test samples before and after training

tiny.json holds one batch with everything in it, for tests of single parts: input, weights, voltages, losses and gradients
without and with regularizer, and three steps of Adam.

With one step of plain gradient descent, initial minus trained weights are the gradient times the rate. Nothing is
shuffled, so the results are determined. Weights are drawn until single precision can't see other spikes: no membrane of any pass comes
as near to the threshold as ten times the difference between a float32 and a float64 run. What float32 PyTorch then reaches
is printed; the tests' tolerances (1e-5 of a loss, 5e-4 of a weight change) are at least three times that.
"""
import json
import os
import sys

import h5py
import numpy as np
import torch
import yaml

DEFAULTS = dict(
    channels=30, classes=5, samples=12, test_samples=6, batch=12, epochs=1, drop_last=True, time_bins=40, max_time=0.8,
    binning="notebook", duplicates="count", time_step="1 ms", speakers=None,
    # Of each hidden layer: units, recurrent, tau_mem, tau_syn (ms), scale.
    hidden=[(24, True, 10, 5, 100)], readout=(10, 5), optimizer=dict(kind="sgd", learning_rate=0.02),
    regularizer=None, gain=1.5)

CASES = {
    # The whole gradient of a recurrent layer.
    "recurrent": dict(),
    "feedforward": dict(hidden=[(28, False, 10, 5, 100)]),
    # Layers that differ in everything; a readout with constants of its own.
    "two_layers": dict(hidden=[(21, True, 15, 5, 25), (13, False, 10, 8, 40)], readout=(20, 7)),
    # No size is a multiple of a vector's or of a group of samples; another scale and slower membranes.
    "odd_sizes": dict(channels=23, classes=7, samples=7, batch=7, time_bins=53, max_time=0.6,
                      hidden=[(37, True, 20, 10, 25)], readout=(20, 10), gain=0.4,
                      optimizer=dict(kind="sgd", learning_rate=0.005)),
    # Bins as wide as the time step, of equal width, one spike a bin, one speaker held out.
    "uniform_binary": dict(samples=20, binning="uniform", duplicates="binary", time_step="bin", speakers=[2], batch=13,
                           hidden=[(19, True, 60, 30, 50)], readout=(80, 40), gain=2.0),
    "spytorch_binning": dict(binning="spytorch", max_time=0.7, hidden=[(20, True, 10, 5, 100)]),
    "regularized": dict(hidden=[(18, True, 10, 5, 60), (15, True, 10, 5, 60)],
                        regularizer=dict(total_spikes=1e-3, neuron_spikes_squared=1e-4)),
    # Several steps and epochs; samples that no full batch takes.
    "momentum": dict(samples=14, batch=4, epochs=2, hidden=[(16, True, 10, 5, 50)],
                     optimizer=dict(kind="sgd", learning_rate=0.002, momentum=0.9)),
    "adam": dict(samples=14, batch=4, epochs=3, hidden=[(16, True, 10, 5, 100)],
                 optimizer=dict(kind="adam", learning_rate=2e-4)),
    "adamax": dict(samples=14, batch=4, epochs=2, drop_last=False, hidden=[(16, True, 10, 5, 100)],
                   optimizer=dict(kind="adamax", learning_rate=1e-3, betas=[0.8, 0.99], epsilon=1e-6),
                   regularizer=dict(total_spikes=2e-5, neuron_spikes_squared=2e-6)),
}


class Spike(torch.autograd.Function):
    """1 above the threshold; its derivative is that of a fast sigmoid, 1 / (scale |x| + 1)^2."""

    @staticmethod
    def forward(ctx, x, scale):
        ctx.save_for_backward(x)
        ctx.scale = scale
        return (x > 0).to(x.dtype)

    @staticmethod
    def backward(ctx, gradient):
        x, = ctx.saved_tensors
        return gradient / (ctx.scale * x.abs() + 1) ** 2, None


def forward(x, weights, layers, readout, time_step):
    """x [B, T, N] counts. Returns the readout [B, T + 1, O], and per layer membranes and spikes [B, T, H].

    weights: per layer (input [N, H], recurrent [H, H] or None), then the readout's [H, O]. Times in seconds.
    """
    membranes, spikes = [], []
    for (w, v), (units, _, tau_mem, tau_syn, scale) in zip(weights[:-1], layers):
        alpha, beta = np.exp(-time_step / tau_syn), np.exp(-time_step / tau_mem)
        mem = syn = s = x.new_zeros(len(x), units)
        ms, ss = [], []
        for t in range(x.shape[1]):
            current = x[:, t] @ w + (s @ v if v is not None else 0)
            s = Spike.apply(mem - 1, scale)
            ms.append(mem)
            ss.append(s)
            mem, syn = (beta * mem + syn) * (1 - s.detach()), alpha * syn + current
        membranes.append(torch.stack(ms, 1))
        spikes.append(torch.stack(ss, 1))
        x = spikes[-1]
    alpha, beta = np.exp(-time_step / readout[1]), np.exp(-time_step / readout[0])
    out = filtered = x.new_zeros(len(x), weights[-1].shape[1])
    trace = [out]
    for t in range(x.shape[1]):
        out, filtered = beta * out + filtered, alpha * filtered + x[:, t] @ weights[-1]
        trace.append(out)
    return torch.stack(trace, 1), membranes, spikes


def make_data(rng, c, samples):
    """A few spike trains: each class sweeps over the channels in its own direction, from its own place."""
    times, units = [], []
    labels = np.arange(samples) % c["classes"]
    for label in labels:
        n = int(rng.integers(60, 90))
        t = np.sort(rng.uniform(0, 1.1 * c["max_time"], n)).astype(np.float16)
        place = label * c["channels"] / c["classes"] + (-1) ** label * 8 * t.astype(float) + rng.normal(0, 2, n)
        units.append((np.floor(place) % c["channels"]).astype(np.uint16))
        times.append(t)
    return dict(times=times, units=units, labels=labels, speakers=rng.integers(0, 3, samples))


def bin_spikes(data, c):
    """Counts [B, T, N]; `notebook` and `spytorch` in float16, as numpy evaluates the expression on SHD's times."""
    x = np.zeros((len(data["labels"]), c["time_bins"], c["channels"]))
    for i, (t, u) in enumerate(zip(data["times"], data["units"])):
        if c["binning"] == "uniform":
            bins = np.floor(t.astype(float) * c["time_bins"] / c["max_time"]).astype(int)
        else:
            bins = np.floor(t * (c["time_bins"] - 1) / c["max_time"]).astype(int) + (c["binning"] == "spytorch")
        kept = bins < c["time_bins"]
        np.add.at(x[i], (bins[kept], u[kept].astype(int)), 1)
    return np.minimum(x, 1) if c["duplicates"] == "binary" else x


def draw_weights(rng, c):
    """Of each layer (input, recurrent or None), then the readout's; float32 values."""
    def normal(rows, columns, gain):
        return (rng.standard_normal((rows, columns)) * gain / rows ** 0.5).astype(np.float32)
    weights, fan_in = [], c["channels"]
    for units, recurrent, *_ in c["hidden"]:
        weights.append((normal(fan_in, units, c["gain"]), normal(units, units, c["gain"] / 2) if recurrent else None))
        fan_in = units
    return weights + [normal(fan_in, c["classes"], 0.4)]


def named(weights):
    """Path in weights.h5 and value of each tensor."""
    tensors = []
    for index, (w, v) in enumerate(weights[:-1]):
        tensors += [(f"hidden/{index}/input", w)] + ([(f"hidden/{index}/recurrent", v)] if v is not None else [])
    return tensors + [("readout/input", weights[-1])]


class TooNear(Exception):
    """A membrane is so near to the threshold that float32 might see another spike."""


def make_optimizer(c, parameters):
    o = c["optimizer"]
    if o["kind"] == "sgd":
        return torch.optim.SGD(parameters, lr=o["learning_rate"], momentum=o.get("momentum", 0))
    method = {"adam": torch.optim.Adam, "adamax": torch.optim.Adamax}[o["kind"]]
    return method(parameters, lr=o["learning_rate"], betas=o.get("betas", [0.9, 0.999]), eps=o.get("epsilon", 1e-8))


def train(c, drawn, sets, dtype):
    """Trains as the experiment file says. Returns results by name, and the membranes of every pass."""
    def tensor(array):
        return None if array is None else torch.tensor(array, dtype=dtype).requires_grad_()
    weights = [(tensor(w), tensor(v)) for w, v in drawn[:-1]] + [tensor(drawn[-1])]
    parameters = [p for _, p in named(weights)]
    layers = [(units, r, m / 1e3, s / 1e3, scale) for units, r, m, s, scale in c["hidden"]]
    bins = c["time_bins"] if c["binning"] == "uniform" else c["time_bins"] - 1
    time_step = c["max_time"] / bins if c["time_step"] == "bin" else 1e-3
    readout = [tau / 1e3 for tau in c["readout"]]
    passes = []

    def run(x):
        trace, membranes, spikes = forward(x, weights, layers, readout, time_step)
        passes.extend(m.detach() for m in membranes)
        if any((m.detach() - 1).abs().min() < 1e-5 for m in membranes):
            raise TooNear
        return trace, membranes, spikes

    sets = {k: (torch.tensor(x, dtype=dtype), torch.tensor(y)) for k, (x, y) in sets.items()}
    results = {}

    def record(prefix):
        with torch.no_grad():
            trace, membranes, spikes = run(sets["test"][0][:2])
        results[prefix + "/readout/membrane"] = trace.numpy()
        for index, (m, s) in enumerate(zip(membranes, spikes)):
            results[f"{prefix}/hidden/{index}/membrane"] = m.numpy()
            results[f"{prefix}/hidden/{index}/spikes"] = s.numpy().astype(np.uint8)

    record("initial")
    optimizer = make_optimizer(c, parameters)
    regularizer = c["regularizer"] or dict(total_spikes=0, neuron_spikes_squared=0)
    history = {}
    x, y = sets["train"]
    for _ in range(c["epochs"]):
        plain, total, spikes_of, inputs, seen = [], [], 0, 0, 0
        for first in range(0, len(x) - (c["batch"] - 1 if c["drop_last"] else 0), c["batch"]):
            part = slice(first, first + c["batch"])
            trace, _, spikes = run(x[part])
            entropy = torch.nn.functional.cross_entropy(trace.max(1).values, y[part])
            loss = entropy
            for s in spikes:
                loss = loss + regularizer["total_spikes"] * s.sum()
                loss = loss + regularizer["neuron_spikes_squared"] * (s.sum((0, 1)) ** 2).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            plain.append(entropy.item())
            total.append(loss.item())
            spikes_of = spikes_of + np.concatenate([s.detach().sum((0, 1)).numpy() for s in spikes])
            inputs, seen = inputs + x[part].sum().item(), seen + len(x[part])
        units = [layer[0] for layer in layers]
        reached = units[1:] + [c["classes"]]
        fan_out = np.concatenate([
            np.full(u, r + (u if layer[1] else 0)) for u, r, layer in zip(units, reached, layers)])
        epoch = dict(
            train_loss=np.mean(plain), train_loss_with_regularizer=np.mean(total),
            hidden_rate_hz=spikes_of.sum() / (seen * c["time_bins"] * sum(units) * time_step),
            silent_fraction=np.mean(spikes_of == 0),
            synaptic_operations=(inputs * units[0] + (spikes_of * fan_out).sum()) / seen)
        for name, (xs, ys) in sets.items():
            with torch.no_grad():
                logits = run(xs)[0].max(1).values
            if name != "train":
                epoch[name + "_loss"] = torch.nn.functional.cross_entropy(logits, ys).item()
            epoch[name + "_accuracy"] = (logits.argmax(1) == ys).double().mean().item()
        for key, value in epoch.items():
            history.setdefault(key, []).append(value)
    record("trained")
    results.update({k: np.array(v) for k, v in history.items()})
    results.update({path: value.detach().numpy() for path, value in named(weights)})
    return results, passes


def margin(double, single):
    """How much nearer to the threshold a membrane may come than float32 can tell; below 1: too near."""
    worst = np.inf
    for a, b in zip(double, single):
        error = max((a - b.double()).abs().max().item(), 1e-8)
        worst = min(worst, (a - 1).abs().min().item() / (10 * error))
    return worst


def float32_error(double, single, drawn):
    """Largest relative error of a loss, and of a weight change (L2)."""
    losses = [k for k in double if k.endswith(("_loss", "_regularizer"))]
    loss = max(np.abs(single[k] / double[k] - 1).max() for k in losses)
    changes = [
        np.linalg.norm(single[k] - double[k]) / max(np.linalg.norm(double[k] - w), 1e-300) for k, w in named(drawn)]
    return loss, max(changes)


def write_data(path, data, c):
    with h5py.File(path, "w") as file:
        n = len(data["labels"])
        for name, dtype in (("times", np.float16), ("units", np.uint16)):
            rows = file.create_dataset("spikes/" + name, (n,), dtype=h5py.vlen_dtype(dtype))
            for i, row in enumerate(data[name]):
                rows[i] = row
        file["labels"] = data["labels"].astype(np.uint16)
        file["extra/speaker"] = data["speakers"].astype(np.uint16)


def experiment(name, c):
    hidden = [
        dict(units=u, recurrent=r, tau_mem=f"{m} ms", tau_syn=f"{s} ms", surrogate=dict(kind="fast_sigmoid", scale=scale))
        for u, r, m, s, scale in c["hidden"]]
    return dict(
        experiment="golden_" + name, seeds=[0],
        data=dict(
            train="train.h5", test="test.h5", channels=c["channels"], classes=c["classes"], time_bins=c["time_bins"],
            max_time=f"{c['max_time']} s", binning=c["binning"], duplicates=c["duplicates"],
            validation=dict(speakers=c["speakers"]) if c["speakers"] else "none"),
        network=dict(
            time_step=c["time_step"], hidden=hidden, init=dict(file="weights.h5"),
            readout=dict(reduce="max", tau_mem=f"{c['readout'][0]} ms", tau_syn=f"{c['readout'][1]} ms")),
        training=dict(
            epochs=c["epochs"], batch_size=c["batch"], shuffle=False, drop_last=c["drop_last"],
            optimizer=c["optimizer"], regularizer=c["regularizer"] or "none"),
        record=dict(samples=2))


def make_case(folder, name, number, changes):
    c = dict(DEFAULTS, **changes)
    rng = np.random.default_rng([921, number])
    train_data, test_data = make_data(rng, c, c["samples"]), make_data(rng, c, c["test_samples"])
    x, y = bin_spikes(train_data, c), train_data["labels"]
    sets = dict(train=(x, y), test=(bin_spikes(test_data, c), test_data["labels"]))
    if c["speakers"]:
        held = np.isin(train_data["speakers"], c["speakers"])
        sets["train"], sets["validation"] = (x[~held], y[~held]), (x[held], y[held])
        assert c["batch"] <= len(sets["train"][0]), f"{len(sets['train'][0])} samples are left to train"
    for attempt in range(5000):
        drawn = draw_weights(rng, c)
        try:
            double, passes = train(c, drawn, sets, torch.float64)
            single, single_passes = train(c, drawn, sets, torch.float32)
        except TooNear:
            continue
        if margin(passes, single_passes) < 1:
            continue
        loss, change = float32_error(double, single, drawn)
        if loss < 1e-5 / 3 and change < 5e-4 / 3:
            break
    else:
        raise SystemExit(f"{name}: no weights are clear enough")
    rate = [double[f"trained/hidden/{i}/spikes"].mean() for i in range(len(c["hidden"]))]
    print(f"{name}: attempt {attempt + 1}, losses {double['train_loss_with_regularizer'].round(4)}, spikes per unit and step"
          f" {np.round(rate, 3)}, silent {double['silent_fraction'].round(3)}, test accuracy"
          f" {double['test_accuracy'].round(2)}, float32 PyTorch: loss {loss:.0e}, weight change {change:.0e}")
    path = os.path.join(folder, name)
    os.makedirs(path, exist_ok=True)
    write_data(os.path.join(path, "train.h5"), train_data, c)
    write_data(os.path.join(path, "test.h5"), test_data, c)
    with h5py.File(os.path.join(path, "weights.h5"), "w") as file:
        for tensor, value in named(drawn):
            file[tensor] = value
    with h5py.File(os.path.join(path, "expected.h5"), "w") as file:
        for key, value in double.items():
            if value.dtype == np.float64 and value.ndim > 1:
                value = value.astype(np.float32)
            options = dict(compression="gzip", shuffle=True) if value.size > 500 else {}
            file.create_dataset(key, data=value, **options)
    with open(os.path.join(path, "experiment.yaml"), "w") as file:
        file.write(f"# Made by make_golden.py.\n")
        yaml.safe_dump(experiment(name, c), file, sort_keys=False, default_flow_style=None, width=110)


def make_tiny(folder):
    """3 samples, 12 steps, 7-5-4, everything in double precision."""
    c = dict(DEFAULTS, channels=7, classes=4, time_bins=12, hidden=[(5, True, 10, 5, 100)], gain=1.3)
    layers, readout = [(5, True, 0.01, 0.005, 100.0)], (0.01, 0.005)
    rng = np.random.default_rng([921, 99])
    x = torch.tensor(rng.poisson(0.45, (3, 12, 7)).astype(float))
    labels = torch.tensor([3, 0, 2])
    rounded = lambda tensor: tensor.detach().tolist()
    while True:
        drawn = [torch.tensor(v).double() for _, v in named(draw_weights(rng, c))]
        w1, v1, w2 = (w.requires_grad_() for w in drawn)
        result = dict(
            about=f"Made by make_golden.py: a batch in float64 PyTorch. x[b][t][i], w1[i][h], v1[h][h] (from, to), w2[h][o],"
            " mem_rec and spk_rec[b][t][h], out_rec[b][t][o] from the zero state on; loss = ce + reg_loss,"
            " reg_loss = coeff sum(spk) + coeff mean_h((sum_bt spk)^2).",
            steps=12, inputs=7, hidden=5, outputs=4, tau_mem=0.01, tau_syn=0.005, time_step=0.001, scale=100.0,
            x=rounded(x), labels=rounded(labels), w1=rounded(w1), v1=rounded(v1), w2=rounded(w2))

        def run():
            trace, (membranes,), (spikes,) = forward(x, [(w1, v1), w2], layers, readout, 1e-3)
            return trace, membranes, spikes, torch.nn.functional.cross_entropy(trace.max(1).values, labels)

        gaps = []
        for name, coefficient in (("plain", 0.0), ("regularised", 1e-3)):
            trace, membranes, spikes, entropy = run()
            regularization = coefficient * spikes.sum() + coefficient * (spikes.sum((0, 1)) ** 2).mean()
            gradients = torch.autograd.grad(entropy + regularization, (w1, v1, w2))
            maximum = trace.max(1)
            gaps.append((membranes - 1).abs().min().item())
            result[name] = dict(
                coeff=coefficient, loss=(entropy + regularization).item(), ce=entropy.item(),
                reg_loss=regularization.item(), mem_rec=rounded(membranes), spk_rec=rounded(spikes),
                out_rec=rounded(trace), m=rounded(maximum.values), argmax_t=rounded(maximum.indices),
                grad_w1=rounded(gradients[0]), grad_v1=rounded(gradients[1]), grad_w2=rounded(gradients[2]))
        optimizer, losses = torch.optim.Adam((w1, v1, w2), lr=1e-2), []
        for _ in range(3):
            _, membranes, spikes, entropy = run()
            gaps.append((membranes - 1).abs().min().item())
            optimizer.zero_grad()
            entropy.backward()
            optimizer.step()
            losses.append(entropy.item())
        result["adam"] = dict(
            lr=1e-2, betas=[0.9, 0.999], epsilon=1e-8, losses=losses, w1=rounded(w1), v1=rounded(v1), w2=rounded(w2))
        # Some units spike, none comes near the threshold, and each step of Adam changes the loss.
        if min(gaps) > 1e-3 and 0.05 < spikes.mean() < 0.3 and np.ptp(losses) > 0.01:
            break
    with open(os.path.join(folder, "tiny.json"), "w") as file:
        json.dump(result, file)
    print(f"tiny: loss {result['plain']['loss']:.4f}, with regularizer {result['regularised']['loss']:.4f}, Adam {losses}")


if __name__ == "__main__":
    torch.set_num_threads(1)
    target = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
    make_tiny(target)
    for number, (name, changes) in enumerate(CASES.items()):
        make_case(target, name, number, changes)
