{{/* Everything that is wrong with the values and that the schema cannot say, one sentence a line, each with the value and
     the fix. What the gateway would refuse at its start is refused here only where a cluster makes it hard to see. */}}

{{- define "wardgate.mistakes" -}}
{{- $gateway := .Values.gateway -}}
{{- if not $gateway.applications }}
gateway.applications is missing: name at least one EHR with its address and upstream
{{- end }}
{{- if not $gateway.signIn }}
gateway.signIn is missing: name the identity provider
{{- end }}
{{- include "wardgate.mistakes.rules" . }}
{{- include "wardgate.mistakes.instances" . }}
{{- include "wardgate.mistakes.drain" . }}
{{- include "wardgate.mistakes.way-in" . }}
{{- include "wardgate.mistakes.way-out" . }}
{{- include "wardgate.mistakes.tree" (dict "at" "gateway" "tree" $gateway "root" $) }}
{{- include "wardgate.mistakes.tree" (dict "at" "alerts" "tree" .Values.alerts "root" $) }}
{{- end -}}

{{- define "wardgate.mistakes.rules" -}}
{{- if and (not .Values.rules) (not .Values.rulesConfigMapName) }}
rules is missing: give the rule file with --set-file rules=rules.yaml, or name the ConfigMap that holds it in rulesConfigMapName
{{- end }}
{{- if and .Values.rules .Values.rulesConfigMapName }}
rules and rulesConfigMapName {{ .Values.rulesConfigMapName | quote }} are both given: keep one, because only one file can be in force
{{- end }}
{{- range $name := list "gateway.yaml" "rules.yaml" "alerts.yaml" }}
{{- if hasKey $.Values.files $name }}
files has {{ $name | quote }}: the chart makes that file itself, so give it as {{ trimSuffix ".yaml" $name }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Several gateways share rows, what changed and the key that seals; what only one has, the others cannot open. */}}
{{- define "wardgate.mistakes.instances" -}}
{{- $store := .Values.gateway.store | default dict -}}
{{- if gt (int .Values.replicas) 1 }}
{{- if not (and $store.durable $store.redis) }}
replicas is {{ .Values.replicas }}: several gateways share a PostgreSQL and a Redis, so name both in gateway.store (durable, redis), or set replicas to 1
{{- end }}
{{- if not (regexMatch "^/run/secrets/" (.Values.gateway.masterKeyFile | default "" | toString)) }}
replicas is {{ .Values.replicas }}, and gateway.masterKeyFile is {{ .Values.gateway.masterKeyFile | default "" | quote }}: all gateways need one master key, so put it into a Secret, name that under secrets, and write masterKeyFile: /run/secrets/…
{{- end }}
{{- if lt (int .Values.preStopSeconds) 5 }}
replicas is {{ .Values.replicas }}, and preStopSeconds is {{ .Values.preStopSeconds }}: people would still be sent to a pod that stops; give at least 5
{{- end }}
{{- end }}
{{- if and (gt (int .Values.replicas) 1) .Values.data.existingClaim }}
data.existingClaim is {{ .Values.data.existingClaim | quote }}, and replicas is {{ .Values.replicas }}: each instance needs a volume of its own; leave data.existingClaim empty
{{- end }}
{{- if and .Values.gateway.store .Values.networkPolicy.enabled (not .Values.networkPolicy.to.store) }}
networkPolicy.to.store is empty, and gateway.store is given: name where PostgreSQL and Redis are, such as { cidr: 10.20.0.7/32, ports: [5432, 6379] }, or their pods
{{- end }}
{{- end -}}

{{- define "wardgate.mistakes.drain" -}}
{{- $said := (.Values.gateway.limits | default dict).drain | default "25s" | toString -}}
{{- $drain := 0 -}}
{{- if regexMatch "^[0-9]+s$" $said -}}{{- $drain = trimSuffix "s" $said | int -}}{{- end -}}
{{- if regexMatch "^[0-9]+m$" $said -}}{{- $drain = trimSuffix "m" $said | int | mul 60 -}}{{- end -}}
{{- $needed := add $drain .Values.preStopSeconds 10 -}}
{{- if lt (int .Values.terminationGracePeriodSeconds) (int $needed) }}
terminationGracePeriodSeconds is {{ .Values.terminationGracePeriodSeconds }}: requests may take {{ $said }} to finish (gateway.limits.drain) after {{ .Values.preStopSeconds }} seconds of preStopSeconds, and the record needs 10 more; give at least {{ $needed }}
{{- end }}
{{- end -}}

