{{/* What the schema cannot say: values that need each other. Each message says the way out. */}}
{{- define "nightjar.checks" -}}
{{- if not .Values.publicOrigin -}}
{{- fail "publicOrigin is not set. Set it to the address that people open, such as --set publicOrigin=https://live.example" -}}
{{- end -}}
{{- if not .Values.quickstart.enabled -}}
{{- $missing := list -}}
{{- range $value, $is := dict "postgres.server" .Values.postgres.server "redis.server" .Values.redis.server "nats.server" .Values.nats.server "livekit.url" .Values.livekit.url -}}
{{- if not $is }}{{ $missing = append $missing $value }}{{ end -}}
{{- end -}}
{{- if $missing -}}
{{- fail (printf "no address for: %s. Set each (ci/bring-your-own-values.yaml shows all of them), or let the chart run what you do not bring with --set quickstart.enabled=true" (join ", " $missing)) -}}
{{- end -}}
{{- end -}}
{{- if .Values.secrets.create -}}
{{- if and .Values.postgres.server (not .Values.postgres.adminSecret.name) (not .Values.secrets.given) -}}
{{- fail "postgres.server is set, but not who may create roles there. Put a URL with an administrator's user and password into a Secret and name it in postgres.adminSecret.name" -}}
{{- end -}}
{{- if and .Values.redis.server (not .Values.redis.secret.name) (not .Values.secrets.given) -}}
{{- fail "redis.server is set, but not how one signs in there. Put the whole URL, with its user and password where it has them, into a Secret and name it in redis.secret.name" -}}
{{- end -}}
{{- if and .Values.nats.server (not .Values.nats.secret) (not .Values.secrets.given) -}}
{{- fail "nats.server is set, but not the passwords of its users. Put them into a Secret (keys nats-password-auth, -rooms, -payments, -events, -geofence and -setup) and name it in nats.secret" -}}
{{- end -}}
{{- if and .Values.livekit.url (not .Values.livekit.secret.name) (not .Values.secrets.given) -}}
{{- fail "livekit.url is set, but not the secret of its API key. Put it into a Secret and name it in livekit.secret.name" -}}
{{- end -}}
{{- end -}}
{{- if and (include "nightjar.postgresHere" .) .Values.postgres.adminSecret.name -}}
{{- fail "postgres.adminSecret names the administrator of a PostgreSQL of yours, but postgres.server is empty, so the quickstart would run another one. Set postgres.server to its address, or leave postgres.adminSecret out" -}}
{{- end -}}
{{- if and (include "nightjar.redisHere" .) .Values.redis.secret.name -}}
{{- fail "redis.secret has the URL of a Redis of yours, but redis.server is empty, so the quickstart would run another one. Set redis.server to its address, or leave redis.secret out" -}}
{{- end -}}
{{- if not .Values.secrets.create -}}
{{- if .Values.demo.enabled -}}
{{- fail "secrets.create=false, and the demo's key is made by the Job that this turns off. Set demo.enabled=false" -}}
{{- end -}}
{{- $without := list -}}
{{- range $value, $here := dict "postgres.server" (include "nightjar.postgresHere" .) "redis.server" (include "nightjar.redisHere" .) "nats.server" (include "nightjar.natsHere" .) "livekit.url" (include "nightjar.livekitHere" .) -}}
{{- if $here }}{{ $without = append $without $value }}{{ end -}}
{{- end -}}
{{- if $without -}}
{{- fail (printf "secrets.create=false, and the passwords of the quickstart's engines are made by the Job that this turns off. Set the addresses of your own engines (%s), or secrets.create=true with the entries that are to be yours in secrets.given" (join ", " $without)) -}}
{{- end -}}
{{- end -}}
{{- if and .Values.cloudflare.enabled .Values.demo.enabled -}}
{{- fail "the demo comes in by the chart's own edge, which cloudflare.enabled turns off. Set demo.enabled=false" -}}
{{- end -}}
{{- if and .Values.cloudflare.enabled (or .Values.gateway.enabled .Values.ingress.enabled) -}}
{{- fail "with cloudflare.enabled the edge runs at Cloudflare, so there is nothing for a Gateway or an Ingress to lead to. Set gateway.enabled=false and ingress.enabled=false" -}}
{{- end -}}
{{- end -}}
