# Each service: what it is given. One template (templates/services.yaml) makes everything that a service is out of this.
# The file is a template itself: it may name values.
#
#   secret     keys of the service's Secret, mounted as files, and the setting that names each file
#   env        further settings
#   migrates   the setup Job brings its schema up to date
#   resources  where services.<name>.resources says nothing else
auth:
  secret:
    postgres-url: NIGHTJAR_POSTGRES_URL_FILE
    nats-url: NIGHTJAR_NATS_URL_FILE
    signing-seal-key: NIGHTJAR_SIGNING_SEAL_KEY_FILE
    pseudonym-key: NIGHTJAR_PSEUDONYM_KEY_FILE
    edge-public-keys: NIGHTJAR_EDGE_PUBLIC_KEYS_FILE
  env: {}
  migrates: true
  resources:
    requests: { cpu: 100m, memory: 160Mi }
    limits: { memory: 384Mi }

rooms:
  secret:
    postgres-url: NIGHTJAR_POSTGRES_URL_FILE
    nats-url: NIGHTJAR_NATS_URL_FILE
    livekit-secret: NIGHTJAR_LIVEKIT_SECRET_FILE
    fence-public-keys: NIGHTJAR_FENCE_PUBLIC_KEYS_FILE
    edge-public-keys: NIGHTJAR_EDGE_PUBLIC_KEYS_FILE
  env:
    NIGHTJAR_LIVEKIT_URL: {{ include "nightjar.livekitUrl" . | quote }}
    # Clients reach LiveKit through the edge's gate, never by itself.
    NIGHTJAR_LIVEKIT_PUBLIC_URL: {{ regexReplaceAll "^http" .Values.publicOrigin "ws" | quote }}
    NIGHTJAR_LIVEKIT_KEY: {{ .Values.livekit.key | quote }}
    NIGHTJAR_STREAM_COPIES: {{ .Values.nats.streamCopies | quote }}
  migrates: true
  resources:
    requests: { cpu: 100m, memory: 192Mi }
    limits: { memory: 512Mi }

payments:
  secret:
    postgres-url: NIGHTJAR_POSTGRES_URL_FILE
    billing-postgres-url: NIGHTJAR_BILLING_POSTGRES_URL_FILE
    nats-url: NIGHTJAR_NATS_URL_FILE
    seal-keys: NIGHTJAR_SEAL_KEYS_FILE
    edge-public-keys: NIGHTJAR_EDGE_PUBLIC_KEYS_FILE
  env:
    NIGHTJAR_STREAM_COPIES: {{ .Values.nats.streamCopies | quote }}
  migrates: true
  resources:
    requests: { cpu: 200m, memory: 192Mi }
    limits: { memory: 512Mi }

events:
  secret:
    nats-url: NIGHTJAR_NATS_URL_FILE
    redis-url: NIGHTJAR_REDIS_URL_FILE
    fence-public-keys: NIGHTJAR_FENCE_PUBLIC_KEYS_FILE
    sender-keys: NIGHTJAR_SENDER_KEYS_FILE
    edge-public-keys: NIGHTJAR_EDGE_PUBLIC_KEYS_FILE
  env: {}
  resources:
    requests: { cpu: 250m, memory: 256Mi }
    limits: { memory: 1Gi }

geofence:
  secret:
    postgres-url: NIGHTJAR_POSTGRES_URL_FILE
    nats-url: NIGHTJAR_NATS_URL_FILE
    fence-key: NIGHTJAR_FENCE_KEY_FILE
    edge-public-keys: NIGHTJAR_EDGE_PUBLIC_KEYS_FILE
  env:
    NIGHTJAR_STREAM_COPIES: {{ .Values.nats.streamCopies | quote }}
  migrates: true
  resources:
    requests: { cpu: 50m, memory: 128Mi }
    limits: { memory: 384Mi }

{{- if not .Values.cloudflare.enabled }}

edge:
  secret:
    edge-key: NIGHTJAR_EDGE_KEY_FILE
    fence-public-keys: NIGHTJAR_FENCE_PUBLIC_KEYS_FILE
  env:
    {{- range $name := list "auth" "rooms" "payments" "events" "geofence" "web" }}
    NIGHTJAR_{{ upper $name }}_URL: http://{{ include "nightjar.nameOf" (list $ $name) }}
    {{- end }}
    NIGHTJAR_LIVEKIT_URL: {{ include "nightjar.livekitUrl" . | quote }}
    NIGHTJAR_PUBLIC_ORIGIN: {{ .Values.publicOrigin | quote }}
    NIGHTJAR_TRUSTED_HOPS: {{ join "," .Values.edge.trustedHops | quote }}
    NIGHTJAR_SITE_NAME: {{ .Values.site.name | quote }}
    NIGHTJAR_AGE_CONFIRMATION: {{ .Values.site.ageConfirmation | default "" | toString | quote }}
    NIGHTJAR_PLAY_MONEY: {{ .Values.site.playMoney | toString | quote }}
  resources:
    requests: { cpu: 200m, memory: 192Mi }
    limits: { memory: 768Mi }

web:
  env: {}
  resources:
    requests: { cpu: 50m, memory: 96Mi }
    limits: { memory: 256Mi }
{{- end }}
