# SPDX-License-Identifier: MIT
"""Deep and residual networks: what is proved along their paths, beside what is reported of them by sampling.

    /usr/bin/python3 tests/campaigns/curves.py PROGRAM [CHECKER] [--scale] [--only paths|others] [--cache DIR]
        [--keep DIR] [--steps N] [--seed N] [--strategy S] [--limit SECONDS] [PATTERN...]

Trains pairs of networks in PyTorch as people do (Adam, batches, cross-entropy), lets the program connect them
(--strategy, default best) and asks PyTorch, in float64, whether the path starts and ends where it should and stays
below what was certified, at 61 points of every segment or more; asks the program's check and CHECKER (default
vectors/certificate.py, where it is small) to accept the certificate. Beside that, on the same pairs, what people use:
the straight line, a Bezier curve (Garipov et al. 2018), matched units and then the line (Ainsworth et al. 2023), each
with its own 61 points, with 2,001, and with the bound that `certify` proves of it. Seconds are those of the CPU.

--scale: instead, 784 inputs and 60,000 samples, seeded and synthetic: time and memory. --only: the program's paths, or
what others use. --cache: where trained networks are kept for the next run. --keep: where everything that was given to
the program is left. --limit: seconds a run of the program may take. PATTERN: only the rows whose names hold one of
these. Two tables, one line per failure, exit 1 if there is one. Needs PyTorch and NumPy: apt-get install python3-torch
python3-numpy, and /usr/bin/python3."""
import argparse, collections, itertools, json, math, os, re, resource, subprocess, sys, tempfile, time

try:
    import numpy, torch
except ImportError:
    sys.exit("curves: needs torch and numpy (apt-get install python3-torch python3-numpy, /usr/bin/python3)")

import networks
from networks import EXACT, Data, Net

RATE, BATCH, EPOCHS, ENOUGH = 0.003, 128, 200, 0.002  # of training; ENOUGH: a mean loss that is small but not 0

# shape: widths of the layers between input and output; skip (m, dg, layers of the block); linear skip (dg, layers);
# residual (blocks, their units)
Row = collections.namedtuple("Row", "data model shape")


def rows():
    models = [("mlp", s) for s in ((64, 64), (128, 64, 32), (400, 200, 100), (32, 32, 32, 32))]
    models += [("skip", (32, 16, 3)), ("linear-skip", (16, 2))]
    models += [("residual", s) for s in ((2, 32), (3, 64), (4, 32))]
    return [Row(data, model, shape) for model, shape in models for data in ("digits", "noisy")]


def name_of(row):
    return "%s/%s/%s" % (row.data, row.model, "-".join(map(str, row.shape)))


# Networks


def shapes(row, n, dy):
    """Tensors in the program's order, outputs by inputs."""
    s = row.shape
    if row.model == "two-layer":
        return dict(W1=(s[0], n), b1=(s[0],), W2=(dy, s[0]), b2=(dy,))
    if row.model == "mlp":
        widths = (n,) + s + (dy,)
        pairs = [("W%d" % i, "b%d" % i, r, c) for i, (c, r) in enumerate(zip(widths, widths[1:]), 1)]
        return {k: size for w, b, r, c in pairs for k, size in ((w, (r, c)), (b, (r,)))}
    if row.model == "residual":
        out = {}
        for k in range(1, s[0] + 1):
            out.update({"U%d" % k: (s[1], n), "c%d" % k: (s[1],), "V%d" % k: (n, s[1]), "d%d" % k: (n,)})
        return dict(out, W=(dy, n), b=(dy,))
    block = lambda layers, dg, first: {
        k: size
        for i in range(1, layers + 1)
        for k, size in (("T%d" % i, (dg, first if i == 1 else dg)), ("c%d" % i, (dg,)))
    }
    if row.model == "linear-skip":
        return dict(block(s[1], s[0], n), V=(n, s[0]), W=(dy, n), b=(dy,))
    m, dg = s[:2]
    head = dict(W1=(m, n), b1=(m,), V2=(dg, m))
    return dict(head, **block(s[2], dg, dg), V1=(m, dg), W2=(dy, m), b2=(dy,))


