import { useTranslation } from 'react-i18next';
import { ageText } from '../format/duration.ts';
import { exactTime, shortTime } from '../format/time.ts';
import { useNow } from '../live/clock.ts';

const dayMs = 86_400_000;

/** "4 min ago" up to a day, then the date; the exact time on hover. */
export function Ago({ at }: { at: string }) {
  const { t } = useTranslation('parts');
  const age = useNow() - Date.parse(at);
  const words =
    age < 5000 ? t('justNow') : age < dayMs ? t('ago', { duration: ageText(age) }) : shortTime(at);
  return (
    <time dateTime={at} title={exactTime(at)}>
      {words}
    </time>
  );
}
