{{/* The name every object carries: the release, with the chart's name unless the release has it already. */}}
{{- define "wardgate.name" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Labels that select the pods. They never change, because a selector cannot. */}}
{{- define "wardgate.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* Labels of every object. */}}
{{- define "wardgate.labels" -}}
{{ include "wardgate.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{/* The image, pinned by digest where one is given. */}}
{{- define "wardgate.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{/* The ConfigMap that holds rules.yaml: the chart's own, or one that somebody else keeps. */}}
{{- define "wardgate.rules" -}}
{{- .Values.rulesConfigMapName | default (printf "%s-rules" (include "wardgate.name" .)) -}}
{{- end -}}

{{/* gateway.yaml as the gateway reads it: without a certificate where TLS ends in front of it. */}}
{{- define "wardgate.gateway" -}}
{{- $gateway := deepCopy .Values.gateway -}}
{{- if $gateway.listen.tlsEndedBy -}}
{{- $_ := set $gateway "listen" (omit $gateway.listen "certificate" "keyFile") -}}
{{- end -}}
{{- toYaml $gateway -}}
{{- end -}}

{{/* The hosts that people type, once each, as a JSON list. */}}
{{- define "wardgate.hosts" -}}
{{- $hosts := list -}}
{{- range .Values.gateway.applications -}}
{{- $hosts = append $hosts (urlParse .address).hostname -}}
{{- end -}}
{{- $hosts | uniq | sortAlpha | toJson -}}
{{- end -}}
