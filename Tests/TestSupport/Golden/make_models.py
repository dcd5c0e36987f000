"""Makes the golden cases of the neuron models, in the form of make_golden.py's.

    pip install torch numpy h5py pyyaml          # made with torch 2.13, numpy 2.4, h5py 3.16; the CPU build does
    python3 make_models.py REFERENCE.py [FOLDER] # all cases, into this folder or another one; 10 seconds

REFERENCE.py is the executable specification of the models: its `train` does in PyTorch what an experiment file says.

A case is a folder: experiment.yaml, data.h5 (spikes to train and to test), weights.h5 (all that is drawn or trained,
neuron parameters included, in physical units), and expected.h5, in double precision:

    train_loss, train_loss_with_regularizer  mean over the batches of the one epoch, without and with the regularizer
    test_loss, test_accuracy                 after the epoch, over all samples
    hidden/0/input ... readout/bias          the trained tensors; times in seconds
    initial/..., trained/...                 membranes, spikes and readouts of the first samples, before and after

Most cases take one step of plain gradient descent: initial minus trained weights are the gradient times the rate.
Weights are drawn until single precision can't see other spikes: no membrane of any pass comes as near to its threshold
as ten times the difference between a float32 and a float64 run. What float32 PyTorch then reaches is printed; the
tests' tolerances (1e-5 of a loss, 5e-4 of a tensor's change, 1e-4 of a membrane) are at least three times that.

Together the cases use every model, surrogate, kind of reset and reduction of the readout, one and two filters, biases,
parameters per unit and per layer, each way to train a time constant, layers of different models, and delays: of input
and of recurrent spikes, trained and fixed, at and between whole steps, at both bounds and beyond the sample.
The case `encoder`, with analog data, is made by REFERENCE.py's own make_model_cases.py: --seed 1 --only encoder.
"""
import importlib.util
import os
import sys

import h5py
import numpy as np
import torch
import yaml

from make_golden import make_data, write_data

RECORDED = 2
# Files of HDF5 1.10's format are half as large.
FORMAT = "v110"


def drawn(low, high, **keys):
    """A parameter drawn for each unit, kept between the limits of its distribution and trained."""
    return dict(dict(init=dict(uniform=[low, high]), bounds=[low, high], trained=True, per="unit"), **keys)


# A readout with one filter, and parameters of the adaptive models.
LEAKY = dict(tau_mem="15 ms", tau_syn="none", scaled_input=True, bias=True)
ADAPTATION = dict(
    tau_mem=drawn("5 ms", "25 ms"), tau_adapt=drawn("60 ms", "300 ms"), adapt_a=drawn(0, 1), adapt_b=drawn(0, 2))

DEFAULTS = dict(
    channels=60, group=2, classes=5, samples=6, batch=6, time_bins=32, max_time=0.6, time_step="1 ms", gain=2.0,
    learning_rate=0.05, momentum=0.0, training={})

