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
