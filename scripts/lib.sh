# shellcheck shell=bash
# Shared by the scripts in this folder: `. "$(dirname "$(readlink -f "$0")")/lib.sh"`.

set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
SCRIPT="$(basename "$0")"
# 1: no say(). Set by a script that has --quiet.
QUIET="${QUIET:-0}"
# The oldest Node that runs TypeScript sources directly and has `await using` (see "engines" in package.json).
NODE_MAJOR=24

# say TEXT: progress for a person; nothing under --quiet.
say() {
    [[ $QUIET == 1 ]] || printf '%s\n' "$*"
}

# doing TEXT: something that changes the machine or takes a while; shown even under --quiet.
doing() {
    printf '%s: %s\n' "$SCRIPT" "$*"
}

# die MESSAGE [FIX]: one line that says what is wrong and one that mends it; exit code 2.
die() {
    printf '%s: %s\n' "$SCRIPT" "$1" >&2
    [[ -z ${2:-} ]] || printf '  fix: %s\n' "$2" >&2
    exit 2
}

# node_is_recent PROGRAM: does it run, and is it new enough?
node_is_recent() {
    local version
    version="$("$1" --version 2>/dev/null)" || return 1
    version="${version#v}"
    [[ ${version%%.*} =~ ^[0-9]+$ ]] && ((${version%%.*} >= NODE_MAJOR))
}

# find_node: prints the Node to use, PATH's when it is new enough, else the one that npm installed; fails when neither is.
find_node() {
    local path
    path="$(command -v node)" && node_is_recent "$path" && printf '%s\n' "$path" && return 0
    path="$ROOT/node_modules/.bin/node"
    [[ -x $path ]] && node_is_recent "$path" && printf '%s\n' "$path"
}
