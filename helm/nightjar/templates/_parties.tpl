{{/*
Who is there to connect to whom: a name, its ports (of one name there may be several), and either `component` (pods of ours,
with their namespace) or `peers` (others). Where nobody said where an engine is, it may be anywhere: it is reached by its port,
but does not come in. Who is not in this list is not there, and its connections neither.
*/}}
{{- define "nightjar.parties" -}}
{{- $own := .Release.Namespace -}}
{{- $services := include "nightjar.services" . | fromYaml -}}
outside: { anybody: true }
{{- if .Values.edge.allowedFrom }}
front: { peers: {{ toJson .Values.edge.allowedFrom }} }
{{- else }}
front: { anybody: true }
{{- end }}
{{- range $name, $_ := $services }}
{{ $name }}:
  component: {{ $name }}
  namespace: {{ $own }}
  service: true
  ports: [{ name: http, port: 8080 }, { name: internal, port: 8081 }]
{{- end }}
setup: { component: setup, namespace: {{ $own }} }
{{- if .Values.secrets.create }}
secrets: { component: secrets, namespace: {{ $own }} }
kubernetes:
  peers:
    {{- range .Values.networkPolicy.kubernetesApi.cidrs }}
    - cidr: {{ . }}
    {{- end }}
  ports:
    {{- range .Values.networkPolicy.kubernetesApi.ports }}
    - { name: api, port: {{ . }} }
    {{- end }}
{{- end }}
{{- if .Values.demo.enabled }}
demo: { component: demo, namespace: {{ $own }} }
{{- end }}
postgres:
  {{- if include "nightjar.postgresHere" . }}
  component: postgres
  namespace: {{ $own }}
  {{- else }}
  peers: {{ toJson .Values.postgres.peers }}
  {{- end }}
  ports: [{ name: postgres, port: {{ include "nightjar.peerPort" (list .Values.postgres (include "nightjar.postgresHere" .) (include "nightjar.postgresServer" .) "5432") }} }]
redis:
  {{- if include "nightjar.redisHere" . }}
  component: valkey
  namespace: {{ $own }}
  {{- else }}
  peers: {{ toJson .Values.redis.peers }}
  {{- end }}
  ports: [{ name: redis, port: {{ include "nightjar.peerPort" (list .Values.redis (include "nightjar.redisHere" .) (include "nightjar.redisServer" .) "6379") }} }]
nats:
  {{- if include "nightjar.natsHere" . }}
  component: nats
  namespace: {{ $own }}
  {{- else }}
  peers: {{ toJson .Values.nats.peers }}
  {{- end }}
  ports: [{ name: nats, port: {{ include "nightjar.peerPort" (list .Values.nats (include "nightjar.natsHere" .) (include "nightjar.natsServer" .) "4222") }} }]
livekit:
  {{- if include "nightjar.livekitHere" . }}
  component: livekit
  namespace: {{ include "nightjar.livekitNamespace" . }}
  {{- else }}
  peers: {{ toJson .Values.livekit.peers }}
  {{- end }}
  {{- $url := include "nightjar.livekitUrl" . }}
  ports:
    - { name: http, port: {{ include "nightjar.peerPort" (list .Values.livekit (include "nightjar.livekitHere" .) $url (ternary "443" "80" (hasPrefix "https:" $url))) }} }
    - { name: media, port: {{ .Values.livekit.media.udpPort }}, protocol: UDP }
    {{- with .Values.livekit.media.tcpPort }}
    - { name: media, port: {{ . }} }
    {{- end }}
    {{- if .Values.livekit.turn.enabled }}
    - { name: media, port: {{ .Values.livekit.turn.udpPort }}, protocol: UDP }
    {{- with .Values.livekit.turn.tlsPort }}
    - { name: media, port: {{ . }} }
    {{- end }}
    {{- end }}
dns:
  peers:
    - namespace: {{ .Values.networkPolicy.dns.namespace }}
      podLabels: {{ toJson .Values.networkPolicy.dns.podLabels }}
    {{- range .Values.networkPolicy.dns.cidrs }}
    - cidr: {{ . }}
    {{- end }}
  ports:
    {{- range .Values.networkPolicy.dns.ports }}
    - { name: dns, port: {{ . }}, protocol: UDP }
    - { name: dns, port: {{ . }} }
    {{- end }}
{{- if .Values.cloudflare.enabled }}
tunnel:
  peers:
    - namespace: {{ .Values.cloudflare.tunnel.namespace | default $own }}
      podLabels: {{ toJson .Values.cloudflare.tunnel.podLabels }}
{{- end }}
{{- if .Values.metrics.enabled }}
collector: { peers: {{ toJson .Values.metrics.peers }} }
{{- end }}
{{- with .Values.otlp.url }}
otlp:
  peers: {{ toJson $.Values.otlp.peers }}
  ports: [{ name: otlp, port: {{ include "nightjar.peerPort" (list $.Values.otlp "" . (ternary "443" "80" (hasPrefix "https:" .))) }} }]
{{- end }}
{{- end -}}

{{/* The connections of files/connections.yaml between those who are there, one `from` and one `to` each. */}}
{{- define "nightjar.connections" -}}
{{- $parties := include "nightjar.parties" . | fromYaml -}}
{{- $services := include "nightjar.services" . | fromYaml | keys | sortAlpha -}}
{{- range .Files.Get "files/connections.yaml" | fromYamlArray }}
{{- $line := . }}
{{- range $from := .from }}
{{- range $from := ternary $services (list $from) (eq $from "services") }}
{{- range $to := $line.to }}
{{- range $to := ternary $services (list $to) (eq $to "services") }}
{{- if and (hasKey $parties $from) (hasKey $parties $to) }}
{{- $comes := index $parties $from }}
{{- $ports := (index $parties $to).ports }}
{{- if or $comes.component $comes.peers $comes.anybody }}
- from: {{ $from }}
  to: {{ $to }}
  port: {{ $line.port | default (first $ports).name }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* A NetworkPolicy's peers for a party, none for anybody: list party namespace-of-the-policy root */}}
{{- define "nightjar.peers" -}}
{{- $party := index . 0 -}}
{{- $namespace := index . 1 -}}
{{- $root := index . 2 -}}
{{- if $party.component }}
- podSelector:
    matchLabels:
      {{- include "nightjar.selector" (list $root $party.component) | nindent 6 }}
  {{- if ne $party.namespace $namespace }}
  namespaceSelector:
    matchLabels:
      kubernetes.io/metadata.name: {{ $party.namespace }}
  {{- end }}
{{- else }}
{{- range $party.peers }}
{{- if .cidr }}
- ipBlock:
    cidr: {{ .cidr }}
{{- else }}
- podSelector:
    matchLabels: {{ toJson (.podLabels | default dict) }}
  {{- $theirs := .namespace | default $root.Release.Namespace }}
  {{- if ne $theirs $namespace }}
  namespaceSelector:
    matchLabels:
      kubernetes.io/metadata.name: {{ $theirs }}
  {{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* A NetworkPolicy's ports: list party name-of-the-ports */}}
{{- define "nightjar.ports" -}}
{{- $name := last . -}}
{{- range (first .).ports }}
{{- if eq .name $name }}
- { protocol: {{ .protocol | default "TCP" }}, port: {{ .port }} }
{{- end }}
{{- end }}
{{- end -}}
