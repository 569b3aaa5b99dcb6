import type { Facts } from '@nightjar/fence/facts';

export async function watchPolicies(_nc: unknown, _keys: string, _log: unknown) {
  return {
    decide: (_roomId: string, _facts: Facts): 'allowed' | 'refused' => 'refused',
    ready: () => true,
    async [Symbol.asyncDispose]() {},
  };
}
export type PolicyWatch = Awaited<ReturnType<typeof watchPolicies>>;
