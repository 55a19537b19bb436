import { useTranslation } from 'react-i18next';
import { Key } from '../parts/key.tsx';
import classes from './inbox-page.module.css';

/** The keys of this page, where there is a keyboard. */
export function KeyHints() {
  const { t } = useTranslation('inbox');
  return (
    <div className={classes.hints}>
      <span>
        <Key>J</Key> <Key>K</Key> {t('keys.move')}
      </span>
      <span>
        <Key>A</Key> {t('keys.approve')}
      </span>
      <span>
        <Key>E</Key> {t('keys.put')}
      </span>
    </div>
  );
}
