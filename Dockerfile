# One image for each program: docker build --build-arg SERVICE=auth -t nightjar-auth .   (docs/operate/images.md)
#
# There is no `# syntax` line, so that nothing but the base has to be pulled; BuildKit as Docker 20.10 has it built in
# will do. Behind a company's proxy: --secret id=ca,src=FILE and --secret id=npmrc,src=FILE, both optional.
ARG BASE=node:24-bookworm-slim

# pnpm, by the pins that developers' machines have.
FROM ${BASE} AS tools
COPY tools/images/with-secrets.sh /usr/local/bin/with-secrets
COPY scripts/lib/toolchain/package.json scripts/lib/toolchain/package-lock.json /opt/toolchain/
RUN --mount=type=secret,id=npmrc,target=/run/secrets/npmrc --mount=type=secret,id=ca,target=/run/secrets/ca.pem \
    --mount=type=cache,id=nightjar-npm,target=/npm \
    cd /opt/toolchain && with-secrets npm ci --cache=/npm --ignore-scripts --no-audit --no-fund --loglevel=error && \
    ln -s /opt/toolchain/node_modules/@pnpm/exe.linux-*/pnpm /usr/local/bin/pnpm && \
    rm -rf node_modules/node-linux-*
ENV CI=true TURBO_TELEMETRY_DISABLED=1 TURBO_NO_UPDATE_NOTIFIER=1 TURBO_CACHE_DIR=/turbo

# Manifests alone, so that a change of a source file installs nothing again.
FROM tools AS manifests
WORKDIR /src
COPY . .
RUN find . -type f ! -name package.json ! -name 'pnpm-*.yaml' -delete && find . -type d -empty -delete

FROM tools AS installed
WORKDIR /src
COPY --from=manifests /src .
RUN --mount=type=secret,id=npmrc,target=/run/secrets/npmrc --mount=type=secret,id=ca,target=/run/secrets/ca.pem \
    --mount=type=cache,id=nightjar-pnpm,target=/pnpm \
    with-secrets pnpm --filter='!./scripts' --filter='!./tests' --filter='!./tools' install --frozen-lockfile --store-dir=/pnpm --reporter=append-only --loglevel=warn

# Everything, once for all images; turbo's own cache knows what changed.
FROM installed AS built
COPY . .
RUN --mount=type=cache,id=nightjar-turbo,target=/turbo \
    node_modules/.bin/turbo run build --output-logs=errors-only --log-order=grouped

FROM built AS deployed
ARG SERVICE
RUN --mount=type=secret,id=npmrc,target=/run/secrets/npmrc --mount=type=secret,id=ca,target=/run/secrets/ca.pem \
    --mount=type=cache,id=nightjar-pnpm,target=/pnpm \
    folder=services/${SERVICE:?say --build-arg SERVICE=auth or another} && \
    { [ -f "$folder/package.json" ] || folder=packages/$SERVICE; } && \
    with-secrets pnpm --filter="./$folder" deploy --prod --ignore-scripts --trust-lockfile --prefer-offline \
      --config.side-effects-cache=false --store-dir=/pnpm --loglevel=warn /image/app && \
    with-secrets pnpm --filter="./$folder" sbom --prod --sbom-format cyclonedx --sbom-type application \
      --sbom-spec-version 1.6 --store-dir=/pnpm --out /npm.cdx.json && \
    cp LICENSE NOTICE /image/app/ && \
    node tools/images/trim.ts /image/app

# The few files of the system that our programs need, the same for all of them.
FROM ${BASE} AS runtime
COPY tools/images/runtime.ts tools/images/files.ts /opt/
RUN node /opt/runtime.ts /rootfs

FROM deployed AS described
COPY --from=runtime /rootfs/ /rootfs/
RUN node tools/images/describe.ts --image /image --rootfs /rootfs --npm /npm.cdx.json

FROM scratch
COPY --from=runtime /rootfs/ /
COPY --from=described /image/ /
ENV NODE_ENV=production
WORKDIR /app
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/node", "--enable-source-maps"]
CMD ["dist/main.js"]
ARG SERVICE
ARG VERSION=0.1.0
ARG REVISION=
ARG SOURCE=
LABEL org.opencontainers.image.title="nightjar-${SERVICE}" \
      org.opencontainers.image.description="Nightjar, a platform for interactive live streaming: ${SERVICE}" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.licenses="Apache-2.0"
