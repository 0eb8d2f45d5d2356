# Set-up that ./try and ./check share: packages, configure, make in build/.
# Sourced from the project's folder.

BUILD_PACKAGES="gcc libc6-dev make autoconf automake libtool pkg-config flex
    bison libblis-pthread-dev libnanomsg-dev liblapacke-dev liblapack-dev
    libxxhash-dev libsodium-dev"
TEST_PACKAGES="python3-numpy python3-scipy librandom123-dev valgrind
    openssh-server openssh-client"

fail() {
    echo "${0##*/}: $*" >&2
    exit 1
}

# Those of the packages that are not installed.
missing() {
    for package; do
        case $(dpkg-query -W -f '${db:Status-Status}' "$package" \
            2>/dev/null) in
        installed) ;;
        *) printf ' %s' "$package" ;;
        esac
    done
}

as_root() {
    if test "$(id -u)" = 0; then
        env DEBIAN_FRONTEND=noninteractive "$@"
    elif test -t 0; then
        sudo env DEBIAN_FRONTEND=noninteractive "$@"
    else
        sudo -n env DEBIAN_FRONTEND=noninteractive "$@" </dev/null
    fi
}

# Install what is missing of the packages, saying so first.
install() {
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null
    then
        echo "This is not Debian; needed here are the equivalents of:"
        echo " " $*
        return
    fi
    wanted=$(missing "$@")
    test -n "$wanted" || return 0
    if test "$(id -u)" != 0 && ! command -v sudo >/dev/null; then
        fail "these packages are missing, and neither root nor sudo is there
to install them. As root: apt-get install$wanted"
    fi
    echo "Installing these Debian packages:$wanted"
    as_root apt-get -qq update ||
        fail "apt-get update failed. Needed are:$wanted"
    as_root apt-get -qq install -y --no-install-recommends $wanted \
        >build/packages.log 2>&1 </dev/null || {
        tail -n 20 build/packages.log >&2
        fail "could not install:$wanted"
    }
}

# Bring build/ up to date; quick when it is.
build() {
    test -f configure && test -f Makefile.in || {
        echo "Making configure"
        autoreconf -i >build/autoreconf.log 2>&1 || {
            cat build/autoreconf.log >&2
            fail "autoreconf failed"
        }
    }
    test -f build/Makefile || {
        echo "Configuring in build/"
        (cd build && ../configure -q) || fail "configure failed"
    }
    test -f build/libtilematrix.la || echo "Building in build/"
    make -s -C build -j"$(nproc)" || fail "the build failed"
}

mkdir -p build || exit 1
