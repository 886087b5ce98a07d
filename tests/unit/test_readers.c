/* SPDX-License-Identifier: MIT */
/* The readers of users' files: networks, data, maps. Alone sees that a number, a layout, a label or a message is not
   what is documented, and that a file which is cut, changed or made to mislead ends in one line. Bugs that readers of
   others had are named where they are tested. */
#include "test.h"
#include <ftw.h>

/// Files ///

static char directory[] = "/tmp/skipverify-readers-XXXXXX";

static int make_directory(void **state)
{
    (void)state;
    return mkdtemp(directory) ? 0 : -1;
}

static int remove_one(const char *name, const struct stat *s, int kind, struct FTW *at)
{
    (void)s;
    (void)kind;
    (void)at;
    return remove(name);
}

static int remove_directory(void **state)
{
    (void)state;
    return nftw(directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* A name in the directory of this test; one of eight, in turn. */
static const char *name_of(const char *base)
{
    static char names[8][128];
    static int turn;
    char *name = names[turn++ % 8];
    snprintf(name, sizeof names[0], "%s/%s", directory, base);
    return name;
}

/* These bytes are a file of that name. */
static const char *file_of(const char *base, const void *bytes, size_t n)
{
    const char *name = name_of(base);
    FILE *f = fopen(name, "wb");
    assert_non_null(f);
    bool written = fwrite(bytes, 1, n, f) == n;
    assert_true(fclose(f) == 0 && written);
    return name;
}

static const char *text_file(const char *base, const char *s) { return file_of(base, s, strlen(s)); }

/* The text, which is given back, is a file of that name. */
static const char *file_from(const char *base, text *t)
{
    const char *name = file_of(base, t->s, t->used);
    free(t->s);
    *t = (text) { 0 };
    return name;
}

/* An npy file: the header as it is, version 1.0. */
static void npy_put(text *t, const char *header, const void *data, size_t n)
{
    text_bytes(t, "\x93NUMPY\1\0", 8);
    text_little(t, strlen(header), 2);
    text_add(t, "%s", header);
    text_bytes(t, data, n);
}

/* An entry of an archive, packed already or (method 0) not. */
typedef struct {
    const char *name;
    int method;
    const void *at;
    size_t packed, size;
    uint32_t crc;
} entry;

static entry entry_of(const char *name, const text *t)
{
    return (entry) { name, 0, t->s, t->used, t->used, zip_crc((unsigned char *)t->s, t->used) };
}

/* From the method to the length of the name, as both headers have them. */
static void zip_put_fields(text *t, const entry *e, bool known)
{
    text_little(t, (unsigned)e->method, 2);
    text_little(t, 0, 4);
    text_little(t, known ? e->crc : 0, 4);
    text_little(t, known ? e->packed : 0, 4);
    text_little(t, known ? e->size : 0, 4);
    text_little(t, strlen(e->name), 2);
}

/* The archive of these entries. later: as a stream, sizes and CRC behind the bytes */
static void zip_put(text *t, size_t n, const entry *e, bool later)
{
    text list = { 0 };
    for (size_t i = 0; i < n; i++) {
        size_t start = t->used;
        text_bytes(t, "PK\3\4\x14\0", 6);
        text_little(t, later ? ZIP_LATER : 0, 2);
        zip_put_fields(t, &e[i], !later);
        text_little(t, 0, 2);
        text_add(t, "%s", e[i].name);
        text_bytes(t, e[i].at, e[i].packed);
        if (later) {
            text_bytes(t, "PK\7\10", 4);
            text_little(t, e[i].crc, 4);
            text_little(t, e[i].packed, 4);
            text_little(t, e[i].size, 4);
        }
        text_bytes(&list, "PK\1\2\x14\0\x14\0", 8);
        text_little(&list, later ? ZIP_LATER : 0, 2);
        zip_put_fields(&list, &e[i], true);
        text_little(&list, 0, 6);
        text_little(&list, 0, 6);
        text_little(&list, start, 4);
        text_add(&list, "%s", e[i].name);
    }
    size_t start = t->used;
    text_bytes(t, list.s, list.used);
    npz_end(t, n, start, 0xffffffffu);
    free(list.s);
}

/* A safetensors file. */
static void safetensors_put(text *t, const char *header, size_t bytes)
{
    text_little(t, strlen(header), 8);
    text_add(t, "%s", header);
    for (size_t i = 0; i < bytes; i++)
        text_little(t, 0, 1);
}

/* Where these bytes are in the text for the k-th time, from 0. */
static size_t place_of(const text *t, const char *bytes, size_t n, int k)
{
    for (size_t i = 0; i + n <= t->used; i++)
        if (!memcmp(t->s + i, bytes, n) && !k--)
            return i;
    fail_msg("the test's file does not have what it is to have");
    return 0;
}

static void patch(text *t, size_t at, uint64_t v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        t->s[at + i] = (char)(v >> 8 * i);
}

/// What readers are asked ///

/* label, map: NULL, none */
typedef struct {
    const char *file, *label, *map;
    int loss;
    size_t dy, n;
} question;

static void read_samples(void *ctx)
{
    const question *q = ctx;
    mem arena = { 0 };
    own_map *map = own_map_read(&arena, q->map);
    own_samples(&arena, own_table_read(&arena, q->file, q->label), map, q->loss, q->dy);
    mem_free(&arena);
}

static void read_network(void *ctx)
{
    const question *q = ctx;
    mem arena = { 0 };
    text told = { 0 };
    own_read(&arena, q->file, own_map_read(&arena, q->map), q->n, &told);
    free(told.s);
    mem_free(&arena);
}

static void samples_refused(const char *file, const char *label, int which, size_t dy, const char *line)
{
    question q = { file, label, NULL, which, dy, 0 };
    expect_end(EXIT_USAGE, line, read_samples, &q);
}

static void data_refused(const char *file, const char *line) { samples_refused(file, NULL, SQUARED, 1, line); }

static void network_refused(const char *file, const char *map, size_t n, const char *line)
{
    question q = { file, NULL, map, 0, 0, n };
    expect_end(EXIT_USAGE, line, read_network, &q);
}

static sample_set samples_of(mem *arena, const char *file, const char *label, int which, size_t dy)
{
    return own_samples(arena, own_table_read(arena, file, label), own_map_read(arena, NULL), which, dy);
}

static void expect_numbers(const char *what, size_t n, const double *got, const double *expected)
{
    for (size_t i = 0; i < n; i++)
        expect_double(what, got[i], expected[i]);
}

/* Whatever the file, the reader returns or ends with a line: no signal, no other code. */
static void survives(const char *what, void (*fn)(void *), question *q)
{
    int status;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        if (!freopen("/dev/null", "w", stderr))
            _exit(99);
        fn(q);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    if (!WIFEXITED(status) || (WEXITSTATUS(status) != 0 && WEXITSTATUS(status) != EXIT_USAGE))
        fail_msg("%s: status %#x", what, status);
}

/// Elements ///

/* A matrix of 1 x 2 in an npy file: the element, and 0 as its label. */
static const char *npy_of(const char *descr, const char *element, size_t size)
{
    char header[200];
    char data[32] = { 0 };
    text t = { 0 };
    snprintf(header, sizeof header, "{'descr': '%s', 'fortran_order': False, 'shape': (1, 2), }\n", descr);
    memcpy(data, element, size);
    npy_put(&t, header, data, 2 * size);
    return file_from("element.npy", &t);
}

static void elements_have_their_values(void **state)
{
    static const struct {
        const char *descr, *bytes;
        size_t size;
        double value;
    } rows[] = {
        { "<f8", "\x18\x2d\x44\x54\xfb\x21\x09\xc0", 8, -0x1.921fb54442d18p+1 },
        { ">f8", "\xc0\x09\x21\xfb\x54\x44\x2d\x18", 8, -0x1.921fb54442d18p+1 },
        { "<f8", "\1\0\0\0\0\0\0\0", 8, 0x1p-1074 },
        { "<f8", "\0\0\0\0\0\0\0\x80", 8, -0.0 },
        { "<f4", "\xff\xff\x7f\x7f", 4, 0x1.fffffep+127 },
        { ">f4", "\x80\0\0\1", 4, -0x1p-149 },
        { "<f4", "\0\0\0\x80", 4, -0.0 },
        { "<f4", "\xff\xff\x7f\0", 4, 0x1.fffffcp-127 },
        { "<f4", "\0\0\x80\0", 4, 0x1p-126 },
        { "<f2", "\xff\x7b", 2, 65504 },
        { ">f2", "\x80\1", 2, -0x1p-24 },
        { "<f2", "\xff\3", 2, 0x1.ff8p-15 },
        { "<f2", "\0\4", 2, 0x1p-14 },
        { "<f2", "\x55\x35", 2, 0x1.554p-2 },
        { "<i8", "\0\0\0\0\0\0\0\x80", 8, -0x1p63 },
        { ">i8", "\x7f\xff\xff\xff\xff\xff\xfc\0", 8, 0x1.fffffffffffffp+62 },
        { "<u8", "\0\xf8\xff\xff\xff\xff\xff\xff", 8, 0x1.fffffffffffffp+63 },
        { "<i4", "\xfe\xff\xff\xff", 4, -2 },
        { ">u4", "\xff\xff\xff\xfe", 4, 4294967294.0 },
        { "<i2", "\0\x80", 2, -32768 },
        { ">u2", "\1\0", 2, 256 },
        { "|i1", "\x80", 1, -128 },
        { "<u1", "\xff", 1, 255 },
        { "|b1", "\1", 1, 1 },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        mem arena = { 0 };
        sample_set S = samples_of(&arena, npy_of(rows[i].descr, rows[i].bytes, rows[i].size), NULL, SQUARED, 1);
        expect_double(rows[i].descr, S.X[0], rows[i].value);
        mem_free(&arena);
    }
}

static void elements_that_are_no_doubles_are_refused(void **state)
{
    static const struct {
        const char *descr, *bytes;
        size_t size;
        const char *line;
    } rows[] = {
        { "<f8", "\0\0\0\0\0\0\xf0\x7f", 8, "array 'element.npy': element [0, 0] is inf, expected a finite number" },
        { "<f4", "\0\0\x80\xff", 4, "element [0, 0] is -inf" },
        { "<f2", "\1\x7c", 2, "element [0, 0] is nan" },
        { "<i8", "\1\0\0\0\0\0\x20\0", 8, "element [0, 0] of <i8 is beyond 2^53 and no double" },
        { ">i8", "\xff\xdf\xff\xff\xff\xff\xff\xff", 8, "element [0, 0] of >i8 is beyond 2^53" },
        { "<u8", "\xff\xff\xff\xff\xff\xff\xff\xff", 8, "element [0, 0] of <u8 is beyond 2^53" },
        { "|b1", "\2", 1, "element [0, 0] is 2, expected 0 or 1 of a bool" },
        { "<c8", "", 1, "elements are of type '<c8', expected b1, i1 to i8, u1 to u8, f2, f4 or f8" },
        { "|O", "", 1, "elements are of type '|O'" },
        { "|S3", "", 1, "elements are of type '|S3'" },
        { "<U7", "", 1, "elements are of type '<U7'" },
        { "|V2", "", 1, "elements are of type '|V2'" },
        { "<M8[ns]", "", 1, "elements are of type '<M8[ns]'" },
        { "<f16", "", 1, "elements are of type '<f16'" },
        { "|f8", "", 1, "elements are of type '|f8'" },
        { "=f8", "", 1, "elements are of type '=f8'" },
        { "f8", "", 1, "elements are of type 'f8'" },
        { "", "", 1, "elements are of type ''" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        data_refused(npy_of(rows[i].descr, rows[i].bytes, rows[i].size), rows[i].line);
}

/* All halves, and all of the 16-bit floats whose exponent is that of the 32-bit ones, by another rule: frexp's. */
static void short_floats_are_all_right(void **state)
{
    static const struct {
        int type, bits, bias;
    } kinds[] = { { 2, 10, 15 }, { 3, 7, 127 } };
    (void)state;
    for (size_t k = 0; k < COUNT(kinds); k++) {
        const element_type *e = &element_types[kinds[k].type];
        int last = 2 * kinds[k].bias + 1;
        for (unsigned b = 0; b < 65536; b++) {
            double x;
            int field = (int)(b & 0x7fff) >> kinds[k].bits;
            double m = (double)(b & ((1u << kinds[k].bits) - 1));
            assert_true(element_value(e, b, &x));
            if (field == last) {
                assert_true(m ? x != x : x == (b >> 15 ? -INFINITY : INFINITY));
                continue;
            }
            double y = ldexp(field ? m + (1 << kinds[k].bits) : m, (field ? field : 1) - kinds[k].bias - kinds[k].bits);
            expect_double("short float", x, b >> 15 ? -y : y);
        }
    }
}

/// npy ///

static void npy_headers_are_read(void **state)
{
    static const char *const headers[] = {
        /* as NumPy writes it */
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }          \n",
        /* of 77 bytes (cnpy #106), which are no multiple of 16 with what stands before */
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }                 \n",
        /* other orders, quotes and spaces; Python 2's longs; no line end */
        "{\"shape\":(2L,3L),'fortran_order':False,\"descr\":'|u1'}",
        " { 'fortran_order' : False , 'shape' : ( 2 , 3 , ) , 'descr' : '|u1' , } \r\n\t ",
    };
    static const double expected[] = { 10, 20, 40, 50 };
    (void)state;
    assert_int_equal(strlen(headers[1]), 77);
    for (size_t i = 0; i < COUNT(headers); i++) {
        mem arena = { 0 };
        text t = { 0 };
        npy_put(&t, headers[i], "\12\24\1\50\62\2", 6);
        sample_set S = samples_of(&arena, file_from("header.npy", &t), NULL, SQUARED, 1);
        assert_int_equal(S.N, 2);
        expect_numbers("x", 4, S.X, expected);
        expect_double("y", S.Y[1], 2);
        mem_free(&arena);
    }
}

/* Versions 2 and 3 have a length of four bytes. */
static void npy_versions_are_read(void **state)
{
    static const char header[] = "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 2), }\n";
    (void)state;
    for (int version = 2; version <= 3; version++) {
        mem arena = { 0 };
        text t = { 0 };
        text_bytes(&t, "\x93NUMPY", 6);
        text_little(&t, (unsigned)version, 2);
        text_little(&t, strlen(header), 4);
        text_add(&t, "%s\7\1", header);
        sample_set S = samples_of(&arena, file_from("version.npy", &t), NULL, SQUARED, 1);
        expect_double("x", S.X[0], 7);
        mem_free(&arena);
    }
}

/* Columns first (cnpy #7). */
static void fortran_order_is_read(void **state)
{
    static const double expected[] = { 1, 3, 2, 4 };
    mem arena = { 0 };
    text t = { 0 };
    (void)state;
    npy_put(&t, "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }", "\1\2\3\4\0\1", 6);
    sample_set S = samples_of(&arena, file_from("fortran.npy", &t), NULL, SQUARED, 1);
    expect_numbers("x", 4, S.X, expected);
    expect_double("y", S.Y[1], 1);
    t = (text) { 0 };
    npy_put(&t, "{'descr': '<f2', 'fortran_order': True, 'shape': (2, 2), }", "\0\0\0\0\0\x7e\0\0", 8);
    data_refused(file_from("fortran.npy", &t), "element [0, 1] is nan");
    mem_free(&arena);
}

static void npy_headers_are_refused(void **state)
{
    static const struct {
        const char *header;
        size_t bytes;
        const char *line;
    } rows[] = {
        { "", 0, "array 'bad.npy': header, byte 0: expected '{'" },
        { "{}", 0, "header, byte 2: expected descr, fortran_order and shape" },
        { "{'descr': '<f8', 'shape': (1, 2)}", 16, "expected descr, fortran_order and shape" },
        { "{'descr': '<f8', 'descr': '<f8'}", 16, "header, byte 24: expected each of descr, fortran_order and shape" },
        { "{'descr': '<f8', 'more': 1}", 16, "expected each of descr, fortran_order and shape once" },
        { "{'descr': [('a', '<f8')], 'shape': (1,)}", 16, "elements are of a structured type" },
        { "{'descr': '<f8', 'fortran_order': Maybe}", 16, "header, byte 34: expected True or False" },
        { "{'shape': (1 2)}", 16, "header, byte 13: expected ','" },
        { "{'shape': (-1, 2)}", 16, "header, byte 11: expected a whole number below 2^64" },
        { "{'shape': (18446744073709551616,)}", 16, "expected a whole number below 2^64" },
        { "{'shape': (1, 2)", 16, "header, byte 16: expected ','" },
        { "{'shape': (1, 2", 16, "header, byte 15: expected ','" },
        { "{'shape", 16, "header, byte 1: expected a string that ends" },
        { "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2)} x", 16, "header, byte 58: expected its end" },
        { "{'descr': '<f8', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1)}", 16, "more than 8 dimensions" },
        { "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2)}", 15,
            "its shape is (1, 2), expected one for the 15 bytes of its data, of type <f8" },
        { "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2)}", 17, "expected one for the 17 bytes" },
        { "{'descr': '<f8', 'fortran_order': False, 'shape': (0, 2)}", 0, "its shape is (0, 2), expected" },
        { "{'descr': '<f8', 'fortran_order': False, 'shape': ()}", 8, "its shape is (), expected" },
        { "{'descr': '<f8', 'fortran_order': False, 'shape': (2,)}", 16, "its shape is (2,), expected" },
        { "{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296)}", 16,
            "array 'bad.npy': " }, /* a size_t may be of 32 bits */
        { "{'descr': '<f8', 'fortran_order': False, 'shape': (2305843009213693954, 8)}", 128, "array 'bad.npy': " },
    };
    static const char zeros[200];
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        text t = { 0 };
        npy_put(&t, rows[i].header, zeros, rows[i].bytes);
        data_refused(file_from("bad.npy", &t), rows[i].line);
    }
    data_refused(file_of("bad.npy", "\x93NUMPY\4\0\2\0{}", 12), "is of npy version 4.0, expected 1.0, 2.0 or 3.0");
    data_refused(file_of("bad.npy", "\x93NUMPY\1\0", 8), "array 'bad.npy': is no npy file");
    data_refused(file_of("bad.npy", "\x93NUMPY\3\0\0\0\0", 11), "ends within its header: it has 11 bytes");
    /* 12 bytes that ask for 4 GB (libnpy #44, mlx #3365) */
    data_refused(file_of("bad.npy", "\x93NUMPY\2\0\xff\xff\xff\xff", 12), "ends within its header: it has 12 bytes");
}

/// Inflate ///

/* Deflated by zlib (Python's zlib.compressobj with wbits=-15), two of them by hand; size and CRC of what they are. */
static const struct {
    const char *what;
    const unsigned char *at;
    size_t n;
    size_t size;
    uint32_t crc;
} streams[] = {
#define STREAM(what, size, crc, ...) \
    { what, (const unsigned char[]) { __VA_ARGS__ }, sizeof((const unsigned char[]) { __VA_ARGS__ }), size, crc },
    STREAM("nothing", 0, 0x00000000u, 0x03, 0x00) STREAM("stored", 15, 0x5ad17865u, 0x01, 0x0f, 0x00, 0xf0, 0xff, 0x73,
        0x74, 0x6f, 0x72, 0x65, 0x64, 0x20, 0x61, 0x73, 0x20, 0x69, 0x74, 0x20, 0x69, 0x73) STREAM("two stored blocks",
        15, 0x5ad17865u, 0x00, 0x06, 0x00, 0xf9, 0xff, 0x73, 0x74, 0x6f, 0x72, 0x65, 0x64, 0x00, 0x00, 0x00, 0xff, 0xff,
        0x01, 0x09, 0x00, 0xf6, 0xff, 0x20, 0x61, 0x73, 0x20, 0x69, 0x74, 0x20, 0x69, 0x73) STREAM("fixed", 24,
        0x32306c56u, 0x4b, 0xcb, 0xac, 0x48, 0x4d, 0x51, 0x48, 0xce, 0x4f, 0x49, 0x2d, 0xd6, 0x51, 0x48, 0x43, 0x70,
        0x00) STREAM("one byte, 1,000 times: distance 1, one distance code", 1000, 0x459830dcu, 0x63, 0x67, 0x1f, 0x05,
        0xa3, 0x60, 0x14, 0x0c, 0x77, 0x00, 0x00) STREAM("one distance code of one bit", 4, 0x2144df1cu, 0x0d, 0xe0,
        0x01, 0x09, 0x00, 0x00, 0x00, 0x80, 0x20, 0xf4, 0x7f, 0x75, 0x1a, 0x03) STREAM("zeros, length 258", 70000,
        0xa6a9c8dcu, 0xed, 0xc1, 0x31, 0x01, 0x00, 0x00, 0x00, 0xc2, 0xa0, 0xf5, 0x4f, 0x6d, 0x09, 0x4f, 0xa0, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x80, 0xb7,
        0x01) STREAM("distance 32,768", 32772, 0x8c4bbbfcu, 0xec, 0xc1, 0xc1, 0x09, 0x00, 0x00, 0x08, 0x04, 0xa0, 0xd6,
        0x8d, 0x3e, 0x07, 0xed, 0x0f, 0x0d, 0x92, 0xba, 0xd3, 0x29, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x78, 0xee, 0x00, 0x00, 0x00, 0xff, 0xff, 0x03, 0xdd, 0xff, 0x0f, 0x00)
        STREAM("text", 244, 0x2fa09873u, 0x0b, 0x37, 0x54, 0xd0, 0xc8, 0x55, 0xa8, 0x50, 0xc8, 0xd3, 0x54, 0x48, 0x02,
            0x31, 0x35, 0x15, 0xc2, 0x8d, 0x14, 0x34, 0x52, 0x2a, 0x81, 0x42, 0x40, 0x76, 0x12, 0x98, 0xad, 0x69, 0xa5,
            0x10, 0x6e, 0x08, 0x14, 0xd0, 0x06, 0x2a, 0xd1, 0x01, 0xc9, 0x67, 0x80, 0x98, 0x46, 0xd6, 0x20, 0xd1, 0xa1,
            0xa8, 0x19, 0x00) STREAM("no matches", 400, 0x79620d89u, 0x05, 0xc1, 0x49, 0x92, 0xd4, 0x40, 0x10, 0x04,
            0xc0, 0x58, 0x32, 0xb3, 0x36, 0x95, 0x24, 0xba, 0x7b, 0x16, 0x1b, 0x30, 0x83, 0xb9, 0x70, 0xe3, 0xff, 0xdf,
            0xc3, 0x1d, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
            0x00, 0x00, 0x24, 0x49, 0x92, 0x24, 0x49, 0x92, 0x24, 0x49, 0x92, 0x24, 0x49, 0x92, 0x24, 0x49, 0x92, 0x94,
            0x24, 0x49, 0x92, 0x24, 0x49, 0x92, 0x24, 0x49, 0x92, 0x24, 0x49, 0x92, 0x24, 0xc9, 0xb6, 0x6d, 0xdb, 0xb6,
            0x6d, 0xdb, 0xb6, 0x6d, 0xdb, 0xb6, 0x6d, 0xdb, 0xb6, 0x6d, 0xdb, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11,
            0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x91, 0x99, 0x99, 0x99, 0x99, 0x99, 0x99, 0x99, 0x99, 0x99, 0x99, 0x99,
            0x59, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0xad, 0xb5, 0xd6, 0x5a,
            0x6b, 0xad, 0xb5, 0xd6, 0x5a, 0x6b, 0xad, 0xf7, 0xde, 0x7b, 0xef, 0xbd, 0xf7, 0xde, 0x7b, 0xef, 0x7d, 0x8c,
            0x31, 0xc6, 0x18, 0x63, 0x8c, 0x31, 0xc6, 0x18, 0x63, 0x8c, 0x31, 0xe6, 0x9c, 0x73, 0xce, 0x39, 0xe7, 0x5c,
            0x6b, 0xad, 0xb5, 0xd6, 0x5a, 0x6b, 0xad, 0xb5, 0xd6, 0x71, 0x1c, 0xc7, 0x71, 0x1c, 0xc7, 0xde, 0x7b, 0xef,
            0xbd, 0xf7, 0xde, 0x7b, 0x9f, 0xe7, 0x79, 0x9e, 0xe7, 0x79, 0x5e, 0xd7, 0x75, 0x5d, 0xd7, 0x75, 0xdd, 0xf7,
            0x7d, 0xdf, 0xf7, 0x7d, 0xff, 0x78, 0x3c, 0x1e, 0x8f, 0xc7, 0xf3, 0xf9, 0x7c, 0xbe, 0x5e, 0xaf, 0xb7, 0xb7,
            0xf7, 0xf7, 0x8f, 0x8f, 0xcf, 0xcf, 0xaf, 0xaf, 0x9f, 0xbf, 0x7e, 0xff, 0xf9, 0xfe, 0xfe, 0xfb, 0xef, 0x3f)
            STREAM("npy", 74, 0xaecf8a9cu, 0x9b, 0xec, 0x17, 0xea, 0x1b, 0x10, 0xc9, 0xc8, 0x60, 0xc3, 0x50, 0xad, 0x9e,
                0x92, 0x5a, 0x9c, 0x5c, 0xa4, 0x6e, 0xa5, 0xa0, 0x5e, 0x53, 0x6a, 0xa8, 0xae, 0xa3, 0xa0, 0x9e, 0x96,
                0x5f, 0x54, 0x52, 0x94, 0x98, 0x17, 0x9f, 0x5f, 0x94, 0x92, 0x0a, 0x12, 0x77, 0x4b, 0xcc, 0x29, 0x4e,
                0x05, 0x8a, 0x17, 0x67, 0x24, 0x16, 0xa4, 0x02, 0xf9, 0x1a, 0x46, 0x3a, 0x0a, 0x46, 0x9a, 0x3a, 0x0a,
                0xb5, 0x5c, 0x8c, 0x4c, 0xcc, 0x2c, 0x00)
#undef STREAM
};

/* Unpacks; *used: how much there is, *crc: of that. */
static const char *unpack(const unsigned char *p, size_t n, size_t most, size_t *used, uint32_t *crc)
{
    unsigned char *exact = malloc(n + 1);
    memcpy(exact, p, n);
    inflater s = { .in = exact, .end = exact + n, .most = most };
    const char *wrong = inflate(&s);
    assert_true(s.used <= most && s.room <= max_size(most, 1));
    *used = s.used;
    *crc = zip_crc(s.out, s.used);
    free(s.out);
    free(exact);
    return wrong;
}

static void checksums_are_known(void **state)
{
    unsigned char all[300];
    (void)state;
    for (size_t i = 0; i < sizeof all; i++)
        all[i] = (unsigned char)(i * 7);
    assert_int_equal(zip_crc((const unsigned char *)"123456789", 9), 0xcbf43926u);
    assert_int_equal(zip_crc(all, 0), 0);
    assert_int_equal(zip_crc(all, 300), 0xe000b1fbu);
    assert_int_equal(zip_crc(all + 1, 7), 0xd4b044feu);
}

static void streams_are_unpacked(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(streams); i++) {
        size_t used;
        uint32_t crc;
        const char *wrong = unpack(streams[i].at, streams[i].n, streams[i].size, &used, &crc);
        if (wrong || used != streams[i].size || crc != streams[i].crc)
            fail_msg("%s: %s, %zu bytes, %08" PRIx32, streams[i].what, wrong ? wrong : "fine", used, crc);
        wrong = unpack(streams[i].at, streams[i].n, 3 * streams[i].size + 10, &used, &crc);
        assert_true(!wrong && used == streams[i].size);
    }
}

