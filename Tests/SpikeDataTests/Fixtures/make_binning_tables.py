"""Makes binning_tables.json: the bins numpy 2 gives to times of each precision.

    python make_binning_tables.py > binning_tables.json

half: the bin is monotone in the time, hence in the bits; `starts[k]` is the first bit pattern whose bin is at least k, up to
and including k = T (dropped). single, double: times next to the edges of the bins, as decimal bit patterns, and their bins
(-1: dropped).
"""
import json
import numpy as np

CASES = [(100, 1.0), (100, 1.4), (53, 0.6), (250, 1.37), (1000, 0.8), (2500, 1.0)]


def bins(t, T, max_time, rule):
    with np.errstate(over="ignore", divide="ignore"):
        if rule == "uniform":
            b = np.floor(t.astype(np.float64) * T / max_time)
        else:
            b = np.floor(t * (T - 1) / max_time).astype(np.float64) + (1 if rule == "spytorch" else 0)
    b = np.where(np.isfinite(b), b, 1e9)
    return np.where(b < T, b, -1).astype(int)


def main():
    rng = np.random.default_rng(1)
    out = []
    halves = np.arange(0x7C00, dtype=np.uint16)
    for rule in ("notebook", "spytorch", "uniform"):
        for T, m in CASES:
            b = bins(halves.view(np.float16), T, m, rule)
            b = np.where(b < 0, T, b)
            assert (np.diff(b) >= 0).all()
            case = dict(rule=rule, timeBins=T, maxTime=m, starts=np.searchsorted(b, np.arange(T + 1)).tolist())
            for name, kind, word in (("single", np.float32, np.uint32), ("double", np.float64, np.uint64)):
                k = rng.integers(0, T + 1, 60)
                edge = (k * m / (T if rule == "uniform" else T - 1)).astype(kind)
                t = np.concatenate([edge, np.nextafter(edge, kind(9)), np.maximum(0, np.nextafter(edge, kind(-9)))])
                t = np.concatenate([t, rng.uniform(0, 1.2 * m, 20).astype(kind)])
                case[name] = dict(bits=[str(v) for v in t.view(word)], bins=bins(t, T, m, rule).tolist())
            out.append(case)
    print(json.dumps(out, separators=(",", ":")))


main()
