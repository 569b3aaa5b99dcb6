/** The texts that a device key signs. The first line keeps a signature for one purpose from standing in for another. */

/** What is signed to sign in: for one audience and in one capacity, so that neither can be changed on the way. */
export function signInText(challenge: string, audience: string, broadcaster: boolean): string {
  return `nightjar/sign-in/v1\n${challenge}\n${audience}\n${broadcaster ? 'broadcaster' : 'viewer'}`;
}

/** What is signed to delete the account for good. */
export function disappearText(challenge: string): string {
  return `nightjar/disappear/v1\n${challenge}`;
}
