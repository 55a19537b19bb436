import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { inert } from '../../base/inert.ts';
import type { RunSummary } from '../../contract/run.ts';
import { webCapability } from '../capabilities.ts';
import type { Texts } from '../locales/texts.ts';

/** The way back to where runs like this one are listed, what it works on, and its short name. */
export function RunCrumbs({ run }: { run: RunSummary }) {
  const { t } = useTranslation() as unknown as { t: Texts };
  const capability = webCapability(run.capability);
  const { nav } = capability ?? {};
  return (
    <>
      {nav?.lists ? <Link to={nav.path}>{nav.label(t)}</Link> : <Link to="/runs">{t('run:crumbRuns')}</Link>}
      <Slash />
      {nav?.lists && run.repository !== null ? (
        <bdi>{inert(run.repository.slice(0, 100))}</bdi>
      ) : (
        <span>{capability?.kind(t) ?? run.capability}</span>
      )}
      <Slash />
      <span>{t('run:crumb', { id: run.id.slice(-6) })}</span>
    </>
  );
}

function Slash() {
  return <span aria-hidden="true">/</span>;
}
