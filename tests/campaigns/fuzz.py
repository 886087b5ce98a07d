# SPDX-License-Identifier: MIT
"""Inputs that nobody thought of, for all that reads what others wrote (fuzz.c tells what the targets are).

    python3 tests/campaigns/fuzz.py CLANG DIR [SECONDS [TARGET...]]      default 60 seconds a target, all targets

Builds the program and the targets with CLANG (libFuzzer, ASan, UBSan) in DIR, makes first inputs from real ones
(parts the program writes, formulas, words and options of its own texts), and runs each target on all cores. Inputs
that reached something new are kept in DIR/TARGET.corpus, from which the next run starts. Coverage is that of all
inputs kept: edges, and features (edges and how often). An input that is a finding is kept as DIR/TARGET-crash-...,
-timeout-... or -oom-..., and

    DIR/TARGET DIR/TARGET-crash-...

shows it again. The last line says how many targets passed and failed; exit 1 if one failed."""
import json, os, re, signal, struct, subprocess, sys, time, zlib

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TARGETS = {  # the longest input in bytes
    "part": 12000,
    "formula": 400,
    "sopsp": 600,
    "options": 400,
    "library": 1200,
    "numbers": 300,
    "npy": 800,
    "npz": 3000,
    "safetensors": 1200,
    "csv": 800,
    "map": 600,
    "certificate": 2000,
}
FLAGS = (
    "-std=gnu99 -O1 -g1 -ffp-contract=off -Wall -Wextra -Wno-unused-function -Wno-unused-const-variable "
    "-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined"
).split()
SLOWEST, MEMORY = 20, 2048  # seconds an input may take, MiB a target may have
SANITIZERS = {"ASAN_OPTIONS": "detect_leaks=0", "UBSAN_OPTIONS": "print_stacktrace=1"}
ENVIRONMENT = dict(os.environ, **SANITIZERS)


def build(clang, folder):
    os.makedirs(folder, exist_ok=True)
    program, fuzz = os.path.join(folder, "skipverify"), os.path.join(folder, "fuzz")
    source = os.path.join(ROOT, "skipverify.c")
    harness = os.path.join(ROOT, "tests", "campaigns", "fuzz.c")
    plain = os.path.join(folder, "plain")
    with open(plain, "w") as f:
        f.write("fun:sha_*\n")  # most of a part's time
    lists = ["-fsanitize-ignorelist=" + plain, "-fsanitize-coverage-ignorelist=" + plain]
    libraries = ["-lm", "-lpthread", "-o"]
    jobs = [
        subprocess.Popen([clang, "-O1", "-ffp-contract=off", source] + libraries + [program]),
        subprocess.Popen([clang] + FLAGS + lists + [harness] + libraries + [fuzz]),
    ]
    if any([job.wait() for job in jobs]):
        sys.exit("fuzz: cannot be built: expected clang with libFuzzer (apt-get install clang libclang-rt-14-dev)")
    for target in TARGETS:
        link = os.path.join(folder, target)
        if os.path.lexists(link):
            os.remove(link)
        os.symlink("fuzz", link)
    return program


def read(*name):
    with open(os.path.join(ROOT, *name), encoding="utf-8") as f:
        return f.read()


def written_part(program, folder, words):
    """What the harness does not write itself: without the first three lines and the seal."""
    name = os.path.join(folder, "seed.part")
    if subprocess.call([program, "--threads", "1", "-o", name] + words, stdout=subprocess.DEVNULL):
        sys.exit("fuzz: the program itself fails: no first inputs")
    with open(name, "rb") as f:
        lines = f.read().split(b"\n")
    os.remove(name)
    return b"\n".join(lines[3:-2]) + b"\n"


def part_seeds(program, folder):
    some = [
        ["--level", "quick", "shamir.ex1"],
        ["--level", "quick", "shamir.def1", "wang.remark4.1"],
        ["--level", "quick", "--seed", "7", "wang.lemma10"],
        ["--case", "himmelblau", "wang.thm4"],
    ]
    for words in some:
        whole, first, second = (written_part(program, folder, ["--shard", s] + words) for s in ("1/1", "1/2", "2/2"))
        yield b"\x08\0" + whole
        yield b"\x00\0" + whole
        yield b"\x08\0" + first
        yield b"\x00\0" + first + b"\f" + second
        yield b"\x10\0" + second + b"\f" + first
        yield b"\x20\0" + second + b"\f" + first
    yield b"\x0c\0level quick\nseed 1\nclaims all\ncase all\nshard 1/1\nfinished 0/1\n"
    yield b"\x03\0skipverify part 1\n"


