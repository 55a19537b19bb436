import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Notice } from '../../contract/settings.ts';
import { get } from '../api/client.ts';
import { useMay } from '../api/me.ts';
import classes from './notice-bar.module.css';

const everyMs = 15_000;

/** What everybody is to know, above every page: the admins' notice, and that no runs are begun. */
export function NoticeBar() {
  const { t } = useTranslation('settings');
  const admin = useMay('admin');
  const { data } = useQuery({
    queryKey: ['notice'],
    queryFn: ({ signal }) => get<Notice>('/notice', undefined, signal),
    refetchInterval: everyMs,
  });
  const shown = data !== undefined && (data.notice !== '' || data.intakePaused);
  return (
    <div role="status" aria-label={t('noticeBar.label')} className={shown ? classes.bar : undefined}>
      {shown && (
        <>
          <IconInfoCircle size={16} stroke={1.75} aria-hidden="true" className={classes.icon} />
          <div className={classes.words}>
            {data.notice !== '' && <p dir="auto">{data.notice}</p>}
            {data.intakePaused && <p>{t('noticeBar.paused')}</p>}
          </div>
          {admin && <Link to="/system/settings">{t('noticeBar.settings')}</Link>}
        </>
      )}
    </div>
  );
}