def forward(net, x, t=None):
    """The outputs, of the tensors t if they are given."""
    t, relu = t or net.tensors, torch.relu
    if net.model == "mlp":
        last = max(int(k[1:]) for k in t)
        for i in range(1, last + 1):
            x = torch.nn.functional.linear(x, t["W%d" % i], t["b%d" % i])
            x = relu(x) if i < last else x
        return x
    if net.model == "residual":
        for k in itertools.count(1):
            if "U%d" % k not in t:
                return torch.nn.functional.linear(x, t["W"], t["b"])
            inner = relu(torch.nn.functional.linear(x, t["U%d" % k], t["c%d" % k]))
            x = x + torch.nn.functional.linear(inner, t["V%d" % k], t["d%d" % k])
    return networks.forward(net, x, t)


class Objective:
    """The mean cross-entropy in one precision, of tensors or of arrays; and who is right."""

    def __init__(self, data, dtype=torch.float64):
        self.x, self.y = torch.tensor(data.x, dtype=dtype), torch.tensor(data.label)
        self.dtype = dtype

    def tensors(self, net):
        return {k: torch.as_tensor(numpy.asarray(a)).to(self.dtype) for k, a in net.tensors.items()}

    def outputs(self, net):
        with torch.no_grad():
            return forward(net, self.x, self.tensors(net))

    def __call__(self, net):
        return float(torch.nn.functional.cross_entropy(self.outputs(net), self.y))

    def accuracy(self, net):
        return float((self.outputs(net).argmax(1) == self.y).double().mean())


def started(row, n, dy, seed):
    """As torch.nn.Linear starts: uniform up to 1 / sqrt(inputs). The last matrix of a block is smaller: its sum is."""
    torch.manual_seed(seed)
    t, inputs = {}, 1
    for name, size in shapes(row, n, dy).items():
        inputs = size[1] if len(size) == 2 else inputs
        t[name] = ((2 * torch.rand(size) - 1) / math.sqrt(inputs)).requires_grad_()
    return Net(row.model, t)


def batches(data, seed, size=BATCH):
    """Epoch after epoch, shuffled: (epoch, x, y)."""
    dice = torch.Generator().manual_seed(seed)
    x, y = torch.tensor(data.x, dtype=torch.float32), torch.tensor(data.label)
    for epoch in itertools.count():
        order = torch.randperm(len(y), generator=dice)
        for i in range(0, len(y), size):
            yield epoch, x[order[i : i + size]], y[order[i : i + size]]


def train(row, data, seed, epochs=EPOCHS, rate=RATE, size=BATCH):
    """Adam, its rate falling to 0 along a cosine; stops where the mean loss of an epoch is small but not 0."""
    net, total, last = started(row, data.x.shape[1], data.dy, seed), [], 0
    adam = torch.optim.Adam(net.tensors.values(), lr=rate)
    for epoch, x, y in batches(data, seed, size):
        if epoch > last:
            if epoch == epochs or numpy.mean(total) < ENOUGH:
                break
            total, last = [], epoch
            adam.param_groups[0]["lr"] = rate * (1 + math.cos(math.pi * epoch / epochs)) / 2
        adam.zero_grad()
        loss = torch.nn.functional.cross_entropy(forward(net, x, net.tensors), y)
        loss.backward()
        adam.step()
        total.append(loss.item())
    return Net(row.model, {k: a.detach().numpy() for k, a in net.tensors.items()})


def stored(file, make):
    """The arrays of a file that is made if it is not there."""
    if not os.path.exists(file):
        numpy.savez(file + ".part.npz", **make())
        os.replace(file + ".part.npz", file)
    found = numpy.load(file)
    return {k: found[k] for k in found.files}


def trained(row, data, seed, cache, **how):
    """A float32 network, from the cache if it is there."""
    file = os.path.join(cache, "%s-%d.npz" % (name_of(row).replace("/", "-"), seed))
    return Net(row.model, stored(file, lambda: train(row, data, seed, **how).tensors))


# Saving

SCHEMES = {
    "mlp": ("own", "sequential", "map", "fc"),
    "skip": ("own", "map", "keras"),
    "linear-skip": ("keras", "own", "map"),
    "residual": ("own", "blocks", "torch", "keras"),
}
KINDS, TABLES = ("savez", "safetensors", "compressed", "big"), ("csv", "npz", "big")
PARTS = {"U": "fc1.weight", "c": "fc1.bias", "V": "fc2.weight", "d": "fc2.bias"}


