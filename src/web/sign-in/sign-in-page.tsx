import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { meQuery } from '../api/me.ts';
import { Drawing } from '../parts/drawing.tsx';
import { enter } from './auth-client.ts';
import { EntryLayout } from './entry-layout.tsx';
import classes from './form.module.css';
import { Heading } from './heading.tsx';
import { returnPath } from './return-path.ts';
import { SignInForm } from './sign-in-form.tsx';
import { useInstance } from './use-instance.ts';

/** `/sign-in?to=/where/one/wanted`. */
export default function SignInPage() {
  const { t } = useTranslation('signIn');
  const { data: instance } = useInstance();
  const { data: me } = useQuery({ ...meQuery, retry: false });
  const back = returnPath(location.search, location.origin) + location.hash;
  useEffect(() => {
    if (me !== undefined) enter(back);
  }, [me, back]);
  const aside = (
    <>
      <Drawing />
      <p className={classes.about}>{t('about')}</p>
    </>
  );
  return (
    <EntryLayout asideName={t('aside')} aside={aside}>
      <Heading title={t('title')}>{t('lead')}</Heading>
      {instance?.hasAdmin === false && (
        <section className={classes.hint}>
          <h2>{t('noAdmin.title')}</h2>
          <p className={classes.note}>
            {t('noAdmin.text')} <code>gantry users link</code>
          </p>
        </section>
      )}
      <SignInForm onDone={() => enter(back)} />
      {instance?.openRegistration && (
        <p className={classes.note}>
          {t('register')} <Link to="/join">{t('registerLink')}</Link>
        </p>
      )}
      <p className={classes.note}>
        {t('forgot')} <code>gantry users link</code>
      </p>
    </EntryLayout>
  );
}
