#!/bin/bash
# Builds the stand-in images under the official names; see README.md. Run it again after a change of version.
set -euo pipefail
folder=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$folder/../.." && pwd)
python=${PYTHON:-$root/.venv/bin/python}
missing() { echo "$1" >&2; exit 3; }

[[ -x $python ]] || missing "There is no .venv: make install"
docker version >/dev/null 2>&1 || missing "No container engine answers: start one (dockerd), or set DOCKER_HOST"
image() { sed -nE "s|^ *image: ($1:[^ \$]+).*|\1|p" "$root"/docker-compose.yml "$root"/deploy/compose/*.yml | head -1; }
debian=$(sed -nE 's/^ARG DEBIAN=([^@]+).*$/\1/p' "$root/deploy/Dockerfile")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

here() { docker image inspect "$1" >/dev/null 2>&1; }
official() { # whether an image of this name is here that is no stand-in: it is left alone
  here "$1" && [[ $(docker image inspect -f '{{index .Config.Labels "reliefstream.standin"}}' "$1") != true ]] &&
    echo "$1 is here, and is no stand-in: left alone"
}

if ! here "$debian"; then
  command -v debootstrap >/dev/null || missing "debootstrap is missing: apt-get install debootstrap"
  sources=$(apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) main' 'Created-By: Packages' |
    grep -E ' bookworm(-updates|-security)? main$' | sort -u) || missing "apt has no source for Debian bookworm"
  mirror=$(awk '$3 == "bookworm" {print $2; exit}' <<<"$sources")
  debootstrap --variant=minbase --include=ca-certificates bookworm "$work/base" "$mirror" >"$work/log" ||
    missing "debootstrap failed: $(tail -3 "$work/log")"
  [[ $debian == "debian:$(<"$work/base/etc/debian_version")-slim" ]] ||
    echo "note: the packages are of Debian $(<"$work/base/etc/debian_version"), the name is $debian"
  echo "$sources" >"$work/base/etc/apt/sources.list"
  # Certificates that this machine trusts beyond Debian's own, such as its proxy's.
  "$python" - /etc/ssl/certs/ca-certificates.crt "$work/base" <<'END'
import re, sys
from pathlib import Path
blocks = lambda file: set(re.findall(r"-----BEGIN CERT.*?-----END CERT[^\n]*", Path(file).read_text(), re.S))
base = Path(sys.argv[2])
for number, block in enumerate(sorted(blocks(sys.argv[1]) - blocks(base / "etc/ssl/certs/ca-certificates.crt"))):
    (base / f"usr/local/share/ca-certificates/builder-{number}.crt").write_text(block + "\n")
END
  chroot "$work/base" update-ca-certificates >"$work/log" 2>&1
  printf 'path-exclude /usr/share/%s/*\n' doc man info locale >"$work/base/etc/dpkg/dpkg.cfg.d/slim"
  rm -rf "$work"/base/usr/share/{doc,man,info,locale}/* "$work"/base/var/{lib/apt/lists,cache/apt}/* \
    "$work"/base/var/log/*
  tar -C "$work/base" -c . |
    docker import -c 'CMD ["bash"]' -c 'LABEL reliefstream.standin=true' - "$debian" >/dev/null
  echo "$debian"
fi

build() { docker build -q --build-arg "DEBIAN=$debian" -t "$2" "$1" >/dev/null && echo "$2"; }

kafka=$(image apache/kafka)
if ! official "$kafka"; then
  cp -r "$folder/kafka" "$work/kafka"
  cp "$root/deploy/local/kafka_jars/log4j2.properties" "$work/kafka/"
  (cd "$root" && "$python" -c 'import os, sys; from pathlib import Path; from deploy.local import kafka
kafka.fetch_jars(Path(sys.argv[1]), os.environ)' .local/kafka/libs)
  cp -rL "$root/.local/kafka/libs" "$work/kafka/libs"
  build "$work/kafka" "$kafka"
fi

postgres=$(image postgres)
if ! official "$postgres"; then
  cp -r "$folder/postgres" "$work/postgres"
  binaries=$(cd "$root" && "$python" -c 'from deploy.local.servers.postgres import BINARIES; print(BINARIES.parent)')
  cp -rL "$binaries" "$work/postgres/pginstall"
  cp -rL "$(dirname "$binaries").libs" "$work/postgres/libs"
  build "$work/postgres" "$postgres"
fi

prometheus=$(image prom/prometheus)
official "$prometheus" || build "$folder/prometheus" "$prometheus"
