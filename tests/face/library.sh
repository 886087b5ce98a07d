# SPDX-License-Identifier: MIT
# The library through its public header alone, as strangers use it: sh tests/face/library.sh CC
set -eu
cc=$1
source=$(cd "$(dirname "$0")/../.." && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cat > "$dir/use.c" <<'C'
#include "skipverify.h"
#include <stdio.h>
int main(void)
{
    double a[6] = { 1, 2, 3, 4, 5, 6 }, b[6] = { 1, 0, 0, 1, 1, 1 };
    double c[4], x[6], u[4], s[2], v[6], lo[2], hi[2], w[2], q[4];
    size_t rank;
    if (skv_probe() || skv_threads(2) || skv_threads(SKV_MAX_THREADS + 1) == 0) return 1;
    if (skv_dispatch("no such level") == 0 || skv_dispatch(NULL)) return 1;
    if (skv_gemm(2, 2, 3, a, 3, b, 2, c, 2) || c[0] != 4 || c[1] != 5 || c[2] != 10 || c[3] != 11) return 2;
    if (skv_pinv(2, 3, a, x, -1, &rank) || rank != 2) return 3;
    if (skv_gemm(2, 2, 3, a, 3, x, 2, c, 2)) return 4;
    if (c[0] < 1 - 1e-14 || c[0] > 1 + 1e-14 || c[1] > 1e-14 || c[1] < -1e-14) return 4;
    if (skv_svd(2, 3, a, u, s, v) || skv_svd_enclose(2, 3, a, u, s, v, lo, hi)) return 5;
    if (!(lo[0] <= 9.508032000695724 && 9.508032000695723 <= hi[0] && lo[1] > 0.7728 && hi[1] < 0.7729)) return 6;
    double sym[4] = { 2, 1, 1, 2 };
    if (skv_eig(2, sym, w, q) || w[0] < 0.999999 || w[1] > 3.000001) return 7;
    if (skv_sum(3, (double[]){ 1e300, 1, -1e300 }) != 1) return 7;
    puts("library: ok");
    return 0;
}
C
$cc -std=gnu99 -O0 -ffp-contract=off -Wall -Wextra -DSKIPVERIFY_NO_MAIN -I"$source" "$source/skipverify.c" \
    "$dir/use.c" -lm -lpthread -o "$dir/use" 2> "$dir/log" || { cat "$dir/log"; exit 1; }
"$dir/use" || { echo "library: check $? failed"; exit 1; }
