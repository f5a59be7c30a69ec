// What an S3 store means that refuses an object, and what to do about it. Of its answer only the code is believed and shown.

const fixes: Readonly<Record<string, string>> = {
  RequestTimeTooSkewed: "this machine's clock is more than 15 minutes off; set it by NTP",
  RequestExpired: "this machine's clock is off; set it by NTP",
  SignatureDoesNotMatch: 'the secret access key is not that of this access key id, or something on the way changes the request',
  InvalidAccessKeyId: 'the store does not know this access key id',
  ExpiredToken: 'the session token has ended; give a new one and start the gateway anew',
  InvalidToken: 'the session token is not that of these keys',
  AuthorizationHeaderMalformed: 's3.region is not the region of this bucket',
  IllegalLocationConstraintException: 's3.region is not the region of this bucket',
  PermanentRedirect: 'the bucket is in another region; name its own address under put and its region under s3',
  TemporaryRedirect: 'the bucket is not reached by this name yet; name the address of its region under put',
  AccessDenied: 'these keys may not put objects there; they need s3:PutObject, and s3:PutObjectRetention for an object lock',
  NoSuchBucket: 'there is no such bucket; name it in the host of put, or as the first part of its path',
  InvalidRequest: 'the bucket most likely has no Object Lock; make one that has, or leave out s3.lock',
  InvalidBucketState: 'the bucket has no Object Lock; make one that has, or leave out s3.lock',
  ObjectLockConfigurationNotFoundError: 'the bucket has no Object Lock; make one that has, or leave out s3.lock',
};

/** `answer` is the beginning of the body. Names a code where there is one that looks like one. */
export function s3Problem(status: number, answer: string): string {
  const [, code = ''] = /<Code>([A-Za-z]{1,64})<\/Code>/.exec(answer) ?? [];
  const fix = Object.hasOwn(fixes, code) ? fixes[code] : undefined;
  return `it answered ${status}${code === '' ? '' : ` ${code}`}${fix === undefined ? '' : `: ${fix}`}`;
}
