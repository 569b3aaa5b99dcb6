import { create } from '@bufbuild/protobuf';
import { type Effect as EffectMessage, EffectSchema, Output } from '../gen/nightjar/common/v1/effect_pb.js';
import type { Effect, OutputKind } from './effect.ts';

const TO_PROTO: Record<OutputKind, Output> = {
  vibrate: Output.VIBRATE,
  rotate: Output.ROTATE,
  oscillate: Output.OSCILLATE,
  position: Output.POSITION,
  inflate: Output.INFLATE,
};

const FROM_PROTO = new Map(Object.entries(TO_PROTO).map(([kind, output]) => [output, kind as OutputKind]));

/** An effect for the bus. */
export function effectToProto(effect: Effect): EffectMessage {
  const { output, durationMs, points, repeatMs } = effect;
  return create(EffectSchema, {
    output: TO_PROTO[output],
    durationMs,
    points: points.map(({ atMs, level }) => ({ atMs, level })),
    ...(repeatMs === undefined ? {} : { repeatMs }),
  });
}

/** An effect from the bus. Throws RangeError on an output this version does not know. */
export function effectFromProto(message: EffectMessage): Effect {
  const output = FROM_PROTO.get(message.output);
  if (!output) throw new RangeError(`unknown output ${message.output}`);
  return {
    output,
    durationMs: message.durationMs,
    points: message.points.map(({ atMs, level }) => ({ atMs, level })),
    ...(message.repeatMs === undefined ? {} : { repeatMs: message.repeatMs }),
  };
}
