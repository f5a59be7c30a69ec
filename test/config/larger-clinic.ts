// A clinic with an EHR and a PACS, in every form that the two files allow: what IT is promised to be able to write.

export const designGateway = `# gateway.yaml: what stands where
clinic: { name: Northside, timezone: America/Chicago, hours: Mon-Fri 07:00-19:00, help: ext. 4357 }
listen: { port: 443, certificate: /etc/wardgate/ehr.pem, keyFile: /etc/wardgate/ehr.key }
zones:
  clinic: [10.20.0.0/16]
  desks:  [10.20.5.0/24]
applications:
  ehr:
    address:  https://ehr.northside.example   # what people type
    upstream: https://10.20.0.5               # where OpenEMR listens; never a path
    trust:    /etc/wardgate/clinic-ca.pem
    preset:   openemr
    signOn:   own-password                    # asked once, sealed
  pacs:
    address:  https://pacs.northside.example
    upstream: http://10.20.0.6:8042
    plainHttpBecause: isolated server VLAN
    preset:   orthanc
    signOn:   { account: wardgate, passwordFile: /run/secrets/orthanc }
signIn:
  provider: keycloak                          # or entra, or generic
  issuer:   https://login.northside.example/realms/clinic
  clientId: wardgate
  clientSecretFile: /run/secrets/oidc
  recheckEvery: 15m
secondFactor: { methods: [passkey, totp], enrolFrom: clinic }
lock:
  everywhere: { after: 15m, endAfterLock: 30m, longest: 12h }
  desks:      { after: 5m }
audit: { keep: 6y, anchor: /mnt/nas/anchor }
`;

export const designRules = `# rules.yaml: who may do what
mode: enforce             # or observe
roles:                    # our name: group as the provider sends it
  physician:  Clinic-Physicians
  nurse:      Clinic-Nurses
  front-desk: Clinic-FrontDesk
  records:    Clinic-Records
  it:         Clinic-IT
  privacy:    Clinic-Privacy
rules:                    # first fit decides; no fit is refused
  - { name: screens,  area: ehr.shell,  allow: everyone }
  - { name: find,     area: [ehr.search, ehr.schedule, ehr.demographics], allow: [physician, nurse, front-desk, records] }
  - { name: charts,   area: [ehr.chart, ehr.documents], allow: [physician, nurse, records], emergency: front-desk }
  - { name: reports,  area: ehr.reports,   allow: [physician, records], export: records, from: clinic }
  - { name: admin,    area: ehr.admin,     allow: it, from: clinic, freshFactor: 5m }
  - name: letters       # an area of one's own, by path
    application: ehr
    paths: ["/openemr/interface/letters/{patient}/**"]
    methods: [GET, POST]
    when: { form: { send: present } }
    allow: physician
    patient: path.patient
    category: correspondence
  - { name: images,   area: pacs.view,     allow: [physician, nurse] }
  - { name: console,  area: wardgate.console, allow: privacy }
downloads:                # per person
  everyone: { files: 30/hour, size: 200MB/day, patients: 60/hour, then: ask }
  records:  { files: 60/hour, size: 2GB/day, patients: 120/hour, then: refuse }
tests:
  - { as: nurse, get: /openemr/interface/patient_file/history/encounters.php, expect: allowed }
  - { as: front-desk, get: /openemr/interface/usergroup/usergroup_admin.php, expect: refused }
`;

export const openemrPreset = `describes: The areas that the rules above name
profile: php
parameters: php
sessionCookie: OpenEMR
areas:
  shell: /openemr/interface/main/tabs/**
  search: /openemr/interface/main/finder/**
  schedule: /openemr/interface/main/calendar/**
  demographics: /openemr/interface/patient_file/summary/demographics*.php
  chart: { paths: /openemr/interface/patient_file/**, patient: session, category: chart }
  documents: /openemr/controller.php
  reports: /openemr/interface/reports/**
  admin: [/openemr/interface/usergroup/**, /openemr/interface/super/**]
`;

export const orthancPreset = `describes: The area that the rules above name
methodOverrideParameters: _method
areas:
  view: [/app/**, /studies]
`;
