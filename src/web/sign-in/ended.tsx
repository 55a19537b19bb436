import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import classes from './form.module.css';
import { Heading } from './heading.tsx';

interface EndedProps {
  readonly title: string;
  readonly text: string;
  /** How to come by another one. */
  readonly command?: string;
}

/** A link that leads no further, and what to do. */
export function Ended({ title, text, command }: EndedProps) {
  const { t } = useTranslation('signIn');
  return (
    <>
      <Heading title={title}>{text}</Heading>
      {command !== undefined && (
        <p className={classes.note}>
          {t('linkEnded.how')} <code>{command}</code>
        </p>
      )}
      <div>
        <Button component={Link} to="/sign-in" size="md">
          {t('linkEnded.signIn')}
        </Button>
      </div>
    </>
  );
}
