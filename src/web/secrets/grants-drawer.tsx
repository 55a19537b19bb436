import { Button, Drawer } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Secret, SecretGrant } from '../../contract/secret.ts';
import { post } from '../api/client.ts';
import type { Texts } from '../locales/texts.ts';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { GrantForm } from './grant-form.tsx';
import { grantWords } from './grant-words.ts';
import { secretPath } from './secret-queries.ts';
import classes from './secrets.module.css';

/** Which runs may use a secret: those that are let, one by one, and a form to let more. */
export function GrantsDrawer({ secret, onClose }: { secret: Secret | undefined; onClose: () => void }) {
  const { t } = useTranslation('secrets');
  return (
    <Drawer
      opened={secret !== undefined}
      onClose={onClose}
      title={secret ? t('grants.title', { name: secret.name }) : ''}
      size={440}
    >
      {secret && <Grants secret={secret} />}
    </Drawer>
  );
}

function Grants({ secret }: { secret: Secret }) {
  const { t } = useTranslation() as unknown as { t: Texts };
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: ({ act, grant }: { act: 'grant' | 'revoke'; grant: SecretGrant }) =>
      post<Secret>(secretPath(secret, `/${act}`), { grant }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['secrets'] }),
  });
  const { scope, grants } = secret;
  if (scope === 'repository') return <p className={classes.note}>{t('secrets:grants.textRepository')}</p>;
  return (
    <>
      <p className={classes.note}>{t(scope === 'user' ? 'secrets:grants.textOwn' : 'secrets:grants.text')}</p>
      {change.error && <ErrorPanel error={change.error} />}
      {grants.length === 0 && <p className={classes.note}>{t('secrets:grants.none')}</p>}
      {grants.length > 0 && (
        <ul className={classes.list}>
          {grants.map((grant) => {
            const words = grantWords(t, grant, scope);
            return (
              <li key={words} className={classes.item}>
                <span>{words}</span>
                <Button
                  size="compact-sm"
                  variant="subtle"
                  color="bad"
                  aria-label={t('secrets:grants.revokeOf', { words })}
                  onClick={() => change.mutate({ act: 'revoke', grant })}
                >
                  {t('secrets:grants.revoke')}
                </Button>
              </li>
            );
          })}
        </ul>
      )}
      <GrantForm busy={change.isPending} onGrant={(grant) => change.mutate({ act: 'grant', grant })} />
    </>
  );
}
