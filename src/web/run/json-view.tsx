import { useTranslation } from 'react-i18next';
import { inertLines } from '../../base/inert.ts';
import { countText } from '../format/amount.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import classes from './json-view.module.css';

const mostShown = 100_000;

/** Any value as JSON, inert, to read and to copy. */
export function JsonView({ value, name }: { value: unknown; name: string }) {
  const { t } = useTranslation('run');
  const text = JSON.stringify(value, null, 2) ?? 'null';
  return (
    <div className={classes.view}>
      <pre tabIndex={0} role="region" aria-label={name} className={classes.text}>
        {inertLines(text.slice(0, mostShown))}
      </pre>
      <div className={classes.foot}>
        <CopyButton text={text} label={t('result.copy')} />
        {text.length > mostShown && (
          <span>{t('result.tooLong', { shown: countText(mostShown), all: countText(text.length) })}</span>
        )}
      </div>
    </div>
  );
}
