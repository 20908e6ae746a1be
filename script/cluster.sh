# A PostgreSQL for the length of a script: fast, not durable, on a Unix socket only. Sourced after lib.sh.
# shellcheck shell=bash

cluster_dir=
cluster_pid=

# Runs a command as the account of the cluster, in an empty directory of everyone's. PostgreSQL refuses root. The
# kernel ends the command when this script is killed, where setpriv can ask for that.
as_cluster_account() {
    local wrapper=()
    if is_root; then
        wrapper=(setpriv "--reuid=$cluster_account" "--regid=$(id -g "$cluster_account")" --clear-groups)
    fi
    if have setpriv && setpriv --pdeathsig INT true 2>/dev/null; then
        [ ${#wrapper[@]} -gt 0 ] || wrapper=(setpriv)
        wrapper+=(--pdeathsig INT)
    fi
    cd / && exec env LC_ALL=C ${wrapper[@]+"${wrapper[@]}"} "$@"
}

# Starts the cluster and exports LEVELUP_TEST_DATABASE_URL, whose role may create databases.
start_cluster() {
    local bin
    bin=$(pg_bin)
    cluster_account=$(id -un)
    if is_root; then
        cluster_account=postgres
        id postgres >/dev/null 2>&1 || cluster_account=nobody
    fi
    cluster_dir=$(mktemp -d /tmp/levelup-cluster.XXXXXX)
    trap stop_cluster EXIT
    trap 'exit 130' INT TERM
    mkdir "$cluster_dir/data"
    if is_root; then chown -R "$cluster_account" "$cluster_dir"; fi
    (as_cluster_account "$bin/initdb" -D "$cluster_dir/data" -U levelup --auth=trust --encoding=UTF8 \
        --locale=C --no-sync) >"$cluster_dir/initdb.log" 2>&1 || fail "initdb failed: $(tail -n 3 "$cluster_dir/initdb.log")"
    (as_cluster_account "$bin/postgres" -D "$cluster_dir/data" -c listen_addresses= \
        -c "unix_socket_directories=$cluster_dir" -c fsync=off -c full_page_writes=off -c max_connections=400 \
        -c shared_buffers=128MB -c max_wal_size=2GB -c log_checkpoints=off) >"$cluster_dir/postgres.log" 2>&1 &
    cluster_pid=$!
    until [ "$(sed -n 8p "$cluster_dir/data/postmaster.pid" 2>/dev/null | tr -d ' ')" = ready ]; do
        kill -0 "$cluster_pid" 2>/dev/null || fail "PostgreSQL did not start: $(tail -n 3 "$cluster_dir/postgres.log")"
        sleep 0.05
    done
    export LEVELUP_TEST_DATABASE_URL="postgres://levelup@${cluster_dir//\//%2F}/postgres"
}

stop_cluster() {
    local status=$?
    trap - EXIT
    if [ -n "$cluster_pid" ]; then
        kill -INT "$cluster_pid" 2>/dev/null || true
        wait "$cluster_pid" 2>/dev/null || true
    fi
    [ -z "$cluster_dir" ] || rm -rf "$cluster_dir"
    exit "$status"
}