CASES = {
    # Two time constants, trained by their logarithm per unit and per layer; subtraction from a threshold other than 1.
    "lif_trained": dict(
        gain=0.6, learning_rate=0.004,
        network=dict(
            neuron="lif", hidden=16, reset="subtract", threshold=0.8,
            tau_mem=drawn("5 ms", "30 ms", via="log"), tau_syn=dict(init="6 ms", trained=True, per="layer", via="log"),
            surrogate=dict(kind="arctan", scale=10, amplitude=0.2),
            readout=dict(reduce="last", tau_mem="10 ms", tau_syn="5 ms"))),
    # The reset to zero is differentiated; no synapse, bias, ungrouped channels.
    "lif_attached": dict(
        channels=26, group=1, gain=8.0, learning_rate=0.2,
        training=dict(label_smoothing=0.1, regularizer=dict(mean_spikes=0.02)),
        network=dict(
            neuron="lif", hidden=14, tau_mem="12 ms", tau_syn="none", scaled_input=True, reset="zero",
            reset_gradient="attached", bias=True, surrogate=dict(kind="sigmoid", scale=8),
            readout=dict(reduce="mean", tau_mem="20 ms", tau_syn="none"))),
    # No reset. Three steps with momentum and a sample left over; the largest readout, its zero state included; channels
    # that do not fill their groups; the notebook's binning.
    "lif_no_reset": dict(
        channels=61, group=3, samples=7, batch=2, momentum=0.9, binning="notebook", gain=4.0, learning_rate=0.02,
        training=dict(regularizer=dict(total_spikes=1e-3)),
        network=dict(
            neuron="lif", hidden=17, recurrent=False, reset="none", tau_mem="8 ms", tau_syn="none", scaled_input=True,
            surrogate=dict(kind="fast_sigmoid", scale=20), readout=dict(reduce="max", bias=True))),
    # Subtraction is differentiated; scaled input with a synapse; decays trained themselves; a maximum from a step on.
    "lif_subtract": dict(
        gain=4.0, learning_rate=0.05, training=dict(clip_norm=2.0, regularizer=dict(neuron_spikes_squared=1e-3)),
        network=dict(
            neuron="lif", hidden=15, reset="subtract", reset_gradient="attached", threshold=0.7, scaled_input=True,
            tau_mem=drawn("6 ms", "24 ms", bounds=["3 ms", "60 ms"]),
            tau_syn=dict(init=dict(normal=["6 ms", "1 ms"]), trained=True, per="unit", via="decay",
                         bounds=["2 ms", "30 ms"]),
            surrogate=dict(kind="gaussian", scale=2.5, amplitude=0.3),
            readout=dict(reduce="max", from_step=5, tau_mem="12 ms", tau_syn="4 ms", bias=True))),
    # A surrogate of 1 everywhere, through an attached reset to zero with a synapse.
    "lif_straight_through": dict(
        gain=2.0, learning_rate=0.05, training=dict(label_smoothing=0.2),
        network=dict(
            neuron="lif", hidden=13, recurrent=False, reset="zero", reset_gradient="attached", bias=True,
            scaled_input=True, threshold=0.3, tau_mem="15 ms",
            tau_syn=dict(init="5 ms", bounds=["1 ms", "20 ms"], trained=True, per="layer"),
            surrogate=dict(kind="straight_through", amplitude=0.03),
            readout=dict(reduce="sum_softmax", tau_mem="10 ms", tau_syn="6 ms", scaled_input=True))),
    "alif": dict(
        gain=4.0, learning_rate=0.2,
        network=dict(
            neuron="alif", hidden=17, threshold=0.4, adapt_strength=0.6,
            tau_mem=dict(init=dict(normal=["15 ms", "3 ms"]), trained=True, per="unit", via="log"),
            tau_adapt=dict(init=dict(normal=["40 ms", "5 ms"]), trained=True, per="unit", via="decay",
                           bounds=["20 ms", "200 ms"]),
            surrogate=dict(kind="multi_gaussian"), readout=dict(LEAKY, reduce="last"))),
    "adlif": dict(
        gain=16.0, learning_rate=0.5,
        network=dict(
            ADAPTATION, neuron="adlif", hidden=15, tau_adapt=drawn("30 ms", "120 ms"), adapt_a=drawn(0, 0.4),
            surrogate=dict(kind="boxcar"), readout=dict(LEAKY, reduce="sum_softmax"))),
    "ef_adlif_deep": dict(
        gain=22.0, learning_rate=60.0, samples=5, batch=5,
        network=dict(
            ADAPTATION, neuron="ef_adlif", hidden=[dict(units=17), dict(units=11, recurrent=False)], bias=True,
            surrogate=dict(kind="triangle", scale=1, amplitude=0.3), readout=dict(LEAKY, reduce="mean", from_step=3))),
    "se_adlif": dict(
        gain=24.0, learning_rate=4.0, training=dict(clip_norm=0.5),
        network=dict(
            ADAPTATION, neuron="se_adlif", hidden=16, bias=True,
            surrogate=dict(kind="exponential", scale=5, amplitude=1.0),
            readout=dict(LEAKY, reduce="sum_softmax", from_step=10))),
    # A model a layer, each with keys of its own; resets detached or attached against the model's default; steps as
    # wide as a bin; all terms of the regularizer.
    "mixed_layers": dict(
        gain=5.0, learning_rate=0.5, time_step="bin", time_bins=30,
        training=dict(regularizer=dict(total_spikes=1e-4, neuron_spikes_squared=1e-4, mean_spikes=1e-2)),
        network=dict(
            hidden=[
                dict(units=12, neuron="se_adlif", reset_gradient="attached", bias=True, threshold=0.8,
                     adapt_scale=40,
                     tau_mem=drawn("40 ms", "150 ms"), tau_adapt="900 ms", adapt_a=drawn(0, 1), adapt_b=1.0,
                     surrogate=dict(kind="exponential")),
                dict(units=11, neuron="lif", reset="subtract", scaled_input=True, threshold=0.5, tau_mem="60 ms",
                     tau_syn=dict(init="40 ms", trained=True, per="layer", via="log"),
                     surrogate=dict(kind="arctan", scale=5, amplitude=0.3)),
                dict(units=9, neuron="adlif", recurrent=False, reset_gradient="detached", threshold=0.4, adapt_a=0.02,
                     tau_mem=dict(init=dict(uniform=["50 ms", "90 ms"]), per="unit"),
                     tau_adapt=drawn("300 ms", "900 ms", via="log"), adapt_b=drawn(0, 0.3),
                     surrogate=dict(kind="gaussian", amplitude=0.6)),
                dict(units=10, neuron="alif", reset_gradient="detached", threshold=0.2,
                     tau_mem="70 ms", tau_adapt=dict(init="300 ms", trained=True, per="layer"),
                     surrogate=dict(kind="boxcar", scale=1.25, amplitude=0.8))],
            readout=dict(reduce="mean", tau_mem="200 ms", tau_syn="60 ms", scaled_input=True))),
    # Both kinds of delays, trained; some recurrent ones are longer than the sample.
    "delays": dict(
        gain=1.5, learning_rate=2.0,
        network=dict(
            neuron="lif", hidden=18, tau_mem="10 ms", tau_syn="5 ms",
            delays=dict(input=dict(max="9 ms", trained=True), recurrent=dict(max="35 ms", trained=True)),
            surrogate=dict(kind="gaussian", scale=2, amplitude=0.5), readout=dict(reduce="max"))),
    # Of the spikes of other layers, each with delays of its own, or none; fixed ones; steps as wide as a bin.
    "delays_deep": dict(
        gain=5.0, learning_rate=6.0, time_step="bin", time_bins=30,
        training=dict(regularizer=dict(mean_spikes=1e-2)),
        network=dict(
            hidden=[
                dict(units=14, neuron="alif", threshold=0.3, tau_mem="70 ms", tau_adapt="300 ms",
                     delays=dict(recurrent=dict(max="100 ms", trained=True)),
                     surrogate=dict(kind="boxcar", scale=1.25, amplitude=0.8)),
                dict(units=13, neuron="lif", reset="subtract", scaled_input=True, threshold=0.5, tau_mem="60 ms",
                     tau_syn="40 ms", bias=True, delays=dict(input=dict(max="110 ms", trained=True),
                                                             recurrent=dict(max="60 ms")),
                     surrogate=dict(kind="arctan", scale=5, amplitude=0.3)),
                dict(units=11, neuron="adlif", recurrent=False, threshold=0.4, adapt_a=0.02, tau_mem="70 ms",
                     tau_adapt="500 ms", adapt_b=0.2, delays=dict(input=dict(max="80 ms")),
                     surrogate=dict(kind="gaussian", amplitude=0.6)),
                dict(units=12, neuron="se_adlif", adapt_scale=40, bias=True, tau_mem="60 ms", tau_adapt="600 ms",
                     delays=dict(input=dict(max="90 ms", trained=True)), surrogate=dict(kind="exponential"))],
            readout=dict(reduce="mean", tau_mem="200 ms", tau_syn="60 ms", scaled_input=True))),
    # Five steps with momentum, at whose ends delays have reached both bounds.
    "delays_bounded": dict(
        gain=1.0, samples=10, batch=2, momentum=0.5, learning_rate=0.05, time_bins=26,
        network=dict(
            neuron="lif", hidden=11, tau_mem="10 ms", tau_syn="5 ms",
            delays=dict(input=dict(max="1 ms", trained=True), recurrent=dict(max="2 ms", trained=True)),
            surrogate=dict(kind="sigmoid", scale=4), readout=dict(reduce="mean", tau_mem="10 ms", tau_syn="5 ms"))),
}