def named(net, scheme):
    """Arrays under the names of the scheme, and the lines of a map or None."""
    if scheme in ("sequential", "fc"):
        first = lambda k: ("%d." % (2 * int(k[1:]) - 2)) if scheme == "sequential" else "fc%s." % k[1:]
        return {first(k) + ("weight" if k[0] == "W" else "bias"): a for k, a in net.tensors.items()}, None
    if scheme == "own":
        return dict(net.tensors, out_in=numpy.array([1], "u1")), None
    if scheme not in ("blocks", "torch"):
        return networks.named(net, scheme)
    out, lines = {}, ["model residual"]
    for k, a in net.tensors.items():
        block = (
            "blocks.%d.%s" % (int(k[1:]) - 1, PARTS[k[0]]) if k[1:] else "head." + ("weight" if k == "W" else "bias")
        )
        lines.append(("block %s: %s " % (k[1:], k[0]) if k[1:] else k + " ") + block + " out,in" * (a.ndim == 2))
        out[block] = a
    return out, lines if scheme == "blocks" else None


Case = collections.namedtuple("Case", "row data a b folder options")


def arranged(row, data, a, b, folder, number):
    """Writes A, B, the data and a map, in ways that rotate; without a map the two have different names."""
    os.makedirs(folder)
    file = lambda name: os.path.join(folder, name)
    schemes = SCHEMES[row.model]
    scheme = schemes[number % len(schemes)]
    other = {"own": "sequential", "sequential": "fc", "fc": "own"}.get(scheme, scheme) if row.model == "mlp" else scheme
    arrays, lines = named(a, scheme)
    networks.save_arrays(file("A"), arrays, KINDS[number % 4])
    networks.save_arrays(file("B"), named(b, other)[0], KINDS[(number + 1) % 4])
    options, more = networks.save_data(file("D"), row, data, TABLES[number % 3])
    if lines:
        networks.write(file("map"), "\n".join(lines + more) + "\n")
        options += ["--model", file("map")]
    return Case(row, data, a, b, folder, options)


# The path of the program


def busy():
    """CPU seconds of all children so far: what others do on the machine does not matter much to them."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measured(command, limit):
    """Exit code, output, CPU seconds."""
    before = busy()
    code, text, _ = networks.run(command, limit)
    return code, text, busy() - before


def kinds_of(certificate):
    """The kind of each straight piece between two knots: a curve of K segments is K of them."""
    out = []
    for words in re.findall(r"^leg (.*)$", certificate, re.M):
        words = words.split(" ")
        out += ["curve"] * int(words[2]) if words[0] == "curve" else [words[0]]
    return out


POINTS, DENSE, FINE = 61, 2001, 1 << 20


def on_line(p, q, count, F):
    """F at that many points from p to q; the fewer at a time the larger the network."""
    return [F(networks.mixed(p, q, t)) for t in numpy.linspace(0, 1, count)]


def doubles(net, like=None):
    """Tensors of float64, padded to those of another."""
    net = Net(net.model, {k: torch.as_tensor(numpy.asarray(a)).double() for k, a in net.tensors.items()})
    return networks.padded(net, like) if like else net


def sampled(fail, case, kinds, knots, F, bound):
    """The highest F, at 61 points of every straight piece or more; 11 of a curved one of the relay."""
    knots, curved = knots
    if not fail.expect(len(knots) == len(kinds) + 1, "%d knots" % (len(kinds) + 1), len(knots)):
        return math.nan
    top = -math.inf
    for i, (kind, p, q) in enumerate(zip(kinds, knots, knots[1:])):
        if curved[i]:
            values = [F(net) for net in networks.points_of(kind, True, p, q)]
        else:
            values = on_line(p, q, POINTS, F)
        worst = max(values)
        fail.expect(worst <= bound * (1 + EXACT), "F <= %.12g on leg %d (%s)" % (bound, i + 1, kind), "%.12g" % worst)
        if kind in ("rewire", "transfer", "idle"):
            flat = worst - min(values) <= EXACT * worst
            fail.expect(flat, "F constant on leg %d (%s)" % (i + 1, kind), "%.9g to %.9g" % (min(values), worst))
        top = max(top, worst)
    return top


def ends(fail, case, report):
    """F and the accuracy at both ends against the program's; the enclosure of the higher end."""
    F = Objective(case.data)
    for name, net in (("A", case.a), ("B", case.b)):
        (low, high), value, right = report.enclosure(name), F(net), F.accuracy(net)
        near = low - EXACT * value <= value <= high + EXACT * value
        fail.expect(near, "F(%s) = %.15g" % (name, value), "[%.15g, %.15g]" % (low, high))
        told = report.accuracy(name)
        agrees = told and told["lo"] - 1e-12 <= right <= told["hi"] + 1e-12
        fail.expect(agrees, "accuracy of %s %.6f" % (name, right), told)
    return [max(report.enclosure(n)[k] for n in "AB") for k in (0, 1)]


