#!/usr/bin/env python3
"""Reads every YAML file that the project ships or the program writes as users' scripts do: with PyYAML's safe_load and
jsonschema, against the schema that `snnexp schema` prints.

usage: scripts/check_yaml.py [PROGRAM]
"""
import json
import pathlib
import subprocess
import sys
import tempfile

root = pathlib.Path(__file__).resolve().parent.parent
program = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else root / ".build/release/snnexp").resolve()
try:
    from jsonschema import Draft202012Validator
    import yaml
except ImportError as error:
    print(f"check_yaml: SKIPPED, nothing was checked: {error} (pip install pyyaml jsonschema)")
    sys.exit(0)

problems, checked = [], 0


def run(*arguments, folder=None):
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, cwd=folder)
    if done.returncode != 0:
        raise SystemExit(f"check_yaml: snnexp {' '.join(map(str, arguments))}: {done.stderr}")
    return done.stdout


schema = json.loads(run("schema"))
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema)


def check(name, text, valid=True):
    """The parsed file; whether it is as the schema says is noted."""
    global checked
    checked += 1
    content = yaml.safe_load(text)
    errors = [f"{name}: {'.'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in validator.iter_errors(content)]
    if valid:
        problems.extend(errors)
    elif not errors:
        problems.append(f"{name}: the schema accepts it")
    return content


def identities(file, *overrides):
    """What the runs of a file are, apart from where it lies: hash, seed, values."""
    plan = json.loads(run("plan", file, *overrides, "--json"))
    return [(r["run_id"], r["seed"], r["swept"]) for r in plan]


def check_config(name, file, folder, *overrides):
    """`config` prints a file of the same runs, which says the same of itself."""
    text = run("config", file, *overrides)
    content = check(f"config {name}", text)
    copy = pathlib.Path(folder) / "config.yaml"
    copy.write_text(text)
    if run("config", copy) != text:
        problems.append(f"config {name}: another one of itself")
    # Data files need not exist.
    source = content["data"].get("source", "files")
    if source == "files" and "data.source:" not in text:
        synthetic = ["data.source=synthetic"]
    elif source == "images":
        synthetic = [f"data.folder={root}/Tests/SpikeDataTests/Fixtures/fashion-mnist"]
    elif source == "analog":
        synthetic = [f"data.file={root}/Tests/TestSupport/Golden/encoder/data.h5"]
    else:
        synthetic = []
    if identities(file, *overrides, *synthetic) != identities(copy, *synthetic):
        problems.append(f"config {name}: other runs")
    return content


def described(place, part):
    """Every key says what it is; one that need not be given, what it is without."""
    for key, value in part.get("properties", {}).items():
        if place.endswith((".init.", ".encoder.gain.", ".encoder.bias.")) and key in ["uniform", "normal", "gamma"]:
            continue  # a distribution; the key above describes them
        if "description" not in value:
            problems.append(f"schema: {place}{key} has no description")
        options = [value] + value.get("anyOf", [])
        inner = [option for option in options if "properties" in option]
        for option in inner:
            described(f"{place}{key}.", option)
        required = place + key in ["experiment", "data.train", "data.test", "data.folder", "data.file", "data.validation.speakers",
                                   "data.validation.fraction", "network.init.file", "network.delays.input.max",
                                   "network.delays.recurrent.max", "training.schedule.every",
                                   "training.schedule.metric", "training.early_stopping.patience",
                                   "training.regularizer.lower.bound", "training.regularizer.lower.strength",
                                   "training.regularizer.upper.bound", "training.regularizer.upper.strength"]
        if not inner and "default" not in value and "Default:" not in value.get("description", "") and not required:
            problems.append(f"schema: {place}{key} has no default")


described("", {"properties": {key: value for key, value in schema["properties"].items() if key != "sweep"}})

BASE = "experiment: e\ndata: {source: synthetic, synthetic: {train_samples: 40, test_samples: 20}, time_bins: 20}\n"
# Sweeps of keys that others inherit from, and of values that replace a section.
SWEEPS = {
    "times": "network: {hidden: [8, {units: 4, tau_syn: 2 ms}]}\nsweep: {grid: {network.tau_mem: [5 ms, 20 ms],"
             " network.tau_syn: {geomspace: [1 ms, 4 ms, 3]}}}\nseeds: 3..5\n",
    "layers": "network: {neuron: lif, tau_mem: 7 ms, recurrent: false}\n"
              "sweep: {grid: {network.hidden: [8, [8, 4], [{units: 8, tau_mem: 5 ms}]]}}\n",
    "surrogates": "network: {hidden: 8}\nsweep: {grid: {network.surrogate: [{kind: fast_sigmoid, scale: 1e1}, {scale: 5}],"
                  " network.time_step: [1 ms, bin]}}\n",
    "optimizers": "training: {optimizer: {betas: [0.8, 0.99]}}\nsweep: {grid: {training.optimizer.kind: [adam, sgd, adamax],"
                  " training.optimizer.learning_rate: [1e-8, 2e-4, 1]}, exclude: [{training.optimizer.kind: sgd,"
                  " training.optimizer.learning_rate: 1}]}\n",
    "schedules": "training: {optimizer: {learning_rate: 1e-3}}\nsweep: {grid: {training.schedule: [constant, cosine,"
                 " {kind: step, every: 3}, {kind: cosine, minimum: 1e-5, warmup_epochs: 2}]}}\n",
    "paired": "sweep: {zip: [{network.hidden: [8, 16], training.batch_size: [10, 20]}], grid: {network.recurrent:"
              " [true, false]}}\n",
    "splits": "sweep: {grid: {data.validation: [none, {fraction: 0.25}, {speakers: [3, 1]}]}}\n",
    "fractions": "sweep: {grid: {data.validation.fraction: [0.1, 0.2]}}\ntraining: {select_on: validation_loss}\n",
    "regularizers": "sweep: {grid: {training.regularizer: [none, {total_spikes: 2e-6}],"
                    " training.epochs: {from: 1, to: 3, step: 1}}}\n",
    # Models that have different keys, parameters as values and as mappings, and parts of one.
    "models": "network: {tau_mem: 7 ms, adapt_b: 0.3, reset: zero, hidden: [8, {neuron: alif}], readout: {tau_syn: none}}\n"
              "sweep: {grid: {network.neuron: [lif, ef_adlif, se_adlif]}}\n",
    "parameters": "network: {readout: {tau_mem: 10 ms}}\nsweep: {grid: {network.tau_mem: [10 ms, {init: {normal: [20 ms,"
                  " 1 ms]}, trained: true}], network.tau_syn: [none, 5 ms], network.readout.tau_syn: [none]}}\n",
    "parts": "network: {neuron: adlif, adapt_a: {init: {uniform: [0, 1e-3]}, bounds: [0, 1]}, readout: {tau_syn: 5 ms}}\n"
             "sweep: {grid: {network.adapt_a.trained: [false, true], network.adapt_a.init: [0.5, {gamma: [2, 0.1]}]}}\n",
    "penalties": "training: {clip_norm: 1.5, label_smoothing: 0.1}\nsweep: {grid: {training.regularizer.lower: [none,"
                 " {bound: 1 Hz, strength: 1}], network.init: [{kind: uniform}, {input: {kind: orthogonal}}]}}\n",
    "sources": "sweep: {grid: {data.source: [random, randman], network.time_step: [1 ms, 2 ms]}}\n",
    "random": "sweep: {grid: {data.source: [random], data.random.samples: [10, 20], data.time_bins: [5, 10]}}\n",
    "alone": "training: {optimizer: {epsilon: 1e-8, learning_rate: 1e-3}, regularizer: {total_spikes: 1e-20}}\nseeds: [7, 9]\n",
}
REJECTED = {
    "unknown key": "sweep: {grid: {network.tau: [5 ms]}}\n",
    "not a list": "sweep: {grid: {network.tau_mem: 5 ms}}\n",
    "no unit": "sweep: {grid: {network.tau_mem: [5]}}\n",
    "wrong type": "sweep: {zip: [{network.recurrent: [1.5]}]}\n",
    "unknown in exclude": "sweep: {grid: {network.hidden: [8]}, exclude: [{network.hiden: 8}]}\n",
    "range of words": "sweep: {grid: {network.neuron: {from: 1, to: 2, step: 1}}}\n",
    "unknown section": "sweep: {grids: {}}\n",
}
TEXTS = ["yes", "No", "on", "null", "~", "", "=", "<<", "0777", "0o17", "0x1f", "0b11", "1_000", "1:30", "2001-01-01", "1e3",
         "1.0e-08", ".5", "-", "- a", "a: b", "a #b", "'", '"', "\\", "\t", "a\nb", "!tag", "&a", "*a", "%", "@", "`", "{", "[a",
         "ü", "\u2028", "\ufeff", "\U0001f600", "y", "n", ".inf", ".nan", "12:30:45", "a, b", " a ", "+1", "1.", "_1", "\x85"]

with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    shipped = sorted(root.glob("experiments/*.yaml")) + sorted(root.glob("results/reference/*/experiment.yaml"))
    for file in shipped:
        name = str(file.relative_to(root))
        check(name, file.read_text())
        check_config(name, file, folder)
    file = folder / "e.yaml"
    for name, text in SWEEPS.items():
        file.write_text(BASE + text)
        check_config(name, file, folder)
    # The values from the command line are part of it.
    file.write_text(BASE + SWEEPS["optimizers"])
    content = check_config("override", file, folder, "training.optimizer.kind=adam,adamax", "seeds=4,2")
    if content["seeds"] != [4, 2] or content["sweep"]["grid"]["training.optimizer.kind"] != ["adam", "adamax"]:
        problems.append("config with overrides: they are missing")
    check_config("fewer keys", file, folder, "training.optimizer.kind=adam")
    for name, text in REJECTED.items():
        check(name, BASE + text, valid=False)
    for text in TEXTS:
        file.write_text(BASE + "description: \"" + "".join(f"\\U{ord(c):08x}" for c in text) + "\"\n")
        found = check(f"text {text!r}", run("config", file))["description"]
        if found != text:
            problems.append(f"description {text!r} is read as {found!r}")
    # As PyYAML reads it: 1e-8 is a string there, and the copy of the file is the original text.
    file.write_text(BASE + SWEEPS["alone"].replace("1e", "1.0e"))
    run("run", file, "training.epochs=1", "training.batch_size=20", "-o", folder / "results", "--no-plots", "--quiet")
    written = sorted((folder / "results").rglob("*.yaml"))
    for file in written:
        content = check(str(file.relative_to(folder)), file.read_text())
        optimizer = content["training"]["optimizer"]
        if optimizer["epsilon"] != 1e-8 or content["training"]["regularizer"]["total_spikes"] != 1e-20:
            problems.append(f"{file}: {content['training']}")
    if len(written) != 3:
        problems.append(f"written: {written}")

for problem in problems:
    print("check_yaml:", problem)
print(f"check_yaml: {checked} texts read with PyYAML {yaml.__version__} and jsonschema: {len(problems)} problems")
sys.exit(1 if problems else 0)
