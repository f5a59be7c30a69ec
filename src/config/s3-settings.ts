// The keys with which requests to an S3 store are signed, each from a file or a variable.

import type { S3Signing } from '../core/s3/sign-request.ts';
import type { S3Entry } from './anchor-schema.ts';
import type { GatewayFile } from './gateway-schema.ts';
import type { Reading } from './reading.ts';
import type { KeyPath } from './yaml-source.ts';

/** `path` is that of the anchor. */
export async function s3Settings(reading: Reading<GatewayFile>, path: KeyPath, entry: S3Entry): Promise<S3Signing> {
  const at = [...path, 's3'];
  const of = (name: string, file: string | undefined, env: string | undefined) => reading.secret(at, name, { file, env });
  const accessKeyId = await of('accessKeyId', entry.accessKeyIdFile, entry.accessKeyIdEnv);
  const secretAccessKey = await of('secretAccessKey', entry.secretAccessKeyFile, entry.secretAccessKeyEnv);
  const sessionToken = await of('sessionToken', entry.sessionTokenFile, entry.sessionTokenEnv);
  if (accessKeyId === null) reading.mistake(at, 'Key accessKeyIdFile or accessKeyIdEnv is missing');
  if (secretAccessKey === null) reading.mistake(at, 'Key secretAccessKeyFile or secretAccessKeyEnv is missing');
  const lock = entry.lock === 'compliance' ? 'COMPLIANCE' : entry.lock === 'governance' ? 'GOVERNANCE' : null;
  const { region } = entry;
  return { region, accessKeyId: accessKeyId ?? '', secretAccessKey: secretAccessKey ?? '', sessionToken, lock };
}
