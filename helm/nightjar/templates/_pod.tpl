{{/*
What every pod of ours has in common. The restricted Pod Security standard, and more: no token, no writable root, no
environment full of other Services' addresses.
*/}}
{{- define "nightjar.podBasics" -}}
{{- $root := first . -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  # Else the whole volume is walked at each start, and PostgreSQL's folder made too readable for it.
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: { type: RuntimeDefault }
{{- with $root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with $root.Values.pods.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with $root.Values.pods.nodeSelector }}
nodeSelector: {{ toJson . }}
{{- end }}
{{- with $root.Values.pods.tolerations }}
tolerations: {{ toJson . }}
{{- end }}
{{- with $root.Values.pods.affinity }}
affinity: {{ toJson . }}
{{- end }}
{{- end -}}

{{/* Pods of one component apart from each other, where there are nodes and zones for it: list root component */}}
{{- define "nightjar.spread" -}}
topologySpreadConstraints:
  {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "nightjar.selector" $ | nindent 8 }}
    matchLabelKeys: [pod-template-hash]
  {{- end }}
{{- end -}}

{{- define "nightjar.podMetadata" -}}
{{- $root := first . -}}
labels:
  {{- include "nightjar.selector" . | nindent 2 }}
  app.kubernetes.io/part-of: nightjar
  {{- with $root.Values.pods.labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{- define "nightjar.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end -}}

{{- define "nightjar.tmpVolume" -}}
- name: tmp
  emptyDir: { sizeLimit: {{ . }} }
{{- end -}}

{{/*
The Secret of a component as a volume: list root volume-name component. One that the secrets Job makes is waited for until it
is made of what values say now: without the key made-for-… the pod does not start.
*/}}
{{- define "nightjar.secretVolume" -}}
{{- $root := index . 0 -}}
{{- $secret := include "nightjar.secretOf" (list $root (index . 2)) -}}
- name: {{ index . 1 }}
  projected:
    defaultMode: 0440
    sources:
      - secret: { name: {{ $secret }} }
      {{- with include "nightjar.madeFor" (list $root (index . 2)) | trim }}
      {{- . | nindent 6 }}
      {{- end }}
{{- end -}}

{{/* The key that is waited for, as a source of a volume; nothing for a Secret that is brought: list root component */}}
{{- define "nightjar.madeFor" -}}
{{- $root := first . -}}
{{- $secret := include "nightjar.secretOf" . -}}
{{- if and $root.Values.secrets.create (eq $secret (include "nightjar.nameOf" .)) }}
- secret: { name: {{ $secret }}, items: [{ key: made-for-{{ include "nightjar.secretsSum" $root }}, path: .made-for }] }
{{- end }}
{{- end -}}

{{/*
An authority of the operator's own, whom Node then believes beside the public ones. Not for the edge: workerd, which opens its
connections, does not read that.
*/}}
{{- define "nightjar.caVolume" -}}
{{- with .Values.tls.caSecret -}}
{{- if .name -}}
- name: ca
  secret: { secretName: {{ .name }}, defaultMode: 0440, items: [{ key: {{ .key }}, path: ca.crt }] }
{{- end }}
{{- end }}
{{- end -}}
{{- define "nightjar.caMount" -}}
{{- if .Values.tls.caSecret.name -}}
- { name: ca, mountPath: /run/secrets/ca, readOnly: true }
{{- end }}
{{- end -}}
{{- define "nightjar.caEnv" -}}
{{- if .Values.tls.caSecret.name -}}
- { name: NODE_EXTRA_CA_CERTS, value: /run/secrets/ca/ca.crt }
{{- end }}
{{- end -}}

{{/* Settings as environment variables, from a dictionary. */}}
{{- define "nightjar.env" -}}
{{- range $index, $name := keys . | sortAlpha }}
{{- if $index }}
{{ end }}
{{- printf "- { name: %s, value: %s }" $name (index $ $name | toString | quote) }}
{{- end }}
{{- end -}}

{{/*
All settings of a service: those that all have, its own, and what values add: list root name service
*/}}
{{- define "nightjar.settings" -}}
{{- $root := index . 0 -}}
{{- $name := index . 1 -}}
{{- $service := index . 2 -}}
{{- $env := dict
  "NIGHTJAR_HTTP_LISTEN" "0.0.0.0:8080"
  "NIGHTJAR_INTERNAL_LISTEN" "0.0.0.0:8081"
  "NIGHTJAR_LOG_LEVEL" $root.Values.logLevel
  "NIGHTJAR_OTLP_URL" $root.Values.otlp.url -}}
{{- range $key, $setting := $service.secret -}}
{{- $_ := set $env $setting (printf "/run/secrets/nightjar/%s" $key) -}}
{{- end -}}
{{- range $setting, $value := $service.env -}}
{{- $_ := set $env $setting $value -}}
{{- end -}}
{{- range $setting, $value := (index $root.Values.services $name).env -}}
{{- $_ := set $env $setting $value -}}
{{- end -}}
{{- toYaml $env -}}
{{- end -}}

{{/*
A sum of what the secrets Job makes Secrets of: when that changes, so do the pods that mount them. The keys and the users of NATS
that a new version adds count too, so that its pods wait for them; its images do not, or each upgrade would restart the engines.
*/}}
{{- define "nightjar.secretsSum" -}}
{{- $keys := dict -}}
{{- range $name, $service := include "nightjar.services" . | fromYaml -}}
{{- $_ := $service.secret | default dict | keys | sortAlpha | set $keys $name -}}
{{- end -}}
{{- $users := .Files.Get "files/nats-permissions.json" | fromJson | keys | sortAlpha -}}
{{- list $keys $users (include "nightjar.postgresServer" .) (include "nightjar.natsServer" .) (include "nightjar.redisServer" .) .Values.livekit.key .Values.secrets .Values.setup.rerun .Values.postgres.adminSecret .Values.redis.secret .Values.nats.secret .Values.livekit.secret | toJson | sha256sum | trunc 16 -}}
{{- end -}}