{{- define "wardgate.mistakes.way-in" -}}
{{- $ended := .Values.gateway.listen.tlsEndedBy -}}
{{- if and (not $ended) (not .Values.tls.secretName) }}
tls.secretName is empty: name the Secret of type kubernetes.io/tls that people are shown, or the proxies that end TLS in gateway.listen.tlsEndedBy
{{- end }}
{{- if and (ne .Values.route.kind "none") (not $ended) }}
route.kind is {{ .Values.route.kind | quote }}: TLS then ends in front of the gateway, so name the addresses of those proxies in gateway.listen.tlsEndedBy
{{- end }}
{{- if and (ne .Values.route.kind "none") .Values.networkPolicy.enabled (not .Values.networkPolicy.from) }}
networkPolicy.from is empty, and route.kind is {{ .Values.route.kind | quote }}: name the pods of the proxy, because nobody else may speak to the gateway without TLS
{{- end }}
{{- if and (eq .Values.route.kind "http-route") (not .Values.route.parentRefs) }}
route.parentRefs is empty: name the Gateway that the route belongs to, such as { name: clinic, namespace: gateways }
{{- end }}
{{- end -}}

{{- define "wardgate.mistakes.way-out" -}}
{{- if .Values.networkPolicy.enabled -}}
{{- range $kind, $peers := .Values.networkPolicy.to }}
{{- range $index, $peer := $peers }}
{{- if eq (empty $peer.cidr) (empty $peer.pods) }}
networkPolicy.to.{{ $kind }}[{{ $index }}] must name either an address (cidr: 10.20.0.5/32) or pods of this cluster (pods: { app: openemr }, with their namespace)
{{- end }}
{{- if and $peer.cidr $peer.namespace }}
networkPolicy.to.{{ $kind }}[{{ $index }}].namespace is {{ $peer.namespace | quote }}: only pods have a namespace, so leave it out beside cidr
{{- end }}
{{- end }}
{{- end }}
{{- range $name, $one := .Values.gateway.applications | default dict }}
{{- if and (not $.Values.networkPolicy.to.ehr) (not (include "wardgate.addressRule" $one.upstream)) }}
networkPolicy.to.ehr is empty: a network policy cannot know the name in gateway.applications.{{ $name }}.upstream {{ $one.upstream | quote }}; give its address ({ cidr: 10.20.0.5/32, ports: [443] }) or its pods
{{- end }}
{{- end }}
{{- $issuer := (.Values.gateway.signIn | default dict).issuer }}
{{- if and $issuer (not .Values.networkPolicy.to.provider) (not (include "wardgate.addressRule" $issuer)) }}
networkPolicy.to.provider is empty: a network policy cannot know the name in gateway.signIn.issuer {{ $issuer | quote }}; give its addresses ({ cidr: 0.0.0.0/0, ports: [443] } for a provider in the cloud) or its pods
{{- end }}
{{- end -}}
{{- end -}}

{{/* Walks a tree that ends in a ConfigMap: no secret may stand in it, and every secret file it names must be mounted. Says
     the place of a secret and never its value. */}}
{{- define "wardgate.mistakes.tree" -}}
{{- $made := list -}}
{{- range .root.Values.secrets -}}{{- $made = append $made (printf "/run/secrets/%s" .file) -}}{{- end -}}
{{- $walk := . -}}
{{- if kindIs "map" .tree -}}
{{- range $key, $value := .tree -}}
{{- $at := printf "%s.%s" $walk.at $key -}}
{{- if and (kindIs "string" $value) (regexMatch "(?i)(secret|password|passphrase|token|authorization|credentials?)$" $key) }}
{{ $at }} would stand in a ConfigMap that many can read: put it into a Secret, name that under secrets, and write {{ $key }}File: /run/secrets/… in its place
{{- else if and (kindIs "string" $value) (regexMatch "[a-z]Env$" $key) }}
{{ $at }} names a variable, and the pod gets none: name a Secret under secrets, and write {{ trimSuffix "Env" $key }}File: /run/secrets/… in its place
{{- else }}
{{- include "wardgate.mistakes.tree" (dict "at" $at "tree" $value "root" $walk.root) }}
{{- end -}}
{{- end -}}
{{- else if kindIs "slice" .tree -}}
{{- range $index, $value := .tree -}}
{{- include "wardgate.mistakes.tree" (dict "at" (printf "%s[%d]" $walk.at $index) "tree" $value "root" $walk.root) }}
{{- end -}}
{{- else if kindIs "string" .tree -}}
{{- if and (hasPrefix "/run/secrets/" .tree) (not (has .tree $made)) }}
{{ .at }} is {{ .tree | quote }}, and no entry of secrets makes that file: add { secret: …, key: …, file: {{ trimPrefix "/run/secrets/" .tree }} }
{{- end -}}
{{- if and (hasPrefix "/etc/wardgate-trust/" .tree) (not .root.Values.trust.configMapName) }}
{{ .at }} is {{ .tree | quote }}, and trust.configMapName is empty: name the ConfigMap that holds that file
{{- end -}}
{{- end -}}
{{- end -}}
