import { useTranslation } from 'react-i18next';
import { formatBytes } from '../../../../base/format-bytes.ts';
import type { DraftFile } from '../draft.ts';
import classes from './editor-card.module.css';

/** A file that no editor shows; it goes to the program byte for byte. */
export function BinaryFile({ file }: { file: DraftFile }) {
  const { t } = useTranslation('playground');
  const padding = /=*$/.exec(file.content)?.[0].length ?? 0;
  const bytes = (file.content.length / 4) * 3 - padding;
  return (
    <div className={classes.pane}>
      <p>{t('editor.binary', { size: formatBytes(bytes) })}</p>
    </div>
  );
}
