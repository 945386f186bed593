#!/bin/sh
# readable.sh FILE.pdf...: qpdf, MuPDF and Ghostscript read each to its end without a complaint.
set -eu
for file in "$@"; do
    qpdf --check "$file" >/dev/null
    # Debian's MuPDF is built without ICC, and says so of every file with a profile.
    said=$(mutool draw -q -r 20 -o /dev/null "$file" 2>&1 | grep -v "ICC support is not available" || true)
    said=$said$(gs -q -dNOPAUSE -dBATCH -dSAFER -dPDFSTOPONERROR -r20 -sDEVICE=nullpage "$file" 2>&1)
    if [ -n "$said" ]; then
        printf '%s: %s\n' "$file" "$said"
        exit 1
    fi
    echo "$file: read by qpdf, MuPDF and Ghostscript"
done
