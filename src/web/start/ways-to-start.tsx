import { IconApi, IconPrompt } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { webCapabilities } from '../capabilities.ts';
import type { Texts } from '../locales/texts.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import classes from './start-page.module.css';

/** Every way to start work: what has pages, the command line, and HTTP. */
export function WaysToStart() {
  const { t } = useTranslation() as unknown as { t: Texts };
  const command = t('start:ways.cliCommand');
  const http = `curl ${location.origin}/api/v1/executions -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' -d '{"language": "python", "files": [{"name": "main.py", "content": "print(6 * 7)"}]}'`;
  return (
    <section className={classes.section}>
      <h2>{t('start:ways.title')}</h2>
      <div className={classes.ways}>
        {webCapabilities.map(
          ({ name, icon: Icon, nav }) =>
            nav && (
              <div key={name} className={classes.way}>
                <Icon size={16} stroke={1.75} aria-hidden="true" />
                <strong>
                  <Link to={nav.path}>{nav.start(t)}</Link>
                </strong>
                {nav.about?.(t)}
              </div>
            ),
        )}
        <div className={classes.way}>
          <IconPrompt size={16} stroke={1.75} aria-hidden="true" />
          <strong>{t('start:ways.cli')}</strong>
          {t('start:ways.cliText')}
          <div className={classes.command}>
            <code>{command}</code>
            <CopyButton text={command} what={t('start:ways.cli')} />
          </div>
        </div>
        <div className={classes.way}>
          <IconApi size={16} stroke={1.75} aria-hidden="true" />
          <strong>{t('start:ways.http')}</strong>
          <span>
            {t('start:ways.httpText')} <Link to="/account">{t('start:ways.key')}</Link>
          </span>
          <div className={classes.command}>
            <code>POST /api/v1/executions</code>
            <CopyButton text={http} what={t('start:ways.http')} />
          </div>
        </div>
      </div>
    </section>
  );
}
