# Shared by the scripts beside it: sourced, never run. Finds and installs what they need.
# shellcheck shell=bash

root_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export PATH="$PATH:${CARGO_HOME:-$HOME/.cargo}/bin"

say() { printf '\033[1m== %s\033[0m\n' "$*" >&2; }
fail() { printf '%s: %s\n' "${0##*/}" "$1" >&2; [ $# -lt 2 ] || printf '  %s\n' "$2" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }
is_root() { [ "$(id -u)" = 0 ]; }

as_root() {
    if is_root; then "$@"; elif have sudo; then sudo "$@"; else
        fail "root is needed for: $*" "Run that as root, then this again."
    fi
}

# Debian and its family start a server on port 5432 when they install one. Nobody asked for it, so not this time.
apt_install() {
    local no_cluster=/etc/postgresql-common/createcluster.d/levelup-none.conf
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y)
    as_root "${apt[@]}" update
    case " $* " in *" postgresql "*)
        as_root "${apt[@]}" install --no-install-recommends postgresql-common
        as_root mkdir -p "${no_cluster%/*}"
        echo 'create_main_cluster = false' | as_root tee "$no_cluster" >/dev/null
    ;; esac
    as_root "${apt[@]}" install --no-install-recommends "$@"
    as_root rm -f "$no_cluster"
}

# Arguments: the names of one package for apt, dnf, pacman and brew.
install_package() {
    say "installing $1"
    if have apt-get; then apt_install "$1"
    elif have dnf; then as_root dnf install -y "$2"
    elif have pacman; then as_root pacman -S --needed --noconfirm "$3"
    elif have brew; then brew install "$4"
    else fail "no known package manager to install $1 with" "Install it by hand, then run this again."
    fi
}

# Prints the directory of PostgreSQL's server programs, 15 or newer, newest first; the order of the program itself.
pg_bin() {
    local dir version
    while read -r dir; do
        [ -x "$dir/postgres" ] && [ -x "$dir/initdb" ] && [ -x "$dir/pg_ctl" ] || continue
        version=$("$dir/postgres" --version | sed -E 's/.*\(PostgreSQL\) ([0-9]+).*/\1/')
        if [ "$version" -ge 15 ]; then echo "$dir"; return; fi
    done < <(
        echo "${PG_BIN:-}"
        pg_config --bindir 2>/dev/null || true
        ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin \
            /usr/local/opt/postgresql*/bin /usr/local/pgsql/bin 2>/dev/null | sort -rV
        tr ':' '\n' <<<"$PATH"
    )
    return 1
}

need_rust() {
    have cargo || fail "Rust is not installed" "Install Rust 1.95 or newer with rustup, then run this again."
    have cc || install_package build-essential gcc base-devel gcc
}

need_postgres() {
    pg_bin >/dev/null || install_package postgresql postgresql-server postgresql postgresql@17
    pg_bin >/dev/null || fail "PostgreSQL 15 or newer was not found after installing" \
        "This system's own is older: install a newer one from PostgreSQL's own packages, or name its programs in PG_BIN."
}

need_nats() { have nats-server || install_package nats-server nats-server nats-server nats-server; }

need_python() { have python3 || install_package python3 python3 python python3; }
