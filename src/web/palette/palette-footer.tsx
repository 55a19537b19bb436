import { Spotlight } from '@mantine/spotlight';
import { useTranslation } from 'react-i18next';
import { Key } from '../parts/key.tsx';
import classes from './palette.module.css';

/** Which keys work in the palette. */
export function PaletteFooter() {
  const { t } = useTranslation('shell');
  return (
    <Spotlight.Footer className={classes.footer ?? ''}>
      <span>
        <Key>↑↓</Key> {t('palette.move')}
      </span>
      <span>
        <Key>↵</Key> {t('palette.open')}
      </span>
      <span>
        <Key>Esc</Key> {t('palette.close')}
      </span>
    </Spotlight.Footer>
  );
}
