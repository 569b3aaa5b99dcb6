import { keeperCode } from '@nightjar/sealed/chat-keeper-statement';
import { useEffect, useState } from 'react';

/** The code by which two people compare, by another way, whose key keeps a room's chat. */
export function useKeeperCode(roomId: string, publicKey: Uint8Array): string | undefined {
  const [code, setCode] = useState<string>();
  useEffect(() => {
    let gone = false;
    void keeperCode(roomId, publicKey).then((text) => {
      if (!gone) setCode(text);
    });
    return () => {
      gone = true;
    };
  }, [roomId, publicKey]);
  return code;
}
