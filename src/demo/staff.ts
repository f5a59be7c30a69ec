// The invented people who work at the demo's clinic, told once: the provider signs them in, the EHR knows their names.
// It holds no secret and nothing about what they may do.

/** One member of staff. `name` is what the person types to sign in; `title` is what the EHR prints beside it. */
export interface StaffMember {
  readonly name: string;
  readonly displayName: string;
  readonly title: string;
}

export const staff = {
  physician: { name: 'physician', displayName: 'Dr. Paula Examplar', title: 'Physician' },
  nurse: { name: 'nurse', displayName: 'Noah Madeup', title: 'Registered nurse' },
  'front-desk': { name: 'front-desk', displayName: 'Fern Deskwell', title: 'Front desk' },
  billing: { name: 'billing', displayName: 'Bill Samplefee', title: 'Billing' },
  records: { name: 'records', displayName: 'Rita Filewood', title: 'Medical records' },
  security: { name: 'security', displayName: 'Serena Watchford', title: 'Security officer' },
  it: { name: 'it', displayName: 'Ivo Plugly', title: 'Clinic IT' },
  newcomer: { name: 'newcomer', displayName: 'Nell Firstday', title: 'Registered nurse' },
  visitor: { name: 'visitor', displayName: 'Vic Passerby', title: 'Volunteer' },
} as const satisfies Readonly<Record<string, StaffMember>>;
