"""Makes torch_training.json: learning rates and optimizer steps as PyTorch computes them, in double precision.

    pip install torch pyyaml                          # made with torch 2.13; the CPU build does
    python3 make_torch_training.py > torch_training.json

Each case has its keys of `training` as a user writes them. The parameters are two groups, of which the second may have a
rate of its own (learning_rates.neuron).

schedules: the rates of each epoch, or with one_cycle of each batch, per group; metrics: what the plateau was given.
optimizers: the parameters after some of 50 steps on the problem below. The largest error of PyTorch in single precision is
printed to stderr: the tests allow 1e-6.
"""
import json
import re
import sys

import torch
import yaml

BATCHES = 7
STEPS = (1, 2, 5, 10, 20, 35, 50)
ADAM = "optimizer: {kind: adam, learning_rate: 3e-3, learning_rates: {neuron: 0.02}}"
METRICS = [2.0, 1.5, 1.6, 1.5, 1.49999, 1.4, 1.45, 1.5, 1.6, 1.7, 1.7, 1.7, 1.65, 1.3, 1.31, 1.32, 1.33, 1.34, 1.35, 1.36]

SCHEDULES = [
    "constant",
    "{kind: constant, warmup_epochs: 4}",
    "{kind: step, every: 3}",
    "{kind: step, every: 2, factor: 0.7, warmup_epochs: 3}",
    "{kind: exponential, factor: 0.93}",
    "{kind: exponential, factor: 1.1, warmup_epochs: 1}",
    "cosine",
    "{kind: cosine, minimum: 2e-4, warmup_epochs: 5}",
    "{kind: cosine, epochs: 8, minimum: 1e-5}",
    "one_cycle",
    "{kind: one_cycle, warmup_fraction: 0.45, start_divisor: 10, final_divisor: 50, anneal: linear}",
    "{kind: one_cycle, warmup_fraction: 0, momentum: [0.6, 0.99]}",
    "{kind: one_cycle, cycle_momentum: false}",
    "{kind: plateau, metric: train_loss, patience: 1, factor: 0.3}",
    "{kind: plateau, metric: train_loss, patience: 0, threshold: 0.2, threshold_mode: absolute, cooldown: 2}",
    "{kind: plateau, metric: train_accuracy, patience: 2, threshold: 0.01, factor: 0.5, minimum: 1e-3}",
    "{kind: plateau, metric: train_loss, patience: 1, cooldown: 1, factor: 0.05, warmup_epochs: 4}",
]
OPTIMIZERS = [
    ("{kind: sgd, learning_rate: 0.05}", "constant", None),
    ("{kind: sgd, learning_rate: 0.02, momentum: 0.9, learning_rates: {neuron: 0.004}}", "constant", None),
    ("{kind: adam, learning_rate: 0.02}", "constant", None),
    ("{kind: adam, learning_rate: 0.02, betas: [0.8, 0.99], learning_rates: {neuron: 0.1}}", "constant", 0.5),
    ("{kind: adamax, learning_rate: 0.03, epsilon: 1e-6}", "constant", None),
    ("{kind: adamw, learning_rate: 0.02}", "constant", None),
    ("{kind: adamw, learning_rate: 0.02, weight_decay: 2, learning_rates: {neuron: 0.005}}", "constant", None),
    ("{kind: adamw, learning_rate: 0.05, weight_decay: 0.3, learning_rates: {weights: 0.03}}", "one_cycle", 1.0),
    ("{kind: adamax, learning_rate: 0.05, learning_rates: {neuron: 0.01}}", "one_cycle", None),
    ("{kind: sgd, learning_rate: 0.02}", "{kind: one_cycle, anneal: linear}", None),
]


def read(training):
    # To PyYAML, 1e-3 is a string.
    return yaml.safe_load("{" + re.sub(r"\b(\d+)e-", r"\1.0e-", training) + "}")


def rates_of(spec):
    own = spec.get("learning_rates", {})
    return [float(own.get(name, spec.get("learning_rate", 2e-4))) for name in ("weights", "neuron")]


def optimizer_of(spec, parameters):
    groups = [dict(params=[p], lr=rate) for p, rate in zip(parameters, rates_of(spec))]
    kind, betas = spec["kind"], tuple(spec.get("betas", (0.9, 0.999)))
    epsilon = float(spec.get("epsilon", 1e-8))
    if kind == "sgd":
        return torch.optim.SGD(groups, lr=0.1, momentum=spec.get("momentum", 0))
    if kind == "adamw":
        groups[0]["weight_decay"], groups[1]["weight_decay"] = float(spec.get("weight_decay", 1e-2)), 0
        return torch.optim.AdamW(groups, lr=0.1, betas=betas, eps=epsilon)
    return {"adam": torch.optim.Adam, "adamax": torch.optim.Adamax}[kind](groups, lr=0.1, betas=betas, eps=epsilon)


