# SPDX-License-Identifier: MIT
"""Networks as people train and save them: alone sees a path, a bound or a loss that PyTorch would not confirm.

    /usr/bin/python3 tests/campaigns/networks.py PROGRAM [CHECKER] [--quick] [--cache DIR] [--keep DIR] [PATTERN...]

Trains pairs of networks in PyTorch, saves them in the ways of many tools, and lets the program connect them. Then asks
PyTorch, in float64, whether the path starts and ends where it should and stays below what was certified; asks both
checkers, the program's and CHECKER (default vectors/certificate.py), to accept the certificate, and to reject it once
it is changed into something false. Last, users' own polylines against 201 samples a segment.

--quick: small networks only. --cache: where trained networks are kept for the next run. --keep: where everything that
was given to the program is left. PATTERN: only the rows whose names hold one of these. A table, one line per failure,
exit 1 if there is one. Needs PyTorch and NumPy: apt-get install python3-torch python3-numpy, and /usr/bin/python3."""
import argparse, collections, hashlib, itertools, json, math, os, random, re, shutil, struct, subprocess, sys, tempfile
import time

try:
    import numpy, torch
except ImportError:
    sys.exit("networks: needs torch and numpy (apt-get install python3-torch python3-numpy, /usr/bin/python3)")

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
KAPPA = 1e-4
EXACT = 1e-9  # relative: rounding errors of F in float64 here
SINGLE = 5e-6  # relative to F, or to the rounding of the outputs: PyTorch's F in float32
POINTS = 11  # of a leg
SAMPLES = 201  # of a straight line
SLOW = 120  # seconds the Python checker may take
FEW = 16 * 150  # units times samples of the networks that are put to every test
LARGE = 64 * 1797  # units times samples beyond which it would take longer
SMALL = 15  # ... and a certificate that it checks in so many is changed into false ones,
TINY = 2  # ... and in so many, in other ways too

Data = collections.namedtuple("Data", "name x label dy classes")  # label: classes, or numbers
Row = collections.namedtuple(
    "Row", "data model widths loss penalty biases", defaults=("",)
)  # biases: "", "none", "B's"
Net = collections.namedtuple("Net", "model tensors")  # tensors: by name, float64, outputs by inputs
Way = collections.namedtuple("Way", "scheme a b data")  # scheme: of names; a, b, data: of files
Case = collections.namedtuple("Case", "row data way a b folder")

# Data


def vectors(name):
    """A file of vectors/, in the repository or beside this file."""
    found = [f for f in (os.path.join(d, "vectors", name) for d in (ROOT, HERE)) if os.path.exists(f)]
    return found[0] if found else sys.exit("networks: no vectors/" + name)


def table(name, header):
    return numpy.loadtxt(vectors(name), delimiter=",", skiprows=header)


def redrawn(label):
    """20 % of the labels drawn anew: no small network fits them, while digits is linearly separable."""
    dice = numpy.random.default_rng(7)
    chosen = dice.random(len(label)) < 0.2
    return numpy.where(chosen, dice.integers(0, 10, len(label)), label)


def load_data(name):
    if name.startswith("iris"):
        t = table("networks/iris.csv", 1)
        if name == "iris-width":  # a number to predict
            return Data(name, t[:, :3].copy(), t[:, 3].copy(), 1, False)
        if name == "iris-two":  # versicolor or not, one output
            return Data(name, t[:, :4].copy(), (t[:, 4] == 1).astype(int), 1, True)
        return Data(name, t[:, :4].copy(), t[:, 4].astype(int), 3, True)
    t = table("digits.csv", 0)
    label = t[:, 64].astype(int)
    return Data(name, t[:, :64] / 16, redrawn(label) if name == "noisy" else label, 10, True)


# Objectives


def forward(net, x, t=None):
    """The outputs, of the tensors t if they are given."""
    t, s = t or net.tensors, torch.relu
    layer = lambda v, w, b: v @ t[w].T + t[b] if b in t else v @ t[w].T
    h = x if net.model == "linear-skip" else s(layer(x, "W1", "b1"))
    last, bias = ("W", "b") if net.model == "linear-skip" else ("W2", "b2")
    if net.model != "two-layer":
        u = h @ t["V2"].T if net.model == "skip" else h
        for i in range(1, 9):
            u = s(layer(u, "T%d" % i, "c%d" % i)) if "T%d" % i in t else u
        h = h + u @ t["V1" if net.model == "skip" else "V"].T
    return layer(h, last, bias)


def targets(loss, data, dtype):
    """What the loss compares the outputs with."""
    if loss == "cross-entropy":
        return torch.tensor(data.label)
    if not data.classes:
        return torch.tensor(data.label, dtype=dtype)[:, None]
    y = torch.tensor(data.label)[:, None]
    hot = y.to(dtype) if data.dy == 1 else (y == torch.arange(data.dy)).to(dtype)
    return 2 * hot - 1 if loss == "logistic" else hot


def mean_loss(loss, f, y):
    if loss == "cross-entropy":
        return torch.nn.functional.cross_entropy(f, y)
    if loss == "squared":
        return ((f - y) ** 2).sum(1).mean()
    if loss == "huber":
        return torch.nn.functional.huber_loss(f, y, reduction="none").sum(1).mean()
    return torch.nn.functional.softplus(-y * f, threshold=40).sum(1).mean()


def penalty(kind, t):
    """Weight decay, or Wang's R with a bias as the weight of an input 1."""
    if kind == "none":
        return 0.0
    if kind == "decay":
        return KAPPA / 2 * sum((a**2).sum() for a in t.values())
    joined = lambda w, b: torch.cat([t[w], t[b][:, None]], 1) if b in t else t[w]
    outgoing = t["W2"].abs().sum(0) + (t["V2"].abs().sum(0) if "V2" in t else 0)
    r = (outgoing * (joined("W1", "b1") ** 2).sum(1).sqrt()).sum()
    if "V1" in t:
        r = r + (t["W2"] @ t["V1"]).abs().sum()
    return KAPPA * (r + sum((joined("T%d" % i, "c%d" % i) ** 2).sum().sqrt() for i in range(1, 9) if "T%d" % i in t))


