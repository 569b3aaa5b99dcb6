{{/*
Engines are brought (an address is given) or, with quickstart, run here as single replicas. Each of these is "here", or empty.
*/}}
{{- define "nightjar.postgresHere" -}}
{{- if and .Values.quickstart.enabled (not .Values.postgres.server) }}here{{ end -}}
{{- end -}}
{{- define "nightjar.redisHere" -}}
{{- if and .Values.quickstart.enabled (not .Values.redis.server) }}here{{ end -}}
{{- end -}}
{{- define "nightjar.natsHere" -}}
{{- if and .Values.quickstart.enabled (not .Values.nats.server) }}here{{ end -}}
{{- end -}}
{{- define "nightjar.livekitHere" -}}
{{- if and .Values.quickstart.enabled (not .Values.livekit.url) }}here{{ end -}}
{{- end -}}

{{/* Addresses without a user or a password in them; the secrets Job makes URLs of these. */}}
{{- define "nightjar.postgresServer" -}}
{{ .Values.postgres.server | default (printf "postgres://%s:5432/nightjar" (include "nightjar.nameOf" (list . "postgres"))) }}
{{- end -}}
{{- define "nightjar.redisServer" -}}
{{ .Values.redis.server | default (printf "redis://%s:6379" (include "nightjar.nameOf" (list . "valkey"))) }}
{{- end -}}
{{- define "nightjar.natsServer" -}}
{{ .Values.nats.server | default (printf "nats://%s:4222" (include "nightjar.nameOf" (list . "nats"))) }}
{{- end -}}
{{- define "nightjar.livekitNamespace" -}}
{{ .Values.livekit.namespace | default (printf "%s-media" .Release.Namespace) }}
{{- end -}}
{{- define "nightjar.livekitUrl" -}}
{{ .Values.livekit.url | default (printf "http://%s.%s.svc:7880" (include "nightjar.nameOf" (list . "livekit")) (include "nightjar.livekitNamespace" .)) }}
{{- end -}}

{{/* The port of a URL: list url default */}}
{{- define "nightjar.portOf" -}}
{{- $host := (urlParse (first .)).host -}}
{{- regexFind ":[0-9]+$" $host | trimPrefix ":" | default (last .) -}}
{{- end -}}

{{/*
The port that policies let through to an engine: they look at a pod's own, which may be another than the one of the Service in
its address: list its-values here url default
*/}}
{{- define "nightjar.peerPort" -}}
{{- $given := ternary 0 (index . 0).peerPort (eq (index . 1) "here") -}}
{{- $given | default (include "nightjar.portOf" (slice . 2)) -}}
{{- end -}}