class Dumper(yaml.SafeDumper):
    """Writes a mapping that several keys share each time, without anchors."""

    def ignore_aliases(self, data):
        return True


def experiment(name, c):
    optimizer = dict(kind="sgd", learning_rate=c["learning_rate"])
    if c["momentum"]:
        optimizer["momentum"] = c["momentum"]
    return dict(
        experiment="golden_" + name, seeds=[0],
        data=dict(
            train="data.h5", test="data.h5", channels=c["channels"], channel_group=c["group"], classes=c["classes"],
            time_bins=c["time_bins"], max_time=f"{c['max_time']} s", binning=c.get("binning", "uniform")),
        network=dict(c["network"], time_step=c["time_step"], init=dict(file="weights.h5")),
        training=dict(epochs=1, batch_size=c["batch"], shuffle=False, optimizer=optimizer, **c["training"]),
        record=dict(samples=RECORDED))


def draw_parameter(reference, rng, key, spec, units):
    convert = reference.seconds if key.startswith("tau") else float
    init = spec["init"]
    size = units if spec["per"] == "unit" else 1
    if not isinstance(init, dict):
        return np.full(size, convert(init))
    kind, (first, second) = next(iter(init.items()))
    return getattr(rng, kind)(convert(first), convert(second), size)


def draw_delays(rng, longest, size):
    """Some at their bounds, at whole steps of 1 ms, and next to the bounds; the others anywhere between."""
    delays = rng.uniform(0, longest, size)
    delays[::7] = 0
    delays[1::7] = longest
    delays[2::7] = np.floor(1000 * delays[2::7]) / 1000
    delays[3::7] = 0.003 * longest
    delays[4::7] = 0.997 * longest
    return delays