class Objective:
    """F of a row in one precision, of tensors or of arrays."""

    def __init__(self, row, data, dtype=torch.float64):
        self.row, self.dtype = row, dtype
        self.x, self.y = torch.tensor(data.x, dtype=dtype), targets(row.loss, data, dtype)

    def tensors(self, net):
        return {k: torch.as_tensor(numpy.asarray(a)).to(self.dtype) for k, a in net.tensors.items()}

    def of(self, net, t):
        return mean_loss(self.row.loss, forward(net, self.x, t), self.y) + penalty(self.row.penalty, t)

    def __call__(self, net):
        with torch.no_grad():
            return float(self.of(net, self.tensors(net)))

    def outputs(self, net):
        with torch.no_grad():
            return forward(net, self.x, self.tensors(net))


def accuracy(row, data, f):
    """Of the largest output, of the sign of the only one; None for numbers."""
    if not data.classes:
        return None
    label = torch.tensor(data.label)
    if data.dy > 1:
        guess = f.argmax(1)
    else:
        guess = (f[:, 0] > (0 if row.loss == "logistic" else 0.5)).long()
    return float((guess == label).double().mean())


# Training

BLOCK = 16  # units of each theta layer


def shapes(model, n, m, dy):
    if model == "two-layer":
        return dict(W1=(m, n), b1=(m,), W2=(dy, m), b2=(dy,))
    g = BLOCK if m >= BLOCK else 4
    block = dict(T1=(g, g), c1=(g,), T2=(g, g), c2=(g,))
    if model == "skip":
        return dict(W1=(m, n), b1=(m,), V2=(g, m), **block, V1=(m, g), W2=(dy, m), b2=(dy,))
    block["T1"] = (g, n)
    return dict(**block, V=(n, g), W=(dy, n), b=(dy,))


def started(model, n, m, dy, seed, biases):
    """As torch.nn.Linear starts: uniform up to 1 / sqrt(inputs)."""
    torch.manual_seed(seed)
    t, inputs = {}, 1
    wanted = {k: s for k, s in shapes(model, n, m, dy).items() if biases or len(s) == 2}
    for name, shape in wanted.items():
        inputs = shape[1] if len(shape) == 2 else inputs
        t[name] = ((2 * torch.rand(shape) - 1) / math.sqrt(inputs)).requires_grad_()
    return Net(model, t)


def steps_of(data, m):
    steps = 1500 if m <= 32 else 1000 if m <= 64 else 400 if m <= 256 else 300
    return (2 * steps, 0.02) if data.name.startswith("iris") else (steps, 0.01 if m <= 32 else 0.005)


def train(row, data, m, seed, biases=True):
    """Adam on all data at once; stops where the loss is small but not 0."""
    net, F = started(row.model, data.x.shape[1], m, data.dy, seed, biases), Objective(row, data, torch.float32)
    steps, rate = steps_of(data, m)
    adam = torch.optim.Adam(net.tensors.values(), lr=rate)
    for step in range(steps):
        adam.zero_grad()
        value = F.of(net, net.tensors)
        if value < 0.002:
            break
        value.backward()
        adam.step()
    return Net(row.model, {k: a.detach().numpy() for k, a in net.tensors.items()})


def trained(row, data, side, seed, cache):
    """A float32 network, from the cache if it is there."""
    m, biases = row.widths[side], not row.biases or row.biases == "B's" and side == 1
    key = "%s-%s-%d-%s-%s-%d" % (row.data, row.model, m, row.loss, row.penalty, seed)
    key += ".npz" if biases else "-free.npz"
    file = os.path.join(cache, key)
    if not os.path.exists(file):
        net = train(row, data, m, seed, biases)
        numpy.savez(file + ".part.npz", **net.tensors)
        os.replace(file + ".part.npz", file)
    stored = numpy.load(file)
    return Net(row.model, {k: stored[k] for k in stored.files})


# Saving

TYPES = {"half": "<f2", "bf16": "bf16", "st16": "<f2", "double": "<f8", "st64": "<f8", "big": ">f4"}
FILES = ("savez", "compressed", "big", "half", "safetensors", "double", "bf16", "st64", "st16", "stored")
SCHEMES = {
    "two-layer": ("own", "sequential", "map", "turned", "keras", "fc"),
    "skip": ("own", "map", "keras"),
    "linear-skip": ("keras", "own", "map"),
}


def to_bf16(a):
    """The upper halves of float32, rounded to nearest."""
    bits = numpy.asarray(a, "<f4").view("<u4").astype("u8")
    return ((bits + 0x7FFF + (bits >> 16 & 1)) >> 16).astype("<u2")


def stored_values(net, how):
    """The network that such a file holds, in float64: half loses digits, double has all 53 bits used."""
    if how in ("half", "st16"):
        return Net(net.model, {k: a.astype("f2").astype("f8") for k, a in net.tensors.items()})
    if how == "bf16":
        return Net(
            net.model,
            {k: (to_bf16(a).astype("<u4") << 16).view("<f4").astype("f8") for k, a in net.tensors.items()},
        )
    if how in ("double", "st64"):
        dice = numpy.random.default_rng(5)
        return Net(
            net.model,
            {k: a.astype("f8") * (1 + 2.0**-30 * dice.random(a.shape)) for k, a in net.tensors.items()},
        )
    return Net(net.model, {k: a.astype("f8") for k, a in net.tensors.items()})


def square(net, scheme):
    return any(a.ndim == 2 and a.shape[0] == a.shape[1] for a in net.tensors.values())


def named(net, scheme):
    """Arrays under the names of the scheme, and the lines of a map or None."""
    t, lines = net.tensors, ["model " + net.model, "# as the user wrote it"]
    pairs = {"W1": "weight", "b1": "bias", "W2": "weight", "b2": "bias"}
    if scheme in ("sequential", "fc"):
        first, second = ("0.", "2.") if scheme == "sequential" else ("fc1.", "fc2.")
        return {(first if k[1] == "1" else second) + pairs[k]: a for k, a in t.items()}, None
    if scheme == "own":
        return dict(t, **({"out_in": numpy.array([1], "u1")} if square(net, scheme) else {})), None
    if scheme == "turned":  # inputs by outputs without saying so, where that is seen
        return {k: a.T for k, a in t.items()}, None
    out = {}
    for k, a in t.items():
        keras = scheme == "keras"
        name = "model/%s/%s:0" % (k, "kernel" if a.ndim == 2 else "bias") if keras else "state." + k
        lines.append(
            "%s  %s %s  # %s" % (k, name, "in,out" if keras else "out,in", k) if a.ndim == 2 else k + " " + name
        )
        out[name] = (a.T if a.ndim == 2 else a.reshape(1, -1)) if keras else a if a.ndim == 2 else a.reshape(-1, 1)
    return out, lines


