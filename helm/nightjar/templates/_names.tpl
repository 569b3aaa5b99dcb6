{{/* The usual full name: the release's, if it says nightjar by itself. */}}
{{- define "nightjar.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains "nightjar" .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-nightjar" .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* The name of a component's objects: list root component */}}
{{- define "nightjar.nameOf" -}}
{{- printf "%s-%s" (include "nightjar.fullname" (first .)) (last .) -}}
{{- end -}}

{{/* What pods are selected by: list root component */}}
{{- define "nightjar.selector" -}}
app.kubernetes.io/name: nightjar
app.kubernetes.io/instance: {{ (first .).Release.Name }}
app.kubernetes.io/component: {{ last . }}
{{- end -}}

{{/*
Labels of every object but pods: with the chart's version in them, a new chart would restart what it does not change.
*/}}
{{- define "nightjar.labels" -}}
{{- $root := first . -}}
{{ include "nightjar.selector" . }}
app.kubernetes.io/part-of: nightjar
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name ($root.Chart.Version | replace "+" "_") }}
{{- end -}}

{{/* An image of ours: list root name */}}
{{- define "nightjar.image" -}}
{{- $image := (first .).Values.image -}}
{{- $name := last . -}}
{{- $repository := printf "%s%s" $image.prefix $name -}}
{{- if $image.registry }}{{ $repository = printf "%s/%s" ($image.registry | trimSuffix "/") $repository }}{{ end -}}
{{- with index $image.digests $name -}}
{{ $repository }}@{{ . }}
{{- else -}}
{{ $repository }}:{{ $image.tag | default (first .).Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{/* The services that run here, with what each is given, from files/services.yaml.tpl. */}}
{{- define "nightjar.services" -}}
{{ tpl (.Files.Get "files/services.yaml.tpl") . }}
{{- end -}}

{{/* The Secret of a service, an engine or a Job: list root name */}}
{{- define "nightjar.secretOf" -}}
{{- $root := first . -}}
{{- $name := last . -}}
{{- $brought := ternary $root.Values.setup (index $root.Values.services $name | default dict) (eq $name "setup") -}}
{{- $brought.existingSecret | default (include "nightjar.nameOf" .) -}}
{{- end -}}
