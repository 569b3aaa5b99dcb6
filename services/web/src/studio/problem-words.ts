import { ProblemError } from '@nightjar/client/problem-error';

/** What went wrong, for a person. A server's title says the way out too. */
export function problemWords(error: unknown): string {
  return error instanceof ProblemError
    ? error.title
    : 'Something went wrong on this page. Reload it; the show goes on meanwhile.';
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof ProblemError ? error.code : undefined;
}