def safetensors(file, arrays, how):
    """Header of JSON, then the bytes, here in another order than in the header."""
    names, head, body = list(arrays), {"__metadata__": {"format": "pt", "note": "a } in \\" + '" text'}}, b""
    for name in sorted(names, key=lambda k: hashlib.sha256(k.encode()).digest()):
        a = arrays[name]
        if name == "out_in":
            kind, data = "U8", a.astype("u1").tobytes()
        elif how == "bf16":
            kind, data = "BF16", to_bf16(a).tobytes()
        else:
            wanted = TYPES.get(how, "<f4")
            kind, data = {"<f2": "F16", "<f4": "F32", "<f8": "F64"}[wanted], a.astype(wanted).tobytes()
        head[name] = {"dtype": kind, "shape": list(a.shape), "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps({k: head[k] for k in ["__metadata__"] + names}).encode()
    text += b" " * (-len(text) % 8)
    with open(file, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + body)


def save_arrays(file, arrays, how):
    """One file of the given kind; its name says nothing about it."""
    if how in ("safetensors", "bf16", "st64", "st16"):
        return safetensors(file, arrays, how)
    kind = TYPES.get(how, "<f4")
    arrays = {k: a if k == "out_in" else a.astype(kind) for k, a in arrays.items()}
    if how == "big":
        arrays = {k: numpy.asfortranarray(a) for k, a in arrays.items()}
    with open(file, "wb") as f:
        (numpy.savez_compressed if how in ("compressed", "double") else numpy.savez)(f, **arrays)


def save_data(file, row, data, how):
    """The data, and the options and the lines of a map that they need."""
    if how == "raw":  # grey levels 0..16 as they come, or iris with its own header
        scaled = data.name in ("digits", "noisy")
        rows = numpy.column_stack([data.x * (16 if scaled else 1), data.label])
        write_csv(file, rows, "150,4,setosa,versicolor,virginica" if data.name == "iris" else None)
        return [], ["input-scale 0.0625"] if scaled else []
    if how == "csv":
        write_csv(file, numpy.column_stack([data.x, data.label]), None)
        return [], []
    if how == "header":  # the label first, by name
        names = ["class"] + ["x%d" % j for j in range(data.x.shape[1])]
        write_csv(file, numpy.column_stack([data.label, data.x]), ",".join(names))
        return ["--label", "class"], []
    if how == "words":  # the label second, by number; words in quotes
        words = ["c%d" % k if k % 2 else '"c%d"' % k for k in data.label]
        with open(file, "w") as f:
            for x, word in zip(data.x, words):
                cells = [repr(float(v)) for v in x]
                f.write(",".join(cells[:1] + [word] + cells[1:]) + "\r\n")
        return ["--label", "2"], []
    with open(file, "wb") as f:
        if how == "npz":
            numpy.savez(f, x=data.x, y=data.label)
        elif how == "big":
            exact = (data.x.astype("f4") == data.x).all()
            x = numpy.asfortranarray(data.x.astype(">f4" if exact else ">f8"))
            numpy.savez_compressed(f, y=data.label.astype("u1" if data.classes else ">f8"), x=x)
        else:  # a row of outputs a sample
            y = targets("squared" if row.loss in ("cross-entropy", "huber") else row.loss, data, torch.float64)
            numpy.savez(f, x=data.x, y=y.numpy())
    return [], []


def write_csv(file, rows, header):
    with open(file, "w") as f:
        f.write(header + "\n" if header else "")
        for row in rows:
            f.write(",".join(repr(float(v)) if v != int(v) else "%d" % v for v in row) + "\n")


def way(row, data, number):
    """Rotates through the ways of saving; only what can hold the row."""
    schemes = SCHEMES[row.model]
    scheme = schemes[number % len(schemes)]
    same = scheme == "turned" and any(m in (data.x.shape[1], data.dy) for m in row.widths)
    kinds = ["csv", "npz", "header", "big", "rows"] + (["words"] if data.classes and data.dy > 1 else [])
    kinds += ["raw"] if scheme in ("map", "keras") or data.name == "iris" else []
    how = kinds[(number * 5 + number // 7) % len(kinds)]
    scheme = "keras" if same else "own" if row.biases == "B's" else scheme  # a map is for both networks
    return Way(scheme, FILES[number % len(FILES)], FILES[(3 * number + 1) % len(FILES)], how)


def arranged(case):
    """Writes A, B, the data and a map; the options that go with them. Networks of one pair that need no map may
    have two schemes of names."""
    file = lambda name: os.path.join(case.folder, name)
    other = {"sequential": "fc", "fc": "own"}.get(case.way.scheme, case.way.scheme)
    arrays, lines = named(case.a, case.way.scheme)
    save_arrays(file("A"), arrays, case.way.a)
    save_arrays(file("B"), named(case.b, other)[0], case.way.b)
    options, scale = save_data(file("D"), case.row, case.data, case.way.data)
    if lines or scale:
        with open(file("map"), "w") as f:
            f.write("\n".join((lines or []) + scale) + "\n")
        options += ["--model", file("map")]
    return options


# The program and what it wrote


class Failures:
    """One line each, under the name of the row; nothing else is kept."""

    def __init__(self):
        self.count, self.name, self.folder = 0, "", None

    def keep(self):
        """With --keep: the changed certificate that the last line was about."""
        changed = self.folder and os.path.join(self.folder, "changed")
        if changed and os.path.exists(changed):
            shutil.copy(changed, "%s.%d" % (changed, self.count))

    def expect(self, right, what, found):
        if not right:
            self.count += 1
            print("FAIL %s: expected %s, found %s" % (self.name, what, found), flush=True)
            self.keep()
        return right


def run(command, limit=3600):
    """Exit code, output and seconds; code None if it took longer than the limit."""
    start = time.monotonic()
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit)
        return done.returncode, (done.stderr + done.stdout).strip(), time.monotonic() - start
    except subprocess.TimeoutExpired:
        return None, "longer than %d s" % limit, time.monotonic() - start


def problem_options(row):
    kappa = [] if row.penalty == "none" else ["--kappa", repr(KAPPA)]
    return ["--loss", row.loss, "--penalty", row.penalty] + kappa


def legs_of(text):
    return re.findall(r"^leg (\S+)", text, re.M)


def bound_of(text):
    """None: not above the higher end."""
    word = re.search(r"^bound (\S+)$", text, re.M).group(1)
    return None if word == "ends" else float.fromhex(word)


# The path between its joints


def knots_of(model, file):
    """The networks at the joints, and which legs are said to be curved."""
    stored = numpy.load(file)
    t = {k: stored[k] for k in stored.files if k not in ("curved", "out_in")}
    count = len(stored["curved"]) + 1
    knots = [Net(model, {k: torch.tensor(a[i]) for k, a in t.items()}) for i in range(count)]
    return knots, [c != 0 for c in stored["curved"]]


def is_curved(row, kind):
    return kind in ("fade", "grow") or row.penalty == "decay" and kind not in ("rewire", "line")


def mixed(p, q, t, names=None):
    """Linear, of the tensors of that name, otherwise those of p."""
    move = lambda k: (1 - t) * p.tensors[k] + t * q.tensors[k] if names is None or k in names else p.tensors[k]
    return Net(p.model, {k: move(k) for k in p.tensors})


def full_rows(net):
    """Incoming weights and bias of every unit."""
    b = net.tensors.get("b1")
    return net.tensors["W1"] if b is None else torch.cat([net.tensors["W1"], b[:, None]], 1)


def with_units(net, rows, columns, bias):
    n = net.tensors["W1"].shape[1]
    out = {"W1": rows[:, :n], "b1": rows[:, n:].sum(1), "W2": columns, "b2": bias}
    return Net(net.model, {k: out[k] for k in net.tensors})


def norms(a, dim):
    return (a**2).sum(dim).sqrt()


def balanced_between(p, q, t):
    """Under weight decay: c |r| moves linearly, the direction stays, |c| = |r|."""
    rp, rq, cp, cq = full_rows(p), full_rows(q), p.tensors["W2"], q.tensors["W2"]
    c = (1 - t) * cp * norms(rp, 1) + t * cq * norms(rq, 1)
    ray = torch.where((norms(rp, 1) > 0)[:, None], rp, rq)
    size, length = norms(c, 0).sqrt(), norms(ray, 1)
    safe = lambda a: torch.where(a > 0, a, torch.ones_like(a))
    bias = [(1 - t) * p.tensors["b2"] + t * q.tensors["b2"]] if "b2" in p.tensors else [None]
    return with_units(p, ray / safe(length)[:, None] * size[:, None], c / safe(size), bias[0])


def rescaled_between(p, q, t):
    """From p to its balanced form q: a factor a unit that moves linearly."""
    rp, cp = full_rows(p), p.tensors["W2"]
    length = norms(rp, 1)
    end = torch.where(length > 0, norms(full_rows(q), 1) / torch.where(length > 0, length, length + 1), length)
    factor = 1 - t + t * end
    column = torch.where(factor > 0, cp / torch.where(factor > 0, factor, factor + 1), torch.zeros_like(cp))
    return with_units(p, rp * factor[:, None], column, p.tensors.get("b2"))


def faded(on, off, t):
    """W2 and W2 V1 move linearly, V1 = W2(t)^+ M(t); the block is that of the end where it is on."""
    w, v = ("W", "V") if on.model == "linear-skip" else ("W2", "V1")
    net = mixed(on, off, t, {w, "b2", "b"})
    moved = (1 - t) * (on.tensors[w] @ on.tensors[v])
    return Net(on.model, dict(net.tensors, **{v: torch.linalg.pinv(net.tensors[w]) @ moved}))


def gauged(on, t):
    w, v = ("W", "V") if on.model == "linear-skip" else ("W2", "V1")
    end = torch.linalg.pinv(on.tensors[w]) @ on.tensors[w] @ on.tensors[v]
    return Net(on.model, dict(on.tensors, **{v: (1 - t) * on.tensors[v] + t * end}))


def points_of(kind, curved, p, q):
    """Networks along a leg from p to q, in no particular order."""
    grid = numpy.linspace(0, 1, POINTS)
    if kind == "balance":
        return [rescaled_between(p, q, t) for t in grid[:-1]] + [q]
    if kind == "unbalance":
        return [rescaled_between(q, p, t) for t in grid[:-1]] + [p]
    if kind in ("fade", "grow"):
        on, off = (p, q) if kind == "fade" else (q, p)
        return [gauged(on, t) for t in grid] + [faded(on, off, t) for t in grid[:-1]] + [off]
    return [balanced_between(p, q, t) if curved else mixed(p, q, t) for t in grid]


def padded(net, like):
    """Zeros where the wider network has more units, and where it has biases."""
    out = {k: torch.as_tensor(a) for k, a in net.tensors.items() if k not in like.tensors}
    for k, a in like.tensors.items():
        have = torch.as_tensor(numpy.asarray(net.tensors[k])) if k in net.tensors else torch.zeros(0)
        out[k] = torch.zeros(a.shape, dtype=torch.float64)
        if have.numel():
            out[k][tuple(slice(0, n) for n in have.shape)] = have
    return Net(net.model, out)


def identical(p, q):
    return p.tensors.keys() == q.tensors.keys() and all((p.tensors[k] == q.tensors[k]).all() for k in q.tensors)


def highest(fail, case, kinds, knots, F, bound):
    """Samples every leg; the highest F."""
    knots, curved = knots
    right = [is_curved(case.row, kind) for kind in kinds]
    fail.expect(curved == right, "curved legs %s" % right, curved)
    fail.expect(len(knots) == len(kinds) + 1, "%d knots" % (len(kinds) + 1), len(knots))
    top = -math.inf
    for i, (kind, p, q) in enumerate(zip(kinds, knots, knots[1:])):
        values = [F(net) for net in points_of(kind, is_curved(case.row, kind), p, q)]
        worst = max(values)
        fail.expect(worst <= bound * (1 + EXACT), "F <= %.12g on leg %d (%s)" % (bound, i + 1, kind), "%.12g" % worst)
        if kind in ("rewire", "transfer"):
            flat = worst - min(values) <= EXACT * worst
            fail.expect(flat, "F constant on leg %d (%s)" % (i + 1, kind), "%.9g to %.9g" % (min(values), worst))
        top = max(top, worst)
    return top


# Changed certificates


def sealed(lines):
    body = "".join(line + "\n" for line in lines if not line.startswith("sha256 "))
    return body + "sha256 " + hashlib.sha256(body.encode()).hexdigest() + "\n"


def output_bias(lines):
    """Where a number of an output bias is: 2^20 there is noticed by every sample."""
    return next(((i, 1) for i, line in enumerate(lines) if line.startswith("bias ") and "0x" in line), None)


def exchanged(lines, i, line):
    return sealed(lines[:i] + [line] + lines[i + 1 :])


def false_ones(text, low):
    """(what was done, certificate): none of them is true. low: below F at the higher end."""
    lines = text.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("bound "))
    legs = [i for i, line in enumerate(lines) if line.startswith("leg ")]
    yield "bound lowered", exchanged(lines, at, "bound " + low.hex())
    yield "last leg left out", sealed(lines[: legs[-1]] + lines[at:])
    yield "not sealed", text.replace("loss ", "loss  ", 1)
    for word in ("from", "to", "data"):
        i = next(i for i, line in enumerate(lines) if line.startswith(word + " "))
        changed = re.sub(r"[0-9a-f]{64}", lambda m: m.group()[:-1] + ("0" if m.group()[-1] != "0" else "1"), lines[i])
        yield "other digest of " + word, exchanged(lines, i, changed)
    place = output_bias(lines)
    if place:
        words = lines[place[0]].split(" ")
        words[place[1]] = "0x1p+20"
        yield "a number of %s 2^20" % words[0], exchanged(lines, place[0], " ".join(words))
        old = lines[-1]
        yield "the same, old seal", "\n".join(
            exchanged(lines, place[0], " ".join(words)).splitlines()[:-1] + [old]
        ) + "\n"


def doubtful_ones(text, dice):
    """Perhaps still true: the two checkers must agree."""
    lines = text.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("bound "))
    legs = [i for i, line in enumerate(lines) if line.startswith("leg ")] + [at]
    for a, b in itertools.islice(zip(legs, legs[1:]), 0, 6):
        yield "leg at line %d left out" % (a + 1), sealed(lines[:a] + lines[b:])
    i = next((i for i, line in enumerate(lines) if line.startswith("move ")), None)
    if i:
        yield "a move turned round", exchanged(lines, i, "move %s %s" % tuple(lines[i].split(" ")[:0:-1]))
    entries = [i for i in range(legs[0], at) if not lines[i].startswith("leg ")]
    for i in sorted(dice.sample(entries, min(4, len(entries)))):
        yield "line %d doubled" % (i + 1), changed_count(lines, i, [lines[i]] * 2)
        yield "line %d left out" % (i + 1), changed_count(lines, i, [])
    places = [(i, j) for i in entries for j, w in enumerate(lines[i].split(" ")) if "0x" in w]
    for i, j in dice.sample(places, min(4, len(places))):
        words = lines[i].split(" ")
        x = float.fromhex(words[j])
        words[j] = hexfloat(dice.choice([math.nextafter(x, math.inf), x + 0.125, -x]))
        yield "number %d of line %d" % (j, i + 1), exchanged(lines, i, " ".join(words))
    references = [i for i in entries if re.search(r" [AB] \d+$", lines[i])]
    for i in dice.sample(references, min(3, len(references))):
        head, number = lines[i].rsplit(" ", 1)
        yield "reference of line %d" % (i + 1), exchanged(lines, i, "%s %d" % (head, int(number) % 3 + 1))


