# Sourced by ./holdfast and .ci/run: installs Debian packages without leaving a service of theirs running.

# Prints the packages that this machine lacks of: jdk maven postgresql redis chromium iproute2 e2fsprogs nftables.
missing_packages() {
    for wanted in "$@"; do
        case $wanted in
            jdk) find_jdk || echo "openjdk-$required_jdk-jdk-headless" ;;
            maven) command -v mvn > /dev/null || echo maven ;;
            postgresql)
                { command -v postgres || ls /usr/lib/postgresql/*/bin/postgres; } > /dev/null 2>&1 || echo postgresql ;;
            redis)
                command -v redis-server > /dev/null || echo redis-server
                command -v redis-sentinel > /dev/null || echo redis-sentinel ;;
            iproute2) command -v ip > /dev/null || [ -x /usr/sbin/ip ] || [ -x /sbin/ip ] || echo iproute2 ;;
            e2fsprogs) command -v mkfs.ext4 > /dev/null || [ -x /usr/sbin/mkfs.ext4 ] || [ -x /sbin/mkfs.ext4 ] || echo e2fsprogs ;;
            nftables) command -v nft > /dev/null || [ -x /usr/sbin/nft ] || [ -x /sbin/nft ] || echo nftables ;;
            chromium) command -v chromium > /dev/null || echo chromium ;;
        esac
    done
}

# install_packages NAME PACKAGE...: as root with apt, else ends with the exact step.
install_packages() {
    caller=$1
    shift
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get > /dev/null; then
        echo "$caller: needs $*: run 'sudo apt-get install -y $*', or install their equivalents" >&2
        exit 1
    fi
    echo "$caller: installing $*" >&2
    # Debian starts a package's service unless this file says no; one that is there already is the administrator's.
    guard=/usr/sbin/policy-rc.d
    if [ ! -e "$guard" ]; then
        printf '#!/bin/sh\nexit 101\n' > "$guard"
        chmod 755 "$guard"
        trap 'rm -f /usr/sbin/policy-rc.d' EXIT INT TERM
    fi
    apt-get update -qq >&2 || echo "$caller: apt-get update failed; trying with the lists that are there" >&2
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2 \
        || { echo "$caller: apt cannot install $*; install them by hand, then run this again" >&2; exit 1; }
    rm -f "$guard"
    trap - EXIT INT TERM
    # What was just installed shall not start with the machine either.
    if command -v systemctl > /dev/null; then
        for package in "$@"; do
            case $package in
                postgresql | redis-server | redis-sentinel) systemctl disable --quiet "$package" > /dev/null 2>&1 || true ;;
            esac
        done
    fi
}
