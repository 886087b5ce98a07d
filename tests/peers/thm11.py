# SPDX-License-Identifier: MIT
"""What one would write instead of Theorem 11's path: F at 101 points of a straight line, NumPy, no certificate.
m = 4096, n = 8, dy = 4, a block of width 64 and 3 layers, N = 2048 samples. For peers.c: says "ready", and for each
line read sweeps once and prints the seconds."""
import sys
import time

import numpy as np

rng = np.random.default_rng(0)
m, n, dy, w, N, kappa = 4096, 8, 4, 64, 2048, 1e-3
X, Y = rng.standard_normal((n, N)), rng.standard_normal((dy, N))


def relu(a):
    return np.maximum(a, 0)


def point():
    return [
        rng.standard_normal((m, n)),
        rng.standard_normal((dy, m)) / m,
        rng.standard_normal((m, w)),
        rng.standard_normal((w, m)) / m,
        rng.standard_normal((w, w)) / 8,
        rng.standard_normal((w, w)) / 8,
        rng.standard_normal((w, w)) / 8,
    ]


def F(p):
    W1, W2, V1, V2, *theta = p
    H = relu(W1 @ X)
    g = V2 @ H
    for t in theta:
        g = relu(t @ g)
    M = W2 @ V1
    r = W2 @ H + M @ g - Y
    norms = np.linalg.norm(W1, axis=1)
    R = ((abs(W2).sum(0) + abs(V2).sum(0)) * norms).sum() + abs(M).sum() + sum(np.linalg.norm(t) for t in theta)
    return (r * r).sum() / N + kappa * R


A, B = point(), point()


def sweep():
    return max(F([(1 - t) * a + t * b for a, b in zip(A, B)]) for t in np.linspace(0, 1, 101))


print("ready", flush=True)
for line in sys.stdin:
    start = time.perf_counter()
    sweep()
    print("%.6f" % (time.perf_counter() - start), flush=True)
