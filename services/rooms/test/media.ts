import {
  AudioFrame,
  AudioSource,
  LocalAudioTrack,
  Room,
  TrackPublishOptions,
  TrackSource,
} from '@livekit/rtc-node';

const RATE = 48_000;

/** Joins LiveKit with a grant, as a client would. */
export async function join(grant: { url: string; accessToken: string }) {
  const room = new Room();
  await room.connect(grant.url, grant.accessToken, { autoSubscribe: true, dynacast: false });
  return room;
}

/** Publishes a quiet tone; rejects where the grant does not let it. Answers how to end it. */
export async function publish(
  room: Room,
  source = TrackSource.SOURCE_MICROPHONE,
): Promise<() => Promise<void>> {
  const audio = new AudioSource(RATE, 1);
  const track = LocalAudioTrack.createAudioTrack('sound', audio);
  const options = new TrackPublishOptions();
  options.source = source;
  if (!room.localParticipant) throw new Error('not in the room');
  await room.localParticipant.publishTrack(track, options);
  let playing = true;
  const samples = RATE / 100;
  const play = (async () => {
    while (playing)
      await audio.captureFrame(new AudioFrame(new Int16Array(samples).fill(1), RATE, 1, samples));
  })().catch(() => undefined);
  return async () => {
    playing = false;
    await play;
  };
}

/** The access token that LiveKit gives to whoever has come in with one, read off its signalling. */
export async function reissued(grant: { url: string; accessToken: string }): Promise<string> {
  const query = new URLSearchParams({ access_token: grant.accessToken, protocol: '15', sdk: 'js' });
  const socket = new WebSocket(`${grant.url}/rtc?${query}`);
  socket.binaryType = 'arraybuffer';
  try {
    return await new Promise((resolve, reject) => {
      socket.onerror = () => reject(new Error('LiveKit let nobody in'));
      socket.onclose = () => reject(new Error('LiveKit gave no access token'));
      socket.onmessage = ({ data }) => {
        const found = /eyJ[\w-]+\.[\w-]+\.[\w-]+/.exec(Buffer.from(data).toString('latin1'));
        if (found) resolve(found[0]);
      };
    });
  } finally {
    socket.close();
  }
}