def hexfloat(x):
    """As the program prints: without zeros at the end."""
    return re.sub(r"\.?0*p", "p", x.hex())


def changed_count(lines, i, put):
    """Line i replaced by others, and the number in its leg's line kept right."""
    leg = max(k for k in range(i) if lines[k].startswith("leg "))
    words = lines[leg].split(" ")
    if len(words) > 2:
        words[2] = str(int(words[2]) + len(put) - 1)
    return sealed(lines[:leg] + [" ".join(words)] + lines[leg + 1 : i] + put + lines[i + 1 :])


# Both checkers


class Checkers:
    """The program's check and the one in Python, of one case."""

    def __init__(self, program, python, case, options):
        files = [os.path.join(case.folder, name) for name in "DAB"]
        ends = lambda d, a, b: ["--data", d, "--from", a, "--to", b]
        self.ours = lambda c, *files: [program, "check", c] + ends(*files) + options
        self.other = lambda c, *files: [sys.executable, python] + ends(*files) + options + [c]
        with open(python) as f:
            able = "skipverify certificate 2" in f.read()
        large = len(case.data.x) * max(case.row.widths) > LARGE
        self.files, self.slow, self.seconds, self.accepting = files, large or not able, (0, 0), 0

    def verdicts(self, certificate, files=None):
        """True: accepted, False: rejected; otherwise what went wrong. None for the one in Python if it is too slow."""
        ours = run(self.ours(certificate, *(files or self.files)))
        other = (None, "", 0) if self.slow else run(self.other(certificate, *(files or self.files)), SLOW)
        self.seconds = ours[2], other[2]
        self.texts = [t.splitlines()[-1].split(": ", 1)[-1][:300] if t else "" for t in (ours[1], other[1])]
        named = lambda code, text: {0: True, 1: False, 2: False, None: None}.get(
            code, "exit %s: %s" % (code, text[-200:])
        )
        return named(ours[0], ours[1]), None if "too large" in other[1] else named(other[0], other[1])


