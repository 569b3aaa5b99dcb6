/** The pages of this entry. Rooms and the studio are pages of their own. */
export type Route = 'directory' | 'wallet' | 'me' | 'unknown';

const PATHS: Readonly<Record<string, Route>> = { '/': 'directory', '/wallet': 'wallet', '/me': 'me' };

/** What a browser's tab and history say. */
export const TITLES: Readonly<Record<Route, string>> = {
  directory: 'Live rooms · Nightjar',
  wallet: 'Wallet · Nightjar',
  me: 'Me · Nightjar',
  unknown: 'Not found · Nightjar',
};

export function routeOf(pathname: string): Route {
  return PATHS[pathname.replace(/(?<=.)\/+$/, '')] ?? 'unknown';
}

/** What a press on a link was; the DOM's MouseEvent fits. */
export interface LinkPress {
  readonly button: number;
  readonly defaultPrevented: boolean;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}

/**
 * Where a press on a link leads within this entry; undefined where the browser has to see to it: another page, a new
 * tab, a download, a place on this page.
 */
export function pathWithin(
  press: LinkPress,
  link: { readonly href: string; readonly target: string; readonly download: string },
  here: string,
): string | undefined {
  if (press.defaultPrevented || press.button !== 0) return undefined;
  if (press.altKey || press.ctrlKey || press.metaKey || press.shiftKey) return undefined;
  if ((link.target !== '' && link.target !== '_self') || link.download !== '') return undefined;
  const from = new URL(here);
  const to = new URL(link.href, from);
  if (to.origin !== from.origin || to.hash !== '' || routeOf(to.pathname) === 'unknown') return undefined;
  return to.pathname;
}
