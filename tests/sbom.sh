# SPDX-License-Identifier: MIT
# The bill of materials of a release, SPDX 2.3 in JSON: what is in the archive and in the static program, under which
# licence, with SHA-256.    sh tests/sbom.sh VERSION EPOCH ARCHIVE STATIC_PROGRAM SOURCE_DIRECTORY
set -eu
version=$1 epoch=$2 archive=$3 static=$4 source=$5
authors="Copyright (c) 2026 the skipverify authors"
licence="MIT AND CC-BY-4.0"   # the latter for iris, and in the source the digits
sum() { sha256sum "$1" | cut -d' ' -f1; }

# package ID NAME VERSION-OR-- LICENCE COPYRIGHT FILE-OR-- PURPOSE
package() {
    printf '  {"SPDXID": "SPDXRef-%s", "name": "%s",\n' "$1" "$2"
    [ "$3" = - ] || printf '   "versionInfo": "%s",\n' "$3"
    printf '   "downloadLocation": "NOASSERTION", "filesAnalyzed": false, "primaryPackagePurpose": "%s",\n' "$7"
    if [ "$6" != - ]; then
        printf '   "checksums": [{"algorithm": "SHA256", "checksumValue": "%s"}],\n' "$(sum "$6")"
    fi
    printf '   "licenseConcluded": "%s", "licenseDeclared": "%s", "copyrightText": "%s"}' "$4" "$4" "$5"
}
# relation FROM KIND TO
relation() {
    printf '  {"spdxElementId": "SPDXRef-%s", "relationshipType": "%s", "relatedSpdxElement": "SPDXRef-%s"}' "$@"
}
# The C library in the static program, as that names it; also where it cannot run here.
libc() { grep -aq 'C library is musl' "$static"; }

cat << END
{"spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT",
 "name": "skipverify-$version",
 "documentNamespace": "https://spdx.org/spdxdocs/skipverify-$version-$(sum "$archive")",
 "creationInfo": {"created": "$(date -u -d "@$epoch" +%Y-%m-%dT%H:%M:%SZ)", "creators": ["Tool: skipverify-sbom"]},
 "packages": [
END
package source "skipverify source" "$version" "$licence" "$authors" "$archive" SOURCE
echo ,
package program skipverify "$version" "$licence" "$authors" "$static" APPLICATION
echo ,
package iris Iris 1936 CC-BY-4.0 "R. A. Fisher; UCI Machine Learning Repository" "$source/vectors/iris.inc" DATA
echo ,
package digits "Optical Recognition of Handwritten Digits" 1998 CC-BY-4.0 \
    "E. Alpaydin, C. Kaynak; UCI Machine Learning Repository" "$source/vectors/digits.csv" DATA
echo ,
if libc; then package libc musl - MIT "Copyright (c) 2005-2020 Rich Felker, et al." - LIBRARY
else package libc "GNU C library" - LGPL-2.1-or-later "Free Software Foundation, Inc." - LIBRARY; fi
cat << END

 ],
 "relationships": [
END
relation DOCUMENT DESCRIBES source; echo ,
relation DOCUMENT DESCRIBES program; echo ,
relation program GENERATED_FROM source; echo ,
relation source CONTAINS iris; echo ,
relation source CONTAINS digits; echo ,
relation program CONTAINS iris; echo ,
relation program STATIC_LINK libc
printf '\n ]}\n'