def formula_seeds():
    named = re.findall(r'\{ "[^"]+", "([^"]+)", \{ ([-0-9., ]+) \}', read("skipverify.c"))
    named += [(formula, "") for formula in ("abs(x)-sqrt(y)", "min(x,y)/max(x,-y)", "sin(x^64)*cos(1/y)", "-(.5-x)^0",
        "exp(-x^2)+log(y)", "tanh(1e2*x)-x^-3+ +2.5E+4", "log(1+exp(-x*y))")]  # fmt: skip
    assert len(named) > 15
    for i, (formula, box) in enumerate(named):
        text = "%s\n%s\n" % (formula, "box=" + box.replace(" ", "") if box else "")
        yield b"\0\0" + text.encode() + bytes((37 * i + 11 * k) % 256 for k in range(80))
        yield b"\1\0" + text.encode() + bytes((91 * i + 5 * k) % 256 for k in range(80))
    yield b"\0\0" + b"(" * 31 + b"x" + b")" * 31 + b"\n\n"
    yield b"\0\0" + b"1+x*(" * 30 + b"y" + b")" * 30 + b"\nbox=-1e30,0x1p99,-1,1e-300\n"


def sopsp_seeds():
    texts = read("README.md") + read("tests", "face", "cli.sh")
    lines = re.findall(r"sopsp((?: [A-Za-z]+=[-0-9a-zA-Z.,:/]+)+)", texts)
    lines += [
        " loss=smoothed-hinge w=1,-2 V=1,2/3,-4 sample=1,2:1,0:1 sample=-1,0:0,1:-1 b=9 r=2 eps=1",
        " loss=logistic w=0x1p-3 V=-1e3 sample=1e-9:1:-1 r=0",
    ]
    assert len(lines) > 5
    for line in lines:
        yield b"\0\0" + line.strip().replace(" ", "\n").encode()


def option_rows():
    return re.findall(r'\{ (?:NULL|"(-\w)"), "(--[-a-z]+)", (?:NULL|"([A-Z/]+)")', read("skipverify.c"))


def options_seeds():
    values = {"N": "7", "L": "full", "NAME": "n=3", "FILE": "x", "I/N": "2/3", "D": "sse2", "F": "json"}
    rows = option_rows()
    assert len(rows) > 10
    for flag, name, argument in rows:
        yield b"\0\0" + "\n".join(
            [flag or name] + ([values.get(argument, "1")] if argument else []) + ["wang.thm6"]
        ).encode()
        yield b"\0\0" + ("%s=%s\n--\nshamir.ex1" % (name, values.get(argument, ""))).encode()
    for words in ("explain\nwang.thm11\nshamir.fig1", "list", "--level\nquick\n-q\nwang.lemma10", "--\n-x"):
        yield b"\0\0" + words.encode()


def library_seeds():
    for which in range(5):
        for k in range(12):
            yield bytes([which, 0] + [(k * 7 + i * (3 + 2 * k)) % (64 if k % 2 else 256) for i in range(40 + 10 * k)])


def numbers_seeds():
    for words in ("18446744073709551615\n", "18446744073709551616", "3/8", "0", "x"):
        yield b"\0\0" + words.encode()
    for words in ("-33:00040000\n0", "nan\n67:00000001", "0:00000001ffffffff\n-1:12345678", "67:ffffffff\n67:00000001"):
        yield b"\1\0" + words.encode()
    for which in (2, 3, 4, 8, 9, 13):
        for k in range(8):
            yield bytes([which, 0] + [(k * 29 + i * 83) % 256 for i in range(60)])


def npy(array, descr="<f8", shape=None, fortran="False"):
    """An npy file of version 1.0 without its first bytes: header line and data, as the harness takes them."""
    shape = shape or "(%d,)" % len(array)
    code = {"8": "d", "4": "f", "1": "B"}[descr[2]]
    header = "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }" % (descr, fortran, shape)
    order = ">" if descr[0] == ">" else "<"
    return header.encode() + b"\n", struct.pack("%s%d%s" % (order, len(array), code), *array)


