import type { Endpoints } from './endpoints.ts';
import type { HttpClient, HttpRequest } from './http.ts';
import type { Identity } from './identity.ts';
import { localProblem } from './problem-error.ts';
import { readList, readNumber, readObject, readText } from './read.ts';
import { withAccess } from './rooms.ts';

export type FenceEffect = 'allow' | 'deny';

/** The first rule that matches decides. */
export interface FenceRule {
  readonly effect: FenceEffect;
  /** country (ISO 3166-1), region (ISO 3166-2), range (CIDR), network (AS number), anonymizer. */
  readonly kind: 'country' | 'region' | 'range' | 'network' | 'anonymizer';
  /** Any of these matches; none for `anonymizer`. */
  readonly values?: readonly (string | number)[];
}

/** A room's rules on who may know that it exists. Without any it is open to all. */
export interface FenceRules {
  readonly rules: readonly FenceRule[];
  /** For whom no rule matches; needed with rules. */
  readonly otherwise?: FenceEffect;
  /** For whom a missing fact leaves it open; `deny` when left out. */
  readonly unknown?: FenceEffect;
}

export interface Fence extends FenceRules {
  /** Counts up with each change. */
  readonly version: number;
}

export interface FencesParts {
  readonly endpoints: Pick<Endpoints, 'geofence'>;
  readonly http: HttpClient;
  /** Of the room's owner, signed in as a broadcaster. */
  readonly identity: Identity;
}

/** Fences by REST: a broadcaster's own rooms only. All throw ProblemError. */
export class Fences {
  readonly #parts: FencesParts;

  constructor(parts: FencesParts) {
    this.#parts = parts;
  }

  async get(roomId: string): Promise<Fence> {
    return readFence(await this.#call({ method: 'GET', path: pathOf(roomId) }));
  }

  /**
   * Replaces all rules; open sessions are decided again at once.
   *
   * @param fence its `version` is the one that was read; `fence_changed` when it is not the latest any more
   * @returns the fence, and whether it holds everywhere: where not, it gets there by itself, and the former rules hold
   * until then
   */
  async put(roomId: string, { version, ...rules }: Fence): Promise<{ fence: Fence; published: boolean }> {
    const body = { version, ...rules };
    const answer = await this.#call({ method: 'PUT', path: pathOf(roomId), body });
    return { fence: readFence(answer), published: readObject(answer).published === true };
  }

  #call(request: Omit<HttpRequest, 'base'>): Promise<unknown> {
    const { endpoints, http, identity } = this.#parts;
    return withAccess(identity, 'geofence', (accessToken) =>
      http({ base: endpoints.geofence, ...request, accessToken }),
    );
  }
}

function pathOf(roomId: string): string {
  return `/v1/rooms/${encodeURIComponent(roomId)}/fence`;
}

const KINDS: readonly string[] = [
  'country',
  'region',
  'range',
  'network',
  'anonymizer',
] satisfies FenceRule['kind'][];

function readFence(value: unknown): Fence {
  const fence = readObject(value);
  const { otherwise, unknown } = fence;
  return {
    version: readNumber(fence, 'version'),
    rules: readList(fence, 'rules').map(readRule),
    ...(otherwise === undefined ? {} : { otherwise: readEffect(otherwise) }),
    ...(unknown === undefined ? {} : { unknown: readEffect(unknown) }),
  };
}

function readRule(value: unknown): FenceRule {
  const rule = readObject(value);
  const kind = readText(rule, 'kind');
  if (!KINDS.includes(kind)) throw localProblem('not_understood', `unknown rule '${kind}'`);
  return {
    effect: readEffect(rule.effect),
    kind: kind as FenceRule['kind'],
    ...(rule.values === undefined ? {} : { values: readList(rule, 'values').filter(isValue) }),
  };
}

function readEffect(value: unknown): FenceEffect {
  if (value !== 'allow' && value !== 'deny') throw localProblem('not_understood', 'no effect of a rule');
  return value;
}

function isValue(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}