def connect(fail, o, case, strategy):
    """Runs path; the certificate's text, knots, the report and what else it cost; None if it failed."""
    file = lambda name: os.path.join(case.folder, strategy + "." + name)
    outputs = ["--certificate", file("certificate"), "--knots", file("knots"), "--format", "json", "-o", file("json")]
    where = [os.path.join(case.folder, "A"), os.path.join(case.folder, "B"), "--data", os.path.join(case.folder, "D")]
    how = ["--strategy", strategy]
    if strategy in ("best", "curve"):
        how += ["--steps", o.steps] if o.steps else []
        how += ["--seed", o.seed] if o.seed else []
    command = [o.program, "path"] + where + case.options + how + outputs
    networks.write(file("command"), " ".join(command) + "\n")
    code, text, seconds = measured(command, o.limit)
    if not fail.expect(code == 0, "path --strategy %s to exit 0" % strategy, "%s: %s" % (code, text[-400:])):
        return None
    with open(file("certificate")) as f:
        certificate = f.read()
    report = networks.Report(file("json"))
    knots = networks.knots_of(case.row.model, file("knots"))
    return certificate, knots, report, seconds


# search: the seconds that path takes beyond those of the line alone and of the proof (check): refits, training, samples
Result = collections.namedtuple("Result", "end bound top by pieces search path size check python line")


def checked(fail, o, case, certificate):
    """Both checkers must accept; their CPU seconds, None of the one in Python where it would take too long."""
    widest = networks.Row(case.row.data, case.row.model, (max(case.row.shape),) * 2, "", "")
    checkers = networks.Checkers(o.program, o.checker, case._replace(row=widest), case.options)
    code, text, ours = measured(checkers.ours(certificate, *checkers.files), o.limit)
    fail.expect(code == 0, "check to accept", "%s: %s" % (code, text[-300:]))
    if checkers.slow:
        return ours, None
    code, text, other = measured(checkers.other(certificate, *checkers.files), networks.SLOW)
    if code is None or "too large" in text:
        return ours, None
    fail.expect(code == 0, "the Python checker to accept", "%s: %s" % (code, text[-300:]))
    return ours, other


def proved_path(fail, o, case, strategy):
    """path, the samples, both checkers."""
    found = connect(fail, o, case, strategy)
    if not found:
        return None
    text, (knots, curved), report, seconds = found
    end = ends(fail, case, report)
    for name, net, knot in (("first", case.a, knots[0]), ("last", case.b, knots[-1])):
        same = networks.identical(networks.padded(net, knot), knot)
        fail.expect(same, "the %s knot to be the checkpoint, bit for bit" % name, "another")
    bound = networks.bound_of(text)
    F = Objective(case.data)
    top = sampled(fail, case, kinds_of(text), (knots, curved), F, end[1] if bound is None else bound)
    alone = connect(fail, o, case, "line") if strategy != "line" else found
    ours, python = checked(fail, o, case, os.path.join(case.folder, strategy + ".certificate"))
    by, line = report.all["path"]["strategy"], report.all.get("line", {}).get("bound")
    pieces, search = report.all["path"]["pieces"], seconds - ours - (alone[3] if alone else 0)
    return Result(end, bound, top, by, pieces, max(search, 0), seconds, len(text), ours, python, line)


