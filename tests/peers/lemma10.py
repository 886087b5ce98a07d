# SPDX-License-Identifier: MIT
"""What one would write instead for Lemma 10: 10,000 pairs, n = 16, N = 4096, sampled, NumPy, no certificate. For
peers.c: says "ready", and for each line read checks once and prints the seconds."""
import sys
import time

import numpy as np

rng = np.random.default_rng(0)
n, N, M = 16, 4096, 10000
X = rng.standard_normal((n, N))
u, v = rng.standard_normal((M, n)), rng.standard_normal((M, n))
u /= np.linalg.norm(u, axis=1)[:, None]
v = u + 0.1 * v
v /= np.linalg.norm(v, axis=1)[:, None]


def check(chunk=50):
    S = np.linalg.eigvalsh(X @ X.T / N)[-1]
    a = np.arccos(np.clip((u * v).sum(1), -1, 1))
    for i in range(0, M, chunk):
        d = np.maximum(u[i : i + chunk] @ X, 0) - np.maximum(v[i : i + chunk] @ X, 0)
        assert ((d * d).mean(1) <= 4 * S * a[i : i + chunk] ** 2).all()


print("ready", flush=True)
for line in sys.stdin:
    start = time.perf_counter()
    check()
    print("%.6f" % (time.perf_counter() - start), flush=True)
