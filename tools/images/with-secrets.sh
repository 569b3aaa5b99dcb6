#!/bin/sh
# Runs a command of an image's build with the certificates of the build secret `ca`, where there is one: npm, pnpm and
# Node each have a name of their own for that.
set -eu
ca=/run/secrets/ca.pem
if [ -s "$ca" ]; then
  export NODE_EXTRA_CA_CERTS=$ca SSL_CERT_FILE=$ca npm_config_cafile=$ca PNPM_CONFIG_CAFILE=$ca
fi
exec "$@"