# What people use


def blended(a, theta, b, t):
    """The quadratic Bezier curve of a, b and the bend theta."""
    mix = lambda p, q, r: (1 - t) ** 2 * p + 2 * t * (1 - t) * q + t**2 * r
    return Net(a.model, {k: mix(a.tensors[k], theta.tensors[k], b.tensors[k]) for k in a.tensors})


def bezier(a, b, data, seed, epochs=EPOCHS, rate=RATE):
    """The bend of Garipov et al. 2018, found as they do: t uniform, one for each batch; Adam, from the middle."""
    torch.manual_seed(seed)
    single = lambda net: Net(net.model, {k: torch.tensor(v) for k, v in net.tensors.items()})
    a, b = single(a), single(b)
    theta = Net(a.model, {k: ((a.tensors[k] + b.tensors[k]) / 2).requires_grad_() for k in a.tensors})
    adam, dice = torch.optim.Adam(theta.tensors.values(), lr=rate), torch.Generator().manual_seed(seed)
    for epoch, x, y in batches(data, seed):
        if epoch == epochs:
            break
        adam.param_groups[0]["lr"] = rate * (1 + math.cos(math.pi * epoch / epochs)) / 2
        t = float(torch.rand(1, generator=dice))
        adam.zero_grad()
        net = blended(a, theta, b, t)
        torch.nn.functional.cross_entropy(forward(net, x), y).backward()
        adam.step()
    return {k: v.detach().numpy() for k, v in theta.tensors.items()}


def assignment(gain):
    """The permutation p that maximises the sum of gain[i, p[i]]: Jonker and Volgenant's shortest paths."""
    try:
        from scipy.optimize import linear_sum_assignment

        return linear_sum_assignment(gain, maximize=True)[1]
    except ImportError:
        pass
    cost, n = gain.max() - gain, len(gain)
    u, v = numpy.zeros(n), numpy.zeros(n + 1)
    row = numpy.full(n + 1, -1)  # of each column; column n is the start
    for i in range(n):
        row[n], at = i, n
        least, back, used = numpy.full(n, numpy.inf), numpy.full(n, n), numpy.zeros(n + 1, bool)
        while row[at] >= 0:
            used[at] = True
            here = cost[row[at]] - u[row[at]] - v[:n]
            better = ~used[:n] & (here < least)
            least[better], back[better] = here[better], at
            free = numpy.flatnonzero(~used[:n])
            nearest = free[least[free].argmin()]
            delta = least[nearest]
            u[row[used]] += delta
            v[used] -= delta
            least[free] -= delta
            at = nearest
        while at != n:
            row[at], at = row[back[at]], back[at]
    out = numpy.empty(n, int)
    out[row[:n]] = numpy.arange(n)
    return out


def hidden_layers(net):
    """Of each hidden layer: the tensors whose rows are its units, those whose columns are."""
    if net.model == "mlp":
        last = max(int(k[1:]) for k in net.tensors)
        return [(("W%d" % i, "b%d" % i), "W%d" % (i + 1)) for i in range(1, last)]
    count = max(int(k[1:]) for k in net.tensors if k[0] == "U")
    return [(("U%d" % k, "c%d" % k), "V%d" % k) for k in range(1, count + 1)]


def matched(a, b, seed):
    """B with its units in the order of A's: weight matching (Ainsworth et al. 2023, algorithm 1), layer by layer in
    random order until no layer changes."""
    t, layers = {k: v.astype("f8") for k, v in b.tensors.items()}, hidden_layers(b)
    dice = numpy.random.default_rng(seed)
    for _ in range(100):
        changed = False
        for i in dice.permutation(len(layers)):
            incoming, outgoing = layers[i]
            flat = lambda v: v.reshape(len(v), -1)
            gain = sum(flat(a.tensors[k].astype("f8")) @ flat(t[k]).T for k in incoming)
            gain = gain + a.tensors[outgoing].astype("f8").T @ t[outgoing]
            order = assignment(gain)
            if gain[numpy.arange(len(gain)), order].sum() > numpy.trace(gain) + 1e-9:
                changed = True
                for k in incoming:
                    t[k] = t[k][order]
                t[outgoing] = t[outgoing][:, order]
        if not changed:
            break
    return Net(b.model, {k: v.astype("f4") for k, v in t.items()})


