/** Pictures of 8 by 8 pixels as Chromium's canvas makes them, without what it writes beside the picture. */
const from = (base64: string) => Buffer.from(base64, 'base64');

export const WEBP = from(
  'UklGRmAAAABXRUJQVlA4WAoAAAAAAAAABwAABwAAVlA4IEIAAADwAQCdASoIAAgAAsBMJbACdLoAArMPyAAA/ujW8uPX2sMP9Sj/5Xf7l9mru3m+/v94Rux/Mo7q5HjO+8r0Q6dAAAA=',
);

export const WEBP_ALPHA = from(
  'UklGRnQAAABXRUJQVlA4WAoAAAAQAAAABwAABwAAQUxQSA4AAAABD/DA/4iIcPj/iP4HPFZQOCBAAAAA8AEAnQEqCAAIAALATCWwAnS6AAKzD8gAAP7o1vLj19rDD/Uo/+V3+5fZq7t5vv7/eEbsfzKO6uR3+u7yi5eAAA==',
);

export const JPEG = from(
  '/9j/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wAARCAAIAAgDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAT/xAAYEAADAQEAAAAAAAAAAAAAAAAAAhESIf/EABUBAQEAAAAAAAAAAAAAAAAAAAQF/8QAGREBAQEAAwAAAAAAAAAAAAAAAgEAERIx/9oADAMBAAIRAxEAPwCdExe2gAG3Xey91EmGcTf/2Q==',
);

export const PNG = from(
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAYAAADED76LAAAAN0lEQVR4AayNsQkAQAgDxRkc6wtH+p/ph9CttA1pbAxcEQg5Nc9Cwu0iKkMWBl/OQ9i4oOBL7g0AAP//OCCRTAAAAAZJREFUAwDSJxVpBOZ18QAAAABJRU5ErkJggg==',
);

/** What nobody is to read out of a still. */
export const SECRET = 'taken at 52.5N 13.4E by somebody';

/** The pictures with the secret in each place where cameras and programs write such things. */
export function withSecrets(): { type: string; clean: Buffer; written: Buffer }[] {
  return [
    { type: 'image/webp', clean: WEBP, written: webpWith(WEBP, 0x2c) },
    { type: 'image/webp', clean: WEBP_ALPHA, written: webpWith(WEBP_ALPHA, 0x3c) },
    ...[0xe0, 0xe1, 0xe2, 0xed, 0xef, 0xfe].map((marker) => ({
      type: 'image/jpeg',
      clean: JPEG,
      written: jpegWith(marker),
    })),
    { type: 'image/jpeg', clean: JPEG, written: Buffer.concat([JPEG, Buffer.from(SECRET)]) },
    ...['eXIf', 'tEXt', 'iTXt', 'zTXt', 'tIME', 'iCCP', 'prVt'].map((name) => ({
      type: 'image/png',
      clean: PNG,
      written: pngWith(name),
    })),
    { type: 'image/png', clean: PNG, written: Buffer.concat([PNG, Buffer.from(SECRET)]) },
  ];
}

function webpWith(webp: Buffer, flags: number): Buffer {
  const chunk = (name: string) => {
    const text = Buffer.from(SECRET + name.slice(0, SECRET.length % 2));
    return Buffer.concat([Buffer.from(name), uint32(text.length, true), text]);
  };
  const whole = Buffer.concat([webp, chunk('EXIF'), chunk('XMP '), chunk('mine')]);
  whole.writeUInt32LE(whole.length - 8, 4);
  // The first byte of VP8X says that they are there.
  whole[20] = flags;
  return whole;
}

function jpegWith(marker: number): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(SECRET.length + 2);
  const segment = Buffer.concat([Buffer.of(0xff, marker), length, Buffer.from(SECRET)]);
  return Buffer.concat([JPEG.subarray(0, 2), segment, JPEG.subarray(2)]);
}

function pngWith(name: string): Buffer {
  const header = 8 + 12 + 13;
  const sum = Buffer.alloc(4);
  const chunk = Buffer.concat([uint32(SECRET.length), Buffer.from(name), Buffer.from(SECRET), sum]);
  return Buffer.concat([PNG.subarray(0, header), chunk, PNG.subarray(header)]);
}

function uint32(value: number, little = false): Buffer {
  const bytes = Buffer.alloc(4);
  if (little) bytes.writeUInt32LE(value);
  else bytes.writeUInt32BE(value);
  return bytes;
}