def npy_seeds():
    six = [1, 2, 0, 3, 4, 1]
    for flags in (0, 2, 4, 16, 8 + 32, 64, 64 + 32, 32 + 64 + 2, 48 + 64):
        for descr in ("<f8", ">f4", "|u1"):
            header, data = npy(six, descr, "(2, 3)", "True" if flags & 2 else "False")
            yield bytes([flags, 0]) + header + data
    header, data = npy(six, "<f8", "(2, 3)")
    yield b"\1\0\x93NUMPY\1\0" + struct.pack("<H", len(header)) + header + data
    yield b"\1\0\x93NUMPY\2\0\xff\xff\xff\xff"


def npz_entry(name, file, how):
    names = re.findall(r'"([^"]+)"', re.search(r"npz_names\[\] = \{([^}]*)\}", read("tests", "campaigns", "fuzz.c"))[1])
    if how & 1:
        level = {1: 9, 3: 1, 5: 0}[how & 7]
        pack = zlib.compressobj(level, zlib.DEFLATED, -15, 9, zlib.Z_FIXED if how & 8 else zlib.Z_DEFAULT_STRATEGY)
        file = pack.compress(file) + pack.flush()
    return bytes([names.index(name), how]) + struct.pack("<H", len(file)) + file


def npz_file(header, data):
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(header)) + header + data


def npz_seeds():
    four, two = npz_file(*npy([1, 2, 3, 4, 5, 6], "<f8", "(3, 2)")), npz_file(*npy([1, 2, 3], "<f8"))
    out, many = npz_file(*npy([1, 2, 3], "<f4", "(1, 3)")), npz_file(*npy([k % 7 % 3 for k in range(300)], "|u1"))
    wide = npz_file(*npy([(k * k) % 97 for k in range(600)], "<f4", "(300, 2)"))
    one = npz_file(*npy([1], "<f8"))
    for how in (0, 1, 3, 5, 9, 11):
        for flags in (4, 4 + 8, 4 + 16, 6):
            patch = b"\x05\0\x85\0\x20\0" if flags & 2 else b""
            names = ("W1", "b1", "W2", "b2") if flags & 8 else ("0.weight", "0.bias", "2.weight", "2.bias")
            files = zip(names, (four, two, out, one))
            yield bytes([flags, 0]) + patch + b"".join(npz_entry(name, file, how) for name, file in files)
        for flags in (32 + 128, 16 + 128, 0, 32, 48 + 128):
            yield bytes([flags, 0]) + npz_entry("x", wide, how) + npz_entry("y", many, how)
    skip = [("W1", four), ("V2", npz_file(*npy([1, 2, 3], "<f8", "(1, 3)"))), ("W2", out), ("T1", npz_file(*npy([2, 3],
        "<f8", "(2, 1)"))), ("c1", npz_file(*npy([2, 3]))), ("V1", four), ("out_in", one)]  # fmt: skip
    yield b"\4\0" + b"".join(npz_entry(name, file, 0) for name, file in skip)
    column, row = npz_file(*npy([1, 2], "<f8", "(2, 1)")), npz_file(*npy([1, 2], "<f8", "(1, 2)"))
    linear = [("V", column), ("T1", row), ("W", four)]
    yield b"\4\0" + b"".join(npz_entry(name, file, 1) for name, file in linear)
    yield b"\1\0PK\5\6" + bytes(18)


