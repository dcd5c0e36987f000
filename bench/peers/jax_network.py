"""The network of experiments/shd_recurrent.yaml in JAX: the training step, Adam included, is one jitted function.

    python jax_network.py FILE.h5 --variant inside --threads 2

inside   input and readout products inside the one lax.scan: no array of all steps but what the backward pass needs
outside  both products over all steps at once, before and after the scan
XLA takes as many threads as cores it may run on (common.py limits those) and flushes denormals.
"""
from common import BATCH, CLASSES, LEARNING_RATE, SURROGATE_SCALE, Samples, batch_buffer, decays
from common import initial_weights, measure, options, versions

arguments = options(__doc__, ("inside", "outside"))
import jax
import jax.numpy as jnp
import optax

jax.config.update("jax_platforms", "cpu")
T, H = arguments.steps, arguments.hidden
ALPHA, BETA = decays()


@jax.custom_vjp
def spike(x):
    return (x > 0).astype(x.dtype)


spike.defvjp(lambda x: (spike(x), x), lambda x, gradient: (gradient / (SURROGATE_SCALE * jnp.abs(x) + 1.0) ** 2,))


def lif(state, h):
    """One step of the hidden layer: state (syn, mem, spikes of the step before), h the input with the recurrent part."""
    syn, mem, _ = state
    spikes = spike(mem - 1.0)
    return ALPHA * syn + h, (BETA * mem + syn) * (1.0 - jax.lax.stop_gradient(spikes)), spikes


def readout(state, h):
    flt, out = state
    return ALPHA * flt + h, BETA * out + flt


hidden_zero = tuple(jnp.zeros((BATCH, H)) for _ in range(3))
readout_zero = tuple(jnp.zeros((BATCH, CLASSES)) for _ in range(2))


def inside(weights, x):
    """x [T, B, inputs] -> trace [T, B, classes], spikes [T, B, H]."""
    w1, v1, w2 = weights

    def step(state, now):
        hidden, out = state
        hidden = lif(hidden, now @ w1 + hidden[2] @ v1)
        out = readout(out, hidden[2] @ w2)
        return (hidden, out), (out[1], hidden[2])

    return jax.lax.scan(step, (hidden_zero, readout_zero), x)[1]


def outside(weights, x):
    w1, v1, w2 = weights

    def hidden_step(state, h):
        state = lif(state, h + state[2] @ v1)
        return state, state[2]

    def readout_step(state, h):
        state = readout(state, h)
        return state, state[1]

    _, spikes = jax.lax.scan(hidden_step, hidden_zero, x @ w1)
    _, trace = jax.lax.scan(readout_step, readout_zero, spikes @ w2)
    return trace, spikes


network = {"inside": inside, "outside": outside}[arguments.variant]
optimizer = optax.adam(LEARNING_RATE, b1=0.9, b2=0.999, eps=1e-8)


def loss_of(weights, x, labels):
    trace, spikes = network(weights, x)
    maxima = jnp.maximum(trace.max(0), 0.0)  # the trace starts with zero
    return optax.softmax_cross_entropy_with_integer_labels(maxima, labels).mean(), spikes.mean()


def train(state, x, labels):
    weights, moments = state
    (loss, rate), gradients = jax.value_and_grad(loss_of, has_aux=True)(weights, x, labels)
    updates, moments = optimizer.update(gradients, moments, weights)
    return (optax.apply_updates(weights, updates), moments), loss, rate


train = jax.jit(train, donate_argnums=0)
weights = [jnp.asarray(w) for w in initial_weights(H)]
state = weights, optimizer.init(weights)
samples = Samples(arguments.data, T)
x = batch_buffer(T)


def prepare(indices):
    labels = samples.gather(indices, x)
    # No copy: XLA reads the buffer itself, so it must not be refilled before the step is done.
    return jax.block_until_ready((jax.device_put(x), jnp.asarray(labels)))


def step(batch):
    global state
    state, loss, rate = train(state, *batch)
    jax.block_until_ready(state)
    return float(loss), rate


measure(arguments, len(samples), prepare, step, peer="jax", versions=versions("jax", "jaxlib", "optax", "numpy"))
