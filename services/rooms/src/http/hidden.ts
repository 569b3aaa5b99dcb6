import type { FastifySchema } from 'fastify';

/** Of use to another part of the installation alone, so it is in no document. */
export const hidden = { hide: true } as const satisfies FastifySchema & { readonly hide: true };
