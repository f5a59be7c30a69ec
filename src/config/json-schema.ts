// JSON Schemas of the YAML files, from the very schemas that judge them, so that an editor completes and checks as the
// gateway would. Draft 2020-12.

import { z } from 'zod';
import { gatewaySchema } from './gateway-schema.ts';
import { presetSchema, rulesSchema } from './rules-schema.ts';

const titles = {
  'gateway.schema.json': { schema: gatewaySchema, title: 'Wardgate: what stands where' },
  'rules.schema.json': { schema: rulesSchema, title: 'Wardgate: who may do what' },
  'preset.schema.json': { schema: presetSchema, title: 'Wardgate: the areas of one EHR' },
};

/** File name → its text. */
export function jsonSchemas(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(titles).map(([file, { schema, title }]) => {
      const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input' });
      return [file, `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`];
    }),
  );
}