def rounded(net):
    """As files hold it: float32."""
    return Net(net.model, {k: numpy.asarray(a).astype("f4") for k, a in net.tensors.items()})


def certified(fail, o, case, name, knots):
    """What `certify` proves of the polyline through the knots (float32): the bound, seconds, pieces."""
    file = os.path.join(case.folder, name + ".npz")
    stack = {k: numpy.stack([net.tensors[k] for net in knots]) for k in knots[0].tensors}
    numpy.savez(file, out_in=numpy.array([1], "u1"), **stack)
    data, certificate = os.path.join(case.folder, "plain"), os.path.join(case.folder, name + ".certificate")
    if not os.path.exists(data):
        networks.save_data(data, case.row, case.data, "npz")
    command = [o.program, "certify"] + ["%s@%d" % (file, k + 1) for k in range(len(knots))]
    output = os.path.join(case.folder, name + ".json")
    command += ["--data", data + "", "--certificate", certificate, "--format", "json", "-o", output]
    networks.write(os.path.join(case.folder, name + ".command"), " ".join(command) + "\n")
    code, text, seconds = measured(command, o.limit)
    if not fail.expect(code == 0, "certify (%s) to exit 0" % name, "%s: %s" % (code, text[-300:])):
        return None
    report = networks.Report(output)
    end = max(report.enclosure(n)[1] for n in "AB")
    return end if report.all["barrier"]["proved_zero"] else report.all["path"]["bound"], seconds


Recipe = collections.namedtuple("Recipe", "reported dense proved seconds")  # all above the higher end


def recipe(fail, o, case, name, net_at, knots):
    """Its own 61 points in float32, as published; 2,001 in float64; the proof for the polyline through its points."""
    single, double = Objective(case.data, torch.float32), Objective(case.data)
    values = [single(net_at(t)) for t in numpy.linspace(0, 1, POINTS)]
    reported = max(values) - max(values[0], values[-1])
    dense = [double(net_at(t)) for t in numpy.linspace(0, 1, DENSE)]
    end = max(double(case.a), double(case.b))
    found = certified(fail, o, case, name, knots)
    if not found:
        return Recipe(reported, max(dense) - end, math.nan, math.nan)
    bound, seconds = found
    along = [on_line(doubles(p), doubles(q), 11, double) for p, q in zip(knots, knots[1:])]
    top = max(map(max, along))
    fail.expect(top <= bound * (1 + EXACT), "F <= %.12g on the polyline (%s)" % (bound, name), "%.12g" % top)
    return Recipe(reported, max(dense) - end, bound - end, seconds)


def recipes(fail, o, case):
    """The straight line, the Bezier curve, matched units; None where one does not apply."""
    a, b = doubles(case.a), doubles(case.b)
    line = recipe(fail, o, case, "straight", lambda t: networks.mixed(a, b, t), [case.a, case.b])
    file = os.path.join(o.cache, name_of(case.row).replace("/", "-") + "-bend.npz")
    theta = doubles(Net(a.model, stored(file, lambda: bezier(case.a, case.b, case.data, 3))))
    at = lambda t: blended(a, theta, b, t)
    knots = [case.a] + [rounded(at(t)) for t in numpy.linspace(0, 1, POINTS)[1:-1]] + [case.b]
    curve = recipe(fail, o, case, "bezier", at, knots)
    if case.row.model not in ("mlp", "residual"):
        return line, curve, None
    c = matched(case.a, case.b, 4)
    same = abs(Objective(case.data)(c) - Objective(case.data)(case.b))
    fail.expect(same <= 1e-9, "the same loss of B with its units matched", same)
    d = doubles(c)
    return line, curve, recipe(fail, o, case, "matched", lambda t: networks.mixed(a, d, t), [case.a, c])


# At the size people train

SCALE_N, SCALE_INPUTS = 60000, 784


