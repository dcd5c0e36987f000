"""A training step of the network that `snnexp bench --neuron se_adlif` trains, in JAX: one lax.scan under jit, jax.grad, clipped
gradients, Adam. As many threads as cores that the process may use (taskset).

    taskset -c 0,1 python jax_se_adlif.py --hidden 128 --steps 250 --batches 12

Prints one line of JSON: milliseconds per batch, the step alone and with the batch's preparation, and the spike rate.
"""
import argparse
import json
import statistics
import time

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_platforms", "cpu")

parser = argparse.ArgumentParser()
for name, default in dict(inputs=140, hidden=128, steps=250, classes=20, batch=256, batches=12, events=8000).items():
    parser.add_argument("--" + name, type=int, default=default)
options = parser.parse_args()
INPUTS, HIDDEN, STEPS, CLASSES, BATCH = (getattr(options, n) for n in ("inputs", "hidden", "steps", "classes", "batch"))
SCALE = 120.0  # q
READOUT = float(np.exp(-1 / 15))
CLIP, RATE = 1.5, 0.01


@jax.custom_vjp
def spike(x):
    return (x > 0).astype(x.dtype)


spike.defvjp(lambda x: (spike(x), x), lambda x, gradient: (gradient * jnp.exp(-5.0 * jnp.abs(x)),))


def loss(p, x, labels):
    alpha = jnp.exp(-1 / (5 + 20 * p["tau_mem"]))
    beta = jnp.exp(-1 / (60 + 240 * p["tau_adapt"]))

    def step(carry, xt):
        u, w, s, out, logits = carry
        v = alpha * u + (1 - alpha) * (xt @ p["input"] + p["bias"] + s @ p["recurrent"] - w)
        s = spike(v - 1.0)
        u = v * (1 - jax.lax.stop_gradient(s))
        w = beta * w + (1 - beta) * SCALE * (p["a"] * u + p["b"] * s)
        out = READOUT * out + (1 - READOUT) * (s @ p["readout"] + p["readout_bias"])
        return (u, w, s, out, logits + jax.nn.softmax(out)), s.mean()

    hidden, readout = jnp.zeros((BATCH, HIDDEN)), jnp.zeros((BATCH, CLASSES))
    (_, _, _, _, logits), rates = jax.lax.scan(step, (hidden, hidden, hidden, readout, readout), x)
    picked = jnp.take_along_axis(jax.nn.log_softmax(logits), labels[:, None], 1)
    return -picked.mean(), rates.mean()


def update(state, x, labels):
    p, first, second, count = state
    (value, rate), g = jax.value_and_grad(loss, has_aux=True)(p, x, labels)
    norm = jnp.sqrt(sum(jnp.sum(v * v) for v in jax.tree.leaves(g)))
    g = jax.tree.map(lambda v: v * jnp.minimum(1.0, CLIP / (norm + 1e-6)), g)
    count = count + 1
    first = jax.tree.map(lambda m, v: 0.9 * m + 0.1 * v, first, g)
    second = jax.tree.map(lambda m, v: 0.999 * m + 0.001 * v * v, second, g)
    p = jax.tree.map(
        lambda w, m, v: w - RATE * (m / (1 - 0.9**count)) / (jnp.sqrt(v / (1 - 0.999**count)) + 1e-8), p, first, second)
    for name, high in dict(tau_mem=1, tau_adapt=1, a=1, b=2).items():
        p[name] = jnp.clip(p[name], 0, high)
    return (p, first, second, count), value, rate


def main():
    random = np.random.default_rng(0)
    single = lambda values: jnp.asarray(np.asarray(values, np.float32))
    p = dict(
        input=single(random.uniform(-1, 1, (INPUTS, HIDDEN)) / INPUTS**0.5 * 4),
        recurrent=single(np.linalg.qr(random.normal(size=(HIDDEN, HIDDEN)))[0]), bias=single(np.zeros(HIDDEN)),
        readout=single(random.uniform(-1, 1, (HIDDEN, CLASSES)) / HIDDEN**0.5), readout_bias=single(np.zeros(CLASSES)),
        tau_mem=single(random.uniform(0, 1, HIDDEN)), tau_adapt=single(random.uniform(0, 1, HIDDEN)),
        a=single(random.uniform(0, 1, HIDDEN)), b=single(random.uniform(0, 2, HIDDEN)))
    zeros = jax.tree.map(jnp.zeros_like, p)
    state = (p, zeros, jax.tree.map(jnp.zeros_like, p), jnp.zeros(()))
    events = [np.sort(random.integers(0, STEPS * INPUTS, options.events)) for _ in range(2 * BATCH)]
    step = jax.jit(update, donate_argnums=0)
    dense = np.zeros((STEPS, BATCH, INPUTS), np.float32)
    alone, whole, warm = [], [], 3
    for number in range(warm + options.batches):
        start = time.perf_counter()
        dense.fill(0)
        for place, sample in enumerate(random.permutation(2 * BATCH)[:BATCH]):
            np.add.at(dense, (events[sample] // INPUTS, place, events[sample] % INPUTS), 1.0)
        x = jax.device_put(dense)
        labels = jnp.asarray(random.integers(0, CLASSES, BATCH).astype(np.int32))
        x.block_until_ready()
        prepared = time.perf_counter()
        state, value, rate = step(state, x, labels)
        jax.block_until_ready((state, value))
        end = time.perf_counter()
        if number >= warm:
            alone.append(end - prepared)
            whole.append(end - start)
    print(json.dumps(dict(
        step_ms=round(1e3 * statistics.median(alone), 1), whole_ms=round(1e3 * statistics.median(whole), 1),
        rate=round(float(rate), 3))))


main()
