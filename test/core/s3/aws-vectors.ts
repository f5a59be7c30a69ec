// Published examples of AWS Signature Version 4. The first three are of the test suite that AWS gives to those who sign
// (aws-sig-v4-test-suite: get-vanilla, post-vanilla, get-header-value-trim), the last two of its
// documentation of S3 ("Signature Calculations for the Authorization Header: Transferring Payload in a Single Chunk").

const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const suite = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', region: 'us-east-1' };
const documentation = {
  ...suite,
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const time = '20150830T123600Z';
const host = 'example.amazonaws.com';
const s3Host = 'examplebucket.s3.amazonaws.com';
const s3Time = '20130524T000000Z';
const welcome = '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072';

export const awsVectors = [
  {
    what: 'get-vanilla',
    service: 'service',
    key: suite,
    request: { method: 'GET', path: '/', headers: { host, 'x-amz-date': time }, bodyHash: emptyHash, time },
    signature: '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
  },
  {
    what: 'post-vanilla',
    service: 'service',
    key: suite,
    request: { method: 'POST', path: '/', headers: { host, 'x-amz-date': time }, bodyHash: emptyHash, time },
    signature: '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
  },
  {
    what: 'get-header-value-trim',
    service: 'service',
    key: suite,
    request: {
      method: 'GET',
      path: '/',
      headers: { host, 'my-header1': ' value1', 'my-header2': ' "a   b   c"', 'x-amz-date': time },
      bodyHash: emptyHash,
      time,
    },
    signature: 'acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736',
  },
  {
    what: 'S3: get an object',
    service: 's3',
    key: documentation,
    request: {
      method: 'GET',
      path: '/test.txt',
      headers: { host: s3Host, range: 'bytes=0-9', 'x-amz-content-sha256': emptyHash, 'x-amz-date': s3Time },
      bodyHash: emptyHash,
      time: s3Time,
    },
    signature: 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  },
  {
    what: 'S3: put an object',
    service: 's3',
    key: documentation,
    request: {
      method: 'PUT',
      path: '/test%24file.text',
      headers: {
        date: 'Fri, 24 May 2013 00:00:00 GMT',
        host: s3Host,
        'x-amz-content-sha256': welcome,
        'x-amz-date': s3Time,
        'x-amz-storage-class': 'REDUCED_REDUNDANCY',
      },
      bodyHash: welcome,
      time: s3Time,
    },
    signature: '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  },
] as const;