def accepted(fail, checkers, certificate):
    ours, other = checkers.verdicts(certificate)
    fail.expect(ours is True, "check to accept", checkers.texts[0])
    fail.expect(other in (True, None), "the Python checker to accept", checkers.texts[1])
    seconds = checkers.seconds
    checkers.accepting = seconds[1]
    checkers.slow = checkers.slow or other is None or seconds[1] > SMALL
    return seconds[0], None if other is None else seconds[1]


def rejected(fail, checkers, case, text, low, tally):
    """Everything false must be rejected by both; on the rest they must agree."""
    file = os.path.join(case.folder, "changed")
    fail.folder = case.folder
    for what, new in false_ones(text, low):
        verdict = write(file, new) and checkers.verdicts(file)
        tally["false"] += 1
        fail.expect(verdict[0] is False, what + ": check to reject", checkers.texts[0])
        fail.expect(verdict[1] in (False, None), what + ": the Python checker to reject", checkers.texts[1])
    if checkers.slow or checkers.accepting > TINY:
        return
    for what, new in doubtful_ones(text, random.Random(3)):
        verdict = write(file, new) and checkers.verdicts(file)
        tally["doubtful, true" if verdict[0] is True else "doubtful, false"] += 1
        closer = verdict == (False, True) and "not certainly below" in checkers.texts[0]  # the exact one sees more
        agree = verdict[0] == verdict[1] and verdict[0] in (True, False)
        fail.expect(agree or closer, what + ": one verdict", checkers.texts)