/* No beginning of a stream is one; output is never more than was asked for, and up to there the same. */
static void streams_that_are_cut_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(streams); i++) {
        size_t used;
        uint32_t crc;
        for (size_t n = 0; n < streams[i].n; n++)
            assert_ptr_equal(unpack(streams[i].at, n, streams[i].size, &used, &crc), inflate_short);
        for (size_t most = 0; most < streams[i].size; most += 1 + most / 3) {
            assert_ptr_equal(unpack(streams[i].at, streams[i].n, most, &used, &crc), inflate_long);
            assert_int_equal(used, most);
        }
    }
}

/* Every bit turned: whatever comes of it, it ends and stays in bounds. */
static void streams_that_are_changed_end(void **state)
{
    size_t refused = 0;
    size_t all = 0;
    (void)state;
    for (size_t i = 0; i < COUNT(streams); i++) {
        unsigned char *p = malloc(streams[i].n);
        memcpy(p, streams[i].at, streams[i].n);
        for (size_t b = 0; b < 8 * streams[i].n; b++, all++) {
            size_t used;
            uint32_t crc;
            p[b / 8] ^= (unsigned char)(1 << b % 8);
            const char *wrong = unpack(p, streams[i].n, streams[i].size, &used, &crc);
            refused += wrong || used != streams[i].size || crc != streams[i].crc;
            p[b / 8] ^= (unsigned char)(1 << b % 8);
        }
        free(p);
    }
    assert_true(refused > all * 9 / 10);
}

