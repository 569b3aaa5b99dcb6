import { toBase64Url } from '@nightjar/sealed/base64url';
import { generateSigningKeyPair, sign } from '@nightjar/sealed/keys';
import { disappearText, signInText } from '../src/domain/signed-texts.ts';

export interface Answer {
  readonly status: number;
  readonly body: Record<string, string>;
  readonly headers: Headers;
}

export async function ask(base: string, method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${base}${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await response.text();
  return {
    status: response.status,
    body: (text === '' ? {} : JSON.parse(text)) as Record<string, string>,
    headers: response.headers,
  };
}

export interface SignIn {
  readonly audience: string;
  readonly broadcaster?: boolean;
}

/** A viewer's device as the client library is one: a key and what it signs. */
export async function newDevice() {
  const { privateKey, publicKey } = await generateSigningKeyPair({ extractable: false });
  const signText = async (text: string) =>
    toBase64Url(await sign(privateKey, new TextEncoder().encode(text)));
  const key = toBase64Url(publicKey);
  const challengeFrom = async (base: string) =>
    (await ask(base, 'POST', '/v1/auth/challenges')).body.challenge ?? '';

  async function signInBody(challenge: string, { audience, broadcaster }: SignIn) {
    const signature = await signText(signInText(challenge, audience, broadcaster ?? false));
    return { publicKey: key, challenge, signature, audience, ...(broadcaster ? { broadcaster } : {}) };
  }
  return {
    publicKey: key,
    challengeFrom,
    signInBody,
    async signIn(base: string, options: SignIn): Promise<Answer> {
      const body = await signInBody(await challengeFrom(base), options);
      return ask(base, 'POST', '/v1/auth/access-tokens', body);
    },
    async disappear(base: string): Promise<Answer> {
      const challenge = await challengeFrom(base);
      const signature = await signText(disappearText(challenge));
      return ask(base, 'DELETE', '/v1/auth/account', { publicKey: key, challenge, signature });
    },
  };
}
