import { IconCheck, IconCircleDashed } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { inert } from '../../base/inert.ts';

import type { ModelProviderState } from '../../contract/model.ts';
import { useMay } from '../api/me.ts';
import { Card } from '../parts/card.tsx';
import { CodeText } from '../parts/code-text.tsx';
import { StatusWord } from '../parts/status.tsx';
import { Table } from '../parts/table.tsx';
import classes from './models.module.css';
import { providerNames } from './provider-names.ts';

const icon = { size: 14, stroke: 2.1, 'aria-hidden': true } as const;

/** Who can be asked, and what is missing for the others. */
export function ProvidersCard({ providers }: { providers: readonly ModelProviderState[] }) {
  const { t } = useTranslation('models');
  const isAdmin = useMay('admin');
  const nameOf = (name: string) => {
    const known = providerNames.find((each) => each === name);
    return known ? t(`providers.names.${known}`) : inert(name);
  };
  const head = (
    <tr>
      <th>{t('providers.name')}</th>
      <th>{t('providers.state')}</th>
      {isAdmin && <th>{t('providers.from')}</th>}
      {isAdmin && <th>{t('providers.address')}</th>}
    </tr>
  );
  return (
    <Card title={t('providers.title')} flush>
      <Table name={t('providers.title')} head={head} folds>
        {providers.map(({ provider, configured, keyFrom, baseUrl, remedy }) => (
          <tr key={provider}>
            <td className={classes.name}>{nameOf(provider)}</td>
            <td className={classes.state}>
              <StatusWord
                tone={configured ? 'ok' : 'idle'}
                icon={configured ? <IconCheck {...icon} /> : <IconCircleDashed {...icon} />}
              >
                {t(configured ? 'providers.ready' : 'providers.missing')}
              </StatusWord>
              {remedy !== null && (
                <p className={classes.why}>
                  <CodeText text={inert(remedy)} />
                </p>
              )}
            </td>
            {isAdmin && (
              <td data-label={t('providers.from')}>
                {keyFrom === null ? (
                  '–'
                ) : keyFrom === 'secret' ? (
                  t('providers.secret')
                ) : (
                  <code>{keyFrom}</code>
                )}
              </td>
            )}
            {isAdmin && (
              <td data-label={t('providers.address')} className={classes.address}>
                {baseUrl === null ? t('providers.usual') : <code>{inert(baseUrl)}</code>}
              </td>
            )}
          </tr>
        ))}
      </Table>
    </Card>
  );
}
