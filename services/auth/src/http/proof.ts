import { commonProblem } from '@nightjar/kit/problem';
import { fromBase64Url } from '@nightjar/sealed/base64url';
import { verify } from '@nightjar/sealed/keys';
import { SealedError } from '@nightjar/sealed/sealed-error';
import { authProblem } from '../errors.ts';

/** The key's bytes when the signature is its own over the text. Throws Problem: malformed_request, signature_invalid. */
export async function checkSignature(
  publicKey: string,
  text: string,
  signature: string,
): Promise<Uint8Array> {
  let key: Uint8Array;
  let good: boolean;
  try {
    key = fromBase64Url(publicKey);
    good = await verify(key, new TextEncoder().encode(text), fromBase64Url(signature));
  } catch (error) {
    // 43 characters that are not the one text of 32 bytes, or bytes that are no point on the curve.
    if (error instanceof SealedError || error instanceof DOMException)
      throw commonProblem('malformed_request', error);
    throw error;
  }
  if (!good) throw authProblem('signature_invalid');
  return key;
}
