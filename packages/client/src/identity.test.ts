import { expect, test } from '@jest/globals';
import { fromBase64Url } from '@nightjar/sealed/base64url';
import { verify } from '@nightjar/sealed/keys';
import type { HttpRequest } from './http.ts';
import { Identity } from './identity.ts';
import { memoryKeys } from './key-store.ts';
import { PLATFORM } from './platform.ts';

const LIFE_MS = 600_000;

/** An auth that checks signatures and counts sign-ins. */
function bench(options: { broadcaster?: boolean; clockOffMs?: number } = {}) {
  const signIns: Record<string, unknown>[] = [];
  let monoMs = 0;
  let challenges = 0;
  const serverMs = () => 1_800_000_000_000 + monoMs;
  const http = async ({ path, body }: HttpRequest): Promise<unknown> => {
    if (path === '/v1/auth/challenges') {
      challenges += 1;
      return { challenge: `c${challenges}`, expiresAt: '' };
    }
    const asked = body as Record<string, string>;
    const as = options.broadcaster ? 'broadcaster' : 'viewer';
    const text = `nightjar/sign-in/v1\n${asked.challenge}\n${asked.audience}\n${as}`;
    const good = await verify(
      fromBase64Url(asked.publicKey ?? ''),
      new TextEncoder().encode(text),
      fromBase64Url(asked.signature ?? ''),
    );
    expect(good).toBe(true);
    signIns.push(asked);
    const subject = asked.audience?.startsWith('room:') ? `pn_${asked.audience}` : 'sub_1';
    return {
      accessToken: `t${signIns.length}`,
      subject,
      expiresAt: new Date(serverMs() + LIFE_MS).toISOString(),
    };
  };
  const identity = new Identity({
    endpoints: { auth: 'http://x' },
    http,
    keys: memoryKeys(),
    ...(options.broadcaster ? { broadcaster: true } : {}),
    platform: { ...PLATFORM, mono: () => monoMs, now: () => serverMs() + (options.clockOffMs ?? 0) },
  });
  return { identity, signIns, pass: (ms: number) => (monoMs += ms) };
}

test('one sign-in for each audience, however many ask at once', async () => {
  const { identity, signIns } = bench();
  await Promise.all(Array.from({ length: 5 }, () => identity.accessToken('rooms')));
  expect(await identity.pseudonym('room_1')).toBe('pn_room:room_1');
  expect(signIns.map(({ audience }) => audience)).toEqual(['rooms', 'room:room_1']);
  expect(signIns[0]).not.toHaveProperty('broadcaster');
});

test.each([0, 3_600_000, -3_600_000])(
  'renewed before it ends, whatever the clock says (%i ms off)',
  async (clockOffMs) => {
    const { identity, signIns, pass } = bench({ clockOffMs });
    await identity.accessToken('rooms');
    pass(LIFE_MS - 1);
    await Promise.all([identity.accessToken('rooms'), identity.accessToken('rooms')]);
    expect(signIns).toHaveLength(2);
  },
);

test('a broadcaster says so, in what it signs too', async () => {
  const { identity, signIns } = bench({ broadcaster: true });
  await identity.accessToken('rooms');
  expect(signIns[0]).toHaveProperty('broadcaster', true);
});

test('a failure is not kept', async () => {
  let fail = true;
  const { identity } = bench();
  const flaky = new Identity({
    endpoints: { auth: 'http://x' },
    keys: memoryKeys(),
    http: async ({ path }) => {
      if (fail) throw new Error('away');
      if (path === '/v1/auth/challenges') return { challenge: 'c' };
      return { accessToken: 't', subject: 's', expiresAt: new Date(Date.now() + LIFE_MS).toISOString() };
    },
  });
  await expect(flaky.accessToken('auth')).rejects.toThrow('away');
  fail = false;
  expect(await flaky.accessToken('auth')).toMatchObject({ accessToken: 't' });
  expect(await identity.publicKey()).toMatch(/^[\w-]{43}$/);
});