def draw_weights(reference, rng, c):
    """Every tensor that is drawn or trained, by its path in weights.h5; float32."""
    network, tensors = c["network"], {}
    hidden = network["hidden"] if isinstance(network["hidden"], list) else [dict(units=network["hidden"])]
    rows = -(-c["channels"] // c["group"])
    for index, layer in enumerate(hidden):
        layer, path = dict(network, **layer), f"hidden/{index}/"
        units = layer["units"]
        tensors[path + "input"] = rng.normal(0, c["gain"] / rows ** 0.5, (rows, units))
        if layer.get("recurrent", True):
            tensors[path + "recurrent"] = rng.normal(0, c["gain"] / 2 / units ** 0.5, (units, units))
        if layer.get("bias", False):
            tensors[path + "bias"] = rng.normal(0, 0.1, units)
        for key in reference.PARAMETERS[layer["neuron"]]:
            if isinstance(layer.get(key), dict):
                tensors[path + key] = draw_parameter(reference, rng, key, layer[key], units)
        for where, delays in layer.get("delays", {}).items():
            size = rows if where == "input" else units
            tensors[f"{path}{where}_delay"] = draw_delays(rng, reference.seconds(delays["max"]), size)
        rows = units
    tensors["readout/input"] = rng.normal(0, 1 / rows ** 0.5, (rows, c["classes"]))
    if network["readout"].get("bias", False):
        tensors["readout/bias"] = rng.normal(0, 0.1, c["classes"])
    return {path: value.astype(np.float32) for path, value in tensors.items()}


def train(reference, folder, dtype):
    """Results by name, trained tensors by path, of every step of every pass the membranes minus their thresholds, and
    the rate of each layer after training."""
    path = os.path.join(folder, "experiment.yaml")
    with open(path) as file:
        config = yaml.safe_load(file)
    calls, results, plain = [], {}, reference.Neuron.spike

    def watched(neuron, x):
        calls.append(x.detach().double())
        return plain(neuron, x)

    def record(prefix, trace, membranes, spikes):
        results[prefix + "/readout/membrane"] = trace[:RECORDED].numpy()
        for index, (m, s) in enumerate(zip(membranes, spikes)):
            results[f"{prefix}/hidden/{index}/membrane"] = m[:RECORDED].numpy()
            results[f"{prefix}/hidden/{index}/spikes"] = s[:RECORDED].numpy().astype(np.uint8)

    reference.Neuron.spike = watched
    try:
        network, entropies, losses, initial = reference.train(path, dtype)
        x, labels = reference.load(config, folder, dtype)
        with torch.no_grad():
            trained = network(x)
            logits = network.logits(trained[0])
    finally:
        reference.Neuron.spike = plain
    record("initial", *initial)
    record("trained", *trained)
    results.update(
        train_loss=np.array(entropies), train_loss_with_regularizer=np.array(losses),
        test_loss=np.array([torch.nn.functional.cross_entropy(logits, labels).item()]),
        test_accuracy=np.array([(logits.argmax(1) == labels).double().mean().item()]))
    # Without fixed delays.
    tensors = {
        name: network.value(name) for name, tensor in network.tensors().items()
        if getattr(tensor, "requires_grad", True)}
    return results, tensors, calls, [s.mean().item() for s in trained[2]]


def margin(double, single):
    """How much nearer to its threshold a membrane may come than float32 can tell; below 1: too near."""
    worst = np.inf
    for a, b in zip(double, single):
        error = max((a - b).abs().max().item(), 1e-8)
        worst = min(worst, a.abs().min().item() / (10 * error))
    return worst


def relative(found, wanted):
    return np.max(np.abs(found - wanted) / np.maximum(1, np.abs(wanted)))


def make_case(reference, folder, name, number, changes):
    c = dict(DEFAULTS, **changes)
    rng = np.random.default_rng([922, number])
    path = os.path.join(folder, name)
    os.makedirs(path, exist_ok=True)
    write_data(os.path.join(path, "data.h5"), make_data(rng, c, c["samples"]), c)
    with open(os.path.join(path, "experiment.yaml"), "w") as file:
        file.write("# Made by make_models.py.\n")
        yaml.dump(experiment(name, c), file, Dumper=Dumper, sort_keys=False, default_flow_style=None, width=110)
    for attempt in range(2000):
        start = draw_weights(reference, rng, c)
        with h5py.File(os.path.join(path, "weights.h5"), "w", libver=FORMAT) as file:
            for tensor, value in start.items():
                file.create_dataset(tensor, data=value)
        double, tensors, passes, rates = train(reference, path, torch.float64)
        if not (min(rates) > 0.02 and max(rates) < 0.4 and all(np.isfinite(t).all() for t in tensors.values())):
            continue
        single, single_tensors, single_passes, _ = train(reference, path, torch.float32)
        if margin(passes, single_passes) < 1:
            continue
        loss = max(np.abs(single[k] / double[k] - 1).max() for k in double if k.endswith(("_loss", "_regularizer")))
        membrane = max(relative(single[k], double[k]) for k in double if k.endswith("/membrane"))
        changes = {k: np.linalg.norm(single_tensors[k] - v) / np.linalg.norm(v - start[k]) for k, v in tensors.items()}
        if loss < 1e-5 / 3 and membrane < 1e-4 / 3 and max(changes.values()) < 5e-4 / 3:
            break
    else:
        raise SystemExit(f"{name}: no weights are clear enough")
    with h5py.File(os.path.join(path, "expected.h5"), "w", libver=FORMAT) as file:
        for key, value in {**double, **tensors}.items():
            if value.dtype == np.float64 and key.endswith("/membrane"):
                value = value.astype(np.float32)
            options = dict(compression="gzip", compression_opts=9, shuffle=True) if value.size > 500 else {}
            file.create_dataset(key, data=value, **options)
    print(
        f"{name}: attempt {attempt + 1}, loss {double['train_loss_with_regularizer'][0]:.4f}, then"
        f" {double['test_loss'][0]:.4f}, spikes per unit and step {np.round(rates, 3)}, float32 PyTorch: loss"
        f" {loss:.0e}, membranes {membrane:.0e}, change of {max(changes, key=changes.get)} {max(changes.values()):.0e}",
        flush=True)


def load_reference(path):
    specification = importlib.util.spec_from_file_location("reference", path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    torch.set_num_threads(1)
    target = sys.argv[2] if len(sys.argv) > 2 else os.path.dirname(os.path.abspath(__file__))
    for number, (name, changes) in enumerate(CASES.items()):
        make_case(load_reference(sys.argv[1]), target, name, number, changes)
