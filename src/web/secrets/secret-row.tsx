import { ActionIcon, Badge, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { inert } from '../../base/inert.ts';
import type { Secret } from '../../contract/secret.ts';
import { useMe } from '../api/me.ts';
import type { Texts } from '../locales/texts.ts';
import { Ago } from '../parts/ago.tsx';
import { menuPlace } from '../shell/menu-place.ts';
import { grantWords } from './grant-words.ts';
import classes from './secrets.module.css';

export type SecretAct = 'grant' | 'replace' | 'remove';

interface SecretRowProps {
  readonly secret: Secret;
  readonly nameOf: (userId: string) => string;
  readonly onAsk: (act: SecretAct) => void;
}

export function SecretRow({ secret, nameOf, onAsk }: SecretRowProps) {
  const { t } = useTranslation() as unknown as { t: Texts };
  const me = useMe();
  const { name, scope, owner, updatedAt, lastUsedAt, lastUsedBy } = secret;
  // Only its owner acts on a secret of a user.
  const mine = scope !== 'user' || owner === me?.userId;
  const whose =
    scope === 'repository'
      ? owner
      : scope === 'user' && !mine
        ? t('secrets:ofUser', { name: nameOf(owner) })
        : t(`secrets:scopes.${scope}`);
  return (
    <tr>
      <td className={classes.name}>
        <code title={name}>{name}</code>
      </td>
      <td data-label={t('secrets:of')} className={classes.whose}>
        <bdi>{whose}</bdi>
      </td>
      <td data-label={t('secrets:usedBy')}>
        <Grants secret={secret} />
      </td>
      <td data-label={t('secrets:used')}>
        {lastUsedAt === null ? t('secrets:never') : <Ago at={lastUsedAt} />}
        {lastUsedBy !== null && <UsedBy by={lastUsedBy} />}
      </td>
      <td data-label={t('secrets:changed')}>
        <Ago at={updatedAt} />
      </td>
      <td data-actions="">
        {mine && (
          <Menu position="bottom-end" width={200} portalProps={menuPlace}>
            <Menu.Target>
              <ActionIcon variant="subtle" size={28} aria-label={t('secrets:actionsOf', { name })}>
                <IconDots size={16} stroke={1.75} aria-hidden="true" />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => onAsk('grant')}>{t('secrets:grant')}</Menu.Item>
              <Menu.Item onClick={() => onAsk('replace')}>{t('secrets:replace')}</Menu.Item>
              <Menu.Divider />
              <Menu.Item color="bad" onClick={() => onAsk('remove')}>
                {t('secrets:remove')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </td>
    </tr>
  );
}

function Grants({ secret: { scope, owner, grants } }: { secret: Secret }) {
  const { t } = useTranslation() as unknown as { t: Texts };
  if (scope === 'repository')
    return <Badge className={classes.grant}>{t('secrets:runsOn', { name: inert(owner) })}</Badge>;
  if (grants.length === 0) return <span className={classes.none}>{t('secrets:noRun')}</span>;
  return (
    <span className={classes.grants}>
      {grants.map((grant) => {
        const words = grantWords(t, grant, scope);
        return (
          <Badge key={words} className={classes.grant} title={words}>
            {words}
          </Badge>
        );
      })}
    </span>
  );
}

const runId = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

function UsedBy({ by }: { by: string }) {
  if (!runId.test(by)) return <div className={classes.by}>{inert(by)}</div>;
  return (
    <div className={classes.by}>
      <Link to="/runs/$runId" params={{ runId: by }}>
        {by.slice(0, 8)}…{by.slice(-6)}
      </Link>
    </div>
  );
}
