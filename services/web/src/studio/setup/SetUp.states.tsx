import { DEFAULT_ENVELOPE } from '@nightjar/bridge/machine/envelope';
import type { State } from '../../dev/state.ts';
import { DeviceStep } from '../device/DeviceStep.tsx';
import { INTIFACE_URL, STEPS, type Step } from '../kept.ts';
import { BRIDGES, dusk } from '../states-device.ts';
import { StudioFrame } from '../states-frame.tsx';
import { CameraStep } from './CameraStep.tsx';
import { ConnectionStep } from './ConnectionStep.tsx';
import { type CaptureState, NO_CAPTURE } from './capture.ts';
import { type CheckState, NOT_CHECKED } from './connection-check.ts';
import { EnvelopeStep } from './EnvelopeStep.tsx';
import { FenceStep } from './FenceStep.tsx';
import { FENCE_LOADING, type FenceState } from './fence-model.ts';
import { SetUpPage } from './SetUpPage.tsx';

const nothing = (): void => {};
const picture = dusk();

function step(
  name: string,
  at: Step,
  element: State['element'],
  bridge = BRIDGES.off as (typeof BRIDGES)['off'],
): State {
  return {
    name,
    screen: true,
    element: (
      <StudioFrame bridge={bridge}>
        <SetUpPage step={at} done={STEPS.slice(0, STEPS.indexOf(at))} onGoTo={nothing} onLeave={nothing}>
          {element}
        </SetUpPage>
      </StudioFrame>
    ),
  };
}

const camera = (state: Partial<CaptureState>) => (
  <CameraStep
    state={{ ...NO_CAPTURE, ...state }}
    video={state.phase === 'on' ? picture : undefined}
    level={() => 0.45}
    onStart={nothing}
    onChoose={nothing}
    onWithoutSound={nothing}
    onNext={nothing}
  />
);
const found = {
  cameras: [{ id: 'c', label: 'Desk camera' }],
  microphones: [{ id: 'm', label: 'Desk microphone' }],
  cameraId: 'c',
  microphoneId: 'm',
};

const checks = (state: CheckState) => <ConnectionStep state={state} onCheck={nothing} onNext={nothing} />;
const good = { is: 'good', text: 'The server answers in 24 ms.' } as const;

const device = (
  chosen: 'none' | 'simulated' | 'intiface',
  state: Parameters<typeof DeviceStep>[0]['state'],
  level = 0,
) => (
  <DeviceStep
    state={state}
    chosen={chosen}
    url={INTIFACE_URL}
    level={() => level}
    onChoose={nothing}
    onLook={nothing}
    onTry={nothing}
    onNext={nothing}
  />
);

const fence = (state: Partial<FenceState>) => (
  <FenceStep
    state={{ ...FENCE_LOADING, phase: 'ready', ...state }}
    onChange={nothing}
    onLoad={nothing}
    onNext={nothing}
  />
);

export const setUpStates: readonly State[] = [
  step('camera asked for', 'camera', camera({ phase: 'asking' })),
  step('camera on', 'camera', camera({ phase: 'on', ...found })),
  step('camera off', 'camera', camera({})),
  step(
    'camera refused',
    'camera',
    camera({
      camera: { kind: 'camera', fault: 'refused' },
      microphone: { kind: 'microphone', fault: 'refused' },
    }),
  ),
  step('camera missing', 'camera', camera({ camera: { kind: 'camera', fault: 'missing' } })),
  step('camera in use', 'camera', camera({ ...found, camera: { kind: 'camera', fault: 'in_use' } })),
  step(
    'microphone missing',
    'camera',
    camera({ phase: 'on', microphone: { kind: 'microphone', fault: 'missing' } }),
  ),
  step('without sound', 'camera', camera({ phase: 'on', ...found, withoutSound: true })),
  step(
    'connection being checked',
    'connection',
    checks({ phase: 'running', results: { ...NOT_CHECKED.results, server: good, room: { is: 'running' } } }),
  ),
  step(
    'connection good',
    'connection',
    checks({
      phase: 'done',
      results: {
        server: good,
        room: { is: 'good', text: 'Lines, tips and stops come and go.' },
        media: { is: 'good', text: 'The way for picture and sound is open.' },
        network: {
          is: 'good',
          text: 'Your browser can send. How much your line carries is measured once you are live.',
        },
      },
    }),
  ),
  step(
    'connection bad',
    'connection',
    checks({
      phase: 'done',
      results: {
        server: good,
        room: {
          is: 'bad',
          text: 'The room’s own connection does not open.',
          wayOut:
            'A firewall or an add-on may keep WebSockets from this page. Try without it, or in another network.',
        },
        media: { is: 'good', text: 'The way for picture and sound is open.' },
        network: {
          is: 'bad',
          text: 'This browser finds no way to send a picture.',
          wayOut: 'An add-on may forbid WebRTC. Switch it off for this page.',
        },
      },
    }),
  ),
  step('no device', 'device', device('none', BRIDGES.off)),
  step('simulated device', 'device', device('simulated', BRIDGES.latched), BRIDGES.latched as never),
  step('simulated device tried', 'device', device('simulated', BRIDGES.tried, 0.2), BRIDGES.tried as never),
  step('simulated device found', 'device', device('simulated', BRIDGES.found), BRIDGES.found as never),
  step('intiface not there', 'device', device('intiface', BRIDGES.unreachable), BRIDGES.unreachable as never),
  step(
    'limits',
    'envelope',
    <EnvelopeStep
      envelope={DEFAULT_ENVELOPE}
      from="default"
      running
      onSave={() => Promise.resolve()}
      onNext={nothing}
    />,
  ),
  step(
    'limits without a device',
    'envelope',
    <EnvelopeStep
      envelope={DEFAULT_ENVELOPE}
      from="default"
      running={false}
      onSave={() => Promise.resolve()}
      onNext={nothing}
    />,
  ),
  step('fence being read', 'fence', fence({ phase: 'loading' })),
  step(
    'fence not read',
    'fence',
    fence({ phase: 'failed', problem: 'The server did not answer in time. Try again.' }),
  ),
  step('everybody', 'fence', fence({})),
  step(
    'only some countries',
    'fence',
    fence({ changed: true, draft: { who: 'only', countries: ['DE', 'AT', 'CH'], unknown: false } }),
  ),
  step(
    'no country chosen',
    'fence',
    fence({
      changed: true,
      draft: { who: 'but', countries: [], unknown: true },
      problem: 'Choose at least one country, or let everybody see you.',
    }),
  ),
  step('finer rules', 'fence', fence({ kind: 'finer' })),
];
