#!/bin/sh
# base.sh KEYS BACKUPS: a base backup of the server that libpq's environment names (PGHOST, PGPORT, PGUSER), encrypted
# with the newest of the days' keys (python -m deploy.backup_keys KEYS), as BACKUPS/DAY-base.enc.
set -eu
key=$(ls "$1"/????-??-??.key | tail -n 1)
out="$2/$(basename "$key" .key)-base.enc"
mkfifo "$out.pipe"
trap 'rm -f "$out.pipe"' EXIT
openssl enc -aes-256-ctr -pbkdf2 -pass "file:$key" -in "$out.pipe" -out "$out.new" &
pg_basebackup -D - -Ft -X fetch > "$out.pipe"
wait $!
mv "$out.new" "$out"