static void streams_are_refused(void **state)
{
    static const struct {
        const char *bytes;
        size_t n;
        const char *wrong;
    } rows[] = {
        { "", 0, "ends too early" },
        { "\7", 1, "has a block of an unknown kind" },
        { "\1\1\0\0\0x", 6, "has a stored block whose length contradicts itself" },
        { "\1\2\0\xfd\xffx", 6, "ends too early" },
        { "\1\1\0\xfe\xffxy", 7, "ends before its bytes do" },
        { "\3\0\0", 3, "ends before its bytes do" },
        { "\x03\x02\x00", 3, "reaches back before its start" },
        { "\x73\x04\x3e\x00", 4, "has a code that is none" },
        { "\x73\x1c\x03\x00", 4, "has a code that is none" },
        { "\xf5\xe0\x01\x00\x00\x00\x00\x00\x00\x00", 10, "has more codes than there are" },
        { "\x05\xfe\x01\x00\x00\x00\x00\x00\x00\x00", 10, "has more codes than there are" },
        { "\x05\xe0\x01\x04\x00\x00\x00\x40\x10\x00", 10, "has lengths that make no code" },
        { "\x05\xe0\x01\x08\x00\x00\x00\x00\x00\x00", 10, "has lengths that make no code" },
        { "\x05\xe0\x01\x04\x00\x00\x00\x00\x00\x00", 10, "has lengths that make no code" },
        { "\x05\xe0\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00", 12, "has a code that is none" },
        { "\x05\xe0\x03\x04\x00\x00\x00\x00\x00\x04\x00\x00\x00\x00\x00", 15,
            "repeats the length of a code where there is none" },
        { "\x05\xe0\x81\x04\x00\x00\x00\x00\x00\xfc\xff\x03\x00\x00", 14,
            "repeats the length of a code where there is none" },
        { "\x05\xe0\x81\x08\x00\x00\x00\x00\x20\xbc\x3f\x75\x00\x00\x00\x00", 16, "has lengths that make no code" },
        { "\x05\xe0\x01\x09\x00\x00\x00\x80\x20\xf8\x7f\xb5\x01\x00\x00\x00", 16, "has lengths that make no code" },
        { "\x05\xe1\x01\x09\x00\x00\x00\x80\x20\xf8\x7f\xb5\x09\x00\x00\x00\x00", 17, "has lengths that make no code" },
        { "\x0d\xe0\x01\x09\x00\x00\x00\x80\x20\xf4\x7f\x75\x9a\x03\x00", 15, "has a code that is none" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t used;
        uint32_t crc;
        const char *wrong = unpack((const unsigned char *)rows[i].bytes, rows[i].n, 1000, &used, &crc);
        if (!wrong || strcmp(wrong, rows[i].wrong))
            fail_msg("stream %zu: %s  expected: %s", i, wrong ? wrong : "fine", rows[i].wrong);
    }
}

/// npz ///

static const char two_by_two[] = "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2), }\n";
static const char two_numbers[] = "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }\n";

/* x and y of two samples, as an archive. */
static text honest_archive(bool later)
{
    text x = { 0 };
    text y = { 0 };
    text t = { 0 };
    npy_put(&x, two_by_two, "\1\2\3\4", 4);
    npy_put(&y, two_numbers, "\5\6", 2);
    entry e[2] = { entry_of("x.npy", &x), entry_of("y.npy", &y) };
    zip_put(&t, 2, e, later);
    free(x.s);
    free(y.s);
    return t;
}

static void expect_honest(const char *file)
{
    static const double x[] = { 1, 2, 3, 4 };
    static const double y[] = { 5, 6 };
    mem arena = { 0 };
    sample_set S = samples_of(&arena, file, NULL, SQUARED, 1);
    assert_true(S.N == 2 && S.dx == 2 && S.dy == 1);
    expect_numbers("x", 4, S.X, x);
    expect_numbers("y", 2, S.Y, y);
    mem_free(&arena);
}

static void archives_are_read(void **state)
{
    (void)state;
    for (int later = 0; later < 2; later++) {
        text t = honest_archive(later);
        expect_honest(file_from("a.npz", &t));
    }
    text t = honest_archive(false);
    patch(&t, t.used - 2, 7, 2);
    text_add(&t, "comment");
    expect_honest(file_from("a.npz", &t));
}

/* Written by NumPy 1.24: np.savez_compressed(x=[[1., 2.]], y=[3]). */
static void an_archive_of_numpy_is_read(void **state)
{
    static const unsigned char bytes[] = { 0x50, 0x4b, 0x03, 0x04, 0x14, 0x00, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00, 0x21,
        0x00, 0xa1, 0x1b, 0xde, 0x80, 0x4e, 0x00, 0x00, 0x00, 0x90, 0x00, 0x00, 0x00, 0x05, 0x00, 0x14, 0x00, 0x78,
        0x2e, 0x6e, 0x70, 0x79, 0x01, 0x00, 0x10, 0x00, 0x90, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x4e, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x9b, 0xec, 0x17, 0xea, 0x1b, 0x10, 0xc9, 0xc8, 0x50, 0xc6, 0x50, 0xad,
        0x9e, 0x92, 0x5a, 0x9c, 0x5c, 0xa4, 0x6e, 0xa5, 0xa0, 0x6e, 0x93, 0x66, 0xa1, 0xae, 0xa3, 0xa0, 0x9e, 0x96,
        0x5f, 0x54, 0x52, 0x94, 0x98, 0x17, 0x9f, 0x5f, 0x94, 0x92, 0x0a, 0x12, 0x77, 0x4b, 0xcc, 0x29, 0x4e, 0x05,
        0x8a, 0x17, 0x67, 0x24, 0x16, 0xa4, 0x02, 0xf9, 0x1a, 0x86, 0x3a, 0x0a, 0x46, 0x9a, 0x3a, 0x0a, 0xb5, 0x0a,
        0x64, 0x03, 0x2e, 0x06, 0x30, 0xf8, 0x60, 0x0f, 0xa1, 0x19, 0x1c, 0x00, 0x50, 0x4b, 0x03, 0x04, 0x14, 0x00,
        0x00, 0x00, 0x08, 0x00, 0x00, 0x00, 0x21, 0x00, 0x43, 0x9d, 0x31, 0x1c, 0x48, 0x00, 0x00, 0x00, 0x88, 0x00,
        0x00, 0x00, 0x05, 0x00, 0x14, 0x00, 0x79, 0x2e, 0x6e, 0x70, 0x79, 0x01, 0x00, 0x10, 0x00, 0x88, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x48, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x9b, 0xec, 0x17, 0xea, 0x1b,
        0x10, 0xc9, 0xc8, 0x50, 0xc6, 0x50, 0xad, 0x9e, 0x92, 0x5a, 0x9c, 0x5c, 0xa4, 0x6e, 0xa5, 0xa0, 0x6e, 0x93,
        0x69, 0xa1, 0xae, 0xa3, 0xa0, 0x9e, 0x96, 0x5f, 0x54, 0x52, 0x94, 0x98, 0x17, 0x9f, 0x5f, 0x94, 0x92, 0x0a,
        0x12, 0x77, 0x4b, 0xcc, 0x29, 0x4e, 0x05, 0x8a, 0x17, 0x67, 0x24, 0x16, 0xa4, 0x02, 0xf9, 0x1a, 0x86, 0x3a,
        0x9a, 0x3a, 0x0a, 0xb5, 0x0a, 0x14, 0x00, 0x2e, 0x66, 0x06, 0x08, 0x00, 0x00, 0x50, 0x4b, 0x01, 0x02, 0x14,
        0x03, 0x14, 0x00, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00, 0x21, 0x00, 0xa1, 0x1b, 0xde, 0x80, 0x4e, 0x00, 0x00,
        0x00, 0x90, 0x00, 0x00, 0x00, 0x05, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x80,
        0x01, 0x00, 0x00, 0x00, 0x00, 0x78, 0x2e, 0x6e, 0x70, 0x79, 0x50, 0x4b, 0x01, 0x02, 0x14, 0x03, 0x14, 0x00,
        0x00, 0x00, 0x08, 0x00, 0x00, 0x00, 0x21, 0x00, 0x43, 0x9d, 0x31, 0x1c, 0x48, 0x00, 0x00, 0x00, 0x88, 0x00,
        0x00, 0x00, 0x05, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x80, 0x01, 0x85, 0x00,
        0x00, 0x00, 0x79, 0x2e, 0x6e, 0x70, 0x79, 0x50, 0x4b, 0x05, 0x06, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x02,
        0x00, 0x66, 0x00, 0x00, 0x00, 0x04, 0x01, 0x00, 0x00, 0x00, 0x00 };
    mem arena = { 0 };
    (void)state;
    sample_set S = samples_of(&arena, file_of("numpy.npz", bytes, sizeof bytes), NULL, SQUARED, 1);
    assert_true(S.N == 1 && S.dx == 2 && S.X[0] == 1 && S.X[1] == 2 && S.Y[0] == 3);
    mem_free(&arena);
}

/* What npz_write makes, with all sizes in 64 bits or none; 0xffffffff in 32 bits stands for them (cnpy #103). */
static void archives_are_written(void **state)
{
    static const double x[] = { 1, 2, 3, 4, -0.0, 0x1p-1074 };
    static const size_t shape[] = { 2, 3, 1 };
    static const uint64_t narrow[] = { 0xffffffffu, 1, 200 };
    const npz_array arrays[] = { { "x", 2, shape, x }, { "y", 1, shape, x }, { "out_in", 0, NULL, x },
        { "knots", 3, shape, x } };
    (void)state;
    for (size_t k = 0; k < COUNT(narrow); k++) {
        mem arena = { 0 };
        text t = { 0 };
        npz_write_above(&t, COUNT(arrays), arrays, narrow[k]);
        assert_int_equal(memcmp(t.s + t.used - 22, "PK\5\6", 4), 0);
        assert_int_equal(bytes_little((unsigned char *)t.s + t.used - 6, 4) == 0xffffffffu, k > 0);
        assert_int_equal(bytes_little((unsigned char *)t.s + 18, 4) == 0xffffffffu, k == 1);
        assert_int_equal(t.s[place_of(&t, "PK\3\4", 4, 0) + 4], k == 1 ? 45 : 20);
        assert_int_equal(t.s[place_of(&t, "PK\3\4", 4, 1) + 4], k ? 45 : 20); /* by its place */
        const char *file = file_from("w.npz", &t);
        sample_set S = samples_of(&arena, file, NULL, SQUARED, 1);
        assert_true(S.N == 2 && S.dx == 3);
        expect_numbers("x", 6, S.X, x);
        user_file f = user_read(&arena, file);
        user_arrays all = arrays_read(&arena, &f);
        user_array *knots = arrays_find(&all, "knots");
        array_open(&arena, knots);
        array_open(&arena, arrays_find(&all, "out_in"));
        assert_true(knots->rank == 3 && knots->shape[1] == 3 && knots->count == 6);
        mem_free(&arena);
    }
}

/* The same arrays are the same bytes, on every machine. */
static void archives_have_one_spelling(void **state)
{
    static const double x[] = { 1, -2.5 };
    static const size_t shape[] = { 1, 2 };
    const npz_array a = { "W1", 2, shape, x };
    char digest[65];
    text t = { 0 };
    (void)state;
    npz_write(&t, 1, &a);
    text_digest(t.s, t.used, digest);
    assert_string_equal(digest, "cbb91c7a448003fbf24240df8066aa9e8293a866b9bb129b9278ad2de3feb624");
    free(t.s);
}

/* An archive that is made to mislead: the first `n` bytes at that place behind a mark are others. */
static void archives_are_refused(void **state)
{
    static const struct {
        const char *mark;
        int which; /* of the marks */
        size_t behind;
        uint64_t value;
        size_t n;
        const char *line;
    } rows[] = {
        { "PK\5\6", 0, 8, 3, 4, "is one of several parts of an archive" },
        { "PK\5\6", 0, 4, 1, 2, "is one of several parts of an archive" },
        { "PK\5\6", 0, 8, 0x10001, 4, "has more than its 1 entries" },
        { "PK\5\6", 0, 8, 0x30003, 4, "claims 3 entries and has" },
        { "PK\5\6", 0, 16, 1000, 4, "the directory of the archive should lie from byte 1000 to" },
        { "PK\5\6", 0, 12, 0xffffffffu, 4, "but has 4294967295 bytes" },
        { "PK\5\6", 0, 12, 101, 4, "but has 101 bytes" },
        { "PK\5\6", 0, 20, 1, 2, "has no directory at its end: is it complete?" },
        { "PK\5\6", 0, 0, 0, 1, "has no directory at its end: is it complete?" },
        { "PK\1\2", 0, 0, 0, 1, "the directory of the archive has no entry at byte" },
        { "PK\1\2", 0, 28, 0xffff, 2, "is longer than the directory" },
        { "PK\1\2", 0, 30, 0xffff, 2, "is longer than the directory" },
        { "PK\1\2", 0, 32, 0xffff, 2, "is longer than the directory" },
        { "PK\1\2", 0, 32, 1, 2, "has no entry at byte" },
        { "PK\1\2", 1, 8, 1, 2, "entry 'y.npy': is encrypted" },
        { "PK\1\2", 1, 8, 64, 2, "entry 'y.npy': is encrypted" },
        { "PK\1\2", 1, 10, 12, 2, "entry 'y.npy': is compressed by method 12, expected 0 (stored) or 8 (deflated)" },
        { "PK\1\2", 1, 10, 8, 2, "entry 'y.npy': its header at byte" },
        { "PK\1\2", 1, 8, 2048, 2, "entry 'y.npy': its header at byte" },
        { "PK\1\2", 1, 16, 1, 4, "entry 'y.npy': sizes or CRC in its header" },
        { "PK\1\2", 0, 20, 0x70, 4, "entry 'x.npy': 112 bytes of" },
        { "PK\1\2", 0, 20, 0xffffffffu, 4, "entry 'x.npy': 4294967295 bytes of" },
        { "PK\1\2", 0, 42, 0xffffffffu, 4, "of the file cannot be" },
        { "PK\1\2", 0, 42, 0xfffff, 4, "at byte 1048575 of the file cannot be" },
        { "PK\1\2", 0, 42, 1, 4, "entry 'x.npy': no header at byte 1" },
        { "PK\1\2", 1, 42, 0, 4, "entry 'y.npy': its header at byte 0 contradicts the directory" },
        { "PK\1\2", 0, 46, 'z', 1, "entry 'z.npy': its header at byte 0 contradicts the directory" },
        { "PK\1\2", 0, 46, 0, 1, "its name has a zero byte" },
        { "PK\3\4", 0, 22, 1, 4, "entry 'x.npy': sizes or CRC in its header" },
        { "PK\3\4", 0, 18, 0xffffffffu, 4, "entry 'x.npy': sizes or CRC in its header" },
        { "PK\3\4", 0, 28, 1, 2, "entry 'x.npy': sizes or CRC" },
        { "PK\3\4", 1, 28, 1000, 2, "entry 'y.npy': its header at byte" },
        { "\1\2\3\4", 0, 0, 9, 1, "array 'x': its bytes are not those that were written" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        text t = honest_archive(false);
        patch(&t, place_of(&t, rows[i].mark, 4, rows[i].which) + rows[i].behind, rows[i].value, rows[i].n);
        if (!strcmp(rows[i].line, "entry 'x.npy': sizes or CRC"))
            patch(&t, 28, 0, 2);
        if (strcmp(rows[i].line, "entry 'x.npy': sizes or CRC"))
            data_refused(file_from("bad.npz", &t), rows[i].line);
        free(t.s);
    }
}

/* 64-bit fields that contradict the others, or are not there. */
static void wide_archives_are_refused(void **state)
{
    static const struct {
        const char *mark;
        size_t behind;
        uint64_t value;
        size_t n;
        const char *line;
    } rows[] = {
        { "PK\6\6", 24, 2, 8, "is one of several parts of an archive" },
        { "PK\6\6", 16, 1, 4, "is one of several parts of an archive" },
        { "PK\6\6", 4, 45, 8, "the 64-bit end record of the archive is not where byte" },
        { "PK\6\6", 0, 0, 1, "the 64-bit end record of the archive is not where byte" },
        { "PK\6\6", 48, UINT64_MAX, 8, "should lie from byte 18446744073709551615 to" },
        { "PK\6\6", 32, UINT64_MAX / 46, 8, "several parts" },
        { "PK\6\7", 8, UINT64_MAX, 8, "the 64-bit end record of the archive is not where byte" },
        { "PK\6\7", 16, 2, 4, "is one of several parts of an archive" },
        { "PK\5\6", 8, 0x00020002, 4, "the end records of the archive contradict each other: 2 and 1" },
        { "PK\5\6", 16, 5, 4, "the end records of the archive contradict each other: 5 and" },
        { "PK\1\2", 30, 20, 2, "of the file cannot be" },
        { "PK\3\4", 28, 16, 2, "entry 'x.npy': sizes or CRC in its header at byte 0" },
        { "\1\0\x18", 0, 2, 1, "entry 'x.npy': 4294967295 bytes" },
        { "\1\0\x18", 2, 23, 1, "of the file cannot be" },
        { "\1\0\x18", 4, UINT64_MAX, 8,
            "entry 'x.npy': 144 bytes of 18446744073709551615 at byte 0 of the file cannot" },
        { "\1\0\x18", 12, UINT64_MAX, 8, "entry 'x.npy': 18446744073709551615 bytes of 144 at byte 0" },
        { "\1\0\x18", 20, UINT64_MAX, 8, "at byte 18446744073709551615 of the file cannot be" },
        { "\1\0\x10", 4, 7, 8, "entry 'x.npy': sizes or CRC in its header at byte 0" },
    };
    static const double x[] = { 1, 2 };
    static const size_t shape[] = { 2 };
    const npz_array a = { "x", 1, shape, x };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        text t = { 0 };
        npz_write_above(&t, 1, &a, 1);
        patch(
            &t, place_of(&t, rows[i].mark, rows[i].mark[0] == 1 ? 3 : 4, 0) + rows[i].behind, rows[i].value, rows[i].n);
        data_refused(file_from("bad.npz", &t), rows[i].line);
    }
}

/* A bomb: one body, two entries; deflated data that claim more than deflate can hold; more than the shape asks for. */
static void bombs_are_refused(void **state)
{
    text x = { 0 };
    text t = { 0 };
    (void)state;
    npy_put(&x, two_by_two, "\1\2\3\4", 4);
    entry e[2] = { entry_of("x.npy", &x), entry_of("x.npy", &x) };
    zip_put(&t, 2, e, false);
    size_t second = place_of(&t, "PK\1\2", 4, 1);
    patch(&t, second + 42, 0, 4);
    data_refused(file_from("bomb.npz", &t), "entries 'x.npy' and 'x.npy' overlap");
    t = (text) { 0 };
    zip_put(&t, 2, e, false);
    data_refused(file_from("bomb.npz", &t), "array 'x': is there twice");
    t = (text) { 0 };
    e[0].method = 8;
    e[0].size = 1033 * (e[0].packed + 1);
    zip_put(&t, 1, e, false);
    data_refused(file_from("bomb.npz", &t), "of the file cannot be");
    free(x.s);
}

/* An entry that is deflated data of its own: the header is looked at before the rest is unpacked. */
static void deflated_arrays_are_refused(void **state)
{
    static const unsigned char zeros[] = { 0xed, 0xc8, 0x31, 0x0e, 0x01, 0x41, 0x00, 0x40, 0xd1, 0xd5, 0x3a, 0xc5, 0x74,
        0x43, 0xb2, 0x8d, 0x2d, 0x45, 0xad, 0x23, 0xdb, 0x28, 0x54, 0xb2, 0xb1, 0x23, 0x0a, 0xb1, 0x32, 0x43, 0x85,
        0x53, 0xb8, 0xb0, 0x75, 0x08, 0xdd, 0x7b, 0xdd, 0xff, 0x9f, 0xed, 0x6e, 0xd3, 0xee, 0x27, 0xd5, 0xaa, 0x7a,
        0xc6, 0x3e, 0x95, 0x63, 0x8e, 0xcb, 0x10, 0x5f, 0x8f, 0x45, 0xac, 0x43, 0x3c, 0x0d, 0xf9, 0x9e, 0xbb, 0xeb,
        0x61, 0xc8, 0x7d, 0xfa, 0xfd, 0x75, 0x77, 0x29, 0x69, 0xfc, 0xe5, 0xdc, 0xdd, 0xd2, 0xd8, 0xb3, 0xa6, 0x0e,
        0xcd, 0xbc, 0x0e, 0xef, 0x69, 0x05, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xfc, 0xc1, 0x17 };
    static const unsigned char good[] = { 0x9b, 0xec, 0x17, 0xea, 0x1b, 0x10, 0xc9, 0xc8, 0x60, 0xc3, 0x50, 0xad, 0x9e,
        0x92, 0x5a, 0x9c, 0x5c, 0xa4, 0x6e, 0xa5, 0xa0, 0x5e, 0x53, 0x6a, 0xa8, 0xae, 0xa3, 0xa0, 0x9e, 0x96, 0x5f,
        0x54, 0x52, 0x94, 0x98, 0x17, 0x9f, 0x5f, 0x94, 0x92, 0x0a, 0x12, 0x77, 0x4b, 0xcc, 0x29, 0x4e, 0x05, 0x8a,
        0x17, 0x67, 0x24, 0x16, 0xa4, 0x02, 0xf9, 0x1a, 0x46, 0x3a, 0x0a, 0x46, 0x9a, 0x3a, 0x0a, 0xb5, 0x5c, 0x8c,
        0x4c, 0xcc, 0x2c, 0x00 };
    static const struct {
        const unsigned char *at;
        size_t packed, size;
        uint32_t crc;
        const char *line;
    } rows[] = {
        { zeros, sizeof zeros, 100000, 0, "array 'x': its shape is (2, 2), expected one for the 99930 bytes" },
        { zeros, sizeof zeros, 99999, 0, "array 'x': its shape is (2, 2), expected one for the 99929 bytes" },
        { good, sizeof good, 74, 0, "array 'x': its bytes are not those that were written" },
        { good, sizeof good - 1, 74, 0, "array 'x': its deflated data ends too early" },
        { good, sizeof good, 73, 0, "array 'x': its deflated data is longer than the directory says" },
        { good, sizeof good, 75, 0, "array 'x': its deflated data has 74 bytes, the directory says 75" },
        { good, sizeof good, 0, 0, "array 'x': its deflated data is longer than the directory says" },
        { (const unsigned char *)"\3", 2, 0, 0, "array 'x': is no npy file" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        text t = { 0 };
        entry e = { "x.npy", 8, rows[i].at, rows[i].packed, rows[i].size, rows[i].crc };
        zip_put(&t, 1, &e, false);
        data_refused(file_from("deflated.npz", &t), rows[i].line);
    }
}

static void entries_that_are_no_arrays_are_refused(void **state)
{
    text x = { 0 };
    text t = { 0 };
    (void)state;
    npy_put(&x, two_by_two, "\1\2\3\4", 4);
    entry e[2] = { entry_of("x.npy", &x), entry_of("archive/data.pkl", &x) };
    zip_put(&t, 2, e, false);
    data_refused(file_from("model.pt", &t), "is a Python pickle, which is a program and is not read: save the arrays");
    e[1].name = "model.weights.h5";
    t = (text) { 0 };
    zip_put(&t, 2, e, false);
    data_refused(file_from("model.keras", &t), "entry 'model.weights.h5' is no array: expected names that end in .npy");
    e[1].name = "a\nb.npy";
    t = (text) { 0 };
    zip_put(&t, 2, e, false);
    data_refused(file_from("model.npz", &t), "its name has a backslash or a control character");
    t = (text) { 0 };
    zip_put(&t, 0, e, false);
    data_refused(file_from("model.npz", &t), "has no arrays");
    t = (text) { 0 };
    zip_put(&t, 1, e, false);
    data_refused(file_from("model.npz", &t), "no array 'y', expected x (N, n) and y (N,) or (N, outputs)");
    free(x.s);
}

/// safetensors ///

static void safetensors_are_read(void **state)
{
    static const char header[] = "{\"__metadata__\":{\"format\":\"pt\",\"q\":\"\\\"{}\\\"\"},\"y\":{\"dtype\":\"U8\","
                                 "\"shape\":[2],\"data_offsets\":[0,2]}, \"x\" : {\"data_offsets\":[2,10],"
                                 "\"shape\":[2,2],\"dtype\":\"BF16\"}}      ";
    static const double x[] = { 1, -2, 0x1p-133, 0x1.fep127 };
    mem arena = { 0 };
    text t = { 0 };
    (void)state;
    safetensors_put(&t, header, 0);
    text_bytes(&t, "\5\6\x80\x3f\0\xc0\1\0\x7f\x7f", 10);
    sample_set S = samples_of(&arena, file_from("x.safetensors", &t), NULL, SQUARED, 1);
    expect_numbers("x", 4, S.X, x);
    expect_double("y", S.Y[1], 6);
    mem_free(&arena);
}

#define TENSOR(name, dtype, shape, from, to) \
    "\"" name "\":{\"dtype\":\"" dtype "\",\"shape\":" shape ",\"data_offsets\":[" #from "," #to "]}"

static void safetensors_are_refused(void **state)
{
    static const struct {
        const char *header;
        size_t bytes;
        const char *line;
    } rows[] = {
        { "{}", 0, "has no arrays" },
        { "{}", 4, "4 bytes behind the last array" },
        { "{ ", 0, "bad.safetensors: header, byte 2: expected a string" },
        { "{" TENSOR("x", "F32", "[2]", 0, 8) "}", 12, "4 bytes behind the last array" }, /* llama.cpp #1603 */
        { "{" TENSOR("x", "F32", "[2]", 0, 8) "}", 4, "array 'x': data_offsets are 0 and 8, of 4 bytes of data" },
        { "{" TENSOR("x", "F32", "[2]", 8, 0) "}", 8, "array 'x': data_offsets are 8 and 0" },
        { "{" TENSOR("x", "F32", "[2]", 0, 18446744073709551615) "}", 8,
            "data_offsets are 0 and 18446744073709551615" },
        { "{" TENSOR("x", "F32", "[3]", 0, 8) "}", 8, "its shape is (3,), expected one for the 8 bytes" },
        { "{" TENSOR("x", "F32", "[4294967296,4294967296]", 0, 8) "}", 8, "array 'x': " },
        { "{" TENSOR("x", "F32", "[0]", 0, 0) "}", 0, "its shape is (0,), expected" },
        { "{" TENSOR("x", "F8_E4M3", "[8]", 0, 8) "}", 8, "array 'x': elements are of type 'F8_E4M3', expected BOOL" },
        { "{" TENSOR("x", "F32", "[2]", 0, 8) "," TENSOR("x", "F32", "[2]", 8, 16) "}", 16,
            "array 'x': is there twice" },
        { "{" TENSOR("x", "F32", "[2]", 0, 8) "," TENSOR("y", "F32", "[2]", 4, 12) "}", 12,
            "array 'y': begins at byte 4 of the data, expected 8, where the one before ends" },
        { "{" TENSOR("x", "F32", "[2]", 0, 8) "," TENSOR("y", "F32", "[2]", 12, 20) "}", 20,
            "array 'y': begins at byte 12 of the data, expected 8" },
        { "{\"__metadata__\":{\"a\":{\"b\":\"c\"}}}", 0,
            "header, byte 21: expected a string" }, /* safetensors.cpp #3 */
        { "{\"__metadata__\":{},\"__metadata__\":{}}", 0, "header, byte 34: expected __metadata__ once" },
        { "{\"x\":{\"dtype\":\"F32\"}}", 0, "header, byte 20: expected dtype, shape and data_offsets" },
        { "{\"x\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}}", 0, "expected each of dtype, shape and data_offsets once" },
        { "{\"x\":{\"data_offsets\":[0]}}", 0, "expected two data_offsets" },
        { "{\"x\":{\"data_offsets\":[0,1,2]}}", 0, "expected fewer numbers" },
        { "{\"x\":{\"shape\":[1.5]}}", 0, "header, byte 16: expected ','" },
        { "{\"x\":{\"shape\":[1,1,1,1,1,1,1,1,1]}}", 0, "expected fewer numbers" },
        { "{\"x\\u0031\":{\"dtype\":\"F32\"}}", 0, "its name has a backslash or a control character" },
        { "{\"x\\", 0, "header, byte 1: expected a string that ends" },
        { "{\"x\":[]}", 0, "header, byte 5: expected '{'" },
        { "{} {}", 0, "header, byte 3: expected its end" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        text t = { 0 };
        safetensors_put(&t, rows[i].header, rows[i].bytes);
        data_refused(file_from("bad.safetensors", &t), rows[i].line);
    }
    /* 12 bytes that ask for 4 GB */
    data_refused(file_of("bad.safetensors", "\xff\xff\xff\xff\0\0\0\0{\"x\"", 12),
        "has 12 bytes, but its safetensors header alone should have 4294967295");
}

/// CSV ///

static void tables_are_read(void **state)
{
    static const struct {
        const char *text, *label;
        size_t N, n;
        double x, y; /* of the last sample the last number, its label */
    } rows[] = {
        { "1,2,3\n4,5,6\n", NULL, 2, 2, 5, 6 },
        { "1,2,3\n4,5,6", "1", 2, 2, 6, 4 },
        { "a,b,c\n4,5,6\n", NULL, 1, 2, 5, 6 },
        { "a,b,c\n4,5,6\n", "b", 1, 2, 6, 5 },
        { "1,2,c\n4,5,6\n", NULL, 1, 2, 5, 6 },
        { "1,2,c\n4,5,6\n", "1", 1, 2, 6, 4 },
        { "1,2,c\n", NULL, 1, 2, 2, 0 },
        { ",a,c\n1,2,3\n", NULL, 1, 2, 2, 3 },
        { "1,2,b\n4,5,a\n", NULL, 2, 2, 5, 0 },
        { "x,y,z\n1,2,b\n4,5,a\n3,2,c", NULL, 3, 2, 2, 2 },
        { "\r\n\n \t\n\"a\" , \"b \"\"c\"\"\",y\r\n 0x1p-3 , \"1e2\" , +5\r\n\r\n", "b \"c\"", 1, 2, 5, 100 },
        { "\xef\xbb\xbf"
          "1,2\n",
            NULL, 1, 1, 1, 2 },
        { "\"a\nb\",c\n1,2\n", "a\nb", 1, 1, 2, 1 },
        { "1e-400,2\n-.5,4\n", NULL, 2, 1, -0.5, 4 },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        mem arena = { 0 };
        own_table *t = own_table_read(&arena, text_file("t.csv", rows[i].text), rows[i].label);
        if (t->N != rows[i].N || t->n != rows[i].n)
            fail_msg("table %zu: %zu x %zu", i, t->N, t->n);
        expect_double(rows[i].text, t->X[t->N * t->n - 1], rows[i].x);
        expect_double(rows[i].text, t->Y[t->N - 1], rows[i].y);
        mem_free(&arena);
    }
}

static void tables_are_refused(void **state)
{
    static const struct {
        const char *text, *label, *line;
    } rows[] = {
        { "\n \n", NULL, "t.csv: has no samples" },
        { "a,b\n", NULL, "t.csv: has a header and no samples" },
        { "a,b,c\n", "c", "t.csv: has a header and no samples" },
        { "1\n2\n", NULL, "has one column, expected features and a label, separated by commas" },
        { "1;2\n2;3\n", NULL, "has one column" },
        { "1,2,3\n\n4,5\n", NULL, "line 3: 2 fields, expected 3 as in the first" },
        { "1,2,3\n4,5,6,\n", NULL, "line 2: 4 fields, expected 3 as in the first" },
        { "1,2,3\n4,x y,6\n", NULL, "line 2, column 2: 'x y' is no finite number" },
        { "1,2,3\n4,nan,6\n", NULL, "line 2, column 2: 'nan' is no finite number" },
        { "1,2,3\n4,1e999,6\n", NULL, "line 2, column 2: '1e999' is no finite number" },
        { "nan,2\n5,4\n", NULL, "line 1, column 1: 'nan' is no finite number" },
        { ",2\n5,4\n", NULL, "line 1, column 1: '' is no finite number" },
        { "5,\n5,4\n", NULL, "the label in line 2 is a number, in line 1 it is none" },
        { "1,2,3\n4,,6\n", NULL, "line 2, column 2: '' is no finite number" },
        { "1,2,3\n4,5 6,6\n", NULL, "line 2, column 2: '5 6' is no finite number" },
        { "1,2,3\n4,0x,6\n", NULL, "line 2, column 2: '0x' is no finite number" },
        { "1,2,3\n4,\"5,6\n", NULL, "line 2: a field in quotes does not end" },
        { "1,2,3\n4,\"5\"6,7\n", NULL, "line 2: expected a comma behind the field in quotes" },
        { "1,2,3\n4,5,x\n4,5,6\n", NULL, "the label in line 1 is a number, in line 2 it is none" },
        { "1,a\n2,\n", NULL, "line 2: its label is empty" },
        { "a,b,c\n4,5,6\n", "d", "--label d: no column of that name in its first line" },
        { "a,b,b\n4,5,6\n", "b", "line 1: two columns 'b'" },
        { "a,b,c\n4,5,6\n", "4", "--label 4: expected a column from 1 to 3, or its name" },
        { "a,b,c\n4,5,6\n", "0", "--label 0: expected a column from 1 to 3, or its name" },
        { "a,b,c\n4,5,6\n", "18446744073709551617", "--label 18446744073709551617: no column of that name" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        samples_refused(text_file("t.csv", rows[i].text), rows[i].label, SQUARED, 1, rows[i].line);
    data_refused(file_of("t.csv", "1,2\n3,\0\n", 8), "nor text: it has a zero byte");
}

/* Lines of a million fields, numbers and words of a million characters, and as many lines: in no time. */
static void long_lines_are_read(void **state)
{
    enum { MANY = 1000000 };
    mem arena = { 0 };
    text t = { 0 };
    (void)state;
    text_reserve(&t, 8 * MANY);
    for (int i = 0; i < MANY; i++)
        text_bytes(&t, "7,", 2);
    text_add(&t, "1\n");
    own_table *a = own_table_read(&arena, file_from("long.csv", &t), NULL);
    assert_true(a->N == 1 && a->n == MANY && a->X[MANY - 1] == 7);
    for (int i = 0; i < MANY; i++)
        text_bytes(&t, i ? "0" : "1.", i ? 1 : 2);
    text_add(&t, "1,");
    for (int i = 0; i < MANY; i++)
        text_bytes(&t, "\"\"", i ? 2 : 1);
    text_add(&t, "\"\n");
    a = own_table_read(&arena, file_from("long.csv", &t), NULL);
    assert_true(a->N == 1 && a->X[0] == 1 && strlen(a->word[0]) == MANY - 1);
    for (int i = 0; i < MANY; i++)
        text_bytes(&t, i % 3 ? "0,b\n" : "0,a\n", 4);
    a = own_table_read(&arena, file_from("long.csv", &t), NULL);
    assert_true(a->N == MANY && a->words == 2 && a->line[MANY - 1] == MANY && a->Y[MANY - 1] == 0);
    mem_free(&arena);
}

/// Labels ///

static void labels_become_what_losses_take(void **state)
{
    static const struct {
        const char *text;
        int which;
        size_t dy;
        double y[6]; /* of the two samples */
    } rows[] = {
        { "0,2\n0,0\n", CROSS_ENTROPY, 3, { 0, 0, 1, 1, 0, 0 } },
        { "0,2\n0,0\n", SQUARED, 3, { 0, 0, 1, 1, 0, 0 } },
        { "0,2\n0,0\n", HUBER, 3, { 0, 0, 1, 1, 0, 0 } },
        { "0,2\n0,0\n", LOGISTIC, 3, { -1, -1, 1, 1, -1, -1 } },
        { "0,2.5\n0,-1e300\n", SQUARED, 1, { 2.5, -1e300 } },
        { "0,2.5\n0,7\n", HUBER, 1, { 2.5, 7 } },
        { "0,1\n0,-1\n", LOGISTIC, 1, { 1, -1 } },
        { "0,1\n0,0\n", LOGISTIC, 1, { 1, -1 } },
        { "0,1\n0,1\n", LOGISTIC, 1, { 1, 1 } },
        { "0,-1\n0,-1\n", LOGISTIC, 1, { -1, -1 } },
        { "0,no\n0,yes\n", LOGISTIC, 1, { -1, 1 } },
        { "0,b\n0,Z\n", CROSS_ENTROPY, 2, { 0, 1, 1, 0 } },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        mem arena = { 0 };
        sample_set S = samples_of(&arena, text_file("t.csv", rows[i].text), NULL, rows[i].which, rows[i].dy);
        assert_true(S.N == 2 && S.dx == 1 && S.dy == rows[i].dy && S.L == &losses[rows[i].which]);
        expect_numbers(rows[i].text, 2 * rows[i].dy, S.Y, rows[i].y);
        mem_free(&arena);
    }
}

/* 100,000 outputs are none too many. */
static void outputs_have_no_limit(void **state)
{
    mem arena = { 0 };
    (void)state;
    sample_set S = samples_of(&arena, text_file("t.csv", "0,99999\n"), NULL, CROSS_ENTROPY, 100000);
    assert_true(S.dy == 100000 && S.Y[99999] == 1 && S.Y[0] == 0);
    mem_free(&arena);
}

static void labels_are_refused(void **state)
{
    static const struct {
        const char *text;
        int which;
        size_t dy;
        const char *line;
    } rows[] = {
        { "0,2\n0,3\n", CROSS_ENTROPY, 3, "line 2: label 3, expected a class: a whole number from 0 to 2" },
        { "0,2\n0,1.5\n", SQUARED, 3, "line 2: label 1.5, expected a class: a whole number from 0 to 2" },
        { "0,-1\n0,1\n", HUBER, 3, "line 1: label -1, expected a class" },
        { "0,1e300\n0,1\n", LOGISTIC, 3, "line 1: label 1.0000000000000001e+300, expected a class" },
        { "0,1\n0,2\n", LOGISTIC, 1, "line 2: label 2, expected -1 or 1 everywhere, or 0 or 1" },
        { "0,1\n0,0\n0,-1\n", LOGISTIC, 1, "line 2: label 0, expected -1 or 1 everywhere, or 0 or 1" },
        { "0,a\n0,b\n", CROSS_ENTROPY, 3, "2 different words are labels ('a', ...), and the networks have 3 outputs" },
        { "0,a\n0,b\n0,c\n", LOGISTIC, 1, "3 different words are labels ('a', ...), and the networks have 1 output" },
        { "0,a\n0,b\n", SQUARED, 1, "2 different words are labels ('a', ...), and the networks have 1 output" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        samples_refused(text_file("t.csv", rows[i].text), NULL, rows[i].which, rows[i].dy, rows[i].line);
}

/* x = (1, 2), (3, 4) and labels of that header and these bytes. */
static const char *labelled(const char *header, const char *bytes, size_t n)
{
    text x = { 0 };
    text y = { 0 };
    text t = { 0 };
    npy_put(&x, two_by_two, "\1\2\3\4", 4);
    npy_put(&y, header, bytes, n);
    entry e[2] = { entry_of("y.npy", &y), entry_of("x.npy", &x) };
    zip_put(&t, 2, e, false);
    free(x.s);
    free(y.s);
    return file_from("l.npz", &t);
}

static void rows_of_labels_are_taken(void **state)
{
    static const char signs[] = "{'descr': '|i1', 'fortran_order': False, 'shape': (2, 2), }\n";
    static const char column[] = "{'descr': '|i1', 'fortran_order': False, 'shape': (2, 1), }\n";
    static const struct {
        const char *header, *bytes;
        int which;
        double y[4];
        const char *line; /* NULL: none, it is taken */
    } rows[] = {
        { two_by_two, "\1\0\0\1", CROSS_ENTROPY, { 1, 0, 0, 1 }, NULL },
        { two_by_two, "\1\2\3\4", SQUARED, { 1, 2, 3, 4 }, NULL },
        { signs, "\1\xff\xff\xff", LOGISTIC, { 1, -1, -1, -1 }, NULL },
        { column, "\1\0\0\0", CROSS_ENTROPY, { 0, 1, 1, 0 }, NULL },
        { two_by_two, "\1\0\1\1", CROSS_ENTROPY, { 0 }, "y[1, 1] is 1, expected one 1 in each row, and 0" },
        { two_by_two, "\1\0\0\0", CROSS_ENTROPY, { 0 }, "y[1, 1] is 0, expected one 1 in each row, and 0" },
        { two_by_two, "\1\0\2\0", CROSS_ENTROPY, { 0 }, "y[1, 0] is 2, expected one 1 in each row, and 0" },
        { two_by_two, "\1\0\1\1", LOGISTIC, { 0 }, "y[0, 1] is 0, expected -1 or 1" },
        { two_numbers, "\1\2\0\0", CROSS_ENTROPY, { 0 }, "y[1] is 2, expected a class: a whole number from 0 to 1" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *file = labelled(rows[i].header, rows[i].bytes, strstr(rows[i].header, "(2, 2)") ? 4 : 2);
        mem arena = { 0 };
        if (rows[i].line)
            samples_refused(file, NULL, rows[i].which, 2, rows[i].line);
        else
            expect_numbers("y", 4, samples_of(&arena, file, NULL, rows[i].which, 2).Y, rows[i].y);
        mem_free(&arena);
    }
    samples_refused(
        labelled(two_by_two, "\1\0\0\1", 4), NULL, SQUARED, 3, "labels of 2 numbers, and the networks have 3");
    samples_refused(labelled(two_by_two, "\1\0\0\1", 4), "y", SQUARED, 2, "--label goes with CSV files");
    data_refused(
        labelled("{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }", "\1\2\3", 3), "x has 2 rows, y has 3");
    data_refused(labelled("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 1, 1), }", "\1\2", 2),
        "array 'y': its shape is (2, 1, 1), expected (N,) or (N, outputs)");
}

static void inputs_are_scaled(void **state)
{
    mem arena = { 0 };
    own_table *t = own_table_read(&arena, text_file("t.csv", "3,0\n7,1\n"), NULL);
    (void)state;
    own_map *map = own_map_read(&arena, text_file("t.map", "input-scale 0.1 # per cent\n"));
    sample_set S = own_samples(&arena, t, map, SQUARED, 1);
    expect_double("x", S.X[0], 3 * 0.1);
    expect_double("x", S.X[1], 7 * 0.1);
    expect_double("x", t->X[0], 3);
    question q = { text_file("t.csv", "1,0\n2,0\n"), NULL, text_file("t.map", "input-scale -0x1p1023\n"), SQUARED, 1,
        0 };
    expect_end(EXIT_USAGE, "takes input 1 of sample 2 beyond all doubles", read_samples, &q);
    mem_free(&arena);
}

/// Maps ///

static void maps_are_refused(void **state)
{
    static const struct {
        const char *text, *line;
    } rows[] = {
        { "W1 a\n", "line 1: 'W1': expected 'model two-layer', or another, first" },
        { "\n# model\nmodel cnn\n", "line 3: model cnn: expected two-layer, skip, linear-skip, mlp or residual" },
        { "model skip\nmodel skip\n", "line 2: model: expected once, before all names" },
        { "model\n", "line 1: expected 'model MODEL', 'input-scale X', '[block K:] NAME ARRAY [out,in|in,out]'" },
        { "model residual\nblock 0: U a\n",
            "line 2: block 0: U: expected 'block K: NAME ARRAY [LAYOUT]', K from 1 to 32" },
        { "model residual\nblock 33: U a\n", "line 2: block 33: U: expected 'block K: NAME ARRAY [LAYOUT]'" },
        { "model residual\nblock 1 U a\n", "line 2: block 1 U: expected 'block K: NAME ARRAY [LAYOUT]'" },
        { "model residual\nblock 1: W a\n", "line 2: block 1: W: expected 'block K: NAME ARRAY [LAYOUT]'" },
        { "model residual\nblock 1: U\n", "line 2: block 1: U: expected 'block K: NAME ARRAY [LAYOUT]'" },
        { "model residual\nblock 1:U a\n", "line 2: block 1:U a: expected 'block K: NAME ARRAY [LAYOUT]'" },
        { "model residual\nblock\n", "line 2: block  : expected 'block K: NAME ARRAY [LAYOUT]'" },
        { "model mlp\nblock 1: U a\n", "line 2: block 1: U: expected 'block K: NAME ARRAY [LAYOUT]'" },
        { "model residual\nblock 2: c a\nc2 b\n", "line 3: c2 is named twice" },
        { "model residual\nblock 2: c a out,in\n", "line 2: c2 is a vector and has no layout" },
        { "model mlp\nW67 a\n", "line 2: 'W67': the model mlp has no such tensor" },
        { "model skip yes\n", "line 1: expected 'model MODEL'" },
        { "model two-layer\nV1 a\n", "line 2: 'V1': the model two-layer has no such tensor" },
        { "model skip\nT65 a\n", "line 2: 'T65': the model skip has no such tensor" },
        { "model linear-skip\nW1 a\n", "line 2: 'W1': the model linear-skip has no such tensor" },
        { "model skip\nW1 a\nW1 b\n", "line 3: W1 is named twice" },
        { "model skip\nW1 a out,in x\n", "line 2: expected 'model MODEL'" },
        { "model skip\nW1\n", "line 2: expected 'model MODEL'" },
        { "model skip\nW1 a outin\n", "line 2: outin: expected out,in or in,out" },
        { "model skip\nb1 a out,in\n", "line 2: b1 is a vector and has no layout" },
        { "input-scale 0\n", "line 1: input-scale 0: expected a number that is not 0" },
        { "input-scale nan\n", "line 1: input-scale nan: expected a number" },
        { "input-scale 1/255\n", "line 1: input-scale 1/255: expected a number" },
        { "input-scale 2\ninput-scale 2\n", "line 2: input-scale: expected once" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        network_refused("/dev/null", text_file("t.map", rows[i].text), 1, rows[i].line);
    network_refused("/dev/null", file_of("t.map", "model\0", 6), 1, "is no text: it has a zero byte");
}

/// Networks ///

/* An archive of arrays "NAME RxC" or "NAME N", with a space between; their numbers are 1, 2, 3, ... */
static const char *network_of(const char *base, const char *arrays)
{
    double x[64];
    size_t shape[12][2];
    char name[12][20];
    npz_array a[12];
    size_t n = 0;
    text t = { 0 };
    for (size_t k = 0; k < COUNT(x); k++)
        x[k] = (double)(k + 1);
    for (const char *s = arrays; *s; n++) {
        int used = 0;
        shape[n][1] = 0;
        assert_true(n < COUNT(a) && sscanf(s, "%19s %zux%zu%n", name[n], &shape[n][0], &shape[n][1], &used) >= 2);
        if (!shape[n][1])
            assert_int_equal(sscanf(s, "%*s %*u%n", &used), 0);
        a[n] = (npz_array) { name[n], shape[n][1] ? 2 : 1, shape[n], x };
        s += used;
        s += strspn(s, " ");
    }
    npz_write(&t, n, a);
    return file_from(base, &t);
}

/* Networks, what is told of them, and their sizes. */
static const struct {
    const char *arrays, *map;
    size_t n;
    const char *told;
    size_t m, dy, dg, dz, layers;
} read_rows[] = {
    { "W1 3x2 W2 1x3", NULL, 2, "W1 3 x 2 from W1 (out,in), <f8\nW2 1 x 3 from W2 (out,in), <f8\n", 3, 1, 0, 0, 0 },
    { "W1 3x2 W2 4x3 b2 4 W3 1x4", NULL, 2,
        "W1 3 x 2 from W1 (out,in), <f8\nW2 4 x 3 from W2 (out,in), <f8\nb2 4 from b2, <f8\n"
        "W3 1 x 4 from W3 (out,in), <f8\n",
        0, 1, 0, 0, 1 },
    { "n.9.weight 3x2 n.10.weight 3x3 n.10.bias 3 n.12.weight 1x3", NULL, 2,
        "W1 3 x 2 from n.9.weight (out,in), <f8\nW2 3 x 3 from n.10.weight (out,in), <f8\n"
        "b2 3 from n.10.bias, <f8\nW3 1 x 3 from n.12.weight (out,in), <f8\n",
        0, 1, 0, 0, 1 },
    { "a 3x2 c 1x3", "model mlp\nW1 a\nW2 c", 2, "W1 3 x 2 from a (out,in), <f8\nW2 1 x 3 from c (out,in), <f8\n", 3, 1,
        0, 0, 0 },
    { "U1 3x2 c1 3 V1 2x3 d1 2 W 1x2", NULL, 2,
        "U1 3 x 2 from U1 (out,in), <f8\nc1 3 from c1, <f8\nV1 2 x 3 from V1 (out,in), <f8\nd1 2 from d1, <f8\n"
        "W 1 x 2 from W (out,in), <f8\n",
        0, 1, 0, 0, 2 },
    { "b.3.fc2.weight 2x2 b.3.fc1.weight 2x2 b.3.fc1.bias 2 inp.weight 2x3 inp.bias 2 o.weight 1x2", NULL, 3,
        "W0 2 x 3 from inp.weight (out,in), <f8\nb0 2 from inp.bias, <f8\nU1 2 x 2 from b.3.fc1.weight (out,in), "
        "<f8\nc1 2 from b.3.fc1.bias, <f8\nV1 2 x 2 from b.3.fc2.weight (out,in), <f8\n"
        "W 1 x 2 from o.weight (out,in), <f8\n",
        0, 1, 0, 0, 2 },
    { "b.0.0.weight 2x2 b.0.2.weight 2x2 a.weight 2x3 head.weight 1x2", NULL, 3,
        "W0 2 x 3 from a.weight (out,in), <f8\nU1 2 x 2 from b.0.0.weight (out,in), <f8\n"
        "V1 2 x 2 from b.0.2.weight (out,in), <f8\nW 1 x 2 from head.weight (out,in), <f8\n",
        0, 1, 0, 0, 2 },
    { "b.0.0.weight 2x1 b.0.2.weight 1x2 b.1.0.weight 3x1 b.1.2.weight 1x3 fc.weight 1x1", NULL, 1,
        "U1 2 x 1 from b.0.0.weight (out,in), <f8\nV1 1 x 2 from b.0.2.weight (out,in), <f8\n"
        "U2 3 x 1 from b.1.0.weight (out,in), <f8\nV2 1 x 3 from b.1.2.weight (out,in), <f8\n"
        "W 1 x 1 from fc.weight (out,in), <f8\n",
        0, 1, 0, 0, 4 },
    { "a 2x2 c 2x2 e 1x2 p 2", "model residual\nblock 1: U a out,in\nblock 1: V c in,out\nd1 p\nW e # read-out\n", 2,
        "U1 2 x 2 from a (out,in), <f8\nV1 2 x 2 from c (in,out), <f8\nd1 2 from p, <f8\n"
        "W 1 x 2 from e (out,in), <f8\n",
        0, 1, 0, 0, 2 },
    { "W1 2x3 b1 3x1 W2 3x1 b2 1x1", NULL, 2,
        "W1 3 x 2 from W1 (in,out), <f8\nb1 3 from b1, <f8\nW2 1 x 3 from W2 (in,out), <f8\nb2 1 from b2, <f8\n", 3, 1,
        0, 0, 0 },
    { "0.weight 2x2 0.bias 2 2.weight 2x2", NULL, 2,
        "W1 2 x 2 from 0.weight (out,in), <f8\nb1 2 from 0.bias, <f8\nW2 2 x 2 from 2.weight (out,in), <f8\n", 2, 2, 0,
        0, 0 },
    { "fc2.bias 1x2 fc1.weight 2x2 fc2.weight 2x2", NULL, 2,
        "W1 2 x 2 from fc1.weight (out,in), <f8\nW2 2 x 2 from fc2.weight (out,in), <f8\nb2 2 from fc2.bias, <f8\n", 2,
        2, 0, 0, 0 },
    { "W1 2x2 W2 2x2 out_in 1", NULL, 2, "W1 2 x 2 from W1 (out,in), <f8\nW2 2 x 2 from W2 (out,in), <f8\n", 2, 2, 0, 0,
        0 },
    { "W1 1x1 W2 1x1", NULL, 1, "W1 1 x 1 from W1 (out,in), <f8\nW2 1 x 1 from W2 (out,in), <f8\n", 1, 1, 0, 0, 0 },
    { "W1 4x2 V2 3x4 T1 2x3 c1 2 V1 4x2 W2 1x4", NULL, 2,
        "W1 4 x 2 from W1 (out,in), <f8\nV2 3 x 4 from V2 (out,in), <f8\nT1 2 x 3 from T1 (out,in), <f8\n"
        "c1 2 from c1, <f8\nV1 4 x 2 from V1 (out,in), <f8\nW2 1 x 4 from W2 (out,in), <f8\n",
        4, 1, 3, 2, 1 },
    { "W1 4x2 V2 3x4 V1 3x4 W2 1x4", NULL, 2,
        "W1 4 x 2 from W1 (out,in), <f8\nV2 3 x 4 from V2 (out,in), <f8\nV1 4 x 3 from V1 (in,out), <f8\n"
        "W2 1 x 4 from W2 (out,in), <f8\n",
        4, 1, 3, 3, 0 },
    { "W 3x2 V 2x1 T1 1x2 b 3", NULL, 2,
        "T1 1 x 2 from T1 (out,in), <f8\nV 2 x 1 from V (out,in), <f8\nW 3 x 2 from W (out,in), <f8\nb 3 from b, "
        "<f8\n",
        0, 3, 2, 1, 1 },
    { "W 3x2 V 2x2", "model linear-skip\nV V in,out\nW W\n", 2,
        "V 2 x 2 from V (in,out), <f8\nW 3 x 2 from W (out,in), <f8\n", 0, 3, 2, 2, 0 },
    { "k 2x2 l 2x2 p 2", "# Keras\nmodel two-layer\r\nW1 k in,out # kernel\nW2 l\tin,out\nb1 p\n\n", 2,
        "W1 2 x 2 from k (in,out), <f8\nb1 2 from p, <f8\nW2 2 x 2 from l (in,out), <f8\n", 2, 2, 0, 0, 0 },
    { "a 1x1", "model two-layer\nW1 a\nW2 a", 1, "W1 1 x 1 from a (out,in), <f8\nW2 1 x 1 from a (out,in), <f8\n", 1, 1,
        0, 0, 0 },
    { "W1 3x2 W2 1x3", "input-scale 2\n", 2, "W1 3 x 2 from W1 (out,in), <f8\nW2 1 x 3 from W2 (out,in), <f8\n", 3, 1,
        0, 0, 0 },
};

static void networks_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(read_rows); i++) {
        mem arena = { 0 };
        text told = { 0 };
        own_map *map = own_map_read(&arena, read_rows[i].map ? text_file("t.map", read_rows[i].map) : NULL);
        own_net *net = own_read(&arena, network_of("a.npz", read_rows[i].arrays), map, read_rows[i].n, &told);
        assert_string_equal(told.s, read_rows[i].told);
        assert_true(net->n == read_rows[i].n && net->m == read_rows[i].m && net->dy == read_rows[i].dy &&
            net->dg == read_rows[i].dg && net->dz == read_rows[i].dz && net->layers == read_rows[i].layers);
        free(told.s);
        mem_free(&arena);
    }
}

/* By rows, whichever way the file has them. */
static void layouts_are_turned(void **state)
{
    static const double plain[] = { 1, 2, 3, 4, 5, 6 };
    static const double turned[] = { 1, 4, 2, 5, 3, 6 };
    (void)state;
    for (int in_out = 0; in_out < 2; in_out++) {
        mem arena = { 0 };
        text told = { 0 };
        const char *file = network_of("a.npz", in_out ? "W1 2x3 W2 3x1" : "W1 3x2 W2 1x3");
        own_net *net = own_read(&arena, file, own_map_read(&arena, NULL), 2, &told);
        expect_numbers("W1", 6, net->t[OWN_W1].x, in_out ? turned : plain);
        expect_numbers("W2", 3, net->t[OWN_W2].x, plain);
        free(told.s);
        mem_free(&arena);
    }
}

/* Networks, and the line that refuses them. */
static const struct {
    const char *arrays, *map;
    size_t n;
    const char *line;
} refused_rows[] = {
    { "W1 2x2 W2 1x2", NULL, 2,
        "array 'W1': its shape (2, 2) fits W1 both as out,in and as in,out: write 'W1 W1 out,in' in a map" },
    { "a 2x2 c 1x2", "model two-layer\nW1 a\nW2 c", 2, "write 'W1 a out,in' in a map" },
    { "W1 3x2 W2 3x3", NULL, 2, "array 'W2': its shape (3, 3) fits W2 both" },
    { "W1 4x2 V2 3x4 V1 4x4 W2 1x4", NULL, 2, "array 'V1': its shape is (4, 4), expected (4, 3), out,in, or (3, 4)" },
    { "W1 3x2 W2 1x3", NULL, 5,
        "array 'W1': its shape is (3, 2), expected (any, 5), out,in, or (5, any), in,out, for W1, the data having so "
        "many "
        "inputs" },
    { "W1 3x2 W2 1x4", NULL, 2, "array 'W2': its shape is (1, 4), expected (outputs, 3), out,in, or" },
    { "W1 3x2 b1 2 W2 1x3", NULL, 2, "array 'b1': its shape is (2,), expected (3,) for b1" },
    { "W1 4x2 b1 2x2 W2 1x4", NULL, 2, "array 'b1': its shape is (2, 2), expected (4,) for b1" },
    { "W1 6 W2 1x3", NULL, 2, "array 'W1': its shape is (6,), expected (any, 2), out,in" },
    { "0.weight 2x3 2.weight 1x2", NULL, 2,
        "array '0.weight': its shape is (2, 3), expected (any, 2), out,in, for W1" },
    { "0.weight 3x2 2.weight 1x3 4.weight 1x1", "model two-layer\n", 2,
        "has more than the two layers of the model two-layer" },
    { "0.weight 3x2 2.weight 1x3 2.gain 1x1", NULL, 2,
        "array '2.gain': is unused: no tensor of the model two-layer (see 'skipverify explain map')" },
    { "0.weight 3x2 2.weight 1x3 a.4.weight 1x1", NULL, 2, "has arrays 0.weight, 2.weight, a.4.weight; expected W1" },
    { "b.7.1.weight 3x2 b.7.2.weight 2x3 b.7.3.weight 1x1 o.weight 1x2", NULL, 2,
        "array 'b.7.3.weight': is a third weight of block 7, expected two of each" },
    { "b.0.1.weight 3x2 b.0.2.weight 2x3 b.7.1.weight 3x2 o.weight 1x2", NULL, 2,
        "array 'b.7.1.weight': is the only weight of block 7, expected two of each" },
    { "b.0.up.weight 2x2 b.0.down.weight 2x2 o.weight 1x2", NULL, 2,
        "array 'b.0.down.weight': is U or V of its block, and 'b.0.up.weight' the other: which is which?" },
    { "b.0.fc1.weight 3x2 b.0.fc.weight 2x3 p.weight 4x2 o.weight 1x2", NULL, 2,
        "array 'o.weight': is outside blocks, as 'p.weight' is: which is the read-out?" },
    { "b.0.1.weight 3x2 b.0.2.weight 2x3 c.0.1.weight 1x2", NULL, 2, "has arrays b.0.1.weight" },
    { "b.0.a1.weight 3x2 b.0.a2.weight 3x3 o.weight 1x2", NULL, 2,
        "array 'b.0.a2.weight': its shape is (3, 3), expected (2, 3), out,in, for V1" },
    { "b.0.1.weight 2x2 b.0.2.weight 2x2 inp.weight 2x2", NULL, 2,
        "array 'inp.weight': is a read-in, W0, by its name, and there is no read-out" },
    { "0.weight 3x2 1.weight 3 1.running_mean 3 2.weight 1x3", NULL, 2,
        "array '1.running_mean': is of a BatchNorm, which no model has" },
    { "W1 3x2 W2 1x3 curved 1", NULL, 2, "bad.npz: is a file of knots: expected " },
    { "U1 3x2 W 1x2", NULL, 2, "no array for V1 of the model residual" },
    { "U1 3x2 V1 2x3 U3 3x2 W 1x2", NULL, 2, "array 'U3' is U3, and there is no U2" },
    { "U1 3x2 V1 2x3 b0 2 W 1x2", NULL, 2, "array 'b0' is b0, and there is no W0" },
    { "W1 3x2 W2 5x3 W3 1x4", NULL, 2, "array 'W3': its shape is (1, 4), expected (outputs, 5), out,in, or" },
    { "W1 3x2 W2 4x5 W3 1x4", NULL, 2,
        "array 'W2': its shape is (4, 5), expected (any, 3), out,in, or (3, any), in,out, for W2" },
    { "W1 3x2 W2 4x3 W4 1x4", "model mlp\n", 2, "array 'W4' is W4, and there is no W3" },
    { "W1 3x2 W2 1x3 T1 2x2", NULL, 2, "array 'T1': is unused" },
    { "W1 3x2", NULL, 2, "no array for W2 of the model two-layer" },
    { "W1 3x2 W2 1x3 V1 3x3", NULL, 2, "no array for V2 of the model skip" },
    { "0.weight 3x2 0.bias 3", NULL, 2, "no array for W2 of the model two-layer" },
    { "W 1x2", NULL, 2, "no array for V of the model linear-skip" },
    { "W 1x2 V 2x2 T2 2x2", NULL, 2, "array 'T2' is T2, and there is no T1" },
    { "W 1x2 V 2x2 c1 2", NULL, 2, "array 'c1' is c1, and there is no T1" },
    { "a 1x2 b 2x2 c 3", NULL, 2, "has arrays a, b, c; expected W1 and W2, or W and V, or U1, V1 and W, or 0.weight" },
    { "a 3x2 c 1x3", "model two-layer\nW1 a\nW2 d", 2, "no array 'd', which" },
    { "a 3x2 c 1x3 d 1", "model two-layer\nW1 a\nW2 c", 2, "array 'd': is unused" },
    { "a 3x2 c 1x3", "model two-layer\nW1 a in,out\nW2 c", 2,
        "its shape is (3, 2), expected (2, any), in,out, for W1" },
    { "W1 2x2 W2 1x2 out_in 1", "model two-layer\nW1 W1 in,out\nW2 W2", 2, "but the file has an array 'out_in'" },
    { "0.weight 3x2 2.weight 1x3", "model skip\n", 2, "no array for W1 of the model skip" },
};

static void networks_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(refused_rows); i++)
        network_refused(network_of("bad.npz", refused_rows[i].arrays),
            refused_rows[i].map ? text_file("t.map", refused_rows[i].map) : NULL, refused_rows[i].n,
            refused_rows[i].line);
}

/* A NaN is found with its index in the file, also where the matrix is turned. */
static void numbers_are_finite(void **state)
{
    double x[6] = { 1, 2, 3, 4, NAN, 6 };
    static const size_t shape[] = { 2, 3 };
    static const size_t other[] = { 3, 1 };
    const npz_array a[] = { { "W1", 2, shape, x }, { "W2", 2, other, x } };
    text t = { 0 };
    (void)state;
    npz_write(&t, 2, a);
    network_refused(file_from("bad.npz", &t), NULL, 2, "array 'W1': element [1, 1] is nan, expected a finite number");
    x[4] = 5;
    x[2] = -INFINITY;
    t = (text) { 0 };
    npz_write(&t, 2, a);
    network_refused(file_from("bad.npz", &t), NULL, 2, "array 'W1': element [0, 2] is -inf");
}

static void networks_have_digests(void **state)
{
    static const double x[] = { 0, 1, 1, 0 };
    mem arena = { 0 };
    text told = { 0 };
    char digest[65];
    (void)state;
    own_net *net = own_read(&arena, network_of("a.npz", "W1 3x2 b1 3 W2 1x3"), own_map_read(&arena, NULL), 2, &told);
    own_digest(net, digest);
    assert_string_equal(digest, "11ac8e773cec2efab2de70c977e1a0d424ba5feed8f25d804fafe411abcb885f");
    net->t[OWN_B1] = (own_tensor) { 0, 0, NULL };
    own_digest(net, digest);
    assert_string_equal(digest, "48cacb5ef826b0543f6da3e2dcb7030362cc7c4aee5452ea62667f561de13701");
    net = own_read(&arena, network_of("a.npz", "W 3x2 V 2x1 T1 1x2"), own_map_read(&arena, NULL), 2, &told);
    own_digest(net, digest);
    assert_string_equal(digest, "7cbc6f62490561d1bd455848f044c4c1eb0b240e0ae074b50239d978c5c1c8c7");
    sample_set S = { 2, 2, 1, x, x + 2, &losses[SQUARED] };
    own_data_digest(&S, digest);
    assert_string_equal(digest, "8936d022b11bd8cc7e8065e6c1f54f4e2ffbeb17aac67c2b4839d2fa3ec37ca1");
    free(told.s);
    mem_free(&arena);
}

static void tensors_have_names(void **state)
{
    (void)state;
    static const struct {
        int model;
        size_t layers, which;
        const char *name;
    } rows[] = { { OWN_TWO_LAYER, 0, OWN_B2, "b2" }, { OWN_TWO_LAYER, 0, OWN_V1, NULL },
        { OWN_TWO_LAYER, 0, OWN_T1, NULL }, { OWN_SKIP, 8, OWN_C1 + 14, "c8" }, { OWN_SKIP, 1, OWN_V1, "V1" },
        { OWN_SKIP, 64, OWN_V1 - 1, "c64" }, { OWN_LINEAR_SKIP, 1, OWN_V1, "V" }, { OWN_LINEAR_SKIP, 1, OWN_W2, "W" },
        { OWN_LINEAR_SKIP, 1, OWN_T1 + 2, "T2" }, { OWN_LINEAR_SKIP, 1, OWN_V2, NULL },
        { OWN_LINEAR_SKIP, 1, OWN_B1, NULL }, { OWN_MLP, 3, OWN_W1, "W1" }, { OWN_MLP, 3, OWN_B1, "b1" },
        { OWN_MLP, 3, OWN_T1, "W2" }, { OWN_MLP, 3, OWN_C1 + 4, "b4" }, { OWN_MLP, 3, OWN_W2, "W5" },
        { OWN_MLP, 3, OWN_B2, "b5" }, { OWN_MLP, 64, OWN_W2, "W66" }, { OWN_MLP, 1, OWN_V2, NULL },
        { OWN_RESIDUAL, 4, OWN_W1, "W0" }, { OWN_RESIDUAL, 4, OWN_B1, "b0" }, { OWN_RESIDUAL, 4, OWN_T1, "U1" },
        { OWN_RESIDUAL, 4, OWN_C1, "c1" }, { OWN_RESIDUAL, 4, OWN_T1 + 2, "V1" }, { OWN_RESIDUAL, 4, OWN_C1 + 2, "d1" },
        { OWN_RESIDUAL, 4, OWN_T1 + 4, "U2" }, { OWN_RESIDUAL, 4, OWN_W2, "W" },
        { OWN_RESIDUAL, 64, OWN_V1 - 1, "d32" }, { OWN_RESIDUAL, 4, OWN_V1, NULL } };
    for (size_t k = 0; k < COUNT(rows); k++) {
        char room[OWN_NAME];
        const char *name = own_name(rows[k].model, rows[k].layers, rows[k].which, room);
        assert_int_equal(name == NULL, rows[k].name == NULL);
        if (name)
            assert_string_equal(name, rows[k].name);
    }
    for (size_t i = 0; i < OWN_TENSORS; i++) {
        char room[OWN_NAME];
        bool small = strchr("bcd", own_name(i == OWN_V1 ? OWN_LINEAR_SKIP : OWN_SKIP, 1, i, room)[0]);
        assert_int_equal(own_is_bias(i), small);
    }
}

/// Any files ///

static void other_files_are_named(void **state)
{
    static const struct {
        const char *bytes;
        size_t n;
        const char *line;
    } rows[] = {
        { "\x89HDF\r\n\x1a\n\0\0", 10, "is an HDF5 file, which is not read: save its arrays with numpy.savez" },
        { "\x80\2\x8a\nl", 5, "is a Python pickle, which is a program and is not read" },
        { "\x80\4\x95", 3, "is a Python pickle" },
        { "\x1f\x8b\10", 3, "is compressed by gzip: unpack it first" },
        { "\xff\xfe"
          "1\0",
            4, "is text in UTF-16: save it in UTF-8" },
        { "", 0, "is empty" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *file = file_of("other", rows[i].bytes, rows[i].n);
        data_refused(file, rows[i].line);
        network_refused(file, NULL, 1, rows[i].line);
    }
    network_refused(text_file("other", "1,2\n"), NULL, 1, "is neither an npz nor a safetensors file");
    network_refused(npy_of("|u1", "\1", 1), NULL, 1, "is an npy file, whose one array has no name: save with numpy");
}

static void what_is_no_file_is_refused(void **state)
{
    const char *pipe = name_of("pipe");
    question q = { name_of("none"), NULL, NULL, SQUARED, 1, 1 };
    (void)state;
    expect_end(EXIT_SYSTEM, "cannot read ", read_samples, &q);
    q.file = directory;
    expect_end(EXIT_SYSTEM, "Is a directory", read_samples, &q);
    assert_int_equal(mkfifo(pipe, 0600), 0);
    data_refused(pipe, "is a pipe or a device, expected a regular file");
    data_refused("/dev/zero", "/dev/zero: is a pipe or a device, expected a regular file");
    /* says that it has 4096 bytes, and has fewer */
    q.file = "/sys/kernel/mm/transparent_hugepage/enabled";
    if (access(q.file, R_OK) == 0)
        expect_end(EXIT_SYSTEM, "its size changed while it was read", read_samples, &q);
}

/* Each file with every beginning of it, and with every byte another one. */
static void broken_files_end_in_a_line(void **state)
{
    static const struct {
        const char *base;
        void (*fn)(void *);
    } files[] = { { "n.npz", read_network }, { "s.safetensors", read_samples }, { "z.npz", read_samples },
        { "t.csv", read_samples } };
    mem arena = { 0 };
    text t[4] = { { 0 } };
    (void)state;
    for (size_t i = 0; i < COUNT(streams) && !t[2].s; i++) {
        entry e = { "x.npy", 8, streams[i].at, streams[i].n, streams[i].size, streams[i].crc };
        if (!strcmp(streams[i].what, "npy"))
            zip_put(&t[2], 1, &e, true);
    }
    user_file f = user_read(&arena, network_of("n.npz", "W1 3x2 W2 1x3"));
    text_bytes(&t[0], f.at, f.n);
    safetensors_put(&t[1], "{" TENSOR("x", "F16", "[1,2]", 0, 4) "," TENSOR("y", "I8", "[1]", 4, 5) "}", 5);
    text_add(&t[3], "\"a\",b\r\n1,x\n2,\"y\"\n");
    for (size_t k = 0; k < COUNT(files); k++) {
        question q = { name_of(files[k].base), NULL, NULL, SQUARED, 1, 2 };
        for (size_t i = 0; i < t[k].used; i++) {
            file_of(files[k].base, t[k].s, i);
            if (i)
                survives(files[k].base, files[k].fn, &q);
            t[k].s[i] ^= (char)(1 << i % 8);
            file_of(files[k].base, t[k].s, t[k].used);
            survives(files[k].base, files[k].fn, &q);
            t[k].s[i] ^= (char)(1 << i % 8);
        }
        free(t[k].s);
    }
    mem_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_have_their_values),
        cmocka_unit_test(elements_that_are_no_doubles_are_refused),
        cmocka_unit_test(short_floats_are_all_right),
        cmocka_unit_test(npy_headers_are_read),
        cmocka_unit_test(npy_versions_are_read),
        cmocka_unit_test(fortran_order_is_read),
        cmocka_unit_test(npy_headers_are_refused),
        cmocka_unit_test(checksums_are_known),
        cmocka_unit_test(streams_are_unpacked),
        cmocka_unit_test(streams_that_are_cut_are_refused),
        cmocka_unit_test(streams_that_are_changed_end),
        cmocka_unit_test(streams_are_refused),
        cmocka_unit_test(archives_are_read),
        cmocka_unit_test(an_archive_of_numpy_is_read),
        cmocka_unit_test(archives_are_written),
        cmocka_unit_test(archives_have_one_spelling),
        cmocka_unit_test(archives_are_refused),
        cmocka_unit_test(wide_archives_are_refused),
        cmocka_unit_test(bombs_are_refused),
        cmocka_unit_test(deflated_arrays_are_refused),
        cmocka_unit_test(entries_that_are_no_arrays_are_refused),
        cmocka_unit_test(safetensors_are_read),
        cmocka_unit_test(safetensors_are_refused),
        cmocka_unit_test(tables_are_read),
        cmocka_unit_test(tables_are_refused),
        cmocka_unit_test(long_lines_are_read),
        cmocka_unit_test(labels_become_what_losses_take),
        cmocka_unit_test(outputs_have_no_limit),
        cmocka_unit_test(labels_are_refused),
        cmocka_unit_test(rows_of_labels_are_taken),
        cmocka_unit_test(inputs_are_scaled),
        cmocka_unit_test(maps_are_refused),
        cmocka_unit_test(networks_are_read),
        cmocka_unit_test(layouts_are_turned),
        cmocka_unit_test(networks_are_refused),
        cmocka_unit_test(numbers_are_finite),
        cmocka_unit_test(networks_have_digests),
        cmocka_unit_test(tensors_have_names),
        cmocka_unit_test(other_files_are_named),
        cmocka_unit_test(what_is_no_file_is_refused),
        cmocka_unit_test(broken_files_end_in_a_line),
    };
    return cmocka_run_group_tests_name("readers", tests, make_directory, remove_directory);
}
