import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './notice.module.css';
import type { LinkProblem } from './program-link.ts';
import type { Playground } from './state/use-playground.ts';

const undoMs = 8000;

/** What was just done and can be taken back, and what is wrong with the link that was followed. */
export function Notice({
  playground,
  linkProblem,
}: {
  playground: Playground;
  linkProblem: LinkProblem | undefined;
}) {
  const { t } = useTranslation('playground');
  const { state, dispatch } = playground;
  const { undo } = state;
  useEffect(() => {
    if (!undo || undo.key === 'undo.loaded') return undefined;
    const timer = window.setTimeout(() => dispatch({ type: 'settle' }), undoMs);
    return () => window.clearTimeout(timer);
  }, [dispatch, undo]);
  return (
    <>
      {linkProblem !== undefined && (
        <div className={classes.notice} data-tone="bad" role="alert">
          <IconAlertTriangle size={16} stroke={1.75} aria-hidden="true" />
          <span>{t(`link.${linkProblem}`)}</span>
        </div>
      )}
      <div role="status" className={undo ? classes.notice : 'g-hidden'}>
        {undo && (
          <>
            <span className={classes.words}>{t(undo.key, { name: undo.name })}</span>
            <Button size="compact-sm" variant="default" onClick={() => dispatch({ type: 'undo' })}>
              {t('undo.action')}
            </Button>
            <Button size="compact-sm" variant="subtle" onClick={() => dispatch({ type: 'settle' })}>
              {t('undo.dismiss')}
            </Button>
          </>
        )}
      </div>
    </>
  );
}
