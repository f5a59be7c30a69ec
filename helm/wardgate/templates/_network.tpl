{{/* Where the gateway may go, as rules of a network policy. */}}

{{/* The rule for an address that holds an IPv4 address in the place of a name; nothing for a name. */}}
{{- define "wardgate.addressRule" -}}
{{- $address := . | toString | urlParse -}}
{{- if regexMatch "^[0-9]+(\\.[0-9]+){3}$" $address.hostname -}}
{{- $port := regexFind ":[0-9]+$" $address.host | trimPrefix ":" | default (ternary "443" "80" (eq $address.scheme "https")) -}}
{{- dict "cidr" (printf "%s/32" $address.hostname) "ports" (list (int $port)) | toJson -}}
{{- end -}}
{{- end -}}

{{/* One entry of networkPolicy.to as an egress rule. */}}
{{- define "wardgate.egressRule" -}}
- to:
    {{- include "wardgate.peer" . | nindent 4 }}
  ports:
    {{- $protocol := .protocol | default "TCP" }}
    {{- range .ports }}
    - { port: {{ . }}, protocol: {{ $protocol }} }
    {{- end }}
{{- end -}}

{{/* An address, or pods of this cluster. Without a namespace they are pods of the release's own. */}}
{{- define "wardgate.peer" -}}
{{- if .cidr -}}
- ipBlock: { cidr: {{ .cidr | quote }} }
{{- else -}}
- podSelector:
    matchLabels:
      {{- toYaml .pods | nindent 6 }}
  {{- if .namespace }}
  namespaceSelector:
    matchLabels: { kubernetes.io/metadata.name: {{ .namespace | quote }} }
  {{- end }}
{{- end -}}
{{- end -}}