def synthetic(seed=18):
    """Ten classes: a Gaussian around one of 40 prototypes, through a random map of two layers, made dark and noisy, as
    grey levels of 8 bits. 1 % of the labels are wrong, so that the loss stays away from 0."""
    dice = numpy.random.default_rng(seed)
    label = dice.integers(0, 10, SCALE_N)
    prototypes = dice.normal(size=(40, 24))
    code = prototypes[label * 4 + dice.integers(0, 4, SCALE_N)] + 0.55 * dice.normal(size=(SCALE_N, 24))
    hidden = numpy.maximum(code @ dice.normal(size=(24, 256)) / 5, 0)
    light = hidden @ dice.normal(size=(256, SCALE_INPUTS)) / 10 + 0.15 * dice.normal(size=(SCALE_N, SCALE_INPUTS))
    x = numpy.rint(255 * numpy.clip(0.6 * light - 0.2, 0, 1)).astype("u1")
    wrong = dice.random(SCALE_N) < 0.01
    return {"x": x, "y": numpy.where(wrong, dice.integers(0, 10, SCALE_N), label)}


def scale_data(cache):
    found = stored(os.path.join(cache, "synthetic.npz"), synthetic)
    return Data("synthetic", found["x"] / 255, found["y"], 10, True)


SCALE_STRATEGIES = {"mlp": ("line", "curve"), "two-layer": ("line", "relay")}
SCALE_TRAINING = {"mlp": dict(epochs=8, rate=0.001, size=256), "two-layer": dict(epochs=1, rate=0.001, size=256)}
SCALE_ROWS = (Row("synthetic", "mlp", (400, 200, 100)), Row("synthetic", "two-layer", (10000,)))


# The tables

HEAD = "%-24s %9s %9s | %9s %-7s %9s %7s %9s | %8s %8s %8s %7s" % (
    ("data/model/shape", "F_end", "line", "excess", "by", "highest", "pieces", "cert. kB")
    + ("search s", "path s", "check s", "python")
)
BESIDE = "%-24s | %8s %8s %8s %6s | %8s %8s %8s %6s | %8s %8s %8s %6s" % (
    ("excess over F_end",)
    + ("line 61", "2,001", "proved", "s")
    + ("Bezier", "2,001", "proved", "s")
    + ("matched", "2,001", "proved", "s")
)


def shown(x, form):
    return "-" if x is None else form % x


def excess(x):
    """Above the higher end."""
    return "0" if x == 0 else "%.2g" % x


def printed(name, r):
    over = "0 proved" if r.bound is None else "%.2g" % (r.bound - r.end[0])
    times = tuple(shown(x, "%.1f") for x in (r.search, r.path, r.check, r.python))
    return "%-24s %9.5f %9.5f | %9s %-7s %9.5f %7d %9.1f | %8s %8s %8s %7s" % (
        (name, r.end[1], r.line or math.nan, over, r.by, r.top, r.pieces, r.size / 1e3) + times
    )


def beside(name, found):
    words = []
    for r in found:
        words += [excess(x) for x in r[:3]] + ["%.1f" % r.seconds] if r else ["-"] * 4
    return ("%-24s" + " | %8s %8s %8s %6s" * 3) % ((name,) + tuple(words))


def do_scale(fail, o, folder):
    """784 inputs, 60,000 samples: time and memory of each command, in a table."""
    data = scale_data(o.cache)
    print("%-26s %-9s %8s %8s %8s  %s" % ("row", "command", "seconds", "CPU s", "MiB", "said"), flush=True)
    for row in SCALE_ROWS:
        strategies = [s for s in SCALE_STRATEGIES[row.model] if wanted(o, name_of(row) + "/" + s)]
        if strategies:
            nets = [trained(row, data, seed, o.cache, **SCALE_TRAINING[row.model]) for seed in (1, 2)]
            scale_row(fail, o, row, data, nets, strategies, os.path.join(folder, row.model))


