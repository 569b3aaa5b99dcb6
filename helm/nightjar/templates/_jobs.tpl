{{/*
A Job of a pod template, named by a hash of it: what changes is another Job, and what does not change is not run again. An
ordinary resource, so that every tool that applies manifests runs it: list root component podTemplate
*/}}
{{- define "nightjar.job" -}}
{{- $root := index . 0 -}}
{{- $component := index . 1 -}}
{{- $template := index . 2 | trim -}}
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ include "nightjar.nameOf" (list $root $component) }}-{{ $template | sha256sum | trunc 8 }}
  namespace: {{ $root.Release.Namespace }}
  labels:
    {{- include "nightjar.labels" (list $root $component) | nindent 4 }}
spec:
  # It may come before what it needs; each time the wait doubles, up to 5 minutes.
  backoffLimit: 30
  template:
    {{- $template | nindent 4 }}
{{- end -}}
