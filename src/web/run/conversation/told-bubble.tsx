import { useTranslation } from 'react-i18next';
import type { ToldMessage } from '../../../contract/run-conversation.ts';
import { clockTime, exactTime } from '../../format/time.ts';
import classes from './conversation.module.css';

/** What a person wrote to the run. */
export function ToldBubble({ message, nameOf }: { message: ToldMessage; nameOf: (id: string) => string }) {
  const { t } = useTranslation('run');
  const { by, at, text } = message;
  return (
    <li className={classes.told}>
      <p className={classes.teller}>
        <bdi>{by === null ? t('conversation.somebody') : nameOf(by)}</bdi>{' '}
        <time dateTime={at} title={exactTime(at)}>
          {clockTime(at)}
        </time>
      </p>
      <p className={classes.plain}>{text.slice(0, 10_000)}</p>
    </li>
  );
}
