import { Modal, Tabs } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../../../web/parts/copy-button.tsx';
import { inputOf, type Draft } from '../draft.ts';
import { snippetKinds, snippetOf } from '../snippets/snippets.ts';
import classes from './code-dialog.module.css';

interface CodeDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly draft: Draft;
}

/** The same call as code. The key is never in it. */
export function CodeDialog({ opened, onClose, draft }: CodeDialogProps) {
  const { t } = useTranslation('playground');
  return (
    <Modal opened={opened} onClose={onClose} title={t('code.title')} size={760}>
      {opened && <Snippets draft={draft} />}
      <p className={classes.note}>{t('code.note')}</p>
    </Modal>
  );
}

function Snippets({ draft }: { draft: Draft }) {
  const { t } = useTranslation('playground');
  const input = inputOf(draft);
  if (input === undefined) return <p>{t('code.unclosed')}</p>;
  return (
    <Tabs defaultValue="curl">
      <Tabs.List>
        {snippetKinds.map((kind) => (
          <Tabs.Tab key={kind} value={kind}>
            {t(`code.${kind}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {snippetKinds.map((kind) => {
        const text = snippetOf(kind, location.origin, input);
        return (
          <Tabs.Panel key={kind} value={kind}>
            <div className={classes.bar}>
              <CopyButton text={text} label={t('code.copy')} />
            </div>
            <pre className={classes.code} tabIndex={0} role="region" aria-label={t(`code.${kind}`)}>
              {text}
            </pre>
          </Tabs.Panel>
        );
      })}
    </Tabs>
  );
}
