#!/usr/bin/env bash
# Runs tools/determinism.ts on each supported major of Node and compares what it prints, byte for byte: equal cases
# must give equal histories on all of them. Usage: tools/determinism-matrix.sh [MAJOR…]   (default: 22 24 26)
set -euo pipefail
cd "$(dirname "$0")/.."

majors=("$@")
[[ ${#majors[@]} -gt 0 ]] || majors=(22 24 26)
out=reports/out/determinism
mkdir -p "$out"

for major in "${majors[@]}"; do
  # The package `node` carries the binary itself; it lies apart from the project's own, pinned one.
  home="node_modules/.cache/node-$major"
  node="$home/node_modules/node/bin/node"
  if [[ ! -x $node ]]; then
    mkdir -p "$home"
    printf '{ "private": true, "allowScripts": { "node": true } }\n' >"$home/package.json"
    npm install --prefix "$home" --no-audit --no-fund --no-package-lock --loglevel=error "node@$major"
  fi
  version=$("$node" --version)
  if [[ $version != "v$major."* ]]; then
    echo "determinism: asked for Node $major, got $version" >&2
    exit 3
  fi
  echo "determinism: running on $version"
  "$node" --disable-warning=ExperimentalWarning tools/determinism.ts >"$out/node-$major.txt"
  if [[ ! -s $out/node-$major.txt ]]; then
    echo "determinism: nothing was printed on $version, so nothing would be compared" >&2
    exit 1
  fi
done

first=${majors[0]}
for major in "${majors[@]:1}"; do
  if ! diff -u "$out/node-$first.txt" "$out/node-$major.txt"; then
    echo "determinism: Node $first and Node $major disagree, see above" >&2
    exit 1
  fi
done
echo "determinism: Node ${majors[*]} agree on $(wc -l <"$out/node-$first.txt") lines"
