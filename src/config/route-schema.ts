// The keys by which a set of paths is described, shared by rules, areas and presets.

import { z } from 'zod';
import { method, oneOrMany, ownName, words } from './schema-parts.ts';

const fieldValue = z.union([words, z.number(), z.boolean()]);
export const fields = z.record(words, fieldValue);

export const whenSchema = z.strictObject({ query: fields.optional(), form: fields.optional() });

const source = z
  .string()
  .regex(/^(session|(path|query|form)\..+)$/, 'must be path.NAME, query.NAME, form.NAME or session, for example path.patient');

const place = z.string().regex(/^(path|query)\..+$/, 'must be path.NAME or query.NAME, for example path.study');

/** What may stand beside `paths`. */
export const routeKeys = {
  methods: oneOrMany(method).optional(),
  when: whenSchema.optional(),
  patient: oneOrMany(source).optional(),
  selectsPatient: source.optional(),
  clearsPatient: z.boolean().optional(),
  identifying: oneOrMany(place).optional(),
  category: ownName.optional(),
  action: z.enum(['create', 'read', 'update', 'delete', 'execute']).optional(),
  passive: z.boolean().optional(),
  download: z.enum(['always', 'by-reply', 'never']).optional(),
};

const pathGroup = z.strictObject({ paths: oneOrMany(words), ...routeKeys });

/** An area: paths, or groups of paths with what the audit should read there. */
export const areaSchema = oneOrMany(z.union([words, pathGroup]));

/** Paths nobody may reach. */
export const denySchema = z.union([
  words,
  z.strictObject({
    application: ownName.optional(),
    paths: oneOrMany(words),
    methods: oneOrMany(method).optional(),
    query: fields.optional(),
  }),
]);

export type RouteKeys = { readonly [Key in keyof typeof routeKeys]?: z.output<(typeof routeKeys)[Key]> };
export type AreaEntry = z.output<typeof areaSchema>;
export type DenyEntry = z.output<typeof denySchema>;
