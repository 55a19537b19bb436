import { useTranslation } from 'react-i18next';
import type { RunSummary } from '../../contract/run.ts';
import { Beam, type BeamStop } from '../parts/beam.tsx';
import { beamStops, type Stop } from './beam-stops.ts';
import { Elapsed } from './elapsed.tsx';
import type { RunMoment } from './run-follower.ts';

/** The run's phases on the beam. */
export function RunBeam({ run, moment }: { run: RunSummary; moment: RunMoment }) {
  const { t } = useTranslation(['run', 'parts']);
  if (!moment.loaded) return null;
  const stops = beamStops(run, moment.view).map((stop): BeamStop => {
    const { key, label, stage, state, person, tookMs, since, message, rounds } = stop;
    return {
      ...{ key, state, person },
      label: label ?? t(`run:beam.${stage ?? 'worked'}`),
      note: noteOf(stop, moment.view.status, message, t),
      figure: (
        <>
          {rounds > 1 &&
            state === 'active' &&
            message === undefined &&
            `${t('run:beam.rounds', { count: rounds })} `}
          {tookMs !== null && <Elapsed baseMs={tookMs} since={since} />}
        </>
      ),
    };
  });
  return <Beam name={t('run:beam.name')} stops={stops} />;
}

function noteOf(
  stop: Stop,
  status: RunSummary['status'],
  message: string | undefined,
  t: ReturnType<typeof useTranslation<['run', 'parts']>>['t'],
): string {
  if (stop.person) return t('run:beam.yourTurn');
  if (stop.stage === 'ended' && stop.state !== 'idle') return t(`parts:status.${status}`);
  if (stop.again) return t('run:beam.again');
  if (stop.state !== 'idle' && stop.state !== 'done' && message !== undefined) return message.slice(0, 200);
  return t(`run:beam.state.${stop.state}`);
}
