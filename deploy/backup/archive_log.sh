#!/bin/sh
# archive_command = 'archive_log.sh KEYS BACKUPS %p %f': a file of the write-ahead log, encrypted with the newest of the
# days' keys, as BACKUPS/DAY-NAME.enc.
set -eu
key=$(ls "$1"/????-??-??.key | tail -n 1)
out="$2/$(basename "$key" .key)-$4.enc"
openssl enc -aes-256-ctr -pbkdf2 -pass "file:$key" -in "$3" -out "$out.new"
sync "$out.new"
mv "$out.new" "$out"
