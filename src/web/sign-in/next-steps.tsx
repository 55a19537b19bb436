import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Readiness } from '../../contract/instance.ts';
import { StatusWord } from '../parts/status.tsx';
import classes from './next-steps.module.css';

const icon = { size: 14, stroke: 2.1, 'aria-hidden': true } as const;

/** What comes after the owner account, and what the server has found ready. */
export function NextSteps({ ready }: { ready: Readiness | null }) {
  const { t } = useTranslation('signIn');
  const steps = [
    { name: t('next.owner'), text: t('next.ownerText') },
    { name: t('next.run'), text: t('next.runText') },
    { name: t('next.invite'), text: t('next.inviteText') },
    { name: t('next.key'), text: t('next.keyText') },
  ];
  return (
    <>
      <h2>{t('next.title')}</h2>
      <ol className={classes.steps}>
        {steps.map(({ name, text }, index) => (
          <li key={name} aria-current={index === 0 ? 'step' : undefined}>
            <span className={classes.number} aria-hidden="true">
              {index + 1}
            </span>
            <div>
              <p className={classes.name}>{name}</p>
              <p className={classes.text}>{text}</p>
            </div>
          </li>
        ))}
      </ol>
      {ready && <Checks ready={ready} />}
    </>
  );
}

function Checks({ ready: { database, sandbox } }: { ready: Readiness }) {
  const { t } = useTranslation('signIn');
  return (
    <ul className={classes.checks} aria-label={t('next.checks')}>
      <li>
        <StatusWord tone="ok" icon={<IconCheck {...icon} />}>
          {t('next.ready')}
        </StatusWord>
        {t('next.database', { version: database.version, kind: t(`next.kinds.${database.kind}`) })}
      </li>
      {sandbox && <SandboxCheck sandbox={sandbox} />}
    </ul>
  );
}

function SandboxCheck({ sandbox }: { sandbox: NonNullable<Readiness['sandbox']> }) {
  const { t } = useTranslation('signIn');
  const whole = sandbox.passed === sandbox.probes;
  return (
    <>
      <li>
        <StatusWord
          tone={whole ? 'ok' : 'idle'}
          icon={whole ? <IconCheck {...icon} /> : <IconAlertTriangle {...icon} />}
        >
          {t(whole ? 'next.ready' : 'next.gap')}
        </StatusWord>
        {t('next.sandbox', sandbox)}
      </li>
      {sandbox.gaps.map(({ what, remedy }) => (
        <li key={what} className={classes.gap}>
          {what} {remedy}
        </li>
      ))}
    </>
  );
}
