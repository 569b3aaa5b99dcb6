/** What keeps an installation from being set up: what is wrong, and the way out. No secret is in it. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}