def scheduler_of(spec, optimizer, epochs, updates):
    """The main scheduler, without the warm-up."""
    from torch.optim import lr_scheduler as s
    if isinstance(spec, str):
        spec = dict(kind=spec)
    kind, warmup = spec["kind"], spec.get("warmup_epochs", 0)
    if kind == "constant":
        return s.ConstantLR(optimizer, factor=1)
    if kind == "step":
        return s.StepLR(optimizer, spec["every"], spec.get("factor", 0.1))
    if kind == "exponential":
        return s.ExponentialLR(optimizer, spec["factor"])
    if kind == "cosine":
        return s.CosineAnnealingLR(optimizer, spec.get("epochs", epochs - warmup), float(spec.get("minimum", 0)))
    if kind == "one_cycle":
        low, high = spec.get("momentum", (0.85, 0.95))
        return s.OneCycleLR(
            optimizer, [g["lr"] for g in optimizer.param_groups], total_steps=updates,
            pct_start=float(spec.get("warmup_fraction", 0.3)), div_factor=spec.get("start_divisor", 25),
            final_div_factor=spec.get("final_divisor", 1e4),
            anneal_strategy=dict(cosine="cos", linear="linear")[spec.get("anneal", "cosine")],
            cycle_momentum=spec.get("cycle_momentum", True), base_momentum=low, max_momentum=high)
    assert kind == "plateau"
    return s.ReduceLROnPlateau(
        optimizer, mode="max" if "accuracy" in spec["metric"] else "min", factor=spec.get("factor", 0.1),
        patience=spec.get("patience", 10), threshold=spec.get("threshold", 1e-4),
        threshold_mode=dict(relative="rel", absolute="abs")[spec.get("threshold_mode", "relative")],
        cooldown=spec.get("cooldown", 0), min_lr=float(spec.get("minimum", 0)))


def momentum(optimizer):
    group = optimizer.param_groups[0]
    return group["momentum"] if "momentum" in group else group["betas"][0]


def schedule_case(text, epochs=20):
    from torch.optim import lr_scheduler as s
    training = "epochs: %d, %s, schedule: %s" % (epochs, ADAM, text)
    spec = read(training)
    schedule = spec["schedule"] if isinstance(spec["schedule"], dict) else dict(kind=spec["schedule"])
    optimizer = optimizer_of(spec["optimizer"], [torch.zeros(1, requires_grad=True) for _ in range(2)])
    warmup, kind = schedule.get("warmup_epochs", 0), schedule["kind"]
    per_batch = kind == "one_cycle"
    updates = epochs * BATCHES if per_batch else epochs
    case = dict(training=training, batches=BATCHES, isPerBatch=per_batch, rates=[], momentum=[])
    metrics = METRICS if kind == "plateau" else []
    if schedule.get("metric") == "train_accuracy":
        metrics = [1 / m for m in metrics]
    case["metrics"] = metrics
    linear = s.LinearLR(optimizer, start_factor=1 / (warmup + 1), total_iters=warmup) if warmup else None
    main = scheduler_of(schedule, optimizer, epochs, updates)
    if linear and kind != "plateau":
        # Its constructor steps both, hence the fresh optimizer.
        optimizer = optimizer_of(spec["optimizer"], [torch.zeros(1, requires_grad=True) for _ in range(2)])
        main = s.SequentialLR(
            optimizer, [s.LinearLR(optimizer, start_factor=1 / (warmup + 1), total_iters=warmup),
                        scheduler_of(schedule, optimizer, epochs, updates)], [warmup])
    for update in range(updates):
        case["rates"].append([g["lr"] for g in optimizer.param_groups])
        case["momentum"].append(momentum(optimizer))
        optimizer.step()
        if kind == "plateau":
            # SequentialLR cannot hand metrics on.
            linear.step() if update < warmup else main.step(metrics[update])
        elif update + 1 < updates:
            main.step()
    if kind == "cosine" and "epochs" in schedule:
        # The documented difference: the rates stay at the minimum.
        for epoch in range(schedule["epochs"], epochs):
            case["rates"][epoch] = [float(schedule.get("minimum", 0))] * 2
    return case


def problem(dtype):
    index = torch.arange(8, dtype=torch.float64)
    starts = [(1 - 0.3 * index).to(dtype), (0.5 + 0.2 * index).to(dtype)]
    targets = [(0.25 * index - 1).to(dtype), (1 - 0.125 * index).to(dtype)]
    curvature = (0.5 + 0.25 * index).to(dtype)
    return [s.clone().requires_grad_() for s in starts], targets, curvature


def descend(spec, schedule, clip, dtype):
    parameters, targets, curvature = problem(dtype)
    optimizer = optimizer_of(spec, parameters)
    scheduler = scheduler_of(schedule, optimizer, 50, 50)
    values = []
    for step in range(1, 51):
        optimizer.zero_grad()
        loss = sum((curvature * (p - t) ** 2 / 2 + (p - t) ** 4 / 4).sum() for p, t in zip(parameters, targets))
        loss.backward()
        if clip is not None:
            torch.nn.utils.clip_grad_norm_(parameters, clip)
        optimizer.step()
        if step < 50:
            scheduler.step()
        if step in STEPS:
            values.append([p.detach().double().tolist() for p in parameters])
    return values


def optimizer_case(optimizer, schedule, clip):
    training = "epochs: 50, clip_norm: %s, optimizer: %s, schedule: %s" % (
        "none" if clip is None else clip, optimizer, schedule)
    spec = read(training)
    wanted = descend(spec["optimizer"], spec["schedule"], clip, torch.float64)
    single = descend(spec["optimizer"], spec["schedule"], clip, torch.float32)
    error = max(abs(a - b) for v, w in zip(wanted, single) for g, h in zip(v, w) for a, b in zip(g, h))
    print("%-130s float32 error %.1e" % (training, error), file=sys.stderr)
    return dict(training=training, steps=STEPS, parameters=wanted)


def rounded(x):
    """12 digits are enough, and half as long."""
    if isinstance(x, dict):
        return {k: rounded(v) for k, v in x.items()}
    if isinstance(x, (list, tuple)):
        return [rounded(v) for v in x]
    return float("%.12g" % x) if isinstance(x, float) else x


def main():
    cases = dict(schedules=[schedule_case(text) for text in SCHEDULES],
                 optimizers=[optimizer_case(*case) for case in OPTIMIZERS])
    print(json.dumps(rounded(cases), separators=(",", ":")).replace('{"training"', '\n{"training"'))


if __name__ == "__main__":
    main()
