/** Where a generated cover has its light, and how it is turned: CSS variables of `Cover.module.css`. */
export interface CoverShape {
  readonly '--x': string;
  readonly '--y': string;
  readonly '--turn': string;
  readonly '--deep': string;
}

/** What a room without a still looks like: always the same for the same slug, and quiet beside pictures. */
export function coverShape(slug: string): CoverShape {
  let hash = 0x811c9dc5;
  for (let i = 0; i < slug.length; i++) hash = Math.imul(hash ^ slug.charCodeAt(i), 0x01000193);
  // FNV's high bits hardly know the last characters: one more turn spreads them.
  const bits = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
  return {
    '--x': `${15 + (bits % 71)}%`,
    '--y': `${10 + ((bits >>> 8) % 61)}%`,
    '--turn': `${(bits >>> 16) % 360}deg`,
    '--deep': `${35 + ((bits >>> 24) % 40)}%`,
  };
}