def safetensors_seeds():
    def file(flags, tensors):
        header, data = {"__metadata__": {"format": "pt"}}, b""
        for name, (dtype, shape, raw) in tensors.items():
            header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(raw)]}
            data += raw
        return bytes([flags, 0]) + json.dumps(header).encode() + b"\n" + data

    for dtype, raw in (("F32", struct.pack("<6f", *range(6))), ("BF16", bytes(12)), ("I8", bytes(range(6)))):
        small = raw[: len(raw) // 2]
        yield file(4, {"fc1.weight": (dtype, [3, 2], raw), "fc2.weight": (dtype, [1, 3], small)})
        for flags in (0, 32, 32 + 128, 16 + 128, 8):
            yield file(flags, {"x": (dtype, [3, 2], raw), "y": ("U8", [3], bytes([0, 1, 1]))})
    yield b"\1\0\xff\xff\xff\xff\0\0\0\0{}"


def csv_seeds():
    texts = (
        "a b,c,y\n1,2,0\n3,4,1\n5,-6e-3,2\n",
        '1,2,x\r\n0x1p-3,"4",y\n\n.5,6,"a ""b"""\n',
        "1,2\n0,-1\n1,3.25\n",
        '\xef\xbb\xbf"y",p,q\n1,2,3\n-1,4,5',
        "0,0.1,1\n1,1e-300,0\n",
    )
    for text in texts:
        for flags in (0, 1, 2, 3, 4, 16, 32, 32 + 128, 16 + 128, 64, 8 + 48):
            yield bytes([flags, 0]) + text.encode("latin-1")


def map_seeds():
    arrays = b"\x82w\n\x02b\n\x88v\n\x00c\n"
    yield b"\2\0# a map\nmodel two-layer\nW1 w in,out\nb1 b\nW2 v\nb2 c\ninput-scale 0.5\n\f" + arrays
    yield b"\2\0model skip\nW1 w\nV2 p\nT1 q\nc1 r\nV1 s out,in\nW2 v\n\f\x86w\n\x88p\n\x81q\n\x01r\n\x86s\n\x89v\n"
    yield b"\2\0model linear-skip\nV p\nT1 q\nW v\n\f\x81p\n\x84q\n\x86v\n"
    yield b"\3\0\f\x860.weight\n\x020.bias\n\x882.weight\n\x002.bias\n"
    yield b"\3\0\f\x86fc1.weight\n\x88fc2.weight\n"
    yield b"\5\0\f\x8aW1\n\x86V1\n\x89V2\n\x8aW2\n\x00out_in\n"
    yield b"\3\0input-scale 0x1p-3\n\f\x86W1\n\x88W2\n"
    yield b"\2\0model mlp\nW1 w\nb1 b\nW2 v in,out\nW3 u\nb3 c\n\f\x86w\n\2b\n\x86v\n\x84u\n\0c\n"
    yield b"\3\0\f\x860.weight\n\020.bias\n\x893.weight\n\x846.weight\n"
    yield b"\2\0model residual\nblock 1: U u\nblock 1: V v out,in\nd1 d\nW w\n\f\x86u\n\x89v\n\1d\n\x84w\n"
    yield b"\3\0\f\x85W0\n\1b0\n\x86U1\n\x89V1\n\x86U2\n\x89V2\n\x84W\n\0out_in\n"
    yield b"\3\0\f\x86b.0.fc1.weight\n\2b.0.fc1.bias\n\x89b.0.fc2.weight\n\x84out.weight\n"
    blocks = b"\x86b.1.0.weight\n\x89b.1.2.weight\n\x86b.2.0.weight\n\x89b.2.2.weight\n"
    yield b"\3\0\f\x85in.weight\n" + blocks + b"\x84out.weight\n"


def certificate_seeds():
    legs = (
        "leg line 0\nto B\n",
        "leg line 2\nto B\ncut 0x1p-2\ncut 0x1p-1\n",
        "leg interpolate 2\ncolumn 1 0\nbias 0x1p-1 -0x1.8p+0\nleg rewire 1\nrow 1 B 1\nleg interpolate 3\ncolumn 2 0\n"
        "column 1 B 1\nbias B\nleg rewire 1\nrow 2 B 2\nleg interpolate 2\ncolumn 2 B 2\ncolumn 3 0\n"
        "leg rewire 1\nrow 3 0\n",
        "leg interpolate 1\ncolumn 1 0\nleg rewire 1\nrow 1 A 2\nleg transfer 1\nmove 2 1\n",
        "leg balance\nleg interpolate 1\ncolumn 1 0\nleg unbalance\n",
        "leg fade 2\ncolumn 1 0x1p+0 0x1p-1\nbias A\nleg interpolate 1\ncolumn 2 A 1\nleg grow\n",
        "leg line 1\nto point\nU1 2 2\n0x1p+0 0x0p+0\n0x1p-1 0x0p+0\ncut 0x1p-1\nleg readout\nto point\nb 2 1\n0x1p+0\n"
        "0x0p+0\nleg idle\nto point\nc1 2 1\n0x1p+0\n0x1p+0\nleg line 0\nto B\n",
        "leg curve 2 2\nto B\ncontrol\nW1 2 2\n0x1p+0 0x0p+0\n0x1p-1 0x0p+0\nW2 2 2\n0x1p+0 0x0p+0\n0x1p-1 0x0p+0\n"
        "b2 2 1\n0x0p+0\n0x0p+0\nW3 2 2\n0x1p+0 0x0p+0\n0x1p-1 0x0p+0\nb3 2 1\n0x0p+0\n0x0p+0\n"
        "cuts 0\ncuts 1\ncut 0x1p-1\n",
        "leg line 1\nto point\nW1 3 2\n0x1p+0 0x0p+0\n0x1p+0 0x0p+0\n0x1p+0 0x0p+0\n"
        "b1 3 1\n0x0p+0\n0x0p+0\n0x0p+0\nW2 2 3\n"
        "0x1p+0 0x0p+0 0x0p+0\n0x1p+0 0x0p+0 0x0p+0\nb2 2 1\n0x0p+0\n0x0p+0\ncut 0x1p-1\nleg line 0\nto B\n",
    )
    for text in legs:
        for flags in (0, 4, 8, 16, 32, 4 + 32, 64 + 4, 64 + 8, 64 + 4 + 16):
            for bound in ("ends", "0x1p+6"):
                yield bytes([flags, 0]) + (text + "bound %s\n" % bound).encode()


FILE_WORDS = {
    "npy": ["descr", "fortran_order", "shape", "'", "True", "False", "(", ")"]
    + ["<f2", ">i8", "|b1", "|O", "[", "\\", ", "],
    "npz": ["PK\1\2", "PK\3\4", "PK\5\6", "PK\6\6", "PK\6\7", "NUMPY\1\0", "'descr': '<f2'", "\1\0\x10\0", "True"],
    "safetensors": ["__metadata__", "dtype", "shape", "data_offsets"]
    + ["F64", "F16", "BF16", "BOOL", "I64", "{", "}", "\\"],
    "csv": [",", '"', '""', "\n", "\r\n", "\n\n", "0x1p-3", "1e999", "nan", "inf", " ", "\t", "-1", "y", "a b"],
    "map": ["model ", "two-layer", "skip", "linear-skip", "input-scale ", "in,out", "out,in", "#", "\n", "\f"]
    + ["W1 ", "b1 ", "V2 ", "T1 ", "c1 ", "T8 ", "V1 ", "W2 ", "b2 ", "V ", "W ", "b ", "out_in\n"]
    + ["mlp", "residual", "block 1: ", "block 2: ", "U ", "U1 ", "W0 ", "b0 ", "d1 ", "W3 ", "b3 ", "d "]
    + [".weight", ".bias", "fc1", "0.", "b.0.", "out", "inp"],
    "certificate": [
        "leg interpolate ",
        "leg rewire ",
        "leg transfer ",
        "leg balance\n",
        "leg unbalance\n",
        "leg fade ",
        "leg grow\n",
    ]
    + [
        "leg line ",
        "leg readout\n",
        "leg idle\n",
        "leg curve 2 ",
        "control\n",
        "cuts ",
        "to B\n",
        "to point\n",
        "cut ",
        "column ",
        "bias ",
        "row ",
        "move ",
        " A ",
        " B ",
        "bound ends\n",
        "0x1p-1",
        "0x0p+0",
    ],
}

SEEDS = {
    "formula": formula_seeds,
    "sopsp": sopsp_seeds,
    "options": options_seeds,
    "library": library_seeds,
    "numbers": numbers_seeds,
    "npy": npy_seeds,
    "npz": npz_seeds,
    "safetensors": safetensors_seeds,
    "csv": csv_seeds,
    "map": map_seeds,
    "certificate": certificate_seeds,
}


def words_of(target):
    """A dictionary: what the target's inputs are made of."""
    if target == "part":
        claims = re.findall(r'CLAIM\("([^"]+)"', read("vectors", "claims.inc")) or ["wang.thm1", "shamir.ex1"]
        return ["level ", "quick", "full", "seed ", "claims ", "all", "case ", "shard ", "finished ", "result ", "why ",
            "sums ", "figure ", "CERTIFIED", "REFUTED", "UNDECIDED", "0x1p+0", "inf", "nan", "-0x0p+0", "sha256 ",
            "skipverify part 1\n", "\n", "\f", "-9223372036854775808", "18446744073709551615"] + claims  # fmt: skip
    if target == "formula":
        return ["abs(", "sqrt(", "sin(", "cos(", "exp(", "log(", "tanh(", "max(", "min(", "x",
            "y", "e-3", "E+300", "e99", "^-2", "+", "^2", "^64", "^0", "1/", "-", "--", "(", ")",
            ",", "box=", "1e30", "0x1p99", "-1e-300", ".000000000000001", "999999999999999"]  # fmt: skip
    if target == "sopsp":
        return ["loss=", "squared", "logistic", "smoothed-hinge", "w=", "V=", "sample=", "b=", "r=", "eps=", ":", "/",
            ",", "0x1p-1074", "1e30", "-0x1p99", "inf", "nan", "\n"]  # fmt: skip
    if target == "options":
        return [name for row in option_rows() for name in row[:2] if name] + ["explain\n", "list\n", "--\n", "=", "\n"]
    if target in FILE_WORDS:
        return FILE_WORDS[target]
    return ["0x1p", "nan", "-33:00040000", "ffffffff"]


def prepare(target, program, folder):
    corpus = os.path.join(folder, target + ".corpus")
    os.makedirs(corpus, exist_ok=True)
    for k, data in enumerate(part_seeds(program, folder) if target == "part" else SEEDS[target]()):
        with open(os.path.join(corpus, "seed-%03d" % k), "wb") as f:
            f.write(data[: TARGETS[target]])
    with open(os.path.join(folder, target + ".dict"), "w") as f:
        for word in words_of(target):
            f.write('"%s"\n' % "".join("\\x%02x" % byte for byte in word.encode()))
    return corpus


def one_process(target, folder, corpus, seconds, k, log):
    words = [
        os.path.join(folder, target),
        "-max_len=%d" % TARGETS[target],
        "-max_total_time=%d" % seconds,
        "-timeout=%d" % SLOWEST,
        "-rss_limit_mb=%d" % MEMORY,
        "-dict=" + os.path.join(folder, target + ".dict"),
        "-artifact_prefix=" + os.path.join(folder, target + "-"),
        "-print_final_stats=1",
        "-reload=5",
        "-seed=%d" % (1 + k + int(time.time()) * 64 % (1 << 31)),
        corpus,
    ]
    return subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=ENVIRONMENT)