def write(file, text):
    with open(file, "w") as f:
        return f.write(text)


def elsewhere(fail, checkers, case, options, certificate):
    """The ends exchanged and one label changed: rejected. The same networks in another kind of file: accepted."""
    d, a, b = checkers.files
    verdict = checkers.verdicts(certificate, (d, b, a))
    fail.expect(verdict[0] is False and verdict[1] in (False, None), "A and B exchanged: rejected", checkers.texts)
    other = os.path.join(case.folder, "D2")
    label = case.data.label.copy()
    label[7] = (label[7] + 1) % max(case.data.dy, 2)
    save_data(other, case.row, case.data._replace(label=label), case.way.data)
    verdict = checkers.verdicts(certificate, (other, a, b))
    fail.expect(verdict[0] is False and verdict[1] in (False, None), "a label changed: rejected", checkers.texts)
    again = os.path.join(case.folder, "A2")
    save_arrays(again, named(case.a, case.way.scheme)[0], "st64" if case.way.a != "st64" else "double")
    if case.way.a in ("double", "st64", "savez", "compressed", "big", "stored", "safetensors"):
        verdict = checkers.verdicts(certificate, (d, again, b))
        fail.expect(verdict[0] is True and verdict[1] in (True, None), "A in another file: accepted", checkers.texts)


# A row


def sampled_line(a, b, F, count=SAMPLES):
    return max(F(mixed(a, b, t)) for t in numpy.linspace(0, 1, count))


def ends(fail, case, report):
    """F(A) and F(B) in float64 and float32, and accuracies, against the program's."""
    double, single = Objective(case.row, case.data), Objective(case.row, case.data, torch.float32)
    for name, net in (("A", case.a), ("B", case.b)):
        low, high = report.enclosure(name)
        f64, f32 = double(net), single(net)
        rounding = SINGLE * f64 + 1e-7 * float(double.outputs(net).abs().max())
        near = low - EXACT * f64 <= f64 <= high + EXACT * f64
        fail.expect(near, "F(%s) = %.15g" % (name, f64), "[%.15g, %.15g]" % (low, high))
        fail.expect(abs(f32 - low) <= rounding, "F(%s) near %.9g of float32" % (name, f32), "%.9g" % low)
        right, printed = accuracy(case.row, case.data, double.outputs(net)), report.accuracy(name)
        if right is not None and printed is not None:
            agrees = printed["lo"] - 1e-12 <= right <= printed["hi"] + 1e-12
            fail.expect(agrees, "accuracy of %s %.6f" % (name, right), printed)
        fail.expect(right is None or printed is not None, "an accuracy of " + name, "none")
    return [max(report.enclosure(n)[k] for n in "AB") for k in (0, 1)]


class Report:
    """What `path` and `certify` say in JSON."""

    def __init__(self, file):
        with open(file) as f:
            self.all = json.load(f)

    def enclosure(self, name):
        """Of F(A) or F(B), from the hexadecimal numbers, after a look at the decimal ones."""
        f = self.all["F_" + name]
        low, high = map(float.fromhex, f["hex"])
        assert (f["lo"], f["hi"]) == (low, high), f
        return low, high

    def accuracy(self, name):
        return self.all.get("accuracy_" + name)


def connect(fail, program, case, options, strategy):
    """Runs path; the certificate's text, knots and the report; None if it failed."""
    file = lambda name: os.path.join(case.folder, strategy + "." + name)
    single = Objective(case.row, case.data, torch.float32)
    expected = ["--expect-a", repr(single(case.a)), "--expect-b", repr(single(case.b))]
    files = ["--certificate", file("certificate"), "--knots", file("knots"), "--format", "json", "-o", file("json")]
    where = [os.path.join(case.folder, "A"), os.path.join(case.folder, "B"), "--data", os.path.join(case.folder, "D")]
    command = [program, "path"] + where + options + ["--strategy", strategy] + files + expected
    with open(file("command"), "w") as f:
        f.write(" ".join(command) + "\n")
    code, text, seconds = run(command)
    if not fail.expect(code == 0, "path --strategy %s to exit 0" % strategy, "%s: %s" % (code, text[-400:])):
        if code != 1 or not os.path.exists(file("json")):
            return None
    with open(file("certificate")) as f:
        return f.read(), knots_of(case.row.model, file("knots")), Report(file("json")), seconds


def confirmed(fail, case, text, knots, report):
    """The path in PyTorch: its ends, and everything below the bound. Bound, highest sample, kinds of legs."""
    end = ends(fail, case, report)
    first, last = knots[0][0], knots[0][-1]
    fail.expect(identical(padded(case.a, first), first), "the first knot to be A, bit for bit", "another")
    fail.expect(identical(padded(case.b, last), last), "the last knot to be B, bit for bit", "another")
    F = Objective(case.row, case.data)
    bound = bound_of(text)
    top = highest(fail, case, legs_of(text), knots, F, end[1] if bound is None else bound)
    return bound, top, end


def one_strategy(fail, program, python, case, options, strategy, tally):
    """path, the samples, both checkers, changes. What the table says about it."""
    found = connect(fail, program, case, options, strategy)
    if not found:
        return None
    text, knots, report, seconds = found
    bound, top, end = confirmed(fail, case, text, knots, report)
    certificate = os.path.join(case.folder, strategy + ".certificate")
    checkers = Checkers(program, python, case, options)
    ours, other = accepted(fail, checkers, certificate)
    rejected(fail, checkers, case, text, end[0] * (1 - 1e-3), tally)
    elsewhere(fail, checkers, case, options, certificate)
    few = len(case.data.x) * max(case.row.widths) <= FEW
    if few and not any(knots[1]) and "--model" not in options:  # a map gives other names than those of knots
        limits = top, end[1] if bound is None else bound
        retraced(fail, program, case, options, os.path.join(case.folder, strategy + ".knots"), len(knots[0]), limits)
    return dict(bound=bound, top=top, end=end, legs=legs_of(text), path=seconds, check=ours, python=other)


