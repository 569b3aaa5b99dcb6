import type { UpstreamName } from './routes.ts';

/** What the operator told the pages, as `/site.json` gives it to them. */
export interface Site {
  readonly name: string;
  /** The age that people confirm before they see a room; null where the operator does not ask. */
  readonly ageConfirmation: number | null;
  /** Whether wallets are filled with play money. */
  readonly play: boolean;
}

/** Where a client's address stands: see `facts.ts`. */
export type AddressFrom = 'connection' | 'cloudflare';

export interface EdgeSettings {
  /** This instance: whoever came through it is told to go when it goes. */
  readonly instance: string;
  readonly addressFrom: AddressFrom;
  /** Addresses and ranges. */
  readonly trustedHops: readonly string[];
  /** The origin as people see it, where something in front of us ends TLS; empty for that of the request. */
  readonly publicOrigin: string;
  /** The text of the file of fence keys. */
  readonly fencePublicKeys: string;
  readonly site: Site;
  /** Base URLs of services that no binding leads to. */
  readonly upstreams: Partial<Readonly<Record<UpstreamName, string>>>;
}

/** Standard bindings alone, so that the same bundle runs in workerd and at Cloudflare. */
export type Env = {
  readonly EDGE: EdgeSettings;
  /** The text of the edge's private key file. */
  readonly FACTS_KEY: string;
  /** Static files: web, or Cloudflare's assets. */
  readonly PAGES: Fetcher;
  /** The same by other connections, where web has several pods: see `pages.ts`. */
  readonly PAGES_AGAIN?: Fetcher;
} & Partial<Readonly<Record<Uppercase<UpstreamName>, Fetcher>>>;
