import { useTranslation } from 'react-i18next';
import { Brand } from './brand.tsx';
import type { Me } from '../api/me.ts';
import { NewRun } from './new-run.tsx';
import { SearchButton } from './search-button.tsx';
import classes from './top-bar.module.css';

/** Narrow screens: a nav, not a header, because a drawer brings a header of its own. */
export function TopBar({ me, onSearch }: { me: Me; onSearch: () => void }) {
  const { t } = useTranslation('shell');
  return (
    <nav aria-label={t('topBar')} className={classes.bar}>
      <Brand />
      <div className={classes.acts}>
        <SearchButton onSearch={onSearch} small />
        <NewRun me={me} small />
      </div>
    </nav>
  );
}