def retraced(fail, program, case, options, knots, count, limits):
    """The joints as a user's polyline, FILE@K: certified above the samples, and near to the path's own bound."""
    file = os.path.join(case.folder, "retraced")
    names = ["%s@%d" % (knots, k + 1) for k in range(count)]
    command = [program, "certify"] + names + ["--data", os.path.join(case.folder, "D"), "--certificate", file]
    code, text, _ = run(command + options)
    if fail.expect(code == 0, "certify of the knots to exit 0", "%s: %s" % (code, text[-300:])):
        with open(file) as f:
            bound = bound_of(f.read())
        between = bound is None or limits[0] * (1 - EXACT) <= bound <= limits[1] * 1.01 + 1e-3
        fail.expect(between, "the path as a polyline certified between %.12g and %.9g + 1 %%" % limits, bound)


def unexpected(fail, program, case, options):
    """An expected loss 1 % away does not hold: exit 1."""
    file = lambda name: os.path.join(case.folder, name)
    wrong = repr(1.01 * Objective(case.row, case.data)(case.b))
    command = [program, "path", file("A"), file("B"), "--data", file("D"), "--strategy", "line", "--expect-b", wrong]
    code, text, _ = run(command + options)
    fail.expect(code == 1, "exit 1 where F(B) is said to be " + wrong, "%s: %s" % (code, text[-300:]))


def must_be_zero(row):
    plain = row.data in ("digits", "noisy") and row.model == "two-layer" and row.loss == "cross-entropy"
    return plain and row.penalty == "none" and min(row.widths) >= 16


def do_row(fail, program, python, case, tally):
    """A line of the table."""
    options = arranged(case) + problem_options(case.row)
    best = one_strategy(fail, program, python, case, options, "best", tally)
    line = one_strategy(fail, program, python, case, options, "line", tally)
    unexpected(fail, program, case, options)
    if not best or not line:
        return None
    F = Objective(case.row, case.data)
    wide = padded(case.b, padded_shapes(case.a, case.b))
    sample = sampled_line(padded(case.a, wide), wide, F)
    tight(fail, "the straight line", line["bound"] or line["end"][1], sample)
    if must_be_zero(case.row):
        fail.expect(best["bound"] is None, "barrier 0 to be proved", "bound %r" % best["bound"])
    return [F(case.a), F(case.b), line, sample, best]


def padded_shapes(a, b):
    """A network of zeros of the larger shapes."""
    names = [k for k in list(a.tensors) + list(b.tensors)]
    shape = lambda k: numpy.max([net.tensors[k].shape for net in (a, b) if k in net.tensors], 0)
    return Net(a.model, {k: numpy.zeros(shape(k)) for k in names})


def tight(fail, what, upper, sample):
    fail.expect(upper >= sample * (1 - EXACT), what + " certified above its samples' %.12g" % sample, "%.12g" % upper)
    fail.expect(upper <= sample * 1.01 + 1e-3, what + " certified near its samples' %.9g" % sample, "%.9g" % upper)


HEAD = "%-46s %9s %9s  %9s %9s  %9s %9s %4s  %7s %7s %7s" % (
    ("data/model/widths/loss/penalty", "F(A)", "F(B)", "line <=", "sampled", "excess", "highest", "legs")
    + ("path s", "check s", "python")
)


def printed(name, result):
    fa, fb, line, sample, best = result
    end = best["end"][1]
    excess = 0 if best["bound"] is None else best["bound"] - end
    python = "%.1f" % best["python"] if best["python"] is not None else "-"
    numbers = (fa, fb, line["bound"] or line["end"][1], sample)
    return "%-46s %9.5f %9.5f  %9.5f %9.5f  %9.2g %9.5f %4d  %7.1f %7.1f %7s" % (
        (name,) + numbers + (excess, best["top"], len(best["legs"]), best["path"], best["check"], python)
    )


# The user's own polyline


def polyline(fail, program, python, case, middle, tally):
    """A, a third network and B as files: certified above 201 samples a segment, and near to them."""
    options = arranged(case) + problem_options(case.row)
    file = lambda name: os.path.join(case.folder, name)
    save_arrays(file("M"), named(middle, case.way.scheme)[0], "safetensors")
    files = ["--data", file("D"), "--certificate", file("polyline"), "--format", "json", "-o", file("json")]
    command = [program, "certify", file("A"), file("M"), file("B")] + files + options
    code, text, seconds = run(command)
    if not fail.expect(code == 0, "certify to exit 0", "%s: %s" % (code, text[-400:])):
        return None
    with open(file("polyline")) as f:
        certificate = f.read()
    F = Objective(case.row, case.data)
    knots = [padded(net, case.a) for net in (case.a, middle, case.b)]
    sample = max(sampled_line(p, q, F) for p, q in zip(knots, knots[1:]))
    end = ends(fail, case, Report(file("json")))
    bound = bound_of(certificate)
    upper = end[1] if bound is None else bound
    tight(fail, "the polyline", upper, sample)
    checkers = Checkers(program, python, case, options)
    ours, other = accepted(fail, checkers, file("polyline"))
    rejected(fail, checkers, case, certificate, max(end[0], sample) * (1 - 1e-3), tally)
    return upper, sample, seconds, ours, other


# The rows