def scale_row(fail, o, row, data, nets, strategies, folder):
    """The paths, each with its check; every run is measured."""
    os.makedirs(folder, exist_ok=True)
    file = lambda name: os.path.join(folder, name)
    for name, net in zip("AB", nets):
        networks.save_arrays(file(name), named(net, "own")[0], "savez")
    if not os.path.exists(file("D")):
        with open(file("D"), "wb") as f:
            numpy.savez(f, x=data.x.astype("f4"), y=data.label)
    for strategy in strategies:
        fail.name = name_of(row) + "/" + strategy
        how = ["--data", file("D"), "--strategy", strategy, "--certificate", file(strategy)]
        how += ["--steps", o.steps] if o.steps and strategy == "curve" else []
        how += ["--format", "json", "-o", file(strategy + ".json")]
        timed(fail, o, row, strategy, [o.program, "path", file("A"), file("B")] + how, file(strategy + ".json"))
        check = [o.program, "check", file(strategy), "--from", file("A"), "--to", file("B"), "--data", file("D")]
        timed(fail, o, row, "check", check, None)


def timed(fail, o, row, name, command, output):
    """A line of the table: seconds, and the most memory that the process had."""
    start = time.monotonic()
    worker = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    text = worker.stdout.read()
    _, status, usage = os.wait4(worker.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    seconds, memory = time.monotonic() - start, usage.ru_maxrss / 1024
    fail.expect(code == 0, name + " to exit 0", "%s: %s" % (code, text[-300:]))
    if code == 0 and output:
        report = networks.Report(output)
        end, bound = max(report.enclosure(n)[1] for n in "AB"), report.all["path"]["bound"]
        zero = report.all["barrier"]["proved_zero"]
        text = "F_end %.6f, %s, %d pieces" % (
            end,
            "barrier 0 proved" if zero else "F <= %.6f" % bound,
            report.all["path"]["pieces"],
        )
    said, busy = text.strip().splitlines()[-1:] or [""], usage.ru_utime + usage.ru_stime
    numbers = (name_of(row), name, seconds, busy, memory)
    print("%-26s %-9s %8.1f %8.1f %8.0f  %s" % (numbers + (said[0],)), flush=True)


def options_of(arguments):
    p = argparse.ArgumentParser(add_help=False, usage=__doc__)
    p.add_argument("program")
    p.add_argument("--scale", action="store_true")
    p.add_argument("--only", choices=("paths", "others"))
    p.add_argument("--cache")
    p.add_argument("--keep")
    p.add_argument("--steps")
    p.add_argument("--seed")
    p.add_argument("--strategy", default="best")
    p.add_argument("--limit", type=float, default=3600)
    p.add_argument("words", nargs="*")
    o = p.parse_intermixed_args(arguments)
    scripts = [w for w in o.words if w.endswith(".py")]
    o.checker = os.path.abspath(scripts[0]) if scripts else networks.vectors("certificate.py")
    o.words = [w for w in o.words if not w.endswith(".py")]
    o.program = os.path.abspath(o.program)
    return o


def wanted(o, name):
    return not o.words or any(w in name for w in o.words)


def do_rows(fail, o, folder, tally):
    """Both tables, the second after the first."""
    print(BESIDE if o.only == "others" else HEAD, flush=True)
    lines = ["", BESIDE]
    for number, row in enumerate(rows()):
        fail.name = name_of(row)
        if not wanted(o, fail.name):
            continue
        data = networks.load_data(row.data)
        a, b = (trained(row, data, seed, o.cache) for seed in (1, 2))
        case = arranged(row, data, a, b, os.path.join(folder, "row%d" % number), number)
        tally["rows"] += 1
        if o.only != "others":
            result = proved_path(fail, o, case, o.strategy)
            tally["barrier 0 proved"] += bool(result and result.bound is None)
            print(printed(fail.name, result) if result else fail.name + ": no path", flush=True)
        if o.only != "paths":
            lines.append(beside(fail.name, recipes(fail, o, case)))
        if o.only == "others":
            print(lines.pop(), flush=True)
    print("" if o.only else "\n".join(lines), flush=True)


def main():
    o = options_of(sys.argv[1:])
    torch.set_num_threads(1)
    start, fail, tally = time.monotonic(), networks.Failures(), collections.Counter()
    folder = o.keep or tempfile.mkdtemp()
    o.cache = o.cache or os.path.join(folder, "cache")
    os.makedirs(o.cache, exist_ok=True)
    if o.scale:
        do_scale(fail, o, folder)
    else:
        do_rows(fail, o, folder, tally)
    networks.finish(fail, tally, start, None if o.keep else folder)


if __name__ == "__main__":
    main()
