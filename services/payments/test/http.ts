import { randomUUID } from 'node:crypto';
import type { SigningKeyPair } from '@nightjar/sealed/keys';
import { makeProof } from '@nightjar/sealed/request-proof';

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at what came, whatever it is.
  readonly body: any;
}

export interface AskOptions {
  readonly keys?: SigningKeyPair;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
  readonly proof?: string;
  readonly token?: string;
  /** The client's address, as a trusted hop names it. */
  readonly from?: string;
  /** Milliseconds since 1970 at which the proof was made. */
  readonly at?: number;
}

export const newIdempotencyKey = () => randomUUID();

/** A client that proves its requests, as packages/client does. */
export function askOf(base: string) {
  return async (method: string, path: string, options: AskOptions = {}): Promise<Answer> => {
    const { keys, body, idempotencyKey, token, from } = options;
    const text = body === undefined ? '' : JSON.stringify(body);
    const proof =
      options.proof ??
      (keys &&
        (await makeProof(
          keys,
          { method, path, body: new TextEncoder().encode(text) },
          { now: options.at ?? Date.now() },
        )));
    const response = await fetch(`${base}${path}`, {
      method,
      headers: {
        ...(from ? { 'x-forwarded-for': from } : {}),
        ...(proof ? { 'nightjar-proof': proof } : {}),
        ...(idempotencyKey ? { 'idempotency-key': idempotencyKey } : {}),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: text }),
    });
    const answer = await response.text();
    return { status: response.status, text: answer, headers: response.headers, body: JSON.parse(answer) };
  };
}
