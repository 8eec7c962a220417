# shellcheck shell=bash
# Sourced by the scripts beside this folder: finds and installs what they need.
# Everything is said on stderr; stdout belongs to the results.
# shellcheck disable=SC2034  # what is set here is used by those who source it

polyloop_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# Debian's names; Ubuntu has the same.
build_packages=(g++ cmake ninja-build ccache pkg-config libtbb-dev libeigen3-dev doctest-dev libfmt-dev
  libcli11-dev nlohmann-json3-dev libbenchmark-dev libhwy-dev xz-utils python3)
clang_packages=(clang-19 libomp-19-dev libclang-rt-19-dev)
report_packages=(libjs-chart.js) # draws the charts of reports; without it these have tables alone
# valgrind counts instructions, chromium opens reports, OpenCV runs on our backends, the others compare results as
# Google's tools do; the tests that need one are skipped where it is not to be had.
test_packages=(valgrind chromium libbenchmark-tools python3-scipy libopencv-core-dev libopencv-imgproc-dev
  "${report_packages[@]}")
claims_packages=(libopencv-dev) # frame filters are measured beside its; without it that program is not built
input_packages=(libjxl-testdata) # a photograph; where it is not to be had, the comparison generates one

say() { printf '%s\n' "$*" >&2; }

# die STATUS WORDS...: says them and ends the script.
die() {
  local status=$1
  shift
  say "$*"
  exit "$status"
}

is_installed() { [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }
# Not a pipe into grep -q: that ends at the match, and apt-cache dies of the broken pipe.
is_available() { [[ $(apt-cache policy "$1" 2>/dev/null) == *"Candidate: "[^\(]* ]]; }

# Prints those of its arguments that are not installed.
missing_packages() {
  local package
  for package; do
    is_installed "$package" || printf '%s\n' "$package"
  done
}

as_root() {
  if ((EUID == 0)); then
    "$@"
  else
    sudo "$@"
  fi
}

run_apt() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0 "$@" >&2; }

# Runs a command; once more, after a pause, where it failed.
twice() {
  "$@" || {
    say "trying once more: $*"
    sleep 5
    "$@"
  }
}

install_packages() {
  ((EUID == 0)) || command -v sudo >/dev/null ||
    die 3 "to be installed by root, and there is no sudo: apt-get install --no-install-recommends $*"
  say "installing: $*"
  twice run_apt update || say "the package lists could not be renewed; going on with those that are there"
  twice run_apt install --no-install-recommends "$@" || die 3 "could not be installed: $*"
}

# Installs an optional package where the system's lists have it.
install_optional() {
  local package
  for package; do
    if is_available "$package"; then
      say "installing: $package"
      twice run_apt install --no-install-recommends "$package" || say "could not be installed, going on without: $package"
    else
      say "not among this system's packages, going on without: $package"
    fi
  done
}

has_cxx20() {
  printf '#include <concepts>\n#include <span>\n#include <stop_token>\nint main() { return std::span<int>{}.empty() ? 0 : 1; }\n' |
    "${CXX:-c++}" -std=c++20 -fsyntax-only -x c++ - 2>/dev/null
}

has_cmake() {
  local version
  version=$(cmake --version 2>/dev/null | sed -n '1s/[^0-9]*//p') || return 1
  [[ -n $version && $(printf '3.25\n%s\n' "$version" | sort -V | head -n 1) == 3.25 ]]
}

check_commands() {
  local lacking=()
  has_cmake || lacking+=("cmake >= 3.25")
  has_cxx20 || lacking+=("a C++20 compiler (${CXX:-c++})")
  command -v ninja >/dev/null || lacking+=(ninja)
  command -v python3 >/dev/null || lacking+=(python3)
  ((${#lacking[@]} == 0)) || die 3 "needed and not found:$(printf ' %s;' "${lacking[@]}")"
}

# set_up MODE REQUIRED... [-- OPTIONAL...]: MODE is "install" or "no-install".
# Ends the script with status 3 where something required is not to be had.
set_up() {
  local mode=$1 required=() optional=() missing absent
  shift
  while (($#)) && [[ $1 != -- ]]; do
    required+=("$1")
    shift
  done
  optional=("${@:2}")

  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    say "this system has no apt; needed, by Debian's names: ${required[*]}; of use: ${optional[*]:-nothing more}"
  else
    mapfile -t missing < <(missing_packages "${required[@]}")
    mapfile -t absent < <(missing_packages "${optional[@]}")
    if [[ $mode == no-install ]]; then
      ((${#absent[@]} == 0)) || say "not installed, of use: ${absent[*]}"
      ((${#missing[@]} == 0)) || die 3 "not installed, needed: ${missing[*]}"
    else
      ((${#missing[@]} == 0)) || install_packages "${missing[@]}"
      ((${#absent[@]} == 0)) || install_optional "${absent[@]}"
    fi
  fi
  check_commands
}
