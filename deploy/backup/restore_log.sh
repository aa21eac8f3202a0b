#!/bin/sh
# restore_command = 'restore_log.sh KEYS BACKUPS %f %p': that file again. Where there is none it ends with 1, as Postgres
# asks for files beyond the last one.
set -eu
for enc in "$2"/????-??-??-"$3".enc; do
    [ -e "$enc" ] || exit 1
    day=$(basename "$enc" | cut -c 1-10)
done
exec openssl enc -d -aes-256-ctr -pbkdf2 -pass "file:$1/$day.key" -in "$enc" -out "$4"
