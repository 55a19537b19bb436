import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../../web/api/me.ts';
import { ErrorPanel } from '../../../web/parts/error-panel.tsx';
import { Page } from '../../../web/parts/page.tsx';
import { CodeDialog } from './dialogs/code-dialog.tsx';
import { LimitsDrawer } from './dialogs/limits-drawer.tsx';
import { EditorCard } from './editor/editor-card.tsx';
import { Notice } from './notice.tsx';
import { OutputCard } from './output/output-card.tsx';
import { useExecution } from './output/use-execution.ts';
import classes from './playground-page.module.css';
import { ScriptsDrawer } from './scripts/scripts-drawer.tsx';
import { addressKey } from './state/address.ts';
import { loadRun } from './state/load-run.ts';
import { useRunKey } from './state/use-run-key.ts';
import { useAddress, useLoading } from './state/use-address.ts';
import { usePlayground } from './state/use-playground.ts';
import { useStart } from './state/use-start.ts';
import { Toolbar, type PlaygroundDialog } from './toolbar.tsx';

/** Write a program, run it, see what it does. */
export default function PlaygroundPage() {
  const { t } = useTranslation('playground');
  const navigate = useNavigate();
  const address = useAddress();
  const playground = usePlayground();
  const loaded = useLoading(address, playground, t('link.program'));
  const execution = useExecution(address.run);
  const mayRun = useMay('member');
  const [dialog, setDialog] = useState<PlaygroundDialog>();
  const { state, dispatch } = playground;
  const starting = useStart(state.draft, dispatch, (run) => {
    dispatch({ type: 'shown', shown: addressKey({ run }) });
    void navigate({ to: '/playground', search: { run }, replace: true });
  });
  const reload = () => {
    const load = execution.run && loadRun(execution.run);
    if (load) dispatch(load);
  };
  const run = mayRun ? starting.start : undefined;
  useRunKey(run);
  const close = () => setDialog(undefined);
  return (
    <Page
      title={t('title')}
      lead={mayRun ? t('lead') : t('leadViewer')}
      actions={<Toolbar playground={playground} busy={starting.busy} onRun={run} onOpen={setDialog} />}
    >
      <Notice playground={playground} linkProblem={loaded.linkProblem} />
      {loaded.error !== null && <ErrorPanel error={loaded.error} title={t('loadFailed')} />}
      <div className={classes.split}>
        <EditorCard playground={playground} onSave={() => setDialog('scripts')} />
        <OutputCard execution={execution} starting={starting} mayRun={mayRun} onReload={reload} />
      </div>
      <LimitsDrawer opened={dialog === 'limits'} onClose={close} playground={playground} />
      <ScriptsDrawer opened={dialog === 'scripts'} onClose={close} playground={playground} />
      <CodeDialog opened={dialog === 'code'} onClose={close} draft={state.draft} />
    </Page>
  );
}