def covered(target, folder, corpus):
    """Edges and features of the corpus."""
    words = [os.path.join(folder, target), "-runs=0", "-max_len=%d" % TARGETS[target], corpus]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, env=ENVIRONMENT, cwd=folder)
    last = re.findall(rb"cov: (\d+) ft: (\d+)", done.stderr)
    return tuple(map(int, last[-1])) if last else (0, 0)


def finding(log):
    """One line of a log on what was found, and the input's name."""
    what = re.search(r"fuzz: FOUND: .*|.*runtime error: .*|ERROR: (?:AddressSanitizer|libFuzzer): .*", log)
    name = re.search(r"Test unit written to (\S+)", log)
    return "%s: %s" % (what.group(0)[:300] if what else "ended early", name.group(1) if name else log[-300:].strip())


def run(target, program, folder, seconds, cores):
    """Prints the target's row and findings; how many there were."""
    corpus = prepare(target, program, folder)
    names = [os.path.join(folder, "%s.log%d" % (target, k)) for k in range(cores)]
    jobs = []
    for k, name in enumerate(names):
        with open(name, "w") as log:
            jobs.append(one_process(target, folder, corpus, seconds, k, log))
    try:
        codes = [job.wait(timeout=seconds + 10 * SLOWEST + 60) for job in jobs]
    finally:
        for job in jobs:
            if job.poll() is None:
                job.send_signal(signal.SIGKILL)
    texts = []
    for name in names:
        with open(name, errors="replace") as f:
            texts.append(f.read())
    executions = 0
    for text in texts:
        numbers = re.findall(r"number_of_executed_units: (\d+)", text) or re.findall(r"(?m)^#(\d+)\s", text) or ["0"]
        executions += int(numbers[-1])
    edges, features = covered(target, folder, corpus)
    found = [finding(text) for text, code in zip(texts, codes) if code]
    late = sum("libFuzzer: timeout" in line for line in found)
    print("%-10s %12d %8d %9d %8d %9d" % (target, executions, edges, features, len(found) - late, late), flush=True)
    for line in sorted(set(found)):
        print("    " + line, flush=True)
    return len(found)


def main():
    if len(sys.argv) < 3:
        sys.exit("usage: fuzz.py CLANG DIR [SECONDS [TARGET...]]")
    folder = os.path.abspath(sys.argv[2])
    seconds = int(sys.argv[3]) if len(sys.argv) > 3 else 60
    program = build(sys.argv[1], folder)
    chosen = sys.argv[4:] or list(TARGETS)
    cores = len(os.sched_getaffinity(0))
    head = ("target", "executions", "edges", "features", "crashes", "timeouts")
    print("%-10s %12s %8s %9s %8s %9s" % head, flush=True)
    failed = sum(run(target, program, folder, seconds, cores) > 0 for target in chosen)
    print("fuzz: %d passed, %d failed" % (len(chosen) - failed, failed))
    sys.exit(failed > 0)


main()