def rows(quick):
    """The campaign, the aims first."""
    two, ce, none = "two-layer", "cross-entropy", "none"
    out = [Row("iris", two, (m, m), ce, none) for m in (4, 8, 16)]
    for m in (4, 8, 16, 32, 64, 256, 1024):
        out += [Row(data, two, (m, m), ce, none) for data in ("digits", "noisy")]
    out += [Row("digits", two, (32, 64), ce, none), Row("noisy", two, (64, 16), ce, none)]
    out += [Row("iris", two, (8, 8), loss, none) for loss in ("squared", "huber", "logistic")]
    for loss in ("squared", "huber", "logistic"):
        out += [Row(data, two, (32, 32), loss, none) for data in ("digits", "noisy")]
    out += [Row("iris-width", two, (8, 8), "squared", none), Row("iris-width", two, (8, 6), "huber", "decay")]
    out += [Row("iris-two", two, (8, 8), "logistic", none), Row("iris-two", two, (5, 8), "logistic", "wang")]
    for kind in ("decay", "wang"):
        out += [Row("iris", two, (8, 8), ce, kind), Row("noisy", two, (16, 16), ce, kind)]
        out += [Row(data, two, (64, 64), ce, kind) for data in ("digits", "noisy")]
        out += [Row("digits", two, (32, 16), "squared", kind)]
    out += [Row("noisy", two, (256, 256), ce, "decay")]
    out += [Row("noisy", two, (32, 32), ce, none, "none"), Row("iris", two, (8, 8), ce, none, "B's")]
    out += [Row("iris", two, (8, 8), ce, "decay", "none"), Row("iris", "skip", (8, 8), ce, none, "B's")]
    for model in ("skip", "linear-skip"):
        m = {"skip": 8, "linear-skip": 4}[model]
        out += [Row("iris", model, (m, m), loss, none) for loss in (ce, "squared")]
        m = {"skip": 32, "linear-skip": 64}[model]
        out += [Row(data, model, (m, m), ce, none) for data in ("digits", "noisy")]
        out += [Row("noisy", model, (m, m), "squared", none), Row("noisy", model, (m, m), ce, "decay")]
    out += [Row("iris", "skip", (8, 12), ce, "wang"), Row("noisy", "skip", (32, 32), ce, "wang")]
    return [r for r in out if not quick or max(r.widths) <= 16]


def polylines(quick):
    ce = "cross-entropy"
    out = [Row("iris", "two-layer", (8, 8), ce, kind) for kind in ("none", "decay", "wang")]
    out += [Row("iris", "skip", (8, 8), ce, "wang"), Row("iris", "linear-skip", (4, 4), "squared", "decay")]
    out += [Row("noisy", "two-layer", (16, 16), ce, "none"), Row("noisy", "skip", (32, 32), ce, "none")]
    out += [Row("noisy", "linear-skip", (64, 64), ce, "none"), Row("digits", "two-layer", (32, 32), "huber", "none")]
    return [r for r in out if not quick or max(r.widths) <= 16]


def name_of(row):
    widths = "%d" % row.widths[0] if row.widths[0] == row.widths[1] else "%d-%d" % row.widths
    biases = "/biases:" + row.biases if row.biases else ""
    return "%s/%s/%s/%s/%s" % (row.data, row.model, widths, row.loss, row.penalty) + biases


def case_of(row, number, cache, folder):
    """Trains or fetches both networks and gives them the values their files can hold."""
    data = load_data(row.data)
    ways = way(row, data, number)
    a, b = (stored_values(trained(row, data, side, side + 1, cache), how) for side, how in ((0, ways.a), (1, ways.b)))
    os.makedirs(folder)
    return Case(row, data, ways, a, b, folder)


def refused(fail, program, folder):
    """Square matrices of names that say nothing: one line that tells what to write."""
    dice = numpy.random.default_rng(3)
    os.makedirs(folder)
    data = load_data("iris")
    row = Row("iris", "two-layer", (4, 4), "cross-entropy", "none")
    net = Net("two-layer", {k: dice.normal(size=s).astype("f4") for k, s in shapes("two-layer", 4, 4, 3).items()})
    file = lambda name: os.path.join(folder, name)
    for name in "AB":
        save_arrays(file(name), net.tensors, "savez")
    save_data(file("D"), row, data, "csv")
    code, text, _ = run([program, "path", file("A"), file("B"), "--data", file("D")])
    told = code == 2 and "W1" in text and "out,in" in text and "\n" not in text
    fail.expect(told, "exit 2 and one line on W1 and out,in", "%s: %s" % (code, text))


def options_of(arguments):
    p = argparse.ArgumentParser(add_help=False, usage=__doc__)
    p.add_argument("program")
    p.add_argument("--quick", action="store_true")
    p.add_argument("--cache")
    p.add_argument("--keep")
    p.add_argument("words", nargs="*")
    o = p.parse_intermixed_args(arguments)
    scripts = [w for w in o.words if w.endswith(".py")]
    o.checker = os.path.abspath(scripts[0]) if scripts else vectors("certificate.py")
    o.words = [w for w in o.words if not w.endswith(".py")]
    o.program = os.path.abspath(o.program)
    return o


def finish(fail, tally, start, folder):
    """The last lines and the exit code; folder: to be removed, or None."""
    if folder:
        shutil.rmtree(folder)
    print(", ".join("%s: %d" % (k, n) for k, n in sorted(tally.items())))
    print("%d failures; %.0f s" % (fail.count, time.monotonic() - start))
    sys.exit(1 if fail.count else 0)


def main():
    o = options_of(sys.argv[1:])
    torch.set_num_threads(1)
    start, fail, tally = time.monotonic(), Failures(), collections.Counter()
    folder = o.keep or tempfile.mkdtemp()
    cache = o.cache or os.path.join(folder, "cache")
    os.makedirs(cache, exist_ok=True)
    wanted = lambda name: not o.words or any(w in name for w in o.words)
    print(HEAD, flush=True)
    for number, row in enumerate(rows(o.quick)):
        fail.name = name_of(row)
        if wanted(fail.name):
            case = case_of(row, number, cache, os.path.join(folder, "row%d" % number))
            result = do_row(fail, o.program, o.checker, case, tally)
            tally["rows"] += 1
            print(printed(fail.name, result) if result else fail.name + ": no path", flush=True)
    for number, row in enumerate(polylines(o.quick)):
        fail.name = "polyline/" + name_of(row)
        if wanted(fail.name):
            case = case_of(row, number, cache, os.path.join(folder, "polyline%d" % number))
            middle = stored_values(trained(row, case.data, 0, 3, cache), "safetensors")
            result = polyline(fail, o.program, o.checker, case, middle, tally)
            tally["polylines"] += 1
            if result:
                python = "-" if result[4] is None else "%.1f" % result[4]
                print(
                    "%-46s certified %.5f, sampled %.5f; %.1f s, check %.1f s, python %s"
                    % ((fail.name,) + result[:4] + (python,)),
                    flush=True,
                )
    fail.name = "refused"
    if wanted(fail.name):
        refused(fail, o.program, os.path.join(folder, "square"))
    finish(fail, tally, start, None if o.keep else folder)


if __name__ == "__main__":
    main()
