#!/bin/sh
# Runs a command of an image's build with the build secrets that there are: certificates, for which npm, pnpm and Node
# each have a name of their own, and the way to a mirror, which both read at home.
set -eu
npmrc=/run/secrets/npmrc
if [ -s "$npmrc" ]; then
  ln -sf "$npmrc" "$HOME/.npmrc"
fi
ca=/run/secrets/ca.pem
if [ -s "$ca" ]; then
  export NODE_EXTRA_CA_CERTS=$ca SSL_CERT_FILE=$ca npm_config_cafile=$ca PNPM_CONFIG_CAFILE=$ca
fi
exec "$@"
