// The smallest DICOM file an archive accepts: a secondary capture of a grey ramp, explicit VR little endian (PS3.5, PS3.10).
// The people in it do not exist.

export interface DicomImage {
  /** `Family^Given`. */
  readonly patientName: string;
  readonly patientId: string;
  readonly studyDescription: string;
  /** Dotted decimal; the same study may hold several series and images. */
  readonly study: string;
  readonly series: string;
  readonly instance: string;
  /** Pixels on each side; one byte each. */
  readonly size: number;
}

const secondaryCapture = '1.2.840.10008.5.1.4.1.1.7';
const explicitLittleEndian = '1.2.840.10008.1.2.1';
const longForms = new Set(['OB', 'OW']);

export function dicomFile(image: DicomImage): Buffer {
  const meta = Buffer.concat([
    element(0x0002, 0x0001, 'OB', Buffer.from([0, 1])),
    text(0x0002, 0x0002, 'UI', secondaryCapture),
    text(0x0002, 0x0003, 'UI', image.instance),
    text(0x0002, 0x0010, 'UI', explicitLittleEndian),
    text(0x0002, 0x0012, 'UI', '1.2.826.0.1.3680043.10.1'),
  ]);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    element(0x0002, 0x0000, 'UL', uint32(meta.length)),
    meta,
    dataSet(image),
  ]);
}

function dataSet(image: DicomImage): Buffer {
  const pixels = Buffer.from(Array.from({ length: image.size * image.size }, (_, at) => (at * 7) % 256));
  return Buffer.concat([
    text(0x0008, 0x0016, 'UI', secondaryCapture),
    text(0x0008, 0x0018, 'UI', image.instance),
    text(0x0008, 0x0020, 'DA', '20260102'),
    text(0x0008, 0x0030, 'TM', '101500'),
    text(0x0008, 0x0050, 'SH', 'A1'),
    text(0x0008, 0x0060, 'CS', 'OT'),
    text(0x0008, 0x0064, 'CS', 'WSD'),
    text(0x0008, 0x0090, 'PN', 'Nobody^Doctor'),
    text(0x0008, 0x1030, 'LO', image.studyDescription),
    text(0x0010, 0x0010, 'PN', image.patientName),
    text(0x0010, 0x0020, 'LO', image.patientId),
    text(0x0010, 0x0030, 'DA', '19700101'),
    text(0x0010, 0x0040, 'CS', 'O'),
    text(0x0020, 0x000d, 'UI', image.study),
    text(0x0020, 0x000e, 'UI', image.series),
    text(0x0020, 0x0010, 'SH', '1'),
    text(0x0020, 0x0011, 'IS', '1'),
    text(0x0020, 0x0013, 'IS', '1'),
    element(0x0028, 0x0002, 'US', uint16(1)),
    text(0x0028, 0x0004, 'CS', 'MONOCHROME2'),
    element(0x0028, 0x0010, 'US', uint16(image.size)),
    element(0x0028, 0x0011, 'US', uint16(image.size)),
    element(0x0028, 0x0100, 'US', uint16(8)),
    element(0x0028, 0x0101, 'US', uint16(8)),
    element(0x0028, 0x0102, 'US', uint16(7)),
    element(0x0028, 0x0103, 'US', uint16(0)),
    element(0x7fe0, 0x0010, 'OB', pixels),
  ]);
}

function text(group: number, number: number, form: string, value: string): Buffer {
  const pad = form === 'UI' ? '\0' : ' ';
  return element(group, number, form, Buffer.from(value.length % 2 === 0 ? value : value + pad, 'latin1'));
}

function element(group: number, number: number, form: string, value: Buffer): Buffer {
  const tag = Buffer.concat([uint16(group), uint16(number), Buffer.from(form, 'latin1')]);
  const length = longForms.has(form) ? Buffer.concat([uint16(0), uint32(value.length)]) : uint16(value.length);
  return Buffer.concat([tag, length, value]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
