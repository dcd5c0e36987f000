"""The nearest network in Spyx: RCuBaLIF hidden layer, LI readout, on the data and loss of all, the step jitted.

    python spyx_network.py FILE.h5 --variant outside --threads 2

inside   the input product inside Spyx's scan over time
outside  the input product of all steps at once, before the scan
It is not the same model: Spyx resets by subtraction, and its readout has no synaptic current.
"""
from common import CLASSES, INPUTS, LEARNING_RATE, SURROGATE_SCALE, Samples, batch_buffer, decays
from common import initial_weights, measure, options, versions

arguments = options(__doc__, ("inside", "outside"))
import jax
import jax.numpy as jnp
import optax
import spyx.axn
import spyx.nn
import spyx.optimize
from flax import nnx

T, H = arguments.steps, arguments.hidden
ALPHA, BETA = decays()
outside = arguments.variant == "outside"
w1, v1, w2 = map(jnp.asarray, initial_weights(H))
rngs = nnx.Rngs(0)


class Network(nnx.Module):
    def __init__(self):
        self.input = nnx.Linear(INPUTS, H, use_bias=False, rngs=rngs)
        hidden = spyx.nn.RCuBaLIF(
            (H,), alpha=ALPHA, beta=BETA, threshold=1, activation=spyx.axn.superspike(SURROGATE_SCALE), rngs=rngs)
        output = nnx.Linear(H, CLASSES, use_bias=False, rngs=rngs)
        readout = spyx.nn.LI((CLASSES,), beta=BETA, rngs=rngs)
        self.input.kernel[...], hidden.recurrent_w[...], output.kernel[...] = w1, v1, w2
        layers = [hidden, output, readout]
        self.layers = spyx.nn.Sequential(*layers) if outside else spyx.nn.Sequential(self.input, *layers)

    def __call__(self, x):
        """x [T, B, inputs] -> trace [T, B, classes]."""
        return spyx.nn.run(self.layers, self.input(x) if outside else x)[0]


def loss_of(network, x, labels):
    return optax.softmax_cross_entropy_with_integer_labels(network(x).max(0), labels).mean()


network = Network()
optimizer = nnx.Optimizer(network, optax.adam(LEARNING_RATE), wrt=nnx.Param)
train = spyx.optimize.make_train_step(loss_of)
samples = Samples(arguments.data, T)
buffer = batch_buffer(T)


def prepare(indices):
    labels = samples.gather(indices, buffer)
    # No copy: XLA reads the buffer itself, so it must not be refilled before the step is done.
    return jax.block_until_ready((jax.device_put(buffer), jnp.asarray(labels)))


def step(batch):
    loss = float(train(network, optimizer, *batch))
    jax.block_until_ready(nnx.state(network))
    return loss, None


measure(arguments, len(samples), prepare, step, peer="spyx", versions=versions("spyx", "flax", "jax", "numpy"))
